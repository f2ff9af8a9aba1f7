"""`readout template`."""

import sys
from typing import Annotated

import typer

from readout.cli.frame import app
from readout.resources import shipped
from readout.warehouse.errors import InputError
from readout.warehouse.loading.plan import closest


@app.command()
def template(
    table: Annotated[str, typer.Argument(help="ledger, budgets, fx_rates, rate_card, prices or costs.")],
    *,
    header: Annotated[bool, typer.Option("--header", help="Only the names of the columns, no example rows.")] = False,
) -> None:
    """Print a CSV template with example rows; fill it in and give it to `readout load TABLE FILE`."""
    folder = shipped("data") / "templates"
    known = sorted(path.stem for path in folder.glob("*.csv"))
    if table not in known:
        message = f"{table}: there is no such template{closest(table, known)}; known: {', '.join(known)}"
        raise InputError(message)
    text = (folder / f"{table}.csv").read_text(encoding="utf-8")
    sys.stdout.write(text.partition("\n")[0] + "\n" if header else text)
