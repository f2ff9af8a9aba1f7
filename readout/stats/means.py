"""Means, ratios of means, reductions against a baseline, and two samples compared by ranks."""

from collections.abc import Mapping, Sequence
from math import exp, isfinite, log, sqrt
from statistics import fmean, stdev, variance
from typing import NamedTuple

from scipy import special

from readout.stats.inputs import Bounds, Interval, require_level, z_of


class Sample(NamedTuple):
    """A measured mean with the standard deviation of its values and their number."""

    mean: float
    sd: float
    n: float


class MannWhitney(NamedTuple):
    """A rank test's result: U of the experiment, and the one-sided p-value."""

    statistic: float
    p_value: float


def fieller_interval(
    top: float, top_variance: float, bottom: float, bottom_variance: float, confidence: float = 0.95
) -> Interval:
    """Return Fieller's interval of the ratio top / bottom of two independent means (Fieller 1954).

    The variances are those of the means. Where the denominator does not differ from zero the interval is unbounded.
    """
    z = z_of((1 - confidence) / 2)
    g = z * z * bottom_variance / (bottom * bottom)
    if g >= 1:
        return Interval(None, None)
    ratio = top / bottom
    spread = z / abs(bottom) * sqrt(max(top_variance * (1 - g) + ratio * ratio * bottom_variance, 0.0))
    return Interval((ratio - spread) / (1 - g), (ratio + spread) / (1 - g))


def reduction_interval(
    baseline: Sample | Sequence[float] | Mapping[str, float],
    current: Sample | Sequence[float] | Mapping[str, float],
    alpha: float = 0.05,
) -> Bounds:
    """Return the interval of 1 - current / baseline, each end one-sided at alpha.

    Either side is (mean, sd, n), a mapping with these keys, or its observations where there are more than three.
    The logarithm of the ratio is taken as normal with variance (sd/mean)²/n of both sides (delta method). ValueError
    unless means are positive, sds are not negative and n > 0.
    """
    before, now = _sample(baseline), _sample(current)
    for one in (before, now):
        if not (one.mean > 0 and one.sd >= 0 and one.n > 0 and all(map(isfinite, one))):
            message = f"a reduction needs positive means, sd >= 0 and n > 0, not {tuple(one)}"
            raise ValueError(message)
    error = sqrt(sum((one.sd / one.mean) ** 2 / one.n for one in (before, now)))
    logged, half = log(now.mean / before.mean), z_of(alpha) * error
    return Bounds(1 - exp(logged + half), 1 - exp(logged - half))


def _sample(given: Sample | Sequence[float] | Mapping[str, float]) -> Sample:
    if isinstance(given, Mapping):
        return Sample(**given)
    if len(given) <= len(Sample._fields):
        return Sample(*given)
    return Sample(fmean(given), stdev(given), len(given))


def ratio_interval(numerators: Sequence[float], denominators: Sequence[float], alpha: float = 0.05) -> Bounds:
    """Return the interval of Σx / Σy over paired observations, each end one-sided at alpha (linearised ratio).

    With R the ratio and d = x - R·y: standard error = √(var(d) / n) / mean(y) (Cochran 1977, 6.3). ValueError for
    fewer than two pairs, unequal lengths, or denominators that add up to nothing.
    """
    numerators, denominators = [float(x) for x in numerators], [float(y) for y in denominators]
    n, whole = len(numerators), sum(denominators)
    if n != len(denominators) or n < 2 or whole <= 0 or not isfinite(sum(numerators) + whole):  # noqa: PLR2004
        message = "a ratio needs at least two pairs of finite numbers with denominators that add up to more than 0"
        raise ValueError(message)
    ratio = sum(numerators) / whole
    residuals = [x - ratio * y for x, y in zip(numerators, denominators, strict=True)]
    half = z_of(alpha) * sqrt(variance(residuals, 0.0) / n) / (whole / n)
    return Bounds(ratio - half, ratio + half)


def mean_half_width(sd: float, n: float, alpha: float = 0.05) -> float:
    """Return how far the one-sided bound of a mean lies from it: Student's t with n - 1 degrees of freedom.

    `sd` is the standard deviation of the observations. ValueError for sd < 0 or n < 2.
    """
    require_level("alpha", alpha)
    sd, n = float(sd), float(n)
    if not (sd >= 0 and n >= 2 and isfinite(sd) and isfinite(n)):  # noqa: PLR2004 - one value has no spread
        message = f"a mean's bound needs sd >= 0 and n >= 2, not {sd} and {n}"
        raise ValueError(message)
    return float(special.stdtrit(n - 1, 1 - alpha)) * sd / sqrt(n)


def mann_whitney(experiment: Sequence[float], control: Sequence[float]) -> MannWhitney:
    """Test whether the experiment tends to be greater than the control (Mann & Whitney 1947).

    One-sided, asymptotic, corrected for ties and continuity. Where every value is the same the p-value is 1, never
    NaN. ValueError for an empty or non-finite sample.
    """
    first, second = [float(value) for value in experiment], [float(value) for value in control]
    values = [*first, *second]
    if not first or not second or not all(map(isfinite, values)):
        message = "a rank test needs finite values on both sides"
        raise ValueError(message)
    if min(values) == max(values):
        return MannWhitney(len(first) * len(second) / 2, 1.0)
    from scipy import stats  # noqa: PLC0415 - half a second, for a test that few gates ask for

    found = stats.mannwhitneyu(first, second, alternative="greater", method="asymptotic", use_continuity=True)
    return MannWhitney(float(found.statistic), float(found.pvalue))
