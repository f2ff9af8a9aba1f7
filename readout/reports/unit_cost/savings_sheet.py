"""The sheet Savings: cash effect, cost avoided and capacity hours, never added together."""

from readout.reports.sheets import Cell
from readout.reports.unit_cost.frame import Layout
from readout.words import report as words

NAME = "Savings"


def lay_out(layout: Layout) -> None:
    """Say that no claim is part of the report."""
    sheet = layout.sheet(NAME, (40, 90))
    for line, meaning in words.SAVINGS:
        sheet.add(Cell(line, "label"), Cell(meaning))
    sheet.add()
    sheet.add(words.NO_SAVINGS)
