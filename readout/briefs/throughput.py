"""The throughput page: volume, who did it, and what waits."""

import pandas as pd

from readout import findings
from readout.briefs.book import Book
from readout.briefs.figures import figure, number
from readout.briefs.measures import Wanted, load_scope
from readout.briefs.results import Scope, ThroughputBrief
from readout.briefs.signals import signalled
from readout.briefs.systems import shown_systems, stage_of


def throughput_brief(book: Book, scope: Scope) -> ThroughputBrief:
    """Return volume and flow."""
    header = book.header(scope)
    with book.warehouse.snapshot() as snapshot:
        measures = load_scope(snapshot, book, scope, header, Wanted(verdicts=False, percentiles=False))
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
    for system in shown_systems(book, measures, scope):
        own = {
            name: figure(measures, header, name, system)
            for name in ("tasks_attempted", "throughput", "accepted_tasks", "ai_share", "autonomy_share")
        }
        rows.append(
            {
                "system_id": system,
                "name": book.name_of(system),
                **{name: number(one.value) for name, one in own.items()},
                "planned_share": number(stage_of(book, system)[1]),
                "before": number(own["throughput"].before),
                "reason": own["throughput"].reason,
                "series": own["throughput"].series,
            }
        )
    figures = signalled(
        book,
        header,
        (
            figure(measures, header, name)
            for name in ("tasks_attempted", "throughput", "ai_throughput", "accepted_tasks", "autonomy_share")
        ),
    )
    backlog = backlog.assign(name=[book.name_of(system) for system in backlog["system_id"]])
    return ThroughputBrief(
        header,
        findings.of_throughput(header, figures, backlog),
        figures,
        pd.DataFrame(weeks, columns=["bucket", "kind", "arm", "completed"]),
        pd.DataFrame(rows),
        backlog,
        measures.cell().empty,
    )
