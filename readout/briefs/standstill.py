"""Systems that stand still: a planned stage is long overdue, and nobody has decided it."""

from collections.abc import Sequence
from datetime import date, timedelta

from readout.briefs.book import Book
from readout.briefs.results import Standstill
from readout.gates.policy import STAGES
from readout.portfolio import Connection, PlannedStage

GRACE_DAYS = 28  # a plan is a plan: four weeks late is a delay, more is a standstill
SNAPSHOT = ("snapshot", "export", "dump")


def standstill(book: Book, system: str) -> Standstill | None:
    """Return why a system stands still, None where it moves, is not planned, or was never decided at all."""
    known = book.portfolio.systems.get(system)
    rows = book.stages_until(system)
    if known is None or rows.empty:
        return None
    last = rows.sort_values("effective_at").iloc[-1]
    today, decided = book.calendar.day_of(book.as_of), book.calendar.day_of(last["effective_at"])
    late = overdue(known.planned_stages, str(last["stage"]), decided, today)
    if late is None:
        return None
    return Standstill(
        stage=str(last["stage"]),
        due_stage=late.stage,
        due_share=None if late.load_share is None else float(late.load_share),
        due=late.starts,
        owner=known.owners.business,
        snapshots=snapshots_of(known.data_sources),
    )


def snapshots_of(sources: Sequence[Connection]) -> tuple[str, ...]:
    """Return the cadence of a system's sources where all of them are exported snapshots, else nothing."""
    fed = [one.cadence for one in sources if any(word in one.kind.lower() for word in SNAPSHOT)]
    return tuple(fed) if len(fed) == len(sources) else ()


def overdue(plan: Sequence[PlannedStage], stage: str, decided: date, today: date) -> PlannedStage | None:
    """Return the first stage above the one in force that should have begun more than the days of grace ago."""
    if stage not in STAGES:
        return None
    late = [
        one
        for one in plan
        if decided < one.starts and (today - one.starts).days > GRACE_DAYS
        and STAGES.index(one.stage) > STAGES.index(stage)
    ]  # fmt: skip
    return min(late, key=lambda one: one.starts, default=None)


def weeks_in_stage(book: Book, system: str) -> int | None:
    """Return for how many weeks the stage in force has been the same, whatever its load share; None unrecorded."""
    rows = book.stages_until(system)
    since = None
    for row in rows.sort_values("effective_at", ascending=False).to_dict("records"):
        if since is not None and row["stage"] != since[0]:
            break
        since = (row["stage"], row["effective_at"].to_pydatetime())
    return None if since is None else (book.as_of - since[1]) // timedelta(weeks=1)
