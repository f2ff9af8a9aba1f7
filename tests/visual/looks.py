"""Every page looks as it did when somebody last looked at it: `make test-visual`, by hand.

The demo ends on a fixed day, so a picture changes only where the product did.
`make test-visual ACCEPT=1` keeps what is seen now as the new baseline.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from readout import words
from tests.e2e.conftest import Server, ready
from tests.visual.pictures import compare

LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
END = "2026-11-22"
TALLEST = 4000  # pixels of a page that are looked at
ADDRESSES = {"system": "system?system=payment-risk", "gate": "gate?gate=routing-engine/partial-to-full"}


@pytest.fixture(scope="module")
def url(server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a demo that is the same on every day."""
    folder = tmp_path_factory.mktemp("demo")
    warehouse = f"duckdb:///{folder / 'demo.duckdb'}"
    subprocess.run(
        [sys.executable, "-m", "readout.cli", "demo", "--tasks", "20000", "--weeks", "60", "--end", END],
        env={**os.environ, "READOUT_WAREHOUSE_URL": warehouse},
        check=True,
        stdin=subprocess.DEVNULL,
    )
    # its data grows old, which is not what is looked at
    organisation = folder / "portfolio" / "organisation.yaml"
    kept = [line for line in organisation.read_text().splitlines() if not line.startswith("freshness_hours:")]
    organisation.write_text("\n".join([*kept, "freshness_hours: 1000000", ""]))
    return server(warehouse).url


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", words.PAGES)
def test_a_page_looks_as_it_did(
    url: str,
    new_page: Callable[..., Page],
    settled: Callable[[Page], None],
    tmp_path: Path,
    name: str,
    look: str,
) -> None:
    page = new_page(**LOOKS[look])
    page.goto(f"{url}/{'' if name == 'readout' else ADDRESSES.get(name, name)}")
    ready(page)
    settled(page)
    tall = page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
    page.set_viewport_size({"width": LOOKS[look]["viewport"]["width"], "height": min(tall + 60, TALLEST)})
    settled(page)
    compare(page, name, look, tmp_path)
