"""Notices inside a page that has other things to show as well."""

import re

import streamlit as st

from readout import words
from readout.briefs.results import Header
from readout.ui import markup
from readout.ui.markup import escape


def show(notice: words.Notice) -> None:
    """Draw a notice."""
    step = f"<p>{escape(notice.next_step)}</p>" if notice.next_step else ""
    markup.show(
        f'<div class="r"><section class="r-notice" role="status"><h2>{escape(notice.title)}</h2>'
        f"<p>{escape(notice.text)}</p>{step}</section></div>"
    )


def banner(title: str, text: str) -> None:
    """Draw a line that asks for something; what stands in backticks is set as a file's name."""
    parts = re.split(r"`([^`]+)`", text)
    said = "".join(f"<code>{escape(part)}</code>" if i % 2 else escape(part) for i, part in enumerate(parts))
    markup.show(f'<div class="r"><div class="r-banner" role="status"><b>{escape(title)}</b> {said}</div></div>')


def silent(header: Header) -> None:
    """Say that a system recorded nothing in the period, and offer all data."""
    show(words.system.silent(words.nothing_recorded(header)))
    if header.first_day and header.scope.period != "all":
        with st.container(key="actions"):
            st.button(words.SHOW_ALL, on_click=_choose_all, type="primary", key="show_all")


def _choose_all() -> None:
    st.session_state["period"] = "all"
