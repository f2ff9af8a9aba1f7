"""Data health: freshness per source, rejects, coverage, and what is not measurable with its fix."""

from datetime import UTC, datetime, timedelta

import pandas as pd

from readout import findings
from readout.briefs.book import Book
from readout.briefs.results import HealthBrief, NotMeasurable, Scope
from readout.metrics import METRICS, fix_for, missing_need

COVERED = {"handling": "handling_n", "latency": "latency_n", "outcome": "outcome_known"}
HOUR = timedelta(hours=1)


def health_brief(book: Book, scope: Scope) -> HealthBrief:
    """Return the state of the data itself; the period filter does not touch it."""
    header = book.header(scope)
    with book.warehouse.snapshot() as snapshot:
        loads, rejects = snapshot.query("read/loads"), snapshot.query("read/rejects")
    systems = book.chosen_systems(scope)
    gaps = tuple(_gaps(book, systems))
    coverage = _coverage(book, systems)
    known = coverage["cost"].dropna()
    worst = float(known.min()) if not known.empty else None
    finding = findings.of_health(
        header.stale_hours, int(loads["rejected"].sum()), int(loads["rows_read"].sum()), len(gaps), worst
    )
    return HealthBrief(header, finding, _freshness(book, loads), rejects, loads, coverage, gaps)


def _freshness(book: Book, loads: pd.DataFrame) -> pd.DataFrame:
    """Return each source and table with the age of its last load, measured by the machine's clock."""
    promise = book.portfolio.organisation.freshness_hours
    now = datetime.now(UTC).replace(tzinfo=None)
    if loads.empty:  # a foreign warehouse: the watermark is all there is
        rows = pd.DataFrame({"source": ["warehouse"], "table_name": ["all"], "rows": [0], "loaded_at": [book.as_of]})
    else:
        rows = (
            loads.groupby(["source", "table_name"], as_index=False)
            .agg(rows=("loaded", "sum"), loaded_at=("loaded_at", "max"))
            .sort_values(["loaded_at", "source", "table_name"])
        )
    age = [(now - loaded) / HOUR for loaded in pd.to_datetime(rows["loaded_at"])]
    return rows.assign(
        age_hours=age, promise_hours=promise, state=["fresh" if hours <= promise else "stale" for hours in age]
    ).reset_index(drop=True)


def _coverage(book: Book, systems: tuple[str, ...]) -> pd.DataFrame:
    """Return per system the share of tasks for which each measure is known, over all data; NaN where none can be."""
    counts = book.dimensions.drop(columns=["task_type", "currency"]).groupby("system_id").sum()
    rows = []
    for system in systems:
        own = counts.loc[system] if system in counts.index else None
        done = int(own["completed"]) if own is not None else 0
        rows.append(
            {
                "system_id": system,
                "name": book.name_of(system),
                "tasks": int(own["attempted"]) if own is not None else 0,
                **{name: _share(own, column, "completed") for name, column in COVERED.items()},
                "cost": _share(own, "cost_n", "settled_ai"),
                "review": _share(own, "judged", "completed_ai") if done else float("nan"),
            }
        )
    return pd.DataFrame(rows, columns=["system_id", "name", "tasks", *COVERED, "cost", "review"])


def _share(counts: pd.Series | None, part: str, whole: str) -> float:
    if counts is None or not counts[whole]:
        return float("nan")
    return min(float(counts[part]) / float(counts[whole]), 1.0)


def _gaps(book: Book, systems: tuple[str, ...]) -> list[NotMeasurable]:
    gaps = []
    for system in systems:
        for metric in METRICS.values():
            need = missing_need(metric, book.recorded[system])
            if need:
                reason = f"not recorded: {' or '.join(need[:2])}"
                gaps.append(NotMeasurable(system, book.name_of(system), metric.name, reason, fix_for(need)))
    return gaps
