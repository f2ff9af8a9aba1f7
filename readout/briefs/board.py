"""The board document: what the one-minute page says, and what stands behind it."""

from collections.abc import Iterable

from readout.briefs.book import Book
from readout.briefs.decisions import with_waivers
from readout.briefs.gate_board import gates_brief
from readout.briefs.overview import readout_brief
from readout.briefs.results import ReadoutBrief, Scope
from readout.briefs.results_board import BoardBrief
from readout.briefs.unit_cost_report import months_of
from readout.briefs.value import value_brief
from readout.periods import Window
from readout.warehouse.gate_ledger import Waiver


def board_brief(book: Book, scope: Scope, waivers: Iterable[Waiver], readout: ReadoutBrief | None = None) -> BoardBrief:
    """Return the board document of a scope; `readout`: the page's own brief, where it has been read already.

    `waivers` are the standing ones. The months of unit cost are the whole ones before as-of, whatever the period.
    """
    first = readout or readout_brief(book, scope)
    scope = first.header.scope
    today = book.calendar.day_of(book.as_of)
    chosen = book.chosen_systems(scope) if scope.systems else ()
    months = months_of(book, Window(today, today), chosen) if book.first_day else ()
    return BoardBrief(
        readout=first,
        decisions=with_waivers(first.decisions, waivers, first.gates),
        value=value_brief(book, scope),
        months=tuple(month for month in months if month.kind == "complete"),
        ladder=gates_brief(book, scope).ladder,
    )
