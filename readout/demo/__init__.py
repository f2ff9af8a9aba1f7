"""Demo data: a seeded generator of raw rows for the contract's tables. It writes files; loading them is `readout load`.

Nothing here is a result. Every figure that a page shows of the demo is computed from these rows like a customer's.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from readout.demo import registers
from readout.demo.calls import Prices, call_table, draw_calls
from readout.demo.clock import Clock
from readout.demo.columns import RawFile, write_csv, write_parquet
from readout.demo.draws import in_batches
from readout.demo.money import Spend, Volume, money_rows
from readout.demo.people import work_table
from readout.demo.scenario import Scenario
from readout.demo.spend import monthly_spend, monthly_volume
from readout.demo.systems import SYSTEMS
from readout.demo.tasks import draw_tasks, task_table
from readout.demo.verdicts import draw_verdicts, verdict_table

__all__ = ["RawFile", "generate"]

MIN_WEEKS = 8  # the routing engine's three weeks and the payment release need some weeks before them
_COLUMNS = {
    "prices": ("provider", "model", "token_class", "unit_tokens", "price", "currency", "valid_from", "valid_to"),
    "rate_card": ("role", "hourly_amount", "currency", "basis", "valid_from", "valid_to"),
    "stage_changes": (
        "system_id", "stage", "load_share", "review_rate", "effective_at", "decided_by", "reason", "milestone",
    ),
    "incidents": ("system_id", "incident_id", "kind", "started_at", "ended_at", "note"),
    "costs": (
        "charge_id", "system_id", "component", "charge_start", "charge_end", "billed_cost", "effective_cost",
        "currency", "charge_category", "charge_class", "billing_period", "invoice_id", "service_name",
        "allocation_key", "source", "load_id", "ingested_at",
    ),
    "budgets": ("system_id", "month", "volume", "amount", "currency"),
    "fx_rates": ("rate_date", "from_currency", "to_currency", "rate"),
    "ledger": ("account", "month", "amount", "currency", "invoice_id"),
    "baselines": (
        "system_id", "task_type", "metric", "value", "n", "sd", "unit", "period_from", "period_to", "method",
        "approved_by", "approved_on", "evidence_ref",
    ),
}  # fmt: skip
_LARGE = ("tasks", "model_calls", "verdicts", "human_work")


@dataclass(frozen=True)
class _Rows:
    """What was drawn for one system."""

    tables: dict[str, pa.Table]
    spend: list[Spend]
    volumes: list[Volume]


def generate(
    out: Path,
    end: date,
    weeks: int = 113,
    seed: int = 20260101,
    tasks: int = 605_000,
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
    parts: dict[str, list[pa.Table]] = {name: [] for name in _LARGE}
    spend: list[Spend] = []
    volumes: list[Volume] = []
    counts = [round(tasks * scenario.share) for scenario in SYSTEMS]
    counts[0] += tasks - sum(counts)

    def draw(index: int) -> _Rows:
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, index])))
        return _draw(SYSTEMS[index], counts[index], clock, prices, rng)

    def write(name: str) -> RawFile:
        return write_parquet(out, name, parts[name], arrival="ingested_at")

    # each system has its own seed, so that the rows are the same whichever thread draws them
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for index, rows in enumerate(pool.map(draw, range(len(SYSTEMS)))):
            tell(f"drew {counts[index]:,} tasks of {SYSTEMS[index].id}", (index + 1) / len(SYSTEMS) * 2 / 3)
            spend += rows.spend
            volumes += rows.volumes
            for name, table in rows.tables.items():
                parts[name].append(table)
        tell("writing raw rows", 2 / 3)
        large = pool.map(write, parts)
        small = {
            "prices": registers.price_rows(clock),
            "rate_card": registers.rate_rows(clock),
            "stage_changes": registers.stage_rows(clock),
            "incidents": registers.incident_rows(clock),
            "baselines": registers.baseline_rows(clock),
            **money_rows(clock, spend, volumes),
        }
        files = [write_csv(out, name, _COLUMNS[name], found) for name, found in small.items()]
        files.append(write_parquet(out, "releases", [registers.release_table(clock)]))
        files += large
    tell("raw rows written", 1.0)
    return files


def _draw(scenario: Scenario, count: int, clock: Clock, prices: Prices, rng: np.random.Generator) -> _Rows:
    drawn = draw_tasks(scenario, clock, count, rng)
    verdicts = draw_verdicts(drawn, clock, rng)
    calls = draw_calls(drawn, verdicts.row[verdicts.judge == 1], clock, prices, rng)
    tables = {
        "tasks": task_table(drawn, calls, rng),
        "model_calls": call_table(drawn, calls, clock, rng),
        "verdicts": verdict_table(drawn, verdicts, rng),
        "human_work": work_table(drawn, verdicts, clock, rng),
    }
    if scenario.batch_days:
        tables = in_batches(tables, clock, scenario.batch_days)
    return _Rows(tables, monthly_spend(drawn, calls, clock), monthly_volume(drawn))
