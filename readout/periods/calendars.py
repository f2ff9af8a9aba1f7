"""The organisation's calendar: local days, weeks, months, quarters, years, and those of the fiscal year. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Self, cast
from zoneinfo import ZoneInfo

from readout.periods.fiscal import (
    CALENDAR_YEAR,
    MONTHS,
    MONTHS_OF_QUARTER,
    EndRule,
    FiscalCalendar,
    FiscalPeriod,
    NamedBy,
    Pattern,
)

Grain = Literal[
    "day", "week", "month", "quarter", "year", "fiscal_month", "fiscal_quarter", "fiscal_year", "total",
]  # fmt: skip
By = Literal["hour", Grain]
PeriodType = Literal["complete", "to date", "partial"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS_OF = {"month": 1, "quarter": MONTHS_OF_QUARTER, "year": MONTHS}
FISCAL_MONTHS_OF = {f"fiscal_{grain}": months for grain, months in MONTHS_OF.items()}


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
    """The organisation's one time zone, week start and fiscal year."""

    time_zone: str = "UTC"
    week_start: str = "monday"
    fiscal: FiscalCalendar = CALENDAR_YEAR

    def stored(self) -> dict[str, str]:
        """Return the calendar as texts, to be kept beside what it has bucketed."""
        fiscal = self.fiscal
        return {
            "time_zone": self.time_zone,
            "week_start": self.week_start,
            "fiscal_calendar": fiscal.pattern,
            "fiscal_year_start_month": str(fiscal.start_month),
            "fiscal_year_end_rule": fiscal.end_rule,
            "fiscal_year_named_by": fiscal.named_by,
        }

    @classmethod
    def restored(cls, stored: Mapping[str, str]) -> Self:
        """Return the calendar that `stored` has written, among other texts; no fiscal year: the calendar's."""
        fiscal = FiscalCalendar(
            cast("Pattern", stored.get("fiscal_calendar", CALENDAR_YEAR.pattern)),
            int(stored.get("fiscal_year_start_month", CALENDAR_YEAR.start_month)),
            cast("EndRule", stored.get("fiscal_year_end_rule", CALENDAR_YEAR.end_rule)),
            cast("NamedBy", stored.get("fiscal_year_named_by", CALENDAR_YEAR.named_by)),
        )
        return cls(stored["time_zone"], stored["week_start"], fiscal)

    @property
    def first_weekday(self) -> int:
        """The weekday on which weeks start, 0 = Monday."""
        return WEEKDAYS.index(self.week_start)

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

    def instant_of(self, text: str) -> datetime:
        """Return the naive UTC instant of an as-of: the end of a local day (2026-10-31), or what the text names.

        Raises:
            ValueError: it is neither.
        """
        found = datetime.fromisoformat(text)
        if len(text) == len("2026-10-31"):
            return self.start_of(found.date() + timedelta(days=1))
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found

    def day_of(self, instant: datetime) -> date:
        """Return the local day of a naive UTC instant."""
        return self.local(instant).date()

    def week_of(self, day: date) -> date:
        """Return the first day of the week that a day belongs to."""
        return day - timedelta(days=(day.weekday() - self.first_weekday) % 7)

    def week_number(self, day: date) -> tuple[int, int]:
        """Return the year and number of the week that a day belongs to.

        A week belongs to the year in which most of its days lie: the ISO week where weeks start on Monday.
        """
        middle = self.week_of(day) + timedelta(days=3)
        return middle.year, (middle - date(middle.year, 1, 1)).days // 7 + 1

    def bucket(self, day: date, grain: Grain) -> date:
        """Return the first day of the bucket that a day belongs to (`total` has no bucket: the day itself)."""
        if grain == "week":
            return self.week_of(day)
        if grain in MONTHS_OF:
            months = MONTHS_OF[grain]
            return date(day.year, (day.month - 1) // months * months + 1, 1)
        if grain in FISCAL_MONTHS_OF:
            return self._fiscal_bucket(day, FISCAL_MONTHS_OF[grain])[0]
        return day

    def bucket_end(self, start: date, grain: Grain) -> date:
        """Return the day after a bucket's last one."""
        if grain == "week":
            return start + timedelta(days=7)
        if grain in MONTHS_OF:
            return months_before(start, -MONTHS_OF[grain])
        if grain in FISCAL_MONTHS_OF:
            return self._fiscal_bucket(start, FISCAL_MONTHS_OF[grain])[1]
        return start + timedelta(days=1)

    def _fiscal_bucket(self, day: date, months: int) -> tuple[date, date]:
        starts = self.fiscal.month_starts(self.fiscal.year_of(day, self.first_weekday), self.first_weekday)
        first = (sum(start <= day for start in starts) - 1) // months * months
        return starts[first], starts[first + months]

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


def fiscal_period(day: date, calendar: Calendar) -> FiscalPeriod:
    """Return the fiscal year, quarter, month and week of a local day.

    >>> fiscal_period(date(2026, 10, 1), Calendar(fiscal=FiscalCalendar(start_month=7))).year
    2027
    """
    fiscal, first_weekday = calendar.fiscal, calendar.first_weekday
    year = fiscal.year_of(day, first_weekday)
    starts = fiscal.month_starts(year, first_weekday)
    period = sum(start <= day for start in starts)
    week = (day - starts[0]).days // 7 + 1 if fiscal.by_weeks else None
    quarter = (period - 1) // MONTHS_OF_QUARTER + 1
    return FiscalPeriod(year, quarter, period, week, starts[period - 1], starts[period])


def next_month(day: date) -> date:
    """Return the first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month (a later one for negative months); a shorter month gives its last day."""
    index = day.year * MONTHS + day.month - 1 - months
    first = date(index // MONTHS, index % MONTHS + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_month(first) - timedelta(days=1))
