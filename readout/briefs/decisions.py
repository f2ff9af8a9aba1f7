"""What is to be decided: by whom, by when, and what waiting costs where that can be computed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from readout.briefs.book import Book
from readout.briefs.gate_readings import GateReading, readings_of
from readout.briefs.policy_bench import stakes_of
from readout.briefs.results import GateCard, SystemRow
from readout.briefs.results_readout import DecisionRow
from readout.warehouse.gate_ledger import Waiver

SOON = timedelta(days=28)  # how long before its day something that runs out is named
ORDER = ("breach", "failed", "eligible", "stalled", "waiver", "review")


def decisions_of(book: Book, gates: Sequence[GateCard], rows: Iterable[SystemRow]) -> tuple[DecisionRow, ...]:
    """Return what waits for a person: broken lines, failed and eligible gates, stalled systems, policies to review."""
    today = book.calendar.day_of(book.as_of)
    readings = {one.gate.gate: one for one in readings_of(book)}
    found = [_of_gate(card) for card in gates if card.state in {"breach", "failed"}]
    found += [_eligible(book, card, readings[card.gate]) for card in gates if card.state == "eligible"]
    found += [
        DecisionRow("stalled", row.system_id, row.name, row.standstill.owner, row.standstill.due,
                    to_stage=row.standstill.due_stage)
        for row in rows if row.standstill is not None
    ]  # fmt: skip
    found += [
        DecisionRow("review", card.system_id, card.system_name, card.owner, card.review_by, card.gate,
                    card.from_stage, card.to_stage)
        for card in gates if card.review_by is not None and card.review_by <= today + SOON
    ]  # fmt: skip
    return in_order(found)


def _of_gate(card: GateCard) -> DecisionRow:
    burn = card.alarm
    broken = [one.metric for one in card.conditions if any(week.state == "breach" for week in one.weeks)]
    return DecisionRow(
        "breach" if card.state == "breach" else "failed",
        card.system_id,
        card.system_name,
        card.owner,
        None,
        card.gate,
        card.from_stage,
        card.to_stage,
        line=burn.metric if burn else (broken or [card.weakest])[0],
        since=burn.day if burn else None,
        burn=burn,
    )


def _eligible(book: Book, card: GateCard, reading: GateReading) -> DecisionRow:
    stakes = stakes_of(book, reading.gate)
    return DecisionRow(
        "eligible",
        card.system_id,
        card.system_name,
        card.approver,
        valid_until(book, reading),
        card.gate,
        card.from_stage,
        card.to_stage,
        hours=stakes.hours,
        unknown=stakes.why_no_hours,
    )


def valid_until(book: Book, reading: GateReading) -> date | None:
    """Return the day on which a PASS lapses, counted from the close of the week that decided."""
    decided = reading.verdict.decided_on
    origin = None if decided is None else reading.origins.get(decided)
    if origin is None:
        return None
    return book.calendar.day_of(origin.closes_at + timedelta(weeks=reading.gate.decide.valid_weeks))


def of_waivers(waivers: Iterable[Waiver], gates: Sequence[GateCard], now: datetime) -> tuple[DecisionRow, ...]:
    """Return the waivers of these gates that run out soon: a person lets them end, or grants them anew."""
    cards = {card.gate: card for card in gates}
    return tuple(
        DecisionRow("waiver", cards[one.gate].system_id, cards[one.gate].system_name, one.who, one.expires_at.date(),
                    one.gate, cards[one.gate].from_stage, cards[one.gate].to_stage, line=one.metrics[0])
        for one in waivers
        if one.gate in cards and now < one.expires_at <= now + SOON
    )  # fmt: skip


def with_waivers(
    rows: Iterable[DecisionRow], waivers: Iterable[Waiver], gates: Sequence[GateCard]
) -> tuple[DecisionRow, ...]:
    """Return decisions with the waivers that run out now; these stand in the journal, which no data version covers."""
    return in_order((*rows, *of_waivers(waivers, gates, datetime.now(UTC).replace(tzinfo=None))))


def in_order(rows: Iterable[DecisionRow]) -> tuple[DecisionRow, ...]:
    """Return decisions by how much they need a person, then by their day."""
    return tuple(sorted(rows, key=lambda row: (ORDER.index(row.kind), row.by or date.min, row.name)))
