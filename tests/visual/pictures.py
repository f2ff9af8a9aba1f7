"""Pictures of pages beside those that somebody looked at: small, and compared in tiles.

A word that is set a pixel lower passes, a moved or missing block does not. `ACCEPT=1` keeps what is seen now.
"""

import io
import os
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page

BASELINES = Path(__file__).parent / "baselines"
SMALLER = {"desktop": 4, "phone-dark": 2}  # how many pixels of the screen are one of the picture
TILE = 12
# Two states of a page differ in 12 % of their tiles at least; all words a line's quarter lower, in 1 %.
MOST_DIFFERENT = 8.0  # of 255, mean of a tile
FEW_TILES = 0.03
COLOURS = 48


def compare(page: Page, name: str, look: str, folder: Path) -> None:
    """Fail where a page looks different from its baseline; the picture as it is now is left in the folder."""
    shot = page.screenshot(animations="disabled", caret="hide")
    (folder / "now.png").write_bytes(shot)
    seen = _small(shot, SMALLER[look])
    kept = BASELINES / f"{name}-{look}.png"
    if os.environ.get("ACCEPT"):
        seen.quantize(COLOURS).save(kept, optimize=True)
    assert kept.exists(), f"no baseline of {name}: look at {folder / 'now.png'}, then accept it with ACCEPT=1"
    with Image.open(kept) as picture:
        before = picture.convert("RGB")
    share = _different(before, seen)
    message = f"{share:.1%} of {name} ({look}) looks different: compare {folder / 'now.png'} with {kept}"
    assert share <= FEW_TILES, message


def _small(shot: bytes, factor: int) -> Image.Image:
    """Return a picture at a fraction of its size, in few colours like a baseline."""
    with Image.open(io.BytesIO(shot)) as picture:
        seen = picture.convert("RGB")
    seen = seen.resize((seen.width // factor, seen.height // factor), Image.Resampling.BOX)
    return seen.quantize(COLOURS).convert("RGB")


def _different(before: Image.Image, now: Image.Image) -> float:
    """Return the share of tiles that differ; what only one of two pictures of unequal height has differs."""
    width, height = max(before.width, now.width), max(before.height, now.height)
    pair = [Image.new("RGB", (width, height), "magenta") for _ in range(2)]
    for sheet, picture in zip(pair, (before, now), strict=True):
        sheet.paste(picture)
    pair = [sheet.resize((max(width // TILE, 1), max(height // TILE, 1)), Image.Resampling.BOX) for sheet in pair]
    apart = ImageChops.difference(*pair).convert("L").point(lambda value: 255 if value > MOST_DIFFERENT else 0)
    return ImageStat.Stat(apart).mean[0] / 255
