"""People's work on one system's tasks: handling, reviews, escalations, rework."""

import numpy as np
import pyarrow as pa

from readout.demo.clock import Clock
from readout.demo.columns import NULL, constant, instants, numbers
from readout.demo.draws import ACTIVITIES, Tasks, arrival, lognormal, micros, with_copies
from readout.demo.verdicts import Verdicts


def work_table(tasks: Tasks, verdicts: Verdicts, clock: Clock, rng: np.random.Generator) -> pa.Table:
    """Return `human_work` rows: handling, reviews, escalations, rework; recorded when the stretch ends."""
    scenario = tasks.scenario
    human = np.flatnonzero(verdicts.judge == 0)
    handle = np.flatnonzero((tasks.handle_start != NULL) & (tasks.handle_seconds > 0) & ~tasks.test)
    escalation = np.flatnonzero(tasks.escalated & tasks.done & ~tasks.test)
    rework = np.flatnonzero((tasks.reopened != NULL) & ~tasks.test & (rng.random(len(tasks.created)) < 0.7))
    own = np.array([one.seconds for one in scenario.kinds])[tasks.kind[rework]]
    review_seconds = lognormal(rng, scenario.review_seconds, 0.4, len(human))
    rework_seconds = lognormal(rng, 0.55 * own, 0.4, len(rework))
    parts = (
        (handle, 0, scenario.roles[0], tasks.handle_start[handle], tasks.handle_seconds[handle]),
        (verdicts.row[human], 1, scenario.roles[1], verdicts.created[human] - micros(review_seconds), review_seconds),
        (
            escalation, 2, scenario.roles[2],
            tasks.completed[escalation] - micros(tasks.escalation_seconds[escalation]),
            tasks.escalation_seconds[escalation],
        ),
        (rework, 3, scenario.roles[0], tasks.reopened[rework] + micros(rng.uniform(300, 9_000, len(rework))),
         rework_seconds),
    )  # fmt: skip
    tables = []
    for row, activity, role, started, seconds in parts:
        ended = started + micros(seconds)
        kept = ended < clock.stop
        rounded = np.round(seconds[kept], 1)
        tables.append(
            pa.table(
                {
                    **tasks.key(row[kept]),
                    "activity": constant(ACTIVITIES[activity], int(kept.sum())),
                    "role": constant(role, int(kept.sum())),
                    "started_at": instants(started[kept]),
                    "seconds": numbers(rounded, 1),
                    "ingested_at": instants(arrival(ended[kept], clock, rng, late=0.008)),
                }
            )
        )
    return with_copies(pa.concat_tables(tables), rng, 0.002)
