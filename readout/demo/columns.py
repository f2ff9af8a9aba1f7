"""Arrow columns from numpy arrays, and the files they end in. Nulls are `NULL` in integers and NaN in floats."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from readout.demo.clock import Floats, Ints

NULL = np.iinfo(np.int64).min  # "no instant" or "no number" in an integer array; no instant of ours comes near it
Flags = npt.NDArray[np.bool_]
_MONEY = pa.decimal128(38, 12)


@dataclass(frozen=True)
class RawFile:
    """One file of raw rows for one table of the contract, ready for `readout load TABLE FILE`."""

    table: str
    path: Path


def instants(values: Ints) -> pa.Array:
    """Microseconds of UTC → naive UTC timestamps."""
    return pa.array(values, mask=values == NULL, type=pa.int64()).cast(pa.timestamp("us"))


def integers(values: Ints) -> pa.Array:
    """Whole numbers."""
    return pa.array(values, mask=values == NULL, type=pa.int64())


def numbers(values: Floats, digits: int) -> pa.Array:
    """Floats rounded to so many digits."""
    return pa.array(np.round(values, digits), mask=np.isnan(values), type=pa.float64())


def money(amounts: Ints) -> pa.Array:
    """Hundred-millionths of the currency → DECIMAL(38,12); exact, nothing passes through a float."""
    known = amounts != NULL
    halves = np.zeros((len(amounts), 2), dtype=np.int64)  # little-endian 128 bit: low half, high half
    halves[known, 0] = amounts[known] * 10_000
    valid = pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    return pa.Array.from_buffers(_MONEY, len(amounts), [valid, pa.py_buffer(halves.tobytes())])


def words(codes: npt.NDArray[Any], names: Sequence[str]) -> pa.Array:
    """Codes → texts; a negative code is null."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), pa.string())).cast(pa.string())


def constant(value: str | None, length: int) -> pa.Array:
    """One text, or null, in every row."""
    return pa.nulls(length, pa.string()) if value is None else pa.repeat(pa.scalar(value), length)


def ids(prefix: str, serial: Ints) -> pa.Array:
    """Return `PREFIX-0000123` for serial numbers."""
    digits = pc.cast(pa.array(serial), pa.string())
    padded = pc.call_function("utf8_lpad", [digits], pc.PadOptions(7, "0"))
    return joined(pa.scalar(prefix), padded, "-")


def joined(left: pa.Array | pa.Scalar, right: pa.Array, separator: str) -> pa.Array:
    """Join two texts of each row."""
    return pc.call_function("binary_join_element_wise", [left, right, pa.scalar(separator)])


def flags(values: Flags, known: Flags | None = None) -> pa.Array:
    """Booleans; null where not known."""
    return pa.array(values, mask=None if known is None else ~known, type=pa.bool_())


def write_parquet(folder: Path, name: str, parts: Sequence[pa.Table], arrival: str | None = None) -> RawFile:
    """Write the parts as one Parquet file, in the order in which the rows arrived."""
    table = pa.concat_tables(parts)
    if arrival:
        table = table.take(pa.array(np.argsort(table[arrival].cast(pa.int64()).to_numpy(), kind="stable")))
    path = folder / f"{name}.parquet"
    pq.write_table(table, path, compression="snappy")
    return RawFile(name, path)


def write_csv(folder: Path, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> RawFile:
    """Write rows as CSV; what is None or absent becomes an empty field."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return RawFile(name, path)
