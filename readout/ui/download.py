"""Files handed out from a page; they come from the same brief as what is shown."""

import streamlit as st

from readout import words
from readout.briefs import unit_cost_csv
from readout.briefs.results import UnitCostBrief


def unit_cost(brief: UnitCostBrief) -> None:
    """Offer the unit-cost table as CSV, made only when asked for."""
    with st.container(key="actions"):
        st.download_button(
            words.DOWNLOAD,
            data=lambda: unit_cost_csv(brief).encode(),
            file_name=words.file_name("unit-cost", brief.header, "csv"),
            mime="text/csv",
            on_click="ignore",
            key="download_unit_cost",
        )
