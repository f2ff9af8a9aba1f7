"""The sentence that opens each page: rules over the figures, in words of readout.words. Pure.

A sentence states a number and, at most, that it moved against its comparison. It calls a signal only what the weekly
series has shown to be one, never says that an eligible gate is a promotion, or that returned hours are money.
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
    SystemRow,
    UnitCostRow,
)
from readout.briefs.results_quality import QualityBrief
from readout.briefs.results_readout import ChangeRow
from readout.briefs.results_system import SystemChoice, SystemProfile
from readout.finance.reconciliation import Reconciliation
from readout.words import reconciliation, running

WHOLE_PERCENT = 1  # a sentence carries no decimals
TOO_FEW_REVIEWS = "too few reviews"
NO_TASK = "No task was attempted"
OLDEST = "over 30 days"  # the last age of read/backlog
NOTHING = Finding("Nothing was recorded in this period.")


def _by_name(figures: Sequence[Figure]) -> dict[str, Figure]:
    return {figure.metric: figure for figure in figures}


def of_readout(brief: ReadoutBrief) -> Finding:
    """The single most important finding: the first rule that applies says the headline.

    What is broken, what has failed, what waits for a sign-off, what signals for the worse, what misses its line, what
    stands still, what signals for the better; else that all of it is routine variation.
    """
    handled = _by_name(brief.figures)["ai_throughput"]
    if handled.value is None or not handled.value:
        return _nothing_handled(brief, handled)
    for said, tone in (
        (_broken(brief.gates), "bad"),
        (_failed(brief.gates), "bad"),
        (_needs_a_decision(brief.gates), "good"),
        (_signals(brief.changes, "bad"), "bad"),
        (_missing_its_line(brief.gates), "bad"),
        (_standing_still(brief.systems), "bad"),
        (_signals(brief.changes, "good"), "good"),
    ):
        if said:
            return Finding(f"{said}.", tone)
    figures = [figure for figure in brief.figures if figure.value is not None]
    if figures and all(figure.signal is not None and figure.signal.state == "routine" for figure in figures):
        return Finding("Nothing needs a decision: every headline figure is in routine variation.")
    return Finding("Nothing needs a decision.")


def lede(brief: ReadoutBrief) -> str:
    """Return the sentence under the headline: the work that AI carried; '' where it carried none."""
    figures = _by_name(brief.figures)
    handled, share = figures["ai_throughput"], figures["ai_share"]
    if handled.value is None or not handled.value:
        return ""
    text = f"AI handled {words.value(handled)} tasks"
    if share.value is not None:
        text += f", {words.value(share)} of the work"
    reduction = figures["handling_reduction"]
    if reduction.value is not None:
        less = "less" if reduction.value >= 0 else "more"
        text += f", in {words.percent(abs(reduction.value), WHOLE_PERCENT)} {less} hands-on time than the baseline"
    return f"{text}. {words.decisions.counted(len(brief.decisions))}"


def _broken(gates: Sequence[GateCard]) -> str:
    broken = [gate for gate in gates if gate.state == "breach"]
    if not broken:
        return ""
    since = f" since {words.day(broken[0].alarm.day, year=False)}" if broken[0].alarm else ""
    text = f"{broken[0].system_name} has broken its {_line_of(broken[0])} line{since}"
    return text if len(broken) == 1 else f"{text}, and {_more(len(broken) - 1, 'line is', 'lines are')} broken"


def _failed(gates: Sequence[GateCard]) -> str:
    failed = [gate for gate in gates if gate.state == "failed"]
    if not failed:
        return ""
    text = f"{failed[0].system_name} has failed its gate {words.step(failed[0].from_stage, failed[0].to_stage)}"
    return text if len(failed) == 1 else f"{text}, and {_more(len(failed) - 1, 'gate has', 'gates have')} failed"


def _more(number: int, one: str, several: str) -> str:
    return f"{words.count(number)} more {one if number == 1 else several}"


def _signals(changes: Sequence[ChangeRow], tone: str) -> str:
    """Return the weightiest signal of a tone among the systems."""
    own = [row for row in changes if words.changed.verdict(row.signals[0])[1] == tone]
    if not own:
        return ""
    text = words.changed.headline(own[0])
    more = "signals for the worse" if tone == "bad" else "signals for the better"
    return text if len(own) == 1 else f"{text}, and {_more(len(own) - 1, 'system', 'systems')} with {more}"


def _standing_still(rows: Sequence[SystemRow]) -> str:
    names = [row.name for row in rows if row.standstill is not None]
    return f"{words.listed(names)} {_is(names)} stalled" if names else ""


def _nothing_handled(brief: ReadoutBrief, handled: Figure) -> Finding:
    if not brief.attempted.value:
        calls = words.system.counted(brief.calls, "call of a model", "calls of models")
        said = f"{calls} and no task {'was' if brief.calls == 1 else 'were'} recorded" if brief.calls else NO_TASK
        return Finding(f"{said} from {words.days(brief.header.window)}.")
    seen = f"{words.value(brief.attempted)} tasks were attempted from {words.days(brief.header.window)}"
    if handled.value is None:
        return Finding(f"{seen}; what AI completed of them cannot be said: {words.reason(handled.reason)}.")
    return Finding(f"{seen}; none is recorded as completed by AI.")


def _needs_a_decision(gates: Sequence[GateCard]) -> str:
    ready = [gate for gate in gates if gate.state == "eligible"]
    if not ready:
        return ""
    if len(ready) == 1:
        return (
            f"{ready[0].system_name} is eligible for {words.stage(ready[0].to_stage).lower()} and waits for a sign-off"
        )
    return f"{words.listed(gate.system_name for gate in ready)} are eligible and wait for a sign-off"


def held_by(gate: GateCard) -> tuple[GateCondition, str] | None:
    """Return the condition that kept the last complete week from being met, and its state; None where none did.

    A missed line speaks before missing data, and that before too few reviews or tasks.
    """
    last = []
    for condition in gate.conditions:
        whole = [week for week in condition.weeks if week.complete]
        if whole and condition.role in {"required", "key", "guardrail"} and whole[-1].state != "met":
            last.append((condition, whole[-1].state))
    return min(last, key=lambda pair: ("breach", "missed", "no_data", "held").index(pair[1])) if last else None


def hold_reason(gate: GateCard) -> str:
    """Return in a few words what held the last complete week, '' where nothing did."""
    held = held_by(gate)
    if held is None:
        return ""
    condition, state = held
    name = words.condition_name(condition).lower()
    return {
        "breach": f"{name} breached",
        "missed": f"{name} missed",
        "no_data": f"no {name}",
        "held": TOO_FEW_REVIEWS if condition.metric == "accuracy" else f"too few tasks for {name}",
    }[state]


def _missing_its_line(gates: Sequence[GateCard]) -> str:
    missing = [(gate, held) for gate in gates if (held := held_by(gate)) and held[1] == "missed"]
    if not missing:
        return ""
    gate, (condition, _) = missing[0]
    text = f"{gate.system_name} misses its {words.condition_name(condition).lower()} line"
    return text if len(missing) == 1 else f"{text}, and {len(missing) - 1} more"


def _line_of(gate: GateCard) -> str:
    """Return the metric of a gate whose line is broken, in words."""
    if gate.alarm is not None:
        return words.condition_name_of(gate.alarm.metric).lower()
    held = held_by(gate)
    return words.condition_name(held[0]).lower() if held else "breach"


def of_throughput(header: Header, figures: Sequence[Figure], backlog: pd.DataFrame) -> Finding:
    """What was completed, by whom, and what waits."""
    named = _by_name(figures)
    done, handled = named["throughput"], named["ai_throughput"]
    if done.value is None or not done.value:
        attempted = named["tasks_attempted"]
        if attempted.value:
            return Finding(f"{words.value(attempted)} tasks were attempted; completion is not recorded.")
        if done.value is None:
            return Finding(f"{NO_TASK} from {words.days(header.window)}; {words.reason(done.reason)}.")
        return Finding(f"Nothing was completed in {words.days(header.window)}.")
    text = f"{words.value(done)} tasks were completed, {words.value(handled)} of them by AI"
    change = words.figure_change(done)
    if change.verdict:
        text += f"; that is {change.text} against the {words.comparison_label(header.scope.compare).lower()}"
    waiting = int(backlog["n"].sum()) if not backlog.empty else 0
    if waiting:
        text += f"; {words.count(waiting)} {'is' if waiting == 1 else 'are'} open"
        old = int(backlog.loc[backlog["age_bucket"] == OLDEST, "n"].sum()) if "age_bucket" in backlog else 0
        text += f", {words.count(old)} of them for {OLDEST}" if old else ""
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
    short = [one.name for one in known if one.state == "short" and one is not best]
    tone = "good" if best.state in {"confirmed", "met"} and not short else "neutral"
    behind = (
        f"; {words.listed(short)} {_is(short)} short of {'its' if len(short) == 1 else 'their'} target" if short else ""
    )
    return Finding(f"{text}; {best.name} stands {share} {direction} its baseline{state}{behind}.", tone)


def of_unit_cost(header: Header, cost: Figure, rows: Sequence[UnitCostRow]) -> Finding:
    """Cost per accepted task at the highest measurable level, and the largest move among the systems."""
    if cost.value is None:
        known = next((row for row in rows if not row.system_id and row.total is not None), None)
        if known is not None:
            spent = words.amount("cost_total", known.total, header.currency)
            said = f"Inference cost {spent}; what an accepted task costs cannot be said"
            return Finding(f"{said}: {words.reason(cost.reason)}.")
        return Finding(f"Unit cost is not measurable in {words.days(header.window)}: {words.reason(cost.reason)}.")
    text = f"An accepted task costs {words.value(cost)} ({words.level(words.level_of(cost.metric)).lower()})"
    change = words.figure_change(cost)
    if change.verdict:
        text += f", {change.text} against the {words.comparison_label(header.scope.compare).lower()}"
    mover = _largest_move(rows, cost.metric)
    if mover:
        text += f"; the largest move is {mover}"
    return Finding(f"{text}.", change.tone)


def _largest_move(rows: Sequence[UnitCostRow], metric: str) -> str:
    level = words.level_of(metric)
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
    """What is broken, what waits for a sign-off, and how many are held by volume or by quality."""
    if not gates:
        return Finding("No gate is defined for these systems.")
    broken = [gate for gate in gates if gate.state in {"breach", "failed"}]
    ready = [gate for gate in gates if gate.state == "eligible"]
    held = [gate for gate in gates if gate.state == "hold"]
    parts = []
    if broken:
        since = f" (since {words.day(broken[0].alarm.day)})" if broken[0].alarm else ""
        name = f"{broken[0].system_name} has broken its {_line_of(broken[0])} line{since}"
        parts.append(name if len(broken) == 1 else f"{name}, and {len(broken) - 1} more")
    if ready:
        parts.append(_needs_a_decision(gates))
    if held:
        why = [
            f"{len(own)} by {reason}"
            for reason in ("volume", "quality", "weeks")
            if (own := [gate for gate in held if gate.held_by == reason])
        ]
        counted = f"{len(held)} {'is' if len(held) == 1 else 'are'} held"
        parts.append(f"{counted}: {', '.join(why)}" if why else counted)
    if not parts:
        parts.append(f"{len(gates)} {'gate is' if len(gates) == 1 else 'gates are'} watched, and no line is broken")
    return Finding("; ".join(parts) + ".", "bad" if broken else ("good" if ready else "neutral"))


def of_gate(gate: GateCard) -> Finding:
    """What one gate says: what burns, else its own sentence."""
    said = words.gates.alarm(gate) or gate.sentence.rstrip(".")
    tone = words.gate_state(gate.state)[1]
    return Finding(f"{gate.system_name}, {words.step(gate.from_stage, gate.to_stage)}: {said}.", tone)


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


def of_systems(choices: Sequence[SystemChoice]) -> Finding:
    """How many systems there are, and how far they are described."""
    if not choices:
        return Finding("No system is in the portfolio, and none has recorded anything.")
    registered = sum(one.registered for one in choices)
    text = f"{words.system.counted(len(choices), 'system is', 'systems are')} known"
    if len(choices) == 1 and not registered:
        text += ", and it is not in the portfolio"
    elif registered < len(choices):
        text += f", {words.count(len(choices) - registered)} of them not in the portfolio"
    return Finding(f"{text}; choose one to see everything about it.")


def of_system(header: Header, profile: SystemProfile) -> Finding:
    """The work that one system carries against what it is entitled to, then what needs a person."""
    if not profile.recorded:
        return Finding(f"{profile.name} is in the portfolio; nothing has been recorded of it yet.")
    if profile.silent:
        return Finding(f"{profile.name}: nothing was recorded from {words.days(header.window)}.")
    first = _carried(profile)
    if words.system.in_shadow(profile.stage) and not (_by_name(profile.figures)["ai_share"].value or 0):
        first = words.system.shadow(profile)
    reduction = _by_name(profile.figures).get("handling_reduction")
    if reduction is not None and reduction.value is not None:
        less = "less" if reduction.value >= 0 else "more"
        first += f", in {words.percent(abs(reduction.value), WHOLE_PERCENT)} {less} hands-on time than the baseline"
    ready = [gate for gate in profile.gates if gate.state == "eligible"]
    needs = [_overrun(profile, header), _still_open(profile), _missed_line(profile), words.system.no_owner(profile)]
    stalled = running.standstill(profile.standstill) if profile.standstill else ""
    late = stalled or words.system.behind_plan(profile)
    needs += [running.snapshots(profile.standstill), words.system.unjudged(profile)]
    wrong = any((*needs, stalled))
    costs = (_cheaper(profile), running.infrastructure(profile.charges))
    parts = (first, late, *needs, *costs, _ready(ready))
    tone = "bad" if wrong and not ready else "good" if ready and not wrong else "neutral"
    return Finding("; ".join(part for part in parts if part) + ".", tone)


def _carried(profile: SystemProfile) -> str:
    figures = _by_name(profile.figures)
    done, share = figures["throughput"], figures["ai_share"]
    if done.value is None or share.value is None:
        attempted = next(row.figure for row in profile.metrics if row.figure.metric == "tasks_attempted")
        if attempted.value:
            reason = words.reason((share if done.value else done).reason)
            unit = words.system.unit_of(profile, float(attempted.value))
            text = f"{profile.name}: {words.value(attempted)} {unit} attempted"
            return f"{text}; who completed them cannot be said, {reason}"
        return f"{profile.name}: calls were recorded, and no {words.system.unit_of(profile, 0)}"
    unit = words.system.unit_of(profile, float(done.value))
    text = f"{profile.name}: AI handled {words.value(share)} of {words.value(done)} {unit}"
    stage = profile.stage
    if stage is None or stage.load_share is None or words.system.is_over(stage):
        return text
    share = words.system.whole_percent(stage.load_share)
    return f"{text} ({words.stage(stage.stage).lower()}, {'planned' if stage.planned else 'entitled to'} {share})"


def _overrun(profile: SystemProfile, header: Header) -> str:
    stage = profile.stage
    if stage is None or not words.system.is_over(stage):
        return ""
    text = words.system.entitlement(stage)
    return text if stage.starts.date() <= header.window.start else f"{text} since {words.day(stage.starts, year=False)}"


def _still_open(profile: SystemProfile) -> str:
    still = [incident for incident in profile.incidents if incident.ends is None]
    if not still:
        return ""
    text = words.system.open_since(still[0])
    return text if len(still) == 1 else f"{text}, and {len(still) - 1} more"


def _missed_line(profile: SystemProfile) -> str:
    broken = [gate for gate in profile.gates if gate.state == "breach"]
    if broken:
        return f"it has broken its {_line_of(broken[0])} line"
    held = [found for gate in profile.gates if (found := held_by(gate)) and found[1] == "missed"]
    return f"it misses its {words.condition_name(held[0][0]).lower()} line" if held else ""


def _cheaper(profile: SystemProfile) -> str:
    """Return what an accepted task costs, where that moved notably against the comparison period."""
    cost = next(figure for figure in profile.figures if figure.metric.endswith("cost_per_accepted_task"))
    if cost.value is None or not cost.before or abs(float(cost.value) / float(cost.before) - 1) < running.NOTABLE:
        return ""
    return f"an accepted task costs {words.value(cost)} ({words.figure_change(cost).text})"


def _ready(gates: Sequence[GateCard]) -> str:
    if not gates:
        return ""
    return f"its gate {words.step(gates[0].from_stage, gates[0].to_stage)} is eligible and waits for a sign-off"


def of_checks(by_state: dict[str, int]) -> Finding:
    """How many checks fail, were repaired or could not be made."""
    total = sum(by_state.values())
    if not total:
        return Finding("There is nothing to check yet: no task was loaded.")
    parts = [
        f"{words.count(number)} {said}"
        for number, said in (
            (by_state["fail"], "fails" if by_state["fail"] == 1 else "fail"),
            (by_state["repaired"], "was repaired" if by_state["repaired"] == 1 else "were repaired"),
            (by_state["not_checked"], "had nothing to look at"),
        )
        if number
    ]
    if not parts:
        return Finding(f"All {words.count(total)} checks pass.", "good")
    return Finding(f"Of {words.count(total)} checks {', '.join(parts)}.", "bad" if by_state["fail"] else "neutral")


def of_quality(brief: QualityBrief) -> Finding:
    """What falls behind under load, what escalates most, and what nobody can judge; else that nothing stands out."""
    parts = []
    slower = [row.name for row in brief.loads if words.quality.against(row.busy_under, row.rest_under)[1] == "bad"]
    worse = [row.name for row in brief.loads if words.quality.against(row.busy_accuracy, row.rest_accuracy)[1] == "bad"]
    if worse:
        parts.append(f"{words.listed(worse)} {_is(worse)} less often right in the busiest hours")
    if slower:
        parts.append(f"{words.listed(slower)} {_is(slower)} slower in the busiest hours")
    judged = [row for row in brief.escalations if row.rate.value is not None and row.rate.n >= words.quality.FEW]
    top = max(judged, key=lambda row: row.rate.value or 0.0, default=None)
    if top is not None and top.escalated:
        moved = words.change("escalation_rate", top.rate.value, top.before)
        said = f" ({moved.text})" if moved.verdict else ""
        parts.append(f"{top.name} escalates most, {words.quality.share(top.rate)} of its AI work{said}")
    silent = [row.name for row in brief.reviews if row.cannot_tell > row.judged / 10]
    if silent:
        parts.append(f"a judge of {words.listed(silent)} often could not tell")
    if not parts:
        return Finding(_quiet(brief), "neutral")
    text = "; ".join(parts)
    return Finding(text[0].upper() + text[1:] + ".", "bad" if worse or slower else "neutral")


def _quiet(brief: QualityBrief) -> str:
    """Return that nothing stands out, or, where neither verdicts nor outcomes can be read, that nothing can be said."""
    if any(figure.value is not None for figure in brief.figures):
        return "Nothing stands out beside people or under load."
    return f"Quality cannot be said here: {words.reason(_by_name(brief.figures)['accuracy'].reason)}."


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def of_reconciliation(found: Reconciliation | None, month: str) -> Finding:
    """Whether a month ties, how much is unexplained, and which invoices do not tie."""
    return Finding(*reconciliation.sentence(found, month))
