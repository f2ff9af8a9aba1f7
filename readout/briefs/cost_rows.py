"""The rows behind a cost statement, one day at a time: every amount of it is the sum of its rows.

A row is what a day's tasks of one system and type cost on one line, a charge as it accrues in the period, or a system's
share of an allocated amount. Nothing is rounded beyond the 12 decimals of the warehouse.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from readout.briefs.book import Book
from readout.briefs.charge_book import Money
from readout.briefs.costs import NEVER, recorded_days
from readout.briefs.results_report import Allocated
from readout.finance import Charge, ChargeBook, accrued, allocate
from readout.finance.accrual import FINEST, through
from readout.finance.allocation import UNALLOCATED
from readout.finance.charges import DEFAULT, IDLE, PEOPLE
from readout.finance.money import EXACT
from readout.finance.statement import TASK_LINES
from readout.periods import Window

AT = {IDLE: ":idle", UNALLOCATED: ":unallocated"}  # columns that are no system's


@dataclass(frozen=True)
class CostRow:
    """One row. `column`: the system, ":idle" or ":unallocated". `amount`: what it adds, in the reporting currency."""

    kind: str  # tasks, charge, expected charge, allocated
    first_day: date
    last_day: date  # of the period, included
    column: str
    task_type: str
    line: str
    amount: Decimal
    tasks: int = 0  # completed, on the first of a day's lines only, so that they can be added up
    original: Decimal | None = None  # the whole amount, of which a part accrues in the period
    currency: str = ""  # of the original, where it differs
    service: str = ""
    category: str = ""
    allocation_key: str = ""
    source: str = ""
    note: str = ""


def cost_rows(book: Book, window: Window, carrying: frozenset[str]) -> Iterator[CostRow]:
    """Yield the rows of a range of local days: tasks day by day, then charges, then allocated shares.

    `carrying`: the systems that carry load in it; people's work beside another system is no cost of AI.
    """
    yield from task_rows(book, window, carrying)
    recorded = recorded_days(book, window)
    yield from charge_rows(book.charge_book, recorded)
    yield from share_rows(allocations(book.charge_book, recorded), recorded)


def task_rows(book: Book, window: Window, carrying: frozenset[str]) -> Iterator[CostRow]:
    """Yield what the tasks of each day cost by themselves, one day in memory at a time, all of one snapshot."""
    money = Money(book.currency, book.rates)
    with book.warehouse.snapshot() as snapshot:
        for day in days(window):
            frame = snapshot.query(
                "read/run_cost",
                grain="day",
                from_day=day,
                to_day=day + timedelta(days=1),
                before_from=NEVER,
                before_to=NEVER,
                task_type="",
                own_currency=book.currency,
            )
            for row in frame.to_dict("records"):
                yield from _of_tasks(row, day, money, carries=row["system_id"] in carrying)


def _of_tasks(row: Mapping[Any, Any], day: date, money: Money, *, carries: bool) -> Iterator[CostRow]:
    tasks = int(row["completed"])
    for line in TASK_LINES:
        original = row[line]
        if line in PEOPLE and not carries:
            continue
        if not original and not (tasks and line == TASK_LINES[0]):
            continue
        amount, reason = money.own(original, row["currency"], row["rate_day"])
        foreign = bool(row["currency"]) and row["currency"] != money.currency
        yield CostRow(
            "tasks", day, day, row["system_id"], row["task_type"], line, amount, tasks,
            original=original if foreign else None, currency=row["currency"] if foreign else "", note=reason,
        )  # fmt: skip
        tasks = 0


def charge_rows(charges: ChargeBook, window: Window) -> Iterator[CostRow]:
    """Yield the charges that one system bears, or idle capacity, as far as they accrue in the range."""
    for charge in within(charges, window):
        if not charge.system_id and charge.allocation_key != IDLE:
            continue
        column = AT[IDLE] if charge.allocation_key == IDLE else charge.system_id
        yield _of_charge(charge, window, column)


def pooled(charges: ChargeBook, window: Window) -> Iterator[CostRow]:
    """Yield the shared charges of the range; what they add to systems is in the allocated rows, not here."""
    for charge in within(charges, window):
        if not charge.system_id and charge.allocation_key != IDLE:
            yield _of_charge(charge, window, "")


def within(charges: ChargeBook, window: Window) -> Iterator[Charge]:
    """Yield the charges of which anything accrues in a range of days."""
    for charge in charges.charges:
        if charge.start < window.end and max(charge.end, charge.start + timedelta(days=1)) > window.start:
            yield charge


def _of_charge(charge: Charge, window: Window, column: str) -> CostRow:
    last = max(charge.end, charge.start + timedelta(days=1)) - timedelta(days=1)
    component, service, category, _currency = (*charge.series, "", "", "", "")[:4]
    return CostRow(
        "expected charge" if charge.expected else "charge",
        max(charge.start, window.start),
        min(last, window.end - timedelta(days=1)),
        column,
        "",
        charge.line,
        accrued(charge.amount, charge.start, charge.end, window.start, window.end),
        original=charge.amount,
        service=service or component,
        category=category,
        allocation_key=charge.allocation_key,
        source=charge.source,
        note=charge.reason,
    )


def share_rows(allocated: Iterable[Allocated], window: Window) -> Iterator[CostRow]:
    """Yield what each column bears of the shared amounts."""
    for one in allocated:
        for column, share in one.shares.items():
            if share:
                yield CostRow(
                    "allocated",
                    max(one.month, window.start),
                    window.end - timedelta(days=1),
                    column,
                    "",
                    one.line,
                    share,
                    original=one.amount,
                    allocation_key=one.allocation_key,
                    note="expected, not invoiced yet" if one.expected else "",
                )


def allocations(charges: ChargeBook, window: Window) -> Iterator[Allocated]:
    """Yield every shared amount of the range's fiscal months, and how it is divided.

    As in a statement, amounts are counted from the first day of the month on and differences are taken.
    """
    for month in charges.calendar.buckets(window, "fiscal_month"):
        end = charges.calendar.bucket_end(month, "fiscal_month")
        low, high = max(window.start, month), min(window.end, end)
        pools: dict[tuple[str, str, bool], tuple[Decimal, Decimal]] = {}
        for charge in within(charges, Window(month, high)):
            if charge.system_id or charge.allocation_key == IDLE:
                continue
            key = (charge.allocation_key, charge.line, charge.expected)
            before, after = pools.get(key, (Decimal(0), Decimal(0)))
            base = through(charge.amount, charge.start, charge.end, month)
            pools[key] = (
                EXACT.add(before, EXACT.subtract(through(charge.amount, charge.start, charge.end, low), base)),
                EXACT.add(after, EXACT.subtract(through(charge.amount, charge.start, charge.end, high), base)),
            )
        for (allocation_key, line, expected), (before, after) in sorted(pools.items()):
            weights = charges.weights(month, allocation_key)
            early, late = allocate(before, weights, FINEST), allocate(after, weights, FINEST)
            shares = {
                AT.get(key, key): EXACT.subtract(late.get(key, Decimal(0)), early.get(key, Decimal(0)))
                for key in {**late, **early}
            }
            name = allocation_key or DEFAULT
            rule = charges.rules.get(name, name)
            yield Allocated(
                month, name, rule if isinstance(rule, str) else "fixed shares", line, expected,
                EXACT.subtract(after, before), weights, shares,
            )  # fmt: skip


def days(window: Window) -> Iterator[date]:
    """Yield the days of a range."""
    for offset in range(window.days):
        yield window.start + timedelta(days=offset)
