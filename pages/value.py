"""Value: hours that came back, cash that fell, cost avoided: three lines, their proof, and whether it paid."""

from readout.ui import cards, download, frame, loaders, value, value_trial

with frame.page("value") as page:
    brief = page.load(loaders.value, always=True)
    cards.finding("value", brief.finding)
    value.lines(brief)
    value.claims(brief)
    value.curves(brief)
    value.case(brief)
    value_trial.show(brief)
    value.compounding(brief)
    download.value(brief)
