"""Handling time against its baseline: like with like, at the baseline's mix, and nothing from a handful of tasks."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.briefs.reduction import HandlingBaseline, Stratum, handling_baselines, mix_adjusted, strata
from readout.periods import Window

FOUR_WEEKS = Window(date(2026, 3, 2), date(2026, 3, 30))
MONTH_DAYS = 365.25 / 12
# Seconds before and now: short tickets 300 -> 200, long ones 600 -> 500; three of five tickets are short.
SHORT = Stratum("short", 600, 300, 0, 600, 50, 200, 4)
LONG = Stratum("long", 400, 600, 0, 400, 20, 500, 25)


def test_the_worked_example() -> None:
    """Baseline 0.6·300 + 0.4·600 = 420, now 0.6·200 + 0.4·500 = 320; the variance of now is 0.36·4 + 0.16·25 = 5.44."""
    found = mix_adjusted([SHORT, LONG], FOUR_WEEKS)
    assert (found.baseline, found.now, found.n) == (420, 320, 70)
    assert found.reduction == pytest.approx(1 - 320 / 420)
    half = 1.959963984540054 * 5.44**0.5 / 420
    assert found.lower == pytest.approx(1 - 320 / 420 - half)
    assert found.upper == pytest.approx(1 - 320 / 420 + half)
    assert found.reason == ""


def test_a_change_of_the_mix_alone_is_no_reduction() -> None:
    """Everything takes as long as before, only more short tickets come: the plain mean falls, the reduction is nil."""
    short = replace(SHORT, n=90, mean=300)
    long = replace(LONG, n=10, mean=600)
    plain_mean = (90 * 300 + 10 * 600) / 100
    assert plain_mean < 420
    assert mix_adjusted([short, long], FOUR_WEEKS).reduction == pytest.approx(0)


def test_a_type_with_fewer_than_five_tasks_leaves_both_sides_and_is_named() -> None:
    rare = Stratum("rare", 100, 5000, 0, 100, 4, 1, 0)
    found = mix_adjusted([SHORT, LONG, rare], FOUR_WEEKS)
    without = mix_adjusted([SHORT, LONG], FOUR_WEEKS)
    assert found == replace(without, left_out=("rare",))
    assert mix_adjusted([SHORT, LONG, replace(rare, n=5)], FOUR_WEEKS).left_out == ()


@pytest.mark.parametrize(("weight", "measurable"), [(250, True), (251, False)])
def test_under_80_percent_of_the_baselines_volume_nothing_is_measured(weight: float, measurable: bool) -> None:
    """1,000 of 1,250 tickets a month are four fifths."""
    found = mix_adjusted([SHORT, LONG, Stratum("rare", weight, 100, 0, None, 0, 0, 0)], FOUR_WEEKS)
    assert (found.reduction is not None) is measurable
    assert ("under 80 %" in found.reason) is not measurable
    assert found.left_out == ("rare",)
    assert (found.hours_returned is not None) is measurable


def test_hours_are_claimed_for_the_demand_there_was_not_for_more() -> None:
    """Four weeks of 600 a month are 551.95 tickets; of 1,000 handled now only those gave time back."""
    many = replace(SHORT, n=1000)
    found = mix_adjusted([many], FOUR_WEEKS)
    assert found.hours_returned == pytest.approx(100 * (600 * 28 / MONTH_DAYS) / 3600)


def test_hours_are_claimed_for_the_tasks_there_were_not_for_those_expected() -> None:
    assert mix_adjusted([SHORT], FOUR_WEEKS).hours_returned == pytest.approx(100 * 50 / 3600)


def test_where_the_baseline_states_no_demand_the_tasks_of_now_count() -> None:
    assert mix_adjusted([replace(SHORT, demand=None)], FOUR_WEEKS).hours_returned == pytest.approx(100 * 50 / 3600)


def test_slower_work_costs_hours() -> None:
    found = mix_adjusted([replace(SHORT, mean=330)], FOUR_WEEKS)
    assert found.reduction == pytest.approx(-0.1)
    assert found.hours_returned == pytest.approx(-30 * 50 / 3600)


def test_without_a_baseline_there_is_a_reason() -> None:
    assert mix_adjusted([], FOUR_WEEKS).reason == "no baseline of handling time"


def test_a_baseline_without_volumes_cannot_weigh() -> None:
    found = mix_adjusted([replace(SHORT, weight=float("nan")), LONG], FOUR_WEEKS)
    assert found.reduction is None
    assert found.reason == "the baseline states no monthly volume for short"


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(replace(SHORT, weight=0, demand=0), id="no volume a month"),
        pytest.param(replace(SHORT, baseline=0), id="no seconds"),
    ],
)
def test_a_baseline_of_nothing_is_not_measurable(part: Stratum) -> None:
    found = mix_adjusted([part], FOUR_WEEKS)
    assert found.reduction is None
    assert found.reason


kinds = st.builds(
    lambda name, weight, baseline, n, mean, spread: Stratum(name, weight, baseline, 1.0, weight, n, mean, spread),
    st.text("abc", min_size=1, max_size=3), st.floats(1, 1e4), st.floats(10, 1e4), st.integers(5, 10_000),
    st.floats(1, 1e4), st.floats(0.01, 10),
)  # fmt: skip


@given(parts=st.lists(kinds, min_size=1, max_size=5), times=st.floats(0.01, 100), days=st.integers(1, 400))
def test_the_reduction_depends_on_the_mix_not_on_the_volume(parts: list[Stratum], times: float, days: int) -> None:
    shown = Window(FOUR_WEEKS.start, FOUR_WEEKS.start + timedelta(days=days))
    one = mix_adjusted(parts, shown)
    other = mix_adjusted([replace(part, weight=part.weight * times) for part in parts], shown)
    assert one.reduction == pytest.approx(other.reduction, rel=1e-6, abs=1e-9)
    assert one.lower is None or (one.upper is not None and one.reduction is not None)
    if one.lower is not None and one.upper is not None and one.reduction is not None:
        assert one.lower <= one.reduction <= one.upper


@given(parts=st.lists(kinds, min_size=1, max_size=5))
def test_the_reduction_lies_between_those_of_its_parts(parts: list[Stratum]) -> None:
    alone = [1 - part.mean / part.baseline for part in parts]
    found = mix_adjusted(parts, FOUR_WEEKS).reduction
    assert found is not None
    assert min(alone) - 1e-9 <= found <= max(alone) + 1e-9


# From the rows of the warehouse.


def baseline_rows(*rows: tuple[str, str, str, object, object]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["task_type", "metric", "value", "n", "sd"])
    return frame.assign(
        system_id="desk",
        value=[Decimal(value) for value in frame["value"]],
        n=frame["n"].astype("Int64"),
        sd=frame["sd"].astype("float64"),
    )


def test_the_latest_baseline_of_a_type_counts() -> None:
    rows = baseline_rows(
        ("short", "handling_seconds", "350", 100, 10.0),
        ("short", "handling_seconds", "300", 100, 50.0),
        ("short", "monthly_volume", "600", None, None),
    )
    assert handling_baselines(rows) == {"desk": (HandlingBaseline("short", 600.0, 300.0, 25.0, 600.0),)}


def test_a_baseline_for_all_tasks_counts_only_where_none_is_by_type() -> None:
    whole = baseline_rows(("", "handling_seconds", "400", None, None))
    assert handling_baselines(whole)["desk"] == (HandlingBaseline("", 1.0, 400.0, 0.0, None),)
    both = baseline_rows(("", "handling_seconds", "400", None, None), ("short", "handling_seconds", "300", None, None))
    assert [one.task_type for one in handling_baselines(both)["desk"]] == ["short"]


def test_strata_hold_the_mean_and_its_variance_of_now() -> None:
    """Three tasks of 100, 200 and 300 s: mean 200, variance 10,000, of the mean 3,333.3."""
    seconds = [100, 200, 300]
    sums = {"short": (3.0, sum(seconds) * 1e6, sum(one**2 for one in seconds) * 1e12)}
    [part] = strata((HandlingBaseline("short", 600.0, 300.0, 25.0, 600.0),), sums)
    assert (part.n, part.mean) == (3, pytest.approx(200))
    assert part.variance == pytest.approx(10_000 / 3)


def test_a_baseline_for_all_tasks_stands_against_all_types_together() -> None:
    sums = {"short": (2.0, 4e8, 8e16), "long": (2.0, 8e8, 32e16)}
    [part] = strata((HandlingBaseline("", 1.0, 400.0, 0.0, None),), sums)
    assert (part.n, part.mean) == (4, pytest.approx(300))
    assert strata((HandlingBaseline("other", 1.0, 400.0, 0.0, None),), sums)[0].n == 0
    assert strata((HandlingBaseline("", 1.0, 400.0, 0.0, None),), {})[0].n == 0
