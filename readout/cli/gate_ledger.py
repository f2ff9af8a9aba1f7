"""`readout gates seal|ledger|export|verify|replay|sign|waive|acknowledge|require`: the gate ledger by command."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readout.cli.frame import OK, Json, book_of, day_of, print_json, read_settings
from readout.cli.gates import gates, read_json
from readout.gates.facts import FactsError
from readout.gates.verifying import Audit, LedgerFileError, audit
from readout.warehouse.errors import InputError

if TYPE_CHECKING:
    from readout.briefs.book import Book
    from readout.warehouse.gate_ledger import Sealed
    from readout.warehouse.journal import Journal

PRINTED = (
    "sequence", "gate", "state", "reason", "streak", "evidence", "sentence", "as_of", "sealed_at", "policy_hash",
)  # fmt: skip
FOUND = 1  # verify and replay: something is not as it was sealed
Name = Annotated[str, typer.Argument(help="The gate, such as routing-engine/partial-to-full.")]
Who = Annotated[str, typer.Option("--as", help="Who you are: the gate's approver.")]
Role = Annotated[str, typer.Option(help="In which role.")]


@contextmanager
def _opened(as_of: str | None = None) -> Iterator[tuple["Book", "Journal"]]:
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    with book_of(as_of) as book, open_journal(book.settings) as journal:
        yield book, journal


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@gates.command()
def seal(
    as_of: Annotated[str | None, typer.Option("--as-of", help="Seal as of this instant or day's end.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Write into the ledger what every gate says now. Run it daily after refresh; a second run adds nothing."""
    from readout.briefs import gate_sealing  # noqa: PLC0415

    with _opened(as_of) as (book, journal):
        done = gate_sealing.seal(book, journal, _now())
    if as_json:
        print_json(
            {
                "sealed": [_entry(one) for one in done.sealed],
                "open_items": [{"gate": one.gate, "sequence": one.sequence, "what": one.what} for one in done.opened],
                "events": [{"event_id": one.event_id, "kind": one.kind, "gate": one.subject} for one in done.events],
            }
        )
        return
    for one in done.sealed:
        sys.stdout.write(f"{one.sequence}  {one.record['gate']}  {one.record['sentence']}\n")
    for item in done.opened:
        sys.stdout.write(f"Open item for {item.who}: {item.gate}, {item.what}.\n")
    if not done.sealed:
        sys.stdout.write("Nothing has changed since the last seal.\n")
    if done.events:
        number = len(done.events)
        waiting = "1 event waits" if number == 1 else f"{number} events wait"
        sys.stdout.write(f"{waiting} in the outbox. Next: readout deliver\n")


@gates.command()
def ledger(gate: Annotated[str | None, typer.Argument(help="One gate only.")] = None, *, as_json: Json = False) -> None:
    """Print the sealed decisions, oldest first; with --json every number that they rest on."""
    from readout.briefs.gate_signing import known_gate  # noqa: PLC0415
    from readout.warehouse import gate_ledger as stored  # noqa: PLC0415

    with _opened() as (book, journal):
        if gate is not None:
            known_gate(book, gate)
        with journal.reading() as connection:
            found = stored.records(connection, gate)
    if as_json:
        print_json([{**one.record, "hash": one.hash} for one in found])
        return
    for one in found:
        record = one.record
        sys.stdout.write(f"{one.sequence}  {record['sealed_at'][:16]}Z  {record['gate']}  {record['sentence']}\n")
    if not found:
        sys.stdout.write("Nothing is sealed yet. Next: readout gates seal\n")


def _entry(one: "Sealed") -> dict[str, Any]:
    names = (
        "sequence",
        "gate",
        "state",
        "reason",
        "streak",
        "evidence",
        "sentence",
        "as_of",
        "sealed_at",
        "policy_hash",
    )
    return {**{name: one.record[name] for name in names}, "hash": one.hash}


@gates.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to write it (default: standard output).")] = None,
) -> None:
    """Write the whole ledger as one JSON file that `readout gates verify FILE` checks without a warehouse."""
    from readout.briefs.gate_ledger import export as content_of  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    with open_journal(read_settings()) as journal:
        content = content_of(journal)
    if file is None:
        sys.stdout.write(content.decode())
        return
    try:
        file.write_bytes(content)
    except OSError as error:
        message = f"{file}: cannot be written: {error.strerror}"
        raise InputError(message) from error
    head = json.loads(content)["head"]
    sys.stdout.write(f"{file}: {head}\nNext: readout gates verify {file}\n")


@gates.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="An export (default: the ledger of this warehouse).")] = None,
    known: Annotated[
        str, typer.Option("--known", help="A record's hash that you have from elsewhere: it must be in the file.")
    ] = "",
    *,
    as_json: Json = False,
) -> None:
    """Check a ledger by itself: chain, hashes, every verdict against its own numbers. Exit code 1 on a fault."""
    found = _audit(file, known)
    if as_json:
        told = [{"sequence": one.sequence, "gate": one.gate, "fault": one.what} for one in found.faults]
        print_json({"records": found.records, "head": found.head, "faults": told})
    else:
        for place, one in enumerate(found.faults):
            where = f"record {one.sequence} ({one.gate})" if one.sequence else one.gate or "the ledger"
            sys.stdout.write(f"{'The first that differs: ' if not place else ''}{where}: {one.what}\n")
        number = len(found.faults)
        sys.stdout.write(f"{found.records} records, {number or 'no'} fault{'' if number == 1 else 's'}.\n")
        sys.stdout.write(f"The last has the hash {found.head}.\n" if not number else "")
    raise typer.Exit(FOUND if found.faults else OK)


def _audit(file: Path | None, known: str) -> Audit:
    """Return what is wrong with an export, or with this warehouse's own ledger by the same way."""
    if file is not None:
        try:
            return audit(read_json(file), known)
        except (LedgerFileError, FactsError) as error:
            message = f"{file}: {error}"
            raise InputError(message) from error
    from readout.briefs.gate_ledger import export as content_of  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    with open_journal(read_settings()) as journal:
        return audit(json.loads(content_of(journal)), known)


@gates.command()
def replay(gate: Annotated[str | None, typer.Argument(help="One gate only.")] = None, *, as_json: Json = False) -> None:
    """Judge every sealed decision again from the warehouse, as of its instant. Exit code 1 where a verdict flips."""
    from readout.briefs.gate_ledger import replay as run  # noqa: PLC0415

    with _opened() as (book, journal):
        found = run(book, journal, gate)
    if as_json:
        print_json(
            [
                {
                    **_entry(one.sealed),
                    "outcome": one.outcome,
                    "now": one.now,
                    "query_changed": one.query_changed,
                    "restated": [
                        {"week": each.week.isoformat(), "metric": each.metric, "what": each.what,
                         "sealed": each.sealed, "now": each.now}
                        for each in one.restated
                    ],
                }
                for one in found
            ]
        )  # fmt: skip
    else:
        for one in found:
            record = one.sealed.record
            said = {"same": "the same", "restated": f"the same verdict, {len(one.restated)} numbers restated"}.get(
                one.outcome, f"now {one.now}"
            )
            sys.stdout.write(
                f"{one.sealed.sequence}  {record['gate']}  {record['state']} ({record['reason']}): {said}\n"
            )
        if not found:
            sys.stdout.write("Nothing is sealed yet. Next: readout gates seal\n")
    raise typer.Exit(FOUND if any(one.outcome in {"flips", "gone"} for one in found) else OK)


@gates.command()
def sign(
    gate: Name,
    who: Who,
    role: Role,
    comment: Annotated[str, typer.Option(help="What you have looked at.")],
    expires: Annotated[str | None, typer.Option(help="Last day (default: as long as the PASS is valid).")] = None,
) -> None:
    """Sign off an eligible gate. By command line the signature is recorded with your account, and *unverified*."""
    from readout.briefs import gate_signing  # noqa: PLC0415
    from readout.words.dates import moment  # noqa: PLC0415

    with _opened() as (book, journal):
        until = _end_of(book, expires, "--expires")
        signer = gate_signing.Signer(who, role)
        done = gate_signing.sign(book, journal, gate, signer, comment=comment, now=_now(), expires_at=until)
    sys.stdout.write(
        f"Signed by {done.who} ({done.account}, unverified) until {moment(done.expires_at)} UTC: "
        f"{done.evidence_hash[:12]}.\n"
    )


@gates.command()
def waive(
    gate: Name,
    metric: Annotated[list[str], typer.Option(help="What is waived; may be repeated.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    who: Who,
    role: Role,
    until: Annotated[str, typer.Option(help="Last day, at most 92 days away.")],
) -> None:
    """Let a hold pass for a while, with its reason. The gate still says hold, and `require` still refuses."""
    from readout.briefs import gate_signing  # noqa: PLC0415

    with _opened() as (book, journal):
        end = _end_of(book, until, "--until")
        assert end is not None  # noqa: S101 - the option is required
        signer = gate_signing.Signer(who, role)
        done = gate_signing.waive(
            book, journal, gate, signer, metrics=metric, reason=reason, until=end, now=_now()
        )  # fmt: skip
    sys.stdout.write(f"{gate}: {gate_signing.waiver_text([done])}. It stays on hold.\n")


@gates.command()
def acknowledge(
    gate: Name,
    sequence: Annotated[int, typer.Argument(help="The record's number.")],
    who: Annotated[str, typer.Option("--as", help="Who you are.")],
    comment: Annotated[str, typer.Option(help="What was found.")],
) -> None:
    """Close an open item: a sealed verdict that late data would make another one."""
    from readout.briefs import gate_signing  # noqa: PLC0415

    with _opened() as (book, journal):
        gate_signing.acknowledge(book, journal, gate, sequence, who=who, what=comment, now=_now())
    sys.stdout.write(f"{gate}: the open item of record {sequence} is closed.\n")


@gates.command()
def require(
    gate: Name,
    *,
    allow_unverified: Annotated[
        bool, typer.Option("--allow-unverified", help="Take a signature by command line.")
    ] = False,
    as_json: Json = False,
) -> None:
    """For deployments: exit 0 only where the gate is eligible and signed off; else 10 hold, 20 fail, 30 no data."""
    from readout.briefs import gate_signing  # noqa: PLC0415

    with _opened() as (book, journal):
        found = gate_signing.require(book, journal, gate, _now(), allow_unverified=allow_unverified)
    if as_json:
        print_json({"exit_code": found.exit_code, "sentence": found.sentence, "next_step": found.next_step})
    else:
        sys.stdout.write(f"{found.sentence.rstrip('.')}.\n")
        if found.next_step:
            sys.stdout.write(f"Next: {found.next_step}.\n")
    raise typer.Exit(found.exit_code)


def _end_of(book: "Book", text: str | None, option: str) -> datetime | None:
    """Return the end of a local day as naive UTC."""
    day = day_of(text, option)
    if day is None:
        return None
    return book.calendar.bounds(day)[1]
