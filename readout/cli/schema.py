"""`readout schema`: JSON Schema of the registry's files and of the contract's rows."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from readout.cli.frame import app, print_json
from readout.portfolio import json_schemas
from readout.warehouse.contract import json_schema
from readout.warehouse.errors import InputError

Which = Literal["organisation", "system", "gate", "contract"]


@app.command()
def schema(
    name: Annotated[Which | None, typer.Argument(help="One schema only.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write NAME.schema.json files into this folder.")] = None,
) -> None:
    """Print the JSON Schemas of organisation, system and gate files and of the contract's rows; or write them."""
    found: dict[str, Any] = {**json_schemas(), "contract": json_schema()}
    chosen = {name: found[name]} if name else found
    if out is None:
        print_json(found[name] if name else found)
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for each, document in chosen.items():
            path = out / f"{each}.schema.json"
            path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            sys.stdout.write(f"{path}\n")
    except OSError as error:
        message = f"--out {out}: cannot be written ({error.strerror})"
        raise InputError(message) from None
