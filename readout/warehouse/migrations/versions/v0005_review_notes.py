"""What owners say of a week's exceptions."""

import sqlalchemy as sa
from alembic import op

from readout.warehouse.migrations.append_only import journal_schema, keep_append_only

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table, append-only."""
    op.create_table(
        "review_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(always=True), primary_key=True),
        sa.Column("week", sa.Date, nullable=False, index=True),
        sa.Column("system_id", sa.Text, nullable=False),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("follow_up", sa.Text, nullable=False),
        sa.Column("follow_up_by", sa.Date),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("noted_at", sa.DateTime, nullable=False),
        schema=journal_schema(),
    )
    keep_append_only("review_note")
