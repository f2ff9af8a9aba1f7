"""Additive sums of one window, its comparison and its buckets, ready to be evaluated as metrics at any grain.

Everything is summed first and divided last: a total is the metric of the summed parts, never a sum of metrics.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.costs import Costs, load_costs
from readout.briefs.results import Header, Scope
from readout.finance import CostColumn
from readout.metrics import METRICS, Value, evaluate, evaluate_cost, missing_need
from readout.periods import Grain, Window
from readout.warehouse.reader import Snapshot

JUDGES = ("human", "rule", "model")  # the order in which a judge speaks for the accuracy
COMPARERS = ("human", "rule", "model", "downstream")  # who says whether AI and people agree
OPEN_REASONS = frozenset({"", "random"})  # reviews that were not chosen because of what the task looked like
VERDICT_SUMS = ("judged", "n", "correct", "prob_n", "w", "w2", "w_correct")
BILLION = 1e9
ROUNDING = 1e-6  # weights are kept in whole billionths
NEVER = date(1900, 1, 1)
WHOLE = None  # the bucket of the whole span
NOT_TOGETHER = "no one system records everything that it needs"
PORTFOLIO = ""  # the system id of all systems together
# The level of the cost statement that a metric is read off.
STATED = {
    "direct_cost_per_accepted_task": "direct",
    "direct_people_cost_per_accepted_task": "with_people",
    "fully_loaded_cost_per_accepted_task": "fully_loaded",
    "net_cost_per_accepted_task": "net",
    "fully_loaded_cost": "fully_loaded",
}
NO_LOAD = "no AI work in this period: what the system costs is in no unit cost"
WITH_PEOPLE = frozenset({"with_people_cost_per_accepted_task"})
KEYS = ("span", "bucket", "system_id", "task_type", "currency")
MONEY = ("cost", "people_cost")
COSTED = frozenset(
    {"cost_total", "cost_per_task", "cost_per_accepted_task", "with_people_cost_per_accepted_task", *STATED}
)  # fmt: skip


@dataclass(frozen=True)
class Accuracy:
    """The judged share of one cell. `weight` and `correct` are weighted; `judge` is '' where nothing was judged."""

    weight: float = 0.0
    correct: float = 0.0
    squares: float = 0.0  # sum of squared weights
    n: int = 0
    judged: int = 0
    judge: str = ""

    @property
    def equal_weights(self) -> bool:
        """Whether every review weighs the same, so that the share is a whole number of successes of n."""
        return abs(self.weight**2 - self.squares * self.n) <= ROUNDING * self.weight**2

    def __add__(self, other: "Accuracy") -> "Accuracy":
        """Pool two cells; judges that differ are never pooled: the judge is then `mixed`."""
        judges = {self.judge, other.judge} - {""}
        return Accuracy(
            self.weight + other.weight,
            self.correct + other.correct,
            self.squares + other.squares,
            self.n + other.n,
            self.judged + other.judged,
            judges.pop() if len(judges) == 1 else ("mixed" if judges else ""),
        )


@dataclass
class Cell:
    """Sums of one span, bucket and system."""

    sums: dict[str, Any] = field(default_factory=dict)  # int, float, or Decimal for money
    currencies: frozenset[str] = frozenset()  # of the inference cost
    people_currencies: frozenset[str] = frozenset()
    accuracy: Accuracy = Accuracy()
    agreement: Accuracy = Accuracy()
    per_call: bool = False  # latency is per call: the system has calls and no tasks
    handling: dict[str, tuple[float, float, float]] = field(default_factory=dict)  # task type -> n, µs, µs²

    @property
    def empty(self) -> bool:
        """Whether nothing at all was recorded."""
        return not any(self.sums.get(name) for name in ("attempted", "completed", "settled", "unlinked_calls", "calls"))


def accuracy_of(rows: Iterable[Mapping[str, Any]], judges: Sequence[str] = JUDGES, metric: str = "correct") -> Accuracy:
    """Return the accuracy, or another judged share, of one system's verdict rows (METRICS 'accuracy', 'agreement').

    Only random or unstated review reasons; one judge; where any sampling probability is stated, only verdicts with one
    count, each weighing 1 / probability; where none is stated, all weigh the same.
    """
    by_judge: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["metric"] == metric and row["review_reason"] in OPEN_REASONS:
            sums = by_judge.setdefault(row["judge"], dict.fromkeys(VERDICT_SUMS, 0))
            for name in VERDICT_SUMS:
                sums[name] += row[name]
    for judge in judges:
        sums = by_judge.get(judge)
        if not sums or not sums["judged"]:
            continue
        judged = int(sums["judged"])
        if sums["prob_n"]:
            return Accuracy(
                sums["w"] / BILLION,
                sums["w_correct"] / BILLION,
                sums["w2"] / BILLION**2,
                int(sums["prob_n"]),
                judged,
                judge,
            )
        n = sums["n"]
        return Accuracy(float(n), float(sums["correct"]), float(n), int(n), judged, judge)
    return Accuracy()


class Measures:
    """The cells of one query set, and the metrics evaluated on them."""

    def __init__(self, book: Book, systems: tuple[str, ...]) -> None:
        """Start without cells; the `load_*` functions add them."""
        self.book = book
        self.systems = systems
        self.verdict_rows: list[dict[str, Any]] = []
        self.costs: Costs | None = None  # of the same spans and buckets
        self._cells: dict[tuple[str, Any, str], Cell] = {}

    def cell(self, span: str = "now", bucket: Any = WHOLE, system: str = PORTFOLIO) -> Cell:
        """Return the sums of a cell; an empty one where nothing was recorded."""
        return self._cells.get((span, bucket, system)) or Cell()

    def buckets(self, system: str = PORTFOLIO, span: str = "now") -> list[Any]:
        """Return the buckets in which anything was recorded, oldest first."""
        return sorted(
            bucket
            for (of_span, bucket, of_system), cell in self._cells.items()
            if of_span == span and of_system == system and bucket is not WHOLE and not cell.empty
        )

    def value(self, metric: str, span: str = "now", bucket: Any = WHOLE, system: str = PORTFOLIO) -> Value:
        """Evaluate a declared metric on a cell.

        The portfolio is made of the systems that record what the metric needs: one that records no outcome has no
        failures to count, and its tasks do not belong under the fraction either.
        """
        declared = METRICS[metric]
        cell = self.cell(span, bucket, system)
        recorded = self.book.recorded_by(self.systems if system == PORTFOLIO else (system,))
        if metric in {"accuracy", "reviewed"} and cell.accuracy.judge == "mixed":
            return Value(None, "the systems are judged by different kinds of judge, which are never pooled")
        if metric in STATED:
            return self._stated(metric, span, bucket, system)
        if metric.startswith("latency_ms") and cell.per_call:
            recorded |= {"tasks.latency_ms", "tasks.completed_at"}
        if cell.empty:
            need = evaluate(declared, {}, recorded)
            known = need.value is None and need.reason.startswith("not recorded")
            return need if known else Value(None, "nothing was recorded in this period")
        if system == PORTFOLIO and declared.aggregation != "percentile":
            able = self.able(metric)
            if not able:
                need = missing_need(declared, recorded)
                return Value(None, f"not recorded: {' or '.join(need[:2])}" if need else NOT_TOGETHER)
            cell = self.together(metric, span, bucket)
        if metric in COSTED:
            currencies = cell.currencies | (cell.people_currencies if metric in WITH_PEOPLE else frozenset())
            if len(currencies) > 1:
                return Value(None, f"costs in {' and '.join(sorted(currencies))}: one figure has one currency")
            return evaluate_cost(declared, cell.sums, recorded)
        return evaluate(declared, cell.sums, recorded)

    def _stated(self, metric: str, span: str, bucket: Any, system: str) -> Value:
        """Return a unit cost as the cost statement has it."""
        declared, level = METRICS[metric], STATED[metric]
        need = missing_need(declared, self.book.recorded_by(self.systems if system == PORTFOLIO else (system,)))
        if need:
            return Value(None, f"not recorded: {' or '.join(need[:2])}")
        if self.costs is None:
            return Value(None, declared.absent)
        column = self.column(level, span, bucket, system)
        if column is None:
            return Value(None, "nothing was recorded in this period")
        if column.kind != "system":
            return Value(None, NO_LOAD)
        if not declared.denominator:
            total = column.at(level)
            return Value(total, "" if total is not None else column.reason(level))
        unit = column.unit(level)
        reason = column.reason(level) or column.uncounted.get("accepted", "") or declared.empty
        return Value(None, reason) if unit is None else Value(unit)

    def column(self, level: str, span: str = "now", bucket: Any = WHOLE, system: str = PORTFOLIO) -> CostColumn | None:
        """Return a system's column of the cost statement, or that of all systems of which a level is known."""
        if self.costs is None:
            return None
        found = self.costs.statement(span, bucket)
        return found.of_system(system) if system else found.chosen(self.systems).portfolio(level)

    def able(self, metric: str) -> tuple[str, ...]:
        """Return the systems that record everything the metric needs, whether or not they worked in a period."""
        declared = METRICS[metric]
        return tuple(
            system
            for system in self.systems
            if missing_need(declared, self.book.recorded.get(system, frozenset())) is None
        )

    def together(self, metric: str, span: str = "now", bucket: Any = WHOLE) -> Cell:
        """Return the sums of the systems that a portfolio figure is made of.

        They record what the metric needs. A cost per task is made of those that carry load in the span: people's work
        beside a system in shadow is no cost of AI, and its tasks do not belong under the fraction either.
        """
        return self._sum(span, bucket, self.made_of(metric, span))

    def made_of(self, metric: str, span: str = "now") -> tuple[str, ...]:
        """Return the systems that a figure of all of them is made of."""
        if metric in STATED:
            return self.carrying(self.systems, span)
        systems = self.systems if METRICS[metric].aggregation == "percentile" else self.able(metric)
        return self.carrying(systems, span) or systems if metric in COSTED else systems

    def carrying(self, systems: Iterable[str], span: str = "now") -> tuple[str, ...]:
        """Return those of some systems of which AI work, or a call tied to no task, was recorded in a span."""
        return tuple(system for system in systems if self.cell(span, WHOLE, system).sums.get("costs_wanted"))

    def working(self, span: str = "now", bucket: Any = WHOLE) -> tuple[str, ...]:
        """Return the systems of which anything was recorded in a cell."""
        return tuple(system for system in self.systems if not self.cell(span, bucket, system).empty)

    def _sum(self, span: str, bucket: Any, systems: tuple[str, ...]) -> Cell:
        """Return the sums of several systems together; the portfolio's own cell where no other has any."""
        if set(self.working(span, bucket)) <= set(systems):
            return self.cell(span, bucket)
        total = Cell()
        for system in systems:
            cell = self.cell(span, bucket, system)
            for name, number in cell.sums.items():
                total.sums[name] = total.sums.get(name, 0) + number
            total.currencies |= cell.currencies
            total.people_currencies |= cell.people_currencies
            total.accuracy = total.accuracy + cell.accuracy
        _derive(total)
        return total

    def currency(self, span: str = "now", bucket: Any = WHOLE, system: str = PORTFOLIO) -> str:
        """Return the currency of a cell's money, '' where there is none or more than one."""
        found = self.cell(span, bucket, system).currencies
        return next(iter(found)) if len(found) == 1 else ""

    def add(self, key: tuple[str, Any, str]) -> Cell:
        """Return the cell of a key, made where it is absent."""
        return self._cells.setdefault(key, Cell())

    def seal(self) -> None:
        """Derive what depends on several sums of one cell, once all of them are in."""
        for cell in self._cells.values():
            _derive(cell)


def _derive(cell: Cell) -> None:
    sums = cell.sums
    for name in ("attempted", "completed", "accepted", "settled_ai", "unlinked_calls", "unlinked_priced", "cost_known"):
        sums.setdefault(name, 0)
    for name in ("completed_ai", "escalated_ai", "reopened", "handling_n", "cycle_n", "latency_n", "autonomous",
                 "fallback_ai", "failed_ai", "cost_known_ai", "review_due", "review_prob_known", "review_prob_zero",
                 "handling_us", "cycle_us"):  # fmt: skip
        sums.setdefault(name, 0)
    for name in MONEY:
        sums.setdefault(name, Decimal(0))
    if sums.get("calls") and not sums.get("tokens_n"):  # calls without any token count: unknown, not 0
        sums.pop("input_tokens", None)
        sums.pop("output_tokens", None)
    elif not sums.get("calls"):
        sums.setdefault("input_tokens", 0)
        sums.setdefault("output_tokens", 0)
    sums["costs_wanted"] = sums["settled_ai"] + sums["unlinked_calls"]
    sums["costs_known"] = sums["cost_known"] + sums["unlinked_priced"]
    sums["with_people_cost"] = Decimal(sums["cost"]) + Decimal(sums["people_cost"])
    accuracy = cell.accuracy
    sums |= {
        "accuracy_weight": accuracy.weight,
        "accuracy_correct": accuracy.correct,
        "accuracy_n": accuracy.n,
        "accuracy_judged": accuracy.judged,
        "agreement_weight": cell.agreement.weight,
        "agreement_correct": cell.agreement.correct,
        "agreement_n": cell.agreement.n,
    }


def _cells_of(span: str, bucket: Any, system: str) -> Iterable[tuple[str, Any, str]]:
    return ((span, bucket, system), (span, WHOLE, system), (span, bucket, PORTFOLIO), (span, WHOLE, PORTFOLIO))


def _add_sums(measures: Measures, frame: pd.DataFrame) -> None:
    """Add the rows of read/measures or read/measures_hour into their four cells."""
    if frame.empty:
        return
    if "completed_auto" in frame:
        frame = frame.assign(completed_ai=frame["completed_auto"] + frame["completed_assisted"])
    keys = [key for key in ("span", "bucket", "system_id", "currency") if key in frame]
    numbers = [column for column in frame.columns if column not in KEYS]
    grouped = frame.groupby(keys, sort=False)[numbers].sum()
    for key, values in zip(grouped.index, grouped.to_dict("records"), strict=True):
        named = dict(zip(keys, key, strict=True))
        currency = named["currency"]
        for cell_key in _cells_of(named.get("span", "now"), named["bucket"], named["system_id"]):
            cell = measures.add(cell_key)
            for name, value in values.items():
                cell.sums[name] = cell.sums.get(name, 0) + value
            if values.get("cost"):
                cell.currencies |= {currency}
            if values.get("people_cost"):
                cell.people_currencies |= {currency}


def _add_handling(measures: Measures, frame: pd.DataFrame) -> None:
    """Keep handling sums by task type beside each system's cells, for the mix adjustment."""
    columns = ("span", "bucket", "system_id", "task_type", "handling_n", "handling_us", "handling_us2")
    for span, bucket, system, kind, *sums in zip(*(frame[column] for column in columns), strict=True):
        if sums[0]:
            for key in ((span, bucket, system), (span, WHOLE, system)):
                parts = measures.add(key).handling
                old = parts.get(kind, (0.0, 0.0, 0.0))
                parts[kind] = (old[0] + sums[0], old[1] + sums[1], old[2] + sums[2])


def _add_calls(measures: Measures, frame: pd.DataFrame) -> None:
    for row in frame.to_dict("records"):
        for key in _cells_of(row["span"], row["bucket"], row["system_id"]):
            sums = measures.add(key).sums
            for name in ("calls", "tokens_n", "input_tokens", "output_tokens"):
                sums[name] = sums.get(name, 0) + row[name]


def _add_verdicts(measures: Measures, rows: Iterable[dict[str, Any]]) -> None:
    """Add the accuracy of every bucket and of the whole span: each system by its own judge, then pooled."""
    grouped: dict[tuple[str, Any, str], list[dict[str, Any]]] = {}
    for row in rows:
        span = row.get("span", "now")
        for bucket in (row["bucket"], WHOLE):
            grouped.setdefault((span, bucket, row["system_id"]), []).append(row)
    for (span, bucket, system), own_rows in grouped.items():
        measures.add((span, bucket, system)).accuracy = (own := accuracy_of(own_rows))
        portfolio = measures.add((span, bucket, PORTFOLIO))
        portfolio.accuracy = portfolio.accuracy + own
        compared = accuracy_of(own_rows, COMPARERS, "agreement")
        measures.add((span, bucket, system)).agreement = compared
        portfolio.agreement = portfolio.agreement + compared


def _add_percentiles(measures: Measures, frame: pd.DataFrame, with_tasks: frozenset[str]) -> None:
    for row in frame.to_dict("records"):
        metric, system = row["metric"], row["system_id"]
        if metric == "call_latency":
            if not system or system in with_tasks:
                continue
            metric = "latency"
        cell = measures.add((row["span"], WHOLE if row["whole"] else row["bucket"], system))
        cell.per_call = row["metric"] == "call_latency"
        for rank in ("p50", "p95", "p99"):
            cell.sums[f"{metric}_{rank}"] = row[f"{rank}_us"]
        if cell.per_call:
            cell.sums["latency_n"] = row["n"]


@dataclass(frozen=True)
class Wanted:
    """What to load: which parts beside the sums (each part is one query)."""

    verdicts: bool = True
    percentiles: bool = True
    calls: bool = False
    costs: bool = False  # the cost statement


def load_measures(
    snapshot: Snapshot,
    book: Book,
    systems: tuple[str, ...],
    chosen: Window,
    before: Window | None,
    *,
    grain: Grain = "week",
    task_type: str = "",
    wanted: Wanted = Wanted(),
) -> Measures:
    """Load the sums of a window and its comparison, per bucket of the grain and as a whole."""
    earlier = before or Window(NEVER, NEVER)
    params: dict[str, Any] = {
        "grain": grain,
        "from_day": chosen.start,
        "to_day": chosen.end,
        "before_from": earlier.start,
        "before_to": earlier.end,
        "systems": list(systems),
    }
    measures = Measures(book, systems)
    sums = snapshot.query("read/measures", **params, task_type=task_type)
    _add_sums(measures, sums)
    _add_handling(measures, sums)
    if wanted.calls:
        _add_calls(measures, snapshot.query("read/calls", **params, task_type=task_type))
    if wanted.verdicts:
        measures.verdict_rows = snapshot.query("read/verdicts", **params, task_type=task_type).to_dict("records")
        _add_verdicts(measures, measures.verdict_rows)
    if wanted.percentiles:
        whole_portfolio = not task_type
        frame = (
            snapshot.query("read/percentiles", **params)
            if whole_portfolio
            else snapshot.query("read/percentiles_by_task_type", **params, task_type=task_type)
        )
        _add_percentiles(measures, frame, book.with_tasks)
    if wanted.costs:
        measures.costs = load_costs(snapshot, book, chosen, before, grain=grain, task_type=task_type)
    measures.seal()
    return measures


def load_hours(
    snapshot: Snapshot, book: Book, systems: tuple[str, ...], from_utc: datetime, to_utc: datetime
) -> Measures:
    """Load the sums per UTC hour; percentiles have day grain and are not in it."""
    params: dict[str, Any] = {"from_utc": from_utc, "to_utc": to_utc, "systems": list(systems)}
    measures = Measures(book, systems)
    _add_sums(measures, snapshot.query("read/measures_hour", **params))
    _add_verdicts(measures, snapshot.query("read/verdicts_hour", **params).to_dict("records"))
    measures.seal()
    return measures


def load_scope(snapshot: Snapshot, book: Book, scope: Scope, header: Header, wanted: Wanted) -> Measures:
    """Load what a page shows: the chosen systems, window, comparison and task type, by week."""
    return load_measures(
        snapshot,
        book,
        book.chosen_systems(scope),
        header.window,
        header.before,
        task_type=scope.task_type,
        wanted=wanted,
    )
