"""Digests by e-mail in words: what each role is told, what holds a digest back, and how a line of it is put."""

from collections.abc import Iterable
from datetime import date

from readout.briefs.results import GateCard, Header
from readout.words.dates import day, stamp
from readout.words.gates import gate_state
from readout.words.names import sentence, stage
from readout.words.numbers import age

TITLES = {
    "leadership": "Weekly digest",
    "finance": "Monthly digest of cost",
    "operations": "Daily digest of operations",
}
FIGURES, CHANGED, DECISIONS = "Figures", "What changed and why", "Decisions due"
UNIT_COST, BUDGET, CLOSE = "Cost per accepted task, fully loaded", "Against budget", "Month end"
GATES, BROKEN, OVERDUE, LATE = "Gates that changed since the day before", "Broken lines", "Overdue", "Late sources"
NOTHING = {
    GATES: "No gate changed.",
    BROKEN: "No line is broken.",
    OVERDUE: "Nothing is overdue.",
    LATE: "Every source is on time.",
    BUDGET: "No budget covers the month.",
}
NO_LINKS = "No links: READOUT_PUBLIC_URL is not set."
LINK = "Open"
CLOSED_AS, RECONCILED, ALL_COST = "Close", "Reconciliation", "All systems"
REVIEWS_SHORT = "too few reviews to judge the last week that closed"
RECONCILIATION = {"pass": "PASS", "fail": "FAIL", "not_checked": "NOT CHECKED"}
NO_FIGURE = "not measurable"


def title(role: str, name: str) -> str:
    """Return the subject line: Weekly digest, 2026-W47 (16–22 Nov)."""
    return f"{TITLES[role]}, {name}"


def ends_early(last: date | None, wanted: date) -> str:
    """Return that the data ends before the period does."""
    seen = f"ends on {day(last)}" if last else "holds no day"
    return f"The data {seen}; the digest is through {day(wanted)}."


EMPTY = "Nothing was recorded in the period."


def gate_moved(before: GateCard | None, now: GateCard) -> str:
    """Return how a gate moved since the day before: Hold, now Eligible; 2 of 3 weeks, now 3 of 3."""
    label = gate_state(now.state)[0]
    if before is None:
        return f"new: {label}"
    parts = []
    if before.state != now.state:
        parts.append(f"{gate_state(before.state)[0]}, now {label}")
    if before.stage != now.stage:
        parts.append(f"stage {stage(before.stage).lower()}, now {stage(now.stage).lower()}")
    if before.weeks_met != now.weeks_met:
        parts.append(f"{before.weeks_met} weeks in a row, now {now.weeks_met} of {now.weeks_needed}")
    return "; ".join(parts)


def policy_overdue(when: date) -> str:
    """Return that a policy should have been reviewed."""
    return f"policy to be reviewed by {day(when)}"


def source_late(table: str, loaded_at: object, hours: float, promise: float) -> str:
    """Return how late a source is: tasks loaded 27 Nov 2026, 02:00, 38 h ago; 26 h are promised."""
    return f"{table} loaded {stamp(loaded_at)} (UTC), {age(hours)} ago; {age(promise)} are promised"  # ty: ignore[invalid-argument-type]


def of_data(header: Header) -> str:
    """Return where the figures come from, as the last line."""
    return f"As of {stamp(header.as_of_local)} ({header.time_zone}), data version {header.data_version}."


def held(name: str, reasons: Iterable[str]) -> str:
    """Return the text of the message that tells the owner why a digest was not sent."""
    listed = "\n".join(f"- {sentence(reason)}" for reason in reasons)
    return f"{name} was not sent:\n\n{listed}\n\nPut this right, then run the same command again.\n"


def not_sent(name: str) -> str:
    """Return the subject of that message."""
    return f"Not sent: {name}"


def due(when: str) -> str:
    """Return by when something is due: Due now; Due 23 Dec; Overdue since 7 Sep."""
    return f"Due {when}" if not when.startswith("overdue") else f"O{when[1:]}"


def against_budget(actual: str, budget: str, moved: str, *, over: bool) -> str:
    """Return cost against budget: €41,200 of a budget of €40,000, €1,200 over."""
    return f"{actual} of a budget of {budget}, {moved} {'over' if over else 'under'}"
