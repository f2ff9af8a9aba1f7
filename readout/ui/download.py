"""Files handed out from a page, from the same brief as what is shown; the journal keeps a line of each."""

import hashlib
import logging
from collections.abc import Callable

import streamlit as st

from readout import words
from readout.briefs import promotions_csv, unit_cost_csv, value_csv, vendors_csv
from readout.briefs.gate_ledger import export
from readout.briefs.results import Header, UnitCostBrief
from readout.briefs.results_promotions import PromotionsBrief
from readout.briefs.results_value import ValueBrief
from readout.briefs.results_vendors import VendorsBrief
from readout.settings import Settings
from readout.warehouse.errors import WarehouseError
from readout.warehouse.journal import open_journal

_LOG = logging.getLogger(__name__)


def unit_cost(brief: UnitCostBrief) -> None:
    """Offer the unit-cost table as CSV, made only when asked for."""
    _csv("unit-cost", "unit_cost", brief.header, lambda: unit_cost_csv(brief), len(brief.rows))


def value(brief: ValueBrief) -> None:
    """Offer claims and appraisals as CSV, made only when asked for."""
    _csv("value", "value", brief.header, lambda: value_csv(brief), len(brief.claims))


def promotions(brief: PromotionsBrief) -> None:
    """Offer the ladder as CSV, made only when asked for."""
    _csv("portfolio", "portfolio", brief.header, lambda: promotions_csv(brief), len(brief.rows) + len(brief.retired))


def vendors(brief: VendorsBrief) -> None:
    """Offer the observed demand as CSV, made only when asked for."""
    _csv("vendor-demand", "vendors", brief.header, lambda: vendors_csv(brief), len(brief.lines))


def _csv(what: str, page: str, header: Header, make: Callable[[], str], rows: int) -> None:
    with st.container(key="actions"):
        st.download_button(
            words.DOWNLOAD,
            data=lambda: _file(what, page, header, make(), rows),
            file_name=words.file_name(what, header, "csv"),
            mime="text/csv",
            on_click="ignore",
            key=f"download_{page}",
        )


def _file(what: str, page: str, header: Header, text: str, rows: int) -> bytes:
    content = text.encode()
    written_down(f"{what}.csv", words.state(page, header.scope), header, content, rows)
    return content


def gate_ledger(header: Header, records: int) -> None:
    """Offer the whole ledger as one file that verifies by itself, made only when asked for."""
    st.download_button(
        words.gate_ledger.DOWNLOAD,
        data=lambda: _ledger_file(header, records),
        file_name=f"readout-gate-ledger-{records}.json",
        mime="application/json",
        on_click="ignore",
        key="download_ledger",
        help=words.gate_ledger.DOWNLOAD_HELP,
    )


def _ledger_file(header: Header, records: int) -> bytes:
    with open_journal(Settings()) as journal:
        content = export(journal)
    written_down("gate-ledger.json", words.gate_ledger.ALL_GATES, header, content, records)
    return content


def written_down(what: str, scope: str, header: Header, content: bytes, rows: int) -> None:
    """Write into the journal that a file is handed out; where that fails the reader gets it all the same."""
    try:
        with open_journal(Settings()) as journal:
            journal.record_export(
                what=what,
                scope=scope,
                data_version=header.data_version,
                sha256=hashlib.sha256(content).hexdigest(),
                rows=rows,
            )
    except WarehouseError as error:  # whoever runs the service reads why no line was kept
        _LOG.warning("%s was handed out and not written down: %s", what, error)
