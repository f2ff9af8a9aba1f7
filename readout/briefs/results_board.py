"""What the board document shows: the one-minute page, and behind it value, the trend of unit cost and the ladder."""

from dataclasses import dataclass

from readout.briefs.results import Header, LadderRow, ReadoutBrief
from readout.briefs.results_readout import DecisionRow
from readout.briefs.results_report import MonthCost
from readout.briefs.results_value import ValueBrief


@dataclass(frozen=True)
class BoardBrief:
    """One result for the PDF and the snapshot."""

    readout: ReadoutBrief
    decisions: tuple[DecisionRow, ...]  # with waivers that run out, which stand in the journal
    value: ValueBrief
    months: tuple[MonthCost, ...]  # whole ones, oldest first
    ladder: tuple[LadderRow, ...]

    @property
    def header(self) -> Header:
        """Where the figures come from."""
        return self.readout.header
