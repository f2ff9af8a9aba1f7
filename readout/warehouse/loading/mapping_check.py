"""A mapping's expressions, tables and columns, checked before a file is opened; every fault has its line."""

from dataclasses import dataclass, replace
from typing import Any

from readout.marked_yaml import Document, Fault, FaultsError, KeyPath
from readout.warehouse.contract import Column, Table, contract
from readout.warehouse.loading.evaluate import PSEUDO
from readout.warehouse.loading.expressions import Expression, ExpressionError, analyse
from readout.warehouse.loading.json_rows import Level, is_path
from readout.warehouse.loading.kinds import quoted
from readout.warehouse.loading.mapping_model import (
    ColumnsModel,
    LevelModel,
    MappingModel,
    PartModel,
    TargetModel,
    VariantModel,
)
from readout.warehouse.loading.plan import STAMPED, Cell, Condition, Derived, Rule, Target, closest

FOLDS = ("first", "last", "min", "max", "sum")
_SUMMED = {"ms", "seconds", "money", "number", "integer"}


@dataclass(frozen=True)
class Part:
    """A part of the mapping whose expressions are checked."""

    when: str | tuple[str, ...]
    levels: tuple[Level, ...]
    null_words: tuple[str, ...]
    optional: frozenset[str]
    derived: tuple[tuple[Derived, ...], ...]
    rejects: tuple[Rule, ...]
    notes: tuple[Rule, ...]
    targets: tuple[Target, ...]
    reads: dict[str, str]  # column that an expression names -> where


class Checker:
    """Turns the model into parts and collects every fault on the way."""

    def __init__(self, document: Document, model: MappingModel) -> None:
        self.document, self.model = document, model
        self.faults: list[Fault] = []
        self.reads: dict[str, str] = {}

    def parts(self) -> tuple[Part, ...]:
        """Return the checked parts.

        Raises:
            FaultsError: with all faults in the order of their lines.
        """
        if bool(self.model.targets) == bool(self.model.variants):
            self._fault((), "give either `targets` or `variants`" + (", not both" if self.model.targets else ""))
        found = [self._part(variant, ("variants", i)) for i, variant in enumerate(self.model.variants)]
        if self.model.targets:
            found.append(self._part(self.model, ()))
        if self.faults:
            raise FaultsError(sorted(self.faults, key=lambda fault: (fault.line or 0, fault.message)))
        return tuple(found)

    def _fault(self, at: KeyPath, message: str) -> None:
        self.faults.append(Fault(self.document.path, self.document.line(at), message))

    def _place(self, at: KeyPath) -> str:
        return f"{self.document.path}:{self.document.line(at)}"

    def _part(self, model: PartModel, at: KeyPath) -> Part:
        self.reads = {}
        shared = self.model
        when: str | tuple[str, ...] = ""
        if isinstance(model, VariantModel):
            when = tuple(model.when.columns) if isinstance(model.when, ColumnsModel) else model.when
        levels = self._levels(model.rows, (*at, "rows"))
        derived = self._derived(model.derive, (*at, "derive"))
        rejects = tuple(
            Rule(Condition(rule.when, self._place(spot)), rule.reason, rule.column)
            for i, rule in enumerate(model.reject)
            if self._expression(rule.when, spot := (*at, "reject", i))
        )
        notes = tuple(
            Rule(Condition(rule.when, self._place(spot)), rule.text)
            for i, rule in enumerate(model.notes)
            if self._expression(rule.when, spot := (*at, "notes", i))
        )
        targets = tuple(
            target for i, spec in enumerate(model.targets) if (target := self._target(spec, (*at, "targets", i)))
        )
        self._same_keys(targets, at)
        words = dict.fromkeys(("", *shared.null_values, *model.null_values))
        optional = frozenset(name.lower() for name in (*shared.optional_columns, *model.optional_columns))
        return Part(when, levels, tuple(words), optional, derived, rejects, notes, targets, dict(self.reads))

    def _derived(self, model: dict[str, str], at: KeyPath) -> tuple[tuple[Derived, ...], ...]:
        """Return the derived columns in steps, so that each step reads only what stands before it."""
        for name in model:
            self._name(name, (*at, name))
        waiting = {
            name.lower(): (Derived(name, sql, self._place((*at, name)), found.window), found)
            for name, sql in model.items()
            if (found := self._expression(sql, (*at, name), window=True))
        }
        steps: list[tuple[Derived, ...]] = []
        while waiting:
            ready = [
                name
                for name, (_, found) in waiting.items()
                if not {used.lower() for used in found.columns} & set(waiting)
            ]
            if not ready:
                names = ", ".join(waiting)
                self._fault(
                    (*at, next(iter(waiting.values()))[0].name), f"derived columns that need each other: {names}"
                )
                break
            steps.append(tuple(waiting.pop(name)[0] for name in ready))
        return tuple(steps)

    def _name(self, name: str, at: KeyPath) -> None:
        """Refuse a name that an expression could not use as it stands."""
        try:
            plain = not name or analyse(name).columns == {name}
        except ExpressionError:
            plain = False
        if not plain or name.lower() in PSEUDO:
            self._fault(at, f"`{name}` cannot name a column, it is a word or sign of SQL or of the loader")

    def _levels(self, models: list[LevelModel], at: KeyPath) -> tuple[Level, ...]:
        for i, model in enumerate(models):
            if not is_path(model.each):
                self._fault((*at, i), f"each `{model.each}` is no path; write $, $.key, $.key[*] or $.key{{}}")
            self._name(model.name, (*at, i))
            if not model.name and i + 1 < len(models):
                self._fault((*at, i), "only the last level may do without `as`")
        return tuple(Level(model.each, model.name) for model in models)

    def _expression(self, sql: str, at: KeyPath, *, window: bool = False) -> Expression | None:
        try:
            found = analyse(sql)
        except ExpressionError as error:
            self._fault(at, f"`{at[-1]}`: {error}" if isinstance(at[-1], str) else str(error))
            return None
        if found.window and not window:
            self._fault(at, "OVER (…) is allowed under `derive` only; derive a column and use it here")
            return None
        for name in sorted(found.constants - set(self.model.set)):
            self._fault(at, f"${name} is not declared under `set`{closest(name, list(self.model.set))}")
        for name in found.columns:
            self.reads.setdefault(name, self._place(at))
        return found

    def _target(self, model: TargetModel, at: KeyPath) -> Target | None:
        table = contract().get(model.table)
        if not table:
            self._fault(
                (*at, "table"), f"`{model.table}` is no table of the contract{closest(model.table, list(contract()))}"
            )
            return None
        groups = [model.group_by] if isinstance(model.group_by, str) else model.group_by or []
        cells = tuple(
            cell
            for name, value in model.columns.items()
            if (cell := self._cell(table, name, value, (*at, "columns", name), grouped=bool(groups)))
        )
        self._required(table, model, at)
        for place, name in enumerate(model.assumed):
            if name not in model.columns:
                self._fault((*at, "assumed", place), f"`{name}` is none of this target's columns")
        return Target(
            table,
            tuple(replace(cell, assumed=cell.column.name in model.assumed) for cell in cells),
            self._key(table, model.key, (*at, "key")),
            self._condition(model.where, (*at, "where")),
            tuple(found for sql in groups if (found := self._condition(sql, (*at, "group_by")))),
            self._condition(model.order_by, (*at, "order_by")),
        )

    def _condition(self, sql: str | None, at: KeyPath) -> Condition | None:
        return Condition(sql, self._place(at)) if sql and self._expression(sql, at) else None

    def _cell(self, table: Table, name: str, value: Any, at: KeyPath, *, grouped: bool) -> Cell | None:
        if name not in table.names:
            self._fault(at, f"`{name}` is no column of {table.name}{closest(name, list(table.names))}")
            return None
        fold, sql = self._fold(value, table.column(name), at, grouped=grouped)
        if sql is None or not (found := self._expression(sql, at)):
            return None
        return Cell(table.column(name), sql, self._place(at), fold, found)

    def _fold(self, value: Any, column: Column, at: KeyPath, *, grouped: bool) -> tuple[str, str | None]:
        """Return how a group's values become one (nothing: the last row's), and the expression."""
        if not isinstance(value, dict | list):
            return "", _sql(value)
        if isinstance(value, dict) and len(value) == 1:
            [(word, inner)] = value.items()
            if word == "value" and not isinstance(inner, dict | list):
                return "", "NULL" if inner is None else quoted(plain(inner))
            if word in FOLDS and not isinstance(inner, dict | list):
                if not grouped:
                    self._fault(at, f"`{word}` needs `group_by`")
                elif word == "sum" and column.kind not in _SUMMED:
                    self._fault(at, f"`sum` does not fit {column.name}, which is a {column.kind}")
                return word, _sql(inner)
        self._fault(at, f"give an expression, `value: TEXT`, or one of {', '.join(FOLDS)} with an expression")
        return "", None

    def _required(self, table: Table, model: TargetModel, at: KeyPath) -> None:
        missing = [
            column.name
            for column in table.columns
            if column.required and column.name not in model.columns and column.name not in STAMPED
        ]
        if missing:
            self._fault((*at, "columns"), f"{table.name} needs {', '.join(missing)}")

    def _key(self, table: Table, key: list[str] | None, at: KeyPath) -> tuple[str, ...]:
        if key is None:
            return table.key
        # A wider key would let two rows of the contract's key in; a narrower one cannot.
        if not set(key) <= set(table.key):
            self._fault(at, f"the key of {table.name} is {', '.join(table.key)}; name some or all of these")
        return tuple(name for name in table.key if name in key)

    def _same_keys(self, targets: tuple[Target, ...], at: KeyPath) -> None:
        for name in dict.fromkeys(target.table.name for target in targets):
            if len({target.key for target in targets if target.table.name == name}) > 1:
                self._fault((*at, "targets"), f"the targets of {name} have different keys")


def _sql(value: Any) -> str:
    if value is None:
        return "NULL"
    return plain(value) if not isinstance(value, bool) else str(value).upper()


def plain(value: Any) -> str:
    """Return a YAML scalar as the text of a constant."""
    return str(value).lower() if isinstance(value, bool) else str(value)
