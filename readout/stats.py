"""Intervals (pure). Conventions: intervals are two-sided at the given confidence, results are unrounded."""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

BUCKETS_PER_E = 49.99833328888678  # 1 / ln(1.01 / 0.99): log buckets of at most 1 % error; a change is one of schema


class Interval(NamedTuple):
    """A two-sided interval; an end is None where it is unbounded."""

    lower: float | None
    upper: float | None


def wilson_interval(successes: float, n: float, confidence: float = 0.95) -> Interval:
    """Return the Wilson score interval of a share (Wilson 1927). ValueError unless 0 <= successes <= n, n > 0."""
    if not 0 <= successes <= n or n <= 0:
        message = f"a share needs 0 <= successes <= n and n > 0, not {successes} of {n}"
        raise ValueError(message)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = successes / n
    scale = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z / scale * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(max(centre - half, 0.0), min(centre + half, 1.0))


def fieller_interval(
    top: float, top_variance: float, bottom: float, bottom_variance: float, confidence: float = 0.95
) -> Interval:
    """Return Fieller's interval of the ratio top / bottom of two independent means (Fieller 1954).

    The variances are those of the means. Where the denominator does not differ from zero the interval is unbounded.
    """
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    g = z * z * bottom_variance / (bottom * bottom)
    if g >= 1:
        return Interval(None, None)
    ratio = top / bottom
    spread = z / abs(bottom) * sqrt(max(top_variance * (1 - g) + ratio * ratio * bottom_variance, 0.0))
    return Interval((ratio - spread) / (1 - g), (ratio + spread) / (1 - g))
