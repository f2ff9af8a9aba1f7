"""Hours that came back: whole months, claimable tasks, an error of the baseline that does not average out."""

from dataclasses import replace
from datetime import date

import pytest

from readout.briefs.capacity import capacity
from readout.briefs.reduction import DAYS_PER_MONTH, HandlingBaseline

SECOND = 1_000_000
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
# 600 s a task before, known to ± 10 s (one standard error); 100 tasks in a mean month
BASELINE = HandlingBaseline("", 100.0, 600.0, 100.0, 100.0)


def sums(n, seconds):
    """Return n tasks of the same length."""
    return {"": (float(n), n * seconds * SECOND, n * (seconds * SECOND) ** 2)}


def test_hours_by_hand_and_what_is_beyond_the_stage_counts_for_nothing():
    found = capacity([BASELINE], {FEBRUARY: sums(10, 300), MARCH: sums(10, 420)}, {MARCH: 0.3})
    hours = 300 * 10 / 3600 + 180 * 7 / 3600
    assert found.hours == pytest.approx(hours)
    assert [month.claimable for month in found.months] == [10, 7]
    assert (found.claimable, found.tasks, found.beyond) == (17, 20, 3)
    assert found.before == 600
    assert found.at() == pytest.approx(hours)
    assert found.at(before=660, share=0.5) == pytest.approx((hours + 60 * 17 / 3600) / 2)


def test_a_busy_month_lends_nothing_to_the_next():
    found = capacity([BASELINE], {FEBRUARY: sums(1000, 300), MARCH: sums(10, 300)}, {})
    assert found.claimable == pytest.approx(100 * 28 / DAYS_PER_MONTH + 10)


def test_the_error_of_the_baseline_grows_with_every_month_that_it_is_used_for():
    one = capacity([BASELINE], {FEBRUARY: sums(10, 300)}, {})
    two = capacity([BASELINE], {FEBRUARY: sums(10, 300), MARCH: sums(10, 300)}, {})
    assert one.half_width == pytest.approx(1.959964 * 10 * 10 / 3600)
    assert one.half_width is not None
    assert two.half_width == pytest.approx(2 * one.half_width)


def test_without_a_spread_of_the_baseline_there_is_no_interval():
    assert capacity([replace(BASELINE, variance=0.0)], {FEBRUARY: sums(10, 300)}, {}).half_width is None


def test_a_month_with_too_few_tasks_is_unknown_and_not_zero():
    found = capacity([BASELINE], {FEBRUARY: sums(10, 300), MARCH: sums(2, 300)}, {})
    assert [month.hours is None for month in found.months] == [False, True]
    assert [month.month for month in found.unknown] == [MARCH]
    assert found.hours == pytest.approx(300 * 10 / 3600)


@pytest.mark.parametrize(
    ("baselines", "months", "said"),
    [([], {FEBRUARY: sums(10, 1)}, "no baseline"), ([BASELINE], {}, "no whole month since the launch"),
     ([BASELINE], {MARCH: sums(1, 1)}, "too few tasks now")],
)  # fmt: skip
def test_what_cannot_be_said_says_why(baselines, months, said):
    found = capacity(baselines, months, {})
    assert found.hours is None
    assert said in found.reason
