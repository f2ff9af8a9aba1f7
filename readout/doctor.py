"""Why does this set-up not work? Probes from the settings to the published data, each with its finding and next step.

A probe catches its own failure; what cannot be looked at because something before it failed says so. No text holds a
password.
"""

import importlib.metadata
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from readout.metrics import METRICS, missing_need
from readout.portfolio import Portfolio, PortfolioError, read_portfolio
from readout.settings import DUCKDB, Settings
from readout.warehouse.contract import contract
from readout.warehouse.errors import WarehouseError
from readout.warehouse.journal import open_journal
from readout.warehouse.session import DuckSession, Session, open_session

State = Literal["OK", "WARN", "FAIL", "not looked at"]
LEAST_FREE = 1_000_000_000  # bytes
LIBRARIES = ("duckdb", "pandas", "plotly", "psycopg", "sqlalchemy", "streamlit")


@dataclass(frozen=True)
class Probe:
    """One thing that was looked at: its state, what was found, and what to do next."""

    name: str
    state: State
    found: str
    next_step: str = ""


def examine(settings: Settings, port: int = 8501) -> list[Probe]:
    """Look at everything that a working set-up needs, from the outside in."""
    probes = [_versions(), _scheme(settings), _folder(settings)]
    portfolio, probe = _portfolio(settings)
    probes += [probe, _zone(portfolio)]
    if probes[1].state == "FAIL":  # no door to knock at; and what stands there may be a secret
        return [*probes, *_unseen(0), Probe("journal", "not looked at", "something before it failed"), _port(port)]
    return [*probes, *_warehouse(settings, portfolio), _journal(settings), _port(port)]


def masked(settings: Settings) -> str:
    """Return the warehouse URL without its password."""
    if settings.url.startswith(DUCKDB):
        return settings.url
    parts = urlsplit(settings.url)
    if not parts.scheme or not parts.netloc:
        return "a text that is no URL"  # it may hold a secret
    _, at, host = parts.netloc.rpartition("@")
    user = f"{parts.username}:***@" if at else ""
    return f"{parts.scheme}://{user}{host}{parts.path}"


def _versions() -> Probe:
    found = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    return Probe("libraries", "OK", found)


def _scheme(settings: Settings) -> Probe:
    known = settings.url.startswith((DUCKDB, "postgresql://", "postgresql+psycopg://"))
    if known:
        return Probe("warehouse URL", "OK", masked(settings))
    step = "Set READOUT_WAREHOUSE_URL to duckdb:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE."
    return Probe("warehouse URL", "FAIL", f"{masked(settings)} names no engine that is known", step)


def _folder(settings: Settings) -> Probe:
    if not settings.url.startswith(DUCKDB):
        return Probe("disk", "OK", "the warehouse is a server")
    folder = Path(settings.url.removeprefix(DUCKDB)).absolute().parent
    there = next((one for one in (folder, *folder.parents) if one.exists()), Path("/"))
    free = shutil.disk_usage(there).free
    if not _writable(there):
        return Probe("disk", "FAIL", f"{there} cannot be written", f"Give this user the right to write {there}.")
    if free < LEAST_FREE:
        return Probe(
            "disk", "WARN", f"{free / 1e9:.1f} GB are free at {there}", "Make room: a refresh writes a new file."
        )
    return Probe("disk", "OK", f"{free / 1e9:.0f} GB are free at {there}")


def _writable(folder: Path) -> bool:
    probe = folder / ".readout-doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _portfolio(settings: Settings) -> tuple[Portfolio | None, Probe]:
    folder = settings.portfolio_folder
    try:
        portfolio = read_portfolio(folder)
    except PortfolioError as error:
        return None, Probe(
            "portfolio", "FAIL", str(error), "Mend the lines named, or run `readout schema` for the form."
        )
    if folder is None:
        step = "Put organisation.yaml, systems/ and gates/ into a folder and name it by READOUT_PORTFOLIO."
        return portfolio, Probe("portfolio", "WARN", "there is none: UTC, ISO weeks, no names and no gates", step)
    found = f"{len(portfolio.systems)} systems and {len(portfolio.gates)} gates in {folder}"
    return portfolio, Probe("portfolio", "OK", found)


def _zone(portfolio: Portfolio | None) -> Probe:
    name = portfolio.organisation.time_zone if portfolio else "Europe/Berlin"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        return Probe("time zones", "FAIL", f"{name} is not known here", "Install the package tzdata.")
    return Probe("time zones", "OK", name)


WAREHOUSE_PROBES = ("reachable", "prepared", "contract", "facts", "published")


def _warehouse(settings: Settings, portfolio: Portfolio | None) -> Iterator[Probe]:
    """Yield the probes of the warehouse; after a failure the rest is not looked at."""
    if settings.url.startswith(DUCKDB) and not Path(settings.url.removeprefix(DUCKDB)).exists():
        step = "Run `readout demo` for an example, or `readout init` for your own."
        yield Probe("reachable", "FAIL", f"there is no file at {settings.url.removeprefix(DUCKDB)}", step)
        yield from _unseen(1)
        return
    try:
        with open_session(settings) as session:
            yield from _inside(session, settings, portfolio)
    except WarehouseError as error:
        yield Probe("reachable", "FAIL", str(error), "Check the address, the user's rights and whether it is running.")
        yield from _unseen(1)
    except Exception as error:  # noqa: BLE001 - a doctor explains whatever it meets
        said = type(error).__name__
        yield Probe("reachable", "FAIL", f"it answers in an unexpected way ({said})", "Check READOUT_WAREHOUSE_URL.")
        yield from _unseen(1)


def _unseen(start: int) -> Iterator[Probe]:
    for name in WAREHOUSE_PROBES[start:]:
        yield Probe(name, "not looked at", "something before it failed")


def _inside(session: Session, settings: Settings, portfolio: Portfolio | None) -> Iterator[Probe]:
    yield Probe("reachable", "OK", session.engine)
    views = "main" if isinstance(session, DuckSession) else "readout"
    if "row_hash" not in session.columns(views, "src_tasks"):
        yield Probe("prepared", "FAIL", "the views over the facts are not there", "Run `readout init`.")
        yield from _unseen(2)
        return
    owned = dict(session.rows("SELECT name, value FROM warehouse_info")).get("owned", "yes") != "no"
    yield Probe("prepared", "OK", "made by readout init" if owned else "another system's, adopted read-only")
    yield _contract(session, settings)
    [(tasks,)] = session.rows("SELECT COUNT(*) FROM src_tasks")
    [(calls,)] = session.rows("SELECT COUNT(*) FROM src_model_calls")
    if not tasks and not calls:
        yield Probe("facts", "FAIL", "no task and no call is there", "Run `readout load tasks FILE…`.")
        yield from _unseen(4)
        return
    yield Probe("facts", "OK", f"{tasks:,} tasks and {calls:,} model calls")
    yield _published(settings, portfolio)


def _contract(session: Session, settings: Settings) -> Probe:
    have = {
        f"{table.name}.{name}"
        for table in contract().values()
        for name in session.columns(settings.contract_schema, table.name)
    }
    absent = [name for name in contract() if not any(column.startswith(f"{name}.") for column in have)]
    off = [metric.label for metric in METRICS.values() if missing_need(metric, have)]
    if not absent and not off:
        return Probe("contract", "OK", "all tables and columns that metrics need are there")
    parts = [f"absent: {', '.join(absent)}"] if absent else []
    parts += [f"switched off by absent columns: {', '.join(off)}"] if off else []
    return Probe("contract", "WARN", "; ".join(parts), "Write these tables or columns to switch the metrics on.")


def _published(settings: Settings, portfolio: Portfolio | None) -> Probe:
    from readout.briefs import open_book  # noqa: PLC0415 - briefs stand above; only this probe needs one
    from readout.warehouse.reader import open_warehouse  # noqa: PLC0415

    try:
        with closing(open_warehouse(settings)) as warehouse:
            book = open_book(warehouse, portfolio or Portfolio(), settings)
    except WarehouseError as error:
        return Probe("published", "FAIL", str(error), "Run `readout refresh`.")
    promise = book.portfolio.organisation.freshness_hours
    age = (datetime.now(UTC).replace(tzinfo=None) - book.as_of) / timedelta(hours=1)
    found = f"data version {book.data_version}, as of {book.as_of:%Y-%m-%d %H:%M} UTC"
    if age > promise:
        late = f"{found}: {age:.0f} hours old, {promise:g} promised"
        return Probe("published", "WARN", late, "Load what is new, then `readout refresh`.")
    return Probe("published", "OK", found)


def _journal(settings: Settings) -> Probe:
    def look() -> Probe:
        with open_journal(settings):
            return Probe("journal", "OK", "it can be written")

    return _caught("journal", look, "Give the role of READOUT_SIGNER_URL the right to write, or free the file.")


def _port(port: int) -> Probe:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if taken:
        return Probe("port", "WARN", f"{port} is in use", "Serve on another one: `readout serve --port 8502`.")
    return Probe("port", "OK", f"{port} is free")


def _caught(name: str, look: Callable[[], Probe], step: str) -> Probe:
    try:
        return look()
    except WarehouseError as error:
        return Probe(name, "FAIL", str(error), step)
    except Exception as error:  # noqa: BLE001 - a doctor explains whatever it meets
        return Probe(name, "FAIL", f"it cannot be opened ({type(error).__name__})", step)
