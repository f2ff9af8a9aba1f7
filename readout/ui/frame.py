"""The frame of a page: load within it, show within it; it turns failures into designed states and ends with the marker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from readout import words
from readout.briefs.results import Figure, Header, Scope
from readout.ui import filters, loaders, marker, markup, states
from readout.warehouse.errors import WarehouseError

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 118 24"><g fill="#2f8c98"><rect x="0" y="13" width="4" height="8"/>'
    '<rect x="6" y="8" width="4" height="13"/><rect x="12" y="3" width="4" height="18"/></g><text x="23" y="19" fill="#2f8c98" '
    'font-family="Inter, system-ui, sans-serif" font-size="18" font-weight="650" letter-spacing="-.4">Readout</text></svg>'
)


class Brief(Protocol):
    """What every brief has."""

    @property
    def header(self) -> Header: ...


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

    def load[B: Brief](self, read: Callable[[Scope], B]) -> B:
        """Return the brief; leave for the designed empty state where nothing was recorded in its window."""
        brief = read(self.scope)
        self.version = brief.header.data_version
        if nothing_recorded(brief):
            raise NothingRecordedError(brief.header)
        return brief


def nothing_recorded(brief: Brief) -> bool:
    """Whether the brief's window lies outside the data, or none of its figures has a value."""
    header = brief.header
    if header.first_day is None or header.last_day is None:
        return True
    if header.window.end <= header.first_day or header.window.start >= header.last_day + timedelta(days=1):
        return True
    figures: tuple[Figure, ...] = getattr(brief, "figures", ())
    return bool(figures) and all(not figure.value for figure in figures)


@contextmanager
def page(name: str) -> Iterator[Page]:
    """Yield the run of a page; whatever happens inside, the page ends in words and with its marker."""
    run = Page(name, filters.current())
    try:
        yield run
    except NothingRecordedError as nothing:
        run.status = "empty"
        states.nothing_recorded(nothing.header)
    except WarehouseError as error:
        run.status = states.failed(error)
    except Exception as error:  # noqa: BLE001 - a reader never sees a traceback; the log has it
        run.status = "failed"
        states.unexpected(error)
    marker.show(run.name, run.scope, run.version, run.status)


def header_or_none(scope: Scope) -> Header | None:
    """Return the header, or None where the warehouse cannot say; the page itself then says why."""
    try:
        return loaders.header(scope)
    except WarehouseError:
        return None


def as_of(header: Header) -> None:
    """Draw the line that says where all figures of the page come from, and the warning where they are old."""
    parts = "".join(markup.span(part, "") for part in words.as_of(header) if part)
    markup.show(f'<div class="r r-asof">{parts}</div>')
    states.stale(header)
