"""Readout: the portfolio in one minute."""

from readout import words
from readout.ui import cards, frame, loaders, section, system_table

with frame.page("readout") as page:
    brief = page.load(loaders.readout)
    cards.finding("readout", brief.finding)
    cards.tiles(brief.figures, brief.header, more=[cards.gates_tile(brief.gates_by_state)])
    section.title("systems", brief.header, words.SYSTEM_METRICS)
    system_table.readout(brief.systems, brief.header)
