"""The `src_*` views: one shape over what a warehouse has. They are the only engine-specific SQL.

Typed columns, naive UTC instants, integer microseconds, decimal money, typed NULLs for what a foreign warehouse does
not have. A foreign source may hold several rows of one key: `raw_<table>` shows all of them, `src_<table>` the one that
counts (docs/decisions/0014).
"""

from dataclasses import dataclass

from readout.warehouse.contract import MICROSECONDS, Column, Table
from readout.warehouse.session import READOUT_SCHEMA, Session

# Tables whose rows say when they arrived, and the instants by which a refresh picks rows (indexed in our own tables).
SOUGHT = {
    "tasks": ("created_at", "completed_at", "ingested_at"),
    "model_calls": ("started_at", "ingested_at"),
    "verdicts": ("created_at", "ingested_at"),
    "human_work": ("started_at", "ingested_at"),
    "costs": ("charge_start", "ingested_at"),
}
STAMPED = tuple(SOUGHT)


def epoch_name(column: Column) -> str:
    """Return the name of an instant's twin in integer microseconds since 1970, so that differences are portable."""
    return f"{column.name.removesuffix('_at')}_epoch"


def seek_name(column: str) -> str:
    """Return the name of an instant's twin in the type of its source, so that an index of the source serves a range.

    It is compared with bound instants, and is good for nothing else.
    """
    return f"{column.removesuffix('_at')}_seek"


@dataclass(frozen=True)
class _Shaped:
    """One contract column over a source: the expression of its typed value, and the same as text for the row's hash."""

    value: str
    text: str


@dataclass(frozen=True)
class Source:
    """A source's table: what it has (column -> data type), on which engine, and whether another system writes it."""

    have: dict[str, str]
    engine: str
    foreign: bool

    def raw(self, column: Column) -> str:
        """Return a column as it is in the source, NULL where it is not."""
        return f"t.{column.name}" if column.name in self.have else "NULL"

    def shaped(self, column: Column) -> _Shaped:
        """Return a column as the contract types it."""
        raw = self.raw(column)
        if column.kind == "instant":
            value = self._instant(column)
        elif column.kind in MICROSECONDS:
            value = f"CAST(ROUND(CAST({raw} AS DECIMAL(24,6)) * {MICROSECONDS[column.kind]}) AS BIGINT)"
        elif column.name == "is_test":
            value = f"COALESCE(CAST({raw} AS BOOLEAN), FALSE)"
        else:
            value = f"CAST({raw} AS {column.stored_type})"
        if column.stored_type == "DOUBLE PRECISION" and column.kind not in MICROSECONDS:
            # the engines write doubles in different words: billionths, in so far as these fit
            billionths = f"CAST(FLOOR({value} * 1000000000.0 + 0.5) AS BIGINT)"
            return _Shaped(value, f"CAST(CASE WHEN {value} BETWEEN -1e9 AND 1e9 THEN {billionths} END AS VARCHAR)")
        return _Shaped(value, f"CAST({value} AS VARCHAR)")

    def _instant(self, column: Column) -> str:
        raw, kind = self.raw(column), self.have.get(column.name, "")
        value = f"({raw} AT TIME ZONE 'UTC')" if _zoned(kind) else f"CAST({raw} AS TIMESTAMP)"
        if not self.foreign or column.name not in self.have:
            return value
        # 'infinity', and years that no calendar has, are no instants
        return f"CASE WHEN {value} < TIMESTAMP '9999-01-01' AND {value} > TIMESTAMP '0001-01-02' THEN {value} END"

    def epoch(self, value: str) -> str:
        """Return a naive UTC instant in microseconds since 1970."""
        if self.engine == "duckdb":
            return f"EPOCH_US({value})"
        return f"CAST(EXTRACT(EPOCH FROM {value}) * 1000000 AS BIGINT)"

    def seek(self, column: Column) -> str:
        """Return an instant for comparisons with bound ones: without a conversion, so that an index serves."""
        kind = self.have.get(column.name, "")
        own = kind.startswith(("timestamp", "date")) and not (self.engine == "duckdb" and _zoned(kind))
        return self.raw(column) if own else self._instant(column)

    def row_hash(self, table: Table) -> str:
        """Return 60 bits that say the same of a row on both engines: unequal where anything of it was changed."""
        texts = [f"COALESCE({self.shaped(col).text}, CHR(30))" for col in table.columns if col.name in self.have]
        if not texts:
            return "CAST(NULL AS BIGINT)"
        digits = f"SUBSTR(MD5(CONCAT_WS(CHR(31), {', '.join(texts)})), 1, 15)"
        if self.engine == "duckdb":
            return f"CAST('0x' || {digits} AS BIGINT)"
        return f"CAST(CAST('x' || {digits} AS BIT(60)) AS BIGINT)"

    def items(self, table: Table) -> dict[str, str]:
        """Return column of the view -> expression."""
        found = {}
        for column in table.columns:
            shaped = self.shaped(column)
            found[column.source_name] = shaped.value
            if column.kind == "instant":
                found[epoch_name(column)] = self.epoch(shaped.value)
            if column.name in SOUGHT.get(table.name, ()):
                found[seek_name(column.name)] = self.seek(column)
        if table.name in STAMPED:
            found["row_hash"] = self.row_hash(table)
        return found


def _zoned(kind: str) -> bool:
    return "with time zone" in kind or kind == "timestamptz"


def view(prefix: str, table: Table, schema: str, source: Source) -> str:
    """Return CREATE VIEW <prefix>_<table> over what the warehouse has of that table."""
    items = ", ".join(f"{expression} AS {name}" for name, expression in source.items(table).items())
    origin = f" FROM {schema}.{table.name} AS t" if source.have else " WHERE 1 = 0"
    return f"CREATE VIEW {prefix}_{table.name} AS SELECT {items}{origin}"


def key_values(table: Table, alias: str) -> list[str]:
    """Return a row's key: a column that may be NULL counts as a value of its own there."""
    return [f"{alias}.{name}" if table.column(name).required else f"COALESCE({alias}.{name}, '')" for name in table.key]


def keyed(table: Table, alias: str) -> str:
    """Return the condition that a row has a key: rows without one are not told apart, and all count."""
    return " AND ".join(f"{alias}.{name} IS NOT NULL" for name in table.key if table.column(name).required)


def latest_first(table: Table, alias: str, engine: str) -> str:
    """Return ORDER BY items that put first the row that counts: the latest to arrive, then the last by content."""
    first = [column for column in table.columns if column.name == "ingested_at"]
    rest = [column for column in table.columns if column.name not in {*table.key, "ingested_at"}]
    c_order = ' COLLATE "C"' if engine == "postgresql" else ""
    return ", ".join(
        f"{alias}.{column.source_name}{c_order if column.kind == 'text' else ''} DESC NULLS LAST"
        for column in (*first, *rest)
    )


def settle_views(session: Session, table: Table, schema: str, source: Source) -> None:
    """Make the views of a foreign table, whose rows may repeat a key, so that one row per key counts.

    A small table is settled by its view. For a large one this would sort it for every query: there `kept_<table>` holds
    what counts of the repeated keys, as `readout refresh` last found it, and the rows of all other keys pass.
    """
    session.execute(view("raw", table, schema, source))
    names = list(source.items(table))
    columns = ", ".join(names)
    if table.name not in STAMPED:
        order = latest_first(table, "t", session.engine)
        place = f"ROW_NUMBER() OVER (PARTITION BY {', '.join(key_values(table, 't'))} ORDER BY {order})"
        session.execute(
            f"CREATE VIEW src_{table.name} AS SELECT {columns} FROM (SELECT t.*, {place} AS place "  # noqa: S608
            f"FROM raw_{table.name} AS t) AS t WHERE t.place = 1 OR NOT ({keyed(table, 't')})"
        )
        return
    kept = f"kept_{table.name}"
    catalog = READOUT_SCHEMA if session.engine == "postgresql" else "main"
    if session.columns(catalog, kept) != session.columns(catalog, f"raw_{table.name}"):
        session.execute(f"DROP TABLE IF EXISTS {kept}")
        session.execute(f"CREATE TABLE {kept} AS SELECT {columns} FROM raw_{table.name} LIMIT 0")  # noqa: S608
    pairs = zip(key_values(table, "k"), key_values(table, "t"), strict=True)
    same = " AND ".join(f"{left} = {right}" for left, right in pairs)
    session.execute(
        f"CREATE VIEW src_{table.name} AS SELECT {columns} FROM raw_{table.name} AS t "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM {kept} AS k WHERE {same}) UNION ALL SELECT {columns} FROM {kept}"
    )
