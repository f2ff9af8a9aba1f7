"""What people do at a gate: sign off, waive, close an open item; and what a deployment asks before it goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from readout import words
from readout.briefs.book import Book
from readout.briefs.gate_readings import GateReading, gate_readings
from readout.briefs.gate_restarts import restarts_of
from readout.briefs.gate_sealing import gate_event, told
from readout.gates.ledger import instant_of
from readout.gates.policy import Gate
from readout.gates.verifying import verify
from readout.warehouse import gate_ledger as stored
from readout.warehouse import outbox
from readout.warehouse.errors import InputError
from readout.warehouse.gate_ledger import OpenItem, Sealed, SignOff, Waiver
from readout.warehouse.journal import Journal, machine_user

LONGEST_WAIVER = timedelta(days=92)
EXIT_CODES = {"PASS": 0, "HOLD": 10, "FAIL": 20, "NO_DATA": 30}


@dataclass(frozen=True)
class Signer:
    """Who acts, as they say; the operating system's account is recorded beside it. `verified`: by a sign-in."""

    who: str
    role: str
    verified: bool = False


def sign(
    book: Book,
    journal: Journal,
    gate_name: str,
    signer: Signer,
    *,
    comment: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> SignOff:
    """Sign the sealed PASS of a gate by command line: the account is recorded, the signature is *unverified*.

    Raises InputError: unknown gate, not the approver, nothing sealed that passes, or an expiry in the past.
    """
    gate = known_gate(book, gate_name)
    _approver(gate, signer.who)
    with journal.transaction() as connection:
        sealed = stored.records(connection)
        own = [one for one in sealed if one.record["gate"] == gate_name]
        reading = _live(book, gate_name, sealed)
        last = own[-1] if own else None
        if reading.verdict.state != "PASS":
            message = f"{gate_name} is not eligible: {reading.sentence}"
            raise InputError(message)
        if last is None or last.record["state"] != "PASS" or last.record["policy_hash"] != gate.hash:
            message = f"the eligibility of {gate_name} is not sealed yet; run `readout gates seal` first"
            raise InputError(message)
        latest = instant_of(last.record["as_of"]) + timedelta(weeks=gate.decide.valid_weeks)
        until = expires_at or latest
        if until <= now:
            message = f"the sign-off would have run out on {until:%Y-%m-%d %H:%M} UTC already; give --expires"
            raise InputError(message)
        found = SignOff(
            gate_name, last.hash, signer.who, signer.role, machine_user(), signer.verified, comment, now, until
        )
        stored.sign(connection, found)
        parts = (gate_name, last.hash, signer.who)
        event = gate_event(
            "gate.signed_off", parts, reading, f"may go to {gate.to_stage}", gate.on_pass, {"signed_by": signer.who}
        )
        outbox.enqueue(connection, event, told(book, event))
    return found


def waive(
    book: Book,
    journal: Journal,
    gate_name: str,
    signer: Signer,
    *,
    metrics: Sequence[str],
    reason: str,
    until: datetime,
    now: datetime,
) -> Waiver:
    """Record that somebody lets a hold pass for a while; the gate's state stays what it is.

    Raises InputError: unknown gate or metric, not the approver, no end, an end in the past or over 92 days away.
    """
    gate = known_gate(book, gate_name)
    _approver(gate, signer.who)
    unknown = set(metrics) - {one.name for one in gate.metrics}
    if unknown or not metrics:
        known = ", ".join(one.name for one in gate.metrics)
        message = (
            f"name the metrics that are waived; {gate_name} has {known}, not {', '.join(sorted(unknown)) or 'none'}"
        )
        raise InputError(message)
    if not now < until <= now + LONGEST_WAIVER:
        message = f"a waiver ends within {LONGEST_WAIVER.days} days from now, not on {until:%Y-%m-%d}"
        raise InputError(message)
    if not reason.strip():
        message = "a waiver needs its reason"
        raise InputError(message)
    found = Waiver(
        gate_name, tuple(metrics), reason, signer.who, signer.role, machine_user(), signer.verified, now, until
    )
    with journal.transaction() as connection:
        stored.waive(connection, found)
    return found


def acknowledge(
    book: Book, journal: Journal, gate_name: str, sequence: int, *, who: str, what: str, now: datetime
) -> None:
    """Close an open item. Raises InputError where there is none."""
    known_gate(book, gate_name)
    with journal.transaction() as connection:
        items = {one.sequence: one for one in stored.open_items(connection, gate_name)}
        if sequence not in items:
            message = (
                f"{gate_name} has no open item for record {sequence}; open: {', '.join(map(str, items)) or 'none'}"
            )
            raise InputError(message)
        stored.note(connection, OpenItem(gate_name, sequence, what, "closed", who, machine_user(), now))


def known_gate(book: Book, name: str) -> Gate:
    """Return a gate of the portfolio; InputError where there is none of the name."""
    gate = book.portfolio.gates.get(name)
    if gate is None:
        message = f"unknown gate {name!r}; known: {', '.join(sorted(book.portfolio.gates)) or 'none'}"
        raise InputError(message)
    return gate


def _approver(gate: Gate, who: str) -> None:
    if who.casefold() == gate.owner.casefold():
        message = f"{who} owns this gate; somebody else must approve ({gate.approver})"
        raise InputError(message)
    if who.casefold() != gate.approver.casefold():
        message = f"the policy names {gate.approver} as approver, not {who}"
        raise InputError(message)


def _live(book: Book, gate_name: str, sealed: Iterable[Sealed]) -> GateReading:
    readings = gate_readings(replace(book, restarts=restarts_of(sealed, book)))
    found = next((one for one in readings if one.gate.gate == gate_name), None)
    if found is None:
        message = f"the warehouse holds nothing of the system of {gate_name}"
        raise InputError(message)
    return found


@dataclass(frozen=True)
class Requirement:
    """The answer to a deployment: `exit_code` 0 = go."""

    exit_code: int
    sentence: str
    next_step: str = ""


def require(
    book: Book, journal: Journal, gate_name: str, now: datetime, *, allow_unverified: bool = False
) -> Requirement:
    """Return whether a gate is open: eligible now, signed off, unexpired, on a ledger that verifies.

    Raises InputError for an unknown gate.
    """
    gate = known_gate(book, gate_name)
    with journal.reading() as connection:
        sealed = stored.records(connection)
        signed = stored.signoffs(connection, gate_name)
        waived = standing_waivers(stored.waivers(connection, gate_name), now)
    faults = verify((one.record, one.hash) for one in sealed)
    if faults:
        return Requirement(20, f"the ledger does not verify: {faults[0].what}", "readout gates verify")
    reading = _live(book, gate_name, sealed)
    verdict = reading.verdict
    if reading.alarm is not None:
        day = words.day(reading.alarm.day)
        return Requirement(20, f"its {reading.alarm.metric} line burns since {day}", f"{gate.owner} takes load back")
    if verdict.state != "PASS":
        excused = f" ({waiver_text(waived)})" if waived else ""
        return Requirement(
            EXIT_CODES[verdict.state], f"{reading.sentence}{excused}", f"readout gates --system {gate.system}"
        )
    passes = {
        one.hash
        for one in sealed
        if (one.record["gate"], one.record["state"], one.record["policy_hash"], one.record["decided_on"])
        == (gate_name, "PASS", gate.hash, str(verdict.decided_on))
    }
    good = [one for one in signed if one.evidence_hash in passes and one.who.casefold() != gate.owner.casefold()]
    lasting = [one for one in good if one.expires_at > now]
    if not lasting:
        why = f"its sign-off ran out on {words.day(good[-1].expires_at.date())}" if good else "nobody has signed it off"
        return Requirement(
            10, f"{gate_name} is eligible, and {why}", f"readout gates sign {gate_name} --as {gate.approver}"
        )
    if not allow_unverified and not any(one.verified for one in lasting):
        why = f"the sign-off of {lasting[-1].who} is unverified: it was made by {lasting[-1].account}"
        return Requirement(10, f"{gate_name} is eligible, but {why}", "sign in to sign off, or pass --allow-unverified")
    last = lasting[-1]
    kind = "" if last.verified else ", unverified"
    until = words.day(last.expires_at.date())
    return Requirement(0, f"{gate_name} is eligible and signed off by {last.who}{kind}, until {until}")


def standing_waivers(waivers: Iterable[Waiver], now: datetime) -> tuple[Waiver, ...]:
    """Return the waivers that have not run out."""
    return tuple(one for one in waivers if one.granted_at <= now < one.expires_at)


def waiver_text(waivers: Sequence[Waiver]) -> str:
    """Return waivers in words: waived for latency until 1 Oct 2026."""
    return "; ".join(
        f"waived for {words.listed(one.metrics)} until {words.day(one.expires_at.date())}" for one in waivers
    )
