"""A file as a sequence of blocks of rows, so that it need not fit into memory; each block is a `Source` of its own.

Rows and lines are numbered over the whole file, exactly as the readers of whole files do.
"""

import csv
import gzip
import hashlib
import io
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from readout.warehouse.errors import InputError
from readout.warehouse.loading.csv_rows import NULL_WORDS, fault, header, shortened
from readout.warehouse.loading.json_rows import read_jsonl
from readout.warehouse.loading.reading import GZIP, known_format, open_file, read_rows
from readout.warehouse.loading.source import LONGEST_CELL, Source, Unread

BLOCK_ROWS = 20_000
BLOCK_BYTES = 32 << 20
_HEAD = 4 << 20
_BOM = b"\xef\xbb\xbf"
_TOO_LONG = "a cell is far too long, or a quote is not closed; the record cannot be read"


class _Tap(io.RawIOBase):
    """Bytes on their way through, hashed."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.digest = inner, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        count = self.inner.readinto(buffer) or 0
        self.digest.update(buffer[:count])
        return count


class Stream:
    """One file, read once from its start. `sha256` (of the unpacked bytes) is known when all blocks have been read."""

    def __init__(self, path: Path) -> None:
        """Look at a file's name and first bytes.

        Raises:
            InputError: it is missing, empty, or of a format that is not read.
        """
        self.path, self.name = path, str(path)
        self.format = known_format(path)
        self.sha256 = ""
        if self.format == "yaml":
            message = f"{self.name}: YAML is not read here; give CSV, JSON Lines or Parquet"
            raise InputError(message)
        with _reported(self.name), self._opened() as file:
            head = file.read(_HEAD)
        self.has_bom = head.startswith(_BOM)
        self._head = head.removeprefix(_BOM)
        if not self._head.strip():
            message = f"{self.name}: is empty; export it again"
            raise InputError(message)

    def blocks(self) -> Iterator[Source]:
        """Yield the file's rows, at least one block even where there are none, so that the columns are known.

        Raises:
            InputError: the file as a whole cannot be read; blocks may have been yielded before.
        """
        reader = {"csv": self._csv, "jsonl": self._jsonl, "parquet": self._parquet}.get(self.format, self._whole)
        with _reported(self.name):
            yield from reader()

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        with self.path.open("rb") as raw:
            packed = raw.read(2) == GZIP
        if not packed and self.path.suffix.lower() in {".gz", ".gzip"} and self.path.stat().st_size:
            message = f"{self.name}: is named .gz but is not gzip; rename it or pack it again"
            raise InputError(message)
        with cast("BinaryIO", gzip.open(self.path, "rb")) if packed else self.path.open("rb") as file:
            yield file

    def _whole(self) -> Iterator[Source]:
        source = read_rows(open_file(self.path))
        self.sha256 = source.sha256
        yield source

    def _csv(self) -> Iterator[Source]:
        names, _ = header(self.name, self._head)
        with self._opened() as file:
            tap = _Tap(file)
            text = io.TextIOWrapper(io.BufferedReader(tap), "utf-8", errors="surrogateescape", newline="")
            if self.has_bom:
                text.read(1)
            records = _records(text)
            next(records)
            block, start, width = _CsvBlock(self.name, names), 1, 0
            for row, (line, cells) in enumerate(records, 1):
                block.add(row, line, cells)
                width += sum(map(len, cells))
                if row - start + 1 >= BLOCK_ROWS or width >= BLOCK_BYTES:
                    yield block.source()
                    block, start, width = _CsvBlock(self.name, names), row + 1, 0
            if start == 1 or block.numbers or block.unread:
                yield block.source()
            self.sha256 = tap.digest.hexdigest()

    def _jsonl(self) -> Iterator[Source]:
        with self._opened() as file:
            tap = _Tap(file)
            held: list[bytes] = []
            rows, line, size = 0, 0, 0
            first = True
            for raw in io.BufferedReader(tap):
                held.append(raw)
                size += len(raw)
                if len(held) >= BLOCK_ROWS or size >= BLOCK_BYTES:
                    yield (block := _shifted(read_jsonl(self.name, b"".join(held), ""), rows, line))
                    rows, line, size, first = rows + block.read, line + len(held), 0, False
                    held.clear()
            if held or first:
                yield _shifted(read_jsonl(self.name, b"".join(held), ""), rows, line)
            self.sha256 = tap.digest.hexdigest()

    def _parquet(self) -> Iterator[Source]:
        with self._opened() as file:
            digest = hashlib.file_digest(cast("Any", file), "sha256").hexdigest()
        try:
            table = pq.ParquetFile(self.path)
        except (pa.ArrowException, OSError) as error:
            reason = " ".join(str(error).split())[:200]
            message = f"{self.name}: is not a readable Parquet file ({reason}); write it again"
            raise InputError(message) from None
        names = [column or "(no name)" for column in table.schema_arrow.names]
        folded = [column.lower() for column in names]
        if twice := next((column for column in folded if folded.count(column) > 1), None):
            message = f"{self.name}: column {twice!r} is there twice; rename or remove one"
            raise InputError(message)
        done = 0
        batches = table.iter_batches(batch_size=BLOCK_ROWS)
        if not table.metadata.num_rows:
            batches = iter([pa.RecordBatch.from_pylist([], schema=table.schema_arrow)])
        for batch in batches:
            numbers = pa.array(range(done + 1, done + batch.num_rows + 1), pa.int64())
            rows = pa.table([numbers, numbers, *batch.columns], names=["_row", "_line", *names])
            done += batch.num_rows
            yield Source(self.name, "", rows, has_nul=True)
        self.sha256 = digest


class _CsvBlock:
    """Records of a CSV file on their way into a source."""

    def __init__(self, name: str, names: list[str]) -> None:
        self.name, self.names = name, names
        self.numbers: list[int] = []
        self.lines: list[int] = []
        self.records: list[list[str]] = []
        self.unread: list[Unread] = []

    def add(self, row: int, line: int, cells: list[str] | str) -> None:
        if isinstance(cells, str):
            self.unread.append(Unread(row, line, cells, ""))
        elif len(cells) != len(self.names):
            self._refuse(row, line, cells, clean=True)
        else:
            self.numbers.append(row)
            self.lines.append(line)
            self.records.append(cells)

    def _refuse(self, row: int, line: int, cells: list[str], *, clean: bool) -> bool:
        reason = fault(cells, len(self.names), clean=clean)
        if reason:
            self.unread.append(Unread(row, line, reason, shortened(cells)))
        return bool(reason)

    def source(self) -> Source:
        try:
            columns = self._columns()
        except UnicodeEncodeError:  # bytes that are not UTF-8: find the rows that hold them
            found = list(zip(self.numbers, self.lines, self.records, strict=True))
            good = [one for one in found if not self._refuse(*one, clean=False)]
            self.numbers = [row for row, _, _ in good]
            self.lines = [line for _, line, _ in good]
            self.records = [cells for _, _, cells in good]
            columns = self._columns()
        numbers, lines = pa.array(self.numbers, pa.int64()), pa.array(self.lines, pa.int64())
        rows = pa.table([numbers, lines, *columns], names=["_row", "_line", *self.names])
        unread = tuple(sorted(self.unread, key=lambda one: one.row))
        return Source(self.name, "", rows, unread, null_words=NULL_WORDS, has_nul=True)

    def _columns(self) -> list[pa.Array]:
        cells = zip(*self.records, strict=True) if self.records else ((),) * len(self.names)
        return [pa.array(column, pa.large_string()) for column in cells]


def _records(lines: Iterator[str]) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the line where each record starts, and its cells, or why it cannot be read.

    After a wrong quote the next line is read afresh, so that a quote that is never closed costs one row only; the limit
    on a cell bounds how much is read in vain.
    """
    csv.field_size_limit(2 * LONGEST_CELL)
    again: deque[str] = deque()
    taken: list[str] = []  # the lines of the record under way

    def feed() -> Iterator[str]:
        while (line := again.popleft() if again else next(lines, None)) is not None:
            taken.append(line)
            yield line

    start = 1
    while True:
        try:
            for cells in csv.reader(feed(), strict=True):
                if cells:
                    yield start, cells
                start += len(taken)
                taken.clear()
        except csv.Error as error:
            yield start, _TOO_LONG if "limit" in str(error) else fault(None, 0, clean=True)
            again.extendleft(reversed(taken[1:]))
            start += 1
            taken.clear()
        else:
            return


def _shifted(source: Source, rows: int, lines: int) -> Source:
    """Return a block whose rows and lines are numbered on from those before it."""
    table = source.rows
    for place, (name, more) in enumerate((("_row", rows), ("_line", lines))):
        numbers = pa.array(table.column(name).to_numpy() + more, pa.int64())
        table = table.set_column(place, name, numbers)
    unread = tuple(replace(one, row=one.row + rows, line=one.line + lines) for one in source.unread)
    return replace(source, rows=table, unread=unread)


@contextmanager
def _reported(name: str) -> Iterator[None]:
    """Turn what a file's bytes can do wrong into one clear line."""
    try:
        yield
    except EOFError:
        message = f"{name}: the gzip is cut off before its end; copy or export the file again"
        raise InputError(message) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        message = f"{name}: the gzip is damaged ({error}); copy or export the file again"
        raise InputError(message) from None
    except OSError as error:
        message = f"{name}: cannot be read ({error.strerror}); check its permissions"
        raise InputError(message) from None
