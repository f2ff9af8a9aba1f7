"""Gates, their conditions and the weeks of these."""

from readout.briefs.results import GateCard, GateCondition, GateWeek
from readout.metrics import METRICS
from readout.words.charts import trend
from readout.words.dates import day
from readout.words.names import human, stage
from readout.words.numbers import count, duration, missing, money, plain

GATE_STATES = {
    "met": ("Rule met", "good"),
    "hold": ("Not met yet", "neutral"),
    "breach": ("Breached", "bad"),
    "no_data": ("No data", "neutral"),
    "": ("No gate", "neutral"),
}
GATE_STATES_EXPLAINED = (
    "Rule met: every binding condition was met in as many consecutive weeks as the gate asks for. Not met yet: at "
    "least one week missed or had too few tasks. No data: none of its measures reaches the warehouse."
)
WEEK_STATES = {
    "met": "met",
    "missed": "missed",
    "held": "too few to judge",
    "no_data": "no data",
    "partial": "running",
    "breach": "breached",
}
UNPROTECTED = "Raw rule, unprotected: the evidence rule comes with the gate engine. Met here is not a promotion."
NO_GATE = "–"
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
    """Return the gates tile: how many meet their rule of all, and the rest in words."""
    total = sum(by_state.values())
    if not total:
        return "", "no gate is declared"
    rest = [f"{n} {gate_state(name)[0].lower()}" for name, n in by_state.items() if n and name != "met"]
    return f"{by_state.get('met', 0)} of {total}", ", ".join(("meet their rule", *rest))


def step(from_stage: str, to_stage: str) -> str:
    """Return where a gate leads: from partial to full."""
    return f"from {stage(from_stage).lower()} to {stage(to_stage).lower()}"


def weeks_met(card: GateCard) -> str:
    """Return how many of the needed weeks are met in a row."""
    if not card.weeks_needed:
        return "watched, no number of weeks"
    return f"{card.weeks_met} of {card.weeks_needed} weeks in a row"


def condition_name(item: GateCondition) -> str:
    """Return what a gate's condition measures: Accuracy."""
    return METRICS[item.metric].label if item.metric in METRICS else human(item.metric)


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
    if week.value is not None:
        text += f", {condition_value(item, week.value)}"
    return f"{text}, n = {count(week.n)}"


def condition_terms(item: GateCondition) -> str:
    """Return the small print of a condition: its role, least n and judge."""
    parts = [ROLES.get(item.role, item.role), f"at least {count(item.min_n)} a week"]
    if item.judge:
        parts.append(
            f"judged by {({'human': 'people', 'rule': 'rules', 'model': 'a model'}).get(item.judge, item.judge)}"
        )
    return ", ".join(parts)


def last_week(item: GateCondition) -> str:
    """Return the last complete week of a condition: its value and n."""
    whole = [week for week in item.weeks if week.complete]
    if not whole or whole[-1].value is None:
        return "last week: no value"
    return f"last week {condition_value(item, whole[-1].value)}, n = {count(whole[-1].n)}"


def condition_alt(item: GateCondition) -> str:
    """Return a condition's weeks in one sentence."""
    weeks = [day(week.week, year=False) for week in item.weeks]
    texts = [condition_value(item, week.value) for week in item.weeks]
    said = trend(condition(item), weeks, texts, [week.value for week in item.weeks])
    return f"{said} The line is at {condition_value(item, item.line)}." if item.line is not None else said
