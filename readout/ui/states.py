"""Designed states without figures: empty, nothing recorded, stale, failed. Plain words and the next step."""

import logging
import re
import uuid

import streamlit as st

from readout import words
from readout.briefs.results import Header
from readout.portfolio import PortfolioError
from readout.ui import markup
from readout.ui.markup import escape
from readout.warehouse.errors import NotReadyError, WarehouseError

log = logging.getLogger(__name__)


def _notice(notice: words.Notice, tone: str = "") -> None:
    command = f"<p><code>{escape(notice.command)}</code></p>" if notice.command else ""
    step = f"<p>{escape(notice.next_step)}</p>" if notice.next_step else ""
    markup.show(
        f'<div class="r"><section class="r-notice {tone}" role="status"><h1>{escape(notice.title)}</h1>'
        f"<p>{_commands(notice.text)}</p>{step}{command}</section></div>"
    )


def _commands(text: str) -> str:
    """Return escaped text whose `commands` are set as such, line by line."""
    parts = re.split(r"`([^`]+)`", text)
    said = "".join(f"<code>{escape(part)}</code>" if i % 2 else escape(part) for i, part in enumerate(parts))
    return said.replace("\n", "<br>")


def _choose_all() -> None:
    st.session_state["period"] = "all"


def nothing_recorded(header: Header) -> None:
    """Say that the window is empty, where the data lies, and offer all of it."""
    _notice(words.nothing_recorded(header))
    if header.first_day and header.scope.period != "all":
        with st.container(key="actions"):
            st.button(words.SHOW_ALL, on_click=_choose_all, type="primary", key="show_all")


def failed(error: WarehouseError | PortfolioError) -> str:
    """Say in plain words why there are no figures, with the next step; return the marker's status."""
    empty = isinstance(error, NotReadyError)
    if empty:
        _notice(words.not_ready(str(error)))
    else:
        log.warning("page without figures: %s", error)
        _notice(words.failure(type(error).__name__, str(error)), "bad")
    with st.container(key="actions"):
        st.button(words.RETRY, key="retry", type="secondary" if empty else "primary")  # pressing it reruns the page
    return "empty" if empty else "failed"


def no_gates() -> None:
    """Say that no gate is declared for the chosen systems."""
    _notice(words.NO_GATES)


def unexpected(error: BaseException) -> None:
    """Log a fault of ours under a reference, and show the reference instead of a traceback."""
    reference = uuid.uuid4().hex[:8]
    log.error("page failed, reference %s", reference, exc_info=error)
    _notice(words.unexpected(reference), "bad")


def stale(header: Header) -> None:
    """Warn over figures that are older than promised."""
    text = words.stale(header)
    if text:
        said = f"<b>{escape(words.STALE)}</b> {escape(text)}"
        markup.show(f'<div class="r"><div class="r-banner" role="status">{said}</div></div>')


def _newest() -> None:
    st.session_state["as_of"] = ""


def earlier(header: Header) -> None:
    """Say that an earlier state is shown, by which data, and offer the newest."""
    text = words.notices.earlier(header)
    if text:
        said = f"<b>{escape(words.notices.EARLIER)}</b> {escape(text)}"
        with st.container(key="earlier", horizontal=True, vertical_alignment="center"):
            markup.show(f'<div class="r"><div class="r-banner" role="status">{said}</div></div>')
            st.button(words.notices.NEWEST, on_click=_newest, key="show_newest")
