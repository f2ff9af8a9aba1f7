"""`readout report unit-cost`: the report of a period as a file, and by mail. Exit 1: not handed over, or not sent."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readout.cli import mailing
from readout.cli.frame import OK, Json, Progress, app, book_of, print_json
from readout.reports.unit_cost import FileFormat
from readout.warehouse.errors import InputError

if TYPE_CHECKING:
    from readout.briefs.book import Book
    from readout.briefs.results_report import UnitCostReport
    from readout.delivery import Receipt
    from readout.reports.unit_cost.files import Made

NOT_SENT = 1
reports = typer.Typer(no_args_is_help=True, help="Make reports as files, and send them.")
app.add_typer(reports, name="report")


@reports.command("unit-cost")
def unit_cost(  # noqa: PLR0913 - a parameter an option
    period: Annotated[str, typer.Option(help="2026-10, 2026-Q4, 2026, FY2027-P03, FY2027-Q1 or FY2027.")],
    out: Annotated[Path, typer.Option(help="Where the file goes; tables put theirs beside it.")],
    file_format: Annotated[FileFormat, typer.Option("--format", help="Kind of file.")] = "xlsx",
    system: Annotated[list[str] | None, typer.Option(help="One system only; may be repeated.")] = None,
    mail: Annotated[list[str] | None, typer.Option(help="Send it to an address or team; may be repeated.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who is told when it is not sent (default: the sender).")] = None,
    as_of: Annotated[str | None, typer.Option(help="An instant, or the end of a local day.")] = None,
    *,
    restated: Annotated[
        bool, typer.Option("--restated", help="Closed months with all that came in since, not as reported.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the unit-cost report of a period. With --mail: sent only where it is complete, current and reconciled."""
    from readout.reports.reread import MismatchError  # noqa: PLC0415 - spreadsheets load only where they are needed

    progress = Progress()
    if not out.parent.is_dir():
        message = f"--out {out}: there is no folder {out.parent}; make it first"
        raise InputError(message)
    with book_of(as_of) as opened:
        book = closed_book(opened)
        report = report_of(book, period, system or [], reported=not restated)
        addresses = mailing.addresses(book, mail or [])
        try:
            made = _made(book, report, file_format, out, progress)
        except MismatchError as error:
            sys.stderr.write(f"readout: {error}\n")
            raise typer.Exit(NOT_SENT) from error
        progress.done(f"{out}: {made.manifest['checks']}")
        reasons, receipts = _sent(book, report, made, out, addresses, owner) if addresses else ((), [])
    if as_json:
        print_json(
            {**made.manifest, "held_back": list(reasons), "receipts": [mailing.document(one) for one in receipts]}
        )
    else:
        _print(made, out, reasons, receipts)
    undelivered = any(one.state != "delivered" for one in receipts)
    raise typer.Exit(NOT_SENT if reasons or undelivered else OK)


def closed_book(book: "Book") -> "Book":
    """Return the book with its closed periods."""
    from readout.briefs.closing import with_closes  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    with open_journal(book.settings) as journal:
        return with_closes(book, journal)


def report_of(book: "Book", period: str, systems: list[str], *, reported: bool) -> "UnitCostReport":
    """Return the report of a named period; the book has its closes.

    Raises:
        InputError: the period or a system is not known, or holds no data.
    """
    from readout.briefs.unit_cost_report import unit_cost_report  # noqa: PLC0415
    from readout.periods.reported import reported_period  # noqa: PLC0415

    try:
        window, grain = reported_period(period, book.calendar)
    except ValueError as error:
        message = f"--period {error}"
        raise InputError(message) from error
    unknown = [one for one in systems if one not in book.systems]
    if unknown:
        message = f"--system {unknown[0]!r} is not known; the systems are {', '.join(book.systems)}"
        raise InputError(message)
    if book.first_day is None or window.end <= book.first_day or book.last_day is None or window.start > book.last_day:
        message = f"--period {period} has no data: it is recorded from {book.first_day} to {book.last_day}"
        raise InputError(message)
    return unit_cost_report(book, period, window, grain, systems, reported=reported)


def _made(book: "Book", report: "UnitCostReport", kind: FileFormat, out: Path, progress: Progress) -> "Made":
    from readout.reports.unit_cost.files import make, rows_of  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415
    from readout.words import report as words  # noqa: PLC0415

    made = make(report, rows_of(book, report), kind, out, datetime.now(UTC), progress.show)
    with open_journal(book.settings) as journal:
        for file in made.files:
            journal.record_export(
                what=f"unit-cost {report.period} {kind} {file.name}",
                scope=words.scope(report),
                data_version=report.header.data_version,
                sha256=file.sha256,
                rows=file.rows,
            )
    return made


def _sent(
    book: "Book", report: "UnitCostReport", made: "Made", out: Path, addresses: tuple[str, ...], owner: str | None
) -> tuple[tuple[str, ...], list["Receipt"]]:
    from readout.reports.unit_cost.release import held_back, message_of  # noqa: PLC0415

    reasons = held_back(report, made.checks, book.portfolio.organisation.accept_settle_days)
    to = addresses if not reasons else (owner or mailing.sender(book.settings),)
    event = message_of(report, made, out, to, reasons)
    return reasons, mailing.send(book.settings, [(event, to)])


def _print(made: "Made", out: Path, reasons: tuple[str, ...], receipts: list["Receipt"]) -> None:
    for file in made.files:
        sys.stdout.write(f"{out.with_name(file.name)}  {file.rows:,} rows  {file.size:,} bytes  sha256 {file.sha256}\n")
    for reason in reasons:
        sys.stdout.write(f"not sent: {reason}\n")
    for one in receipts:
        sys.stdout.write(f"{mailing.line(one)}\n")
