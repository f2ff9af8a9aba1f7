"""Percentiles without a distribution: order statistics as bounds."""

from bisect import bisect_left, bisect_right
from math import log

from scipy import special

from readout.stats.inputs import require_level


def percentile_bound_ranks(n: int, p: float, alpha: float = 0.05) -> tuple[int | None, int | None]:
    """Return the 1-based ranks of the order statistics that bound the p-quantile from below and from above.

    Each bound holds one-sided at 1 - alpha, whatever the distribution (Wilks 1941): lower = the largest r with
    P(Bin(n, p) <= r-1) <= alpha, upper = the smallest r with P(Bin(n, p) <= r-1) >= 1 - alpha; None where the sample
    is too small for it. n = 100, p95 → (91, 99).
    """
    require_level("p", p)
    require_level("alpha", alpha)
    if n < 0:
        message = f"n must not be negative, found {n}"
        raise ValueError(message)
    if n == 0:
        return None, None
    ranks = range(1, n + 1)
    below = lambda r: float(special.betaincc(r, n - r + 1, p))  # noqa: E731 - P(Bin(n, p) <= r-1), which grows with r
    lower = bisect_right(ranks, alpha, key=below)
    upper = bisect_left(ranks, 1 - alpha, key=below) + 1
    return lower or None, upper if upper <= n else None


def percentile_min_n(p: float, alpha: float = 0.05) -> int:
    """Return the smallest n for which an upper bound of the p-quantile exists: p^n <= alpha. p95 → 59, p99 → 299."""
    require_level("p", p)
    require_level("alpha", alpha)
    n = max(int(log(alpha) / log(p)) - 1, 1)
    while p**n > alpha:
        n += 1
    return n
