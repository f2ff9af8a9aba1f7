"""The catalog of queries: every SQL text is a file in queries/, with a header that declares it.

    -- title: Tasks by day
    -- params: from_day date, systems text[]
    -- columns: day_local date, system_id text,
    --   n bigint
    -- parts: refresh/work_task, facts/price_book
    -- note: anything a reader should know

A query with parts reads what other queries give, each under the last word of its name: they become its WITH.

The declared column types are applied to every frame, the empty one too, so that both engines give the same frame.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from readout.resources import shipped

_FIELD = re.compile(r"--\s*(title|params|columns|parts|note):\s*(.*)")
_MORE = re.compile(r"--\s{2,}(\S.*)")
DTYPES = {
    "text": "str",
    "date": "object",
    "timestamp": "datetime64[us]",
    "bigint": "int64",
    "bigint?": "Int64",
    "double": "float64",
    "decimal": "object",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Query:
    """One declared query: its text, its parameters (name -> type) and its columns (name -> type)."""

    name: str
    title: str
    params: dict[str, str]
    columns: dict[str, str]
    note: str
    sql: str
    parts: tuple[str, ...] = ()

    def frame(self, rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
        """Return the rows as a frame with exactly the declared columns and types."""
        rows = list(rows)
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(self.columns)
        if len(columns) != len(self.columns):
            message = f"query {self.name} returned {len(columns)} columns, its header declares {len(self.columns)}"
            raise ValueError(message)
        return pd.DataFrame(
            {
                name: pd.Series(list(values), dtype=DTYPES[kind])
                for (name, kind), values in zip(self.columns.items(), columns, strict=True)
            }
        )


def _pairs(text: str) -> dict[str, str]:
    pairs = (item.split() for item in text.split(",") if item.strip())
    return {name: kind for name, kind in pairs}  # noqa: C416 - a pair each, or the unpacking says so


def parse(name: str, text: str) -> Query:
    """Read a query's header; ValueError where a part of it is missing."""
    fields: dict[str, str] = {}
    current = ""
    body: list[str] = []
    for line in text.splitlines():
        if not body and (found := _FIELD.match(line)):
            current = found.group(1)
            fields[current] = found.group(2).strip()
        elif not body and current and (more := _MORE.match(line)):
            fields[current] += " " + more.group(1).strip()
        elif line.strip():
            body.append(line)
    for needed in ("title", "params", "columns"):
        if needed not in fields:
            message = f"queries/{name}.sql: the header has no '{needed}:' line"
            raise ValueError(message)
    params = {} if fields["params"] in {"", "none"} else _pairs(fields["params"])
    parts = tuple(part.strip() for part in fields.get("parts", "").split(",") if part.strip())
    sql = "\n".join(body).rstrip(";\n ")
    return Query(name, fields["title"], params, _pairs(fields["columns"]), fields.get("note", ""), sql, parts)


@cache
def load(name: str) -> Query:
    """Return the query `queries/<name>.sql`, for example `read/measures`, with its parts put before it."""
    own = parse(name, (shipped("queries") / f"{name}.sql").read_text(encoding="utf-8"))
    if not own.parts:
        return own
    parts = [load(part) for part in own.parts]
    params = {name: kind for query in (own, *parts) for name, kind in query.params.items()}
    given = ",\n".join(f"{part.name.rpartition('/')[2]} AS (\n{part.sql}\n)" for part in parts)
    return replace(own, params=params, sql=f"WITH {given}\n{own.sql}")


def names(folder: str = "") -> list[str]:
    """Return the names of all queries below a folder of queries/, sorted."""
    root = shipped("queries")
    return sorted(path.relative_to(root).with_suffix("").as_posix() for path in (root / folder).rglob("*.sql"))
