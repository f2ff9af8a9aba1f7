"""Where a gate stands in the life of its system: before its stage, under evaluation, lapsed, or watched. Pure.

GATES.md: a PASS lapses after `valid_weeks`, or at the first later missed or breach week, unless promoted; after the
promotion the same engine watches the new stage on the breach lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from readout.gates.evaluate import Verdict, evaluate
from readout.gates.facts import Week
from readout.gates.policy import STAGES, Gate, Policy

Phase = Literal["waiting", "evaluated", "watched"]


@dataclass(frozen=True)
class StageRecord:
    """One recorded stage change. Shares are fractions of 1, None where they were not recorded."""

    stage: str
    effective_at: datetime
    load_share: float | None = None
    review_rate: float | None = None
    decided_by: str = ""
    milestone: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Place:
    """A gate's phase, and the instant from which weeks count (None: from the first one on)."""

    phase: Phase
    since: datetime | None
    now: StageRecord | None
    promoted: StageRecord | None = None  # the change that took the system past the gate


@dataclass(frozen=True)
class Lapse:
    """A PASS that ended without a promotion: the week that had decided, when it ended, and why."""

    passed_on: date
    ended_on: date
    why: Literal["expired", "missed", "breach"]


def place_of(gate: Gate, history: Sequence[StageRecord]) -> Place:
    """Return where a gate is by its system's recorded stages, oldest first; without a record it is evaluated."""
    if not history:
        return Place("evaluated", None, None)
    now = history[-1]
    here, start, end = (_rank(stage) for stage in (now.stage, gate.from_stage, gate.to_stage))
    if here < start:
        return Place("waiting", None, now)
    if gate.from_stage == gate.to_stage or here > start:
        since = _since(history, lambda rank: rank >= (min(end, here)))
        past = next((one for one in history if one.effective_at == since), None)
        return Place("watched", since, now, past if here > start else None)
    return Place("evaluated", _since(history, lambda rank: rank == start), now)


def _rank(stage: str) -> int:
    return STAGES.index(stage) if stage in STAGES else 0  # type: ignore[arg-type]


def _since(history: Sequence[StageRecord], belongs: Callable[[int], bool]) -> datetime:
    """Return when the last uninterrupted run of stages that belong began."""
    since = history[-1].effective_at
    for one in reversed(history):
        if not belongs(_rank(one.stage)):
            break
        since = one.effective_at
    return since


def watching(policy: Policy) -> Policy:
    """Return the policy without what ends an evaluation by count: only a breach decides."""
    limits: dict[str, Any] = dict.fromkeys(
        ("consecutive_weeks", "max_missed_weeks", "max_held_weeks", "max_no_data_weeks", "horizon_weeks")
    )
    return policy.model_copy(update={"decide": policy.decide.model_copy(update=limits)})


def evaluate_over_time(
    gate: Gate,
    weeks: Sequence[Week],
    phase: Phase,
    closes: Callable[[date], datetime],
    as_of: datetime,
    counts_from: date | None = None,
) -> tuple[Verdict, tuple[Lapse, ...]]:
    """Judge a gate over its weeks, oldest first, letting a PASS lapse that nobody acted on.

    `closes(week)`: the instant at which a week closes. `counts_from`: the first week after the policy was loosened;
    earlier ones are listed and decide nothing. The verdict lists all weeks; its streak and evidence are those of the
    evaluation that runs now.
    """
    policy = gate if phase == "evaluated" else watching(gate)
    listed = evaluate(policy, weeks).weeks
    rest = [week for week in weeks if counts_from is None or week.week >= counts_from]
    verdict = evaluate(policy, rest)
    if len(rest) < len(weeks) and not any(week.complete for week in rest):
        return replace(verdict, state="HOLD", reason="loosened", weeks=listed), ()
    lapses: list[Lapse] = []
    while phase == "evaluated" and (lapse := _lapse(gate, verdict, closes, as_of)):
        lapses.append(lapse)
        rest = [week for week in rest if week.week >= lapse.ended_on]
        verdict = evaluate(gate, rest)
        if not any(week.complete for week in rest):
            return replace(verdict, state="HOLD", reason="lapsed", weeks=listed), tuple(lapses)
    return replace(verdict, weeks=listed), tuple(lapses)


def _lapse(gate: Gate, verdict: Verdict, closes: Callable[[date], datetime], as_of: datetime) -> Lapse | None:
    if verdict.state != "PASS" or verdict.decided_on is None:
        return None
    expires = closes(verdict.decided_on) + timedelta(weeks=gate.decide.valid_weeks)
    for one in verdict.weeks:
        if one.week.week <= verdict.decided_on or one.state == "partial":
            continue
        if closes(one.week.week) > expires:
            return Lapse(verdict.decided_on, one.week.week, "expired")
        if one.state in {"missed", "breach"}:
            return Lapse(verdict.decided_on, one.week.week, "breach" if one.state == "breach" else "missed")
    if as_of > expires:
        return Lapse(verdict.decided_on, _after(verdict), "expired")
    return None


def _after(verdict: Verdict) -> date:
    closed = [one.week.week for one in verdict.weeks if one.state != "partial"]
    return closed[-1] + timedelta(weeks=1)
