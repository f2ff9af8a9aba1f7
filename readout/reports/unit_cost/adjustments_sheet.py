"""The sheet Adjustments: credits and corrections in the period, and what changed since its close."""

from collections.abc import Sequence
from decimal import Decimal

from readout.briefs.results_report import Booked
from readout.finance import LINES
from readout.reports.sheets import Cell, Sheet, address
from readout.reports.unit_cost.frame import Layout, sum_of
from readout.words import report as words

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
    if booked:
        _booked(layout, sheet, booked)
    else:
        sheet.add("None accrues in this period.")
    _since(layout, sheet)


def _booked(layout: Layout, sheet: Sheet, booked: Sequence[Booked]) -> None:
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


def _since(layout: Layout, sheet: Sheet) -> None:
    """Add what changed since the close: as reported beside the figures of now, with one grand total."""
    sheet.add()
    sheet.add(Cell("Changed since the close", "label"))
    found = layout.report.adjustments
    if found is None or not found.changed:
        sheet.add("The period is not closed." if found is None else "Nothing changed since the close.")
        return
    money = [f"{head}, {layout.money}" for head in ("As reported", "Restated", "Adjustment")]
    sheet.heads("System", "Task type", "Cost line", *money, stay=False)
    first = len(sheet.rows)
    inside = [row for row in found.footed(layout.report.minor_unit).rows if row.line in LINES]
    for row in inside:
        at = len(sheet.rows)
        change = f"{address(at, 4)}-{address(at, 3)}"
        name = layout.report.name_of(row.system_id) if row.system_id else words.COLUMNS.get(f":{row.kind}", row.kind)
        sheet.add(
            Cell(name),
            Cell(row.task_type),
            Cell(words.LINES[row.line]),
            Cell(row.reported, "money"),
            Cell(row.restated, "money"),
            Cell(row.amount, "money", change),
        )
    if inside:
        total = sum((row.amount for row in inside), Decimal(0))
        sheet.add(
            Cell("Change of the total", "total_label"),
            *(Cell(None, "total_label") for _ in range(4)),
            Cell(total, "money_total", sum_of(5, first, len(sheet.rows) - 1)),
        )
    for row in found.volumes:
        name = layout.report.name_of(row.system_id)
        sheet.add(Cell(name), Cell(row.task_type), Cell(words.TASKS[row.denominator]), Cell(row.reported, "count"),
                  Cell(row.restated, "count"), Cell(row.amount, "count"))  # fmt: skip
