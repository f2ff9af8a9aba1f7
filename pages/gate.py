"""Gate: one gate, what it rests on week by week, its policy, and who decided what."""

from readout.ui import cards, frame, gate, gate_ledger, gate_page, loaders, section

with frame.page("gate") as page:
    name = gate_page.chosen()
    brief = page.load(lambda scope: loaders.gate(scope, name), always=True)
    gate_page.choose(brief)
    cards.finding("gate", brief.finding)
    if brief.card is not None:
        gate.show(brief.card, whole=True, waived=loaders.waived().get(brief.card.gate, ()))
        section.title("gate_lines", brief.header)
        gate_page.lines(brief)
        section.title("gate_weeks", brief.header)
        gate.key()
        gate_page.weeks(brief)
        section.title("gate_watch", brief.header)
        gate_page.watch(brief)
        gate_ledger.show(brief)
        section.title("policy", brief.header)
        gate_page.policy(brief)
