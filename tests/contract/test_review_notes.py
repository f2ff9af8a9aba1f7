"""What owners say is kept for good, on both engines."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa

from readout.settings import Settings
from readout.warehouse import review_notes
from readout.warehouse.errors import WarehouseError
from readout.warehouse.journal import open_journal
from readout.warehouse.review_notes import ReviewNote

WEEK = date(2026, 11, 16)
NOTE = ReviewNote(
    WEEK, "desk", "accuracy", "why", "fix", date(2026, 12, 4), "lead", "x@y", False, datetime(2026, 11, 24)
)


def test_a_word_is_kept_and_read_back_and_never_changed(engine_url):
    settings = Settings(warehouse_url=engine_url)
    with open_journal(settings) as journal:
        with journal.transaction() as connection:
            review_notes.note(connection, NOTE)
        with journal.reading() as connection:
            assert review_notes.notes(connection, WEEK) == [NOTE]
            assert review_notes.notes(connection, date(2026, 11, 23)) == []
        with pytest.raises(WarehouseError, match="append-only"), journal.transaction() as connection:
            connection.execute(sa.update(review_notes.REVIEW_NOTE).values(who="another"))
