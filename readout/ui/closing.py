"""A closed period on a page: what was reported, what changed since, and the switch between both."""

from readout import words
from readout.briefs.results import Header
from readout.currencies import minor_unit
from readout.finance.close import Adjustments, Closed
from readout.ui import section, tables
from readout.ui.markup import escape
from readout.ui.tables import Column
from readout.words import closing as said
from readout.words import reconciliation


def changes(header: Header, closed: Closed, found: Adjustments) -> None:
    """Draw the adjustments since a close, with one grand total."""
    section.title("adjustments", header, note=said.VIEWS_NOTE)
    section.note(f"{said.identity(closed)} {said.changed(found, closed.currency)}")
    if not found.changed:
        return
    shown = found.footed(minor_unit(closed.currency))
    heads = [Column(title, text=place < 2) for place, title in enumerate(said.ADJUSTMENT_HEADS)]  # noqa: PLR2004
    rows = [
        [
            tables.text(said.bearer(row.system_id, row.kind, header.system_names)),
            tables.text(said.line(row.line), said.beside(row.line)),
            _money(row.reported, closed),
            _money(row.restated, closed),
            _money(row.amount, closed),
        ]
        for row in shown.rows
    ]
    rows += [
        [
            tables.text(header.system_names.get(row.system_id, row.system_id)),
            tables.text(said.tasks(row.denominator)),
            words.count(row.reported),
            words.count(row.restated),
            words.count(row.amount),
        ]
        for row in shown.volumes
    ]
    total = [_money(one, closed) for one in (shown.reported, shown.restated, shown.total)]
    rows.append([tables.name(said.GRAND_TOTAL), "", *total])
    tables.show(heads, rows, words.SECTIONS["adjustments"][0], total=True)


def _money(amount: object, closed: Closed) -> str:
    return escape(reconciliation.amount(amount, closed.currency))  # ty: ignore[invalid-argument-type]
