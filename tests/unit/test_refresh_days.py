"""Which hours belong to which day, and which price holds on which."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.periods import Calendar
from readout.warehouse.dirty import HOUR
from readout.warehouse.refresh import FAR, dated, dirty_days, hours_of

ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo")
BERLIN, KATHMANDU = Calendar("Europe/Berlin"), Calendar("Asia/Kathmandu")
calendars = st.builds(Calendar, st.sampled_from(ZONES))
some_days = st.lists(st.dates(date(2025, 1, 1), date(2027, 12, 31)), min_size=1, max_size=5, unique=True)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_a_day_of_berlin_is_made_of_whole_hours(day: date, hours: int) -> None:
    found = hours_of([day], BERLIN)
    assert len(found) == hours
    assert {local for *_, local in found} == {day}
    assert all((low, high) == (hour, hour + HOUR) for hour, low, high, _ in found)


def test_the_first_and_the_last_hour_of_a_day_of_kathmandu_are_shared() -> None:
    found = hours_of([date(2026, 3, 29)], KATHMANDU)
    first, last = datetime(2026, 3, 28, 18), datetime(2026, 3, 29, 18)
    quarter = timedelta(minutes=15)
    assert found[0] == (first, first, first + quarter, None)
    assert found[1] == (first, first + quarter, first + HOUR, date(2026, 3, 29))
    assert found[-2] == (last, last, last + quarter, date(2026, 3, 29))
    assert found[-1] == (last, last + quarter, last + HOUR, None)
    assert len({hour for hour, *_ in found}) == 25


def test_neighbouring_days_share_an_hour_without_counting_it_twice() -> None:
    days = [date(2026, 3, 28), date(2026, 3, 29)]
    shared = [row for row in hours_of(days, KATHMANDU) if row[0] == datetime(2026, 3, 28, 18)]
    assert [local for *_, local in shared] == days


@given(calendar=calendars, days=some_days)
def test_the_hours_tile_the_days_exactly(calendar: Calendar, days: list[date]) -> None:
    found = hours_of(days, calendar)
    assert found == sorted(found, key=lambda row: row[:3])
    for day in days:
        start, end = calendar.bounds(day)
        own = [(low, high) for _, low, high, local in found if local == day]
        assert own[0][0] == start
        assert own[-1][1] == end
        assert all(one[1] == other[0] for one, other in pairwise(own))
    for hour in {row[0] for row in found}:
        parts = [(low, high) for at, low, high, _ in found if at == hour]
        assert (parts[0][0], parts[-1][1]) == (hour, hour + HOUR)
        assert all(one[1] == other[0] for one, other in pairwise(parts))


@given(calendar=calendars, days=some_days)
def test_rebuilding_the_days_of_an_hour_rebuilds_the_hour(calendar: Calendar, days: list[date]) -> None:
    """What is dirty in an hour is dirty in each of its days, and each of these days holds the hour."""
    hours = {row[0] for row in hours_of(days, calendar) if row[3] is not None}
    touched = dirty_days(hours, calendar)
    assert set(days) <= set(touched)
    assert touched == sorted(set(touched))
    assert hours <= {row[0] for row in hours_of(touched, calendar)}


def test_an_hour_over_midnight_dirties_both_days() -> None:
    assert dirty_days([datetime(2026, 3, 28, 18)], KATHMANDU) == [date(2026, 3, 28), date(2026, 3, 29)]
    assert dirty_days([datetime(2026, 3, 28, 22)], BERLIN) == [date(2026, 3, 28)]
    assert dirty_days([datetime(2026, 3, 28, 23)], BERLIN) == [date(2026, 3, 29)]
    assert dirty_days([], BERLIN) == []


# Dated rows: (key, valid_from, valid_to, amount).

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def test_a_price_holds_until_the_next_one() -> None:
    assert dated([("m", JUNE, None, 2), ("m", MAY, None, 1)], 1) == [("m", MAY, JUNE, 1), ("m", JUNE, FAR, 2)]


def test_a_price_that_ends_leaves_a_gap() -> None:
    assert dated([("m", MAY, JUNE, 1), ("m", JULY, None, 2)], 1) == [("m", MAY, JUNE, 1), ("m", JULY, FAR, 2)]


def test_keys_do_not_touch_each_other() -> None:
    assert dated([("m", MAY, None, 1), ("n", JUNE, None, 2)], 1) == [("m", MAY, FAR, 1), ("n", JUNE, FAR, 2)]


def test_a_row_that_ends_before_it_begins_never_holds() -> None:
    assert dated([("m", JUNE, MAY, 1)], 1) == []


rows = st.lists(
    st.tuples(
        st.sampled_from(["m", "n"]),
        st.dates(MAY, JULY),
        st.none() | st.dates(MAY, JULY),
        st.integers(1, 9).map(Decimal),
    ),
    max_size=8,
    unique_by=lambda row: row[:2],
)


@given(given_rows=rows, day=st.dates(MAY, JULY))
def test_on_no_day_do_two_prices_hold_and_the_one_that_does_is_the_latest(
    given_rows: list[tuple[str, date, date | None, Decimal]], day: date
) -> None:
    held = dated(given_rows, 1)
    for key in ("m", "n"):
        now = [row for row in held if row[0] == key and row[1] <= day < row[2]]
        begun = [row for row in given_rows if row[0] == key and row[1] <= day]
        latest = max(begun, key=lambda row: row[1], default=None)
        if latest is None or (latest[2] is not None and latest[2] <= day):
            assert now == []
        else:
            assert [row[3] for row in now] == [latest[3]]
