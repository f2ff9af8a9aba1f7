"""One gate, everything about it: its weeks with their numbers, what happened in them, the daily watch, its policy."""

from readout import findings
from readout.briefs.book import Book
from readout.briefs.gate_board import STATES, card_of, gates_of
from readout.briefs.gate_readings import readings_of
from readout.briefs.results import GateCard, Scope
from readout.briefs.results_gates import GateBrief
from readout.briefs.results_system import IncidentRow
from readout.briefs.system_events import incident_rows

WEEKS = 26


def gate_brief(book: Book, scope: Scope, gate: str = "") -> GateBrief:
    """Return one gate and the list to choose from; without a name, the one that needs a person first.

    A name that nobody knows is told as `unknown`.
    """
    header = book.header(scope)
    cards = gates_of(book)
    if not gate and cards:
        shown = [card for card in cards if card.system_id in book.chosen_systems(scope)] or list(cards)
        gate = min(shown, key=lambda card: (STATES.index(card.state), card.system_name)).gate
    reading = next((one for one in readings_of(book) if one.gate.gate == gate), None)
    choices = tuple((card.gate, card.system_name, card.from_stage, card.to_stage) for card in cards)
    if reading is None:
        return GateBrief(header, findings.of_gates(cards), choices, None, (), None, unknown=gate)
    card = card_of(book, reading, WEEKS)
    return GateBrief(
        header,
        findings.of_gate(card),
        choices,
        card,
        _incidents(book, card),
        reading.gate,
    )


def _incidents(book: Book, card: GateCard) -> tuple[IncidentRow, ...]:
    if not card.columns:
        return ()
    with book.warehouse.snapshot() as snapshot:
        rows = snapshot.query("read/incidents")
    own = incident_rows(rows[rows["system_id"] == card.system_id], book)
    first = card.columns[0].week
    return tuple(one for one in own if one.ends is None or one.ends.date() >= first)
