"""What was done or happened to the systems: releases, price changes, stage changes and incidents, by local day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.results_readout import Event
from readout.briefs.signals import BookKey

BEFORE = timedelta(days=14)  # how long before a signal's first week an event may lie to be named beside it
WEEK = timedelta(weeks=1)
FACTS = ("releases", "incidents", "price_changes")


def events_of(book: Book) -> Mapping[str, tuple[Event, ...]]:
    """Return every system's events up to as-of, oldest first; read once per data version."""
    return _events(BookKey(book))


@lru_cache(maxsize=4)
def _events(key: BookKey) -> dict[str, tuple[Event, ...]]:
    book = key.book
    with book.warehouse.snapshot() as snapshot:
        frames = {name: snapshot.query(f"read/{name}") for name in FACTS}
    found: dict[str, list[Event]] = {}
    for row in frames["releases"].to_dict("records"):
        _add(book, found, row, "started_at", Event("release", date.min, row["release_id"], row["note"]))
    for row in frames["incidents"].to_dict("records"):
        _add(book, found, row, "started_at", Event("incident", date.min, row["kind"], row["note"]))
    for row in book.stages.to_dict("records"):
        share = None if pd.isna(row["load_share"]) else float(row["load_share"])
        _add(book, found, row, "effective_at", Event("stage", date.min, row["stage"], row["reason"], share))
    for row in frames["price_changes"].to_dict("records"):
        moved = "both" if row["risen"] and row["fallen"] else "up" if row["risen"] else "down"
        day = date.fromisoformat(str(row["changed_on"])[:10])
        if day <= book.calendar.day_of(book.as_of):
            found.setdefault(row["system_id"], []).append(Event("price", day, row["model"], moved))
    return {system: tuple(sorted(own, key=lambda one: one.day)) for system, own in found.items()}


def _add(book: Book, found: dict[str, list[Event]], row: dict[str, Any], at: str, event: Event) -> None:
    instant = row[at]
    if not pd.isna(instant) and instant <= book.as_of:
        day = book.calendar.day_of(instant)
        found.setdefault(row["system_id"], []).append(replace(event, day=day))


def before(events: tuple[Event, ...], week: date) -> tuple[Event, ...]:
    """Return what happened in the two weeks before a week, or within it; the latest first."""
    return tuple(one for one in reversed(events) if week - BEFORE <= one.day < week + WEEK)
