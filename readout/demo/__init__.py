"""Demo data: a seeded generator of raw rows for the contract's tables. It writes files; loading them is `readout load`.

Nothing here is a result. Every figure that a page shows of the demo is computed from these rows like a customer's.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from readout.demo import registers
from readout.demo.clock import Clock
from readout.demo.columns import RawFile, write_csv, write_parquet
from readout.demo.scenario import SYSTEMS
from readout.demo.work import call_table, draw_calls, draw_tasks, draw_verdicts, task_table, verdict_table, work_table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["RawFile", "generate"]

MIN_WEEKS = 8  # the routing engine's three weeks and the payment release need some weeks before them
_COLUMNS = {
    "prices": ("provider", "model", "token_class", "unit_tokens", "price", "currency", "valid_from", "valid_to"),
    "rate_card": ("role", "hourly_amount", "currency", "basis", "valid_from", "valid_to"),
    "stage_changes": (
        "system_id", "stage", "load_share", "review_rate", "effective_at", "decided_by", "reason", "milestone",
    ),
    "incidents": ("system_id", "incident_id", "kind", "started_at", "ended_at", "note"),
    "baselines": (
        "system_id", "task_type", "metric", "value", "n", "sd", "unit", "period_from", "period_to", "method",
        "approved_by", "evidence_ref",
    ),
}  # fmt: skip


def generate(
    out: Path,
    end: date,
    weeks: int = 30,
    seed: int = 20260101,
    tasks: int = 320_000,
    progress: Callable[[str, float], None] | None = None,
) -> list[RawFile]:
    """Write the demo's raw rows as files into `out` and return them in the order in which to load them.

    The window is `weeks` local weeks (Europe/Berlin, Monday first); the last of them ends with the local day `end` or
    is cut off by it. `tasks` counts tasks; duplicate and superseded rows come on top. Same seed, end, weeks and tasks:
    same rows. `progress` is called with a sentence and the share done, 0 to 1. Raises ValueError for fewer than 8 weeks
    or 1,000 tasks.
    """
    if weeks < MIN_WEEKS or tasks < 1_000:
        message = f"the demo needs at least {MIN_WEEKS} weeks and 1,000 tasks, asked for {weeks} and {tasks}"
        raise ValueError(message)
    tell = progress or (lambda _message, _share: None)
    out.mkdir(parents=True, exist_ok=True)
    clock = Clock(end, weeks)
    prices = registers.prices(clock)
    parts: dict[str, list[pa.Table]] = {"tasks": [], "model_calls": [], "verdicts": [], "human_work": []}
    counts = [round(tasks * scenario.share) for scenario in SYSTEMS]
    counts[0] += tasks - sum(counts)
    for index, (scenario, count) in enumerate(zip(SYSTEMS, counts, strict=True)):
        tell(f"drawing {count:,} tasks of {scenario.id}", index / 6)
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, index])))
        drawn = draw_tasks(scenario, clock, count, rng)
        verdicts = draw_verdicts(drawn, clock, rng)
        calls = draw_calls(drawn, verdicts.row[verdicts.judge == 1], clock, prices, rng)
        parts["tasks"].append(task_table(drawn, calls, rng))
        parts["model_calls"].append(call_table(drawn, calls, clock, rng))
        parts["verdicts"].append(verdict_table(drawn, verdicts, rng))
        parts["human_work"].append(work_table(drawn, verdicts, clock, rng))

    tell("writing the small tables", 4 / 6)
    rows = {
        "prices": registers.price_rows(clock),
        "rate_card": registers.rate_rows(clock),
        "stage_changes": registers.stage_rows(clock),
        "incidents": registers.incident_rows(clock),
        "baselines": registers.baseline_rows(clock),
    }
    files = [write_csv(out, name, _COLUMNS[name], found) for name, found in rows.items()]
    files.append(write_parquet(out, "releases", [registers.release_table(clock)]))
    for step, (name, tables) in enumerate(parts.items()):
        tell(f"writing {sum(map(len, tables)):,} rows of {name}", (4.4 + 0.4 * step) / 6)
        files.append(write_parquet(out, name, tables, arrival="ingested_at"))
    tell("raw rows written", 1.0)
    return files
