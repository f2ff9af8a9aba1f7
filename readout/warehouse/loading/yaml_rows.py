"""YAML to rows of text, as JSON is read: scalars keep the digits they were written with, items their lines.

Files come from outside: only plain data is taken. Tags, aliases (which can grow a small file without bounds), several
documents and keys given twice refuse the file.
"""

import re
from typing import Any

import yaml
from yaml.composer import ComposerError

from readout.warehouse.errors import InputError
from readout.warehouse.loading.json_document import Number
from readout.warehouse.loading.json_rows import Level, Rows, decoded
from readout.warehouse.loading.source import Source

MAX_DEPTH = 100
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_FLAGS = {"true": True, "false": False}
_NULLS = {"", "~", "null"}


class _Loader(yaml.SafeLoader):
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            message = "aliases are not read; write the value out"
            raise ComposerError(None, None, message, event.start_mark)
        if getattr(event, "tag", None) not in {None, "!"}:
            message = f"the tag {event.tag} is not read; only plain values are"
            raise ComposerError(None, None, message, event.start_mark)
        if self.depth >= MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise ComposerError(None, None, message, event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def read_yaml(name: str, content: bytes, sha256: str, levels: tuple[Level, ...] = ()) -> Source:
    """Return the rows of one YAML document; without levels each item of the outer list, or the one mapping.

    Raises:
        InputError: the document is malformed (line and column are named), holds more than plain data, or is not UTF-8.
    """
    levels = levels or (Level("$[*]"),)
    loader = _Loader(decoded(name, content))
    try:
        node = loader.get_single_node()
        value = None if node is None else _value(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        message = f"{name}{place}: malformed YAML, {error.problem or error.context}; write the file again"
        raise InputError(message) from None
    except yaml.YAMLError as error:
        message = f"{name}: malformed YAML, {str(error).splitlines()[0]}; write the file again"
        raise InputError(message) from None
    finally:
        loader.dispose()
    rows = Rows(levels)
    walked = next((depth for depth, level in enumerate(levels) if level.ending), len(levels) - 1)
    focus = [key for level in levels[: walked + 1] for key in level.keys]
    if node is not None and levels[walked].ending:
        rows.walked, rows.starts = walked, _starts(node, focus)
    rows.add(value, 1)
    return rows.source(name, sha256, has_nul=False)


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ComposerError(None, None, "a key is no plain text", key.start_mark)
            if key.value in found:
                raise ComposerError(None, None, f"the key `{key.value}` is given twice", key.start_mark)
            found[key.value] = _value(item)
        return found
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    """Return a scalar: quoted text as text; plain numbers with their digits; dates and all the rest as written."""
    text = str(node.value)
    if getattr(node, "style", None) is not None:
        return text
    if text.lower() in _NULLS:
        return None
    if text.lower() in _FLAGS:
        return _FLAGS[text.lower()]
    return Number(text) if _NUMBER.fullmatch(text) else text


def _starts(node: yaml.Node, focus: list[str]) -> list[int]:
    """Return the lines of the items of the list or mapping that the keys lead to."""
    here: yaml.Node | None = node
    for key in focus:
        pairs = here.value if isinstance(here, yaml.MappingNode) else []
        here = next((item for name, item in pairs if name.value == key), None)
    if isinstance(here, yaml.SequenceNode):
        return [item.start_mark.line + 1 for item in here.value]
    if isinstance(here, yaml.MappingNode):
        return [key.start_mark.line + 1 for key, _ in here.value]
    return []


def shape_of_yaml(content: bytes) -> str:
    """Return `array`, `object` or `` for the outermost value of a YAML document, from its first event."""
    try:
        for event in yaml.parse(content.decode("utf-8-sig"), Loader=yaml.SafeLoader):
            if isinstance(event, yaml.SequenceStartEvent):
                return "array"
            if isinstance(event, yaml.MappingStartEvent):
                return "object"
            if isinstance(event, yaml.ScalarEvent):
                return ""
    except (yaml.YAMLError, UnicodeDecodeError):
        return ""  # reading it says what is wrong
    return ""
