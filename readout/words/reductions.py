"""Handling time against its baseline."""

from collections.abc import Iterable

from readout.briefs.results import Figure, Reduction
from readout.words.names import human, listed
from readout.words.numbers import Number, percent, rounded, signed, value
from readout.words.reasons import reason

REDUCTION_STATES = {
    "confirmed": ("Confirmed", "good"),
    "met": ("Met, not confirmed", "good"),
    "short": ("Short of target", "bad"),
    "no target": ("No target", "neutral"),
    "not measurable": ("Not measurable", "neutral"),
}


def reduction(item: Reduction) -> str:
    """Return a system's reduction in one sentence."""
    if item.reduction is None:
        return f"{item.name}: not measurable, {reason(item.reason)}."
    text = f"{item.name}: {percent(item.reduction)}"
    if item.lower is not None and item.upper is not None:
        text += f" ({percent(item.lower)} to {percent(item.upper)})"
    if item.target is not None:
        text += f", target {percent(item.target)}"
    state = REDUCTION_STATES.get(item.state, ("", ""))[0]
    return f"{text}, {state.lower()}." if state else f"{text}."


def reduction_remarks(items: Iterable[Reduction]) -> str:
    """Return why some systems have no reduction, and which task types are left out."""
    remarks = []
    by_reason: dict[str, list[str]] = {}
    for item in items:
        if item.reduction is None:
            by_reason.setdefault(reason(item.reason), []).append(item.name)
        elif item.left_out:
            left = listed(human(name) for name in item.left_out)
            remarks.append(f"{item.name}: left out with fewer than five tasks now: {left}.")
    remarks += [f"Not measurable for {listed(names)}: {why}." for why, names in by_reason.items()]
    return " ".join(remarks)


def reduction_tone(figure: Figure) -> str:
    """Return whether handling time fell or rose against the baseline, as good or bad."""
    if figure.value is None or not rounded(float(figure.value) * 100, 0):
        return "neutral"
    return "good" if figure.value > 0 else "bad"


def fall(share: Number) -> str:
    """Return a reduction as the fall that it is: −31%."""
    return f"{signed(-float(share) * 100, 1)}%"


def now_mean(figure: Figure) -> str:
    """Return the mean of now as it stands under a reduction."""
    return f"{value(figure)} a task"
