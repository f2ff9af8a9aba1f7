"""Intervals against published values, their defining equations, and what happens in the long run."""

import random
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.stats import Bounds, Interval, fieller_interval, wilson_interval

Z95 = 1.959963984540054


@pytest.mark.parametrize(
    ("successes", "n", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_the_published_interval(successes: int, n: int, lower: float, upper: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17, table I, method 3."""
    found = wilson_interval(successes, n)
    assert found.lower == pytest.approx(lower, abs=5e-5)
    assert found.upper == pytest.approx(upper, abs=5e-5)


@given(n=st.integers(1, 10_000), share=st.floats(0, 1))
def test_wilson_holds_the_share_and_stays_within_nought_and_one(n: int, share: float) -> None:
    successes = round(share * n)
    found = wilson_interval(successes, n)
    assert found.lower is not None
    assert found.upper is not None
    assert 0 <= found.lower <= successes / n + 1e-12
    assert successes / n - 1e-12 <= found.upper <= 1
    assert found.upper > found.lower


@given(n=st.integers(1, 1000), share=st.floats(0, 1))
def test_wilson_of_failures_mirrors_that_of_successes(n: int, share: float) -> None:
    successes = round(share * n)
    one, other = wilson_interval(successes, n), wilson_interval(n - successes, n)
    assert one.lower is not None
    assert other.upper is not None
    assert one.lower == pytest.approx(1 - other.upper, abs=1e-12)


@given(n=st.integers(2, 1000), more=st.integers(2, 20))
def test_more_tasks_make_the_interval_narrower(n: int, more: int) -> None:
    def width(found: Bounds) -> float:
        assert found.lower is not None
        assert found.upper is not None
        return found.upper - found.lower

    assert width(wilson_interval(n / 2, n)) > width(wilson_interval(n * more / 2, n * more))
    assert width(wilson_interval(n / 2, n, 0.99)) > width(wilson_interval(n / 2, n, 0.95))


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (-1, 5), (6, 5), (0, 0)])
def test_an_impossible_share_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="a share needs"):
        wilson_interval(successes, n)


def test_fieller_of_a_worked_example() -> None:
    """50 (variance 4) over 100 (variance 9): g = z²·9/100² = 0.0034573, half = z/100·√(4(1 - g) + 0.25·9)."""
    found = fieller_interval(50, 4, 100, 9)
    assert found.lower == pytest.approx(0.452620, abs=1e-6)
    assert found.upper == pytest.approx(0.550849, abs=1e-6)


def test_fieller_with_a_baseline_known_exactly_is_the_interval_of_the_mean() -> None:
    found = fieller_interval(70, 4, 100, 0)
    assert found.lower == pytest.approx(0.70 - Z95 * 0.02)
    assert found.upper == pytest.approx(0.70 + Z95 * 0.02)


positive = st.floats(0.1, 1e4)


@given(top=positive, bottom=positive, top_sd=st.floats(1e-3, 1e2), bottom_sd=st.floats(1e-3, 1e2))
def test_the_ends_of_fieller_are_the_ratios_that_the_data_just_cannot_reject(
    top: float, bottom: float, top_sd: float, bottom_sd: float
) -> None:
    """Fieller (1954): at each end r, (top - r·bottom)² = z²·(var_top + r²·var_bottom)."""
    found = fieller_interval(top, top_sd**2, bottom, bottom_sd**2)
    if found.lower is None or found.upper is None:
        assert (Z95 * bottom_sd / bottom) ** 2 >= 1 - 1e-9
        return
    assert found.lower <= top / bottom <= found.upper
    for end in found:
        assert end is not None
        scale = top**2 + (end * bottom) ** 2
        assert (top - end * bottom) ** 2 == pytest.approx(
            Z95**2 * (top_sd**2 + (end * bottom_sd) ** 2), rel=1e-6, abs=1e-9 * scale
        )


def test_a_baseline_that_may_be_zero_bounds_nothing() -> None:
    assert fieller_interval(50, 4, 1, 9) == Interval(None, None)


def test_in_the_long_run_fieller_holds_the_true_ratio_19_times_in_20() -> None:
    draw = random.Random(1954)  # noqa: S311 - the same draws every time
    held = 0
    for _ in range(4000):
        found = fieller_interval(draw.gauss(70, 3), 9, draw.gauss(100, 5), 25)
        assert found.lower is not None
        assert found.upper is not None
        held += found.lower <= 0.7 <= found.upper
    assert held / 4000 == pytest.approx(0.95, abs=3 * sqrt(0.95 * 0.05 / 4000))
