"""`readout gates --json`: every gate as one JSON object, from the same card as the page."""

from typing import Any

from readout import words
from readout.briefs.book import Book
from readout.briefs.gate_board import card_of
from readout.briefs.gate_readings import GateReading, readings_of
from readout.briefs.results import GateCard
from readout.gates.document import verdict_document


def gate_documents(book: Book) -> list[dict[str, Any]]:
    """Return every gate of a known system, in the order of their names."""
    return [_document(reading, card_of(book, reading)) for reading in readings_of(book)]


def _document(reading: GateReading, card: GateCard) -> dict[str, Any]:
    gate = reading.gate
    document = verdict_document(gate, reading.verdict)
    for week in document["weeks"]:
        origin = reading.origins[_week(reading, week["week"])]
        week |= {
            "split": origin.split or None,
            "closes_at": origin.closes_at.isoformat() + "Z",
            "completed": origin.completed,
            "left_out": origin.left_out,
            "reviews_due": origin.review_due,
            "reviews_judged": origin.judged,
            "ai_share": origin.ai_share,
            "mix_shift": origin.mix_shift,
        }
    return {
        "gate": gate.gate,
        "system": gate.system,
        "as_of": reading.as_of.isoformat() + "Z",
        "standing": card.state,
        "phase": card.phase,
        "stage": card.stage or None,
        "from_stage": gate.from_stage,
        "to_stage": gate.to_stage,
        "owner": gate.owner,
        "approver": gate.approver,
        "policy_hash": gate.hash,
        "query_sha256": reading.query_sha256,
        **document,
        "weeks_needed": gate.decide.consecutive_weeks,
        "held_by": card.held_by or None,
        "next_step": words.gate_steps.next_step(card),
        "next_action": gate_action(card),
        "still_needed": _outlook(card),
        "load": {"entitled": card.entitled_share, "running": card.running_share},
        "alarm": _alarm(card),
        "lapses": [
            {"passed_on": lapse.passed_on.isoformat(), "ended_on": lapse.ended_on.isoformat(), "why": lapse.why}
            for lapse in card.lapses
        ],
    }


def _week(reading: GateReading, text: str) -> Any:
    return next(day for day in reading.origins if day.isoformat() == text)


def gate_action(card: GateCard) -> dict[str, Any] | None:
    """Return what the next outcome sets in motion, as the policy names it."""
    return card.action.model_dump(mode="json", exclude_none=True) if card.action else None


def _outlook(card: GateCard) -> dict[str, Any] | None:
    found = card.outlook
    if found is None:
        return None
    return {"metric": found.metric, "observations": found.missing, "per_week": found.weekly, "weeks": found.weeks}


def _alarm(card: GateCard) -> dict[str, Any] | None:
    found = card.alarm
    if found is None:
        return None
    return {
        "metric": found.metric,
        "since": found.day.isoformat(),
        "n": found.n,
        "bad": found.bad,
        "allowed": found.allowed,
        "rate": found.rate,
        "share_of_week": found.of_week,
        "sentence": words.gates.alarm(card),
    }
