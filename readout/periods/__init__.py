"""Calendars, windows, comparison periods and period types. Pure; METRICS rules 2 and 4.

A local day is a half-open range of UTC instants in the organisation's zone, 23 or 25 hours long when clocks change.
Every range of days is half-open: `start` belongs to it, `end` does not.
"""

from readout.periods.calendars import (
    WEEKDAYS,
    By,
    Calendar,
    Grain,
    Period,
    PeriodType,
    Window,
    fiscal_period,
    months_before,
    next_month,
)
from readout.periods.fiscal import CALENDAR_YEAR, EndRule, FiscalCalendar, FiscalPeriod, NamedBy, Pattern
from readout.periods.windows import (
    COMPARISONS,
    PERIODS,
    YEAR_OF_WEEKS,
    Counterpart,
    compared_with,
    counterpart,
    grain_of,
    is_to_date,
    period_choices,
    window,
)

__all__ = [
    "CALENDAR_YEAR",
    "COMPARISONS",
    "PERIODS",
    "WEEKDAYS",
    "YEAR_OF_WEEKS",
    "By",
    "Calendar",
    "Counterpart",
    "EndRule",
    "FiscalCalendar",
    "FiscalPeriod",
    "Grain",
    "NamedBy",
    "Pattern",
    "Period",
    "PeriodType",
    "Window",
    "compared_with",
    "counterpart",
    "fiscal_period",
    "grain_of",
    "is_to_date",
    "months_before",
    "next_month",
    "period_choices",
    "window",
]
