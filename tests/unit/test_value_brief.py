"""The value page is told from what was recorded, posted and registered: three lines, each with its proof."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from readout.briefs import Book, open_book, value_brief, value_csv, value_trial
from readout.briefs.results import Scope
from readout.briefs.results_value import Assumptions, ValueBrief
from readout.portfolio import Organisation, Portfolio, System
from readout.words import value_claims as said
from tests.contract.worked import prepare, reading, refreshed

INGESTED = "2026-04-02T06:00:00"
BUREAU = "4630 Bureau"
SIGNED = {"signed_by": "Head of Desk", "signed_on": "2026-03-02"}
CLAIM = {"what": "no bureau", "account": BUREAU, "month": "2026-02", "monthly_before": 100, "monthly_now": 40, **SIGNED}
VALUE: dict[str, Any] = {
    "investments": [{"what": "Build", "amount": 60, "on": "2025-12-10"}],
    "cash_effects": [CLAIM, {"what": "less overtime", "monthly_before": 9, "monthly_now": 1}],
    "cost_avoided": [
        {"what": "a second scanner", "plan": "REQ-7", "amount": 8400, "lower": 7600, "upper": 9100,
         "approved_by": "CFO", "approved_on": "2025-09-08", "cancelled_on": "2026-02-24"},
        {"what": "a third scanner", "plan": "REQ-8", "amount": 500},
    ],
    "capacity": {"redeployed_to": "call-backs"},
}  # fmt: skip
DESK = {"id": "desk", "name": "Desk", "unit_of_work": "ticket", "owners": {"business": "Head of Desk"},
        "modules": ["reader", "review"], "value": VALUE}  # fmt: skip
LAB = {"id": "lab", "name": "Lab", "unit_of_work": "scan", "modules": ["review"],
       "value": {"cash_effects": [{**CLAIM, "what": "the same bureau", "signed_on": "2026-03-03"}]}}  # fmt: skip


def tasks(month: int, by_ai: int, seconds: int) -> Iterator[dict[str, Any]]:
    """Ten tickets of a month of 2026, so many of them by AI, each so long in hand."""
    for number in range(10):
        created = datetime(2026, month, 1 + number, 9)
        yield {
            "system_id": "desk", "task_id": f"t{month}-{number}", "created_at": created.isoformat(),
            "completed_at": (created + timedelta(hours=1)).isoformat(), "status": "completed", "outcome": "resolved",
            "arm": "ai_auto" if number < by_ai else "human", "handling_seconds": str(seconds), "ingested_at": INGESTED,
        }  # fmt: skip


def posted(account: str, month: date, amount: int) -> dict[str, Any]:
    return {"account": account, "month": month.isoformat(), "amount": str(amount), "currency": "EUR"}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Desk: live since 5 January with half of the load; February within it, March with 8 of 10 tickets by AI."""
    baseline = {
        "system_id": "desk", "n": "100", "sd": "100", "unit": "s", "period_from": "2025-10-01",
        "period_to": "2025-12-01", "method": "time study", "approved_by": "Finance", "approved_on": "2025-12-15",
    }  # fmt: skip
    since = [
        date(2025, 10, 1),
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]
    return {
        "tasks": [*tasks(1, 0, 600), *tasks(2, 5, 300), *tasks(3, 8, 420), *list(tasks(4, 0, 600))[:1]],
        "baselines": [
            {**baseline, "metric": "handling_seconds", "value": "600"},
            {**baseline, "metric": "monthly_volume", "value": "100", "n": "3", "sd": "6", "unit": "tasks"},
        ],
        "stage_changes": [
            {"system_id": "desk", "stage": "shadow", "load_share": "0", "effective_at": "2025-12-01T00:00:00"},
            {"system_id": "desk", "stage": "assisted", "load_share": "0.5", "effective_at": "2026-01-05T00:00:00"},
            {"system_id": "lab", "stage": "shadow", "load_share": "0", "effective_at": "2025-12-01T00:00:00"},
        ],
        "ledger": [posted(BUREAU, month, 100 if month < date(2026, 2, 1) else 40) for month in since],
        "costs": [
            {
                "charge_id": f"h{month}", "system_id": "desk", "component": component,
                "charge_start": f"2026-{month:02}-01T00:00:00", "charge_end": f"2026-{month + 1:02}-01T00:00:00",
                "billed_cost": "10", "effective_cost": "10", "currency": "EUR", "source": source, "load_id": "l",
                "ingested_at": INGESTED,
            }
            for month in (1, 2, 3)
            for component, source in (("infrastructure", "cloud"), ("build", "books"))
        ],
    }  # fmt: skip


@contextmanager
def opened(folder: Path, found: dict[str, list[dict[str, Any]]], *systems: dict[str, Any]) -> Iterator[Book]:
    settings = prepare(f"duckdb:///{folder / 'w.duckdb'}", found)
    known = {one["id"]: System.model_validate(one) for one in systems}
    registry = Portfolio(Organisation(name="Acme", reporting_currency="EUR"), known)
    refreshed(settings, registry)
    with reading(settings) as warehouse:
        yield open_book(warehouse, registry, settings)


def brief_of(folder: Path, found: dict[str, list[dict[str, Any]]], *systems: dict[str, Any]) -> ValueBrief:
    with opened(folder, found, *systems) as book:
        return value_brief(book, Scope())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> ValueBrief:
    return brief_of(tmp_path_factory.mktemp("value"), rows(), DESK, LAB)


def claims(brief: ValueBrief, line: Any) -> dict[str, Any]:
    return {claim.what or claim.system_id: claim for claim in brief.of(line)}


def test_each_line_counts_what_is_proven_and_nothing_else(whole):
    assert whole.cash == {"EUR": Decimal(120)}  # two months of 60
    assert whole.avoided == {"EUR": Decimal(8400)}
    assert whole.hours == pytest.approx((300 * 10 + 180 * 7) / 3600)  # in March, 3 of 10 are beyond the half allowed
    assert not [name for name in dir(whole) if "sum" in name]


def test_a_claim_says_what_it_rests_on_and_what_it_lacks(whole):
    cash, avoided, capacity = (claims(whole, line) for line in ("cash", "avoided", "capacity"))
    assert (cash["no bureau"].grade, cash["no bureau"].owner, cash["no bureau"].lacking) == ("B", "Head of Desk", ())
    assert (cash["no bureau"].start, cash["no bureau"].end) == (date(2026, 2, 1), date(2026, 4, 1))
    assert cash["less overtime"].lacking == ("account", "month", "signed_by")
    assert (cash["the same bureau"].lacking, cash["the same bureau"].reason) == (("claimed_before",), "Desk")
    assert (avoided["a second scanner"].lower, avoided["a second scanner"].upper) == (7600, 9100)
    assert avoided["a third scanner"].lacking == ("approved_on", "cancelled_on")
    desk = capacity["desk"]
    assert (desk.grade, desk.lacking, desk.used_for) == ("B", (), "call-backs")
    assert desk.baseline.signed_on == date(2025, 12, 15)
    assert desk.lower < desk.amount < desk.upper
    assert desk.lever.name == "minutes_before"
    assert capacity["lab"].amount is None


def test_the_case_is_cash_only_and_leaves_amortisation_out(whole):
    desk = next(one for one in whole.systems if one.system_id == "desk")
    case = desk.appraisal.case
    assert case
    assert whole.total.case
    assert (case.cash, case.running) == ((0, 60, 60), (10, 10, 10))
    assert case.payback == Decimal("2.4")
    assert whole.total.case.cumulative == (-60, -70, -20, 30)
    lab = next(one for one in whole.systems if one.system_id == "lab")
    assert lab.appraisal.reason == "no investment is registered"


def test_modules_that_an_earlier_launch_uses_are_found_in_production(whole):
    assert [(one.system_id, one.live_on, one.reused) for one in whole.by_launch] == [
        ("desk", date(2026, 1, 5), ()), ("lab", None, ()),
    ]  # fmt: skip
    assert whole.module_uses == {"reader": 1, "review": 1}
    assert [(one.month, one.assisted) for one in whole.stages] == [
        (date(2026, month, 1), 1) for month in (1, 2, 3)
    ]  # fmt: skip


def test_a_readers_assumptions_change_what_is_tried_and_not_what_stands(whole):
    desk = next(one for one in whole.systems if one.system_id == "desk")
    trial = value_trial(desk, Assumptions(seconds_before=660, share=0.5, cash=Decimal(0), annual_rate=Decimal("0.08")))
    assert trial.hours_now == whole.hours
    assert trial.case
    assert trial.case_now
    assert trial.hours == pytest.approx((whole.hours + 60 * 17 / 3600) / 2)
    assert (trial.case.flows[:4], trial.case.flows[4]) == (trial.case_now.flows[:4], -10)
    assert trial.case_now.npv is None
    assert trial.case.npv is not None
    assert trial.case.npv < 0
    assert trial.hour_levers[0].name == "minutes_before"
    assert all(one.swing >= other.swing for one, other in zip(trial.cash_levers, trial.cash_levers[1:], strict=False))
    assert value_trial(desk, Assumptions()).hours == pytest.approx(trial.hours_now)


def test_the_file_adds_up_to_its_control_totals_line_by_line(whole):
    lines = list(csv.reader(StringIO(value_csv(whole))))
    head = {line[0]: line[1] for line in lines if len(line) == 2}
    start = next(place for place, line in enumerate(lines) if line[:1] == ["line"])
    table = [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 : lines.index([], start)]]
    for line, total in (("cash", "cash effect EUR"), ("avoided", "cost avoided EUR"), ("capacity", "capacity hours")):
        own = [Decimal(one["amount"]) for one in table if one["line"] == line and one["counts"] == "yes"]
        assert sum(own) == pytest.approx(Decimal(head[f"control total {total}"]))
        assert head[f"claims in the sum of {line}"] == str(len(own))
    assert len(table) == len(whole.claims)
    assert "never" not in head


def test_without_a_ledger_no_cash_is_confirmed(tmp_path):
    found = rows()
    del found["ledger"]
    brief = brief_of(tmp_path, found, DESK)
    assert brief.cash == {}
    assert claims(brief, "cash")["no bureau"].lacking == ("no_ledger",)
    assert "no cash effect is confirmed: no ledger is loaded" in brief.finding.sentence
    case = brief.systems[0].appraisal.case
    assert case
    assert case.cash == (0, 0, 0)


def test_without_baseline_and_value_block_nothing_is_claimed_and_nothing_is_zero(tmp_path):
    found = rows()
    del found["baselines"]
    brief = brief_of(tmp_path, found, {name: value for name, value in DESK.items() if name != "value"})
    (claim,) = brief.claims
    assert (claim.amount, claim.reason) == (None, "no baseline of handling time")
    assert {"block", "baseline"} <= set(claim.lacking)
    assert brief.hours is None
    assert brief.finding.sentence == (
        "Desk: hours of capacity cannot be said, no baseline of handling time; no cash effect is claimed."
    )
    assert said.NOT_DESCRIBED in said.unclaimed(brief)


def test_a_baseline_signed_after_the_launch_makes_it_grade_c(tmp_path):
    found = rows()
    found["baselines"] = [one | {"approved_on": "2026-02-01"} for one in found["baselines"]]
    claim = claims(brief_of(tmp_path, found, DESK), "capacity")["desk"]
    assert (claim.grade, claim.lacking) == ("C", ("baseline_late",))


def test_one_figure_has_one_currency(whole):
    dollars = replace(whole, cash={"EUR": Decimal(120), "USD": Decimal(7)})
    assert "cash effect to date €120.00 and $7.00" in said.finding(dollars).sentence
