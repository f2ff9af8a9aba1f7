"""Checks: line by line, whether the facts hold what the figures need."""

from readout.ui import cards, checks_table, frame, loaders, section

with frame.page("checks") as page:
    brief = page.load(loaders.checks, always=True)
    cards.finding("checks", brief.finding)
    section.title("checks", brief.header)
    checks_table.show(brief)
