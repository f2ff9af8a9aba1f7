"""The pieces of the page of rows behind a figure: how it is calculated, its parts, its rows, its queries."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from readout import words
from readout.briefs.results_rows import RowsBrief
from readout.metrics import METRICS
from readout.ui import link, loaders, markup, page_tables, section, tables
from readout.ui.tables import Column
from readout.warehouse import catalog
from readout.warehouse.errors import WarehouseError
from readout.words import rows as said
from readout.words import unit_costs

_METRIC, _DAY = "metric", "day"
_USUAL = "throughput"


def asked() -> tuple[str, str]:
    """Return the figure and the day that the address names, "" without a day."""
    return st.query_params.get(_METRIC, _USUAL), st.query_params.get(_DAY, "")


def _take(name: str) -> None:
    st.query_params[name] = st.session_state[f"rows_{name}"]


def _choice(name: str, title: str, choices: dict[str, str], chosen: str) -> None:
    """Draw a choice that stands in the address."""
    key = f"rows_{name}"
    st.session_state[key] = chosen
    with st.container(key=f"{key}_choice"):
        st.selectbox(
            title, list(choices), format_func=choices.__getitem__, key=key, on_change=_take, args=(name,), width=420
        )


def choose(brief: RowsBrief) -> None:
    """Draw the choice of the figure."""
    _choice(_METRIC, said.CHOOSE, {name: words.label(name) for name in METRICS}, brief.figure.metric)


def explanation(brief: RowsBrief) -> None:
    """Draw how the figure is calculated, in full."""
    facts = words.explain(brief.figure, brief.header)
    section.heading("rows_how", facts)
    markup.show(f'<div class="r r-facts">{markup.definitions(facts)}</div>')


def lines(brief: RowsBrief) -> None:
    """Draw the lines of cost that a unit cost is made of, down to the division."""
    if not brief.lines:
        return
    header, figure = brief.header, brief.figure
    section.title("rows_lines", header, (figure.metric,), said.LINES_NOTE)
    drawn = [[tables.text(unit_costs.line(one.line)), _money(one.amount)] for one in brief.lines]
    drawn.append([tables.name(said.TOTAL), f"<b>{_money(brief.total)}</b>"])
    if METRICS[figure.metric].denominator:
        drawn.append([tables.text(said.DIVIDED), tables.number("accepted_tasks", figure.n)])
        drawn.append([tables.name(said.UNIT), f"<b>{tables.number(figure.metric, figure.value, figure.currency)}</b>"])
    tables.show(
        (Column("Line", "", text=True), Column("Cost", header.currency)), drawn, words.SECTIONS["rows_lines"][0]
    )


def _money(amount: Decimal) -> str:
    return page_tables.stated(markup.escape(words.exact_money(amount)), amount, "exact")


def show(brief: RowsBrief) -> None:
    """Draw the rows: tasks or calls of one day, charges or outages of the period."""
    if brief.incidents is not None:
        _outages(brief, brief.incidents)
        return
    if brief.reason:
        tables.remark(words.sentence(brief.reason))
        return
    _day(brief)
    if brief.charged:
        section.title("rows_charges", brief.header, (), said.CHARGES_NOTE)
        _sampled(lambda: loaders.figure_charges(brief), _charges, said.NO_CHARGES)


def _day(brief: RowsBrief) -> None:
    calls = brief.kind == "calls"
    note = f"{said.LINE_NOTE} {said.SAMPLE_NOTE}"
    section.title("rows_calls" if calls else "rows_tasks", brief.header, (brief.figure.metric,), note)
    if brief.day is None:
        tables.remark(said.NO_ROWS)
        return
    choices = {one.day.isoformat(): said.day_choice(one, brief) for one in reversed(brief.days)}
    _choice(_DAY, said.CHOOSE_DAY, choices, brief.day.day.isoformat())
    if calls:
        _sampled(lambda: loaders.figure_calls(brief), _calls, said.NO_CALLS)
        return
    _sampled(lambda: loaders.figure_tasks(brief), lambda found: _tasks(brief, found), said.NO_ROWS)
    if brief.day.calls:
        section.title("rows_lonely", brief.header, (), said.CALLS_NOTE)
        _sampled(lambda: loaders.figure_calls(brief), _calls, said.NO_CALLS)


def _sampled(read: Callable[[], pd.DataFrame], draw: Callable[[pd.DataFrame], None], nothing: str) -> None:
    """Draw a sample of the facts; where they cannot be read just now, say so and keep the page."""
    try:
        with st.spinner(words.LOADING):
            found = read()
    except WarehouseError as error:
        tables.remark(str(error))
        return
    if found.empty:
        tables.remark(nothing)
    else:
        draw(found)


def _columns(heads: Iterable[tuple[str, str]], *, text: bool) -> tuple[Column, ...]:
    return tuple(Column(title, unit, text=text) for title, unit in heads)


def _texts(cells: Sequence[str]) -> list[str]:
    """Return cells that stay on one line: the table scrolls on a phone."""
    return [markup.span(cell, "r-keep") for cell in cells]


def _tasks(brief: RowsBrief, found: pd.DataFrame) -> None:
    first = found.iloc[0]
    section.note(said.sample_note(brief, len(found), int(first["all_above"]), int(first["all_below"])))
    columns = (
        *_columns(said.HEADS, text=True),
        *_columns(said.measure_heads(brief), text=False),
        Column("Trace", "", text=True),
    )
    drawn = [
        [
            *_texts(said.cells(row, brief)),
            *_texts(said.measures(row, brief)),
            _trace(row["trace_url"], row["source_ref"]),
        ]
        for row in found.to_dict("records")
    ]
    tables.show(columns, drawn, words.SECTIONS["rows_tasks"][0])


def _trace(url: str, reference: str) -> str:
    """Return the link to a task's trace, else the name that its source has for it."""
    return link.outside(url, said.TRACE) if url else tables.text(reference or said.UNKNOWN)


def _calls(found: pd.DataFrame) -> None:
    columns = (
        *_columns(said.CALL_HEADS, text=True),
        Column("Input", "tokens"),
        Column("Output", "tokens"),
        Column("Cost"),
    )
    drawn = [[*_texts(said.call_cells(row)), *_texts(said.call_numbers(row))] for row in found.to_dict("records")]
    tables.show(columns, drawn, words.SECTIONS["rows_calls"][0])


def _charges(found: pd.DataFrame) -> None:
    section.note(said.of_all(len(found), int(found.iloc[0]["charges"])))
    columns = (*_columns(said.CHARGE_HEADS, text=True), Column("Cost", "of all its days"))
    drawn = [
        [*_texts(said.charge_cells(row)), tables.text(said.charge_amount(row))] for row in found.to_dict("records")
    ]
    tables.show(columns, drawn, words.SECTIONS["rows_charges"][0])


def _outages(brief: RowsBrief, found: pd.DataFrame) -> None:
    section.title("rows_outages", brief.header, (brief.figure.metric,))
    if found.empty:
        tables.remark(said.NO_OUTAGES)
        return
    drawn = [_texts(said.outage_cells(row, brief)) for row in found.to_dict("records")]
    tables.show(_columns(said.OUTAGE_HEADS, text=True), drawn, words.SECTIONS["rows_outages"][0])


def queries(brief: RowsBrief) -> None:
    """Draw the text of every query that the figure is read by, and of the one that reads its rows."""
    section.title("rows_queries", brief.header, (brief.figure.metric,), said.QUERIES_NOTE)
    for name in (*words.queries_of(brief.figure.metric), *_row_queries(brief)):
        query = catalog.load(name)
        with st.expander(f"{name}: {query.title}"):
            st.code(query.sql, language="sql", wrap_lines=True)


def _row_queries(brief: RowsBrief) -> tuple[str, ...]:
    if brief.kind == "incidents":
        return ()
    return ("facts/figure_calls",) if brief.kind == "calls" else ("facts/figure_tasks",)
