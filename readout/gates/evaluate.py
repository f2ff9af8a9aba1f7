"""The gate: closed weeks in, one verdict out. Pure and total; GATES.md, "The gate, checked after each closed week".

    verdict = evaluate(policy, weeks)
    verdict.state, verdict.reason, verdict.sentence

The engine proves PASS; nothing falls through to it. The order of the weeks in the input never matters, a partial week
never counts, and a new release starts afresh.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Literal

from readout.gates.evidence import Evidence, evidence_of
from readout.gates.facts import WEEK, Week, refuse_overlap
from readout.gates.policy import Policy
from readout.gates.scoring import GateWeek, judge_week, requires_something

GateState = Literal["PASS", "HOLD", "FAIL", "NO_DATA"]
_HELD_REASONS = ("invalid", "volume", "unsettled", "no_baseline", "dead_band")


@dataclass(frozen=True)
class Verdict:
    """What a gate says. Streak, evidence and reason are those of the deciding week."""

    state: GateState
    reason: str
    streak: int
    evidence: float | None
    evidence_needed: float | None
    weeks: tuple[GateWeek, ...]
    decided_on: date | None = None  # the week that decided; None while undecided
    weakest: str = ""  # the metric with the least evidence
    counted: int = 0  # closed weeks of the release


@dataclass
class _Run:
    """One evaluation of one release, week by week."""

    policy: Policy
    weeks: list[GateWeek] = field(default_factory=list)
    streak: int = 0
    missed: int = 0
    held: int = 0
    silent: int = 0  # weeks without data in a row
    decided: tuple[GateState, str, GateWeek] | None = None
    evidence: Evidence = field(default_factory=lambda: Evidence(None, None, enough=False))
    cooling: int = 0  # closed weeks of cooldown still to come

    def skip(self, gap: int) -> None:
        """Count calendar weeks that the input does not have: they break the streak like weeks without data."""
        if gap:
            self.streak = 0
            self.silent += gap

    def add(self, week: GateWeek) -> None:
        """Count one closed week, and decide where it decides."""
        self.weeks.append(week)
        if week.state == "no_data":
            self.silent += 1
        else:
            self.silent = 0
        frozen = self.policy.week.gaps == "freeze" and week.state in {"no_data", "held"}
        if frozen and week.week.week in {one.week for one in self.policy.week.frozen}:
            return  # declared beforehand: it neither counts nor breaks the streak
        self.streak = self.streak + 1 if week.state == "met" else 0
        self.missed += week.state == "missed"
        self.held += week.state == "held"
        self.evidence = evidence_of(self.policy, self.weeks)
        found = self._decision(week)
        if found:
            self.decided = (*found, week)

    def _decision(self, week: GateWeek) -> tuple[GateState, str] | None:
        decide = self.policy.decide
        if week.state == "breach":
            return "FAIL", "breach"
        if decide.max_missed_weeks is not None and self.missed > decide.max_missed_weeks:
            return "FAIL", "failure_limit"
        # where nothing is required nothing can be proved, whatever else happens
        return self._without_fault() if requires_something(self.policy) else None

    def _without_fault(self) -> tuple[GateState, str] | None:
        decide = self.policy.decide
        if decide.max_held_weeks is not None and self.held > decide.max_held_weeks:
            return "HOLD", "inconclusive_limit"
        if decide.max_no_data_weeks is not None and self.silent > decide.max_no_data_weeks:
            return "NO_DATA", "no_data_limit"
        needed = decide.consecutive_weeks
        if needed is not None and self.streak >= needed and self.evidence.enough:
            return "PASS", "consecutive_met"
        if decide.horizon_weeks is not None and len(self.weeks) >= decide.horizon_weeks:
            short = needed is not None and self.streak < needed
            if short and decide.max_missed_weeks is None:
                return "FAIL", "horizon_reached_streak_not_met"
            return "HOLD", "horizon_reached_undecided"
        return None


def evaluate(policy: Policy, weeks: Iterable[Week], *, closed_early: bool = False) -> Verdict:
    """Judge a gate over its weeks.

    `closed_early`: the evaluation was stopped; what had not passed by then never does. Raises FactsError for a week
    that is given twice, and for two that overlap.
    """
    ordered = sorted(weeks, key=lambda one: one.week)
    for before, after in pairwise(ordered):
        refuse_overlap(before.week, after.week)
    judged: list[GateWeek] = []
    closed: list[GateWeek] = []
    run = _Run(policy)
    for week in ordered:
        one = judge_week(policy, week, closed)
        if not week.complete:
            judged.append(GateWeek(week, "partial", "", one.metrics))
            continue
        judged.append(one)
        run = _next(policy, run, closed[-1].week if closed else None, one)
        closed.append(one)
    return _verdict(policy, run, judged, closed, closed_early=closed_early)


def _next(policy: Policy, run: _Run, before: Week | None, week: GateWeek) -> _Run:
    """Give a closed week to the evaluation that it belongs to, and return that one."""
    cooldown = policy.decide.cooldown_weeks
    if before is not None and week.week.release != before.release:
        run = _Run(policy)  # a new major release starts afresh
    elif run.decided and run.decided[1] == "breach" and cooldown is not None:
        if run.cooling < cooldown:
            run.cooling += 1
            return run
        run = _Run(policy)
    if run.decided:
        return run  # final: later weeks are listed and decide nothing
    if before is not None and run.weeks:
        run.skip(_gap(policy, before.week, week.week.week))
    run.add(week)
    return run


def _gap(policy: Policy, before: date, after: date) -> int:
    """Return how many calendar weeks are missing between two weeks, declared gaps left out."""
    frozen = {one.week for one in policy.week.frozen} if policy.week.gaps == "freeze" else set()
    missing = 0
    day = before + WEEK
    while day < after:
        missing += day not in frozen
        day += WEEK
    return missing


def _verdict(
    policy: Policy, run: _Run, judged: Sequence[GateWeek], closed: Sequence[GateWeek], *, closed_early: bool
) -> Verdict:
    evidence = run.evidence
    if policy.decide.evidence == "always_valid" and evidence.needed is None:
        evidence = Evidence(evidence.amount, 1 / policy.decide.alpha, evidence.enough, evidence.weakest)
    state, reason, week = run.decided or (*_undecided(policy, run, closed, closed_early=closed_early), None)
    if run.decided and run.cooling:
        state, reason = "HOLD", "cooldown"
    return Verdict(
        state,
        reason,
        run.streak,
        evidence.amount,
        evidence.needed,
        tuple(judged),
        week.week.week if week else None,
        evidence.weakest,
        len(run.weeks),
    )


def _undecided(policy: Policy, run: _Run, closed: Sequence[GateWeek], *, closed_early: bool) -> tuple[GateState, str]:
    if not closed:
        return "NO_DATA", "no_closed_week"
    if not requires_something(policy):
        return "HOLD", "nothing_required"
    if all(week.state == "no_data" for week in run.weeks):
        return "NO_DATA", "no_closed_week_with_data"
    if closed_early:
        return "HOLD", "closed_early"
    needed = policy.decide.consecutive_weeks
    if needed is not None and run.streak >= needed:
        return "HOLD", "volume"
    last = run.weeks[-1]
    if last.state == "missed":
        return "HOLD", "quality"
    if last.state == "held" and last.reason in _HELD_REASONS:
        return "HOLD", last.reason
    return "HOLD", "in_progress"
