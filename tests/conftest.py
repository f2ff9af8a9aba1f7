"""Fixtures for every test: both engines, each test with a warehouse of its own."""

import fcntl
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.postgres import PostgresServer

ENGINES = ["duckdb", pytest.param("postgres", marks=pytest.mark.postgres)]

# No deadline: a busy machine is not a wrong answer. Every run tries the same examples; `--hypothesis-profile explore`
# seeks new ones.
hypothesis.settings.register_profile("readout", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("readout")


def pytest_configure() -> None:
    """Forget the READOUT_ variables of the person who runs the tests, and look for no garbage while tests are found."""
    gc.disable()
    for name in [name for name in os.environ if name.startswith("READOUT_")]:
        del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the PostgreSQL server or the browser, so that `-m 'not postgres'` leaves it out."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "postgres_server" in fixtures:
            item.add_marker("postgres")
        if "browser" in fixtures:
            item.add_marker("browser")


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was found: thousands of tests and all modules live to the end."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """Let everything be cleared at the end."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for the session (each xdist worker has its own)."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of a fresh, empty PostgreSQL database; for a wider scope use `postgres_server.database()`."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a fresh warehouse, once on DuckDB and once on PostgreSQL."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'w.duckdb'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a small demo warehouse that ends yesterday, with its portfolio beside it; only to be read."""
    folder = tmp_path_factory.mktemp("demo")
    workers = tmp_path_factory.getbasetemp().parent
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _build_demo(folder)
    else:  # one worker builds it, each has a copy of its own
        with (workers / "demo.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (workers / "demo").exists():
                _build_demo(workers / "demo.unfinished")
                (workers / "demo.unfinished").rename(workers / "demo")
        shutil.copytree(workers / "demo", folder, symlinks=True, dirs_exist_ok=True)
    return f"duckdb:///{folder / 'demo.duckdb'}"


def _build_demo(folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "readout.cli", "demo", "--tasks", "6000", "--weeks", "20"],
        env={**os.environ, "READOUT_WAREHOUSE_URL": f"duckdb:///{folder / 'demo.duckdb'}"},
        check=True,
        stdin=subprocess.DEVNULL,
    )
