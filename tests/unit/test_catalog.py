"""A query file says what it is asked and what it answers, and the answer always has exactly that shape."""

from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from readout.warehouse import catalog
from readout.warehouse.catalog import DTYPES, load, names, parse

TEXT = """\
-- title: Tasks by day
-- params: from_day date, systems text[]
-- columns: day_local date, system_id text,
--   n bigint, share double
-- note: a remark
--   on two lines
SELECT 1 AS n
-- not a header any more
FROM t;
"""


def test_the_header_is_read_and_the_rest_is_the_query() -> None:
    query = parse("read/x", TEXT)
    assert query.title == "Tasks by day"
    assert query.params == {"from_day": "date", "systems": "text[]"}
    assert query.columns == {"day_local": "date", "system_id": "text", "n": "bigint", "share": "double"}
    assert query.note == "a remark on two lines"
    assert query.sql == "SELECT 1 AS n\n-- not a header any more\nFROM t"


def test_a_query_with_parts_has_them_before_it_and_asks_for_what_they_ask() -> None:
    whole, part = load("facts/figure_calls"), load("refresh/work_call")
    assert whole.parts[-1] == part.name
    assert f"work_call AS (\n{part.sql}\n)" in whole.sql
    assert whole.sql.startswith("WITH calendar_hour AS (")
    assert set(part.params) < set(whole.params)


def test_a_query_may_ask_for_nothing() -> None:
    assert parse("x", TEXT.replace("from_day date, systems text[]", "none")).params == {}


@pytest.mark.parametrize("part", ["title", "params", "columns"])
def test_a_header_without_one_of_its_parts_is_refused_by_name(part: str) -> None:
    with pytest.raises(ValueError, match=rf"queries/read/x.sql: the header has no '{part}:' line"):
        parse("read/x", TEXT.replace(f"-- {part}:", "-- else:"))


def test_an_unknown_query_is_a_missing_file() -> None:
    with pytest.raises(FileNotFoundError):
        load("read/nothing")


@pytest.mark.parametrize("name", names())
def test_every_query_that_ships_has_a_whole_header_and_known_types(name: str) -> None:
    query = load(name)
    assert query.title
    assert query.columns
    kinds = set(query.columns.values())
    assert kinds <= DTYPES.keys() | ({"whole"} if name.startswith("refresh/") else set())


def test_the_folders_of_queries_are_listed_with_their_names() -> None:
    assert "read/measures" in names("read")
    assert "refresh/rollup_day" in names("refresh")
    assert set(names()) == {
        name for folder in ("read", "refresh", "checks", "facts", "sources") for name in names(folder)
    }


EVERY_KIND = ", ".join(f"c{number} {kind}" for number, kind in enumerate(DTYPES))
QUERY = parse("x", f"-- title: all kinds\n-- params: none\n-- columns: {EVERY_KIND}\nSELECT 1")
VALUES = {
    "text": "a", "date": date(2026, 3, 29), "timestamp": datetime(2026, 3, 29, 1, 2, 3, 4), "bigint": 2**62,
    "bigint?": 2**62, "double": 0.1, "decimal": Decimal("0.000000000001"), "boolean": True,
}  # fmt: skip


def test_an_empty_answer_has_the_declared_types() -> None:
    empty, filled = QUERY.frame([]), QUERY.frame([tuple(VALUES[kind] for kind in QUERY.columns.values())])
    assert empty.empty
    assert list(empty.columns) == list(QUERY.columns)
    assert empty.dtypes.to_dict() == filled.dtypes.to_dict()


def test_values_come_through_unchanged() -> None:
    frame = QUERY.frame([tuple(VALUES[kind] for kind in QUERY.columns.values())])
    found = dict(zip(QUERY.columns.values(), frame.iloc[0], strict=True))
    assert found == VALUES
    assert isinstance(found["decimal"], Decimal)


def test_what_may_be_missing_stays_missing() -> None:
    may_be = ("text", "date", "timestamp", "bigint?", "double", "decimal", "boolean")
    columns = ", ".join(f"c{number} {kind}" for number, kind in enumerate(may_be))
    query = parse("x", f"-- title: t\n-- params: none\n-- columns: {columns}\nSELECT 1")
    frame = query.frame([(None,) * len(may_be)])
    assert all(pd.isna(value) for value in frame.iloc[0])


def test_a_count_that_is_missing_is_refused() -> None:
    query = parse("x", "-- title: t\n-- params: none\n-- columns: n bigint\nSELECT 1")
    with pytest.raises((TypeError, ValueError)):
        query.frame([(None,)])


@pytest.mark.parametrize("row", [(1,), (1, 2, 3)])
def test_an_answer_of_another_width_is_refused(row: tuple[int, ...]) -> None:
    query = parse("read/x", "-- title: t\n-- params: none\n-- columns: a bigint, b bigint\nSELECT 1")
    message = rf"read/x returned {len(row)} columns, its header declares 2"
    with pytest.raises(ValueError, match=message):
        query.frame([row])


def test_rows_of_unequal_width_are_refused() -> None:
    query = parse("x", "-- title: t\n-- params: none\n-- columns: a bigint, b bigint\nSELECT 1")
    with pytest.raises(ValueError, match="zip"):
        query.frame([(1, 2), (3,)])


def test_a_query_is_read_once() -> None:
    assert catalog.load("read/state") is catalog.load("read/state")
