"""YAML that remembers its lines: reads one file strictly and names the line of every fault.

Stricter than YAML itself, because people edit these files by hand: duplicate keys, anchors and aliases, tags, several
documents and keys that are not plain text are faults. Only `true` and `false` are booleans (an owner `no` stays text,
the key `on` stays a key), only plain digits are numbers (`12:30` and `012` are no traps), and dates stay text until a
model reads them. Imports nothing of ours.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.composer import ComposerError
from yaml.reader import Reader

KeyPath = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

MAX_BYTES = 1_000_000  # a registry is written by people; more than this is a data file in the wrong folder
MAX_DEPTH = 40  # far deeper than any registry, far shallower than Python's recursion limit


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file. `line` counts from 1; None where the whole file is meant."""

    path: str
    line: int | None
    message: str
    column: int | None = None  # from 1; given where the text itself is malformed

    def __str__(self) -> str:
        """Return `path:line: message`, the form that editors can jump to."""
        place = [str(part) for part in (self.path, self.line, self.column) if part is not None]
        return f"{':'.join(place)}: {self.message}"


class FaultsError(ValueError):
    """A file that cannot be used; `faults` lists everything found wrong, not the first thing only."""

    def __init__(self, faults: list[Fault] | tuple[Fault, ...]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class PlacedError(ValueError):
    """What a model's validator raises where a fault stands deeper than the model itself: `at` is the key path to it."""

    def __init__(self, message: str, *at: str | int) -> None:
        self.at: KeyPath = at
        super().__init__(message)


@dataclass(frozen=True)
class Document:
    """A file's value as plain Python, and the line of every key and list item in it."""

    path: str
    value: Any
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, loc: KeyPath) -> int:
        """Return the line of the deepest known part of `loc` (parts that the file does not have are skipped)."""
        return self.lines.get(self.known(loc), 1)

    def known(self, loc: KeyPath) -> KeyPath:
        """Return `loc` without the parts that are not in the file, such as a missing key or a model's own labels."""
        here: KeyPath = ()
        for part in loc:
            if (*here, part) in self.lines:
                here = (*here, part)
        return here


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader with the scalars of YAML 1.2 and without aliases or bottomless nesting."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute, filled below
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            message = "aliases are not allowed here; write the value out"
            raise ComposerError(None, None, message, event.start_mark)
        if self.depth >= MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise ComposerError(None, None, message, event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


_SCALARS = (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+0123456789.",
    ),
)
for _tag, _pattern, _first in _SCALARS:
    _PlainLoader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))

_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "bool", "null", "int", "float", "seq", "map")}
_MAX_DIGITS = 400  # int() refuses texts of 4,300 digits and more with an error of its own


def read_document(path: Path, *, empty: Any = None) -> Document:
    """Read one YAML file. An empty file has the value `empty`; with None it is a fault.

    Raises FaultsError, never anything else, whatever the file holds.
    """
    name = path.as_posix()
    return _document(_text(path, name), name, empty)


def parse_document(text: str, name: str) -> Document:
    """Read YAML that is no file yet, as strictly as a file; `name` stands in front of its faults.

    Raises FaultsError, never anything else.
    """
    try:
        return _document(_decoded(text.encode(), name), name, None)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise FaultsError([Fault(name, line, "a character that text cannot hold")]) from None


@lru_cache(maxsize=64)  # a server reads a portfolio again where one of its files has changed
def _composed(text: str) -> yaml.Node | None:
    loader = _PlainLoader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _document(text: str, name: str, empty: Any) -> Document:
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        raise FaultsError([_malformed(name, error)]) from None
    if node is None:
        if empty is None:
            raise FaultsError([Fault(name, None, "the file is empty")])
        return Document(name, empty)
    lines: dict[KeyPath, int] = {(): node.start_mark.line + 1}
    faults: list[Fault] = []
    value = _construct(node, (), lines, faults, name)
    if faults:
        raise FaultsError(faults)
    return Document(name, value, lines)


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FaultsError([Fault(name, None, f"cannot be read: {error.strerror or error}")]) from None
    return _decoded(raw, name)


def _decoded(raw: bytes, name: str) -> str:
    if len(raw) > MAX_BYTES:
        raise FaultsError([Fault(name, None, f"is larger than {MAX_BYTES:,} bytes, too large for a description")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FaultsError([Fault(name, line, f"is not UTF-8 text (byte {error.start + 1})")]) from None
    if found := Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"a character that text cannot hold (code {ord(found.group()):#x})"
        raise FaultsError([Fault(name, line, message, column)])
    return text


def _malformed(name: str, error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    problem = " ".join((error.problem or error.context or "cannot be read").split())
    if "'\\t'" in problem:
        problem = "a tab where spaces are needed"
    if isinstance(error, ComposerError) and error.context:
        problem = "a second document starts here; one file holds one" if "single document" in error.context else problem
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    return Fault(name, line, f"not valid YAML: {problem}", column)


def _construct(node: yaml.Node, at: KeyPath, lines: dict[KeyPath, int], faults: list[Fault], name: str) -> Any:
    line = node.start_mark.line + 1
    if node.tag not in _PLAIN_TAGS:
        faults.append(Fault(name, line, f"tags such as `{node.tag}` are not allowed here"))
        return None
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(node, at, lines, faults, name)
    if isinstance(node, yaml.SequenceNode):
        items = []
        for index, item in enumerate(node.value):
            lines[*at, index] = item.start_mark.line + 1
            items.append(_construct(item, (*at, index), lines, faults, name))
        return items
    return _scalar(node, line, faults, name)


def _construct_mapping(
    node: yaml.MappingNode, at: KeyPath, lines: dict[KeyPath, int], faults: list[Fault], name: str
) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(Fault(name, line, "a key must be plain text"))
            continue
        key = key_node.value  # the text as written: YAML 1.1 would read the key `on` as true
        here = (*at, key)
        if key in value:
            faults.append(Fault(name, line, f"`{key}` is given twice (first on line {lines[here]})"))
            continue
        lines[here] = line
        value[key] = _construct(value_node, here, lines, faults, name)
    return value


def _scalar(node: yaml.Node, line: int, faults: list[Fault], name: str) -> Any:
    kind = node.tag.rpartition(":")[2]
    text = node.value
    try:
        if kind == "bool":
            return {"true": True, "false": False}[text.lower()]
        if kind == "int":
            if len(text) > _MAX_DIGITS:
                raise ValueError  # noqa: TRY301 - one place words all unreadable scalars
            return int(text)
        if kind == "float":
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    except (ValueError, KeyError):
        faults.append(Fault(name, line, f"`{text[:40]}` cannot be read as {kind}"))
        return None
    return None if kind == "null" else text


def validate(model: type[M], document: Document) -> M:
    """Validate a document; every pydantic error becomes a fault with its line and one plain sentence.

    Raises FaultsError.
    """
    if not isinstance(document.value, dict):
        found = "a list" if isinstance(document.value, list) else "a single value"
        message = f"must be `key: value` lines at the top, found {found}"
        raise FaultsError([Fault(document.path, document.line(()), message)])
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        schema = model.model_json_schema(by_alias=True)
        details = error.errors(include_url=False)
        found = {
            Fault(document.path, document.line(_place(detail)), _sentence(detail, document, schema))
            for detail in details
        }
        raise FaultsError(sorted(found, key=lambda fault: (fault.line or 0, fault.message))) from None


def _place(detail: Any) -> KeyPath:
    return (*detail["loc"], *getattr(detail.get("ctx", {}).get("error"), "at", ()))


_WORDS = {
    "string_type": "must be text (put it in quotes)",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "decimal_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be `key: value` lines",
    "model_type": "must be `key: value` lines",
    "model_attributes_type": "must be `key: value` lines",
    "finite_number": "must be a finite number",
}
_LIMITS = {
    "greater_than": ("gt", "greater than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def _sentence(detail: Any, document: Document, schema: dict[str, Any]) -> str:
    kind, loc, given = detail["type"], _place(detail), detail["input"]
    known = document.known(loc)
    where = dotted(known)
    if kind == "missing":
        return f"`{dotted((*known, loc[-1]))}` is missing"
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(loc[-1]), _keys(schema, loc[:-1]), n=1)
        return f"unknown key `{where}`" + (f" (did you mean `{close[0]}`?)" if close else "")
    if kind == "literal_error":
        expected = detail["ctx"]["expected"].replace("'", "")
        return f"`{where}` must be {expected}, found {_shown(given)}"
    if kind == "value_error":
        text = str(detail["ctx"]["error"])
        return f"`{where}`: {text}" if where else text
    if kind in {"too_short", "string_too_short"}:
        return f"`{where}` must not be empty"
    if kind in _LIMITS:
        key, words = _LIMITS[kind]
        return f"`{where}` must be {words} {detail['ctx'][key]:g}, found {_shown(given)}"
    words = _WORDS.get(kind) or detail["msg"][:1].lower() + detail["msg"][1:]
    return f"`{where}` {words}, found {_shown(given)}" if kind in _WORDS else f"`{where}`: {words}"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "`key: value` lines"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text[:60]}`"


def dotted(loc: KeyPath) -> str:
    """Return `metrics[0].pass` for ("metrics", 0, "pass")."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _keys(schema: dict[str, Any], loc: KeyPath) -> list[str]:
    """Return the keys that a JSON Schema allows at `loc`; parts it does not know (union labels) are skipped."""
    here = [schema]
    for part in loc:
        step = [
            found
            for branch in _branches(here, schema)
            for found in (branch.get("items") if isinstance(part, int) else branch.get("properties", {}).get(part),)
            if isinstance(found, dict)
        ]
        here = step or here
    return sorted({key for branch in _branches(here, schema) for key in branch.get("properties", {})})


def _branches(schemas: list[dict[str, Any]], root: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the schemas with `$ref`, `anyOf`, `oneOf` and `allOf` opened, one level of each at a time."""
    found, waiting, seen = [], list(schemas), set()
    while waiting:
        schema = waiting.pop()
        if ref := schema.get("$ref"):
            if ref not in seen:
                seen.add(ref)
                waiting.append(root.get("$defs", {}).get(ref.rpartition("/")[2], {}))
            continue
        waiting += [part for key in ("anyOf", "oneOf", "allOf") for part in schema.get(key, ())]
        found.append(schema)
    return found
