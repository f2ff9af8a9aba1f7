"""Pages run in the test process by Streamlit's AppTest, over a warehouse of the test's choice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from readout.ui import frame

SHELL = Path(__file__).resolve().parents[2] / "pages" / "_shell.py"
TIMEOUT = 60

Visit = Callable[..., AppTest]


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Visit]]:
    """Return `over(url, **settings)`, which returns `visit(page, **address)`."""

    def choose(url: str, **settings: object) -> Visit:
        monkeypatch.setenv("READOUT_WAREHOUSE_URL", url)
        for name, value in settings.items():
            monkeypatch.setenv(f"READOUT_{name.upper()}", str(value))
        _forget()
        return _visit

    yield choose
    _forget()


@pytest.fixture
def visit(over: Callable[..., Visit], demo_url: str) -> Visit:
    """Visit pages over the demo."""
    return over(demo_url)


def _forget() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def _visit(page: str = "readout", **address: str | list[str]) -> AppTest:
    test = AppTest.from_file(str(SHELL), default_timeout=TIMEOUT)
    for name, value in address.items():
        test.query_params[name] = value
    test.run()
    if page != "readout":
        test.switch_page(frame.FILES.get(page, f"{page}.py")).run()
    return test
