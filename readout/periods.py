"""Calendars, windows, comparison periods and period types. Pure; METRICS rules 2 and 4.

A local day is a half-open range of UTC instants in the organisation's zone, 23 or 25 hours long when clocks change.
Every range of days is half-open: `start` belongs to it, `end` does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Grain = Literal["day", "week", "month", "total"]
PeriodType = Literal["complete", "to date", "partial"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEAR_OF_WEEKS = timedelta(days=364)  # the prior-year week is 364 days earlier: same weekday, ISO week 53 included


@dataclass(frozen=True)
class Window:
    """A half-open range of local days with the words for it."""

    start: date
    end: date
    label: str = ""

    @property
    def days(self) -> int:
        """Number of local days."""
        return (self.end - self.start).days


@dataclass(frozen=True)
class Period:
    """One bucket of a grain: its full range, and how much of it the figures cover."""

    start: date
    end: date
    kind: PeriodType
    covered_days: int

    @property
    def words(self) -> str:
        """`complete`, `to date, 3 of 7 days` or `partial, 3 of 7 days`."""
        if self.kind == "complete":
            return "complete"
        return f"{self.kind}, {self.covered_days} of {(self.end - self.start).days} days"


@dataclass(frozen=True)
class Calendar:
    """The organisation's one time zone and week start."""

    time_zone: str = "UTC"
    week_start: str = "monday"

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return the naive UTC instants between which a local day lies."""
        return self.start_of(day), self.start_of(day + timedelta(days=1))

    def start_of(self, day: date) -> datetime:
        """Return the naive UTC instant at which a local day begins."""
        midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(self.time_zone))
        # a zone whose clocks jump over midnight has no 00:00: going through UTC gives the first instant of the day
        return midnight.astimezone(UTC).replace(tzinfo=None)

    def local(self, instant: datetime) -> datetime:
        """Return a naive UTC instant as an aware local one."""
        return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone))

    def day_of(self, instant: datetime) -> date:
        """Return the local day of a naive UTC instant."""
        return self.local(instant).date()

    def week_of(self, day: date) -> date:
        """Return the first day of the week that a day belongs to."""
        return day - timedelta(days=(day.weekday() - WEEKDAYS.index(self.week_start)) % 7)

    def bucket(self, day: date, grain: Grain) -> date:
        """Return the first day of the bucket that a day belongs to (`total` has no bucket: the day itself)."""
        if grain == "week":
            return self.week_of(day)
        if grain == "month":
            return day.replace(day=1)
        return day

    def bucket_end(self, start: date, grain: Grain) -> date:
        """Return the day after a bucket's last one."""
        if grain == "week":
            return start + timedelta(days=7)
        if grain == "month":
            return next_month(start)
        return start + timedelta(days=1)

    def buckets(self, window: Window, grain: Grain) -> Iterator[date]:
        """Yield the starts of the buckets that a window touches, oldest first."""
        if grain == "total":
            yield window.start
            return
        start = self.bucket(window.start, grain)
        while start < window.end:
            yield start
            start = self.bucket_end(start, grain)

    def period(self, start: date, grain: Grain, window: Window, as_of: datetime) -> Period:
        """Return the bucket with its type.

        complete: all of it lies in the window and before as-of. to date: it is still running at as-of and the window
        does not cut it. partial: the window cuts it.
        """
        end = window.end if grain == "total" else self.bucket_end(start, grain)
        inside_from, inside_to = max(start, window.start), min(end, window.end)
        running = self.start_of(end) > as_of
        last = min(inside_to, self.day_of(as_of) + timedelta(days=1)) if running else inside_to
        covered = max((last - inside_from).days, 0)
        if inside_from > start or (inside_to < end and self.start_of(inside_to) <= as_of):
            return Period(start, end, "partial", covered)
        return Period(start, end, "to date" if running else "complete", covered)


def next_month(day: date) -> date:
    """Return the first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month; the 31st becomes the last day of a shorter one."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_month(first) - timedelta(days=1))


PERIODS = {
    "4w": "Last 4 complete weeks",
    "12w": "Last 12 complete weeks",
    "26w": "Last 26 complete weeks",
    "52w": "Last 52 complete weeks",
    "month": "Last complete month",
    "mtd": "This month to date",
    "all": "All data",
}
COMPARISONS = {"previous": "Period before", "year": "Same weeks a year before", "none": "No comparison"}


def window(period: str, as_of: datetime, calendar: Calendar, first: date | None, last: date | None) -> Window:
    """Return the days of a named period (a key of PERIODS) before as-of.

    Weeks and the month are complete ones; `mtd` ends with the last whole day before as-of; `all` covers every week
    with data.
    """
    today = calendar.day_of(as_of)
    if calendar.start_of(today + timedelta(days=1)) <= as_of:
        today += timedelta(days=1)
    label = PERIODS[period]
    if period == "month":
        end = today.replace(day=1)
        return Window(months_before(end, 1), end, label)
    if period == "mtd":
        return Window(today.replace(day=1), max(today, today.replace(day=1) + timedelta(days=1)), label)
    if period == "all":
        return Window(calendar.week_of(first or today), calendar.week_of(last or today) + timedelta(weeks=1), label)
    end = calendar.week_of(today)
    return Window(end - timedelta(weeks=int(period.removesuffix("w"))), end, label)


def compared_with(chosen: Window, period: str, compare: str) -> Window | None:
    """Return the comparison window of equal length and completeness, None where there is none.

    Weeks go back by their own length or by 364 days; months compare on the same days of the month.
    """
    if compare == "none" or period == "all":
        return None
    label = COMPARISONS[compare]
    if period in {"month", "mtd"}:
        back = 12 if compare == "year" else 1
        start = months_before(chosen.start, back)
        if period == "month":
            return Window(start, next_month(start), label)
        end = start + timedelta(days=chosen.days)
        return Window(start, end, label) if end <= next_month(start) else None  # a shorter month has no such days
    shift = YEAR_OF_WEEKS if compare == "year" else chosen.end - chosen.start
    return Window(chosen.start - shift, chosen.end - shift, label)
