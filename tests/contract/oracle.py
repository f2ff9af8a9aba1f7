"""What `readout metrics` must print, worked out from the raw rows alone, one row at a time, as METRICS.md says it.

Nothing of the readout is used: no query, no calendar, no metric declaration. Slow and plain on purpose.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

AI = ("ai_auto", "ai_assisted")
TOKEN_CLASSES = ("input", "output", "cache_read", "cache_write")
PICO = Decimal("0.000000000001")
Row = Mapping[str, Any]
Key = tuple[str, str]
Money = tuple[Decimal, str]  # amount, currency


@dataclass(frozen=True)
class Task:
    """One task with each measure from one source."""

    row: Row
    completed: bool
    accepted: bool
    reopened: bool
    escalated: bool
    handling: Decimal | None  # seconds
    cycle: float | None  # seconds
    latency: Decimal | None  # ms
    cost: Money | None

    @property
    def settled_at(self) -> datetime:
        """When its cost, failure and fallback are counted."""
        return self.row["completed_at"] or self.row["created_at"]


@dataclass
class Cell:
    """What is counted in one period of one system."""

    created: list[Task] = field(default_factory=list)
    done: list[Task] = field(default_factory=list)
    settled: list[Task] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    unlinked: list[Row] = field(default_factory=list)

    def join(self, other: "Cell") -> None:
        """Add another system's cell."""
        for name in ("created", "done", "settled", "calls", "unlinked"):
            getattr(self, name).extend(getattr(other, name))


class Oracle:
    """The raw rows, ready to be asked."""

    def __init__(self, rows: Mapping[str, Sequence[Row]], time_zone: str, settle_days: int) -> None:
        """Take the rows of the contract's tables, typed."""
        self.zone, self.settle = ZoneInfo(time_zone), timedelta(days=settle_days)
        self.rows = rows
        tests = {_key(task) for task in rows["tasks"] if task["is_test"]}
        known = {_key(task): task for task in rows["tasks"]}
        self.calls_of: dict[Key, list[Row]] = defaultdict(list)
        self.serving: list[tuple[Row, Row | None]] = []  # call, its task
        for call in rows["model_calls"]:
            task = known.get(_key(call))
            if _key(call) in tests or (task and task["arm"] == "shadow"):
                continue
            if (call["purpose"] or "serve") in {"serve", "retry"}:
                self.serving.append((call, task))
                self.calls_of[_key(call)].append(call)
        self.work_of = _grouped(rows["human_work"])
        self.verdicts_of = _latest(rows["verdicts"])
        self.tasks = [self._task(task) for task in rows["tasks"] if _key(task) not in tests]
        self.served = [task for task in self.tasks if task.row["arm"] != "shadow"]
        self.systems = sorted({row["system_id"] for row in (*rows["tasks"], *rows["model_calls"])})

    # one source per measure

    def _task(self, row: Row) -> Task:
        done = row["completed_at"]
        completed = done is not None and row["status"] not in {"failed", "abandoned", "open"}
        undone = [row["reopened_at"]] if row["reopened_at"] else []
        undone += [
            one["started_at"]
            for one in self.work_of[_key(row)]
            if one["activity"] == "rework" and completed and one["started_at"] >= done
        ]
        undone += [
            verdict["created_at"]
            for verdict in self.verdicts_of[_key(row)]
            if verdict["judge"] == "downstream" and verdict["outcome"] is False and completed
            and verdict["created_at"] >= done
        ]  # fmt: skip
        quiet = not undone or min(undone) > (done or datetime.max) + self.settle if done else False
        return Task(
            row,
            completed,
            accepted=completed and row["outcome"] == "resolved" and quiet,
            reopened=completed and bool(undone),
            escalated=row["outcome"] == "escalated" or row["escalated_at"] is not None,
            handling=self._handling(row),
            cycle=(done - row["created_at"]).total_seconds() if done else None,
            latency=row["latency_ms"],
            cost=self._cost(row),
        )

    def _handling(self, row: Row) -> Decimal | None:
        if row["handling_seconds"] is not None:
            return row["handling_seconds"]
        durations = [call["duration_ms"] for call in self.calls_of[_key(row)] if call["duration_ms"] is not None]
        ai_ms = sum(durations, Decimal(0)) if durations else row["latency_ms"]
        stretches = self.work_of[_key(row)]
        human = sum((one["seconds"] for one in stretches), Decimal(0)) if stretches else row["human_seconds"]
        if human is not None:
            return human + (ai_ms or Decimal(0)) / 1000
        return ai_ms / 1000 if ai_ms is not None and row["arm"] == "ai_auto" else None

    def _cost(self, row: Row) -> Money | None:
        calls = self.calls_of[_key(row)]
        own = None if row["cost_source"] == "unknown" else row["cost_amount"]
        if own is not None and not (own == 0 and sum(map(_tokens, calls))):
            return own, row["cost_currency"]
        return _sum_if_all(map(recorded, calls)) or _sum_if_all(map(self._priced, calls))

    def _priced(self, call: Row) -> Money | None:
        amount, currencies = Decimal(0), set()
        for name in TOKEN_CLASSES:
            tokens = call.get(f"{name}_tokens") or 0
            if not tokens:
                continue
            day = call["started_at"].date().isoformat()
            dated = [
                price
                for price in self.rows["prices"]
                if (price["provider"], price["model"], price["token_class"]) == (call["provider"], call["model"], name)
                and price["valid_from"] <= day and (price["valid_to"] is None or day < price["valid_to"])
            ]  # fmt: skip
            if not dated:
                return None
            price = max(dated, key=lambda one: one["valid_from"])
            amount += tokens * Decimal(price["price"]) / price["unit_tokens"]
            currencies.add(price["currency"])
        return (amount.quantize(PICO, ROUND_HALF_UP), currencies.pop()) if amount and len(currencies) == 1 else None

    def _call_cost(self, call: Row) -> Money | None:
        return recorded(call) or self._priced(call)

    # periods

    def period(self, instant: datetime, by: str) -> str:
        """Return the period in which a naive UTC instant lies, as `period_start` is printed."""
        local = instant.replace(tzinfo=UTC).astimezone(self.zone)
        if by == "hour":
            floor = instant.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
            return floor.astimezone(self.zone).isoformat()
        day: date = local.date()
        if by == "week":
            day -= timedelta(days=day.weekday())
        return {"month": day.replace(day=1).isoformat(), "total": "total"}.get(by, day.isoformat())

    def rows_by(self, by: str, task_type: str | None = None) -> dict[tuple[str | None, str], dict[str, Any]]:
        """Return (system, period) -> the metrics, the portfolio under None."""
        cells: dict[tuple[str | None, str], Cell] = defaultdict(Cell)
        for task in self.served:
            if task_type and task.row["task_type"] != task_type:
                continue
            system = task.row["system_id"]
            cells[system, self.period(task.row["created_at"], by)].created.append(task)
            cells[system, self.period(task.settled_at, by)].settled.append(task)
            if task.completed:
                cells[system, self.period(task.row["completed_at"], by)].done.append(task)
        for call, task in self.serving:
            if task_type and (task is None or task["task_type"] != task_type):
                continue
            cell = cells[call["system_id"], self.period(call["started_at"], by)]
            cell.calls.append(call)
            if task is None:
                cell.unlinked.append(call)
        found = {(system, period): self._metrics([str(system)], cell) for (system, period), cell in cells.items()}
        for period in {period for _, period in cells}:
            whole = Cell()
            for system in self.systems:
                if (system, period) in cells:
                    whole.join(cells[system, period])
            found[None, period] = self._metrics(self.systems, whole)
        return found

    # metrics

    def _metrics(self, systems: list[str], cell: Cell) -> dict[str, Any]:
        with_tasks = [task for task in self.tasks if task.row["system_id"] in systems]
        ai_done = [task for task in cell.done if task.row["arm"] in AI]
        ai_settled = [task for task in cell.settled if task.row["arm"] in AI]
        accepted = sum(task.accepted for task in cell.done)
        money, known = self._money(cell)
        # a system that records no outcome accepts nothing: its cost is not spread over the tasks that others accepted
        accepting = {task.row["system_id"] for task in with_tasks}
        spread, spread_known = self._money(
            Cell(settled=cell.settled, unlinked=[call for call in cell.unlinked if call["system_id"] in accepting])
        )
        handling = [float(task.handling) for task in cell.done if task.handling is not None and task.handling >= 0]
        cycle = [task.cycle for task in cell.done if task.cycle is not None and task.cycle >= 0]
        latency = [float(task.latency) for task in cell.done if task.latency is not None and task.latency >= 0]
        if not with_tasks:  # calls and no tasks: latency per call
            latency = [
                float(call["duration_ms"])
                for call in cell.unlinked
                if (call["purpose"] or "serve") == "serve" and call["duration_ms"] is not None
            ]
        found: dict[str, Any] = {
            "tasks_attempted": len(cell.created),
            "throughput": len(cell.done) if with_tasks else None,
            "ai_share": _ratio(len(ai_done), len(cell.done)),
            "handling_seconds_mean": _mean(handling),
            "cycle_seconds_mean": _mean(cycle),
            **{f"handling_seconds_p{rank}": nearest_rank(handling, rank) for rank in (50, 95)},
            **{f"cycle_seconds_p{rank}": nearest_rank(cycle, rank) for rank in (50, 95)},
            **{f"latency_ms_p{rank}": nearest_rank(latency, rank) for rank in (50, 95, 99)},
            "escalation_rate": _ratio(sum(task.escalated for task in ai_done), len(ai_done)),
            "fallback_rate": _ratio(sum(task.row["outcome"] == "fallback" for task in ai_settled), len(ai_settled)),
            "failure_rate": _ratio(sum(task.row["outcome"] == "failed" for task in ai_settled), len(ai_settled)),
            "reopen_rate": _ratio(sum(task.reopened for task in cell.done), len(cell.done)),
            "input_tokens": _tokens_of(cell.calls, "input_tokens"),
            "output_tokens": _tokens_of(cell.calls, "output_tokens"),
            "cost_total": money if known else None,
            "cost_per_task": money / len(cell.created) if known and money is not None and cell.created else None,
            "cost_per_accepted_task": spread / accepted if spread_known and spread is not None and accepted else None,
            "cost_coverage": _ratio(sum(task.cost is not None for task in ai_settled), len(ai_settled)),
        }
        return found | self._accuracy(systems, cell, judged=bool(with_tasks))

    def _money(self, cell: Cell) -> tuple[Decimal | None, bool]:
        """Return the cost in its one currency, None where there are two, and whether any cost is known."""
        costs = [task.cost for task in cell.settled] + [self._call_cost(call) for call in cell.unlinked]
        known = [cost for cost in costs if cost is not None]
        currencies = {currency for amount, currency in known if amount}
        return (sum((amount for amount, _ in known), Decimal(0)) if len(currencies) < 2 else None), bool(known)

    def _accuracy(self, systems: list[str], cell: Cell, *, judged: bool) -> dict[str, Any]:
        by_system = [
            self._accuracy_of([task for task in cell.done if task.row["system_id"] == system]) for system in systems
        ]
        given = [one for one in by_system if one is not None]
        if not judged or len({judge for judge, *_ in given}) > 1:
            return {"accuracy": None, "accuracy_judge": None, "reviewed": None}
        weight, correct = (sum(one[place] for one in given) for place in (1, 2))
        accuracy = correct / weight if weight else None
        return {
            "accuracy": accuracy,
            "accuracy_judge": given[0][0] if accuracy is not None else None,
            "reviewed": sum(one[3] for one in given),
        }

    def _accuracy_of(self, done: Iterable[Task]) -> tuple[str, float, float, int] | None:
        """Return (judge, weight, weighted correct, n) of one system's completed tasks."""
        given = [
            verdict
            for task in done
            if task.row["arm"] in AI
            for verdict in self.verdicts_of[_key(task.row)]
            if verdict["metric"] == "correct" and verdict.get("review_reason") in {None, "random"}
        ]
        for judge in ("human", "rule", "model"):
            own = [verdict for verdict in given if verdict["judge"] == judge]
            if not own:
                continue
            answered = [verdict for verdict in own if verdict["outcome"] is not None]
            weighed = [(1 / verdict["sampling_prob"], verdict) for verdict in answered if verdict["sampling_prob"]]
            if not weighed:
                weighed = [(1.0, verdict) for verdict in answered]
            weight = sum(one for one, _ in weighed)
            return judge, weight, sum(one for one, verdict in weighed if verdict["outcome"]), len(weighed)
        return None


def _key(row: Row) -> Key:
    return row["system_id"], row.get("task_id") or ""


def _grouped(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(row)
    return found


def _latest(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    """Return the latest verdict per task, metric and judge."""
    last: dict[tuple[Any, ...], Row] = {}
    for row in sorted(rows, key=lambda row: (row["created_at"], row["ingested_at"], row["verdict_id"])):
        last[*_key(row), row["metric"], row["judge"]] = row
    return _grouped(last.values())


def _tokens(call: Row) -> int:
    return sum(call.get(f"{name}_tokens") or 0 for name in TOKEN_CLASSES)


def recorded(call: Row) -> Money | None:
    """Return a call's recorded cost: none where its source is unknown, none where it is zero beside tokens."""
    amount = None if call["cost_source"] == "unknown" else call["cost_amount"]
    return None if amount is None or (amount == 0 and _tokens(call)) else (amount, call["cost_currency"])


def _sum_if_all(costs: Iterable[Money | None]) -> Money | None:
    """Return the sum where every part is known and in one currency."""
    parts = list(costs)
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts) or len({currency for _, currency in known}) > 1:
        return None
    return sum((amount for amount, _ in known), Decimal(0)), known[0][1]


def _tokens_of(calls: Sequence[Row], name: str) -> int | None:
    """Return the tokens of the calls, None where not one of them says any."""
    if calls and all(call["input_tokens"] is None and call["output_tokens"] is None for call in calls):
        return None
    return sum(call[name] or 0 for call in calls)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def nearest_rank(values: Sequence[float], rank: int) -> float | None:
    """Return the smallest value that at least `rank` % of the values do not exceed."""
    return sorted(values)[math.ceil(rank * len(values) / 100) - 1] if values else None
