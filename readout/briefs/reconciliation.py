"""Reconciliation: from the ledger to the amount of the cost statement, for one fiscal month."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from readout import findings
from readout.briefs.book import Book
from readout.briefs.charge_book import Money
from readout.briefs.costs import cost_statements, recorded_days
from readout.briefs.results import Scope
from readout.briefs.results_close import ReconciliationBrief
from readout.currencies import minor_unit
from readout.finance import CostStatement
from readout.finance.close import adjustments
from readout.finance.money import EXACT
from readout.finance.reconciliation import Books, InvoiceRow, Posting, Reconciliation, Usage
from readout.finance.reconciliation import reconcile as reconciled
from readout.finance.reconciliation_books import months_of
from readout.periods import Window, next_month
from readout.periods.months import MonthError, month_name, named_month
from readout.warehouse.reader import Snapshot
from readout.words.dates import month_title

NOTHING = Decimal(0)


def reconciliation_brief(book: Book, scope: Scope, asked: str = "") -> ReconciliationBrief:
    """Return the reconciliation of a fiscal month (2026-10, FY2027-P03), by default the last that was invoiced."""
    header = book.header(scope)
    months = fiscal_months(book)
    unknown = ""
    try:
        chosen = named_month(asked, book.calendar) if asked else None
    except MonthError as error:
        chosen, unknown = None, str(error)
    window = chosen or _last_invoiced(book, months)
    if window is None:
        return ReconciliationBrief(header, findings.of_reconciliation(None, ""), {}, "", None, unknown=unknown)
    name = month_name(window.start, book.calendar)
    closed = book.closed_of(window)
    found, statement = _read(replace(book, reported=False), window)
    if closed and book.reported:
        found = closed.section("reconciliation", Reconciliation)
    return ReconciliationBrief(
        header=replace(header, window=window, before=None, unequal=None),
        finding=findings.of_reconciliation(found, month_title(window.start, book.calendar)),
        months={
            month_name(month.start, book.calendar): month_title(month.start, book.calendar)
            for month in reversed(months)
        },
        month=name,
        found=found,
        closed=closed,
        adjustments=adjustments(closed.statement, statement) if closed else None,
        unknown=unknown,
    )


def fiscal_months(book: Book) -> tuple[Window, ...]:
    """Return the fiscal months that the data reaches into, oldest first."""
    if book.first_day is None or book.last_day is None:
        return ()
    calendar = book.calendar
    starts = calendar.buckets(Window(book.first_day, book.last_day + timedelta(days=1)), "fiscal_month")
    return tuple(Window(start, calendar.bucket_end(start, "fiscal_month")) for start in starts)


def _last_invoiced(book: Book, months: tuple[Window, ...]) -> Window | None:
    """Return the last month that is over and for which a charge was invoiced, else the last that is over."""
    over = [month for month in months if book.calendar.start_of(month.end) <= book.as_of]
    started = set(book.charges["start_day"])
    invoiced = [month for month in over if any(month.start <= day < month.end for day in started)]
    return (invoiced or over or list(months) or [None])[-1]


def reconcile(book: Book, window: Window, statement: CostStatement | None = None) -> Reconciliation:
    """Return the way from the ledger to the cost statement of a range of local days."""
    return _read(book, window, statement)[0]


def _read(book: Book, window: Window, statement: CostStatement | None = None) -> tuple[Reconciliation, CostStatement]:
    months = list(months_of(window))
    last = next_month(months[-1]) if months else window.end
    accounts = book.portfolio.organisation.cost_accounts
    with book.warehouse.snapshot() as snapshot:
        rows = snapshot.query(
            "read/invoice_rows",
            months=[f"{month:%Y-%m}" for month in months],
            from_day=min([window.start, *months]),
            to_day=max(window.end, last),
        )
        postings = snapshot.query("read/postings", accounts=list(accounts), derived=int(not accounts))
        usage = _usage(snapshot, book, window, months)
        found = statement or cost_statements(book, window, None, snapshot=snapshot)[0]
    money = Money(book.currency, book.rates)
    reading = _Reading(money, book.calendar.day_of(book.as_of))
    held = reading.rows(rows)
    posted = reading.postings(postings)
    used = reading.usage(usage)
    by_invoice = frozenset(one.system_id for one in book.charge_book.charges if one.line == "inference")
    calls, local = _with_task_costs(used.calls, used.local, held, found, by_invoice)
    books = Books(
        window=window,
        minor_unit=minor_unit(book.currency),
        rows=held,
        postings=posted,
        usage=calls,
        own_local=local,
        statement=found,
        accounts=tuple(accounts) or tuple(sorted({one.account for one in posted})),
        by_invoice=by_invoice,
        own_tests=used.tests,
        shadow_people=used.people,
        without_rate=tuple(sorted(reading.without_rate)),
        accrual=recorded_days(book, window),
    )
    return reconciled(books), found


def _usage(snapshot: Snapshot, book: Book, window: Window, months: list[date]) -> pd.DataFrame:
    return snapshot.query(
        "read/usage",
        from_month=months[0] if months else window.start,
        to_month=next_month(months[-1]) if months else window.start,
        from_day=window.start,
        to_day=window.end,
        own_currency=book.currency,
    )


class _Reading:
    """Frames into rows in the reporting currency; `without_rate` gathers the currencies that cannot be converted."""

    def __init__(self, money: Money, today: date) -> None:
        self._money, self._today = money, today
        self.without_rate: set[str] = set()
        self._foreign: list[tuple[str, str, date, date]] = []  # charges: system, currency, first day, end

    def _own(self, amount: Decimal, currency: str, on: date) -> Decimal | None:
        own, reason = self._money.own(amount, currency, on)
        if reason:
            self.without_rate.add(currency)
            return None
        return own

    def rows(self, frame: pd.DataFrame) -> tuple[InvoiceRow, ...]:
        return tuple(row for one in frame.to_dict("records") for row in self._row(one))

    def _row(self, row: dict[Any, Any]) -> Iterator[InvoiceRow]:
        currency, start = row["currency"], row["start_day"]
        billed_in = _month(row["billing_period"]) or start.replace(day=1)
        billed = self._own(row["billed_cost"], currency, start)
        effective = self._own(row["effective_cost"], currency, start) if row["effective_n"] else None
        if billed is None:
            return
        booked = None
        if currency not in {"", self._money.currency}:
            self._foreign.append((row["system_id"], currency, start, row["end_day"]))
            # books value a foreign invoice at the last rate of the month in which it was billed
            booked = self._own(
                row["billed_cost"], currency, min(next_month(billed_in) - timedelta(days=1), self._today)
            )
        yield InvoiceRow(
            row["invoice_id"], row["source"], row["system_id"], row["component"], row["service_name"],
            row["charge_category"], row["charge_class"], billed_in, start, row["end_day"], int(row["n"]), billed,
            effective, booked,
        )  # fmt: skip

    def postings(self, frame: pd.DataFrame) -> tuple[Posting, ...]:
        found = []
        for row in frame.to_dict("records"):
            on = min(next_month(row["month"]) - timedelta(days=1), self._today)
            amount = self._own(row["amount"], row["currency"], on)
            if amount is not None:
                found.append(Posting(row["account"], row["month"], row["invoice_id"], amount))
        return tuple(found)

    def usage(self, frame: pd.DataFrame) -> "_Used":
        """Return the calls of the months, and per system what the local days hold; charges are read before."""
        found = _Used({}, {}, {}, {})
        for row in frame.to_dict("records"):
            currency, on, system = row["currency"], row["rate_day"], row["system_id"]
            if row["calls"]:
                invoiced = self._own(row["cost"], currency, self._charged_from(system, currency, on)) or NOTHING
                found.add(row, self._own(row["cost"], currency, on) or NOTHING, invoiced)
            for held, name in (
                (found.local, "local_cost"), (found.tests, "local_tests"), (found.people, "shadow_people")
            ):  # fmt: skip
                held[system] = EXACT.add(held.get(system, NOTHING), self._own(row[name], currency, on) or NOTHING)
        return found

    def _charged_from(self, system: str, currency: str, day: date) -> date:
        """Return the first day of the charge for a foreign call of a day: its rate holds for the charge."""
        starts = [
            start for of, paid, start, end in self._foreign if (of, paid) == (system, currency) and start <= day < end
        ]
        return max(starts, default=day)


@dataclass
class _Used:
    """Usage of a reconciliation: calls of the months; per system own pricing, tests and people's work of local days."""

    by_key: dict[tuple[str, str, date], Usage]
    local: dict[str, Decimal]
    tests: dict[str, Decimal]
    people: dict[str, Decimal]

    @property
    def calls(self) -> tuple[Usage, ...]:
        return tuple(self.by_key.values())

    def add(self, row: dict[Any, Any], amount: Decimal, invoiced: Decimal) -> None:
        key = (row["system_id"], row["provider"], row["bill_month"])
        had = self.by_key.get(key, Usage(*key, 0, 0, NOTHING, NOTHING))
        self.by_key[key] = Usage(
            *key,
            had.calls + int(row["calls"]),
            had.priced + int(row["priced"]),
            EXACT.add(had.amount, amount),
            EXACT.add(had.compared, invoiced),
        )


def _month(period: str) -> date | None:
    try:
        return date.fromisoformat(f"{period[:7]}-01")
    except ValueError:
        return None


def _with_task_costs(
    usage: tuple[Usage, ...],
    local: dict[str, Decimal],
    rows: tuple[InvoiceRow, ...],
    statement: CostStatement,
    by_invoice: frozenset[str],
) -> tuple[tuple[Usage, ...], dict[str, Decimal]]:
    """Return the usage with that of systems which record no call, and whose tasks carry the cost.

    Their cost is known by local days only: the statement's, with which their invoices are compared.
    """
    counted = {one.system_id for one in usage}
    invoiced = {row.system_id for row in rows if row.line == "inference"} - by_invoice
    more, days = [], dict(local)
    for column in statement.columns:
        system, amount = column.system_id, column.amounts["inference"]
        if system in invoiced and system not in counted and amount and not local.get(system):
            months = list(months_of(statement.window))
            if months:
                more.append(Usage(system, "", months[0], column.wanted, column.priced, amount))
                days[system] = amount
    return (*usage, *more), days


def invoice_charges(book: Book, invoice: str) -> pd.DataFrame:
    """Return the charges of an invoice as they were loaded, at most 200, the largest first.

    Raises what `Warehouse.sample` does.
    """
    return book.warehouse.sample("facts/invoice_charges", invoice_id=invoice)
