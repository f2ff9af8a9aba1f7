"""The mapping of an import: ordered rules that give charges a system, a component and an allocation key.

```yaml
title: Who uses what
rules:
  - when: {ServiceName: Amazon Bedrock, Tags.team: [claims, "claims-*"]}
    system_id: claims-triage
    component: inference
  - when: {SubAccountId: "200000000013", ResourceId: null}
    allocation_key: tasks
default: {component: infrastructure}
```

The first rule whose conditions all hold counts. A value is text (capitals do not matter, `*` stands for anything), a
list of them, or null for an empty cell; `Tags.team` is the value of a key in a column of JSON. What a rule leaves out,
`default` says, and for the component what `data/focus/components.yaml` says; without a system a charge is shared.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from readout.marked_yaml import Fault, FaultsError, KeyPath, read_document, validate
from readout.resources import shipped
from readout.warehouse.errors import InputError
from readout.warehouse.focus.columns import KNOWN, present_name
from readout.warehouse.loading.kinds import quoted
from readout.warehouse.loading.plan import closest, identifier

TARGETS = ("system_id", "component", "allocation_key")
IDLE = "idle"  # allocation key of capacity that was paid for and not used


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Given(_Strict):
    system_id: str | None = None
    component: str | None = Field(None, min_length=1)
    allocation_key: str | None = None


class _RuleModel(_Given):
    when: dict[str, Any] = Field(min_length=1)
    note: str = ""


class _RulesModel(_Strict):
    title: str = ""
    rules: list[_RuleModel] = []
    default: _Given = _Given()


@dataclass(frozen=True)
class Condition:
    """A column (`key` = a key of the JSON in it) whose value is one of `values`; None is an empty cell."""

    column: str
    key: str
    values: tuple[str | None, ...]

    def sql(self, columns: Collection[str]) -> str:
        """Return SQL that tells whether it holds; a column that is not among `columns` (lower case) is empty."""
        value = identifier(self.column) if self.column.lower() in columns else "CAST(NULL AS VARCHAR)"
        if self.key:
            pointer = "/" + self.key.replace("~", "~0").replace("/", "~1")
            value = f"json_extract_string(TRY_CAST({value} AS JSON), {quoted(pointer)})"
        tests = [f"{value} IS NULL" if one is None else _like(value, one) for one in self.values]
        return f"({' OR '.join(tests)})"


@dataclass(frozen=True)
class Rule:
    """What is given to charges for which all conditions hold; what is not in `given` is left to others."""

    conditions: tuple[Condition, ...]
    given: dict[str, str | None]
    place: str


@dataclass(frozen=True)
class Rules:
    """Rules in their order, and what holds where none says otherwise."""

    name: str
    rules: tuple[Rule, ...] = ()
    default: dict[str, str | None] = field(default_factory=dict)

    @property
    def systems(self) -> dict[str, str]:
        """Systems that are named -> where."""
        found = {one.given["system_id"]: one.place for one in reversed(self.rules) if one.given.get("system_id")}
        if self.default.get("system_id"):
            found.setdefault(self.default["system_id"], f"{self.name}: default")
        return {str(system): place for system, place in found.items()}

    def number(self, columns: Collection[str]) -> str:
        """Return SQL for the number of the rule that counts, from 0; NULL where none does."""
        cases = " ".join(
            f"WHEN {' AND '.join(condition.sql(columns) for condition in rule.conditions)} THEN {number}"
            for number, rule in enumerate(self.rules)
        )
        return f"CASE {cases} END" if cases else "CAST(NULL AS INTEGER)"

    def value(self, target: str, number: str, otherwise: str = "CAST(NULL AS VARCHAR)") -> str:
        """Return SQL for one target, given the SQL of the rule's number."""
        rest = _literal(self.default[target]) if target in self.default else otherwise
        cases = " ".join(
            f"WHEN {place} THEN {_literal(rule.given[target])}"
            for place, rule in enumerate(self.rules)
            if target in rule.given
        )
        return f"CASE {number} {cases} ELSE {rest} END" if cases else rest


def _literal(value: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if value is None else quoted(value)


def _like(value: str, wanted: str) -> str:
    if "*" not in wanted:
        return f"COALESCE(lower({value}) = lower({quoted(wanted)}), FALSE)"
    pattern = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
    return f"COALESCE({value} ILIKE {quoted(pattern)} ESCAPE '\\', FALSE)"


def read_rules(path: Path) -> Rules:
    """Read and check a mapping.

    Raises:
        InputError: with a line for every fault: unknown keys, columns that FOCUS does not have, values of a wrong kind.
    """
    try:
        document = read_document(path)
        model = validate(_RulesModel, document)
    except FaultsError as error:
        raise InputError(str(error)) from None
    faults: list[Fault] = []

    def fault(at: KeyPath, message: str) -> None:
        faults.append(Fault(document.path, document.line(at), message))

    rules = []
    for number, one in enumerate(model.rules):
        conditions = []
        for name, wanted in one.when.items():
            at = ("rules", number, "when", name)
            column, _, key = name.partition(".")
            known = present_name(column) or (column if column.lower().startswith("x_") else "")
            if not known:
                fault(at, f"FOCUS has no column {column!r}{closest(column, list(KNOWN))}")
            values = wanted if isinstance(wanted, list) else [wanted]
            if not values or any(isinstance(value, dict | list | float) for value in values):
                fault(at, f"`{name}` must be text, null, or a list of them")
            conditions.append(Condition(known, key, tuple(map(_text, values))))
        given = _given(one)
        if not given:
            fault(("rules", number), f"gives nothing: name one of {', '.join(TARGETS)}")
        rules.append(Rule(tuple(conditions), given, f"{document.path}:{document.line(('rules', number))}"))
    if faults:
        raise InputError("\n".join(map(str, faults)))
    return Rules(path.name, tuple(rules), _given(model.default))


def _given(model: _Given) -> dict[str, str | None]:
    """Return what is said, null included; only a component cannot be nothing."""
    said = {target: getattr(model, target) for target in TARGETS if target in model.model_fields_set}
    return {target: value for target, value in said.items() if value is not None or target != "component"}


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def shipped_components() -> Rules:
    """Return the rules that say what a charge is where the mapping does not."""
    return read_rules(shipped("data") / "focus" / "components.yaml")
