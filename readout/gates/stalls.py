"""The four ways in which work with AI dies, and what in a system shows each. Pure.

Narrow integration, broken ownership, vague success, misleading timeline: a system that shows one of them may still run
well today; nobody will carry it on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from readout.gates.policy import STAGES

Way = Literal["integration", "ownership", "success", "timeline"]
WAYS: tuple[Way, ...] = ("integration", "ownership", "success", "timeline")
Kind = Literal[
    "snapshots", "stale", "low_load", "no_owner", "no_approver", "gone", "no_gate", "never_binds", "no_data",
    "no_baseline", "overdue", "unplanned",
]  # fmt: skip
LOW_LOAD = 0.5  # of what its stage entitles it to: so much less work reaches it than was decided
UNPLANNED_WEEKS = 26  # in one stage below full without a next one planned


@dataclass(frozen=True)
class Known:
    """What is known about one system. None and '' = not known, and what is not known is no finding."""

    stage: str
    weeks_in_stage: int | None = None
    snapshots: tuple[str, ...] = ()  # cadence of its sources, where all of them are exported snapshots
    age_hours: float | None = None  # of its last task
    allowed_hours: float = 0.0  # that age may be: the promise, and the system's usual pauses
    entitled: float | None = None  # share of the work
    running: float | None = None  # upper bound of the share that it carried in the last whole week
    owner: str = ""
    approver: str = ""
    gone: tuple[str, ...] = ()  # owners and approvers who are not in the registry any more
    gates: int = 0
    binds: bool = False  # any of its gates has a line that binds
    judged_weeks: int = 0  # weeks of its gates with data
    baseline: bool = False
    overdue: tuple[str, date] | None = None  # a planned stage that should have begun, and when
    planned: bool = False  # a stage above the one in force is planned


@dataclass(frozen=True)
class Stall:
    """One finding, with the numbers that its sentence needs."""

    way: Way
    kind: Kind
    texts: tuple[str, ...] = ()
    number: float | None = None
    of: float | None = None
    day: date | None = None


def stalls(known: Known) -> tuple[Stall, ...]:
    """Return every finding, by way; nothing for a retired system."""
    if known.stage == "retired":
        return ()
    climbing = known.stage in STAGES and known.stage != "full"
    return (*_integration(known), *_ownership(known, climbing), *_success(known, climbing), *_timeline(known, climbing))


def _integration(known: Known) -> Iterable[Stall]:
    if known.snapshots:
        yield Stall("integration", "snapshots", known.snapshots)
    if known.age_hours is not None and known.age_hours > known.allowed_hours:
        yield Stall("integration", "stale", number=known.age_hours, of=known.allowed_hours)
    if known.running is not None and known.entitled and known.running < LOW_LOAD * known.entitled:
        yield Stall("integration", "low_load", number=known.running, of=known.entitled)


def _ownership(known: Known, climbing: bool) -> Iterable[Stall]:  # noqa: FBT001 - said by its name
    if not known.owner:
        yield Stall("ownership", "no_owner")
    if climbing and not known.approver:
        yield Stall("ownership", "no_approver")
    for person in known.gone:
        yield Stall("ownership", "gone", (person,))


def _success(known: Known, climbing: bool) -> Iterable[Stall]:  # noqa: FBT001 - said by its name
    if not known.gates and climbing:
        yield Stall("success", "no_gate")
    elif known.gates and not known.binds:
        yield Stall("success", "never_binds")
    elif known.gates and not known.judged_weeks:
        yield Stall("success", "no_data")
    if not known.baseline:
        yield Stall("success", "no_baseline")


def _timeline(known: Known, climbing: bool) -> Iterable[Stall]:  # noqa: FBT001 - said by its name
    weeks = known.weeks_in_stage
    if known.overdue is not None:
        stage, day = known.overdue
        yield Stall("timeline", "overdue", (stage,), number=weeks, day=day)
    elif climbing and not known.planned and weeks is not None and weeks >= UNPLANNED_WEEKS:
        yield Stall("timeline", "unplanned", number=weeks)
