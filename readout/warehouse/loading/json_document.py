"""JSON documents read so that numbers keep their digits and items their lines."""

import json
import re
from collections.abc import Iterator
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")


class Number(str):
    """The digits of a JSON number, so that 3e-05 and 0.10 arrive as they were written."""

    __slots__ = ()


DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number)


def as_text(value: Any) -> str | None:
    """Return a JSON value as a cell: text and numbers as they are, objects and lists as JSON text, null as NULL."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, Number):
        return str(value)
    return "".join(_written(value))


def _written(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield "{"
        for position, (key, item) in enumerate(value.items()):
            yield ("," if position else "") + json.dumps(key, ensure_ascii=False) + ":"
            yield from _written(item)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for position, item in enumerate(value):
            if position:
                yield ","
            yield from _written(item)
        yield "]"
    elif isinstance(value, Number):
        yield value
    else:
        yield json.dumps(value, ensure_ascii=False)


class Walk:
    """A document, read along the keys `focus` so that the line of each item of the list or object there is known."""

    def __init__(self, text: str, focus: list[str]) -> None:
        self.text, self.at = text, 0
        self.starts: list[int] = []
        self.line, self.counted = 1, 0
        self.value, end = self._read(_after_space(text, 0), focus)
        must_end(text, end)

    def _read(self, at: int, focus: list[str]) -> tuple[Any, int]:
        opened = self.text[at : at + 1]
        if opened == "[" and not focus:
            return self._list(at)
        if opened == "{":
            return self._object(at, focus)
        return DECODER.raw_decode(self.text, at)

    def _list(self, at: int) -> tuple[list[Any], int]:
        value: list[Any] = []
        for start in self._parts(at, "]"):
            self._mark(start)
            item, self.at = DECODER.raw_decode(self.text, start)
            value.append(item)
        return value, self.at

    def _object(self, at: int, focus: list[str]) -> tuple[dict[str, Any], int]:
        value: dict[str, Any] = {}
        for start in self._parts(at, "}"):
            if self.text[start : start + 1] != '"':
                message = "Expecting property name enclosed in double quotes"
                raise json.JSONDecodeError(message, self.text, start)
            key, colon = DECODER.raw_decode(self.text, start)
            colon = _after_space(self.text, colon)
            if self.text[colon : colon + 1] != ":":
                message = "Expecting ':' delimiter"
                raise json.JSONDecodeError(message, self.text, colon)
            inner = _after_space(self.text, colon + 1)
            if focus and key == focus[0]:
                self.starts.clear()  # of a key given twice the last counts, as in every JSON reader
                value[key], self.at = self._read(inner, focus[1:])
                continue
            if not focus and key not in value:
                self._mark(start)
            value[key], self.at = DECODER.raw_decode(self.text, inner)
        return value, self.at

    def _parts(self, at: int, close: str) -> Iterator[int]:
        """Yield where each part of a list or object starts; the caller leaves in `at` where it ends."""
        self.at = at + 1
        first = True
        while True:
            here = _after_space(self.text, self.at)
            if self.text[here : here + 1] == close:
                break
            if not first:
                if self.text[here : here + 1] != ",":
                    message = "Expecting ',' delimiter"
                    raise json.JSONDecodeError(message, self.text, here)
                here = _after_space(self.text, here + 1)
            first = False
            yield here
        self.at = here + 1

    def _mark(self, at: int) -> None:
        self.line += self.text.count("\n", self.counted, at)
        self.counted = at
        self.starts.append(self.line)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def must_end(text: str, at: int) -> None:
    """Raise JSONDecodeError where anything but space follows a value."""
    end = _after_space(text, at)
    if end != len(text):
        message = "Extra data"
        raise json.JSONDecodeError(message, text, end)
