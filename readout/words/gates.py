"""Gates, their conditions and the weeks of these."""

from math import log

from readout.briefs.results import GateCard, GateColumn, GateCondition, GateWeek, LadderRow
from readout.gates.sentence import MOST
from readout.metrics import METRICS
from readout.words.charts import trend
from readout.words.dates import day, moment
from readout.words.names import human, stage
from readout.words.numbers import count, duration, missing, money, plain
from readout.words.signals import forecast

GATE_STATES = {
    "eligible": ("Eligible", "good"),
    "hold": ("Hold", "neutral"),
    "failed": ("Failed", "bad"),
    "breach": ("Breached", "bad"),
    "no_data": ("No data", "neutral"),
    "watch": ("Watching", "neutral"),
    "waiting": ("Not its turn", "neutral"),
    "": ("No gate", "neutral"),
}
GATE_STATE_MEANINGS = {
    "eligible": "the weeks in a row and the evidence are there; a person signs off and promotes.",
    "hold": "weeks or evidence are missing.",
    "breach": "a line is broken with confidence, or burns since a day.",
    "failed": "the policy's limits are used up.",
    "watch": "the system is past this gate, and a broken line takes load back.",
    "no_data": "its measures do not reach the warehouse.",
    "waiting": "the system has not reached the stage in which this gate begins.",
}
GATE_STATES_EXPLAINED = " ".join(f"{GATE_STATES[state][0]}: {said}" for state, said in GATE_STATE_MEANINGS.items())
WEEK_STATES = {
    "met": "met",
    "missed": "missed",
    "held": "held",
    "no_data": "no data",
    "partial": "not counted",
    "breach": "breached",
}
HELD = {
    "invalid": "the numbers are impossible",
    "volume": "too few to judge",
    "unsettled": "reviews are still open",
    "no_baseline": "nothing to compare with yet",
    "dead_band": "between the pass and the fail line",
    "warn": "on the warning line",
    "undecided": "the counts behind the line are missing",
    "nothing_required": "nothing is required",
}
EVIDENCE_RULES = {
    "always_valid": "always valid: it may be looked at every week",
    "pooled": "a bound over the weeks in a row has to clear each line",
    "weekly_bound": "each week's bound has to clear each line",
    "point": "unprotected: the raw rule, without evidence",
}
GATES_NOTE = (
    "Weekly figures of the release in service, on the tasks of the gate's arm. A week counts once it has ended, its "
    "reviews have settled and one release carried it. A breach binds only with confidence; eligible is not promoted."
)
EVIDENCE_NOTE = (
    "The evidence is an e-value: how many times more likely the reviews so far are if the line is cleared than if it "
    "is not. It multiplies from week to week, so the bar is logarithmic; 20 keeps false promotions under 5 %, however "
    "often one looks."
)
STREAK = "Weeks in a row"
EVIDENCE = "Evidence"
STILL_NEEDED = "Still needed"
LOAD = "Load"
MIX = "Task types"
OTHERWISE = "On pass"
LINES = {"pass": "Pass", "warn": "Warn", "fail": "Fail", "breach": "Breach"}
LADDER_SYSTEM = "System"
PASSED = "passed"
TRIGGER = {
    "eligible": "On sign-off",
    "hold": "On pass",
    "breach": "On breach",
    "watch": "On breach",
    "failed": "On fail",
}
NO_GATE = "–"
MIX_LIMIT = 0.10  # of the work: a smaller move between task types is not worth a word
NO_VALUES = "no values in these weeks"
NEXT_STEP = "Next step"
OWNED_BY = "Owned by"
APPROVED_BY = "Approved by"
REVIEW_BY = "Review by"
ROLES = {
    "required": "required",
    "key": "key",
    "guardrail": "guardrail",
    "info": "shown only",
    "trial": "on trial, never binds",
}
GATE_STATISTICS = {"share": "", "ratio": "", "reduction_vs_baseline": "reduction against baseline"}


def gate_state(name: str) -> tuple[str, str]:
    """Return a gate's state in words, and its tone."""
    return GATE_STATES.get(name, (human(name), "neutral"))


def gates_summary(by_state: dict[str, int]) -> tuple[str, str]:
    """Return the gates tile: how many are eligible of all, and the rest in words."""
    total = sum(by_state.values())
    if not total:
        return "", "no gate is declared"
    rest = [f"{n} {gate_state(name)[0].lower()}" for name, n in by_state.items() if n and name != "eligible"]
    return f"{by_state.get('eligible', 0)} of {total}", ", ".join(("eligible", *rest))


def step(from_stage: str, to_stage: str) -> str:
    """Return where a gate leads: from partial to full; one that leads nowhere watches a stage."""
    if from_stage == to_stage:
        return f"watching {stage(from_stage).lower()} load"
    return f"from {stage(from_stage).lower()} to {stage(to_stage).lower()}"


def weeks_met(card: GateCard) -> str:
    """Return how many of the needed weeks are met in a row."""
    if card.phase == "waiting":
        return "not its turn"
    if not card.weeks_needed or card.phase == "watched":
        return f"{count(card.streak)} week{'' if card.streak == 1 else 's'} within the lines"
    return f"{card.weeks_met} of {card.weeks_needed} weeks in a row"


def condition_name(item: GateCondition) -> str:
    """Return what a gate's condition measures: Accuracy."""
    return condition_name_of(item.metric)


def condition_name_of(metric: str) -> str:
    """Return a gate's metric in words."""
    return METRICS[metric].label if metric in METRICS else human(metric)


def condition(item: GateCondition) -> str:
    """Return a gate's condition in words: Accuracy > 85%. A breach line is the one that it must not cross."""
    name = condition_name(item)
    statistic = GATE_STATISTICS.get(item.statistic, item.statistic)
    if "reduction" in item.metric:
        statistic = "against baseline"
    line = f"breached if {rule(item)}" if item.kind == "breach" else rule(item)
    return " ".join(part for part in (name, statistic, line) if part)


def rule(item: GateCondition) -> str:
    """Return a rule with its line in the metric's format: > 85%, < 300 ms."""
    operator = item.rule.split(" ", maxsplit=1)[0] if item.rule else ""
    if item.line is None or operator not in {">", ">=", "<", "<=", "=="}:
        return item.rule
    signs = {">=": "≥", "<=": "≤", "==": "="}
    return f"{signs.get(operator, operator)} {condition_value(item, item.line)}"


def condition_value(item: GateCondition, number: float | None) -> str:
    """Return a value of a condition in its own unit."""
    if missing(number):
        return "–"
    number = float(number or 0)
    if item.statistic in {"share", "reduction_vs_baseline"} or item.unit in {"share", "%"}:
        text = plain(number * 100, 1)
        return f"{text.removesuffix('.0')}%"
    if len(item.unit) == len("EUR") and item.unit.isupper():
        return money(number, item.unit)
    if item.unit == "ms":
        return f"{plain(number)} ms"
    if item.unit in {"s", "seconds"}:
        return duration(number)
    return f"{plain(number, 2)}{'' if item.unit in {'', '1'} else ' ' + item.unit}"


def week_mark(item: GateCondition, week: GateWeek) -> str:
    """Return one week of a condition in words, for a mark's title and for screen readers."""
    text = f"Week of {day(week.week)}: {WEEK_STATES.get(week.state, week.state)}"
    if week.state == "held" and week.reason:
        text += f", {HELD.get(week.reason, week.reason)}"
    if week.value is not None:
        text += f", {condition_value(item, week.value)}"
    return f"{text}, n = {count(round(week.n))}"


def condition_terms(item: GateCondition) -> str:
    """Return the small print of a condition: its role, least n and judge."""
    parts = [ROLES.get(item.role, item.role), f"at least {count(item.min_n)} a week"]
    if item.judge:
        parts.append(
            f"judged by {({'human': 'people', 'rule': 'rules', 'model': 'a model'}).get(item.judge, item.judge)}"
        )
    return ", ".join(parts)


def last_closed(item: GateCondition) -> GateWeek | None:
    """Return the last week of a condition that counted."""
    whole = [week for week in item.weeks if week.complete]
    return whole[-1] if whole else None


def last_week(item: GateCondition) -> str:
    """Return the last counted week of a condition: its value with its bound towards the line, and n."""
    week = last_closed(item)
    if week is None or week.value is None:
        return "last week: no value"
    said = [f"last week {condition_value(item, week.value)}", bound(item, week), f"n = {count(round(week.n))}"]
    return ", ".join(part for part in said if part)


def bound(item: GateCondition, week: GateWeek) -> str:
    """Return how sure a week's value is, on the side of its line: at least 85.2%; 97.3% within it."""
    if week.under is not None:
        return f"{plain(week.under * 100, 1)}% within"
    upward = item.rule.startswith(">") != (item.kind in {"breach", "fail"})
    if upward and week.lower is not None:
        return f"at least {condition_value(item, week.lower)}"
    return f"at most {condition_value(item, week.upper)}" if not upward and week.upper is not None else ""


def margin(item: GateCondition) -> str:
    """Return how far the last counted week lies from its line: 5.3 points clear, 12 ms short."""
    week = last_closed(item)
    if week is None or week.value is None or item.line is None:
        return ""
    upward = item.rule.startswith(">") != (item.kind in {"breach", "fail"})
    distance = (week.value - item.line) * (1 if upward else -1)
    share = item.statistic in {"share", "reduction_vs_baseline"}
    size = f"{plain(abs(distance) * 100, 1)} points" if share else condition_value(item, abs(distance))
    return f"{size} {'clear' if distance >= 0 else 'short'}"


def ahead(item: GateCondition) -> str:
    """Return whether a condition's ordinary weeks will keep passing its line; '' where that cannot be said."""
    return forecast(item.forecast)[0] if item.forecast else ""


def streak_dots(card: GateCard) -> str:
    """Return the weeks in a row as dots: ●●○."""
    if not card.weeks_needed or card.phase != "evaluated":
        return ""
    return "●" * card.weeks_met + "○" * (card.weeks_needed - card.weeks_met)


def evidence(card: GateCard) -> str:
    """Return the evidence of a card: 12.7 of 20; 1 of 2 bounds clear."""
    if card.evidence_rule == "point":
        return "unprotected"
    if card.evidence is None or card.evidence_needed is None:
        return NO_GATE
    if card.evidence_rule != "always_valid":
        return f"{plain(card.evidence)} of {plain(card.evidence_needed)} bounds clear"
    shown = f"over {count(MOST)}" if card.evidence > MOST else plain(card.evidence, 1 if card.evidence >= 1 else 2)
    return f"{shown} of {plain(card.evidence_needed)}"


def evidence_share(card: GateCard) -> float | None:
    """Return how full the evidence bar is, on a logarithmic scale from 1 up to what is needed."""
    if card.evidence_rule != "always_valid" or card.evidence is None or not card.evidence_needed:
        return None
    if card.evidence <= 1:
        return 0.0
    return min(log(card.evidence) / log(card.evidence_needed), 1.0)


def still_needed(card: GateCard) -> str:
    """Return what is missing, and by when at the rate so far; '' where nothing can be said."""
    found = card.outlook
    item = next((one for one in card.conditions if found and one.metric == found.metric), None)
    if found is None or item is None or found.rate is None or found.line is None:
        return ""
    if found.missing is None:
        return f"never at this rate: {rate_against_line(card)}"
    if not found.missing or found.weeks is None:
        return ""
    weeks = f"{count(found.weeks)} week{'' if found.weeks == 1 else 's'}"
    name = condition_name_of(found.metric).lower()
    return f"{count(found.missing)} more for {name}, about {weeks} at {count(round(found.weekly or 0))} a week"


def rate_against_line(card: GateCard) -> str:
    """Return the rate of the metric with the least evidence against its line: accuracy runs at 84.1%, …; '' unknown."""
    found = card.outlook
    item = next((one for one in card.conditions if found and one.metric == found.metric), None)
    if found is None or item is None or found.rate is None or found.line is None:
        return ""
    return f"{condition_name_of(found.metric).lower()} {_rate_against_line(item, found.rate, found.line)}"


def _rate_against_line(item: GateCondition, rate: float, line: float) -> str:
    """Return the rate so far against what the evidence is counted for, as the gate's line says it."""
    if item.statistic not in {"share", ""}:
        return f"is within its line for {plain(rate * 100, 1)}% of tasks, {plain(line * 100, 1)}% is needed"
    if item.rule.startswith("<"):
        rate, line = 1 - rate, 1 - line
    return f"runs at {plain(rate * 100, 1)}%, the line is {plain(line * 100, 1)}%"


def load(card: GateCard) -> str:
    """Return the load it may carry and carries: entitled to 70%, running 74%."""
    parts = [
        f"entitled to {plain(card.entitled_share * 100)}%" if card.entitled_share is not None else "",
        f"running {plain(card.running_share * 100)}%" if card.running_share is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def mix(card: GateCard) -> str:
    """Return that the task types of the last counted week differ from the weeks before; '' where they do not."""
    if card.mix_shift is None or card.mix_shift <= MIX_LIMIT:
        return ""
    return f"{plain(card.mix_shift * 100)}% of the work moved to other task types in the last counted week"


def leads_to(row: LadderRow) -> str:
    """Return what stands under a system's place on the ladder: to full, 3 of 3 weeks."""
    return f"to {stage(row.to_stage).lower()}, {row.weeks}" if row.to_stage != row.stage and row.to_stage else row.weeks


def alarm(card: GateCard) -> str:
    """Return since when a line burns, and how fast; '' where none does."""
    found = card.alarm
    if found is None:
        return ""
    week = f", {plain(found.of_week * 100)}% of a week's allowance that day" if found.of_week is not None else ""
    return (
        f"{condition_name_of(found.metric)} burns since {day(found.day)}: {count(round(found.bad))} of "
        f"{count(round(found.n))} tasks beyond the breach line, {plain(found.rate, 1)} times what it allows{week}"
    )


def column_mark(column: GateColumn) -> str:
    """Return one week of a gate in words."""
    text = f"Week of {day(column.week)}: {WEEK_STATES.get(column.state, column.state)}"
    if column.split:
        text += f", {column.split}"
    elif column.state == "held" and column.reason:
        text += f", {HELD.get(column.reason, column.reason)}"
    elif column.state == "partial":
        text += f", closes {moment(column.closes_at)}"
    return f"{text}, release {column.release}" if column.release else text


def condition_alt(item: GateCondition) -> str:
    """Return a condition's weeks in one sentence."""
    weeks = [day(week.week, year=False) for week in item.weeks]
    texts = [condition_value(item, week.value) for week in item.weeks]
    said = trend(condition(item), weeks, texts, [week.value for week in item.weeks])
    return f"{said} The line is at {condition_value(item, item.line)}." if item.line is not None else said
