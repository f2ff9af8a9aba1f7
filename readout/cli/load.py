"""`readout load`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from readout.cli.closed import closed_by, closed_json, say_closed
from readout.cli.frame import OK, REFUSED, Json, Progress, app, print_json, read_settings, session_of
from readout.warehouse.errors import InputError


def _constants(pairs: list[str]) -> dict[str, str | None]:
    constants: dict[str, str | None] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            message = f"--set {pair!r}: write name=value"
            raise InputError(message)
        constants[name] = value
    return constants


@app.command()
def load(
    table: Annotated[str, typer.Argument(help="Table of the contract, for example tasks.")],
    files: Annotated[list[Path], typer.Argument(help="CSV, CSV.gz, JSONL, JSON(.gz) or Parquet files.")],
    mapping: Annotated[str | None, typer.Option(help="Mapping file, or the name of one that ships.")] = None,
    constants: Annotated[list[str] | None, typer.Option("--set", help="name=value for the mapping.")] = None,
    source: Annotated[str | None, typer.Option(help="Name of the source, for freshness.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Load files into a warehouse made by `readout init`; every row is loaded or in the rejects with its reason."""
    from readout.warehouse.loading import load as load_files  # noqa: PLC0415

    settings = read_settings()
    progress = Progress()

    def tell(done: int, total: int | None, text: str) -> None:
        progress.show(done / total if total else None, text)

    with session_of(settings) as session:
        result = load_files(session, settings, table, files, mapping, _constants(constants or []), source, tell)
    progress.done(f"{result.read} rows read")
    closed = closed_by(settings, result.spans)
    code = REFUSED if result.refused else OK  # some of several files were refused as a whole
    if as_json:
        print_json(result.to_json() | closed_json(closed))
        raise typer.Exit(code)
    counts = ("loaded", "updated", "merged", "duplicates", "filtered", "rejected")
    sys.stdout.write(", ".join(f"{getattr(result, name):,} {name}" for name in counts) + f" of {result.read:,} rows\n")
    for warning in (*result.warnings, *result.refused):
        sys.stdout.write(f"warning: {warning}\n")
    for reject in result.rejects[:20]:
        sys.stdout.write(f"rejected: {reject}\n")
    if result.rejected > 20:  # noqa: PLR2004 - enough to see the pattern
        sys.stdout.write(f"… and {result.rejected - 20:,} more; all are on the data-health page and with --json\n")
    say_closed(closed)
    if result.loaded or result.updated:
        sys.stdout.write("Next: readout refresh\n")
    raise typer.Exit(code)
