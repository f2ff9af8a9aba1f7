"""Closed periods in the journal: one record each, written once.

with journal.transaction() as connection:
previous = closes.head(connection)
...
closes.append(connection, record)
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from readout.canonical import canonical, hash_of
from readout.finance.close import GENESIS, Closed
from readout.warehouse.journal import METADATA

Connection = sa.Connection  # what a transaction of the journal hands out
_CLOSING = 74201126  # PostgreSQL's advisory lock of a close
CLOSE = sa.Table(
    "period_close",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(always=True), primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
    sa.Column("period", sa.Text, nullable=False, unique=True),
    sa.Column("start_day", sa.Date, nullable=False),
    sa.Column("end_day", sa.Date, nullable=False),
    sa.Column("closed_at", sa.DateTime, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
)


def head(connection: sa.Connection) -> tuple[str, int]:
    """Return the hash of the last record and the next number, and let nobody else close until the commit."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLOSING})
    last = connection.execute(
        sa.select(CLOSE.c.hash, CLOSE.c.sequence).order_by(CLOSE.c.sequence.desc()).limit(1)
    ).first()
    return (GENESIS, 1) if last is None else (last[0], int(last[1]) + 1)


def append(connection: sa.Connection, record: Mapping[str, Any]) -> Closed:
    """Write a close; its `sequence` and `previous` must come from `head` of the same transaction."""
    sealed = Closed(record, hash_of(record))
    values = {
        "sequence": record["sequence"],
        "period": record["period"],
        "start_day": date.fromisoformat(record["start"]),
        "end_day": date.fromisoformat(record["end"]),
        "closed_at": datetime.fromisoformat(record["closed_at"]),
        "record": canonical(record),
        "hash": sealed.hash,
    }
    connection.execute(CLOSE.insert().inline(), values)
    return sealed


def records(connection: sa.Connection) -> tuple[Closed, ...]:
    """Return every close, in the order in which they were made."""
    found = sa.select(CLOSE.c.record, CLOSE.c.hash).order_by(CLOSE.c.sequence)
    return tuple(Closed(json.loads(record), sealed) for record, sealed in connection.execute(found))
