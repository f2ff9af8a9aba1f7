"""The cost statement of the worked example, by hand, on both engines."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from readout.briefs.book import Book, open_book
from readout.briefs.costs import cost_statement, cost_statements
from readout.periods import Window
from readout.portfolio import Portfolio
from tests.contract.worked import example_portfolio, example_rows, prepare, reading, refreshed

D = Decimal
CLOCK_CHANGE = Window(date(2026, 3, 28), date(2026, 3, 30))


def in_euros(**more: object) -> Portfolio:
    found = example_portfolio()
    return replace(found, organisation=found.organisation.model_copy(update={"reporting_currency": "EUR", **more}))


@pytest.fixture
def book(engine_url: str) -> Iterator[Book]:
    settings = prepare(engine_url, example_rows())
    portfolio = in_euros()
    refreshed(settings, portfolio)
    with reading(settings) as warehouse:
        yield open_book(warehouse, portfolio, settings)


def test_the_worked_example_by_hand(book: Book) -> None:
    """The weekend of 28 March. desk: d2 costs 0.0035; d3's escalation 1.2; its cluster 9.5 − 1.

    Of the platform's 40 for two days, 20 fall on Sunday, in the fiscal month to 29 March, in which desk had 4 tasks and
    lab 1. lab's half dollar is converted at Friday's 0.9. k1 states no effective cost. mill's invoice is of calls that
    carry their own cost.
    """
    found = cost_statement(book, CLOCK_CHANGE)
    assert [(column.system_id, column.kind) for column in found.columns] == [
        ("desk", "system"), ("lab", "system"), ("", "idle"), ("", "unallocated"),
    ]  # fmt: skip
    desk, lab = found.systems()
    assert {line: amount for line, amount in desk.amounts.items() if amount} == {
        "inference": D("0.0035"), "infrastructure": D("8.5"), "escalation": D("1.2"), "platform": 16,
        "evaluation": D("0.05"),
    }  # fmt: skip
    assert {line: amount for line, amount in lab.amounts.items() if amount} == {"inference": D("0.45"), "platform": 4}
    assert (desk.volume["attempted"], desk.volume["completed"], desk.volume["accepted"]) == (3, 2, 1)
    assert (desk.unit("direct"), desk.unit("fully_loaded")) == (D("8.5035"), None)
    assert desk.reason("fully_loaded") == "1 of 1 charges state no effective cost (costs.effective_cost)"
    assert lab.reason("with_people") == "not recorded: human_work.seconds"
    assert found.known("fully_loaded") == D("30.1535")
    assert found.unpriced_tasks == 1


def test_task_types_bear_what_their_system_bears(book: Book) -> None:
    """In the fiscal month desk had three tasks of faq and one of billing: the cluster and the platform go 3 : 1."""
    found = cost_statement(book, CLOCK_CHANGE, by_task_type=True)
    faq, billing = found.column("desk", "faq"), found.column("desk", "billing")
    assert faq is not None
    assert billing is not None
    assert [faq.amounts[line] for line in ("infrastructure", "platform")] == [D("6.375"), 12]
    assert [billing.amounts[line] for line in ("infrastructure", "platform")] == [D("2.125"), 4]
    only, _ = cost_statements(book, CLOCK_CHANGE, None, task_type="faq")
    assert [replace(column, wanted=0) for column in only.columns if column.system_id == "desk"] == [
        replace(faq, wanted=0)
    ]


def test_days_are_added_up_and_periods_do_not_overlap(book: Book) -> None:
    sunday = Window(date(2026, 3, 29), date(2026, 3, 30))
    saturday = Window(date(2026, 3, 28), date(2026, 3, 29))
    now, before = cost_statements(book, sunday, saturday)
    assert before is not None
    assert now.known() + before.known() == cost_statement(book, CLOCK_CHANGE).known()
    with pytest.raises(ValueError, match="overlap"):
        cost_statements(book, CLOCK_CHANGE, sunday)


def test_a_stale_rate_and_days_beyond_the_charges_are_unknown_and_not_0(book: Book) -> None:
    autumn = cost_statement(book, Window(date(2026, 10, 19), date(2026, 10, 26))).column("lab")
    assert autumn is not None
    assert "stale" in autumn.reason("inference")
    assert autumn.unknown["infrastructure"] == "charges are recorded for 2026-03-28 to 2026-03-30"


def test_rules_of_the_organisation_allocate(engine_url: str) -> None:
    """k1 has no key. With a default rule of fixed shares, the platform's known 20 still follow their own key."""
    rows = example_rows()
    rows["costs"] = [row | {"effective_cost": row["effective_cost"] or "100"} for row in rows["costs"]]
    settings, portfolio = prepare(engine_url, rows), in_euros(allocation={"default": {"desk": D(1), "mill": D(3)}})
    refreshed(settings, portfolio)
    with reading(settings) as warehouse:
        found = cost_statement(open_book(warehouse, portfolio, settings), CLOCK_CHANGE)
    desk, mill = found.column("desk"), found.column("mill")
    assert desk is not None
    assert mill is not None
    assert (desk.amounts["platform"], mill.amounts["platform"], mill.kind) == (16 + 25, 75, "pre_production")


def test_the_invoice_of_calls_is_the_inference_cost_where_no_call_has_any(engine_url: str) -> None:
    rows = example_rows()
    rows["model_calls"] = [row | {"cost_amount": "", "model": "m2"} for row in rows["model_calls"]]
    settings, portfolio = prepare(engine_url, rows), in_euros()
    refreshed(settings, portfolio)
    with reading(settings) as warehouse:
        found = cost_statement(open_book(warehouse, portfolio, settings), Window(date(2026, 3, 30), date(2026, 3, 31)))
    mill = found.column("mill")
    assert mill is not None
    assert (mill.amounts["inference"], mill.reason("inference")) == (D("1.25") * D("0.8"), "")
