"""The sheet Adjustments: credits and corrections in the period."""

from decimal import Decimal

from readout.reports.sheets import Cell
from readout.reports.unit_cost.frame import Layout, sum_of

NAME = "Adjustments"
HEADS = (
    "First day", "Last day", "System", "What", "Category", "Correction of a closed bill", "Source", "Currency",
    "Billed", "In this period",
)  # fmt: skip


def lay_out(layout: Layout) -> None:
    """Lay out what was credited, refunded or corrected; all of it is in the figures, by its sign."""
    sheet = layout.sheet(NAME, (12, 12, 26, 30, 14, 14, 22, 10, 14, 16))
    booked = layout.report.booked
    sheet.add(Cell("Credits, refunds and corrections", "label"))
    if not booked:
        sheet.add("None accrues in this period.")
        return
    sheet.heads(*HEADS[:-1], f"{HEADS[-1]}, {layout.money}")
    first = len(sheet.rows)
    for one in booked:
        sheet.add(
            Cell(one.first_day, "date"), Cell(one.last_day, "date"),
            Cell(layout.name(one.system_id) if one.system_id else "shared"), Cell(one.what), Cell(one.category),
            Cell("yes" if one.correction else ""), Cell(one.source), Cell(one.currency), Cell(one.billed, "money"),
            Cell(one.amount, "exact"),
        )  # fmt: skip
    total = sum((one.amount for one in booked if one.amount is not None), Decimal(0))
    sheet.add(
        Cell("Total", "total_label"), *(Cell(None, "total_label") for _ in range(8)),
        Cell(total, "money_total", sum_of(9, first, len(sheet.rows) - 1)),
    )  # fmt: skip
