"""The lines on the way from the ledger to the cost statement, each computed from its own rows. Pure.

FOCUS: BilledCost is cash, EffectiveCost accrual; a correction keeps the charge period that it corrects.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from readout.finance.charges import PEOPLE
from readout.finance.money import EXACT, amount_of, total_of, whole_units
from readout.finance.reconciliation_books import ASIDE, NOTHING, Books, InvoiceRow

TIMING = ("prepaid", "amortised", "effective", "no_effective")
OF_BILLED = ("fx", *ASIDE, *TIMING, "corrections_out", "late_out")
# in the order in which they lead from the ledger to the statement
LINE_KEYS = (
    *OF_BILLED, "corrections_in", "late_in", "call_rates", "call_rounding", "cut_off", "tests", "with_task",
    "evaluation", "not_invoiced", "expected", "people",
)  # fmt: skip
SHOWN_PARTS = 50  # of a line: the largest


@dataclass(frozen=True)
class Part:
    """Rows of a line that are alike, and what they come to in it."""

    what: str  # invoice, system, or source of what is no charge
    source: str
    system_id: str
    component: str
    service_name: str
    billed_in: date | None
    start: date | None
    end: date | None
    n: int
    amount: Decimal


@dataclass(frozen=True)
class Line:
    """A line on the way from the ledger to the statement; `parts` are its largest, `more` the number of others."""

    key: str
    amount: Decimal
    n: int
    parts: tuple[Part, ...] = ()
    more: int = 0


def lines_of(books: Books) -> tuple[Line, ...]:
    """Return the lines that come to anything, in their order."""
    return tuple(line for key in LINE_KEYS for line in [_line(key, _parts(key, books))] if line.parts)


def _line(key: str, parts: Iterable[Part]) -> Line:
    held = sorted((one for one in parts if one.amount), key=lambda one: (-abs(one.amount), one.what, one.system_id))
    return Line(
        key,
        total_of(one.amount for one in held),
        sum(one.n for one in held),
        tuple(held[:SHOWN_PARTS]),
        max(len(held) - SHOWN_PARTS, 0),
    )


def _parts(key: str, books: Books) -> Iterator[Part]:
    if key in OF_BILLED:
        yield from (_part(row, _of_billed(key, row, books)) for row in books.billed)
    elif key in {"corrections_in", "late_in"}:
        for row in books.elsewhere:
            if row.line not in ASIDE and row.correction == (key == "corrections_in"):
                yield _part(row, books.within(row))
    elif key in {"evaluation", "expected", "people"}:
        yield from _of_statement(key, books)
    elif key == "not_invoiced":
        yield from _not_invoiced(books)
    elif key in {"call_rates", "call_rounding"}:
        found = call_rates(books) if key == "call_rates" else call_rounding(books)
        yield from (_measured("inference", amount, system) for system, amount in found)
    else:
        yield from _cut_off(key, books)


def _of_statement(key: str, books: Books) -> Iterator[Part]:
    """Yield what the statement has and no invoice: people's work, what is expected; and less what stands beside it."""
    for one in books.statement.columns:
        amounts = {
            "evaluation": {"evaluation": _less(books.people_beside(one.system_id), one.amounts["evaluation"])},
            "expected": {line: amount for line, amount in one.expected.items() if line not in ASIDE},
            "people": {line: one.amounts[line] for line in PEOPLE},
        }[key]
        yield from (_measured(line, amount, one.system_id) for line, amount in amounts.items())


def _less(one: Decimal, other: Decimal) -> Decimal:
    return EXACT.subtract(one, other)


def _timing(row: InvoiceRow, books: Books) -> Decimal:
    """Return what a charge costs less what was billed for it: it was paid for at another time."""
    return NOTHING if row.line in ASIDE else _less(books.cost(row), row.billed)


def _out(row: InvoiceRow, books: Books) -> Decimal:
    return NOTHING if row.line in ASIDE else _less(books.within(row), books.cost(row))


def _timing_key(row: InvoiceRow) -> str:
    if not row.billed:
        return "amortised"
    if row.effective is None:
        return "no_effective"
    return "prepaid" if row.purchase else "effective"


def _of_billed(key: str, row: InvoiceRow, books: Books) -> Decimal:
    """Return what a charge that was billed in the window comes to in a line."""
    if key == "fx":
        return _less(row.billed, row.in_books)
    if key in ASIDE:
        return -row.billed if row.line == key else NOTHING
    if key in TIMING:
        return _timing(row, books) if _timing_key(row) == key else NOTHING
    return _out(row, books) if row.correction == (key == "corrections_out") else NOTHING


def _not_invoiced(books: Books) -> Iterator[Part]:
    for one in books.used:
        if (one.system_id, one.month) not in books.invoiced:
            yield Part(one.provider, "", one.system_id, "inference", "", one.month, None, None, one.calls, one.amount)


def call_rates(books: Books) -> Iterator[tuple[str, Decimal]]:
    """Yield calls at the rates of their days less the same calls at those of their charges: system, amount."""
    for one in books.used:
        if (one.system_id, one.month) in books.invoiced:
            yield one.system_id, _less(one.amount, one.compared)


def call_rounding(books: Books) -> Iterator[tuple[str, Decimal]]:
    """Yield what rounding to whole minor units takes from each charge for calls: system, amount.

    It is our own pricing less the same in whole minor units, and reads nothing of what was invoiced but that it is in
    whole minor units, charge by charge.
    """
    for key, rows in sorted(books.charged_calls.items()):
        used = books.usage_of(key) if key[-1] in books.months else None
        if used and all(not row.invoiced % books.minor_unit for row in rows):
            own = total_of(one.compared for one in used)
            yield key[1], _less(own, amount_of(whole_units(Fraction(own), books.minor_unit), books.minor_unit))


def _cut_off(key: str, books: Books) -> Iterator[Part]:
    """Yield what lies between the months of UTC that are invoiced, the local days, and the days on which tasks end."""
    local = books.own_local
    start, end = _by_system((one.system_id, one.amount) for one in books.used), local
    if key == "tests":
        start, end = dict(books.own_tests), {}
    if key == "with_task":
        start = _by_system([*local.items(), *((system, -amount) for system, amount in books.own_tests.items())])
        end = _by_system(_counted(books))
    for system in sorted(start.keys() | end.keys()):
        yield _measured("inference", _less(end.get(system, NOTHING), start.get(system, NOTHING)), system)


def _counted(books: Books) -> Iterator[tuple[str, Decimal]]:
    """Yield what the statement counts for calls: system, amount."""
    for one in books.statement.columns:
        yield one.system_id, _less(one.amounts["evaluation"], books.people_beside(one.system_id))
        if not books.by_its_invoice(one.system_id):
            yield one.system_id, one.amounts["inference"]


def _by_system(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for system, amount in amounts:
        found[system] = EXACT.add(found.get(system, NOTHING), amount)
    return found


def _part(row: InvoiceRow, amount: Decimal) -> Part:
    return Part(
        row.invoice_id, row.source, row.system_id, row.component, row.service_name, row.billed_in, row.start, row.end,
        row.n, amount,
    )  # fmt: skip


def _measured(line: str, amount: Decimal, system_id: str = "") -> Part:
    return Part("", "", system_id, line, "", None, None, None, 0, amount)
