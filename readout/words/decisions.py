"""Decisions due, in words: what, by whom, by when, and what waiting costs."""

from datetime import date

from readout.briefs.results_readout import DecisionRow
from readout.words.dates import day
from readout.words.gates import condition_name_of, step
from readout.words.names import stage
from readout.words.numbers import hours, plain

HEADS = (("Decision", "", True), ("Who", "", True), ("By", "", True), ("Cost of waiting", "per week", True))
NOTHING = "No decision is due: no gate is eligible or broken, no system is stalled, and nothing runs out in four weeks."
NOTE = (
    "Gates that are eligible, failed or broken, stages more than four weeks overdue, and waivers and policies that run "
    "out within four weeks. Eligible is not promoted: a person signs off. The cost of waiting is people's time on the "
    "work that the next stage would take over, from the last eight weeks; hours, never money."
)
NOW = "now"
NOBODY = "nobody is named"
NOT_KNOWN = "not computable"


def counted(number: int) -> str:
    """Return how many decisions are due, as a sentence."""
    if not number:
        return "No decision is due."
    return f"{'One decision is' if number == 1 else f'{number} decisions are'} due."


def what(row: DecisionRow) -> str:
    """Return what is to be decided, without the system's name."""
    leads = step(row.from_stage, row.to_stage)
    return {
        "breach": f"take load back: {condition_name_of(row.line).lower()} line broken{_since(row.since)}",
        "failed": f"gate {leads} failed: start afresh, or another policy",
        "eligible": f"sign off the step {leads}",
        "stalled": f"move to {stage(row.to_stage).lower()}, or set a new plan",
        "waiver": f"waiver for {condition_name_of(row.line).lower()} ends: let it end, or grant it anew",
        "review": f"review the policy of the gate {leads}",
    }[row.kind]


def _since(when: date | None) -> str:
    return f" since {day(when, year=False)}" if when else ""


def who(row: DecisionRow) -> str:
    """Return who decides."""
    return row.who or NOBODY


def by(row: DecisionRow, today: date) -> tuple[str, str]:
    """Return by when, and its tone: what is overdue or due now is bad."""
    if row.by is None:
        return NOW, "bad"
    if row.by < today:
        return f"overdue since {day(row.by, year=False)}", "bad"
    return day(row.by, year=row.by.year != today.year), "neutral"


def cost(row: DecisionRow) -> tuple[str, str]:
    """Return what a week of waiting costs, and what stands under it."""
    if row.burn is not None:
        return f"{plain(row.burn.rate, 1)} times the bad tasks allowed", "on the day the alarm began"
    if row.hours is not None:
        return f"{hours(row.hours)} of people's time", ""
    if row.kind == "eligible" and row.unknown:
        return NOT_KNOWN, row.unknown
    return "–", ""


def waiting(row: DecisionRow) -> str:
    """Return the cost of waiting as a sentence, '' where none is named: A week of waiting costs 9.0 h of people."""
    text, under = cost(row)
    if row.burn is not None:
        return f"Burns at {text}, {under}."
    if row.hours is not None:
        return f"A week of waiting costs {text}."
    return f"Cost of waiting {text}: {under}." if under else ""


def decider(row: DecisionRow) -> str:
    """Return who decides, as a sentence without its stop: decided by coo@example.com."""
    return f"Decided by {row.who}" if row.who else "Nobody is named to decide"
