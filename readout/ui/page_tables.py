"""The tables of a page to take away: kept as they are drawn, made into a workbook or CSV files on click."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from html import escape, unescape
from typing import cast

import streamlit as st

from readout import words
from readout.briefs.results import Header, Number
from readout.metrics import METRICS
from readout.reports.page_tables import PageTable, TableCell, csv_zip, workbook
from readout.reports.sheets import FormatName
from readout.words import page_tables as said

_KEPT = "tables_of_this_run"
_FORMATS: dict[str, FormatName] = {"tasks": "count", "tokens": "count", "share": "share", "hours": "hours"}
_NUMBER = re.compile(r'<data value="([^"]*)" data-face="([^"]*)" data-unit="([^"]*)">|</data>')
_TAG, _BREAK = re.compile(r"<[^>]*>"), re.compile(r"<(?:small|p|div|br|li)\b[^>]*>")


def stated(drawn: str, number: Number | None, face: FormatName, unit: str = "") -> str:
    """Return a cell's HTML with its number, its format in a file and its unit; one that is missing stays words.

    They stand in an element around it, so that whatever is drawn around the cell keeps them.
    """
    if number is None or words.missing(number):
        return drawn
    return f'<data value="{number}" data-face="{face}" data-unit="{escape(unit)}">{drawn}</data>'


def bare(cell: str) -> str:
    """Return a cell without its number, as a page draws it."""
    return _NUMBER.sub("", cell)


def measured(drawn: str, metric: str, value: Number | None, currency: str = "") -> str:
    """Return a cell's HTML with the number of a metric."""
    unit = METRICS[metric].unit
    if unit == "money":
        return stated(drawn, value, "unit", currency)
    return stated(drawn, value, _FORMATS.get(unit, "number"), "" if unit == "share" else unit)


def begin() -> None:
    """Forget the tables of the run before."""
    st.session_state[_KEPT] = {}


def keep(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Keep a table that is drawn; it takes the place of an earlier one of its title: a part of a page may run again."""
    table = PageTable(title, tuple(heads), tuple(tuple(_cell(cell) for cell in row) for row in rows))
    st.session_state.setdefault(_KEPT, {})[title] = table


def _cell(cell: str) -> TableCell:
    text = " ".join(unescape(_TAG.sub("", _BREAK.sub("; ", cell))).split()).strip("; ")
    found = {match.groups() for match in _NUMBER.finditer(cell) if match[1]}
    if len(found) != 1:  # of two numbers neither is the cell's
        return TableCell(text)
    [(number, face, unit)] = found
    value = int(number) if number.lstrip("-").isdigit() else Decimal(number)
    return TableCell(text, value, cast("FormatName", face), unescape(unit))


def offer(page: str, header: Header, written_down: Callable[[str, str, Header, bytes, int], None]) -> None:
    """Offer the tables of the page; `written_down` keeps a line of each file that is handed out."""
    tables = tuple(one for one in st.session_state.get(_KEPT, {}).values() if one.rows)
    if not tables:
        return
    title = words.PAGES[page].title

    def made(kind: str) -> bytes:
        facts = said.facts(title, header)
        content = workbook(tables, title, facts, datetime.now(UTC)) if kind == "xlsx" else csv_zip(tables, facts)
        rows = sum(len(one.rows) for one in tables)
        written_down(f"tables.{kind}", words.state(page, header.scope), header, content, rows)
        return content

    with st.container(key="take_tables", horizontal=True):
        for kind, (name, ending) in said.OFFERS.items():
            st.download_button(
                name,
                data=lambda kind=kind: made(kind),
                file_name=words.file_name(f"{page}-tables", header, ending),
                on_click="ignore",
                key=f"download_tables_{kind}",
                type="tertiary",
            )
