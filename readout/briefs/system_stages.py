"""The stages of one system: as they were decided, as they are planned, and on one axis with what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.measures import Measures
from readout.briefs.results import Header
from readout.briefs.results_system import IncidentRow, ReleaseRow, StageSpan, TimeAxis, WeekShare
from readout.briefs.system_events import local
from readout.gates.policy import STAGES
from readout.portfolio import PlannedStage


def stage_spans(rows: pd.DataFrame, book: Book) -> tuple[StageSpan, ...]:
    """Return a system's recorded stages, oldest first; one that is decided and not yet in force is planned."""
    found = rows.sort_values("effective_at").to_dict("records")
    starts = [local(book, row["effective_at"]) for row in found]
    now = local(book, book.as_of)
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
    starts = [local(book, book.calendar.start_of(one.starts)) for one in planned]
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


def with_running(book: Book, measures: Measures, header: Header, system: str, span: StageSpan) -> StageSpan:
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


Happened = tuple[
    tuple[StageSpan, ...], tuple[StageSpan, ...], tuple[ReleaseRow, ...], tuple[IncidentRow, ...]
]  # stages, plan, releases, incidents


def time_axis(book: Book, measures: Measures, header: Header, system: str, happened: Happened) -> TimeAxis:
    """Return stages, plan, releases and incidents that touch a window, with the share that AI carried in its weeks."""
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
        now=local(book, book.as_of),
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


def _known(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
