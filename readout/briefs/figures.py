"""Figures: a metric on a cell, with its comparison, its baseline and its weekly series."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from readout import words
from readout.briefs.book import Book
from readout.briefs.measures import PORTFOLIO, STATED, Accuracy, Measures
from readout.briefs.reduction import MixAdjusted, mix_adjusted, strata
from readout.briefs.results import Figure, Header
from readout.metrics import METRICS, missing_need
from readout.periods import Window
from readout.stats import wilson_interval

STILL_TO_COME = "not all has arrived"
UNEQUAL = "the period before is not complete in the data"
SHOWN_LEVELS = (
    "fully_loaded_cost_per_accepted_task", "direct_people_cost_per_accepted_task", "with_people_cost_per_accepted_task",
    "cost_per_accepted_task",
)  # highest first  # fmt: skip


def _still_to_come(measures: Measures, header: Header, system: str) -> bool:
    """Whether a system is late with tasks of the window: a count of it is not comparable yet."""
    book = measures.book
    until = book.delivered_until(measures.systems if system == PORTFOLIO else (system,))
    return until is not None and book.calendar.start_of(header.window.end) > until


def figure(measures: Measures, header: Header, metric: str, system: str = PORTFOLIO, *, series: bool = True) -> Figure:
    """Return a metric of the window with its comparison and its complete weeks."""
    now = measures.value(metric, system=system)
    cell = measures.cell(system=system)
    declared = METRICS[metric]
    before, why = None, ""
    if header.before is not None:
        if header.first_day is None or header.before.start < header.first_day:
            why = "no prior data" if header.first_day is None or header.before.end <= header.first_day else UNEQUAL
        else:
            earlier = measures.value(metric, "before", system=system)
            before, why = earlier.value, earlier.reason
    if before is not None and declared.aggregation == "count" and _still_to_come(measures, header, system):
        before, why = None, STILL_TO_COME
    coverage = cost_coverage(measures, metric, system) if declared.unit == "money" else None
    judged = {"accuracy": cell.accuracy, "agreement": cell.agreement}.get(metric)
    n = judged.n if judged is not None else cell.sums.get(declared.denominator)
    return Figure(
        metric=metric,
        value=now.value,
        reason=now.reason,
        n=None if n is None else int(n),
        before=before,
        before_reason=why,
        series=weekly(measures, header, metric, system) if series else (),
        coverage=coverage,
        interval=_interval(judged) if judged is not None and now.value is not None else None,
        currency=header.currency if metric in STATED else measures.currency(system=system) or header.currency,
        note=_note(measures, header, metric, system),
    )


def _interval(judged: Accuracy) -> tuple[float, float] | None:
    """Return the Wilson interval of an accuracy, on the effective number of reviews (Kish) where weights differ."""
    effective = judged.weight**2 / judged.squares
    found = wilson_interval(judged.correct / judged.weight * effective, effective)
    return None if found.lower is None or found.upper is None else (found.lower, found.upper)


def cost_coverage(measures: Measures, metric: str, system: str) -> float | None:
    """Return the share of tasks whose cost is known behind a figure; with people, the smaller of both shares."""
    if metric in STATED:
        column = measures.column(STATED[metric], system=system)
        return column.coverage(STATED[metric]) if column else None
    known = measures.value("cost_coverage", system=system).value
    shares = [] if known is None else [float(known)]
    sums = measures.cell(system=system).sums
    if metric.startswith("with_people") and sums.get("people_n"):
        shares.append(float(sums["people_priced"]) / float(sums["people_n"]))
    return min(shares) if shares else None


def _note(measures: Measures, header: Header, metric: str, system: str) -> str:
    cell = measures.cell(system=system)
    if "accepted" in metric:
        book = measures.book
        settled = header.window.end + timedelta(days=book.portfolio.organisation.accept_settle_days)
        if book.calendar.start_of(settled) > book.as_of:
            return f"to date: tasks can be reopened until {words.day(settled, year=False)}"
    if system == PORTFOLIO and METRICS[metric].needs:
        working = measures.working()
        able = set(measures.able(metric)) & set(working)
        if able and len(able) < len(working):
            return f"{len(able)} of {len(working)} systems record it"
    if metric == "accuracy" and cell.accuracy.n:
        return f"judged by {({'human': 'people', 'rule': 'rules', 'model': 'a model'}).get(cell.accuracy.judge, '')}"
    if metric.startswith("latency") and cell.per_call:
        return "per call"
    return ""


def weekly(measures: Measures, header: Header, metric: str, system: str = PORTFOLIO) -> tuple[float | None, ...]:
    """Return the metric of each complete week of the window, oldest first; None where it is not measurable."""
    calendar = measures.book.calendar
    result = []
    for week in calendar.buckets(header.window, "week"):
        if calendar.period(week, "week", header.window, header.as_of).kind != "complete":
            continue
        value = measures.value(metric, bucket=week, system=system).value
        result.append(None if value is None else float(value))
    return tuple(result)


def unit_cost_level(measures: Measures, system: str = PORTFOLIO) -> str:
    """Return the highest measurable level of cost per accepted task, as the name of its metric.

    Where none is measurable, the lowest one stands in, so that its reason is shown.
    """
    recorded = measures.book.recorded_by(measures.systems if system == PORTFOLIO else (system,))
    for metric in SHOWN_LEVELS:
        declared = METRICS[metric]
        if not missing_need(declared, recorded) and measures.value(metric, system=system).value is not None:
            return metric
    return SHOWN_LEVELS[-1]


def unit_cost_figure(measures: Measures, header: Header, system: str = PORTFOLIO) -> Figure:
    """Return cost per accepted task at the highest measurable level, against the signed-off unit cost."""
    metric = unit_cost_level(measures, system)
    found = figure(measures, header, metric, system)
    baseline = unit_cost_baseline(measures, measures.carrying(measures.systems) if system == PORTFOLIO else (system,))
    return replace(found, baseline=baseline)


def unit_cost_baseline(measures: Measures, systems: Sequence[str]) -> Decimal | None:
    """Return what the accepted tasks of now would have cost each at the signed-off unit costs.

    Systems weigh by the tasks accepted now. None where one of the systems with accepted tasks has no such baseline.
    """
    total, accepted = Decimal(0), 0
    for system in systems:
        n = int(measures.cell(system=system).sums.get("accepted", 0))
        if not n:
            continue
        own = measures.book.unit_cost_baselines.get(system)
        if own is None:
            return None
        total, accepted = total + own * n, accepted + n
    return total / accepted if accepted else None


def reduction_of(
    book: Book, measures: Measures, header: Header, system: str, span: str = "now", bucket: date | None = None
) -> MixAdjusted:
    """Return a system's mix-adjusted handling-time reduction over the window, the comparison window or one week."""
    window = header.window if span == "now" or header.before is None else header.before
    if bucket is not None:
        window = Window(bucket, bucket + timedelta(weeks=1))
    cell = measures.cell(span, bucket, system)
    return mix_adjusted(strata(book.handling_baselines.get(system, ()), cell.handling), window)


def reduction_figure(book: Book, measures: Measures, header: Header, system: str) -> Figure:
    """Return a system's handling-time reduction as a figure."""
    found = reduction_of(book, measures, header, system)
    series = tuple(
        reduction_of(book, measures, header, system, bucket=week).reduction
        for week in book.calendar.buckets(header.window, "week")
    )
    earlier = reduction_of(book, measures, header, system, "before") if header.before else MixAdjusted()
    return Figure(
        "handling_reduction",
        found.reduction,
        found.reason,
        n=found.n or None,
        before=earlier.reduction,
        before_reason="" if earlier.reduction is not None else "no prior data",
        series=series,
    )


def pooled_reduction(
    book: Book, measures: Measures, header: Header, span: str = "now", bucket: date | None = None
) -> tuple[float, int, int] | None:
    """Return (reduction, tasks now, systems) over all systems with a baseline, weighed by baseline hours."""
    baseline = now = 0.0
    tasks = systems = 0
    for system in measures.systems:
        found = reduction_of(book, measures, header, system, span, bucket)
        if found.baseline is None or found.now is None:
            continue
        demand = book.monthly_demand.get(system) or 1.0
        baseline, now = baseline + demand * found.baseline, now + demand * found.now
        tasks, systems = tasks + found.n, systems + 1
    return (1 - now / baseline, tasks, systems) if systems else None


def number(value: object) -> float:
    """Return a value for a frame: NaN where there is none."""
    return float("nan") if value is None else float(str(value))
