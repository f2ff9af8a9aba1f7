"""`readout refresh`: facts -> rollups, incremental by ingest watermark, idempotent, equal to a full rebuild.

UTC hours are dirty where rows arrived since the last watermark (less an overlap), where load queued them, and where
the source no longer holds what it did at the last refresh. The local days that these hours touch are rebuilt from the
`src_*` views by the SQL of queries/refresh, the same text on both engines. A change of the time zone, the prices, the
rate card, the settle days or the gates' lines rebuilds everything.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyarrow as pa

from readout.periods import Calendar, Grain
from readout.portfolio import Portfolio
from readout.settings import Settings
from readout.stats import BUCKETS_PER_E
from readout.warehouse import catalog
from readout.warehouse.dirty import (
    LATEST,
    Dirty,
    all_days,
    changed_days,
    compared_from,
    dirty_days,
    hours_of,
    keep_stock,
    take_stock,
)
from readout.warehouse.errors import NotReadyError
from readout.warehouse.fact_counts import publish_fact_counts
from readout.warehouse.init import PUBLISHED_OWN, SMALL_TABLES, column_names, create_rollups, rollup_ddl
from readout.warehouse.rebuild import BY_DAY, BY_HOUR, QUERIES, create_temporary, fill, rebuild, select_into
from readout.warehouse.repeats import Repeats, publish, settle
from readout.warehouse.session import DuckSession, Session, building, current_rollup, duckdb_path
from readout.warehouse.views import STAMPED

# Rows counted in the days that are rebuilt at once: bounds memory, and is the step of the progress.
CHUNK_ROWS = 1_000_000
CHUNK_DAYS = 92  # days at once where their rows are not counted
ANALYZED_DAYS = 7  # fewer days do not change what PostgreSQL knows of a table
FAR = date(9999, 1, 1)
# Buckets of a local day in calendar_day. Every refresh publishes them anew, and no sum depends on the fiscal ones: a
# change of the fiscal year is not in the fingerprint, because it rebuilds nothing.
CALENDAR_GRAINS: tuple[Grain, ...] = (
    "week", "month", "quarter", "year", "fiscal_month", "fiscal_quarter", "fiscal_year"
)  # fmt: skip

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class RefreshResult:
    """What one refresh did. `full` = everything was rebuilt, and `reason` says why.

    Otherwise `days` is the sum of those that were rebuilt because rows arrived, because rows were replaced (load and
    repeated keys queue them), and because the source no longer held what the refresh before had counted. `dropped` =
    rows of a foreign source that are not counted, because a later one has the same key.
    """

    full: bool
    reason: str
    days: int
    as_of: datetime | None
    data_version: str
    arrived: int = 0
    queued: int = 0
    compared: int = 0
    dropped: int = 0


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
    views = sorted(
        session.rows(
            "SELECT viewname, definition FROM pg_catalog.pg_views WHERE viewname LIKE 'src_%' OR viewname LIKE 'raw_%'"
        )
    )
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


def _publish_small(session: Session) -> None:
    published = (*SMALL_TABLES, *PUBLISHED_OWN) if isinstance(session, DuckSession) else SMALL_TABLES
    for name in published:
        source = name if name in {"load_log", "load_reject"} else f"src_{name}"
        columns = column_names(rollup_ddl()[name])
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


def _publish_calendar(session: Session, calendar: Calendar, first: date, last: date) -> None:
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    starts, ends = zip(*map(calendar.bounds, days), strict=True)
    # whole seconds: a day may be half an hour longer or shorter
    lengths = [round((end - start).total_seconds()) for start, end in zip(starts, ends, strict=True)]
    columns = {
        "day_local": pa.array(days, pa.date32()),
        "start_utc": pa.array(starts, pa.timestamp("us")),
        "end_utc": pa.array(ends, pa.timestamp("us")),
        "seconds": pa.array(lengths, pa.int64()),
    }
    for grain in CALENDAR_GRAINS:
        columns[f"{grain}_start"] = pa.array([calendar.bucket(day, grain) for day in days], pa.date32())
    target = session.rollup("calendar_day")
    session.execute(f"DELETE FROM {target}")  # noqa: S608
    session.copy_in(target, pa.table(columns))


def _state(session: Session) -> dict[str, str]:
    return dict(session.rows(f"SELECT name, value FROM {session.rollup('refresh_state')}"))  # noqa: S608


def _write_state(session: Session, state: dict[str, str]) -> None:
    target = session.rollup("refresh_state")
    session.execute(f"DELETE FROM {target}")  # noqa: S608
    session.copy_in(
        target, pa.table({"name": pa.array(state.keys(), pa.string()), "value": pa.array(state.values(), pa.string())})
    )


def chunks_of(dirty: Dirty) -> list[list[date]]:
    """Cut the days to rebuild into parts of at most CHUNK_ROWS rows, or one day: each part reads the facts once."""
    chunks: list[list[date]] = []
    rows = 0
    for day in dirty.days:
        own = dirty.rows.get(day, CHUNK_ROWS // CHUNK_DAYS)
        if not chunks or rows + own > CHUNK_ROWS:
            chunks.append([])
            rows = 0
        chunks[-1].append(day)
        rows += own
    return chunks


def refresh(
    session: Session, settings: Settings, portfolio: Portfolio, *, full: bool = False, progress: Progress | None = None
) -> RefreshResult:
    """Bring the rollups up to date and publish them.

    Raises:
        NotReadyError: the warehouse has no src_* views yet, or those of an older version (`readout init`).
        BusyError: another refresh or load runs.
    """
    tell = progress or (lambda _share, _text: None)
    schema = "main" if isinstance(session, DuckSession) else "readout"
    columns = session.columns(schema, "src_tasks")
    if not columns:
        message = "this warehouse has not been prepared; run `readout init` first"
        raise NotReadyError(message)
    if "row_hash" not in columns:
        message = "this warehouse was prepared by an older version; run `readout init` to renew its views"
        raise NotReadyError(message)
    plan = _plan(session, portfolio)
    tell(0.0, "Looking for what changed")
    if isinstance(session, DuckSession):
        with session.transaction():
            repeats = settle(session, settings.contract_schema)
        facts = duckdb_path(settings.url)
        old = None if current_rollup(facts) is None else _published_state(session, facts)
        why = _reason_for_full(old, plan, full=full) or _unstamped(session, settings.contract_schema)
        with building(session, facts, _next(old or {}), fresh=bool(why)):
            if why:
                create_rollups(session)
            with session.transaction():
                result = _run(session, portfolio, plan, old or {}, why, tell, repeats)
            # the queue is emptied only after the swap: a crash in between rebuilds the same days once more
        with session.transaction():
            session.execute("DELETE FROM dirty_hour_queue")
        return result
    with session.transaction():
        _adopt_schema(session)
        repeats = settle(session, settings.contract_schema)
        old = _state(session)
        why = _reason_for_full(old, plan, full=full) or _unstamped(session, settings.contract_schema)
        result = _run(session, portfolio, plan, old, why, tell, repeats)
        session.execute("DELETE FROM dirty_hour_queue")
    if result.days > ANALYZED_DAYS:
        for name in (*BY_DAY, *BY_HOUR, "calendar_day"):
            session.execute(f"ANALYZE {session.rollup(name)}")  # pages come at once, autovacuum later
    return result


def _adopt_schema(session: Session) -> None:
    """Make the published tables anew where an older version of the readout left others."""
    have = session.tables("readout")
    outdated = any(
        set(session.columns("readout", name)) != set(column_names(ddl))
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
    session: Session,
    portfolio: Portfolio,
    plan: _Plan,
    old: dict[str, str],
    why: str,
    tell: Progress,
    repeats: Sequence[Repeats],
) -> RefreshResult:
    organisation = portfolio.organisation
    calendar = organisation.calendar
    create_temporary(session)
    fill(session, "price_book", plan.prices)
    fill(session, "rate_book", plan.rates)
    fill(session, "line", plan.lines)
    [(ingested_at, happened_at)] = session.rows(catalog.load("refresh/watermark").sql)
    as_of = ingested_at or happened_at
    tell(0.02, "Comparing with the last refresh")
    first_compared = compared_from(as_of) if as_of is not None else None
    take_stock(session, first_compared)
    if why or first_compared is None or "ingested_through" not in old:
        dirty = all_days(session, calendar)
        for name in (*BY_DAY, *BY_HOUR):
            session.execute(f"DELETE FROM {session.rollup(name)}")  # noqa: S608
    else:
        dirty = changed_days(session, calendar, datetime.fromisoformat(old["ingested_through"]), first_compared)
    chunks = chunks_of(dirty)
    for number, chunk in enumerate(chunks):
        tell(0.05 + 0.9 * number / len(chunks), f"Rebuilding {chunk[0]} to {chunk[-1]}")
        rebuild(session, chunk, calendar, organisation.accept_settle_days)
    tell(0.96, "Publishing")
    _publish_small(session)
    keep_stock(session)
    publish(session, repeats)
    publish_fact_counts(session, as_of)
    session.execute(f"DELETE FROM {session.rollup('backlog')}")  # noqa: S608
    sequence = _next(old)
    state = {
        "sequence": str(sequence),
        "fingerprint": plan.fingerprint,
        **calendar.stored(),
        "histogram_constant": repr(BUCKETS_PER_E),
        "refreshed_at": datetime.now(UTC).replace(tzinfo=None).isoformat(),
    }
    if as_of is not None:
        epoch = round((as_of - datetime(1970, 1, 1)) / timedelta(microseconds=1))  # noqa: DTZ001 - naive UTC
        select_into(session, session.rollup("backlog"), "backlog", {"as_of": as_of, "as_of_epoch": epoch})
        # a row that was stamped in the future must not hide those that arrive until then
        through = min(as_of, datetime.now(UTC).replace(tzinfo=None))
        state |= {"ingested_through": through.isoformat(), "as_of": as_of.isoformat()}
    [(first, last)] = session.rows(
        f"SELECT MIN(day_local), MAX(day_local) FROM (SELECT day_local FROM {session.rollup('rollup_day')} "  # noqa: S608
        f"UNION ALL SELECT day_local FROM {session.rollup('call_day')} WHERE purpose <> 'test') AS d"
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
    return RefreshResult(
        bool(why), why, len(dirty.days), as_of, f"{sequence}", dirty.arrived, dirty.queued, dirty.compared,
        sum(one.dropped for one in repeats),
    )  # fmt: skip


__all__ = ["RefreshResult", "dated", "dirty_days", "hours_of", "refresh"]
