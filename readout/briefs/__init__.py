"""Use cases: one function per page or report. They return frozen results; pages, files and commands only show them."""

from readout.briefs.book import Book, open_book
from readout.briefs.health import health_brief
from readout.briefs.metric_rows import metric_rows
from readout.briefs.pages import (
    gates_brief,
    gates_of,
    handling_brief,
    readout_brief,
    throughput_brief,
    unit_cost_brief,
)
from readout.briefs.results import Scope
from readout.briefs.tables import unit_cost_csv

__all__ = [
    "Book",
    "Scope",
    "gates_brief",
    "gates_of",
    "handling_brief",
    "health_brief",
    "metric_rows",
    "open_book",
    "readout_brief",
    "throughput_brief",
    "unit_cost_brief",
    "unit_cost_csv",
]
