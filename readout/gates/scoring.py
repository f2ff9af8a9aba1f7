"""One week of a gate: the state of each metric, then of the week. Pure and total.

Point rules are exact: 170 of 200 is not above 0.85. A breach binds only where a one-sided bound lies wholly beyond it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Literal

from readout import stats
from readout.gates.facts import Observed, Week
from readout.gates.fields import exact
from readout.gates.policy import PERCENTILES, GateMetric, Policy
from readout.gates.rules import AllOf, AnyOf, ArmComparison, Comparison, Range, Relative, Rule

State = Literal["met", "missed", "held", "no_data", "breach", "partial"]
# Why a metric is held; in this order the first of a week's metrics gives the gate its reason.
HELD = ("invalid", "volume", "unsettled", "no_baseline", "dead_band", "warn", "undecided", "nothing_required")
_JUDGED = frozenset({"accuracy", "agreement"})  # judged by reviews, whoever the judge
WORST: tuple[State, ...] = ("breach", "missed", "no_data", "held", "met")
HISTOGRAM_ERROR = Fraction(1, 100)  # a percentile is known to within 1 %: nearer its line, the exact count decides


@dataclass(frozen=True)
class MetricWeek:
    """One metric in one week: its state, why it is held, its value, n, and one-sided bounds at the policy's alpha."""

    name: str
    state: State
    reason: str = ""
    value: float | None = None
    n: float | None = None
    lower: float | None = None
    upper: float | None = None
    exact_value: Fraction | None = None
    note: str = ""  # what could not be decided although it did not bind


@dataclass(frozen=True)
class GateWeek:
    """One week of a gate as it was judged."""

    week: Week
    state: State
    reason: str
    metrics: tuple[MetricWeek, ...]


def judge_week(policy: Policy, week: Week, earlier: Sequence[GateWeek]) -> GateWeek:
    """Judge one week; `earlier` are the closed weeks before it, oldest first (relative rules look back on them)."""
    metrics = tuple(
        _metric_week(policy, metric, week, [one.metrics[place] for one in earlier])
        for place, metric in enumerate(policy.metrics)
    )
    state, reason = (_scored if policy.score else _worst)(policy, metrics)
    if state == "met" and not requires_something(policy):
        state, reason = "held", "nothing_required"
    return GateWeek(week, state, reason, metrics)


def requires_something(policy: Policy) -> bool:
    """Whether any required or key metric has a line: without one, no week can be met."""
    return any(metric.role in {"required", "key"} and metric.rules for metric in policy.metrics)


def settled(policy: Policy, judged: int, due: int) -> bool:
    """Whether enough of a week's planned reviews have a verdict; a policy without a judged metric waits for none."""
    waits = any(metric.judge or metric.name in _JUDGED for metric in policy.metrics)
    return not waits or not due or judged >= policy.week.verdict_coverage * due


# --- a week ----------------------------------------------------------------------------------------------------------


def _binding(policy: Policy, metrics: Sequence[MetricWeek]) -> list[tuple[GateMetric, MetricWeek]]:
    pairs = zip(policy.metrics, metrics, strict=True)
    return [(metric, one) for metric, one in pairs if metric.binds]


def _worst(policy: Policy, metrics: Sequence[MetricWeek]) -> tuple[State, str]:
    states = [one for _, one in _binding(policy, metrics)]
    if not states:
        return "held", "nothing_required"
    state = min((one.state for one in states), key=WORST.index)
    return state, _held_reason(states) if state == "held" else ""


def _held_reason(metrics: Sequence[MetricWeek]) -> str:
    reasons = [one.reason for one in metrics if one.state == "held"]
    return min(reasons, key=HELD.index, default="")


def _scored(policy: Policy, metrics: Sequence[MetricWeek]) -> tuple[State, str]:
    """Return a week's state in score mode: breach, key misses, no data and held guardrails first, then the score."""
    score = policy.score
    assert score is not None  # noqa: S101 - the caller looked
    pairs = _binding(policy, metrics)
    if any(one.state == "breach" for _, one in pairs):
        return "breach", ""
    if any(one.state == "missed" and metric.role in {"key", "guardrail"} for metric, one in pairs):
        return "missed", ""
    if any(one.state == "no_data" for _, one in pairs):
        return "no_data", ""
    guards = [one for metric, one in pairs if metric.role == "guardrail" and one.state == "held"]
    if guards:
        return "held", _held_reason(guards)
    counted = [(exact(metric.weight), one) for metric, one in pairs if metric.role in {"required", "key"}]
    total = sum((weight for weight, _ in counted), Fraction(0))
    if not total:
        return "held", "nothing_required"
    earned = sum((weight * {"met": 2, "held": 1}.get(one.state, 0) for weight, one in counted), Fraction(0)) / 2
    share = 100 * earned / total
    if share >= exact(score.pass_pct):
        return "met", ""
    if share >= exact(score.warn_pct):
        return "held", _held_reason([one for _, one in counted]) or "undecided"
    return "missed", ""


# --- a metric's week -------------------------------------------------------------------------------------------------


def _metric_week(policy: Policy, metric: GateMetric, week: Week, earlier: Sequence[MetricWeek]) -> MetricWeek:
    observed = week.metrics.get(metric.name, Observed())
    seen = _Seen(metric, observed, policy.decide.alpha, earlier)
    name, n = metric.name, observed.n if observed.n is not None else seen.n
    if not seen.usable:
        return MetricWeek(name, "no_data", n=n if n is not None and isfinite(n) else None)
    shown = seen.shown
    if seen.impossible:
        return MetricWeek(name, "held", "invalid", shown, n)
    lower, upper = seen.bounds()
    state, reason, note = _state(metric, week, seen)
    return MetricWeek(name, state, reason, shown, n, lower, upper, seen.value, note)


def _state(metric: GateMetric, week: Week, seen: "_Seen") -> tuple[State, str, str]:
    """Return state, reason and note: from step 3 of GATES.md on, the first that applies."""
    if seen.n < metric.min_n:
        return "held", "volume", ""
    if not week.settled:
        return "held", "unsettled", ""
    breached = None if metric.breach is None else _three(metric.breach, seen.breached)
    if breached:
        return "breach", "", ""
    note = ""
    if metric.breach is not None and breached is None:
        note = "the breach line could not be tested: the counts behind it are missing"
        if metric.role == "guardrail":
            return "held", "undecided", note
    return *_point_state(metric, seen), note


def _point_state(metric: GateMetric, seen: "_Seen") -> tuple[State, str]:
    """Return state and reason by the point rules: steps 5 to 12."""
    passed, failed, warned = (
        None if rule is None else _three(rule, seen.holds) for rule in (metric.pass_, metric.fail, metric.warn)
    )
    if failed:
        return "missed", ""
    if passed:
        return "met", ""
    if warned:
        return "held", "warn"
    given = ((metric.pass_, passed), (metric.fail, failed), (metric.warn, warned))
    if any(rule is not None and holds is None for rule, holds in given):
        return "held", "no_baseline"
    if metric.pass_ is not None:
        return ("held", "dead_band") if metric.fail is not None else ("missed", "")
    return "met", ""  # fail or warn without pass, a guardrail with breach alone, or no line at all


def _three(rule: Rule, decide: Callable[[Rule], bool | None]) -> bool | None:
    """Evaluate a rule in three-valued logic: one true settles `any`, one false settles `all`, else None is unknown."""
    if not isinstance(rule, AnyOf | AllOf):
        return decide(rule)
    results = [_three(member, decide) for member in rule.members]
    decisive = isinstance(rule, AnyOf)
    if decisive in results:
        return decisive
    return None if None in results else not decisive


class _Seen:
    """What one metric showed in one week, ready for rules."""

    def __init__(self, metric: GateMetric, observed: Observed, alpha: float, earlier: Sequence[MetricWeek]) -> None:
        self.metric, self.observed, self.alpha, self.earlier = metric, observed, alpha, earlier
        self.samples = observed.samples
        given = observed.n if observed.n is not None else (len(self.samples) if self.samples is not None else 0)
        self.n = given if isfinite(given) else 0
        self.value = self._value()
        self.quantile = PERCENTILES.get(metric.statistic or "")

    def _value(self) -> Fraction | None:
        """Return the week's value exactly; None where there is no usable one."""
        observed, n = self.observed, self.n
        if n < 1:
            return None
        if self.metric.is_share and observed.successes is not None:
            return Fraction(exact(observed.successes), exact(n)) if isfinite(observed.successes) else None
        if observed.value is None or not isfinite(observed.value):
            return None
        return exact(observed.value)

    @property
    def compared(self) -> bool:
        """Whether the metric is read off samples: one of its rules compares arms."""
        return self.samples is not None

    @property
    def usable(self) -> bool:
        if self.n < 1 or (self.samples is not None and not all(map(isfinite, self.samples))):
            return False
        if self.samples is not None and not self.samples:
            return False
        given = (self.observed.value, self.observed.successes)
        if self.value is None and any(one is not None for one in given):
            return False
        return self.value is not None or self.compared

    @property
    def shown(self) -> float | None:
        return None if self.value is None else float(self.value)

    @property
    def impossible(self) -> bool:
        observed, value = self.observed, self.value
        counts = [observed.n, observed.successes, observed.under_line, *observed.under.values(), observed.sd]
        if any(one is not None and (not isfinite(one) or one < 0) for one in counts):
            return True
        within = [observed.successes, observed.under_line, *observed.under.values()]
        if any(one is not None and one > self.n for one in within):
            return True
        if value is None:
            return False
        if self.metric.is_share and value > 1:
            return True
        return value < 0 and self.metric.statistic != "reduction_vs_baseline"  # one may well be slower than before

    # rules ............................................................................................................

    def holds(self, rule: Rule) -> bool | None:
        """Whether a point rule holds; None where it cannot be known."""
        if isinstance(rule, ArmComparison):
            return self._shifted(rule)
        if self.value is None:
            return None
        if isinstance(rule, Relative):
            line = self._relative_line(rule)
            return None if line is None else _compare(rule.op, self.value, line)
        if isinstance(rule, Comparison):
            under = self.under(rule.value)
            near = abs(self.value - Fraction(rule.value)) <= HISTOGRAM_ERROR * abs(Fraction(rule.value))
            if self.quantile is not None and under is not None and near and rule.op != "==":
                below = exact(under) >= self.quantile * exact(self.n)  # nearest rank: the quantile lies below the line
                return below if rule.op in {"<", "<="} else not below
            return rule.holds(self.value)
        return rule.holds(self.value) if isinstance(rule, Range) else None

    def breached(self, rule: Rule) -> bool | None:
        """Whether a breach rule binds: the one-sided bound lies wholly beyond its line. None where undecidable."""
        if isinstance(rule, ArmComparison):
            return self._shifted(rule)
        if isinstance(rule, Range):
            low, high = self.bounds()
            return None if low is None or high is None else rule.holds(low) and rule.holds(high)
        if isinstance(rule, Relative):
            line = self._relative_line(rule)
            return None if line is None else self._beyond(rule.op, line)
        if isinstance(rule, Comparison):
            if self.quantile is not None:
                return self._percentile_beyond(rule)
            return self._beyond(rule.op, Fraction(rule.value))
        return None

    def _beyond(self, op: str, line: Fraction) -> bool | None:
        low, high = self.bounds()
        bound = {">": low, ">=": low, "<": high, "<=": high}.get(op)
        return None if bound is None else _compare(op, exact(bound), line)

    def _percentile_beyond(self, rule: Comparison) -> bool | None:
        under = self.under(rule.value)
        if under is None or rule.op == "==" or self.quantile is None:
            return None
        if rule.op in {">", ">="}:  # the quantile lies above the line: too few are below it
            return stats.clopper_pearson_upper(under, self.n, self.alpha) < float(self.quantile)
        return stats.clopper_pearson_lower(under, self.n, self.alpha) > float(self.quantile)

    def under(self, line: Decimal) -> float | None:
        """Return the exact count under a line where it is given."""
        return count_under(self.metric, self.observed, line)

    def _shifted(self, rule: ArmComparison) -> bool | None:
        samples, control = self.samples, self.observed.control
        if not samples or not control or not all(map(isfinite, control)):
            return None
        first, second = (samples, control) if rule.direction == "increase" else (control, samples)
        return stats.mann_whitney(first, second).p_value < rule.alpha

    def _relative_line(self, rule: Relative) -> Fraction | None:
        def included(one: MetricWeek) -> bool:
            if one.exact_value is None:
                return False
            passed = one.state == "met"
            warned = one.state == "held" and one.reason == "warn"
            return {"pass": passed, "pass_or_warn": passed or warned}.get(rule.include, True)

        values = [one.exact_value for one in self.earlier if included(one)][-rule.last_k :]
        known = [value for value in values if value is not None]
        if not known:
            return None
        middle = sum(known) / Fraction(len(known)) if rule.aggregate == "avg" else _quantile(known, rule.aggregate)
        return middle * (1 + Fraction(rule.relative_pct) / 100)

    def bounds(self) -> tuple[float | None, float | None]:
        """Return one-sided bounds at alpha where the counts behind the value allow them."""
        return value_bounds(self.metric, self.observed, self.n, self.alpha)


def value_bounds(metric: GateMetric, observed: Observed, n: float, alpha: float) -> tuple[float | None, float | None]:
    """Return the one-sided bounds of a metric's value: Wilson for a share, Student's t where `sd` is given."""
    if metric.is_share and observed.successes is not None:
        s = observed.successes
        return stats.wilson_lower(s, n, alpha), stats.wilson_upper(s, n, alpha)
    sd, value = observed.sd, observed.value
    if sd is not None and isfinite(sd) and value is not None and n >= 2 and metric.statistic not in PERCENTILES:  # noqa: PLR2004
        half = stats.mean_half_width(sd, n, alpha)
        bounds = value - half, value + half
        return bounds if all(map(isfinite, bounds)) else (None, None)
    return None, None


def count_under(metric: GateMetric, observed: Observed, line: Decimal) -> float | None:
    """Return how many observations lie under a line: from `under`, or from `under_line` where it is the pass line."""
    if line in observed.under:
        return observed.under[line]
    main = metric.pass_ if metric.pass_ is not None else metric.fail
    if isinstance(main, Comparison) and main.value == line:
        return observed.under_line
    return None


def _compare(op: str, value: Fraction, line: Fraction) -> bool:
    return {
        ">": value > line, ">=": value >= line, "<": value < line, "<=": value <= line, "==": value == line
    }[op]  # fmt: skip


_RANKS: Mapping[str, Fraction] = {"p50": Fraction(1, 2), "p90": Fraction(9, 10), "p95": Fraction(19, 20)}


def _quantile(values: Sequence[Fraction], aggregate: str) -> Fraction:
    """Return the percentile of a few weekly values, interpolated linearly (type 7, as databases do)."""
    ordered = sorted(values)
    place = _RANKS[aggregate] * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
