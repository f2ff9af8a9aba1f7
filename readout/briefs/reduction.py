"""Handling-time reduction against baseline, mix-adjusted, and the hours it returns (METRICS 'Time'). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from readout.periods import Window
from readout.stats import fieller_interval

FEWEST_TASKS = 5  # a task type with fewer tasks now leaves both sides
LEAST_WEIGHT = 0.8  # share of the baseline's weight that has to remain
DAYS_PER_MONTH = 365.25 / 12
MICRO = 1e-6


@dataclass(frozen=True)
class Stratum:
    """One task type ('' = all of a system's tasks): its baseline and what it is now. Seconds; `demand` per month."""

    task_type: str
    weight: float
    baseline: float
    baseline_variance: float  # of the mean; 0 where n or sd is not stated
    demand: float | None
    n: int
    mean: float
    variance: float  # of the mean


@dataclass(frozen=True)
class MixAdjusted:
    """Both sides weighed by the baseline's volumes. `reason` says why there is no reduction."""

    baseline: float | None = None
    now: float | None = None
    reduction: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: int = 0
    hours_returned: float | None = None
    left_out: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class HandlingBaseline:
    """A signed-off handling time of one task type ('' = all of a system's tasks). Seconds; `demand` tasks per month."""

    task_type: str
    weight: float  # NaN where several types state no volume
    seconds: float
    variance: float  # of the mean; 0 where n or sd is not stated
    demand: float | None


HandlingSums = Mapping[str, tuple[float, float, float]]  # task type -> tasks, sum in µs, sum of squares in µs²


def handling_baselines(baselines: pd.DataFrame) -> dict[str, tuple[HandlingBaseline, ...]]:
    """Return each system's latest baselines of handling time; one without a task type counts where none is by type."""
    result = {}
    for system, own in baselines.groupby("system_id", sort=True):
        handling = own[own["metric"] == "handling_seconds"].drop_duplicates("task_type", keep="last")
        volumes = own[own["metric"] == "monthly_volume"].drop_duplicates("task_type", keep="last")
        demand = dict(zip(volumes["task_type"], volumes["value"].astype(float), strict=True))
        typed = handling[handling["task_type"] != ""]
        chosen = (typed if not typed.empty else handling).to_dict("records")
        result[str(system)] = tuple(
            HandlingBaseline(
                row["task_type"],
                demand.get(row["task_type"], 1.0 if len(chosen) == 1 else float("nan")),
                float(row["value"]),
                float(row["sd"]) ** 2 / int(row["n"])
                if not pd.isna(row["n"]) and row["n"] > 0 and not pd.isna(row["sd"])
                else 0.0,
                demand.get(row["task_type"]),
            )
            for row in chosen
        )
    return result


def strata(baselines: Sequence[HandlingBaseline], sums: HandlingSums) -> list[Stratum]:
    """Pair a system's baselines with its handling sums per task type."""
    result = []
    for one in baselines:
        chosen = list(sums.values()) if one.task_type == "" else [sums.get(one.task_type, (0.0, 0.0, 0.0))]
        n, total, squares = (sum(part) for part in zip(*chosen, strict=True)) if chosen else (0.0, 0.0, 0.0)
        mean = total / n * MICRO if n else 0.0
        spread = max(squares * MICRO**2 - n * mean * mean, 0.0) / (n - 1) if n > 1 else 0.0
        result.append(
            Stratum(
                one.task_type,
                one.weight,
                one.seconds,
                one.variance,
                one.demand,
                int(n),
                mean,
                spread / n if n else 0.0,
            )
        )
    return result


def mix_adjusted(parts: list[Stratum], window: Window) -> MixAdjusted:
    """Return the reduction 1 − now / baseline with its two-sided 95 % Fieller interval, and the hours returned.

    Both sides are weighed by the baseline's monthly volume per task type. Hours: (baseline − now) × claimable, with
    claimable the smaller of the baseline's demand over the window and the tasks now; never money.
    """
    if not parts:
        return MixAdjusted(reason="no baseline of handling time")
    unweighed = [part.task_type for part in parts if part.weight != part.weight]
    if unweighed:
        return MixAdjusted(reason=f"the baseline states no monthly volume for {', '.join(unweighed)}")
    kept = [part for part in parts if part.n >= FEWEST_TASKS]
    left_out = tuple(part.task_type for part in parts if part.n < FEWEST_TASKS)
    total = sum(part.weight for part in parts)
    weight = sum(part.weight for part in kept)
    if not kept or weight < LEAST_WEIGHT * total:
        return MixAdjusted(
            left_out=left_out, reason="too few tasks now: under 80 % of the baseline's volume can be compared"
        )
    baseline = sum(part.weight * part.baseline for part in kept) / weight if weight else 0.0
    if not baseline:
        return MixAdjusted(left_out=left_out, reason="the baseline states no volume or no time to compare with")
    now = sum(part.weight * part.mean for part in kept) / weight
    ratio = fieller_interval(
        now,
        sum((part.weight / weight) ** 2 * part.variance for part in kept),
        baseline,
        sum((part.weight / weight) ** 2 * part.baseline_variance for part in kept),
    )
    return MixAdjusted(
        baseline,
        now,
        1 - now / baseline,
        None if ratio.upper is None else 1 - ratio.upper,
        None if ratio.lower is None else 1 - ratio.lower,
        sum(part.n for part in kept),
        sum((part.baseline - part.mean) * claimable_tasks(part, window) for part in kept) / 3600,
        left_out,
    )


def claimable_tasks(part: Stratum, window: Window) -> float:
    """Return how many tasks of a type count: the smaller of the baseline's demand over the window and the tasks now."""
    if part.demand is None:
        return part.n
    return min(part.demand * window.days / DAYS_PER_MONTH, part.n)
