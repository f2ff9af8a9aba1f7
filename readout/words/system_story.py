"""One system as a story: what is to be decided, what it costs and brings, what people hold up, the busy hours."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from readout.briefs.results import Figure, GateCard
from readout.briefs.results_promotions import Standing
from readout.briefs.results_quality import LoadRow, ReviewRow, Share, TypeRow
from readout.briefs.results_system import IncidentRow, SystemProfile
from readout.words.changes import figure_change
from readout.words.gate_steps import next_step
from readout.words.names import human, level, level_of, sentence, stage
from readout.words.numbers import amount, count, milliseconds, percent
from readout.words.promotions import LONG_WEEKS, by_when
from readout.words.quality import FEW, JUDGES_SAID, against, hours_pair, share_below
from readout.words.quality import share as share_said
from readout.words.reasons import not_measurable
from readout.words.system import NOT_NAMED, open_since, weeks_between

OUTCOMES = ("throughput", "handling_reduction", "accuracy")  # and the unit cost, at the highest level that is known
ACTS = frozenset({"breach", "failed", "eligible"})  # states of a gate in which a person decides
COST, VALUE = "Cost", "Value"
TO_UNIT_COST, TO_VALUE = "Unit cost", "Claims and proof"
NO_GATE = "No decision is due, and no gate says what would be enough for more load."
NO_TYPES = "No AI-handled task was completed in this period."
NO_BUSY = "No AI answer was timed or judged in this period: busy hours cannot be compared."
SHOWN_TYPES = 8
SOON = timedelta(weeks=LONG_WEEKS)
TYPE_HEADS = (
    ("Task type", "", True),
    ("AI-handled", "tasks", False),
    ("Escalated", "% of AI-handled", False),
    ("AI was wrong", "of the escalated", False),
    ("Fell back", "% of AI tasks", False),
    ("Failed", "% of AI tasks", False),
)
TYPES_NOTE = (
    "The task type that is most surely escalated stands first, by the lower end of its 95% interval: a few tasks by "
    "chance do not lead the list. Escalated: of AI-handled tasks; fell back and failed: of all tasks on AI arms that "
    "ended."
)
DEGRADATION_NOTE = (
    "Recorded incidents of the period: degradations, fallbacks and rollbacks. Outages stand in the availability."
)
MONEY_NOTE = (
    "The cost is of the chosen period, as on the page of unit cost; the value is since the launch, in whole months, as "
    "on the page of value. Hours are not money, and the lines are never added together."
)
BUSY_NOTE = (
    "The busiest tenth of the hours in which tasks came in, against the rest. A difference is named only where the 95% "
    f"intervals part and both sides hold {FEW} observations. Latency is held against the lowest line that a target or "
    "gate of the system names; accuracy is of random or unstated reviews."
)
TILES = {
    "degradation": "Degraded",
    "busy_load": "Tasks an hour, busy",
    "busy_under": "Under its line, busy",
    "busy_latency": "Mean latency, busy",
    "busy_accuracy": "Accuracy, busy",
}


def decision(profile: SystemProfile) -> str:
    """Return what a person has to decide about a system, and who; or that nothing is due, and what comes next."""
    standing = profile.standing
    gate = standing.card if standing else None
    if gate is not None and gate.state in ACTS:
        return sentence(f"decision due: {next_step(gate)}")
    late = profile.standstill
    if late is not None:
        who = late.owner or NOT_NAMED
        return sentence(f"decision due: move to {stage(late.due_stage).lower()}, or set a new plan ({who})")
    if gate is None:
        return "" if profile.registry is None else NO_GATE
    if standing is None or standing.chance is None or gate.state != "hold":
        return sentence(f"no decision is due: {next_step(gate)}")
    return _held(standing, gate, profile.axis.now.date())


def _held(standing: Standing, gate: GateCard, today: date) -> str:
    """Return by when a held gate can pass, or that it cannot as things are: then waiting alone does not help."""
    when, told = by_when(standing, today)
    if standing.day is not None and standing.day <= today + SOON:
        return sentence(f"no decision is due: {next_step(gate)}; it can pass by {when}, {told}")
    if standing.chance is not None and standing.chance.why == "bound":
        return sentence(f"by when its gate passes cannot be said, {told}; {next_step(gate)}")
    return sentence(f"its gate does not pass as things are: {when}, {told}" if told else next_step(gate))


def cost(figure: Figure) -> str:
    """Return in a sentence what an accepted task costs, against the period before and the signed-off cost."""
    if figure.value is None:
        return sentence(not_measurable(figure.reason))
    said = f"an accepted task costs {amount(figure.metric, figure.value, figure.currency)}"
    parts = [f"{said} ({level(level_of(figure.metric)).lower()})"]
    change = figure_change(figure)
    if figure.before is not None and change.text:
        parts.append(f"{change.text} against the period before")
    told = ", ".join(parts)
    if figure.baseline is not None:
        told += f"; before the system it cost {amount(figure.metric, figure.baseline, figure.currency)}"
    return sentence(told)


def value(said: str, name: str) -> str:
    """Return the finding of the value page about one system without its name."""
    return sentence(said.removeprefix(f"{name}: "))


def review(row: ReviewRow) -> str:
    """Return in a sentence how much of the AI's work was reviewed, against the plan, and by whom."""
    plan = "" if row.planned is None else f", planned {percent(row.planned)}"
    unsure = f"; of {count(row.judged)}, {count(row.cannot_tell)} could not be told" if row.cannot_tell else ""
    judged = JUDGES_SAID.get(row.judge, row.judge)
    return sentence(f"{percent(row.actual)} of AI-handled work was reviewed{plan}, {judged}{unsure}")


def degradation(incidents: Sequence[IncidentRow], now: datetime) -> tuple[str, tuple[str, ...]]:
    """Return how many degradations, fallbacks and rollbacks a period held, and what is open; outages stand apart."""
    own = [one for one in incidents if one.kind != "outage"]
    still = [one for one in own if one.ends is None]
    kinds = {kind: sum(one.kind == kind for one in own) for kind in dict.fromkeys(one.kind for one in own)}
    if still:
        return count(len(own)), (f"{open_since(still[0])}, for {weeks_between(still[0].starts, now)}",)
    lines = tuple(f"{human(kind).lower()}: {count(number)}" for kind, number in kinds.items())
    return count(len(own)), lines or ("no degradation, fallback or rollback",)


def busy_load(row: LoadRow) -> tuple[str, tuple[str, ...]]:
    """Return how many tasks came in per busy hour, against the rest."""
    busy, rest = hours_pair(row).split(" vs ")
    return busy, (f"{rest} in the rest", f"{count(row.busy_hours)} busy hours")


def busy_latency(row: LoadRow) -> tuple[str, tuple[str, ...]]:
    """Return the mean latency in busy hours, against the rest."""
    if row.busy_latency_ms is None or row.rest_latency_ms is None:
        return "", ("no AI answer was timed",)
    return milliseconds(row.busy_latency_ms), (f"{milliseconds(row.rest_latency_ms)} in the rest",)


def busy_share(busy: Share, rest: Share, unknown: str) -> tuple[str, tuple[str, ...]]:
    """Return a share in busy hours, against the rest, with what the intervals say; or why there is none."""
    if busy.value is None:
        return "", (unknown,)
    told, _ = against(busy, rest)
    return share_said(busy), (share_below(busy), f"{share_said(rest)} in the rest", told)


def busy_tiles(row: LoadRow) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return the tiles of the busiest hours against the rest: key, number, lines."""
    line = "" if row.line_ms is None else f"line: {milliseconds(row.line_ms)}"
    under = busy_share(row.busy_under, row.rest_under, "no target or gate names a line of latency")
    return (
        ("busy_load", *busy_load(row)),
        ("busy_latency", *busy_latency(row)),
        ("busy_under", under[0], (*under[1], line)),
        ("busy_accuracy", *busy_share(row.busy_accuracy, row.rest_accuracy, "no answer was judged")),
    )


def can_compare(row: LoadRow | None) -> bool:
    """Whether anything about the busy hours of a system is known."""
    return row is not None and (row.busy_latency_ms is not None or row.busy_accuracy.value is not None)


def type_name(row: TypeRow) -> str:
    """Return a task type in words."""
    return human(row.task_type) or "not stated"


def more_types(number: int) -> str:
    """Return that the list of task types goes on, '' where it does not."""
    return f"and {count(number - SHOWN_TYPES)} more task types" if number > SHOWN_TYPES else ""
