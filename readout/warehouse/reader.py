"""Reading the published rollups: one snapshot per page, typed frames, a time limit, never a write."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pandas as pd
import sqlalchemy as sa

from readout.settings import Settings
from readout.warehouse import catalog
from readout.warehouse.binding import for_duckdb, for_postgres
from readout.warehouse.errors import BusyError, NotReadyError, QueryTimeoutError, UnreachableError, WarehouseError
from readout.warehouse.session import (
    current_rollup,
    duckdb_path,
    is_duckdb,
    postgres_engine,
    rollup_folder,
    unreachable,
)  # fmt: skip

_NOT_REFRESHED = (
    "Nothing has been published from this warehouse yet. Run `readout refresh` (or `readout demo` to see an example)."
)


class Snapshot(Protocol):
    """One consistent view of the published rollups."""

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        """Run the query `queries/<name>.sql`; the frame has exactly the columns and types of its header."""


class Warehouse(Protocol):
    """The reading door to a warehouse."""

    engine: str

    def snapshot(self) -> contextlib.AbstractContextManager[Snapshot]:
        """Open one consistent snapshot; every query inside it sees the same data version.

        Raises:
            UnreachableError: the warehouse does not answer.
            NotReadyError: nothing has been published yet.
            QueryTimeoutError: a query takes longer than the time limit.
        """

    def sample(self, name: str, **params: Any) -> pd.DataFrame:
        """Run one bounded query of `queries/facts` over the facts themselves, read-only.

        Raises:
            BusyError: a load or refresh holds the embedded warehouse.
            UnreachableError, NotReadyError, QueryTimeoutError: as a snapshot.
        """

    def data_version(self) -> str:
        """Return the version of the published data; it changes with every refresh."""

    def close(self) -> None:
        """Give the connections back."""


def _timeout_error(query: str, seconds: float) -> QueryTimeoutError:
    return QueryTimeoutError(
        f"The warehouse took longer than {seconds:g} s to answer '{catalog.load(query).title}'. "
        "Try a shorter period, or raise READOUT_QUERY_TIMEOUT_SECONDS."
    )


class _DuckSnapshot:
    def __init__(self, connection: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self._connection, self._seconds = connection, seconds

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        query = catalog.load(name)
        text, values = for_duckdb(query.sql, params)
        cursor = self._connection.cursor()  # a connection refuses to be used by two threads at once
        timer = threading.Timer(self._seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            return query.frame(cursor.execute(text, values).fetchall())
        except duckdb.InterruptException as error:
            raise _timeout_error(name, self._seconds) from error
        except (duckdb.CatalogException, duckdb.BinderException) as error:  # a table, or a column, that is not there
            message = (
                f"The published data is of another version of the readout ({error}). Run `readout refresh --full`."
            )
            raise NotReadyError(message) from error
        finally:
            timer.cancel()
            cursor.close()


class DuckWarehouse:
    """The published rollup file of an embedded warehouse; follows the link when a refresh swaps it."""

    engine = "duckdb"

    def __init__(self, settings: Settings) -> None:
        """Remember where the file is; nothing is opened yet."""
        self._settings = settings
        self._facts = duckdb_path(settings.url)
        self._lock = threading.Lock()
        self._open: tuple[Path, duckdb.DuckDBPyConnection] | None = None

    def _current(self) -> duckdb.DuckDBPyConnection:
        path = current_rollup(self._facts)
        if path is None:
            raise NotReadyError(_NOT_REFRESHED if self._facts.exists() else self._absent())
        with self._lock:
            if self._open is None or self._open[0] != path:
                # the connection before is left to the queries that still run on it; it closes when they let it go
                self._open = (path, self._connect(path))
            return self._open[1]

    def _absent(self) -> str:
        return (
            f"There is no warehouse at {self._facts}. "
            "Run `readout demo` for an example, or `readout init` for your own."
        )

    def _connect(self, path: Path) -> duckdb.DuckDBPyConnection:
        options: dict[str, str | float | list[str]] = {
            "enable_external_access": "false",
            "memory_limit": self._settings.memory_limit,
            "threads": str(self._settings.threads),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
        }
        try:
            connection = duckdb.connect(str(path), read_only=True, config=options)
        except duckdb.Error as error:
            message = (
                f"The published data at {rollup_folder(self._facts)} cannot be read: {str(error).splitlines()[0]} "
                "Run `readout refresh --full` to publish it anew."
            )
            raise UnreachableError(message) from error
        # where another reader of this process has the same file open, both share one instance, configured and locked
        with contextlib.suppress(duckdb.InvalidInputException):
            connection.execute("SET GLOBAL TimeZone='UTC'")
            connection.execute("SET lock_configuration=true")
        return connection

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open one consistent snapshot: the file that is published now."""
        yield _DuckSnapshot(self._current(), self._settings.query_timeout_seconds)

    def sample(self, name: str, **params: Any) -> pd.DataFrame:
        """Open the facts read-only for one query; a load or refresh that holds the file says so."""
        if not self._facts.exists():
            raise NotReadyError(self._absent())
        options: dict[str, str | float | list[str]] = {
            "memory_limit": self._settings.memory_limit, "threads": str(self._settings.threads),
        }  # fmt: skip
        try:
            connection = duckdb.connect(str(self._facts), read_only=True, config=options)
        except duckdb.IOException as error:
            message = "A load or a refresh holds the facts just now; the figures stay readable. Try again in a moment."
            raise BusyError(message) from error
        with connection:
            connection.execute("SET enable_external_access=false")
            return _DuckSnapshot(connection, self._settings.query_timeout_seconds).query(name, **params)

    def data_version(self) -> str:
        """Return the number of the published file."""
        path = current_rollup(self._facts)
        if path is None:
            raise NotReadyError(_NOT_REFRESHED if self._facts.exists() else self._absent())
        return path.stem.removeprefix("rollup-").lstrip("0")

    def close(self) -> None:
        """Close the open file."""
        with self._lock:
            if self._open is not None:
                self._open[1].close()
                self._open = None


class _PostgresSnapshot:
    def __init__(self, connection: sa.Connection, seconds: float) -> None:
        self._connection, self._seconds = connection, seconds

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        query = catalog.load(name)
        try:
            return query.frame(self._connection.execute(*for_postgres(query.sql, params)).fetchall())
        except sa.exc.OperationalError as error:
            if "statement timeout" in str(error):
                raise _timeout_error(name, self._seconds) from error
            message = f"PostgreSQL stopped answering: {str(error.orig).strip().splitlines()[0]}. Try again in a moment."
            raise UnreachableError(message) from error
        except sa.exc.ProgrammingError as error:
            raise _postgres_refusal(error) from error


def _postgres_refusal(error: sa.exc.ProgrammingError) -> WarehouseError:
    said = str(error.orig).strip().splitlines()[0]
    if "does not exist" in said:
        return NotReadyError(f"{_NOT_REFRESHED} (PostgreSQL says: {said})")
    return UnreachableError(f"PostgreSQL refuses the query: {said}. Grant the reader role SELECT on schema readout.")


class PostgresWarehouse:
    """The published tables in PostgreSQL's schema `readout`, read-only and in one snapshot per page."""

    engine = "postgresql"

    def __init__(self, settings: Settings) -> None:
        """Make the pool; nothing is opened yet."""
        self._settings = settings
        milliseconds = round(settings.query_timeout_seconds * 1000)
        self._engine = postgres_engine(
            settings.url,
            pool_size=4,
            max_overflow=8,
            isolation_level="REPEATABLE READ",
            server_options=(
                f"-c default_transaction_read_only=on -c statement_timeout={milliseconds} "
                "-c idle_in_transaction_session_timeout=60000"
            ),
        )

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open one consistent snapshot: a REPEATABLE READ transaction."""
        try:
            connection = self._engine.connect()
        except (sa.exc.OperationalError, sa.exc.TimeoutError) as error:
            raise unreachable(self._settings.url, error) from error
        with connection:
            yield _PostgresSnapshot(connection, self._settings.query_timeout_seconds)

    def sample(self, name: str, **params: Any) -> pd.DataFrame:
        """Read the views over the facts; the reader role needs SELECT on them."""
        with self.snapshot() as snapshot:
            return snapshot.query(name, **params)

    def data_version(self) -> str:
        """Return the sequence number of the last refresh."""
        with self.snapshot() as snapshot:
            state = snapshot.query("read/state")
        found = state.loc[state["name"] == "sequence", "value"]
        if found.empty:
            raise NotReadyError(_NOT_REFRESHED)
        return str(found.iloc[0])

    def close(self) -> None:
        """Close the pool."""
        self._engine.dispose()


def open_warehouse(settings: Settings) -> Warehouse:
    """Return the reading door that READOUT_WAREHOUSE_URL names; nothing is opened before the first snapshot."""
    return DuckWarehouse(settings) if is_duckdb(settings.url) else PostgresWarehouse(settings)
