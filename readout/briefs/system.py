"""The system page: everything about one system, from the registry and from what was recorded."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

import pandas as pd

from readout import findings, words
from readout.briefs.availability import availability_figure
from readout.briefs.book import Book
from readout.briefs.figures import figure, reduction_figure, reduction_of, unit_cost_baseline, unit_cost_figure
from readout.briefs.gate_board import gates_of
from readout.briefs.handling import REDUCTION_TARGETS
from readout.briefs.measures import NEVER, Measures, Wanted, load_scope
from readout.briefs.results import Figure, Header, Scope
from readout.briefs.results_system import (
    FlowStep,
    IncidentRow,
    MetricRow,
    ReleaseRow,
    SharedModule,
    StageSpan,
    SystemBrief,
    SystemChoice,
    SystemProfile,
    TargetRow,
    TimeAxis,
    WeekShare,
)
from readout.briefs.running import charge_rows, model_rows
from readout.briefs.signals import signalled
from readout.briefs.standstill import standstill
from readout.briefs.systems import stage_of
from readout.gates.policy import STAGES, line_us, measured_histogram
from readout.metrics import METRICS, missing_need
from readout.portfolio import PlannedStage, Portfolio, Step, System, Target
from readout.signals import outlook

HISTOGRAMS = {"latency": "latency_ms", "handling": "handling_seconds", "cycle": "cycle_seconds"}
HISTOGRAM_ERROR = Decimal("0.01")  # a percentile is known to 1 %: nearer than that to its line, it is on it
QUALITY = frozenset({"accuracy", "reviewed", "escalation_rate", "fallback_rate", "failure_rate", "reopen_rate"})
VOLUME = frozenset({"ai_share", "autonomy_share", "availability"})
# What the last word of a step's `who` says about who it is.
MACHINES = frozenset(
    """ai bot categoriser categorizer classifier copilot detector engine extractor forecaster llm model optimiser
    optimizer orchestrator predictor recogniser recognizer scorer summariser summarizer system systems transcriber
    """.split()  # noqa: SIM905 - a word a line would fill a screen
)
PROGRAMS = frozenset(
    """application batch crm database erp export gateway hub import job pipeline platform process rule rules scheduler
    script server service software spreadsheet tool workflow
    """.split()  # noqa: SIM905
)
PERSONS = frozenset(
    """accountant administrator adviser advisor agent analyst auditor bookkeeper buyer clerk committee controller
    counsel customer desk director editor engineer expert head labeller lawyer lead manager merchandiser officer
    operator owner people person planner reviewer specialist staff supervisor team technician tester user
    """.split()  # noqa: SIM905
)


def system_brief(book: Book, scope: Scope) -> SystemBrief:
    """Return the first chosen system; where none is chosen, the systems to choose from."""
    chosen = [system for system in book.systems if system in scope.systems or len(book.systems) == 1]
    choices = tuple(sorted((_choice(book, one) for one in chosen or book.systems), key=lambda one: one.name.casefold()))
    if not chosen:
        header = book.header(replace(scope, systems=()))
        return SystemBrief(header, findings.of_systems(choices), choices, None)
    system = chosen[0]
    own = replace(scope, systems=(system,))
    header = book.header(own)
    with book.warehouse.snapshot() as snapshot:
        measures = load_scope(snapshot, book, own, header, Wanted(calls=True, costs=True))
        calls = snapshot.query(
            "read/models",
            from_day=header.window.start,
            to_day=header.window.end,
            before_from=header.before.start if header.before else NEVER,
            before_to=header.before.end if header.before else NEVER,
            system=system,
            task_type=own.task_type,
        )
    profile = replace(
        _profile(book, measures, header, system), models=model_rows(calls, compared=header.before is not None)
    )
    return SystemBrief(header, findings.of_system(header, profile), choices, profile)


def _choice(book: Book, system: str) -> SystemChoice:
    known = book.portfolio.systems.get(system)
    stage, share = stage_of(book, system)
    counts = book.dimensions.loc[book.dimensions["system_id"] == system, "attempted"]
    return SystemChoice(
        system_id=system,
        name=book.name_of(system),
        summary=known.summary if known else "",
        stage=stage,
        load_share=share,
        owner=known.owners.business if known else "",
        registered=known is not None,
        recorded=int(counts.sum()),
    )


def _profile(book: Book, measures: Measures, header: Header, system: str) -> SystemProfile:
    known = book.portfolio.systems.get(system)
    records = _records(book)
    spans = tuple(
        _with_running(book, measures, header, system, span)
        for span in stage_spans(book.stages[book.stages["system_id"] == system], book)
    )
    plan = planned_spans(known.planned_stages if known else (), book)
    now = _local(book, book.as_of)
    in_force = next((span for span in reversed(spans) if span.starts <= now), None)
    stage = in_force or next((span for span in reversed(plan) if span.starts <= now), None)
    releases = release_rows(records.of("releases", system), book)
    incidents = incident_rows(records.of("incidents", system), book)
    targets = tuple(_target(book, measures, header, system, one) for one in (known.targets if known else ()))
    before, after = flow(known) if known else ((), ())
    return SystemProfile(
        system_id=system,
        name=book.name_of(system),
        registry=known,
        stage=stage,
        figures=_tiles(book, measures, header, system, stage),
        axis=_axis(book, measures, header, system, (spans, plan, releases, incidents)),
        stages=history(spans, plan, now),
        before=before,
        after=after,
        targets=targets,
        gates=tuple(gate for gate in gates_of(book) if gate.system_id == system),
        modules=shared_modules(book.portfolio, system),
        metrics=_metrics(book, measures, header, system, targets),
        releases=releases[::-1],
        incidents=incidents[::-1],
        recorded=system in set(book.dimensions["system_id"]),
        silent=measures.cell(system=system).empty,
        charges=charge_rows(book.charges[book.charges["system_id"] == system]),
        standstill=standstill(book, system),
        unjudged=_unjudged(measures, header, system),
    )


def _unjudged(measures: Measures, header: Header, system: str) -> frozenset[date]:
    """Return the complete weeks of AI work in which no verdict could tell, of a system that is judged at all."""
    if measures.value("accuracy", system=system).value is None:
        return frozenset()
    cells = {week: measures.cell(bucket=week, system=system) for week in _whole_weeks(measures.book, header)}
    return frozenset(week for week, cell in cells.items() if cell.sums.get("completed_ai") and not cell.accuracy.n)


# --- stages ----------------------------------------------------------------------------------------------------------


def stage_spans(rows: pd.DataFrame, book: Book) -> tuple[StageSpan, ...]:
    """Return a system's recorded stages, oldest first; one that is decided and not yet in force is planned."""
    found = rows.sort_values("effective_at").to_dict("records")
    starts = [_local(book, row["effective_at"]) for row in found]
    now = _local(book, book.as_of)
    return tuple(
        StageSpan(
            stage=row["stage"],
            load_share=_known(row["load_share"]),
            review_rate=_known(row["review_rate"]),
            starts=start,
            ends=end,
            decided_by=row["decided_by"],
            reason=row["reason"],
            milestone=row["milestone"],
            planned=start > now,
        )
        for row, start, end in zip(found, starts, (*starts[1:], None), strict=False)
    )


def planned_spans(planned: Sequence[PlannedStage], book: Book) -> tuple[StageSpan, ...]:
    """Return the stages as the registry plans them, oldest first; the days are the organisation's."""
    starts = [_local(book, book.calendar.start_of(one.starts)) for one in planned]
    return tuple(
        StageSpan(one.stage, one.load_share, one.review_rate, start, end, planned=True)
        for one, start, end in zip(planned, starts, (*starts[1:], None), strict=False)
    )


def history(spans: Sequence[StageSpan], plan: Sequence[StageSpan], now: datetime) -> tuple[StageSpan, ...]:
    """Return what is planned and what was, newest first.

    Of the plan: what lies ahead, and what should have begun since the last decision and lies above it. All of it where
    nothing was ever decided.
    """
    last = spans[-1] if spans else None
    ahead = [
        one for one in plan if last is None or (one.starts > last.starts and (one.starts > now or above(one, last)))
    ]
    return tuple(sorted((*spans, *ahead), key=lambda span: span.starts, reverse=True))


def above(one: StageSpan, other: StageSpan) -> bool:
    """Whether a stage is higher on the ladder than another, or the same one with more load."""
    ranks = [STAGES.index(span.stage) if span.stage in STAGES else -1 for span in (one, other)]
    return ranks[0] > ranks[1] or (ranks[0] == ranks[1] and (one.load_share or 0.0) > (other.load_share or 0.0))


def _with_running(book: Book, measures: Measures, header: Header, system: str, span: StageSpan) -> StageSpan:
    """Add what AI carried in the complete weeks of the window that lie in the stage, to the day."""
    weeks = [
        week
        for week in book.calendar.buckets(header.window, "week")
        if book.calendar.period(week, "week", header.window, header.as_of).kind == "complete"
        and span.starts.date() <= week
        and (span.ends is None or week + timedelta(weeks=1) <= span.ends.date())
    ]
    shares = [measures.cell(bucket=week, system=system).sums for week in weeks]
    done = sum(int(sums.get("completed", 0)) for sums in shares)
    if not done:
        return span
    handled = sum(int(sums.get("completed_ai", 0)) for sums in shares)
    return replace(span, running=handled / done, weeks_running=len(weeks))


# --- time axis -------------------------------------------------------------------------------------------------------

Happened = tuple[
    tuple[StageSpan, ...], tuple[StageSpan, ...], tuple[ReleaseRow, ...], tuple[IncidentRow, ...]
]  # stages, plan, releases, incidents


def _axis(book: Book, measures: Measures, header: Header, system: str, happened: Happened) -> TimeAxis:
    spans, plan, releases, incidents = happened
    start, end = (datetime.combine(day, time()) for day in (header.window.start, header.window.end))
    weeks = []
    for week in book.calendar.buckets(header.window, "week"):
        sums = measures.cell(bucket=week, system=system).sums
        done = int(sums.get("completed", 0))
        kind = book.calendar.period(week, "week", header.window, header.as_of).kind
        weeks.append(WeekShare(week, kind, int(sums["completed_ai"]) / done if done else None, done))
    stages = within(spans, start, end)
    ahead = within(plan, start, end)
    return TimeAxis(
        start=start,
        end=end,
        now=_local(book, book.as_of),
        weeks=tuple(weeks),
        stages=stages,
        plan=() if stages and _same(stages, ahead, [one.week for one in weeks]) else ahead,
        releases=tuple(one for one in releases if start <= one.starts < end),
        incidents=tuple(one for one in incidents if one.starts < end and (one.ends is None or one.ends > start)),
    )


def within(spans: Iterable[StageSpan], start: datetime, end: datetime) -> tuple[StageSpan, ...]:
    """Return the spans that touch a range, as they are."""
    return tuple(span for span in spans if span.starts < end and (span.ends is None or span.ends > start))


def _same(stages: Sequence[StageSpan], plan: Sequence[StageSpan], weeks: Sequence[date]) -> bool:
    """Whether plan and decisions entitle to the same share in the middle of every week."""
    middles = [datetime.combine(week, time()) + timedelta(days=3, hours=12) for week in weeks]
    return all(share_at(stages, at) == share_at(plan, at) for at in middles)


def share_at(spans: Sequence[StageSpan], at: datetime) -> float | None:
    """Return the load share in force at an instant; None where none is stated."""
    return next((span.load_share for span in reversed(spans) if span.starts <= at), None)


# --- releases and incidents ------------------------------------------------------------------------------------------


def release_rows(rows: pd.DataFrame, book: Book) -> tuple[ReleaseRow, ...]:
    """Return the releases up to as-of, oldest first; each serves until the next begins."""
    found = [row for row in rows.to_dict("records") if row["started_at"] <= book.as_of]
    starts = [_local(book, row["started_at"]) for row in found]
    return tuple(
        ReleaseRow(
            row["release_id"],
            row["model"],
            row["prompt_version"],
            row["routing_version"],
            row["change_class"],
            start,
            end,
            row["note"],
        )
        for row, start, end in zip(found, starts, (*starts[1:], None), strict=False)
    )


def incident_rows(rows: pd.DataFrame, book: Book) -> tuple[IncidentRow, ...]:
    """Return the incidents up to as-of, oldest first; one that ended later was open then."""
    found = []
    for row in rows.to_dict("records"):
        if row["started_at"] > book.as_of:
            continue
        ended = None if pd.isna(row["ended_at"]) or row["ended_at"] > book.as_of else row["ended_at"]
        seconds = max(((ended or book.as_of) - row["started_at"]).total_seconds(), 0.0)
        found.append(
            IncidentRow(
                row["incident_id"],
                row["kind"],
                _local(book, row["started_at"]),
                None if ended is None else _local(book, max(ended, row["started_at"])),
                seconds,
                row["note"],
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class _Records:
    """The small tables of one data version that only this page reads."""

    frames: dict[str, pd.DataFrame]

    def of(self, table: str, system: str) -> pd.DataFrame:
        frame = self.frames[table]
        return frame[frame["system_id"] == system]


class _ByVersion:
    """A book as a cache key: two books of one warehouse and version hold the same records."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._same = (id(book.warehouse), book.data_version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and self._same == other._same

    def __hash__(self) -> int:
        return hash(self._same)


@lru_cache(maxsize=2)
def _records_of_version(key: _ByVersion) -> _Records:
    with key.book.warehouse.snapshot() as snapshot:
        return _Records({name: snapshot.query(f"read/{name}") for name in ("releases", "incidents")})


def _records(book: Book) -> _Records:
    return _records_of_version(_ByVersion(book))


# --- figures ---------------------------------------------------------------------------------------------------------


def _tiles(book: Book, measures: Measures, header: Header, system: str, stage: StageSpan | None) -> tuple[Figure, ...]:
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
    found.append(replace(_metric(book, measures, header, system, "availability"), note=promised))
    return signalled(book, header, found, system)


def _metric(book: Book, measures: Measures, header: Header, system: str, name: str) -> Figure:
    """Return any declared metric of a system as a figure, with its baseline where one was signed off."""
    if name == "handling_reduction":
        found = reduction_of(book, measures, header, system)
        ends = (found.lower, found.upper)
        interval = None if ends[0] is None or ends[1] is None else (ends[0], ends[1])
        return replace(reduction_figure(book, measures, header, system), interval=interval)
    if name == "hours_returned":
        return _hours(book, measures, header, system)
    if name == "availability":
        return availability_figure(book, _records(book).frames["incidents"], header, system)
    found = figure(measures, header, name, system)
    return replace(found, baseline=_baseline(book, measures, header, system, name)) if found.baseline is None else found


def _hours(book: Book, measures: Measures, header: Header, system: str) -> Figure:
    now = reduction_of(book, measures, header, system)
    earlier = reduction_of(book, measures, header, system, "before") if header.before else None
    series = tuple(
        reduction_of(book, measures, header, system, bucket=week).hours_returned for week in _whole_weeks(book, header)
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


def _whole_weeks(book: Book, header: Header) -> list[date]:
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


def _metrics(
    book: Book, measures: Measures, header: Header, system: str, targets: Sequence[TargetRow]
) -> tuple[MetricRow, ...]:
    recorded = book.recorded.get(system, frozenset())
    aimed = {row.figure.metric: row for row in reversed(targets) if row.figure}
    rows = []
    for name, declared in METRICS.items():
        found = _metric(book, measures, header, system, name)
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


def _target(book: Book, measures: Measures, header: Header, system: str, target: Target) -> TargetRow:
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
    found = signalled(book, header, (_metric(book, measures, header, system, name),), system)[0]
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


# --- registry --------------------------------------------------------------------------------------------------------


def flow(system: System) -> tuple[tuple[FlowStep, ...], tuple[FlowStep, ...]]:
    """Return the workflow before and now, each step marked by who does it and by what became of it."""
    lanes = system.workflow
    was: dict[str, list[Step]] = {}
    for step in lanes.before:
        was.setdefault(_same_words(step.who), []).append(step)
    now = {_same_words(step.who) for step in lanes.after}
    compared = bool(lanes.before and lanes.after)
    newcomer = next((step for step in lanes.after if _same_words(step.who) not in was), None)

    def fate(step: Step) -> str:
        earlier = was.get(_same_words(step.who), [])
        if not compared or not earlier:
            return "new" if compared else ""
        return "kept" if any(map(partial(_alike, step), earlier)) else "changed"

    def drawn(step: Step, by: str, what: str) -> FlowStep:
        return FlowStep(step.who, step.does, step.stored_in, step.feeds, by, what)

    gone = {True: "kept", False: "gone"}
    return tuple(
        drawn(step, actor(step.who), gone[_same_words(step.who) in now] if compared else "") for step in lanes.before
    ), tuple(
        drawn(step, actor(step.who, fresh=_same_words(step.who) not in was, first=step is newcomer), fate(step))
        for step in lanes.after
    )


def _alike(one: Step, other: Step) -> bool:
    return all(
        _same_words(getattr(one, name)) == _same_words(getattr(other, name)) for name in ("does", "stored_in", "feeds")
    )


def _same_words(text: str) -> str:
    return " ".join(text.split()).casefold()


def actor(who: str, *, fresh: bool = False, first: bool = False) -> str:
    """Return who a step's `who` is: ai, software or people, by its words; the last one says most.

    `fresh` = nobody of that name worked here before: a machine that did is software. The first newcomer is the system
    itself, whatever it is called, unless its name is a person's. `AI` in a newcomer's name always means AI.
    """
    tokens = re.findall(r"[a-z0-9]+", who.casefold())
    head = tokens[-1] if tokens else ""
    if fresh and "ai" in tokens:
        return "ai"
    if first and not {head, *tokens[:1]} & PERSONS:  # clerk, payables clerk, head of payables
        return "ai"
    if head in PROGRAMS or (head in MACHINES and {"rule", "rules"} & set(tokens)):
        return "software"
    return ("ai" if fresh else "software") if head in MACHINES else "people"


def shared_modules(portfolio: Portfolio, system: str) -> tuple[SharedModule, ...]:
    """Return a system's reusable modules, each with the other systems that name it."""
    known = portfolio.systems.get(system)
    return tuple(
        SharedModule(
            module,
            {
                other.id: other.name
                for other in portfolio.systems.values()
                if other.id != system and _same_words(module) in map(_same_words, other.modules)
            },
        )
        for module in (known.modules if known else ())
    )


def _local(book: Book, instant: Any) -> datetime:
    """Return a naive UTC instant as naive local time, as an axis draws it."""
    naive = instant.to_pydatetime() if isinstance(instant, pd.Timestamp) else instant
    return book.calendar.local(naive).replace(tzinfo=None)


def _known(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
