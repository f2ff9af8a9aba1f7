"""When does it pay back, what is it worth, from which volume on: and "never" is an answer."""

from decimal import Decimal
from math import inf, nan
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from readout.finance import (
    break_even_cash,
    break_even_volume,
    discounted_payback,
    invoice_tolerance,
    monthly_rate,
    npv,
    payback,
)

FOLDER = Path(__file__).parent / "finance_worked"
WORKED = yaml.safe_load((FOLDER / "appraisal.yaml").read_text(encoding="utf-8"))
INVOICES = yaml.safe_load((FOLDER / "invoices.yaml").read_text(encoding="utf-8"))
TINY = Decimal("1e-15")


def flows_of(one):
    return Decimal(one["flows"]) if isinstance(one["flows"], str) else [Decimal(flow) for flow in one["flows"]]


def known(found):
    """Return a figure that there is."""
    assert found is not None
    return found


def a_years(rate):
    """Return the year's rate of a month's."""
    return (1 + Decimal(rate)) ** 12 - 1


@pytest.mark.parametrize("one", WORKED["payback"], ids=lambda one: one["source"])
def test_a_published_payback_is_reproduced(one):
    assert round(known(payback(Decimal(one["investment"]), flows_of(one))), 4) == Decimal(one["expected"])


@pytest.mark.parametrize("one", WORKED["discounted_payback"], ids=lambda one: one["source"])
def test_a_published_discounted_payback_is_reproduced(one):
    found = discounted_payback(Decimal(one["investment"]), flows_of(one), a_years(one["rate"]))
    assert round(known(found), 4) == Decimal(one["expected"])


@pytest.mark.parametrize("one", WORKED["npv"], ids=lambda one: one["source"])
def test_a_published_present_value_is_reproduced(one):
    assert round(npv(flows_of(one), Decimal(one["rate"])), 5) == Decimal(one["expected"])


@pytest.mark.parametrize("one", WORKED["break_even"], ids=lambda one: one["source"])
def test_a_break_even_volume_is_a_whole_number_of_tasks(one):
    found = break_even_volume(*(Decimal(one[name]) for name in ("fixed", "before", "after")))
    assert found == one["expected"]


@pytest.mark.parametrize("one", INVOICES, ids=lambda one: one["source"])
def test_an_invoice_may_differ_by_rounding_alone(one):
    assert invoice_tolerance(one["rows"], Decimal(one["minor_unit"])) == Decimal(one["expected"])


@pytest.mark.parametrize("flows", [0, -5, [], [100, 100], [300, -100, 300, -400, 100]])
def test_what_never_pays_back_says_so(flows):
    assert payback(1000, flows) is None
    assert discounted_payback(1000, flows, Decimal("0.1")) is None


def test_cash_that_is_worth_less_than_the_investment_for_ever_never_pays_back():
    month = monthly_rate(Decimal("0.12"))
    assert discounted_payback(1000, 1000 * month, Decimal("0.12")) is None
    assert discounted_payback(1000, 9, Decimal("0.12")) is None
    assert payback(1000, 9) == Decimal(1000) / 9
    assert known(discounted_payback(1000, 11, Decimal("0.12"))) > known(payback(1000, 11))


def test_a_ramp_counts_from_its_first_month_on():
    assert payback(100, [-50, 0, 50, 100, 100]) == 4
    assert payback(0, [1]) == 0
    assert discounted_payback(0, -1, Decimal("0.1")) == 0


def test_the_month_of_a_year_compounds_to_it():
    assert abs((1 + monthly_rate(Decimal("0.08"))) ** 12 - Decimal("1.08")) < TINY
    assert monthly_rate(0) == 0


money = st.decimals(1, 10**6, places=2)
rates = st.decimals("-0.5", "0.9", places=3)


@given(investment=money, monthly=money)
def test_constant_cash_pays_back_as_its_months_do(investment, monthly):
    monthly = max(monthly, investment / 200)
    assert abs(known(payback(investment, monthly)) - known(payback(investment, [monthly] * 201))) < TINY


@given(investment=money, monthly=money, rate=rates)
def test_constant_cash_pays_back_discounted_as_its_months_do(investment, monthly, rate):
    monthly = max(monthly, investment / 150)
    whole, by_month = (discounted_payback(investment, flows, rate) for flows in (monthly, [monthly] * 400))
    if by_month is None:
        assert whole is None or whole > 400
    else:
        assert abs(known(whole) - by_month) < TINY


@given(investment=money, flows=st.lists(money, min_size=1, max_size=30), rate=rates.filter(lambda rate: rate >= 0))
def test_what_pays_back_discounted_is_worth_it_and_pays_back_later(investment, flows, rate):
    simple, discounted = payback(investment, flows), discounted_payback(investment, flows, rate)
    worth = npv([-investment, *flows], monthly_rate(rate))
    assert (discounted is not None) == (worth >= 0) or abs(worth) < TINY
    assert discounted is None or known(simple) <= discounted + TINY


@given(investment=money, flows=st.lists(money, min_size=1, max_size=30), factor=st.integers(2, 1000))
def test_in_another_unit_it_pays_back_in_the_same_time(investment, flows, factor):
    scaled = payback(investment * factor, [flow * factor for flow in flows])
    one = payback(investment, flows)
    assert scaled == one or abs(known(scaled) - known(one)) < TINY


@given(one=st.lists(money, max_size=20), rate=rates)
def test_present_values_add_up_and_mirror(one, rate):
    assert abs(npv([2 * flow for flow in one], rate) - 2 * npv(one, rate)) <= abs(npv(one, rate)) * TINY
    assert npv([-flow for flow in one], rate) == -npv(one, rate)
    assert npv(one, 0) == sum(one)


@given(fixed=money, before=money, after=money)
def test_at_the_break_even_volume_the_margin_pays_the_fixed_cost_and_one_task_less_does_not(fixed, before, after):
    found = break_even_volume(fixed, before, after)
    if before <= after:
        assert found is None
    else:
        volume = known(found)
        assert volume * (before - after) >= fixed > (volume - 1) * (before - after)


@pytest.mark.parametrize("rate", [-1, -2, nan, Decimal("Infinity")])
def test_a_rate_that_loses_everything_is_refused(rate):
    for attempt in (lambda: npv([1], rate), lambda: discounted_payback(1, 1, rate), lambda: monthly_rate(rate)):
        with pytest.raises(ValueError, match="the rate must be"):
            attempt()


@pytest.mark.parametrize("value", [nan, inf, None, "1"])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="cash flow 1 must be a finite number"):
        payback(1000, [1, value])
    with pytest.raises(ValueError, match="cash flow 0 must be a finite number"):
        npv([value], 0)
    with pytest.raises(ValueError, match="the unit cost after must be a finite number"):
        break_even_volume(1, 2, value)


def test_a_negative_investment_fixed_cost_or_row_count_is_refused():
    for attempt in (lambda: payback(-1, 1), lambda: discounted_payback(-1, 1, 0), lambda: break_even_volume(-1, 2, 1)):
        with pytest.raises(ValueError, match="must not be negative"):
            attempt()
    with pytest.raises(ValueError, match="the number of rows must not be negative"):
        invoice_tolerance(-1, Decimal("0.01"))
    with pytest.raises(ValueError, match="the number of rows must be whole"):
        invoice_tolerance(1.5, Decimal("0.01"))  # ty: ignore[invalid-argument-type]


@given(
    st.decimals(0, 10**6, places=2),
    st.decimals(0, 10**4, places=2),
    st.integers(1, 120),
    st.sampled_from(["0", "0.08", "0.5"]),
)
def test_the_cash_effect_that_breaks_even_has_a_present_value_of_nothing(investment, running, months, rate):
    needed = break_even_cash(investment, running, months, Decimal(rate))
    flows = [-investment, *[needed - running] * months]
    assert abs(npv(flows, monthly_rate(Decimal(rate)))) < Decimal("1e-12")


def test_break_even_needs_a_month():
    with pytest.raises(ValueError, match="a month at least"):
        break_even_cash(1, 1, 0)
