"""Keys that several rows of a foreign source bear: one row of each counts, and the others are told.

The row that arrived last counts; of rows that arrived together, or that do not say when, the last by content. Small
tables are settled by their views. For the large ones a refresh keeps the rows that count in `kept_<table>`, and queues
the hours that a change of them touches: those of the row that counted, and of every row with that key.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from readout.warehouse.contract import Table, contract
from readout.warehouse.session import READOUT_SCHEMA, Session
from readout.warehouse.views import STAMPED, key_values, keyed, latest_first

# The instants of a row whose hours it is counted in; a child is counted in its task's hours as well.
_OWN = {
    "tasks": ("created_at", "completed_at"),
    "model_calls": ("started_at",),
    "verdicts": (),
    "human_work": (),
    "costs": ("charge_start",),
}
_CHILDREN = ("model_calls", "verdicts", "human_work")


@dataclass(frozen=True)
class Repeats:
    """Of one foreign table: the keys that several rows bear, and the rows that are not counted because of it."""

    table: str
    keys: int
    dropped: int


def settle(session: Session, schema: str) -> list[Repeats]:
    """Find the repeated keys of a foreign warehouse and let one row of each count; an owned one has none.

    On DuckDB the caller's transaction must not write the rollups too: it writes one file at a time.
    """
    home = READOUT_SCHEMA if session.engine == "postgresql" else "main"
    there = session.tables(home)
    found = []
    for table in contract().values():
        if f"raw_{table.name}" not in there:
            continue
        _find(session, table, look=not _unique(session, schema, table))
        [(keys, dropped)] = session.rows("SELECT COUNT(*), CAST(COALESCE(SUM(n - 1), 0) AS BIGINT) FROM twin")
        if table.name in STAMPED:
            _keep(session, table)
        session.execute("DROP TABLE twin")
        found.append(Repeats(table.name, keys, dropped))
    return found


def publish(session: Session, repeats: Sequence[Repeats]) -> None:
    """Write what was found into the published table."""
    target = session.rollup("repeated_key")
    session.execute(f"DELETE FROM {target}")  # noqa: S608 - a name of ours
    rows = {
        "table_name": pa.array([one.table for one in repeats], pa.string()),
        "keys": pa.array([one.keys for one in repeats], pa.int64()),
        "dropped": pa.array([one.dropped for one in repeats], pa.int64()),
    }
    session.copy_in(target, pa.table(rows))


def _unique(session: Session, schema: str, table: Table) -> bool:
    """Tell whether the source itself promises that no key is repeated: then no row has to be looked at."""
    if session.engine == "postgresql":
        rows = session.rows(
            "SELECT CAST(i.indexrelid AS BIGINT), a.attname, a.attnotnull FROM pg_catalog.pg_index AS i "
            "JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid "
            "JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace "
            "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY(CAST(i.indkey AS SMALLINT[])) "
            "WHERE s.nspname = :schema AND c.relname = :name AND i.indisunique AND i.indisvalid "
            "AND i.indpred IS NULL AND i.indexprs IS NULL",
            {"schema": schema, "name": table.name},
        )
        constraints: dict[int, dict[str, bool]] = {}
        for index, column, filled in rows:
            constraints.setdefault(index, {})[column] = filled
        columns = list(constraints.values())
    else:
        rows = session.rows(
            "SELECT constraint_column_names, constraint_type = 'PRIMARY KEY' FROM duckdb_constraints() "
            "WHERE schema_name = :schema AND table_name = :name AND database_name = current_database() "
            "AND constraint_type IN ('PRIMARY KEY', 'UNIQUE')",
            {"schema": schema, "name": table.name},
        )
        columns = [dict.fromkeys(names, primary) for names, primary in rows]
    required = {name for name in table.key if table.column(name).required}
    # several rows may have no value in a unique column: such rows have no key, unless the column may be empty in one
    return any(
        all(name in required or (name in table.key and filled) for name, filled in names.items()) for names in columns
    )


def _find(session: Session, table: Table, *, look: bool) -> None:
    """Make `twin`: the repeated keys, and how many rows bear each."""
    values = ", ".join(f"{value} AS {name}" for value, name in zip(key_values(table, "t"), table.key, strict=True))
    session.execute(
        f"CREATE TEMPORARY TABLE twin AS SELECT {', '.join(table.key)}, COUNT(*) AS n "  # noqa: S608 - the contract's names
        f"FROM (SELECT {values} FROM raw_{table.name} AS t WHERE {keyed(table, 't') if look else '1 = 0'}) AS t "
        f"GROUP BY {', '.join(table.key)} HAVING COUNT(*) > 1"
    )


def _same(table: Table, left: str, right: str) -> str:
    """Return the condition that a row `left` has the key of `right`, a row of keys."""
    return " AND ".join(
        f"{value} = {right}.{name}" for value, name in zip(key_values(table, left), table.key, strict=True)
    )


def _keep(session: Session, table: Table) -> None:
    """Bring `kept_<table>` up to what counts now, and queue the hours that this touches."""
    kept, raw = f"kept_{table.name}", f"raw_{table.name}"
    [(before,)], [(now,)] = session.rows(f"SELECT COUNT(*) FROM {kept}"), session.rows("SELECT COUNT(*) FROM twin")  # noqa: S608
    if not before and not now:
        return
    if session.engine == "postgresql":
        session.execute("ANALYZE twin")
    columns = ", ".join(session.columns(READOUT_SCHEMA if session.engine == "postgresql" else "main", kept))
    keys, partition = ", ".join(table.key), ", ".join(f"w.{name}" for name in table.key)
    place = f"ROW_NUMBER() OVER (PARTITION BY {partition} ORDER BY {latest_first(table, 't', session.engine)})"
    session.execute(
        f"CREATE TEMPORARY TABLE winner AS SELECT {columns} FROM (SELECT t.*, {place} AS place FROM {raw} AS t "  # noqa: S608
        f"JOIN twin AS w ON {_same(table, 't', 'w')}) AS t WHERE t.place = 1"
    )
    named = ", ".join(f"{value} AS {name}" for value, name in zip(key_values(table, "t"), table.key, strict=True))
    was, will = (f"SELECT {named}, t.row_hash FROM {name} AS t" for name in (kept, "winner"))  # noqa: S608
    session.execute(
        f"CREATE TEMPORARY TABLE unsettled AS SELECT {keys} FROM ({will} EXCEPT {was}) AS t "  # noqa: S608
        f"UNION SELECT {keys} FROM ({was} EXCEPT {will}) AS t"
    )
    if session.rows("SELECT 1 FROM unsettled LIMIT 1"):
        _queue(session, table, kept, raw)
        changed = f"EXISTS (SELECT 1 FROM unsettled AS u WHERE {_same(table, 't', 'u')})"  # noqa: S608
        session.execute(f"DELETE FROM {kept} AS t WHERE {changed}")  # noqa: S608
        session.execute(f"INSERT INTO {kept} ({columns}) SELECT {columns} FROM winner AS t WHERE {changed}")  # noqa: S608
        if session.engine == "postgresql":
            session.execute(f"ANALYZE {kept}")
    session.execute("DROP TABLE winner")
    session.execute("DROP TABLE unsettled")


def _queue(session: Session, table: Table, kept: str, raw: str) -> None:
    rows = [f"{name} AS t JOIN unsettled AS u ON {_same(table, 't', 'u')}" for name in (kept, raw)]
    parts = [f"SELECT t.{column} AS instant FROM {some}" for some in rows for column in _OWN[table.name]]  # noqa: S608
    if table.name in _CHILDREN:
        parts += [
            f"SELECT o.{column} AS instant FROM {some} "  # noqa: S608
            "JOIN src_tasks AS o ON o.system_id = t.system_id AND o.task_id = t.task_id"
            for some in rows
            for column in _OWN["tasks"]
        ]
    if table.name == "tasks":  # a call is counted with what its task says
        parts.append(
            "SELECT c.started_at AS instant FROM src_model_calls AS c "
            "JOIN unsettled AS u ON u.system_id = c.system_id AND u.task_id = c.task_id"
        )
    session.execute(
        "INSERT INTO dirty_hour_queue (hour_utc) SELECT DISTINCT date_trunc('hour', i.instant) "  # noqa: S608
        f"FROM ({' UNION ALL '.join(parts)}) AS i WHERE i.instant IS NOT NULL"
    )
