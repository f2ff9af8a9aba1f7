"""The oracle in other calendars, by pandas' arithmetic, and rows that lie around local midnights."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from tests.contract.oracle import Oracle, Row
from tests.contract.random_rows import Drawn

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAY = timedelta(days=1)
# From a local midnight: the instants where a day, an hour of UTC or the day before could be mistaken for another.
OFFSETS = tuple(
    timedelta(minutes=minutes, microseconds=micro)
    for minutes in (-60, -45, -30, -15, 0, 15, 30, 45, 60)
    for micro in (-1, 0, 1)
)


class CalendarOracle(Oracle):
    """The oracle with an organisation's week start and fiscal year."""

    def __init__(self, rows: Mapping[str, Sequence[Row]], settle_days: int, organisation: Mapping[str, Any]) -> None:
        """Take the rows, and the organisation's settings as they stand in its file."""
        super().__init__(rows, organisation["time_zone"], settle_days)
        self.organisation = organisation

    def period(self, instant: datetime, by: str) -> str:
        """Return the period in which a naive UTC instant lies, as `period_start` is printed."""
        if by in {"hour", "total"}:
            return super().period(instant, by)
        return _period(instant, by, str(self.zone), tuple(self.organisation.items()))


@cache
def _period(instant: datetime, by: str, zone: str, settings: tuple[tuple[str, Any], ...]) -> str:
    local = pd.Timestamp(instant, tz="UTC").tz_convert(zone)
    return _bucket(local.date(), by, settings).isoformat()


@cache
def _bucket(day: date, by: str, settings: tuple[tuple[str, Any], ...]) -> date:
    organisation = dict(settings)
    last_weekday = (WEEKDAYS.index(organisation.get("week_start", "monday")) - 1) % 7
    last_month = (organisation.get("fiscal_year_start_month", 1) - 2) % 12
    pattern = organisation.get("fiscal_calendar", "calendar")
    if by.startswith("fiscal_") and pattern != "calendar":
        return _bucket_of_weeks(day, by, last_weekday, last_month, pattern, organisation["fiscal_year_end_rule"])
    frequency = {
        "day": "D", "week": f"W-{DAYS[last_weekday]}", "month": "M", "quarter": "Q", "year": "Y",
        "fiscal_month": "M", "fiscal_quarter": f"Q-{MONTHS[last_month]}", "fiscal_year": f"Y-{MONTHS[last_month]}",
    }[by]  # fmt: skip
    return pd.Period(day, freq=frequency).start_time.date()  # ty: ignore[missing-union-attribute]


def _bucket_of_weeks(day: date, by: str, last_weekday: int, last_month: int, pattern: str, rule: str) -> date:
    of: dict[str, Any] = {"weekday": last_weekday, "startingMonth": last_month + 1, "variation": rule}
    offset: Any = (
        pd.offsets.FY5253(**of) if by == "fiscal_year" else pd.offsets.FY5253Quarter(**of, qtr_with_extra_week=4)
    )
    start = (offset.rollback(pd.Timestamp(day - DAY)) + pd.Timedelta(days=1)).date()
    if by == "fiscal_month":
        first, second, _ = (int(weeks) for weeks in pattern.split("-"))
        starts = (start, start + first * 7 * DAY, start + (first + second) * 7 * DAY)
        start = max(one for one in starts if one <= day)
    return start


def clock_changes(zone: str, year: int) -> list[date]:
    """Return the local days of a year in which the clocks change."""
    days = [date(year, 1, 1) + number * DAY for number in range(365)]
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)) for day in days]
    return [after.date() for before, after in pairwise(noons) if before.utcoffset() != after.utcoffset()]


def around_midnight(rows: Drawn, zone: str, days: Iterable[date], seed: int) -> Drawn:
    """Move each task with all that belongs to it, and each other call, so that it begins or ends at a local midnight.

    `days` are the days whose first and last instants are meant.
    """
    draw = random.Random(seed)  # noqa: S311 - the same rows every time
    midnights = [
        datetime(edge.year, edge.month, edge.day, tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
        for day in days
        for edge in (day, day + DAY)
    ]
    by_task: dict[tuple[Any, Any], timedelta] = {}
    for task in rows["tasks"]:
        anchor = (draw.random() < 0.5 and task["completed_at"]) or task["created_at"]
        shift = draw.choice(midnights) + draw.choice(OFFSETS) - anchor
        by_task[task["system_id"], task["task_id"]] = shift
    for table, columns in {
        "tasks": ("created_at", "completed_at", "escalated_at", "reopened_at"),
        "model_calls": ("started_at",),
        "verdicts": ("created_at",),
        "human_work": ("started_at",),
    }.items():
        for row in rows[table]:
            shift = by_task.get((row["system_id"], row["task_id"]))
            if shift is None:
                shift = draw.choice(midnights) + draw.choice(OFFSETS) - row["started_at"]
            for column in columns:
                row[column] = row[column] and row[column] + shift
    return rows
