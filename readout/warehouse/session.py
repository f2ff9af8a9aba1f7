"""Writing sessions: one transaction at a time on the facts and the rollups, used by init, load and refresh only.

Both engines offer the same few verbs, so that load and refresh are written once. Unqualified names resolve to the
`src_*` views and to temporary tables; `rollup(name)` gives the qualified name of a published table.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from readout.settings import Settings
from readout.warehouse.binding import for_duckdb, for_postgres
from readout.warehouse.errors import BusyError, UnreachableError, WarehouseError

KEPT_ROLLUPS = 2  # readers that opened the file before the last one may still be running
READOUT_SCHEMA = "readout"
_COPY_FORMAT = pa_csv.WriteOptions(include_header=False, quoting_style="needed")  # NULL is empty, '' is quoted


class Session(Protocol):
    """What init, load and refresh need of an engine."""

    engine: str

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Run one statement."""

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one query and return all of its rows."""

    def copy_in(self, table: str, data: pa.Table) -> None:
        """Append an Arrow table to a table with the same column names."""

    def rollup(self, table: str) -> str:
        """Return the qualified name under which a rollup table is written."""

    def tables(self, schema: str) -> set[str]:
        """Return the names of the tables and views of a schema."""

    def columns(self, schema: str, table: str) -> dict[str, str]:
        """Return column name -> data type, empty where there is no such table."""

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """Commit on a clean exit, roll back otherwise."""


class DuckSession:
    """A writing session on the facts file, with the rollup file under construction attached as `building`."""

    engine = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take over an open connection to the facts file."""
        self.connection = connection

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Run one statement."""
        text, values = for_duckdb(sql, params or {})
        self.connection.execute(text, values)

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one query and return all of its rows."""
        text, values = for_duckdb(sql, params or {})
        return self.connection.execute(text, values).fetchall()

    def copy_in(self, table: str, data: pa.Table) -> None:
        """Append an Arrow table to a table with the same column names."""
        self.connection.register("_incoming_arrow", data)
        try:
            names = ", ".join(f'"{name}"' for name in data.column_names)
            self.connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM _incoming_arrow")  # noqa: S608 - names come from the contract
        finally:
            self.connection.unregister("_incoming_arrow")

    def rollup(self, table: str) -> str:
        """Return the qualified name under which a rollup table is written."""
        return f"building.{table}"

    def tables(self, schema: str) -> set[str]:
        """Return the names of the tables and views of a schema of the facts file."""
        rows = self.rows(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = :schema AND table_catalog = current_database()",
            {"schema": schema},
        )
        return {row[0] for row in rows}

    def columns(self, schema: str, table: str) -> dict[str, str]:
        """Return column name -> data type, empty where there is no such table."""
        # information_schema.columns would plan every view of the file
        there = self.rows(
            "SELECT 1 FROM duckdb_tables() WHERE schema_name = :schema AND table_name = :table "
            "AND database_name = current_database() UNION ALL SELECT 1 FROM duckdb_views() WHERE schema_name = :schema "
            "AND view_name = :table AND database_name = current_database()",
            {"schema": schema, "table": table},
        )
        if not there:
            return {}
        rows = self.rows("SELECT name, lower(type) FROM pragma_table_info(:name)", {"name": f'"{schema}"."{table}"'})
        return {str(name): str(kind) for name, kind in rows}

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit on a clean exit, roll back otherwise."""
        self.connection.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")


class PostgresSession:
    """A writing session on PostgreSQL; rollups live in schema `readout`, and so do the src_* views."""

    engine = "postgresql"

    def __init__(self, connection: sa.Connection) -> None:
        """Take over an open connection in autocommit mode."""
        self.connection = connection

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Run one statement."""
        self.connection.execute(*for_postgres(sql, params or {}))

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one query and return all of its rows."""
        return [tuple(row) for row in self.connection.execute(*for_postgres(sql, params or {}))]

    def copy_in(self, table: str, data: pa.Table) -> None:
        """Append an Arrow table to a table with the same column names."""
        names = ", ".join(f'"{name}"' for name in data.column_names)
        driver: Any = self.connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
            for batch in data.to_batches(max_chunksize=20_000):
                text = pa.BufferOutputStream()
                pa_csv.write_csv(batch, text, _COPY_FORMAT)
                copy.write(text.getvalue().to_pybytes())

    def rollup(self, table: str) -> str:
        """Return the qualified name under which a rollup table is written."""
        return f"{READOUT_SCHEMA}.{table}"

    def tables(self, schema: str) -> set[str]:
        """Return the names of the tables and views of a schema."""
        rows = self.rows(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = :schema", {"schema": schema}
        )
        return {row[0] for row in rows}

    def columns(self, schema: str, table: str) -> dict[str, str]:
        """Return column name -> data type, empty where there is no such table."""
        rows = self.rows(
            "SELECT column_name, lower(data_type) FROM information_schema.columns "
            "WHERE table_schema = :schema AND table_name = :table",
            {"schema": schema, "table": table},
        )
        return {str(name): str(kind) for name, kind in rows}

    def _hold_alone(self) -> None:
        [(free,)] = self.rows("SELECT pg_try_advisory_xact_lock(74201122)")
        if not free:
            message = "another load or refresh is running on this warehouse; wait for it to end and try again"
            raise BusyError(message)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit on a clean exit, roll back otherwise; one refresher or loader at a time."""
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        try:
            self._hold_alone()
            yield
        except BaseException:
            self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")


def duckdb_path(url: str) -> Path:
    """Return the facts file of a `duckdb:///PATH` URL."""
    database = make_url(url).database
    if not database or database == ":memory:":
        message = f"{url}: name a file, for example duckdb:///var/readout.duckdb (three slashes, then the path)"
        raise WarehouseError(message)
    return Path(database)


def is_duckdb(url: str) -> bool:
    """Tell the engine of a warehouse URL; WarehouseError for any other than the two."""
    try:
        backend = make_url(url).get_backend_name()
    except sa.exc.ArgumentError:
        backend = ""
    if backend not in {"duckdb", "postgresql"}:
        message = (
            f"READOUT_WAREHOUSE_URL names neither engine: {url.rsplit('@', maxsplit=1)[-1]!r}. "
            "Use duckdb:///PATH or postgresql+psycopg://user:password@host/database"
        )
        raise WarehouseError(message)
    return backend == "duckdb"


def postgres_engine(url: str, **options: Any) -> sa.Engine:
    """Return a pooled engine on psycopg whose connections are in UTC and see schema readout first."""
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    settings = "-c timezone=UTC -c jit=off -c search_path=readout,public " + options.pop("server_options", "")
    return sa.create_engine(
        parsed,
        pool_pre_ping=True,
        connect_args={"options": settings, "application_name": "readout", "connect_timeout": 5},
        **options,
    )


@contextlib.contextmanager
def open_session(settings: Settings, *, create: bool = False) -> Iterator[Session]:
    """Open a writing session.

    Raises:
        WarehouseError: DuckDB's file is absent and `create` is false.
        BusyError: another process holds the file.
        UnreachableError: PostgreSQL does not answer.
    """
    url = settings.refresh_url.get_secret_value() if settings.refresh_url else settings.url
    if is_duckdb(url):
        path = duckdb_path(url)
        if not create and not path.exists():
            message = f"there is no warehouse at {path}; `readout init` makes one"
            raise WarehouseError(message)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = duckdb.connect(
                str(path), config={"memory_limit": settings.memory_limit, "threads": str(settings.threads)}
            )
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                message = f"{path} is held by another load or refresh; wait for it to end and try again"
                raise BusyError(message) from error
            message = f"{path} cannot be opened as a DuckDB file: {str(error).splitlines()[0]}"
            raise UnreachableError(message) from error
        try:
            connection.execute("SET GLOBAL TimeZone='UTC'")
            connection.execute("SET preserve_insertion_order=false")
            yield DuckSession(connection)
        finally:
            connection.close()
        return
    engine = postgres_engine(url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
    try:
        connection = engine.connect()
    except sa.exc.OperationalError as error:
        raise unreachable(url, error) from error
    try:
        yield PostgresSession(connection)
    finally:
        connection.close()
        engine.dispose()


def unreachable(url: str, error: Exception) -> UnreachableError:
    """Return one clear line about a PostgreSQL that does not answer, without the password."""
    where = make_url(url)
    reason = str(error.__cause__ or error).strip().splitlines()[0]
    return UnreachableError(
        f"PostgreSQL at {where.host}:{where.port or 5432}/{where.database} does not answer: {reason}. "
        "Check READOUT_WAREHOUSE_URL and that the server runs."
    )


# How a DuckDB rollup file is published: P.rollups/rollup-<n>.duckdb, CURRENT.duckdb is a link that is swapped.


def rollup_folder(facts: Path) -> Path:
    """Return the folder of the published rollup files of a facts file."""
    return facts.with_suffix(".rollups")


def current_rollup(facts: Path) -> Path | None:
    """Return the published rollup file, None before the first refresh."""
    link = rollup_folder(facts) / "CURRENT.duckdb"
    return link.resolve() if link.exists() else None


@contextlib.contextmanager
def building(session: DuckSession, facts: Path, number: int, *, fresh: bool) -> Iterator[None]:
    """Attach rollup file `number` as `building` and publish it by an atomic swap of the link on a clean exit.

    `fresh` starts empty; otherwise the new file starts as a copy of the published one.
    """
    folder = rollup_folder(facts)
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.building*"):
        stale.unlink()
    current = current_rollup(facts)
    target = folder / f"rollup-{number:06d}.duckdb"
    draft = target.with_suffix(".duckdb.building")
    if current and not fresh:
        shutil.copyfile(current, draft)
    session.connection.execute(f"ATTACH '{str(draft).replace(chr(39), chr(39) * 2)}' AS building")
    try:
        yield
    except BaseException:
        session.connection.execute("DETACH building")
        draft.unlink(missing_ok=True)
        raise
    session.connection.execute("CHECKPOINT building")
    session.connection.execute("DETACH building")
    draft.rename(target)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    swap = folder / "CURRENT.duckdb.building"
    swap.symlink_to(target.name)
    swap.replace(folder / "CURRENT.duckdb")
    for old in sorted(folder.glob("rollup-*.duckdb"))[:-KEPT_ROLLUPS]:
        old.unlink()
