"""A refresh rebuilds its days in parts whose rows are bounded, and leaves none out."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from readout.warehouse.dirty import Dirty
from readout.warehouse.refresh import CHUNK_DAYS, CHUNK_ROWS, chunks_of

FIRST = date(2026, 1, 1)
COUNTS = st.lists(st.one_of(st.none(), st.integers(0, 2 * CHUNK_ROWS)), max_size=40)


@given(COUNTS)
def test_every_day_is_in_one_part_and_a_part_of_several_days_is_bounded(counts: list[int | None]) -> None:
    days = [FIRST + timedelta(days=number) for number in range(len(counts))]
    rows = {day: n for day, n in zip(days, counts, strict=True) if n is not None}
    chunks = chunks_of(Dirty(days, rows=rows))
    assert [day for chunk in chunks for day in chunk] == days
    for chunk in chunks:
        assert len(chunk) == 1 or sum(rows.get(day, CHUNK_ROWS // CHUNK_DAYS) for day in chunk) <= CHUNK_ROWS


def test_days_whose_rows_are_not_counted_are_rebuilt_a_quarter_at_once() -> None:
    days = [FIRST + timedelta(days=number) for number in range(2 * CHUNK_DAYS)]
    assert [len(chunk) for chunk in chunks_of(Dirty(days))] == [CHUNK_DAYS, CHUNK_DAYS]


def test_a_thin_history_is_rebuilt_at_once() -> None:
    days = [FIRST + timedelta(days=number) for number in range(790)]
    assert len(chunks_of(Dirty(days, rows=dict.fromkeys(days, 100)))) == 1
