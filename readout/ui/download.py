"""Files handed out from a page, from the same brief as what is shown; the journal keeps a line of each."""

import hashlib
import logging

import streamlit as st

from readout import words
from readout.briefs import unit_cost_csv
from readout.briefs.results import UnitCostBrief
from readout.settings import Settings
from readout.warehouse.errors import WarehouseError
from readout.warehouse.journal import open_journal

_LOG = logging.getLogger(__name__)


def unit_cost(brief: UnitCostBrief) -> None:
    """Offer the unit-cost table as CSV, made only when asked for."""
    with st.container(key="actions"):
        st.download_button(
            words.DOWNLOAD,
            data=lambda: _unit_cost_file(brief),
            file_name=words.file_name("unit-cost", brief.header, "csv"),
            mime="text/csv",
            on_click="ignore",
            key="download_unit_cost",
        )


def _unit_cost_file(brief: UnitCostBrief) -> bytes:
    content = unit_cost_csv(brief).encode()
    try:
        with open_journal(Settings()) as journal:
            journal.record_export(
                what="unit-cost.csv",
                scope=words.state("unit_cost", brief.header.scope),
                data_version=brief.header.data_version,
                sha256=hashlib.sha256(content).hexdigest(),
                rows=len(brief.rows),
            )
    except WarehouseError as error:  # the reader gets the file; whoever runs the service reads why no line was kept
        _LOG.warning("unit-cost.csv was handed out and not written down: %s", error)
    return content
