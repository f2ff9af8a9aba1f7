"""`readout metrics`: one row per system and period, and one for the portfolio; the same sums as every page."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from readout import words
from readout.briefs.book import Book
from readout.briefs.measures import PORTFOLIO, WHOLE, Measures, Wanted, load_hours, load_measures
from readout.metrics import Number
from readout.periods import By, Grain, Window
from readout.warehouse.errors import InputError
from readout.words import locales

FIELDS = (
    "tasks_attempted", "throughput", "ai_share",
    "handling_seconds_mean", "handling_seconds_p50", "handling_seconds_p95",
    "cycle_seconds_mean", "cycle_seconds_p50", "cycle_seconds_p95",
    "latency_ms_p50", "latency_ms_p95", "latency_ms_p99",
    "accuracy", "reviewed", "escalation_rate", "fallback_rate", "failure_rate", "reopen_rate",
    "input_tokens", "output_tokens",
    "cost_total", "cost_per_task", "cost_per_accepted_task", "direct_cost_per_accepted_task",
    "direct_people_cost_per_accepted_task", "fully_loaded_cost_per_accepted_task", "net_cost_per_accepted_task",
    "cost_coverage",
)  # fmt: skip
HOUR = timedelta(hours=1)


def metric_rows(
    book: Book,
    by: By,
    *,
    system: str | None = None,
    task_type: str | None = None,
    from_day: date | None = None,
    to_day: date | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of `readout metrics`, in the order of system (the portfolio last) and period.

    `from_day` and `to_day` are local days, both included; without them, all data. Periods in which nothing was recorded
    for a system are left out. Values are plain numbers; None where not measurable, with the reason.

    Raises:
        InputError: unknown system or task type, `--by hour` with a task type, or from after to.
    """
    _check(book, by, system, task_type, from_day, to_day)
    if book.first_day is None or book.last_day is None:
        return []
    systems = (system,) if system else book.systems
    chosen = _window(book, by, from_day, to_day)
    with book.warehouse.snapshot() as snapshot:
        if by == "hour":
            bounds = book.calendar.start_of(chosen.start), book.calendar.start_of(chosen.end)
            measures = load_hours(snapshot, book, systems, *bounds)
        else:
            measures = load_measures(
                snapshot,
                book,
                systems,
                chosen,
                None,
                grain=by,
                task_type=task_type or "",
                wanted=Wanted(calls=True, costs=True),
            )
    with locales.free():
        return list(_rows(measures, by, systems, chosen))


def _window(book: Book, by: By, from_day: date | None, to_day: date | None) -> Window:
    """Return the asked days; an end that was not asked for is the edge of its period, so that it cuts none."""
    assert book.first_day is not None  # noqa: S101 - the caller has looked
    assert book.last_day is not None  # noqa: S101
    grain: Grain = "day" if by == "hour" else by
    calendar = book.calendar
    start = from_day or calendar.bucket(book.first_day, grain)
    end = to_day + timedelta(days=1) if to_day else calendar.bucket_end(calendar.bucket(book.last_day, grain), grain)
    return Window(start, max(end, start))


def _check(
    book: Book, by: By, system: str | None, task_type: str | None, from_day: date | None, to_day: date | None
) -> None:
    if by == "hour" and task_type:
        message = "--by hour has no task types: hourly rollups are kept per system and arm. Use --by day --task-type …"
        raise InputError(message)
    if system and system not in book.systems:
        message = f"unknown system {system!r}; known: {', '.join(book.systems) or 'none'}"
        raise InputError(message)
    kinds = {kind for of in book.task_types.values() for kind in of}
    if task_type and task_type not in kinds:
        message = f"unknown task type {task_type!r}; known: {', '.join(sorted(kinds)) or 'none'}"
        raise InputError(message)
    if from_day and to_day and from_day > to_day:
        message = f"--from {from_day} lies after --to {to_day}"
        raise InputError(message)


def _rows(measures: Measures, by: By, systems: tuple[str, ...], chosen: Window) -> Iterator[dict[str, Any]]:
    for system in (*systems, PORTFOLIO):
        for bucket in [WHOLE] if by == "total" else measures.buckets(system):
            if not measures.cell(bucket=bucket, system=system).empty:
                yield _row(measures, by, bucket, system, chosen)


def _period(measures: Measures, by: By, bucket: Any, chosen: Window) -> dict[str, str]:
    """Return the name of a period, its start as ISO text, in local time, and its type."""
    book = measures.book
    if by == "hour":
        start: datetime = bucket.to_pydatetime()
        local = book.calendar.local(start).isoformat()
        kind = "complete" if start + HOUR <= book.as_of else "to date"
        return {"period": local, "period_start": local, "period_type": kind}
    grain: Grain = by
    start_day = chosen.start if bucket is WHOLE else bucket
    return {
        "period": words.days(chosen) if grain == "total" else words.period_name(start_day, grain, book.calendar),
        "period_start": start_day.isoformat(),
        "period_type": book.calendar.period(start_day, grain, chosen, book.as_of).kind,
    }


def _row(measures: Measures, by: By, bucket: Any, system: str, chosen: Window) -> dict[str, Any]:
    row: dict[str, Any] = {"system": system or None, **_period(measures, by, bucket, chosen)}
    reasons: dict[str, str] = {}
    for name in FIELDS:
        if by == "hour" and name.endswith(("_p50", "_p95", "_p99")):
            row[name], reasons[name] = None, "day grain"
            continue
        found = measures.value(name, bucket=bucket, system=system)
        row[name] = _plain(found.value)
        if found.value is None:
            reasons[name] = found.reason
        if name == "accuracy":
            judge = measures.cell(bucket=bucket, system=system).accuracy.judge
            row["accuracy_judge"] = judge if found.value is not None else None
            if found.value is None:
                reasons["accuracy_judge"] = found.reason
    if measures.cell(bucket=bucket, system=system).per_call:
        row["latency_per"] = "call"
    row["currency"] = measures.currency(bucket=bucket, system=system) or None
    row["not_measurable"] = reasons
    return row


def _plain(value: Number | None) -> int | float | None:
    """Return a JSON number; money keeps its value to double precision."""
    return float(value) if isinstance(value, Decimal) else value
