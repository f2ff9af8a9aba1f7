"""The warehouse contract as data: tables, columns, keys and how each kind of column is stored and read."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from readout.resources import shipped

# kind -> (type in a warehouse that we made, type in the src_* view). The types are spelled the same on both engines.
# Durations are stored as decimals, so that rounding to microseconds is the same everywhere.
STORED = {
    "text": "VARCHAR",
    "instant": "TIMESTAMP",
    "day": "DATE",
    "ms": "DECIMAL(24,6)",
    "seconds": "DECIMAL(24,6)",
    "money": "DECIMAL(38,12)",
    "number": "DOUBLE PRECISION",
    "integer": "BIGINT",
    "flag": "BOOLEAN",
    "probability": "DOUBLE PRECISION",
}
MICROSECONDS = {"ms": 1_000, "seconds": 1_000_000}


@dataclass(frozen=True)
class Column:
    """One column of a contract table."""

    name: str
    kind: str
    required: bool = False
    values: tuple[str, ...] = ()
    zero_allowed: bool = False

    @property
    def stored_type(self) -> str:
        """SQL type in a warehouse made by `readout init`."""
        return STORED[self.kind]

    @property
    def source_name(self) -> str:
        """Name in the src_* view: durations are integer microseconds there and say so."""
        if self.kind not in MICROSECONDS:
            return self.name
        return f"{self.name.removesuffix('_ms').removesuffix('_seconds')}_us" if self.name != "seconds" else "worked_us"


@dataclass(frozen=True)
class Table:
    """One table of the contract."""

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError where the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in the contract's order."""
        return tuple(column.name for column in self.columns)


def _column(name: str, spec: Any) -> Column:
    if isinstance(spec, str):
        return Column(name, spec.removesuffix("!"), required=spec.endswith("!"))
    return Column(
        name, spec["kind"], spec.get("required", False), tuple(spec.get("values", ())), spec.get("zero", False)
    )


@cache
def contract() -> dict[str, Table]:
    """Return the contract's tables by name, in the order of data/contract.yaml."""
    text = (shipped("data") / "contract.yaml").read_text(encoding="utf-8")
    return {
        name: Table(
            name, spec["title"], tuple(spec["key"]), tuple(_column(col, kind) for col, kind in spec["columns"].items())
        )
        for name, spec in yaml.safe_load(text)["tables"].items()
    }


# What a cell of each kind is in a row that is written as a JSON object.
_DECIMAL = {"type": ["number", "string"], "pattern": r"^-?\d+(\.\d+)?$"}
_JSON = {
    "text": {"type": "string"},
    "instant": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "ms": {"type": "number", "minimum": 0},
    "seconds": {"type": "number", "minimum": 0},
    "money": _DECIMAL,
    "number": {"type": "number"},
    "integer": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
    "probability": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
}


def json_schema() -> dict[str, Any]:
    """Return one JSON Schema (draft 2020-12) with a definition per table: a row as a JSON object.

    Optional columns may be null or absent; columns that the contract does not know are ignored, as by `readout load`.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rows of the warehouse contract",
        "$defs": {table.name: _row_schema(table) for table in contract().values()},
    }


def _row_schema(table: Table) -> dict[str, Any]:
    # the load itself stamps what is missing of these
    required = [
        column.name for column in table.columns if column.required and column.name not in {"ingested_at", "load_id"}
    ]
    return {
        "title": table.title,
        "type": "object",
        "properties": {column.name: _cell_schema(column) for column in table.columns},
        "required": required,
    }


def _cell_schema(column: Column) -> dict[str, Any]:
    cell: dict[str, Any] = dict(_JSON[column.kind])
    if column.values:
        cell["enum"] = list(column.values)
    if column.zero_allowed:
        cell = {"type": "number", "minimum": 0, "maximum": 1}
    return cell if column.required else {"anyOf": [cell, {"type": "null"}]}
