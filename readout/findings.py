"""The sentence that opens each page: rules over the figures, in words of readout.words. Pure.

A sentence states a number and, at most, that it moved against its comparison. It never says that a movement is a
signal, that a gate is passed (the raw rule is unprotected) or that returned hours are money.
"""

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from readout import words
from readout.briefs.results import (
    Figure,
    Finding,
    GateCard,
    GateCondition,
    Header,
    ReadoutBrief,
    Reduction,
    UnitCostRow,
)

WHOLE_PERCENT = 1  # a sentence carries no decimals
NOTHING = Finding("Nothing was recorded in this period.")


def _by_name(figures: Sequence[Figure]) -> dict[str, Figure]:
    return {figure.metric: figure for figure in figures}


def of_readout(brief: ReadoutBrief) -> Finding:
    """The work that AI carried, then what needs a decision."""
    figures = _by_name(brief.figures)
    handled, share = figures["ai_throughput"], figures["ai_share"]
    if handled.value is None or not handled.value:
        return _nothing_handled(brief, handled)
    first = f"AI handled {words.value(handled)} tasks"
    if share.value is not None:
        first += f", {words.value(share)} of the work"
    reduction = figures["handling_reduction"]
    if reduction.value is not None:
        less = "less" if reduction.value >= 0 else "more"
        first += f", in {words.percent(abs(reduction.value), WHOLE_PERCENT)} {less} hands-on time than the baseline"
    ready, missing = _needs_a_decision(brief.gates), _missing_its_line(brief.gates)
    tone = "bad" if missing and not ready else ("good" if ready else "neutral")
    return Finding("; ".join(part for part in (first, ready, missing) if part) + ".", tone)


def _nothing_handled(brief: ReadoutBrief, handled: Figure) -> Finding:
    if not brief.attempted.value:
        return Finding(f"No task was attempted from {words.days(brief.header.window)}.")
    seen = f"{words.value(brief.attempted)} tasks were attempted from {words.days(brief.header.window)}"
    if handled.value is None:
        return Finding(f"{seen}; what AI completed of them cannot be said: {words.reason(handled.reason)}.")
    return Finding(f"{seen}; none is recorded as completed by AI.")


def _needs_a_decision(gates: Sequence[GateCard]) -> str:
    ready = [gate.system_name for gate in gates if gate.state == "met"]
    if not ready:
        return ""
    have = "has" if len(ready) == 1 else "have"
    return f"{words.listed(ready)} {have} met the raw gate rule"


def held_by(gate: GateCard) -> tuple[GateCondition, str] | None:
    """Return the condition that kept the last complete week from being met, and its state; None where none did.

    A missed line speaks before missing data, and that before too few reviews or tasks.
    """
    last = []
    for condition in gate.conditions:
        whole = [week for week in condition.weeks if week.complete]
        if whole and condition.role in {"required", "key", "guardrail"} and whole[-1].state != "met":
            last.append((condition, whole[-1].state))
    return min(last, key=lambda pair: ("missed", "no_data", "held").index(pair[1])) if last else None


def hold_reason(gate: GateCard) -> str:
    """Return in a few words what held the last complete week, '' where nothing did."""
    held = held_by(gate)
    if held is None:
        return ""
    condition, state = held
    name = words.condition_name(condition).lower()
    return {
        "missed": f"{name} missed",
        "no_data": f"no {name}",
        "held": "too few reviews" if condition.metric == "accuracy" else f"too few tasks for {name}",
    }[state]


def _missing_its_line(gates: Sequence[GateCard]) -> str:
    missing = [(gate, held) for gate in gates if (held := held_by(gate)) and held[1] == "missed"]
    if not missing:
        return ""
    gate, (condition, _) = missing[0]
    text = f"{gate.system_name} misses its {words.condition_name(condition).lower()} line"
    return text if len(missing) == 1 else f"{text}, and {len(missing) - 1} more"


def of_throughput(header: Header, figures: Sequence[Figure], backlog: pd.DataFrame) -> Finding:
    """What was completed, by whom, and what waits."""
    named = _by_name(figures)
    done, handled = named["throughput"], named["ai_throughput"]
    if done.value is None or not done.value:
        attempted = named["tasks_attempted"]
        if attempted.value:
            return Finding(f"{words.value(attempted)} tasks were attempted; completion is not recorded.")
        return Finding(f"Nothing was completed in {words.days(header.window)}.")
    text = f"{words.value(done)} tasks were completed, {words.value(handled)} of them by AI"
    change = words.figure_change(done)
    if change.verdict:
        text += f"; that is {change.text} against the {words.comparison_label(header.scope.compare).lower()}"
    waiting = int(backlog["n"].sum()) if not backlog.empty else 0
    if waiting:
        text += f"; {words.count(waiting)} are open"
    return Finding(f"{text}.", change.tone)


def of_handling(header: Header, figures: Sequence[Figure], reductions: Sequence[Reduction]) -> Finding:
    """The mean, and the system furthest along against its baseline."""
    mean = _by_name(figures)["handling_seconds_mean"]
    if mean.value is None:
        return Finding(f"Handling time is not measurable in {words.days(header.window)}: {words.reason(mean.reason)}.")
    text = f"A task takes {words.value(mean)} of hands-on time on average"
    known = [one for one in reductions if one.reduction is not None]
    if not known:
        return Finding(f"{text}; no system here has a comparable baseline.")
    # the system that has promised something speaks first
    best = max(known, key=lambda one: (one.target is not None, one.reduction or 0.0))
    share = words.amount("handling_reduction", abs(best.reduction or 0.0))
    direction = "below" if (best.reduction or 0) >= 0 else "above"
    state = {
        "confirmed": ", confirmed against its target",
        "met": ", which meets its target on the point estimate",
        "short": ", still short of its target",
    }.get(best.state, "")
    tone = "good" if best.state in {"confirmed", "met"} else "neutral"
    return Finding(f"{text}; {best.name} stands {share} {direction} its baseline{state}.", tone)


def of_unit_cost(header: Header, cost: Figure, rows: Sequence[UnitCostRow]) -> Finding:
    """Cost per accepted task at the highest measurable level, and the largest move among the systems."""
    if cost.value is None:
        return Finding(f"Unit cost is not measurable in {words.days(header.window)}: {words.reason(cost.reason)}.")
    level = words.level("with_people" if cost.metric.startswith("with_people") else "inference")
    text = f"An accepted task costs {words.value(cost)} ({level.lower()})"
    change = words.figure_change(cost)
    if change.verdict:
        text += f", {change.text} against the {words.comparison_label(header.scope.compare).lower()}"
    mover = _largest_move(rows, cost.metric)
    if mover:
        text += f"; the largest move is {mover}"
    return Finding(f"{text}.", change.tone)


def _largest_move(rows: Sequence[UnitCostRow], metric: str) -> str:
    level = "with_people" if metric.startswith("with_people") else "inference"
    moves = [
        (abs(row.per_accepted / row.before_per_accepted - 1), row)
        for row in rows
        if row.system_id and row.level == level and row.per_accepted is not None and row.before_per_accepted
    ]
    if len(moves) < 2:  # noqa: PLR2004 - with one system the sentence has said it already
        return ""
    _, row = max(moves, key=lambda pair: pair[0])
    move = words.change(metric, row.per_accepted, row.before_per_accepted)
    return f"{row.name} at {move.text}" if move.verdict else ""


def of_gates(gates: Sequence[GateCard]) -> Finding:
    """How many gates have their weeks on the raw rule, and which is next."""
    if not gates:
        return Finding("No gate is defined for these systems.")
    ready = [gate for gate in gates if gate.state == "met"]
    if len(gates) == 1:
        text = "The gate has its weeks on the raw rule" if ready else "The gate does not have its weeks on the raw rule"
    else:
        text = f"{len(ready)} of {len(gates)} gates have their weeks on the raw rule"
    if ready:
        names = words.listed(gate.system_name for gate in ready)
        return Finding(f"{text}: {names}. The raw rule is unprotected; a person promotes.", "good")
    closest = max(gates, key=lambda gate: gate.weeks_met / max(gate.weeks_needed, 1))
    return Finding(f"{text}; {closest.system_name} has {closest.weeks_met} of {closest.weeks_needed} weeks.")


def of_health(
    stale_hours: float | None, rejected: int, read: int, gaps: int, worst_cost_coverage: float | None
) -> Finding:
    """Whether the data can be trusted today: freshness, rejects, coverage."""
    parts = []
    if stale_hours is not None:
        parts.append(f"the data is {words.age(stale_hours)} older than promised")
    if rejected:
        parts.append(f"{words.count(rejected)} of {words.count(read)} loaded rows were rejected")
    if worst_cost_coverage is not None and worst_cost_coverage < Decimal("0.995"):
        parts.append(f"cost is known for {words.percent(worst_cost_coverage)} of tasks at the least covered system")
    if gaps:
        parts.append(f"{words.count(gaps)} metrics are not measurable yet")
    if not parts:
        return Finding("The data is fresh, complete and without rejects.", "good")
    text = "; ".join(parts)
    return Finding(f"{text[0].upper()}{text[1:]}.", "bad" if stale_hours is not None else "neutral")
