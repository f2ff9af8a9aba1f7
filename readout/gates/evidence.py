"""Does the evidence carry the decision? The four rules of GATES.md ("Policy", "Always-valid evidence"). Pure.

Every rule answers with how much there is and how much is needed; None where a count that it needs is missing, which can
only hold a gate, never pass it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, sqrt

from readout import stats
from readout.gates.facts import Observed
from readout.gates.policy import PERCENTILES, GateMetric, Policy
from readout.gates.rules import Comparison
from readout.gates.scoring import GateWeek, MetricWeek, count_under, value_bounds


@dataclass(frozen=True)
class Evidence:
    """How much evidence there is, how much is needed, whether it is enough, and which metric has least."""

    amount: float | None
    needed: float | None
    enough: bool
    weakest: str = ""


def evidence_of(policy: Policy, weeks: Sequence[GateWeek]) -> Evidence:
    """Return the evidence in the closed weeks of one release, oldest first."""
    rule = policy.decide.evidence
    if rule == "point":
        return Evidence(None, None, enough=True)
    binding = [
        (place, metric, line)
        for place, metric in enumerate(policy.metrics)
        if metric.role in {"required", "key"} and metric.rules and (line := deciding_line(metric)) is not None
    ]
    if rule == "always_valid":
        return _always_valid(policy, weeks, binding)
    last = weeks[-(policy.decide.consecutive_weeks or 1) :]
    if rule == "weekly_bound":
        cleared = [all(_clears(metric, line, [week], place, policy.decide.alpha) for place, metric, line in binding)
                   for week in last]  # fmt: skip
        return Evidence(float(sum(cleared)), float(policy.decide.consecutive_weeks or 1), all(cleared) and bool(last))
    alpha = policy.decide.alpha / policy.decide.looks
    clear = {metric.name: _clears(metric, line, last, place, alpha) for place, metric, line in binding}
    weakest = next((name for name, enough in clear.items() if not enough), "")
    return Evidence(float(sum(clear.values())), float(len(clear)), all(clear.values()) and bool(clear), weakest)


def deciding_line(metric: GateMetric) -> Comparison | None:
    """Return the line that evidence has to clear: the pass line, or the other side of the fail line."""
    if isinstance(metric.pass_, Comparison):
        return metric.pass_
    if isinstance(metric.fail, Comparison) and metric.pass_ is None:
        opposite = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "=="}[metric.fail.op]
        return Comparison.model_validate(f"{opposite} {metric.fail.value}")
    return None


def successes_of(policy: Policy, metric: GateMetric, weeks: Sequence[GateWeek]) -> tuple[float, float, float] | None:
    """Return successes, n and p0 behind a metric's e-value over closed weeks; None where it has none."""
    line = deciding_line(metric)
    if line is None:
        return None
    counts = _successes(metric, line, _counted(weeks, policy.metrics.index(metric)))
    return None if isinstance(counts, str) else counts


def _counted(weeks: Iterable[GateWeek], place: int) -> list[tuple[Observed, MetricWeek]]:
    """Return what a metric showed in settled weeks with possible numbers; weeks without data add nothing."""
    pairs = [(week, week.metrics[place]) for week in weeks if week.week.settled]
    usable = [(week, one) for week, one in pairs if one.state != "no_data" and one.reason != "invalid"]
    return [(week.week.metrics.get(one.name, Observed()), one) for week, one in usable]


def _always_valid(
    policy: Policy, weeks: Sequence[GateWeek], binding: list[tuple[int, GateMetric, Comparison]]
) -> Evidence:
    needed = 1 / policy.decide.alpha
    least: tuple[float, str] | None = None
    for place, metric, line in binding:
        counts = _successes(metric, line, _counted(weeks, place))
        if isinstance(counts, str):  # no counts: a mean, ratio or reduction must clear its pooled bound instead
            last = weeks[-(policy.decide.consecutive_weeks or 1) :]
            alpha = policy.decide.alpha / policy.decide.looks
            if counts == "missing" or not _clears(metric, line, last, place, alpha):
                return Evidence(None if counts == "missing" else (least or (None, ""))[0], needed, False, metric.name)  # noqa: FBT003
            continue
        successes, n, p0 = counts
        found = stats.e_value(successes, n, p0)
        if least is None or found < least[0]:
            least = (found, metric.name)
    if least is None:
        # only pooled bounds bind, and all are clear
        return Evidence(None, None, enough=bool(binding) and bool(weeks))
    return Evidence(least[0], needed, least[0] >= needed, least[1])


def _successes(
    metric: GateMetric, line: Comparison, seen: Sequence[tuple[Observed, MetricWeek]]
) -> tuple[float, float, float] | str:
    """Return successes, n and p0 for the e-value; "missing" where counts lack, "pooled" where it does not apply."""
    if line.op == "==":
        return "missing"
    quantile = PERCENTILES.get(metric.statistic or "")
    if not metric.is_share and quantile is None:
        return "pooled"
    if any(observed.weighted for observed, _ in seen):
        return "pooled"  # an e-value needs reviews of equal probability
    total = successes = 0.0
    for observed, one in seen:
        n = float(one.n or 0)
        count = observed.successes if metric.is_share else count_under(metric, observed, line.value)
        if count is None:
            return "missing"
        total, successes = total + n, successes + count
    if not isfinite(total):
        return "missing"
    if metric.is_share:
        p0 = float(line.value)
        return (successes, total, p0) if line.op in {">", ">="} else (total - successes, total, 1 - p0)
    below = float(quantile or Fraction(0))
    return (successes, total, below) if line.op in {"<", "<="} else (total - successes, total, 1 - below)


def _clears(metric: GateMetric, line: Comparison, weeks: Sequence[GateWeek], place: int, alpha: float) -> bool:
    """Whether the bound over these weeks together lies on the good side of the line; no bound is no."""
    seen = _counted(weeks, place)
    if line.op == "==" or not seen or len(seen) < len(weeks):
        return False
    total = sum(float(one.n or 0) for _, one in seen)
    if not isfinite(total):
        return False
    quantile = PERCENTILES.get(metric.statistic or "")
    if quantile is not None:
        counts = [count_under(metric, observed, line.value) for observed, _ in seen]
        if any(count is None for count in counts):
            return False
        under = sum(float(count or 0) for count in counts)
        # the quantile lies below the line with confidence exactly when the bound of the share under it is above q
        if line.op in {"<", "<="}:
            return stats.clopper_pearson_lower(under, total, alpha) > float(quantile)
        return stats.clopper_pearson_upper(under, total, alpha) < float(quantile)
    pooled = _pool(metric, seen, total)
    if pooled is None:
        return False
    low, high = value_bounds(metric, pooled, total, alpha)
    bound = low if line.op in {">", ">="} else high
    return bound is not None and line.holds(bound)


def _pool(metric: GateMetric, seen: Sequence[tuple[Observed, MetricWeek]], total: float) -> Observed | None:
    """Return the weeks as one: counts added; a mean with the variance within and between the weeks."""
    if metric.is_share:
        given = [observed.successes for observed, _ in seen]
        if any(one is None for one in given):
            return None
        return Observed(n=total, successes=sum(float(one or 0) for one in given))
    if total < 2 or any(observed.value is None or observed.sd is None for observed, _ in seen):  # noqa: PLR2004 - one value has no spread
        return None
    parts = [(float(one.n or 0), float(observed.value or 0), float(observed.sd or 0)) for observed, one in seen]
    mean = sum(n * value for n, value, _ in parts) / total
    # products, not powers: what is too large becomes infinite, and infinite is no bound
    squares = sum((n - 1) * sd * sd + n * (value - mean) * (value - mean) for n, value, sd in parts)
    return Observed(n=total, value=mean, sd=sqrt(max(squares, 0.0) / (total - 1))) if isfinite(squares) else None
