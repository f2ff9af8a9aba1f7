"""Days, instants and windows."""

from datetime import date, datetime, timedelta

from readout.briefs.results import Header
from readout.periods import Window


def day(when: date, *, year: bool = True) -> str:
    """Return 22 Nov 2026, or 22 Nov."""
    text = f"{when.day} {when:%b}"
    return f"{text} {when.year}" if year else text


def moment(when: datetime) -> str:
    """Return Sun 22 Nov 2026, 02:00."""
    return f"{when:%a} {day(when)}, {when:%H:%M}"


def days(window: Window) -> str:
    """Return the first and the last day of a window: 31 Aug to 22 Nov 2026."""
    last = window.end - timedelta(days=1)
    if window.start == last:
        return day(last)
    return f"{day(window.start, year=window.start.year != last.year)} to {day(last)}"


def length(window: Window) -> str:
    """Return a window's length in words: 12 weeks, or 30 days."""
    weeks, rest = divmod(window.days, 7)
    if weeks and not rest:
        return f"{weeks} {'week' if weeks == 1 else 'weeks'}"
    return f"{window.days} {'day' if window.days == 1 else 'days'}"


def period_type(header: Header) -> str:
    """Return the type of the chosen period in words: complete once all of its days have passed."""
    running = header.scope.period == "mtd" or header.window.end > header.as_of_local.date()
    return "to date" if running else "complete"


def stamp(when: datetime | None) -> str:
    """Return an instant of a table: 22 Nov 2026, 02:00."""
    if when is None or when != when:  # noqa: PLR0124 - NaT
        return "–"
    return f"{day(when)}, {when:%H:%M}"
