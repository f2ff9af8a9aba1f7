"""Vendors: what is asked of which provider, at what price, what another price would do, and what rests on a model."""

from readout.ui import cards, download, frame, loaders, vendors

with frame.page("vendors") as page:
    brief = page.load(loaders.vendors)
    cards.finding("vendors", brief.finding)
    vendors.tiles(brief)
    vendors.models(brief)
    vendors.history(brief)
    vendors.what_if(brief)
    vendors.dependence(brief)
    vendors.purposes(brief)
    download.vendors(brief)
