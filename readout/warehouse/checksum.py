"""A checksum of every published table of figures: the same facts give the same, whatever the engine or the way there.

An operator compares two warehouses with it, or one before and after `readout refresh --full`.
"""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from readout.settings import Settings
from readout.warehouse.init import SMALL_TABLES, column_names, rollup_ddl
from readout.warehouse.rebuild import BY_DAY, BY_HOUR
from readout.warehouse.session import DuckSession, Session, current_rollup, duckdb_path

# Not the state, which says when and how often it was refreshed, nor what load and the checks wrote down.
SUMMED = (*BY_DAY, *BY_HOUR, "backlog", "calendar_day", *SMALL_TABLES)


def canonical(value: Any) -> str:
    """Return a value as text, equal for equal values on both engines; NULL is told from the empty text."""
    if value is None:
        return "\x00"
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    if isinstance(value, datetime):
        naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return naive.isoformat(sep=" ", timespec="microseconds")
    return str(value)


def checksum(rows: Iterable[Sequence[Any]]) -> str:
    """Return the SHA-256 of some rows in any order: that of their sorted digests."""
    digests = sorted(hashlib.sha256("\x1f".join(map(canonical, row)).encode()).digest() for row in rows)
    return hashlib.sha256(b"".join(digests)).hexdigest()


def checksums(session: Session, settings: Settings) -> dict[str, str]:
    """Return published table -> its checksum, `all` -> that of them together."""
    ddl = rollup_ddl()
    with _published(session, settings) as schema:
        found = {
            name: checksum(session.rows(f"SELECT {', '.join(column_names(ddl[name]))} FROM {schema}.{name}"))  # noqa: S608
            for name in SUMMED
        }
    return {**found, "all": checksum(found.items())}


@contextlib.contextmanager
def _published(session: Session, settings: Settings) -> Iterator[str]:
    """Give the schema that holds the published tables."""
    if not isinstance(session, DuckSession):
        with session.transaction():
            yield "readout"
        return
    path = str(current_rollup(duckdb_path(settings.url))).replace("'", "''")
    session.connection.execute(f"ATTACH '{path}' AS published (READ_ONLY)")
    try:
        yield "published"
    finally:
        session.connection.execute("DETACH published")
