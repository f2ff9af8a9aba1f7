"""`readout serve`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from readout.cli.frame import app, read_settings
from readout.resources import application
from readout.settings import DUCKDB


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the readout in the browser."""
    settings = read_settings()
    environment = dict(os.environ)
    # the server runs in the folder of app.py, where its configuration is: relative paths are settled here
    if settings.url.startswith(DUCKDB):
        environment["READOUT_WAREHOUSE_URL"] = DUCKDB + str(Path(settings.url.removeprefix(DUCKDB)).absolute())
    if settings.portfolio is not None:
        environment["READOUT_PORTFOLIO"] = str(settings.portfolio.absolute())
    sys.stderr.write(f"Readout on http://{address}:{port}\n")
    sys.stderr.flush()
    os.chdir(application())
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    if settings.development:
        command += ["--server.fileWatcherType", "auto", "--client.showErrorDetails", "full"]
    os.execve(  # noqa: S606 - the server takes this process's place, so that signals reach it
        sys.executable, [*command, "--server.port", str(port), "--server.address", address], environment
    )
