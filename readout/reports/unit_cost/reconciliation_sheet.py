"""The sheet Reconciliation: from the ledger or the invoices to the cost of the report, and invoice by invoice."""

from readout.finance.reconciliation import Reconciliation
from readout.reports.sheets import Cell, Sheet, address
from readout.reports.unit_cost.frame import Layout, sum_of
from readout.words import reconciliation as said
from readout.words import report as words
from readout.words.dates import days

NAME = "Reconciliation"
NET = "level/:total/net"


def lay_out(layout: Layout) -> None:
    """Lay out the way line by line; what is unexplained is calculated last and never booked into a line."""
    sheet = layout.sheet(NAME, (40, 58, 12, 16, 16, 16, 16, 14))
    found = layout.report.reconciliation
    if found is None:
        sheet.add(words.NOT_RECONCILED)
        return
    sheet.add(Cell(said.sentence(found, layout.report.period)[0], "label"))
    if layout.report.systems:
        sheet.add(Cell(words.WHOLE_ORGANISATION, "line"))
    _way(layout, sheet, found)
    _months(sheet, found)
    _invoices(sheet, found)


def _way(layout: Layout, sheet: Sheet, found: Reconciliation) -> None:
    sheet.heads("Line", "What it holds", "Charges", f"Amount, {layout.money}")
    label, holds = said.start_label(found)
    first = sheet.add(Cell(label), Cell(holds), Cell(), layout.cell("reconciliation/start"))
    for line in found.footed(layout.report.minor_unit).lines:
        text = said.LINES[line.key]
        amount = layout.cell(f"reconciliation/line/{line.key}")
        sheet.add(Cell(text.label), Cell(text.holds), Cell(line.n or None, "count"), amount)
    last = len(sheet.rows) - 1
    expected = sheet.add(
        Cell(said.EXPECTED, "total_label"),
        Cell(None, "total_label"),
        Cell(None, "total_label"),
        layout.cell("reconciliation/expected", sum_of(3, first, last), "money_total"),
    )
    whole = layout.cell("reconciliation/reported", "" if _apart(layout) else layout.book.home(NET))
    reported = sheet.add(Cell(said.REPORTED), Cell(), Cell(), whole)
    difference = f"ROUND({address(reported, 3)}-{address(expected, 3)},{layout.decimals})"
    sheet.add(Cell(said.UNEXPLAINED, "label"), Cell(), Cell(), layout.cell("reconciliation/unexplained", difference))
    sheet.add(Cell(said.tolerance(found), "line"))
    if notes := said.notes(found):
        sheet.add(Cell(notes, "line"))
    sheet.add(Cell(said.STATES[found.state][0], "pass"))


def _apart(layout: Layout) -> bool:
    """Whether the cost that is reconciled is not the one on the sheet Unit cost: that shows some systems only."""
    return layout.figures[NET].value != layout.figures["reconciliation/reported"].value


def _months(sheet: Sheet, found: Reconciliation) -> None:
    """Add the months of which the way is the sum, each with its own result."""
    if not found.months:
        return
    sheet.add()
    sheet.heads(said.MONTH_HEADS[0], "", *said.MONTH_HEADS[1:], stay=False)
    for one in found.months:
        amounts = (one.start, one.expected, one.reported, one.unexplained, one.tolerance)
        sheet.add(
            Cell(days(one.window)),
            Cell(said.START[one.basis]),
            *(Cell(amount, "money") for amount in amounts),
            Cell(said.STATES[one.state][0]),
        )


def _invoices(sheet: Sheet, found: Reconciliation) -> None:
    if not found.invoices:
        return
    sheet.add()
    sheet.heads("Invoice", "Source", *said.INVOICE_HEADS[1:5], *said.INVOICE_HEADS[6:], stay=False)
    for one in found.invoices:
        sheet.add(
            Cell(one.invoice_id or said.NO_INVOICE),
            Cell(one.source),
            Cell(one.n, "count"),
            Cell(one.billed, "money"),
            Cell(one.posted, "money"),
            Cell(one.difference if one.posted is not None else None, "money"),
            Cell(one.own, "money"),
            Cell(one.own_difference, "money"),
            Cell(said.STATES[one.state][0]),
        )
