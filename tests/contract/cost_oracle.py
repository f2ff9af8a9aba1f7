"""The oracle's unit costs at every level, day by day and charge by charge, as docs/finance.md says it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.contract.calendar_oracle import CalendarOracle
from tests.contract.oracle import AI, Cell, Row, Task

LEVEL = {
    "direct_cost_per_accepted_task": ("infrastructure",),
    "direct_people_cost_per_accepted_task": ("infrastructure", "people"),
    "fully_loaded_cost_per_accepted_task": ("infrastructure", "people", "platform"),
    "net_cost_per_accepted_task": ("infrastructure", "people", "platform", "credit"),
}
DAY = timedelta(days=1)
Key = tuple[str | None, str]


class CostOracle(CalendarOracle):
    """The oracle with charges. The reporting currency is the euro; there are no exchange rates."""

    def rows_by(self, by: str, task_type: str | None = None) -> dict[Key, dict[str, Any]]:
        """Return (system, period) -> the metrics, the portfolio under None."""
        found = super().rows_by(by, task_type)
        if by == "hour":
            return {key: row | dict.fromkeys(LEVEL) for key, row in found.items()}
        cells, borne = self.cells(by, task_type), self._borne(by, task_type)
        for key, row in found.items():
            for name, lines in LEVEL.items():
                systems = self.systems if key[0] is None else [key[0]]
                row[name] = self._unit_cost(cells, borne, systems, key[1], lines)
        return found

    def cells(self, by: str, task_type: str | None) -> dict[tuple[str, str], Cell]:
        """Return what was counted per system and period."""
        cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
        for task in self.served:
            if task_type in {None, task.row["task_type"]}:
                cells[task.row["system_id"], self.period(task.settled_at, by)].settled.append(task)
                if task.completed:
                    cells[task.row["system_id"], self.period(task.row["completed_at"], by)].done.append(task)
        for call, task in self.serving:
            if task is None and task_type is None:
                cells[call["system_id"], self.period(call["started_at"], by)].unlinked.append(call)
        return cells

    def _unit_cost(
        self, cells: Mapping[Any, Cell], borne: Mapping[Any, Fraction], systems: list[str], period: str, lines: Any
    ) -> float | None:
        total, accepted, any_known = Fraction(0), 0, False
        for system in systems:
            if not any(task.row["system_id"] == system for task in self.tasks):
                continue  # calls alone accept nothing
            cell = cells.get((system, period), Cell())
            own = self._run(cell, people="people" in lines, system=system)
            if own is None or not self._loaded(cells, system):
                continue
            any_known = True
            total += own + sum((borne.get((system, period, line), Fraction(0)) for line in lines), Fraction(0))
            accepted += sum(task.accepted for task in cell.done)
        return float(total / accepted) if any_known and accepted else None

    def _loaded(self, cells: Mapping[Any, Cell], system: str) -> bool:
        return any(
            cell.unlinked or any(task.row["arm"] in AI for task in cell.settled)
            for (of, _), cell in cells.items()
            if of == system
        )

    def _run(self, cell: Cell, *, people: bool, system: str) -> Fraction | None:
        """Return what the tasks cost by themselves, None where it is not known."""
        costs = [task.cost for task in cell.settled] + [self._call_cost(call) for call in cell.unlinked]
        if any(cost and cost[0] and cost[1] != "EUR" for cost in costs):
            return None
        ai = [task.cost for task in cell.settled if task.row["arm"] in AI]
        wanted = ai + [self._call_cost(call) for call in cell.unlinked]
        if wanted and all(cost is None for cost in wanted):
            return None
        total = sum((Fraction(cost[0]) for cost in costs if cost), Fraction(0))
        if not people:
            return total
        if not any(
            self._rate(one) for one in self.rows["human_work"] if one["system_id"] == system
        ):  # the rate card has nobody who works there
            return None
        worked = [paid for task in cell.settled if (paid := self._paid(task)) is not None]
        if worked and not any(amount for amount, _ in worked) and not any(whole for _, whole in worked):
            return None
        return total + sum((amount for amount, _ in worked), Fraction(0))

    def _paid(self, task: Task) -> tuple[Fraction, bool] | None:
        """Return what people were paid for a task, and whether every stretch of it has a rate; None without people."""
        stretches = self.work_of[task.row["system_id"], task.row["task_id"]]
        if not stretches:
            return (Fraction(0), False) if task.row["human_seconds"] is not None else None
        paid = [Fraction(rate) * Fraction(one["seconds"]) / 3600 for one in stretches if (rate := self._rate(one))]
        return sum(paid, Fraction(0)), len(paid) == len(stretches)

    def _rate(self, stretch: Row) -> Decimal | None:
        day = stretch["started_at"].date().isoformat()
        dated = [one for one in self.rows["rate_card"] if one["role"] == stretch["role"] and one["valid_from"] <= day]
        return Decimal(max(dated, key=lambda one: one["valid_from"])["hourly_amount"]) if dated else None

    def _borne(self, by: str, task_type: str | None) -> dict[tuple[str, str, str], Fraction]:
        """Return (system, period, line) -> amount: each charge, each of its local days, each who bears it."""
        drivers: dict[str, dict[tuple[str, str | None], int]] = defaultdict(lambda: defaultdict(int))
        for task in self.served:
            month = self.period(task.row["created_at"], "fiscal_month")
            drivers[month][task.row["system_id"], task.row["task_type"]] += 1
        first, last, arrived = self._days_of_data()
        last = last if by == "total" else max(last, arrived)  # all data ends with its last day
        found: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
        for charge in self.rows["costs"]:
            start, end = (self._local(charge[name]) for name in ("charge_start", "charge_end"))
            days = (end - start).days + 1
            for day in (start + number * DAY for number in range(days)):
                # what is billed before the first task is cost of its month all the same
                if day > last or (by == "total" and day < first):
                    continue
                noon = datetime(day.year, day.month, day.day, 12, tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)
                amount = Fraction(charge["effective_cost"]) / days
                counted = drivers[self.period(noon, "fiscal_month")]
                for system, share in self._shares(charge, counted).items():
                    own = {kind: n for (of, kind), n in counted.items() if of == system}
                    typed = Fraction(1)
                    if task_type:
                        typed = Fraction(own.get(task_type, 0), sum(own.values())) if own else Fraction(0)
                    found[system, self.period(noon, by), charge["component"]] += amount * share * typed
        return found

    def _shares(self, charge: Row, counted: Mapping[tuple[str, str | None], int]) -> dict[str, Fraction]:
        if charge["allocation_key"] == "idle":
            return {}
        if charge["system_id"]:
            return {charge["system_id"]: Fraction(1)}
        everybody = sum(counted.values())
        if charge["allocation_key"] != "tasks" or not everybody:
            return {}
        shares: dict[str, Fraction] = defaultdict(Fraction)
        for (system, _), n in counted.items():
            shares[system] += Fraction(n, everybody)
        return shares

    def _local(self, instant: datetime) -> date:
        return instant.replace(tzinfo=UTC).astimezone(self.zone).date()

    def _days_of_data(self) -> tuple[date, date, date]:
        """Return the first and the last day with data, and the day on which the last row arrived."""
        tests = {(task["system_id"], task["task_id"]) for task in self.rows["tasks"] if task["is_test"]}
        instants = [task.row["created_at"] for task in self.tasks]
        instants += [task.settled_at for task in self.tasks]
        instants += [
            call["started_at"] for call in self.rows["model_calls"] if (call["system_id"], call["task_id"]) not in tests
        ]
        arrived = max(task["ingested_at"] for task in self.rows["tasks"])
        days = [self._local(instant) for instant in instants]
        return min(days), max(days), self._local(arrived)
