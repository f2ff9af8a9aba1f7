"""Days, instants, windows, and the organisation's calendar."""

import calendar as gregorian
from datetime import date, datetime, timedelta

from readout.briefs.results import Header
from readout.periods import (
    WEEKDAYS,
    Calendar,
    Grain,
    Window,
    fiscal_period,
    grain_of,
    is_to_date,
    months_before,
)  # fmt: skip
from readout.words import locales

FISCAL: dict[str, Grain] = {"month": "fiscal_month", "quarter": "fiscal_quarter", "year": "fiscal_year"}


def day(when: date, *, year: bool = True) -> str:
    """Return 22 Nov 2026, or 22 Nov."""
    return locales.day(when, year=year)


def moment(when: datetime) -> str:
    """Return Sun 22 Nov 2026, 02:00."""
    return f"{locales.weekday(when)} {day(when)}, {when:%H:%M}"


def days(window: Window) -> str:
    """Return the first and the last day of a window: 31 Aug to 22 Nov 2026."""
    last = window.end - timedelta(days=1)
    if window.start == last:
        return day(last)
    return f"{day(window.start, year=window.start.year != last.year)} to {day(last)}"


def complete_weeks(header: Header) -> tuple[date, ...]:
    """Return the first days of the weeks of the chosen period that are whole, oldest first."""
    calendar = header.calendar
    return tuple(
        week
        for week in calendar.buckets(header.window, "week")
        if calendar.period(week, "week", header.window, header.as_of).kind == "complete"
    )


def length(window: Window) -> str:
    """Return a window's length in words: 12 weeks, or 30 days."""
    weeks, rest = divmod(window.days, 7)
    if weeks and not rest:
        return f"{weeks} {'week' if weeks == 1 else 'weeks'}"
    return f"{window.days} {'day' if window.days == 1 else 'days'}"


def period_type(header: Header) -> str:
    """Return the type of the chosen period in words: complete once all of its days have passed."""
    running = is_to_date(header.scope.period) or header.window.end > header.as_of_local.date()
    return "to date" if running else "complete"


def shown_period(header: Header) -> str:
    """Return the chosen period: FY2027 P03: 5 Apr to 2 May 2026, 4 weeks, complete."""
    text = f"{days(header.window)}, {length(header.window)}, {period_type(header)}"
    grain, calendar, start = grain_of(header.scope.period), header.calendar, header.window.start
    fiscal = FISCAL.get(grain, grain)
    # a calendar month or quarter that is a fiscal one too goes by the name that the organisation knows
    one = fiscal in FISCAL.values() and calendar.bucket_end(start, grain) == calendar.bucket_end(start, fiscal)
    if calendar.fiscal.plain or not one or calendar.bucket(start, fiscal) != start:
        return text
    return f"{period_name(start, fiscal, calendar)}: {text}"


def not_compared(header: Header) -> str:
    """Return why nothing stands against the chosen period, empty where its counterpart is as long."""
    if header.unequal is None:
        return ""
    here, there = header.window.days, header.unequal.days
    unit = "days" if here % 7 or there % 7 else "weeks"
    if unit == "weeks":
        here, there = here // 7, there // 7
    return f"{days(header.unequal)} has {there} {unit}, this period {here}"


def period_name(start: date, grain: Grain, calendar: Calendar) -> str:
    """Return the name of the bucket that begins on a day: 2026-W47 (16–22 Nov), Oct 2026, Q4 2026, FY2027 P03."""
    if grain == "week":
        year, number = calendar.week_number(start)
        last = start + timedelta(days=6)
        whole = start.month != last.month or not locales.manner().plain
        first = day(start, year=False) if whole else str(start.day)
        return f"{year}-W{number:02} ({first}–{day(last, year=False)})"
    if grain == "month":
        return locales.month(start)
    if grain == "quarter":
        # beside fiscal quarters, Q4 alone could mean either
        name = f"Q{start.month // 3 + 1}" if calendar.fiscal.plain else _months(start, months_before(start, -2))
        return f"{name} {start.year}"
    if grain == "year":
        return str(start.year)
    if grain.startswith("fiscal_"):
        found = fiscal_period(start, calendar)
        part = {"fiscal_month": f" P{found.period:02}", "fiscal_quarter": f" Q{found.quarter}"}.get(grain, "")
        return f"FY{found.year}{part}"
    return day(start)


def _months(first: date, last: date) -> str:
    return f"{locales.month(first, year=False)}–{locales.month(last, year=False)}"


def month_title(start: date, calendar: Calendar) -> str:
    """Return the title of a fiscal month: Oct 2026, or FY2027 P03 where the year is of weeks."""
    return period_name(start, "fiscal_month" if calendar.fiscal.by_weeks else "month", calendar)


def weeks_start(week_start: str) -> str:
    """Return on which weekday weeks start."""
    return f"weeks start on {week_start.capitalize()}"


def fiscal_year(calendar: Calendar) -> str:
    """Return the fiscal year in words, empty where it is the calendar's: 4-4-5, year ends last Saturday of January."""
    fiscal = calendar.fiscal
    if fiscal.plain:
        return ""
    named = "" if fiscal.named_by == "end" or fiscal.start_month == 1 else ", named by the year it starts in"
    if not fiscal.by_weeks:
        return f"fiscal year from {gregorian.month_name[fiscal.start_month]}{named}"
    last_day = WEEKDAYS[calendar.first_weekday - 1].capitalize()
    month = gregorian.month_name[(fiscal.start_month - 2) % 12 + 1]
    ends = f"last {last_day} of" if fiscal.end_rule == "last" else f"{last_day} nearest to the end of"
    return f"{fiscal.pattern}, year ends {ends} {month}{named}"


def stamp(when: datetime | None) -> str:
    """Return an instant of a table: 22 Nov 2026, 02:00."""
    if when is None or when != when:  # noqa: PLR0124 - NaT
        return "–"
    return f"{day(when)}, {when:%H:%M}"
