"""Staged charges into `telemetry.costs`: a delivery replaces what its source stated for the same billing period.

Rows that a delivery repeats stay as they are. Rows that it no longer holds, or holds with another system or component,
move to `cost_superseded` with the moment and the load that replaced them. So any earlier state can be read back, and
a delivery with the same content changes nothing. One SQL text for both engines, in the caller's transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from readout.warehouse.contract import contract
from readout.warehouse.errors import InputError
from readout.warehouse.focus.staging import Staging
from readout.warehouse.loading.evaluate import Stamp
from readout.warehouse.loading.result import Span
from readout.warehouse.loading.upsert import HOURS, queue_hours, record
from readout.warehouse.session import Session

COSTS = contract()["costs"]
_CONTENT = tuple(name for name in COSTS.names if name not in {"source", "charge_id", "load_id", "ingested_at"})
_BATCH = 20_000


@dataclass(frozen=True)
class Terms:
    """On what terms a delivery is taken.

    `append` adds to what is stored, instead of replacing it; `accept_rejects` lets a delivery with rejected rows
    replace one; `closed` are the first days of months that must not change.
    """

    append: bool = False
    accept_rejects: bool = False
    closed: Collection[date] = ()
    rules: str = ""


@dataclass(frozen=True)
class Delivery:
    """What became of one source's billing period in one currency; sums over the delivered rows, as stored."""

    source: str
    billing_period: str
    currency: str
    rows: int
    added: int
    superseded: int
    billed_cost: Decimal
    effective_cost: Decimal | None


def write(
    session: Session, schema: str, staging: Staging, stamp: Stamp, terms: Terms
) -> tuple[list[Delivery], frozenset[Span]]:
    """Bring `costs` up to the staged rows; return what became of each source, billing period and currency.

    Beside it stands from when to when the rows count that came or went.

    Afterwards `added` in the sandbox holds source and charge_id of the rows that are new.

    Raises:
        InputError: a closed month would change, rejected rows would leave a replaced period incomplete, or the rows
            are stored under another source already. Nothing is written then.
    """
    costs = f"{schema}.costs"
    _copy_in(session, staging, stamp)
    _compare(session, costs, terms)
    deliveries = _deliveries(session)
    added = session.rows(f"SELECT n.source, n.charge_id FROM {_ADDED}")
    keys = (("source", 0), ("charge_id", 1))
    staging.connection.register(
        "added", pa.table({name: pa.array([one[place] for one in added], pa.string()) for name, place in keys})
    )
    spans = _spans(session)
    if any(one.added or one.superseded for one in deliveries):
        _check(session, costs, staging, deliveries, terms)
        _move(session, costs, stamp)
        _keep_origins(session, staging, stamp)
        _log(session, staging, deliveries, stamp, terms)
        _record(session, staging)
    for name in ("focus_old", "focus_same", "focus_period", "focus_new"):
        session.execute(f"DROP TABLE {name}")
    return deliveries, spans


def _spans(session: Session) -> frozenset[Span]:
    found = session.rows(
        f"SELECT n.charge_start, n.charge_end FROM {_ADDED} UNION SELECT charge_start, charge_end FROM focus_old"
    )
    return frozenset((begins, ends) for begins, ends in found)


_STAGED = """SELECT k.charge_id, s.system_id, s.component, s.charge_start, s.charge_end, s.billed AS billed_cost,
  s.effective AS effective_cost, s.currency, s.charge_category, s.charge_class, s.billing_period, s.invoice_id,
  s.service_name, s.allocation_key, s.source
FROM stage AS s JOIN kept AS k USING (file_no, row_no) WHERE k.copy = 1"""


def _copy_in(session: Session, staging: Staging, stamp: Stamp) -> None:
    columns = ", ".join(f"{column.name} {column.stored_type}" for column in COSTS.columns)
    session.execute(f"CREATE TEMPORARY TABLE focus_new ({columns})")
    query = f"SELECT *, {stamp.sql('load_id')} AS load_id, {stamp.sql('ingested_at')} AS ingested_at FROM ({_STAGED})"
    for batch in staging.connection.sql(query).to_arrow_reader(_BATCH):
        session.copy_in("focus_new", pa.Table.from_batches([batch]))
    session.execute("CREATE TEMPORARY TABLE focus_period AS SELECT DISTINCT source, billing_period FROM focus_new")
    _analyze(session, "focus_new", "focus_period")


def _analyze(session: Session, *tables: str) -> None:
    if session.engine == "postgresql":  # without it the planner takes them for a few rows
        for table in tables:
            session.execute(f"ANALYZE {table}")


def _compare(session: Session, costs: str, terms: Terms) -> None:
    """Make `focus_same` (rows stored as they were delivered) and `focus_old` (stored rows that have to go)."""
    same = " AND ".join(f"n.{name} IS NOT DISTINCT FROM c.{name}" for name in _CONTENT)
    session.execute(
        f"CREATE TEMPORARY TABLE focus_same AS SELECT n.source, n.charge_id FROM focus_new AS n JOIN {costs} AS c "
        f"ON c.source = n.source AND c.charge_id = n.charge_id WHERE {same}"
    )
    _analyze(session, "focus_same")
    scope = (
        "JOIN focus_new AS n ON n.source = c.source AND n.charge_id = c.charge_id"
        if terms.append
        else "JOIN focus_period AS p ON p.source = c.source AND p.billing_period = c.billing_period"
    )
    session.execute(
        f"CREATE TEMPORARY TABLE focus_old AS SELECT c.* FROM {costs} AS c {scope} "
        "WHERE NOT EXISTS (SELECT 1 FROM focus_same AS s WHERE s.source = c.source AND s.charge_id = c.charge_id)"
    )
    _analyze(session, "focus_old")


_ADDED = (
    "focus_new AS n WHERE NOT EXISTS "
    "(SELECT 1 FROM focus_same AS s WHERE s.source = n.source AND s.charge_id = n.charge_id)"
)


def _deliveries(session: Session) -> list[Delivery]:
    keys = "source, billing_period, currency"
    added = _counts(session, f"SELECT {keys}, COUNT(*) FROM {_ADDED} GROUP BY {keys}")
    gone = _counts(session, f"SELECT {keys}, COUNT(*) FROM focus_old GROUP BY {keys}")
    found = {
        (source, period, currency): (rows, billed, effective)
        for source, period, currency, rows, billed, effective in session.rows(
            f"SELECT {keys}, COUNT(*), SUM(billed_cost), SUM(effective_cost) FROM focus_new GROUP BY {keys}"
        )
    }
    nothing = (0, Decimal(0), None)
    return [
        Delivery(*key, rows, added.get(key, 0), gone.get(key, 0), billed, effective)
        for key in sorted(found.keys() | gone.keys())
        for rows, billed, effective in (found.get(key, nothing),)
    ]


def _counts(session: Session, sql: str) -> dict[tuple[Any, ...], int]:
    return {tuple(key): count for *key, count in session.rows(sql)}


def _check(session: Session, costs: str, staging: Staging, deliveries: list[Delivery], terms: Terms) -> None:
    changing = sorted({one.billing_period for one in deliveries if one.added or one.superseded})
    if shut := [period for period in changing if date.fromisoformat(f"{period[:7]}-01") in terms.closed]:
        message = (
            f"billing period {', '.join(shut)} is closed and stays as it was reported; what changed since arrives as a "
            "correction in an open billing period"
        )
        raise InputError(message)
    replaced = sum(one.superseded for one in deliveries)
    [(rejected,)] = staging.rows("SELECT COUNT(*) FROM refused")
    if rejected and replaced and not terms.accept_rejects:
        lines = f"{rejected:,} row{' is' if rejected == 1 else 's are'} rejected"
        message = (
            f"{lines}, so that this delivery would replace {replaced:,} stored rows by an incomplete period; "
            "mend the rows, or say --accept-rejects"
        )
        raise InputError(message)
    rows: dict[tuple[str, str], int] = {}
    for one in deliveries:
        rows[one.source, one.billing_period] = rows.get((one.source, one.billing_period), 0) + one.rows
    for source, period, other, count in session.rows(
        "SELECT n.source, n.billing_period, MIN(c.source), COUNT(DISTINCT n.charge_id) FROM focus_new AS n "
        f"JOIN {costs} AS c ON c.charge_id = n.charge_id AND c.source <> n.source GROUP BY n.source, n.billing_period"
    ):
        if count == rows[source, period]:
            message = (
                f"all {count:,} rows of billing period {period} are stored already under source {other}; "
                f"import them as --source {other}, so that they do not count twice"
            )
            raise InputError(message)


def _move(session: Session, costs: str, stamp: Stamp) -> None:
    names = ", ".join(COSTS.names)
    [start] = HOURS["costs"]
    queue_hours(
        session, f"SELECT {start} AS instant FROM focus_old UNION ALL SELECT n.{start} AS instant FROM {_ADDED}"
    )
    session.execute(
        f"INSERT INTO cost_superseded ({names}, superseded_at, superseded_by) "
        f"SELECT {names}, {stamp.sql('ingested_at')}, {stamp.sql('load_id')} FROM focus_old"
    )
    session.execute(
        f"DELETE FROM {costs} WHERE EXISTS (SELECT 1 FROM focus_old AS o "
        f"WHERE o.source = {costs}.source AND o.charge_id = {costs}.charge_id)"
    )
    listed = ", ".join(f"n.{name}" for name in COSTS.names)
    session.execute(f"INSERT INTO {costs} ({names}) SELECT {listed} FROM {_ADDED}")


def _keep_origins(session: Session, staging: Staging, stamp: Stamp) -> None:
    """Keep the file's own row of every charge that was added, so that a figure can be traced to it."""
    files = " ".join(f"WHEN {number} THEN ?" for number in range(len(staging.files)))
    reader = staging.connection.sql(
        f"SELECT s.source, k.charge_id, {stamp.sql('load_id')} AS load_id, CASE s.file_no {files} END AS file, "
        "s.row_no, s.line, s.origin AS row_text FROM stage AS s JOIN kept AS k USING (file_no, row_no) "
        "SEMI JOIN added AS a ON a.source = s.source AND a.charge_id = k.charge_id WHERE k.copy = 1",
        params=[file.name for file in staging.files],
    ).to_arrow_reader(_BATCH)
    for batch in reader:
        session.copy_in("cost_origin", pa.Table.from_batches([batch]))


def _log(session: Session, staging: Staging, deliveries: list[Delivery], stamp: Stamp, terms: Terms) -> None:
    rows = [
        {
            "load_id": stamp.load_id, "source": one.source, "billing_period": one.billing_period,
            "currency": one.currency, "delivery": "append" if terms.append else "replace",
            "files": ", ".join(file.name for file in staging.files), "rules": terms.rules,
            "rows_delivered": one.rows, "rows_added": one.added, "rows_superseded": one.superseded,
            "billed_cost": one.billed_cost, "effective_cost": one.effective_cost, "delivered_at": stamp.at,
        }
        for one in deliveries
        if one.added or one.superseded
    ]  # fmt: skip
    money = pa.decimal128(38, 12)
    schema = {"billed_cost": money, "effective_cost": money, "delivered_at": pa.timestamp("us")}
    columns = {name: pa.array([row[name] for row in rows], schema.get(name)) for name in rows[0]}
    session.copy_in("cost_delivery", pa.table(columns))


def _record(session: Session, staging: Staging) -> None:
    """Note, per system, what the files say something about."""
    have = {new for file in staging.files for new in file.columns.values()}
    told = {
        "effective_cost": "EffectiveCost", "charge_category": "ChargeCategory", "charge_class": "ChargeClass",
        "invoice_id": "InvoiceId", "service_name": "ServiceName",
    }  # fmt: skip
    silent = {name for name, column in told.items() if column not in have}
    systems = {system or "*" for (system,) in staging.rows("SELECT DISTINCT system_id FROM stage")}
    names = [name for name in COSTS.names if name not in silent | {"load_id", "ingested_at"}]
    record(session, COSTS.name, systems, names)
