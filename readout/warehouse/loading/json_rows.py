"""JSON and JSON Lines to rows of text: nested lists become rows, numbers keep the digits they were written with."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from readout.warehouse.errors import InputError
from readout.warehouse.loading.json_document import DECODER, Walk, as_text, must_end
from readout.warehouse.loading.source import Source, Unread

_PATH = re.compile(r"\$((?:\.[A-Za-z_][A-Za-z0-9_]*)*)(\[\*\]|\{\})?")


@dataclass(frozen=True)
class Level:
    """One step into a document: `$.a.b` is the value, `[*]` each item of a list, `{}` each entry of an object.

    `name` is the column that holds the value as JSON text, with `<name>_no` (from 1) and for `{}` `<name>_key`; without
    a name (last step only) the value's own keys are the columns. As in SQL/JSON, `[*]` takes what is no list for a list
    of one. The part that the next level takes apart is left out of the text, so that a long list is not repeated for
    each of its rows.
    """

    each: str
    name: str = ""

    @property
    def keys(self) -> list[str]:
        """Keys that lead to the value."""
        found = _PATH.fullmatch(self.each)
        return found.group(1).split(".")[1:] if found and found.group(1) else []

    @property
    def ending(self) -> str:
        """How the value is taken apart: `[*]`, `{}` or not at all."""
        found = _PATH.fullmatch(self.each)
        return (found.group(2) or "") if found else ""


def is_path(text: str) -> bool:
    """Tell whether text is a path that `Level.each` takes."""
    return bool(_PATH.fullmatch(text))


@dataclass
class Rows:
    """Rows under construction."""

    levels: tuple[Level, ...]
    walked: int = -1  # the level whose items' lines are known
    starts: Sequence[int] = ()  # these lines
    row: int = 0
    numbers: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    places: list[list[int]] = field(default_factory=list)  # per level and row: index of the value in `texts`
    texts: list[list[str | None]] = field(default_factory=list)
    counts: list[list[int]] = field(default_factory=list)
    keys: list[list[str | None]] = field(default_factory=list)
    columns: dict[str, list[str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make room for each level."""
        for lists in (self.places, self.texts, self.counts, self.keys):
            lists.extend([] for _ in self.levels)

    def add(self, value: Any, line: int, depth: int = 0, trail: tuple[int, ...] = ()) -> None:
        """Add the rows below one value."""
        level = self.levels[depth]
        last = depth + 1 == len(self.levels)
        starts = self.starts if depth == self.walked else ()
        for position, (key, item) in enumerate(_items(value, level)):
            here = starts[position] if position < len(starts) else line
            shown = item if last else _without(item, self.levels[depth + 1])
            self.texts[depth].append(as_text(shown) if level.name else None)
            self.counts[depth].append(position + 1)
            self.keys[depth].append(key)
            path = (*trail, len(self.texts[depth]) - 1)
            if last:
                self._row(item, here, path)
            else:
                self.add(item, here, depth + 1, path)

    def _row(self, item: Any, line: int, path: tuple[int, ...]) -> None:
        self.row += 1
        if not self.levels[-1].name and not isinstance(item, dict):
            shown = (as_text(item) or "null")[:60]
            self.refuse(line, f"is not an object of named values: {shown}", shown)
            return
        at = len(self.numbers)
        self.numbers.append(self.row)
        self.lines.append(line)
        for places, place in zip(self.places, path, strict=True):
            places.append(place)
        if self.levels[-1].name:
            return
        for name, value in item.items():
            key = name or "(no name)"
            column = self.columns.get(key)
            if column is None:
                column = self.columns[key] = []
            column.extend([None] * (at - len(column)))
            column.append(as_text(value))

    def refuse(self, line: int, reason: str, text: str) -> None:
        """Set the current row aside."""
        self.unread.append(Unread(self.row, line, reason, _printable(text[:4000])))

    def source(self, name: str, sha256: str, *, has_nul: bool) -> Source:
        """Return the rows as a source."""
        arrays: dict[str, pa.Array] = {
            "_row": pa.array(self.numbers, pa.int64()),
            "_line": pa.array(self.lines, pa.int64()),
        }
        nested = []
        for level, places, texts, counts, keys in zip(
            self.levels, self.places, self.texts, self.counts, self.keys, strict=True
        ):
            if not level.name:
                continue
            index = pa.array(places, pa.int64())
            # A dictionary: the text of an outer level is held once, however many rows lie below it.
            arrays[level.name] = pa.DictionaryArray.from_arrays(index, _strings(texts))
            arrays[f"{level.name}_no"] = pa.array(counts, pa.int64()).cast(pa.string()).take(index)
            nested.append(level.name)
            if level.ending == "{}":
                arrays[f"{level.name}_key"] = _strings(keys).take(index)
        for key, values in self.columns.items():
            values.extend([None] * (len(self.numbers) - len(values)))
            if key in arrays:
                message = (
                    f"{name}: a key is named {key!r}, which the mapping uses for a level; name the level otherwise"
                )
                raise InputError(message)
            arrays[key] = _strings(values)
        folded = [column.lower() for column in arrays]
        if twice := next((column for column in arrays if folded.count(column.lower()) > 1), None):
            message = f"{name}: two keys differ from {twice!r} only in capitals; rename one"
            raise InputError(message)
        return Source(
            name, sha256, pa.table(arrays), tuple(self.unread), frozenset(nested), open_ended=True, has_nul=has_nul
        )


def _items(value: Any, level: Level) -> Iterator[tuple[str | None, Any]]:
    for key in level.keys:
        value = value.get(key) if isinstance(value, dict) else None
    if value is None:
        return iter(())
    if level.ending == "{}":
        return iter(value.items()) if isinstance(value, dict) else iter(())
    if level.ending == "[*]" and isinstance(value, list):
        return ((None, item) for item in value)
    return iter([(None, value)])


def _without(value: Any, step: Level) -> Any:
    """Return a value less the part that the next level reads."""
    if not step.keys or not isinstance(value, dict) or step.keys[0] not in value:
        return value if step.keys else None
    key, rest = step.keys[0], step.keys[1:]
    left = {name: item for name, item in value.items() if name != key}
    if rest:
        left[key] = _without(value[key], Level("$." + ".".join(rest)))
    return left


def _strings(values: list[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.large_string())
    except UnicodeEncodeError:  # half of a surrogate pair, written as \\ud83d: no text in any encoding
        return pa.array([value if value is None else _printable(value) for value in values], pa.large_string())


def _printable(text: str) -> str:
    return text.encode("utf-8", errors="replace").decode("utf-8")


def decoded(name: str, content: bytes) -> str:
    """Return a file as text; InputError names the line of the first byte that is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{name}:{line}: byte {error.start + 1} is not UTF-8 text; save the file as UTF-8 and load it again"
        raise InputError(message) from None


def shape_of(content: bytes) -> str:
    """Return `array`, `object` or `` for the outermost value of a JSON document."""
    first = content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1]
    return {b"[": "array", b"{": "object"}.get(first, "")


def read_json(name: str, content: bytes, sha256: str, levels: tuple[Level, ...] = ()) -> Source:
    """Return the rows of one JSON document; without levels each item of the outer list, or the one object.

    Raises:
        InputError: the document is malformed (line and column are named) or not UTF-8.
    """
    text = decoded(name, content)
    levels = levels or (Level("$[*]"),)
    rows = Rows(levels)
    walked = next((depth for depth, level in enumerate(levels) if level.ending), len(levels) - 1)
    focus = [key for level in levels[: walked + 1] for key in level.keys]
    try:
        walk = Walk(text, focus)
    except json.JSONDecodeError as error:
        message = f"{name}:{error.lineno}:{error.colno}: malformed JSON, {error.msg.lower()}; write the file again"
        raise InputError(message) from None
    except RecursionError:
        message = f"{name}: the JSON is nested too deep to be read"
        raise InputError(message) from None
    if levels[walked].ending:
        rows.walked, rows.starts = walked, walk.starts
    rows.add(walk.value, 1)
    return rows.source(name, sha256, has_nul="\\u0000" in text)


def read_jsonl(name: str, content: bytes, sha256: str, levels: tuple[Level, ...] = ()) -> Source:
    """Return the rows of a file with one JSON value per line; a line that is none is set aside."""
    rows = Rows(levels or (Level("$"),))
    has_nul = b"\\u0000" in content
    for line, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            text = raw.decode("utf-8").strip()
            value, end = DECODER.raw_decode(text)
            must_end(text, end)
        except json.JSONDecodeError as error:
            rows.row += 1
            rows.refuse(line, f"malformed JSON at column {error.colno}, {error.msg.lower()}", error.doc)
        except UnicodeDecodeError as error:
            rows.row += 1
            rows.refuse(line, f"byte {error.start + 1} is not UTF-8 text", raw.decode("utf-8", errors="replace"))
        except RecursionError:
            rows.row += 1
            rows.refuse(line, "the JSON is nested too deep to be read", raw[:4000].decode("utf-8", errors="replace"))
        else:
            rows.add(value, line)
    return rows.source(name, sha256, has_nul=has_nul)
