"""One function per page. Each asks at most three queries of the rollups and returns a frozen brief.

The book holds what changes only with the data version; the gate board is read once per version too.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from readout import findings
from readout.briefs.book import Book
from readout.briefs.figures import (
    figure,
    reduction_figure,
    reduction_of,
    unit_cost_baseline,
    unit_cost_figure,
    weekly,
)
from readout.briefs.gate_board import gate_cards
from readout.briefs.measures import PORTFOLIO, Measures, Wanted, load_measures
from readout.briefs.results import (
    Figure,
    GateCard,
    GatesBrief,
    HandlingBrief,
    Header,
    ReadoutBrief,
    Reduction,
    Scope,
    ThroughputBrief,
    UnitCostBrief,
    UnitCostRow,
)
from readout.briefs.systems import stage_of, system_row
from readout.metrics import METRICS
from readout.periods import Window
from readout.warehouse.reader import Snapshot

LEVELS = {
    "inference": ("cost", "cost_per_accepted_task"),
    "with_people": ("with_people_cost", "with_people_cost_per_accepted_task"),
    "fully_loaded": ("fully_loaded_cost", "fully_loaded_cost_per_accepted_task"),
}
REDUCTION_TARGETS = frozenset({"handling_time_reduction", "handling_reduction"})
MICRO = 1e-6
ZERO_STEP = -1
HISTOGRAM_CONSTANT = 49.99833328888678


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


def _load(snapshot: Snapshot, book: Book, scope: Scope, header: Header, wanted: Wanted) -> Measures:
    return load_measures(
        snapshot,
        book,
        book.chosen_systems(scope),
        header.window,
        header.before,
        task_type=scope.task_type,
        wanted=wanted,
    )


def _shown(book: Book, measures: Measures, scope: Scope) -> tuple[str, ...]:
    """Return the systems to list: the chosen ones, those without any task in the window last."""
    chosen = book.chosen_systems(scope)
    return tuple(sorted(chosen, key=lambda system: (measures.cell(system=system).empty, book.name_of(system))))


def readout_brief(book: Book, scope: Scope) -> ReadoutBrief:
    """Return the one-minute page."""
    header = book.header(scope)
    gates = tuple(gate for gate in gates_of(book) if gate.system_id in book.chosen_systems(scope))
    with book.warehouse.snapshot() as snapshot:
        measures = _load(snapshot, book, scope, header, Wanted())
    systems = tuple(system_row(book, measures, header, system, gates) for system in _shown(book, measures, scope))
    figures = (
        figure(measures, header, "ai_throughput"),
        figure(measures, header, "ai_share"),
        _portfolio_reduction(book, measures, header),
        unit_cost_figure(measures, header),
        _hours_returned(book, measures, header),
    )
    by_state: dict[str, int] = {}
    for gate in gates:
        by_state[gate.state] = by_state.get(gate.state, 0) + 1
    brief = ReadoutBrief(header, findings.NOTHING, figures, by_state, gates, systems)
    return ReadoutBrief(header, findings.of_readout(brief), figures, by_state, gates, systems)


def _portfolio_reduction(book: Book, measures: Measures, header: Header) -> Figure:
    """Return the reduction of all chosen systems together: baseline and present hours at the baselines' volumes."""
    if len(measures.systems) == 1:
        return reduction_figure(book, measures, header, measures.systems[0])
    now = _pooled_reduction(book, measures, header, "now")
    before = _pooled_reduction(book, measures, header, "before") if header.before else None
    reason = "" if now else "no chosen system has a comparable baseline of handling time"
    return Figure(
        "handling_reduction",
        now[0] if now else None,
        reason,
        n=now[1] if now else None,
        before=before[0] if before else None,
        before_reason="" if before else "no prior data",
        note=f"{now[2]} of {len(measures.systems)} systems have a comparable baseline" if now else "",
    )


def _pooled_reduction(book: Book, measures: Measures, header: Header, span: str) -> tuple[float, int, int] | None:
    """Return (reduction, tasks now, systems) over all systems with a baseline, weighed by baseline hours."""
    baseline = now = 0.0
    tasks = systems = 0
    for system in measures.systems:
        found = reduction_of(book, measures, header, system, span)
        if found.baseline is None or found.now is None:
            continue
        own = book.baselines[(book.baselines["system_id"] == system) & (book.baselines["metric"] == "monthly_volume")]
        demand = float(own.drop_duplicates("task_type", keep="last")["value"].astype(float).sum()) or 1.0
        baseline, now = baseline + demand * found.baseline, now + demand * found.now
        tasks, systems = tasks + found.n, systems + 1
    return (1 - now / baseline, tasks, systems) if systems else None


def _hours_returned(book: Book, measures: Measures, header: Header) -> Figure:
    spans = ["now", "before"] if header.before else ["now"]
    total: dict[str, float | None] = {}
    for span in spans:
        parts = [reduction_of(book, measures, header, system, span).hours_returned for system in measures.systems]
        known = [part for part in parts if part is not None]
        total[span] = sum(known) if known else None
    now, before = total["now"], total.get("before")
    return Figure(
        "hours_returned",
        now,
        "" if now is not None else "no chosen system has a comparable baseline of handling time",
        before=before,
        before_reason="" if before is not None else "no prior data",
        note="capacity, not money",
    )


def throughput_brief(book: Book, scope: Scope) -> ThroughputBrief:
    """Return volume and flow."""
    header = book.header(scope)
    with book.warehouse.snapshot() as snapshot:
        measures = _load(snapshot, book, scope, header, Wanted(verdicts=False, percentiles=False))
        backlog = snapshot.query("read/backlog", systems=list(book.chosen_systems(scope)), task_type=scope.task_type)
    weeks = []
    for week in book.calendar.buckets(header.window, "week"):
        kind = book.calendar.period(week, "week", header.window, header.as_of).kind
        sums = measures.cell(bucket=week).sums
        weeks += [
            (week, kind, arm, int(sums.get(column, 0)))
            for arm, column in (
                ("ai_auto", "completed_auto"), ("ai_assisted", "completed_assisted"), ("human", "completed_human")
            )
        ]  # fmt: skip
    rows = []
    for system in _shown(book, measures, scope):
        own = {
            name: figure(measures, header, name, system)
            for name in ("tasks_attempted", "throughput", "accepted_tasks", "ai_share", "autonomy_share")
        }
        rows.append(
            {
                "system_id": system,
                "name": book.name_of(system),
                **{name: _number(one.value) for name, one in own.items()},
                "planned_share": _number(stage_of(book, system)[1]),
                "before": _number(own["throughput"].before),
                "reason": own["throughput"].reason,
                "series": own["throughput"].series,
            }
        )
    figures = tuple(
        figure(measures, header, name)
        for name in ("tasks_attempted", "throughput", "ai_throughput", "accepted_tasks", "autonomy_share")
    )
    backlog = backlog.assign(name=[book.name_of(system) for system in backlog["system_id"]])
    return ThroughputBrief(
        header,
        findings.of_throughput(header, figures, backlog),
        figures,
        pd.DataFrame(weeks, columns=["bucket", "kind", "arm", "completed"]),
        pd.DataFrame(rows),
        backlog,
    )


def _number(value: object) -> float:
    return float("nan") if value is None else float(str(value))


def handling_brief(book: Book, scope: Scope) -> HandlingBrief:
    """Return handling time: mean, percentiles, distribution and the mix-adjusted reduction per system."""
    header = book.header(scope)
    earlier = header.before or Window(header.window.start, header.window.start)
    with book.warehouse.snapshot() as snapshot:
        measures = _load(snapshot, book, scope, header, Wanted(verdicts=False))
        params = {
            "metric": "handling",
            "from_day": header.window.start,
            "to_day": header.window.end,
            "before_from": earlier.start,
            "before_to": earlier.end,
            "systems": list(book.chosen_systems(scope)),
        }
        steps = (
            snapshot.query("read/distribution_by_task_type", **params, task_type=scope.task_type)
            if scope.task_type
            else snapshot.query("read/distribution", **params)
        )
    names = {"mean": "handling_seconds_mean", "p50": "handling_seconds_p50", "p95": "handling_seconds_p95"}
    weeks = [
        {
            "bucket": week,
            "kind": book.calendar.period(week, "week", header.window, header.as_of).kind,
            **{short: _number(measures.value(name, bucket=week).value) for short, name in names.items()},
        }
        for week in book.calendar.buckets(header.window, "week")
    ]
    reductions = tuple(_reduction(book, measures, header, system) for system in _shown(book, measures, scope))
    rows = []
    for system, reduction in zip(_shown(book, measures, scope), reductions, strict=True):
        own = {short: figure(measures, header, name, system) for short, name in names.items()}
        rows.append(
            {
                "system_id": system,
                "name": book.name_of(system),
                "n": own["mean"].n or 0,
                **{short: _number(one.value) for short, one in own.items()},
                "before": _number(own["mean"].before),
                "baseline": _number(reduction.baseline_seconds),
                "reason": own["mean"].reason,
                "series": own["mean"].series,
            }
        )
    figures = tuple(figure(measures, header, name) for name in (*names.values(), "cycle_seconds_p50"))
    return HandlingBrief(
        header,
        findings.of_handling(header, figures, reductions),
        figures,
        pd.DataFrame(weeks, columns=["bucket", "kind", *names]),
        _distribution(steps),
        reductions,
        pd.DataFrame(rows),
    )


def _distribution(steps: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of tasks per log bucket: seconds (the bucket's value), now, before."""
    if steps.empty:
        return pd.DataFrame({"seconds": [], "now": [], "before": []}, dtype="float64")
    wide = steps.pivot_table(index="bucket", columns="span", values="n", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=["now", "before"], fill_value=0).astype("float64")
    shares = wide / wide.sum().where(wide.sum() > 0)
    step = shares.index.to_series().astype("float64")
    seconds = 0.99 * np.exp(step / HISTOGRAM_CONSTANT) * MICRO
    shares.insert(0, "seconds", seconds.where(step != ZERO_STEP, 0.0))
    return shares.reset_index(drop=True).rename_axis(columns=None)


def _reduction(book: Book, measures: Measures, header: Header, system: str) -> Reduction:
    found = reduction_of(book, measures, header, system)
    known = book.portfolio.systems.get(system)
    targets = [one for one in (known.targets if known else ()) if one.metric in REDUCTION_TARGETS]
    target = float(targets[0].target.value) if targets else None
    if found.reduction is None:
        state = "not measurable"
    elif target is None:
        state = "no target"
    elif found.lower is not None and found.lower >= target:
        state = "confirmed"
    else:
        state = "met" if found.reduction >= target else "short"
    return Reduction(
        system,
        book.name_of(system),
        found.baseline,
        found.now,
        found.reduction,
        found.lower,
        found.upper,
        target,
        state,
        found.reason,
        found.left_out,
    )


def unit_cost_brief(book: Book, scope: Scope) -> UnitCostBrief:
    """Return unit cost: numerator levels x denominators, per system and for all of them."""
    header = book.header(scope)
    with book.warehouse.snapshot() as snapshot:
        measures = _load(snapshot, book, scope, header, Wanted(verdicts=False, percentiles=False))
    systems = _shown(book, measures, scope)
    rows = tuple(
        _unit_cost_row(measures, header, system, level) for system in (*systems, PORTFOLIO) for level in LEVELS
    )
    weeks = []
    for week in book.calendar.buckets(header.window, "week"):
        kind = book.calendar.period(week, "week", header.window, header.as_of).kind
        weeks += [
            (week, kind, level, _number(measures.value(metric, bucket=week).value))
            for level, (_, metric) in LEVELS.items()
        ]
    with_people = replace(
        figure(measures, header, "with_people_cost_per_accepted_task"),
        baseline=unit_cost_baseline(measures, measures.systems),
    )
    figures = (
        with_people,
        figure(measures, header, "cost_per_accepted_task"),
        figure(measures, header, "cost_total"),
        figure(measures, header, "cost_coverage"),
    )
    total = next((row for row in reversed(rows) if row.system_id == PORTFOLIO and row.total is not None), None)
    return UnitCostBrief(
        header,
        findings.of_unit_cost(header, unit_cost_figure(measures, header), rows),
        figures,
        rows,
        pd.DataFrame(weeks, columns=["bucket", "kind", "level", "per_accepted"]),
        total.total if total else None,
        total.level if total else "",
    )


def _unit_cost_row(measures: Measures, header: Header, system: str, level: str) -> UnitCostRow:
    column, metric = LEVELS[level]
    found = figure(measures, header, metric, system)
    sums = measures.cell(system=system).sums
    # the total is known where the cost is, even where nothing was accepted
    need = measures.value(metric, system=system)
    measurable = need.value is not None or need.reason == METRICS[metric].empty
    total = sums.get(column) if measurable else None

    def per(denominator: str) -> object:
        n = sums.get(denominator, 0)
        return None if total is None or not n else total / int(n)

    systems = measures.systems if system == PORTFOLIO else (system,)
    return UnitCostRow(
        system_id=system,
        name=measures.book.name_of(system) if system else "All systems",
        level=level,
        total=total,  # ty: ignore[invalid-argument-type]
        per_attempted=per("attempted"),  # ty: ignore[invalid-argument-type]
        per_completed=per("completed"),  # ty: ignore[invalid-argument-type]
        per_accepted=per("accepted"),  # ty: ignore[invalid-argument-type]
        per_accepted_unaided=per("accepted_unaided"),  # ty: ignore[invalid-argument-type]
        coverage=found.coverage,
        before_per_accepted=found.before,  # ty: ignore[invalid-argument-type]
        baseline=unit_cost_baseline(measures, systems) if level != "inference" else None,
        reason=found.reason,
        series=weekly(measures, header, metric, system),
    )


def gates_brief(book: Book, scope: Scope) -> GatesBrief:
    """Return every gate of the chosen systems with its conditions."""
    header = book.header(scope)
    gates = tuple(gate for gate in gates_of(book) if gate.system_id in book.chosen_systems(scope))
    return GatesBrief(header, findings.of_gates(gates), gates)
