"""From the ledger, or the invoices, to the cost statement: every line of the way, and what no line explains. Pure.

The lines are computed from their rows, each by itself. What is left is *unexplained*: it is computed last and never
booked into a line. Three things only can be unexplained: an invoice whose charges and posting differ, a system whose
calls were priced otherwise than they were invoiced, and what neither explains.
"""

from collections.abc import Sequence
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
    "State", "Usage", "reconcile", "together", "worst",
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
    months: tuple["Reconciliation", ...] = ()  # of which it is the sum; empty: it is one month

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
        """Pass where every invoice ties and no more than the tolerance is unexplained; not checked without invoices.

        Of several months: pass where each of them passes.
        """
        if self.months:
            states = {one.state for one in self.months}
            return "fail" if "fail" in states else ("not_checked" if "not_checked" in states else "pass")
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


def together(months: Sequence[Reconciliation]) -> Reconciliation:
    """Return the way of several months, one after the other: every amount is the sum of theirs.

    Each month is held to its own tolerance; months that only together come to little do not tie.

    Raises:
        ValueError: there is no month, or they are not in one currency.
    """
    if len({one.currency for one in months}) != 1:
        message = "give the reconciliations of one month or more, in one currency"
        raise ValueError(message)
    first, last = months[0], months[-1]
    bases = {one.basis for one in months}
    lines = [line for one in months for line in one.lines]
    remains = [(part.kind, part.name) for one in months for part in one.remains]
    return replace(
        first,
        window=Window(first.window.start, last.window.end),
        basis="ledger" if "ledger" in bases else "invoices",
        accounts=tuple(sorted({account for one in months for account in one.accounts})),
        start=total_of(one.start for one in months),
        lines=tuple(_added(key, [one for one in lines if one.key == key]) for key in LINE_KEYS if _has(key, lines)),
        reported=total_of(one.reported for one in months),
        estimated=total_of(one.estimated for one in months),
        tolerance=total_of(one.tolerance for one in months),
        invoices=tuple(invoice for one in months for invoice in one.invoices),
        remains=tuple(
            Remainder(kind, name, total_of(
                part.amount for one in months for part in one.remains if (part.kind, part.name) == (kind, name)
            ))
            for kind, name in dict.fromkeys(remains)
        ),
        posted=all(one.posted for one in months),
        calls=sum(one.calls for one in months),
        unpriced_calls=sum(one.unpriced_calls for one in months),
        without_rate=tuple(sorted({currency for one in months for currency in one.without_rate})),
        rows=sum(one.rows for one in months),
        months=tuple(months),
    )  # fmt: skip


def _has(key: str, lines: Sequence[Line]) -> bool:
    return any(line.key == key for line in lines)


def _added(key: str, lines: Sequence[Line]) -> Line:
    return Line(
        key,
        total_of(line.amount for line in lines),
        sum(line.n for line in lines),
        tuple(part for line in lines for part in line.parts),
        sum(line.more for line in lines),
    )


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
