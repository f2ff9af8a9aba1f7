"""The bridge page: why cost moved between two periods, on the cost statement of the Unit cost page."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from readout.briefs.book import Book
from readout.briefs.bridge_items import (
    Rows,
    asked,
    calls_of,
    column_of,
    key_of,
    lists_of,
    own_calls,
    side_of,
    split_of,
)
from readout.briefs.charge_book import Money
from readout.briefs.costs import load_costs
from readout.briefs.figures import UNEQUAL
from readout.briefs.results import Header, Scope
from readout.briefs.results_bridge import BridgeBrief, BridgeItem, Key, NotExplained
from readout.currencies import minor_unit
from readout.finance import (
    Blend,
    CostColumn,
    CostStatement,
    MissingRateError,
    blend,
    bridge,
)
from readout.finance.accrual import cut
from readout.finance.money import total_of
from readout.finance.statement import LINES_OF, TASK_LINES
from readout.finance.variance import Method
from readout.periods import Window
from readout.warehouse.reader import Snapshot
from readout.words import bridge as said

DEFAULT_LEVEL = "fully_loaded"
FEWEST = 2  # items of which it is worth saying that all went one way


def bridge_brief(
    book: Book,
    scope: Scope,
    level: str = DEFAULT_LEVEL,
    method: Method = "weighted_average",
    *,
    by_type: bool = True,
) -> BridgeBrief:
    """Return why the cost of the chosen systems moved from the comparison period to this one.

    Items are the columns of the cost statement: systems, or their task types, by accepted tasks; what is idle,
    unallocated or before production has no tasks. A column of which the level or the tasks are not known is left out
    by name.
    """
    header = book.header(scope)
    brief = BridgeBrief(header, said.nothing(), level, method, by_type, minor_unit(header.currency))
    systems, reason = book.chosen_systems(scope), _not_compared(header)
    if header.before is None or reason:
        return replace(brief, reason=reason, finding=said.no_bridge(reason))
    with book.warehouse.snapshot() as snapshot:
        costs = load_costs(snapshot, book, header.window, header.before, task_type=scope.task_type)
        calls = calls_of(snapshot, book, (header.window, header.before), systems, scope.task_type)
        prices = snapshot.query("read/prices").to_dict("records")
        foreign = _foreign(snapshot, book, header.before, header.window, scope.task_type)
    now, before = (costs.statement(span, by_task_type=by_type) for span in ("now", "before"))
    if scope.systems:  # what is idle or unallocated belongs to all systems
        now, before = (statement.chosen(systems) for statement in (now, before))
    lists = lists_of(prices, book, (header.before, header.window))
    fx = _fx(book, foreign, header.before, level, by_type=by_type)
    items, left_out = {}, []
    for key in sorted({key_of(column) for statement in (before, now) for column in statement.columns}):
        columns = [column_of(statement, key) for statement in (before, now)]
        name = said.item(book.name_of(key[0]) if key[0] else "", key)
        why = next((found for column in columns if column and (found := _unknown(column, level))), "")
        if why:
            known = [column.known(level) if column else Decimal(0) for column in columns]
            if any(known) or any(column and column.kind == "system" for column in columns):
                left_out.append(NotExplained(name, why, *known))
            continue
        own = own_calls(calls, key, by_type=by_type)
        sides = [side_of(column, level, rows) for column, rows in zip(columns, own, strict=True)]
        items[key] = BridgeItem(key, name, *sides, split=split_of(own, sides, lists, level), fx=fx.get(key, Decimal(0)))
    exact = bridge(map(asked, items.values()), method)
    mixed, same_way = _blended(items.values())
    brief = replace(
        brief,
        bridge=exact.footed(brief.minor_unit),
        exact=exact,
        items=items,
        left_out=tuple(left_out),
        totals=(before.known(level), now.known(level)),
        blend=mixed,
        same_way=same_way,
        notes=tuple(_notes(book, header, now, level, tuple(items.values()))),
        empty=not any(item.before.cost or item.now.cost or item.before.tasks or item.now.tasks
                      for item in items.values()) and not left_out,
    )  # fmt: skip
    return replace(brief, finding=said.finding(brief))


def _not_compared(header: Header) -> str:
    if header.before is None:
        return said.why_not(header)
    if header.first_day is None or header.before.start < header.first_day:
        return UNEQUAL if header.first_day and header.before.end > header.first_day else said.NO_PRIOR_DATA
    return ""


def _unknown(column: CostColumn, level: str) -> str:
    if column.kind == "system" and "accepted" in column.uncounted:
        return column.uncounted["accepted"]
    return column.reason(level) if column.system_id else ""


def _foreign(snapshot: Snapshot, book: Book, before: Window, now: Window, task_type: str) -> Rows:
    """Return what tasks cost in other currencies, per day; nothing is asked where there is one currency only."""
    if not set(book.dimensions["currency"]) - {"", book.currency}:
        return ()
    frame = snapshot.query(
        "read/run_cost",
        grain="total",
        from_day=now.start,
        to_day=now.end,
        before_from=before.start,
        before_to=before.end,
        task_type=task_type,
        own_currency=book.currency,
    )
    return [row for row in frame.to_dict("records") if row["currency"] not in {"", book.currency}]


def _fx(book: Book, rows: Rows, before: Window, level: str, *, by_type: bool) -> dict[Key, Decimal]:
    """Return the part of each item's change that is due to exchange rates: local C1 × (rate of now − rate of then).

    The rate of then is what the period before really paid in that currency; where it paid nothing, its last rate. Of
    charges, which are fixed spend at the rates of their days, there is none.
    """
    lines = [line for line in TASK_LINES if line in LINES_OF[level]]
    money = Money(book.currency, book.rates)
    local: dict[str, Decimal] = {}
    own: dict[str, Decimal] = {}
    for row in rows:
        if row["span"] == "before":
            amount = total_of(row[line] for line in lines)
            local[row["currency"]] = local.get(row["currency"], Decimal(0)) + amount
            own[row["currency"]] = (
                own.get(row["currency"], Decimal(0)) + money.own(amount, row["currency"], row["rate_day"])[0]
            )
    found: dict[Key, Decimal] = {}
    for row in rows:
        currency, amount = row["currency"], total_of(row[line] for line in lines)
        if row["span"] == "before" or not amount:
            continue
        converted, missing = money.own(amount, currency, row["rate_day"])
        try:
            then = (
                own[currency] / local[currency]
                if local.get(currency)
                else book.rates.rate(currency, book.currency, before.end - timedelta(days=1))
            )
        except MissingRateError:
            continue  # nothing to compare with: all of it is cost of now
        if not missing:
            key = (row["system_id"], row["task_type"] if by_type else "", "")
            found[key] = found.get(key, Decimal(0)) + converted - cut(amount * then)
    return found


def _blended(items: Iterable[BridgeItem]) -> tuple[Blend | None, str]:
    """Return the blend of cost per accepted task, and whether every item went one way and the blend the other."""
    pairs = [(item.key, item.before, item.now) for item in items]
    sides = [
        {key: (side.tasks, side.cost / side.tasks) for key, *both in pairs for side in [both[place]] if side.tasks}
        for place in (0, 1)
    ]
    if not all(sides):
        return None, ""
    found = blend(*sides)
    moves = [sides[1][key][1] - sides[0][key][1] for key in sides[0].keys() & sides[1].keys()]
    if len(moves) < FEWEST:
        return found, ""
    if all(move < 0 for move in moves) and found.after > found.before:
        return found, "cheaper"
    return found, "dearer" if all(move > 0 for move in moves) and found.after < found.before else ""


def _notes(book: Book, header: Header, now: CostStatement, level: str, items: Iterable[BridgeItem]) -> Iterable[str]:
    settled = header.window.end + timedelta(days=book.portfolio.organisation.accept_settle_days)
    if book.calendar.start_of(settled) > book.as_of:
        yield said.to_date(settled)
    if expected := now.estimated(level):
        yield said.expected(expected, header.currency)
    least: dict[str, tuple[float, float]] = {}
    for item in items:
        own = tuple(1.0 if side.coverage is None else side.coverage for side in (item.before, item.now))
        so_far = least.get(item.key[0], (1.0, 1.0))
        least[item.key[0]] = min(so_far[0], own[0]), min(so_far[1], own[1])
    if partial := [(book.name_of(system), *known) for system, known in sorted(least.items()) if min(known) < 1]:
        yield said.partly_known(partial)
    unsplit = {model for item in items if item.split and item.split.unsplit for model in item.split.unsplit_models}
    if unsplit:
        yield said.unsplit(sorted(unsplit))
    yield from now.notes
