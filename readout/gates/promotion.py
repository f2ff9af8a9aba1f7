"""How strong the proof of a gate is, and by when it can pass if its weeks go on as they do. Pure.

It says what is possible at the earliest, under a condition, and never that a system will be promoted: a person
promotes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from readout.gates.evaluate import Verdict
from readout.gates.outlook import Outlook
from readout.gates.policy import Policy
from readout.gates.scoring import GateWeek

Confidence = Literal["proved", "building", "not_shown", "unprotected", "no_data", "broken", "no_gate"]
CONFIDENCE: tuple[Confidence, ...] = (
    "proved", "building", "not_shown", "unprotected", "no_data", "broken", "no_gate",
)  # the strongest first  # fmt: skip
Why = Literal[
    "eligible", "on_course", "volume", "rate", "bound", "afresh", "final", "burning", "failed", "no_data", "waiting",
    "watched",
]  # fmt: skip
FINAL = frozenset({"nothing_required", "inconclusive_limit", "horizon_reached_undecided"})
RECENT = 4  # closed weeks whose mean is today's volume


@dataclass(frozen=True)
class Scarce:
    """A metric with fewer observations a week than its policy asks for: its weeks are held, whatever they show."""

    metric: str
    weekly: float
    needed: int


@dataclass(frozen=True)
class Chance:
    """By when a gate can pass. `weeks`: further closed weeks until then at the earliest; None: cannot be said."""

    why: Why
    weeks: int | None = None
    scarce: Scarce | None = None


def confidence(state: str, evidence: float | None, needed: float | None, rule: str) -> Confidence:
    """Return how far a gate is proved, by the state of its card and its evidence of what its policy asks for.

    Proved needs the whole of it: the evidence, and the weeks in a row where the policy asks for some. Evidence that
    speaks for the line and does not reach is building: an e-value above 1 (GATES.md), or a bound that clears.
    """
    if state in {"breach", "failed"}:
        return "broken"
    if state in {"no_data", "waiting"}:
        return "no_data"
    if rule == "point":
        return "unprotected"
    if evidence is None or needed is None:
        return "not_shown"
    if evidence >= needed and state in {"eligible", "watch"}:
        return "proved"
    return "building" if evidence > (1 if rule == "always_valid" else 0) else "not_shown"


def chance(policy: Policy, verdict: Verdict, state: str, found: Outlook | None) -> Chance:
    """Return by when a gate can pass at the rate and volume so far. `state`: of its card; `found`: its outlook."""
    fixed: dict[str, Chance] = {
        "eligible": Chance("eligible", 0),
        "failed": Chance("failed"),
        "no_data": Chance("no_data"),
        "waiting": Chance("waiting"),
        "watch": Chance("watched"),
    }
    if state in fixed:
        return fixed[state]
    return _after_breach(policy, verdict) if state == "breach" else _held(policy, verdict, found)


def _after_breach(policy: Policy, verdict: Verdict) -> Chance:
    """Return the weeks of cooldown still to come and the whole streak after them; without a cooldown, none."""
    if verdict.reason not in {"breach", "cooldown"}:
        return Chance("burning")
    cooldown, weeks = policy.decide.cooldown_weeks, policy.decide.consecutive_weeks
    if cooldown is None or weeks is None or verdict.decided_on is None:
        return Chance("failed")
    passed = sum(one.week.complete and one.week.week > verdict.decided_on for one in verdict.weeks)
    return Chance("afresh", max(cooldown - passed, 0) + weeks)


def _held(policy: Policy, verdict: Verdict, found: Outlook | None) -> Chance:
    needed = policy.decide.consecutive_weeks
    if verdict.reason in FINAL or needed is None:
        return Chance("final")
    scarce = scarcest(policy, verdict.weeks)
    if scarce is not None:
        return Chance("volume", scarce=scarce)
    shown = _until_shown(policy, verdict, found)
    if shown.weeks is None:
        return shown
    weeks = max(shown.weeks, needed - verdict.streak, 1)
    horizon = policy.decide.horizon_weeks
    if horizon is not None and verdict.counted + weeks > horizon:
        return Chance("final")
    return replace(shown, weeks=weeks)


def _until_shown(policy: Policy, verdict: Verdict, found: Outlook | None) -> Chance:
    """Return the weeks until the evidence is there at the rate so far, none where it is there or not asked for."""
    if policy.decide.evidence == "point":
        return Chance("on_course", 0)
    if verdict.evidence is not None and verdict.evidence_needed and verdict.evidence >= verdict.evidence_needed:
        return Chance("on_course", 0)
    if found is None or found.rate is None or not found.weekly:
        return Chance("bound")
    if found.missing is None:
        return Chance("rate")
    return Chance("on_course", ceil(found.missing / found.weekly))


def scarcest(policy: Policy, weeks: Sequence[GateWeek]) -> Scarce | None:
    """Return the binding metric that lacks most of the observations that its policy asks for a week; None: none lacks.

    Over the last closed weeks of the release in service that hold any observation of it.
    """
    closed = [week for week in weeks if week.week.complete]
    own = [week for week in closed if week.week.release == closed[-1].week.release][-RECENT:]
    found = []
    for place, metric in enumerate(policy.metrics):
        counts = [float(n) for week in own if (n := week.metrics[place].n)]
        if metric.binds and counts and sum(counts) / len(counts) < metric.min_n:
            found.append(Scarce(metric.name, sum(counts) / len(counts), metric.min_n))
    return min(found, key=lambda one: one.weekly / one.needed, default=None)
