"""The sheet Budget: static and flexed budget against actual, for the period, the year to date and the year."""

from readout import words as common
from readout.briefs.results_report import BudgetSpan
from readout.reports.sheets import Cell, Sheet, address
from readout.reports.unit_cost.figures import TOTAL
from readout.reports.unit_cost.frame import Layout, divided, sum_of
from readout.words import report as words

NAME = "Budget"
HEADS = (
    "System",
    "Budget",
    "Planned tasks",
    "Planned cost of a task",
    "Tasks that came in",
    "Actual",
    "Flexed budget",
    "Flexed − budget",
    "Actual − flexed",
    "Actual − budget",
)
MONEY = {1, 3, 5, 6, 7, 8, 9}


def lay_out(layout: Layout) -> None:
    """Lay out one table for each span."""
    sheet = layout.sheet(NAME, (30, 14, 13, 13, 13, 14, 14, 14, 14, 14))
    sheet.add(Cell(words.BUDGET_NOTE, "line"))
    covers = next((one.value for one in layout.report.assumptions if one.what == words.BUDGETS_HOLD), "")
    sheet.add(Cell(f"Budgets hold {covers}; the actual cost here is of the same.", "line"))
    for span in layout.report.budgets:
        sheet.add()
        sheet.add(Cell(f"{words.SPANS[span.span]}: {common.days(span.window)}", "label"))
        _table(layout, sheet, span)


def _table(layout: Layout, sheet: Sheet, span: BudgetSpan) -> None:
    left_out: dict[str, list[str]] = {}
    for line in span.left_out:
        left_out.setdefault(line.reason or "the actual cost is not known", []).append(layout.name(line.system_id))
    for reason, names in left_out.items():
        sheet.add(Cell(f"Not compared, {reason}: {common.listed(names)}.", "line"))
    if not span.compared:
        sheet.add("No budget covers all of these days." if span.lines else "Nothing is budgeted for these days.")
        return
    sheet.heads(
        *(f"{head}, {layout.money}" if place in MONEY else head for place, head in enumerate(HEADS)), stay=False
    )
    first = len(sheet.rows)
    for line in span.compared:
        row = len(sheet.rows)
        static, volume, actual, flexed = (address(row, column) for column in (1, 2, 5, 6))
        formulas = {
            "unit_cost": divided(static, volume),
            "volume_variance": f"{flexed}-{static}",
            "spending_variance": f"{actual}-{flexed}",
            "variance": f"{actual}-{static}",
        }
        names = (
            "static",
            "volume",
            "unit_cost",
            "actual_volume",
            "actual",
            "flexed",
            "volume_variance",
            "spending_variance",
            "variance",
        )
        cells = [layout.cell(f"budget/{span.span}/{line.system_id}/{name}", formulas.get(name, "")) for name in names]
        sheet.add(Cell(layout.name(line.system_id)), *cells)
    last = len(sheet.rows) - 1

    def total(name: str, column: int) -> Cell:
        return layout.cell(f"budget/{span.span}/{TOTAL}/{name}", sum_of(column, first, last), "money_total")

    empty = Cell(None, "total_label")
    sheet.add(
        Cell(words.COLUMNS[TOTAL], "total_label"),
        total("static", 1),
        empty,
        empty,
        empty,
        total("actual", 5),
        total("flexed", 6),
        total("volume_variance", 7),
        total("spending_variance", 8),
        total("variance", 9),
    )
