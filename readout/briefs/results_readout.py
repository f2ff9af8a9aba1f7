"""What the one-minute page holds beside its figures: what changed, what happened before, what is to be decided."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from readout.gates.burn import Burn
from readout.signals import Verdict

EventKind = Literal["release", "price", "stage", "incident"]
DecisionKind = Literal["breach", "failed", "eligible", "stalled", "waiver", "review"]


@dataclass(frozen=True)
class Event:
    """Something that was done or happened to a system on a local day. `detail`: what the record says of it."""

    kind: EventKind
    day: date
    name: str  # the release, the model whose price moved, the stage, the kind of incident
    detail: str = ""
    share: float | None = None  # of a stage: the load that AI may carry


@dataclass(frozen=True)
class Signalled:
    """A metric of a system that signals, with its last week and the centre that was ordinary before."""

    metric: str
    verdict: Verdict
    now: float
    usual: float
    currency: str = ""


@dataclass(frozen=True)
class ChangeRow:
    """One system's signals, the weightiest first, and what stands in its records in the two weeks before the first."""

    system_id: str
    name: str
    signals: tuple[Signalled, ...]
    events: tuple[Event, ...]  # latest first


@dataclass(frozen=True)
class DecisionRow:
    """Something that waits for a person. `by`: the last day that it can wait for, None = it is due now."""

    kind: DecisionKind
    system_id: str
    name: str
    who: str
    by: date | None = None
    gate: str = ""
    from_stage: str = ""
    to_stage: str = ""
    line: str = ""  # the metric whose line is broken or waived
    since: date | None = None
    burn: Burn | None = None
    hours: float | None = None  # people's hours a week that waiting costs; None = not computable, see `unknown`
    unknown: str = ""
