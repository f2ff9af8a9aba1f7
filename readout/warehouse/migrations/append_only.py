"""Triggers that keep a journal table append-only, on both engines. Frozen: shipped migrations call this."""

from alembic import op

REFUSAL = "the journal is append-only"


def journal_schema() -> str | None:
    """Return the schema of the journal's tables on the engine that is being migrated; None on SQLite."""
    return "readout" if op.get_bind().dialect.name == "postgresql" else None


def keep_append_only(table: str) -> None:
    """Let every later UPDATE, DELETE, TRUNCATE and REPLACE on the table fail."""
    for statement in _postgres(table) if journal_schema() else _sqlite(table):
        op.execute(statement)


def _postgres(table: str) -> tuple[str, ...]:
    function = (
        "CREATE OR REPLACE FUNCTION readout.refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}: % on % is refused', TG_OP, TG_TABLE_NAME; END $$"
    )
    trigger = (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON readout.{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION readout.refuse_change()"
    )
    return function, trigger


def _sqlite(table: str) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    # INSERT OR REPLACE deletes the old row without asking the trigger on DELETE
    replaces = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608 - a name from a migration
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {replaces} {refuse}",
    )
