"""Is a gate ledger whole, and does every decision follow from its own numbers? Pure: needs no warehouse, no journal.

An export is one JSON document with everything in it (docs/gates.md, "Ledger export"):

    {"format": "readout-gate-ledger/1", "entries": [{"record": {...}, "hash": "..."}], "head": "...", ...}
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

from readout.canonical import hash_of
from readout.gates.changes import compare
from readout.gates.evaluate import Verdict
from readout.gates.ledger import (
    GENESIS,
    Record,
    instant_of,
    judged_again,
    number_text,
    policy_of,
    same_number,
)
from readout.gates.policy import Gate
from readout.gates.scoring import GateWeek, settled
from readout.gates.sentence import sentence
from readout.gates.standing import Lapse, watching

FORMAT = "readout-gate-ledger/1"
PASSED = "PASS"


class LedgerFileError(ValueError):
    """A file that is no ledger export."""


@dataclass(frozen=True)
class Fault:
    """Something wrong with the ledger. `sequence` of the record, 0 for the ledger as a whole."""

    sequence: int
    gate: str
    what: str


@dataclass(frozen=True)
class Audit:
    """What an export holds and what is wrong with it, in the order of its entries."""

    records: int
    head: str  # hash of the last entry
    faults: tuple[Fault, ...]


def export_document(entries: Iterable[tuple[Record, str]], **beside: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a ledger as one document: each record with its hash, and what stands beside the chain (sign-offs, …)."""
    held = [{"record": record, "hash": stored_hash} for record, stored_hash in entries]
    return {
        "format": FORMAT,
        "records": len(held),
        "head": held[-1]["hash"] if held else GENESIS,
        "entries": held,
        **{name: list(rows) for name, rows in beside.items()},
    }


def audit(document: Any, known: str = "") -> Audit:
    """Return what is wrong with an export. `known`: a hash that its reader has from elsewhere, '' for none.

    Only such a hash shows that entries were cut off at the end, or that the whole chain was written anew.
    Raises LedgerFileError for what is no export.
    """
    entries = _entries(document)
    head = entries[-1][1] if entries else GENESIS
    faults = list(verify(entries))
    if document.get("records") != len(entries) or document.get("head") != head:
        said = f"{document.get('records')} records up to {str(document.get('head'))[:12]}"
        faults.append(Fault(0, "", f"the file says {said}, and holds {len(entries)} up to {head[:12]}"))
    if known and known not in {stored for _, stored in entries}:
        faults.append(Fault(0, "", f"no entry has the hash {known[:12]}: entries were removed or written anew"))
    return Audit(len(entries), head, (*faults, *_unfounded_signatures(document, entries)))


def _entries(document: Any) -> list[tuple[Record, str]]:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        message = f"is no ledger export: `format` is not {FORMAT}"
        raise LedgerFileError(message)
    found = document.get("entries")
    if not isinstance(found, list):
        message = "is no ledger export: `entries` is no list"
        raise LedgerFileError(message)
    for place, one in enumerate(found, 1):
        whole = isinstance(one, dict) and isinstance(one.get("record"), dict) and isinstance(one.get("hash"), str)
        if not whole:
            message = f"entry {place} has no `record` with its `hash`"
            raise LedgerFileError(message)
    return [(one["record"], one["hash"]) for one in found]


def _unfounded_signatures(document: Mapping[str, Any], entries: Sequence[tuple[Record, str]]) -> Iterable[Fault]:
    """Yield the sign-offs that stand under no decision that passes."""
    passes = {(stored, record.get("gate")) for record, stored in entries if record.get("state") == PASSED}
    for one in document.get("signoffs") or ():
        if (one.get("evidence_hash"), one.get("gate")) not in passes:
            yield Fault(0, one.get("gate", ""), f"the sign-off by {one.get('who')} stands under no entry that passes")


# --- the chain -------------------------------------------------------------------------------------------------------


def verify(stored: Iterable[tuple[Record, str]]) -> tuple[Fault, ...]:
    """Return what is wrong with a ledger: its records in the order of their sequence, each with its stored hash.

    Checked are the chain (every record names the hash before it, none is missing, none out of order), each record
    against its hash, its policy against the policy's hash, and everything it concludes against its own numbers.
    """
    entries = list(stored)
    numbers = {number for record, _ in entries if isinstance(number := record.get("sequence"), int)}
    faults: list[Fault] = []
    previous, last = GENESIS, 0
    memory: dict[str, tuple[Gate, date | None]] = {}
    for place, (record, stored_hash) in enumerate(entries, 1):
        number, gate = record.get("sequence"), str(record.get("gate", ""))
        if not isinstance(number, int) or isinstance(number, bool):
            number = place
            faults.append(Fault(number, gate, f"entry {place} has no number"))
        said = [*_misplaced(number, last, numbers)]
        if _hash_of(record) != stored_hash:
            said.append("the record was changed: it does not have the hash it was sealed with")
        if record.get("previous") != previous:
            said.append("the chain is broken: it does not name the hash of the record before it")
        said += [*_unfounded(record), *_forgotten(record, memory)]
        faults += [Fault(number, gate, what) for what in said]
        previous, last = stored_hash, max(number, last)
    return tuple(faults)


def _misplaced(number: int, last: int, numbers: set[int]) -> Iterable[str]:
    """Yield what is wrong with a record's place: it stands too late, or those before it are nowhere."""
    if number <= last:
        yield f"it stands out of order, after record {last}"
        return
    missing = number - 1 - last - sum(last < one < number for one in numbers)
    if missing == 1 and number - last == 2:  # noqa: PLR2004 - one place is empty
        yield f"record {number - 1} before it is missing"
    elif missing:
        yield f"{missing} of the records {last + 1} to {number - 1} before it are missing"


def _hash_of(record: Record) -> str:
    try:
        return hash_of(record)
    except ValueError:  # a number that JSON lacks: no record was ever sealed with one
        return ""


def _forgotten(record: Record, memory: dict[str, tuple[Gate, date | None]]) -> Iterable[str]:
    """Yield that weeks count from before a loosened policy; `memory`: per gate its policy, and since when weeks do."""
    try:
        name, policy = record["gate"], policy_of(record)
        before, since = memory.get(name, (None, None))
        if before is not None and compare(before, policy) == "loosened":
            since = instant_of(record["as_of"]).date()
        memory[name] = (policy, since)
        counted = record.get("counts_from")
        if since is not None and (counted is None or date.fromisoformat(counted) < since):
            yield f"the policy was loosened on {since}, and weeks before count"
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # it cannot be read: said already


# --- one record ------------------------------------------------------------------------------------------------------


def _unfounded(record: Record) -> Iterable[str]:
    """Yield what in a record does not follow from its own policy and numbers."""
    try:
        policy = policy_of(record)
        if policy.hash != record["policy_hash"] or policy.canonical() != record["policy"]:
            yield "its policy does not have the hash that it names"
        verdict, lapses = judged_again(record)
        yield from _concluded(record, policy, verdict, lapses)
        for sealed, judged in zip(record["weeks"], verdict.weeks, strict=True):
            yield from _of_week(record, policy, sealed, judged)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        yield f"it cannot be judged again: {error}"


def _concluded(record: Record, policy: Gate, verdict: Verdict, lapses: Sequence[Lapse]) -> Iterable[str]:
    decided = verdict.decided_on.isoformat() if verdict.decided_on else None
    said = (record["state"], record["reason"], record["streak"], record["counted"], record["decided_on"])
    follows = (verdict.state, verdict.reason, verdict.streak, verdict.counted, decided)
    if said != follows:
        yield f"its verdict {_told(said)} does not follow from its numbers, which give {_told(follows)}"
    for name, number in (("evidence", verdict.evidence), ("evidence_needed", verdict.evidence_needed)):
        if not same_number(record[name], number_text(number)):
            yield f"its {name} {record[name]} does not follow from its numbers, which give {number_text(number)}"
    if record["lapses"] != [[one.passed_on.isoformat(), one.ended_on.isoformat(), one.why] for one in lapses]:
        yield "its lapses do not follow from its numbers"
    words = sentence(policy if record["phase"] == "evaluated" else watching(policy), verdict)
    if record["engine_version"] == version("readout") and record["sentence"] != words:
        yield f"its sentence does not follow from its numbers, which give: {words}"


def _told(verdict: tuple[Any, ...]) -> str:
    state, reason, streak, counted, decided = verdict
    when = f" on {decided}" if decided else ""
    return f"{state} {reason}{when} (streak {streak}, {counted} weeks)"


def _of_week(record: Record, policy: Gate, sealed: Record, judged: GateWeek) -> Iterable[str]:
    """Yield what of one week does not follow: that it closed and settled, its states, reasons and bounds."""
    week = sealed["week"]
    closes = instant_of(sealed["closes_at"])
    if closes != instant_of(sealed["ends"]) + timedelta(hours=policy.week.settle_hours):
        yield f"the week of {week} does not close when the policy says"
    if sealed["complete"] != (closes <= instant_of(record["as_of"]) and not sealed["split"]):
        yield f"the week of {week} counts although it had not closed, or does not although it had"
    if sealed["settled"] != settled(policy, *sealed["reviews"]):
        yield f"the week of {week} does not settle by its reviews"
    if (sealed["state"], sealed["reason"]) != (judged.state, judged.reason):
        yield f"the week of {week} is {sealed['state']} and its numbers give {judged.state}"
    if sealed["metrics"].keys() != {one.name for one in judged.metrics}:
        yield f"the week of {week} does not hold the metrics of its policy"
        return
    for one in judged.metrics:
        held = sealed["metrics"][one.name]
        bounds = zip((held["lower"], held["upper"]), (one.lower, one.upper), strict=True)
        same = all(same_number(told, number_text(bound)) for told, bound in bounds)
        if (held["state"], held["reason"]) != (one.state, one.reason) or not same:
            yield f"{one.name} in the week of {week} is {held['state']} and its numbers give {one.state}"
