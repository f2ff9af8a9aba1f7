"""Which months are closed: their figures are frozen, so that nothing may change what they were made of."""

from datetime import date

import sqlalchemy as sa

from readout.finance.reconciliation_books import months_of
from readout.periods import Window
from readout.settings import Settings
from readout.warehouse.closes import CLOSE
from readout.warehouse.journal import journal_path, open_journal
from readout.warehouse.session import duckdb_path, is_duckdb


def closed_months(settings: Settings) -> frozenset[date]:
    """Return the first days of the calendar months, such as billing periods, that begin within a closed period.

    Raises:
        WarehouseError: the journal cannot be read.
    """
    if is_duckdb(settings.url) and not journal_path(duckdb_path(settings.url)).exists():
        return frozenset()  # nothing was ever done with this warehouse; looking must not make a journal
    with open_journal(settings) as journal, journal.reading() as connection:
        closed = list(connection.execute(sa.select(CLOSE.c.start_day, CLOSE.c.end_day)))
    return frozenset(month for start, end in closed for month in months_of(Window(start, end)))
