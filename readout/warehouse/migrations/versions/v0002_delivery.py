"""The outbox, and every attempt to deliver what is in it."""

import sqlalchemy as sa
from alembic import op

from readout.warehouse.migrations.append_only import journal_schema, keep_append_only

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create both tables, append-only."""
    schema = journal_schema()
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(always=True), primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False, index=True),
        sa.Column("recipients", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        schema=schema,
    )
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(always=True), primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False, index=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("attempted_at", sa.DateTime, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        schema=schema,
    )
    for table in ("outbox", "delivery_attempt"):
        keep_append_only(table)
    if schema is None:  # INSERT OR REPLACE would delete the row of the same event_id, and no trigger is asked
        op.execute(
            "CREATE TRIGGER outbox_once BEFORE INSERT ON outbox "
            "WHEN EXISTS (SELECT 1 FROM outbox WHERE event_id = NEW.event_id) BEGIN SELECT RAISE(IGNORE); END"
        )
