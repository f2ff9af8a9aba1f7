"""Per invoice: what its charges add up to, against the ledger and against our own measured usage. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from readout.finance.invoices import invoice_tolerance
from readout.finance.money import EXACT, total_of
from readout.finance.reconciliation_books import NOTHING, Books, InvoiceRow, Posting

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
    for name in sorted(rows.keys() | posted.keys()):
        held = rows.get(name, [])
        entries = posted.get(name, [])
        n = sum(row.n for row in held)
        billed = total_of(row.in_books for row in held)
        amount = total_of(one.amount for one in entries) if entries else None
        usage = total_of(row.invoiced for row in held if books.for_calls(row) and not row.correction)
        own, corrected, calls = _owned(books, name, held)
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


def _owned(books: Books, invoice: str, rows: Sequence[InvoiceRow]) -> tuple[Decimal | None, Decimal, int]:
    """Return own pricing of an invoice's usage (None: unknown), what others bill for it, and its calls."""
    keys = {(row.source, row.system_id, row.month) for row in rows if books.for_calls(row) and not row.correction}
    used, others = [], []
    for key in sorted(keys):
        held = books.usage_of(key)
        if held is None:
            return None, NOTHING, 0
        used += held
        others += [row.invoiced for row in books.charged_calls[key] if row.invoice_id != invoice or row.correction]
    own = total_of(one.compared for one in used) if keys else None
    return own, total_of(others), sum(one.calls for one in used)
