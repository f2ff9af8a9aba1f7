"""Filters: their labels, their choices, and the state that they make together."""

from readout.briefs.results import Scope
from readout.periods import COMPARISONS, PERIODS
from readout.words.names import human

FILTERS = {
    "period": "Period",
    "compare": "Compare with",
    "system": "Systems",
    "type": "Task type",
}
ALL_SYSTEMS = "All systems"
ALL_TYPES = "All task types"


def period_choice(key: str) -> str:
    """Return a period as a filter offers it, short enough for a phone."""
    return PERIODS[key].removeprefix("Last ") if key.endswith("w") else PERIODS[key].replace("complete ", "")


def comparison_label(key: str) -> str:
    """Return the words of a comparison key."""
    return COMPARISONS[key]


def comparison_choice(key: str) -> str:
    """Return a comparison as a filter offers it, where no label stands above, short enough for a phone."""
    return COMPARISONS[key] if key == "none" else f"vs {COMPARISONS[key].removeprefix('Same period ').lower()}"


def type_label(name: str) -> str:
    """Return a task type in words; the empty one stands for all."""
    return human(name) if name else ALL_TYPES


def state(page: str, scope: Scope) -> str:
    """Return the canonical filter state that a page's hidden marker carries."""
    return (
        f"page={page}&period={scope.period}&compare={scope.compare}"
        f"&system={','.join(scope.systems)}&type={scope.task_type}{f'&as_of={scope.as_of}' if scope.as_of else ''}"
    )
