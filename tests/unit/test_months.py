"""Names of fiscal months: the calendar's months by theirs, those of weeks by fiscal year and number."""

from datetime import date

import pytest

from readout.periods import Calendar, FiscalCalendar, Window
from readout.periods.months import MonthError, month_name, named_month

MONTHS = Calendar()
JULY = Calendar(fiscal=FiscalCalendar(start_month=7))
WEEKS = Calendar(fiscal=FiscalCalendar("4-4-5", start_month=2), week_start="sunday")


def test_a_calendar_month_has_its_own_name_whatever_the_fiscal_year():
    october = Window(date(2026, 10, 1), date(2026, 11, 1))
    for calendar, fiscal in ((MONTHS, "FY2026-P10"), (JULY, "fy2027p4")):
        assert named_month("2026-10", calendar) == named_month(fiscal, calendar) == october
        assert month_name(october.start, calendar) == "2026-10"


def test_a_month_of_weeks_goes_by_its_fiscal_name():
    found = named_month("FY2027-P09", WEEKS)
    assert (found.days % 7, month_name(found.start, WEEKS)) == (0, "FY2027-P09")
    for number in range(1, 13):
        name = f"FY2027-P{number:02}"
        assert month_name(named_month(name, WEEKS).start, WEEKS) == name


@pytest.mark.parametrize("text", ["2026-13", "October", "", "FY2026-P13", "FY2026-P00", "2026-10-01"])
def test_what_names_no_month_is_refused_with_an_example(text):
    with pytest.raises(MonthError, match="write it as 2026-10"):
        named_month(text, MONTHS)


def test_a_calendar_month_in_a_year_of_weeks_names_the_fiscal_months_that_it_may_mean():
    with pytest.raises(MonthError, match=r"2026-10 is a calendar month; .*name FY2027-P0\d"):
        named_month("2026-10", WEEKS)
