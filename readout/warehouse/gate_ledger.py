"""The gate ledger in the journal: sealed records, sign-offs, waivers, open items. Append-only like the rest of it.

with journal.transaction() as connection:
previous, sequence = gate_ledger.head(connection)
...
gate_ledger.append(connection, record)
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from readout.canonical import canonical, hash_of
from readout.gates.ledger import GENESIS, Record, instant_of
from readout.warehouse.binding import naive
from readout.warehouse.journal import METADATA

Connection = sa.Connection  # what a transaction of the journal hands out
_SEALING = 74201125  # PostgreSQL's advisory lock of a seal
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _table(name: str, *columns: sa.Column) -> sa.Table:
    return sa.Table(name, METADATA, sa.Column("id", _ID, sa.Identity(always=True), primary_key=True), *columns)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False)


def _at(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime, nullable=False)


LEDGER = _table(
    "gate_ledger",
    sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
    _text("gate"),
    _at("sealed_at"),
    _text("policy_hash"),
    _text("record"),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
)
_WHO = ("who", "role", "account")
SIGNOFF = _table(
    "gate_signoff",
    *map(_text, ("gate", "evidence_hash", *_WHO)),
    sa.Column("verified", sa.Boolean, nullable=False),
    _text("comment"),
    _at("signed_at"),
    _at("expires_at"),
)
WAIVER = _table(
    "gate_waiver",
    *map(_text, ("gate", "metrics", "reason", *_WHO)),
    sa.Column("verified", sa.Boolean, nullable=False),
    _at("granted_at"),
    _at("expires_at"),
)
OPEN_ITEM = _table(
    "gate_open_item",
    _text("gate"),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    *map(_text, ("what", "change", "who", "account")),
    _at("at"),
)


@dataclass(frozen=True)
class Sealed:
    """A record as it was sealed, with its hash."""

    record: Record
    hash: str

    @property
    def sequence(self) -> int:
        """Place in the chain, from 1."""
        return int(self.record["sequence"])


@dataclass(frozen=True)
class SignOff:
    """A person's signature under a decision. `verified`: the readout knows who signed; instants are naive UTC."""

    gate: str
    evidence_hash: str  # of the record that was signed
    who: str
    role: str
    account: str  # of the operating system
    verified: bool
    comment: str
    signed_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Waiver:
    """A hold that somebody lets pass for a while; never a PASS. `metrics`: what it is limited to."""

    gate: str
    metrics: tuple[str, ...]
    reason: str
    who: str
    role: str
    account: str
    verified: bool
    granted_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class OpenItem:
    """Something the owner has to look at: opened when late data would flip a sealed verdict, closed by a person."""

    gate: str
    sequence: int  # of the record that would be another
    what: str
    change: Literal["opened", "closed"]
    who: str
    account: str
    at: datetime


def head(connection: sa.Connection) -> tuple[str, int]:
    """Return the hash of the last record and the next sequence number, and let nobody else seal until the commit."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEALING})
    return head_of(connection)


def head_of(connection: sa.Connection) -> tuple[str, int]:
    """Return the hash of the last record and the next sequence number, for readers."""
    last = connection.execute(
        sa.select(LEDGER.c.hash, LEDGER.c.sequence).order_by(LEDGER.c.sequence.desc()).limit(1)
    ).first()
    return (GENESIS, 1) if last is None else (last[0], int(last[1]) + 1)


def append(connection: sa.Connection, record: Record) -> Sealed:
    """Seal a record; its `sequence` and `previous` must come from `head` of the same transaction."""
    sealed = Sealed(record, hash_of(record))
    values = {
        "sequence": record["sequence"],
        "gate": record["gate"],
        "sealed_at": instant_of(record["sealed_at"]),
        "policy_hash": record["policy_hash"],
        "record": canonical(record),
        "hash": sealed.hash,
    }
    connection.execute(LEDGER.insert().inline(), values)
    return sealed


def records(connection: sa.Connection, gate: str | None = None) -> list[Sealed]:
    """Return the records of a gate, or all, in the order of the chain."""
    found = sa.select(LEDGER.c.record, LEDGER.c.hash).order_by(LEDGER.c.sequence)
    if gate is not None:
        found = found.where(LEDGER.c.gate == gate)
    return [Sealed(json.loads(record), stored) for record, stored in connection.execute(found)]


def policy_changes(connection: sa.Connection) -> list[Sealed]:
    """Return of every gate the records with which a policy came into force, in the order of the chain."""
    seen = connection.execute(
        sa.select(LEDGER.c.sequence, LEDGER.c.gate, LEDGER.c.policy_hash).order_by(LEDGER.c.sequence)
    )
    in_force: dict[str, str] = {}
    first = []
    for sequence, gate, policy_hash in seen:
        if in_force.get(gate) != policy_hash:
            in_force[gate] = policy_hash
            first.append(sequence)
    found = sa.select(LEDGER.c.record, LEDGER.c.hash).where(LEDGER.c.sequence.in_(first)).order_by(LEDGER.c.sequence)
    return [Sealed(json.loads(record), stored) for record, stored in connection.execute(found)]


def sign(connection: sa.Connection, signoff: SignOff) -> None:
    """Append a sign-off."""
    connection.execute(SIGNOFF.insert().inline(), _row(signoff))


def waive(connection: sa.Connection, waiver: Waiver) -> None:
    """Append a waiver."""
    connection.execute(WAIVER.insert().inline(), {**_row(waiver), "metrics": json.dumps(waiver.metrics)})


def note(connection: sa.Connection, item: OpenItem) -> None:
    """Append that an item was opened or closed."""
    connection.execute(OPEN_ITEM.insert().inline(), _row(item))


def signoffs(connection: sa.Connection, gate: str | None = None) -> list[SignOff]:
    """Return the sign-offs of a gate, or all, oldest first."""
    return [SignOff(*row) for row in _rows(connection, SIGNOFF, gate)]


def waivers(connection: sa.Connection, gate: str | None = None) -> list[Waiver]:
    """Return the waivers of a gate, or all, oldest first."""
    return [Waiver(name, tuple(json.loads(metrics)), *rest) for name, metrics, *rest in _rows(connection, WAIVER, gate)]


def open_items(connection: sa.Connection, gate: str | None = None) -> list[OpenItem]:
    """Return the items of a gate, or of all, that nobody has closed, oldest first."""
    left: dict[tuple[str, int], OpenItem] = {}
    for row in _rows(connection, OPEN_ITEM, gate):
        item = OpenItem(*row)
        if item.change == "opened":
            left.setdefault((item.gate, item.sequence), item)
        else:
            left.pop((item.gate, item.sequence), None)
    return list(left.values())


def ever_opened(connection: sa.Connection, gate: str, sequence: int) -> bool:
    """Whether an item was ever opened for a record: each is opened once."""
    found = sa.select(OPEN_ITEM.c.id).where(OPEN_ITEM.c.gate == gate, OPEN_ITEM.c.sequence == sequence).limit(1)
    return connection.execute(found).first() is not None


def _row(entry: SignOff | Waiver | OpenItem) -> dict[str, Any]:
    return {name: naive(value) if isinstance(value, datetime) else value for name, value in asdict(entry).items()}


def _rows(connection: sa.Connection, table: sa.Table, gate: str | None) -> Iterable[Any]:
    columns = [column for column in table.columns if column.name != "id"]
    found = sa.select(*columns).order_by(table.c.id)
    if gate is not None:
        found = found.where(table.c.gate == gate)
    return connection.execute(found)
