"""The system page: everything about one system, from the registry and from what was recorded."""

from dataclasses import replace
from datetime import date

from readout import findings
from readout.briefs.book import Book
from readout.briefs.gate_board import gates_of
from readout.briefs.measures import NEVER, Measures, Wanted, load_scope
from readout.briefs.promotions import standing_of
from readout.briefs.results import Header, Scope
from readout.briefs.results_system import SystemBrief, SystemChoice, SystemProfile
from readout.briefs.running import charge_rows, model_rows
from readout.briefs.standstill import standstill
from readout.briefs.system_events import incident_rows, local, records_of, release_rows
from readout.briefs.system_figures import metric_table, target_row, tiles, whole_weeks
from readout.briefs.system_stages import history, planned_spans, stage_spans, time_axis, with_running
from readout.briefs.system_workflow import flow, shared_modules
from readout.briefs.systems import stage_of


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
    records = records_of(book)
    spans = tuple(
        with_running(book, measures, header, system, span)
        for span in stage_spans(book.stages[book.stages["system_id"] == system], book)
    )
    plan = planned_spans(known.planned_stages if known else (), book)
    now = local(book, book.as_of)
    in_force = next((span for span in reversed(spans) if span.starts <= now), None)
    stage = in_force or next((span for span in reversed(plan) if span.starts <= now), None)
    releases = release_rows(records.of("releases", system), book)
    incidents = incident_rows(records.of("incidents", system), book)
    targets = tuple(target_row(book, measures, header, system, one) for one in (known.targets if known else ()))
    before, after = flow(known) if known else ((), ())
    gates = tuple(gate for gate in gates_of(book) if gate.system_id == system)
    return SystemProfile(
        system_id=system,
        name=book.name_of(system),
        registry=known,
        stage=stage,
        figures=tiles(book, measures, header, system, stage),
        axis=time_axis(book, measures, header, system, (spans, plan, releases, incidents)),
        stages=history(spans, plan, now),
        before=before,
        after=after,
        targets=targets,
        gates=gates,
        standing=standing_of(book, system, gates),
        modules=shared_modules(book.portfolio, system),
        metrics=metric_table(book, measures, header, system, targets),
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
    cells = {week: measures.cell(bucket=week, system=system) for week in whole_weeks(measures.book, header)}
    return frozenset(week for week, cell in cells.items() if cell.sums.get("completed_ai") and not cell.accuracy.n)
