"""Warehouses filled with the rows of a test, initialised and refreshed like a customer's. Data is in examples/."""

import contextlib
import csv
import functools
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from readout.portfolio import Organisation, Portfolio, read_portfolio
from readout.settings import Settings
from readout.warehouse.contract import Table, contract
from readout.warehouse.init import initialise, rollup_ddl
from readout.warehouse.reader import Warehouse, open_warehouse
from readout.warehouse.refresh import RefreshResult, refresh
from readout.warehouse.session import Session, duckdb_path, is_duckdb, open_session

EXAMPLES = Path(__file__).parent / "examples"
SCHEMA = "telemetry"
Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]

_DECIMAL_24, _DECIMAL_38 = pa.decimal128(24, 6), pa.decimal128(38, 12)
_ARROW = {
    "text": pa.string(), "instant": pa.timestamp("us"), "day": pa.date32(), "ms": _DECIMAL_24, "seconds": _DECIMAL_24,
    "money": _DECIMAL_38, "number": pa.float64(), "integer": pa.int64(), "flag": pa.bool_(),
    "probability": pa.float64(),
}  # fmt: skip
_READ: dict[str, Callable[[str], Any]] = {
    "text": str, "instant": datetime.fromisoformat, "day": date.fromisoformat, "ms": Decimal, "seconds": Decimal,
    "money": Decimal, "number": float, "integer": int, "flag": lambda text: text == "true", "probability": float,
}  # fmt: skip


def _cell(kind: str, value: Any) -> Any:
    """Return a value as its column stores it; text as in a CSV file, '' and None are NULL."""
    if value is None or value == "":
        return None
    typed = _READ[kind](value) if isinstance(value, str) else value
    if kind in {"ms", "seconds"}:
        return Decimal(str(typed)).quantize(Decimal("0.000001"))
    return Decimal(str(typed)).quantize(Decimal("0.000000000001")) if kind == "money" else typed


def arrow(table: Table, rows: Sequence[Row]) -> pa.Table:
    """Return rows as the contract's columns; a column that a row does not have is NULL."""
    return pa.table(
        {
            column.name: pa.array([_cell(column.kind, row.get(column.name)) for row in rows], _ARROW[column.kind])
            for column in table.columns
        }
    )


def rows_of(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Read every CSV file of a folder: table name -> rows of text. Lines that begin with # are remarks."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        found[path.stem] = list(csv.DictReader(lines))
    return found


def example_rows() -> dict[str, list[dict[str, str]]]:
    """Return the raw rows of the worked example."""
    return rows_of(EXAMPLES / "rows")


def example_portfolio(time_zone: str = "Europe/Berlin") -> Portfolio:
    """Return the worked example's portfolio, in another zone where asked."""
    found = read_portfolio(EXAMPLES / "portfolio")
    return replace(found, organisation=found.organisation.model_copy(update={"time_zone": time_zone}))


def portfolio_of(**organisation: Any) -> Portfolio:
    """Return a portfolio without systems."""
    return Portfolio(Organisation(**organisation))


def settings_of(url: str, **others: Any) -> Settings:
    """Return the settings of a warehouse."""
    return Settings.model_validate({"warehouse_url": url, **others})


def insert(session: Session, rows: Rows, schema: str = SCHEMA) -> None:
    """Append rows to the contract's tables, behind the loader's back."""
    for name, some in rows.items():
        if some:
            session.copy_in(f"{schema}.{name}", arrow(contract()[name], some))


@functools.cache
def _prepared() -> bytes:
    """Return a DuckDB file as `readout init` leaves it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.duckdb"
        with open_session(settings_of(f"duckdb:///{path}"), create=True) as session:
            initialise(session, SCHEMA)
        return path.read_bytes()


def prepare(url: str, rows: Rows) -> Settings:
    """Initialise a new warehouse and put rows into it."""
    settings = settings_of(url)
    if is_duckdb(url) and not duckdb_path(url).exists():
        duckdb_path(url).write_bytes(_prepared())
    with open_session(settings, create=True) as session:
        if not is_duckdb(url):
            initialise(session, SCHEMA)
        insert(session, rows)
    return settings


def refreshed(settings: Settings, portfolio: Portfolio, **options: Any) -> RefreshResult:
    """Refresh a warehouse as the command does."""
    with open_session(settings) as session:
        return refresh(session, settings, portfolio, **options)


@contextlib.contextmanager
def reading(settings: Settings) -> Iterator[Warehouse]:
    """Open the reading door and close it."""
    warehouse = open_warehouse(settings)
    try:
        yield warehouse
    finally:
        warehouse.close()


def rollups(settings: Settings) -> dict[str, list[tuple[str, ...]]]:
    """Return every published table, its rows as sorted text; what says when it was published is left out."""
    found = {}
    with reading(settings) as warehouse, warehouse.snapshot() as snapshot:
        run = _runner(snapshot)
        for name, ddl in rollup_ddl().items():
            columns = _columns(ddl)
            rows = [tuple(map(_text, row)) for row in run(f"SELECT {', '.join(columns)} FROM {name}")]
            found[name] = sorted(row for row in rows if row[0] not in {"sequence", "refreshed_at"})
    return found


def _runner(snapshot: Any) -> Callable[[str], list[Any]]:
    connection = snapshot._connection
    if hasattr(connection, "exec_driver_sql"):
        return lambda sql: connection.exec_driver_sql(sql).fetchall()
    return lambda sql: connection.cursor().execute(sql).fetchall()


def _columns(ddl: str) -> list[str]:
    body = ddl[ddl.index("(") + 1 : ddl.rindex(")")]
    kept, depth = [""], 0
    for sign in body:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            kept.append("")
        else:
            kept[-1] += sign
    return [part.split()[0] for part in kept if part.split()[0] != "PRIMARY"]


def _text(value: Any) -> str:
    """Return a value so that equal values have equal text on both engines."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return str(value)
