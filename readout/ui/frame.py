"""The frame of a page: load within it, show within it; failures become designed states, and the marker comes last."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

import streamlit as st

from readout import words
from readout.briefs.results import Header, Scope
from readout.portfolio import PortfolioError
from readout.ui import download, filters, loaders, marker, markup, page_tables, states
from readout.warehouse.errors import WarehouseError

# beside the shell; the word is drawn as a path, because an image cannot use our font
LOGO = "static/readout.svg"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cg fill='%232f8c98'%3E"
    "%3Crect x='2' y='13' width='5' height='9'/%3E%3Crect x='9.5' y='7' width='5' height='15'/%3E"
    "%3Crect x='17' y='2' width='5' height='20'/%3E%3C/g%3E%3C/svg%3E"
)
# a file pages/readout.py would hide the package: the folder of the main script comes first on the path
FILES = {
    "readout": "overview.py",
    "policy-bench": "policy_bench.py",
    "gate-health": "gate_health.py",
    "stall-finder": "stall_finder.py",
}


class Brief(Protocol):
    """What every brief has."""

    @property
    def header(self) -> Header:
        """Where the figures come from."""


B = TypeVar("B", bound=Brief)


class NothingRecordedError(Exception):
    """The window, or the choice of systems, holds no record."""

    def __init__(self, header: Header) -> None:
        """Keep the header, which knows where the data lies."""
        super().__init__(words.NO_SYSTEMS)
        self.header = header


@dataclass
class Page:
    """One run of one page."""

    name: str
    scope: Scope
    version: str = ""
    status: str = ""
    header: Header | None = None

    def load(self, read: Callable[[Scope], B], *, always: bool = False) -> B:
        """Return the brief; leave for the designed empty state where nothing was recorded in its window.

        With `always`, stay: the page has something to show that no window limits.
        """
        with st.spinner(words.LOADING):  # seen only where the warehouse takes its time
            brief = read(self.scope)
        self.version, self.header = brief.header.data_version, brief.header
        if not always and nothing_recorded(brief):
            raise NothingRecordedError(brief.header)
        return brief


def nothing_recorded(brief: Brief) -> bool:
    """Whether the brief's window lies outside the data, or nothing was recorded in it."""
    header = brief.header
    if header.first_day is None or header.last_day is None:
        return True
    if header.window.end <= header.first_day or header.window.start >= header.last_day + timedelta(days=1):
        return True
    return bool(getattr(brief, "empty", False))


@contextmanager
def page(name: str) -> Iterator[Page]:
    """Yield the run of a page; whatever happens inside, the page ends in words and with its marker."""
    run = Page(name, filters.current())
    page_tables.begin()
    try:
        yield run
        if run.header is not None:
            page_tables.offer(name, run.header, download.written_down)
    except NothingRecordedError as nothing:
        run.status = "empty"
        states.nothing_recorded(nothing.header)
    except (WarehouseError, PortfolioError) as error:
        run.status = states.failed(error)
    except Exception as error:  # noqa: BLE001 - a reader never sees a traceback; the log has it
        run.status = "failed"
        states.unexpected(error)
    marker.show(run.name, run.scope, run.version, run.status)


def header_or_none(scope: Scope) -> Header | None:
    """Return the header, or None where the warehouse cannot say; the page itself then says why."""
    try:
        with st.spinner(words.LOADING):
            return loaders.header(scope)
    except (WarehouseError, PortfolioError):
        return None


def as_of(header: Header) -> None:
    """Draw the line that says where all figures of the page come from, and the warning where they are old."""
    parts = "".join(markup.span(part, "") for part in words.as_of(header) if part)
    markup.show(f'<div class="r r-asof">{parts}</div>')
    states.stale(header)
    states.earlier(header)
