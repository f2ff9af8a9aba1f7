"""What the unit-cost report hands to its files: one frozen result, amounts exact, nothing formatted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from readout.briefs.results import Header
from readout.briefs.results_value import ValueBrief
from readout.finance import Bridge, BudgetLine, CostStatement
from readout.finance.close import Adjustments
from readout.finance.reconciliation import Reconciliation
from readout.periods import Calendar, Grain, Window


@dataclass(frozen=True)
class Allocated:
    """A shared amount of one fiscal month, the weights it is divided by, and what each column bears of it."""

    month: date
    allocation_key: str
    rule: str
    line: str
    expected: bool
    amount: Decimal
    weights: Mapping[str, Decimal]
    shares: Mapping[str, Decimal]  # system, or ":unallocated"


@dataclass(frozen=True)
class Assumption:
    """An input. `name`: what it is called in formulas, "" = nothing; `source`: the table or file that it stands in."""

    kind: str  # setting, allocation, rate, exchange, baseline, price
    what: str
    value: str | int | float | Decimal | None
    unit: str
    valid_from: date | None = None
    name: str = ""
    source: str = ""


@dataclass(frozen=True)
class Booked:
    """A credit, refund or correction as it was charged; `amount` is its part of the period."""

    first_day: date
    last_day: date
    system_id: str
    what: str
    category: str
    correction: bool
    source: str
    currency: str
    billed: Decimal
    amount: Decimal | None


@dataclass(frozen=True)
class MonthCost:
    """One month of the trend. `kind`: complete, to date or partial."""

    start: date
    kind: str
    statement: CostStatement


@dataclass(frozen=True)
class BudgetSpan:
    """Budgets of a range of days beside what happened in it. `span`: period, year_to_date or year."""

    span: str
    window: Window
    lines: tuple[BudgetLine, ...]

    @property
    def compared(self) -> tuple[BudgetLine, ...]:
        """The lines of which budget and actual are both known for all of the days."""
        return tuple(line for line in self.lines if line.static is not None and line.actual is not None)

    @property
    def left_out(self) -> tuple[BudgetLine, ...]:
        """The other lines."""
        return tuple(line for line in self.lines if line not in self.compared)


@dataclass(frozen=True)
class UnitCostReport:
    """What the report says. Amounts are exact; `footed` has them in minor units of the currency, adding up."""

    header: Header
    period: str  # as it was asked for: 2026-10, FY2027-P03
    status: str  # open, closed, restated
    snapshot: str  # id of the close, "" where the period is not closed
    minor_unit: Decimal
    statement: CostStatement
    footed: CostStatement
    before: CostStatement | None
    months: tuple[MonthCost, ...]
    budgets: tuple[BudgetSpan, ...]
    bridge: Bridge | None  # footed; of systems and task types
    allocations: tuple[Allocated, ...]
    assumptions: tuple[Assumption, ...] = ()
    booked: tuple[Booked, ...] = ()
    reported: bool = True  # closed months as they were reported; otherwise with all that came in since
    adjustments: Adjustments | None = None  # since the close, of the chosen systems; None: the period is open
    rate_split: bool = False  # whether the bridge's rate is split: not where calls were not frozen with the month
    reconciliation: Reconciliation | None = None  # of all systems; None: the period is not of fiscal months
    value: ValueBrief | None = None  # claims through the end of the period

    @property
    def moved(self) -> Adjustments | None:
        """What the rows of now hold beyond what is shown: the adjustments, where figures are as they were reported."""
        return self.adjustments if self.reported and self.adjustments and self.adjustments.changed else None

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems that the reader chose; empty = all."""
        return self.header.scope.systems

    def name_of(self, system_id: str) -> str:
        """Return a system's name."""
        return self.header.system_names.get(system_id, system_id)

    def open_until(self, settle_days: int) -> date | None:
        """Return the day from which on no task of the period can be reopened, None where it has come."""
        settled = self.header.window.end + timedelta(days=settle_days)
        return settled if self.header.calendar.start_of(settled) > self.header.as_of else None


def month_grain(calendar: Calendar) -> Grain:
    """Return what a month is: a fiscal one where the fiscal year is made of weeks."""
    return "fiscal_month" if calendar.fiscal.by_weeks else "month"
