"""Changes: against the period before, and against the signed-off baseline."""

from dataclasses import dataclass
from decimal import Decimal

from readout.briefs.results import Figure, Header
from readout.metrics import METRICS
from readout.periods import grain_of
from readout.words.numbers import FORMATS, Number, points, rounded, signed

NO_PRIOR = "no prior data"
NO_CHANGE = "no change"
FROM_ZERO = "n/a (from 0)"
_SLIGHT_PERCENT, _SLIGHT_POINTS = 1, Decimal("0.5")  # a smaller change is shown, but called neither better nor worse


@dataclass(frozen=True)
class Change:
    """A change in words, and whether it is good, bad or neutral for the business."""

    text: str
    tone: str = "neutral"

    @property
    def verdict(self) -> str:
        """The word that stands beside the colour."""
        return {"good": "better", "bad": "worse"}.get(self.tone, "")


def change(metric: str, now: Number | None, before: Number | None, reason: str = "") -> Change:
    """Return a change by METRICS rule 6: points for shares, percent for the rest, never a percentage of shares."""
    if now is None:
        return Change("")
    if before is None:
        return Change(reason or NO_PRIOR)
    declared = METRICS[metric]
    difference = float(now) - float(before)
    if FORMATS[declared.unit].change == "points":
        moved, text = rounded(difference * 100, 1), points(difference)
    elif not before:
        return Change(NO_CHANGE if not difference else FROM_ZERO)
    else:
        relative = difference / abs(float(before)) * 100
        decimals = 0 if abs(relative) >= 9.95 else 1  # noqa: PLR2004 - two digits are enough
        moved, text = rounded(relative, decimals), f"{signed(relative, decimals)}%"
    if not moved:
        return Change(NO_CHANGE)
    slight = abs(moved) < (_SLIGHT_POINTS if FORMATS[declared.unit].change == "points" else _SLIGHT_PERCENT)
    if declared.direction == "none" or slight:
        return Change(text)
    return Change(text, "good" if (moved > 0) == (declared.direction == "up") else "bad")


def figure_change(figure: Figure) -> Change:
    """Return a figure's change against its comparison period."""
    return change(figure.metric, figure.value, figure.before, figure.before_reason)


def against_baseline(figure: Figure) -> Change:
    """Return a figure against its signed-off baseline, empty where there is no baseline."""
    if figure.value is None or figure.baseline is None:
        return Change("")
    return change(figure.metric, figure.value, figure.baseline)


def with_verdict(moved: Change) -> str:
    """Return a change with the word that its colour means."""
    return f"{moved.text}, {moved.verdict}" if moved.verdict else moved.text


def versus(header: Header) -> str:
    """Return the words behind a change: what it is compared with."""
    if header.before is None:
        return ""
    if header.scope.compare == "year":
        return "vs a year before"
    grain = grain_of(header.scope.period)
    return f"vs the {'period' if grain == 'week' else grain.replace('_', ' ')} before"
