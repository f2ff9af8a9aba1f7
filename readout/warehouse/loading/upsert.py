"""Typed rows into the contract's tables: new keys are inserted, changed ones replaced, the hours they touch queued.

One SQL text for both engines. Everything happens inside the caller's transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from readout.warehouse.contract import Column, Table
from readout.warehouse.loading.evaluate import Staged
from readout.warehouse.loading.result import Span
from readout.warehouse.session import Session

NEW, CHANGED, SAME = 0, 1, 2
_OUTCOME = {"changed": CHANGED, "same": SAME}
# Columns whose hours a row dirties; and the tables whose rows dirty their task's hours as well.
HOURS = {
    "tasks": ("created_at", "completed_at"),
    "model_calls": ("started_at",),
    "verdicts": ("created_at",),
    "human_work": ("started_at",),
    "costs": ("charge_start",),
}
# Columns that say from when to when a row counts; a row without an end counts from its beginning on.
SPANS = {
    **{table: tuple((name, name) for name in columns) for table, columns in HOURS.items()},
    "costs": (("charge_start", "charge_end"),),
    "ledger": (("month", "month"),),
    "fx_rates": (("rate_date", "rate_date"),),
    "prices": (("valid_from", "valid_to"),),
    "rate_card": (("valid_from", "valid_to"),),
}
CHILDREN = ("model_calls", "verdicts", "human_work")


@dataclass(frozen=True)
class Written:
    """Outcome of each staged row (NEW, CHANGED or SAME, in the order of the staged data).

    `spans`: from when to when the written rows count, in hours of UTC (`SPANS`).
    """

    outcomes: np.ndarray
    spans: frozenset[Span] = frozenset()

    @property
    def rows(self) -> int:
        """Number of rows written."""
        return int((self.outcomes != SAME).sum())


def write(session: Session, schema: str, staged: Staged) -> Written:
    """Bring one table up to the staged rows.

    A stored row that is newer (`ingested_at`) or equal stays as it is. Columns that the file does not have keep the
    value that is stored.
    """
    table = staged.table
    count = staged.data.num_rows
    if not count:
        return Written(np.empty(0, dtype=np.int8))
    _stage(session, table, staged.data)
    _compare(session, schema, staged)
    outcomes = np.full(count, NEW, dtype=np.int8)
    found = session.rows("SELECT stage_no, outcome FROM load_old")
    if found:
        numbers, words = zip(*found, strict=True)
        outcomes[np.array(numbers)] = [_OUTCOME[word] for word in words]
    written = Written(outcomes)
    if written.rows:
        written = replace(written, spans=_spans(session, staged))
        _queue_hours(session, schema, staged)
        if (outcomes == CHANGED).any():
            changed = f"{_same_key(staged.key, table, 's', f'{schema}.{table.name}')} AND o.outcome = 'changed'"
            session.execute(
                f"DELETE FROM {schema}.{table.name} WHERE EXISTS (SELECT 1 FROM load_stage AS s "
                f"JOIN load_old AS o ON o.stage_no = s.stage_no WHERE {changed})"
            )
        _insert(session, schema, staged)
    _record(session, staged)
    session.execute("DROP TABLE load_old")
    session.execute("DROP TABLE load_stage")
    return written


def _stage(session: Session, table: Table, data: pa.Table) -> None:
    columns = ", ".join(f"{column.name} {column.stored_type}" for column in table.columns)
    session.execute(f"CREATE TEMPORARY TABLE load_stage (stage_no BIGINT NOT NULL, {columns})")
    numbers = pa.array(range(data.num_rows), pa.int64())
    session.copy_in("load_stage", data.select(list(table.names)).append_column("stage_no", numbers))
    if session.engine == "postgresql":
        session.execute("ANALYZE load_stage")  # without it the planner takes the table for a few rows


def _same_key(key: tuple[str, ...], table: Table, left: str, right: str) -> str:
    return " AND ".join(_equal(table.column(name), left, right) for name in key)


def _equal(column: Column, left: str, right: str) -> str:
    """Compare with = where there is no NULL: PostgreSQL cannot hash the other form."""
    sign = "=" if column.required else "IS NOT DISTINCT FROM"
    return f"{left}.{column.name} {sign} {right}.{column.name}"


def _compare(session: Session, schema: str, staged: Staged) -> None:
    """Make load_old: for each staged row that the table has already, whether it changes, and what must be kept."""
    table = staged.table
    content = [
        name
        for name in staged.supplied
        if name not in {*staged.key, "ingested_at"} and not (name == "load_id" and name in staged.stamped)
    ]
    same = " AND ".join(f"s.{name} IS NOT DISTINCT FROM t.{name}" for name in content) or "TRUE"
    older = "t.ingested_at > s.ingested_at" if "ingested_at" in table.names else "FALSE"
    kept = dict.fromkeys((*_kept(staged), *HOURS.get(table.name, ()), *_task_of(table)))
    columns = "".join(f", t.{name} AS old_{name}" for name in kept)
    session.execute(
        f"CREATE TEMPORARY TABLE load_old AS SELECT s.stage_no, "
        f"CASE WHEN {older} OR ({same}) THEN 'same' ELSE 'changed' END AS outcome{columns} "
        f"FROM load_stage AS s JOIN {schema}.{table.name} AS t ON {_same_key(staged.key, table, 's', 't')}"
    )
    if session.engine == "postgresql":
        session.execute("ANALYZE load_old")


def _kept(staged: Staged) -> list[str]:
    return [name for name in staged.table.names if name not in staged.supplied and name not in staged.key]


def _task_of(table: Table) -> tuple[str, ...]:
    return ("task_id",) if table.name in CHILDREN else ()


_WRITTEN = (
    "load_stage AS s LEFT JOIN load_old AS o ON o.stage_no = s.stage_no "
    "WHERE (o.outcome IS NULL OR o.outcome = 'changed')"
)


def _spans(session: Session, staged: Staged) -> frozenset[Span]:
    """Return from when to when the rows count that are written, and those that they replace where that is known."""
    old = set(HOURS.get(staged.table.name, ()))
    parts = [
        f"SELECT {_hour(f's.{start}')} AS begins, {_hour(f's.{end}')} AS ends FROM {_WRITTEN}"
        for start, end in SPANS.get(staged.table.name, ())
    ]
    parts += [f"SELECT {_hour(f'o.old_{name}')}, {_hour(f'o.old_{name}')} FROM {_WRITTEN}" for name in sorted(old)]
    if not parts:
        return frozenset()
    found = session.rows(
        f"SELECT DISTINCT begins, ends FROM ({' UNION ALL '.join(parts)}) AS w WHERE begins IS NOT NULL"
    )
    return frozenset((begins, ends) for begins, ends in found)


def _hour(value: str) -> str:
    return f"date_trunc('hour', CAST({value} AS TIMESTAMP))"


def _insert(session: Session, schema: str, staged: Staged) -> None:
    kept = set(_kept(staged))
    names = ", ".join(staged.table.names)
    values = ", ".join(f"o.old_{name}" if name in kept else f"s.{name}" for name in staged.table.names)
    session.execute(f"INSERT INTO {schema}.{staged.table.name} ({names}) SELECT {values} FROM {_WRITTEN}")


def _queue_hours(session: Session, schema: str, staged: Staged) -> None:
    """Queue the hours of what is written and of what it replaces; a child row queues its task's hours too."""
    name = staged.table.name
    if name not in HOURS:
        return
    parts = [
        f"SELECT {value} AS instant FROM {_WRITTEN}"
        for column in HOURS[name]
        for value in (f"s.{column}", f"o.old_{column}")
    ]
    if name in CHILDREN:
        owners = " UNION ".join(
            f"SELECT s.system_id AS system_id, {task} AS task_id FROM {_WRITTEN}"
            for task in ("s.task_id", "o.old_task_id")
        )
        tasks = f"{schema}.tasks AS t JOIN ({owners}) AS c ON c.system_id = t.system_id AND c.task_id = t.task_id"
        parts += [f"SELECT t.{column} AS instant FROM {tasks}" for column in HOURS["tasks"]]
    if name == "tasks":  # calls that came before their task were counted as tied to none
        parts.append(
            f"SELECT k.started_at AS instant FROM {schema}.model_calls AS k "
            f"JOIN (SELECT s.system_id, s.task_id FROM {_WRITTEN}) AS w "
            "ON w.system_id = k.system_id AND w.task_id = k.task_id"
        )
    queue_hours(session, " UNION ALL ".join(parts))


def queue_hours(session: Session, instants: str) -> None:
    """Queue the hours of some instants for the next refresh; `instants` is a query with a column `instant`."""
    session.execute(
        "INSERT INTO dirty_hour_queue (hour_utc) SELECT h.hour_utc FROM "
        f"(SELECT DISTINCT date_trunc('hour', i.instant) AS hour_utc FROM ({instants}) AS i "
        "WHERE i.instant IS NOT NULL) AS h "
        "WHERE NOT EXISTS (SELECT 1 FROM dirty_hour_queue AS q WHERE q.hour_utc = h.hour_utc)"
    )


def _record(session: Session, staged: Staged) -> None:
    """Note, per system, the columns that were supplied."""
    systems = {"*"}
    if "system_id" in staged.table.names:
        systems = {value or "*" for value in staged.data.column("system_id").unique().to_pylist()}
    record(session, staged.table.name, systems, staged.recorded)


def record(session: Session, table: str, systems: Collection[str], columns: Sequence[str]) -> None:
    """Note the columns that were supplied, so that an empty measure is told from one never recorded."""
    known = set(
        session.rows(
            "SELECT system_id, column_name FROM recorded_column WHERE table_name = :table_name",
            {"table_name": table},
        )
    )
    rows = [
        {"system_id": system, "table_name": table, "column_name": column}
        for system in sorted(systems)
        for column in columns
        if (system, column) not in known
    ]
    if rows:
        session.copy_in("recorded_column", pa.Table.from_pylist(rows))
