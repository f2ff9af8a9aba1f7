"""`readout digest`: what one role is told by e-mail. Exit 1: held back, or not delivered."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from readout.cli import mailing
from readout.cli.board import scope_of
from readout.cli.frame import OK, Json, app, book_of, print_json, with_ledger
from readout.cli.report import closed_book, report_of
from readout.reports.digests import Role
from readout.warehouse.errors import InputError

if TYPE_CHECKING:
    from readout.briefs.book import Book
    from readout.briefs.results import Scope
    from readout.delivery import Event
    from readout.reports.digests import Digest

NOT_SENT = 1
DAY = timedelta(days=1)


@app.command()
def digest(  # noqa: PLR0913 - a parameter an option
    role: Annotated[Role, typer.Argument(help="leadership (weekly), finance (monthly) or operations (daily).")],
    mail: Annotated[
        list[str] | None, typer.Option(help="An address or team; may be repeated (default: the team of this name).")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Who is told when it is not sent (default: the sender).")] = None,
    month: Annotated[str | None, typer.Option(help="finance: 2026-10 or FY2027-P03 (default: the last).")] = None,
    system: Annotated[list[str] | None, typer.Option(help="One system only; may be repeated.")] = None,
    as_of: Annotated[str | None, typer.Option(help="An instant, or the end of a local day.")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it; send nothing.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Send it although it was sent for this period.")] = False,
    as_json: Json = False,
) -> None:
    """Send a digest once a period; nothing leaves where the data is stale or not whole, and the owner is told why."""
    from readout.reports.digests.message import held, plain, sent  # noqa: PLC0415

    with book_of(as_of) as opened:
        book = with_ledger(opened)
        to = () if dry_run else mailing.addresses(book, mail or [_team(book, role)])
        made = _made(book, role, scope_of(book, "12w", "previous", system or [], ""), month)
    public_url = book.settings.public_url
    if dry_run:
        sys.stdout.write(plain(made, public_url))
        _print_held(made)
        raise typer.Exit(NOT_SENT if made.held else OK)
    if made.held:
        told = owner or mailing.sender(book.settings)
        events: list[tuple[Event, tuple[str, ...]]] = [(held(made, told), (told,))]
    else:
        now = datetime.now(UTC) if again else None
        events = [(sent(made, one, public_url, now), (one,)) for one in to]
    receipts = mailing.send(book.settings, events)
    if as_json:
        print_json(
            {
                "digest": made.role,
                "period": made.period,
                "held_back": [one.text for one in made.held],
                "receipts": [mailing.document(one) for one in receipts],
            }
        )
    else:
        _print_held(made)
        for one in receipts:
            sys.stdout.write(f"{made.title}: {mailing.line(one)}\n")
    undelivered = any(one.state != "delivered" for one in receipts)
    raise typer.Exit(NOT_SENT if made.held or undelivered else OK)


def _print_held(made: "Digest") -> None:
    for one in made.held:
        sys.stdout.write(f"not sent: {one.text}\n")


def _team(book: "Book", role: str) -> str:
    if role in book.portfolio.organisation.teams:
        return role
    message = f"nobody is named: give --mail, or add the team {role} to organisation.yaml"
    raise InputError(message)


def _made(book: "Book", role: Role, scope: "Scope", month: str | None) -> "Digest":
    if month is not None and role != "finance":
        message = (
            f"--month is of the digest finance; {role} tells of its last whole {'week' if role[0] == 'l' else 'day'}"
        )
        raise InputError(message)
    return {"leadership": _leadership, "finance": _finance, "operations": _operations}[role](book, scope, month)


def _leadership(book: "Book", scope: "Scope", month: str | None) -> "Digest":
    from readout.cli.board import decided  # noqa: PLC0415
    from readout.reports.digests.leadership import weekly  # noqa: PLC0415

    del month
    return weekly(*decided(book, scope))


def _operations(book: "Book", scope: "Scope", month: str | None) -> "Digest":
    from readout.briefs import gates_brief, health_brief  # noqa: PLC0415
    from readout.cli.board import decided  # noqa: PLC0415
    from readout.reports.digests.operations import daily  # noqa: PLC0415

    del month
    before = gates_brief(replace(book, as_of=book.as_of - DAY), scope)
    return daily(gates_brief(book, scope), before, decided(book, scope)[1], health_brief(book, scope))


def _finance(book: "Book", scope: "Scope", month: str | None) -> "Digest":
    from readout.briefs.results_report import month_grain  # noqa: PLC0415
    from readout.periods.reported import reported_period  # noqa: PLC0415
    from readout.reports.digests.finance import monthly  # noqa: PLC0415
    from readout.words.dates import month_title  # noqa: PLC0415

    calendar, grain = book.calendar, month_grain(book.calendar)
    start = calendar.bucket(calendar.bucket(calendar.day_of(book.as_of), grain) - DAY, grain)
    name = month_title(start, calendar)
    period = month or (name.replace(" ", "-") if calendar.fiscal.by_weeks else f"{start:%Y-%m}")
    try:
        named = reported_period(period, calendar)[1]
    except ValueError:
        named = ""
    if not named.endswith("month"):
        message = f"--month {period} is no month; write it as 2026-10 or FY2027-P03"
        raise InputError(message)
    report = report_of(closed_book(book), period, list(scope.systems), reported=True)
    title = month_title(report.header.window.start, calendar)
    return monthly(report, title, book.portfolio.organisation)
