"""What will surprise about a sound policy: it can never pass, proves little, or nobody reviews it. Pure."""

from collections.abc import Iterator
from datetime import date

from readout import stats
from readout.gates.policy import PERCENTILES, Gate, GateMetric, Policy
from readout.gates.rules import Comparison
from readout.gates.scoring import requires_something


def remarks(policy: Policy, today: date) -> tuple[str, ...]:
    """Return remarks in sentences; none where nothing surprises."""
    return tuple(_remarks(policy, today))


def _remarks(policy: Policy, today: date) -> Iterator[str]:
    decide = policy.decide
    if decide.consecutive_weeks is None:
        yield "There is no consecutive_weeks: this gate watches, and can fail or hold, but never passes."
    if not requires_something(policy):
        yield "No required or key metric has a line: this gate holds with nothing_required whatever happens."
    if decide.evidence == "point":
        yield "The evidence is point: the raw rule is unprotected and promotes on the luck of small samples."
    for metric in policy.metrics:
        quantile = PERCENTILES.get(metric.statistic or "")
        fewest = stats.percentile_min_n(float(quantile), decide.alpha) if quantile else 0
        if quantile and metric.binds and decide.evidence in {"weekly_bound", "pooled"} and metric.min_n < fewest:
            yield f"{metric.name}: a bound of {metric.statistic} needs {fewest} observations; min_n is {metric.min_n}."
        yield from _of_lines(metric)
        if metric.role == "guardrail" and not metric.rules:
            yield f"{metric.name}: a guardrail without a line guards nothing."
    if policy.week.frozen and policy.week.gaps == "break":
        yield "Weeks are declared as frozen, but gaps is break: they break the streak like any other."
    if isinstance(policy, Gate) and policy.review_by and policy.review_by < today:
        yield f"The review of this gate was due on {policy.review_by}."
    if isinstance(policy, Gate) and policy.review_by is None:
        yield "There is no review_by date: nobody is asked whether this gate is still right."


def _of_lines(metric: GateMetric) -> Iterator[str]:
    """Yield what is odd about a metric's lines: out of reach, or a week that passes and breaches at once."""
    passed, breach = metric.pass_, metric.breach
    if not isinstance(passed, Comparison):
        return
    if metric.is_share and str(passed) in {"> 1", "< 0"}:
        yield f"{metric.name}: no share is ever {passed}; this gate cannot pass."
    if not isinstance(breach, Comparison) or "==" in {passed.op, breach.op}:
        return
    upward = passed.op.startswith(">")
    inside = breach.value > passed.value if upward else breach.value < passed.value
    if inside and breach.op.startswith(">") != upward:
        yield f"{metric.name}: the breach line {breach} is the stricter one; a week that passes can break it."
