"""Why cost moved: on recorded tasks, every bar by hand, nothing lost, and what cannot be explained left out by name."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from readout.briefs import Scope, bridge_brief, open_book
from readout.finance.variance import RATE_PARTS
from readout.portfolio import Organisation, Portfolio
from readout.warehouse.reader import open_warehouse
from readout.words import bridge as said
from tests.contract.worked import prepare, refreshed

NOW = datetime(2026, 3, 2)  # a Monday; the four weeks before it begin on 2 Feb
BEFORE = NOW - timedelta(weeks=4)
AS_OF = NOW + timedelta(weeks=4, days=1)
PORTFOLIO = Portfolio(Organisation(reporting_currency="EUR", accept_settle_days=0))
CLASSES = {
    "plain": ((12, "0.10"), (10, "0.09")),
    "medium": ((6, "0.50"), (7, "0.45")),
    "hard": ((2, "2.00"), (5, "1.90")),
}


def task(system, number, at, **more):
    return {
        "system_id": system, "task_id": f"{system}-{at:%d%m}-{number}", "task_type": "mail", "created_at": at,
        "completed_at": at + timedelta(minutes=1), "status": "completed", "arm": "ai_auto", "outcome": "resolved",
        "ingested_at": at + timedelta(minutes=2), **more,
    }  # fmt: skip


def tasks_of(system, at, n, cost=None, currency="EUR"):
    money = {} if cost is None else {"cost_amount": cost, "cost_currency": currency, "cost_source": "gateway"}
    return [task(system, number, at + timedelta(hours=12), **money) for number in range(n)]


def rows():
    """Three classes of work at recorded costs; one system by tokens at two prices; one in dollars; one without cost."""
    tasks, calls = [], []
    for system, sides in CLASSES.items():
        for at, (n, cost) in zip((BEFORE, NOW), sides, strict=True):
            tasks += tasks_of(system, at, n, cost)
    for at, tokens in ((BEFORE, 1_000_000), (NOW, 1_500_000)):
        made = tasks_of("tokens", at, 10)
        tasks += made
        calls += [
            {"system_id": "tokens", "call_id": f"c-{one['task_id']}", "task_id": one["task_id"], "provider": "acme",
             "model": "one", "purpose": "serve", "started_at": one["created_at"], "input_tokens": tokens,
             "output_tokens": 0, "ingested_at": one["ingested_at"]} for one in made
        ]  # fmt: skip
        tasks += tasks_of("dollars", at, 10, "1", "USD") + tasks_of("unknown", at, 3)
    tasks += tasks_of("ended", BEFORE, 4, "0.50")
    price = {"provider": "acme", "model": "one", "token_class": "input", "unit_tokens": 1_000_000, "currency": "EUR"}
    prices = [{**price, "price": 2, "valid_from": date(2026, 1, 1)}, {**price, "price": 1, "valid_from": NOW.date()}]
    rates = [
        {"rate_date": BEFORE.date() + timedelta(days=day), "from_currency": "USD", "to_currency": "EUR", "rate": rate}
        for day, rate in ((0, "1.0"), (28, "0.9"))
    ]
    return {"tasks": tasks, "model_calls": calls, "prices": prices, "fx_rates": rates}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    url = f"duckdb:///{tmp_path_factory.mktemp('bridge') / 'w.duckdb'}"
    settings = prepare(url, rows()).model_copy(update={"as_of": AS_OF})
    refreshed(settings, PORTFOLIO)
    warehouse = open_warehouse(settings)
    yield open_book(warehouse, PORTFOLIO, settings)
    warehouse.close()


def found(book, *systems, level="inference", **more):
    return bridge_brief(book, Scope(period="4w", systems=systems), level, **more)


def bars(brief):
    return {name: str(amount) for name, amount in said.bars_of(brief)}


@pytest.mark.parametrize("by_type", [True, False])
def test_every_class_got_cheaper_and_the_blend_rose_by_half(book, by_type):
    brief = found(book, *CLASSES, by_type=by_type)
    assert brief.same_way == "cheaper"
    assert [round(value, 4) for value in brief.blend] == [
        Decimal(value) for value in ("-0.0371", "0.2430", "0.4100", "0.6159")
    ]
    what = "system and task type" if by_type else "system"
    assert brief.finding.sentence.startswith(
        f"Every {what} that ran in both periods got cheaper, and the blended cost per accepted task rose by 50%"
    )
    assert brief.finding.tone == "bad"


def test_price_and_efficiency_of_calls_stand_apart(book):
    # 10 tasks of 1 M tokens at 2 became 10 tasks of 1.5 M at 1: 15 less 30 by the price, 30 less 20 by the tokens
    brief = found(book, "tokens")
    assert bars(brief) == {"price": "-15.00", "efficiency": "10.00"}
    assert brief.bridge.rate == Decimal(-5)
    assert "1.00 calls and 1,500,000 tokens a task, before 1.00 calls and 1,000,000" in said.worked(
        "efficiency", brief.bridge.rows[0], next(iter(brief.items.values())), brief
    )


def test_exchange_rates_have_a_bar_of_their_own(book):
    brief = found(book, "dollars")
    assert (brief.bridge.before, brief.bridge.after) == (10, 9)
    assert bars(brief) == {"fx": "-1.00"}


def test_what_ended_is_retired(book):
    brief = found(book, "ended", "tokens")
    assert bars(brief)["retired"] == "-2.00"


def test_a_period_without_tasks_is_said(book):
    brief = found(book, "ended")
    assert bars(brief) == {"retired": "-2.00"}
    assert "no task was accepted in this period" in brief.finding.sentence


def test_a_system_without_known_cost_is_left_out_by_name(book):
    brief = found(book)
    [gone] = brief.left_out
    assert gone.name.startswith("unknown")
    assert gone.reason.startswith("cost unknown: no price")
    assert not any(key[0] == "unknown" for key in brief.items)
    assert said.left_out(brief)[0].startswith("Unknown, mail is left out: cost unknown")


@pytest.mark.parametrize("method", ["weighted_average", "standard_mix"])
def test_lines_and_columns_add_up_to_the_cost_statement(book, method):
    brief = found(book, method=method)
    names = said.columns(brief.bridge)
    lines = said.by_system(brief, names)
    assert [sum(cells) for cells in zip(*(own for _, own in lines), strict=True)] == said.amounts(brief.bridge, names)
    for _, own in lines:
        assert own[0] + sum(own[1:-2]) == own[-2]
        assert own[-1] == sum(own[1:-2])
    assert sum(getattr(brief.bridge, name) for name in RATE_PARTS) == brief.bridge.rate
    assert said.outside(brief) == (0, 0)
    # 8.20 of the classes, 20 of tokens, 10 of dollars, 2 of what ended
    assert brief.totals[0] == sum(item.before.cost for item in brief.items.values()) == Decimal("40.20")


def test_without_a_counterpart_there_is_no_bridge(book):
    none = bridge_brief(book, Scope(period="4w", compare="none"))
    assert (none.bridge, none.reason) == (None, "no comparison is chosen, or none exists for this period")
    early = bridge_brief(book, Scope(period="4w", compare="year"))
    assert early.finding.sentence == "There is nothing to compare this period with: no prior data."
