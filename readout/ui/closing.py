"""A closed period on a page: what was reported, what changed since, and the switch between both."""

import streamlit as st

from readout import words
from readout.briefs.results import Header
from readout.currencies import minor_unit
from readout.finance.close import Adjustments, Closed
from readout.ui import loaders, section, tables
from readout.ui.markup import escape
from readout.ui.tables import Column
from readout.words import closing as said
from readout.words import reconciliation

_VIEW = "view"  # in the address


def asked() -> bool:
    """Return whether closed months are to be shown as they were reported; so they are where nothing is chosen."""
    return (st.session_state.get(_VIEW) or st.query_params.get(_VIEW)) != "restated"


def choose_view() -> None:
    """Draw the switch between a closed month as it was reported, and restated."""
    st.segmented_control(
        said.VIEW,
        list(said.VIEWS),
        format_func=lambda view: said.VIEWS[view],
        default="reported",
        required=True,
        key=_VIEW,
        bind="query-params",
        help=said.VIEWS_NOTE,
        label_visibility="collapsed",
    )


def switch(header: Header) -> None:
    """Draw the switch with the close's id where the page shows exactly a closed month."""
    found = loaders.closed(header.window)
    if found is not None:
        with st.container(key="closed_month", horizontal=True, vertical_alignment="center"):
            choose_view()
            section.note(said.identity(found))


def changes(header: Header, closed: Closed, found: Adjustments) -> None:
    """Draw the adjustments since a close, with one grand total."""
    section.title("adjustments", header, note=said.VIEWS_NOTE)
    section.note(said.changed(found, closed.currency))
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
