"""Every page looks as it did when somebody last looked at it: `make test-visual`, by hand.

The demo ends on a fixed day, so a picture changes only where the product did.
Pictures are small and compared in tiles: a word that is set a pixel lower passes, a moved or missing block does not.
`make test-visual ACCEPT=1` keeps what is seen now as the new baseline.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page

from readout import words
from tests.e2e.conftest import Server, ready

BASELINES = Path(__file__).parent / "baselines"
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
END = "2026-11-22"
SMALLER = {"desktop": 4, "phone-dark": 2}  # how many pixels of the screen are one of the picture
TALLEST = 4000  # pixels of a page that are looked at
TILE = 12
MOST_DIFFERENT = 26.0  # of 255, mean of a tile
FEW_TILES = 0.01
COLOURS = 48
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
    shot = tmp_path / "now.png"
    page.screenshot(path=shot, animations="disabled")
    seen = small(shot, SMALLER[look])
    kept = BASELINES / f"{name}-{look}.png"
    if os.environ.get("ACCEPT"):
        seen.quantize(COLOURS).save(kept, optimize=True)
    assert kept.exists(), f"no baseline of {name}: look at {shot}, then make test-visual ACCEPT=1"
    with Image.open(kept) as picture:
        before = picture.convert("RGB")
    share = different(before, seen)
    assert share <= FEW_TILES, f"{share:.1%} of {name} ({look}) looks different: compare {shot} with {kept}"


def small(shot: Path, factor: int) -> Image.Image:
    """Return a picture at a fraction of its size, in few colours like a baseline."""
    with Image.open(shot) as picture:
        seen = picture.convert("RGB")
    seen = seen.resize((seen.width // factor, seen.height // factor), Image.Resampling.BOX)
    return seen.quantize(COLOURS).convert("RGB")


def different(before: Image.Image, now: Image.Image) -> float:
    """Return the share of tiles that differ; what only one of two pictures of unequal height has differs."""
    width, height = max(before.width, now.width), max(before.height, now.height)
    pair = [Image.new("RGB", (width, height), "magenta") for _ in range(2)]
    for sheet, picture in zip(pair, (before, now), strict=True):
        sheet.paste(picture)
    pair = [sheet.resize((max(width // TILE, 1), max(height // TILE, 1)), Image.Resampling.BOX) for sheet in pair]
    apart = ImageChops.difference(*pair).convert("L").point(lambda value: 255 if value > MOST_DIFFERENT else 0)
    return ImageStat.Stat(apart).mean[0] / 255
