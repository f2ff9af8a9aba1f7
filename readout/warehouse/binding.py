"""How a `:name` placeholder becomes a bound value on each engine."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

_DOLLAR = DefaultDialect(paramstyle="numeric_dollar")


@cache
def _compiled(sql: str) -> tuple[str, tuple[str, ...]]:
    compiled = sa.text(sql).compile(dialect=_DOLLAR)
    return str(compiled), tuple(compiled.positiontup or ())


def naive(value: Any) -> Any:
    """Return an instant as naive UTC: an aware bind against a naive column counts wrong rows on both engines."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def for_duckdb(sql: str, params: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return the text with `$1…` and the values in that order."""
    text, order = _compiled(sql)
    return text, [naive(params[name]) for name in order]


def for_postgres(sql: str, params: Mapping[str, Any]) -> tuple[sa.TextClause, dict[str, Any]]:
    """Return the statement and the values that it names."""
    statement = sa.text(sql)
    return statement, {name: naive(params[name]) for name in statement._bindparams}  # noqa: SLF001 - the only list of names there is
