"""`readout refresh`: facts -> rollups, incremental by ingest watermark, idempotent, equal to a full rebuild.

What arrived since the last watermark (less an overlap) and what load queued marks UTC hours as dirty; the local days
that these hours touch are rebuilt from the `src_*` views by the SQL of queries/refresh, the same text on both engines.
A change of the time zone, the prices, the rate card, the settle days or the gates' lines rebuilds everything.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyarrow as pa

from readout.periods import Calendar
from readout.portfolio import Portfolio
from readout.settings import Settings
from readout.stats import BUCKETS_PER_E
from readout.warehouse import catalog
from readout.warehouse.errors import NotReadyError
from readout.warehouse.init import PUBLISHED_OWN, SMALL_TABLES, create_rollups, rollup_ddl
from readout.warehouse.session import DuckSession, Session, building, current_rollup, duckdb_path

OVERLAP = timedelta(minutes=15)  # a row may be committed after one that was stamped later
CHUNK_DAYS = 92  # days rebuilt at once: bounds memory, and is the step of the progress
HOUR = timedelta(hours=1)
EARLIEST, LATEST = datetime(1970, 1, 2), datetime(2200, 1, 1)  # noqa: DTZ001 - naive UTC
MICROSECONDS_PER_DAY = 86_400_000_000
FAR = date(9999, 1, 1)

SQL_TYPES = {
    "text": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP", "bigint": "BIGINT", "double": "DOUBLE PRECISION",
    "decimal": "DECIMAL(38,12)", "whole": "DECIMAL(38,0)", "boolean": "BOOLEAN",
}  # fmt: skip
# Temporary tables in the order in which they build on each other, then the rollups that are read off them.
WORK = ("work_task", "work_call", "work_person", "work_verdict", "work_fact", "work_hist")
BY_DAY = (
    "rollup_day", "rollup_verdict_day", "hist_day", "hist_day_system", "line_day", "call_day", "work_day", "cost_day"
)  # fmt: skip
BY_HOUR = ("rollup_hour", "rollup_verdict_hour")
QUERIES = (*WORK, *BY_DAY, *BY_HOUR)
STAMPED = ("tasks", "model_calls", "verdicts", "human_work", "costs")  # tables whose rows say when they arrived
# What the refresher itself fills: column -> SQL type.
PLANNED = {
    "calendar_hour": {
        "hour_utc": "TIMESTAMP", "from_utc": "TIMESTAMP", "to_utc": "TIMESTAMP", "day_local": "DATE",
    },
    "dirty_day": {"day_local": "DATE"},
    "price_book": {
        "provider": "VARCHAR", "model": "VARCHAR", "token_class": "VARCHAR", "valid_from": "DATE", "valid_to": "DATE",
        "per_token": "DECIMAL(38,18)", "currency": "VARCHAR",
    },
    "rate_book": {
        "role": "VARCHAR", "valid_from": "DATE", "valid_to": "DATE", "per_us": "DECIMAL(38,24)", "currency": "VARCHAR",
    },
    "line": {"system_id": "VARCHAR", "metric": "VARCHAR", "line_us": "BIGINT"},
}  # fmt: skip
ARROW = {
    "TIMESTAMP": pa.timestamp("us"), "DATE": pa.date32(), "VARCHAR": pa.string(), "BIGINT": pa.int64(),
    "DECIMAL(38,18)": pa.decimal128(38, 18), "DECIMAL(38,24)": pa.decimal128(38, 24),
}  # fmt: skip

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class RefreshResult:
    """What one refresh did. `full` = everything was rebuilt, and `reason` says why."""

    full: bool
    reason: str
    days: int
    as_of: datetime | None
    data_version: str


@dataclass(frozen=True)
class _Plan:
    """Inputs of one refresh: the books, the lines and the fingerprint of what, when changed, rebuilds all."""

    prices: list[tuple[Any, ...]]
    rates: list[tuple[Any, ...]]
    lines: list[tuple[Any, ...]]
    fingerprint: str


def dated(rows: Iterable[Sequence[Any]], key: int) -> list[tuple[Any, ...]]:
    """Make dated rows disjoint: each holds from its own date until its end or the next row's start.

    Rows are (key columns…, valid_from, valid_to, …) with `key` key columns; `valid_to` is exclusive, None = open.
    """
    ordered = sorted(rows, key=lambda row: (*map(str, row[:key]), row[key]))
    result = []
    for row, following in pairwise([*ordered, None]):
        assert row is not None  # noqa: S101 - only the sentinel at the end is None
        end = row[key + 1] or FAR
        if following is not None and following[:key] == row[:key]:
            end = min(end, following[key])
        if end > row[key]:
            result.append((*row[:key], row[key], end, *row[key + 2 :]))
    return result


def _plan(session: Session, portfolio: Portfolio) -> _Plan:
    prices = dated(
        session.rows(
            "SELECT COALESCE(provider, ''), model, token_class, valid_from, valid_to, price, unit_tokens, currency "
            "FROM src_prices WHERE unit_tokens > 0"
        ),
        3,
    )
    rates = dated(session.rows("SELECT role, valid_from, valid_to, hourly_amount, currency FROM src_rate_card"), 1)
    price_rows = [(*row[:5], (Decimal(row[5]) / row[6]).quantize(Decimal(1).scaleb(-18)), row[7]) for row in prices]
    rate_rows = [
        (*row[:3], (Decimal(row[3]) / 3_600_000_000).quantize(Decimal(1).scaleb(-24)), row[4]) for row in rates
    ]
    lines = sorted({(line.system_id, line.metric, line.line_us) for line in portfolio.lines()})
    # `readout init` renews the views where a foreign table has gained a column: its past is read anew
    views = sorted(session.rows("SELECT viewname, definition FROM pg_catalog.pg_views WHERE viewname LIKE 'src_%'"))
    organisation = portfolio.organisation
    said = json.dumps(
        [
            organisation.time_zone, organisation.week_start, organisation.accept_settle_days, repr(BUCKETS_PER_E),
            lines, price_rows, rate_rows, views, rollup_ddl(),
            [catalog.load(f"refresh/{name}").sql for name in QUERIES],
        ],
        default=str,
    )  # fmt: skip
    return _Plan(price_rows, rate_rows, lines, hashlib.sha256(said.encode()).hexdigest())


def _create_temporary(session: Session) -> None:
    wanted = {
        **PLANNED,
        **{
            name: {column: SQL_TYPES[kind] for column, kind in catalog.load(f"refresh/{name}").columns.items()}
            for name in WORK
        },
    }
    for name, columns in wanted.items():
        session.execute(f"DROP TABLE IF EXISTS {name}")
        session.execute(f"CREATE TEMPORARY TABLE {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")


def _fill(session: Session, table: str, rows: Sequence[Sequence[Any]]) -> None:
    session.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of this module
    columns = zip(*rows, strict=True) if rows else ([] for _ in PLANNED[table])
    session.copy_in(
        table,
        pa.table(
            {
                name: pa.array(list(values), ARROW[kind])
                for (name, kind), values in zip(PLANNED[table].items(), columns, strict=True)
            }
        ),
    )


def _select_into(session: Session, target: str, name: str, params: dict[str, Any]) -> None:
    query = catalog.load(f"refresh/{name}")
    bound = {key: params[key] for key in query.params}
    session.execute(f"INSERT INTO {target} ({', '.join(query.columns)}) {query.sql}", bound)


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


def _rebuild(session: Session, days: Sequence[date], calendar: Calendar, settle_days: int) -> None:
    """Recompute the given local days, and every UTC hour that they touch, from the facts."""
    hours = hours_of(days, calendar)
    _fill(session, "calendar_hour", hours)
    _fill(session, "dirty_day", [(day,) for day in days])
    params = {
        "lo": hours[0][0],
        "hi": hours[-1][0] + HOUR,
        "settle_us": settle_days * MICROSECONDS_PER_DAY,
    }
    session.execute("ANALYZE calendar_hour")
    for name in WORK:
        session.execute(f"DELETE FROM {name}")  # noqa: S608 - a name of this module
        _select_into(session, name, name, params)
        session.execute(f"ANALYZE {name}")
    for name in BY_DAY:
        target = session.rollup(name)
        session.execute(f"DELETE FROM {target} WHERE day_local IN (SELECT day_local FROM dirty_day)")  # noqa: S608
        _select_into(session, target, name, params)
    for name in BY_HOUR:
        target = session.rollup(name)
        session.execute(f"DELETE FROM {target} WHERE hour_utc IN (SELECT hour_utc FROM calendar_hour)")  # noqa: S608
        _select_into(session, target, name, params)


def _publish_small(session: Session) -> None:
    published = (*SMALL_TABLES, *PUBLISHED_OWN) if isinstance(session, DuckSession) else SMALL_TABLES
    for name in published:
        source = name if name in {"load_log", "load_reject"} else f"src_{name}"
        columns = [line.split()[0] for line in _column_lines(rollup_ddl()[name])]
        session.execute(f"DELETE FROM {session.rollup(name)}")  # noqa: S608
        session.execute(f"INSERT INTO {session.rollup(name)} SELECT {', '.join(columns)} FROM {source}")  # noqa: S608
    if not isinstance(session, DuckSession):
        _publish_foreign_columns(session)


def _publish_foreign_columns(session: Session) -> None:
    """On PostgreSQL pages read recorded_column where load writes it; for a foreign warehouse its views fill it."""
    [(owned,)] = session.rows("SELECT value FROM warehouse_info WHERE name = 'owned'")
    if owned == "no":
        session.execute("DELETE FROM recorded_column")
        session.execute(
            "INSERT INTO recorded_column SELECT system_id, table_name, column_name FROM src_recorded_column"
        )


def _column_lines(ddl: str) -> list[str]:
    body = re.sub(r"\(\d+,\d+\)", "", ddl[ddl.index("(") + 1 : ddl.rindex(")")]).split("PRIMARY KEY (")[0]
    return [line.strip() for line in body.split(",") if line.strip()]


def _publish_calendar(session: Session, calendar: Calendar, first: date, last: date) -> None:
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    rows = []
    for day in days:
        start, end = calendar.bounds(day)
        rows.append((day, start, end, round((end - start) / HOUR), calendar.week_of(day), day.replace(day=1)))
    target = session.rollup("calendar_day")
    session.execute(f"DELETE FROM {target}")  # noqa: S608
    kinds = (pa.date32(), pa.timestamp("us"), pa.timestamp("us"), pa.int64(), pa.date32(), pa.date32())
    names = ("day_local", "start_utc", "end_utc", "hours", "week_start", "month_start")
    arrays = [pa.array(list(values), kind) for values, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    session.copy_in(target, pa.table(dict(zip(names, arrays, strict=True))))


def _state(session: Session) -> dict[str, str]:
    return dict(session.rows(f"SELECT name, value FROM {session.rollup('refresh_state')}"))  # noqa: S608


def _write_state(session: Session, state: dict[str, str]) -> None:
    target = session.rollup("refresh_state")
    session.execute(f"DELETE FROM {target}")  # noqa: S608
    for name, value in state.items():
        session.execute(f"INSERT INTO {target} VALUES (:name, :value)", {"name": name, "value": value})  # noqa: S608


def refresh(
    session: Session, settings: Settings, portfolio: Portfolio, *, full: bool = False, progress: Progress | None = None
) -> RefreshResult:
    """Bring the rollups up to date and publish them.

    Raises:
        NotReadyError: the warehouse has no src_* views yet (`readout init`).
        BusyError: another refresh or load runs.
    """
    tell = progress or (lambda _share, _text: None)
    schema = "main" if isinstance(session, DuckSession) else "readout"
    if "src_tasks" not in session.tables(schema):
        message = "this warehouse has not been prepared; run `readout init` first"
        raise NotReadyError(message)
    plan = _plan(session, portfolio)
    tell(0.0, "Looking for what changed")
    if isinstance(session, DuckSession):
        facts = duckdb_path(settings.url)
        old = None if current_rollup(facts) is None else _published_state(session, facts)
        why = _reason_for_full(old, plan, full=full) or _unstamped(session, settings.contract_schema)
        with building(session, facts, _next(old or {}), fresh=bool(why)):
            if why:
                create_rollups(session)
            with session.transaction():
                result = _run(session, portfolio, plan, old or {}, why, tell)
            # the queue is emptied only after the swap: a crash in between rebuilds the same days once more
        with session.transaction():
            session.execute("DELETE FROM dirty_hour_queue")
        return result
    with session.transaction():
        _adopt_schema(session)
        old = _state(session)
        why = _reason_for_full(old, plan, full=full) or _unstamped(session, settings.contract_schema)
        if why:
            for name in (*BY_DAY, *BY_HOUR):
                session.execute(f"DELETE FROM {session.rollup(name)}")  # noqa: S608
        result = _run(session, portfolio, plan, old, why, tell)
        session.execute("DELETE FROM dirty_hour_queue")
    for name in (*BY_DAY, *BY_HOUR, "calendar_day"):
        session.execute(f"ANALYZE {session.rollup(name)}")  # pages come at once, autovacuum later
    return result


def _adopt_schema(session: Session) -> None:
    """Make the published tables anew where an older version of the readout left others."""
    have = session.tables("readout")
    outdated = any(
        set(session.columns("readout", name)) != {line.split()[0] for line in _column_lines(ddl)}
        for name, ddl in rollup_ddl().items()
        if name not in PUBLISHED_OWN
    )
    if outdated:
        for name in rollup_ddl():
            if name not in PUBLISHED_OWN and name in have:
                session.execute(f"DROP TABLE {session.rollup(name)}")
        create_rollups(session)


def _published_state(session: DuckSession, facts: Any) -> dict[str, str]:
    path = str(current_rollup(facts)).replace("'", "''")
    session.connection.execute(f"ATTACH '{path}' AS published (READ_ONLY)")
    try:
        return dict(session.connection.execute("SELECT name, value FROM published.refresh_state").fetchall())
    finally:
        session.connection.execute("DETACH published")


def _reason_for_full(old: dict[str, str] | None, plan: _Plan, *, full: bool) -> str:
    """Return why everything has to be rebuilt, '' where an incremental refresh serves."""
    if full:
        return "asked for"
    if not old:
        return "first refresh"
    if old.get("fingerprint") != plan.fingerprint:
        return "the time zone, prices, rates, settle days, gate lines, source columns or the product's queries changed"
    return ""


def _unstamped(session: Session, schema: str) -> str:
    """Return the reason for a full rebuild where a foreign table cannot say what arrived since the last one."""
    columns = {table: session.columns(schema, table) for table in STAMPED}
    without = [table for table, have in columns.items() if have and "ingested_at" not in have]
    return f"{' and '.join(without)} cannot say when a row arrived (no ingested_at)" if without else ""


def _next(old: dict[str, str]) -> int:
    """Return the data version that this refresh publishes."""
    return int(old.get("sequence", "0")) + 1


def _run(
    session: Session, portfolio: Portfolio, plan: _Plan, old: dict[str, str], why: str, tell: Progress
) -> RefreshResult:
    organisation = portfolio.organisation
    calendar = Calendar(organisation.time_zone, organisation.week_start)
    _create_temporary(session)
    _fill(session, "price_book", plan.prices)
    _fill(session, "rate_book", plan.rates)
    _fill(session, "line", plan.lines)
    if why or "ingested_through" not in old:
        hours = [row[0] for row in session.rows(catalog.load("refresh/all_hours").sql)]
    else:
        since = datetime.fromisoformat(old["ingested_through"]) - OVERLAP
        hours = [row[0] for row in session.rows(catalog.load("refresh/changed_hours").sql, {"since": since})]
        hours += [row[0] for row in session.rows("SELECT DISTINCT hour_utc FROM dirty_hour_queue")]
    # a foreign source may hold impossible instants; `readout load` refuses them
    days = dirty_days([hour for hour in hours if EARLIEST <= hour < LATEST], calendar)
    chunks = [days[start : start + CHUNK_DAYS] for start in range(0, len(days), CHUNK_DAYS)]
    for number, chunk in enumerate(chunks):
        tell(0.05 + 0.9 * number / len(chunks), f"Rebuilding {chunk[0]} to {chunk[-1]}")
        _rebuild(session, chunk, calendar, organisation.accept_settle_days)
    [(ingested_at, happened_at)] = session.rows(catalog.load("refresh/watermark").sql)
    as_of = ingested_at or happened_at
    tell(0.96, "Publishing")
    _publish_small(session)
    session.execute(f"DELETE FROM {session.rollup('backlog')}")  # noqa: S608
    sequence = _next(old)
    state = {
        "sequence": str(sequence),
        "fingerprint": plan.fingerprint,
        "time_zone": organisation.time_zone,
        "week_start": organisation.week_start,
        "histogram_constant": repr(BUCKETS_PER_E),
        "refreshed_at": datetime.now(UTC).replace(tzinfo=None).isoformat(),
    }
    if as_of is not None:
        epoch = round((as_of - datetime(1970, 1, 1)) / timedelta(microseconds=1))  # noqa: DTZ001 - naive UTC
        _select_into(session, session.rollup("backlog"), "backlog", {"as_of": as_of, "as_of_epoch": epoch})
        # a row that was stamped in the future must not hide those that arrive until then
        through = min(as_of, datetime.now(UTC).replace(tzinfo=None))
        state |= {"ingested_through": through.isoformat(), "as_of": as_of.isoformat()}
    [(first, last)] = session.rows(
        f"SELECT MIN(day_local), MAX(day_local) FROM (SELECT day_local FROM {session.rollup('rollup_day')} "  # noqa: S608
        f"UNION ALL SELECT day_local FROM {session.rollup('call_day')}) AS d"
    )
    if first is not None and as_of is not None:
        # a year before the first day, so that a comparison window has a calendar too
        _publish_calendar(
            session, calendar, first - timedelta(days=371), max(last, calendar.day_of(min(as_of, LATEST)))
        )
        state |= {"first_day": first.isoformat(), "last_day": last.isoformat()}
    else:
        session.execute(f"DELETE FROM {session.rollup('calendar_day')}")  # noqa: S608 - nothing is counted any more
    _write_state(session, state)
    tell(1.0, "Published")
    return RefreshResult(bool(why), why, len(days), as_of, f"{sequence}")


__all__ = ["RefreshResult", "dated", "dirty_days", "hours_of", "refresh"]
