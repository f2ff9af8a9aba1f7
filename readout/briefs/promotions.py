"""The portfolio ladder: where every system stands, how far its gate is proved, by when it can pass, what waiting costs.

No period touches it: a gate reads its own weeks.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from readout import findings
from readout.briefs.book import Book
from readout.briefs.decisions import valid_until
from readout.briefs.gate_board import gates_of, leading, stage_of
from readout.briefs.gate_readings import closes, readings_of
from readout.briefs.policy_bench import stakes_of
from readout.briefs.results import Finding, GateCard, GateCondition, Scope
from readout.briefs.results_promotions import Expected, PromotionsBrief, Standing
from readout.briefs.standstill import standstill, weeks_in_stage
from readout.gates.facts import WEEK
from readout.gates.policy import STAGES, Gate
from readout.gates.promotion import CONFIDENCE, Chance, chance, confidence
from readout.words import promotions as words

TOP = "full"
RETIRED = "retired"


def promotions_brief(book: Book, scope: Scope) -> PromotionsBrief:
    """Return every chosen system on the ladder; one query beside what is read once per data version."""
    header, cards = book.header(scope), gates_of(book)
    found = [standing_of(book, system, cards) for system in book.chosen_systems(scope)]
    rows = sorted((one for one in found if one.stage != RETIRED), key=_place)
    retired = tuple(one for one in found if one.stage == RETIRED)
    brief = PromotionsBrief(header, Finding(""), tuple(rows), retired, quarter_end(book))
    return replace(brief, finding=words.finding(brief))


def quarter_end(book: Book) -> date:
    """Return the last day of the fiscal quarter that runs at as-of."""
    quarter = book.calendar.bucket(book.calendar.day_of(book.as_of), "fiscal_quarter")
    return book.calendar.bucket_end(quarter, "fiscal_quarter") - timedelta(days=1)


def _place(row: Standing) -> tuple[int, int, str]:
    height = STAGES.index(row.stage) if row.stage in STAGES else -1
    return (-height, CONFIDENCE.index(row.confidence), row.name.casefold())


def standing_of(book: Book, system: str, cards: Sequence[GateCard]) -> Standing:
    """Return a system's place on the ladder, by the one of its gates among the cards that matters now."""
    stage, _ = stage_of(book, system)
    known = book.portfolio.systems.get(system)
    row = Standing(
        system,
        book.name_of(system),
        stage,
        weeks_in_stage(book, system),
        known.owners.business if known else "",
        "no_gate",
        standstill=standstill(book, system),
    )
    card = leading([one for one in cards if one.system_id == system], stage)
    if card is None:
        return replace(row, unknown="" if stage in {TOP, RETIRED} else words.NO_NEXT_STAGE)
    reading = next(one for one in readings_of(book) if one.gate.gate == card.gate)
    ahead = chance(reading.gate, reading.verdict, card.state, reading.outlook)
    day = _day(book, reading.gate, ahead)
    row = replace(
        row,
        card=card,
        confidence=confidence(card.state, card.evidence, card.evidence_needed, card.evidence_rule),
        chance=ahead,
        binding=binding(card),
        day=day,
        expected=_expected(ahead, day, quarter_end(book)),
        valid_until=valid_until(book, reading) if card.state == "eligible" else None,
    )
    return _with_cost(book, row, reading.gate)


def binding(card: GateCard) -> GateCondition | None:
    """Return the condition that holds a gate: whose line is broken, that the last week missed, else the least proved.

    None where nothing holds it: it is eligible, past its gate, or not begun.
    """
    if card.state in {"eligible", "watch", "waiting"}:
        return None
    held = findings.held_by(card)
    broken = card.alarm.metric if card.alarm else ""
    if card.state == "breach" and not broken:
        torn = [one.metric for one in card.conditions if any(week.state == "breach" for week in one.weeks)]
        broken = torn[0] if torn else ""
    wanted = broken or (held[0].metric if held else card.weakest)
    return next((one for one in card.conditions if one.metric == wanted), None)


def _day(book: Book, gate: Gate, ahead: Chance) -> date | None:
    """Return the local day on which the last of the weeks that a gate still needs is closed."""
    if ahead.weeks is None or not ahead.weeks:
        return None
    week = book.calendar.week_of(book.calendar.day_of(book.as_of)) - WEEK
    while closes(book, gate, week) <= book.as_of:
        week += WEEK
    return book.calendar.day_of(closes(book, gate, week + (ahead.weeks - 1) * WEEK))


def _expected(ahead: Chance, day: date | None, last: date) -> Expected:
    if ahead.why == "eligible":
        return "eligible"
    return "if_met" if ahead.why == "on_course" and day is not None and day <= last else ""


def _with_cost(book: Book, row: Standing, gate: Gate) -> Standing:
    """Add what a week of waiting costs; nothing waits where a line is broken, or above the last stage."""
    if row.stage == TOP or gate.from_stage == gate.to_stage:
        return row
    if row.confidence == "broken":
        return replace(row, unknown=words.RIGHT_TO_WAIT)
    stakes = stakes_of(book, gate)
    return replace(row, hours=stakes.hours, unknown=stakes.why_no_hours)
