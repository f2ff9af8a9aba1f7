"""What a brief hands to a page, a file or a command: frozen results, numbers unrounded, nothing formatted."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import pandas as pd

from readout.briefs.results_readout import ChangeRow, DecisionRow
from readout.finance import BudgetLine, CostStatement
from readout.gates.burn import Burn
from readout.gates.changes import Change as PolicyChange
from readout.gates.ledger import Restated
from readout.gates.outlook import Outlook
from readout.gates.policy import Action
from readout.gates.standing import Lapse
from readout.gates.verifying import Fault
from readout.periods import CALENDAR_YEAR, Calendar, FiscalCalendar, Window
from readout.signals import Outlook as Forecast
from readout.signals import Verdict
from readout.warehouse.gate_ledger import OpenItem, Sealed, SignOff, Waiver

Number = int | float | Decimal


@dataclass(frozen=True)
class Scope:
    """What a reader has chosen; the same words stand in the URL. Empty `systems` = all, empty `task_type` = all.

    `as_of`: a local day, shown as of its end, or an instant (2026-10-31T18:00:00Z); empty = the newest data.
    """

    period: str = "12w"
    compare: str = "previous"
    systems: tuple[str, ...] = ()
    task_type: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Header:
    """Where the figures of a page come from; printed on every page and file."""

    scope: Scope
    as_of: datetime  # naive UTC
    as_of_local: datetime  # aware, in the organisation's zone
    data_version: str
    organisation: str
    time_zone: str
    week_start: str
    currency: str
    window: Window
    before: Window | None
    stale_hours: float | None  # hours beyond the freshness promise, None where it holds
    system_names: dict[str, str]  # every known system id -> name
    task_types: tuple[str, ...]
    first_day: date | None  # first and last local day with any data
    last_day: date | None
    fiscal: FiscalCalendar = CALENDAR_YEAR
    unequal: Window | None = None  # the comparison that was asked for and is longer or shorter: no change is shown

    @property
    def calendar(self) -> Calendar:
        """The organisation's calendar, which cuts every figure."""
        return Calendar(self.time_zone, self.week_start, self.fiscal)


@dataclass(frozen=True)
class Figure:
    """One metric at one grain: its value or the reason why there is none."""

    metric: str  # name in readout.metrics
    value: Number | None
    reason: str = ""
    n: int | None = None
    before: Number | None = None
    before_reason: str = ""  # why there is no comparison
    baseline: Number | None = None
    series: tuple[float | None, ...] = ()  # weekly, oldest first, None = not measurable
    coverage: float | None = None  # share of the tasks behind the value, 0..1
    interval: tuple[float, float] | None = None  # two-sided 95 %, where a rate is judged
    currency: str = ""
    note: str = ""
    signal: Verdict | None = None  # what its weeks say; None where they are not read


@dataclass(frozen=True)
class Finding:
    """The sentence that opens a page, and its tone: good, bad or neutral for the business."""

    sentence: str
    tone: str = "neutral"


@dataclass(frozen=True)
class GateWeek:
    """One week of one gate's metric. Bounds are one-sided at the policy's alpha, None where there are none."""

    week: date
    complete: bool
    value: float | None
    n: float
    state: str  # met, missed, held, no_data, breach, partial (running, or split between releases)
    reason: str = ""  # why it is held
    lower: float | None = None
    upper: float | None = None
    under: float | None = None  # of a percentile: the exact share on the good side of its line
    under_lower: float | None = None  # and its lower bound


@dataclass(frozen=True)
class GateCondition:
    """One condition of a gate and its weeks, oldest first."""

    metric: str
    statistic: str
    unit: str
    rule: str  # "> 0.85"
    kind: str  # pass, warn, fail, breach: which line `rule` is; "" = no line
    line: float | None
    role: str
    min_n: int
    judge: str
    weeks: tuple[GateWeek, ...]
    rules: tuple[tuple[str, str, float | None], ...] = ()  # every line: its kind, its text, its number
    signal: Verdict | None = None  # what its whole weeks say
    forecast: Forecast = ""  # its pass line against the limits of ordinary weeks


@dataclass(frozen=True)
class GateColumn:
    """One week of a gate as a whole."""

    week: date
    state: str  # met, missed, held, no_data, breach, partial
    reason: str
    release: str
    split: str  # why it does not count although it has ended
    new_release: bool
    closes_at: datetime
    judged: int
    review_due: int
    left_out: int  # tasks of other releases
    mix_shift: float | None


@dataclass(frozen=True)
class GateCard:
    """One gate as operations reads it.

    `state`: eligible, hold, failed, breach (broken, cooling down, or an alarm burns), no_data, watch, waiting.
    `held_by`: what is missing while it is held: volume, quality, weeks, or "" where something else holds it.
    """

    gate: str
    system_id: str
    system_name: str
    from_stage: str
    to_stage: str
    owner: str
    approver: str
    state: str
    reason: str
    held_by: str
    phase: str  # waiting, evaluated, watched
    streak: int
    weeks_needed: int
    evidence: float | None
    evidence_needed: float | None
    evidence_rule: str
    weakest: str
    sentence: str
    conditions: tuple[GateCondition, ...]
    columns: tuple[GateColumn, ...]
    outlook: Outlook | None
    alarm: Burn | None
    burns: tuple[Burn, ...]
    lapses: tuple[Lapse, ...]
    stage: str  # of the system now, "" where none is recorded
    stage_since: datetime | None
    entitled_share: float | None
    running_share: float | None  # AI-handled share in the last closed week
    mix_shift: float | None  # of the last closed week
    action: Action | None  # what the next outcome sets in motion
    policy_hash: str
    review_by: date | None = None

    @property
    def weeks_met(self) -> int:
        """Weeks in a row, at most as many as the gate asks for."""
        return min(self.streak, self.weeks_needed) if self.weeks_needed else self.streak


@dataclass(frozen=True)
class SystemRow:
    """One system of the readout's table."""

    system_id: str
    name: str
    registered: bool
    stage: str  # "" = no stage recorded
    load_share: float | None  # AI-handled share of the window
    planned_share: float | None
    throughput: Figure
    ai_share: Figure
    handling: Figure
    reduction: Figure  # handling-time reduction against baseline, mix-adjusted
    unit_cost: Figure
    accuracy: Figure
    gate_state: str  # as GateCard.state, "" = no gate
    gate_text: str  # "3 of 3 weeks"
    standstill: "Standstill | None" = None


@dataclass(frozen=True)
class ReadoutBrief:
    """The one-minute page."""

    header: Header
    finding: Finding
    figures: tuple[Figure, ...]  # ai_throughput, handling_reduction, unit cost, hours_returned
    attempted: Figure
    gates_by_state: dict[str, int]
    gates: tuple[GateCard, ...]
    systems: tuple[SystemRow, ...]
    empty: bool = False  # nothing at all was recorded in the window
    calls: int = 0  # calls that belong to no task
    lede: str = ""  # what stands under the finding: the work that AI carried
    changes: tuple[ChangeRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()


@dataclass(frozen=True)
class ThroughputBrief:
    """Volume and flow. `weekly`: bucket, period, system_id, attempted, completed, accepted, ai, human."""

    header: Header
    finding: Finding
    figures: tuple[Figure, ...]
    weekly: pd.DataFrame  # bucket date, kind text, arm text, completed int
    systems: (
        pd.DataFrame
    )  # system_id, name, attempted, throughput, accepted, ai_share, autonomy_share, planned_share, change, series
    backlog: pd.DataFrame  # system_id, name, age_bucket, n
    empty: bool = False  # nothing at all was recorded in the window


@dataclass(frozen=True)
class Reduction:
    """Handling-time reduction of one system, mix-adjusted; METRICS 'Time'."""

    system_id: str
    name: str
    baseline_seconds: float | None
    now_seconds: float | None  # mix-adjusted
    reduction: float | None
    lower: float | None
    upper: float | None
    target: float | None
    state: str  # met, confirmed, short, not measurable
    reason: str
    left_out: tuple[str, ...]  # task types with n < 5 now


@dataclass(frozen=True)
class HandlingBrief:
    """Handling time. `weekly`: bucket, kind, mean, p50, p95 (s); `distribution`: seconds, now, before (shares)."""

    header: Header
    finding: Finding
    figures: tuple[Figure, ...]
    weekly: pd.DataFrame
    distribution: pd.DataFrame
    reductions: tuple[Reduction, ...]
    systems: pd.DataFrame  # system_id, name, n, mean, p50, p95, change, baseline, series
    empty: bool = False  # nothing at all was recorded in the window


@dataclass(frozen=True)
class UnitCostRow:
    """Unit cost of one system, of what no system bears, or of all systems (system_id ''), at one numerator level."""

    system_id: str
    name: str
    level: str  # of readout.finance.LEVELS
    total: Decimal | None
    per_attempted: Decimal | None = None
    per_completed: Decimal | None = None
    per_accepted: Decimal | None = None
    per_accepted_unaided: Decimal | None = None
    coverage: float | None = None
    before_per_accepted: Decimal | None = None
    baseline: Decimal | None = None  # signed-off unit cost before
    reason: str = ""
    series: tuple[float | None, ...] = ()  # per accepted task, weekly
    kind: str = "system"  # system, pre_production, idle, unallocated, all
    estimated: Decimal = Decimal(0)  # of the total, not invoiced yet
    accepted: int | None = None  # accepted tasks


@dataclass(frozen=True)
class UnitCostBrief:
    """Unit cost: levels x denominators per system; `weekly`: bucket, kind, level, per_accepted (float for drawing).

    The statement is exact; idle and unallocated cost is in it where all systems are shown.
    """

    header: Header
    finding: Finding
    figures: tuple[Figure, ...]
    rows: tuple[UnitCostRow, ...]
    weekly: pd.DataFrame
    control_total: Decimal | None  # sum of the rows' totals at the highest measurable level before credits
    control_level: str
    statement: CostStatement
    budgets: tuple[BudgetLine, ...]
    budget_covers: str  # spend, fully_loaded
    empty: bool = False  # nothing at all was recorded in the window


@dataclass(frozen=True)
class LadderRow:
    """One system's place on the stage ladder, and the gate that leads on; `state` "" = no gate."""

    system_id: str
    system_name: str
    stage: str
    state: str
    to_stage: str
    weeks: str
    gate: str = ""


@dataclass(frozen=True)
class GatesBrief:
    """Every gate with its conditions."""

    header: Header
    finding: Finding
    gates: tuple[GateCard, ...]
    ladder: tuple[LadderRow, ...]


@dataclass(frozen=True)
class NotMeasurable:
    """A metric that a system cannot show, why, and what would make it measurable."""

    system_id: str
    name: str
    metric: str
    reason: str
    fix: str


@dataclass(frozen=True)
class PolicyVersion:
    """A policy that decided: from its first record on; `diff` against the one before, in readable lines."""

    hash: str
    since: datetime
    change: PolicyChange | Literal["first"]
    diff: tuple[str, ...]


@dataclass(frozen=True)
class Replayed:
    """A sealed record, judged again from the warehouse as of its instant. `now`: what the data of today gives."""

    sealed: Sealed
    outcome: Literal["same", "restated", "flips", "gone"]
    restated: tuple[Restated, ...]
    now: str
    query_changed: bool


@dataclass(frozen=True)
class LedgerView:
    """One gate's ledger for readers, newest first."""

    entries: tuple[Sealed, ...]
    signoffs: tuple[SignOff, ...]
    waivers: tuple[Waiver, ...]
    open_items: tuple[OpenItem, ...]
    versions: tuple[PolicyVersion, ...]
    restated: tuple[Restated, ...]  # of the last record against the data of today
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class HealthBrief:
    """Data health."""

    header: Header
    finding: Finding
    freshness: pd.DataFrame  # source, table_name, rows, loaded_at, age_hours, promise_hours, state
    rejects: pd.DataFrame  # source, table_name, file, line, column_name, reason, rejected_at (newest 1000)
    reject_counts: (
        pd.DataFrame
    )  # source, table_name, file, read, loaded, updated, merged, duplicates, filtered, rejected, loaded_at
    coverage: pd.DataFrame  # system_id, name, tasks, handling, latency, outcome, cost, review (shares 0..1 or NaN)
    not_measurable: tuple[NotMeasurable, ...] = field(default=())


@dataclass(frozen=True)
class Standstill:
    """A system that should have moved up long ago: where it stands, and the planned stage that nobody decided."""

    stage: str
    due_stage: str
    due_share: float | None
    due: date
    owner: str  # "" = nobody is named
    snapshots: tuple[str, ...]  # cadence of its sources, where all of them are exported snapshots


CheckState = Literal["fail", "repaired", "not_checked", "pass"]


@dataclass(frozen=True)
class CheckLine:
    """One check of one system ('' = of the sources): its state, how many of how many are at fault, and the evidence."""

    check: str
    system_id: str
    state: CheckState
    bad: int
    total: int
    value: float | None = None  # what was measured, where the check measures
    wanted: float | None = None  # what it is held against
    evidence: tuple[tuple[str, str], ...] = ()  # what kind of thing, and which one
    name: str = ""


@dataclass(frozen=True)
class ChecksBrief:
    """Every check as of the last refresh, failures first."""

    header: Header
    finding: Finding
    lines: tuple[CheckLine, ...]
    by_state: dict[str, int]
