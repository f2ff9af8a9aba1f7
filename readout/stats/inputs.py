"""What every formula asks of its input, and the two shapes of an interval."""

from collections.abc import Callable
from math import inf, isfinite
from statistics import NormalDist
from typing import NamedTuple

MOST = 10**15  # a sample size beyond this is "never"


class Bounds(NamedTuple):
    """A two-sided interval."""

    lower: float
    upper: float


class Interval(NamedTuple):
    """A two-sided interval that may be unbounded: its ends are None then."""

    lower: float | None
    upper: float | None


def require_counts(successes: float, n: float) -> tuple[float, float]:
    """Return both as floats, so that no count is too large to compute with.

    ValueError unless 0 <= successes <= n and n > 0, both finite.
    """
    if not (isfinite(successes) and isfinite(n) and n > 0 and 0 <= successes <= n):
        message = f"a share needs 0 <= successes <= n and n > 0, not {successes} of {n}"
        raise ValueError(message)
    return float(successes), float(n)


def require_level(name: str, value: float) -> None:
    """Raise ValueError unless a level lies between 0 and 1."""
    if not 0 < value < 1:
        message = f"{name} must lie between 0 and 1, not {value}"
        raise ValueError(message)


def z_of(alpha: float) -> float:
    """Return the standard normal quantile at 1 - alpha."""
    require_level("alpha", alpha)
    return NormalDist().inv_cdf(1 - alpha)


def first_whole(low: int, holds: Callable[[int], bool]) -> float:
    """Return the smallest whole number from `low` on for which the predicate holds, infinite beyond MOST.

    The predicate must stay true once it is.
    """
    if holds(low):
        return low
    high = low * 2
    while not holds(high):
        if high > MOST:
            return inf
        high *= 2
    below = high // 2
    while high - below > 1:
        middle = (below + high) // 2
        below, high = (below, middle) if holds(middle) else (middle, high)
    return high
