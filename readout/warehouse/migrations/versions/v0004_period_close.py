"""Closed periods: what was reported, frozen."""

import sqlalchemy as sa
from alembic import op

from readout.warehouse.migrations.append_only import journal_schema, keep_append_only

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table, append-only."""
    schema = journal_schema()
    op.create_table(
        "period_close",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(always=True), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("period", sa.Text, nullable=False, unique=True),
        sa.Column("start_day", sa.Date, nullable=False),
        sa.Column("end_day", sa.Date, nullable=False),
        sa.Column("closed_at", sa.DateTime, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        schema=schema,
    )
    keep_append_only("period_close")
    if schema is None:  # INSERT OR REPLACE would delete the row that holds the same period, unasked
        op.execute(
            "CREATE TRIGGER period_close_once BEFORE INSERT ON period_close WHEN EXISTS (SELECT 1 FROM period_close "
            "WHERE sequence = NEW.sequence OR period = NEW.period OR hash = NEW.hash) "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
