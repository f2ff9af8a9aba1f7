"""Canonical JSON: the same text for the same value, so that a hash can stand for it. Pure.

`plain` turns frozen dataclasses into JSON values without losing a digit; `restored` reads them back.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


def canonical(record: Mapping[str, Any]) -> str:
    """Return the record as canonical JSON: keys sorted, no spaces, the same text for the same record."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical record, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def plain(value: Any) -> Any:
    """Return a value as JSON has it: dataclasses and mappings as objects, decimals as plain text with all digits.

    Raises:
        TypeError: the value is of a kind that would lose something, such as a set.
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    message = f"{type(value).__name__} cannot be kept as JSON"
    raise TypeError(message)


def plain_decimal(amount: Decimal) -> str:
    """Return an amount as plain decimal text: all of its digits, no exponent, no zeros at the end, no minus zero."""
    text = format(amount, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


@cache
def _reader(kind: type[T]) -> "TypeAdapter[T]":
    from pydantic import TypeAdapter  # noqa: PLC0415 - finance loads without it

    return TypeAdapter(kind)


def restored(kind: type[T], value: Any) -> T:
    """Return what `plain` made of a dataclass as that dataclass.

    Raises:
        ValueError: the value does not have its form.
    """
    return _reader(kind).validate_python(value)
