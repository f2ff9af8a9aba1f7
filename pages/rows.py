"""Rows: how one figure is calculated, day by day, down to the very rows and the text of its queries."""

from readout.ui import cards, frame, loaders, rows

with frame.page("rows") as page:
    metric, day = rows.asked()
    brief = page.load(lambda scope: loaders.rows(scope, metric, day))
    cards.finding("rows", brief.finding)
    rows.choose(brief)
    rows.explanation(brief)
    rows.lines(brief)
    rows.show(brief)
    rows.queries(brief)
