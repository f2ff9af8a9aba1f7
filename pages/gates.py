"""Gates: where every system stands on the ladder, which may carry more load, and what holds the others."""

from readout import words
from readout.ui import cards, frame, gate, loaders, section, states

with frame.page("gates") as page:
    brief = page.load(loaders.gates, always=True)
    cards.finding("gates", brief.finding)
    if brief.gates:
        section.title("ladder", brief.header)
        gate.ladder(brief)
        section.title("conditions", brief.header, note=words.gates.EVIDENCE_NOTE)
        section.note(words.GATES_NOTE)
        gate.key()
        waived = loaders.waived()
        for card in brief.gates:
            gate.show(card, waived=waived.get(card.gate, ()))
    else:
        states.no_gates()
