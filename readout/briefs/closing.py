"""The close of a fiscal month: what must hold, what is frozen, and what changed since."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from readout.briefs.book import Book
from readout.briefs.checks import checks_brief
from readout.briefs.costs import cost_statement
from readout.briefs.reconciliation import reconcile
from readout.briefs.results import Scope
from readout.briefs.results_close import CloseReview, CloseView
from readout.finance import CostStatement
from readout.finance.close import Adjustments, CloseCheck, Closed, Sealing, Status, adjustments, record_of, verify
from readout.finance.money import total_of
from readout.finance.reconciliation import Reconciliation
from readout.periods import Window
from readout.periods.months import MonthError, month_name, named_month
from readout.warehouse import closes
from readout.warehouse.errors import InputError
from readout.warehouse.journal import Journal, machine_user
from readout.words import check_sentence
from readout.words import closing as said
from readout.words.names import human

MOST_UNPRICED = Decimal("0.05")  # of the calls of the months
SOUND = ("unique_keys", "no_negative_duration", "orphans")  # checks of the facts that bear on cost
BINDING = ("over",)  # no waiver can stand for it


@dataclass(frozen=True)
class Figures:
    """What is frozen of a month, each part made once."""

    book: Book
    window: Window

    @cached_property
    def statement(self) -> CostStatement:
        """The cost statement."""
        return cost_statement(self.book, self.window)

    @cached_property
    def by_task_type(self) -> CostStatement:
        """The cost statement with a column for each task type."""
        return cost_statement(self.book, self.window, by_task_type=True)

    @cached_property
    def reconciliation(self) -> Reconciliation:
        """The way from the ledger to the statement."""
        return reconcile(self.book, self.window, self.statement)


# name in the record -> what is frozen under it; a report of a closed month reads these and nothing else
SECTIONS: Mapping[str, Callable[[Figures], Any]] = {
    "statement": lambda figures: figures.statement,
    "by_task_type": lambda figures: figures.by_task_type,
    "reconciliation": lambda figures: figures.reconciliation,
}


def closes_of(journal: Journal) -> tuple[Closed, ...]:
    """Return the closed periods that a journal holds, in the order in which they were closed."""
    with journal.reading() as connection:
        return closes.records(connection)


def with_closes(book: Book, journal: Journal) -> Book:
    """Return the book with the closed periods that a journal holds."""
    return replace(book, closes=closes_of(journal))


def as_reported(book: Book) -> Book:
    """Return a book that says of closed periods what was reported."""
    return replace(book, reported=True)


def month_of(text: str, book: Book) -> Window:
    """Return the days of the fiscal month that a text names.

    Raises:
        InputError: it names none; the message says what to write.
    """
    try:
        return named_month(text, book.calendar)
    except MonthError as error:
        raise InputError(str(error)) from error


def review(book: Book, window: Window) -> CloseReview:
    """Return what a close of a fiscal month would find now."""
    return _review(Figures(_restated(book), window))


def _review(figures: Figures) -> CloseReview:
    said_of = dict.fromkeys(said.CHECKS, "") | dict(_failing(figures))
    return CloseReview(
        month_name(figures.window.start, figures.book.calendar),
        tuple(
            CloseCheck(check, "fail" if says else "pass", says, binding=check in BINDING)
            for check, says in said_of.items()
        ),
    )


def close(
    book: Book, journal: Journal, window: Window, *, by: str, waivers: Mapping[str, str], now: datetime
) -> Closed:
    """Freeze the figures of a fiscal month in the journal. `waivers`: failing check -> why it is let pass.

    Raises:
        InputError: it is closed already or overlaps a closed period, a check fails without a waiver, a waiver names
            what does not fail, or the data was refreshed meanwhile. Nothing is written then.
    """
    _check_is_open(book.closes, window, month_name(window.start, book.calendar))
    figures = Figures(_restated(book), window)
    found = _review(figures)
    _check_waivers(found, waivers)
    frozen = {name: make(figures) for name, make in SECTIONS.items()}
    if book.warehouse.data_version() != book.data_version:
        message = f"{found.period}: the data was refreshed while its figures were read; run the close again"
        raise InputError(message)
    sealing = Sealing(by, machine_user(), now, book.as_of, book.data_version, book.calendar.stored(), book.currency)
    with journal.transaction() as connection:
        previous = closes.head(connection)
        _check_is_open(closes.records(connection), window, found.period)
        return closes.append(
            connection, record_of(found.period, window, sealing, found.checks, waivers, frozen, previous)
        )


def _check_is_open(closed: tuple[Closed, ...], window: Window, period: str) -> None:
    for one in closed:
        if (one.window.start, one.window.end) == (window.start, window.end):
            raise InputError(said.already(one))
        if one.window.start < window.end and window.start < one.window.end:
            message = (
                f"{period} shares days with {one.period}, which is closed ({one.id}): the calendar was changed since"
            )
            raise InputError(message)


def _check_waivers(found: CloseReview, waivers: Mapping[str, str]) -> None:
    failing = {one.check: one for one in found.failing}
    for check, reason in waivers.items():
        if check not in said.CHECKS:
            message = f"--waive {check!r} is no check of a close; the checks are {', '.join(said.CHECKS)}"
            raise InputError(message)
        if check in BINDING and check in failing:
            message = f"--waive {check}: it cannot be waived ({failing[check].says})"
            raise InputError(message)
        if check not in failing:
            message = f"--waive {check}: it passes, there is nothing to waive"
            raise InputError(message)
        if not reason.strip():
            message = f"--waive {check} needs its reason: --reason TEXT"
            raise InputError(message)
    left = [one for one in found.failing if one.check not in waivers]
    if left:
        raise InputError(said.refusal(found.period, left))


def view(book: Book, closed: Closed) -> CloseView:
    """Return a closed period with what changed since."""
    return CloseView(closed, adjustments(closed.statement, cost_statement(_restated(book), closed.window)))


def closed_named(book: Book, text: str) -> Closed:
    """Return the close of a period.

    Raises:
        InputError: the text names no period, or one that is open.
    """
    window = month_of(text, book)
    found = book.closed_of(window)
    if found is None:
        message = f"{month_name(window.start, book.calendar)} is open; close it with readout close {text}"
        raise InputError(message)
    return found


def status_of(book: Book, window: Window) -> Status:
    """Return whether a range of days is open, closed, or closed with figures of now that differ."""
    found = adjustments_of(book, window)
    if found is None:
        return "open"
    return "restated" if found.changed else "closed"


def adjustments_of(book: Book, window: Window) -> Adjustments | None:
    """Return what changed since the close of a range of days, None where it is open."""
    closed = book.closed_of(window)
    return None if closed is None else view(book, closed).adjustments


def _restated(book: Book) -> Book:
    return replace(book, reported=False)


def faults(journal: Journal) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Return how many closes the journal holds, and what is wrong with them: period, fault."""
    stored = closes_of(journal)
    found = verify((one.record, one.hash) for one in stored)
    return len(stored), tuple((one.period, one.what) for one in found)


# --- the checks ---


def _failing(figures: Figures) -> Iterator[tuple[str, str]]:
    """Yield the checks that fail, with what is said of each."""
    book, window = figures.book, figures.window
    if book.calendar.start_of(window.end) > book.as_of:
        yield "over", said.running(window.end - timedelta(days=1), book.calendar.day_of(book.as_of))
    settled = window.end + timedelta(days=book.portfolio.organisation.accept_settle_days)
    if book.calendar.start_of(settled) > book.as_of:
        yield "settled", said.unsettled(settled)
    before = book.calendar.bucket(window.start - timedelta(days=1), "fiscal_month")
    if book.closes and not any(one.window.end == window.start for one in book.closes):
        first = min(one.window.start for one in book.closes)
        if first < window.start:
            yield "in_order", said.not_in_order(month_name(before, book.calendar))
    yield from _reconciled(figures)
    yield from _known(figures)
    lines = checks_brief(book, Scope()).lines
    unsound = [line for line in lines if line.state == "fail" and line.check in SOUND]
    if unsound:
        yield "facts", "; ".join(f"{line.name}: {check_sentence(line)}" for line in unsound)


def _reconciled(figures: Figures) -> Iterator[tuple[str, str]]:
    found = figures.reconciliation
    if found.basis == "invoices" or not found.posted:
        yield "posted", said.not_posted(found.accounts)
    if abs(found.unexplained) > found.tolerance:
        yield "reconciled", said.unexplained(found.unexplained, found.tolerance, found.currency)
    apart = [
        (one.invoice_id, what, amount)
        for one in found.failing
        for what, state, amount in (
            ("posted less billed", one.posted_state, one.difference),
            ("own usage less invoiced", one.own_state, one.own_difference),
        )
        if state == "fail" and amount is not None
    ]
    if apart:
        yield "invoices", said.invoices_apart(apart, found.currency)
    waiting = [one for one in found.lines if one.key in {"expected", "not_invoiced"}]
    if waiting:
        names = dict.fromkeys(
            figures.book.name_of(part.system_id) if part.system_id else human(part.component)
            for line in waiting
            for part in line.parts
        )
        yield "invoiced", said.not_invoiced(total_of(one.amount for one in waiting), found.currency, names)
    if found.without_rate:
        yield "rates", said.without_rate(found.without_rate)


def _known(figures: Figures) -> Iterator[tuple[str, str]]:
    found = figures.reconciliation
    if found.unpriced_calls > MOST_UNPRICED * found.calls:
        yield "priced", said.unpriced(found.unpriced_calls, found.calls)
    unknown = [
        (figures.book.name_of(column.system_id), column.reason("net"))
        for column in figures.statement.columns
        if column.reason("net")
    ]
    if unknown:
        yield "known", said.not_known(unknown)
