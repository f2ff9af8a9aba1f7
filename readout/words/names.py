"""What recorded names are called: metrics, stages, arms, cost levels; and how names become a sentence."""

from collections.abc import Iterable

from readout.metrics import METRICS


def human(name: str) -> str:
    """Return a recorded name as words: `password_reset` becomes Password reset."""
    text = name.replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:]


def listed(items: Iterable[str], empty: str = "none") -> str:
    """Return `a, b and c`."""
    names = list(items)
    if not names:
        return empty
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def sentence(text: str) -> str:
    """Return the text with a capital and a full stop."""
    text = text.strip()
    if not text:
        return ""
    first = text.split(" ", maxsplit=1)[0]
    start = text[0] if "@" in first else text[0].upper()  # an address is not a word
    return start + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def label(metric: str) -> str:
    """Return a metric's label."""
    return METRICS[metric].label


STAGES = {"shadow": "Shadow", "assisted": "Assisted", "partial": "Partial", "full": "Full", "retired": "Retired"}
STAGE_UNKNOWN = "no stage recorded"
UNREGISTERED = "not in the portfolio"


def stage(name: str) -> str:
    """Return a stage in words."""
    return STAGES.get(name, human(name)) if name else STAGE_UNKNOWN


ARMS = {
    "ai_auto": "AI alone",
    "ai_assisted": "AI assisted",
    "ai": "AI",
    "human": "People",
    "shadow": "Shadow",
    "other": "Arm not recorded",
    "": "Arm not recorded",
}


def arm(name: str) -> str:
    """Return an arm in words."""
    return ARMS.get(name, human(name))


LEVELS = {
    "inference": "Inference",
    "direct": "Direct AI",
    "with_people": "With people",
    "fully_loaded": "Fully loaded",
    "net": "Net of credits",
}


def level(name: str) -> str:
    """Return a cost level in words."""
    return LEVELS.get(name, human(name))


def level_of(metric: str) -> str:
    """Return the level of a cost per accepted task, "" of another metric."""
    return {
        "cost_per_accepted_task": "inference",
        "with_people_cost_per_accepted_task": "with_people",
        "direct_cost_per_accepted_task": "direct",
        "direct_people_cost_per_accepted_task": "with_people",
        "fully_loaded_cost_per_accepted_task": "fully_loaded",
        "net_cost_per_accepted_task": "net",
    }.get(metric, "")


STATISTICS = {"mean": "Mean", "p50": "Median", "p95": "p95"}
