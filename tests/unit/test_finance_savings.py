"""Cash, cost avoided and capacity are three lines: each with its proof, none added to another."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.finance import (
    Baseline,
    CapacityReturned,
    CashEffect,
    CostAvoided,
    Evidence,
    Savings,
    capacity_hours,
    claimable,
    confirm,
    evidence_grade,
)

BEFORE, LIVE = date(2026, 1, 31), date(2026, 3, 1)
BASELINE = Baseline(
    Decimal(12), "minutes", 400, date(2025, 11, 1), date(2026, 2, 1), "time study", "Finance", signed_on=BEFORE
)
SELF = Evidence("self_report", owner="Operations", assumption="minutes a task")
CASH = CashEffect(Decimal(9500), "EUR", SELF, account="6400", month=date(2026, 9, 1), signed_by="Finance")


@pytest.mark.parametrize(
    ("counterfactual", "baseline_on", "grade"),
    [
        ("randomised", BEFORE, "A"), ("staggered", BEFORE, "A"), ("matched", BEFORE, "A"),
        ("before_after", BEFORE, "B"), ("self_report", BEFORE, "C"),
        ("randomised", None, "C"), ("before_after", LIVE, "C"),
    ],
)  # fmt: skip
def test_the_grade_is_that_of_the_comparison_and_needs_a_baseline_from_before(counterfactual, baseline_on, grade):
    assert evidence_grade(counterfactual, baseline_on, LIVE) == grade


def test_evidence_knows_its_grade():
    measured = Evidence("before_after", owner="Operations", baseline=BASELINE, live_on=LIVE)
    assert (measured.grade, SELF.grade) == ("B", "C")
    with pytest.raises(ValueError, match="unknown counterfactual 'hope'"):
        evidence_grade("hope", BEFORE, LIVE)  # ty: ignore[invalid-argument-type]


def test_cash_needs_a_line_of_the_ledger_a_month_and_a_signature():
    hoped = CashEffect(Decimal(43680), "EUR", SELF)
    assert hoped.lacking == ("account", "month", "signed_by")
    assert CASH.lacking == ()
    found = Savings(cash=(CASH, hoped))
    assert found.cash_by_currency == {"EUR": Decimal(9500)}
    assert found.unproven == (hoped,)


def test_cost_is_avoided_only_where_an_approved_plan_was_cancelled():
    proven = CostAvoided(Decimal(100), "USD", SELF, plan="REQ-7", approved_on=BEFORE, cancelled_on=LIVE)
    hoped = replace(proven, amount=Decimal(7), cancelled_on=None)
    found = Savings(avoided=(proven, hoped, proven))
    assert found.avoided_by_currency == {"USD": Decimal(200)}
    assert [claim.lacking for claim in found.unproven] == [("cancelled_on",)]
    assert replace(proven, approved_on=None).lacking == ("approved_on",)  # a plan that nobody approved avoids nothing


def test_there_is_no_total_over_the_three_lines():
    found = Savings((CASH,), (), (CapacityReturned(Decimal(1040), SELF, value=Decimal(43680), currency="EUR"),))
    assert found.capacity_hours == 1040
    assert found.cash_by_currency == {"EUR": Decimal(9500)}  # hours at a rate are information, not cash
    assert not [name for name in dir(found) if "total" in name or name == "__add__"]


def test_work_that_nobody_did_before_is_not_a_saving():
    assert claimable(540, 25_000) == 540
    assert claimable(540, 200) == 200
    assert capacity_hours(6, 1, 540, 25_000) == 45


def test_review_that_takes_longer_than_the_work_did_is_negative():
    assert capacity_hours(5, 6, 60, 60) == -1


@given(before=st.integers(0, 600), after=st.integers(0, 600), demand=st.integers(0, 10**6), tasks=st.integers(0, 10**6))
def test_more_tasks_than_there_were_return_no_more_hours(before, after, demand, tasks):
    found = capacity_hours(before, after, demand, tasks)
    assert found == capacity_hours(before, after, min(demand, tasks), max(demand, tasks))
    assert abs(found - Decimal((before - after) * min(demand, tasks)) / 60) < Decimal("1e-12")


@pytest.mark.parametrize("value", [-1, float("nan"), None])
def test_minutes_and_tasks_are_quantities(value):
    for place in range(4):
        given_values = [1, 1, 1, 1]
        given_values[place] = value
        with pytest.raises(ValueError, match="must"):
            capacity_hours(*given_values)


MONTHS = [date(2025, month, 1) for month in range(1, 13)]


def ledger(before, since, fell):
    return {month: Decimal(since if month >= fell else before) for month in MONTHS}


@pytest.mark.parametrize(
    ("balances", "month", "status", "to_date"),
    [
        (ledger(100, 40, MONTHS[9]), MONTHS[9], "confirms", 180),  # three months of 60
        (ledger(100, 30, MONTHS[9]), MONTHS[9], "confirms", 180),  # more than was signed counts as signed
        (ledger(100, 43, MONTHS[9]), MONTHS[9], "confirms", 171),  # within 5 % of the fall: counted as it was
        (ledger(100, 44, MONTHS[9]), MONTHS[9], "does_not_confirm", 168),
        (ledger(90, 40, MONTHS[9]), MONTHS[9], "does_not_confirm", 180),  # it never cost what was signed
        ({MONTHS[0]: Decimal(100)} | dict.fromkeys(MONTHS[1:9], Decimal(100)), MONTHS[9], "confirms", 300),  # no row: 0
        (ledger(100, 40, MONTHS[2]), MONTHS[2], "too_short", 0),
        (ledger(100, 40, MONTHS[9]), date(2026, 1, 1), "not_yet", 0),
        (ledger(100, 40, MONTHS[9]), None, "no_month", 0),
        ({}, MONTHS[9], "no_account", 0),
    ],
)  # fmt: skip
def test_cash_is_what_the_named_account_fell_by_and_no_more_than_was_signed(balances, month, status, to_date):
    signed = (Decimal(100), Decimal(0) if to_date == 300 else Decimal(40))
    found = confirm(*signed, month, balances, MONTHS)
    assert (found.status, found.to_date) == (status, to_date)
    assert found.confirmed is (status == "confirms")


def test_without_a_ledger_nothing_is_confirmed():
    assert confirm(Decimal(100), Decimal(40), MONTHS[9], {}, []).status == "no_ledger"


def test_a_baseline_that_was_measured_until_the_launch_is_no_picture_from_before():
    late = replace(BASELINE, period_to=date(2026, 3, 2))
    assert Evidence("before_after", "Operations", late, LIVE).grade == "C"
    assert Evidence("before_after", "Operations", replace(BASELINE, signed_on=None), LIVE).grade == "C"
