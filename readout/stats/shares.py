"""Shares: Wilson and exact bounds, sample sizes, reviews of unequal probability."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf, sqrt
from typing import Any, NamedTuple

from scipy import special

from readout.stats.inputs import Bounds, first_whole, require_counts, require_level, z_of


class Stratum(NamedTuple):
    """Reviews of one kind of task: how many, how many of them correct, and the probability to be reviewed."""

    successes: float
    n: float
    sampling_prob: float


class WeightedAccuracy(NamedTuple):
    """A share under unequal review: the weighted estimate, the effective n (Kish), the one-sided lower bound."""

    estimate: float
    n_eff: float
    lower: float


def wilson_interval(successes: float, n: float, confidence: float = 0.95) -> Bounds:
    """Return the Wilson score interval of a share (Wilson 1927). ValueError unless 0 <= successes <= n, n > 0."""
    require_level("confidence", confidence)
    alpha = (1 - confidence) / 2
    return Bounds(wilson_lower(successes, n, alpha), wilson_upper(successes, n, alpha))


def wilson_lower(successes: float, n: float, alpha: float = 0.05) -> float:
    """Return the one-sided lower Wilson bound; 90 of 100 at 0.05 → 0.8396."""
    successes, n = require_counts(successes, n)
    z = z_of(alpha)
    share = successes / n
    middle = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max((middle - half) / (1 + z * z / n), 0.0) if successes else 0.0


def wilson_upper(successes: float, n: float, alpha: float = 0.05) -> float:
    """Return the one-sided upper Wilson bound, the mirror of the lower one."""
    successes, n = require_counts(successes, n)
    return 1 - wilson_lower(n - successes, n, alpha)


def clopper_pearson_interval(successes: float, n: float, confidence: float = 0.95) -> Bounds:
    """Return the exact interval of a share (Clopper & Pearson 1934), from quantiles of the beta distribution."""
    require_level("confidence", confidence)
    alpha = (1 - confidence) / 2
    return Bounds(clopper_pearson_lower(successes, n, alpha), clopper_pearson_upper(successes, n, alpha))


def clopper_pearson_lower(successes: float, n: float, alpha: float = 0.05) -> float:
    """Return the exact one-sided lower bound: Beta(successes, n - successes + 1) at alpha; 0 without a success."""
    successes, n = require_counts(successes, n)
    require_level("alpha", alpha)
    return float(special.betaincinv(successes, n - successes + 1, alpha)) if successes else 0.0


def clopper_pearson_upper(successes: float, n: float, alpha: float = 0.05) -> float:
    """Return the exact one-sided upper bound: Beta(successes + 1, n - successes) at 1 - alpha; 1 without a failure."""
    successes, n = require_counts(successes, n)
    require_level("alpha", alpha)
    return float(special.betaincinv(successes + 1, n - successes, 1 - alpha)) if successes < n else 1.0


def min_n_wilson(observed_rate: float, threshold: float, alpha: float = 0.05) -> float:
    """Return the smallest n at which the lower bound of observed_rate · n of n lies above the threshold.

    0.90 against 0.85 → 138. Infinite where the observed rate is not above the threshold.
    """
    require_counts(observed_rate, 1)
    require_counts(threshold, 1)
    require_level("alpha", alpha)
    if observed_rate <= threshold:
        return inf
    return first_whole(1, lambda n: wilson_lower(observed_rate * n, n, alpha) > threshold)


def weighted_accuracy(
    strata: Mapping[str, Any] | Iterable[Stratum | Sequence[float] | Mapping[str, float]], alpha: float = 0.05
) -> WeightedAccuracy:
    """Return the accuracy of all work from reviews drawn with unequal probabilities.

    Each stratum is (successes, n, sampling_prob) or a mapping with these keys; `strata` may name them, {name: stratum}.
    Weights are 1 / sampling_prob, the effective n is (Σw)² / Σw² (Kish 1965), the bound Wilson's at it. ValueError
    without a review, and for a probability outside (0, 1].
    """
    weight = weight2 = correct = 0.0
    for given in strata.values() if isinstance(strata, Mapping) else strata:
        one = Stratum(**given) if isinstance(given, Mapping) else Stratum(*given)
        if one.n == 0 and one.successes == 0:
            continue  # nobody looked: it adds nothing, and says nothing about the others
        require_counts(one.successes, one.n)
        if not 0 < one.sampling_prob <= 1:
            message = f"a sampling probability lies in (0, 1], not {one.sampling_prob}"
            raise ValueError(message)
        each = 1 / one.sampling_prob
        weight, weight2, correct = weight + one.n * each, weight2 + one.n * each * each, correct + one.successes * each
    if not weight:
        message = "no stratum with a review"
        raise ValueError(message)
    estimate, n_eff = min(correct / weight, 1.0), weight * weight / weight2
    return WeightedAccuracy(estimate, n_eff, wilson_lower(estimate * n_eff, n_eff, alpha))


def binomial_cumulative(n: int, p: float) -> tuple[float, ...]:
    """Return P(X <= 0), …, P(X <= n) of X successes in n trials with probability p."""
    require_counts(p, 1)
    if n < 0:
        message = f"n must not be negative, found {n}"
        raise ValueError(message)
    return (*(float(special.betaincc(k + 1, n - k, p)) for k in range(n)), 1.0)
