"""What an expression of a mapping reads and uses, found by DuckDB's own parser before anything runs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from readout.warehouse.loading.sandbox import sandbox

# Classes of DuckDB's syntax tree that matter here, and where each keeps its name.
_NAMED = {
    "COLUMN_REF": "column_names",
    "PARAMETER": "identifier",
    "FUNCTION": "function_name",
    "WINDOW": "",
    "SUBQUERY": "",
    "STAR": "",
}


@dataclass(frozen=True)
class Expression:
    """A checked scalar expression: the columns and `$constants` that it names, and whether it looks at other rows."""

    sql: str
    columns: frozenset[str]
    constants: frozenset[str]
    window: bool


class ExpressionError(ValueError):
    """Text that is no scalar expression; the message says why."""


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return sandbox(memory_limit="256MB", threads=1)


@cache
def _aggregates() -> frozenset[str]:
    query = "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'"
    return frozenset(row[0] for row in _parser().execute(query).fetchall())


@cache
def analyse(sql: str) -> Expression:
    """Return what a scalar expression uses.

    Raises:
        ExpressionError: it does not parse, or holds a subquery, an aggregate or more than one expression.
    """
    try:
        # The line break keeps a trailing comment from swallowing the bracket.
        [(text,)] = _parser().execute("SELECT json_serialize_sql(?::VARCHAR)", [f"SELECT ({sql}\n)"]).fetchall()
    except duckdb.Error as error:
        raise ExpressionError(_first_line(str(error))) from None
    tree = json.loads(text)
    if tree["error"]:
        raise ExpressionError(tree["error_message"])
    _must_be_scalar(tree)
    parts = list(_walk(tree["statements"][0]["node"]["select_list"][0], frozenset()))
    for kind, part in parts:
        if reason := _refusal(kind, part):
            raise ExpressionError(reason)
    return Expression(
        sql,
        frozenset(part[0] for kind, part in parts if kind == "COLUMN_REF"),
        frozenset(part for kind, part in parts if kind == "PARAMETER"),
        any(kind == "WINDOW" for kind, _ in parts),
    )


def _refusal(kind: str, part: Any) -> str:
    if kind == "COLUMN_REF" and len(part) > 1:
        return f"{'.'.join(part)}: name a column alone, in double quotes where it holds a dot"
    if kind == "SUBQUERY":
        return "a subquery is not allowed; an expression sees the columns of one row"
    if kind == "STAR":
        return "* is not allowed; name the columns"
    if kind == "FUNCTION" and part.lower() in _aggregates():
        return f"{part}() adds rows up; use group_by with first, last, min, max or sum, or OVER (…) under derive"
    return ""


def _must_be_scalar(tree: Any) -> None:
    statements = tree["statements"]
    node = statements[0]["node"] if len(statements) == 1 else {}
    plain = (
        node.get("type") == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"]["type"] == "EMPTY"
        and not any(node[part] for part in ("where_clause", "group_expressions", "having", "qualify", "modifiers"))
    )
    if not plain:
        message = "must be one scalar expression"
        raise ExpressionError(message)


def _walk(node: Any, hidden: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Yield (class, name) of every part; names that a lambda binds are no columns."""
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, hidden)
    elif isinstance(node, dict):
        kind = str(node.get("class", ""))
        if kind == "LAMBDA":
            bound = {name for _, names in _walk(node["lhs"], frozenset()) for name in names or ()}
            yield from _walk(node["expr"], hidden | bound)
        elif kind != "COLUMN_REF" or node["column_names"][0] not in hidden:
            if kind in _NAMED:
                yield kind, node.get(_NAMED[kind])
            for part in node.values():
                yield from _walk(part, hidden)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0]
