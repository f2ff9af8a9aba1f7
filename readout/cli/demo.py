"""`readout demo`."""

import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import SecretStr

from readout.cli.frame import Progress, app, day_of, read_settings, session_of
from readout.portfolio import read_portfolio
from readout.resources import shipped
from readout.settings import DUCKDB, Settings
from readout.warehouse.errors import InputError


@app.command()
def demo(
    if_absent: Annotated[bool, typer.Option("--if-absent", help="Do nothing where a warehouse is there.")] = False,  # noqa: FBT002
    tasks: Annotated[int, typer.Option(min=1000, help="How many tasks to generate.")] = 605_000,
    weeks: Annotated[int, typer.Option(min=8, help="How many weeks of history (113: 26 months).")] = 113,
    end: Annotated[str | None, typer.Option(help="Last local day (default: yesterday).")] = None,
) -> None:
    """Build the demo warehouse: raw rows are generated, then loaded and refreshed like a customer's.

    Where there is no portfolio yet, the example is written, its days moved to where the rows end.
    """
    settings = read_settings()
    history = _History(tasks, weeks, day_of(end, "--end"))
    if settings.url.startswith(DUCKDB):
        facts = Path(settings.url.removeprefix(DUCKDB))
        if facts.exists():
            if if_absent:
                return
            message = f"{facts} is there already; the demo overwrites nothing. Remove it, or name another warehouse."
            raise InputError(message)
        _build_demo_beside(settings, facts, history)
        return
    if _holds_tasks(settings):
        if if_absent:
            return
        message = "this warehouse holds tasks already; the demo is built into an empty one only"
        raise InputError(message)
    _build_demo(settings, settings.portfolio, history)


@dataclass(frozen=True)
class _History:
    """What was asked for."""

    tasks: int
    weeks: int
    end: date | None


def _holds_tasks(settings: Settings) -> bool:
    with session_of(settings) as session:
        if "tasks" not in session.tables(settings.contract_schema):
            return False
        return bool(session.rows(f"SELECT 1 FROM {settings.contract_schema}.tasks LIMIT 1"))  # noqa: S608 - a checked name


def _build_demo_beside(settings: Settings, facts: Path, history: _History) -> None:
    """Build a DuckDB demo in a folder of its own and move it in place when it is whole."""
    from readout.warehouse.session import rollup_folder  # noqa: PLC0415 - drivers load only where they are needed

    if rollup_folder(facts).exists():
        message = f"{rollup_folder(facts)} is left of a warehouse that is gone; remove it, or name another warehouse."
        raise InputError(message)
    facts.parent.mkdir(parents=True, exist_ok=True)
    portfolio = settings.portfolio or facts.parent / "portfolio"
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=facts.parent) as folder:
        draft = Path(folder) / facts.name
        drafted = settings.model_copy(update={"warehouse_url": SecretStr(f"{DUCKDB}{draft}"), "portfolio": portfolio})
        _build_demo(drafted, portfolio, history)
        rollup_folder(draft).rename(rollup_folder(facts))
        draft.rename(facts)


def _build_demo(settings: Settings, folder: Path | None, history: _History) -> None:
    from readout.demo import generate  # noqa: PLC0415
    from readout.demo.clock import Clock  # noqa: PLC0415
    from readout.demo.portfolio import write_portfolio  # noqa: PLC0415
    from readout.warehouse.init import initialise  # noqa: PLC0415
    from readout.warehouse.loading import load as load_files  # noqa: PLC0415
    from readout.warehouse.refresh import refresh as run  # noqa: PLC0415

    example = shipped("data") / "portfolio"
    absent = folder is not None and not folder.exists()
    portfolio = read_portfolio(example if folder is None or absent else folder)
    zone = ZoneInfo(portfolio.organisation.time_zone)
    last = history.end or datetime.now(UTC).astimezone(zone).date() - timedelta(days=1)
    if folder is not None and absent:
        write_portfolio(example, folder, Clock(last, history.weeks))
        portfolio = read_portfolio(folder)
    progress = Progress()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="readout-demo-") as raw, session_of(settings, create=True) as session:
        files = generate(
            Path(raw),
            last,
            weeks=history.weeks,
            tasks=history.tasks,
            progress=lambda text, share: progress.show(0.3 * share, text),
        )
        initialise(session, settings.contract_schema)
        rows = 0
        for number, file in enumerate(files):
            progress.show(0.3 + 0.4 * number / len(files), f"loading {file.table}")
            rows += load_files(session, settings, file.table, [file.path], source="demo").read
        run(session, settings, portfolio, progress=lambda share, text: progress.show(0.7 + 0.3 * share, text))
    progress.done(
        f"Demo warehouse built: {rows:,} raw rows up to {last}, in {time.monotonic() - started:.0f} s. "
        "Next: readout serve"
    )
