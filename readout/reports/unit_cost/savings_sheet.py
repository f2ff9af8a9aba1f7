"""The sheet Savings: cash effect, cost avoided and capacity hours, each with its claims; never added together."""

from readout.briefs.results_value import LINES, Claim, Line, ValueBrief
from readout.reports.sheets import Cell, FormatName, Sheet
from readout.reports.unit_cost.cases_table import lay_out_cases
from readout.reports.unit_cost.frame import Layout
from readout.words import report as words
from readout.words import value_claims as said

NAME = "Savings"
HEADS = ("Claim", "What", "Counts, to date", "Unit", "From", "To", "Grade", "Owner", "Still lacks, or why not")


def lay_out(layout: Layout) -> None:
    """Lay out the claims line by line, and the cash case of each system with inputs to change."""
    sheet = layout.sheet(NAME, (34, 52, 16, 10, 14, 14, 16, 30, 46, 40))
    value = layout.report.value
    if value is None or not value.claims:
        sheet.add(words.NO_SAVINGS)
        return
    sheet.add(Cell(value.finding.sentence, "label"))
    sheet.add(Cell(said.never_added(value), "line"))
    sheet.heads(*HEADS)
    for line in LINES:
        sheet.add(Cell(said.LINE_NAMES[line], "label"), Cell(said.LINE_NOTES[line], "line"))
        for claim in value.of(line):
            sheet.add(*_claim(claim))
        _sums(layout, sheet, value, line)
    sheet.add(Cell(said.GRADE_NOTE, "line"))
    lay_out_cases(sheet, value)


def _claim(claim: Claim) -> tuple[Cell, ...]:
    face: FormatName = "hours" if claim.line == "capacity" else "money"
    return (
        Cell(claim.system_name),
        Cell(claim.what),
        Cell(claim.amount, face),
        Cell("h" if claim.line == "capacity" else claim.currency),
        Cell(claim.lower, face),
        Cell(claim.upper, face),
        Cell(claim.grade),
        Cell(claim.owner),
        Cell(said.lacks(claim) if claim.lacking else claim.reason),
    )


def _sums(layout: Layout, sheet: Sheet, value: ValueBrief, line: Line) -> None:
    """Add the sum of a line, over the claims that count, by currency."""
    if line == "capacity":
        sheet.add(
            Cell("Sum of hours", "total_label"), Cell(None, "total_label"), layout.cell("savings/capacity"), Cell("h")
        )
        return
    for currency in value.cash if line == "cash" else value.avoided:
        total = layout.cell(f"savings/{line}/{currency}", "", "money_total")
        sheet.add(Cell("Sum of what counts", "total_label"), Cell(None, "total_label"), total, Cell(currency))
