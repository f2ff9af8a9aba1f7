"""The staged rows of an import: every row of every file is in `stage` or in `refused`, both in the sandbox.

They may outgrow memory: the sandbox then writes to a folder that goes with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from readout.warehouse.contract import Column
from readout.warehouse.errors import InputError
from readout.warehouse.focus.block import read_block
from readout.warehouse.focus.block_sql import PERIOD, READ, CellsSql, Choices
from readout.warehouse.focus.columns import AMOUNTS, CURRENCY, INSTANTS, LOADED, NEEDED, canonical, version
from readout.warehouse.loading.kinds import explain, quoted
from readout.warehouse.loading.plan import identifier
from readout.warehouse.loading.rejects import ROW_TEXT
from readout.warehouse.loading.source import LONGEST_CELL, Source

_STAGE = """CREATE TABLE stage (
  file_no INTEGER, row_no BIGINT, line BIGINT, hash VARCHAR, source VARCHAR, billing_period VARCHAR,
  system_id VARCHAR, component VARCHAR, allocation_key VARCHAR, charge_start TIMESTAMP, charge_end TIMESTAMP,
  billed DECIMAL(38,12), billed_finer VARCHAR, effective DECIMAL(38,12), effective_finer VARCHAR, currency VARCHAR,
  charge_category VARCHAR, charge_class VARCHAR, invoice_id VARCHAR, service_name VARCHAR, service_category VARCHAR,
  repaired BOOLEAN, fractional BOOLEAN, whole BOOLEAN, taken_from_billed BOOLEAN, outside BOOLEAN,
  priced_apart BOOLEAN, split_key VARCHAR, split_part BOOLEAN, origin VARCHAR)"""
_REFUSED = (
    "CREATE TABLE refused (file_no INTEGER, row_no BIGINT, line BIGINT, column_name VARCHAR, reason VARCHAR, "
    "row_text VARCHAR)"
)
# A row counts once however many files hold it; within one file rows that are equal in every cell all count.
_KEPT = """CREATE TABLE kept AS
  SELECT file_no, row_no, hash || CASE WHEN nth > 1 THEN '-' || nth ELSE '' END AS charge_id, nth,
    row_number() OVER (PARTITION BY source, hash, nth ORDER BY file_no) AS copy
  FROM (SELECT file_no, row_no, source, hash,
    row_number() OVER (PARTITION BY source, hash, file_no ORDER BY row_no) AS nth FROM stage)"""


@dataclass
class FileSeen:
    """One file: its columns with their present names, its rows, and the hash of its unpacked bytes."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    sha256: str = ""

    @property
    def version(self) -> str:
        """The version of FOCUS that the columns are of."""
        return version(self.columns)

    @property
    def renamed(self) -> dict[str, str]:
        """Old names in the file -> present names."""
        return {name: new for name, new in self.columns.items() if name.lower() != new.lower()}


@dataclass
class Repair:
    """Cells of one column of one file that were repaired in one way: how many, and where the first stands."""

    file: str
    column: str
    code: str
    count: int
    row: int
    line: int
    example: str


class Staging:
    """The tables of one import in an empty sandbox: filled file by file, then settled."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, choices: Choices) -> None:
        self.connection, self.choices = connection, choices
        self.files: list[FileSeen] = []
        self.repairs: dict[tuple[int, str, str], Repair] = {}
        self.unreadable: dict[str, int] = {}  # column that is not loaded -> cells that are no number
        self.without_currency: list[str] = []
        connection.execute(_STAGE)
        connection.execute(_REFUSED)

    def add(self, name: str, blocks: Iterable[Source], *, has_bom: bool) -> Iterator[int]:
        """Stage a file; yield the rows done after each block.

        Raises:
            InputError: the file is no FOCUS cost and usage data.
        """
        number, seen = len(self.files), FileSeen(name)
        self.files.append(seen)
        for block in blocks:
            first = not seen.columns
            seen.columns |= canonical(block.columns)
            if first:
                self._must_be_focus(seen)
            self._block(number, block)
            seen.rows += block.read
            yield seen.rows
        if has_bom:
            self._repair(number, "", "byte_order_mark", (1, 1, 1, ""))
            self.connection.execute("UPDATE stage SET repaired = TRUE WHERE file_no = ? AND row_no = 1", [number])

    def settle(self) -> None:
        """Give every staged row its id and find those that stand in several files: `kept` (copy > 1 is one)."""
        self.connection.execute(_KEPT)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one query over the staged rows."""
        return self.connection.execute(sql).fetchall()

    def _must_be_focus(self, seen: FileSeen) -> None:
        have = set(seen.columns.values())
        if missing := [name for name in NEEDED if name not in have]:
            message = (
                f"{seen.name}: is no FOCUS cost and usage data, column {', '.join(missing)} is missing; "
                f"the file has {', '.join(list(seen.columns)[:8]) or 'no columns'}"
            )
            raise InputError(message)
        if CURRENCY not in have and not self.choices.currency:
            self.without_currency.append(seen.name)

    def _block(self, number: int, block: Source) -> None:
        self._refuse([(number, one.row, one.line, "", one.reason, one.text) for one in block.unread])
        if not block.rows.num_rows:
            return
        plan = CellsSql(canonical(block.columns), self.choices)
        read = read_block(self.connection, block, plan.names)
        self.connection.register("block", read.table)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE cells AS {plan.cells()}")
        self.connection.execute(f"INSERT INTO stage BY NAME SELECT {number} AS file_no, * FROM ({plan.stage()})")
        faulty = self._faults(number, plan)
        self._repairs(number, plan.have)
        for one in read.words(faulty):
            self._repair(number, one.column, "null_word", (one.count, one.row, one.line, one.example))
        self.connection.unregister("block")

    def _faults(self, number: int, plan: CellsSql) -> pa.Array:
        """Set aside the rows that have a fault, with its column and its reason; return their numbers."""
        known = [name for name in (*LOADED, CURRENCY) if name in plan.have]
        texts = " ".join(f"WHEN {quoted(name)} THEN left({identifier(name)}, 400)" for name in known)
        found = self.rows(
            f"SELECT _row, _line, fault, CASE fault WHEN '' THEN _bad WHEN {quoted(PERIOD)} THEN ChargePeriodEnd "
            f"{texts} END, left({plan.origin()}, {ROW_TEXT}) FROM cells WHERE fault IS NOT NULL"
        )
        refused = []
        for row, line, fault, text, origin in found:
            column, reason = _reason(fault, text)
            refused.append((number, row, line, column, reason, origin.replace("\\u0000", "")))
        self._refuse(refused)
        return pa.array([row for row, *_ in found], pa.int64())

    def _refuse(self, rows: list[tuple[Any, ...]]) -> None:
        if not rows:
            return
        names = ("file_no", "row_no", "line", "column_name", "reason", "row_text")
        self.connection.register(
            "refusing", pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        )
        self.connection.execute("INSERT INTO refused BY NAME SELECT * FROM refusing")
        self.connection.unregister("refusing")

    def _repairs(self, number: int, have: frozenset[str]) -> None:
        """Count the repaired cells of the known columns, and those of columns that are not loaded and not readable."""
        known = [name for name in READ if name in have]
        first = "COUNT(*), MIN(_row), arg_min(_line, _row)"
        parts = [
            f"SELECT {quoted(name)}, r_{name}, {first}, left(arg_min({identifier(name)}, _row), 60) FROM cells "
            f"WHERE fault IS NULL AND r_{name} IS NOT NULL GROUP BY r_{name}"
            for name in known
        ]
        parts += [
            f"SELECT {quoted(name)}, NULL, {first}, NULL FROM cells "
            f"WHERE fault IS NULL AND {identifier(name)} IS NOT NULL AND v_{name} IS NULL HAVING COUNT(*) > 0"
            for name in known
            if name in AMOUNTS and name not in LOADED
        ]
        for name, code, *found in self.rows(" UNION ALL ".join(parts)):
            if code:
                self._repair(number, name, code, tuple(found))
            else:
                self.unreadable[name] = self.unreadable.get(name, 0) + found[0]

    def _repair(self, number: int, column: str, code: str, found: tuple[Any, ...]) -> None:
        count, row, line, example = found
        known = self.repairs.get((number, column, code))
        if known:
            known.count += count
        else:
            self.repairs[number, column, code] = Repair(
                self.files[number].name, column, code, count, row, line, example
            )


def _reason(fault: str, text: str | None) -> tuple[str, str]:
    """Return the column and the reason of a faulty row; `text` is the cell, for an oversized one its column's name."""
    if not fault:
        return text or "", f"{text} is longer than {LONGEST_CELL // 1024:,} KiB or holds a NUL byte, which no text has"
    if fault == PERIOD:
        return "ChargePeriodEnd", f"ChargePeriodEnd {text!r} lies before ChargePeriodStart"
    if text is None:
        return fault, f"{fault} is empty but required"
    if fault == CURRENCY:
        return fault, f"{fault} {text[:60]!r} is not an ISO 4217 code of three letters, for example USD"
    if fault in INSTANTS and "/" in text:
        return (
            fault,
            f"{fault} {text[:60]!r} is no date that exists; with slashes the month stands first, as in 5/31/25",
        )
    return fault, explain(Column(fault, "instant" if fault in INSTANTS else "money"), text.strip())
