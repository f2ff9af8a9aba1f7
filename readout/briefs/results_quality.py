"""Quality beside people and under load: frozen results, shares with what they rest on, nothing formatted."""

from dataclasses import dataclass

from readout.briefs.results import Figure, Finding, Header, Number


@dataclass(frozen=True)
class Share:
    """A judged or counted share, how many it rests on, and its two-sided 95 % Wilson interval."""

    value: float | None
    n: int
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class AgreementRow:
    """The AI beside people on the same tasks: how often both say the same, and who is right where they differ."""

    system_id: str
    name: str
    agreement: Share
    ai_right: Share  # of the differing tasks that a person judged
    series: tuple[float | None, ...]


@dataclass(frozen=True)
class ReviewRow:
    """Reviews against the stage's plan. `reasons`: review reason -> judged verdicts."""

    system_id: str
    name: str
    planned: float | None
    actual: float
    judge: str
    judged: int
    cannot_tell: int
    coverage: float | None
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class UnmeasuredRow:
    """A task type of which some AI work could never be reviewed."""

    system_id: str
    name: str
    task_type: str
    tasks: int
    share: float
    completed_ai: int


@dataclass(frozen=True)
class TypeRow:
    """One task type of a system's AI work: what AI handed back, what of that it had wrong, fell back or failed.

    Escalations are of the AI-handled tasks, fallbacks and failures of all tasks on AI arms that ended.
    """

    task_type: str
    completed_ai: int
    escalated: Share
    ai_wrong: int  # of the escalated ones
    fallback: Share
    failed: Share


@dataclass(frozen=True)
class EscalationRow:
    """Escalations of one system by what they turned out to be, with fallbacks and failures."""

    system_id: str
    name: str
    rate: Share
    escalated: int
    ai_right: int
    ai_wrong: int
    out_of_scope: int
    unknown: int
    types: tuple[TypeRow, ...]  # of which most is surely escalated first, by the lower end of the interval
    fallback: Share
    failed: Share
    series: tuple[float | None, ...]
    before: float | None = None  # the rate of the comparison period


@dataclass(frozen=True)
class LoadRow:
    """One system in its busiest tenth of hours against the rest. Latencies in ms."""

    system_id: str
    name: str
    busy_hours: int
    busy_per_hour: float | None
    rest_per_hour: float | None
    busy_latency_ms: float | None
    rest_latency_ms: float | None
    line_ms: float | None
    busy_under: Share
    rest_under: Share
    busy_accuracy: Share
    rest_accuracy: Share
    availability: Number | None
    promise: float | None


@dataclass(frozen=True)
class QualityBrief:
    """Does the AI hold beside people, and under load?"""

    header: Header
    finding: Finding
    figures: tuple[Figure, ...]
    agreements: tuple[AgreementRow, ...]
    reviews: tuple[ReviewRow, ...]
    unmeasured: tuple[UnmeasuredRow, ...]
    escalations: tuple[EscalationRow, ...]
    loads: tuple[LoadRow, ...]
    empty: bool = False
