"""`readout gates`: where every gate stands; judge weeks by a policy; lint policies.

Exit codes, of one gate: 0 pass, 10 hold, 20 fail, 30 no data; of several the worst in the order 20, 30, 10, 0.
"""

import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from readout.cli.frame import OK, Json, app, book_of, portfolio_of, print_json, read_settings, with_ledger
from readout.gates.document import verdict_document
from readout.gates.evaluate import evaluate as judge
from readout.gates.facts import FactsError, once, read_weeks
from readout.gates.lint import remarks
from readout.gates.policy import PolicyError, read_policy
from readout.warehouse.errors import InputError

EXIT_CODES = {"PASS": 0, "HOLD": 10, "FAIL": 20, "NO_DATA": 30}
WORST = (20, 30, 10, 0)
FOUND = 1

gates = typer.Typer(
    invoke_without_command=True,
    help="Decision gates: which systems may carry more load. Without a command: where every gate stands. Exit codes: "
    "0 all eligible or no gate defined, 10 hold, 20 fail, 30 no data, 2 refused; of several the worst.",
)
app.add_typer(gates, name="gates")


@gates.callback()
def status(
    context: typer.Context,
    system: Annotated[str | None, typer.Option(help="The gates of one system only.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Judge as of this instant (ISO 8601, UTC) or the end of this local day."),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Say where every gate stands, from the warehouse."""
    if context.invoked_subcommand is not None:
        return
    from readout.briefs import gate_documents  # noqa: PLC0415 - frames load only where they are needed

    with book_of(as_of) as book:
        if system:
            _known(book, system)
        documents = [one for one in gate_documents(with_ledger(book)) if system in {None, one["system"]}]
    if as_json:
        print_json(documents)
    else:
        for one in documents:
            sys.stdout.write(f"{one['gate']}  {one['state']}  {one['reason']}\n  {one['sentence']}\n")
            if one["alarm"]:
                sys.stdout.write(f"  Alarm: {one['alarm']['sentence']}.\n")
            sys.stdout.write(f"  Next: {one['next_step']}.\n")
        if not documents:
            sys.stdout.write("No gate is defined.\n")
    raise typer.Exit(worst_of(one["state"] for one in documents))


def worst_of(states: Iterable[str]) -> int:
    """Return the exit code of several gates."""
    return min((EXIT_CODES[state] for state in states), key=WORST.index, default=0)


@gates.command()
def evaluate(
    policy: Annotated[Path, typer.Option(help="Policy file: a gate, or its metrics, decide and score alone.")],
    weeks: Annotated[Path, typer.Option(help="JSON list of weekly facts; - reads standard input.")],
    closed_early: Annotated[bool, typer.Option("--closed-early", help="The evaluation was stopped.")] = False,  # noqa: FBT002
    *,
    as_json: Json = False,
) -> None:
    """Judge weekly facts by a policy. Exit codes: 0 pass, 10 hold, 20 fail, 30 no data, 2 refused input."""
    try:
        rules = read_policy(policy)
        verdict = judge(rules, read_weeks(read_json(weeks)), closed_early=closed_early)
    except PolicyError as error:
        raise InputError(str(error)) from error
    except FactsError as error:
        message = f"{weeks}: {error}"
        raise InputError(message) from error
    document = verdict_document(rules, verdict)
    if as_json:
        print_json(document)
    else:
        for week in document["weeks"]:
            sys.stdout.write(f"{week['week']}  {week['state']}\n")
        sys.stdout.write(f"{document['sentence']}\n")
    raise typer.Exit(EXIT_CODES[verdict.state])


def read_json(path: Path) -> Any:
    """Return a JSON file's document, `-` = standard input; a key given twice in an object is refused."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise InputError(message) from error
    try:
        return json.loads(text, object_pairs_hook=once)
    except FactsError:
        raise
    except (ValueError, RecursionError) as error:
        message = f"{path}: is no JSON: {error}"
        raise InputError(message) from error


@gates.command()
def lint(
    files: Annotated[list[Path] | None, typer.Argument(help="Policy files (default: every gate registered).")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Check policies: faults with their line refuse (exit 2), remarks say what will surprise (exit 0)."""
    try:
        policies = {str(path): read_policy(path) for path in files or ()}
    except PolicyError as error:
        raise InputError(str(error)) from error
    found = {name: remarks(policy, date.today()) for name, policy in policies.items()}  # noqa: DTZ011 - a calendar day
    if not files:
        portfolio = portfolio_of(read_settings())
        policies = dict(portfolio.gates)
        for name, gate in portfolio.gates.items():
            untold = (f"{said}: nobody is told." for _, said in portfolio.organisation.strangers(gate))
            found[name] = (*remarks(gate, date.today()), *untold)  # noqa: DTZ011 - a calendar day
    if as_json:
        print_json(
            [{"policy": name, "hash": policies[name].hash, "remarks": list(said)} for name, said in found.items()]
        )
        return
    for name, said in found.items():
        sys.stdout.write(f"{name}: {'sound' if not said else ''}\n".replace(": \n", ":\n"))
        for remark in said:
            sys.stdout.write(f"  {remark}\n")
    if not found:
        sys.stdout.write("No gate is registered.\n")


@gates.command()
def stalls(
    system: Annotated[str | None, typer.Option(help="One system only.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Say which systems show one of the four ways to stall, and the next step of each. Exit code 1 where any does."""
    from readout.briefs import Scope, stalls_brief  # noqa: PLC0415 - frames load only where they are needed
    from readout.words import stalls as said  # noqa: PLC0415

    with book_of() as book:
        brief = stalls_brief(with_ledger(book), Scope(systems=() if system is None else (_known(book, system),)))
    found = [
        {"system": row.system_id, "way": one.way, "kind": one.kind, "evidence": said.said(one),
         "next_step": said.next_step(one, row)}
        for row in brief.rows
        for one in row.stalls
    ]  # fmt: skip
    if as_json:
        print_json(found)
    else:
        sys.stdout.write(f"{brief.finding.sentence}\n")
        for one in found:
            sys.stdout.write(f"{one['system']}  {one['way']}  {one['evidence']}\n  Next: {one['next_step']}.\n")
    raise typer.Exit(FOUND if found else OK)


def _known(book: Any, system: str) -> str:
    if system not in book.systems:
        message = f"unknown system {system!r}; known: {', '.join(book.systems) or 'none'}"
        raise InputError(message)
    return system
