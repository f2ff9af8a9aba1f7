"""A shared cost is shared out to the last cent, whoever stands first."""

from decimal import Decimal
from fractions import Fraction
from math import inf, nan
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from readout.finance import ROUNDING, UNALLOCATED, allocate

WORKED = yaml.safe_load((Path(__file__).parent / "finance_worked" / "allocation.yaml").read_text(encoding="utf-8"))
CENT = Decimal("0.01")

units = st.sampled_from([CENT, Decimal(1), Decimal("0.001"), Decimal("0.05")])
cents = st.integers(-(10**9), 10**9).map(lambda units: Decimal(units).scaleb(-2))
fine = st.decimals(-(10**6), 10**6, places=12, allow_nan=False)
weights = st.one_of(
    st.integers(0, 10**6), st.decimals(0, 1000, places=3), st.floats(0, 1e6, allow_nan=False), st.just(0)
)
drivers = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), weights, max_size=9)


@pytest.mark.parametrize("one", WORKED, ids=lambda one: one["source"])
def test_a_published_split_is_reproduced(one):
    shares = allocate(Decimal(one["amount"]), one["drivers"], Decimal(one["minor_unit"]))
    assert shares == {key: Decimal(share) for key, share in one["shares"].items()}


@given(amount=cents | fine, found=drivers, unit=units)
def test_shares_add_up_to_the_amount_exactly(amount, found, unit):
    shares = allocate(amount, found, unit)
    assert sum(shares.values()) == amount
    assert all(isinstance(share, Decimal) for share in shares.values())


@given(amount=fine, found=drivers, unit=units)
def test_lines_are_in_minor_units_and_what_is_finer_is_a_line_of_its_own(amount, found, unit):
    shares = allocate(amount, found, unit)
    assert all(shares[key] % unit == 0 for key in found)
    assert abs(shares.get(ROUNDING, Decimal(0))) <= unit / 2
    assert shares.get(ROUNDING) != 0  # there only where there is something to say


@given(amount=cents, found=drivers, unit=units)
def test_a_reversal_mirrors_line_by_line(amount, found, unit):
    there, back = allocate(amount, found, unit), allocate(-amount, found, unit)
    assert {key: -share for key, share in back.items()} == there


@given(amount=cents, found=drivers, order=st.randoms(use_true_random=False))
def test_the_order_of_the_drivers_does_not_matter(amount, found, order):
    shuffled = list(found.items())
    order.shuffle(shuffled)
    assert allocate(amount, dict(shuffled), CENT) == allocate(amount, found, CENT)


@given(amount=cents, found=drivers)
def test_a_zero_driver_gets_zero_and_none_at_all_leaves_it_unallocated(amount, found):
    shares = allocate(amount, found, CENT)
    assert all(shares[key] == 0 for key, weight in found.items() if not weight)
    assert (UNALLOCATED in shares) == (not any(found.values()))
    assert shares.get(UNALLOCATED, amount) == amount


@given(amount=cents, found=drivers.filter(lambda found: any(found.values())))
def test_no_line_is_off_by_a_whole_minor_unit(amount, found):
    shares = allocate(amount, found, CENT)
    exact = {key: Fraction(str(weight)) for key, weight in found.items()}
    whole = sum(exact.values())
    assert all(abs(Fraction(shares[key]) - Fraction(amount) * exact[key] / whole) < Fraction(CENT) for key in found)


@given(amount=cents, found=drivers, factor=st.integers(1, 1000))
def test_only_the_proportions_of_the_drivers_count(amount, found, factor):
    exact = {key: Decimal(str(weight)) for key, weight in found.items()}
    scaled = {key: weight * factor for key, weight in exact.items()}
    assert allocate(amount, scaled, CENT) == allocate(amount, exact, CENT)


@given(days=st.lists(cents, min_size=1, max_size=10), found=drivers)
def test_the_days_of_a_range_add_up_to_the_range_and_each_line_nearly(days, found):
    by_day = [allocate(amount, found, CENT) for amount in days]
    whole = allocate(sum(days), found, CENT)
    assert sum(sum(shares.values()) for shares in by_day) == sum(whole.values())
    for key in found:  # the same proportions every day: a line is off by less than a cent a day, and one for the range
        assert abs(sum(shares[key] for shares in by_day) - whole[key]) < (len(days) + 1) * CENT


def test_equal_lines_take_the_odd_cent_by_their_key():
    assert allocate(Decimal("0.01"), {"b": 1, "a": 1}, CENT) == {"a": CENT, "b": 0}


def test_a_tie_goes_to_the_larger_share():
    assert allocate(Decimal("0.02"), {"a": 1, "b": 3}, CENT) == {"a": 0, "b": Decimal("0.02")}


def test_a_float_counts_as_the_decimal_that_it_prints_as():
    assert allocate(Decimal("0.06"), {"a": 0.1, "b": 0.2, "c": 0.3}, CENT) == {
        "a": CENT, "b": 2 * CENT, "c": 3 * CENT,
    }  # fmt: skip


@pytest.mark.parametrize("weight", [-1, Decimal("-0.01"), nan, inf, Decimal("NaN"), None, "7", True])
def test_a_driver_that_is_no_quantity_is_refused_by_name(weight):
    with pytest.raises(ValueError, match=r"the driver of 'b' must "):
        allocate(Decimal(1), {"a": 1, "b": weight}, CENT)


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity"), None])
def test_an_amount_that_is_no_number_is_refused(amount):
    with pytest.raises(ValueError, match="the amount must be a finite number"):
        allocate(amount, {"a": 1}, CENT)


@pytest.mark.parametrize("unit", [Decimal(0), Decimal("-0.01"), Decimal("NaN")])
def test_a_minor_unit_of_nothing_is_refused(unit):
    with pytest.raises(ValueError, match="the minor unit must be"):
        allocate(Decimal(1), {"a": 1}, unit)


@pytest.mark.parametrize("name", [UNALLOCATED, ROUNDING])
def test_the_lines_for_what_is_left_over_cannot_be_drivers(name):
    with pytest.raises(ValueError, match=f"cannot be named {name}"):
        allocate(Decimal(1), {name: 1}, CENT)
