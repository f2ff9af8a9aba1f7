"""Use cases: one module per page or report. They return frozen results; pages, files and commands only show them.

Each page asks at most three queries of the rollups. The book holds what changes only with the data version.
"""

from readout.briefs.book import Book, open_book
from readout.briefs.gate_board import gates_brief, gates_of
from readout.briefs.handling import handling_brief
from readout.briefs.health import health_brief
from readout.briefs.metric_rows import metric_rows
from readout.briefs.overview import readout_brief
from readout.briefs.results import Scope
from readout.briefs.tables import unit_cost_csv
from readout.briefs.throughput import throughput_brief
from readout.briefs.unit_cost import unit_cost_brief

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
