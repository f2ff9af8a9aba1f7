"""Pages run in the test process by Streamlit's AppTest, over a warehouse of the test's choice."""

import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

SHELL = Path(__file__).resolve().parents[2] / "pages" / "_shell.py"
TIMEOUT = 60

Visit = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def _packages_scanned_once() -> Iterator[None]:
    """Every AppTest starts a runtime, and each would read the metadata of all installed packages: half of a page."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Visit]:
    """Return `over(url, **settings)`, which returns `visit(page, **address)`.

    What pages have read is kept while tests choose the same settings and the same untouched files, as it is between the
    readers of one server.
    """

    def choose(url: str, **settings: object) -> Visit:
        monkeypatch.setenv("READOUT_WAREHOUSE_URL", url)
        for name, value in settings.items():
            monkeypatch.setenv(f"READOUT_{name.upper()}", str(value))
        now = (_settings(), _files(url))
        if _read_last != [now]:
            _read_last[:] = [now]
            st.cache_data.clear()
            st.cache_resource.clear()
        return _visit

    return choose


_read_last: list[tuple[object, object]] = []


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("READOUT_")}


def _files(url: str) -> dict[Path, int]:
    """Return when each file in the folder of a DuckDB warehouse changed: facts, rollups, journal, portfolio."""
    folder = Path(url.removeprefix("duckdb:///")).parent
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")} if folder.is_dir() else {}


@pytest.fixture
def visit(over: Callable[..., Visit], demo_url: str) -> Visit:
    """Visit pages over the demo."""
    return over(demo_url)


def _visit(page: str = "readout", **address: str | list[str]) -> AppTest:
    test = AppTest.from_file(str(SHELL), default_timeout=TIMEOUT)
    for name, value in address.items():
        test.query_params[name] = value
    if page != "readout":
        test._page_hash = calc_hash(page)  # as a deep link: without drawing the first page before
    return test.run()
