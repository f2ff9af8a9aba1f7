"""What was delivered when, and what a billing period looked like then."""

from datetime import datetime
from typing import Any

from readout.warehouse.focus.snapshot import COSTS
from readout.warehouse.session import READOUT_SCHEMA, Session

_DELIVERY = (
    "load_id", "source", "billing_period", "currency", "delivery", "files", "rules", "rows_delivered", "rows_added",
    "rows_superseded", "billed_cost", "effective_cost", "delivered_at",
)  # fmt: skip


def delivered(session: Session) -> list[dict[str, Any]]:
    """Return every delivery that changed something, the latest first: a row per source, billing period and currency."""
    home = READOUT_SCHEMA if session.engine == "postgresql" else "main"
    if "cost_delivery" not in session.tables(home):  # a warehouse of an earlier version, into which none came yet
        return []
    rows = session.rows(
        f"SELECT {', '.join(_DELIVERY)} FROM cost_delivery ORDER BY delivered_at DESC, source, billing_period, currency"
    )
    return [dict(zip(_DELIVERY, row, strict=True)) for row in rows]


def charges_as_of(
    session: Session, schema: str, source: str, billing_period: str, at: datetime
) -> list[dict[str, Any]]:
    """Return the charges of one source's billing period as they were stored at an instant (naive UTC)."""
    names = ", ".join(COSTS.names)
    where = "source = :source AND billing_period = :period AND ingested_at <= :at"
    rows = session.rows(
        f"SELECT {names} FROM {schema}.costs WHERE {where} UNION ALL "
        f"SELECT {names} FROM cost_superseded WHERE {where} AND superseded_at > :at ORDER BY charge_id",
        {"source": source, "period": billing_period, "at": at},
    )
    return [dict(zip(COSTS.names, row, strict=True)) for row in rows]
