"""Days are local, weeks are whole, and only equals are compared."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.periods import (
    PERIODS,
    WEEKDAYS,
    YEAR_OF_WEEKS,
    Calendar,
    Window,
    compared_with,
    months_before,
    next_month,
    window,
)  # fmt: skip

BERLIN = Calendar("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Africa/Cairo", "America/Havana", "Pacific/Kiritimati",
)  # fmt: skip
HOUR = timedelta(hours=1)
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
calendars = st.builds(Calendar, st.sampled_from(ZONES), st.sampled_from(WEEKDAYS))


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 7, 1), 24)])
def test_a_day_lasts_as_long_as_its_clocks_say(day: date, hours: int) -> None:
    start, end = BERLIN.bounds(day)
    assert (end - start) / HOUR == hours


@pytest.mark.parametrize(("monday", "hours"), [(date(2026, 3, 23), 167), (date(2026, 10, 19), 169)])
def test_a_week_with_a_change_of_clocks_has_an_hour_less_or_more(monday: date, hours: int) -> None:
    assert (BERLIN.start_of(monday + timedelta(days=7)) - BERLIN.start_of(monday)) / HOUR == hours


def test_a_day_of_kathmandu_begins_at_a_quarter_past() -> None:
    assert Calendar("Asia/Kathmandu").start_of(date(2026, 3, 29)) == datetime(2026, 3, 28, 18, 15)


def test_a_day_whose_midnight_is_skipped_begins_when_the_clocks_jump() -> None:
    """In Cairo the clocks of 24 April 2026 jump from 24:00 to 01:00."""
    start, end = Calendar("Africa/Cairo").bounds(date(2026, 4, 24))
    assert start == datetime(2026, 4, 23, 22)
    assert (end - start) / HOUR == 23


@given(calendar=calendars, day=days)
def test_days_follow_each_other_without_gap_or_overlap(calendar: Calendar, day: date) -> None:
    start, end = calendar.bounds(day)
    assert calendar.bounds(day + timedelta(days=1))[0] == end
    assert calendar.day_of(start) == day
    assert calendar.day_of(end - timedelta(microseconds=1)) == day
    assert calendar.day_of(start - timedelta(microseconds=1)) == day - timedelta(days=1)
    assert 23 <= (end - start) / HOUR <= 25


@given(calendar=calendars, day=days)
def test_every_day_is_in_one_week_that_begins_on_the_day_chosen_for_it(calendar: Calendar, day: date) -> None:
    start = calendar.week_of(day)
    assert WEEKDAYS[start.weekday()] == calendar.week_start
    assert start <= day < start + timedelta(days=7)
    assert calendar.bucket(day, "week") == start


@pytest.mark.parametrize(
    ("week_start", "start"), [("monday", date(2026, 3, 23)), ("sunday", SPRING), ("saturday", date(2026, 3, 28))]
)
def test_a_sunday_belongs_to_the_week_that_the_organisation_keeps(week_start: str, start: date) -> None:
    assert Calendar("UTC", week_start).week_of(SPRING) == start


def test_2026_has_a_week_53_and_it_is_a_week_like_any_other() -> None:
    calendar = Calendar()
    last = date(2026, 12, 28)
    assert last.isocalendar()[:2] == (2026, 53)
    assert calendar.week_of(date(2027, 1, 3)) == last
    assert calendar.week_of(date(2027, 1, 4)) == date(2027, 1, 4)
    assert list(calendar.buckets(Window(date(2026, 12, 31), date(2027, 1, 5)), "week")) == [last, date(2027, 1, 4)]


def test_the_week_a_year_before_is_364_days_earlier_and_begins_on_the_same_weekday() -> None:
    week = Window(date(2026, 12, 28), date(2027, 1, 4))
    before = compared_with(week, "4w", "year", Calendar())
    assert before is not None
    assert (before.start, before.end) == (date(2025, 12, 29), date(2026, 1, 5))
    assert YEAR_OF_WEEKS.days == 364


@given(day=days, months=st.integers(0, 40))
def test_a_month_before_keeps_the_day_of_the_month_where_it_exists(day: date, months: int) -> None:
    earlier = months_before(day, months)
    assert (day.year * 12 + day.month) - (earlier.year * 12 + earlier.month) == months
    assert earlier.day == day.day or (earlier.day < day.day and earlier + timedelta(days=1) == next_month(earlier))


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2024, 3, 31), date(2024, 2, 29)),
        (date(2026, 1, 15), date(2025, 12, 15)),
    ],
)
def test_the_31st_of_a_shorter_month_is_its_last_day(day: date, earlier: date) -> None:
    assert months_before(day, 1) == earlier


# Period types.

WEEK = date(2026, 3, 30)  # a Monday
MARCH_APRIL = Window(date(2026, 3, 1), date(2026, 5, 1))


@pytest.mark.parametrize(
    ("grain", "start", "given_window", "as_of", "words"),
    [
        ("week", WEEK, MARCH_APRIL, datetime(2026, 4, 20), "complete"),
        ("week", WEEK, MARCH_APRIL, datetime(2026, 4, 5, 22), "complete"),  # Sunday ends at 22:00 UTC
        ("week", WEEK, MARCH_APRIL, datetime(2026, 4, 5, 21, 59), "to date, 7 of 7 days"),
        ("week", WEEK, MARCH_APRIL, datetime(2026, 4, 1, 10), "to date, 3 of 7 days"),
        ("week", WEEK, Window(date(2026, 4, 1), date(2026, 5, 1)), datetime(2026, 4, 20), "partial, 5 of 7 days"),
        ("week", WEEK, Window(date(2026, 3, 1), date(2026, 4, 2)), datetime(2026, 4, 20), "partial, 3 of 7 days"),
        ("week", WEEK, Window(date(2026, 4, 1), date(2026, 5, 1)), datetime(2026, 4, 3, 10), "partial, 3 of 7 days"),
        ("week", WEEK, Window(date(2026, 3, 1), date(2026, 4, 2)), datetime(2026, 4, 1, 10), "to date, 3 of 7 days"),
        ("month", date(2026, 4, 1), MARCH_APRIL, datetime(2026, 4, 9, 10), "to date, 9 of 30 days"),
        ("month", date(2026, 3, 1), MARCH_APRIL, datetime(2026, 4, 9, 10), "complete"),
        ("day", SPRING, MARCH_APRIL, datetime(2026, 3, 29, 22), "complete"),
        ("day", SPRING, MARCH_APRIL, datetime(2026, 3, 29, 21), "to date, 1 of 1 days"),
        ("total", date(2026, 3, 1), MARCH_APRIL, datetime(2026, 4, 9, 10), "to date, 40 of 61 days"),
        ("total", date(2026, 3, 1), MARCH_APRIL, datetime(2026, 6, 1), "complete"),
    ],
)
def test_a_period_says_how_much_of_it_the_figures_cover(
    grain: str, start: date, given_window: Window, as_of: datetime, words: str
) -> None:
    assert BERLIN.period(start, grain, given_window, as_of).words == words  # ty: ignore[invalid-argument-type]


@given(
    calendar=calendars, grain=st.sampled_from(["day", "week", "month"]), start=days, length=st.integers(1, 120),
    minutes=st.integers(-60_000, 260_000),
)  # fmt: skip
def test_a_period_is_complete_only_where_it_lies_in_the_window_and_has_ended(
    calendar: Calendar, grain: str, start: date, length: int, minutes: int
) -> None:
    shown = Window(start, start + timedelta(days=length))
    as_of = calendar.start_of(start) + timedelta(minutes=minutes)
    buckets = list(calendar.buckets(shown, grain))  # ty: ignore[invalid-argument-type]
    assert buckets == sorted(set(buckets))
    for bucket in buckets:
        found = calendar.period(bucket, grain, shown, as_of)  # ty: ignore[invalid-argument-type]
        inside = shown.start <= found.start and found.end <= shown.end
        assert (found.kind == "complete") == (inside and calendar.start_of(found.end) <= as_of)
        assert 0 <= found.covered_days <= (found.end - found.start).days
        if found.kind == "partial":
            assert not inside


# Windows.


@pytest.mark.parametrize(
    ("as_of", "end"),
    [
        (datetime(2026, 4, 5, 21, 59, 59), date(2026, 3, 30)),  # Sunday evening in Berlin: the week still runs
        (datetime(2026, 4, 5, 22), date(2026, 4, 6)),  # midnight: it is complete
        (datetime(2026, 4, 8, 12), date(2026, 4, 6)),
    ],
)
@pytest.mark.parametrize(("period", "weeks"), [("4w", 4), ("12w", 12), ("26w", 26), ("52w", 52)])
def test_pages_open_on_weeks_that_are_complete_as_of_the_data(
    period: str, weeks: int, as_of: datetime, end: date
) -> None:
    shown = window(period, as_of, BERLIN, date(2025, 1, 1), date(2026, 4, 8))
    assert (shown.start, shown.end) == (end - timedelta(weeks=weeks), end)
    assert shown.label == PERIODS[period]


def test_the_last_complete_month_ends_where_this_month_begins() -> None:
    shown = window("month", datetime(2026, 3, 31, 22), BERLIN, None, None)  # 1 April in Berlin
    assert (shown.start, shown.end) == (date(2026, 3, 1), date(2026, 4, 1))


def test_this_month_to_date_ends_with_the_last_whole_day() -> None:
    shown = window("mtd", datetime(2026, 4, 9, 10), BERLIN, None, None)
    assert (shown.start, shown.end) == (date(2026, 4, 1), date(2026, 4, 9))


def test_all_data_is_whole_weeks_around_it() -> None:
    shown = window("all", datetime(2026, 4, 9), BERLIN, date(2026, 3, 25), date(2026, 4, 8))
    assert (shown.start, shown.end) == (date(2026, 3, 23), date(2026, 4, 13))


# Comparisons.


@given(
    weeks=st.sampled_from(["4w", "12w", "26w", "52w"]),
    compare=st.sampled_from(["previous", "year"]),
    as_of=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
)
def test_weeks_compare_with_as_many_weeks_that_begin_on_the_same_weekday(
    weeks: str, compare: str, as_of: datetime
) -> None:
    shown = window(weeks, as_of, BERLIN, None, None)
    before = compared_with(shown, weeks, compare, BERLIN)
    assert before is not None
    assert before.days == shown.days
    assert before.start.weekday() == shown.start.weekday()
    assert before.end <= shown.start or compare == "year"


@pytest.mark.parametrize(
    ("period", "as_of", "compare", "start", "end"),
    [
        ("month", datetime(2026, 4, 9), "previous", date(2026, 2, 1), date(2026, 3, 1)),
        ("month", datetime(2026, 4, 9), "year", date(2025, 3, 1), date(2025, 4, 1)),
        ("mtd", datetime(2026, 4, 9), "previous", date(2026, 3, 1), date(2026, 3, 9)),
        ("mtd", datetime(2026, 4, 9), "year", date(2025, 4, 1), date(2025, 4, 9)),
    ],
)
def test_months_compare_on_the_same_days_of_the_month(
    period: str, as_of: datetime, compare: str, start: date, end: date
) -> None:
    calendar = Calendar()
    before = compared_with(window(period, as_of, calendar, None, None), period, compare, calendar)
    assert before is not None
    assert (before.start, before.end) == (start, end)


def test_thirty_days_of_march_have_no_equal_in_february() -> None:
    shown = window("mtd", datetime(2026, 3, 31), Calendar(), None, None)
    assert shown.days == 30
    assert compared_with(shown, "mtd", "previous", Calendar()) is None


@pytest.mark.parametrize(("period", "compare"), [("12w", "none"), ("all", "previous"), ("all", "year")])
def test_nothing_is_compared_where_nothing_is_asked_or_there_is_no_equal(period: str, compare: str) -> None:
    shown = window(period, datetime(2026, 4, 9), BERLIN, date(2026, 1, 1), date(2026, 4, 8))
    assert compared_with(shown, period, compare, BERLIN) is None
