"""Names of fiscal months in commands, addresses and records: 2026-10, or FY2027-P03 in a year of weeks. Pure."""

import re
from datetime import date

from readout.periods.calendars import Calendar, Window, fiscal_period

_CALENDAR_MONTH = re.compile(r"(\d{4})-(\d{2})")
_FISCAL_MONTH = re.compile(r"FY(\d{4})-?P(\d{1,2})", re.IGNORECASE)


class MonthError(ValueError):
    """A text that names no fiscal month; the message says what to write instead."""


def month_name(start: date, calendar: Calendar) -> str:
    """Return the name of the fiscal month that begins on a day: 2026-10, or FY2027-P03 where years are of weeks."""
    if not calendar.fiscal.by_weeks:
        return f"{start:%Y-%m}"
    found = fiscal_period(start, calendar)
    return f"FY{found.year}-P{found.period:02}"


def named_month(text: str, calendar: Calendar) -> Window:
    """Return the days of a fiscal month by its name: FY2027-P03, or 2026-10 where months are the calendar's.

    >>> named_month("2026-10", Calendar()).days
    31

    Raises:
        MonthError: the text names none.
    """
    asked = text.strip()
    if found := _FISCAL_MONTH.fullmatch(asked):
        year, number = int(found[1]), int(found[2])
        if 1 <= number <= len(calendar.fiscal.month_starts(year, calendar.first_weekday)) - 1:
            starts = calendar.fiscal.month_starts(year, calendar.first_weekday)
            return Window(starts[number - 1], starts[number])
    if (found := _CALENDAR_MONTH.fullmatch(asked)) and 1 <= int(found[2]) <= 12:  # noqa: PLR2004 - months
        first = date(int(found[1]), int(found[2]), 1)
        if not calendar.fiscal.by_weeks:
            return Window(first, calendar.bucket_end(first, "fiscal_month"))
        names = dict.fromkeys(
            month_name(fiscal_period(day, calendar).start, calendar) for day in (first, first.replace(day=28))
        )
        message = f"{asked} is a calendar month; this organisation's months are of weeks: name {' or '.join(names)}"
        raise MonthError(message)
    example = month_name(fiscal_period(date(2026, 10, 15), calendar).start, calendar)
    message = f"{text!r} names no fiscal month; write it as {example}"
    raise MonthError(message)
