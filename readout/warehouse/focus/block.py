"""One block of a FOCUS file as text: cells that are blank or a word for null become empty, and are counted.

Done in Arrow, cell by cell over whole columns: in SQL the same costs ten times as much.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute

from readout.warehouse.loading.plan import identifier
from readout.warehouse.loading.source import LONGEST_CELL, Source

pc: Any = pa.compute  # which makes its functions when it is imported: no checker of types sees them
NULL_WORDS = ("NULL", "null", "Null", "(NULL)", "(null)", "(Null)")
_BLANKS = " \t\r\n\u00a0"
_NESTED = ("STRUCT", "MAP", "UNION", "JSON")


@dataclass(frozen=True)
class Words:
    """Cells of a column that held a word for null: how many, and the first."""

    column: str
    count: int
    row: int
    line: int
    example: str


@dataclass(frozen=True)
class Block:
    """Rows as text under the columns' present names.

    Beside them `_row`, `_line`, `_nulled` (a cell held a word for null) and `_bad` (the column of a cell that cannot be
    kept: over-long, or with a NUL byte). `masks` has, per column with a word for null, where, and what stood there.
    """

    table: pa.Table
    masks: Mapping[str, tuple[pa.Array, pa.Array]]

    def words(self, left_out: pa.Array) -> Iterator[Words]:
        """Yield, per column, the cells that held a word for null; rows of `left_out` do not count."""
        rows = self.table.column("_row").combine_chunks()
        counted = pc.invert(pc.is_in(rows, value_set=left_out))
        for name, (mask, texts) in self.masks.items():
            found = pc.and_(mask, counted)
            if count := pc.sum(found).as_py():
                at = pc.index(found, pa.scalar(value=True)).as_py()
                line = self.table.column("_line")[at].as_py()
                yield Words(name, count, rows[at].as_py(), line, texts[at].as_py())


def read_block(connection: duckdb.DuckDBPyConnection, source: Source, names: Mapping[str, str]) -> Block:
    """Return a source's rows as text; `names` is file column -> present name."""
    rows = _as_text(connection, source)
    columns: dict[str, pa.Array] = {"_row": rows.column("_row"), "_line": rows.column("_line")}
    nothing = pa.array([False] * rows.num_rows)
    nulled, bad = nothing, pa.nulls(rows.num_rows, pa.string())
    masks = {}
    for name in source.columns:
        text = rows.column(name).combine_chunks()
        bare = pc.utf8_trim(text, _BLANKS)
        words = pc.fill_null(pc.is_in(bare, value_set=pa.array(NULL_WORDS, text.type)), fill_value=False)
        empty = pc.fill_null(pc.equal(bare, ""), fill_value=False)
        new = names[name]
        columns[new] = pc.if_else(pc.or_(words, empty), pa.scalar(None, text.type), text)
        if pc.any(words).as_py():
            nulled = pc.or_(nulled, words)
            masks[new] = (words, text)
        wrong = pc.fill_null(
            pc.or_(pc.greater(pc.binary_length(text), LONGEST_CELL), pc.match_substring(text, "\0")), fill_value=False
        )
        if pc.any(wrong).as_py():
            bad = pc.if_else(wrong, new, bad)
    return Block(pa.table({**columns, "_nulled": nulled, "_bad": bad}), masks)


def _as_text(connection: duckdb.DuckDBPyConnection, source: Source) -> pa.Table:
    """Return rows whose columns are all text; an instant becomes ISO 8601 in UTC, what is nested JSON."""
    if all(kind in {pa.string(), pa.large_string()} for kind in source.rows.schema.types[2:]):
        return source.rows
    connection.register("arrived", source.rows)
    kinds = {row[0]: row[1] for row in connection.execute("DESCRIBE SELECT * FROM arrived").fetchall()}
    items = ", ".join(f"{_text(name, kinds[name])} AS {identifier(name)}" for name in source.columns)
    table = connection.sql(f"SELECT _row, _line, {items} FROM arrived ORDER BY _row").to_arrow_table()
    connection.unregister("arrived")
    return table


def _text(name: str, kind: str) -> str:
    column = identifier(name)
    if kind == "VARCHAR":
        return column
    if kind.endswith("]") or kind.startswith(_NESTED):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind == "DATE":
        return f"(CAST({column} AS VARCHAR) || 'T00:00:00Z')"
    if kind.startswith("TIMESTAMP"):
        # The session is in UTC, so that an instant with a zone is written as its UTC clock.
        return f"(replace(CAST(CAST({column} AS TIMESTAMP) AS VARCHAR), ' ', 'T') || 'Z')"
    return f"TRY(decode({column}))" if kind == "BLOB" else f"CAST({column} AS VARCHAR)"
