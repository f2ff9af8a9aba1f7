"""The periods that a reader may choose, and what each is compared with: equal length, equal completeness. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from readout.periods.calendars import FISCAL_MONTHS_OF, MONTHS_OF, Calendar, Grain, Window, fiscal_period, months_before
from readout.periods.fiscal import MONTHS

YEAR_OF_WEEKS = timedelta(days=364)  # the prior-year week is 364 days earlier: same weekday, ISO week 53 included
PERIODS = {
    "4w": "Last 4 complete weeks",
    "12w": "Last 12 complete weeks",
    "26w": "Last 26 complete weeks",
    "52w": "Last 52 complete weeks",
    "month": "Last complete month",
    "mtd": "This month to date",
    "quarter": "Last complete quarter",
    "qtd": "This quarter to date",
    "year": "Last complete year",
    "ytd": "This year to date",
    "fiscal_month": "Last complete fiscal month",
    "fiscal_mtd": "Fiscal month to date",
    "fiscal_quarter": "Last complete fiscal quarter",
    "fiscal_qtd": "Fiscal quarter to date",
    "fiscal_year": "Last complete fiscal year",
    "fiscal_ytd": "Fiscal year to date",
    "all": "All data",
}
COMPARISONS = {"previous": "Period before", "year": "Same period a year before", "none": "No comparison"}
_TO_DATE: dict[str, Grain] = {
    "mtd": "month", "qtd": "quarter", "ytd": "year",
    "fiscal_mtd": "fiscal_month", "fiscal_qtd": "fiscal_quarter", "fiscal_ytd": "fiscal_year",
}  # fmt: skip
_COMPLETE: dict[str, Grain] = {grain: grain for grain in _TO_DATE.values()}


@dataclass(frozen=True)
class Counterpart:
    """What a window is to be compared with. Not `equal`: one of both is longer, so that no change is shown."""

    window: Window
    equal: bool = True


def grain_of(period: str) -> Grain:
    """Return the grain of which a chosen period (a key of PERIODS) is one; weeks and all data are made of weeks."""
    return _TO_DATE.get(period) or _COMPLETE.get(period, "week")


def is_to_date(period: str) -> bool:
    """Whether a chosen period still runs."""
    return period in _TO_DATE


def period_choices(calendar: Calendar) -> tuple[str, ...]:
    """Return the keys of PERIODS that an organisation may choose from: fiscal ones where they are other days."""
    return tuple(period for period in PERIODS if _differs(grain_of(period), calendar))


def _differs(grain: Grain, calendar: Calendar) -> bool:
    if grain not in FISCAL_MONTHS_OF or calendar.fiscal.by_weeks:
        return True
    return (calendar.fiscal.start_month - 1) % FISCAL_MONTHS_OF[grain] != 0


def window(period: str, as_of: datetime, calendar: Calendar, first: date | None, last: date | None) -> Window:
    """Return the days of a named period (a key of PERIODS) before as-of.

    Weeks, months, quarters and years are complete ones; those to date end with the last whole day before as-of; `all`
    covers every week with data.
    """
    today = calendar.day_of(as_of)
    if calendar.start_of(today + timedelta(days=1)) <= as_of:
        today += timedelta(days=1)
    label, grain = PERIODS[period], grain_of(period)
    start = calendar.bucket(today, grain)
    if period in _COMPLETE:
        return Window(calendar.bucket(start - timedelta(days=1), grain), start, label)
    if period in _TO_DATE:
        return Window(start, max(today, start + timedelta(days=1)), label)
    if period == "all":
        return Window(calendar.week_of(first or today), calendar.week_of(last or today) + timedelta(weeks=1), label)
    return Window(start - timedelta(weeks=int(period.removesuffix("w"))), start, label)


def compared_with(chosen: Window, period: str, compare: str, calendar: Calendar) -> Window | None:
    """Return the comparison window of equal length and completeness, None where there is none."""
    found = counterpart(chosen, period, compare, calendar)
    return found.window if found and found.equal else None


def counterpart(chosen: Window, period: str, compare: str, calendar: Calendar) -> Counterpart | None:
    """Return what a window is to be compared with, None where nothing is asked or nothing lies before.

    Weeks go back by their own length or by 364 days. Months, and quarters and years of months, are compared with whole
    ones; to date, up to the same day of the month. Fiscal months, quarters and years of weeks are compared with those
    before, or of the same number a year before, where these have as many weeks; to date, over as many days.
    """
    if compare == "none" or period == "all":
        return None
    label, grain = COMPARISONS[compare], grain_of(period)
    if grain == "week":
        shift = YEAR_OF_WEEKS if compare == "year" else chosen.end - chosen.start
        return Counterpart(Window(chosen.start - shift, chosen.end - shift, label))
    if grain in FISCAL_MONTHS_OF and calendar.fiscal.by_weeks:
        return _of_weeks(chosen, grain, label, calendar, to_date=is_to_date(period), year=compare == "year")
    months = MONTHS if compare == "year" else {**MONTHS_OF, **FISCAL_MONTHS_OF}[grain]
    start, end = months_before(chosen.start, months), months_before(chosen.end, months)
    if is_to_date(period) and chosen.end.day > 1:
        # the last day that is counted has to exist in the earlier month too
        last = chosen.end - timedelta(days=1)
        earlier = months_before(last, months)
        end = earlier + timedelta(days=1)
        return Counterpart(Window(start, end, label), equal=earlier.day == last.day)
    return Counterpart(Window(start, end, label))


def _of_weeks(
    chosen: Window, grain: Grain, label: str, calendar: Calendar, *, to_date: bool, year: bool
) -> Counterpart:
    start = calendar.bucket(chosen.start - timedelta(days=1), grain)
    if year:
        here = fiscal_period(chosen.start, calendar)
        start = calendar.fiscal.month_starts(here.year - 1, calendar.first_weekday)[here.period - 1]
    end = calendar.bucket_end(start, grain)
    if to_date:
        end = min(end, start + (chosen.end - chosen.start))
    found = Window(start, end, label)
    return Counterpart(found, equal=found.days == chosen.days)
