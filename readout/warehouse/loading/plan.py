"""What is to be made of a file's rows: the targets with their expressions, checked against the file's columns."""

import difflib
from dataclasses import dataclass

from readout.warehouse.contract import Column, Table
from readout.warehouse.errors import InputError
from readout.warehouse.loading.expressions import Expression
from readout.warehouse.loading.kinds import quoted
from readout.warehouse.loading.source import Source

_NOTHING = "CAST(NULL AS VARCHAR)"
# Written by people, from a template: a misspelled column is a slip, and leaving it out would lose what it holds.
FILLED_IN = ("budgets", "fx_rates", "ledger", "prices", "rate_card")
STAMPED = ("ingested_at", "load_id", "source")  # what the load itself knows where the file does not say


@dataclass(frozen=True)
class Cell:
    """One contract column and where its value comes from.

    `sql` is over the file's columns; `place` (`mapping.yaml:12`) is empty for a column taken by its name, which cannot
    fail. `fold` is how the rows of a group become one value: the first, last, least, greatest that
    is not NULL, the sum, or (empty) what the last row has.
    """

    column: Column
    sql: str
    place: str = ""
    fold: str = ""
    expression: Expression | None = None
    assumed: bool = False  # stands in because the contract needs it: the file says nothing about it


@dataclass(frozen=True)
class Condition:
    """A test of a row, and where it stands."""

    sql: str
    place: str


@dataclass(frozen=True)
class Target:
    """Rows of one table: `where` chooses, `group_by` folds, `key` says what makes a row the same row."""

    table: Table
    cells: tuple[Cell, ...]
    key: tuple[str, ...]
    where: Condition | None = None
    group_by: tuple[Condition, ...] = ()
    order_by: Condition | None = None


@dataclass(frozen=True)
class Derived:
    """A column computed from the file's own before any target reads it; a window sees all rows of the file."""

    name: str
    sql: str
    place: str
    window: bool


@dataclass(frozen=True)
class Rule:
    """Rows to reject (or, as a note, to count in a warning) where a condition holds."""

    when: Condition
    text: str
    column: str = ""


@dataclass(frozen=True)
class Plan:
    """Everything that turns a file's rows into rows of the contract's tables; `primary` is the table that is loaded."""

    primary: str
    targets: tuple[Target, ...]
    constants: dict[str, str | None]
    null_words: tuple[str, ...]
    as_text: bool = False
    derived: tuple[tuple[Derived, ...], ...] = ()  # in steps: each reads the columns of the steps before it
    rejects: tuple[Rule, ...] = ()
    notes: tuple[Rule, ...] = ()
    absent: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def closest(name: str, names: tuple[str, ...] | list[str]) -> str:
    """Return ` (closest: x)` or nothing."""
    found = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    return f" (closest: {found[0]})" if found else ""


def identifier(name: str) -> str:
    """Return a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def by_name(table: Table, source: Source, constants: dict[str, str | None]) -> Plan:
    """Plan a load without a mapping: a column of the file is the contract's column of that name.

    Raises:
        InputError: a required column is neither in the file nor set, a set name is no column, or a column of a
            template is misspelled.
    """
    for name in constants:
        if name not in table.names:
            message = f"--set {name}: is no column of {table.name}{closest(name, table.names)}"
            raise InputError(message)
    warnings = list(source.warnings)
    cells: dict[str, Cell] = {}
    for name in source.columns:
        known = name.lower()
        if known not in table.names:
            warnings += _unknown(table, name, source)
        elif known in constants:
            warnings.append(f"{source.name}: column {name!r} gives way to --set {known}")
        else:
            cells[known] = Cell(table.column(known), identifier(name))
    for name, value in constants.items():
        cells[name] = Cell(table.column(name), _NOTHING if value is None else quoted(value))
    missing = [
        column.name
        for column in table.columns
        if column.required and column.name not in cells and column.name not in STAMPED
    ]
    if missing and source.open_ended and not source.rows.num_rows:
        # An empty list names no columns, and nothing of it is missing.
        cells |= {name: Cell(table.column(name), _NOTHING) for name in missing}
    elif missing:
        found = ", ".join(source.columns[:12]) or "no columns"
        message = (
            f"{source.name}: {table.name} needs {_listed(missing)}, the file has {found}; "
            f"rename the columns, give a mapping, or --set {missing[0]}=VALUE"
        )
        raise InputError(message)
    target = Target(table, tuple(cells[name] for name in table.names if name in cells), table.key)
    return Plan(table.name, (target,), {}, source.null_words, warnings=tuple(warnings))


def _unknown(table: Table, name: str, source: Source) -> list[str]:
    """Return the warning about a column that the contract does not know; InputError where it is a slip."""
    if name.startswith("(column "):
        return []
    if slip := _slip(table, name.lower(), source):
        message = f"{source.name}: {table.name} has no column {name!r}; write {slip}"
        raise InputError(message)
    close = closest(name, table.names)
    return [f"{source.name}: column {name!r} is not in the contract's {table.name} and was ignored{close}"]


def _slip(table: Table, name: str, source: Source) -> str:
    """Return the column that is meant by a name one slip away from it; only where people fill in a template."""
    have = {column.lower() for column in source.columns}
    absent = [column for column in table.names if column not in have]
    found = difflib.get_close_matches(name, absent, n=1, cutoff=0.8) if table.name in FILLED_IN else []
    return found[0] if found else ""


def _listed(names: list[str]) -> str:
    return f"column {names[0]}" if len(names) == 1 else f"columns {', '.join(names)}"
