"""Percentiles without a distribution: order statistics as bounds."""

from math import log

from scipy import stats

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
    # ppf(q) is the smallest x with P(Bin <= x) >= q; neighbours are tried because floats may sit on the edge
    below = lambda r: float(stats.binom.cdf(r - 1, n, p))  # noqa: E731 - used in this paragraph only
    upper = int(stats.binom.ppf(1 - alpha, n, p)) + 1
    while upper > 1 and below(upper - 1) >= 1 - alpha:
        upper -= 1
    while upper <= n and below(upper) < 1 - alpha:
        upper += 1
    lower = int(stats.binom.ppf(alpha, n, p)) + 1
    while lower > 0 and below(lower) > alpha:
        lower -= 1
    while lower < n and below(lower + 1) <= alpha:
        lower += 1
    return (lower if lower >= 1 else None), (upper if upper <= n else None)


def percentile_min_n(p: float, alpha: float = 0.05) -> int:
    """Return the smallest n for which an upper bound of the p-quantile exists: p^n <= alpha. p95 → 59, p99 → 299."""
    require_level("p", p)
    require_level("alpha", alpha)
    n = max(int(log(alpha) / log(p)) - 1, 1)
    while p**n > alpha:
        n += 1
    return n
