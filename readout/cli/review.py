"""`readout review note|list`: what owners say of the exceptions of a week."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from readout.cli.frame import Json, app, book_of, day_of, print_json

review = typer.Typer(no_args_is_help=True, help="The weekly business review: explain its exceptions.")
app.add_typer(review, name="review")


@review.command()
def note(
    system: Annotated[str, typer.Argument(help="The system's id.")],
    metric: Annotated[str, typer.Argument(help="The metric that signals, such as accuracy.")],
    who: Annotated[str, typer.Option("--as", help="Who you are: the owner of the exception.")],
    explanation: Annotated[str, typer.Option(help="What you know of it, or: still investigating.")],
    follow_up: Annotated[str, typer.Option("--follow-up", help="What follows.")] = "",
    by: Annotated[str | None, typer.Option(help="By which day it is done.")] = None,
    week: Annotated[str | None, typer.Option(help="First day of the week (default: the last complete one).")] = None,
) -> None:
    """Explain an exception of the weekly review. It is kept for good, with your account, and *unverified*."""
    from readout.briefs import review_notes  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    word = review_notes.Word(explanation, follow_up, day_of(by, "--by"))
    with book_of() as book, open_journal(book.settings) as journal:
        now = datetime.now(UTC).replace(tzinfo=None)
        done = review_notes.explain(book, journal, system, metric, word, who=who, now=now, week=day_of(week, "--week"))
    said = f"{done.system_id}, {done.metric}, week of {done.week}: {done.who} ({done.account}, unverified)"
    sys.stdout.write(f"Kept for {said}.\n")


@review.command("list")
def list_(*, as_json: Json = False) -> None:
    """Print what was said of the last complete week and of the eight before, oldest first."""
    from dataclasses import asdict  # noqa: PLC0415

    from readout.briefs import review_notes  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    with book_of() as book, open_journal(book.settings) as journal:
        found = review_notes.remembered(journal, review_notes.reviewed_week(book))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        then = f" Then: {one.follow_up}, by {one.follow_up_by}." if one.follow_up else ""
        sys.stdout.write(f"{one.week}  {one.system_id}  {one.metric}  {one.explanation}{then} ({one.who})\n")
    if not found:
        sys.stdout.write("Nothing is explained yet. Next: readout review note --help\n")
