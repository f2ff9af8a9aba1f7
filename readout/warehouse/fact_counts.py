"""What the checks need to know of the facts: counted by queries/checks at each refresh, published as one table."""

from datetime import datetime
from typing import Any

import pyarrow as pa

from readout.warehouse import catalog
from readout.warehouse.session import Session

TABLES = {"tasks": "tasks", "calls": "model_calls", "verdicts": "verdicts", "work": "human_work", "shadows": "shadows"}


def publish_fact_counts(session: Session, as_of: datetime | None) -> None:
    """Count what is wrong with the facts, per table, system and fault, with the key of the first one."""
    rows: list[dict[str, Any]] = []
    for name, table in TABLES.items() if as_of is not None else ():
        query = catalog.load(f"checks/{name}")
        bound = {"as_of": as_of} if query.params else None
        for values in session.rows(query.sql, bound):
            row = dict(zip(query.columns, values, strict=True))
            rows += [
                {
                    "table_name": table,
                    "system_id": row["system_id"] or "",
                    "name": column,
                    "n": row[column],
                    "example": row.get(f"{column}_id") or "",
                }
                for column, kind in query.columns.items()
                if kind == "bigint"
            ]
            if row.get("last_arrival"):  # an instant among the counts: the table stays one
                stamp = row["last_arrival"].isoformat(sep=" ")
                rows.append({**rows[-1], "name": "last_arrival", "n": row["total"], "example": stamp})
    target = session.rollup("fact_count")
    session.execute(f"DELETE FROM {target}")  # noqa: S608 - a name of this module
    if rows:
        schema = pa.schema(
            [("table_name", pa.string()), ("system_id", pa.string()), ("name", pa.string()), ("n", pa.int64()),
             ("example", pa.string())]
        )  # fmt: skip
        session.copy_in(target, pa.Table.from_pylist(rows, schema))
