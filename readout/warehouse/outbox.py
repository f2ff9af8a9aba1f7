"""The outbox and its receipts in the journal: what shall leave, to whom, and every attempt to send it.

Append-only like the rest of the journal: an event is enqueued once, an attempt is added, nothing is updated. A decision
and its events are written together:

    with journal.transaction() as connection:
        ...  # the decision's own row
        outbox.enqueue(connection, event, recipients)
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from readout.warehouse.binding import naive
from readout.warehouse.journal import METADATA

Channel = Literal["webhook", "email"]
Outcome = Literal["delivered", "failed", "gave_up"]

# A webhook signs `id.timestamp.body` and names the id in a header: no full stop, nothing but plain ASCII.
_EVENT_ID = re.compile(r"[A-Za-z0-9_:/-]{1,200}")
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OUTBOX = sa.Table(
    "outbox",
    METADATA,
    sa.Column("id", _ID, sa.Identity(always=True), primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("recipients", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)
DELIVERY_ATTEMPT = sa.Table(
    "delivery_attempt",
    METADATA,
    sa.Column("id", _ID, sa.Identity(always=True), primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("attempted_at", sa.DateTime, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class Event:
    """Something that people or machines are told of, once.

    `event_id` is the same for the same happening, whoever notices it and however often (`stable_id`). `subject` is what
    it is about (the gate's name), `occurred_at` naive UTC or aware, `title` one line, `text` the lines for people,
    `data` the JSON object for machines.
    """

    event_id: str
    kind: str
    subject: str
    occurred_at: datetime
    title: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _EVENT_ID.fullmatch(self.event_id):
            message = f"an event's id has letters, digits and _ : / - only, 200 at most; found {self.event_id!r}"
            raise ValueError(message)


@dataclass(frozen=True, order=True)
class Recipient:
    """One way out: the name of a webhook of the settings, or an e-mail address. Never a secret."""

    channel: Channel
    target: str


@dataclass(frozen=True)
class Posted:
    """An event as it waits in the outbox. `created_at` is naive UTC."""

    event: Event
    recipients: tuple[Recipient, ...]
    created_at: datetime


@dataclass(frozen=True)
class Attempt:
    """One run's attempt to send one event to one recipient, its retries included. `at` is naive UTC."""

    event_id: str
    recipient: Recipient
    at: datetime
    outcome: Outcome
    detail: str


def stable_id(*parts: str) -> str:
    """Return the id of what the parts name: `stable_id("gate.failed", gate, release, week)`."""
    return f"evt_{hashlib.sha256(canonical(parts).encode()).hexdigest()[:32]}"


def enqueue(connection: sa.Connection, event: Event, recipients: Iterable[Recipient]) -> bool:
    """Add an event inside the caller's transaction; False where its id is there already: then nothing is added."""
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(OUTBOX).inline()
    payload = {
        "occurred_at": naive(event.occurred_at).isoformat(),
        "title": event.title,
        "text": event.text,
        "data": dict(event.data),
    }
    added = connection.execute(
        insert.on_conflict_do_nothing(index_elements=["event_id"]).returning(OUTBOX.c.event_id),
        {
            "event_id": event.event_id,
            "kind": event.kind,
            "subject": event.subject,
            "recipients": canonical([[one.channel, one.target] for one in dict.fromkeys(recipients)]),
            "payload": canonical(payload),
            "created_at": naive(datetime.now(UTC)),
        },
    )
    return added.first() is not None


def posted(connection: sa.Connection, subject: str | None = None) -> list[Posted]:
    """Return the events of a subject, or all, in the order in which they were enqueued."""
    table = OUTBOX.c
    chosen = sa.select(
        table.event_id, table.kind, table.subject, table.recipients, table.payload, table.created_at
    ).order_by(table.id)
    if subject is not None:
        chosen = chosen.where(table.subject == subject)
    return [_posted(*row) for row in connection.execute(chosen)]


def record_attempt(connection: sa.Connection, attempt: Attempt) -> None:
    """Add what came of one attempt."""
    values = {
        "event_id": attempt.event_id,
        "channel": attempt.recipient.channel,
        "target": attempt.recipient.target,
        "attempted_at": naive(attempt.at),
        "outcome": attempt.outcome,
        "detail": attempt.detail,
    }
    connection.execute(DELIVERY_ATTEMPT.insert().inline(), values)


def attempts(connection: sa.Connection, subject: str | None = None) -> list[Attempt]:
    """Return the attempts on the events of a subject, or on all, in the order in which they were made."""
    table = DELIVERY_ATTEMPT.c
    chosen = sa.select(
        table.event_id, table.channel, table.target, table.attempted_at, table.outcome, table.detail
    ).order_by(table.id)
    if subject is not None:
        chosen = chosen.where(table.event_id.in_(sa.select(OUTBOX.c.event_id).where(OUTBOX.c.subject == subject)))
    return [
        Attempt(event_id, Recipient(channel, target), at, outcome, detail)
        for event_id, channel, target, at, outcome, detail in connection.execute(chosen)
    ]


def canonical(value: Any) -> str:
    """Return JSON that is the same text for the same value; ValueError for NaN and the infinities, which JSON lacks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _posted(  # one argument a column
    event_id: str, kind: str, subject: str, recipients: str, payload: str, created_at: datetime
) -> Posted:
    said = json.loads(payload)
    event = Event(
        event_id,
        kind,
        subject,
        datetime.fromisoformat(said["occurred_at"]),
        said["title"],
        said["text"],
        said["data"],
    )
    return Posted(event, tuple(Recipient(*one) for one in json.loads(recipients)), created_at)
