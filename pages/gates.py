"""Gates: which systems may carry more load, and what holds the others."""

from readout import words
from readout.ui import cards, frame, gate, loaders, section, states

with frame.page("gates") as page:
    brief = page.load(loaders.gates)
    cards.finding("gates", brief.finding)
    if brief.gates:
        section.title("conditions", brief.header, note=words.UNPROTECTED)
        section.note(words.UNPROTECTED)
        gate.key()
        for card in brief.gates:
            gate.show(card)
    else:
        states.no_gates()
