"""Glossary: what the terms on all other pages mean."""

from readout.ui import cards, frame, glossary, loaders

with frame.page("glossary") as page:
    brief = page.load(loaders.glossary, always=True)
    cards.finding("glossary", brief.finding)
    glossary.show(brief)
