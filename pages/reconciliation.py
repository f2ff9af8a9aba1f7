"""Reconciliation: does the cost of a month tie to the ledger, line by line and invoice by invoice?"""

from readout.ui import cards, frame, loaders, reconciliation

with frame.page("reconciliation") as page:
    month = reconciliation.asked()
    brief = page.load(lambda scope: loaders.reconciliation(scope, month), always=True)
    cards.finding("reconciliation", brief.finding)
    reconciliation.choose(brief)
    reconciliation.show(brief)
