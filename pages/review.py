"""Weekly business review: the exceptions of the last week, then six weeks and twelve months of every metric."""

from readout.ui import cards, frame, loaders, review

with frame.page("review") as page:
    brief = page.load(loaders.review)
    cards.finding("review", brief.finding)
    review.exceptions(brief)
    review.panels(brief)
