"""The raw rule: a gate's lines applied to each week's plain figures, and the streak of met weeks. Pure.

It is the rule as people say it ("three consecutive weeks"), without evidence and therefore *unprotected*: at 100
reviews a week it promotes a system that is exactly on the line in about half of all 12-week periods (GATES.md). The
engine that decides is another module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from math import isfinite
from typing import Literal

from readout.gates.policy import (
    PERCENTILES,
    AllOf,
    AnyOf,
    Comparison,
    Gate,
    GateMetric,
    Policy,
    PolicyLine,
    Range,
    Rule,
    exact,
    plain,
)

State = Literal["met", "missed", "held", "no_data"]
Reason = Literal["", "too_few", "invalid", "undecided", "dead_band"]

_WORST = ("missed", "no_data", "held", "met")


@dataclass(frozen=True)
class Measured:
    """One metric in one week.

    `value` in the metric's unit (a share as a fraction of 1), None where it is not measurable; `n` its denominator.
    `successes` makes a share exact. `under`: exact counts under a line, keyed by the line as text in the metric's unit
    ("300"); they decide a percentile where the histogram's value could be off by its error.
    """

    value: float | None
    n: int
    under: Mapping[str, int] = field(default_factory=dict)
    successes: int | None = None


@dataclass(frozen=True)
class WeekFacts:
    """One week: its first day, whether it counts (`complete`), and its metrics by their name in the policy."""

    week: date
    complete: bool
    metrics: Mapping[str, Measured]


@dataclass(frozen=True)
class RawMetric:
    """One metric in one week under the raw rule."""

    name: str
    state: State
    reason: Reason
    value: float | None
    n: int
    line: str  # the pass line in words, "" where there is none


@dataclass(frozen=True)
class RawWeek:
    """One week under the raw rule. A week that is not complete is drawn and never counted."""

    week: date
    complete: bool
    state: State
    metrics: tuple[RawMetric, ...]


@dataclass(frozen=True)
class RawReadout:
    """What the raw rule says: the weeks in order, the streak ending at the last complete week, and one sentence."""

    weeks: tuple[RawWeek, ...]
    streak: int
    needed: int | None  # None: the gate has no streak rule and only watches
    met: bool  # streak ≥ needed; never a promotion by itself
    sentence: str


def raw_weeks(gate: Gate | Policy, weeks: Sequence[WeekFacts]) -> RawReadout:
    """Apply the raw rule to each week and count the streak of met weeks.

    Weeks may come in any order; a week missing between two others breaks the streak like any week that is not met.
    Raises ValueError where a week is given twice.
    """
    ordered = sorted(weeks, key=lambda facts: facts.week)
    for before, after in pairwise(ordered):
        if before.week == after.week:
            message = f"the week of {after.week} is given twice"
            raise ValueError(message)
    judged = tuple(_week(gate, facts) for facts in ordered)
    counted = [week for week in judged if week.complete]
    streak = _streak(counted)
    needed = gate.decide.consecutive_weeks
    return RawReadout(judged, streak, needed, needed is not None and streak >= needed, _sentence(gate, counted, streak))


def _streak(weeks: list[RawWeek]) -> int:
    streak = 0
    after: date | None = None
    for week in reversed(weeks):
        if week.state != "met" or (after is not None and after - week.week > timedelta(days=7)):
            break
        streak, after = streak + 1, week.week
    return streak


def _week(policy: Policy, facts: WeekFacts) -> RawWeek:
    metrics = tuple(_metric(metric, facts.metrics.get(metric.name)) for metric in policy.metrics)
    return RawWeek(facts.week, facts.complete, _week_state(policy, metrics), metrics)


def _week_state(policy: Policy, judged: tuple[RawMetric, ...]) -> State:
    """Return the worst state of the metrics that bind; held where no required or key metric has a line."""
    pairs = [(metric, one) for metric, one in zip(policy.metrics, judged, strict=True) if metric.binds]
    scored = [(metric, one) for metric, one in pairs if metric.role != "guardrail"]
    if not scored:
        return "held"
    if policy.score is None:
        return min((one.state for _, one in pairs), key=_WORST.index)
    decisive = [one.state for metric, one in pairs if metric.role in {"key", "guardrail"}]
    if "missed" in decisive:
        return "missed"
    if "no_data" in [one.state for _, one in pairs]:
        return "no_data"
    if "held" in [one.state for metric, one in pairs if metric.role == "guardrail"]:
        return "held"
    worth = {"met": Fraction(1), "held": Fraction(1, 2)}
    total = sum(exact(metric.weight) for metric, _ in scored)
    reached = sum(exact(metric.weight) * worth.get(one.state, Fraction(0)) for metric, one in scored)
    percent = 100 * reached / total
    if percent >= exact(policy.score.pass_pct):
        return "met"
    return "held" if percent >= exact(policy.score.warn_pct) else "missed"


def _metric(metric: GateMetric, measured: Measured | None) -> RawMetric:
    line = str(PolicyLine(metric, "pass", metric.pass_)) if metric.pass_ is not None else ""
    if measured is None:
        return RawMetric(metric.name, "no_data", "", None, 0, line)
    state, reason = _state(metric, measured)
    value = measured.value if measured.value is None or isfinite(measured.value) else None
    if value is None and measured.successes is not None and measured.n > 0:
        value = measured.successes / measured.n
    return RawMetric(metric.name, state, reason, value, measured.n, line)


def _state(metric: GateMetric, measured: Measured) -> tuple[State, Reason]:
    """Return the state of a metric's week: the order of GATES.md ("A metric's week"), on point rules alone."""
    if (value := _value(metric, measured)) is None:
        return "no_data", ""
    negative = value < 0 and metric.statistic != "reduction_vs_baseline"  # a system may well be slower than before
    if negative or (metric.is_share and value > 1):
        return "held", "invalid"
    if measured.n < metric.min_n:
        return "held", "too_few"
    # Read as a point, without the confidence that the engine asks for: the raw rule is the unprotected one.
    if metric.breach is not None and _holds(metric, metric.breach, value, measured):
        return "missed", ""
    return _point_state(metric, value, measured)


def _point_state(metric: GateMetric, value: Fraction, measured: Measured) -> tuple[State, Reason]:
    passed, failed, warned = (
        None if rule is None else _holds(metric, rule, value, measured)
        for rule in (metric.pass_, metric.fail, metric.warn)
    )
    if failed:
        return "missed", ""
    if passed:
        return "met", ""
    if warned:
        return "held", ""
    given = [(metric.pass_, passed), (metric.fail, failed), (metric.warn, warned)]
    if any(rule is not None and holds is None for rule, holds in given):
        return "held", "undecided"
    if metric.pass_ is not None:
        return ("held", "dead_band") if metric.fail is not None else ("missed", "")
    return "met", ""


def _value(metric: GateMetric, measured: Measured) -> Fraction | None:
    """Return the week's value exactly; None where there is no usable one."""
    if measured.n < 1:
        return None
    if metric.is_share and measured.successes is not None:
        return Fraction(measured.successes, measured.n)
    if measured.value is None or not isfinite(measured.value):
        return None
    return exact(measured.value)


def _holds(metric: GateMetric, rule: Rule, value: Fraction, measured: Measured) -> bool | None:
    """Whether a rule holds; None where the raw rule cannot know (relative to earlier weeks, against another arm)."""
    if isinstance(rule, Comparison):
        quantile = PERCENTILES.get(metric.statistic or "")
        under = _count_under(measured, rule.value)
        if quantile is not None and under is not None and rule.op != "==":
            below = under >= quantile * measured.n  # nearest rank: the pNN lies under the line
            return below if rule.op in {"<", "<="} else not below
        return rule.holds(value)
    if isinstance(rule, Range):
        return rule.holds(value)
    if isinstance(rule, AnyOf | AllOf):
        results = [_holds(metric, member, value, measured) for member in rule.members]
        decisive = isinstance(rule, AnyOf)  # one true settles `any`, one false settles `all`
        if decisive in results:
            return decisive
        return None if None in results else not decisive
    return None


def _count_under(measured: Measured, line: Decimal) -> int | None:
    for key, count in measured.under.items():
        try:
            if Decimal(key) == line:
                return count
        except InvalidOperation:
            continue
    return None


def _sentence(policy: Policy, counted: list[RawWeek], streak: int) -> str:
    needed = policy.decide.consecutive_weeks
    if not counted:
        return "No complete week yet."
    last = counted[-1]
    why = _why(policy, last)
    if needed is None:
        state = {"met": "within its lines", "missed": "beyond its lines"}.get(last.state, "undecided")
        return f"Watched without a streak rule; the last complete week was {state} on the raw rule (unprotected){why}."
    return f"{min(streak, needed)} of {needed} weeks met on the raw rule (unprotected){why}."


def _why(policy: Policy, week: RawWeek) -> str:
    """Return what kept a week from being met, worst first, as the sentence's second half."""
    if week.state == "met":
        return ""
    pairs = zip(policy.metrics, week.metrics, strict=True)
    open_points = [(metric, one) for metric, one in pairs if metric.binds and one.state != "met"]
    if not open_points:
        return "; nothing is required"
    metric, one = min(open_points, key=lambda pair: _WORST.index(pair[1].state))
    name = metric.name.replace("_", " ")
    if one.state == "no_data":
        return f"; {name} has no data in the last complete week"
    if one.reason == "too_few":
        return f"; {name} has {one.n} of the {metric.min_n} it needs in a week"
    if one.state == "missed":
        return f"; {name}{_was(metric, one)} missed its line in the last complete week{_asked(metric)}"
    return f"; {name} could not be decided in the last complete week"


def _was(metric: GateMetric, one: RawMetric) -> str:
    return "" if one.value is None else f" at {_amount(metric, Decimal(repr(one.value)))}"


def _asked(metric: GateMetric) -> str:
    rule = metric.pass_
    return f" (asked: {rule.op} {_amount(metric, rule.value)})" if isinstance(rule, Comparison) else ""


def _amount(metric: GateMetric, number: Decimal) -> str:
    if metric.is_share or metric.statistic == "reduction_vs_baseline":
        return f"{plain(Decimal(f'{100 * number:.1f}'))} %"
    unit = "" if metric.unit in {None, "1"} else metric.unit
    digits = 1 if abs(number) >= 1 else 4
    return f"{plain(Decimal(f'{number:.{digits}f}'))} {unit}".strip()
