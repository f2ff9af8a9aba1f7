"""The weekly business review: volumes in %, rates in basis points, missing days, ISO weeks, and what owners say."""

from datetime import date, datetime, timedelta

import pytest

from readout import words
from readout.briefs.review import missing_days
from readout.briefs.review_notes import before, this_week
from readout.periods import Calendar, FiscalCalendar, Window
from readout.warehouse.review_notes import ReviewNote
from tests.unit.test_words import HEADER

WEEK = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("metric", "now", "past", "text"),
    [
        ("throughput", 110, 100, "+10%"),
        ("throughput", 104.6, 100, "+4.6%"),
        ("throughput", 100, 0, "n/a (from 0)"),
        ("throughput", 0, 0, "no change"),
        ("accuracy", 0.862, 0.85, "+120 bp"),
        ("accuracy", 0.85, 0.862, "−120 bp"),
        ("accuracy", 0.85, 0.85, "no change"),
        ("cost_total", 30, 40, "−25%"),
    ],
)
def test_volumes_move_in_percent_and_rates_in_basis_points(metric, now, past, text):
    assert words.review.moved(metric, now, past) == text


def test_a_day_without_a_record_is_missing_only_where_its_weekday_usually_has_one():
    start = date(2026, 8, 3)
    working = {start + timedelta(days=i) for i in range(98) if (start + timedelta(days=i)).weekday() < 5}
    gone = date(2026, 10, 14)
    assert missing_days(working - {gone}, Window(start, start + timedelta(days=98))) == {gone}
    assert missing_days(set(), Window(start, start + timedelta(days=98))) == frozenset()


@pytest.mark.parametrize(
    ("week", "label"), [(date(2026, 11, 16), "W47"), (date(2026, 12, 28), "W53"), (date(2027, 1, 4), "W01")]
)
def test_a_week_goes_by_its_iso_number_in_a_year_of_53_weeks_too(week, label):
    assert words.review.week_label(week, HEADER) == label


def test_periods_to_date_are_those_of_the_fiscal_year_where_it_is_another():
    assert [name for name, _ in words.review.to_date(Calendar())] == ["mtd", "qtd", "ytd"]
    own = Calendar(fiscal=FiscalCalendar(start_month=4))
    assert [grain for _, grain in words.review.to_date(own)] == ["fiscal_month", "fiscal_quarter", "fiscal_year"]


def note(week: date, explanation: str, metric: str = "accuracy", by: date | None = None) -> ReviewNote:
    """Return what an owner said of a week."""
    at = datetime(2026, 11, 24, 9)
    return ReviewNote(week, "desk", metric, explanation, "fix it" if by else "", by, "lead", "x@y", False, at)


def test_the_last_word_of_a_week_counts_and_the_one_before_is_shown_beside_it():
    earlier = WEEK - timedelta(weeks=1)
    notes = (note(earlier, "old", "throughput"), note(WEEK, "first"), note(WEEK, "second"))
    assert this_week(notes, "desk", "accuracy", WEEK) == notes[2]
    assert this_week(notes, "desk", "throughput", WEEK) is None
    assert before(notes, "desk", WEEK) == notes[0]
    assert before(notes, "mill", WEEK) is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, ("Not explained yet", "", "bad")),
        (note(WEEK, "still investigating"), ("Still investigating.", "lead, unverified, 24 Nov", "neutral")),
        (note(WEEK, "slow hub", by=date(2026, 12, 4)),
         ("Slow hub.", "Fix it by 4 Dec. lead, unverified, 24 Nov", "neutral")),
        (note(WEEK, "slow hub", by=date(2026, 11, 25)),
         ("Slow hub.", "Overdue. Fix it by 25 Nov. lead, unverified, 24 Nov", "bad")),
    ],
)  # fmt: skip
def test_an_exception_says_what_its_owner_said_and_whether_the_follow_up_is_overdue(found, said):
    assert words.review.said(found, date(2026, 11, 28)) == said
