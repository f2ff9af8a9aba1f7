"""`readout init`: the contract's tables where there are none, the `src_*` views, and the published tables.

The views are the only engine-specific SQL: typed columns, naive UTC instants, integer microseconds, decimal money,
typed NULLs for what a foreign warehouse does not have.
"""

from dataclasses import dataclass

from readout.resources import shipped
from readout.warehouse.contract import MICROSECONDS, Column, Table, contract
from readout.warehouse.session import READOUT_SCHEMA, DuckSession, Session

INDEXED = {"tasks": ("created_at", "completed_at", "ingested_at"), "model_calls": ("started_at", "ingested_at")}


@dataclass(frozen=True)
class InitResult:
    """What init found and made. `owned` = load may write the contract's tables."""

    owned: bool
    made: tuple[str, ...]
    absent: tuple[str, ...]


def ddl(table: Table, schema: str) -> str:
    """Return CREATE TABLE for one contract table in a warehouse of our own."""
    columns = ", ".join(f"{col.name} {col.stored_type}{' NOT NULL' if col.required else ''}" for col in table.columns)
    return f"CREATE TABLE {schema}.{table.name} ({columns})"


def _indexes(table: Table, schema: str) -> list[str]:
    wanted = [tuple(table.key), *((column,) for column in INDEXED.get(table.name, ()))]
    if "task_id" in table.names and "task_id" not in table.key:
        wanted.append(("system_id", "task_id"))
    if "ingested_at" in table.names and table.name not in INDEXED:
        wanted.append(("ingested_at",))
    return [
        f"CREATE INDEX {table.name}_{'_'.join(columns)} ON {schema}.{table.name} ({', '.join(columns)})"
        for columns in wanted
    ]


def epoch_name(column: Column) -> str:
    """Return the name of an instant's twin in integer microseconds since 1970, so that differences are portable."""
    return f"{column.name.removesuffix('_at')}_epoch"


def _view_columns(column: Column, have: dict[str, str], engine: str) -> list[str]:
    """Return the SELECT items of one contract column: its typed value, and an instant's epoch."""
    raw = f"t.{column.name}" if column.name in have else "NULL"
    kind = have.get(column.name, "")
    if column.kind == "instant":
        zoned = "with time zone" in kind or kind == "timestamptz"
        value = f"({raw} AT TIME ZONE 'UTC')" if zoned else f"CAST({raw} AS TIMESTAMP)"
        epoch = f"EPOCH_US({value})" if engine == "duckdb" else f"CAST(EXTRACT(EPOCH FROM {value}) * 1000000 AS BIGINT)"
        return [f"{value} AS {column.name}", f"{epoch} AS {epoch_name(column)}"]
    if column.kind in MICROSECONDS:
        scaled = f"CAST(ROUND(CAST({raw} AS DECIMAL(24,6)) * {MICROSECONDS[column.kind]}) AS BIGINT)"
        return [f"{scaled} AS {column.source_name}"]
    if column.name == "is_test":
        return [f"COALESCE(CAST({raw} AS BOOLEAN), FALSE) AS is_test"]
    return [f"CAST({raw} AS {column.stored_type}) AS {column.name}"]


def view(table: Table, schema: str, have: dict[str, str], engine: str) -> str:
    """Return CREATE VIEW src_<table> over what the warehouse has of that table."""
    items = [item for column in table.columns for item in _view_columns(column, have, engine)]
    source = f" FROM {schema}.{table.name} AS t" if have else " WHERE 1 = 0"
    return f"CREATE VIEW src_{table.name} AS SELECT {', '.join(items)}{source}"


def _recorded_view(found: dict[str, dict[str, str]], *, owned: bool) -> str:
    if owned:
        return "CREATE VIEW src_recorded_column AS SELECT system_id, table_name, column_name FROM recorded_column"
    rows = [
        f"SELECT '*' AS system_id, '{table.name}' AS table_name, '{column}' AS column_name"
        for table in contract().values()
        for column in table.names
        if column in found[table.name]
    ]
    return "CREATE VIEW src_recorded_column AS " + (
        " UNION ALL ".join(rows) or "SELECT '' AS system_id, '' AS table_name, '' AS column_name WHERE 1 = 0"
    )


def initialise(session: Session, schema: str) -> InitResult:
    """Make or adopt a warehouse; run again, it renews the views and changes no fact.

    A schema that already holds contract tables which readout did not make is foreign: it gets views and is never
    written.
    """
    with session.transaction():
        if session.engine == "postgresql":
            _create_schema(session, READOUT_SCHEMA)
        for statement in statements("provenance"):
            session.execute(statement)
        info = dict(session.rows("SELECT name, value FROM warehouse_info"))
        present = session.tables(schema) & set(contract())
        owned = info.get("owned", "no" if present else "yes") == "yes"
        made = _create_tables(session, schema, present) if owned else ()
        if "owned" not in info:
            session.execute("INSERT INTO warehouse_info VALUES ('owned', :owned)", {"owned": "yes" if owned else "no"})
            session.execute("INSERT INTO warehouse_info VALUES ('schema', :schema)", {"schema": schema})
        found = {table: session.columns(schema, table) for table in contract()}
        session.execute("DROP VIEW IF EXISTS src_recorded_column")
        for table in contract().values():
            session.execute(f"DROP VIEW IF EXISTS src_{table.name}")
            session.execute(view(table, schema, found[table.name], session.engine))
        session.execute(_recorded_view(found, owned=owned))
        if session.engine == "postgresql" and "refresh_state" not in session.tables(READOUT_SCHEMA):
            create_rollups(session)
    return InitResult(owned, made, tuple(name for name in contract() if not found[name]))


def _create_schema(session: Session, schema: str) -> None:
    """Create a schema that is not there; IF NOT EXISTS would ask for the right to create even where it is."""
    there = session.rows("SELECT 1 FROM information_schema.schemata WHERE schema_name = :name", {"name": schema})
    if not there:
        session.execute(f"CREATE SCHEMA {schema}")


def _create_tables(session: Session, schema: str, present: set[str]) -> tuple[str, ...]:
    """Create the contract's tables that are not there; PostgreSQL gets indexes too, DuckDB needs none."""
    _create_schema(session, schema)
    absent = [table for table in contract().values() if table.name not in present]
    for table in absent:
        session.execute(ddl(table, schema))
        for statement in _indexes(table, schema) if session.engine == "postgresql" else ():
            session.execute(statement)
    return tuple(table.name for table in absent)


def statements(name: str) -> list[str]:
    """Return the statements of data/<name>.sql."""
    text = (shipped("data") / f"{name}.sql").read_text(encoding="utf-8")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return [statement.strip() for statement in body.split(";") if statement.strip()]


def rollup_ddl() -> dict[str, str]:
    """Return published table -> its CREATE TABLE text, the small tables included, names without schema."""
    rollups = {statement.split()[2]: statement for statement in statements("rollups")}
    for name in SMALL_TABLES:
        columns = ", ".join(f"{column.name} {column.stored_type}" for column in contract()[name].columns)
        rollups[name] = f"CREATE TABLE {name} ({columns})"
    for statement in statements("provenance"):
        name = statement.split()[5]
        if name in PUBLISHED_OWN:
            rollups[name] = statement.replace("IF NOT EXISTS ", "")
    return rollups


# Published whole at each refresh, because they are small.
SMALL_TABLES = (
    "releases", "stage_changes", "incidents", "baselines", "rate_card", "prices", "budgets", "fx_rates", "ledger"
)  # fmt: skip
PUBLISHED_OWN = ("recorded_column", "load_log", "load_reject")


def create_rollups(session: Session) -> None:
    """Create the empty published tables (DuckDB: in the file under construction)."""
    for name, statement in rollup_ddl().items():
        if isinstance(session, DuckSession) or name not in PUBLISHED_OWN:
            session.execute(statement.replace(f"CREATE TABLE {name}", f"CREATE TABLE {session.rollup(name)}", 1))
