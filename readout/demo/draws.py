"""What every table of the demo draws with: the tasks as arrays, curves, spreads, arrival. Deterministic per seed."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readout.demo.clock import DAY, SECOND, Clock, Floats, Ints
from readout.demo.columns import Flags, constant, ids, instants
from readout.demo.scenario import Curve, Scenario, Step

ARMS = ("ai_auto", "ai_assisted", "human", "shadow")
AUTO, ASSISTED, HUMAN, SHADOW = range(4)
STATUSES = ("open", "completed", "failed", "abandoned", "unknown")
OPEN, COMPLETED, FAILED, ABANDONED, UNKNOWN = range(5)
OUTCOMES = ("resolved", "escalated", "fallback", "failed")
ESCALATIONS = ("ai_right", "ai_wrong", "out_of_scope", "unknown")
ACTIVITIES = ("handle", "review", "escalation", "rework")
REASONS = ("random", "low_confidence", "complaint", "audit", "escalated")
JUDGES = ("human", "model", "rule", "downstream")
PURPOSES = ("serve", "judge", "retry", "shadow")
SOURCES = ("invoiced", "provider", "gateway", "computed", "unknown")
Z95 = 1.6448536269514722  # standard normal quantile: turns a p95 into a median

WHOLE = Step("", "", "chat", 1.0, 1.0, 1.0)  # one model does all of it

Prices = dict[tuple[str, str], list[tuple[int, tuple[float, float, float]]]]  # from instant: input, output, cache_read


def level(curve: Curve, week: Floats) -> Floats:
    """Read a curve at each row's distance from the anchor, in weeks."""
    return np.interp(week, [x for x, _ in curve], [y for _, y in curve])


def evenly(probability: Floats, order: Ints, rng: np.random.Generator) -> Flags:
    """Draw true with each row's probability, spread evenly along `order` (systematic sampling).

    Every stretch of the order holds its expected number of hits to within one: the stories must not hang on the luck
    of a few hundred reviews a week.
    """
    steps = np.floor(np.concatenate(([0.0], np.cumsum(probability[order]))) + rng.random())
    drawn = np.empty(len(order), dtype=np.bool_)
    drawn[order] = np.diff(steps) > 0
    return drawn


@dataclass
class Tasks:
    """A system's tasks as arrays of equal length; instants in µs of UTC, NULL where there is none."""

    scenario: Scenario
    created: Ints
    week: Floats
    kind: Ints
    arm: Ints
    beside: Ints  # row of the person's task that a shadow row runs beside, -1 elsewhere
    release: Ints
    test: Flags
    latency: Floats  # seconds, also where the record lacks it
    review_prob: Floats
    reviewed: Flags
    correct: Flags
    escalated: Flags
    fallback: Flags
    failed: Flags
    started: Ints
    handle_start: Ints
    handle_seconds: Floats  # 0 where nobody handles the task
    escalated_at: Ints
    escalation_seconds: Floats
    completed: Ints
    status: Ints
    reopened: Ints
    ingested: Ints
    serial: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.serial = np.arange(1, len(self.created) + 1, dtype=np.int64)

    @property
    def ai(self) -> Flags:
        """Whether the AI answers: it has the task, or runs in its shadow."""
        return self.arm != HUMAN

    @property
    def served(self) -> Flags:
        """Whether an AI arm has the task."""
        return (self.arm == AUTO) | (self.arm == ASSISTED)

    @property
    def done(self) -> Flags:
        """Whether the task is completed."""
        return self.status == COMPLETED

    def key(self, rows: Ints | Flags) -> dict[str, pa.Array]:
        """Return the two key columns of the chosen rows."""
        serial = self.serial[rows]
        return {"system_id": constant(self.scenario.id, len(serial)), "task_id": ids(self.scenario.prefix, serial)}


def lognormal(rng: np.random.Generator, median: float | Floats, sigma: float, size: int) -> Floats:
    """Draw with that median."""
    return median * np.exp(sigma * rng.standard_normal(size))


def micros(seconds: Floats) -> Ints:
    """Seconds → whole microseconds."""
    return np.round(seconds * SECOND).astype(np.int64)


def arrival(event: Ints, clock: Clock, rng: np.random.Generator, late: float) -> Ints:
    """Return when rows arrive: a minute or two after the event, some days late, none after the end of the data."""
    count = len(event)
    arrived = event + micros(lognormal(rng, 75, 0.6, count))
    arrived += np.where(rng.random(count) < late, micros(rng.uniform(0.4, 9, count) * 86_400), 0)
    return np.minimum(arrived, clock.arrived - micros(rng.uniform(0, 60, count)))


def in_batches(tables: dict[str, pa.Table], clock: Clock, days: int) -> dict[str, pa.Table]:
    """Return the tables as an exported snapshot brings them: all at once, every so many days.

    The latest rows are still missing, and with a task everything that hangs on it.
    """
    first, step = clock.at(-1, 6), days * DAY
    exported = {}
    for name, table in tables.items():
        arrived = table["ingested_at"].cast(pa.int64()).to_numpy()
        batch = first + np.ceil((arrived - first) / step).astype(np.int64) * step
        at = table.schema.get_field_index("ingested_at")
        exported[name] = table.set_column(at, "ingested_at", instants(batch)).filter(pa.array(batch <= clock.arrived))
    tasks = exported["tasks"]
    known = pa.concat_arrays([tasks["task_id"].combine_chunks(), pa.nulls(1, pa.string())])
    beside = pc.call_function("is_in", [tasks["shadow_of"]], pc.SetLookupOptions(value_set=known))
    exported["tasks"] = tasks.filter(beside)
    known = exported["tasks"]["task_id"].combine_chunks()
    return {
        name: table.filter(pc.call_function("is_in", [table["task_id"]], pc.SetLookupOptions(value_set=known)))
        for name, table in exported.items()
    }


def with_copies(table: pa.Table, rng: np.random.Generator, share: float) -> pa.Table:
    """Return the table with exact copies of some of its rows at the end."""
    copies = np.flatnonzero(rng.random(len(table)) < share)
    return pa.concat_tables([table, table.take(pa.array(copies))])
