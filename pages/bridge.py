"""Bridge: why cost moved between two periods, bar by bar, each with what it is made of."""

from readout.ui import bridge, cards, frame, loaders

with frame.page("bridge") as page:
    level, method, by_type = bridge.asked()
    brief = page.load(lambda scope: loaders.bridge(scope, level, method, by_type=by_type))
    cards.finding("bridge", brief.finding)
    bridge.choose()
    if brief.bridge is None:
        bridge.nothing_to_compare(brief)
    else:
        bridge.waterfall(brief)
        bridge.explain(brief)
        bridge.table(brief)
