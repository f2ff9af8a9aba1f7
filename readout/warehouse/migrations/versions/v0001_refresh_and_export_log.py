"""The refresh log and the export log."""

import sqlalchemy as sa
from alembic import op

from readout.warehouse.migrations.append_only import journal_schema, keep_append_only

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create both logs, append-only."""
    schema = journal_schema()
    op.create_table(
        "refresh_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(always=True), primary_key=True),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("finished_at", sa.DateTime, nullable=False),
        sa.Column("full_rebuild", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("as_of", sa.DateTime, nullable=True),
        sa.Column("machine_user", sa.Text, nullable=False),
        schema=schema,
    )
    op.create_table(
        "export_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(always=True), primary_key=True),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("data_version", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("row_count", sa.BigInteger, nullable=False),
        sa.Column("exported_at", sa.DateTime, nullable=False),
        schema=schema,
    )
    for table in ("refresh_log", "export_log"):
        keep_append_only(table)
