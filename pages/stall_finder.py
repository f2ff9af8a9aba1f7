"""Stall finder: which systems show one of the four ways in which work with AI dies, and what to do next."""

from readout.ui import cards, frame, loaders, stalls

with frame.page("stall-finder") as page:
    brief = page.load(loaders.stalls, always=True)
    cards.finding("stall-finder", brief.finding)
    stalls.ways(brief)
    stalls.findings(brief)
