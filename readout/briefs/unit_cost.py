"""The unit-cost page: numerator levels x denominators, per system and for all of them."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd

from readout import findings
from readout.briefs.book import Book
from readout.briefs.figures import figure, number, unit_cost_baseline, unit_cost_figure, weekly
from readout.briefs.measures import PORTFOLIO, Measures, Wanted, load_scope
from readout.briefs.results import Header, Scope, UnitCostBrief, UnitCostRow
from readout.briefs.signals import signalled
from readout.briefs.systems import shown_systems
from readout.metrics import METRICS

LEVELS = {
    "inference": ("cost", "cost_per_accepted_task"),
    "with_people": ("with_people_cost", "with_people_cost_per_accepted_task"),
    "fully_loaded": ("fully_loaded_cost", "fully_loaded_cost_per_accepted_task"),
}


def unit_cost_brief(book: Book, scope: Scope) -> UnitCostBrief:
    """Return unit cost: numerator levels x denominators, per system and for all of them."""
    header = book.header(scope)
    with book.warehouse.snapshot() as snapshot:
        measures = load_scope(snapshot, book, scope, header, Wanted(verdicts=False, percentiles=False))
    systems = shown_systems(book, measures, scope)
    rows = tuple(
        _unit_cost_row(measures, header, system, level) for system in (*systems, PORTFOLIO) for level in LEVELS
    )
    weeks = []
    for week in book.calendar.buckets(header.window, "week"):
        kind = book.calendar.period(week, "week", header.window, header.as_of).kind
        weeks += [
            (week, kind, level, number(measures.value(metric, bucket=week).value))
            for level, (_, metric) in LEVELS.items()
        ]
    with_people = replace(
        figure(measures, header, "with_people_cost_per_accepted_task"),
        baseline=unit_cost_baseline(measures, measures.carrying(measures.systems)),
    )
    figures = signalled(
        book,
        header,
        (
            with_people,
            figure(measures, header, "cost_per_accepted_task"),
            figure(measures, header, "cost_total"),
            figure(measures, header, "cost_coverage"),
        ),
    )
    total = next((row for row in reversed(rows) if row.system_id == PORTFOLIO and row.total is not None), None)
    return UnitCostBrief(
        header,
        findings.of_unit_cost(header, unit_cost_figure(measures, header), rows),
        figures,
        rows,
        pd.DataFrame(weeks, columns=["bucket", "kind", "level", "per_accepted"]),
        total.total if total else None,
        total.level if total else "",
        measures.cell().empty,
    )


def _unit_cost_row(measures: Measures, header: Header, system: str, level: str) -> UnitCostRow:
    column, metric = LEVELS[level]
    found = figure(measures, header, metric, system)
    own = system or not measures.able(metric)
    sums = (measures.cell(system=system) if own else measures.together(metric)).sums
    # the total is known where the cost is, even where nothing was accepted, or nobody recorded what was
    need = measures.value(metric, system=system)
    measurable = need.value is not None or need.reason == METRICS[metric].empty
    if level == "inference":
        measurable = measurable or measures.value("cost_total", system=system).value is not None
    total: Decimal | None = sums.get(column) if measurable else None

    def per(denominator: str) -> Decimal | None:
        n = sums.get(denominator, 0)
        return None if total is None or not n else total / int(n)

    systems = measures.carrying(measures.systems) if system == PORTFOLIO else (system,)
    return UnitCostRow(
        system_id=system,
        name=measures.book.name_of(system) if system else "All systems",
        level=level,
        total=total,
        per_attempted=per("attempted"),
        per_completed=per("completed"),
        per_accepted=per("accepted"),
        per_accepted_unaided=per("accepted_unaided"),
        coverage=found.coverage,
        before_per_accepted=None if found.before is None else Decimal(found.before),
        baseline=unit_cost_baseline(measures, systems) if level != "inference" else None,
        reason=found.reason,
        series=weekly(measures, header, metric, system),
    )
