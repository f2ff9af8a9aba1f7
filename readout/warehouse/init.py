"""`readout init`: the contract's tables where there are none, the `src_*` views, and the published tables.

Run again, it renews the views, and makes the tables, columns and indexes that a newer version of the contract has.
"""

import re
from dataclasses import dataclass

from readout.resources import shipped
from readout.warehouse.contract import Table, contract
from readout.warehouse.session import READOUT_SCHEMA, DuckSession, Session
from readout.warehouse.views import SOUGHT, Source, settle_views, view


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


def _indexes(table: Table, schema: str) -> dict[str, str]:
    """Return index name -> CREATE INDEX."""
    wanted = [tuple(table.key), *((column,) for column in SOUGHT.get(table.name, ()))]
    if "task_id" in table.names and "task_id" not in table.key:
        wanted.append(("system_id", "task_id"))
    names = {f"{table.name}_{'_'.join(columns)}": columns for columns in wanted}
    return {
        name: f"CREATE INDEX {name} ON {schema}.{table.name} ({', '.join(columns)})" for name, columns in names.items()
    }


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
        if owned:
            _add_columns(session, schema, present)
        if "owned" not in info:
            session.execute("INSERT INTO warehouse_info VALUES ('owned', :owned)", {"owned": "yes" if owned else "no"})
            session.execute("INSERT INTO warehouse_info VALUES ('schema', :schema)", {"schema": schema})
        found = {table: session.columns(schema, table) for table in contract()}
        session.execute("DROP VIEW IF EXISTS src_recorded_column")
        for table in contract().values():
            session.execute(f"DROP VIEW IF EXISTS src_{table.name}")
            session.execute(f"DROP VIEW IF EXISTS raw_{table.name}")
            have = found[table.name]
            source = Source(have, session.engine, foreign=not owned)
            if owned or not have:
                session.execute(view("src", table, schema, source))
            else:
                settle_views(session, table, schema, source)
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
    if session.engine == "postgresql":
        there = session.rows("SELECT indexname FROM pg_catalog.pg_indexes WHERE schemaname = :name", {"name": schema})
        have = {name for (name,) in there}
        for table in contract().values():
            for name, statement in _indexes(table, schema).items():
                if name not in have:
                    session.execute(statement)
    return tuple(table.name for table in absent)


def _add_columns(session: Session, schema: str, present: set[str]) -> None:
    """Add the columns that a newer version of the contract has; a required one is never new in a table with rows."""
    for table in (one for one in contract().values() if one.name in present):
        have = session.columns(schema, table.name)
        for column in table.columns:
            if column.name not in have:
                session.execute(f"ALTER TABLE {schema}.{table.name} ADD COLUMN {column.name} {column.stored_type}")


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


def column_names(ddl: str) -> list[str]:
    """Return the columns of a CREATE TABLE text of ours, in its order."""
    body = re.sub(r"\(\d+,\d+\)", "", ddl[ddl.index("(") + 1 : ddl.rindex(")")]).split("PRIMARY KEY (")[0]
    return [line.split()[0] for line in body.split(",") if line.strip()]


_KEY = re.compile(r",\s*PRIMARY KEY \([^)]*\)")
# Published whole at each refresh, because they are small.
SMALL_TABLES = (
    "releases", "stage_changes", "incidents", "baselines", "rate_card", "prices", "budgets", "fx_rates", "ledger"
)  # fmt: skip
PUBLISHED_OWN = ("recorded_column", "load_log", "load_reject")


def create_rollups(session: Session) -> None:
    """Create the empty published tables (DuckDB: in the file under construction).

    Keys are declared on PostgreSQL only. DuckDB does not read by them, its index would be five times the data, and
    the rows come from the same text, so that PostgreSQL speaks for both.
    """
    duckdb = isinstance(session, DuckSession)
    for name, statement in rollup_ddl().items():
        if duckdb or name not in PUBLISHED_OWN:
            named = statement.replace(f"CREATE TABLE {name}", f"CREATE TABLE {session.rollup(name)}", 1)
            session.execute(_KEY.sub("", named) if duckdb else named)
