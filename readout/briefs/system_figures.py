"""Every figure of one system, against its baseline and the registry's targets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd

from readout import words
from readout.briefs.availability import availability_figure
from readout.briefs.book import Book
from readout.briefs.figures import figure, reduction_figure, reduction_of, unit_cost_baseline, unit_cost_figure
from readout.briefs.handling import REDUCTION_TARGETS
from readout.briefs.measures import Measures
from readout.briefs.results import Figure, Header
from readout.briefs.results_system import MetricRow, StageSpan, TargetRow
from readout.briefs.signals import signalled
from readout.briefs.system_events import records_of
from readout.gates.policy import line_us, measured_histogram
from readout.metrics import METRICS, missing_need
from readout.portfolio import Target
from readout.signals import outlook

HISTOGRAMS = {"latency": "latency_ms", "handling": "handling_seconds", "cycle": "cycle_seconds"}
HISTOGRAM_ERROR = Decimal("0.01")  # a percentile is known to 1 %: nearer than that to its line, it is on it
QUALITY = frozenset({"accuracy", "reviewed", "escalation_rate", "fallback_rate", "failure_rate", "reopen_rate"})
VOLUME = frozenset({"ai_share", "autonomy_share", "availability"})


def tiles(book: Book, measures: Measures, header: Header, system: str, stage: StageSpan | None) -> tuple[Figure, ...]:
    """Return throughput, AI share, handling against baseline, unit cost, accuracy, and availability where measured."""
    share, accuracy = (figure(measures, header, name, system) for name in ("ai_share", "accuracy"))
    if accuracy.value is not None:
        accuracy = replace(accuracy, note=", ".join(filter(None, (words.judged(accuracy), accuracy.note))))
    found = [
        figure(measures, header, "throughput", system),
        replace(share, note=words.system.entitlement(stage)),
        reduction_figure(book, measures, header, system),
        unit_cost_figure(measures, header, system),
        accuracy,
    ]
    known = book.portfolio.systems.get(system)
    promised = words.system.promise(known.availability_target if known else None)
    found.append(replace(metric_figure(book, measures, header, system, "availability"), note=promised))
    return signalled(book, header, found, system)


def metric_figure(book: Book, measures: Measures, header: Header, system: str, name: str) -> Figure:
    """Return any declared metric of a system as a figure, with its baseline where one was signed off."""
    if name == "handling_reduction":
        found = reduction_of(book, measures, header, system)
        ends = (found.lower, found.upper)
        interval = None if ends[0] is None or ends[1] is None else (ends[0], ends[1])
        return replace(reduction_figure(book, measures, header, system), interval=interval)
    if name == "hours_returned":
        return _hours(book, measures, header, system)
    if name == "availability":
        return availability_figure(book, records_of(book).frames["incidents"], header, system)
    found = figure(measures, header, name, system)
    return replace(found, baseline=_baseline(book, measures, header, system, name)) if found.baseline is None else found


def _hours(book: Book, measures: Measures, header: Header, system: str) -> Figure:
    now = reduction_of(book, measures, header, system)
    earlier = reduction_of(book, measures, header, system, "before") if header.before else None
    series = tuple(
        reduction_of(book, measures, header, system, bucket=week).hours_returned for week in whole_weeks(book, header)
    )
    return Figure(
        "hours_returned",
        now.hours_returned,
        now.reason,
        n=now.n or None,
        before=earlier.hours_returned if earlier else None,
        before_reason="" if earlier and earlier.hours_returned is not None else "no prior data",
        series=series,
    )


def whole_weeks(book: Book, header: Header) -> list[date]:
    """Return the complete weeks of a window, oldest first."""
    calendar = book.calendar
    return [
        week
        for week in calendar.buckets(header.window, "week")
        if calendar.period(week, "week", header.window, header.as_of).kind == "complete"
    ]


def _baseline(book: Book, measures: Measures, header: Header, system: str, name: str) -> Decimal | float | None:
    """Return the signed-off value of a metric before the system, weighed like the metric itself; None without one."""
    if name == "handling_seconds_mean":
        return reduction_of(book, measures, header, system).baseline
    if words.level_of(name) in {"with_people", "fully_loaded", "net"}:
        return unit_cost_baseline(measures, (system,))
    return _accuracy_baseline(book.baselines[book.baselines["system_id"] == system]) if name == "accuracy" else None


def _accuracy_baseline(own: pd.DataFrame) -> float | None:
    latest = {
        metric: dict(zip(rows["task_type"], rows["value"], strict=True))
        for metric, rows in own.groupby("metric")[["task_type", "value"]]
    }
    found, volumes = latest.get("accuracy", {}), latest.get("monthly_volume", {})
    if len(found) <= 1:
        return float(next(iter(found.values()))) if found else None
    if any(kind not in volumes for kind in found) or not sum(volumes[kind] for kind in found):
        return None
    return float(sum(found[kind] * volumes[kind] for kind in found) / sum(volumes[kind] for kind in found))


def metric_table(
    book: Book, measures: Measures, header: Header, system: str, targets: Sequence[TargetRow]
) -> tuple[MetricRow, ...]:
    """Return every declared metric of a system, by group, with its target and what would make it measurable."""
    recorded = book.recorded.get(system, frozenset())
    aimed = {row.figure.metric: row for row in reversed(targets) if row.figure}
    rows = []
    for name, declared in METRICS.items():
        found = metric_figure(book, measures, header, system, name)
        need = missing_need(declared, recorded) if found.value is None else None
        rows.append(MetricRow(group_of(name), found, aimed.get(name), need[0] if need else ""))
    return tuple(sorted(rows, key=lambda row: ("volume", "time", "quality", "cost").index(row.group)))


def group_of(name: str) -> str:
    """Return where a metric stands in the table of all metrics: volume, time, quality or cost."""
    unit = METRICS[name].unit
    if unit in {"money", "tokens"} or "cost" in name:
        return "cost"
    if unit in {"seconds", "ms", "hours"} or name == "handling_reduction":
        return "time"
    return "volume" if name in VOLUME or (unit == "tasks" and name not in QUALITY) else "quality"


# --- targets ---------------------------------------------------------------------------------------------------------


def target_row(book: Book, measures: Measures, header: Header, system: str, target: Target) -> TargetRow:
    """Return a target against its figure; never met where the figure is on the line to within its own error."""
    name = metric_of(target)
    row = TargetRow(
        target.metric,
        target.statistic or "",
        target.unit or "",
        target.target.op,
        float(target.target.value),
        None,
        "not measurable",
    )
    if not name:
        return replace(row, reason="the readout has no such metric")
    found = signalled(book, header, (metric_figure(book, measures, header, system, name),), system)[0]
    line = line_of(target, name)
    if line is None:
        return replace(row, figure=found, reason=f"its unit {target.unit} is not one of this metric")
    row = replace(row, figure=found, line=float(line))
    if METRICS[name].unit == "money" and target.unit and found.currency and target.unit != found.currency:
        return replace(row, reason=f"the target is in {target.unit}, the cost in {found.currency}")
    if found.value is None:
        return replace(row, reason=found.reason)
    forecast = outlook(found.signal, row.op, row.line) if found.signal else ""
    return replace(row, state=target_state(target, found, line), forecast=forecast)


def metric_of(target: Target) -> str:
    """Return the declared metric that a target means, '' where there is none."""
    if target.metric in REDUCTION_TARGETS:
        return "handling_reduction"
    histogram = measured_histogram(target.metric)
    name = f"{HISTOGRAMS[histogram]}_{target.statistic}" if histogram else target.metric
    return name if name in METRICS else ""


def line_of(target: Target, name: str) -> Decimal | None:
    """Return a target's line in its metric's unit; None where the units do not fit."""
    value, unit = target.target.value, METRICS[name].unit
    if unit in {"seconds", "ms"}:
        line = line_us(value, target.unit)
        return None if line is None else Decimal(line) / (1_000_000 if unit == "seconds" else 1_000)
    return value / 100 if unit == "share" and target.unit == "%" else value


def target_state(target: Target, found: Figure, line: Decimal) -> str:
    """Return confirmed, met, short, or at the line where the error of a histogram is larger than the distance."""
    rule = target.target.model_copy(update={"value": line})
    value = Decimal(str(found.value))
    if METRICS[found.metric].aggregation == "percentile" and abs(value - line) <= HISTOGRAM_ERROR * line:
        return "at the line"
    if not rule.holds(value):
        return "short"
    return "confirmed" if found.interval and all(rule.holds(end) for end in found.interval) else "met"
