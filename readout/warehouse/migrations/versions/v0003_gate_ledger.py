"""The gate ledger, sign-offs, waivers, and the open items that late data raises."""

import sqlalchemy as sa
from alembic import op

from readout.warehouse.migrations.append_only import journal_schema, keep_append_only

revision = "0003"
down_revision = "0002"


def _id() -> sa.Column:
    return sa.Column(
        "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(always=True), primary_key=True
    )


def upgrade() -> None:
    """Create the four tables, append-only."""
    schema = journal_schema()
    op.create_table(
        "gate_ledger",
        _id(),
        sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("gate", sa.Text, nullable=False, index=True),
        sa.Column("sealed_at", sa.DateTime, nullable=False),
        sa.Column("policy_hash", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        schema=schema,
    )
    op.create_table(
        "gate_signoff",
        _id(),
        sa.Column("gate", sa.Text, nullable=False, index=True),
        sa.Column("evidence_hash", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("signed_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        schema=schema,
    )
    op.create_table(
        "gate_waiver",
        _id(),
        sa.Column("gate", sa.Text, nullable=False, index=True),
        sa.Column("metrics", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("granted_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        schema=schema,
    )
    op.create_table(
        "gate_open_item",
        _id(),
        sa.Column("gate", sa.Text, nullable=False, index=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        schema=schema,
    )
    for table in ("gate_ledger", "gate_signoff", "gate_waiver", "gate_open_item"):
        keep_append_only(table)
    if schema is None:  # INSERT OR REPLACE would delete the row that holds the same sequence or hash, unasked
        op.execute(
            "CREATE TRIGGER gate_ledger_once BEFORE INSERT ON gate_ledger "
            "WHEN EXISTS (SELECT 1 FROM gate_ledger WHERE sequence = NEW.sequence OR hash = NEW.hash) "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
