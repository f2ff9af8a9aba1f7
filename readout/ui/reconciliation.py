"""The pieces of the reconciliation: the way from the ledger to the statement, what is unexplained, every invoice."""

from decimal import Decimal

import streamlit as st

from readout import words
from readout.briefs.results_close import ReconciliationBrief
from readout.currencies import minor_unit
from readout.finance.reconciliation import Invoice, Line, Part, Reconciliation
from readout.ui import closing, loaders, page_tables, section, system_notice, tables
from readout.ui.markup import escape
from readout.ui.tables import Column
from readout.warehouse.errors import WarehouseError
from readout.words import closing as closed_said
from readout.words import reconciliation as said

_MONTH = "month"  # in the address, where it stays: a copied link means this month whichever is last by then
_CHOICE = "chosen_month"


def asked() -> str:
    """Return the month that the address names, "" without one."""
    return st.query_params.get(_MONTH, "")


def _take() -> None:
    st.query_params[_MONTH] = st.session_state[_CHOICE]


def choose(brief: ReconciliationBrief) -> None:
    """Draw the choice of the month, and what is wrong with the address."""
    if brief.unknown:
        system_notice.show(words.Notice(said.UNKNOWN, brief.unknown, ""))
    if not brief.months:
        return
    months = list(brief.months)
    st.session_state[_CHOICE] = brief.month if brief.month in months else months[0]
    with st.container(key="one_month", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            said.CHOOSE,
            months,
            format_func=lambda month: brief.months.get(month, month),
            key=_CHOICE,
            on_change=_take,
            width=200,
        )
        if brief.closed is not None:
            closing.choose_view()
    if brief.closed is not None:
        section.note(closed_said.identity(brief.closed))


def show(brief: ReconciliationBrief) -> None:
    """Draw the way, its remains, the invoices and the rows behind them."""
    found = brief.found
    if found is None or found.empty:
        system_notice.show(words.Notice(said.NOTHING, said.EMPTY_STEP, ""))
        return
    section.title("reconciliation", brief.header, note=f"{said.HOW} {said.tolerance(found)}")
    _way(found.footed(minor_unit(found.currency)), found)
    section.note(" ".join(part for part in (said.notes(found), said.tolerance(found), said.WHICH_MONTH) if part))
    _remains(brief, found)
    if found.invoices:
        section.title("invoices", brief.header)
        _invoices(found)
    if found.lines:
        section.title("line_rows", brief.header)
        _rows(brief, found)
    if brief.closed is not None and brief.adjustments is not None:
        closing.changes(brief.header, brief.closed, brief.adjustments)


def _way(shown: Reconciliation, exact: Reconciliation) -> None:
    line, charges, amount = said.HEADS
    heads = (Column(line, text=True), Column(charges, "number"), Column(amount, shown.currency))
    rows = [[tables.name(*said.start_label(shown)), "", _money(shown.start, shown, strong=True)]]
    rows += [_line(line, shown) for line in shown.lines]
    rows += [
        [tables.name(said.EXPECTED), "", _money(shown.expected, shown, strong=True)],
        [tables.name(said.REPORTED), "", _money(shown.reported, shown, strong=True)],
        [
            f"{tables.name(said.UNEXPLAINED)} {tables.state(said.STATES[exact.state])}",
            "",
            _money(shown.unexplained, shown, strong=True),
        ],
    ]
    tables.show(heads, rows, words.SECTIONS["reconciliation"][0], total=True)


def _line(line: Line, found: Reconciliation) -> list[str]:
    told = said.LINES[line.key]
    return [
        tables.text(told.label, told.holds, "muted"),
        tables.count(line.n) if line.n else "",
        _money(line.amount, found),
    ]


def _money(amount: Decimal, found: Reconciliation, *, strong: bool = False) -> str:
    text = page_tables.stated(escape(said.amount(amount, found.currency)), amount, "exact", found.currency)
    return f"<b>{text}</b>" if strong else text


def _remains(brief: ReconciliationBrief, found: Reconciliation) -> None:
    shown = said.worth_showing(found)
    if not shown:
        return
    section.title("unexplained", brief.header)
    heads = [Column(title, text=place < 2) for place, title in enumerate(said.REMAIN_HEADS)]  # noqa: PLR2004
    rows = []
    for one in shown:
        name, what = said.remainder(one, brief.header.system_names)
        rows.append([tables.name(name), tables.text(what), _money(one.amount, found)])
    tables.show(heads, rows, words.SECTIONS["unexplained"][0])
    section.note(said.too_small(len(found.remains) - len(shown)))


def _invoices(found: Reconciliation) -> None:
    texts = {0, len(said.INVOICE_HEADS) - 1}
    heads = [Column(title, text=place in texts) for place, title in enumerate(said.INVOICE_HEADS)]
    ordered = sorted(found.invoices, key=lambda one: (one.state != "fail", one.invoice_id))
    tables.show(heads, [_invoice(one, found) for one in ordered], words.SECTIONS["invoices"][0])


def _invoice(one: Invoice, found: Reconciliation) -> list[str]:
    none = '<span class="r-muted">–</span>'
    corrected = ""
    if one.corrected:
        corrected = f"<small>{escape(said.corrected(one, found.currency))}</small>"
    return [
        tables.name(
            one.invoice_id or said.NO_INVOICE, ", ".join((*one.accounts, *([one.source] if one.source else [])))
        ),
        tables.count(one.n),
        _money(one.billed, found),
        none if one.posted is None else _money(one.posted, found),
        none if one.posted_state == "not_checked" else _money(one.difference, found),
        f"{_money(one.usage, found)}{corrected}" if one.own is not None or one.usage else none,
        none if one.own is None else _money(one.own, found),
        none if one.own_difference is None else _money(one.own_difference, found),
        tables.state(said.STATES[one.state], said.differs(one, found.currency)),
    ]


def _rows(brief: ReconciliationBrief, found: Reconciliation) -> None:
    lines = {line.key: line for line in found.lines}
    with st.container(key="line_choice", horizontal=True):
        chosen = st.selectbox(
            said.WHICH_LINE, list(lines), format_func=lambda key: said.LINES[key].label, key="line", width=420
        )
    line = lines[chosen]
    heads = [Column(title, text=place < 4) for place, title in enumerate(said.PART_HEADS)]  # noqa: PLR2004
    rows = [_part(one, brief, found) for one in line.parts]
    tables.show(heads, rows, said.LINES[line.key].label)
    section.note(said.more(line))
    _charges(found)


def _part(one: Part, brief: ReconciliationBrief, found: Reconciliation) -> list[str]:
    return [
        tables.text(one.what or "–", one.source),
        tables.text(brief.header.system_names.get(one.system_id, one.system_id) or "–"),
        tables.text(said.part_what(one)),
        tables.text(said.part_for(one), said.billed_in(one)),
        tables.count(one.n) if one.n else "",
        _money(one.amount, found),
    ]


def _exactly(amount: Decimal | None, currency: str) -> str:
    return page_tables.stated(escape(said.exactly(amount, currency)), amount, "exact", currency)


def _charges(found: Reconciliation) -> None:
    """Offer the charges of an invoice as they were loaded: a bounded look into the facts, on demand."""
    names = [one.invoice_id for one in found.invoices if one.n and one.invoice_id]
    if not names:
        return
    with st.container(key="charge_choice", horizontal=True, vertical_alignment="bottom"):
        invoice = st.selectbox(said.WHICH_INVOICE, names, key="invoice", width=260)
        pressed = st.button(said.SHOW_CHARGES, key="charges")
    if not pressed:
        return
    try:
        charges = loaders.invoice_charges(invoice)
    except WarehouseError as error:
        tables.remark(str(error))
        return
    heads = [Column(title, text=place not in {4, 5}) for place, title in enumerate(said.CHARGE_HEADS)]
    rows = [
        [
            tables.text(row["charge_id"]),
            tables.text(row["system_id"] or "–"),
            tables.text(said.charge_what(row)),
            tables.text(said.charge_for(row)),
            _exactly(row["billed_cost"], row["currency"]),
            _exactly(row["effective_cost"], row["currency"]),
            tables.text(row["load_id"]),
        ]
        for row in charges.to_dict("records")
    ]
    tables.show(heads, rows, said.WHICH_INVOICE)
