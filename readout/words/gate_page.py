"""The page of one gate: its weeks in numbers, its daily watch, its policy."""

from readout.briefs.results import GateColumn, GateCondition, GateWeek
from readout.briefs.results_gates import GateBrief
from readout.briefs.results_system import IncidentRow
from readout.gates.burn import Burn
from readout.words.dates import day, moment
from readout.words.gates import HELD, WEEK_STATES, bound, condition, condition_name_of, condition_value, rule
from readout.words.names import stage
from readout.words.numbers import count, plain
from readout.words.system import incident_label

CHOOSE = "Gate"
UNKNOWN = "There is no gate of this name. Choose one of the list."
WEEK_HEADS = (("Week", ""), ("State", ""), ("Release", ""), ("Reviews", "judged of due"))
WEEK_REMARKS = ("What happened", "")
WATCH_HEADS = (
    ("Day", ""),
    ("Line", ""),
    ("Tasks", ""),
    ("Beyond the line", "of them"),
    ("Allowed", ""),
    ("Burn", "times allowed"),
    ("Of a week", "of its allowance"),
    ("State", ""),
)
ALARM = ("Alarm", "bad")
WITHIN = ("Within", "good")
BURNING = ("Burning, too few to be sure", "neutral")
NO_WATCH = "The policy has no breach line that can be watched day by day."
WATCH_NOTE = (
    "An alarm needs at least ten tasks beyond the line, and a bound over the day's tasks, at a seventh of the policy's "
    "alpha, beyond what the line allows. Only tasks of the release in service at the end of the day count."
)
HASH = "Policy"
TO_BENCH = "Try another policy on these weeks"
NEW = "new major release"


def choice(gate: tuple[str, str, str, str]) -> str:
    """Return a gate in the list: Routing engine, partial to full."""
    _, system, start, end = gate
    return f"{system}, {stage(start).lower()} to {stage(end).lower()}"


def condition_head(item: GateCondition) -> tuple[str, str]:
    """Return a condition's column: its name, and its lines under it."""
    lines = [f"{kind} {text}" for kind, text, _ in item.rules]
    name = condition(item).split(rule(item))[0].strip(" ,") if rule(item) else condition(item)
    unit = f" {item.unit}" if item.unit else ""
    return name.removesuffix(" breached if"), "; ".join(lines) + unit if lines else ""


def value(item: GateCondition, week: GateWeek) -> tuple[str, str]:
    """Return a week's value, and what it rests on."""
    if week.value is None:
        return "–", WEEK_STATES["no_data"]
    rest = [bound(item, week), f"n = {count(round(week.n))}"]
    return condition_value(item, week.value), ", ".join(part for part in rest if part)


def state(column: GateColumn) -> tuple[str, str]:
    """Return a week's state in words, and its tone."""
    tone = {"met": "good", "missed": "bad", "breach": "bad"}.get(column.state, "neutral")
    return WEEK_STATES.get(column.state, column.state).capitalize(), tone


def why(column: GateColumn) -> str:
    """Return why a week is held or does not count."""
    if column.split:
        return column.split
    if column.state == "partial":
        return f"closes {moment(column.closes_at)} UTC"
    return HELD.get(column.reason, "") if column.state == "held" else ""


def reviews(column: GateColumn) -> str:
    """Return how many planned reviews have a judgement: 144 of 150."""
    return f"{count(column.judged)} of {count(column.review_due)}" if column.review_due else "–"


def remarks(column: GateColumn, incidents: list[IncidentRow]) -> str:
    """Return what happened in a week: tasks of other releases, a moved mix, incidents."""
    parts = [f"{count(column.left_out)} tasks of other releases left out" if column.left_out else ""]
    if column.mix_shift is not None and column.mix_shift > 0.10:  # noqa: PLR2004 - as on the card
        parts.append(f"{plain(column.mix_shift * 100)}% of the work moved to other task types")
    parts += [incident_label(one) for one in incidents]
    return "; ".join(part for part in parts if part)


def burn_state(burn: Burn) -> tuple[str, str]:
    """Return a day of the watch in words, and its tone."""
    if burn.alarm:
        return ALARM
    return BURNING if burn.rate > 1 else WITHIN


def burn_cells(burn: Burn) -> tuple[str, ...]:
    """Return a day of the watch as texts, in the order of the heads but for the state."""
    return (
        day(burn.day),
        condition_name_of(burn.metric),
        count(round(burn.n)),
        f"{count(round(burn.bad))}",
        f"{plain(burn.allowed * 100, 1)}%",
        plain(burn.rate, 1),
        "–" if burn.of_week is None else f"{plain(burn.of_week * 100)}%",
    )


def lines_alt(brief: GateBrief, item: GateCondition) -> str:
    """Return what a condition's chart shows."""
    known = [week for week in item.weeks if week.value is not None]
    lines = ", ".join(f"{kind} line {text}" for kind, text, _ in item.rules) or "no line"
    system = brief.card.system_name if brief.card else ""
    said = f"{condition(item)} of {system} over {count(len(item.weeks))} weeks; {lines}."
    return f"{said} Last value {condition_value(item, known[-1].value)}." if known else said
