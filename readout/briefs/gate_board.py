"""Every gate on the raw rule: weekly facts from the rollups, judged by readout.gates.raw. Filters do not touch it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd

from readout import findings
from readout.briefs.book import Book
from readout.briefs.measures import Measures, accuracy_of, load_measures
from readout.briefs.reduction import mix_adjusted, strata
from readout.briefs.results import GateCard, GateCondition, GatesBrief, GateWeek, Scope
from readout.gates.policy import MICROSECONDS, Comparison, Gate, GateMetric
from readout.gates.raw import Measured, RawReadout, WeekFacts, raw_weeks
from readout.metrics import METRICS
from readout.periods import Window

WEEKS = 12
AI_ARMS = ("ai_auto", "ai_assisted")
SHARES = {  # a gate's name for a share -> (successes, n) among the sums
    "escalation_rate": ("escalated_ai", "completed_ai"),
    "escalation_wrong": ("escalated_ai_wrong", "completed_ai"),
    "fallback_rate": ("fallback_ai", "settled_ai"),
    "failure_rate": ("failed_ai", "settled_ai"),
    "reopen_rate": ("reopened", "completed"),
    "ai_share": ("completed_ai", "completed"),
    "autonomy_share": ("autonomous", "completed"),
}
DURATIONS = ("latency", "handling", "cycle")


@dataclass(frozen=True)
class _Facts:
    """What a gate's weeks are made of."""

    measures: Measures
    lines: pd.DataFrame


def gate_cards(book: Book) -> tuple[GateCard, ...]:
    """Return every gate with its last twelve complete weeks and the running one, on the raw rule."""
    gates = [gate for gate in book.portfolio.gates.values() if gate.system in book.systems]
    if not gates:
        return ()
    this_week = book.calendar.week_of(book.calendar.day_of(book.as_of))
    window = Window(this_week - timedelta(weeks=WEEKS), this_week + timedelta(weeks=1))
    with book.warehouse.snapshot() as snapshot:
        measures = load_measures(snapshot, book, book.systems, window, None)
        facts = _Facts(
            measures,
            snapshot.query("read/lines", from_day=window.start, to_day=window.end),
        )
    weeks = list(book.calendar.buckets(window, "week"))
    return tuple(_card(book, gate, weeks, window, facts) for gate in sorted(gates, key=lambda gate: gate.gate))


def _card(book: Book, gate: Gate, weeks: list[date], window: Window, facts: _Facts) -> GateCard:
    given = [
        WeekFacts(
            week,
            book.calendar.period(week, "week", window, book.as_of).kind == "complete",
            {metric.name: _measured(book, gate, metric, week, facts) for metric in gate.metrics},
        )
        for week in weeks
    ]
    readout = raw_weeks(gate, given)
    needed = readout.needed or 0
    seen = any(one.n for week in readout.weeks for one in week.metrics)
    state = "met" if readout.met else ("hold" if seen else "no_data")
    return GateCard(
        gate=gate.gate,
        system_id=gate.system,
        system_name=book.name_of(gate.system),
        from_stage=gate.from_stage,
        to_stage=gate.to_stage,
        owner=gate.owner,
        approver=gate.approver,
        state=state,
        weeks_met=min(readout.streak, needed) if needed else readout.streak,
        weeks_needed=needed,
        sentence=readout.sentence,
        next_step=_next_step(gate, readout, seen=seen),
        conditions=tuple(_conditions(gate, readout)),
        review_by=gate.review_by,
    )


def _next_step(gate: Gate, readout: RawReadout, *, seen: bool) -> str:
    if not seen:
        return f"{gate.owner} checks that the system's measures reach the warehouse"
    if readout.met:
        return f"{gate.approver} reviews the evidence before promoting to {gate.to_stage}"
    if readout.needed is None:
        return f"{gate.owner} watches; this gate never promotes by itself"
    missing = readout.needed - readout.streak
    return f"{missing} more met week{'s' if missing > 1 else ''} in a row until {gate.approver} can review"


def _conditions(gate: Gate, readout: RawReadout) -> Iterable[GateCondition]:
    for position, metric in enumerate(gate.metrics):
        kind, rule = next(iter(metric.rules.items()), ("", None))  # the first line given is the one shown
        weeks = []
        for week in readout.weeks:
            one = week.metrics[position]
            weeks.append(
                GateWeek(week.week, week.complete, one.value, one.n, one.state if week.complete else "partial")
            )
        yield GateCondition(
            metric=metric.name,
            statistic=metric.statistic or "",
            unit="" if metric.unit in {None, "1"} else str(metric.unit),
            rule="" if rule is None else str(rule),
            kind=kind,
            line=float(rule.value) if isinstance(rule, Comparison) else None,
            role=metric.role,
            min_n=metric.min_n,
            judge=metric.judge or "",
            weeks=tuple(weeks),
        )


def _measured(book: Book, gate: Gate, metric: GateMetric, week: date, facts: _Facts) -> Measured:
    """Return one metric of one week; nothing measurable is Measured(None, 0)."""
    nothing = Measured(None, 0)
    if gate.arm_of(metric) != "ai":
        return nothing  # shadow and human arms are measured by the gate engine, not by the raw rule
    if metric.name == "accuracy":
        return _accuracy(gate, metric, week, facts)
    cell = facts.measures.cell(bucket=week, system=gate.system)
    if metric.name in SHARES:
        successes, n = (int(cell.sums.get(name, 0)) for name in SHARES[metric.name])
        return Measured(successes / n, n, successes=successes) if n else nothing
    if metric.name in DURATIONS and metric.statistic in {"p50", "p95", "p99", "mean"}:
        return _duration(metric, gate.system, week, facts)
    if metric.statistic == "reduction_vs_baseline":
        own = book.handling_baselines.get(gate.system, ())
        found = mix_adjusted(strata(own, cell.handling), Window(week, week + timedelta(days=7)))
        return Measured(found.reduction, found.n) if found.reduction is not None else nothing
    if metric.name in METRICS:
        value = facts.measures.value(metric.name, bucket=week, system=gate.system).value
        n = int(cell.sums.get(METRICS[metric.name].denominator, 0))
        return Measured(None if value is None else float(value), n)
    return nothing


def _accuracy(gate: Gate, metric: GateMetric, week: date, facts: _Facts) -> Measured:
    rows = [row for row in facts.measures.verdict_rows if (row["system_id"], row["bucket"]) == (gate.system, week)]
    found = accuracy_of(rows, (metric.judge,)) if metric.judge else accuracy_of(rows)
    if not found.n:
        return Measured(None, 0)
    # unequal weights have no whole number of successes; the share is then compared as it is
    successes = round(found.correct / found.weight * found.n) if found.equal_weights else None
    return Measured(found.correct / found.weight, found.n, successes=successes)


def _duration(metric: GateMetric, system: str, week: date, facts: _Facts) -> Measured:
    sums: dict[str, Any] = facts.measures.cell(bucket=week, system=system).sums
    n = int(sums.get(f"{metric.name}_n", 0))
    if not n:
        return Measured(None, 0)
    unit = MICROSECONDS[str(metric.unit)]
    if metric.statistic == "mean":
        return Measured(float(sums[f"{metric.name}_us"]) / n / unit, n)
    lines = facts.lines
    lines = lines[(lines["system_id"] == system) & (lines["bucket"] == week) & (lines["metric"] == metric.name)]
    if metric.name == "latency":
        lines = lines[lines["arm"].isin(AI_ARMS)]
    under = {
        str(Decimal(int(line)) / unit): int(count)
        for line, count in lines[lines["arm"] != "shadow"].groupby("line_us")["n_under"].sum().items()
    }
    return Measured(float(sums[f"{metric.name}_{metric.statistic}"]) / unit, n, under)


@lru_cache(maxsize=4)
def _gates_of_version(key: "_ByVersion") -> tuple[GateCard, ...]:
    return gate_cards(key.book)


class _ByVersion:
    """A book as a cache key: two books of one warehouse, version, portfolio and as-of hold the same."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._same = (id(book.warehouse), book.data_version, id(book.portfolio), book.as_of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and self._same == other._same

    def __hash__(self) -> int:
        return hash(self._same)


def gates_of(book: Book) -> tuple[GateCard, ...]:
    """Return every gate's card; read once per data version, since no filter changes a gate."""
    return _gates_of_version(_ByVersion(book))


def gates_brief(book: Book, scope: Scope) -> GatesBrief:
    """Return every gate of the chosen systems with its conditions."""
    header = book.header(scope)
    gates = tuple(gate for gate in gates_of(book) if gate.system_id in book.chosen_systems(scope))
    return GatesBrief(header, findings.of_gates(gates), gates)
