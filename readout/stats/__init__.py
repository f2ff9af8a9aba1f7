"""Statistics of the readout: intervals, bounds, always-valid evidence, process-behaviour charts. Pure; unrounded.

Conventions: `alpha` is one-sided, `confidence` two-sided; an interval is a NamedTuple (lower, upper). Successes may be
fractional (weights, planning). Impossible input (negative, successes > n, n = 0, NaN) raises ValueError.
"""

from readout.stats.behaviour import FEWEST_EVENTS, FEWEST_POINTS, LOCKED_POINTS, RUN, SCALE, Limits, Signal, Xmr, xmr
from readout.stats.evidence import e_value, min_n_e_value, run_probability
from readout.stats.inputs import Bounds, Interval
from readout.stats.learning import Learning, learning
from readout.stats.means import (
    MannWhitney,
    Sample,
    fieller_interval,
    mann_whitney,
    mean_half_width,
    ratio_interval,
    reduction_interval,
)
from readout.stats.percentiles import percentile_bound_ranks, percentile_min_n
from readout.stats.shares import (
    Stratum,
    WeightedAccuracy,
    binomial_cumulative,
    clopper_pearson_interval,
    clopper_pearson_lower,
    clopper_pearson_upper,
    min_n_wilson,
    weighted_accuracy,
    wilson_interval,
    wilson_lower,
    wilson_upper,
)

BUCKETS_PER_E = 49.99833328888678  # 1 / ln(1.01 / 0.99): log buckets of at most 1 % error; a change is one of schema

__all__ = [
    "BUCKETS_PER_E",
    "FEWEST_EVENTS",
    "FEWEST_POINTS",
    "LOCKED_POINTS",
    "RUN",
    "SCALE",
    "Bounds",
    "Interval",
    "Learning",
    "Limits",
    "MannWhitney",
    "Sample",
    "Signal",
    "Stratum",
    "WeightedAccuracy",
    "Xmr",
    "binomial_cumulative",
    "clopper_pearson_interval",
    "clopper_pearson_lower",
    "clopper_pearson_upper",
    "e_value",
    "fieller_interval",
    "learning",
    "mann_whitney",
    "mean_half_width",
    "min_n_e_value",
    "min_n_wilson",
    "percentile_bound_ranks",
    "percentile_min_n",
    "ratio_interval",
    "reduction_interval",
    "run_probability",
    "weighted_accuracy",
    "wilson_interval",
    "wilson_lower",
    "wilson_upper",
    "xmr",
]
