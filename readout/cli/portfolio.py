"""`readout portfolio`: where every system stands on the ladder, by when it can carry more, and what waiting costs."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readout.cli.frame import Json, app, book_of, print_json, with_ledger
from readout.warehouse.errors import InputError

if TYPE_CHECKING:
    from readout.briefs.results_promotions import PromotionsBrief, Standing


@app.command()
def portfolio(
    system: Annotated[str | None, typer.Option(help="One system only.")] = None,
    as_of: Annotated[str | None, typer.Option(help="An instant, or the end of a local day.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Say where every system stands, what binds its gate, by when it can pass, and what a week of waiting costs."""
    from readout.briefs import Scope, promotions_brief  # noqa: PLC0415 - frames load only where they are needed

    with book_of(as_of) as book:
        if system is not None and system not in book.systems:
            message = f"unknown system {system!r}; known: {', '.join(book.systems) or 'none'}"
            raise InputError(message)
        brief = promotions_brief(with_ledger(book), Scope(systems=() if system is None else (system,)))
    if as_json:
        print_json([_document(row) for row in (*brief.rows, *brief.retired)])
    else:
        _print(brief)


def _document(row: "Standing") -> dict[str, Any]:
    card, ahead = row.card, row.chance
    return {
        "system": row.system_id,
        "stage": row.stage or None,
        "weeks_in_stage": row.weeks_in_stage,
        "proof": row.confidence,
        "gate": card.gate if card else None,
        "state": card.state if card else None,
        "weeks_met": card.weeks_met if card else None,
        "weeks_needed": card.weeks_needed if card else None,
        "evidence": card.evidence if card else None,
        "evidence_needed": card.evidence_needed if card else None,
        "binds": row.binding.metric if row.binding else None,
        "can_pass": ahead.why if ahead else None,
        "weeks_to_pass": ahead.weeks if ahead else None,
        "earliest_day": row.day.isoformat() if row.day else None,
        "expected_this_quarter": row.expected or None,
        "hours_waiting_a_week": row.hours,
        "reason": row.unknown or None,
    }


def _print(brief: "PromotionsBrief") -> None:
    from readout.words import promotions as said  # noqa: PLC0415

    sys.stdout.write(f"{brief.finding.sentence}\n")
    today = brief.header.as_of_local.date()
    for row in (*brief.rows, *brief.retired):
        sys.stdout.write(f"{row.system_id}  {said.place(row)}  {_joined(*said.proof(row))}\n")
        for head, (text, below) in (
            ("Binds", said.binds(row)),
            ("Can pass", said.by_when(row, today)),
            ("A week of waiting", said.cost(row)),
        ):
            if text != "–" or below:
                sys.stdout.write(f"  {head}: {_joined(text, below)}.\n")


def _joined(text: str, below: str) -> str:
    return f"{text}, {below}" if below else text
