"""What became of every event, derived from its attempts: nothing in the journal is ever updated."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Literal

from readout.warehouse import outbox
from readout.warehouse.journal import Journal
from readout.warehouse.outbox import Attempt, Event, Posted, Recipient

State = Literal["pending", "failing", "delivered", "gave_up", "no_recipient"]


@dataclass(frozen=True)
class Receipt:
    """One event and one recipient. Instants are naive UTC.

    `recipient` is None where an event has nobody to go to (state `no_recipient`). `detail` is what the last attempt
    came to, such as `HTTP 202`; `failing_since` the first attempt that failed, None once it is delivered.
    """

    event: Event
    created_at: datetime
    recipient: Recipient | None
    state: State
    attempts: int = 0
    detail: str = ""
    last_attempt: datetime | None = None
    failing_since: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether the next run tries again."""
        return self.state in {"pending", "failing"}


def receipts(journal: Journal, subject: str | None = None) -> tuple[Receipt, ...]:
    """Return the receipts of a subject (a gate's name), or all, in the order in which the events were enqueued.

    Raises:
        WarehouseError: the journal cannot be read.
    """
    with journal.reading() as connection:
        return tuple(derive(outbox.posted(connection, subject), outbox.attempts(connection, subject)))


def derive(posted: Iterable[Posted], attempts: Iterable[Attempt]) -> Iterator[Receipt]:
    """Yield one receipt for each event and recipient; `attempts` oldest first."""
    made: dict[tuple[str, Recipient], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        made[attempt.event_id, attempt.recipient].append(attempt)
    for one in posted:
        if not one.recipients:
            yield Receipt(one.event, one.created_at, None, "no_recipient")
        for recipient in one.recipients:
            fresh = Receipt(one.event, one.created_at, recipient, "pending")
            yield reduce(after, made[one.event.event_id, recipient], fresh)


def after(receipt: Receipt, attempt: Attempt) -> Receipt:
    """Return the receipt with one more attempt; what was delivered stays delivered."""
    if receipt.state == "delivered":
        return replace(receipt, attempts=receipt.attempts + 1)
    return replace(
        receipt,
        state="failing" if attempt.outcome == "failed" else attempt.outcome,
        attempts=receipt.attempts + 1,
        detail=attempt.detail,
        last_attempt=attempt.at,
        failing_since=None if attempt.outcome == "delivered" else receipt.failing_since or attempt.at,
    )
