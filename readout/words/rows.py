"""The rows behind a figure, in words."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from readout.briefs.results import Figure, Finding
from readout.briefs.results_rows import RowsBrief, RowsOfDay
from readout.metrics import METRICS
from readout.words import locales
from readout.words.dates import day, stamp
from readout.words.names import arm, human, label
from readout.words.numbers import count, duration, milliseconds, money, value
from readout.words.reasons import not_measurable

SHOW = "Show its rows and its query"
SHOW_OF = "Rows of {}"
CHOOSE = "Figure"
CHOOSE_DAY = "Rows of"
TRACE = "Open trace"
COUNTS = {(1, 1): "above and below", (1, 0): "above the line", (0, 1): "below the line"}
ONLY_ABOVE = "counts"
NO_ROWS = "No row counts in this figure in this period."
NO_CALLS = "No such call on this day."
NO_CHARGES = "No charge accrues in this period."
NO_OUTAGES = "No outage in this period."
UNKNOWN = "–"
OPEN = "still open"
VERDICTS = {"True": "correct", "False": "not correct"}
JUDGES = {"human": "by people", "rule": "by rules", "model": "by a model", "downstream": "by what came after"}
NOT_SAID = "not judged"
LINE_NOTE = (
    "A figure that is divided has a line: what is added up stands above it, what it is divided by stands below. A task "
    "can count above, below, or both."
)
SAMPLE_NOTE = (
    "Read from the facts when this page is opened: one day, at most 50 rows, as many that count above the line as of "
    "the others, worked out by the same SQL as the figure."
)
LINES_NOTE = "Of the systems that the figure is made of; rounded so that the lines add up."
CHARGES_NOTE = (
    "A charge is even over the days that it is for, and a shared one is allocated by its key; those that touch the "
    "period are shown, at most 50, the largest first."
)
CALLS_NOTE = "Calls of this day that belong to no task; their cost is in the figure. At most 50, the latest first."
QUERIES_NOTE = "As the warehouse is asked. What stands after a colon is a bound value, never part of the text."
TOTAL = "Together"
DIVIDED = "Divided by accepted tasks"
UNIT = "Per accepted task"
SHARED = "shared"
CHANGED = "Since the last refresh the facts have changed: the figure counts {} of this day, the facts now hold {}."
HEADS = (
    ("System", ""), ("Task", ""), ("Type", ""), ("Created", ""), ("Completed", ""), ("Who did it", ""),
    ("Outcome", ""), ("Counts", ""),
)  # fmt: skip
CALL_HEADS = (("System", ""), ("Call", ""), ("Task", ""), ("Model", ""), ("Started", ""))
CHARGE_HEADS = (
    ("System", ""), ("Charge", ""), ("What for", ""), ("From", "UTC"), ("To", "UTC, excluded"), ("Invoice", ""),
    ("Allocated by", ""),
)  # fmt: skip
OUTAGE_HEADS = (("System", ""), ("Incident", ""), ("Started", ""), ("Ended", ""), ("Note", ""))


def finding(figure: Figure, rows: Sequence[RowsOfDay]) -> Finding:
    """Return the figure with the parts that it is made of."""
    name = label(figure.metric)
    if figure.value is None:
        return Finding(f"{name}: {not_measurable(figure.reason)}.")
    return Finding(f"{name}: {value(figure)}{_made_of(figure, rows)}.")


def _made_of(figure: Figure, rows: Sequence[RowsOfDay]) -> str:
    if not rows:
        return ""
    declared = METRICS[figure.metric]
    above, below = count(sum(one.above for one in rows)), count(sum(one.below for one in rows))
    on = f"on {count(len(rows))} {'day' if len(rows) == 1 else 'days'}"
    if declared.unit == "money":
        return f", over {below} tasks {on}" if declared.denominator else f", {on}"
    if declared.unit == "tokens":
        return f", of {above} calls {on}"
    if declared.denominator and declared.aggregation == "ratio":
        weighed = ", before they are weighed" if figure.metric in {"accuracy", "agreement"} else ""
        return f", {above} of {below} tasks {on}{weighed}"
    return f", {on}" if declared.aggregation == "count" else f", of {above} tasks {on}"


def day_choice(one: RowsOfDay, brief: RowsBrief) -> str:
    """Return a day with what counts on it: Tue 10 Nov 2026: 12 of 1,204."""
    if one.amount is not None:
        parts = money(one.amount, brief.header.currency) + (f", {count(one.below)} tasks" if brief.below else "")
    else:
        parts = f"{count(one.above)} of {count(one.below)}" if brief.below else count(one.above)
    return f"{locales.weekday(one.day)} {day(one.day)}: {parts}"


def sample_note(brief: RowsBrief, n: int, above: int, below: int) -> str:
    """Return how much of the day is shown, and whether the facts still hold what the figure was made of."""
    one = brief.day
    if one is None:
        return ""
    there = f"{count(above)} above the line, {count(below)} below" if brief.below else f"{count(above)}"
    said = f"{count(n)} {'row is' if n == 1 else 'rows are'} shown; on this day count {there}."
    if brief.above == "with_people_cost" or (above, below) == (one.above, one.below):
        return said
    then = f"{count(one.above)} above, {count(one.below)} below" if brief.below else count(one.above)
    return f"{said} {CHANGED.format(then, there)}"


def of_all(n: int, found: int) -> str:
    """Return how many are shown: 50 of 131 are shown."""
    return f"{count(n)} of {count(found)} are shown."


def counted(row: Mapping[str, Any], brief: RowsBrief) -> str:
    """Return where a row counts."""
    return COUNTS[row["above"], row["below"]] if brief.below else ONLY_ABOVE


def measure_heads(brief: RowsBrief) -> tuple[tuple[str, str], ...]:
    """Return the heads of the columns that say what the figure takes of a task."""
    unit, name = METRICS[brief.figure.metric].unit, brief.figure.metric
    if brief.judge:
        return (("Verdict", JUDGES.get(brief.judge, brief.judge)),)
    if unit == "money":
        people = (("People's work", "cost"),) if brief.above == "with_people_cost" else ()
        return (("Calls", "cost"), *people)
    if name.startswith("latency"):
        return (("Latency", ""),)
    return (("Handling time", ""),) if brief.above == "handling_n" else ()


def measures(row: Mapping[str, Any], brief: RowsBrief) -> tuple[str, ...]:
    """Return what the figure takes of a task, as the heads name it."""
    heads = [head for head, _ in measure_heads(brief)]
    said = {
        "Verdict": VERDICTS.get(str(row["verdict"]), NOT_SAID),
        "Calls": _cost(row["cost"], row["currency"]),
        "People's work": _cost(row["people_cost"], row["people_currency"]),
        "Latency": _micro(row["latency_us"], 1000, milliseconds),
        "Handling time": _micro(row["handling_us"], 1_000_000, duration),
    }
    return tuple(said[head] for head in heads)


def _cost(amount: object, currency: str) -> str:
    return money(amount, currency) if isinstance(amount, Decimal) else UNKNOWN


def _micro(number: object, scale: int, said: Callable[[float], str]) -> str:
    return UNKNOWN if number is None or str(number) == "<NA>" else said(int(str(number)) / scale)


def cells(row: Mapping[str, Any], brief: RowsBrief) -> tuple[str, ...]:
    """Return a task's cells, as HEADS name them."""
    return (
        row["name"],
        row["task_id"],
        human(row["task_type"]) or UNKNOWN,
        stamp(row["created_at"]),
        stamp(row["completed_at"]),
        arm(row["arm"]),
        human(row["outcome"] or row["status"]) or UNKNOWN,
        counted(row, brief),
    )


def call_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a call's cells, as CALL_HEADS name them."""
    return row["name"], row["call_id"], row["task_id"] or UNKNOWN, row["model"] or UNKNOWN, stamp(row["started_at"])


def call_numbers(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return input tokens, output tokens and cost of a call."""
    return _tokens(row["input_tokens"]), _tokens(row["output_tokens"]), _cost(row["cost"], row["currency"])


def _tokens(number: object) -> str:
    return UNKNOWN if str(number) == "<NA>" else count(int(str(number)))


def charge_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a charge's cells, as CHARGE_HEADS name them."""
    what = row["service_name"] or human(row["component"])
    key = human(row["allocation_key"]) if not row["system_id"] else ""
    dates = stamp(row["charge_start"]), stamp(row["charge_end"])
    return row["name"] or SHARED, row["charge_id"], what, *dates, row["invoice_id"] or UNKNOWN, key or UNKNOWN


def charge_amount(row: Mapping[str, Any]) -> str:
    """Return what a charge comes to."""
    return _cost(row["effective_cost"], row["currency"])


def outage_cells(row: Mapping[str, Any], brief: RowsBrief) -> tuple[str, ...]:
    """Return an outage's cells, as OUTAGE_HEADS name them."""
    name = brief.header.system_names.get(row["system_id"], row["system_id"])
    ended = OPEN if missing_instant(row["ended_at"]) else stamp(row["ended_at"])
    return name, row["incident_id"], stamp(row["started_at"]), ended, row["note"]


def missing_instant(when: object) -> bool:
    """Whether an instant of a frame is not there."""
    return when is None or str(when) == "NaT"
