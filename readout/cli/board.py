"""`readout report board` and `readout report snapshot`: the first page as a file, from its own brief."""

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readout.cli.frame import Json, book_of, print_json, with_ledger
from readout.cli.report import NOT_SENT, reports
from readout.periods import COMPARISONS, period_choices
from readout.warehouse.errors import InputError

if TYPE_CHECKING:
    from readout.briefs.book import Book
    from readout.briefs.results import ReadoutBrief, Scope
    from readout.briefs.results_board import BoardBrief
    from readout.briefs.results_readout import DecisionRow
    from readout.reports.board import Kind
    from readout.warehouse.gate_ledger import Waiver

Out = Annotated[Path, typer.Option(help="Where the file goes.")]
Period = Annotated[str, typer.Option(help="As in the address of the page: 4w, 12w, 26w, 52w, month, qtd, …")]
Compare = Annotated[str, typer.Option(help="previous, year or none.")]
System = Annotated[list[str] | None, typer.Option(help="One system only; may be repeated.")]
TaskType = Annotated[str, typer.Option("--type", help="One task type only.")]
AsOf = Annotated[str | None, typer.Option(help="An instant, or the end of a local day.")]


@reports.command("board")
def board(
    out: Out,
    period: Period = "12w",
    compare: Compare = "previous",
    system: System = None,
    task_type: TaskType = "",
    as_of: AsOf = None,
    *,
    as_json: Json = False,
) -> None:
    """Make two pages of PDF of the first page, with value, unit cost, the stage ladder and what the figures rest on."""
    _write("pdf", out, (period, compare, system or [], task_type), as_of, as_json=as_json)


@reports.command("snapshot")
def snapshot(
    out: Out,
    period: Period = "12w",
    compare: Compare = "previous",
    system: System = None,
    task_type: TaskType = "",
    as_of: AsOf = None,
    *,
    as_json: Json = False,
) -> None:
    """Make one HTML file of the same: it asks for nothing, and every figure says how it was calculated."""
    _write("html", out, (period, compare, system or [], task_type), as_of, as_json=as_json)


def _write(
    kind: "Kind", out: Path, chosen: tuple[str, str, list[str], str], as_of: str | None, *, as_json: bool
) -> None:
    from readout.reports.board.files import make  # noqa: PLC0415 - the typesetter loads only where it is needed
    from readout.reports.reread import MismatchError  # noqa: PLC0415
    from readout.words.addresses import absolute, address  # noqa: PLC0415

    if not out.parent.is_dir():
        message = f"--out {out}: there is no folder {out.parent}; make it first"
        raise InputError(message)
    with book_of(as_of) as opened:
        book = with_ledger(opened)
        brief = brief_of(book, scope_of(book, *chosen))
        try:
            content = make(
                brief,
                kind,
                datetime.now(UTC),
                absolute(book.settings.public_url, address("readout", brief.header.scope)),
            )
        except MismatchError as error:
            sys.stderr.write(f"readout: {error}\n")
            raise typer.Exit(NOT_SENT) from error
        part = out.with_name(f".{out.name}.part")
        part.write_bytes(content)
        part.replace(out)
        made = _recorded(book, brief, kind, content)
    if as_json:
        print_json({"file": str(out), **made})
    else:
        sys.stdout.write(f"{out}  {made['bytes']:,} bytes  sha256 {made['sha256']}\n")


def scope_of(book: "Book", period: str, compare: str, systems: list[str], task_type: str) -> "Scope":
    """Return the scope that options name, in the words of a page's address.

    Raises:
        InputError: a word that is not known, with those that are.
    """
    from readout.briefs.results import Scope  # noqa: PLC0415

    types = sorted({kind for one in book.task_types.values() for kind in one})
    for option, given, known in (
        ("--period", [period], period_choices(book.calendar)),
        ("--compare", [compare], tuple(COMPARISONS)),
        ("--system", systems, book.systems),
        ("--type", [task_type] if task_type else [], types),
    ):
        unknown = next((one for one in given if one not in known), None)
        if unknown is not None:
            message = f"{option} {unknown!r} is not known; choose from {', '.join(known)}"
            raise InputError(message)
    return Scope(period, compare, tuple(sorted(systems)), task_type)


def brief_of(book: "Book", scope: "Scope") -> "BoardBrief":
    """Return the board document of a scope, with the waivers that stand in the journal."""
    from readout.briefs.board import board_brief  # noqa: PLC0415

    return board_brief(book, scope, _standing(book))


def decided(book: "Book", scope: "Scope") -> "tuple[ReadoutBrief, tuple[DecisionRow, ...]]":
    """Return the first page's brief, and what is to be decided with the waivers that run out."""
    from readout.briefs import readout_brief  # noqa: PLC0415
    from readout.briefs.decisions import with_waivers  # noqa: PLC0415

    brief = readout_brief(book, scope)
    return brief, with_waivers(brief.decisions, _standing(book), brief.gates)


def _standing(book: "Book") -> "tuple[Waiver, ...]":
    from readout.briefs.gate_ledger import all_waivers  # noqa: PLC0415
    from readout.briefs.gate_signing import standing_waivers  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    with open_journal(book.settings) as journal:
        return standing_waivers(all_waivers(journal), datetime.now(UTC).replace(tzinfo=None))


def _recorded(book: "Book", brief: "BoardBrief", kind: "Kind", content: bytes) -> dict[str, Any]:
    """Write into the journal that a file was handed out, and return what is said of it."""
    from readout import words  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    sha256 = hashlib.sha256(content).hexdigest()
    with open_journal(book.settings) as journal:
        journal.record_export(
            what=f"board.{kind}",
            scope=words.state("readout", brief.header.scope),
            data_version=brief.header.data_version,
            sha256=sha256,
            rows=len(brief.readout.systems),
        )
    return {"bytes": len(content), "sha256": sha256, "data_version": brief.header.data_version}
