"""Fiscal years: every day lies in one month, quarter and year, whatever the organisation's calendar."""

import itertools
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from readout import words
from readout.periods import (
    PERIODS,
    WEEKDAYS,
    Calendar,
    FiscalCalendar,
    FiscalPeriod,
    Grain,
    Window,
    counterpart,
    fiscal_period,
    grain_of,
    is_to_date,
    period_choices,
    window,
)  # fmt: skip
from readout.portfolio import Organisation

ROOT = Path(__file__).resolve().parents[2]
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
GRAINS = [grain for grain in get_args(Grain) if grain != "total"]
BUCKETS = [grain for grain in GRAINS if grain != "day"]
WEEKS_OF = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}
PANDAS_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
PANDAS_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
years = st.integers(1990, 2060)
start_months, week_starts = st.integers(1, 12), st.sampled_from(WEEKDAYS)
named = st.sampled_from(["end", "start"])
of_months = st.builds(FiscalCalendar, st.just("calendar"), start_months, named_by=named)
of_weeks = st.builds(
    FiscalCalendar, st.sampled_from(sorted(WEEKS_OF)), start_months, st.sampled_from(["last", "nearest"]), named
)  # fmt: skip
calendars = st.builds(Calendar, st.just("UTC"), week_starts, of_months | of_weeks)
by_weeks = st.builds(Calendar, st.just("UTC"), week_starts, of_weeks)
by_months = st.builds(Calendar, st.just("UTC"), week_starts, of_months)

# Years ending on the last Saturday of September; retail's, on the Saturday nearest to the end of January.
SEPTEMBER = Calendar("UTC", "sunday", FiscalCalendar("4-4-5", 10))
RETAIL = Calendar("UTC", "sunday", FiscalCalendar("4-5-4", 2, "nearest", "start"))
JULY = Calendar(fiscal=FiscalCalendar(start_month=7))
FEBRUARY = Calendar(fiscal=FiscalCalendar(start_month=2))
ISO = Calendar(fiscal=FiscalCalendar("4-4-5", 1, "nearest"))


# Laws.


@given(calendar=calendars, day=days, grain=st.sampled_from(GRAINS))
def test_every_day_lies_in_one_bucket_and_buckets_follow_each_other(calendar: Calendar, day: date, grain: Any) -> None:
    start = calendar.bucket(day, grain)
    end = calendar.bucket_end(start, grain)
    assert start <= day < end
    assert calendar.bucket(start, grain) == calendar.bucket(end - DAY, grain) == start
    assert calendar.bucket(end, grain) == end
    assert calendar.bucket_end(calendar.bucket(start - DAY, grain), grain) == start


@given(calendar=calendars, start=days, length=st.integers(1, 900), grain=st.sampled_from(BUCKETS))
def test_the_days_of_a_range_add_up_to_the_range(calendar: Calendar, start: date, length: int, grain: Any) -> None:
    shown = Window(start, start + length * DAY)
    late = datetime(2070, 1, 1)
    found = [calendar.period(bucket, grain, shown, late) for bucket in calendar.buckets(shown, grain)]
    assert sum(period.covered_days for period in found) == shown.days
    assert all(one.end == other.start for one, other in itertools.pairwise(found))
    assert {period.kind for period in found[1:-1]} <= {"complete"}


@given(calendar=calendars, day=days)
def test_fiscal_months_make_quarters_and_quarters_make_years(calendar: Calendar, day: date) -> None:
    year = Window(calendar.bucket(day, "fiscal_year"), calendar.bucket_end(day, "fiscal_year"))
    months = list(calendar.buckets(year, "fiscal_month"))
    quarters = list(calendar.buckets(year, "fiscal_quarter"))
    assert (len(months), len(quarters)) == (12, 4)
    assert months[::3] == quarters
    assert months[0] == quarters[0] == year.start
    assert calendar.bucket_end(months[-1], "fiscal_month") == year.end


@given(calendar=calendars, day=days)
def test_a_day_has_one_place_in_the_fiscal_year(calendar: Calendar, day: date) -> None:
    found, next_day = fiscal_period(day, calendar), fiscal_period(day + DAY, calendar)
    assert found.start == calendar.bucket(day, "fiscal_month")
    assert found.end == calendar.bucket_end(found.start, "fiscal_month")
    assert found.quarter == (found.period + 2) // 3
    where, then = (found.year, found.period), (next_day.year, next_day.period)
    follows = (found.year, found.period + 1) if found.period < 12 else (found.year + 1, 1)
    assert then == (where if day + DAY < found.end else follows)


@given(calendar=by_weeks, year=years)
def test_a_year_of_weeks_has_52_or_53_of_them_and_its_last_month_the_53rd(calendar: Calendar, year: int) -> None:
    starts = calendar.fiscal.month_starts(year, calendar.first_weekday)
    weeks = [(end - start).days / 7 for start, end in itertools.pairwise(starts)]
    pattern = [*WEEKS_OF[calendar.fiscal.pattern]] * 4
    assert (starts[-1] - starts[0]).days in {364, 371}
    assert weeks in (pattern, [*pattern[:-1], pattern[-1] + 1])
    assert all(calendar.week_of(start) == start for start in starts)
    assert [fiscal_period(day, calendar).week for day in (starts[0], starts[-1] - DAY)] == [1, sum(weeks)]


@given(calendar=by_weeks, day=days)
def test_a_week_lies_in_one_fiscal_month(calendar: Calendar, day: date) -> None:
    week = calendar.week_of(day)
    assert fiscal_period(week, calendar) == fiscal_period(week + 6 * DAY, calendar)


@given(calendar=by_weeks, year=years)
def test_a_year_of_weeks_ends_about_the_end_of_its_month(calendar: Calendar, year: int) -> None:
    fiscal = calendar.fiscal
    end = fiscal.year_start(year + 1, calendar.first_weekday) - DAY
    late = fiscal.start_month > 1 and fiscal.named_by == "end"
    month_end = date(year + 1 - late, fiscal.start_month, 1) - DAY
    assert end.weekday() == (calendar.first_weekday - 1) % 7
    if fiscal.end_rule == "last":
        assert timedelta(0) <= month_end - end < WEEK
    else:
        assert abs(month_end - end) <= 3 * DAY


@given(calendar=by_months, day=days)
def test_a_fiscal_year_of_months_goes_by_the_year_in_which_it_ends_or_starts(calendar: Calendar, day: date) -> None:
    found = fiscal_period(day, calendar)
    first = calendar.bucket(day, "fiscal_year")
    last = calendar.bucket_end(first, "fiscal_year") - DAY
    assert (first.day, first.month) == (1, calendar.fiscal.start_month)
    assert found.year == (last.year if calendar.fiscal.named_by == "end" else first.year)
    assert found.week is None


@given(calendar=calendars)
def test_a_calendar_survives_being_written_down(calendar: Calendar) -> None:
    assert Calendar.restored({"sequence": "7", **calendar.stored()}) == calendar
    organisation = Organisation.model_validate({
        name: value
        for name, value in calendar.stored().items()
        if name != "fiscal_year_end_rule" or calendar.fiscal.by_weeks
    } | {"fiscal_year_start_month": calendar.fiscal.start_month})  # fmt: skip
    assert organisation.calendar.stored() == calendar.stored() | {
        "fiscal_year_end_rule": organisation.fiscal_year_end_rule
    }


def test_what_was_published_without_a_fiscal_year_has_the_calendars() -> None:
    assert Calendar.restored({"time_zone": "UTC", "week_start": "sunday"}) == Calendar("UTC", "sunday")


# The same years by other people's arithmetic.


@given(calendar=by_weeks, day=days)
def test_years_and_quarters_of_weeks_are_those_of_pandas(calendar: Calendar, day: date) -> None:
    fiscal = calendar.fiscal
    offset = pd.offsets.FY5253Quarter(
        weekday=(calendar.first_weekday - 1) % 7,
        startingMonth=(fiscal.start_month - 2) % 12 + 1,
        variation=fiscal.end_rule,
        qtr_with_extra_week=4,
    )
    ends = calendar.bucket_end(calendar.bucket(day, "fiscal_quarter"), "fiscal_quarter") - DAY
    assert offset.rollforward(datetime.combine(day, time())).date() == ends


@given(day=days, month=start_months)
def test_years_and_quarters_of_months_are_those_of_pandas(day: date, month: int) -> None:
    calendar = Calendar(fiscal=FiscalCalendar(start_month=month))
    period = pd.Period(day, freq=f"Q-{PANDAS_MONTHS[month - 2]}")
    assert isinstance(period, pd.Period)
    found = fiscal_period(day, calendar)
    assert (found.year, found.quarter) == (period.qyear, period.quarter)
    assert calendar.bucket(day, "fiscal_quarter") == period.start_time.date()


@given(day=days)
def test_weeks_from_monday_are_iso_weeks_and_so_is_the_nearest_year_from_january(day: date) -> None:
    iso_year, iso_week, _ = day.isocalendar()
    assert ISO.week_number(day) == (iso_year, iso_week)
    found = fiscal_period(day, ISO)
    assert (found.year, found.week) == (iso_year, iso_week)


@given(day=days, week_start=week_starts)
def test_a_week_is_numbered_in_the_year_that_has_most_of_its_days(day: date, week_start: str) -> None:
    calendar = Calendar("UTC", week_start)
    year, number = calendar.week_number(day)
    week = calendar.week_of(day)
    assert sum((week + n * DAY).year == year for n in range(7)) >= 4
    assert calendar.week_number(week + 6 * DAY) == (year, number)
    assert calendar.week_number(week + WEEK) in {(year, number + 1), (year + 1, 1)}
    assert 1 <= number <= 53


def test_2026_has_an_iso_week_53() -> None:
    assert ISO.week_number(date(2027, 1, 3)) == (2026, 53)
    assert fiscal_period(date(2027, 1, 3), ISO) == FiscalPeriod(2026, 4, 12, 53, date(2026, 11, 23), date(2027, 1, 4))


# Worked examples.


@pytest.mark.parametrize(
    ("calendar", "year", "start", "weeks"),
    [
        # the retail years of 53 weeks: 2012, 2017, 2023
        (RETAIL, 2012, date(2012, 1, 29), 53),
        (RETAIL, 2013, date(2013, 2, 3), 52),
        (RETAIL, 2017, date(2017, 1, 29), 53),
        (RETAIL, 2022, date(2022, 1, 30), 52),
        (RETAIL, 2023, date(2023, 1, 29), 53),
        (RETAIL, 2024, date(2024, 2, 4), 52),
        (RETAIL, 2026, date(2026, 2, 1), 52),
        # years that ended on the last Saturday of September: 26 September 2020, 30 September 2023
        (SEPTEMBER, 2020, date(2019, 9, 29), 52),
        (SEPTEMBER, 2023, date(2022, 9, 25), 53),
        (SEPTEMBER, 2024, date(2023, 10, 1), 52),
    ],
)
def test_known_fiscal_years(calendar: Calendar, year: int, start: date, weeks: int) -> None:
    assert calendar.bucket(start, "fiscal_year") == start
    assert fiscal_period(start, calendar).year == year
    assert calendar.bucket_end(start, "fiscal_year") == start + weeks * WEEK


def documented() -> Iterator[Any]:
    """Yield the examples of the documentation: the keys of an organisation, first and last day of its FY2026."""
    examples = (ROOT / "docs" / "calendars.md").read_text(encoding="utf-8").split("## Examples")[1].split("\n## ")[0]
    for who, keys, span in re.findall(r"^\| ([^|]+) \| ([^|]+) \| (\d[^|]+) \|$", examples, re.MULTILINE):
        first, last = re.findall(r"(\d+ \w+)(?: (\d{4}))?", span)[:2]
        days = [datetime.strptime(f"{day} {year or last[1]}", "%d %b %Y").date() for day, year in (first, last)]
        yield pytest.param(yaml.safe_load("\n".join(re.findall(r"`([^`]+)`", keys))) or {}, *days, id=who)


@pytest.mark.parametrize(("keys", "first", "last"), list(documented()))
def test_the_documented_fiscal_years(keys: dict[str, Any], first: date, last: date) -> None:
    calendar = Organisation.model_validate(keys).calendar
    assert [fiscal_period(day, calendar).year for day in (first - DAY, first, last, last + DAY)] == [
        2025, 2026, 2026, 2027,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("calendar", "day", "expected"),
    [
        (Calendar(), date(2026, 11, 22), FiscalPeriod(2026, 4, 11, None, date(2026, 11, 1), date(2026, 12, 1))),
        (JULY, date(2026, 6, 30), FiscalPeriod(2026, 4, 12, None, date(2026, 6, 1), date(2026, 7, 1))),
        (JULY, date(2026, 7, 1), FiscalPeriod(2027, 1, 1, None, date(2026, 7, 1), date(2026, 8, 1))),
        (JULY, date(2027, 2, 28), FiscalPeriod(2027, 3, 8, None, date(2027, 2, 1), date(2027, 3, 1))),
        (SEPTEMBER, date(2023, 9, 30), FiscalPeriod(2023, 4, 12, 53, date(2023, 8, 20), date(2023, 10, 1))),
        (SEPTEMBER, date(2023, 10, 1), FiscalPeriod(2024, 1, 1, 1, date(2023, 10, 1), date(2023, 10, 29))),
        (SEPTEMBER, date(2023, 12, 30), FiscalPeriod(2024, 1, 3, 13, date(2023, 11, 26), date(2023, 12, 31))),
        (RETAIL, date(2026, 3, 1), FiscalPeriod(2026, 1, 2, 5, date(2026, 3, 1), date(2026, 4, 5))),
        (RETAIL, date(2024, 2, 3), FiscalPeriod(2023, 4, 12, 53, date(2023, 12, 31), date(2024, 2, 4))),
    ],
)
def test_where_a_day_lies_in_the_fiscal_year(calendar: Calendar, day: date, expected: FiscalPeriod) -> None:
    assert fiscal_period(day, calendar) == expected


@pytest.mark.parametrize(
    ("calendar", "grain", "day", "name"),
    [
        (Calendar(), "day", date(2026, 11, 16), "16 Nov 2026"),
        (Calendar(), "week", date(2026, 11, 16), "2026-W47 (16–22 Nov)"),
        (Calendar(), "week", date(2026, 9, 28), "2026-W40 (28 Sep–4 Oct)"),
        (Calendar(), "week", date(2026, 12, 28), "2026-W53 (28 Dec–3 Jan)"),
        (Calendar("UTC", "sunday"), "week", date(2026, 1, 4), "2026-W01 (4–10 Jan)"),
        (Calendar(), "month", date(2026, 10, 1), "Oct 2026"),
        (Calendar(), "quarter", date(2026, 10, 1), "Q4 2026"),
        (JULY, "quarter", date(2026, 10, 1), "Oct–Dec 2026"),
        (Calendar(), "year", date(2026, 1, 1), "2026"),
        (JULY, "fiscal_month", date(2026, 9, 1), "FY2027 P03"),
        (JULY, "fiscal_quarter", date(2026, 7, 1), "FY2027 Q1"),
        (JULY, "fiscal_year", date(2026, 7, 1), "FY2027"),
        (RETAIL, "fiscal_month", date(2026, 3, 1), "FY2026 P02"),
        (SEPTEMBER, "fiscal_quarter", date(2023, 10, 1), "FY2024 Q1"),
    ],
)
def test_a_period_has_a_name(calendar: Calendar, grain: Any, day: date, name: str) -> None:
    assert words.period_name(day, grain, calendar) == name


@pytest.mark.parametrize(
    ("calendar", "text"),
    [
        (Calendar(), ""),
        (Calendar("Asia/Kathmandu", "sunday"), ""),
        (JULY, "fiscal year from July"),
        (
            Calendar(fiscal=FiscalCalendar(start_month=4, named_by="start")),
            "fiscal year from April, named by the year it starts in",
        ),
        (SEPTEMBER, "4-4-5, year ends last Saturday of September"),
        (RETAIL, "4-5-4, year ends Saturday nearest to the end of January, named by the year it starts in"),
        (ISO, "4-4-5, year ends Sunday nearest to the end of December"),
    ],
)
def test_the_fiscal_year_is_said_in_words(calendar: Calendar, text: str) -> None:
    assert words.fiscal_year(calendar) == text


# What a reader may choose, and what it is compared with.


def test_fiscal_periods_are_offered_where_they_are_other_days() -> None:
    plain = [period for period in PERIODS if not period.startswith("fiscal_")]
    years = ["fiscal_year", "fiscal_ytd"]
    assert [*period_choices(Calendar("Asia/Kathmandu", "sunday"))] == plain
    assert {*period_choices(JULY)} == {*plain, *years}
    assert {*period_choices(FEBRUARY)} == {*plain, *years, "fiscal_quarter", "fiscal_qtd"}
    assert period_choices(RETAIL) == tuple(PERIODS)


NOVEMBER = datetime(2026, 11, 22, 12)  # a Sunday


@pytest.mark.parametrize(
    ("calendar", "period", "start", "end"),
    [
        (Calendar(), "quarter", date(2026, 7, 1), date(2026, 10, 1)),
        (Calendar(), "qtd", date(2026, 10, 1), date(2026, 11, 22)),
        (Calendar(), "year", date(2025, 1, 1), date(2026, 1, 1)),
        (Calendar(), "ytd", date(2026, 1, 1), date(2026, 11, 22)),
        (FEBRUARY, "fiscal_quarter", date(2026, 8, 1), date(2026, 11, 1)),
        (FEBRUARY, "fiscal_qtd", date(2026, 11, 1), date(2026, 11, 22)),
        (JULY, "fiscal_year", date(2025, 7, 1), date(2026, 7, 1)),
        (JULY, "fiscal_ytd", date(2026, 7, 1), date(2026, 11, 22)),
        # weeks from Sunday: the 22nd begins the fourth week of the tenth month
        (RETAIL, "fiscal_month", date(2026, 10, 4), date(2026, 11, 1)),
        (RETAIL, "fiscal_mtd", date(2026, 11, 1), date(2026, 11, 22)),
        (RETAIL, "fiscal_quarter", date(2026, 8, 2), date(2026, 11, 1)),
        (RETAIL, "fiscal_year", date(2025, 2, 2), date(2026, 2, 1)),
        (RETAIL, "fiscal_ytd", date(2026, 2, 1), date(2026, 11, 22)),
    ],
)
def test_the_days_of_a_chosen_period(calendar: Calendar, period: str, start: date, end: date) -> None:
    shown = window(period, NOVEMBER, calendar, None, None)
    assert (shown.start, shown.end, shown.label) == (start, end, PERIODS[period])


@given(calendar=calendars, as_of=st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)))
def test_a_chosen_period_is_complete_or_begins_one_that_runs(calendar: Calendar, as_of: datetime) -> None:
    for period in period_choices(calendar):
        shown = window(period, as_of, calendar, None, None)
        grain = grain_of(period)
        kinds = {calendar.period(one, grain, shown, as_of).kind for one in calendar.buckets(shown, grain)}
        if is_to_date(period):
            assert calendar.bucket(shown.start, grain) == shown.start
            assert shown.end <= calendar.bucket_end(shown.start, grain)
            assert shown.start < shown.end <= as_of.date() + DAY
        elif period != "all":
            assert kinds == {"complete"}


@given(
    calendar=calendars, as_of=st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)),
    compare=st.sampled_from(["previous", "year"]),
)  # fmt: skip
def test_only_equals_are_compared(calendar: Calendar, as_of: datetime, compare: str) -> None:
    for period in period_choices(calendar):
        shown = window(period, as_of, calendar, None, None)
        other = counterpart(shown, period, compare, calendar)
        if period == "all":
            assert other is None
            continue
        assert other is not None
        grain, there = grain_of(period), other.window
        assert there.start < shown.start
        assert there.end <= shown.start or compare == "year"
        assert calendar.bucket(there.start, grain) == there.start
        if grain == "week" or (grain.startswith("fiscal_") and calendar.fiscal.by_weeks):
            assert other.equal == (there.days == shown.days)
            assert there.start.weekday() == shown.start.weekday()
        elif not is_to_date(period):
            assert other.equal
            assert calendar.bucket_end(there.start, grain) == there.end
        elif other.equal and shown.end.day > 1:
            assert (there.end - DAY).day == (shown.end - DAY).day
        if grain.startswith("fiscal_") and compare == "year":
            here, then = fiscal_period(shown.start, calendar), fiscal_period(there.start, calendar)
            assert (then.year, then.period) == (here.year - 1, here.period)


@pytest.mark.parametrize(
    ("calendar", "period", "as_of", "compare", "start", "end", "equal"),
    [
        (Calendar(), "quarter", NOVEMBER, "previous", date(2026, 4, 1), date(2026, 7, 1), True),
        (Calendar(), "quarter", NOVEMBER, "year", date(2025, 7, 1), date(2025, 10, 1), True),
        (Calendar(), "qtd", NOVEMBER, "previous", date(2026, 7, 1), date(2026, 8, 22), True),
        (Calendar(), "ytd", NOVEMBER, "year", date(2025, 1, 1), date(2025, 11, 22), True),
        # through 31 May: whole months against whole months; through 30 May: February has no 30th
        (Calendar(), "qtd", datetime(2026, 6, 1), "previous", date(2026, 1, 1), date(2026, 3, 1), True),
        (Calendar(), "qtd", datetime(2026, 5, 31), "previous", date(2026, 1, 1), date(2026, 3, 1), False),
        # through 29 February
        (Calendar(), "ytd", datetime(2024, 3, 1), "year", date(2023, 1, 1), date(2023, 3, 1), True),
        # five weeks are not compared with the four before, but with the five a year before
        (RETAIL, "fiscal_month", datetime(2026, 4, 8), "previous", date(2026, 2, 1), date(2026, 3, 1), False),
        (RETAIL, "fiscal_month", datetime(2026, 4, 8), "year", date(2025, 3, 2), date(2025, 4, 6), True),
        # the year with a 53rd week, its last quarter and month stand alone; so does the year after it
        (RETAIL, "fiscal_year", datetime(2024, 3, 1), "year", date(2022, 1, 30), date(2023, 1, 29), False),
        (RETAIL, "fiscal_quarter", datetime(2024, 3, 1), "year", date(2022, 10, 30), date(2023, 1, 29), False),
        (RETAIL, "fiscal_year", datetime(2025, 3, 1), "previous", date(2023, 1, 29), date(2024, 2, 4), False),
        # to date in the first weeks of the year after: as many days, week for week
        (RETAIL, "fiscal_ytd", datetime(2024, 2, 21), "year", date(2023, 1, 29), date(2023, 2, 15), True),
        # the 53rd week itself has no counterpart
        (RETAIL, "fiscal_ytd", datetime(2024, 2, 2), "year", date(2022, 1, 30), date(2023, 1, 29), False),
    ],
)
def test_a_period_and_its_counterpart(
    calendar: Calendar, period: str, as_of: datetime, compare: str, start: date, end: date, equal: bool
) -> None:
    other = counterpart(window(period, as_of, calendar, None, None), period, compare, calendar)
    assert other is not None
    assert (other.window.start, other.window.end, other.equal) == (start, end, equal)


@pytest.mark.parametrize(
    ("grain", "start", "as_of", "said"),
    [
        ("fiscal_month", date(2026, 3, 1), datetime(2026, 4, 8), "complete"),
        ("fiscal_month", date(2026, 4, 5), datetime(2026, 4, 8), "to date, 4 of 28 days"),
        ("fiscal_quarter", date(2026, 2, 1), datetime(2026, 4, 8), "to date, 67 of 91 days"),
        ("fiscal_year", date(2026, 2, 1), datetime(2026, 4, 8), "to date, 67 of 364 days"),
        ("fiscal_year", date(2025, 2, 2), datetime(2026, 4, 8), "partial, 32 of 364 days"),
        ("quarter", date(2026, 1, 1), datetime(2026, 4, 8), "complete"),
        ("year", date(2026, 1, 1), datetime(2026, 4, 8), "to date, 98 of 365 days"),
    ],
)
def test_fiscal_periods_have_a_type_like_all_others(grain: Any, start: date, as_of: datetime, said: str) -> None:
    shown = Window(date(2025, 12, 31) if said.startswith("partial") else date(2025, 1, 1), date(2027, 6, 1))
    assert RETAIL.period(start, grain, shown, as_of).words == said
