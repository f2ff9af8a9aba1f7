"""Sections of a page: a title with its unit, "how is this calculated?", and a chart or a table under it."""

from collections.abc import Iterable

import streamlit as st

from readout import words
from readout.briefs.results import Header
from readout.charts import Chart, config
from readout.ui import how, markup
from readout.ui.markup import escape


def title(key: str, header: Header, metrics: Iterable[str] = (), note: str = "") -> None:
    """Draw a section's title from `words.SECTIONS` with the explanation of its metrics."""
    names = tuple(metrics)
    heading(key, words.explain_metrics(names, header, note, key), how.rows(names, header.scope))


def heading(key: str, facts: Iterable[tuple[str, str]], ways: Iterable[tuple[str, str]] = ()) -> None:
    """Draw a section's title from `words.SECTIONS` with an explanation of its own."""
    name, unit = words.SECTIONS[key]
    small = f" <span>{escape(unit)}</span>" if unit else ""
    panel = how.button(f"section-{key}", name, facts, ways)
    markup.show(f'<div class="r r-section"><h2>{escape(name)}{small}</h2>{panel}</div>')


def chart(key: str, drawn: Chart, *, half: bool = False) -> None:
    """Draw a chart under a stable key, so that a rerun updates it in place; `half` = it fills half of the page."""
    if drawn.empty:
        note(drawn.alt)
        return
    st.plotly_chart(drawn.figure, key=f"{'half_' if half else ''}chart_{key}", config=config(key), alt=drawn.alt)


def note(text: str) -> None:
    """Draw a small remark under a table or chart."""
    if text:
        markup.show(f'<p class="r r-note">{escape(text)}</p>')
