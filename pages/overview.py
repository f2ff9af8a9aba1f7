"""Readout: the portfolio in one minute."""

import streamlit as st

from readout import words
from readout.ui import board_file, cards, changed, frame, loaders, section, system_table

with frame.page("readout") as page:
    brief = page.load(loaders.readout)
    cards.finding("readout", brief.finding, brief.lede)
    cards.tiles(brief.figures, brief.header, more=[cards.gates_tile(brief.gates_by_state)])
    left, right = st.columns(2, gap="large")
    with left:
        changed.show(brief)
    with right:
        changed.decisions(brief)
    section.title("systems", brief.header, words.SYSTEM_METRICS)
    system_table.readout(brief.systems, brief.header)
    board_file.offer(brief)
