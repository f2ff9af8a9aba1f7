"""Signals in words: what weeks say, their limits, and whether a line will hold."""

from datetime import date

from readout.briefs.results import Figure
from readout.metrics import METRICS
from readout.signals import METHOD, Outlook, Verdict
from readout.stats import FEWEST_POINTS, LOCKED_POINTS
from readout.words.changes import Change
from readout.words.dates import day
from readout.words.names import listed, sentence
from readout.words.numbers import amount, count
from readout.words.reductions import fall

FALLS = frozenset({"handling_reduction"})  # shown as the fall that it is: a high reduction is a low time
ROUTINE = "routine variation"
RULES = (
    f"Method {METHOD}. Limits: mean ± 2.66 × mean difference of neighbouring weeks, from the first {LOCKED_POINTS} "
    f"weeks (trial limits from {FEWEST_POINTS} on). A signal is a week outside them, 8 weeks in a row on one side of "
    "the mean, or 3 of 4 weeks nearer a limit than the mean. After 8 weeks on one side the limits start anew. A "
    "running week is never tested; a missing week breaks the row."
)
FORECASTS: dict[Outlook, tuple[str, str]] = {
    "passing": ("will keep passing", "good"),
    "failing": ("will keep failing", "bad"),
    "hit_or_miss": ("hit or miss", "neutral"),
    "unsettled": ("in motion, no forecast", "neutral"),
    "": ("too few weeks to forecast", "neutral"),
}
FORECAST_NOTE = (
    "Forecast: the line against the limits of ordinary weeks, if nothing changes. Beyond the far limit it will keep "
    "passing, beyond the near one keep failing; between them chance decides: hit or miss."
)
_SIDES = {"high": ("above its limits", "higher", "near its upper limit"),
          "low": ("below its limits", "lower", "near its lower limit")}  # fmt: skip


def signal(metric: str, found: Verdict | None) -> Change:
    """Return a verdict in a few words with its tone: routine variation; above its limits since 2 Nov."""
    if found is None:
        return Change("")
    if found.state == "signal" and found.since is not None:
        return Change(f"{moved(metric, found)} {_since(found)}", tone(metric, found))
    if found.state == "too_few":
        short = f" ({found.points} of {FEWEST_POINTS})" if found.points < FEWEST_POINTS else " in a row"
        return Change(f"too few weeks{short}")
    if found.state == "routine":
        return Change(f"{ROUTINE}; {_outside(found.passed)}" if found.passed else ROUTINE)
    return Change({"flat": "no variation", "no_value": "no verdict: no value last week"}[found.state])


def moved(metric: str, found: Verdict) -> str:
    """Return how a series has moved: above its limits, lower, near its upper limit."""
    return _SIDES[_side(metric, found)][("outside", "shift", "near").index(found.rule)]


def tone(metric: str, found: Verdict) -> str:
    """Return whether a signal is good or bad for the business."""
    direction = METRICS[metric].direction
    if found.state != "signal" or direction == "none":
        return "neutral"
    return "good" if (found.side == "high") == (direction == "up") else "bad"


def _side(metric: str, found: Verdict) -> str:
    if metric not in FALLS:
        return found.side
    return "low" if found.side == "high" else "high"


def _since(found: Verdict) -> str:
    if found.rule == "outside" and found.weeks == 1:
        return f"in the week of {day(found.since or date.min, year=False)}"
    return f"since {day(found.since or date.min, year=False)}"


def _outside(weeks: tuple[date, ...]) -> str:
    if len(weeks) == 1:
        return f"the week of {day(weeks[0], year=False)} stood out"
    return f"{count(len(weeks))} weeks stood out"


def explained(figure: Figure) -> tuple[tuple[str, str], ...]:
    """Return verdict, limits and method of a figure, as pairs of a heading and its text."""
    found = figure.signal
    if found is None:
        return ()
    facts = [("Signal", sentence(signal(figure.metric, found).text))]
    if found.band is not None:
        ends = (limit(figure, found.band.lower), limit(figure, found.band.upper))
        low, high = ends[::-1] if figure.metric in FALLS else ends
        kind = "trial limits" if found.band.trial else "limits"
        around = f"around {limit(figure, found.band.centre)}: {kind} since {day(found.band.start)}"
        facts.append(("Limits", f"Ordinary weeks lie between {low} and {high}, {around}."))
    if len(found.passed) > 1 or (found.passed and found.state == "signal"):
        facts.append(("Stood out", f"weeks of {listed(day(week, year=False) for week in found.passed)}"))
    return (*facts, ("How signals are found", RULES))


def limit(figure: Figure, number: float) -> str:
    """Return a process limit in the figure's format."""
    if figure.metric in FALLS:
        return fall(number)
    return amount(figure.metric, number, figure.currency)


def of_band(what: str) -> str:
    """Return what the grey band of a chart is."""
    return f"The grey band holds the ordinary weeks of {what}; what stands outside it is a signal. {RULES}"


def forecast(found: Outlook) -> tuple[str, str]:
    """Return whether a line will hold, in words, and its tone."""
    return FORECASTS[found]
