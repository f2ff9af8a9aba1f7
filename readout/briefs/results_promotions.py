"""The portfolio on its ladder: each system's place, what binds its gate and by when it can pass; nothing formatted."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from readout.briefs.results import Finding, GateCard, GateCondition, Header, Standstill
from readout.gates.promotion import Chance, Confidence

Expected = Literal["eligible", "if_met", ""]


@dataclass(frozen=True)
class Standing:
    """One system on the ladder. `card`: the gate that matters now, None where none is declared.

    `day`: the first day on which its gate can have passed, None where that cannot be said. `expected`: it is eligible;
    or its remaining weeks close before the fiscal quarter ends, if all of them are met. `hours`: people's hours a week
    on work that the next stage would take over; None = cannot be said, and `unknown` says why.
    """

    system_id: str
    name: str
    stage: str
    weeks_in_stage: int | None
    owner: str
    confidence: Confidence
    chance: Chance | None = None
    card: GateCard | None = None
    binding: GateCondition | None = None  # the condition that holds the gate, or whose line is broken
    day: date | None = None
    expected: Expected = ""
    valid_until: date | None = None  # of an eligible gate: the day on which that lapses
    hours: float | None = None
    unknown: str = ""
    standstill: Standstill | None = None


@dataclass(frozen=True)
class PromotionsBrief:
    """Every chosen system on the ladder, highest stage and strongest proof first; retired ones stand aside."""

    header: Header
    finding: Finding
    rows: tuple[Standing, ...]
    retired: tuple[Standing, ...]
    quarter_end: date  # the last day of the running fiscal quarter

    @property
    def hours(self) -> float | None:
        """People's hours a week that wait at all gates of which they can be said; None where none can."""
        known = [row.hours for row in self.rows if row.hours is not None]
        return sum(known) if known else None
