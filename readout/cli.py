"""The `readout` command. Exit codes: 0 done, 2 input refused, 3 warehouse absent, busy, unreachable or not ready."""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer
from pydantic import SecretStr, ValidationError

from readout import __version__, words
from readout.portfolio import Portfolio, PortfolioError, read_portfolio
from readout.resources import application, shipped
from readout.settings import DUCKDB, Settings
from readout.warehouse.errors import InputError, WarehouseError

OK, REFUSED, NOT_READY = 0, 2, 3
TABLE_COLUMNS = (
    "tasks_attempted", "throughput", "ai_share", "handling_seconds_mean", "latency_ms_p95", "accuracy",
    "escalation_rate", "cost_total", "cost_per_task",
)  # fmt: skip

app = typer.Typer(
    name="readout", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


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


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"READOUT_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
        raise InputError("; ".join(lines)) from error


def _portfolio(settings: Settings) -> Portfolio:
    return read_portfolio(settings.portfolio_folder)


class _Progress:
    """Progress on standard error: one line that rewrites itself on a terminal, a line per step elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = ""

    def show(self, share: float | None, text: str) -> None:
        line = f"{'      ' if share is None else f'{share:5.0%} '} {text}"
        if self._terminal:
            sys.stderr.write(f"\r\x1b[2K{line}")
        elif text != self._last:
            sys.stderr.write(f"{line}\n")
        self._last = text
        sys.stderr.flush()

    def done(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[2K{text}\n" if self._terminal else f"{text}\n")


@contextmanager
def _session(settings: Settings, *, create: bool = False) -> Iterator[Any]:
    from readout.warehouse.session import open_session  # noqa: PLC0415 - drivers load only where they are needed

    with open_session(settings, create=create) as session:
        yield session


def _print(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,  # noqa: FBT002 - typer
) -> None:
    """Readout: what AI systems move, from the production telemetry warehouse."""
    if show:
        sys.stdout.write(f"readout {__version__}\n")
        raise typer.Exit


@app.command()
def init(*, as_json: Json = False) -> None:
    """Prepare a warehouse: the contract's tables where there are none, and the views that refresh reads."""
    from readout.warehouse.init import initialise  # noqa: PLC0415

    settings = _settings()
    with _session(settings, create=True) as session:
        result = initialise(session, settings.contract_schema)
    if as_json:
        _print({"owned": result.owned, "made": result.made, "absent": result.absent})
        return
    if result.owned:
        made = f"made {len(result.made)} tables" if result.made else "all tables were there"
        sys.stdout.write(f"Warehouse ready: {made}. Next: readout load tasks FILE…\n")
        return
    absent = f"; absent: {', '.join(result.absent)}" if result.absent else ""
    sys.stdout.write(f"Foreign warehouse adopted read-only{absent}. Next: readout refresh\n")


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

    settings = _settings()
    progress = _Progress()

    def tell(done: int, total: int | None, text: str) -> None:
        progress.show(done / total if total else None, text)

    with _session(settings) as session:
        result = load_files(session, settings, table, files, mapping, _constants(constants or []), source, tell)
    progress.done(f"{result.read} rows read")
    code = REFUSED if result.refused else OK  # some of several files were refused as a whole
    if as_json:
        _print(result.to_json())
        raise typer.Exit(code)
    counts = ("loaded", "updated", "merged", "duplicates", "filtered", "rejected")
    sys.stdout.write(", ".join(f"{getattr(result, name):,} {name}" for name in counts) + f" of {result.read:,} rows\n")
    for warning in (*result.warnings, *result.refused):
        sys.stdout.write(f"warning: {warning}\n")
    for reject in result.rejects[:20]:
        sys.stdout.write(f"rejected: {reject}\n")
    if result.rejected > 20:  # noqa: PLR2004 - enough to see the pattern
        sys.stdout.write(f"… and {result.rejected - 20:,} more; all are on the data-health page and with --json\n")
    if result.loaded or result.updated:
        sys.stdout.write("Next: readout refresh\n")
    raise typer.Exit(code)


@app.command()
def refresh(
    full: Annotated[bool, typer.Option("--full", help="Rebuild everything, not only what changed.")] = False,  # noqa: FBT002
    *,
    as_json: Json = False,
) -> None:
    """Bring the published figures up to date with the facts."""
    from readout.warehouse.refresh import refresh as run  # noqa: PLC0415

    settings = _settings()
    portfolio = _portfolio(settings)
    progress = _Progress()
    started, started_at = time.monotonic(), datetime.now(UTC)
    with _session(settings) as session:
        result = run(session, settings, portfolio, full=full, progress=progress.show)
    took = time.monotonic() - started
    _record_refresh(settings, result, started_at)
    why = f" (everything: {result.reason})" if result.full else ""
    progress.done(f"Rebuilt {result.days} days in {took:.1f} s{why}")
    document = {
        "full": result.full,
        "reason": result.reason,
        "days": result.days,
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "data_version": result.data_version,
    }
    if as_json:
        _print(document)
    else:
        as_of = f"as of {result.as_of:%Y-%m-%d %H:%M} UTC" if result.as_of else "no data yet"
        sys.stdout.write(f"Data version {result.data_version} published, {as_of}\n")


def _record_refresh(settings: Settings, result: Any, started_at: datetime) -> None:
    """Write the refresh into the journal; it is published already, so a journal that refuses is a warning."""
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    try:
        with open_journal(settings) as journal:
            journal.record_refresh(
                version=result.data_version,
                started_at=started_at,
                full=result.full,
                reason=result.reason,
                days=result.days,
                as_of=result.as_of,
            )
    except WarehouseError as error:
        sys.stderr.write(f"readout: published, but not written down: {error}\n")


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{option} {text!r} is not a date; write it as 2026-10-31"
        raise InputError(message) from error


@app.command()
def metrics(
    by: Annotated[Literal["hour", "day", "week", "month", "total"], typer.Option(help="Period of a row.")] = "week",
    system: Annotated[str | None, typer.Option(help="One system only.")] = None,
    task_type: Annotated[str | None, typer.Option(help="One task type only.")] = None,
    from_day: Annotated[str | None, typer.Option("--from", help="First local day, included.")] = None,
    to_day: Annotated[str | None, typer.Option("--to", help="Last local day, included.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Print the metrics per system and period, and for the portfolio (system null); null = not measurable."""
    from readout.briefs import metric_rows, open_book  # noqa: PLC0415
    from readout.warehouse.reader import open_warehouse  # noqa: PLC0415

    settings = _settings()
    warehouse = open_warehouse(settings)
    try:
        book = open_book(warehouse, _portfolio(settings), settings)
        rows = metric_rows(
            book,
            by,
            system=system,
            task_type=task_type,
            from_day=_day(from_day, "--from"),
            to_day=_day(to_day, "--to"),
        )
    finally:
        warehouse.close()
    if as_json:
        _print(rows)
    else:
        _print_table(rows)


def _print_table(rows: list[dict[str, Any]]) -> None:
    """Print the rows as aligned text; an en dash stands for what is not measurable (`--json` has the reasons)."""
    head = ["system", "period", "type", *(words.label(name) for name in TABLE_COLUMNS)]
    cells = [
        [
            row["system"] or "portfolio",
            str(row["period_start"]),
            row["period_type"],
            *(words.amount(name, row[name], row["currency"] or "") for name in TABLE_COLUMNS),
        ]
        for row in rows
    ]
    widths = [max(len(line[column]) for line in [head, *cells]) for column in range(len(head))]
    for line in [head, *cells]:
        padded = [
            text.ljust(width) if column < 3 else text.rjust(width)  # noqa: PLR2004 - three columns of words
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        sys.stdout.write("  ".join(padded).rstrip() + "\n")


@app.command()
def demo(
    if_absent: Annotated[bool, typer.Option("--if-absent", help="Do nothing where a warehouse is there.")] = False,  # noqa: FBT002
    tasks: Annotated[int, typer.Option(min=1000, help="How many tasks to generate.")] = 320_000,
    weeks: Annotated[int, typer.Option(min=8, help="How many weeks of history.")] = 30,
    end: Annotated[str | None, typer.Option(help="Last local day (default: yesterday).")] = None,
) -> None:
    """Build the demo warehouse: raw rows are generated, then loaded and refreshed like a customer's."""
    settings = _settings()
    if settings.url.startswith(DUCKDB):
        facts = Path(settings.url.removeprefix(DUCKDB))
        if facts.exists():
            if if_absent:
                return
            message = f"{facts} is there already; the demo overwrites nothing. Remove it, or name another warehouse."
            raise InputError(message)
        _build_demo_beside(settings, facts, tasks, weeks, _day(end, "--end"))
        return
    if _holds_tasks(settings):
        if if_absent:
            return
        message = "this warehouse holds tasks already; the demo is built into an empty one only"
        raise InputError(message)
    _build_demo(settings, settings.portfolio or shipped("data") / "portfolio", tasks, weeks, _day(end, "--end"))


def _holds_tasks(settings: Settings) -> bool:
    with _session(settings) as session:
        if "tasks" not in session.tables(settings.contract_schema):
            return False
        return bool(session.rows(f"SELECT 1 FROM {settings.contract_schema}.tasks LIMIT 1"))  # noqa: S608 - a checked name


def _build_demo_beside(settings: Settings, facts: Path, tasks: int, weeks: int, end: date | None) -> None:
    """Build a DuckDB demo in a folder of its own and move it in place when it is whole."""
    facts.parent.mkdir(parents=True, exist_ok=True)
    portfolio = settings.portfolio_folder
    if portfolio is None:
        portfolio = facts.parent / "portfolio"
        shutil.copytree(shipped("data") / "portfolio", portfolio)
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=facts.parent) as folder:
        draft = Path(folder) / facts.name
        drafted = settings.model_copy(update={"warehouse_url": SecretStr(f"{DUCKDB}{draft}"), "portfolio": portfolio})
        _build_demo(drafted, portfolio, tasks, weeks, end)
        draft.with_suffix(".rollups").rename(facts.with_suffix(".rollups"))
        draft.rename(facts)


def _build_demo(settings: Settings, folder: Path, tasks: int, weeks: int, end: date | None) -> None:
    from readout.demo import generate  # noqa: PLC0415
    from readout.warehouse.init import initialise  # noqa: PLC0415
    from readout.warehouse.loading import load as load_files  # noqa: PLC0415
    from readout.warehouse.refresh import refresh as run  # noqa: PLC0415

    portfolio = read_portfolio(folder)
    zone = ZoneInfo(portfolio.organisation.time_zone)
    last = end or datetime.now(UTC).astimezone(zone).date() - timedelta(days=1)
    progress = _Progress()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="readout-demo-") as raw, _session(settings, create=True) as session:
        files = generate(
            Path(raw), last, weeks=weeks, tasks=tasks, progress=lambda text, share: progress.show(0.3 * share, text)
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


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the readout in the browser."""
    settings = _settings()
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


if __name__ == "__main__":
    main()
