"""The business case: months that are over stand as posted, an assumption moves the months to come; cash only."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.finance import Case, SignedFall, claimed_before, confirm, months_between, recent_mean

START = date(2025, 12, 1)
# 60 in December, 10 a month to run, 60 a month less on the account from February on
CASE = Case(
    START, 36, {0: Decimal(60)}, (Decimal(0), Decimal(60), Decimal(60)), (Decimal(10),) * 3, Decimal(60), Decimal(10)
)
MONEY = st.decimals(min_value=0, max_value=10**6, places=2)


def test_a_case_by_hand():
    assert CASE.flows[:4] == (-60, -10, 50, 50)
    assert CASE.cumulative == (-60, -70, -20, 30)
    assert (CASE.months, CASE.investment, CASE.payback) == (36, 60, Decimal("2.4"))
    assert CASE.npv is CASE.discounted_payback is None  # no rate is set
    assert CASE.needed == Decimal(60) / 36 + 10


def test_what_costs_more_to_run_than_it_brings_never_pays_back():
    idle = Case(START, 36, {0: Decimal(60)}, (Decimal(0),), (Decimal(10),), Decimal(10), Decimal(10), Decimal("0.08"))
    assert idle.payback is idle.discounted_payback is None
    assert idle.npv is not None
    assert idle.npv < -60


def test_a_later_investment_is_paid_in_its_month_and_one_beyond_the_horizon_is_not_looked_at():
    late = Case(START, 3, {0: Decimal(60), 2: Decimal(40), 9: Decimal(500)}, next_cash=Decimal(50))
    assert late.flows == (-60, 50, 10, 50)
    assert late.investment == 100
    assert late.payback == 2


def test_history_beyond_the_horizon_is_still_looked_at():
    long = Case(START, 1, {0: Decimal(60)}, (Decimal(20),) * 4, (Decimal(0),) * 4)
    assert (long.months, long.payback) == (4, 3)


def test_cash_and_cost_are_of_the_same_months():
    with pytest.raises(ValueError, match="cash is of 2 months, running cost of 1"):
        Case(START, 3, {}, (Decimal(1), Decimal(1)), (Decimal(1),))


@given(
    st.lists(st.tuples(MONEY, MONEY), max_size=8), st.integers(1, 48), MONEY, st.tuples(MONEY, MONEY),
    st.tuples(MONEY, MONEY),
)  # fmt: skip
def test_assumptions_move_the_months_to_come_and_nothing_else(over, horizon, invested, first, second):
    cash, running = (tuple(one) for one in (zip(*over, strict=True) if over else ((), ())))
    one, other = (
        Case(START, horizon, {0: invested}, cash, running, *tried, Decimal("0.08")) for tried in (first, second)
    )
    assert one.cumulative == other.cumulative
    assert one.flows[: len(over) + 1] == other.flows[: len(over) + 1]
    assert one.cumulative[-1] == sum(cash, Decimal(0)) - sum(running, Decimal(0)) - invested


def test_the_mean_of_fewer_months_is_that_of_those_there_are():
    assert recent_mean([Decimal(9), Decimal(1), Decimal(2), Decimal(3)], 3) == 2
    assert recent_mean([Decimal(4)], 3) == 4
    assert recent_mean([], 3) == 0
    assert months_between(date(2025, 12, 10), date(2026, 3, 1)) == 3


def fall(before, now, signed=1, account="4630"):
    return SignedFall(account, "EUR", Decimal(before), Decimal(now), date(2026, 1, signed))


@pytest.mark.parametrize(
    ("falls", "found"),
    [
        ([fall(900, 500), fall(500, 300)], [None, None]),  # two falls of one account, one after the other
        ([fall(900, 500, 2), fall(800, 400, 1)], [1, None]),  # the same money: what was signed first stands
        ([fall(900, 500), fall(900, 500), fall(900, 500)], [None, 0, 0]),
        ([fall(900, 500, 1), fall(700, 300, 2), fall(450, 300, 3)], [None, 0, None]),  # the second counts for nothing
        ([fall(900, 500), fall(900, 500, account="4631")], [None, None]),
        ([fall(900, 500, account=""), fall(900, 500, account="")], [None, None]),  # lacks its account instead
    ],
)  # fmt: skip
def test_the_same_fall_of_an_account_counts_once(falls, found):
    assert claimed_before(falls) == found


def test_what_counts_lies_within_what_the_months_before_leave_open_and_never_above_what_was_signed():
    months = [date(2025, month, 1) for month in range(1, 7)]
    balances = dict(zip(months, map(Decimal, (98, 100, 102, 100, 43, 40)), strict=True))
    found = confirm(Decimal(100), Decimal(40), months[4], balances, months)
    assert (found.to_date, found.signed) == (117, 60)
    assert found.within(Decimal(2)) == (113, 119)  # 55 + 58, and 59 + 60
