"""Availability: 1 − outage minutes / minutes of a window up to as-of (METRICS 'availability')."""

from datetime import datetime, timedelta

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.results import Figure, Header
from readout.metrics import METRICS, Value, evaluate
from readout.periods import Window

AVAILABILITY = METRICS["availability"]


def availability_of(book: Book, incidents: pd.DataFrame, window: Window, system: str) -> Value:
    """Return the share of the window in which no outage lasted; overlapping outages count once, open ones run on.

    Not measurable where no incident of the system was ever recorded: silence is no proof of health.
    """
    own = incidents[incidents["system_id"] == system]
    begin = book.calendar.start_of(window.start)
    end = max(begin, min(book.calendar.start_of(window.end), book.as_of))
    spans = sorted(
        (max(_moment(row["started_at"], begin), begin), min(_moment(row["ended_at"], end), end))
        for row in own[own["kind"] == "outage"].to_dict("records")
    )
    lost, reached = timedelta(0), begin
    for start, stop in spans:
        counted = max(start, reached)
        if stop > counted:
            lost, reached = lost + (stop - counted), stop
    length = end - begin
    seconds = {"up_seconds": (length - lost).total_seconds(), "period_seconds": length.total_seconds()}
    return evaluate(AVAILABILITY, seconds, () if own.empty else AVAILABILITY.needs[0])


def availability_figure(book: Book, incidents: pd.DataFrame, header: Header, system: str) -> Figure:
    """Return a system's availability over the window and its comparison."""
    now = availability_of(book, incidents, header.window, system)
    before = availability_of(book, incidents, header.before, system).value if header.before else None
    return Figure(
        AVAILABILITY.name,
        now.value,
        now.reason,
        before=before,
        before_reason="" if before is not None else "no prior data",
    )


def _moment(value: object, otherwise: datetime) -> datetime:
    return otherwise if pd.isna(value) else datetime.fromisoformat(str(value))
