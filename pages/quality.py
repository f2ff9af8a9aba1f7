"""Quality and load: does the AI hold beside people, and in the busiest hours?"""

from readout.ui import cards, frame, loaders, quality

with frame.page("quality") as page:
    brief = page.load(loaders.quality)
    cards.finding("quality", brief.finding)
    cards.tiles(brief.figures, brief.header)
    quality.show(brief)
