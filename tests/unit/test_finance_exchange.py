"""Money changes currency at the rate of its day: a missing rate is an error, never 1.0."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.finance import MissingRateError, RateBook, convert

FRIDAY, MONDAY = date(2026, 10, 30), date(2026, 11, 2)
DAY = timedelta(days=1)


def rate(day, value, source="USD", target="EUR"):
    return {"rate_date": day, "from_currency": source, "to_currency": target, "rate": Decimal(value)}


RATES = [rate(MONDAY, "0.90"), rate(FRIDAY, "0.80"), rate(MONDAY, "0.0058", "JPY")]


def test_an_amount_converts_at_the_rate_of_its_day():
    assert convert(Decimal("10.01"), "USD", MONDAY, RATES) == Decimal("9.0090")
    assert convert(100, "JPY", MONDAY, RATES) == Decimal("0.58")


def test_a_weekend_uses_the_last_rate_before_it_and_never_the_next():
    assert convert(Decimal(10), "USD", FRIDAY + DAY, RATES) == 8
    assert convert(Decimal(10), "USD", MONDAY - DAY, RATES) == 8
    assert convert(Decimal(10), "USD", datetime(2026, 11, 1, 23), RATES) == 8


def test_the_same_currency_is_left_alone():
    assert convert(Decimal("1.230"), "EUR", date(1999, 1, 1), RATES).as_tuple() == Decimal("1.230").as_tuple()
    assert convert(Decimal(5), "EUR", MONDAY, [], to="EUR") == 5


@pytest.mark.parametrize(
    ("currency", "day", "message"),
    [
        ("CHF", MONDAY, "no rate from CHF to EUR on or before 2026-11-02"),
        ("USD", FRIDAY - DAY, "no rate from USD to EUR on or before 2026-10-29"),
        ("USD", MONDAY + 8 * DAY, "from USD to EUR for 2026-11-10 is stale: the last one is of 2026-11-02, 8 days"),
    ],
)
def test_a_missing_or_stale_rate_is_an_error_that_names_currency_and_day(currency, day, message):
    with pytest.raises(MissingRateError, match=message):
        convert(Decimal(1), currency, day, RATES)


def test_how_old_a_rate_may_be_is_the_callers_to_say():
    assert convert(Decimal(10), "USD", MONDAY + 7 * DAY, RATES) == 9
    assert convert(Decimal(10), "USD", MONDAY + 31 * DAY, RATES, max_age_days=31) == 9
    with pytest.raises(MissingRateError, match="0 are allowed"):
        convert(Decimal(10), "USD", MONDAY + DAY, RATES, max_age_days=0)


def test_no_rate_is_inverted():
    with pytest.raises(MissingRateError, match="no rate from EUR to USD"):
        convert(Decimal(1), "EUR", MONDAY, RATES, to="USD")


def test_the_target_is_said_where_the_rates_lead_to_several():
    rates = [*RATES, rate(MONDAY, "0.77", target="GBP")]
    with pytest.raises(ValueError, match="say which currency to convert to: the rates lead to EUR, GBP"):
        convert(Decimal(1), "USD", MONDAY, rates)
    assert convert(Decimal(1), "USD", MONDAY, rates, to="GBP") == Decimal("0.77")


def test_no_rates_at_all_are_an_error_too():
    with pytest.raises(MissingRateError, match="no rate from USD on or before 2026-11-02: there are no rates"):
        convert(Decimal(1), "USD", MONDAY, [])


@pytest.mark.parametrize("value", ["0", "-1", "NaN"])
def test_a_rate_that_is_none_is_refused(value):
    with pytest.raises(ValueError, match="the rate from USD to EUR on 2026-11-02 must be"):
        RateBook([rate(MONDAY, value)])


def test_two_rates_of_one_day_are_refused_where_they_differ():
    with pytest.raises(ValueError, match="the rate from USD to EUR on 2026-11-02 comes twice"):
        RateBook([*RATES, rate(MONDAY, "0.91")])
    assert convert(Decimal(1), "USD", MONDAY, RateBook([*RATES, rate(MONDAY, "0.9")])) == Decimal("0.9")


def test_an_amount_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="the amount must be a finite number"):
        convert(Decimal("NaN"), "EUR", MONDAY, RATES)


amounts = st.decimals(-(10**9), 10**9, places=12)


@given(
    amount=amounts,
    other=amounts,
    value=st.decimals("0.000001", 10_000, places=6),
    order=st.randoms(use_true_random=False),
)
def test_conversion_is_exact_adds_up_and_mirrors(amount, other, value, order):
    rates = [rate(MONDAY, value), rate(FRIDAY, "0.5"), rate(MONDAY + DAY, "2")]
    order.shuffle(rates)
    one, two, both, back = (
        Fraction(convert(part, "USD", MONDAY, rates)) for part in (amount, other, amount + other, -amount)
    )
    assert one == Fraction(amount) * Fraction(value) == -back
    assert one + two == both
