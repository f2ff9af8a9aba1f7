"""What is wrong with gates themselves: those that cannot fail, never get data, have nobody, or are not there. Pure.

A gate that needs care may still judge right today. Each remark is a kind with the numbers that its sentence needs.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from readout.gates.evaluate import Verdict
from readout.gates.evidence import deciding_line
from readout.gates.facts import WEEK
from readout.gates.outlook import Outlook
from readout.gates.policy import Gate
from readout.gates.scoring import GateWeek, requires_something
from readout.gates.standing import Phase

Kind = Literal[
    "no_gate", "no_data", "silent_metric", "stale", "starved", "unreachable", "far", "unprotected", "nothing_required",
    "always_waived", "never_failed", "owner_gone", "review_overdue", "no_review",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "no_gate", "no_data", "silent_metric", "stale", "starved", "unreachable", "far", "unprotected", "nothing_required",
    "always_waived", "never_failed", "owner_gone", "review_overdue", "no_review",
)  # fmt: skip
FEWEST_WEEKS = 12  # closed weeks with data before "it never failed" says anything about a gate
FAR_WEEKS = 26  # beyond, evidence does not come while the system is what it is
STARVED_WEEKS = 12  # last closed weeks, of which half are held by too few observations
FEWEST_STARVED = 4
LATE = timedelta(weeks=2)  # one week may be split between releases; two without a count are stale
WAIVED_SHARE = 0.5  # of the closed weeks


@dataclass(frozen=True)
class Care:
    """One thing about a gate that asks for care, with what its sentence names; what does not apply stays empty."""

    kind: Kind
    metric: str = ""
    person: str = ""
    n: float | None = None
    needed: float | None = None
    weeks: int | None = None
    held: int = 0
    day: date | None = None


@dataclass(frozen=True)
class GateRecord:
    """What is known about one gate. `due`: the newest week that should have closed; None before any could have."""

    gate: Gate
    phase: Phase
    verdict: Verdict
    outlook: Outlook | None = None
    due: date | None = None
    waived: int = 0  # closed weeks whose outcome was waived


@dataclass(frozen=True)
class Directory:
    """Whom the registry knows. `whole`: it names people by address, so that who is not in it is gone."""

    names: frozenset[str]
    whole: bool

    def knows(self, person: str) -> bool | None:
        """Whether a person is in it; None where it cannot be known."""
        if {_plain(person), _plain(person.partition("@")[0])} & self.names:
            return True
        return False if self.whole else None


def directory(addresses: Iterable[str], owners: Iterable[str]) -> Directory:
    """Return whom a registry knows: addresses and names of teams, and who is named as owner of a system.

    An address counts by its whole text and by the part before the @: front-desk-lead@… is the Front-desk lead.
    Only a registry that names all owners by address says who is not there any more.
    """
    named = [one for one in owners if one]
    names = frozenset(_plain(one) for one in (*addresses, *named))
    return Directory(names, bool(named) and all("@" in one for one in named))


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\W_]+", name.casefold())).strip()


def closed(verdict: Verdict) -> tuple[GateWeek, ...]:
    """Return the weeks that count."""
    return tuple(week for week in verdict.weeks if week.state != "partial")


def cares(record: GateRecord, people: Directory, today: date) -> tuple[Care, ...]:
    """Return what asks for care about a gate, the most serious first; nothing where it is sound."""
    found = [*_of_weeks(record), *_of_policy(record.gate, record.phase, people, today)]
    return tuple(sorted(found, key=lambda one: KINDS.index(one.kind)))


def _of_policy(gate: Gate, phase: Phase, people: Directory, today: date) -> Iterable[Care]:
    if gate.decide.evidence == "point" and gate.decide.consecutive_weeks is not None and phase != "watched":
        yield Care("unprotected")
    if not requires_something(gate) and gate.from_stage != gate.to_stage:
        yield Care("nothing_required")
    for person in (gate.owner, gate.approver):
        if people.knows(person) is False:
            yield Care("owner_gone", person=person)
    if gate.review_by is None:
        yield Care("no_review")
    elif gate.review_by < today:
        yield Care("review_overdue", day=gate.review_by)


def _of_weeks(record: GateRecord) -> Iterable[Care]:
    if record.phase == "waiting":
        return
    weeks = closed(record.verdict)
    if not any(week.state != "no_data" for week in weeks):
        if weeks or record.due is not None:
            yield Care("no_data", weeks=len(weeks))
        return
    for place, metric in enumerate(record.gate.metrics):
        if all(week.metrics[place].state == "no_data" for week in weeks):
            yield Care("silent_metric", metric=metric.name, weeks=len(weeks))
    if record.due is not None and record.due - weeks[-1].week.week >= LATE:
        yield Care("stale", day=weeks[-1].week.week, weeks=(record.due - weeks[-1].week.week) // WEEK)
    if record.waived and record.waived >= WAIVED_SHARE * len(weeks):
        yield Care("always_waived", n=record.waived, weeks=len(weeks))
    judged = [week for week in weeks if week.state != "no_data"]
    if len(judged) >= FEWEST_WEEKS and not any(week.state in {"missed", "breach"} for week in judged):
        yield Care("never_failed", weeks=len(judged))
    yield from _of_evidence(record, weeks)


def _of_evidence(record: GateRecord, weeks: Sequence[GateWeek]) -> Iterable[Care]:
    """Yield that a gate under evaluation never gets enough observations, or evidence, at today's rate."""
    if record.phase != "evaluated" or record.verdict.state == "PASS":
        return
    last, starved = weeks[-STARVED_WEEKS:], set()
    for place, metric in enumerate(record.gate.metrics):
        own = [week.metrics[place] for week in last]
        short = sum(one.state == "held" and one.reason == "volume" for one in own)
        if metric.binds and short >= max(FEWEST_STARVED, len(last) / 2):
            starved.add(metric.name)
            n = sum(one.n or 0.0 for one in own) / len(own)
            yield Care("starved", metric=metric.name, n=n, needed=metric.min_n, held=short, weeks=len(last))
    found = record.outlook
    if found is None or found.rate is None or found.line is None or record.verdict.reason in {"breach", "cooldown"}:
        return
    if found.missing is None:
        rate, line = (_as_written(record.gate, found.metric, one) for one in (found.rate, found.line))
        yield Care("unreachable", metric=found.metric, n=rate, needed=line)
    elif found.weeks is not None and found.weeks > FAR_WEEKS and found.metric not in starved:
        yield Care("far", metric=found.metric, n=found.missing, weeks=found.weeks)


def _as_written(gate: Gate, name: str, good: float) -> float:
    """Return a share of good observations as the gate's line counts it: its failures where less is good."""
    metric = next(one for one in gate.metrics if one.name == name)
    line = deciding_line(metric)
    return 1 - good if metric.is_share and line is not None and line.op in {"<", "<="} else good
