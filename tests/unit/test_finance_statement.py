"""Accrual, allocation by month and the cost statement: worked by hand, and what must hold for any charges."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.finance import (
    LEVELS,
    LINES,
    Borne,
    Budgeted,
    Charge,
    ChargeBook,
    CostStatement,
    RunCost,
    accrued,
    budget_line,
    expected_charges,
    line_of,
    statement_of,
)
from readout.finance.accrual import cut
from readout.finance.charges import AT_IDLE, AT_NOBODY, Place
from readout.periods import Calendar, FiscalCalendar, Window

D = Decimal
OCT, NOV, DEC = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
CALENDAR = Calendar("Europe/Berlin")


def numbers(tasks: int, tokens: int = 0) -> dict[str, int]:
    return {"tasks": tasks, "completed": tasks, "accepted": tasks, "calls": 0, "tokens": tokens}


DRIVERS: dict[date, dict[Place, dict[str, int]]] = {
    OCT: {("a", "x"): numbers(60), ("a", "y"): numbers(20), ("b", ""): numbers(20, tokens=900), ("c", "x"): numbers(0)},
    NOV: {("a", "x"): numbers(10), ("b", ""): numbers(30)},
}


def charge(line: str, amount: str, start: date = OCT, end: date = NOV, **more: Any) -> Charge:
    return Charge(line, start, end, D(amount), **more)


def book(*charges: Charge, **more: Any) -> ChargeBook:
    return ChargeBook(charges, DRIVERS, CALENDAR, **more)


def amounts(borne: Borne) -> dict[tuple[Place, str], Decimal]:
    return {key: amount for key, amount in borne.amounts.items() if amount}


# worked by hand


def test_a_charge_accrues_evenly_over_its_days() -> None:
    year = (date(2026, 1, 1), date(2027, 1, 1))
    assert accrued(D(365), *year, OCT, NOV) == 31
    assert accrued(D(100), OCT, NOV, date(2026, 10, 31), NOV) == D("3.225806451613")
    assert accrued(D(7), OCT, OCT, OCT, NOV) == 7  # without a day of its own: on its first
    assert accrued(D(7), OCT, NOV, NOV, DEC) == 0


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"system_id": "a"}, {("a", ""): D(90)}),
        ({"allocation_key": "tasks"}, {("a", ""): D(72), ("b", ""): D(18)}),
        ({"allocation_key": "tokens"}, {("b", ""): D(90)}),
        ({"allocation_key": "even"}, {("a", ""): D(45), ("b", ""): D(45)}),
        ({"allocation_key": "desks"}, {("a", ""): D(30), ("z", ""): D(60)}),
        ({"allocation_key": "calls"}, {AT_NOBODY: D(90)}),
        ({"allocation_key": "what"}, {AT_NOBODY: D(90)}),
        ({}, {AT_NOBODY: D(90)}),
        ({"allocation_key": "idle"}, {AT_IDLE: D(90)}),
        ({"allocation_key": "idle", "system_id": "a"}, {AT_IDLE: D(90)}),
    ],
)
def test_a_charge_goes_where_its_key_says(given: dict[str, Any], wanted: dict[Place, Decimal]) -> None:
    """October: 80 tasks of a, 20 of b, none of c; all tokens are b's. `desks` are fixed shares, also of z, at rest."""
    borne = book(charge("platform", "90", **given), rules={"desks": {"a": D(1), "z": D(2)}}).borne(Window(OCT, NOV))
    assert amounts(borne) == {(place, "platform"): amount for place, amount in wanted.items()}


def test_shared_charges_without_a_key_follow_the_default_rule() -> None:
    borne = book(charge("platform", "50"), rules={"default": "tasks"}).borne(Window(OCT, NOV))
    assert amounts(borne) == {(("a", ""), "platform"): 40, (("b", ""), "platform"): 10}


def test_a_charge_over_two_months_is_allocated_by_the_drivers_of_each() -> None:
    """61 over 61 days: 31 in October by 80 : 20, 30 in November by 10 : 30."""
    borne = book(charge("platform", "61", OCT, DEC, allocation_key="tasks")).borne(Window(OCT, DEC))
    assert amounts(borne) == {
        (("a", ""), "platform"): D("24.8") + D("7.5"),
        (("b", ""), "platform"): D("6.2") + D("22.5"),
    }


def test_what_a_system_bears_goes_on_to_its_task_types() -> None:
    """a: 60 of x and 20 of y. c had no task: its own charge stays with the system."""
    borne = book(charge("build", "8", system_id="a"), charge("build", "5", system_id="c")).borne(
        Window(OCT, NOV), by_task_type=True
    )
    assert amounts(borne) == {(("a", "x"), "build"): 6, (("a", "y"), "build"): 2, (("c", ""), "build"): 5}


def test_a_recurring_charge_is_expected_again_until_it_is_invoiced() -> None:
    """Seen on 10 December: November and December of the platform are due. The licence ended, its source went on."""
    sep = date(2026, 9, 1)
    charges = [
        charge("platform", "90", sep, OCT, source="p"), charge("platform", "93", source="p"),
        charge("licence", "30", date(2026, 8, 1), sep, source="l"), charge("licence", "30", sep, OCT, source="l"),
        charge("licence", "9", source="l", system_id="b"),
        charge("build", "7", source="once"),
        charge("credit", "-5", sep, OCT, source="p", recurring=False),
    ]  # fmt: skip
    found = list(expected_charges(charges, date(2026, 12, 10)))
    assert [(one.line, one.start, one.end, one.amount) for one in found] == [
        ("platform", NOV, DEC, 93), ("platform", DEC, date(2027, 1, 1), 93),
    ]  # fmt: skip
    assert all(one.expected for one in found)
    late = list(expected_charges(charges, date(2027, 6, 1)))
    jan = date(2027, 1, 1)  # 62 days after October: the first of January's 31
    assert [(one.start, one.end, one.amount) for one in late] == [
        (NOV, DEC, 93), (DEC, jan, 93), (jan, date(2027, 1, 2), 3),
    ]  # fmt: skip


def test_days_without_any_charge_make_the_charged_lines_unknown() -> None:
    charges = book(charge("platform", "90", system_id="a"))
    assert charges.borne(Window(OCT, NOV)).unknown == {}
    said = "charges are recorded for 2026-10-01 to 2026-10-31"
    assert charges.borne(Window(date(2026, 9, 30), NOV)).unknown["", "infrastructure"] == said
    assert charges.borne(Window(OCT, NOV + timedelta(days=8))).unknown["", "build"] == said
    within = charges.borne(Window(OCT, NOV + timedelta(days=7)))  # a provider's own delay
    assert (within.unknown, within.note) == ({}, said)
    assert book().borne(Window(OCT, NOV)).unknown["", "platform"] == "no charges are recorded"


def test_what_a_charge_is_comes_before_what_it_is_for() -> None:
    asked = [
        ("platform", "Credit"),
        ("credit", ""),
        ("License", "Purchase"),
        ("gpu", "Usage"),
        ("inference", "Usage"),
        ("x", "Tax"),
    ]
    assert [line_of(*one) for one in asked] == ["credit", "credit", "licence", "other", "inference", "tax"]


def run(inference: str, people: str, accepted: int, unknown: dict[str, str] | None = None, wanted: int = 1) -> RunCost:
    volume = {"attempted": accepted + 2, "completed": accepted + 1, "accepted": accepted, "accepted_unaided": 1}
    own = {"inference": D(inference), "review": D(people), "evaluation": D(1)}
    return RunCost(own, volume, wanted, wanted, unknown=unknown or {})


def october(**more: Any) -> CostStatement:
    charges = book(
        charge("infrastructure", "10", system_id="a"), charge("platform", "50", allocation_key="tasks"),
        charge("build", "12", system_id="new"), charge("commitment", "3", allocation_key="idle"),
        charge("other", "2"), charge("credit", "-6", system_id="a"), charge("tax", "4"),
    )  # fmt: skip
    own = {
        ("a", ""): run("5", "15", 10), ("b", ""): run("8", "2", 4, **more), ("new", ""): run("0", "99", 7, wanted=0),
    }  # fmt: skip
    return statement_of(Window(OCT, NOV), "EUR", own, charges.borne(Window(OCT, NOV)), {}, {})


def test_levels_hold_one_another_and_idle_and_unallocated_cost_is_in_no_unit_cost() -> None:
    found = october()
    a = found.column("a")
    assert a is not None
    assert [a.at(level) for level in LEVELS] == [5, 15, 30, 70, 64]
    assert [a.unit("fully_loaded", name) for name in ("accepted", "accepted_unaided")] == [7, 70]
    assert [(c.system_id, c.kind) for c in found.columns] == [
        ("a", "system"), ("b", "system"), ("new", "pre_production"), ("", "idle"), ("", "unallocated"),
    ]  # fmt: skip
    # people's work beside a system that carries no load is no cost of AI; its build is shown, and in no unit cost
    assert (found.rest("pre_production"), found.rest("idle"), found.rest("unallocated")) == (12, 3, 2)
    together = found.portfolio("fully_loaded")
    assert (together.at("fully_loaded"), together.volume["accepted"]) == (90, 14)
    assert found.known("fully_loaded") == 90 + 12 + 3 + 2
    assert (found.line("evaluation"), found.line("tax")) == (3, 4)


def test_a_level_is_unknown_where_a_line_of_it_is_and_the_portfolio_leaves_that_system_out() -> None:
    found = october(unknown={"review": "no rate"})
    b = found.column("b")
    assert b is not None
    assert (b.at("direct"), b.at("with_people"), b.reason("net"), b.unit("net")) == (8, None, "no rate", None)
    assert found.portfolio("with_people").volume["accepted"] == 10
    assert found.portfolio("direct").volume["accepted"] == 14


def test_a_system_that_records_no_outcome_lends_its_cost_to_nobody() -> None:
    own = {("a", ""): run("5", "0", 10), ("b", ""): run("8", "0", 0, wanted=3)}
    found = statement_of(Window(OCT, NOV), "EUR", own, Borne({}, {}, {}), {}, {"b": {"accepted": "not recorded"}})
    assert found.portfolio("inference").unit("inference") == D("0.5")
    assert found.portfolio("inference", "attempted").at("inference") == 13


def test_a_budget_is_flexed_to_the_tasks_that_came_in() -> None:
    planned = [Budgeted("a", OCT, NOV, D(310), D(100)), Budgeted("a", NOV, DEC, D(300), D(100))]
    line = budget_line("a", planned, Window(OCT, NOV), D(360), 120)
    assert line is not None
    assert (line.static, line.flexed, line.volume_variance, line.spending_variance) == (310, 372, 62, -12)
    assert line.variance == 62 - 12
    week = budget_line("a", planned, Window(date(2026, 10, 29), date(2026, 11, 5)), D(70), 7)
    assert week is not None
    assert (week.static, week.volume) == (70, D("9.677419354839") + D("13.333333333333"))
    beyond = budget_line("a", planned, Window(OCT, date(2026, 12, 2)), D(1), 1)
    assert beyond is not None
    assert (beyond.static, beyond.reason) == (None, "budgeted for 61 of 62 days")
    assert budget_line("b", planned, Window(OCT, NOV), D(1), 1) is None


# what must hold for any charges

CENTS = st.integers(-(10**7), 10**7).map(lambda n: D(n) / 100)
DAYS = st.integers(0, 100).map(lambda n: date(2026, 9, 1) + timedelta(days=n))
CHARGES = st.lists(
    st.builds(
        lambda line, start, days, *rest: Charge(line, start, start + timedelta(days=days), *rest),
        st.sampled_from(["infrastructure", "platform", "build", "credit", "tax"]), DAYS, st.integers(0, 400), CENTS,
        st.sampled_from(["", "", "a", "b"]), st.sampled_from(["", "tasks", "tokens", "even", "idle", "desks"]),
    ),
    max_size=8,
)  # fmt: skip
CALENDARS = st.sampled_from([CALENDAR, Calendar(fiscal=FiscalCalendar("4-4-5", 4)), Calendar(week_start="sunday")])


def all_of(charges: list[Charge], calendar: Calendar) -> ChargeBook:
    return ChargeBook(charges, DRIVERS, calendar, {"desks": {"a": D(1), "z": D(2)}})


@given(CHARGES, CALENDARS, st.booleans())
def test_everything_is_borne_by_somebody_once(charges: list[Charge], calendar: Calendar, by_type: bool) -> None:
    whole = Window(date(2026, 8, 1), date(2028, 6, 1))
    borne = all_of(charges, calendar).borne(whole, by_task_type=by_type)
    assert sum(borne.amounts.values()) == sum(one.amount for one in charges)


@given(CHARGES, CALENDARS, st.lists(DAYS, min_size=3, max_size=6, unique=True), st.booleans())
def test_the_parts_of_a_range_add_up_to_it_on_every_line(
    charges: list[Charge], calendar: Calendar, days: list[date], by_type: bool
) -> None:
    made, edges = all_of(charges, calendar), sorted(days)
    whole = made.borne(Window(edges[0], edges[-1]), by_task_type=by_type)
    parts: dict[tuple[Place, str], Decimal] = {}
    for start, end in pairwise(edges):
        for key, amount in made.borne(Window(start, end), by_task_type=by_type).amounts.items():
            parts[key] = parts.get(key, D(0)) + amount
    assert {key: amount for key, amount in parts.items() if amount} == amounts(whole)


@given(CHARGES, DAYS, st.integers(1, 90))
def test_a_reversal_mirrors_what_it_reverses(charges: list[Charge], start: date, length: int) -> None:
    window = Window(start, start + timedelta(days=length))
    back = [Charge(one.line, one.start, one.end, -one.amount, one.system_id, one.allocation_key) for one in charges]
    there, mirrored = (all_of(some, CALENDAR).borne(window) for some in (charges, back))
    assert amounts(mirrored) == {key: -amount for key, amount in amounts(there).items()}
    assert not amounts(all_of([*charges, *back], CALENDAR).borne(window))


@given(CHARGES, DAYS, st.lists(st.tuples(CENTS.map(abs), CENTS.map(abs)), max_size=3))
def test_a_statement_foots_by_line_and_by_column_before_and_after_rounding(
    charges: list[Charge], start: date, own: list[tuple[Decimal, Decimal]]
) -> None:
    window = Window(start, start + timedelta(days=17))
    ran = {(f"s{n}", ""): run(str(cut(one / 7)), str(two), n, wanted=1) for n, (one, two) in enumerate(own)}
    exact = statement_of(window, "EUR", ran, all_of(charges, CALENDAR).borne(window), {}, {})
    shown = exact.footed(D("0.01"))
    for found in (exact, shown):
        by_line = sum((found.line(line) for line in LINES), D(0))
        by_column = sum((column.known("net") for column in found.columns), D(0))
        assert by_line == by_column == found.known("net")
    assert abs(shown.known("net") - exact.known("net")) <= D("0.005")
    for rough, fine in zip(shown.columns, exact.columns, strict=True):
        for line, amount in rough.amounts.items():
            assert abs(amount - fine.amounts[line]) < D("0.01")
