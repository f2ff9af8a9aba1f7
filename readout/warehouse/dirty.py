"""Which local days a refresh has to rebuild, and the hours that they are made of.

Three things make an hour dirty: a row arrived (its stamp is newer than the last refresh, less an overlap); it was
queued, because load or a repeated key of a foreign source replaced a row; or the source holds something else there than
it did at the last refresh. The last one finds what no stamp tells: rows that were deleted, changed in place, or stamped
with an earlier time than that at which they came.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from readout.periods import Calendar
from readout.warehouse import catalog
from readout.warehouse.session import Session

HOUR = timedelta(hours=1)
OVERLAP = timedelta(minutes=15)  # a row may be committed after one that was stamped later
COMPARED = timedelta(days=35)  # how far back every refresh compares; `--full` repairs what is older
EARLIEST, LATEST = datetime(1970, 1, 2), datetime(2200, 1, 1)  # noqa: DTZ001 - naive UTC


@dataclass(frozen=True)
class Dirty:
    """The local days to rebuild, sorted, and how many each cause brought; a day of two causes counts for the first.

    `rows` = what is counted on a day, where that is known: in a full rebuild.
    """

    days: list[date]
    arrived: int = 0
    queued: int = 0
    compared: int = 0
    rows: Mapping[date, int] = field(default_factory=dict)


@dataclass
class _Sieve:
    """Days as they are found."""

    calendar: Calendar
    seen: set[date] = field(default_factory=set)

    def take(self, hours: Iterable[datetime]) -> int:
        """Add the days of some hours; return how many are new."""
        before = len(self.seen)
        # a foreign source may hold impossible instants; `readout load` refuses them
        self.seen.update(dirty_days([hour for hour in hours if EARLIEST <= hour < LATEST], self.calendar))
        return len(self.seen) - before


def all_days(session: Session, calendar: Calendar) -> Dirty:
    """Return every day on which anything is counted, for a full rebuild."""
    sieve = _Sieve(calendar)
    counted = session.rows(catalog.load("refresh/all_hours").sql)
    sieve.take(hour for hour, _ in counted)
    rows: Counter[date] = Counter()
    for hour, n in counted:
        if EARLIEST <= hour < LATEST:
            rows[calendar.day_of(hour)] += n
    return Dirty(sorted(sieve.seen), rows=rows)


def changed_days(session: Session, calendar: Calendar, through: datetime, first: datetime) -> Dirty:
    """Return the days that changed since a refresh which saw what had arrived `through` then (naive UTC).

    `take_stock` must have been called: its table is compared with the published one from `first` on.
    """
    sieve = _Sieve(calendar)
    arrived = sieve.take(_hours(session, "refresh/changed_hours", {"since": through - OVERLAP}))
    queued = sieve.take(row[0] for row in session.rows("SELECT DISTINCT hour_utc FROM dirty_hour_queue"))
    compared = sieve.take(_differing(session, first))
    return Dirty(sorted(sieve.seen), arrived, queued, compared)


def _hours(session: Session, query: str, params: Mapping[str, datetime] | None = None) -> list[datetime]:
    return [row[0] for row in session.rows(catalog.load(query).sql, params or {})]


def compared_from(as_of: datetime) -> datetime:
    """Return the first instant of what is compared: the UTC day 35 days before the data's own time or the clock's."""
    through = min(as_of, datetime.now(UTC).replace(tzinfo=None))
    return (max(through, EARLIEST + COMPARED) - COMPARED).replace(hour=0, minute=0, second=0, microsecond=0)


def take_stock(session: Session, first: datetime | None) -> None:
    """Fill `source_now` with what the source holds from `first` on, nothing where it holds nothing at all."""
    session.execute("DELETE FROM source_now")
    if first is not None:
        query = catalog.load("refresh/source_hour")
        session.execute(f"INSERT INTO source_now ({', '.join(query.columns)}) {query.sql}", {"lo": first})


def _differing(session: Session, first: datetime) -> list[datetime]:
    columns = "source, counted, hour_utc, own_day, n, content"
    now = f"SELECT {columns} FROM source_now"  # noqa: S608 - names of ours
    then = f"SELECT {columns} FROM {session.rollup('source_hour')} WHERE own_day >= :first"  # noqa: S608 - a name of ours
    rows = session.rows(
        f"SELECT hour_utc FROM ({now} EXCEPT {then}) AS a UNION SELECT hour_utc FROM ({then} EXCEPT {now}) AS b",  # noqa: S608
        {"first": first.date()},
    )
    return [row[0] for row in rows]


def keep_stock(session: Session) -> None:
    """Publish `source_now`, which the next refresh is going to compare with."""
    target = session.rollup("source_hour")
    same = " AND ".join(f"s.{name} = t.{name}" for name in ("source", "counted", "hour_utc", "own_day"))
    session.execute(
        f"DELETE FROM {target} AS t WHERE NOT EXISTS "  # noqa: S608
        f"(SELECT 1 FROM source_now AS s WHERE {same} AND s.n = t.n AND s.content = t.content)"
    )
    session.execute(
        f"INSERT INTO {target} (source, counted, hour_utc, own_day, n, content) "  # noqa: S608
        "SELECT s.source, s.counted, s.hour_utc, s.own_day, s.n, s.content FROM source_now AS s "
        f"WHERE NOT EXISTS (SELECT 1 FROM {target} AS t WHERE {same})"
    )


def hours_of(days: Iterable[date], calendar: Calendar) -> list[tuple[datetime, datetime, datetime, date | None]]:
    """Return (hour_utc, from_utc, to_utc, local day) for every UTC hour that the days touch, split at local midnight.

    In zones off the whole hour a first or last hour also belongs to a neighbouring day: that part has no day, so that
    it feeds the hour but not the neighbour's day.
    """
    wanted = set(days)
    rows: dict[tuple[datetime, datetime], tuple[datetime, datetime, datetime, date | None]] = {}
    for day in sorted(wanted):
        start, end = calendar.bounds(day)
        hour = start.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            edges = [hour, *sorted({edge for edge in (start, end) if hour < edge < hour + HOUR}), hour + HOUR]
            for low, high in pairwise(edges):
                local = calendar.day_of(low)
                rows[hour, low] = (hour, low, high, local if local in wanted else None)
            hour += HOUR
    return sorted(rows.values(), key=lambda row: row[:3])


def dirty_days(hours: Iterable[datetime], calendar: Calendar) -> list[date]:
    """Return the local days that a set of UTC hours touches, sorted."""
    last_moment = HOUR - timedelta(microseconds=1)
    return sorted({day for hour in hours for day in (calendar.day_of(hour), calendar.day_of(hour + last_moment))})
