"""Mappings: YAML that says how another system's file becomes rows of the contract. docs/loading.md is the manual.

Read strictly: every fault is named with its line, expressions are parsed before a file is opened.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from readout.marked_yaml import Document, Fault, FaultsError, KeyPath, read_document, validate
from readout.resources import shipped
from readout.warehouse.contract import Column, Table, contract
from readout.warehouse.errors import InputError
from readout.warehouse.loading.evaluate import PSEUDO
from readout.warehouse.loading.expressions import Expression, ExpressionError, analyse
from readout.warehouse.loading.json_rows import Level, is_path
from readout.warehouse.loading.kinds import quoted
from readout.warehouse.loading.plan import STAMPED, Cell, Condition, Derived, Plan, Rule, Target, closest
from readout.warehouse.loading.reading import Content, read_rows
from readout.warehouse.loading.source import Source

FOLDS = ("first", "last", "min", "max", "sum")
_SUMMED = {"ms", "seconds", "money", "number", "integer"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SettingModel(_Strict):
    """A constant of the mapping, `$name` in expressions; without `default` it must be given with --set."""

    default: str | int | float | bool | None = None
    help: str = ""


class LevelModel(_Strict):
    """A step into a JSON document: `$.a.b`, `[*]` for the items of a list, `{}` for the entries of an object."""

    each: str
    name: str = Field("", alias="as", pattern=r"^[a-z][a-z0-9_]*$|^$")


class RejectModel(_Strict):
    """Rows to reject, with the reason that is reported."""

    when: str
    reason: str
    column: str = ""


class NoteModel(_Strict):
    """Rows to count in a warning."""

    when: str
    text: str


class TargetModel(_Strict):
    """Rows of one contract table."""

    table: str
    columns: dict[str, Any]
    where: str | None = None
    key: list[str] | None = Field(None, min_length=1)
    group_by: str | list[str] | None = None
    order_by: str | None = None


class PartModel(_Strict):
    """How one shape of file is read."""

    rows: list[LevelModel] = []
    null_values: list[str] = []
    optional_columns: list[str] = []
    derive: dict[str, str] = {}
    reject: list[RejectModel] = []
    notes: list[NoteModel] = []
    targets: list[TargetModel] = Field(min_length=1)


class ColumnsModel(_Strict):
    """Columns that tell one shape of file from another."""

    columns: list[str] = Field(min_length=1)


class VariantModel(PartModel):
    """One of several shapes: the JSON document is an object or an array, or the file has these columns."""

    when: Literal["object", "array"] | ColumnsModel


class MappingModel(PartModel):
    """A whole mapping: either targets, or variants that each have some."""

    title: str = ""
    set: dict[str, SettingModel] = {}
    variants: list[VariantModel] = []
    targets: list[TargetModel] = []


@dataclass(frozen=True)
class _Part:
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


@dataclass(frozen=True)
class MappingFile:
    """A mapping ready for use: its parts, and its constants with the values given by --set."""

    name: str
    path: str
    table: str
    parts: tuple[_Part, ...]
    constants: dict[str, str | None]

    def planned(self, content: Content) -> tuple[Source, Plan]:
        """Return a file's rows and what is to be made of them.

        Raises:
            InputError: the file has a shape or lacks a column that the mapping needs.
        """
        shaped = [part for part in self.parts if part.when in {"", content.shape} or isinstance(part.when, tuple)]
        if not shaped:
            shapes = " or ".join(str(part.when) for part in self.parts)
            found = content.shape or content.format
            message = (
                f"{content.name}: mapping {self.name} is for a JSON {shapes}, this is {found}; use another mapping"
            )
            raise InputError(message)
        source = read_rows(content, shaped[0].levels)
        part = next((part for part in shaped if _fits(part, source)), None)
        if not part:
            wanted = "; or ".join(", ".join(part.when) for part in shaped if isinstance(part.when, tuple))
            message = f"{content.name}: mapping {self.name} is for files with columns {wanted}; this file lacks some"
            raise InputError(message)
        if self.table not in {target.table.name for target in part.targets}:
            message = f"{content.name}: mapping {self.name} makes no {self.table} of a file of this shape"
            raise InputError(message)
        return source, self._plan(part, source)

    def _plan(self, part: _Part, source: Source) -> Plan:
        have = {name.lower() for name in source.columns}
        columns = {derived.name.lower(): derived for step in part.derived for derived in step}
        made = set(columns)
        if twice := have & made:
            name = min(twice)
            message = f"{columns[name].place}: derive.{name} is a column of {source.name} already; name it otherwise"
            raise InputError(message)
        absent = []
        for name, place in part.reads.items():
            if name.lower() in have | made | set(PSEUDO):
                continue
            if not source.open_ended and name.lower() not in part.optional:
                message = (
                    f"{place}: column {name!r} is not in {source.name}{closest(name, list(source.columns))}; "
                    "use the mapping for this file, or list the column under optional_columns"
                )
                raise InputError(message)
            absent.append(name)
        return Plan(
            self.table,
            part.targets,
            self.constants,
            part.null_words,
            as_text=True,
            derived=part.derived,
            rejects=part.rejects,
            notes=part.notes,
            absent=tuple({name.lower(): name for name in absent}.values()),
            warnings=source.warnings,
        )


def _fits(part: _Part, source: Source) -> bool:
    return not isinstance(part.when, tuple) or {name.lower() for name in part.when} <= {
        name.lower() for name in source.columns
    }


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that come with the product."""
    folder = shipped("data") / "mappings"
    return sorted(path.stem for path in folder.glob("*.yaml"))


def resolve_mapping(name_or_path: str | Path) -> Path:
    """Return the file of a mapping, given its path or the name of one that ships (`azure-llm-code`).

    Raises:
        InputError: it is neither.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    known = shipped_mappings()
    if str(name_or_path) in known:
        return shipped("data") / "mappings" / f"{name_or_path}.yaml"
    message = (
        f"--mapping {name_or_path}: is neither a file nor a mapping that comes with readout "
        f"({', '.join(known)}){closest(str(name_or_path), known)}"
    )
    raise InputError(message)


def read_mapping(name_or_path: str | Path, table: str, given: dict[str, str | None]) -> MappingFile:
    """Read and check a mapping for loading `table`, with the --set pairs given.

    Raises:
        InputError: with one line for every fault; an unknown --set name is answered with the allowed ones.
    """
    path = resolve_mapping(name_or_path)
    try:
        document = read_document(path)
        model = validate(MappingModel, document)
        parts = _Checker(document, model).parts()
    except FaultsError as error:
        raise InputError(str(error)) from None
    tables = dict.fromkeys(target.table.name for part in parts for target in part.targets)
    if table not in tables:
        message = f"{path}: has no target for table {table}; it makes {', '.join(tables)}"
        raise InputError(message)
    return MappingFile(path.stem, str(path), table, parts, _constants(path.stem, model.set, given))


def _constants(name: str, settings: dict[str, SettingModel], given: dict[str, str | None]) -> dict[str, str | None]:
    for key in given:
        if key not in settings:
            allowed = ", ".join(settings) or "none"
            message = f"--set {key}: mapping {name} has no such constant; allowed: {allowed}"
            raise InputError(message)
    found: dict[str, str | None] = {}
    for key, setting in settings.items():
        if key in given:
            found[key] = given[key]
        elif "default" not in setting.model_fields_set:
            why = f" ({setting.help})" if setting.help else ""
            message = f"mapping {name} needs --set {key}=VALUE{why}"
            raise InputError(message)
        else:
            found[key] = None if setting.default is None else _plain(setting.default)
    return found


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Checker:
    """Turns the model into parts and collects every fault on the way."""

    def __init__(self, document: Document, model: MappingModel) -> None:
        self.document, self.model = document, model
        self.faults: list[Fault] = []
        self.reads: dict[str, str] = {}

    def parts(self) -> tuple[_Part, ...]:
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

    def _part(self, model: PartModel, at: KeyPath) -> _Part:
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
        return _Part(when, levels, tuple(words), optional, derived, rejects, notes, targets, dict(self.reads))

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
        return Target(
            table,
            cells,
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
                return "", "NULL" if inner is None else quoted(_plain(inner))
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
    return _plain(value) if not isinstance(value, bool) else str(value).upper()
