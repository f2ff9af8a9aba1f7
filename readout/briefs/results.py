"""What a brief hands to a page, a file or a command: frozen results, numbers unrounded, nothing formatted."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pandas as pd

from readout.periods import Window

Number = int | float | Decimal


@dataclass(frozen=True)
class Scope:
    """What a reader has chosen; the same words stand in the URL. Empty `systems` = all, empty `task_type` = all."""

    period: str = "12w"
    compare: str = "previous"
    systems: tuple[str, ...] = ()
    task_type: str = ""


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


@dataclass(frozen=True)
class Finding:
    """The sentence that opens a page, and its tone: good, bad or neutral for the business."""

    sentence: str
    tone: str = "neutral"


@dataclass(frozen=True)
class GateWeek:
    """One week of one gate's metric on the raw rule."""

    week: date
    complete: bool
    value: float | None
    n: int
    state: str  # met, missed, held (too few), no_data, partial


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


@dataclass(frozen=True)
class GateCard:
    """One gate as operations reads it; the state is the raw rule's, unprotected."""

    gate: str
    system_id: str
    system_name: str
    from_stage: str
    to_stage: str
    owner: str
    approver: str
    state: str  # met, hold, no_data
    weeks_met: int
    weeks_needed: int
    sentence: str
    next_step: str
    conditions: tuple[GateCondition, ...]
    review_by: date | None = None


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
    gate_state: str  # met, hold, no_data, "" = no gate
    gate_text: str  # "3 of 3 weeks"


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
    """Unit cost of one system (or the portfolio, system_id '') at one numerator level."""

    system_id: str
    name: str
    level: str  # inference, with_people, fully_loaded
    total: Decimal | None
    per_attempted: Decimal | None
    per_completed: Decimal | None
    per_accepted: Decimal | None
    per_accepted_unaided: Decimal | None
    coverage: float | None
    before_per_accepted: Decimal | None
    baseline: Decimal | None  # signed-off unit cost before
    reason: str
    series: tuple[float | None, ...] = ()  # per accepted task, weekly


@dataclass(frozen=True)
class UnitCostBrief:
    """Unit cost: levels x denominators per system; `weekly`: bucket, kind, level, per_accepted (float for drawing)."""

    header: Header
    finding: Finding
    figures: tuple[Figure, ...]
    rows: tuple[UnitCostRow, ...]
    weekly: pd.DataFrame
    control_total: Decimal | None  # sum of the systems' totals at the highest measurable level
    control_level: str
    empty: bool = False  # nothing at all was recorded in the window


@dataclass(frozen=True)
class GatesBrief:
    """Every gate with its conditions."""

    header: Header
    finding: Finding
    gates: tuple[GateCard, ...]


@dataclass(frozen=True)
class NotMeasurable:
    """A metric that a system cannot show, why, and what would make it measurable."""

    system_id: str
    name: str
    metric: str
    reason: str
    fix: str


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
