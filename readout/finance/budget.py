"""Budget against actual: static, and flexed to the volume that came in. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from readout.finance.accrual import accrued
from readout.finance.footing import largest_remainder
from readout.finance.money import amount_of, decimal_of, unit_of, whole_units
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
    flexed: Decimal | None  # the planned unit cost times the tasks that came in
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
        return BudgetLine(system_id, None, None, None, actual, actual_volume, reason)
    static = sum((_within(row.amount or Decimal(0), row, window) for row in own), Decimal(0))
    volumes = [row.volume for row in own]
    volume = (
        None if None in volumes else sum((_within(row.volume or Decimal(0), row, window) for row in own), Decimal(0))
    )
    flexed = decimal_of(Fraction(static) / Fraction(volume) * actual_volume) if volume else None
    return BudgetLine(system_id, static, volume, flexed, actual, actual_volume)


def budget_total(lines: Sequence[BudgetLine]) -> BudgetLine | None:
    """Return all lines together; a figure that one of them lacks is None. None for fewer than two lines."""
    if len(lines) < 2:  # noqa: PLR2004 - one line is its own total
        return None
    sums: dict[str, Decimal | None] = {}
    for name in ("static", "volume", "flexed", "actual"):
        parts = [getattr(line, name) for line in lines]
        sums[name] = None if None in parts else sum(parts, Decimal(0))
    return BudgetLine(
        "", sums["static"], sums["volume"], sums["flexed"], sums["actual"], sum(line.actual_volume for line in lines)
    )


def footed_budgets(lines: Sequence[BudgetLine], minor_unit: Decimal) -> tuple[BudgetLine, ...]:
    """Return the lines in minor units, so that they add up to their totals as shown, and the variances with them."""
    unit = unit_of(minor_unit)
    found = list(lines)
    for name in ("static", "flexed", "actual"):
        exact = {place: Fraction(amount) / Fraction(unit) for place, line in enumerate(lines)
                 if (amount := getattr(line, name)) is not None}  # fmt: skip
        shown = largest_remainder(exact, whole_units(sum(exact.values(), Fraction(0)), Decimal(1)))
        for place, units in shown.items():
            found[place] = replace(found[place], **{name: amount_of(units, unit)})
    return tuple(found)


def _within(amount: Decimal, row: Budgeted, window: Window) -> Decimal:
    return accrued(amount, row.start, row.end, window.start, window.end)
