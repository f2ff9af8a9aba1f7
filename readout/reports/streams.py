"""Tables as files, written row by row: CSV (RFC 4180) and Parquet, with how many rows and what they add up to.

Only one batch of rows is held in memory. A file is written beside its place and put there when it is whole.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from readout.finance.money import EXACT
from readout.reports.sheets import Value

Kind = Literal["text", "integer", "decimal", "share", "date", "instant", "flag"]
BATCH = 20_000
CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\0")  # what makes a spreadsheet calculate a text (OWASP, CSV injection)
_ARROW: dict[Kind, pa.DataType] = {
    "text": pa.string(), "integer": pa.int64(), "decimal": pa.decimal128(38, 12), "share": pa.float64(),
    "date": pa.date32(), "instant": pa.timestamp("s", tz="UTC"), "flag": pa.bool_(),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A column of a file. `summed`: its total stands in the manifest."""

    name: str
    kind: Kind
    summed: bool = False


@dataclass
class Written:
    """A file that has been written: rows, the totals of its summed columns, its SHA-256 and its size in bytes."""

    name: str
    rows: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)
    sha256: str = ""
    size: int = 0


Rows = Iterable[Sequence[Value]]
Writer = Callable[[Path, Sequence[Field], Rows], Written]


def write_csv(path: Path, fields: Sequence[Field], rows: Rows) -> Written:
    """Write a CSV file: UTF-8, CRLF, one head row, ISO dates, exact decimals, nothing for what is missing.

    A text that a spreadsheet would calculate is preceded by an apostrophe.
    """
    written = Written(path.name)
    with _placed(path) as out:
        for line in _csv_lines(fields, _counted(written, fields, rows)):
            out.write(line.encode())
    return _closed(path, written)


def write_parquet(path: Path, fields: Sequence[Field], rows: Rows) -> Written:
    """Write a Parquet file: decimals as DECIMAL(38,12), days as DATE, instants in UTC."""
    written = Written(path.name)
    schema = pa.schema([(one.name, _ARROW[one.kind]) for one in fields])
    with _placed(path) as out, pq.ParquetWriter(out, schema, compression="zstd") as file:
        for batch in _batches(_counted(written, fields, rows)):
            columns = zip(*batch, strict=True)
            arrays = [
                pa.array([_arrow(value, one.kind) for value in column], type=schema.field(one.name).type)
                for one, column in zip(fields, columns, strict=True)
            ]
            file.write_batch(pa.record_batch(arrays, schema=schema))
    return _closed(path, written)


def _batches(rows: Iterator[Sequence[Value]]) -> Iterator[list[Sequence[Value]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _csv_lines(fields: Sequence[Field], rows: Rows) -> Iterator[str]:
    buffer = _Line()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([one.name for one in fields])
    yield buffer.taken()
    for row in rows:
        writer.writerow([csv_text(value) for value in row])
        yield buffer.taken()


class _Line:
    """What `csv.writer` writes into: one line at a time."""

    def __init__(self) -> None:
        self._text = ""

    def write(self, text: str) -> int:
        self._text += text
        return len(text)

    def taken(self) -> str:
        text, self._text = self._text, ""
        return text


def csv_text(value: Value) -> str:
    """Return a value as CSV text: exact, without an exponent; text that would be calculated is made plain."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(CALCULATED) else value
    return repr(value)


def _arrow(value: Value, kind: Kind) -> Any:
    if kind == "decimal" and value is not None and not isinstance(value, Decimal):
        return Decimal(str(value))
    return value


def _counted(written: Written, fields: Sequence[Field], rows: Rows) -> Iterator[Sequence[Value]]:
    """Pass the rows on, counting them and adding up what is to be added up."""
    places = [(place, one.name) for place, one in enumerate(fields) if one.summed]
    written.totals = {name: Decimal(0) for _, name in places}
    for row in rows:
        written.rows += 1
        for place, name in places:
            value = row[place]
            if value is not None:
                written.totals[name] = EXACT.add(written.totals[name], Decimal(str(value)))
        yield row


@contextmanager
def _placed(path: Path) -> Iterator[IO[bytes]]:
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _closed(path: Path, written: Written) -> Written:
    with path.open("rb") as file:
        written.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    written.size = path.stat().st_size
    return written
