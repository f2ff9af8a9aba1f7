"""Per invoice: what its charges add up to, against the ledger and against our own measured usage. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from readout.finance.invoices import invoice_tolerance
from readout.finance.money import EXACT, total_of
from readout.finance.reconciliation_books import NOTHING, Books, InvoiceRow, Posting, Usage

if TYPE_CHECKING:
    from datetime import date

State = Literal["pass", "fail", "not_checked"]


@dataclass(frozen=True)
class Invoice:
    """One invoice: what its charges add up to, what was posted, and what its calls cost by our own prices.

    `posted` is None where the ledger does not hold it; `own` where no usage can be told to be this invoice's.
    `corrected` is what other invoices bill or credit for the same usage.
    """

    invoice_id: str
    source: str
    accounts: tuple[str, ...]
    n: int
    billed: Decimal  # as the books hold it
    posted: Decimal | None
    usage: Decimal  # of that, for model calls
    corrected: Decimal
    own: Decimal | None
    calls: int
    tolerance: Decimal
    own_tolerance: Decimal
    posted_state: State
    own_state: State

    @property
    def difference(self) -> Decimal:
        """Posted less billed."""
        return total_of((self.posted or NOTHING, -self.billed))

    @property
    def own_difference(self) -> Decimal | None:
        """Own pricing less what was invoiced in the end."""
        return None if self.own is None else total_of((self.own, -self.usage, -self.corrected))

    @property
    def state(self) -> State:
        """Fail where one of both fails."""
        return worst((self.posted_state, self.own_state))


def worst(states: Iterable[State]) -> State:
    """Return fail where any fails, pass where any passes, else not checked."""
    found = set(states)
    return "fail" if "fail" in found else ("pass" if "pass" in found else "not_checked")


def invoices_of(books: Books) -> Iterator[Invoice]:
    """Yield every invoice of the window, and every posting without one."""
    posted: dict[str, list[Posting]] = {}
    for posting in books.posted:
        posted.setdefault(posting.invoice_id, []).append(posting)
    rows: dict[str, list[InvoiceRow]] = {}
    for row in books.billed:
        rows.setdefault(row.invoice_id, []).append(row)
    told_apart = any(one.invoice_id for one in books.postings)
    owned = _Owned(books)
    for name in sorted(rows.keys() | posted.keys()):
        held = rows.get(name, [])
        entries = posted.get(name, [])
        n = sum(row.n for row in held)
        billed = total_of(row.in_books for row in held)
        amount = total_of(one.amount for one in entries) if entries else None
        usage = total_of(row.invoiced for row in held if books.for_calls(row) and not row.correction)
        own, corrected, calls = owned.of(name, held)
        tolerance = invoice_tolerance(n, books.minor_unit)
        own_tolerance = invoice_tolerance(calls, books.minor_unit)
        yield Invoice(
            name,
            ", ".join(sorted({row.source for row in held})),
            tuple(sorted({one.account for one in entries})),
            n,
            billed,
            amount,
            usage,
            corrected,
            own,
            calls,
            tolerance,
            own_tolerance,
            _tie(amount, billed, tolerance) if books.ledger_accounts and told_apart else "not_checked",
            "not_checked" if own is None else _tie(own, total_of((usage, corrected)), own_tolerance),
        )


def _tie(one: Decimal | None, other: Decimal, tolerance: Decimal) -> State:
    return "pass" if abs(EXACT.subtract(one or NOTHING, other)) <= tolerance else "fail"


class _Owned:
    """Which of our own measured usage is an invoice's: that of its provider, else of its only source."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._providers = {one.provider.casefold() for one in books.usage}
        self._rows: dict[tuple[str, str, date], list[InvoiceRow]] = {}
        self._sources: dict[tuple[str, date], set[str]] = {}
        for row in books.rows:
            if books.for_calls(row):
                self._rows.setdefault((row.source, row.system_id, row.month), []).append(row)
                self._sources.setdefault((row.system_id, row.month), set()).add(row.source)
        self._usage: dict[tuple[str, date], list[Usage]] = {}
        for one in books.usage:
            self._usage.setdefault((one.system_id, one.month), []).append(one)

    def of(self, invoice: str, rows: Sequence[InvoiceRow]) -> tuple[Decimal | None, Decimal, int]:
        """Return own pricing of an invoice's usage (None: unknown), what others bill for it, and its calls."""
        keys = {
            (row.source, row.system_id, row.month) for row in rows if self._books.for_calls(row) and not row.correction
        }
        amounts, calls, others = [], 0, []
        for source, system, month in sorted(keys):
            provider = source.rpartition(":")[2].casefold()
            held = self._usage.get((system, month), [])
            if provider in self._providers:
                held = [one for one in held if one.provider.casefold() == provider]
            elif len(self._sources[system, month]) > 1:
                return None, NOTHING, 0
            amounts += [one.amount for one in held]
            calls += sum(one.calls for one in held)
            others += [
                row.invoiced for row in self._rows[source, system, month] if row.invoice_id != invoice or row.correction
            ]
        return (total_of(amounts), total_of(others), calls) if keys else (None, NOTHING, 0)
