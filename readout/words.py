"""Every visible word, number format and generated sentence. Pure: pages, files and commands say the same thing.

There is one format table, `FORMATS`, keyed by a metric's unit. Numbers arrive unrounded and are rounded here, once,
half away from zero. A missing value never becomes 0: it becomes its reason.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from readout.briefs.results import Figure, GateCard, GateCondition, GateWeek, Header, Reduction, Scope
from readout.metrics import METRICS
from readout.periods import COMPARISONS, PERIODS, Window

Number = int | float | Decimal

PRODUCT = "Readout"
MINUS = "\N{MINUS SIGN}"
NO_PRIOR = "no prior data"
NO_CHANGE = "no change"
FROM_ZERO = "n/a (from 0)"
NOT_MEASURABLE = "not measurable yet"

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "CHF": "CHF\u00a0"}
_NO_CENTS = frozenset({"JPY", "KRW", "CLP", "ISK", "VND"})
_FEW = 1000  # under this n a share carries no decimals: its interval is wider than a point
_SLIGHT_PERCENT, _SLIGHT_POINTS = 1, Decimal("0.5")  # a smaller change is shown, but called neither better nor worse
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


# ---- numbers -------------------------------------------------------------------------------------------------------


def rounded(value: Number, decimals: int) -> Decimal:
    """Return the value rounded once, half away from zero."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def plain(value: Number, decimals: int = 0) -> str:
    """Return digits with separators and a true minus sign: 12,480 or −3.20."""
    number = rounded(value, decimals)
    if not number:
        number = abs(number)  # no "−0"
    return f"{number:,}".replace("-", MINUS)


def count(value: Number) -> str:
    """Return a count in full: 12,480."""
    return plain(value)


def compact(value: Number) -> str:
    """Return a count in three or four digits: 9,412, 31.2k, 1.24M."""
    size = abs(float(value))
    for limit, scale, suffix, decimals in (
        (999_500_000, 1e9, "bn", 2),
        (9_995_000, 1e6, "M", 1),
        (999_500, 1e6, "M", 2),
        (99_950, 1e3, "k", 0),
        (9_999.5, 1e3, "k", 1),
    ):
        if size >= limit:
            return plain(float(value) / scale, decimals) + suffix
    return plain(value)


def percent(value: Number, n: int | None = None) -> str:
    """Return a share as a percentage, without decimals where n is small: 62.4%, 85%, 0.42%.

    Only all is 100% and only none is 0%: what merely rounds to them is said to be beyond 99.9% or 0.01%.
    """
    share = float(value)
    if share in {0.0, 1.0}:
        return f"{plain(share * 100)}%"
    size = abs(share) * 100
    decimals = 0 if n is not None and n < _FEW else 2 if size < 1 else 1
    text = plain(share * 100, decimals)
    if share < 1 and text in {"100", "100.0"}:
        return "> 99.9%" if decimals else "> 99%"
    return f"{text}%"


def points(difference: Number) -> str:
    """Return a difference of two shares in percentage points, with its sign: +2.3 pp."""
    return f"{signed(float(difference) * 100, 1)} pp"


def signed(value: Number, decimals: int = 0) -> str:
    """Return the number with its sign; plus is shown only on changes."""
    text = plain(value, decimals)
    return text if text.startswith(MINUS) or not rounded(value, decimals) else f"+{text}"


def duration(seconds: Number) -> str:
    """Return a length of time as a person says it: 412 ms, 4.2 s, 38 s, 4.2 min, 3.1 h, 2.5 days."""
    value = float(seconds)
    size = abs(value)
    if 0 < size < 0.9995:  # noqa: PLR2004 - 0.9995 s would round to 1,000 ms
        return f"{plain(value * 1000)} ms"
    for limit, scale, unit in ((90, 1, "s"), (90 * _MINUTE, _MINUTE, "min"), (2 * _DAY, _HOUR, "h")):
        if size < limit:
            scaled = value / scale
            return f"{plain(scaled, 0 if abs(scaled) >= 9.95 else 1)} {unit}"  # noqa: PLR2004 - two digits are enough
    return f"{plain(value / _DAY, 1)} days"


def tick(value: Number, top: Number) -> str:
    """Return a count at a chart's axis; all ticks of an axis are in one scale: 0, 5k, 10k."""
    for scale, suffix in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(float(top)) >= scale * 2:
            return f"{float(value) / scale:g}{suffix}"
    return f"{float(value):g}"


def money_tick(value: Number, step: Number, currency: str) -> str:
    """Return an amount at a chart's axis, with as many decimals as the step between ticks needs."""
    digits = 0
    while digits < 8 and abs(float(step) * 10**digits - round(float(step) * 10**digits)) > 1e-6:  # noqa: PLR2004
        digits += 1
    return money(value, currency, max(digits, 2) if digits else 0)


def milliseconds(value: Number) -> str:
    """Return a latency: 412 ms, 1.24 s."""
    size = abs(float(value))
    if size < 999.5:  # noqa: PLR2004 - 999.5 ms would round to 1,000 ms
        return f"{plain(value, 0 if size >= 9.95 else 1)} ms"  # noqa: PLR2004 - two digits are enough
    return f"{plain(float(value) / 1000, 2)} s"


def hours(value: Number) -> str:
    """Return hours of capacity: 1,240 h, 4.2 h."""
    return f"{plain(value, 1 if abs(float(value)) < 9.95 else 0)} h"  # noqa: PLR2004 - two digits are enough


def money_decimals(value: Number, currency: str = "") -> int:
    """Return how many decimals an amount needs to keep three significant digits, two at least under 1,000."""
    size = abs(float(value))
    if currency in _NO_CENTS and size >= 1:
        return 0
    if size >= 1000:  # noqa: PLR2004 - cents say nothing above a thousand
        return 0
    if size >= 1 or not size:
        return 2
    return min(max(2, math.ceil(-math.log10(size)) + 2), 8)


def money(value: Number, currency: str, decimals: int | None = None) -> str:
    """Return an amount with its currency: €0.0316, €12.40, €1,240."""
    digits = money_decimals(value, currency) if decimals is None else decimals
    text = plain(value, digits)
    symbol = _SYMBOLS.get(currency, f"{currency}\u00a0" if currency else "")
    return f"{MINUS}{symbol}{text[1:]}" if text.startswith(MINUS) else f"{symbol}{text}"


def money_compact(value: Number, currency: str) -> str:
    """Return a total in few digits: €31.2k, €1.24M."""
    if abs(float(value)) < 9_999.5:  # noqa: PLR2004 - where `compact` begins
        return money(value, currency)
    sign = MINUS if value < 0 else ""
    return sign + _SYMBOLS.get(currency, f"{currency}\u00a0" if currency else "") + compact(abs(value))


@dataclass(frozen=True)
class Format:
    """How values of one unit are written, how their change is written, and what a table's header says."""

    text: Callable[..., str]
    short: Callable[..., str]
    header: str
    change: str  # relative, points


FORMATS: dict[str, Format] = {
    "tasks": Format(lambda v, _n, _c: count(v), lambda v, _n, _c: compact(v), "tasks", "relative"),
    "tokens": Format(lambda v, _n, _c: count(v), lambda v, _n, _c: compact(v), "tokens", "relative"),
    "share": Format(lambda v, n, _c: percent(v, n), lambda v, n, _c: percent(v, n), "%", "points"),
    "seconds": Format(lambda v, _n, _c: duration(v), lambda v, _n, _c: duration(v), "time", "relative"),
    "ms": Format(lambda v, _n, _c: milliseconds(v), lambda v, _n, _c: milliseconds(v), "ms", "relative"),
    "money": Format(lambda v, _n, c: money(v, c), lambda v, _n, c: money_compact(v, c), "", "relative"),
    "hours": Format(lambda v, _n, _c: hours(v), lambda v, _n, _c: f"{compact(v)} h", "hours", "relative"),
}


def value(figure: Figure, *, short: bool = False) -> str:
    """Return a figure's value in its metric's format, "" where there is none (show `figure.reason` instead)."""
    if figure.value is None:
        return ""
    form = FORMATS[METRICS[figure.metric].unit]
    return (form.short if short else form.text)(figure.value, figure.n, figure.currency)


def amount(metric: str, number: Number | None, currency: str = "", n: int | None = None) -> str:
    """Return a bare number in its metric's format, an en dash where there is none."""
    if missing(number):
        return "–"
    return FORMATS[METRICS[metric].unit].text(number, n, currency)


def missing(number: Number | None) -> bool:
    """Whether a cell holds no number: None, or the NaN of a frame."""
    return number is None or (isinstance(number, float) and math.isnan(number))


# ---- changes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A change in words, and whether it is good, bad or neutral for the business."""

    text: str
    tone: str = "neutral"

    @property
    def verdict(self) -> str:
        """The word that stands beside the colour."""
        return {"good": "better", "bad": "worse"}.get(self.tone, "")


def change(metric: str, now: Number | None, before: Number | None, reason: str = "") -> Change:
    """Return a change by METRICS rule 6: points for shares, percent for the rest, never a percentage of shares."""
    if now is None:
        return Change("")
    if before is None:
        return Change(reason or NO_PRIOR)
    declared = METRICS[metric]
    difference = float(now) - float(before)
    if FORMATS[declared.unit].change == "points":
        moved, text = rounded(difference * 100, 1), points(difference)
    elif not before:
        return Change(NO_CHANGE if not difference else FROM_ZERO)
    else:
        relative = difference / abs(float(before)) * 100
        decimals = 0 if abs(relative) >= 9.95 else 1  # noqa: PLR2004 - two digits are enough
        moved, text = rounded(relative, decimals), f"{signed(relative, decimals)}%"
    if not moved:
        return Change(NO_CHANGE)
    slight = abs(moved) < (_SLIGHT_POINTS if FORMATS[declared.unit].change == "points" else _SLIGHT_PERCENT)
    if declared.direction == "none" or slight:
        return Change(text)
    return Change(text, "good" if (moved > 0) == (declared.direction == "up") else "bad")


def figure_change(figure: Figure) -> Change:
    """Return a figure's change against its comparison period."""
    return change(figure.metric, figure.value, figure.before, figure.before_reason)


def tile_change(figure: Figure) -> Change:
    """Return the change under a tile's big number; where that number is shown as a fall, so is its change."""
    moved = figure_change(figure)
    if figure.metric != "handling_reduction" or not moved.text.startswith(("+", MINUS)):
        return moved
    return Change((MINUS if moved.text[0] == "+" else "+") + moved.text[1:], moved.tone)


def against_baseline(figure: Figure) -> Change:
    """Return a figure against its signed-off baseline, empty where there is no baseline."""
    if figure.value is None or figure.baseline is None:
        return Change("")
    return change(figure.metric, figure.value, figure.baseline)


# ---- dates ---------------------------------------------------------------------------------------------------------


def day(when: date, *, year: bool = True) -> str:
    """Return 22 Nov 2026, or 22 Nov."""
    text = f"{when.day} {when:%b}"
    return f"{text} {when.year}" if year else text


def moment(when: datetime) -> str:
    """Return Sun 22 Nov 2026, 02:00."""
    return f"{when:%a} {day(when)}, {when:%H:%M}"


def days(window: Window) -> str:
    """Return the first and the last day of a window: 31 Aug to 22 Nov 2026."""
    last = window.end - timedelta(days=1)
    if window.start == last:
        return day(last)
    return f"{day(window.start, year=window.start.year != last.year)} to {day(last)}"


def length(window: Window) -> str:
    """Return a window's length in words: 12 weeks, or 30 days."""
    weeks, rest = divmod(window.days, 7)
    if weeks and not rest:
        return f"{weeks} {'week' if weeks == 1 else 'weeks'}"
    return f"{window.days} {'day' if window.days == 1 else 'days'}"


def period_type(header: Header) -> str:
    """Return the type of the chosen period in words: complete once all of its days have passed."""
    return "complete" if header.window.end <= header.as_of_local.date() else "to date"


def age(number: float | None) -> str:
    """Return an age in hours as words: 40 min, 5 h, 3.2 days."""
    return "–" if missing(number) else duration(float(number or 0) * _HOUR)


# ---- the shell -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PageWords:
    """A page's name in the navigation, and the question that it answers."""

    title: str
    question: str


PAGES = {
    "readout": PageWords("Readout", "What do the AI systems deliver, and which gates stand open?"),
    "throughput": PageWords("Throughput", "How much work is completed, and who completes it?"),
    "handling": PageWords("Handling time", "How long is the work in hand, against the baseline?"),
    "unit_cost": PageWords("Unit cost", "What does one accepted task cost?"),
    "gates": PageWords("Gates", "Which systems may carry more load, and what holds the others?"),
    "health": PageWords("Data health", "Can these figures be trusted today?"),
}

FILTERS = {
    "period": "Period",
    "compare": "Compare with",
    "system": "Systems",
    "type": "Task type",
}
ALL_SYSTEMS = "All systems"
ALL_TYPES = "All task types"
HOW = "How is this calculated?"
CLOSE = "Close"
DOWNLOAD = "Download as CSV"
RETRY = "Try again"
SHOW_ALL = "Show all data"
LOADING = "Reading the warehouse"


def period_label(key: str) -> str:
    """Return the words of a period key."""
    return PERIODS[key]


def period_choice(key: str) -> str:
    """Return a period as a filter offers it, short enough for a phone."""
    return PERIODS[key].removeprefix("Last ") if key.endswith("w") else PERIODS[key]


def comparison_label(key: str) -> str:
    """Return the words of a comparison key."""
    return COMPARISONS[key]


def comparison_choice(key: str) -> str:
    """Return a comparison as a filter offers it, where no label stands above."""
    return COMPARISONS[key] if key == "none" else f"vs {COMPARISONS[key].lower()}"


def human(name: str) -> str:
    """Return a recorded name as words: `password_reset` becomes Password reset."""
    text = name.replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:]


def as_of(header: Header) -> tuple[str, ...]:
    """Return the parts of the line that says where a page's figures come from."""
    compared = "no comparison"
    if header.before:
        compared = f"compared with {days(header.before)}"
    return (
        f"As of {moment(header.as_of_local)} ({header.time_zone})",
        f"{days(header.window)}, {length(header.window)}, {period_type(header)}",
        compared,
        f"weeks start on {header.week_start.capitalize()}",
        header.currency,
        f"data version {header.data_version}",
    )


def stale(header: Header) -> str:
    """Return the warning over figures that are older than promised, empty where the promise holds."""
    if header.stale_hours is None:
        return ""
    return (
        f"These figures are {age(header.stale_hours)} older than promised: the newest data is from "
        f"{moment(header.as_of_local)}. Read them as history until the next refresh. "
        "Data health names the source that is late."
    )


def state(page: str, scope: Scope) -> str:
    """Return the canonical filter state that a page's hidden marker carries."""
    return (
        f"page={page}&period={scope.period}&compare={scope.compare}"
        f"&system={','.join(scope.systems)}&type={scope.task_type}"
    )


# ---- states without figures ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Notice:
    """A designed state: what it is, what it means, what to do next, and a command where there is one."""

    title: str
    text: str
    next_step: str = ""
    command: str = ""


def not_ready(text: str) -> Notice:
    """Return the state of a warehouse that has nothing to show yet; the text says what to run."""
    return Notice("No data yet", text, "This page fills itself as soon as data has been published.")


STALE = "Old data."
NO_SYSTEMS = "No system has recorded any work in this period."
NO_GATES = Notice(
    "No gates are declared",
    "A gate says in text what a system must show before it carries more load.",
    "Add one file per gate to the portfolio's gates folder.",
)


def nothing_recorded(header: Header) -> Notice:
    """Return the state of a window, or a choice of systems and types, without any record."""
    chosen = "for this choice of systems and task type " if header.scope.systems or header.scope.task_type else ""
    reach = ""
    if header.first_day and header.last_day:
        reach = f"; data runs from {day(header.first_day)} to {day(header.last_day)}"
    return Notice(
        "Nothing was recorded here",
        f"Nothing was recorded {chosen}in these {length(header.window)}, {days(header.window)}{reach}.",
        "Choose another period, or look at all data.",
    )


FAILURES = {
    "UnreachableError": "The warehouse does not answer",
    "QueryTimeoutError": "This took too long",
    "BusyError": "The warehouse is busy",
    "NotReadyError": "No data yet",
    "PortfolioError": "A portfolio file cannot be used",
}
_TRY_AGAIN = "Try again. If it stays, show this page to whoever runs the warehouse."


def failure(kind: str, text: str) -> Notice:
    """Return the state of a warehouse that could not be read; `kind` is the error's class name.

    The errors of the warehouse and the portfolio say themselves what to do next.
    """
    if kind in FAILURES:
        return Notice(FAILURES[kind], text)
    return Notice("The figures could not be read", text, _TRY_AGAIN)


def unexpected(reference: str) -> Notice:
    """Return the state after a fault of our own; the log holds the rest under the same reference."""
    return Notice(
        "This page could not be drawn",
        "The fault is in the readout, not in your data. Nothing was changed.",
        f"Try again. If it stays, report reference {reference}.",
    )


# ---- explanations --------------------------------------------------------------------------------------------------

UNITS = {
    "tasks": "tasks",
    "share": "share",
    "seconds": "time",
    "ms": "milliseconds",
    "hours": "hours",
    "tokens": "tokens",
}
_WAYS = {
    "count": "counted",
    "ratio": "summed above and below first, divided last",
    "mean": "summed first, divided by the number of tasks last",
    "percentile": "read from the merged histogram of the whole period",
    "money": "summed in exact decimals",
    "unit_cost": "summed in exact decimals first, divided last",
}


def explain(figure: Figure, header: Header) -> tuple[tuple[str, str], ...]:
    """Return how a figure was calculated, as pairs of a heading and its text."""
    declared = METRICS[figure.metric]
    facts = [("What it is", declared.definition), ("How", f"{_WAYS[declared.aggregation].capitalize()}.")]
    if figure.value is None:
        facts.append(("Why there is no value", sentence(reason(figure.reason))))
    facts.append(("Period", f"{days(header.window)}, {length(header.window)}, {period_type(header)}"))
    facts.append(("Compared with", _comparison(figure, header)))
    if figure.baseline is not None:
        facts.append(("Baseline", amount(figure.metric, figure.baseline, figure.currency)))
    if figure.n is not None:
        facts.append(("Number of tasks behind it", count(figure.n)))
    if figure.coverage is not None:
        facts.append(("Coverage", f"known for {percent(figure.coverage)} of the tasks"))
    if declared.counted_at:
        facts.append(("Counted at", counted_at(declared.counted_at)))
    if figure.note:
        facts.append(("Note", sentence(figure.note)))
    facts.append(("Where it comes from", f"metric {figure.metric}, {source_of(figure.metric)}"))
    facts.extend(provenance(header))
    return tuple(facts)


def provenance(header: Header) -> tuple[tuple[str, str], ...]:
    """Return as-of, zone and data version, as every explanation ends."""
    return (
        ("As of", f"{moment(header.as_of_local)}, {header.time_zone}, weeks start on {header.week_start.capitalize()}"),
        ("Data version", header.data_version),
    )


def counted_at(column: str) -> str:
    """Return in words at which instant a metric counts a task."""
    known = {"completed_at": "the task's completion", "created_at": "the task's creation"}
    return known.get(column, column.replace("completed_at", "completion").replace("_", " "))


def source_of(metric: str) -> str:
    """Return the name of the query that a metric is read from."""
    return f"query {QUERIES.get(metric, 'read/measures')}"


QUERIES = {
    "handling_reduction": "read/measures with the signed-off baselines",
    "hours_returned": "read/measures with the signed-off baselines",
}


def _comparison(figure: Figure, header: Header) -> str:
    if header.before is None:
        return "nothing: no comparison is chosen, or none exists for this period"
    if figure.before is None:
        return f"{days(header.before)}: {figure.before_reason or NO_PRIOR}"
    return f"{days(header.before)}: {amount(figure.metric, figure.before, figure.currency)}"


def sentence(text: str) -> str:
    """Return the text with a capital and a full stop."""
    text = text.strip()
    if not text:
        return ""
    first = text.split(" ", maxsplit=1)[0]
    start = text[0] if "@" in first else text[0].upper()  # an address is not a word
    return start + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


# ---- tiles, tables, charts -----------------------------------------------------------------------------------------

TILE_LABELS = {
    "handling_seconds_mean": "Hands-on time, mean",
    "handling_seconds_p50": "Hands-on time, half of the tasks under",
    "handling_seconds_p95": "Hands-on time, 95% of the tasks under",
    "cycle_seconds_p50": "From creation to completion, half under",
    "ai_throughput": "Tasks handled by AI",
    "handling_reduction": "Handling time against baseline",
    "hours_returned": "Hours returned",
}
GATES_TILE = "Gates"


def label(metric: str) -> str:
    """Return a metric's label."""
    return METRICS[metric].label


def tile_label(metric: str) -> str:
    """Return the label over a tile, which may be said more plainly than the metric's own."""
    return TILE_LABELS.get(metric, METRICS[metric].label)


def tile_value(figure: Figure) -> str:
    """Return a tile's big number; a reduction of time is shown as the fall that it is."""
    if figure.metric == "handling_reduction" and figure.value is not None:
        return fall(figure.value)
    return value(figure, short=True)


def versus(header: Header) -> str:
    """Return the words behind a change: what it is compared with."""
    if header.before is None:
        return ""
    if header.scope.compare == "year":
        return "vs a year before"
    return "vs the month before" if header.scope.period in {"month", "mtd"} else "vs the period before"


STAGES = {"shadow": "Shadow", "assisted": "Assisted", "partial": "Partial", "full": "Full", "retired": "Retired"}
STAGE_UNKNOWN = "no stage recorded"
UNREGISTERED = "not in the portfolio"


def stage(name: str) -> str:
    """Return a stage in words."""
    return STAGES.get(name, human(name)) if name else STAGE_UNKNOWN


GATE_STATES = {
    "met": ("Rule met", "good"),
    "hold": ("Not met yet", "neutral"),
    "breach": ("Breached", "bad"),
    "no_data": ("No data", "neutral"),
    "": ("No gate", "neutral"),
}
WEEK_STATES = {
    "met": "met",
    "missed": "missed",
    "held": "too few to judge",
    "no_data": "no data",
    "partial": "running",
    "breach": "breached",
}
UNPROTECTED = "Raw rule, unprotected: the evidence rule comes with the gate engine. Met here is not a promotion."


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


def condition_name(item: GateCondition) -> str:
    """Return what a gate's condition measures: Accuracy."""
    return METRICS[item.metric].label if item.metric in METRICS else human(item.metric)


def condition(item: GateCondition) -> str:
    """Return a gate's condition in words: Accuracy > 85%. A guardrail's line is the one that it must not cross."""
    name = condition_name(item)
    statistic = GATE_STATISTICS.get(item.statistic, item.statistic)
    if "reduction" in item.metric:
        statistic = "against baseline"
    line = f"breached if {rule(item)}" if item.role == "guardrail" else rule(item)
    return " ".join(part for part in (name, statistic, line) if part)


def tile_note(text: str) -> str:
    """Return a note short enough for a tile; the explanation has all of it."""
    return "to date" if text.startswith("to date") else text


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


ROLES = {
    "required": "required",
    "key": "key",
    "guardrail": "guardrail",
    "info": "shown only",
    "trial": "on trial, never binds",
}
REDUCTION_STATES = {
    "confirmed": ("Confirmed", "good"),
    "met": ("Met, not confirmed", "good"),
    "short": ("Short of target", "bad"),
    "no target": ("No target", "neutral"),
    "not measurable": ("Not measurable", "neutral"),
}
ARMS = {
    "ai_auto": "AI alone",
    "ai_assisted": "AI assisted",
    "ai": "AI",
    "human": "People",
    "shadow": "Shadow",
    "other": "Arm not recorded",
    "": "Arm not recorded",
}
LEVELS = {
    "inference": "Inference",
    "direct": "Direct AI",
    "with_people": "With people",
    "fully_loaded": "Fully loaded",
}
LEVEL_NOTES = {
    "inference": "model calls only",
    "direct": "and infrastructure",
    "with_people": "and review, escalation, rework at the rate card",
    "fully_loaded": "and platform share, licences, build",
}
PORTFOLIO = "All systems"
STATISTICS = {"mean": "Mean", "p50": "Median", "p95": "p95"}
GATE_STATISTICS = {"share": "", "ratio": "", "reduction_vs_baseline": "reduction against baseline"}
AGE_BUCKETS: dict[str, str] = {}
FRESHNESS = {
    "fresh": ("On time", "good"),
    "late": ("Late", "bad"),
    "stale": ("Late", "bad"),
    "no promise": ("No promise", "neutral"),
    "unknown": ("No promise", "neutral"),
}
KINDS = {"complete": "complete", "to date": "to date", "partial": "partial"}


def arm(name: str) -> str:
    """Return an arm in words."""
    return ARMS.get(name, human(name))


def level(name: str) -> str:
    """Return a cost level in words."""
    return LEVELS.get(name, human(name))


def per(currency: str) -> str:
    """Return the unit in the header of a unit-cost column."""
    return f"{currency} per task" if currency else "per task"


def listed(items: Iterable[str], empty: str = "none") -> str:
    """Return `a, b and c`."""
    names = list(items)
    if not names:
        return empty
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


# ---- what charts say to those who cannot see them ------------------------------------------------------------------


def trend(name: str, labels: Iterable[str], texts: Iterable[str], numbers: Iterable[float | None]) -> str:
    """Return a series in one sentence: first, last, lowest and highest known value."""
    known = [(at, text, number) for at, text, number in zip(labels, texts, numbers, strict=True) if not missing(number)]
    if not known:
        return f"{name}: no values."
    first, last = known[0], known[-1]
    if len(known) == 1:
        return f"{name}: {last[1]} in {last[0]}."
    low, high = min(known, key=lambda k: float(k[2] or 0)), max(known, key=lambda k: float(k[2] or 0))
    return (
        f"{name}: {first[1]} in {first[0]}, {last[1]} in {last[0]}; "
        f"lowest {low[1]} in {low[0]}, highest {high[1]} in {high[0]}."
    )


# ---- reasons -------------------------------------------------------------------------------------------------------

# What a missing column is called on pages that leaders read; Data health names the column itself.
RECORDS = {
    "tasks.completed_at": "completion times",
    "tasks.outcome": "outcomes",
    "tasks.escalated_at": "escalations",
    "tasks.latency_ms": "AI response times",
    "tasks.handling_seconds": "handling times",
    "tasks.human_seconds": "people's times",
    "human_work.seconds": "people's times",
    "human_work.activity": "rework",
    "model_calls.duration_ms": "AI call times",
    "tasks.reopened_at": "reopenings",
    "tasks.review_due": "planned reviews",
    "tasks.review_prob": "review probabilities",
    "verdicts.outcome": "reviews",
    "model_calls.input_tokens": "input tokens",
    "model_calls.output_tokens": "output tokens",
    "model_calls.cost_amount": "call costs",
    "tasks.cost_amount": "costs",
    "prices.price": "prices",
    "rate_card.hourly_amount": "the rate card",
    "baselines.value": "a signed-off baseline",
    "costs.effective_cost": "infrastructure, platform and build costs",
}
_NOT_RECORDED = "not recorded: "


def reason(text: str) -> str:
    """Return a reason without column names: `not recorded: tasks.outcome` becomes outcomes are not recorded."""
    if not text:
        return NOT_MEASURABLE
    if not text.startswith(_NOT_RECORDED):
        return text
    names = dict.fromkeys(RECORDS.get(name.strip(), name.strip()) for name in text[len(_NOT_RECORDED) :].split(" or "))
    return f"not recorded: {' or '.join(names)}"


def not_measurable(text: str) -> str:
    """Return why a whole row has no number: not measurable yet: prices are not recorded."""
    said = reason(text)
    return said if said == NOT_MEASURABLE else f"{NOT_MEASURABLE}: {said}"


def explain_metrics(names: Iterable[str], header: Header, note: str = "") -> tuple[tuple[str, str], ...]:
    """Return how the figures of a table or a chart were calculated, as pairs of a heading and its text."""
    facts = []
    for name in names:
        declared = METRICS[name]
        text = declared.definition
        if declared.counted_at:
            text += f" Counted at {counted_at(declared.counted_at)}."
        facts.append((declared.label, text))
    if note:
        facts.append(("Note", note))
    facts.append(("Period", f"{days(header.window)}, {length(header.window)}, {period_type(header)}"))
    if header.before:
        facts.append(("Compared with", days(header.before)))
    facts.append(("Where it comes from", listed(dict.fromkeys(source_of(name) for name in names), "the warehouse")))
    facts.extend(provenance(header))
    return tuple(facts)


# ---- pieces of pages -----------------------------------------------------------------------------------------------

NOW = "This period"
RUNNING = "running week"
NOTHING_TO_DRAW = "Nothing to draw: no value was recorded in this period."
NO_VALUES = "no values in these weeks"
NO_LOAD = "no completed task"
ON_BASELINE = "vs the baseline of {}"
NEXT_STEP = "Next step"
OWNED_BY = "Owned by"
APPROVED_BY = "Approved by"
REVIEW_BY = "Review by"
GATE_STATES_EXPLAINED = (
    "Rule met: every binding condition was met in as many consecutive weeks as the gate asks for. Not met yet: at "
    "least one week missed or had too few tasks. No data: none of its measures reaches the warehouse."
)
CHARTS = {
    "arms": "Tasks completed per week, stacked by who completed them.",
    "handling": "Handling time per week.",
    "distribution": "Share of tasks done within a handling time.",
    "reductions": "Handling-time reduction against baseline, with its 95% interval and target.",
    "cost": "Cost per accepted task per week.",
}
SECTIONS: dict[str, tuple[str, str]] = {
    "systems": ("Systems", ""),
    "weekly": ("Completed per week, by who completed it", "tasks"),
    "volume": ("Systems", "tasks, and share of completed tasks"),
    "backlog": ("Open work now, by age", "tasks"),
    "handling_weekly": ("Handling time per week", "hands-on time per task"),
    "distribution": ("How long tasks take", "share of tasks done within a time"),
    "reduction": (
        "Reduction against baseline, mix-adjusted",
        "% less hands-on time; bar = 95% interval, tick = target",
    ),
    "handling_systems": ("Systems", "hands-on time per task"),
    "cost_weekly": ("Cost per accepted task, per week", ""),
    "cost_levels": ("Unit cost by level and denominator", ""),
    "conditions": ("Gates", "the last twelve complete weeks and the running one"),
    "freshness": ("Freshness", "by source"),
    "rejects": ("Rejected rows", "newest first, at most 1,000"),
    "loads": ("Loads", "rows by source and file"),
    "coverage": ("Coverage", "share of tasks with the measure"),
    "not_measurable": ("Not measurable, and what would fix it", ""),
}


def type_label(name: str) -> str:
    """Return a task type in words; the empty one stands for all."""
    return human(name) if name else ALL_TYPES


def coverage(share: float) -> str:
    """Return coverage as it stands beside every cost figure."""
    return f"cost known for {percent(share)}"


def planned(share: Number | None) -> str:
    """Return the plan that stands under a load."""
    return "no plan" if missing(share) else f"plan {plain(float(share or 0) * 100)}%"


def with_verdict(moved: Change) -> str:
    """Return a change with the word that its colour means."""
    return f"{moved.text}, {moved.verdict}" if moved.verdict else moved.text


def spark(figure: Figure, header: Header) -> str:
    """Return what a sparkline shows, for those who cannot see it."""
    texts = [amount(figure.metric, number, figure.currency) for number in figure.series]
    labels = [f"week {index}" for index in range(1, len(texts) + 1)]
    return trend(f"{label(figure.metric)}, {length(header.window)}", labels, texts, figure.series)


def spark_of(metric: str, series: Iterable[float | None], currency: str = "") -> str:
    """Return what a bare series of a metric shows, for those who cannot see it."""
    numbers = [None if missing(number) else number for number in series]
    texts = [amount(metric, number, currency) for number in numbers]
    return trend(label(metric), [f"week {index}" for index in range(1, len(texts) + 1)], texts, numbers)


def round_duration(seconds: float) -> str:
    """Return a duration for a tick: 30 s, 5 min, 4 h."""
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s")):
        if seconds >= size:
            return f"{plain(seconds / size)} {unit}"
    return f"{plain(seconds * 1000)} ms"


def half_within(name: str, seconds: float) -> str:
    """Return a median as a sentence."""
    return f"{name}: half of the tasks take no longer than {duration(seconds)}."


def reduction(item: Reduction) -> str:
    """Return a system's reduction in one sentence."""
    if item.reduction is None:
        return f"{item.name}: not measurable, {reason(item.reason)}."
    text = f"{item.name}: {percent(item.reduction)}"
    if item.lower is not None and item.upper is not None:
        text += f" ({percent(item.lower)} to {percent(item.upper)})"
    if item.target is not None:
        text += f", target {percent(item.target)}"
    state = REDUCTION_STATES.get(item.state, ("", ""))[0]
    return f"{text}, {state.lower()}." if state else f"{text}."


def step(from_stage: str, to_stage: str) -> str:
    """Return where a gate leads: from partial to full."""
    return f"from {stage(from_stage).lower()} to {stage(to_stage).lower()}"


def weeks_met(card: GateCard) -> str:
    """Return how many of the needed weeks are met in a row."""
    if not card.weeks_needed:
        return "watched, no number of weeks"
    return f"{card.weeks_met} of {card.weeks_needed} weeks in a row"


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


SYSTEM_METRICS = (
    "ai_share",
    "throughput",
    "handling_reduction",
    "with_people_cost_per_accepted_task",
    "cost_per_accepted_task",
    "accuracy",
)
NO_GATE = "–"
NO_BACKLOG = "No task is open."
NO_LOADS = "Nothing has been loaded through the product's own loader yet."
NO_REJECTS = "No row was rejected."
ALL_MEASURABLE = "Every metric is measurable for every system."
COVERAGE = {
    "handling": "Handling time",
    "latency": "AI response time",
    "outcome": "Outcome",
    "cost": "Cost",
    "review": "AI work reviewed",
}
GRID_HEADS = {
    "table_name": "Table",
    "column_name": "Column",
    "rejected_at": "Rejected at (UTC)",
    "loaded_at": "Loaded at (UTC)",
    "rows_read": "Read",
}


def some(number: float | None) -> float | None:
    """Return a frame's number, None for its NaN."""
    return None if missing(number) else number


def level_of(metric: str) -> str:
    """Return the level of a cost per accepted task."""
    return {
        "cost_per_accepted_task": "inference",
        "with_people_cost_per_accepted_task": "with people",
        "fully_loaded_cost_per_accepted_task": "fully loaded",
    }.get(metric, "")


def n_of(number: int | None) -> str:
    """Return n as it stands beside a rate."""
    return "" if number is None else f"n = {count(number)}"


def now_mean(figure: Figure) -> str:
    """Return the mean of now as it stands under a reduction."""
    return f"{value(figure)} a task"


def fall(share: Number) -> str:
    """Return a reduction as the fall that it is: −31%."""
    return f"{signed(-float(share) * 100, 1)}%"


def reduction_tone(figure: Figure) -> str:
    """Return whether handling time fell or rose against the baseline, as good or bad."""
    if figure.value is None or not rounded(float(figure.value) * 100, 0):
        return "neutral"
    return "good" if figure.value > 0 else "bad"


def reduction_remarks(items: Iterable[Reduction]) -> str:
    """Return why some systems have no reduction, and which task types are left out."""
    remarks = []
    by_reason: dict[str, list[str]] = {}
    for item in items:
        if item.reduction is None:
            by_reason.setdefault(reason(item.reason), []).append(item.name)
        elif item.left_out:
            left = listed(human(name) for name in item.left_out)
            remarks.append(f"{item.name}: left out with fewer than five tasks now: {left}.")
    remarks += [f"Not measurable for {listed(names)}: {why}." for why, names in by_reason.items()]
    return " ".join(remarks)


def before_label(header: Header) -> str:
    """Return the label of the comparison period in a chart."""
    return {"year": "A year before", "none": "Before"}.get(header.scope.compare, "Period before")


def stamp(when: datetime | None) -> str:
    """Return an instant of a table: 22 Nov 2026, 02:00."""
    if when is None or when != when:  # noqa: PLR0124 - NaT
        return "–"
    return f"{day(when)}, {when:%H:%M}"


def file_name(what: str, header: Header, ending: str) -> str:
    """Return a file's name: what it holds, of which days, from which data."""
    last = header.window.end - timedelta(days=1)
    return f"readout-{what}-{header.window.start.isoformat()}-{last.isoformat()}-v{header.data_version}.{ending}"
