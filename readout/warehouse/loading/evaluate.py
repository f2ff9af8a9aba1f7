"""Rows of a file to typed rows of the contract's tables, with every fault found and named.

All of it runs as a few SQL statements over whole columns in the sandbox. A fault is seen as a value that is NULL where
its text is not; the words are made for the faulty rows only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from readout.warehouse.contract import Column, Table, contract
from readout.warehouse.errors import InputError
from readout.warehouse.loading.kinds import explain, from_native, from_text, native, quoted, within
from readout.warehouse.loading.plan import Cell, Condition, Derived, Plan, Target, identifier
from readout.warehouse.loading.source import LONGEST_CELL, Source

PSEUDO = ("_file", "_line", "_row", "_content_sha256")
_MESSAGES = 100  # rows whose own error message is fetched; each is a query of its own
_BLANK = "' \t\r\n'"
_TOO_LONG = f"is longer than {LONGEST_CELL // 1024:,} KiB"
_NESTED = ("STRUCT", "MAP", "UNION", "JSON")


@dataclass(frozen=True)
class Stamp:
    """What the load itself supplies: the instant (naive UTC), its id and the name of the source."""

    at: datetime
    load_id: str
    source: str

    def sql(self, column: str) -> str:
        """Return the stamped value of ingested_at, load_id or source."""
        return {
            "ingested_at": f"TIMESTAMP '{self.at.isoformat(sep=' ')}'",
            "load_id": quoted(self.load_id),
            "source": quoted(self.source),
        }[column]


@dataclass(frozen=True)
class Staged:
    """The rows of one table that a file gives, one per key.

    `data` has the contract's columns and `_row`, `_target` of the winner; `repeats` (int64, n × 4) lists the rows that
    lost against another row of the file: row, winner's row, winner's target, and 1 where the content is equal.
    """

    table: Table
    key: tuple[str, ...]
    data: pa.Table
    repeats: np.ndarray
    supplied: tuple[str, ...]
    recorded: tuple[str, ...]
    stamped: tuple[str, ...]


@dataclass
class Evaluation:
    """What a file holds: rows by table, faults by row (column, reason), and (row) folded into a group per table."""

    staged: list[Staged] = field(default_factory=list)
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)
    folded: dict[str, np.ndarray] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def evaluate(connection: duckdb.DuckDBPyConnection, source: Source, plan: Plan, stamp: Stamp) -> Evaluation:
    """Evaluate a plan over a file's rows.

    Raises:
        InputError: an expression cannot be used on this file at all; the text names the mapping's line.
    """
    return _Work(connection, source, plan, stamp).run()


class _Work:
    """The tables of one evaluation: `work` (rows and derived columns), per target `typed_<i>`, then `staged_<i>`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: Source, plan: Plan, stamp: Stamp) -> None:
        self.connection, self.source, self.plan, self.stamp = connection, source, plan, stamp
        self.found = Evaluation(warnings=list(plan.warnings))
        self.work = "base"
        self.groups: set[int] = set()

    def run(self) -> Evaluation:
        self._base()
        self._oversize()
        for number, step in enumerate(self.plan.derived):
            self._derive(number, step)
        for rule in self.plan.rejects:
            self._fail_where(rule.when, rule.column, "rejected by the mapping")
            for (row,) in self._rows(f"SELECT _row FROM {self.work} WHERE COALESCE({self._test(rule.when)}, FALSE)"):
                self.found.faults.setdefault(row, (rule.column, rule.text))
        self._notes()
        for number, target in enumerate(self.plan.targets):
            self._type(number, target)
        self._keep()
        for table in dict.fromkeys(target.table.name for target in self.plan.targets):
            self._stage(contract()[table])
        return self.found

    # What every step uses.

    def _bound(self, sql: str) -> dict[str, str | None]:
        names = {name for statement in duckdb.extract_statements(sql) for name in statement.named_parameters}
        return {name: self.plan.constants[name] for name in names}

    def _execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql, self._bound(sql) if "$" in sql else None)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._execute(sql).fetchall()

    def _checked(self, sql: str, place: str) -> None:
        """Run what only a faulty mapping makes fail."""
        try:
            self._execute(sql)
        except duckdb.Error as error:
            message = f"{place}: {_said(error)}"
            raise InputError(message) from None

    @staticmethod
    def _test(condition: Condition) -> str:
        return f"TRY(CAST(({condition.sql}\n) AS BOOLEAN))"

    # The rows as they came.

    def _base(self) -> None:
        for name in self.source.columns:
            if name.lower() in PSEUDO:
                message = f"{self.source.name}: column {name!r} bears a name that the loader uses itself; rename it"
                raise InputError(message)
        self.connection.register("arrived", self.source.rows)
        try:
            kinds = dict(self._describe("SELECT * FROM arrived"))
        except duckdb.Error as error:
            message = f"{self.source.name}: has a column of a type that cannot be read ({_said(error)})"
            raise InputError(message) from None
        items = [f"{self._cleaned(name, kinds[name])} AS {identifier(name)}" for name in self.source.columns]
        items += [f"CAST(NULL AS VARCHAR) AS {identifier(name)}" for name in self.plan.absent]
        self._execute(
            f"CREATE TEMP VIEW base AS SELECT _row, _line, {quoted(PurePath(self.source.name).name)} AS _file, "
            f"{quoted(self.source.sha256)} AS _content_sha256{''.join(', ' + item for item in items)} FROM arrived"
        )

    def _cleaned(self, name: str, kind: str) -> str:
        column = identifier(name)
        if kind.endswith("]") or kind.startswith(_NESTED):
            return f"CAST(to_json({column}) AS VARCHAR)"
        if kind == "BLOB":
            return f"TRY(decode({column}))"
        if kind != "VARCHAR":
            return f"CAST({column} AS VARCHAR)" if self.plan.as_text else column
        words = ", ".join(quoted(word) for word in self.plan.null_words)
        return f"CASE WHEN {column} NOT IN ({words}) THEN {column} END"

    def _describe(self, query: str) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self._rows(f"DESCRIBE {query}")]

    def _oversize(self) -> None:
        """Fault cells that are too long, and cells with a NUL byte, which PostgreSQL cannot hold."""
        kinds = dict(self._describe("SELECT * FROM arrived"))
        names = [name for name in self.source.columns if kinds[name] == "VARCHAR" and name not in self.source.levels]
        checks = [(name, f"strlen({identifier(name)}) > {LONGEST_CELL}", _TOO_LONG) for name in names]
        if self.source.has_nul:
            checks += [
                (name, f"contains({identifier(name)}, chr(0))", "holds a NUL byte, which no text has") for name in names
            ]
        if not checks:
            return
        [found] = self._rows(f"SELECT {', '.join(f'bool_or({test})' for _, test, _ in checks)} FROM arrived")
        for (name, test, words), any_of_them in zip(checks, found, strict=True):
            for (row,) in self._rows(f"SELECT _row FROM arrived WHERE {test}") if any_of_them else ():
                self.found.faults.setdefault(row, (name, f"{name} {words}"))

    # What a mapping adds to them.

    def _derive(self, number: int, step: tuple[Derived, ...]) -> None:
        items = []
        for derived in step:
            value = f"({derived.sql}\n)" if derived.window else f"TRY(({derived.sql}\n))"
            self._checked(f"SELECT {value} FROM {self.work} LIMIT 0", derived.place)
            if not derived.window:
                self._fail_where(
                    Condition(derived.sql, derived.place), derived.name, f"{derived.name} cannot be computed"
                )
            items.append(f"{value} AS {identifier(derived.name)}")
        # TRY cannot hold a window, so a window that fails on one row refuses the file.
        windows = [derived.place for derived in step if derived.window]
        table = f"derived_{number}"
        query = f"CREATE TEMP TABLE {table} AS SELECT *, {', '.join(items)} FROM {self.work}"
        self._checked(query, ", ".join(windows) or step[0].place)
        self.work = table

    def _fail_where(self, condition: Condition, column: str, words: str) -> None:
        """Fault the rows on which an expression fails: TRY(e IS NULL) is NULL exactly there."""
        query = f"SELECT _row FROM {self.work} WHERE TRY(({condition.sql}\n) IS NULL) IS NULL"
        self._checked(f"{query} LIMIT 0", condition.place)
        rows = [row for (row,) in self._rows(query)]
        for row, reason in self._messages(rows, condition.sql, words):
            self.found.faults.setdefault(row, (column, reason))

    def _messages(self, rows: list[int], sql: str, words: str) -> Iterable[tuple[int, str]]:
        for position, row in enumerate(rows):
            said = ""
            if position < _MESSAGES:
                try:
                    self._execute(f"SELECT ({sql}\n) FROM {self.work} WHERE _row = {row}").fetchall()
                except duckdb.Error as error:
                    said = f": {_said(error)}"
            yield row, words + said

    def _notes(self) -> None:
        for note in self.plan.notes:
            self._checked(f"SELECT 1 FROM {self.work} WHERE {self._test(note.when)} LIMIT 0", note.when.place)
            [(count, line)] = self._rows(
                f"SELECT count(*), min(_line) FROM {self.work} WHERE COALESCE({self._test(note.when)}, FALSE)"
            )
            if count:
                self.found.warnings.append(f"{self.source.name}: {count:,} rows (first: line {line}): {note.text}")

    # One target: text to values.

    def _raw(self, target: Target, rows: str = "") -> str:
        """Return SELECT _row, then per cell r_<k> (the expression's value) and e_<k> (whether it fails)."""
        items = ["_row"]
        for k, cell in enumerate(target.cells):
            if cell.place:
                items += [f"TRY(({cell.sql}\n)) AS r_{k}", f"TRY(({cell.sql}\n) IS NULL) IS NULL AS e_{k}"]
            else:
                items += [f"{cell.sql} AS r_{k}", f"FALSE AS e_{k}"]
        items += [f"TRY(({group.sql}\n)) AS g_{j}" for j, group in enumerate(target.group_by)]
        if target.order_by:
            items.append(f"TRY(({target.order_by.sql}\n)) AS o")
        chosen = [f"COALESCE({self._test(target.where)}, FALSE)"] if target.where else []
        chosen += [rows] if rows else []
        return f"SELECT {', '.join(items)} FROM {self.work}" + (f" WHERE {' AND '.join(chosen)}" if chosen else "")

    def _check_expressions(self, target: Target) -> None:
        written = [cell for cell in target.cells if cell.place]
        tests = [f"TRY(({cell.sql}\n)), TRY(({cell.sql}\n) IS NULL)" for cell in written]
        try:
            self._execute(f"SELECT {', '.join(tests) or 1} FROM {self.work} LIMIT 0")
        except duckdb.Error:
            for cell, test in zip(written, tests, strict=True):  # one by one, to name the line
                self._checked(f"SELECT {test} FROM {self.work} LIMIT 0", cell.place)
        for condition in (target.order_by, *target.group_by):
            if condition:
                self._fail_where(condition, "group_by", "the group cannot be computed")
        if target.where:
            self._fail_where(target.where, "where", "the where condition cannot be computed")

    def _type(self, number: int, target: Target) -> None:
        self._check_expressions(target)
        kinds = dict(self._describe(self._raw(target)))
        extra = "".join(f", g_{j}" for j in range(len(target.group_by))) + (", o" if target.order_by else "")
        read, parsed, typed, faulty = [], [], [], []
        for k, cell in enumerate(target.cells):
            column = cell.column
            if native(column, kinds[f"r_{k}"]):
                read.append(f"r_{k} AS x_{k}")
                parsed.append(f"{from_native(column, f'x_{k}', kinds[f'r_{k}'])} AS p_{k}")
            else:
                read.append(f"{_text(column, f'r_{k}', kinds[f'r_{k}'])} AS x_{k}")
                parsed.append(f"{from_text(column, f'x_{k}')} AS p_{k}")
            allowed = within(column, f"p_{k}")
            typed.append(f"p_{k} AS v_{k}")
            wrong = f"x_{k} IS NOT NULL AND (p_{k} IS NULL OR NOT ({allowed}))"
            if column.required and not target.group_by and column.name != "ingested_at":
                wrong = f"p_{k} IS NULL OR NOT ({allowed})"
            faulty.append(f"WHEN e_{k} OR ({wrong}) THEN {k + 1}")
        self._execute(
            f"CREATE TEMP TABLE typed_{number} AS SELECT _row{extra}, {', '.join(typed)}, "
            f"CASE {' '.join(faulty)} ELSE 0 END AS _fault FROM ("
            f"SELECT *, {', '.join(parsed)} FROM (SELECT *, {', '.join(read)} FROM ({self._raw(target)})))"
        )
        for (fault,) in self._rows(f"SELECT DISTINCT _fault FROM typed_{number} WHERE _fault > 0 ORDER BY 1"):
            self._explain(number, target, fault - 1, read[fault - 1])

    def _explain(self, number: int, target: Target, k: int, read: str) -> None:
        cell = target.cells[k]
        raw = self._raw(target, f"_row IN (SELECT _row FROM typed_{number} WHERE _fault = {k + 1})")
        rows = self._rows(
            f"SELECT _row, left(CAST(x_{k} AS VARCHAR), 4000), e_{k} FROM (SELECT *, {read} FROM ({raw}))"
        )
        failing = [row for row, _, fails in rows if fails]
        for row, reason in self._messages(failing, cell.sql, f"{cell.column.name} cannot be computed"):
            self.found.faults.setdefault(row, (cell.column.name, reason))
        for row, text, fails in rows:
            if not fails:
                reason = explain(cell.column, text) if text is not None else _missing(cell.column)
                self.found.faults.setdefault(row, (cell.column.name, reason))

    # What is left after the faults.

    def _keep(self) -> None:
        """Make kept_<i> of each target: a row that one target rejects is rejected everywhere."""
        while True:
            self._register_rejected()
            before = len(self.found.faults)
            for number, target in enumerate(self.plan.targets):
                good = f"SELECT * FROM typed_{number} WHERE _row NOT IN (SELECT _row FROM rejected)"
                if not target.group_by:
                    query = good if self.found.faults else f"SELECT * FROM typed_{number}"
                    self._execute(f"CREATE OR REPLACE TEMP VIEW kept_{number} AS {query}")
                else:
                    self._execute(f"CREATE OR REPLACE TEMP TABLE kept_{number} AS {_grouped(target, good)}")
                    self._fault_groups(number, target)
            if len(self.found.faults) == before:
                return

    def _register_rejected(self) -> None:
        self.connection.register("rejected", pa.table({"_row": pa.array(list(self.found.faults), pa.int64())}))

    def _fault_groups(self, number: int, target: Target) -> None:
        """Reject all rows of a group that lacks a required value."""
        for k, cell in enumerate(target.cells):
            if not cell.column.required or cell.column.name == "ingested_at":
                continue
            query = f"SELECT unnest(_members) FROM kept_{number} WHERE v_{k} IS NULL"
            for (row,) in self._rows(query):
                self.found.faults.setdefault(row, (cell.column.name, f"{_missing(cell.column)} in the row's group"))

    # All targets of one table together.

    def _stage(self, table: Table) -> None:
        numbers = [i for i, target in enumerate(self.plan.targets) if target.table == table]
        targets = [self.plan.targets[i] for i in numbers]
        supplied = {cell.column.name for target in targets for cell in target.cells}
        stamped = tuple(
            column.name
            for column in table.columns
            if column.name in {"ingested_at", "load_id"} and column.required and column.name not in supplied
        )
        view = f"staged_{table.name}"
        union = " UNION ALL ".join(self._staged(table, i, target) for i, target in zip(numbers, targets, strict=True))
        self._execute(f"CREATE TEMP VIEW {view} AS {union}")
        key = targets[0].key
        repeats = self._repeats(view, table, key)
        winners = (
            f"SELECT * FROM {view}"
            if not len(repeats)
            else (f"SELECT * FROM {view} ANTI JOIN losers USING (_row, _target)")
        )
        data = self.connection.sql(winners).to_arrow_table()
        self.found.staged.append(
            Staged(
                table,
                key,
                data,
                repeats,
                tuple(name for name in table.names if name in supplied or name in stamped or name == "source"),
                self._recorded(table, targets),
                stamped,
            )
        )
        folded = [
            f"SELECT unnest(_members) AS _row FROM kept_{i}"
            for i, target in zip(numbers, targets, strict=True)
            if target.group_by
        ]
        if folded:
            rows = self._rows(" UNION ".join(folded))
            self.found.folded[table.name] = np.array([row for (row,) in rows], dtype=np.int64)

    def _staged(self, table: Table, number: int, target: Target) -> str:
        items = ["_row", f"{number} AS _target"]
        places = {cell.column.name: k for k, cell in enumerate(target.cells)}
        for column in table.columns:
            value = f"v_{places[column.name]}" if column.name in places else "NULL"
            if column.name == "ingested_at" or (column.required and column.name in {"load_id", "source"}):
                value = f"COALESCE({value}, {self.stamp.sql(column.name)})"
            items.append(f"CAST({value} AS {column.stored_type}) AS {column.name}")
        return f"SELECT {', '.join(items)} FROM kept_{number}"

    def _repeats(self, view: str, table: Table, key: tuple[str, ...]) -> np.ndarray:
        """Make `losers` where a key repeats in the file: the latest ingested_at wins, then the last row."""
        keys = ", ".join(key)
        none = np.empty((0, 4), dtype=np.int64)
        # few keys repeat, or none: only their rows are sorted
        self._execute(
            f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT {keys} FROM {view} GROUP BY {keys} HAVING count(*) > 1"
        )
        if not self._rows("SELECT 1 FROM repeated LIMIT 1"):
            return none
        same_key = " AND ".join(f"r.{name} IS NOT DISTINCT FROM s.{name}" for name in key)
        latest = "ingested_at DESC, " if "ingested_at" in table.names else ""
        content = [name for name in table.names if name not in {*key, "ingested_at"}]
        same = " AND ".join(f"{name} IS NOT DISTINCT FROM w.{name}" for name in content) or "TRUE"
        whole = ", ".join(f"{name} := {name}" for name in content)
        window = f"OVER (PARTITION BY {keys} ORDER BY {latest}_row DESC, _target DESC)"
        first = f"first_value(struct_pack(_row := _row, _target := _target, {whole})) {window}"
        self._execute(
            f"CREATE OR REPLACE TEMP TABLE losers AS SELECT _row, _target, w._row AS winner_row, "
            f"w._target AS winner_target, CAST({same} AS INTEGER) AS equal "
            f"FROM (SELECT *, {first} AS w, row_number() {window} AS place "
            f"FROM (SELECT s.* FROM {view} AS s SEMI JOIN repeated AS r ON {same_key})) WHERE place > 1"
        )
        rows = self._rows("SELECT _row, winner_row, winner_target, equal FROM losers")
        return np.array(rows, dtype=np.int64).reshape(-1, 4)

    def _recorded(self, table: Table, targets: list[Target]) -> tuple[str, ...]:
        """Return the columns that the file says something about; a constant NULL says nothing."""
        cells = [cell for target in targets for cell in target.cells if not cell.assumed and not self._is_null(cell)]
        names = {cell.column.name for cell in cells}
        return tuple(name for name in table.names if name in names)

    def _is_null(self, cell: Cell) -> bool:
        if not cell.expression:
            return cell.sql == "CAST(NULL AS VARCHAR)"
        if cell.expression.columns:
            return False
        return self._rows(f"SELECT TRY(({cell.sql}\n)) IS NULL") == [(True,)]


def _text(column: Column, raw: str, kind: str) -> str:
    """Return SQL for the text of a raw value, NULL where blank; free text keeps its spaces."""
    text = raw if kind == "VARCHAR" else f"CAST({raw} AS VARCHAR)"
    # Most cells begin and end with a letter or digit: a look at these costs a third of a pattern.
    if column.kind == "text" and not column.values:
        return f"CASE WHEN ascii({text}) > 32 THEN {text} WHEN regexp_matches({text}, '\\S') THEN {text} END"
    plain = " AND ".join(f"ascii({end}) BETWEEN 33 AND 126" for end in (text, f"right({text}, 1)"))
    # Trimming a set of characters costs twenty times as much as trimming spaces.
    trimmed = f"CASE WHEN regexp_matches({text}, '[\\t\\r\\n]') THEN trim({text}, {_BLANK}) ELSE trim({text}) END"
    return f"CASE WHEN {plain} THEN {text} ELSE nullif({trimmed}, '') END"


def _grouped(target: Target, rows: str) -> str:
    order = "ORDER BY o NULLS FIRST, _row" if target.order_by else "ORDER BY _row"
    fold: dict[str, Callable[[str], str]] = {
        "": lambda value: f"last({value} {order})",
        "first": lambda value: f"first({value} {order}) FILTER (WHERE {value} IS NOT NULL)",
        "last": lambda value: f"last({value} {order}) FILTER (WHERE {value} IS NOT NULL)",
        "min": lambda value: f"min({value})",
        "max": lambda value: f"max({value})",
        "sum": lambda value: f"sum({value})",
    }
    items = [f"{fold[cell.fold](f'v_{k}')} AS v_{k}" for k, cell in enumerate(target.cells)]
    groups = ", ".join(f"g_{j}" for j in range(len(target.group_by)))
    return (
        f"SELECT last(_row {order}) AS _row, list(_row) AS _members, {', '.join(items)} FROM ({rows}) GROUP BY {groups}"
    )


def _missing(column: Column) -> str:
    return f"{column.name} is empty but required"


def _said(error: duckdb.Error) -> str:
    """Return the first line of a DuckDB message without its own label."""
    line = str(error).strip().splitlines()[0]
    return line.partition("Error: ")[2] or line
