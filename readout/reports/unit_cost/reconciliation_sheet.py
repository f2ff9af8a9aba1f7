"""The sheet Reconciliation: from the ledger or the invoices to the cost of the report."""

from readout.reports.unit_cost.frame import Layout
from readout.words import report as words

NAME = "Reconciliation"


def lay_out(layout: Layout) -> None:
    """Say that the report is not reconciled."""
    layout.sheet(NAME, (90, 20)).add(words.NOT_RECONCILED)
