"""A week is a signal or it is routine variation: the rules, the limits that follow a shift, and the words for both."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout import words
from readout.briefs.results import Figure
from readout.signals import Verdict, Week, outlook, read

FIRST = date(2026, 1, 5)
CALM = [12, 15, 11, 14, 13, 16, 12, 15, 13, 14, 12, 15]


def weeks(values: Sequence[float | None], bottoms: list[float] | None = None, *, running: int = 0) -> list[Week]:
    """Return consecutive weeks; the last `running` ones are not over."""
    last = len(values) - running
    return [
        Week(FIRST + timedelta(weeks=i), value, bottoms[i] if bottoms else None, i < last)
        for i, value in enumerate(values)
    ]


def week(index: int) -> date:
    """Return the first day of a week of the series."""
    return FIRST + timedelta(weeks=index)


@pytest.mark.parametrize(
    ("values", "state", "rule", "side", "since", "lasts"),
    [
        (CALM, "routine", "", "", None, 0),
        ([*CALM, 30], "signal", "outside", "high", 12, 1),
        ([*CALM, 30, 31], "signal", "outside", "high", 12, 2),
        ([*CALM, 2, 1, 2], "signal", "outside", "low", 12, 3),
        ([*CALM, 18, 13, 18, 19], "signal", "near", "high", 13, 3),
        ([10, 10, 11, 10, 12, 12, 13, 12, 13, 13, 12, 13], "signal", "shift", "high", 4, 8),
        ([*CALM, 18, 17, 18, 19, 17, 18, 19, 17], "signal", "shift", "high", 12, 8),
        (CALM[:7], "too_few", "", "", None, 0),
        ([5] * 12, "flat", "", "", None, 0),
        ([*CALM, None], "no_value", "", "", None, 0),
        ([], "no_value", "", "", None, 0),
    ],
)
def test_the_last_week_is_a_signal_or_it_is_not(values, state, rule, side, since, lasts):
    found = read(weeks(values))
    assert (found.state, found.rule, found.side) == (state, rule, side)
    assert found.since == (None if since is None else week(since))
    assert found.weeks == lasts


def test_a_week_outside_that_was_followed_by_ordinary_ones_is_remembered_and_no_signal():
    found = read(weeks([*CALM, 30, 13, 14]))
    assert (found.state, found.passed) == ("routine", (week(12),))


def test_after_a_shift_the_limits_start_anew_and_what_is_old_is_the_new_normal():
    shifted = [*CALM, *(value + 20 for value in CALM)]
    found = read(weeks(shifted))
    assert (found.rule, found.since) == ("shift", week(12))
    assert [band.start for band in found.bands] == [week(0), week(12)]
    assert found.band is not None
    assert found.band.centre == pytest.approx(33.5)
    later = read(weeks([*shifted, *(value + 20 for value in CALM)]))
    assert later.state == "routine"
    assert read(weeks([*shifted, *(value + 20 for value in CALM)]), recent=week(10)).since == week(12)


def test_limits_belong_to_the_weeks_in_which_they_hold():
    found = read(weeks([*CALM, *(value + 20 for value in CALM)]))
    before, after = found.at(week(5)), found.at(week(20))
    assert before is not None
    assert after is not None
    assert before.upper < after.lower
    assert found.at(week(99)) == after
    assert found.at(week(-1)) is None


def test_a_running_week_is_never_tested():
    assert read(weeks([*CALM, 99], running=1)).state == "routine"


def test_a_rate_is_pooled_and_a_week_with_few_events_says_nothing():
    bottoms = [50.0] * 12
    found = read(weeks([40, 42, 39, 41, 40, 43, 40, 42, 41, 40, 42, 40], bottoms), domain=(0, 1))
    assert found.band is not None
    assert found.band.centre == pytest.approx(490 / 600)
    few = read(weeks([40, 42, 39, 41, 40, 43, 40, 42, 41, 40, 42, 0], [*bottoms[:-1], 4.0]), domain=(0, 1))
    assert few.state != "signal"


@given(st.lists(st.integers(0, 40), min_size=8, max_size=40))
def test_a_mirrored_series_has_the_mirrored_signal(values):
    up = read(weeks([float(value) for value in values]), domain=(None, None))
    down = read(weeks([-float(value) for value in values]), domain=(None, None))
    assert (up.state, up.rule, up.since) == (down.state, down.rule, down.since)
    assert {up.side, down.side} in ({"high", "low"}, {""})


@given(st.lists(st.integers(0, 40), min_size=8, max_size=30), st.integers(-50, 50), st.integers(1, 9))
def test_the_scale_of_a_series_does_not_change_its_signal(values, offset, factor):
    plain = read(weeks([float(value) for value in values]), domain=(None, None))
    scaled = read(weeks([value * 2.0**factor + offset * 1024 for value in values]), domain=(None, None))
    assert (plain.rule, plain.since, plain.weeks) == (scaled.rule, scaled.since, scaled.weeks)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.integers(0, 1000))
def test_what_a_running_week_holds_changes_nothing(values, running):
    series = [float(value) for value in values]
    assert read(weeks([*series, float(running)], running=1)) == read(weeks([*series, 0.0], running=1))


@pytest.mark.parametrize(
    ("op", "line", "said"),
    [
        (">", 5, "passing"), (">", 13, "hit_or_miss"), (">", 25, "failing"),
        ("<", 25, "passing"), ("<", 13, "hit_or_miss"), ("<", 5, "failing"), ("==", 13, ""),
    ],
)  # fmt: skip
def test_a_line_beyond_the_limits_will_hold_or_fail_and_between_them_chance_decides(op, line, said):
    assert outlook(read(weeks(CALM)), op, line) == said


def test_without_limits_or_outside_them_there_is_no_forecast():
    assert outlook(read(weeks(CALM[:7])), ">", 1) == ""
    assert outlook(read(weeks([*CALM, 60])), ">", 1) == "unsettled"


APRIL = date(2026, 4, 6)


@pytest.mark.parametrize(
    ("metric", "verdict", "text", "tone"),
    [
        ("throughput", Verdict("routine"), "routine variation", "neutral"),
        ("throughput", Verdict("routine", passed=(date(2026, 4, 6),)),
         "routine variation; the week of 6 Apr stood out", "neutral"),
        ("throughput", Verdict("signal", "outside", "high", APRIL, 3), "above its limits since 6 Apr", "good"),
        ("throughput", Verdict("signal", "outside", "high", date(2026, 4, 6), 1),
         "above its limits in the week of 6 Apr", "good"),
        ("escalation_rate", Verdict("signal", "shift", "high", APRIL, 3), "higher since 6 Apr", "bad"),
        ("latency_ms_p95", Verdict("signal", "near", "low", APRIL, 3), "near its lower limit since 6 Apr", "good"),
        ("handling_reduction", Verdict("signal", "shift", "high", APRIL, 3), "lower since 6 Apr", "good"),
        ("tasks_attempted", Verdict("signal", "shift", "high", APRIL, 3), "higher since 6 Apr", "neutral"),
        ("accuracy", Verdict("too_few", points=5), "too few weeks (5 of 8)", "neutral"),
        ("accuracy", Verdict("no_value"), "no verdict: no value last week", "neutral"),
    ],
)  # fmt: skip
def test_a_verdict_says_no_more_than_its_signal(metric, verdict, text, tone):
    found = words.signals.signal(metric, verdict)
    assert (found.text, found.tone) == (text, tone)


def test_a_figure_explains_its_limits():
    figure = Figure("throughput", 15, signal=read(weeks(CALM)))
    facts = dict(words.signals.explained(figure))
    assert facts["Signal"] == "Routine variation."
    assert facts["Limits"] == "Ordinary weeks lie between 6 and 21, around 14: limits since 5 Jan 2026."
