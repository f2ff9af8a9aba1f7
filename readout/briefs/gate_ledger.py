"""The gate ledger for readers: is it whole, does the warehouse still say the same, and what stands in it."""

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Literal

from readout.briefs.book import Book
from readout.briefs.gate_readings import GateReading, gate_readings
from readout.briefs.gate_restarts import restarts_of
from readout.briefs.gate_signing import known_gate
from readout.briefs.results import LedgerView, PolicyVersion, Replayed
from readout.gates import ledger, verifying
from readout.gates.changes import compare
from readout.gates.ledger import instant_of, policy_of
from readout.gates.policy import Gate
from readout.gates.policy_text import policy_text
from readout.warehouse import gate_ledger as stored
from readout.warehouse.gate_ledger import OpenItem, Sealed, SignOff, Waiver
from readout.warehouse.journal import Journal


def export(journal: Journal) -> bytes:
    """Return the whole ledger as one JSON file, which `readout gates verify FILE` checks without anything else.

    Beside the chain stand sign-offs, waivers and the items that late data opened. The same ledger gives the same bytes.
    """
    with journal.reading() as connection:
        document = verifying.export_document(
            ((one.record, one.hash) for one in stored.records(connection)),
            signoffs=[_plain(one) for one in stored.signoffs(connection)],
            waivers=[_plain(one) for one in stored.waivers(connection)],
            open_items=[_plain(one) for one in stored.open_items(connection)],
        )
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(entry: SignOff | Waiver | OpenItem) -> dict[str, Any]:
    return {
        name: value.isoformat(timespec="microseconds") + "Z" if isinstance(value, datetime) else value
        for name, value in asdict(entry).items()
    }


def replay(
    book: Book, journal: Journal, gate_name: str | None = None, *, last: int | None = None
) -> tuple[Replayed, ...]:
    """Judge sealed records again from the warehouse, by their own policy and as of their own instant.

    Of one gate or of all, `last`: only so many of the newest; oldest first.
    """
    if gate_name is not None:
        known_gate(book, gate_name)
    with journal.reading() as connection:
        sealed = stored.records(connection)
    found = []
    places = [place for place, one in enumerate(sealed) if gate_name in {None, one.record["gate"]}]
    for place in places if last is None else places[-last:]:
        one = sealed[place]
        record = one.record
        gate = policy_of(record)
        then = replace(
            book,
            as_of=instant_of(record["as_of"]),
            portfolio=replace(book.portfolio, gates={gate.gate: gate}),
        )
        [reading] = gate_readings(replace(then, restarts=restarts_of(sealed[: place + 1], then))) or [None]
        if reading is None:
            found.append(Replayed(one, "gone", (), "the warehouse holds nothing of its system", query_changed=False))
            continue
        restated = ledger.restated(record, [week.week for week in reading.verdict.weeks])
        verdict = reading.verdict
        same = (verdict.state, verdict.reason) == (record["state"], record["reason"])
        outcome: Literal["same", "restated", "flips"] = "flips" if not same else ("restated" if restated else "same")
        now = f"{verdict.state} ({verdict.reason})"
        changed = reading.query_sha256 != record["query_sha256"]
        found.append(Replayed(one, outcome, restated, now, query_changed=changed))
    return tuple(found)


# --- for readers -----------------------------------------------------------------------------------------------------


def ledger_view(journal: Journal, gate: Gate, reading: GateReading | None) -> LedgerView:
    """Return one gate's ledger; the chain is verified as a whole."""
    with journal.reading() as connection:
        sealed = stored.records(connection)
        signed = stored.signoffs(connection, gate.gate)
        waived = stored.waivers(connection, gate.gate)
        items = stored.open_items(connection, gate.gate)
    own = [one for one in sealed if one.record["gate"] == gate.gate]
    weeks = [one.week for one in reading.verdict.weeks] if reading else []
    return LedgerView(
        tuple(reversed(own)),
        tuple(reversed(signed)),
        tuple(reversed(waived)),
        tuple(items),
        tuple(reversed(list(_versions(own)))),
        ledger.restated(own[-1].record, weeks) if own and weeks else (),
        verifying.verify((one.record, one.hash) for one in sealed),
    )


def record_count(journal: Journal) -> int:
    """Return how many records the ledger holds."""
    with journal.reading() as connection:
        return stored.head_of(connection)[1] - 1


def all_waivers(journal: Journal) -> tuple[Waiver, ...]:
    """Return every waiver ever granted, oldest first."""
    with journal.reading() as connection:
        return tuple(stored.waivers(connection))


def _versions(own: Sequence[Sealed]) -> Iterable[PolicyVersion]:
    before: Gate | None = None
    for one in own:
        policy = policy_of(one.record)
        if before is not None and before.hash == policy.hash:
            continue
        lines = policy_text(policy).splitlines()
        old = policy_text(before).splitlines() if before else []
        diff = tuple(
            line for line in difflib.unified_diff(old, lines, lineterm="", n=0) if line[:2] not in {"--", "++", "@@"}
        )
        yield PolicyVersion(
            policy.hash,
            instant_of(one.record["sealed_at"]),
            compare(before, policy) if before else "first",
            diff if before else (),
        )
        before = policy
