"""What stands in charts, and what they say to those who cannot see them."""

from collections.abc import Iterable

from readout.briefs.results import Figure, Header
from readout.words.dates import length
from readout.words.names import label
from readout.words.numbers import amount, duration, missing

NOW = "This period"
RUNNING = "running week"
NOTHING_TO_DRAW = "Nothing to draw: no value was recorded in this period."
CHARTS = {
    "arms": "Tasks completed per week, stacked by who completed them.",
    "handling": "Handling time per week.",
    "distribution": "Share of tasks done within a handling time.",
    "reductions": "Handling-time reduction against baseline, with its 95% interval and target.",
    "cost": "Cost per accepted task per week.",
    "demand": "Tokens per week, stacked by provider.",
    "prices": "List price of a million tokens over time.",
}


def before_label(header: Header) -> str:
    """Return the label of the comparison period in a chart."""
    return {"year": "A year before", "none": "Before"}.get(header.scope.compare, "Period before")


def trend(name: str, labels: Iterable[str], texts: Iterable[str], numbers: Iterable[float | None]) -> str:
    """Return a series in one sentence: first, last, lowest and highest known value."""
    known = [(at, text, number) for at, text, number in zip(labels, texts, numbers, strict=True) if not missing(number)]
    if not known:
        return f"{name}: no values."
    first, last = known[0], known[-1]
    if len(known) == 1:
        return f"{name}: {last[1]} in {last[0]}."
    low, high = min(known, key=lambda k: float(k[2] or 0)), max(known, key=lambda k: float(k[2] or 0))
    return (
        f"{name}: {first[1]} in {first[0]}, {last[1]} in {last[0]}; "
        f"lowest {low[1]} in {low[0]}, highest {high[1]} in {high[0]}."
    )


def spark(figure: Figure, header: Header) -> str:
    """Return what a sparkline shows, for those who cannot see it."""
    texts = [amount(figure.metric, number, figure.currency) for number in figure.series]
    labels = [f"week {index}" for index in range(1, len(texts) + 1)]
    return trend(f"{label(figure.metric)}, {length(header.window)}", labels, texts, figure.series)


def spark_of(metric: str, series: Iterable[float | None], currency: str = "") -> str:
    """Return what a bare series of a metric shows, for those who cannot see it."""
    numbers = [None if missing(number) else number for number in series]
    texts = [amount(metric, number, currency) for number in numbers]
    return trend(label(metric), [f"week {index}" for index in range(1, len(texts) + 1)], texts, numbers)


def half_within(name: str, seconds: float) -> str:
    """Return a median as a sentence."""
    return f"{name}: half of the tasks take no longer than {duration(seconds)}."
