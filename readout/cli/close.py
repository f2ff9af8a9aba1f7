"""`readout close`: freeze the figures of a fiscal month, list what is closed, show what changed since, verify."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readout.cli.frame import OK, Json, app, book_of, print_json
from readout.warehouse.errors import InputError

if TYPE_CHECKING:
    from readout.briefs.book import Book
    from readout.briefs.results_close import CloseReview, CloseView
    from readout.finance.close import Closed
    from readout.warehouse.journal import Journal

FAULTY = 1  # verify found something that is not as it was sealed


@app.command("close")
def close(  # noqa: PLR0913 - a parameter an option
    period: Annotated[
        str | None, typer.Argument(help="The fiscal month: 2026-10, or FY2027-P03 in a year of weeks.")
    ] = None,
    waive: Annotated[list[str] | None, typer.Option(help="Let a failing check pass; may be repeated.")] = None,
    reason: Annotated[list[str] | None, typer.Option(help="Why, one for each --waive, in the same order.")] = None,
    by: Annotated[str | None, typer.Option(help="Who closes (default: the account of the system).")] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Only say what a close would find.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Show a closed month, and what changed since.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the closed months.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Check that every close is as it was sealed.")] = False,
    as_json: Json = False,
) -> None:
    """Close a month: freeze its figures under an id and a hash. Refused where a check fails without a waiver."""
    if sum((check, show, listed, verify)) > 1:
        message = "--check, --show, --list and --verify exclude one another"
        raise InputError(message)
    if verify:
        _verify(as_json=as_json)
    with _opened() as (book, journal):
        if listed:
            _list(book.closes, as_json=as_json)
        elif period is None:
            message = "name the month to close, such as 2026-10; or ask for --list or --verify"
            raise InputError(message)
        elif show:
            _show(book, period, as_json=as_json)
        elif check:
            _check(book, period, as_json=as_json)
        else:
            waivers = _waivers(waive or [], reason or [])
            _close(book, journal, period, by, waivers, as_json=as_json)


@contextmanager
def _opened() -> Iterator[tuple["Book", "Journal"]]:
    from readout.briefs.closing import with_closes  # noqa: PLC0415 - drivers load only where they are needed
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    with book_of() as book, open_journal(book.settings) as journal:
        yield with_closes(book, journal), journal


def _waivers(checks: Sequence[str], reasons: Sequence[str]) -> dict[str, str]:
    if len(checks) != len(reasons):
        message = f"every --waive needs its --reason: {len(checks)} and {len(reasons)} were given"
        raise InputError(message)
    if len(set(checks)) < len(checks):
        message = "a check is waived twice; name it once, with one reason"
        raise InputError(message)
    return dict(zip(checks, reasons, strict=True))


def _close(
    book: "Book", journal: "Journal", period: str, by: str | None, waivers: dict[str, str], *, as_json: bool
) -> None:
    from readout.briefs import closing  # noqa: PLC0415
    from readout.warehouse.journal import machine_user  # noqa: PLC0415
    from readout.words import closing as said  # noqa: PLC0415

    window = closing.month_of(period, book)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    done = closing.close(book, journal, window, by=by or machine_user(), waivers=waivers, now=now)
    if as_json:
        print_json(_document(done))
        return
    sys.stdout.write(said.done(done, done.statement.known("net")) + ".\n")
    for name, why in done.waivers.items():
        sys.stdout.write(f"waived: {name} ({why})\n")


def _check(book: "Book", period: str, *, as_json: bool) -> None:
    from readout.briefs import closing  # noqa: PLC0415

    found = closing.review(book, closing.month_of(period, book))
    if as_json:
        print_json({"period": found.period, "checks": _checks(found)})
        return
    _print_checks(found)


def _checks(found: "CloseReview | Closed") -> list[dict[str, Any]]:
    return [{"check": one.check, "state": one.state, "says": one.says, "binding": one.binding} for one in found.checks]


def _print_checks(found: "CloseReview | Closed") -> None:
    from readout.words import closing as said  # noqa: PLC0415

    width = max(map(len, said.CHECKS))
    for one in found.checks:
        text = one.says or said.CHECKS.get(one.check, "")
        sys.stdout.write(f"{one.state.upper()}  {one.check.ljust(width)}  {text}\n")


def _list(closes: "Sequence[Closed]", *, as_json: bool) -> None:
    from readout.words import closing as said  # noqa: PLC0415

    if as_json:
        print_json([_head(one) for one in closes])
        return
    for one in closes:
        waived = f", waived: {', '.join(one.waivers)}" if one.waivers else ""
        sys.stdout.write(f"{one.id}  closed {one.closed_at:%Y-%m-%d %H:%M} UTC by {one.by}{waived}  {one.hash}\n")
    if not closes:
        sys.stdout.write(f"{said.NOTHING_CLOSED}\n")


def _show(book: "Book", period: str, *, as_json: bool) -> None:
    from readout.briefs import closing  # noqa: PLC0415
    from readout.words import closing as said  # noqa: PLC0415

    found = closing.view(book, closing.closed_named(book, period))
    if as_json:
        print_json(_document(found.closed) | {"adjustments": _adjustments(found)})
        return
    closed = found.closed
    sys.stdout.write(
        f"{closed.id}, closed {closed.closed_at:%Y-%m-%d %H:%M} UTC by {closed.by}, sha256 {closed.hash}\n"
    )
    _print_checks(closed)
    for name, why in closed.waivers.items():
        sys.stdout.write(f"waived: {name} ({why})\n")
    sys.stdout.write(f"{said.changed(found.adjustments, closed.currency)}\n")
    for row in found.adjustments.rows:
        name = book.name_of(row.system_id) if row.system_id else row.kind
        sys.stdout.write(
            f"  {name}, {row.line}: {_text(row.reported)} -> {_text(row.restated)} ({_text(row.amount)})\n"
        )
    for tasks in found.adjustments.volumes:
        name = book.name_of(tasks.system_id)
        sys.stdout.write(f"  {name}, {tasks.denominator}: {tasks.reported:,} -> {tasks.restated:,} tasks\n")


def _adjustments(found: "CloseView") -> dict[str, Any]:
    told = found.adjustments
    return {
        "as_reported": _text(told.reported),
        "adjustments": _text(told.total),
        "restated": _text(told.restated),
        "rows": [
            {
                "system": row.system_id, "column": row.kind, "line": row.line, "as_reported": _text(row.reported),
                "restated": _text(row.restated), "amount": _text(row.amount),
            }
            for row in told.rows
        ],
        "volumes": [
            {
                "system": row.system_id, "denominator": row.denominator, "as_reported": row.reported,
                "restated": row.restated, "amount": row.amount,
            }
            for row in told.volumes
        ],
    }  # fmt: skip


def _verify(*, as_json: bool) -> None:
    from readout.briefs.closing import faults  # noqa: PLC0415
    from readout.cli.frame import read_settings  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    with open_journal(read_settings()) as journal:
        number, found = faults(journal)
    if as_json:
        print_json({"closes": number, "faults": [{"period": period, "fault": what} for period, what in found]})
    else:
        for period, what in found:
            sys.stdout.write(f"{period}: {what}\n")
        sys.stdout.write(f"{number} closed, {len(found) or 'no'} fault{'' if len(found) == 1 else 's'}.\n")
    raise typer.Exit(FAULTY if found else OK)


def _head(closed: "Closed") -> dict[str, Any]:
    return {
        "id": closed.id, "period": closed.period, "start": closed.record["start"], "end": closed.record["end"],
        "closed_at": f"{closed.closed_at.isoformat()}Z", "by": closed.by, "data_version": closed.data_version,
        "currency": closed.currency, "waivers": dict(closed.waivers), "sha256": closed.hash,
    }  # fmt: skip


def _document(closed: "Closed") -> dict[str, Any]:
    return _head(closed) | {"checks": _checks(closed), "figures": closed.record["figures"]}


def _text(amount: Decimal) -> str:
    from readout.canonical import plain_decimal  # noqa: PLC0415

    return plain_decimal(amount)
