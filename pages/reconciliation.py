"""Reconciliation: does the cost of a month tie to the ledger, line by line and invoice by invoice?"""

from readout.ui import cards, closing, frame, loaders, reconciliation

with frame.page("reconciliation") as page:
    month = reconciliation.asked()
    reported = closing.asked()
    brief = page.load(lambda scope: loaders.reconciliation(scope, month, reported=reported), always=True)
    cards.finding("reconciliation", brief.finding)
    reconciliation.choose(brief)
    reconciliation.show(brief)
