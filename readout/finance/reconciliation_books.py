"""What a reconciliation reads: invoice rows, postings of the ledger, and our own measured usage. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from readout.finance.accrual import accrued
from readout.finance.charges import line_of
from readout.finance.money import EXACT
from readout.finance.statement import CostStatement
from readout.periods import Window, next_month

NOTHING = Decimal(0)
CallsKey = tuple[str, str, date]  # source, system, first day of the month
ASIDE = ("tax", "pass_through")  # billed, and in no level of the statement


@dataclass(frozen=True)
class InvoiceRow:
    """Charges of one invoice that are alike; amounts in the reporting currency, at the rate of their first day."""

    invoice_id: str
    source: str
    system_id: str  # "" = shared
    component: str
    service_name: str
    category: str
    charge_class: str
    billed_in: date  # first day of the month of the billing period; of the charge, where none is stated
    start: date
    end: date  # excluded
    n: int
    billed: Decimal
    effective: Decimal | None  # None: not stated
    booked: Decimal | None = None  # billed, at the rate of the books; None: at the same rate

    @property
    def line(self) -> str:
        """The cost line that it belongs to."""
        return line_of(self.component, self.category)

    @property
    def month(self) -> date:
        """First day of the month that it is for."""
        return self.start.replace(day=1)

    @property
    def correction(self) -> bool:
        """Whether it corrects a billing period that was closed."""
        return self.charge_class.strip().lower() == "correction"

    @property
    def purchase(self) -> bool:
        """Whether it was bought, maybe for later."""
        return self.category.strip().lower() == "purchase"

    @property
    def in_books(self) -> Decimal:
        """What the books hold it at."""
        return self.billed if self.booked is None else self.booked

    @property
    def accrual(self) -> Decimal:
        """What it costs the days that it is for."""
        return NOTHING if self.effective is None else self.effective

    @property
    def invoiced(self) -> Decimal:
        """What calls are compared with: as billed, except where they were paid for before."""
        return self.accrual if self.purchase or not self.billed else self.billed


@dataclass(frozen=True)
class Posting:
    """What the ledger holds on an account for an invoice and month, in the reporting currency."""

    account: str
    month: date
    invoice_id: str
    amount: Decimal


@dataclass(frozen=True)
class Usage:
    """Calls of one system with one provider in a month of UTC, priced by ourselves. All purposes.

    `amount` is at the rates of the days of the calls; `at_invoice` at those at which their charges are converted.
    """

    system_id: str
    provider: str
    month: date
    calls: int
    priced: int
    amount: Decimal
    at_invoice: Decimal | None = None  # None: at the same rates

    @property
    def compared(self) -> Decimal:
        """What an invoice is compared with."""
        return self.amount if self.at_invoice is None else self.at_invoice


@dataclass(frozen=True)
class Books:
    """What a reconciliation reads.

    `own_local`: per system, own pricing of the calls of the window's local days; `own_tests` of that for tests.
    """

    window: Window
    minor_unit: Decimal
    rows: Sequence[InvoiceRow]
    postings: Sequence[Posting]
    usage: Sequence[Usage]
    own_local: Mapping[str, Decimal]
    statement: CostStatement
    accounts: Sequence[str] = ()  # declared; none: those that hold an invoice of the charges
    by_invoice: frozenset[str] = frozenset()  # systems whose calls carry no cost: their invoices are their cost
    own_tests: Mapping[str, Decimal] = field(default_factory=dict)
    shadow_people: Mapping[str, Decimal] = field(default_factory=dict)  # of the evaluation, by system: people's work
    without_rate: tuple[str, ...] = ()
    accrual: Window | None = None  # the days of the window for which the statement accrues charges; None: all
    months: frozenset[date] = field(init=False)

    def __post_init__(self) -> None:
        """Find the months that begin within the window: their invoices and postings are the window's."""
        object.__setattr__(self, "months", frozenset(months_of(self.window)))

    @cached_property
    def billed(self) -> tuple[InvoiceRow, ...]:
        """The charges that were billed in the window."""
        return tuple(row for row in self.rows if row.billed_in in self.months)

    @cached_property
    def elsewhere(self) -> tuple[InvoiceRow, ...]:
        """The charges that were billed in another period."""
        return tuple(row for row in self.rows if row.billed_in not in self.months)

    @cached_property
    def ledger_accounts(self) -> tuple[str, ...]:
        """The accounts that hold the cost of AI: as declared, else those that hold an invoice of the charges."""
        if self.accounts:
            return tuple(self.accounts)
        known = {row.invoice_id for row in self.rows} - {""}
        return tuple(sorted({one.account for one in self.postings if one.invoice_id in known}))

    @cached_property
    def posted(self) -> tuple[Posting, ...]:
        """What the ledger holds on these accounts for the window."""
        wanted = set(self.ledger_accounts)
        return tuple(one for one in self.postings if one.account in wanted and one.month.replace(day=1) in self.months)

    @cached_property
    def invoiced(self) -> dict[tuple[str, date], Decimal]:
        """What was invoiced for calls, per system and month that it is for, whenever it was billed."""
        found: dict[tuple[str, date], Decimal] = {}
        for row in self.rows:
            if self.for_calls(row):
                key = (row.system_id, row.month)
                found[key] = EXACT.add(found.get(key, NOTHING), row.invoiced)
        return found

    @cached_property
    def used(self) -> tuple[Usage, ...]:
        """The calls of the window's months."""
        return tuple(one for one in self.usage if one.month in self.months)

    @cached_property
    def charged_calls(self) -> dict[CallsKey, tuple[InvoiceRow, ...]]:
        """The charges for calls, by source, system and month that they are for, whenever they were billed."""
        found: dict[CallsKey, list[InvoiceRow]] = {}
        for row in self.rows:
            if self.for_calls(row):
                found.setdefault((row.source, row.system_id, row.month), []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    def usage_of(self, key: CallsKey) -> tuple[Usage, ...] | None:
        """Return our own measured usage that these charges are for: of their provider, else of their only source.

        None: it cannot be told.
        """
        source, system, month = key
        provider = source.rpartition(":")[2].casefold()
        held = self._usage_by_month.get((system, month), ())
        if provider in self._providers:
            return tuple(one for one in held if one.provider.casefold() == provider)
        return held if self._sources[system, month] == 1 else None

    @cached_property
    def _providers(self) -> frozenset[str]:
        return frozenset(one.provider.casefold() for one in self.usage)

    @cached_property
    def _sources(self) -> Counter[tuple[str, date]]:
        return Counter((system, month) for _, system, month in self.charged_calls)

    @cached_property
    def _usage_by_month(self) -> dict[tuple[str, date], tuple[Usage, ...]]:
        found: dict[tuple[str, date], list[Usage]] = {}
        for one in self.usage:
            found.setdefault((one.system_id, one.month), []).append(one)
        return {key: tuple(held) for key, held in found.items()}

    def people_beside(self, system_id: str) -> Decimal:
        """Return what of a system's evaluation is people's work."""
        return self.shadow_people.get(system_id, NOTHING)

    def for_calls(self, row: InvoiceRow) -> bool:
        """Whether a charge is for calls that carry their own cost: it is compared with them, and is no cost itself."""
        return row.line == "inference" and not self.by_its_invoice(row.system_id)

    def by_its_invoice(self, system_id: str) -> bool:
        """Whether the invoices for a system's calls are its cost."""
        return system_id in self.by_invoice or "" in self.by_invoice

    def cost(self, row: InvoiceRow) -> Decimal:
        """Return what a charge costs the time that it is for."""
        return row.invoiced if self.for_calls(row) else row.accrual

    def within(self, row: InvoiceRow) -> Decimal:
        """Return what of a charge is the window's: of calls by the month that they are for, of all else by its days."""
        if self.for_calls(row):
            return row.invoiced if row.month in self.months else NOTHING
        days = self.accrual or self.window
        return accrued(row.accrual, row.start, row.end, days.start, days.end)


def months_of(window: Window) -> Iterator[date]:
    """Yield the first days of the months that begin within a range of days: their invoices are the range's."""
    month = window.start if window.start.day == 1 else next_month(window.start)
    while month < window.end:
        yield month
        month = next_month(month)
