"""CSV to rows of text: a fast reader for plain files, a careful one where lines, quotes or bytes need a closer look."""

import csv
import io
import sys
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.csv as pacsv

from readout.warehouse.errors import InputError
from readout.warehouse.loading.kinds import shown
from readout.warehouse.loading.source import Source, Unread

NULL_WORDS = ("", "NULL", "null", "(null)")
_BLOCK = 8 << 20
_STRAY_QUOTE = "a quote is not closed or not doubled"


def read_csv(name: str, content: bytes, sha256: str) -> Source:
    """Return the rows of a CSV file with a header.

    Raises:
        InputError: the header is missing, is not UTF-8 or names a column twice.
    """
    body = content.removeprefix(b"\xef\xbb\xbf")
    names, skip = header(name, body)
    rows, unread = _fast(body, names, skip) or _careful(body, names)
    warnings = tuple(
        f"{name}: column {position} has no name in the header and was ignored"
        for position, column in enumerate(names, 1)
        if column == f"(column {position})"
    )
    return Source(name, sha256, rows, unread, null_words=NULL_WORDS, has_nul=b"\0" in body, warnings=warnings)


def header(name: str, body: bytes) -> tuple[list[str], int]:
    """Return the columns' names and the number of lines before the first row.

    Raises:
        InputError: there is none, it is not UTF-8, or it names a column twice.
    """
    head = body[: 4 << 20].decode("utf-8", errors="surrogateescape")
    reader = csv.reader(io.StringIO(head, newline=""))
    cells: list[str] = []
    try:
        cells = next((cells for cells in reader if cells), [])
    except csv.Error:
        cells = []
    if not any(cell.strip() for cell in cells):
        message = f"{name}:1: there is no header; the first line must name the columns"
        raise InputError(message)
    names = [cell.strip() or f"(column {position})" for position, cell in enumerate(cells, 1)]
    line = reader.line_num
    if any("\udc80" <= char <= "\udcff" for cell in names for char in cell):
        message = f"{name}:{line}: the header is not UTF-8 text; save the file as UTF-8 and load it again"
        raise InputError(message)
    seen: dict[str, str] = {}
    for column in names:
        if twin := seen.get(column.lower()):
            same = "twice" if twin == column else f"and {twin!r}, which differ only in capitals"
            message = f"{name}:{line}: the header names column {column!r} {same}; rename or remove one"
            raise InputError(message)
        seen[column.lower()] = column
    if len(names) == 1 and (mark := next((mark for mark in (";", "\t", "|") if mark in names[0]), None)):
        message = f"{name}:{line}: the columns are separated by {mark!r}; save the file with commas"
        raise InputError(message)
    return names, line


def _table(rows: pa.Array, lines: pa.Array, names: list[str], columns: list[pa.Array | pa.ChunkedArray]) -> pa.Table:
    return pa.table([rows, lines, *columns], names=["_row", "_line", *names])


def _counted(start: int, count: int) -> pa.Array:
    return pa.array(range(start, start + count), pa.int64())


def _fast(body: bytes, names: list[str], skip: int) -> tuple[pa.Table, tuple[Unread, ...]] | None:
    """Read with Arrow; None where a record may span lines, so that line numbers stay true, or where Arrow refuses."""
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    if body.count(b"\r") not in {0, body.count(b"\r\n")}:
        return None
    try:
        table = pacsv.read_csv(
            pa.BufferReader(body),
            read_options=pacsv.ReadOptions(column_names=names, skip_rows=skip, block_size=_BLOCK),
            parse_options=pacsv.ParseOptions(newlines_in_values=b'"' in body),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows + skip != lines:
        return None
    count = table.num_rows
    return _table(_counted(1, count), _counted(skip + 1, count), names, table.columns), ()


def _records(body: bytes) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each record with the line where it starts; None for one whose quotes are wrong.

    After a wrong quote the next line is read afresh, so that a quote that is never closed costs one row only.
    """
    csv.field_size_limit(sys.maxsize)  # a huge cell is a row to reject, not a file to refuse
    lines = list(io.StringIO(body.decode("utf-8", errors="surrogateescape"), newline=""))
    start = 0
    while start < len(lines):
        reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), strict=True)
        base, start = start, len(lines)
        before = 0
        try:
            for cells in reader:
                if cells:
                    yield base + before + 1, cells
                before = reader.line_num
        except csv.Error:
            yield base + before + 1, None
            start = base + before + 1


def _careful(body: bytes, names: list[str]) -> tuple[pa.Table, tuple[Unread, ...]]:
    """Read record by record; a record with the wrong number of cells, broken quotes or bytes is set aside."""
    rows: list[int] = []
    lines: list[int] = []
    columns: list[list[str]] = [[] for _ in names]
    unread: list[Unread] = []
    records = _records(body)
    next(records)
    width = len(names)
    clean = _is_utf8(body)
    for row, (line, cells) in enumerate(records, 1):
        if reason := fault(cells, width, clean=clean):
            unread.append(Unread(row, line, reason, shortened(cells)))
            continue
        rows.append(row)
        lines.append(line)
        for column, cell in zip(columns, cells or (), strict=True):
            column.append(cell)
    arrays = [pa.array(column, pa.large_string()) for column in columns]
    return _table(pa.array(rows, pa.int64()), pa.array(lines, pa.int64()), names, arrays), tuple(unread)


def fault(cells: list[str] | None, width: int, *, clean: bool) -> str:
    """Return why a record cannot be a row, `` where it can; `clean` = all of its bytes are known to be UTF-8."""
    if cells is None:
        return f"{_STRAY_QUOTE}; the record cannot be read"
    if len(cells) != width:
        return f"has {len(cells)} cells, the header has {width}"
    if not clean:
        for position, cell in enumerate(cells, 1):
            if not _is_utf8(cell.encode("utf-8", errors="surrogateescape")):
                return f"cell {position} {shown(cell)} is not UTF-8 text; save the file as UTF-8"
    return ""


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def shortened(cells: list[str] | None) -> str:
    """Return a record as the text that is kept of one that was refused."""
    text = ",".join(cell[:1000] for cell in cells or ())
    return text[:4000].encode("utf-8", errors="replace").decode("utf-8")
