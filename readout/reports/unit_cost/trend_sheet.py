"""The sheet Trend: thirteen months of cost, tasks and cost per accepted task."""

from dataclasses import dataclass, field

from readout import words as common
from readout.briefs.results_report import month_grain
from readout.reports.sheets import Cell, Lines, address
from readout.reports.unit_cost.figures import ALL, TOTAL, column_key
from readout.reports.unit_cost.frame import Layout, divided
from readout.words import report as words

NAME = "Trend"


@dataclass
class TrendPlaces:
    """Where each system's months of cost per accepted task stand, as ranges."""

    units: dict[str, str] = field(default_factory=dict)


def lay_out(layout: Layout) -> TrendPlaces:
    """Lay out the months."""
    months = layout.report.months
    sheet = layout.sheet(NAME, (34, *(11 for _ in months)))
    sheet.single = True
    calendar = layout.report.header.calendar
    grain = month_grain(calendar)
    names = [common.period_name(month.start, grain, calendar) for month in months]
    found = TrendPlaces()
    if not months:
        sheet.add("There is no month with data.")
        return found
    head = sheet.heads("Month", *names)
    sheet.add(Cell("Days", "line"), *(Cell(month.kind, "line") for month in months))
    starts = [month.start.isoformat() for month in months]
    keys = [ALL, *(column_key(column) for column in layout.report.statement.systems())]
    total = [layout.cell(f"trend/{TOTAL}/{at}/cost") for at in starts]
    sheet.add(Cell(f"Cost of every column, fully loaded, {layout.money}", "label"), *total)
    rows: dict[tuple[str, str], int] = {}
    for name, title in (("cost_known", f"Cost, fully loaded, {layout.money}"), ("tasks", words.TASKS["accepted"])):
        sheet.add()
        sheet.heads(title, *names, stay=False)
        for key in keys:
            cells = [layout.cell(f"trend/{key}/{at}/{name}") for at in starts]
            rows[name, key] = sheet.add(Cell(layout.name(key)), *cells)
    sheet.add()
    sheet.heads(f"Cost per accepted task, {layout.money}", *names, stay=False)
    for key in keys:
        cells = [
            layout.cell(
                f"trend/{key}/{at}/unit",
                divided(address(rows["cost_known", key], column), address(rows["tasks", key], column)),
            )
            for column, at in enumerate(starts, 1)
        ]
        row = sheet.add(Cell(layout.name(key)), *cells)
        found.units[key] = sheet.over((row, row), (1, len(months)))
    together = len(sheet.rows) - len(keys)
    sheet.add()
    title = "All systems: cost per accepted task, fully loaded"
    sheet.charts.append(Lines(title, head, (together,), (1, len(months)), (len(sheet.rows), 0)))
    return found
