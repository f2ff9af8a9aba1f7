"""Was a policy tightened or loosened? Pure. What cannot be proved tighter counts as loosened (GATES.md, "The gate")."""

from typing import Literal

from readout.gates.policy import Gate, GateMetric, Policy
from readout.gates.rules import AllOf, AnyOf, Comparison, Relative, Rule

Change = Literal["same", "tightened", "loosened"]
_RANK = {"trial": 0, "info": 0, "guardrail": 1, "required": 2, "key": 2}


def compare(old: Policy, new: Policy) -> Change:
    """Return how a policy changed what it takes to pass.

    Tightened: whatever passes the new one passes the old one on the same weeks. Owners, dates, and what happens on an
    outcome are no part of it.
    """
    if _deciding(old) == _deciding(new):
        return "same"
    return "tightened" if _tighter(old, new) else "loosened"


def _deciding(policy: Policy) -> object:
    metrics = tuple(sorted(one.model_dump_json() for one in policy.metrics))
    arms = tuple((one.name, policy.arm_of(one)) for one in policy.metrics) if isinstance(policy, Gate) else ()
    week = policy.week.model_dump(exclude={"frozen"})
    return metrics, sorted(arms), policy.decide.model_dump(), policy.score, tuple(week.items())


def _tighter(old: Policy, new: Policy) -> bool:
    if old.score or new.score or _looks_back(old) or _looks_back(new):
        return False  # one week's state changes what another week needs
    before = {one.name: one for one in old.metrics}
    after = {one.name: one for one in new.metrics}
    if isinstance(old, Gate) and isinstance(new, Gate):
        if any(old.arm_of(before[name]) != new.arm_of(after[name]) for name in before.keys() & after.keys()):
            return False
        if (old.system, old.from_stage) != (new.system, new.from_stage):
            return False
    # a week that no longer fails may be one that is forgotten, or that never ends the evaluation
    strict = old.decide.max_missed_weeks is None and not any(one.breach for one in (*old.metrics, *new.metrics))
    return (
        before.keys() <= after.keys()
        and all(_metric(before[name], after[name], strict=strict) for name in before)
        and all(after[name].breach is None for name in after.keys() - before.keys())
        and _decides(old, new, strict=strict)
        and _weeks(old, new, strict=strict)
    )


def _looks_back(policy: Policy) -> bool:
    return any(_relative(rule) for metric in policy.metrics for rule in metric.rules.values())


def _relative(rule: Rule) -> bool:
    if isinstance(rule, AnyOf | AllOf):
        return any(map(_relative, rule.members))
    return isinstance(rule, Relative)


def _metric(old: GateMetric, new: GateMetric, *, strict: bool) -> bool:
    same = all(
        getattr(old, name) == getattr(new, name)
        for name in ("statistic", "unit", "judge", "arm", "weight", "warn", "fail", "breach")
    )
    counted = new.min_n == old.min_n or (strict and new.min_n > old.min_n)
    return same and counted and _RANK[new.role] >= _RANK[old.role] and _line(old.pass_, new.pass_)


def _line(old: Rule | None, new: Rule | None) -> bool:
    """Whether the new pass line lies on the far side of the old one, or on it."""
    if old == new:
        return True
    if not isinstance(old, Comparison) or not isinstance(new, Comparison):
        return False
    if old.op in {">", ">="} and new.op in {">", ">="}:
        beyond = new.value > old.value
    elif old.op in {"<", "<="} and new.op in {"<", "<="}:
        beyond = new.value < old.value
    else:
        return False
    return beyond or (new.value == old.value and len(new.op) <= len(old.op))


def _decides(old: Policy, new: Policy, *, strict: bool) -> bool:
    before, after = old.decide, new.decide
    if after.consecutive_weeks is None:
        return True  # a gate that only watches passes nothing
    if before.consecutive_weeks is None or after.consecutive_weeks < before.consecutive_weeks:
        return False
    if (before.cooldown_weeks, before.valid_weeks) != (after.cooldown_weeks, after.valid_weeks):
        return False
    if before.evidence == "point":
        evidence = True
    else:
        lower = after.alpha == before.alpha or (strict and after.alpha < before.alpha)
        evidence = after.evidence == before.evidence and lower and after.looks >= before.looks
        if before.evidence in {"pooled", "weekly_bound"}:  # more weeks pool more
            evidence = evidence and after.consecutive_weeks == before.consecutive_weeks
    limits = ("max_missed_weeks", "max_held_weeks", "max_no_data_weeks", "horizon_weeks")
    return evidence and all(_limit(getattr(before, name), getattr(after, name)) for name in limits)


def _limit(old: int | None, new: int | None) -> bool:
    return old == new or (new is not None and (old is None or new < old))


def _weeks(old: Policy, new: Policy, *, strict: bool) -> bool:
    before, after = old.week, new.week
    covered = after.verdict_coverage == before.verdict_coverage or (
        strict and after.verdict_coverage > before.verdict_coverage
    )
    return covered and after.settle_hours >= before.settle_hours and before.gaps == after.gaps
