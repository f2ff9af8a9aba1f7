"""The first page to take away: made on click, read again, and only then handed over."""

from datetime import UTC, datetime

import streamlit as st

from readout import words
from readout.briefs.results import ReadoutBrief
from readout.reports.board import Kind
from readout.reports.board.files import make
from readout.ui import download, loaders
from readout.words.addresses import absolute, address

_MIME: dict[Kind, str] = {"pdf": "application/pdf", "html": "text/html"}


def offer(brief: ReadoutBrief) -> None:
    """Offer this view as two pages of PDF and as one HTML file."""
    with st.container(key="actions", horizontal=True):
        for kind, mime in _MIME.items():
            st.download_button(
                words.board.OFFERS[kind],
                data=lambda kind=kind: _file(brief, kind),
                file_name=words.file_name("board", brief.header, kind),
                mime=mime,
                on_click="ignore",
                key=f"download_board_{kind}",
                help=words.board.OFFER_HELP[kind],
            )


def _file(brief: ReadoutBrief, kind: Kind) -> bytes:
    scope = brief.header.scope
    opened = absolute(loaders.settings().public_url, address("readout", scope))
    content = make(loaders.board(scope, brief), kind, datetime.now(UTC), opened)
    download.written_down(f"board.{kind}", words.state("readout", scope), brief.header, content, len(brief.systems))
    return content
