"""Rows that arrive late, twice, corrected, without a word, or go: drawn at random, and done to a warehouse.

A `Source` keeps its rows as the system that writes them does. Beside it stands what has to be counted of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from readout.warehouse.contract import contract
from readout.warehouse.init import ddl, initialise
from readout.warehouse.session import Session
from tests.contract.worked import SCHEMA, _cell, insert

START = datetime(2026, 3, 27)  # the week before the clocks change in Berlin
ARRIVED = datetime(2026, 4, 20)
BATCH = timedelta(days=1)  # between two arrivals: far beyond the refresh's overlap
MINUTES = timedelta(minutes=10)  # between two rows of one: only the last two are in the overlap of the next refresh
TABLES = ("tasks", "model_calls", "verdicts", "human_work", "costs")
ZONES = ("Europe/Berlin", "Asia/Kathmandu", "America/St_Johns")
Row = dict[str, Any]

# What may arrive. Few ids, so that rows meet; the hours in which days of the zones begin, and the edges within them.
instants = st.builds(
    lambda day, hour, edge: START + timedelta(days=day, hours=hour) + edge,
    st.sampled_from([-70, 0, 1, 2, 3, 6, 9, 13]),  # the first is before anything that a refresh compares
    st.sampled_from([2, 18, 18, 22]),
    st.sampled_from([timedelta(0), timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1, microseconds=-1)]),
)
task_ids = st.sampled_from([f"t{number}" for number in range(7)])
system_ids = st.sampled_from(["a", "a", "a", "b"])
amounts = st.sampled_from(["0", "0.01", "1.000000000001", None])
tasks = st.fixed_dictionaries(
    {
        "system_id": system_ids,
        "task_id": task_ids,
        "task_type": st.sampled_from(["x", "y", None]),
        "created_at": instants,
        "completed_at": st.none() | instants,
        "status": st.sampled_from(["open", "completed", "completed", "failed", "unknown"]),
        "arm": st.sampled_from(["ai_auto", "ai_auto", "ai_assisted", "human", "shadow"]),
        "outcome": st.sampled_from(["resolved", "escalated", "fallback", None]),
        "latency_ms": st.sampled_from([None, "250.5", "-1", "0"]),
        "handling_seconds": st.sampled_from([None, None, "42.25"]),
        "human_seconds": st.sampled_from([None, "30"]),
        "reopened_at": st.none() | instants,
        "cost_amount": amounts,
        "cost_currency": st.sampled_from(["EUR", "USD"]),
        "is_test": st.sampled_from([False, False, False, True]),
    }
)
calls = st.fixed_dictionaries(
    {
        "system_id": system_ids,
        "call_id": st.sampled_from([f"c{number}" for number in range(7)]),
        "task_id": st.one_of(task_ids, task_ids, st.none()),
        "provider": st.just("acme"),
        "model": st.sampled_from(["m1", "m2"]),
        "purpose": st.sampled_from(["serve", "retry", "judge", "shadow", None]),
        "started_at": instants,
        "duration_ms": st.sampled_from(["100", None]),
        "input_tokens": st.sampled_from([1000, 0, None]),
        "output_tokens": st.sampled_from([50, None]),
        "cost_amount": amounts,
        "cost_currency": st.just("EUR"),
    }
)
verdicts = st.fixed_dictionaries(
    {
        "system_id": system_ids,
        "task_id": task_ids,
        "verdict_id": st.sampled_from(["v1", "v2"]),
        "metric": st.just("correct"),
        "outcome": st.sampled_from([True, False, None]),
        "judge": st.sampled_from(["human", "model", "downstream"]),
        "review_reason": st.sampled_from(["random", "complaint", None]),
        "sampling_prob": st.sampled_from([None, 0.1, 0.3, 1.0]),
        "created_at": instants,
    }
)
work = st.fixed_dictionaries(
    {
        "system_id": system_ids,
        "task_id": task_ids,
        "activity": st.sampled_from(["handle", "review", "rework"]),
        "role": st.sampled_from(["agent", "lead", None]),
        "started_at": instants,
        "seconds": st.sampled_from(["10", "0.000001"]),
    }
)
charges = st.fixed_dictionaries(
    {
        "charge_id": st.sampled_from(["k1", "k2"]),
        "system_id": st.none() | system_ids,
        "component": st.just("platform"),
        "charge_start": instants,
        "charge_end": instants,
        "billed_cost": st.sampled_from(["5", "-1.5"]),
        "currency": st.just("EUR"),
        "source": st.just("focus"),
        "load_id": st.just("l"),
    }
)
arriving = st.one_of(
    st.tuples(st.just("tasks"), tasks),
    st.tuples(st.just("tasks"), tasks),
    st.tuples(st.just("model_calls"), calls),
    st.tuples(st.just("model_calls"), calls),
    st.tuples(st.just("verdicts"), verdicts),
    st.tuples(st.just("human_work"), work),
    st.tuples(st.just("costs"), charges),
)
KINDS = ("arrives", "arrives", "is changed in place", "comes twice", "goes")


@dataclass(frozen=True)
class Event:
    """What happens to a source: `row` of `table` arrives, replaces another without a word, or one of the rows goes."""

    kind: str
    table: str
    row: Row
    draw: int


def _event(kind: str, arrival: tuple[str, Row], draw: int) -> Event:
    return Event(kind, *arrival, draw)


events = st.builds(_event, st.sampled_from(KINDS), arriving, st.integers(0, 11))
# much at first, then a little at a time: what a few rows do not touch stays as it was
histories = st.tuples(
    st.lists(st.builds(_event, st.just("arrives"), arriving, st.integers(0, 11)), min_size=12, max_size=25),
    *[st.lists(events, min_size=1, max_size=4) for _ in range(3)],
)
PRICES = [
    {
        "provider": "acme", "model": "m1", "token_class": token_class, "unit_tokens": 1_000_000, "price": price,
        "currency": "EUR", "valid_from": "2026-01-01",
    }
    for token_class, price in (("input", "2.5"), ("output", "10"))
]  # fmt: skip
RATES = [{"role": "agent", "hourly_amount": "36", "currency": "EUR", "valid_from": "2026-01-01"}]


def key_of(table: str, row: Row) -> tuple[str, ...]:
    """Return what makes a row unique; no value is a value of its own."""
    return tuple(str(row.get(name) or "") for name in contract()[table].key)


def _content(table: str, row: Row) -> tuple[tuple[bool, Any], ...]:
    """Return a row's content such that of equally late rows the greatest counts; nothing is less than anything."""
    shape = contract()[table]
    values = [
        _cell(column.kind, row.get(column.name)) if column.name != "is_test" else bool(row.get("is_test"))
        for column in shape.columns
        if column.name not in {*shape.key, "ingested_at"}
    ]
    return tuple((value is not None, value if value is not None else 0) for value in values)


def counting(table: str, rows: Sequence[Row]) -> list[Row]:
    """Return the row of each key that counts."""
    best: dict[tuple[str, ...], Row] = {}
    for row in rows:
        other = best.get(key_of(table, row))
        if other is None or (row["ingested_at"], _content(table, row)) > (
            other["ingested_at"],
            _content(table, other),
        ):
            best[key_of(table, row)] = row
    return list(best.values())


@dataclass
class Source:
    """The rows of a source. An owned one is written by load, or by hand; a foreign one may hold a key several times."""

    owned: bool
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    queue: list[datetime] = field(default_factory=list)

    def happen(self, event: Event, now: datetime) -> None:
        """Let one thing happen; one that only a full refresh repairs does not happen."""
        rows, key = self.rows[event.table], key_of(event.table, event.row)
        same = [row for row in rows if key_of(event.table, row) == key]
        fresh = {**event.row, "ingested_at": now}
        if event.kind == "arrives":
            self._arrive(event, same, fresh)
        elif event.kind == "comes twice" and not self.owned:
            twins = same or rows[-1:]
            for twin in twins[:1]:
                other = {**twin, **({} if event.draw % 3 == 0 else _but_key(event))}
                rows.append({**other, "ingested_at": twin["ingested_at"] - (event.draw % 2) * BATCH})
        elif event.kind == "goes":
            if rows and (gone := rows[event.draw % len(rows)]) and self._seen(event.table, gone):
                rows.remove(gone)
        else:
            silent = {**event.row, "ingested_at": same[0]["ingested_at"] if same else ARRIVED - 10 * BATCH}
            if all(self._seen(event.table, row) for row in (silent, *same[:1])):
                _replace(rows, same[:1], silent)

    def _arrive(self, event: Event, same: list[Row], fresh: Row) -> None:
        rows = self.rows[event.table]
        if self.owned:
            for row in (*same, fresh):
                self._queue(event.table, row)
            _replace(rows, same, fresh)
        elif same and event.draw % 2 and self._seen(event.table, same[0]) and len(same) == 1:
            _replace(rows, same, fresh)
        else:
            rows.append(fresh)

    def _queue(self, table: str, row: Row) -> None:
        """Queue what load queues."""
        instants = [row.get(name) for name in ("created_at", "completed_at", "started_at", "charge_start")]
        if table not in {"tasks", "costs"}:
            for task in self.rows["tasks"]:
                if (task["system_id"], task["task_id"]) == (row["system_id"], row["task_id"]):
                    instants += [task["created_at"], task["completed_at"]]
        self.queue += [instant for instant in instants if instant is not None]

    def _seen(self, table: str, row: Row) -> bool:
        """Tell whether a refresh compares everything that this row is part of."""
        own = [row.get(name) for name in ("created_at", "completed_at", "started_at", "charge_start")]
        if max(instant for instant in own if instant) < START:
            return False
        return table != "tasks" or all(
            call["started_at"] >= START
            for call in self.rows["model_calls"]
            if (call["system_id"], call["task_id"]) == (row["system_id"], row["task_id"])
        )

    def counted(self) -> dict[str, list[Row]]:
        """Return what has to be counted."""
        return {table: counting(table, rows) for table, rows in self.rows.items()}


def _but_key(event: Event) -> Row:
    return {name: value for name, value in event.row.items() if name not in contract()[event.table].key}


def _replace(rows: list[Row], old: Sequence[Row], new: Row) -> None:
    for row in old:
        rows.remove(row)
    rows.append(new)


def make_foreign(session: Session) -> None:
    """Make the tables as another system does, with instants that know their zone, and adopt them."""
    session.execute(f"CREATE SCHEMA {SCHEMA}")
    for table in contract().values():
        session.execute(ddl(table, SCHEMA).replace(" TIMESTAMP", " TIMESTAMP WITH TIME ZONE"))
    assert not initialise(session, SCHEMA).owned


def write(session: Session, rows: dict[str, list[Row]], queue: Sequence[datetime] = ()) -> None:
    """Bring a warehouse's facts to these rows, behind the back of load."""
    for table in (*TABLES, "prices", "rate_card"):
        session.execute(f"DELETE FROM {SCHEMA}.{table}")
    insert(session, {**rows, "prices": PRICES, "rate_card": RATES})
    for instant in queue:
        hour = instant.replace(minute=0, second=0, microsecond=0)
        session.execute("INSERT INTO dirty_hour_queue VALUES (:hour)", {"hour": hour})
