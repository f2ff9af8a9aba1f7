"""The handling-time page: mean, percentiles, distribution, and the mix-adjusted reduction per system."""

import numpy as np
import pandas as pd

from readout import findings
from readout.briefs.book import Book
from readout.briefs.figures import figure, number, reduction_of
from readout.briefs.measures import Measures, Wanted, load_scope
from readout.briefs.results import HandlingBrief, Header, Reduction, Scope
from readout.briefs.signals import signalled
from readout.briefs.systems import shown_systems
from readout.periods import Window
from readout.stats import BUCKETS_PER_E

REDUCTION_TARGETS = frozenset({"handling_time_reduction", "handling_reduction"})
MICRO = 1e-6
ZERO_STEP = -1


def handling_brief(book: Book, scope: Scope) -> HandlingBrief:
    """Return handling time: mean, percentiles, distribution and the mix-adjusted reduction per system."""
    header = book.header(scope)
    earlier = header.before or Window(header.window.start, header.window.start)
    with book.warehouse.snapshot() as snapshot:
        measures = load_scope(snapshot, book, scope, header, Wanted(verdicts=False))
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
            **{short: number(measures.value(name, bucket=week).value) for short, name in names.items()},
        }
        for week in book.calendar.buckets(header.window, "week")
    ]
    reductions = tuple(_reduction(book, measures, header, system) for system in shown_systems(book, measures, scope))
    rows = []
    for system, reduction in zip(shown_systems(book, measures, scope), reductions, strict=True):
        own = {short: figure(measures, header, name, system) for short, name in names.items()}
        rows.append(
            {
                "system_id": system,
                "name": book.name_of(system),
                "n": own["mean"].n or 0,
                **{short: number(one.value) for short, one in own.items()},
                "before": number(own["mean"].before),
                "baseline": number(reduction.baseline_seconds),
                "reason": own["mean"].reason,
                "series": own["mean"].series,
            }
        )
    figures = signalled(
        book, header, (figure(measures, header, name) for name in (*names.values(), "cycle_seconds_p50"))
    )
    return HandlingBrief(
        header,
        findings.of_handling(header, figures, reductions),
        figures,
        pd.DataFrame(weeks, columns=["bucket", "kind", *names]),
        _distribution(steps),
        reductions,
        pd.DataFrame(rows),
        measures.cell().empty,
    )


def _distribution(steps: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of tasks per log bucket: seconds (the bucket's value), now, before."""
    if steps.empty:
        return pd.DataFrame({"seconds": [], "now": [], "before": []}, dtype="float64")
    wide = steps.pivot_table(index="bucket", columns="span", values="n", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=["now", "before"], fill_value=0).astype("float64")
    shares = wide / wide.sum().where(wide.sum() > 0)
    step = shares.index.to_series().astype("float64")
    seconds = 0.99 * np.exp(step / BUCKETS_PER_E) * MICRO
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
