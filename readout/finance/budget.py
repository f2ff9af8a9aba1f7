"""Budget against actual: static, and flexed to the volume that came in. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from readout.finance.accrual import accrued
from readout.finance.money import decimal_of
from readout.periods import Window


@dataclass(frozen=True)
class Budgeted:
    """A system's budget for a period, in the reporting currency. `volume`: tasks, None where none was planned."""

    system_id: str
    start: date
    end: date  # excluded
    amount: Decimal | None
    volume: Decimal | None = None
    reason: str = ""  # why the amount is not known


@dataclass(frozen=True)
class BudgetLine:
    """A budget beside what happened. Variances: an overspend is positive; both together are actual − static."""

    system_id: str
    static: Decimal | None  # what was planned for the range of days
    volume: Decimal | None  # tasks that were planned
    actual: Decimal | None
    actual_volume: int
    reason: str = ""

    @property
    def unit_cost(self) -> Decimal | None:
        """The planned cost of one task."""
        if self.static is None or not self.volume:
            return None
        return decimal_of(Fraction(self.static) / Fraction(self.volume))

    @property
    def flexed(self) -> Decimal | None:
        """The planned unit cost times the tasks that came in."""
        if self.static is None or not self.volume:
            return None
        return decimal_of(Fraction(self.static) / Fraction(self.volume) * self.actual_volume)

    @property
    def volume_variance(self) -> Decimal | None:
        """Flexed − static: what more or fewer tasks than planned cost at the planned unit cost."""
        return None if self.flexed is None or self.static is None else self.flexed - self.static

    @property
    def spending_variance(self) -> Decimal | None:
        """Actual − flexed: what these tasks cost beyond the plan."""
        return None if self.flexed is None or self.actual is None else self.actual - self.flexed

    @property
    def variance(self) -> Decimal | None:
        """Actual − static."""
        return None if self.static is None or self.actual is None else self.actual - self.static


def budget_line(
    system_id: str, rows: Iterable[Budgeted], window: Window, actual: Decimal | None, actual_volume: int
) -> BudgetLine | None:
    """Return a system's budget for a range of days, each period's even over its days; None where there is none.

    The range must be budgeted in whole: a part without a budget makes the line's budget unknown, never smaller.
    """
    own = [row for row in rows if row.system_id == system_id and row.start < window.end and row.end > window.start]
    if not own:
        return None
    days = sum((min(row.end, window.end) - max(row.start, window.start)).days for row in own)
    reason = next((row.reason for row in own if row.amount is None), "")
    if days < window.days:
        reason = f"budgeted for {days} of {window.days} days"
    if reason:
        return BudgetLine(system_id, None, None, actual, actual_volume, reason)
    static = sum((_within(row.amount or Decimal(0), row, window) for row in own), Decimal(0))
    volumes = [row.volume for row in own]
    volume = (
        None if None in volumes else sum((_within(row.volume or Decimal(0), row, window) for row in own), Decimal(0))
    )
    return BudgetLine(system_id, static, volume, actual, actual_volume)


def _within(amount: Decimal, row: Budgeted, window: Window) -> Decimal:
    return accrued(amount, row.start, row.end, window.start, window.end)
