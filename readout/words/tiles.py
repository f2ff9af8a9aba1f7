"""Tiles: their labels, their big numbers and what stands under them."""

from collections.abc import Iterator
from dataclasses import dataclass

from readout.briefs.results import Figure, Header
from readout.metrics import METRICS
from readout.words.changes import Change, against_baseline, figure_change, versus, with_verdict
from readout.words.dates import complete_weeks
from readout.words.numbers import MINUS, amount, percent, value
from readout.words.reductions import fall
from readout.words.signals import FALLS, signal

TILE_LABELS = {
    "handling_seconds_mean": "Hands-on time, mean",
    "handling_seconds_p50": "Hands-on time, half of the tasks under",
    "handling_seconds_p95": "Hands-on time, 95% of the tasks under",
    "cycle_seconds_p50": "From creation to completion, half under",
    "ai_throughput": "Tasks handled by AI",
    "handling_reduction": "Handling time against baseline",
    "hours_returned": "Hours returned",
}
GATES_TILE = "Gates"
ON_BASELINE = "vs the baseline of {}"


@dataclass(frozen=True)
class TileLine:
    """A line under a tile's big number: what it says first, in its tone, and the rest; `strong`: the first is bold."""

    text: str
    tone: str = "neutral"
    rest: str = ""
    strong: bool = False

    @property
    def whole(self) -> str:
        """The line as one text."""
        return f"{self.text} {self.rest}".strip()


def tile_lines(figure: Figure, header: Header) -> Iterator[TileLine]:
    """Yield the lines under a big number: against the baseline and the period before, its signal, what it rests on."""
    baseline = against_baseline(figure)
    if baseline.text:
        yield _moved(baseline, ON_BASELINE.format(amount(figure.metric, figure.baseline, figure.currency)))
    if header.before is not None:
        moved = tile_change(figure)
        yield _moved(moved, versus(header) if moved.tone != "neutral" or "%" in moved.text else "")
    said = signal(figure.metric, figure.signal)
    if said.text:
        yield TileLine(with_verdict(said), said.tone, strong=said.tone != "neutral")
    if figure.note:
        yield TileLine(tile_note(figure.note))
    if figure.coverage is not None:
        yield TileLine(coverage(figure.coverage))


def _moved(moved: Change, rest: str) -> TileLine:
    return TileLine(with_verdict(moved), moved.tone, rest, strong=True)


def tile_label(metric: str) -> str:
    """Return the label over a tile, which may be said more plainly than the metric's own."""
    return TILE_LABELS.get(metric, METRICS[metric].label)


def tile_value(figure: Figure) -> str:
    """Return a tile's big number; a reduction of time is shown as the fall that it is."""
    if figure.metric == "handling_reduction" and figure.value is not None:
        return fall(figure.value)
    return value(figure, short=True)


def tile_change(figure: Figure) -> Change:
    """Return the change under a tile's big number; where that number is shown as a fall, so is its change."""
    moved = figure_change(figure)
    if figure.metric != "handling_reduction" or not moved.text.startswith(("+", MINUS)):
        return moved
    return Change((MINUS if moved.text[0] == "+" else "+") + moved.text[1:], moved.tone)


def tile_series(figure: Figure) -> tuple[float | None, ...]:
    """Return the line under a tile's big number; where that number is shown as a fall, the line falls too."""
    if figure.metric != "handling_reduction":
        return figure.series
    return tuple(None if one is None else -one for one in figure.series)


def tile_limits(figure: Figure, header: Header) -> tuple[tuple[float, float] | None, ...]:
    """Return the limits of routine variation behind a tile's line, a pair for each of its weeks."""
    weeks = complete_weeks(header)
    if figure.signal is None or len(weeks) != len(figure.series):
        return ()
    bands = [figure.signal.at(week) for week in weeks]
    falls = figure.metric in FALLS
    return tuple(
        None if band is None else (-band.upper, -band.lower) if falls else (band.lower, band.upper) for band in bands
    )


def tile_note(text: str) -> str:
    """Return a note short enough for a tile; the explanation has all of it."""
    return "to date: not all is settled yet" if text.startswith("to date") else text


def coverage(share: float) -> str:
    """Return coverage as it stands beside every cost figure."""
    return f"cost known for {percent(share)}"
