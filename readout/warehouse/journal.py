"""The journal: what the readout itself did and what people decided. Append-only; no refresh rebuilds it.

`duckdb:///P.duckdb` keeps it in `P.journal.sqlite` (WAL, so that pages write while others read); PostgreSQL keeps it in
schema `readout`, written by the role of READOUT_SIGNER_URL. Triggers refuse UPDATE and DELETE on both. The schema is
migrated when a journal is opened: a role that finds it up to date needs INSERT and SELECT only.
"""

import contextlib
import getpass
import os
import socket
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from readout.settings import Settings
from readout.warehouse.binding import naive
from readout.warehouse.errors import BusyError, UnreachableError, WarehouseError
from readout.warehouse.session import READOUT_SCHEMA, duckdb_path, is_duckdb, postgres_engine, unreachable

BUSY_SECONDS = 30.0  # how long one writer waits for another
_MIGRATING = 74201123  # PostgreSQL's advisory lock of a migration
_DELIVERING = 74201124  # and of a delivery

METADATA = sa.MetaData(schema=READOUT_SCHEMA)
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REFRESH_LOG = sa.Table(
    "refresh_log",
    METADATA,
    sa.Column("id", _ID, sa.Identity(always=True), primary_key=True),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime, nullable=False),
    sa.Column("finished_at", sa.DateTime, nullable=False),
    sa.Column("full_rebuild", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("as_of", sa.DateTime),
    sa.Column("machine_user", sa.Text, nullable=False),
)
EXPORT_LOG = sa.Table(
    "export_log",
    METADATA,
    sa.Column("id", _ID, sa.Identity(always=True), primary_key=True),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("data_version", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("row_count", sa.BigInteger, nullable=False),
    sa.Column("exported_at", sa.DateTime, nullable=False),
)


@dataclass(frozen=True)
class RefreshEntry:
    """One refresh as it happened. Instants are naive UTC; `days` = local days rebuilt; `as_of` None = no data yet."""

    version: str
    started_at: datetime
    finished_at: datetime
    full: bool
    reason: str
    days: int
    as_of: datetime | None
    machine_user: str


@dataclass(frozen=True)
class ExportEntry:
    """One file that was handed out. `scope` is the canonical filter state; `at` is naive UTC."""

    what: str
    scope: str
    data_version: str
    sha256: str
    rows: int
    at: datetime


def machine_user() -> str:
    """Return `account@host` of this process; the numeric id where the account has no name."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError):
        account = str(os.getuid())
    return f"{account}@{socket.gethostname()}"


class Journal:
    """An open journal: `with open_journal(settings) as journal: journal.record_export(...)`."""

    def __init__(self, engine: sa.Engine, where: str) -> None:
        """Take over an engine on a migrated journal; `where` names it in messages."""
        self._engine, self._where = engine, where

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Append several rows together: all of the block's, or none where it raises.

        Raises:
            WarehouseError: the journal cannot be written.
        """
        with _translated(self._where), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read without keeping writers waiting.

        Raises:
            WarehouseError: the journal cannot be read.
        """
        with _translated(self._where), self._engine.execution_options(reads=True).connect() as connection:
            yield connection

    @contextlib.contextmanager
    def only_deliverer(self) -> Iterator[None]:
        """Let one process at a time deliver; writers of the journal are not kept waiting meanwhile.

        PostgreSQL holds an advisory lock, SQLite a write transaction on an empty file beside the journal; either ends
        with the process.

        Raises:
            BusyError: another process is delivering.
        """
        if self._engine.dialect.name == "postgresql":
            lock = _advisory_lock(self._engine)
        else:
            lock = _file_lock(Path(str(self._engine.url.database)).with_suffix(".delivering"))
        with _translated(self._where), lock as free:
            if not free:
                message = "another process is delivering; what it leaves is sent by the next run"
                raise BusyError(message)
            yield

    def record_refresh(
        self,
        *,
        version: str,
        started_at: datetime,
        full: bool,
        reason: str,
        days: int,
        as_of: datetime | None,
        finished_at: datetime | None = None,
    ) -> None:
        """Append one refresh, done by this process; `finished_at` is now where it is not given.

        Raises:
            WarehouseError: the journal cannot be written.
        """
        self._append(
            REFRESH_LOG,
            version=version,
            started_at=naive(started_at),
            finished_at=naive(finished_at or datetime.now(UTC)),
            full_rebuild=full,
            reason=reason,
            days=days,
            as_of=naive(as_of),
            machine_user=machine_user(),
        )

    def record_export(
        self, *, what: str, scope: str, data_version: str, sha256: str, rows: int, at: datetime | None = None
    ) -> None:
        """Append one file that is handed out; `at` is now where it is not given.

        Raises:
            WarehouseError: the journal cannot be written.
        """
        self._append(
            EXPORT_LOG,
            what=what,
            scope=scope,
            data_version=data_version,
            sha256=sha256,
            row_count=rows,
            exported_at=naive(at or datetime.now(UTC)),
        )

    def refreshes(self, limit: int = 100) -> list[RefreshEntry]:
        """Return the last refreshes, newest first."""
        return [RefreshEntry(*row) for row in self._latest(REFRESH_LOG, limit)]

    def exports(self, limit: int = 100) -> list[ExportEntry]:
        """Return the last exports, newest first."""
        return [ExportEntry(*row) for row in self._latest(EXPORT_LOG, limit)]

    def _append(self, table: sa.Table, **values: Any) -> None:
        with self.transaction() as connection:
            connection.execute(table.insert().inline(), values)

    def _latest(self, table: sa.Table, limit: int) -> list[tuple[Any, ...]]:
        columns = [column for column in table.columns if column.name != "id"]
        newest = sa.select(*columns).order_by(table.c.id.desc()).limit(limit)
        with self.reading() as connection:
            return [tuple(row) for row in connection.execute(newest)]


def journal_path(facts: Path) -> Path:
    """Return the journal's file beside a facts file."""
    return facts.with_suffix(".journal.sqlite")


def open_journal(settings: Settings) -> Journal:
    """Open the journal of the warehouse and bring its schema up to date; safe when several processes do so at once.

    Raises:
        UnreachableError: the journal cannot be reached, or its role may not write it.
        BusyError: another process holds it for longer than half a minute.
        WarehouseError: a newer version of the readout wrote it.
    """
    url = settings.signer_url.get_secret_value() if settings.signer_url else settings.url
    if is_duckdb(url):
        path = journal_path(duckdb_path(url))
        path.parent.mkdir(parents=True, exist_ok=True)
        engine, where = _sqlite_engine(path), str(path)
        with _translated(where):
            _switch_to_wal(path)
    else:
        engine, where = postgres_engine(url, poolclass=sa.pool.NullPool), "schema readout in PostgreSQL"
        _knock(engine, url)
    try:
        with _translated(where):
            _migrate(engine, where)
    except BaseException:
        engine.dispose()
        raise
    return Journal(engine, where)


def _sqlite_engine(path: Path) -> sa.Engine:
    """Return an engine whose transactions begin as writers, so that none has to give way halfway."""
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=sa.pool.NullPool,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
        execution_options={"schema_translate_map": {READOUT_SCHEMA: None}},
    )

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _switch_to_wal(path: Path) -> None:
    """Put the file into WAL mode; two that switch at once are told it is locked, and try again."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            try:
                if connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",):
                    return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
        time.sleep(0.02)


@contextlib.contextmanager
def _advisory_lock(engine: sa.Engine) -> Iterator[bool]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # of the session, not of a transaction: sending may take minutes, and a server may end idle transactions
        key = {"key": _DELIVERING}
        if not connection.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one():
            yield False
            return
        try:
            yield True
        finally:  # a closed connection lets go too, but only some time later
            with contextlib.suppress(sa.exc.DBAPIError):
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), key)


@contextlib.contextmanager
def _file_lock(path: Path) -> Iterator[bool]:
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            yield False
        else:
            yield True


def _knock(engine: sa.Engine, url: str) -> None:
    try:
        engine.connect().close()
    except sa.exc.OperationalError as error:
        engine.dispose()
        raise unreachable(url, error) from error


def _migrate(engine: sa.Engine, where: str) -> None:
    """Apply the migrations that the journal has not seen, all in one transaction, one process at a time."""
    postgres = engine.dialect.name == "postgresql"
    table = {"version_table": "journal_version", "version_table_schema": READOUT_SCHEMA if postgres else None}
    config = Config()
    config.set_main_option("script_location", "readout.warehouse:migrations")
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    with engine.execution_options(reads=True).begin() as connection:
        if _revision(connection, table) == head:
            return
    with engine.begin() as connection:
        if postgres:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            if not connection.dialect.has_schema(connection, READOUT_SCHEMA):
                connection.execute(sa.schema.CreateSchema(READOUT_SCHEMA))
        found = _revision(connection, table)
        if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
            message = f"the journal ({where}) was written by a newer readout (its schema is {found}); upgrade this one"
            raise WarehouseError(message)
        config.attributes |= {"connection": connection, "version_table": table}
        command.upgrade(config, "head")


def _revision(connection: sa.Connection, table: dict[str, str | None]) -> str | None:
    return MigrationContext.configure(connection, opts=dict(table)).get_current_revision()


@contextlib.contextmanager
def _translated(where: str) -> Iterator[None]:
    """Turn the driver's errors into ours, each with its next step."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        said = str(getattr(error, "orig", error)).strip().splitlines()[0]
        if "locked" in said:
            message = f"the journal ({where}) is held by another process; try again in a moment"
            raise BusyError(message) from error
        hint = (
            " Grant the role of READOUT_SIGNER_URL what docs/contract.md lists." if "permission denied" in said else ""
        )
        message = f"the journal ({where}) refuses: {said}.{hint}"
        raise UnreachableError(message) from error
