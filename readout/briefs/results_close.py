"""What reconciliation and close hand to their pages and commands: frozen results, numbers unrounded."""

from collections.abc import Mapping
from dataclasses import dataclass

from readout.briefs.results import Finding, Header
from readout.finance.close import Adjustments, CloseCheck, Closed
from readout.finance.reconciliation import Reconciliation


@dataclass(frozen=True)
class ReconciliationBrief:
    """The reconciliation of one fiscal month. `months`: what can be chosen, newest first: name -> title."""

    header: Header
    finding: Finding
    months: Mapping[str, str]
    month: str
    found: Reconciliation | None  # None: the data holds no month
    closed: Closed | None = None
    adjustments: Adjustments | None = None  # since the close
    unknown: str = ""  # the month that was asked for and that there is none of


@dataclass(frozen=True)
class CloseReview:
    """What a close of a period would find now."""

    period: str
    checks: tuple[CloseCheck, ...]

    @property
    def failing(self) -> tuple[CloseCheck, ...]:
        """The checks that do not pass."""
        return tuple(one for one in self.checks if one.state == "fail")


@dataclass(frozen=True)
class CloseView:
    """A closed period, and what changed since."""

    closed: Closed
    adjustments: Adjustments
