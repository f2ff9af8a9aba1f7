"""A file's rows as the loader works on them, whatever the file's format."""

from dataclasses import dataclass, field

import pyarrow as pa

LONGEST_CELL = 1 << 20  # bytes; a longer cell is a payload that went astray, and its row is rejected


@dataclass(frozen=True)
class Unread:
    """A row that could not be read: `row` counts from 1 over all rows, `line` is where the record starts."""

    row: int
    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class Source:
    """The rows of one file.

    `rows` has `_row` (int64, from 1, unreadable rows counted), `_line` (int64) and the file's columns: text (Parquet:
    its own types). `levels` names columns that hold nested JSON text. `open_ended` = a column that no row has is no
    fault of the file (JSON leaves out what is absent). `null_words` are spellings of NULL that the format brings along.
    """

    name: str
    sha256: str
    rows: pa.Table
    unread: tuple[Unread, ...] = ()
    levels: frozenset[str] = frozenset()
    open_ended: bool = False
    null_words: tuple[str, ...] = ("",)
    has_nul: bool = False
    warnings: tuple[str, ...] = field(default=())

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the file's own columns, in the file's order."""
        return tuple(name for name in self.rows.column_names if name not in {"_row", "_line"})

    @property
    def read(self) -> int:
        """Number of source rows, unreadable ones included."""
        return self.rows.num_rows + len(self.unread)
