"""The daily digest of operations: gates that changed, broken lines, what is overdue, which sources are late."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from readout import findings, words
from readout.briefs.results import GateCard, GatesBrief, HealthBrief, Scope
from readout.briefs.results_readout import DecisionRow
from readout.reports.digests import Digest, Held, Part, Point
from readout.words import digests as said
from readout.words import report
from readout.words.addresses import about, address, instant

URGENT = frozenset({"breach", "failed"})


def daily(now: GatesBrief, before: GatesBrief, decisions: Iterable[DecisionRow], health: HealthBrief) -> Digest:
    """Return the digest of the day of as-of; `before` is the board as it stood a day earlier."""
    header = now.header
    scope = replace(header.scope, as_of=instant(header.as_of))
    today = header.as_of_local.date()
    return Digest(
        role="operations",
        period=today.isoformat(),
        title=said.title("operations", words.day(today)),
        lead=now.finding.sentence,
        tone=now.finding.tone,
        address=address("gates", scope),
        header=header,
        parts=(
            _part(said.GATES, _moved(now.gates, {card.gate: card for card in before.gates}, scope)),
            _part(said.BROKEN, _broken(now.gates, scope)),
            _part(said.OVERDUE, _overdue(now.gates, decisions, today, scope)),
            _part(said.LATE, _late(health, scope)),
        ),
        held=(Held("stale", report.is_stale(header)),) if header.stale_hours is not None else (),
    )


def _part(title: str, points: Iterable[Point]) -> Part:
    return Part(title, tuple(points), said.NOTHING[title])


def _name(card: GateCard) -> str:
    return f"{card.system_name}, {words.step(card.from_stage, card.to_stage)}"


def _moved(cards: Iterable[GateCard], before: Mapping[str, GateCard], scope: Scope) -> Iterator[Point]:
    for card in cards:
        text = said.gate_moved(before.get(card.gate), card)
        if text:
            where = about("gate", scope, gate=card.gate)
            yield Point(_name(card), text, where, words.gate_state(card.state)[1], (card.sentence,))


def _broken(cards: Iterable[GateCard], scope: Scope) -> Iterator[Point]:
    for card in cards:
        if card.state in URGENT or card.alarm is not None:
            burning = words.gates.alarm(card)
            below = (words.sentence(burning) if burning else card.sentence,)
            label, tone = words.gate_state(card.state)
            yield Point(_name(card), label, about("gate", scope, gate=card.gate), tone, below)


def _overdue(cards: Iterable[GateCard], decisions: Iterable[DecisionRow], today: date, scope: Scope) -> Iterator[Point]:
    """Yield policies past their review, reviews of AI work that are too few to judge a week, and overdue decisions."""
    for card in cards:
        where = about("gate", scope, gate=card.gate)
        if card.review_by is not None and card.review_by < today:
            yield Point(_name(card), said.policy_overdue(card.review_by), where, "bad")
        if findings.hold_reason(card) == findings.TOO_FEW_REVIEWS:
            yield Point(_name(card), said.REVIEWS_SHORT, where, "bad")
    for row in decisions:
        if row.kind not in URGENT and row.kind != "review" and row.by is not None and row.by < today:
            when, tone = words.decisions.by(row, today)
            where = about("gate", scope, gate=row.gate) if row.gate else address("system", scope, row.system_id)
            yield Point(row.name, f"{words.decisions.what(row)}, {when}", where, tone, (words.decisions.decider(row),))


def _late(health: HealthBrief, scope: Scope) -> Iterator[Point]:
    for row in health.freshness.to_dict("records"):
        if row["state"] == "stale":
            text = said.source_late(row["table_name"], row["loaded_at"], row["age_hours"], row["promise_hours"])
            yield Point(str(row["source"]), text, address("health", scope), "bad")
