"""What stands behind a figure: its parts day by day, and a bounded sample of the rows of one day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from readout.briefs.results import Figure, Finding, Header


@dataclass(frozen=True)
class RowsOfDay:
    """How many rows of one day count in a figure; `amount` is the money among them, None for other figures."""

    day: date
    above: int
    below: int
    calls: int = 0  # calls tied to no task, whose cost is in the figure
    amount: Decimal | None = None


@dataclass(frozen=True)
class CostLine:
    """A line of the cost that a unit cost is made of."""

    line: str
    amount: Decimal


@dataclass(frozen=True)
class RowsBrief:
    """A figure, the parts that it is made of, and which day's rows are asked for."""

    header: Header
    finding: Finding
    figure: Figure
    kind: str  # what its rows are: tasks, calls, incidents
    above: str  # the sum that counts them, as queries/facts/figure_tasks.sql knows it
    below: str  # "" where the figure is not divided
    systems: tuple[str, ...]  # that the figure is made of
    days: tuple[RowsOfDay, ...]  # oldest first, only those on which anything counts
    day: RowsOfDay | None
    judge: str = ""  # who speaks for a judged share
    weighed: tuple[str, ...] = ()  # systems whose verdicts count only with a stated probability
    reason: str = ""  # why no rows can be shown although there is a figure
    lines: tuple[CostLine, ...] = ()
    charged: bool = False  # charges are among what it is made of
    incidents: pd.DataFrame | None = None

    @property
    def all_above(self) -> int:
        """Rows of the whole period above the line, or the only ones."""
        return sum(one.above for one in self.days)

    @property
    def all_below(self) -> int:
        """Rows of the whole period below the line."""
        return sum(one.below for one in self.days)

    @property
    def total(self) -> Decimal:
        """What the lines come to."""
        return sum((one.amount for one in self.lines), Decimal(0))


@dataclass(frozen=True)
class GlossaryBrief:
    """Which metrics cannot be measured with what is recorded, each with its reason."""

    header: Header
    finding: Finding
    unmeasured: dict[str, str]
