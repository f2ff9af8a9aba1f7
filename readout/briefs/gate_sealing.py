"""Sealing what the warehouse says about every gate, and telling whom the policies name, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version

from readout import words
from readout.briefs.book import Book
from readout.briefs.gate_readings import GateReading, gate_readings
from readout.briefs.gate_restarts import restarts_of
from readout.delivery import Event, recipients, stable_id
from readout.gates import ledger
from readout.gates.facts import WEEK
from readout.gates.ledger import Evidence, Record, WeekEvidence
from readout.gates.policy import Action
from readout.warehouse import gate_ledger as stored
from readout.warehouse import outbox
from readout.warehouse.errors import InputError
from readout.warehouse.gate_ledger import Connection, OpenItem, Sealed
from readout.warehouse.journal import Journal, machine_user
from readout.words.dates import moment

LOOKED_BACK = 8  # records of a gate whose verdict late data may flip


@dataclass(frozen=True)
class SealResult:
    """What one seal did: new records, open items it raised, events it put into the outbox."""

    sealed: tuple[Sealed, ...]
    opened: tuple[OpenItem, ...]
    events: tuple[Event, ...]


def seal(book: Book, journal: Journal, now: datetime) -> SealResult:
    """Seal every gate whose weeks, policy or verdict are others than in its last record; a second run seals nothing.

    Records, open items and events are written together.
    Raises WarehouseError where the journal cannot be written, InputError where it was sealed as of a later instant.
    """
    done, opened, events = [], [], []
    with journal.transaction() as connection:
        previous, sequence = stored.head(connection)
        earlier = stored.records(connection)
        _refuse_the_past(book, earlier)
        by_gate: dict[str, list[Sealed]] = {}
        for one in earlier:
            by_gate.setdefault(one.record["gate"], []).append(one)
        for reading in gate_readings(replace(book, restarts=restarts_of(earlier, book))):
            own = by_gate.get(reading.gate.gate, [])
            items = list(_flips(connection, reading, own, now))
            opened += items
            events += [_flip_event(reading, item) for item in items]
            events += _burning(reading)
            record = _record(book, reading, sequence, now, previous)
            if own and _key(own[-1].record) == _key(record):
                continue
            sealed = stored.append(connection, record)
            previous, sequence = sealed.hash, sequence + 1
            done.append(sealed)
            events += _happened(reading, sealed, own[-1].record if own else None)
        events += _expired_signatures(connection, book, now)
        new = [event for event in events if outbox.enqueue(connection, event, told(book, event))]
    return SealResult(tuple(done), tuple(opened), tuple(new))


def _refuse_the_past(book: Book, earlier: Sequence[Sealed]) -> None:
    latest = max((one.record["as_of"] for one in earlier), default="")
    if latest and ledger.instant_of(latest) > book.as_of:
        message = f"the ledger is sealed as of {latest} already; a decision of {moment(book.as_of)} UTC comes too late"
        raise InputError(message)


def _record(book: Book, reading: GateReading, sequence: int, now: datetime, previous: str) -> Record:
    return ledger.record_of(_evidence(book, reading), sequence, now, previous)


def _evidence(book: Book, reading: GateReading) -> Evidence:
    calendar = book.calendar
    alarm = reading.alarm
    return Evidence(
        reading.gate,
        reading.as_of,
        reading.place.phase,
        reading.verdict,
        reading.lapses,
        {
            day: WeekEvidence(
                calendar.start_of(day),
                calendar.start_of(day + WEEK),
                origin.closes_at,
                origin.completed,
                origin.left_out,
                origin.judged,
                origin.review_due,
                origin.split,
            )
            for day, origin in reading.origins.items()
        },
        reading.query_sha256,
        version("readout"),
        {"metric": alarm.metric, "since": alarm.day.isoformat()} if alarm else None,
        reading.counts_from,
    )


def _key(record: Record) -> tuple[object, ...]:
    """Return what makes a record another one: policy, closed weeks, verdict, lapses and alarm."""
    closed = [one["week"] for one in record["weeks"] if one["complete"]]
    said = (record["state"], record["reason"], record["streak"], record["decided_on"])
    return record["policy_hash"], closed[-1] if closed else None, said, len(record["lapses"]), record["alarm"]


def _flips(connection: Connection, reading: GateReading, own: Sequence[Sealed], now: datetime) -> Iterable[OpenItem]:
    """Open an item for each late record whose verdict would be another on the numbers of today."""
    weeks = [one.week for one in reading.verdict.weeks]
    for sealed in own[-LOOKED_BACK:]:
        record = sealed.record
        if not ledger.restated(record, weeks) or stored.ever_opened(connection, record["gate"], sealed.sequence):
            continue
        verdict = ledger.judged_on(record, weeks)
        if (verdict.state, verdict.reason) == (record["state"], record["reason"]):
            continue
        what = (
            f"record {sealed.sequence} says {record['state']} ({record['reason']}); on the data of today it would be "
            f"{verdict.state} ({verdict.reason})"
        )
        item = OpenItem(record["gate"], sealed.sequence, what, "opened", reading.gate.owner, machine_user(), now)
        stored.note(connection, item)
        yield item


# --- events ----------------------------------------------------------------------------------------------------------


def _happened(reading: GateReading, sealed: Sealed, before: Record | None) -> Iterable[Event]:
    """Yield what a new record tells that the one before did not."""
    gate, record = reading.gate, sealed.record
    if before and (before["state"], before["decided_on"]) == (record["state"], record["decided_on"]):
        before_said = (before["state"], before["reason"])
    else:
        before_said = None
    said = (record["state"], record["reason"])
    if len(record["lapses"]) > (len(before["lapses"]) if before else 0):
        passed_on, ended_on, why = record["lapses"][-1]
        parts = (gate.gate, passed_on, ended_on)
        yield gate_event("gate.expired", parts, reading, "is no longer eligible", gate.on_expiry, {"why": why})
    if record["state"] == "PASS" and said != before_said:
        parts = (gate.gate, record["policy_hash"], record["decided_on"])
        extra = {"requires_signoff": True, "approver": gate.approver, "evidence_hash": sealed.hash}
        yield gate_event("gate.eligible", parts, reading, f"is eligible for {gate.to_stage}", gate.on_pass, extra)
    if record["reason"] in {"breach", "cooldown"}:
        parts = (gate.gate, record["policy_hash"], record["decided_on"] or "")
        yield gate_event("gate.breached", parts, reading, "has broken a line", gate.on_breach, {})
    elif record["state"] == "FAIL" and said != before_said:
        parts = (gate.gate, record["policy_hash"], record["decided_on"] or "")
        yield gate_event("gate.failed", parts, reading, "has failed", gate.on_fail, {"reason": record["reason"]})


def _burning(reading: GateReading) -> Iterable[Event]:
    """Yield the daily alarm of a gate, once per metric and day on which it began."""
    found = reading.alarm
    if found is None:
        return
    parts = (reading.gate.gate, found.metric, found.day.isoformat())
    counted = {"metric": found.metric, "since": found.day.isoformat(), "n": found.n, "bad": found.bad}
    day = words.day(found.day)
    yield gate_event(
        "gate.burning", parts, reading, f"burns its {found.metric} line since {day}", reading.gate.on_breach, counted
    )


def gate_event(
    kind: str,
    parts: tuple[str, ...],
    reading: GateReading,
    said: str,
    action: Action | None,
    extra: Mapping[str, object],
) -> Event:
    """Return an event about a gate; `parts` make its id, so that the same happening is told once."""
    gate = reading.gate
    set_in_motion = words.gate_steps.action(action)
    lines = [reading.sentence, f"Policy {gate.hash[:12]}, as of {moment(reading.as_of)} UTC."]
    if set_in_motion:
        lines.insert(1, f"This sets in motion: {set_in_motion}.")
    return Event(
        stable_id(kind, *parts),
        kind,
        gate.gate,
        reading.as_of,
        f"{gate.system} {said}",
        "\n".join(lines),
        {
            "gate": gate.gate,
            "system": gate.system,
            "from_stage": gate.from_stage,
            "to_stage": gate.to_stage,
            "policy_hash": gate.hash,
            "sentence": reading.sentence,
            "action": _action_data(action),
            **extra,
        },
    )


def _action_data(action: Action | None) -> dict[str, object] | None:
    """Return what is set in motion as JSON; shares as text, because a receiver may not round."""
    if action is None:
        return None
    return {
        name: str(value) if isinstance(value, float) else value
        for name, value in action.model_dump(mode="json", exclude_none=True).items()
    }


def _flip_event(reading: GateReading, item: OpenItem) -> Event:
    parts = (item.gate, str(item.sequence))
    return replace(
        gate_event("gate.flip", parts, reading, "would be judged another way on late data", None, {"what": item.what}),
        text=f"{item.what}. {reading.gate.owner} looks at it: readout gates acknowledge {item.gate} {item.sequence}",
    )


def _expired_signatures(connection: Connection, book: Book, now: datetime) -> Iterable[Event]:
    """Yield the sign-offs that have run out while their gate still stands at the stage before."""
    for one in stored.signoffs(connection):
        gate = book.portfolio.gates.get(one.gate)
        if gate is None or one.expires_at > now:
            continue
        yield Event(
            stable_id("gate.expired", one.gate, one.evidence_hash, one.signed_at.isoformat()),
            "gate.expired",
            one.gate,
            one.expires_at,
            f"The sign-off of {gate.system} has run out",
            f"{one.who} signed on {words.day(one.signed_at.date())}; it ran out on {words.day(one.expires_at.date())}.",
            {"gate": one.gate, "signed_by": one.who, "action": _action_data(gate.on_expiry)},
        )


def told(book: Book, event: Event) -> tuple[outbox.Recipient, ...]:
    """Return every webhook, those whom the policy names for the outcome, and the gate's people."""
    gate = book.portfolio.gates[event.subject]
    action = {
        "gate.eligible": gate.on_pass, "gate.signed_off": gate.on_pass, "gate.breached": gate.on_breach,
        "gate.burning": gate.on_breach, "gate.failed": gate.on_fail, "gate.expired": gate.on_expiry,
    }.get(event.kind)  # fmt: skip
    names = [*(action.notify if action else ()), "owner"]
    if event.kind == "gate.eligible":
        names.append("approver")
    return recipients(book.settings, book.portfolio.organisation.addresses(gate, names))
