"""Fiscal years: of twelve calendar months from any month, or of 52 and 53 weeks (4-4-5, 4-5-4, 5-4-4). Pure.

A year of weeks is made of the organisation's own weeks, so that a week lies in one fiscal month, quarter and year. It
ends on the last day of a week: the last such weekday of a month, or the one nearest to the month's end. Every fifth or
sixth year that leaves a 53rd week; the twelfth month has it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Literal

Pattern = Literal["calendar", "4-4-5", "4-5-4", "5-4-4"]
EndRule = Literal["last", "nearest"]
NamedBy = Literal["end", "start"]
MONTHS, MONTHS_OF_QUARTER = 12, 3


@dataclass(frozen=True)
class FiscalCalendar:
    """How an organisation cuts its year. The default is the calendar's year."""

    pattern: Pattern = "calendar"  # weeks of the three months of each quarter; calendar: the months themselves
    start_month: int = 1  # a year of weeks ends about the end of the month before
    end_rule: EndRule = "last"  # of a year of weeks: the last such weekday of the month, or the nearest to its end
    named_by: NamedBy = "end"  # FY2027 is the year that ends in 2027, or the one that starts in 2027

    @property
    def by_weeks(self) -> bool:
        """Whether the year is made of whole weeks."""
        return self.pattern != "calendar"

    @property
    def plain(self) -> bool:
        """Whether the fiscal year is the calendar's."""
        return not self.by_weeks and self.start_month == 1

    def year_start(self, year: int, first_weekday: int) -> date:
        """Return the first day of a fiscal year; weeks start on `first_weekday` (0 = Monday)."""
        late = self.start_month > 1 and self.named_by == "end"  # it starts in the calendar year before its name
        first = date(year - late, self.start_month, 1)
        if not self.by_weeks:
            return first
        # the week that holds the 1st, or the week that has most of its days in the month: then the end is nearest
        inside = first if self.end_rule == "last" else first + timedelta(days=3)
        return inside - timedelta(days=(inside.weekday() - first_weekday) % 7)

    def year_of(self, day: date, first_weekday: int) -> int:
        """Return the name of the fiscal year that a day belongs to."""
        year = day.year + 1
        while self.year_start(year, first_weekday) > day:
            year -= 1
        return year

    def month_starts(self, year: int, first_weekday: int) -> tuple[date, ...]:
        """Return the first days of a year's twelve fiscal months, and of the year after."""
        return _month_starts(self, year, first_weekday)


CALENDAR_YEAR = FiscalCalendar()


@lru_cache(maxsize=512)
def _month_starts(fiscal: FiscalCalendar, year: int, first_weekday: int) -> tuple[date, ...]:
    start, end = (fiscal.year_start(name, first_weekday) for name in (year, year + 1))
    if fiscal.by_weeks:
        weeks = [int(number) for number in fiscal.pattern.split("-")] * 4
        return (*(start + timedelta(weeks=before) for before in accumulate(weeks[:-1], initial=0)), end)
    months = [start.month - 1 + offset for offset in range(MONTHS + 1)]
    return tuple(date(start.year + month // MONTHS, month % MONTHS + 1, 1) for month in months)


@dataclass(frozen=True)
class FiscalPeriod:
    """Where a day lies in the fiscal year. `start` and `end` are those of the fiscal month; `end` is not in it."""

    year: int
    quarter: int  # 1 to 4
    period: int  # fiscal month, 1 to 12
    week: int | None  # of a year of weeks, 1 to 53; a year of months cuts weeks, so that they have no number in it
    start: date
    end: date
