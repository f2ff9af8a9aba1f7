"""From the ledger, or the invoices, to the cost statement: every line of the way, and what no line explains. Pure.

The lines are computed from their rows, each by itself. What is left is *unexplained*: it is computed last and never
booked into a line. Three things only can be unexplained: an invoice whose charges and posting differ, a system whose
calls were priced otherwise than they were invoiced, and what neither explains.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from readout.finance.accrual import FINEST
from readout.finance.footing import largest_remainder
from readout.finance.invoices import invoice_tolerance
from readout.finance.money import EXACT, amount_of, total_of, unit_of, whole_units
from readout.finance.reconciliation_books import NOTHING, Books, InvoiceRow, Posting, Usage
from readout.finance.reconciliation_invoices import Invoice, State, invoices_of, worst
from readout.finance.reconciliation_lines import LINE_KEYS, Line, Part, call_rounding, lines_of
from readout.periods import Window

__all__ = [
    "LINE_KEYS", "Books", "Invoice", "InvoiceRow", "Line", "Part", "Posting", "Reconciliation", "Remainder",
    "State", "Usage", "reconcile", "worst",
]  # fmt: skip
Basis = Literal["ledger", "invoices"]
TOTAL_LEVEL = "net"


@dataclass(frozen=True)
class Remainder:
    """Where a part of what is unexplained comes from. `amount` adds to the statement."""

    kind: Literal["invoice", "system", "rest"]
    name: str
    amount: Decimal


@dataclass(frozen=True)
class Reconciliation:
    """The way from the ledger to the statement for a range of days, in the reporting currency."""

    window: Window
    currency: str
    basis: Basis
    accounts: tuple[str, ...]  # of the ledger, that hold the cost of AI
    start: Decimal
    lines: tuple[Line, ...]
    reported: Decimal  # the statement, net of credits
    estimated: Decimal  # of that, not invoiced yet
    tolerance: Decimal
    invoices: tuple[Invoice, ...]
    remains: tuple[Remainder, ...] = ()
    posted: bool = False  # whether the ledger holds anything of the window
    calls: int = 0
    unpriced_calls: int = 0
    without_rate: tuple[str, ...] = ()  # currencies that have no rate: their charges are in no amount
    rows: int = 0

    @property
    def expected(self) -> Decimal:
        """What the statement should come to."""
        return total_of((self.start, *(line.amount for line in self.lines)))

    @property
    def unexplained(self) -> Decimal:
        """What it comes to less what it should."""
        return total_of((self.reported, -self.expected))

    @property
    def failing(self) -> tuple[Invoice, ...]:
        """The invoices that do not tie."""
        return tuple(one for one in self.invoices if one.state == "fail")

    @property
    def empty(self) -> bool:
        """Whether there is nothing at all: no invoice, no posting, no call, no cost."""
        return not (self.invoices or self.rows or self.reported)

    @property
    def state(self) -> State:
        """Pass where every invoice ties and no more than the tolerance is unexplained; not checked without invoices."""
        if not self.invoices:
            return "not_checked"
        tied = abs(self.unexplained) <= self.tolerance and not self.without_rate
        return "pass" if tied and not self.failing else "fail"

    def footed(self, minor_unit: Decimal) -> "Reconciliation":
        """Return the way in minor units: start, lines and what is unexplained add up to the statement as shown.

        Start, statement and what is unexplained are each rounded by themselves; the lines lead from one to the other.
        Where they cannot, a line *rounding* does.
        """
        unit = unit_of(minor_unit)
        start, reported, unexplained = (
            whole_units(Fraction(one), unit) for one in (self.start, self.reported, self.unexplained)
        )
        exact = {place: Fraction(one.amount) / Fraction(unit) for place, one in enumerate(self.lines)}
        due = reported - start - unexplained
        nearest = whole_units(sum(exact.values(), Fraction(0)), Decimal(1))
        try:
            shares, left = largest_remainder(exact, due), 0
        except ValueError:
            shares, left = largest_remainder(exact, nearest), due - nearest
        lines = tuple(replace(line, amount=amount_of(shares[place], unit)) for place, line in enumerate(self.lines))
        if left:
            lines = (*lines, Line("rounding", amount_of(left, unit), 0))
        return replace(self, start=amount_of(start, unit), reported=amount_of(reported, unit), lines=lines)


def reconcile(books: Books) -> Reconciliation:
    """Return the way from the ledger to the statement; without any posting it begins with the invoices."""
    basis: Basis = "ledger" if books.ledger_accounts else "invoices"
    booked = total_of(row.in_books for row in books.billed)
    rows = sum(row.n for row in books.billed) + sum(one.calls for one in books.used)
    found = Reconciliation(
        window=books.window,
        currency=books.statement.currency,
        basis=basis,
        accounts=books.ledger_accounts,
        start=total_of(one.amount for one in books.posted) if basis == "ledger" else booked,
        lines=lines_of(books),
        reported=books.statement.known(TOTAL_LEVEL),
        estimated=books.statement.estimated(TOTAL_LEVEL),
        tolerance=invoice_tolerance(rows, books.minor_unit),
        invoices=tuple(invoices_of(books)),
        posted=bool(books.posted),
        calls=sum(one.calls for one in books.used),
        unpriced_calls=sum(one.calls - one.priced for one in books.used),
        without_rate=books.without_rate,
        rows=rows,
    )
    return replace(found, remains=_remains(found, books))


def _remains(found: Reconciliation, books: Books) -> tuple[Remainder, ...]:
    remains = []
    if found.basis == "ledger":
        remains = [Remainder("invoice", one.invoice_id, -one.difference) for one in found.invoices if one.difference]
    remains += [Remainder("system", system, amount) for system, amount in _priced_otherwise(books) if amount]
    rest = EXACT.subtract(found.unexplained, total_of(one.amount for one in remains))
    if abs(rest) > FINEST * len(books.rows):  # amounts are kept to 12 decimals, cut where they accrue or convert
        remains.append(Remainder("rest", "", rest))
    return tuple(sorted(remains, key=lambda one: -abs(one.amount)))


def _priced_otherwise(books: Books) -> list[tuple[str, Decimal]]:
    """Return, per system, own pricing of its calls as invoices round it, less what was invoiced for them in the end."""
    by_system = {system: NOTHING for system, _ in books.invoiced}
    for system, amount in call_rounding(books):
        by_system[system] -= amount
    for (system, month), amount in books.invoiced.items():
        if month in books.months:
            own = total_of(one.compared for one in books.used if (one.system_id, one.month) == (system, month))
            by_system[system] = total_of((by_system[system], own, -amount))
    return sorted(by_system.items())
