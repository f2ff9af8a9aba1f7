"""The bridge in words: what each bar is, how it was calculated, and the sentence that opens the page."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from readout.briefs.results import Finding, Header
from readout.briefs.results_bridge import BridgeBrief, BridgeItem, Key, Side
from readout.finance import COMPONENTS, Bridge, BridgeRow, Model
from readout.finance.variance import RATE_PARTS
from readout.words.changes import versus
from readout.words.dates import day, days, not_compared
from readout.words.filters import type_label
from readout.words.names import listed, sentence
from readout.words.numbers import MINUS, count, money, money_decimals, percent, plain, rounded, signed
from readout.words.vendors import model as model_name

LEVEL = "Cost level"
METHOD = "Volume and mix by"
ITEMS = "Explained by"
EXPLAIN = "Explain a bar"
LEVEL_CHOICES = {
    "inference": "Inference",
    "direct": "Direct AI",
    "with_people": "With people",
    "fully_loaded": "Fully loaded",
    "net": "Net of credits",
}
COSTS = {
    "inference": "Inference cost",
    "direct": "Direct AI cost",
    "with_people": "Cost with people",
    "fully_loaded": "Fully loaded cost",
    "net": "Cost net of credits",
}
METHODS = {"weighted_average": "Weighted average", "standard_mix": "Standard mix"}
ITEM_CHOICES = {"types": "Systems and task types", "systems": "Systems"}
BARS = {
    "volume": "Volume",
    "mix": "Mix",
    "price": "Rate: call prices",
    "efficiency": "Rate: call efficiency",
    "other_rate": "Rate: people and other",
    "fixed": "Fixed spend",
    "new": "New",
    "retired": "Retired",
    "no_volume": "Without tasks",
    "fx": "Exchange rates",
}
ORDER = tuple(BARS)
CAUSES = {
    **{name: label.lower() for name, label in BARS.items()},
    "price": "prices of calls",
    "efficiency": "efficiency of calls",
    "other_rate": "people and other rates",
    "no_volume": "cost without tasks",
}  # inside a sentence
MEANINGS = {
    "volume": "More or fewer accepted tasks, at the cost per task of before. Only what ran in both periods.",
    "mix": "Accepted tasks moved to what cost more, or less, per task before than the average.",
    "price": "The same calls of models at other prices: what was paid, less these calls at the prices of before.",
    "efficiency": "Tokens, calls and choice of model per accepted task, at the prices of before.",
    "other_rate": "The rest of the change in variable cost per accepted task: people's time and rates, calls whose "
    "task was completed in the other period, calls that no price list can split.",
    "fixed": "Infrastructure, commitments, platform, licences, build, other charges, and credits where they are in the "
    "level. They do not follow volume, so no volume effect is taken from them.",
    "new": "Variable cost of what had no tasks and no cost before.",
    "retired": "Variable cost of what has no tasks and no cost any more.",
    "no_volume": "Variable cost without accepted tasks in one of the periods: idle, unallocated, before production, "
    "switched off and still billed.",
    "fx": "Cost of tasks in other currencies at today's exchange rates, less the same at the rates of before.",
}
TONED = frozenset({"price", "efficiency", "other_rate", "fixed", "no_volume"})  # what an increase of is worse
IDLE_ITEMS = {"idle": "Idle capacity", "unallocated": "Unallocated"}
BEFORE, NOW, CHANGE, ROUNDING = "Before", "Now", "Change", "Rounding"
ALL = "All together"
TABLE_NOTE = (
    "Every line and column adds up as shown. The rate has three parts: prices of calls of models, calls and tokens per "
    "accepted task, and people and other. An increase of cost is positive."
)
CHART_NOTE = (
    "From the cost of before, at zero, each bar moves on from where the last one ended; the last bar is the change. "
    "Click a bar for its explanation."
)
SOURCE = "queries read/run_cost, read/charges, read/token_use and read/prices"
NO_PRIOR_DATA = "no prior data"
NOTHING_CHANGED = "Nothing to draw: no cost moved."
CHOOSE_ANOTHER = "Choose a comparison, or a period whose counterpart lies within the data, in the filters above."
SYSTEM = "System"
PART_HEADS = (
    ("Item", "", True),
    ("Tasks before", "accepted", False),
    ("Tasks now", "accepted", False),
    ("Variable cost before", "{} per task", False),
    ("Now", "{} per task", False),
    ("How", "", True),
    ("Amount", "{}", False),
)


def nothing() -> Finding:
    """Return the sentence where nothing was recorded."""
    return Finding("No cost and no accepted task was recorded in either period.")


def no_bridge(reason: str) -> Finding:
    """Return the sentence where there is nothing to compare with."""
    return Finding(f"There is nothing to compare this period with: {reason}.")


def why_not(header: Header) -> str:
    """Return why a period has no counterpart."""
    return not_compared(header) or "no comparison is chosen, or none exists for this period"


def item(name: str, key: Key) -> str:
    """Return what an item is called: Routing engine, or Routing engine, Password reset; idle and unallocated."""
    _, task_type, kind = key
    if kind:
        return IDLE_ITEMS[kind]
    return f"{name}, {type_label(task_type).lower()}" if task_type else name


def finding(brief: BridgeBrief) -> Finding:
    """Return by how much cost moved and which bars moved it most; first of all a blend that went against its parts."""
    bridge = brief.bridge
    if bridge is None or brief.empty:
        return nothing()
    header, currency = brief.header, brief.header.currency
    tone = unit_tone(brief)
    if brief.same_way and brief.blend is not None:
        return Finding(against_its_parts(brief), tone)
    named = COSTS[brief.level]
    moved = bridge.total
    if not moved:
        return Finding(f"{named} is the same as before: {shown(bridge.after, brief)}{_causes(brief)}.", tone)
    way = "rose" if moved > 0 else "fell"
    share = f" ({signed(moved / abs(bridge.before) * 100, 1)}%)" if bridge.before else ""
    said = f"{named} {way} by {money(abs(moved), currency)}{share} {versus(header)}: {_causes(brief)}"
    return Finding(f"{said}{_per_task(brief)}.", tone)


def against_its_parts(brief: BridgeBrief) -> str:
    """Return the sentence for a blend that moved against every one of its parts."""
    found, currency = brief.blend, brief.header.currency
    assert found is not None  # noqa: S101 - asked only where there is one
    what = "system and task type" if brief.by_type else "system"
    way = "got cheaper" if brief.same_way == "cheaper" else "got dearer"
    moved = "rose" if found.after > found.before else "fell"
    share = plain(abs(found.after - found.before) / found.before * 100, 0) if found.before else "0"
    return (
        f"Every {what} that ran in both periods {way}, and the blended cost per accepted task {moved} by {share}%, "
        f"from {money(found.before, currency)} to {money(found.after, currency)}: rate "
        f"{signed_money(found.rate, currency)}, mix {signed_money(found.mix, currency)}."
    )


def unit_costs(brief: BridgeBrief) -> tuple[Decimal | None, Decimal | None]:
    """Return cost per accepted task before and now, of the systems that carry load and are in the bridge."""
    sides = [(one.before, one.now) for one in brief.items.values() if one.key[0]]
    found: list[Decimal | None] = []
    for place in (0, 1):
        own = [pair[place] for pair in sides if pair[place].coverage is not None or pair[place].tasks]
        tasks = sum(side.tasks for side in own)
        found.append(sum((side.cost for side in own), Decimal(0)) / tasks if tasks else None)
    return found[0], found[1]


def unit_tone(brief: BridgeBrief) -> str:
    """Return whether one accepted task costs less or more than before."""
    before, now = unit_costs(brief)
    if before is None or now is None or abs(now - before) * 100 < abs(before):
        return "neutral"
    return "good" if now < before else "bad"


def _per_task(brief: BridgeBrief) -> str:
    before, now = unit_costs(brief)
    currency = brief.header.currency
    if now is None:
        return "; no task was accepted in this period"
    if before is None:
        return f"; an accepted task cost {money(now, currency)}, before there was none"
    return f"; an accepted task cost {money(now, currency)}, before {money(before, currency)}"


def _causes(brief: BridgeBrief) -> str:
    """Return the three largest bars."""
    bars = sorted(bars_of(brief), key=lambda bar: -abs(bar[1]))[:3]
    if not bars:
        return ""
    return ", ".join(f"{CAUSES[name]} {unbroken(signed_money(amount, brief.header.currency))}" for name, amount in bars)


def bars_of(brief: BridgeBrief) -> list[tuple[str, Decimal]]:
    """Return the bars that are not zero, in their order."""
    if brief.bridge is None:
        return []
    return [(name, amount) for name in ORDER if (amount := getattr(brief.bridge, name))]


def shown(amount: Decimal, brief: BridgeBrief) -> str:
    """Return an amount to the minor unit."""
    return money(amount, brief.header.currency, decimals(brief))


def cell(amount: Decimal, brief: BridgeBrief) -> str:
    """Return an amount of the table: to the minor unit, without its currency; a dash for zero."""
    return plain(amount, decimals(brief)) if amount else "–"


def decimals(brief: BridgeBrief) -> int:
    """Return how many decimals the minor unit has."""
    return max(0, -int(brief.minor_unit.as_tuple().exponent))


def signed_money(amount: Decimal, currency: str, digits: int | None = None) -> str:
    """Return an amount with its sign: +€12.40, −€3.00."""
    text = money(amount, currency, digits)
    return text if text.startswith(MINUS) or not amount else f"+{text}"


def unbroken(text: str) -> str:
    """Return a signed amount that no line break parts from its sign."""
    return text.replace("+", "+\u2060")


def bar_label(name: str, amount: Decimal, brief: BridgeBrief) -> str:
    """Return what stands at a bar: its amount, and whether it is better or worse where it can be said."""
    verdict = {"good": ", better", "bad": ", worse"}.get(tone(name, amount), "")
    return f"{signed_money(amount, brief.header.currency, decimals(brief))}{verdict}"


def tone(name: str, amount: Decimal) -> str:
    """Return whether a bar is good or bad for the business; volume, mix, new and retired are neither by themselves."""
    if name not in TONED or not amount:
        return "neutral"
    return "bad" if amount > 0 else "good"


def columns(bridge: Bridge) -> list[str]:
    """Return the components that have any amount in some row, and what rounding leaves between before and now."""
    return [name for name in (*ORDER, "rounding") if any(getattr(row, name) for row in bridge.rows)]


def head(name: str) -> str:
    """Return a column's heading."""
    return BARS.get(name, ROUNDING)


def explained(name: str, brief: BridgeBrief) -> tuple[tuple[str, str], ...]:
    """Return what a bar is, its formula and its source."""
    return (
        ("What it is", MEANINGS[name]),
        ("Formula", formula(name, brief.method)),
        ("Periods", f"{days(brief.header.before)} and {days(brief.header.window)}" if brief.header.before else ""),
        ("Where it comes from", SOURCE),
        ("Data version", brief.header.data_version),
    )


def formula(name: str, method: str) -> str:
    """Return a bar's formula; q accepted tasks, p variable cost per task, P̄ its average before, Q all tasks."""
    by_method = {
        "weighted_average": {"volume": "(q1 − q0) × P̄", "mix": "(q1 − q0) × (p0 − P̄)"},
        "standard_mix": {"volume": "(Q1 − Q0) × q0 / Q0 × p0", "mix": "(q1 − Q1 × q0 / Q0) × p0"},
    }[method]
    fixed = {
        "price": "K1 − O1: paid for the calls of now, less these calls at the prices of before",
        "efficiency": "O1 − K0 × q1 / q0: these, less the cost of before for as many tasks",
        "other_rate": "(p1 − p0) × q1, less the two parts of calls",
        "fixed": "fixed spend now − before",
        "new": "variable cost now",
        "retired": "− variable cost before",
        "no_volume": "variable cost now − before",
        "fx": "local cost now × (rate now − rate before)",
    }
    return by_method.get(name) or fixed[name]


def worked(name: str, row: BridgeRow, one: BridgeItem, brief: BridgeBrief) -> str:
    """Return a bar's formula with the numbers of one item."""
    currency = brief.header.currency
    if name in {"volume", "mix"}:
        return _volume_or_mix(name, one, brief)
    if name == "other_rate":
        p0, p1 = prices(one, brief)
        calls = any(getattr(row, part) for part in RATE_PARTS[:2])
        return f"({p1} − {p0}) × {count(one.now.tasks)}{', less the two parts of calls' if calls else ''}"
    if name in RATE_PARTS:
        return per_task_said(one)
    if name == "fixed":
        return f"{money(one.now.fixed, currency, 2)} − {money(one.before.fixed, currency, 2)}"
    if name == "fx":
        return formula("fx", brief.method)
    then, now = one.before.cost - one.before.fixed, one.now.cost - one.now.fixed - one.fx
    return f"{money(now, currency, 2)} − {money(then, currency, 2)}"


def _volume_or_mix(name: str, one: BridgeItem, brief: BridgeBrief) -> str:
    currency = brief.header.currency
    going_on = [other for other in brief.items.values() if other.before.tasks and other.now.tasks]
    all0, all1 = sum(other.before.tasks for other in going_on), sum(other.now.tasks for other in going_on)
    mean = sum((other.before.cost - other.before.fixed for other in going_on), Decimal(0)) / all0
    q0, q1, average, p0 = count(one.before.tasks), count(one.now.tasks), unit(mean, currency), prices(one, brief)[0]
    if brief.method == "weighted_average":
        return f"({q1} − {q0}) × {average if name == 'volume' else f'({p0} − {average})'}"
    if name == "volume":
        return f"({count(all1)} − {count(all0)}) × {q0} / {count(all0)} × {p0}"
    return f"({q1} − {count(all1)} × {q0} / {count(all0)}) × {p0}"


def unit(price: Decimal | None, currency: str) -> str:
    """Return a cost per task with digits enough to follow a calculation by hand."""
    return "–" if price is None else money(price, currency, max(4, money_decimals(price, currency) + 1))


def per_task_said(one: BridgeItem) -> str:
    """Return calls and tokens per accepted task, before and now."""
    parts = []
    for side in (one.before, one.now):
        calls, tokens = (Decimal(n) / side.tasks for n in (side.calls, side.tokens))
        parts.append(f"{plain(calls, 2)} calls and {count(rounded(tokens, 0))} tokens a task")
    return f"{parts[1]}, before {parts[0]}"


def variable(side: Side, fx: Decimal) -> Decimal | None:
    """Return the variable cost of an accepted task, None without any."""
    return (side.cost - side.fixed - fx) / side.tasks if side.tasks else None


def left_out(brief: BridgeBrief) -> list[str]:
    """Return what the bridge leaves out, with its reason and what is known of its cost."""
    currency = brief.header.currency
    return [
        sentence(
            f"{one.name} is left out: {one.reason}. Known of its cost: {money(one.before, currency)} before, "
            f"{money(one.now, currency)} now"
        )
        for one in brief.left_out
    ]


def outside(brief: BridgeBrief) -> tuple[Decimal, Decimal]:
    """Return what lies between the bridge and the cost statement, before and now, as shown."""
    assert brief.bridge is not None  # noqa: S101 - asked only where there is one
    unit = decimals(brief)
    return rounded(brief.totals[0], unit) - brief.bridge.before, rounded(brief.totals[1], unit) - brief.bridge.after


def to_date(settled: date) -> str:
    """Return that accepted tasks may still fall."""
    return f"Accepted tasks of this period are to date: tasks can be reopened until {day(settled, year=False)}."


def expected(amount: Decimal, currency: str) -> str:
    """Return what has been accrued and not invoiced."""
    return f"{money(amount, currency)} of the cost of now is expected and not invoiced yet."


def partly_known(known: Sequence[tuple[str, float, float]]) -> str:
    """Return where cost is known for a part of the tasks: system, least share before, least share now."""
    said = [f"{name} ({percent(before)} before, {percent(now)} now)" for name, before, now in known]
    return f"Cost is not known for all tasks of {listed(said)}: part of the change may come from that."


def unsplit(models: Iterable[Model]) -> str:
    """Return which models' rate could not be split."""
    return (
        f"No list price on both sides for {listed([model_name(one) for one in models])}: the rate of these calls is in "
        "people and other, not split into price and efficiency."
    )


def ends(brief: BridgeBrief) -> tuple[str, str]:
    """Return what stands at the first and the last bar."""
    assert brief.bridge is not None  # noqa: S101 - asked only where there is one
    total = signed_money(brief.bridge.total, brief.header.currency, decimals(brief))
    return f"{BEFORE}<br>{shown(brief.bridge.before, brief)}", f"{NOW} {shown(brief.bridge.after, brief)}<br>{total}"


def chart_alt(brief: BridgeBrief) -> str:
    """Return the waterfall in words."""
    bridge = brief.bridge
    if bridge is None:
        return NOTHING_CHANGED
    bars = ", ".join(f"{CAUSES[name]} {bar_label(name, amount, brief)}" for name, amount in bars_of(brief))
    return f"Cost from {shown(bridge.before, brief)} before to {shown(bridge.after, brief)} now: {bars or 'no change'}."


assert set(ORDER) == (set(COMPONENTS) - {"rate"}) | set(RATE_PARTS)  # noqa: S101 - every component has a bar


def others(n: int) -> str:
    """Return the row that holds the smaller parts together."""
    return f"{count(n)} more together"


def prices(one: BridgeItem, brief: BridgeBrief) -> tuple[str, str]:
    """Return the variable cost of an accepted task, before and now."""
    currency = brief.header.currency
    return unit(variable(one.before, Decimal(0)), currency), unit(variable(one.now, one.fx), currency)


def amounts(line: Bridge | BridgeRow, names: Sequence[str]) -> list[Decimal]:
    """Return the cells of a line: before, the bars, now, and the change."""
    return [line.before, *(getattr(line, name) for name in names), line.after, line.total]


def by_system(brief: BridgeBrief, names: Sequence[str]) -> list[tuple[str, list[Decimal]]]:
    """Return the lines of the table, task types of a system added up; the largest change first, nobody's cost last."""
    assert brief.bridge is not None  # noqa: S101 - asked only where there is one
    found: dict[str, list[Decimal]] = {}
    for row in brief.bridge.rows:
        system, _, kind = row.key
        name = IDLE_ITEMS[kind] if kind else brief.header.system_names.get(system, system)
        own = amounts(row, names)
        found[name] = [one + other for one, other in zip(found.get(name, [Decimal(0)] * len(own)), own, strict=True)]
    nobody = set(IDLE_ITEMS.values())
    return sorted(
        ((name, own) for name, own in found.items() if any(own)),
        key=lambda line: (line[0] in nobody, -abs(line[1][-1]), line[0]),
    )


def rounding(brief: BridgeBrief) -> str:
    """Return that rounding keeps before, change and now apart, where it does."""
    if brief.bridge is None or not brief.bridge.rounding:
        return ""
    return f"{ROUNDING}: before + change differs from now by {shown(brief.bridge.rounding, brief)}."


def statement_total(brief: BridgeBrief) -> str:
    """Return how the bridge ties to the cost statement."""
    before, now = (rounded(total, decimals(brief)) for total in brief.totals)
    said = (
        f"Cost statement, {LEVEL_CHOICES[brief.level].lower()}: {shown(before, brief)} before, {shown(now, brief)} now"
    )
    gap0, gap1 = outside(brief)
    if not brief.left_out:
        return f"{said}: all of it is in this bridge."
    return f"{said}; of that outside this bridge: {shown(gap0, brief)} before, {shown(gap1, brief)} now."
