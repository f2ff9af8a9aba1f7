"""From columns of the cost statement, and calls, to the items of a bridge, for the page and for the report."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from readout.briefs.book import Book
from readout.briefs.results_bridge import BridgeItem, Key, Side
from readout.finance import FIXED, CostColumn, CostStatement, RateSplit, list_on, split_rate
from readout.finance.money import total_of
from readout.finance.prices import TOKEN_CLASSES
from readout.finance.statement import LINES_OF
from readout.periods import Window
from readout.warehouse.reader import Snapshot

NOT_FOLLOWING = (*FIXED, "credit")  # lines that do not follow volume; a credit belongs to a charge, not to tasks
Rows = Sequence[Mapping[Any, Any]]


def key_of(column: CostColumn) -> Key:
    """Return the key of a column of the cost statement."""
    return column.system_id, column.task_type, "" if column.system_id else column.kind


def column_of(statement: CostStatement, key: Key) -> CostColumn | None:
    """Return the column with a key, None where the statement has none."""
    return next((column for column in statement.columns if key_of(column) == key), None)


def side_of(column: CostColumn | None, level: str, calls: Rows) -> Side:
    """Return what a column is in one period: tasks, cost of a level, and what of it does not follow volume."""
    if column is None:
        return Side()
    priced = [row for row in calls if row["cost_n"]]
    return Side(
        tasks=column.volume["accepted"] if column.kind == "system" else 0,
        cost=column.known(level),
        fixed=total_of(column.amounts[line] for line in NOT_FOLLOWING if line in LINES_OF[level]),
        calls=sum(row["cost_n"] for row in priced),
        tokens=sum(row[f"{name}_tokens"] for row in priced for name in TOKEN_CLASSES),
        coverage=column.coverage(level) if column.kind == "system" else None,
    )


def asked(item: BridgeItem) -> dict[str, Any]:
    """Return an item as the bridge reads it."""
    split = {} if item.split is None else {"price": item.split.price, "efficiency": item.split.efficiency}
    return {
        "key": item.key, "q0": item.before.tasks, "q1": item.now.tasks, "c0": item.before.cost, "c1": item.now.cost,
        "fixed0": item.before.fixed, "fixed1": item.now.fixed, "fx": item.fx, **split,
    }  # fmt: skip


def calls_of(
    snapshot: Snapshot, book: Book, spans: tuple[Window, Window], systems: Sequence[str], task_type: str = ""
) -> Rows:
    """Return the calls of both periods (now, before) that were paid in the currency of the figures."""
    now, before = spans
    frame = snapshot.query(
        "read/token_use",
        from_day=now.start,
        to_day=now.end,
        before_from=before.start,
        before_to=before.end,
        systems=list(systems),
        task_type=task_type,
    )
    return [row for row in frame.to_dict("records") if row["cost_n"] and row["currency"] == book.currency]


def lists_of(prices: Rows, book: Book, windows: Sequence[Window]) -> list[Rows]:
    """Return the price list of the last day of each period, in the currency of the figures."""
    last = [window.end - timedelta(days=1) for window in windows]
    return [[row for row in list_on(prices, day) if row["currency"] == book.currency] for day in last]


def own_calls(calls: Rows, key: Key, *, by_type: bool) -> list[Rows]:
    """Return the calls of an item in the period before and now."""
    return [
        [row for row in calls if row["span"] == span and _belongs(row, key, by_type=by_type)]
        for span in ("before", "now")
    ]


def _belongs(row: Mapping[Any, Any], key: Key, *, by_type: bool) -> bool:
    return row["system_id"] == key[0] and (not by_type or row["task_type"] == key[1])


def split_of(own: Sequence[Rows], sides: Sequence[Side], lists: Sequence[Rows], level: str) -> RateSplit | None:
    """Return price and efficiency of a continuing item that calls models; every level holds inference."""
    before, now = sides
    if not (before.tasks and now.tasks and any(own)) or "inference" not in LINES_OF[level]:
        return None
    return split_rate(own[0], own[1], (before.tasks, now.tasks), (lists[0], lists[1]))
