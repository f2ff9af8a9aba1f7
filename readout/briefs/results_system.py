"""Everything about one system, as its page tells it: frozen results, numbers unrounded, nothing formatted."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from readout.briefs.results import Figure, Finding, GateCard, Header, Standstill
from readout.briefs.results_promotions import Standing
from readout.periods import PeriodType
from readout.portfolio import System
from readout.signals import Outlook as Forecast


@dataclass(frozen=True)
class StageSpan:
    """A stage of one system: as it was in force, or as the registry plans it (then nobody has decided it yet)."""

    stage: str
    load_share: float | None  # the share of its work that AI may carry in this stage
    review_rate: float | None
    starts: datetime  # local
    ends: datetime | None  # local; None = until further notice
    decided_by: str = ""
    reason: str = ""
    milestone: str = ""
    planned: bool = False
    running: float | None = None  # AI-handled share of the window's complete weeks that lie wholly in the stage
    weeks_running: int = 0  # how many these are

    @property
    def over(self) -> float | None:
        """By how much the AI carries more than the stage entitles it to; None where one of both is not known."""
        return None if self.running is None or self.load_share is None else self.running - self.load_share


@dataclass(frozen=True)
class WeekShare:
    """The AI-handled share of one week; None where nothing was completed, or completion is not recorded."""

    week: date
    kind: PeriodType
    share: float | None
    completed: int


@dataclass(frozen=True)
class ReleaseRow:
    """A version in service. `ends` is when the next one took over, None while it serves."""

    release_id: str
    model: str
    prompt: str
    routing: str
    change_class: str  # major, minor
    starts: datetime  # local
    ends: datetime | None
    note: str


@dataclass(frozen=True)
class IncidentRow:
    """An incident; `ends` is None while it is open."""

    incident_id: str
    kind: str  # outage, degradation, fallback, rollback
    starts: datetime  # local
    ends: datetime | None
    seconds: float  # how long it lasted, or has lasted until as-of
    note: str


@dataclass(frozen=True)
class TimeAxis:
    """What happened to one system in a window, on one axis of local time."""

    start: datetime
    end: datetime
    now: datetime  # as-of
    weeks: tuple[WeekShare, ...]
    stages: tuple[StageSpan, ...]  # in force within the axis, oldest first
    plan: tuple[StageSpan, ...]  # as the registry plans them, within the axis; empty where the plan says the same
    releases: tuple[ReleaseRow, ...]
    incidents: tuple[IncidentRow, ...]


@dataclass(frozen=True)
class FlowStep:
    """One step of a workflow, by whom, and what became of it: new, changed, kept, or gone in the other lane."""

    who: str
    does: str
    stored_in: str
    feeds: str
    by: str  # ai, people, software
    fate: str  # new, changed, kept; gone; "" where there is no other lane to compare with


@dataclass(frozen=True)
class TargetRow:
    """A target of the registry against its figure."""

    metric: str  # as the registry names it
    statistic: str
    unit: str
    op: str  # ">=", as the registry writes it
    line: float  # in the figure's unit; as written where there is no figure
    figure: Figure | None  # None where the readout has no such metric
    state: str  # confirmed, met, short, at the line, not measurable
    reason: str = ""
    forecast: Forecast = ""  # its line against the limits of ordinary weeks


@dataclass(frozen=True)
class MetricRow:
    """A metric of one system, and what would make it measurable where it is not."""

    group: str  # volume, time, quality, cost
    figure: Figure
    target: TargetRow | None = None
    missing: str = ""  # the `table.column` that was never recorded, "" where another reason holds


@dataclass(frozen=True)
class SharedModule:
    """A reusable module, and the names of the other systems that use it (id -> name)."""

    name: str
    others: dict[str, str]


@dataclass(frozen=True)
class SystemChoice:
    """A system as the list of systems offers it."""

    system_id: str
    name: str
    summary: str
    stage: str
    load_share: float | None
    owner: str
    registered: bool
    recorded: int  # tasks attempted over all data


@dataclass(frozen=True)
class ModelRow:
    """A model that a system calls, and what for. `cost` is None where it is known for no call."""

    provider: str
    model: str
    purpose: str  # serve (retries too), judge, shadow, test
    currency: str
    calls: int
    input_tokens: int | None
    output_tokens: int | None
    priced: int  # calls whose cost is known
    cost: Decimal | None
    calls_before: int | None  # None = no comparison
    cost_before: Decimal | None


@dataclass(frozen=True)
class ChargeRow:
    """What one component costs a system a month, accrued; `months` oldest first, None where it is not known."""

    component: str
    currency: str
    months: tuple[tuple[date, Decimal | None], ...]

    @property
    def latest(self) -> tuple[date, Decimal | None]:
        """The last month that was charged."""
        return self.months[-1]

    @property
    def year_before(self) -> Decimal | None:
        """The same month a year before."""
        last = self.months[-1][0]
        return dict(self.months).get(last.replace(year=last.year - 1))


@dataclass(frozen=True)
class SystemProfile:
    """Everything about one system. `registry` is None where it is found in the telemetry only."""

    system_id: str
    name: str
    registry: System | None
    stage: StageSpan | None  # in force at as-of, or planned where nothing was ever decided
    figures: tuple[Figure, ...]
    axis: TimeAxis
    stages: tuple[StageSpan, ...]  # newest first, what is planned before what is
    before: tuple[FlowStep, ...]
    after: tuple[FlowStep, ...]
    targets: tuple[TargetRow, ...]
    gates: tuple[GateCard, ...]
    modules: tuple[SharedModule, ...]
    metrics: tuple[MetricRow, ...]
    releases: tuple[ReleaseRow, ...]  # newest first
    incidents: tuple[IncidentRow, ...]  # newest first
    recorded: bool  # anything was ever recorded of it
    silent: bool  # nothing was recorded in the window
    models: tuple[ModelRow, ...] = ()  # the most called first
    charges: tuple[ChargeRow, ...] = ()  # the dearest first
    standstill: Standstill | None = None
    standing: Standing | None = None  # its place on the ladder, by the one of its gates that matters now
    unjudged: frozenset[date] = frozenset()  # complete weeks of AI work without a usable verdict, among judged ones


@dataclass(frozen=True)
class SystemBrief:
    """One system, or the systems to choose from where none was chosen."""

    header: Header
    finding: Finding
    choices: tuple[SystemChoice, ...]  # the chosen ones where several are, else all
    profile: SystemProfile | None
