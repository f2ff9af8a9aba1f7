"""Use cases: one module per page or report. They return frozen results; pages, files and commands only show them.

Each page asks at most three queries of the rollups; System, Reconciliation and Value ask four, Quality and Checks five.
The book holds what changes only with the data version.
"""

from readout.briefs.book import Book, open_book
from readout.briefs.bridge import bridge_brief
from readout.briefs.checks import checks_brief
from readout.briefs.gate_board import gates_brief, gates_of
from readout.briefs.gate_documents import gate_documents
from readout.briefs.gate_health import gate_health_brief
from readout.briefs.gate_page import gate_brief
from readout.briefs.glossary import glossary_brief
from readout.briefs.handling import handling_brief
from readout.briefs.health import health_brief
from readout.briefs.metric_rows import metric_rows
from readout.briefs.overview import readout_brief
from readout.briefs.policy_bench import policy_bench_brief
from readout.briefs.promotions import promotions_brief
from readout.briefs.promotions_file import promotions_csv
from readout.briefs.quality import disagreements, quality_brief
from readout.briefs.reconciliation import invoice_charges, reconciliation_brief
from readout.briefs.results import Scope
from readout.briefs.review import review_brief
from readout.briefs.rows import figure_calls, figure_charges, figure_tasks, rows_brief
from readout.briefs.stalls import stalls_brief
from readout.briefs.system import system_brief
from readout.briefs.tables import unit_cost_csv
from readout.briefs.throughput import throughput_brief
from readout.briefs.unit_cost import unit_cost_brief
from readout.briefs.value import value_brief
from readout.briefs.value_case import value_trial
from readout.briefs.value_file import value_csv
from readout.briefs.vendor_file import vendors_csv
from readout.briefs.vendors import vendors_brief

__all__ = [
    "Book",
    "Scope",
    "bridge_brief",
    "checks_brief",
    "disagreements",
    "figure_calls",
    "figure_charges",
    "figure_tasks",
    "gate_brief",
    "gate_documents",
    "gate_health_brief",
    "gates_brief",
    "gates_of",
    "glossary_brief",
    "handling_brief",
    "health_brief",
    "invoice_charges",
    "metric_rows",
    "open_book",
    "policy_bench_brief",
    "promotions_brief",
    "promotions_csv",
    "quality_brief",
    "readout_brief",
    "reconciliation_brief",
    "review_brief",
    "rows_brief",
    "stalls_brief",
    "system_brief",
    "throughput_brief",
    "unit_cost_brief",
    "unit_cost_csv",
    "value_brief",
    "value_csv",
    "value_trial",
    "vendors_brief",
    "vendors_csv",
]
