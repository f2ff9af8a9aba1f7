"""`readout check`: the checks of the contract as of the last refresh. Exit 0 without a failure, 1 with one."""

import sys
from typing import Annotated

import typer

from readout import words
from readout.cli.frame import Json, app, portfolio_of, print_json, read_settings
from readout.warehouse.errors import InputError

FAILED = 1


@app.command()
def check(
    system: Annotated[str | None, typer.Option(help="One system only.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Check the facts as of the last refresh; one line a check and system. Exit code 1 where any check fails."""
    from readout.briefs import Scope, checks_brief, open_book  # noqa: PLC0415
    from readout.warehouse.reader import open_warehouse  # noqa: PLC0415

    settings = read_settings()
    warehouse = open_warehouse(settings)
    try:
        book = open_book(warehouse, portfolio_of(settings), settings)
        if system is not None and system not in book.systems:
            message = f"--system {system!r}: there is no such system; known are {', '.join(book.systems)}"
            raise InputError(message)
        brief = checks_brief(book, Scope(systems=(system,) if system else ()))
    finally:
        warehouse.close()
    failed = brief.by_state["fail"] > 0
    if as_json:
        print_json(
            {
                "as_of": brief.header.as_of.isoformat(),
                "data_version": brief.header.data_version,
                "state": "FAIL" if failed else "PASS",
                "checks": [
                    {
                        "check": line.check,
                        "system": line.system_id or None,
                        "state": words.CHECK_CODES[line.state],
                        "count": line.bad,
                        "of": line.total,
                        "sentence": words.check_sentence(line),
                        "next_step": words.CHECKS[line.check].step if line.state == "fail" else None,
                        "evidence": [{"kind": kind, "id": which} for kind, which in line.evidence],
                    }
                    for line in brief.lines
                ],
            }
        )
        raise typer.Exit(FAILED if failed else 0)
    width = max((len(line.name) for line in brief.lines), default=0)
    for line in brief.lines:
        code = words.CHECK_CODES[line.state] + (f" {line.bad}" if line.state == "repaired" else "")
        said = f"{words.CHECKS[line.check].title}: {words.check_sentence(line)}"
        sys.stdout.write(f"{code:<14}  {line.name or words.SOURCES:<{width}}  {said}\n")
        if line.state == "fail":
            first = words.check_evidence(line)
            sys.stdout.write(
                f"{'':<14}  {'':<{width}}  → {words.CHECKS[line.check].step}{f' ({first})' if first else ''}\n"
            )
    sys.stdout.write(f"{brief.finding.sentence}\n")
    raise typer.Exit(FAILED if failed else 0)
