"""What an expression of a mapping reads and uses, found by DuckDB's own parser before anything runs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from readout.warehouse.loading.sandbox import sandbox


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
    node = tree["statements"][0]["node"]["select_list"][0]
    columns: set[str] = set()
    constants: set[str] = set()
    window = False
    for kind, part in _walk(node, frozenset()):
        if kind == "COLUMN_REF":
            if len(part) > 1:
                message = f"{'.'.join(part)}: name a column alone, in double quotes where it holds a dot"
                raise ExpressionError(message)
            columns.add(part[0])
        elif kind == "PARAMETER":
            constants.add(part)
        elif kind == "WINDOW":
            window = True
        elif kind == "SUBQUERY":
            message = "a subquery is not allowed; an expression sees the columns of one row"
            raise ExpressionError(message)
        elif kind == "STAR":
            message = "* is not allowed; name the columns"
            raise ExpressionError(message)
        elif kind == "FUNCTION" and part in _aggregates():
            message = f"{part}() adds rows up; use group_by with first, last, min, max or sum, or OVER (…) under derive"
            raise ExpressionError(message)
    return Expression(sql, frozenset(columns), frozenset(constants), window)


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
        return
    if not isinstance(node, dict):
        return
    kind = node.get("class")
    if kind == "LAMBDA":
        bound = {name for _, names in _walk(node["lhs"], frozenset()) for name in names if isinstance(names, list)}
        yield from _walk(node["expr"], hidden | bound)
        return
    if kind == "COLUMN_REF":
        if node["column_names"][0] not in hidden:
            yield kind, node["column_names"]
        return
    if kind == "PARAMETER":
        yield kind, node["identifier"]
        return
    if kind in {"WINDOW", "SUBQUERY", "STAR"}:
        yield kind, None
    elif kind == "FUNCTION":
        yield kind, node["function_name"].lower()
    for part in node.values():
        yield from _walk(part, hidden)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0]
