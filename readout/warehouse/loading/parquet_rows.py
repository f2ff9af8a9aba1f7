"""Parquet to rows: the file's own types are kept, so that nothing is lost on the way through text."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from readout.warehouse.errors import InputError
from readout.warehouse.loading.source import Source


def read_parquet(name: str, content: bytes, sha256: str) -> Source:
    """Return the rows of a Parquet file. `_line` is the row's number, because the format has no lines.

    Raises:
        InputError: the bytes are no whole Parquet file, or two columns have one name.
    """
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        message = f"{name}: is not a readable Parquet file ({reason}); write it again"
        raise InputError(message) from None
    names = [column or "(no name)" for column in table.column_names]
    folded = [column.lower() for column in names]
    if twice := next((column for column in folded if folded.count(column) > 1), None):
        message = f"{name}: column {twice!r} is there twice; rename or remove one"
        raise InputError(message)
    numbers = pa.array(range(1, table.num_rows + 1), pa.int64())
    rows = pa.table([numbers, numbers, *table.columns], names=["_row", "_line", *names])
    return Source(name, sha256, rows, has_nul=True)
