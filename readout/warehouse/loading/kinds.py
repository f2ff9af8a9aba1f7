"""How text becomes a value of each contract kind: DuckDB SQL that gives NULL for a fault, and the words for it.

A fault is never silent: the caller compares the value with the text and asks `explain` for the reason.
"""

import re
from decimal import Decimal, InvalidOperation

import pyarrow as pa

from readout.warehouse.contract import Column

ARROW = {
    "text": pa.string(),
    "instant": pa.timestamp("us"),
    "day": pa.date32(),
    "ms": pa.decimal128(24, 6),
    "seconds": pa.decimal128(24, 6),
    "money": pa.decimal128(38, 12),
    "number": pa.float64(),
    "integer": pa.int64(),
    "flag": pa.bool_(),
    "probability": pa.float64(),
}
SHOWN = 60  # characters of a bad value that a reason quotes

_DECIMAL = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?"
# Thousands commas count only in complete groups of three: "1,5" is a European decimal and not fifteen.
_AMOUNT = r"[+-]?\$?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?"
_WHOLE = r"[+-]?\d+(\.0*)?"
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
_ZONE = r"( ?(Z|z|UTC)| ?[+-](0\d|1[0-4])(:?[0-5]\d)?)"
_INSTANT = rf"{_DAY}([Tt ]{_CLOCK}{_ZONE}?)?"
_MIDNIGHT = rf"{_DAY}([Tt ]00:00(:00(\.0+)?)?( ?(Z|z|UTC)| ?[+-]00(:?00)?)?)?"
_MONTH = r"\d{4}-(0[1-9]|1[0-2])"
_TRUE, _FALSE = ("true", "t", "1", "yes", "y"), ("false", "f", "0", "no", "n")

_WHOLE_TYPES = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
_NAIVE_TYPES = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"}
FIRST_YEAR, LAST_YEAR = 1970, 2199  # what happened lies between; anything else is a slip of the source


def is_currency(column: Column) -> bool:
    """Tell whether a text column holds an ISO 4217 code."""
    return column.kind == "text" and (column.name == "currency" or column.name.endswith("_currency"))


def native(column: Column, have: str) -> bool:
    """Tell whether a value of DuckDB type `have` needs no reading as text. Floats that become decimals do need it."""
    if column.kind == "instant":
        return have in _NAIVE_TYPES or have == "TIMESTAMP WITH TIME ZONE"
    if column.kind == "day":
        return have == "DATE"
    if column.kind in {"ms", "seconds", "money", "integer"}:
        return have in _WHOLE_TYPES or (have.startswith("DECIMAL") and column.kind != "integer")
    if column.kind in {"number", "probability"}:
        return have in _WHOLE_TYPES or have in {"DOUBLE", "FLOAT"} or have.startswith("DECIMAL")
    return column.kind == "flag" and have == "BOOLEAN"


def from_native(column: Column, raw: str, have: str) -> str:
    """Return SQL for a value that is typed already; NULL where the stored type cannot hold it."""
    if column.kind == "instant":
        value = f"({raw} AT TIME ZONE 'UTC')" if have == "TIMESTAMP WITH TIME ZONE" else f"TRY_CAST({raw} AS TIMESTAMP)"
        return f"CASE WHEN isfinite({raw}) THEN {value} END"
    if column.kind == "day":
        return f"CASE WHEN isfinite({raw}) THEN {raw} END"
    return f"TRY_CAST({raw} AS {column.stored_type})"


def from_text(column: Column, text: str) -> str:
    """Return SQL for the value of trimmed, non-empty text; NULL where the text is not one."""
    if column.kind == "text":
        if column.values:
            return f"CASE WHEN {text} IN ({', '.join(quoted(value) for value in column.values)}) THEN {text} END"
        return f"CASE WHEN regexp_full_match({text}, '[A-Z]{{3}}') THEN {text} END" if is_currency(column) else text
    if column.kind == "instant":
        return _instant(text)
    if column.kind == "day":
        return _day(column, text)
    if column.kind == "flag":
        return (
            f"CASE WHEN lower({text}) IN ({', '.join(map(quoted, _TRUE))}) THEN TRUE "
            f"WHEN lower({text}) IN ({', '.join(map(quoted, _FALSE))}) THEN FALSE END"
        )
    if column.kind == "integer":
        whole = f"TRY_CAST(split_part({text}, '.', 1) AS BIGINT)"
        return f"CASE WHEN regexp_full_match({text}, '{_WHOLE}') THEN {whole} END"
    plain = f"WHEN regexp_full_match({text}, '{_DECIMAL}') THEN TRY_CAST({text} AS {column.stored_type})"
    if column.kind == "money":
        bare = f"replace(replace({text}, '$', ''), ',', '')"
        plain += f" WHEN regexp_full_match({text}, '{_AMOUNT}') THEN TRY_CAST({bare} AS {column.stored_type})"
    return f"CASE {plain} END"


def _instant(text: str) -> str:
    """Split text into wall clock and zone: DuckDB's own cast to TIMESTAMP drops the offset without a word."""
    clock = f"regexp_extract({text}, '^{_DAY}([Tt ]{_CLOCK})?')"
    zone = f"trim(substr({text}, length({clock}) + 1))"
    digits = f"replace(substr({zone}, 2), ':', '')"
    minutes = f"(CAST(left({digits}, 2) AS INTEGER) * 60 + CAST('0' || substr({digits}, 3) AS INTEGER))"
    offset = (
        f"CASE WHEN {zone} IN ('', 'Z', 'z', 'UTC') THEN 0 WHEN {zone} LIKE '+%' THEN {minutes} ELSE -{minutes} END"
    )
    value = f"TRY_CAST({clock} AS TIMESTAMP)"
    zoned = f"{value} - to_minutes({offset})"
    # Most files state no offset, and the long form costs eight times the short one.
    short = f"regexp_full_match({text}, '{_DAY}([Tt ]{_CLOCK})?[Zz]?')"
    bare = f"TRY_CAST(rtrim({text}, 'Zz') AS TIMESTAMP)"
    return f"CASE WHEN {short} THEN {bare} WHEN regexp_full_match({text}, '{_INSTANT}') THEN {zoned} END"


def _day(column: Column, text: str) -> str:
    month = f"WHEN regexp_full_match({text}, '{_MONTH}') THEN TRY_CAST({text} || '-01' AS DATE)"
    return (
        f"CASE WHEN regexp_full_match({text}, '{_MIDNIGHT}') THEN TRY_CAST(left({text}, 10) AS DATE) "
        f"{month if column.name == 'month' else ''} END"
    )


def within(column: Column, value: str) -> str:
    """Return SQL that is true where a value, read already, is one that the contract allows."""
    return {
        "instant": f"{value} >= TIMESTAMP '{FIRST_YEAR}-01-01' AND {value} < TIMESTAMP '{LAST_YEAR + 1}-01-01'",
        "day": f"{value} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'",
        "ms": f"{value} >= 0",
        "seconds": f"{value} >= 0",
        "integer": f"{value} >= 0",
        "number": f"isfinite({value})",
        "probability": f"{value} {'>=' if column.zero_allowed else '>'} 0 AND {value} <= 1",
    }.get(column.kind, "TRUE")


def quoted(text: str) -> str:
    """Return an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def shown(text: str) -> str:
    """Return a value as a reason quotes it: one line, at most 60 characters."""
    line = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return "'" + "".join(char if char.isprintable() else f"\\x{ord(char) & 0xFF:02x}" for char in line) + "'"


def _decimal(text: str, form: str) -> Decimal | None:
    if not re.fullmatch(_DECIMAL, text) and not re.fullmatch(form, text):
        return None
    try:
        return Decimal(text.replace("$", "").replace(",", ""))
    except InvalidOperation:
        return None


def explain(column: Column, text: str) -> str:
    """Return why trimmed text is no value of this column: what stands there, what is wanted."""
    if column.kind in {"instant", "day"}:
        reason = _explain_time(column.kind, text)
    elif column.kind == "flag":
        reason = "is neither true nor false"
    elif is_currency(column):
        reason = "is not an ISO 4217 code of three capital letters, for example USD"
    elif column.kind == "text":
        reason = f"is not one of {', '.join(column.values)}"
    else:
        reason = _explain_number(column, text)
    return f"{column.name} {shown(text)} {reason}"


def _explain_time(kind: str, text: str) -> str:
    if kind == "instant" and re.match(r"\d{4}-", text) and not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}"
    if re.fullmatch(_INSTANT, text):
        timed = kind == "day" and not re.fullmatch(_MIDNIGHT, text)
        return "has a time of day, a date is wanted" if timed else "is not a date that exists"
    if re.match(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d|$)", text):
        return f"is not a date and time that exists; write {_example(kind)}"
    return f"is not ISO 8601; write {_example(kind)}"


def _explain_number(column: Column, text: str) -> str:
    number = _decimal(text, _AMOUNT if column.kind == "money" else _DECIMAL)
    if number is None:
        return "is not a number"
    if column.kind == "integer" and number != number.to_integral_value():
        return "is not a whole number"
    if column.kind in {"ms", "seconds", "integer"} and number < 0:
        return "is negative"
    if column.kind == "probability":
        return f"is not in {'[' if column.zero_allowed else '('}0, 1]"
    if column.kind == "integer" and not re.fullmatch(_WHOLE, text):
        return "is not written as a whole number"
    return "is too large"


def _example(kind: str) -> str:
    return "2026-01-31T09:30:00Z" if kind == "instant" else "2026-01-31"
