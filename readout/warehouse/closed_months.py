"""Which months are closed: their figures are frozen, so that nothing may change what they were made of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from readout.finance.reconciliation_books import months_of
from readout.periods import Calendar, Window
from readout.settings import Settings
from readout.warehouse.closes import CLOSE, records
from readout.warehouse.journal import journal_path, open_journal
from readout.warehouse.loading.result import Span
from readout.warehouse.session import duckdb_path, is_duckdb


@dataclass(frozen=True)
class ClosedPeriod:
    """A closed period that rows reach into: its name, and the id under which its figures are frozen."""

    period: str
    id: str


def reached(settings: Settings, calendar: Calendar, spans: Collection[Span]) -> tuple[ClosedPeriod, ...]:
    """Return the closed periods that rows reach into which count from when to when, oldest first.

    Raises:
        WarehouseError: the journal cannot be read.
    """
    if not spans or not _journal(settings):
        return ()
    with open_journal(settings) as journal, journal.reading() as connection:
        closed = records(connection)
    if not closed:
        return ()
    days = {(calendar.day_of(begins), _last_day(calendar, begins, ends)) for begins, ends in spans}
    return tuple(
        ClosedPeriod(one.period, one.id)
        for one in closed
        if any(begins < one.window.end and ends >= one.window.start for begins, ends in days)
    )


def _last_day(calendar: Calendar, begins: datetime, ends: datetime | None) -> date:
    """Return the last local day of a span; its end is not in it."""
    return date.max if ends is None else calendar.day_of(max(begins, ends - timedelta(microseconds=1)))


def _journal(settings: Settings) -> bool:
    """Return whether there is a journal; looking must not make one."""
    return not is_duckdb(settings.url) or journal_path(duckdb_path(settings.url)).exists()


def closed_months(settings: Settings) -> frozenset[date]:
    """Return the first days of the calendar months, such as billing periods, that begin within a closed period.

    Raises:
        WarehouseError: the journal cannot be read.
    """
    if not _journal(settings):
        return frozenset()  # nothing was ever done with this warehouse
    with open_journal(settings) as journal, journal.reading() as connection:
        closed = list(connection.execute(sa.select(CLOSE.c.start_day, CLOSE.c.end_day)))
    return frozenset(month for start, end in closed for month in months_of(Window(start, end)))
