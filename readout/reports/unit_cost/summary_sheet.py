"""The sheet Summary: one row a system, taken over from the other sheets."""

from readout.reports.sheets import Cell, Spark, address
from readout.reports.unit_cost.figures import ALL, TOTAL
from readout.reports.unit_cost.frame import Layout, divided
from readout.reports.unit_cost.trend_sheet import TrendPlaces
from readout.words import report as words

NAME = "Summary"
HEADS = (
    "System",
    "Tasks that came in",
    "Completed",
    "Accepted",
    "Cost, fully loaded",
    "Cost per accepted task",
    "Period before",
    "Change",
    "Change, %",
    "Budget",
    "Actual against budget",
    "Over (under) budget",
    "13 months",
    "Note",
)


def lay_out(layout: Layout, trend: TrendPlaces) -> None:
    """Lay out the sheet; `trend` says where the months stand that the sparklines draw."""
    sheet = layout.sheet(NAME, (30, 12, 12, 12, 15, 13, 13, 12, 10, 13, 13, 13, 16, 44))
    sheet.single = True
    money = {4, 5, 6, 7, 9, 10, 11}
    sheet.heads(*(f"{head}, {layout.money}" if place in money else head for place, head in enumerate(HEADS)))
    for key in layout.column_keys():
        row = len(sheet.rows)
        cells = [Cell(layout.name(key))]
        is_system = f"tasks/{key}/accepted" in layout.figures
        cells += [
            layout.refer(f"tasks/{key}/{name}") if is_system else Cell()
            for name in ("attempted", "completed", "accepted")
        ]
        cells.append(layout.refer(f"level/{key}/fully_loaded"))
        if f"before/{key}" in layout.figures:
            cells += _compared(layout, key, row)
        else:
            cells += [Cell()] * 4
        cells += _budget(layout, key)
        sheet.add(*cells, Cell(), Cell(_note(layout, key)))
        if key in trend.units:
            sheet.sparks.append(Spark((row, 12), trend.units[key]))
    row = len(sheet.rows)
    sheet.add(
        Cell(words.COLUMNS[TOTAL], "total_label"),
        *(Cell(None, "total_label") for _ in range(3)),
        layout.refer(f"level/{TOTAL}/fully_loaded", "money_total"),
        *(Cell(None, "total_label") for _ in range(4)),
        *_budget(layout, TOTAL),
        Cell(None, "total_label"),
        Cell("Cost of every column, idle and unallocated included.", "total_label"),
    )
    row = len(sheet.rows)
    sheet.add(
        Cell(words.COLUMNS[ALL], "label"),
        *(Cell() for _ in range(4)),
        *_compared(layout, ALL, row),
        *(Cell() for _ in range(4)),
        Cell("Systems that carry load and whose cost is known, together: total cost divided by all of their tasks."),
    )
    if ALL in trend.units:
        sheet.sparks.append(Spark((row, 12), trend.units[ALL]))


def _compared(layout: Layout, key: str, row: int) -> list[Cell]:
    now, before, change = (address(row, column) for column in (5, 6, 7))
    return [
        layout.refer(f"unit/{key}/fully_loaded/accepted"),
        layout.cell(f"before/{key}"),
        layout.cell(f"change/{key}", f"{now}-{before}"),
        layout.cell(f"change_share/{key}", divided(change, before)),
    ]


def _budget(layout: Layout, key: str) -> list[Cell]:
    if f"budget/period/{key}/static" not in layout.figures:
        return [Cell(), Cell(), Cell()]
    face = "money_total" if key == TOTAL else None
    return [layout.refer(f"budget/period/{key}/{name}", face) for name in ("static", "actual", "variance")]


def _note(layout: Layout, key: str) -> str:
    figure = layout.figures.get(f"unit/{key}/fully_loaded/accepted")
    if figure:
        return figure.reason
    return {":idle": "Capacity that was paid for and not used.", ":unallocated": "No rule or driver allocates it."}[key]
