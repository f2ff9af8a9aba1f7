"""The periods of which a report can be made, by name: 2026-10, 2026-Q4, 2026, FY2027-P03, FY2027-Q1, FY2027. Pure."""

import re
from datetime import date

from readout.periods.calendars import MONTHS_OF, Calendar, Grain, Window, months_before
from readout.periods.fiscal import MONTHS_OF_QUARTER

_CALENDAR = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?")
_FISCAL = re.compile(r"FY(?P<year>\d{4})(?:-P(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?")
FORMS = "2026-10, 2026-Q4, 2026, FY2027-P03, FY2027-Q1 or FY2027"


def reported_period(text: str, calendar: Calendar) -> tuple[Window, Grain]:
    """Return the local days of a named period, and of which grain it is.

    >>> reported_period("2026-Q4", Calendar())[0].days
    92

    Raises:
        ValueError: the text names no period; the message says how one is written.
    """
    if found := _CALENDAR.fullmatch(text):
        grain, first = _part(found)
        start = date(int(found["year"]), first, 1)
        return Window(start, months_before(start, -MONTHS_OF[grain]), text), grain  # ty: ignore[invalid-explicit-return]
    if found := _FISCAL.fullmatch(text):
        grain, first = _part(found)
        starts = calendar.fiscal.month_starts(int(found["year"]), calendar.first_weekday)
        return Window(starts[first - 1], starts[first - 1 + MONTHS_OF[grain]], text), f"fiscal_{grain}"  # ty: ignore[invalid-explicit-return]
    message = f"{text[:40]!r} names no period; write {FORMS}"
    raise ValueError(message)


def _part(found: re.Match[str]) -> tuple[str, int]:
    """Return whether a month, a quarter or a year is meant, and the number of its first month."""
    if found["month"]:
        return "month", int(found["month"])
    if found["quarter"]:
        return "quarter", (int(found["quarter"]) - 1) * MONTHS_OF_QUARTER + 1
    return "year", 1
