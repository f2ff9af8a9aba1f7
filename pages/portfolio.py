"""Portfolio: where every system stands, how far its gate is proved, by when it can carry more, what waiting costs."""

from readout.ui import cards, download, frame, loaders, promotions, value

with frame.page("portfolio") as page:
    brief = page.load(loaders.promotions, always=True)
    cards.finding("portfolio", brief.finding)
    if promotions.show(brief):
        value.compounding(page.load(loaders.value, always=True))
        download.promotions(brief)
