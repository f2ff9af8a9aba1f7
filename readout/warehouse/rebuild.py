"""Days rebuilt from the facts: temporary tables that build on each other, then the rollups that are read off them.

The SQL is queries/refresh, the same text on both engines; it reads only the `src_*` views.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from readout.periods import Calendar
from readout.warehouse import catalog
from readout.warehouse.dirty import HOUR, hours_of
from readout.warehouse.session import Session

MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_PER_DAY = 86_400_000_000
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC
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
# What the refresher itself fills: column -> SQL type.
PLANNED = {
    "calendar_hour": {
        "hour_utc": "TIMESTAMP", "from_utc": "TIMESTAMP", "to_utc": "TIMESTAMP", "day_local": "DATE",
        "bill_month": "DATE",
    },
    "dirty_day": {"day_local": "DATE", "start_epoch": "BIGINT"},
    "price_book": {
        "provider": "VARCHAR", "model": "VARCHAR", "token_class": "VARCHAR", "valid_from": "DATE", "valid_to": "DATE",
        "per_token": "DECIMAL(38,18)", "currency": "VARCHAR",
    },
    "rate_book": {
        "role": "VARCHAR", "valid_from": "DATE", "valid_to": "DATE", "per_us": "DECIMAL(38,24)", "currency": "VARCHAR",
    },
    "source_now": {
        "source": "VARCHAR", "counted": "VARCHAR", "hour_utc": "TIMESTAMP", "own_day": "DATE", "n": "BIGINT",
        "content": "DECIMAL(38,0)",
    },
    "line": {"system_id": "VARCHAR", "metric": "VARCHAR", "line_us": "BIGINT"},
}  # fmt: skip
ARROW = {
    "TIMESTAMP": pa.timestamp("us"), "DATE": pa.date32(), "VARCHAR": pa.string(), "BIGINT": pa.int64(),
    "DECIMAL(38,18)": pa.decimal128(38, 18), "DECIMAL(38,24)": pa.decimal128(38, 24),
}  # fmt: skip


def create_temporary(session: Session) -> None:
    """Create the temporary tables, empty; those of an earlier refresh in the same session go."""
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


def fill(session: Session, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Replace the rows of one of the tables that the refresher itself fills."""
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


def select_into(session: Session, target: str, name: str, params: dict[str, Any]) -> None:
    """Append what queries/refresh/<name>.sql gives to a table with its columns."""
    query = catalog.load(f"refresh/{name}")
    bound = {key: params[key] for key in query.params}
    session.execute(f"INSERT INTO {target} ({', '.join(query.columns)}) {query.sql}", bound)


def plan_days(session: Session, days: Sequence[date], calendar: Calendar) -> dict[str, Any]:
    """Fill in the days to rebuild and their hours; return the bounds `lo` and `hi` (excluded) of these."""
    hours = hours_of(days, calendar)
    # providers bill by the month of UTC, whatever the organisation's own days are
    fill(session, "calendar_hour", [(*hour, hour[0].date().replace(day=1)) for hour in hours])
    fill(session, "dirty_day", [(day, (calendar.start_of(day) - EPOCH) // MICROSECOND) for day in days])
    return {"lo": hours[0][0], "hi": hours[-1][0] + HOUR}


def rebuild(session: Session, days: Sequence[date], calendar: Calendar, settle_days: int) -> None:
    """Recompute the given local days, and every UTC hour that they touch, from the facts."""
    params = {**plan_days(session, days, calendar), "settle_us": settle_days * MICROSECONDS_PER_DAY}
    session.execute("ANALYZE calendar_hour")
    for name in WORK:
        session.execute(f"DELETE FROM {name}")  # noqa: S608 - a name of this module
        select_into(session, name, name, params)
        session.execute(f"ANALYZE {name}")
    for name in BY_DAY:
        target = session.rollup(name)
        session.execute(f"DELETE FROM {target} WHERE day_local IN (SELECT day_local FROM dirty_day)")  # noqa: S608
        select_into(session, target, name, params)
    for name in BY_HOUR:
        target = session.rollup(name)
        session.execute(f"DELETE FROM {target} WHERE hour_utc IN (SELECT hour_utc FROM calendar_hour)")  # noqa: S608
        select_into(session, target, name, params)
