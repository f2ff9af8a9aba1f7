"""Releases and incidents of one system, up to as-of."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.results_system import IncidentRow, ReleaseRow


def release_rows(rows: pd.DataFrame, book: Book) -> tuple[ReleaseRow, ...]:
    """Return the releases up to as-of, oldest first; each serves until the next begins."""
    found = [row for row in rows.to_dict("records") if row["started_at"] <= book.as_of]
    starts = [local(book, row["started_at"]) for row in found]
    return tuple(
        ReleaseRow(
            row["release_id"],
            row["model"],
            row["prompt_version"],
            row["routing_version"],
            row["change_class"],
            start,
            end,
            row["note"],
        )
        for row, start, end in zip(found, starts, (*starts[1:], None), strict=False)
    )


def incident_rows(rows: pd.DataFrame, book: Book) -> tuple[IncidentRow, ...]:
    """Return the incidents up to as-of, oldest first; one that ended later was open then."""
    found = []
    for row in rows.to_dict("records"):
        if row["started_at"] > book.as_of:
            continue
        ended = None if pd.isna(row["ended_at"]) or row["ended_at"] > book.as_of else row["ended_at"]
        seconds = max(((ended or book.as_of) - row["started_at"]).total_seconds(), 0.0)
        found.append(
            IncidentRow(
                row["incident_id"],
                row["kind"],
                local(book, row["started_at"]),
                None if ended is None else local(book, max(ended, row["started_at"])),
                seconds,
                row["note"],
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class _Records:
    """The small tables of one data version that only this page reads."""

    frames: dict[str, pd.DataFrame]

    def of(self, table: str, system: str) -> pd.DataFrame:
        frame = self.frames[table]
        return frame[frame["system_id"] == system]


class _ByVersion:
    """A book as a cache key: two books of one warehouse and version hold the same records."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._same = (id(book.warehouse), book.data_version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and self._same == other._same

    def __hash__(self) -> int:
        return hash(self._same)


@lru_cache(maxsize=2)
def _records_of_version(key: _ByVersion) -> _Records:
    with key.book.warehouse.snapshot() as snapshot:
        return _Records({name: snapshot.query(f"read/{name}") for name in ("releases", "incidents")})


def records_of(book: Book) -> _Records:
    """Return releases and incidents of every system; read once a data version."""
    return _records_of_version(_ByVersion(book))


def local(book: Book, instant: Any) -> datetime:
    """Return a naive UTC instant as naive local time, as an axis draws it."""
    naive = instant.to_pydatetime() if isinstance(instant, pd.Timestamp) else instant
    return book.calendar.local(naive).replace(tzinfo=None)
