"""What owners say of the exceptions of a week, in the journal: append-only, the last word of a week counts."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa

from readout.warehouse.binding import naive
from readout.warehouse.journal import METADATA

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REVIEW_NOTE = sa.Table(
    "review_note",
    METADATA,
    sa.Column("id", _ID, sa.Identity(always=True), primary_key=True),
    sa.Column("week", sa.Date, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("system_id", "metric", "explanation", "follow_up")),
    sa.Column("follow_up_by", sa.Date),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("noted_at", sa.DateTime, nullable=False),
)


@dataclass(frozen=True)
class ReviewNote:
    """An owner's word on one metric of one system in one week. `verified`: by a sign-in; instants are naive UTC."""

    week: date
    system_id: str
    metric: str
    explanation: str
    follow_up: str  # "" = none
    follow_up_by: date | None
    who: str
    account: str  # of the operating system
    verified: bool
    noted_at: datetime


def note(connection: sa.Connection, found: ReviewNote) -> None:
    """Append a note."""
    connection.execute(REVIEW_NOTE.insert().inline(), {**asdict(found), "noted_at": naive(found.noted_at)})


def notes(connection: sa.Connection, since: date) -> list[ReviewNote]:
    """Return the notes on a week and all later ones, in the order in which they were written."""
    columns = [column for column in REVIEW_NOTE.columns if column.name != "id"]
    found = sa.select(*columns).where(REVIEW_NOTE.c.week >= since).order_by(REVIEW_NOTE.c.id)
    return [ReviewNote(*row) for row in connection.execute(found)]


def last_word(found: Iterable[ReviewNote], system_id: str, metric: str, week: date) -> ReviewNote | None:
    """Return what was said last of a metric of a system in a week."""
    own = [one for one in found if (one.system_id, one.metric, one.week) == (system_id, metric, week)]
    return own[-1] if own else None
