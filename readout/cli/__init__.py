"""The `readout` command: one module per command, each imported when it is asked for."""

import sys
from typing import Annotated

import typer

from readout import __version__
from readout.cli.frame import NOT_READY, REFUSED, app
from readout.portfolio import PortfolioError
from readout.warehouse.errors import InputError, WarehouseError

__all__ = ["app", "main"]


def main() -> None:
    """Run the command; an expected failure is one clear line on standard error."""
    try:
        app()
    except (InputError, PortfolioError) as error:
        _fail(str(error), REFUSED)
    except WarehouseError as error:
        _fail(str(error), NOT_READY)


def _fail(text: str, code: int) -> None:
    sys.stderr.write(f"readout: {text}\n")
    raise SystemExit(code)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,  # noqa: FBT002 - typer
) -> None:
    """Readout: what AI systems move, from the production telemetry warehouse."""
    if show:
        sys.stdout.write(f"readout {__version__}\n")
        raise typer.Exit
