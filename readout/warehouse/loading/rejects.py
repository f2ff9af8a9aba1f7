"""The rows that were not loaded, each with its line, its reason and what stood there."""

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from readout.warehouse.loading.result import Reject
from readout.warehouse.loading.source import Source

ROW_TEXT = 4000  # characters of a rejected row that are kept, so that one row cannot fill the table
_CELL_TEXT = 400
_CHUNK = 5_000


@dataclass(frozen=True)
class Refused:
    """One rejected row: `row` counts from 1, `text` is the row as JSON, shortened."""

    row: int
    reject: Reject
    text: str


def refused_rows(source: Source, faults: dict[int, tuple[str, str]]) -> list[Refused]:
    """Return all rejected rows of a file in its order."""
    found = [
        Refused(unread.row, Reject(source.name, unread.line, "", unread.reason), unread.text)
        for unread in source.unread
    ]
    numbers = np.asarray(source.rows.column("_row"))
    # In a document without line breaks the line says little.
    one_line = bool(faults) and len(np.unique(source.rows.column("_line"))) < len(numbers)
    wanted = sorted(faults)
    for start in range(0, len(wanted), _CHUNK):
        rows = wanted[start : start + _CHUNK]
        taken = source.rows.take(pa.array(np.searchsorted(numbers, rows)))
        lines = taken.column("_line").to_pylist()
        texts = taken.drop_columns(["_row", "_line"]).to_pylist()
        for row, line, cells in zip(rows, lines, texts, strict=True):
            column, reason = faults[row]
            reason += f" (row {row})" if one_line else ""
            found.append(Refused(row, Reject(source.name, line, column, reason), _json(cells)))
    return sorted(found, key=lambda refused: refused.row)


def _json(cells: dict[str, object]) -> str:
    short = {
        name: value[:_CELL_TEXT] + "…" if isinstance(value, str) and len(value) > _CELL_TEXT else value
        for name, value in cells.items()
        if value is not None
    }
    return json.dumps(short, ensure_ascii=False, default=str).replace("\0", "")[:ROW_TEXT]
