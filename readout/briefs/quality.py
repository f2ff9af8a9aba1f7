"""Quality and load: the AI beside people, reviews against plan, what degrades, and the busiest hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from readout import findings
from readout.briefs.availability import availability_of
from readout.briefs.book import Book
from readout.briefs.figures import figure
from readout.briefs.measures import COMPARERS, JUDGES, Measures, Wanted, accuracy_of, load_scope
from readout.briefs.results import Figure, Header, Scope
from readout.briefs.results_quality import (
    AgreementRow,
    EscalationRow,
    LoadRow,
    QualityBrief,
    ReviewRow,
    Share,
    TypeRow,
    UnmeasuredRow,
)
from readout.briefs.signals import signalled
from readout.briefs.systems import shown_systems
from readout.stats import wilson_interval

FEWEST = 30  # observations on each side before busy hours are compared with the rest


def quality_brief(book: Book, scope: Scope) -> QualityBrief:
    """Return what the chosen systems show beside people and under load in the window."""
    header = book.header(scope)
    window, systems = header.window, book.chosen_systems(scope)
    with book.warehouse.snapshot() as snapshot:
        measures = load_scope(snapshot, book, scope, header, Wanted(percentiles=False))
        work = snapshot.query(
            "read/quality", from_day=window.start, to_day=window.end, systems=list(systems), task_type=scope.task_type
        )
        hours = snapshot.query(
            "read/under_load",
            from_utc=book.calendar.start_of(window.start),
            to_utc=book.calendar.start_of(window.end),
            systems=list(systems),
        )
        incidents = snapshot.query("read/incidents")
    ordered = shown_systems(book, measures, scope)
    brief = QualityBrief(
        header=header,
        finding=findings.NOTHING,
        figures=signalled(
            book,
            header,
            (
                figure(measures, header, name)
                for name in ("accuracy", "escalation_rate", "fallback_rate", "unmeasured_share", "review_coverage")
            ),
        ),
        agreements=tuple(_agreements(book, measures, header, ordered)),
        reviews=tuple(_reviews(book, measures, work, ordered)),
        unmeasured=tuple(_unmeasured(book, work)),
        escalations=tuple(_escalations(book, measures, work, header, ordered)),
        loads=tuple(_loads(book, hours, incidents, header, ordered)),
        empty=measures.cell().empty,
    )
    return replace(brief, finding=findings.of_quality(brief))


def share_of(good: float, n: float) -> Share:
    """Return a share with its two-sided 95 % Wilson interval; without observations it has no value."""
    if not n:
        return Share(None, 0)
    interval = wilson_interval(good, n)
    return Share(good / n, round(n), (interval.lower or 0.0, interval.upper or 1.0))


def _agreements(book: Book, measures: Measures, header: Header, systems: Sequence[str]) -> Iterable[AgreementRow]:
    weeks = list(book.calendar.buckets(header.window, "week"))
    for system in systems:
        rows = [row for row in measures.verdict_rows if row["system_id"] == system and row["span"] == "now"]
        found = accuracy_of(rows, COMPARERS, "agreement")
        if not found.judged:
            continue
        right = accuracy_of(rows, COMPARERS, "ai_right")
        series = []
        for week in weeks:
            one = accuracy_of([row for row in rows if row["bucket"] == week], COMPARERS, "agreement")
            series.append(one.correct / one.weight if one.n else None)
        yield AgreementRow(
            system,
            book.name_of(system),
            share_of(found.correct / found.weight * found.n, found.n) if found.n else Share(None, 0),
            share_of(right.correct / right.weight * right.n, right.n) if right.n else Share(None, 0),
            tuple(series),
        )


def _reviews(book: Book, measures: Measures, work: pd.DataFrame, systems: Sequence[str]) -> Iterable[ReviewRow]:
    sums = work.drop(columns=["bucket", "task_type"]).groupby("system_id").sum() if len(work) else work
    for system in systems:
        if system not in sums.index or not sums.loc[system, "completed_ai"]:
            continue
        own = sums.loc[system]
        rows = [row for row in measures.verdict_rows if row["system_id"] == system and row["span"] == "now"]
        judged = accuracy_of(rows, JUDGES)
        reasons: dict[str, int] = {}
        for row in rows:
            if row["metric"] == "correct":
                reasons[row["review_reason"]] = reasons.get(row["review_reason"], 0) + int(row["judged"])
        yield ReviewRow(
            system,
            book.name_of(system),
            planned=_planned_rate(book, system),
            actual=judged.judged / int(own["completed_ai"]),
            judge=judged.judge,
            judged=judged.judged,
            cannot_tell=judged.judged - judged.n,
            coverage=judged.judged / int(own["review_due"]) if own["review_due"] else None,
            reasons=tuple(sorted(reasons.items())),
        )


def _planned_rate(book: Book, system: str) -> float | None:
    rows = book.stages_until(system)
    if rows.empty:
        return None
    rate = rows.iloc[-1]["review_rate"]
    return None if rate is None or pd.isna(rate) else float(rate)


def _unmeasured(book: Book, work: pd.DataFrame) -> Iterable[UnmeasuredRow]:
    """Yield the task types of which some AI work could never be reviewed, the largest first."""
    if work.empty:
        return
    sums = work.groupby(["system_id", "task_type"])[["completed_ai", "review_prob_known", "review_prob_zero"]].sum()
    own = sums[sums["review_prob_zero"] > 0].sort_values("review_prob_zero", ascending=False)
    for (system, kind), row in own.iterrows():
        yield UnmeasuredRow(
            system,
            book.name_of(system),
            kind,
            int(row["review_prob_zero"]),
            int(row["review_prob_zero"]) / int(row["review_prob_known"]),
            int(row["completed_ai"]),
        )


def _escalations(
    book: Book, measures: Measures, work: pd.DataFrame, header: Header, systems: Sequence[str]
) -> Iterable[EscalationRow]:
    weeks = list(book.calendar.buckets(header.window, "week"))
    for system in systems:
        own = work[work["system_id"] == system]
        done = int(own["completed_ai"].sum()) if len(own) else 0
        if not done:
            continue
        total = {name: int(own[name].sum()) for name in ("escalated", "ai_right", "ai_wrong", "out_of_scope")}
        by_week = own.groupby("bucket")[["escalated", "completed_ai"]].sum()
        series = tuple(
            float(by_week.loc[week, "escalated"] / by_week.loc[week, "completed_ai"])
            if week in by_week.index and by_week.loc[week, "completed_ai"]
            else None
            for week in weeks
        )
        settled = int(own["settled_ai"].sum())
        yield EscalationRow(
            system,
            book.name_of(system),
            share_of(total["escalated"], done),
            total["escalated"],
            total["ai_right"],
            total["ai_wrong"],
            total["out_of_scope"],
            total["escalated"] - total["ai_right"] - total["ai_wrong"] - total["out_of_scope"],
            _types(own),
            share_of(int(own["fallback"].sum()), settled),
            share_of(int(own["failed"].sum()), settled),
            series,
            _share_before(figure(measures, header, "escalation_rate", system, series=False)),
        )


def _types(own: pd.DataFrame) -> tuple[TypeRow, ...]:
    """Return a system's task types with AI work; a few tasks that all escalate do not lead many that half do."""
    names = ["completed_ai", "escalated", "ai_wrong", "settled_ai", "fallback", "failed"]
    rows = [
        TypeRow(
            str(kind),
            int(sums["completed_ai"]),
            share_of(int(sums["escalated"]), int(sums["completed_ai"])),
            int(sums["ai_wrong"]),
            share_of(int(sums["fallback"]), int(sums["settled_ai"])),
            share_of(int(sums["failed"]), int(sums["settled_ai"])),
        )
        for kind, sums in own.groupby("task_type")[names].sum().iterrows()
        if sums["completed_ai"]
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.escalated.interval or (0.0,))[0], row.task_type)))


def _share_before(found: Figure) -> float | None:
    return None if found.before is None else float(found.before)


@dataclass(frozen=True)
class _Side:
    """Latency or verdicts on one side of the cut."""

    n: int = 0
    good: int = 0
    latency_us: float = 0.0
    hours: int = 0
    attempted: int = 0


def _loads(
    book: Book, hours: pd.DataFrame, incidents: pd.DataFrame, header: Header, systems: Sequence[str]
) -> Iterable[LoadRow]:
    lines = {line.system_id: line.line_us for line in reversed(book.portfolio.lines()) if line.metric == "latency"}
    for system in systems:
        own = hours[hours["system_id"] == system]
        if own.empty:
            continue
        side = {
            (bool(row["busy"]), row["judge"]): _Side(
                int(row["n"]), int(row["good"]), float(row["latency_us"]), int(row["hours"]), int(row["attempted"])
            )
            for row in own.to_dict("records")
        }
        judge = next((one for one in JUDGES if (True, one) in side or (False, one) in side), "")
        busy, rest = side.get((True, ""), _Side()), side.get((False, ""), _Side())
        sharp, calm = (side.get((flag, judge), _Side()) if judge else _Side() for flag in (True, False))
        with_line = system in lines
        yield LoadRow(
            system,
            book.name_of(system),
            busy.hours,
            busy.attempted / busy.hours if busy.hours else None,
            rest.attempted / rest.hours if rest.hours else None,
            busy.latency_us / busy.n / 1000 if busy.n else None,
            rest.latency_us / rest.n / 1000 if rest.n else None,
            lines[system] / 1000 if with_line else None,
            share_of(busy.good, busy.n) if with_line else Share(None, 0),
            share_of(rest.good, rest.n) if with_line else Share(None, 0),
            share_of(sharp.good, sharp.n),
            share_of(calm.good, calm.n),
            availability_of(book, incidents, header.window, system).value,
            _promise(book, system),
        )


def _promise(book: Book, system: str) -> float | None:
    known = book.portfolio.systems.get(system)
    return float(known.availability_target) if known and known.availability_target is not None else None


def disagreements(book: Book, scope: Scope) -> pd.DataFrame:
    """Return the latest tasks of the window on which AI and people differ, at most 20, from the facts themselves.

    Columns: system_id, name, task_id, task_type, compared_at, ai_right, trace_url. Raises what `Warehouse.sample` does.
    """
    window = book.windows(scope)[0]
    found = book.warehouse.sample(
        "facts/disagreements",
        systems=list(book.chosen_systems(scope)),
        task_type=scope.task_type,
        from_utc=book.calendar.start_of(window.start),
        to_utc=book.calendar.start_of(window.end),
    )
    return found.assign(name=[book.name_of(system) for system in found["system_id"]])
