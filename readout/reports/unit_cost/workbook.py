"""The workbook of the unit-cost report: fourteen sheets, laid out from its figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from readout.briefs.cost_rows import CostRow
from readout.briefs.results_report import UnitCostReport
from readout.reports.sheets import Workbook
from readout.reports.unit_cost import (
    adjustments_sheet,
    allocation_sheet,
    assumptions_sheet,
    bridge_sheet,
    budget_sheet,
    checks_sheet,
    cost_sheet,
    cover_sheet,
    data_sheet,
    notes_sheet,
    reconciliation_sheet,
    savings_sheet,
    summary_sheet,
    trend_sheet,
)  # fmt: skip
from readout.reports.unit_cost.checks_sheet import Check
from readout.reports.unit_cost.figures import figures
from readout.reports.unit_cost.frame import Layout, origin
from readout.words import report as words


@dataclass(frozen=True)
class LaidOut:
    """The workbook, and what its checks say."""

    book: Workbook
    layout: Layout
    checks: tuple[Check, ...]
    rows: int  # of data


def lay_out(
    report: UnitCostReport, rows: Callable[[], Iterable[CostRow]], made_at: datetime, most: int = data_sheet.MAX_ROWS
) -> LaidOut:
    """Lay out the report; sheets that others refer to first, then in the order in which a reader meets them.

    `rows` gives the rows behind it anew each time it is called; `most` of them fit on one sheet.
    """
    book = Workbook(footer=" · ".join(origin(report)[1:]))
    layout = Layout(report, figures(report), book)
    data = data_sheet.lay_out(layout, rows, most)
    cost_sheet.lay_out(layout, data)
    bridge_sheet.lay_out(layout)
    budget_sheet.lay_out(layout)
    trend = trend_sheet.lay_out(layout)
    summary_sheet.lay_out(layout, trend)
    savings_sheet.lay_out(layout)
    allocation_sheet.lay_out(layout)
    reconciliation_sheet.lay_out(layout)
    assumptions_sheet.lay_out(layout)
    adjustments_sheet.lay_out(layout)
    notes_sheet.lay_out(layout)
    found = checks_sheet.checks(layout, data)
    all_pass = checks_sheet.lay_out(layout, found)
    cover_sheet.lay_out(layout, all_pass, sum(not check.passes for check in found), made_at)
    book.sheets = {name: book.sheets[name] for name in _order(book)}
    return LaidOut(book, layout, found, data.rows)


def _order(book: Workbook) -> Iterable[str]:
    for name in words.SHEETS:
        yield name
        yield from (other for other in book.sheets if other.startswith(f"{name} ("))
