"""The sheet Allocation: shared amounts, the weights they are divided by, and what each column bears."""

from decimal import Decimal

from readout.reports.sheets import Cell, address
from readout.reports.unit_cost.frame import Layout, sum_across
from readout.words import report as words

NAME = "Allocation"
UNALLOCATED = ":unallocated"


def lay_out(layout: Layout) -> None:
    """Lay out two rows for each shared amount: weights, and shares that add up to it."""
    columns = sorted({key for one in layout.report.allocations for key in (*one.shares, *one.weights)} - {UNALLOCATED})
    shown = [*columns, UNALLOCATED]
    sheet = layout.sheet(NAME, (12, 18, 16, 24, 12, 16, *(14 for _ in shown), 16, 10))
    sheet.add(Cell(words.ALLOCATION_NOTE, "line"))
    if not layout.report.allocations:
        sheet.add("No shared cost accrues in this period.")
        return
    sheet.heads(
        "Month",
        "Allocation key",
        "Rule",
        "Cost line",
        "",
        f"Amount, {layout.money}",
        *(layout.name(key) for key in shown),
        f"Shares, {layout.money}",
        "Foots",
    )
    for one in layout.report.allocations:
        sheet.add(
            Cell(one.month, "date"),
            Cell(one.allocation_key),
            Cell(one.rule),
            Cell(words.LINES[one.line]),
            Cell("weights"),
            Cell(),
            *(Cell(one.weights.get(key), "number") for key in shown),
        )
        row = len(sheet.rows)
        total = sum(one.shares.values(), Decimal(0))
        amount, added = address(row, 5), address(row, 6 + len(shown))
        formula = f'IF(ABS({amount}-{added})<0.0000001,"{words.PASS}","{words.FAIL}")'
        sheet.add(
            Cell(one.month, "date"),
            Cell(one.allocation_key),
            Cell("expected, not invoiced" if one.expected else ""),
            Cell(words.LINES[one.line]),
            Cell("shares"),
            Cell(one.amount, "exact"),
            *(Cell(one.shares.get(key), "exact") for key in shown),
            Cell(total, "exact", sum_across(row, 6, 5 + len(shown))),
            Cell(words.PASSES[total == one.amount], "text", formula),
        )
