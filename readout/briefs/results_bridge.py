"""What the bridge page hands to its page: frozen results, numbers unrounded but where `footed` says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from readout.briefs.results import Finding, Header
from readout.finance import Blend, Bridge, RateSplit

Key = tuple[str, str, str]  # system, task type, kind of column where there is no system (idle, unallocated)


@dataclass(frozen=True)
class Side:
    """One item in one period."""

    tasks: int = 0  # accepted
    cost: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    calls: int = 0  # serving calls and retries with a known cost
    tokens: int = 0
    coverage: float | None = None  # share of tasks whose cost is known


@dataclass(frozen=True)
class BridgeItem:
    """What stands behind a row: both periods, and how the rate of its calls was split."""

    key: Key
    name: str
    before: Side
    now: Side
    split: RateSplit | None = None  # None where there is no rate, or no call with a known cost
    fx: Decimal = Decimal(0)


@dataclass(frozen=True)
class NotExplained:
    """A column of the cost statement that the bridge leaves out, with the cost of it that is known."""

    name: str
    reason: str
    before: Decimal
    now: Decimal


@dataclass(frozen=True)
class BridgeBrief:
    """Why cost moved. `bridge`: footed to the minor unit; None where there is nothing to compare."""

    header: Header
    finding: Finding
    level: str
    method: str
    by_type: bool
    minor_unit: Decimal
    bridge: Bridge | None = None
    exact: Bridge | None = None
    items: Mapping[Key, BridgeItem] = field(default_factory=dict)
    left_out: tuple[NotExplained, ...] = ()
    totals: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))  # of the cost statements, what is left out included
    blend: Blend | None = None  # of cost per accepted task, where both periods have any
    same_way: str = ""  # cheaper, dearer: every item's unit cost moved so, and the blend the other way
    notes: tuple[str, ...] = ()
    reason: str = ""  # why there is no bridge
    empty: bool = False
