"""Gate health: can the gates themselves be relied on, and which systems have none?"""

from readout.ui import cards, frame, gate_health, loaders, states

with frame.page("gate-health") as page:
    brief = page.load(loaders.gate_health, always=True)
    cards.finding("gate-health", brief.finding)
    if brief.rows:
        gate_health.cares(brief)
        gate_health.all_gates(brief)
    else:
        states.no_gates()
