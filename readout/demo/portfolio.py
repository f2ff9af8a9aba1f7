"""The example portfolio, moved to where the demo's rows end: its plans keep their distance to what happened."""

import re
from datetime import date
from pathlib import Path

from readout.demo.clock import Clock

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_MONTH = re.compile(r"(?<=\bmonth: )\d{4}-\d{2}\b")


def write_portfolio(example: Path, folder: Path, clock: Clock) -> None:
    """Copy the example to a folder that is not there, every day and month moved with the clock; the rest as it is."""
    for path in sorted(example.rglob("*.yaml")):
        target = folder / path.relative_to(example)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_moved(path.read_text("utf-8"), clock), "utf-8")


def _moved(text: str, clock: Clock) -> str:
    text = _MONTH.sub(lambda found: f"{clock.moved_month(date.fromisoformat(f'{found[0]}-01')):%Y-%m}", text)
    return _DAY.sub(lambda found: clock.moved(date.fromisoformat(found[0])).isoformat(), text)
