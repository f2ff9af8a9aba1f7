"""One sentence for people about a verdict, from the same record. Pure; it never claims more than the verdict."""

from datetime import date

from readout.gates.evaluate import Verdict
from readout.gates.fields import plain
from readout.gates.policy import PERCENTILES, GateMetric, Policy, PolicyLine
from readout.gates.scoring import GateWeek, MetricWeek

MOST = 1000  # evidence beyond is told as more than that: its size says nothing more
_STATES = {"PASS": "Eligible", "HOLD": "Hold", "FAIL": "Failed", "NO_DATA": "No data"}
_REASONS = {
    "no_closed_week": "no week has closed yet",
    "no_closed_week_with_data": "none of the closed weeks has data",
    "no_data_limit": "more weeks in a row without data than the policy allows",
    "nothing_required": "the policy requires nothing, so nothing can be proved",
    "closed_early": "the evaluation was stopped before it passed",
    "lapsed": "it was eligible, nobody promoted in time, and no week has closed since",
    "loosened": "the policy was loosened, and no week has closed since",
    "failure_limit": "more missed weeks than the policy allows",
    "inconclusive_limit": "more held weeks than the policy allows",
    "horizon_reached_streak_not_met": "the horizon ended before the weeks in a row were met",
    "horizon_reached_undecided": "the horizon ended undecided",
}
_HELD = {
    "invalid": "the numbers are impossible",
    "volume": "too few observations",
    "unsettled": "too few of the reviews have a verdict yet",
    "no_baseline": "there is nothing to compare with yet",
    "dead_band": "it lies between the pass line and the fail line",
    "warn": "it lies on the warning line",
    "undecided": "its counts are missing",
}


def sentence(policy: Policy, verdict: Verdict) -> str:
    """Return the verdict in one sentence, with its weeks, its evidence and what stands in the way."""
    watching = policy.decide.consecutive_weeks is None and verdict.reason == "in_progress"
    return f"{'Watching' if watching else _STATES[verdict.state]}: {_why(policy, verdict)}."


def _why(policy: Policy, verdict: Verdict) -> str:
    weeks = _weeks(policy, verdict)
    if verdict.reason in _REASONS:
        return _REASONS[verdict.reason]
    if verdict.state == "PASS":
        return f"{weeks}{_and_evidence(policy, verdict)}; a person promotes"
    deciding = _deciding(verdict)
    if verdict.reason == "breach":
        return _breach(policy, deciding)
    if verdict.reason == "cooldown":
        after = f"{policy.decide.cooldown_weeks} closed weeks after it do not count"
        return f"cooling down: {_breach(policy, deciding)}; {after}"
    if verdict.reason == "volume" and _streak_done(policy, verdict):
        short = "its evidence cannot be counted" if verdict.evidence is None else _evidence(policy, verdict)
        pooled = policy.decide.evidence == "pooled" and verdict.evidence is not None
        least = f", not that of {_name(verdict.weakest)}" if pooled else f" ({_name(verdict.weakest)})"
        return f"{weeks}, held by volume: {short}{least if verdict.weakest else ''}"
    if deciding is None or deciding.state == "met":
        return f"{weeks}{_and_evidence(policy, verdict)}"
    return f"{_worst(policy, deciding)} in the week of {_day(deciding.week.week)}; {weeks}"


def _deciding(verdict: Verdict) -> GateWeek | None:
    closed = [week for week in verdict.weeks if week.state != "partial"]
    if verdict.decided_on:
        return next(week for week in closed if week.week.week == verdict.decided_on)
    return closed[-1] if closed else None


def _streak_done(policy: Policy, verdict: Verdict) -> bool:
    needed = policy.decide.consecutive_weeks
    return needed is not None and verdict.streak >= needed


def _weeks(policy: Policy, verdict: Verdict) -> str:
    needed = policy.decide.consecutive_weeks
    if needed is None:
        return f"{verdict.streak} week{'' if verdict.streak == 1 else 's'} in a row within the lines"
    return f"{min(verdict.streak, needed)} of {needed} weeks in a row met"


def _and_evidence(policy: Policy, verdict: Verdict) -> str:
    return "" if verdict.evidence is None else f", {_evidence(policy, verdict)}"


def _evidence(policy: Policy, verdict: Verdict) -> str:
    """Return the evidence by the policy's rule: an amount, or how many bounds clear their lines."""
    if policy.decide.evidence == "always_valid":
        return f"evidence {_of(verdict)}"
    what = "weeks clear every line with their bounds" if policy.decide.evidence == "weekly_bound" else "bounds clear"
    return f"{_of(verdict)} {what}"


def _of(verdict: Verdict) -> str:
    needed = "" if verdict.evidence_needed is None else f" of {_number(verdict.evidence_needed)}"
    amount = verdict.evidence or 0.0
    return f"{f'over {MOST:,}' if amount > MOST else _number(amount)}{needed}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"  # noqa: PLR2004 - digits shown


def _breach(policy: Policy, week: GateWeek | None) -> str:
    broken = [
        (metric, one)
        for metric, one in zip(policy.metrics, week.metrics if week else (), strict=False)
        if metric.binds and one.state == "breach"
    ]
    lines = " and ".join(f"{_shown(metric, one)} (breach line {metric.breach})" for metric, one in broken)
    when = f" in the week of {_day(week.week.week)}" if week else ""
    return f"{lines} broke the line with confidence{when}"


def _worst(policy: Policy, week: GateWeek) -> str:
    pairs = [(m, one) for m, one in zip(policy.metrics, week.metrics, strict=True) if m.binds and one.state != "met"]
    told = [pair for pair in pairs if pair[1].state == week.state] or pairs
    if not told:
        return "nothing that binds could be decided"
    metric, one = told[0]
    if one.state == "no_data":
        return f"{_name(metric.name)} has no data"
    if one.state == "missed":
        line = PolicyLine(metric, "pass", metric.pass_) if metric.pass_ is not None else None
        return f"{_shown(metric, one)} missed its line{f' ({line})' if line else ''}"
    few = f" ({_number(one.n or 0)} of {metric.min_n})" if one.reason == "volume" else ""
    return f"{_name(metric.name)} is held, {_HELD.get(one.reason, one.reason)}{few}"


def _shown(metric: GateMetric, one: MetricWeek) -> str:
    name = _name(metric.name)
    if one.value is None:
        return name
    if metric.is_share:
        return f"{name} {100 * one.value:.1f} % of {_number(one.n or 0)}"
    if metric.statistic == "reduction_vs_baseline":
        return f"{name} {100 * one.value:.1f} %"
    statistic = f" {metric.statistic}" if metric.statistic in PERCENTILES else ""
    unit = "" if metric.unit in {None, "1"} else f" {metric.unit}"
    return f"{name}{statistic} {_digits(one.value)}{unit}"


def _digits(value: float) -> str:
    """Return a measured value with three significant digits, and no fewer than its whole part has."""
    return f"{value:,.0f}" if abs(value) >= 100 else plain(float(f"{value:.3g}"))  # noqa: PLR2004 - digits shown


def _day(week: date) -> str:
    return f"{week.day} {week:%b} {week.year}"


def _name(metric: str) -> str:
    return metric.replace("_", " ")
