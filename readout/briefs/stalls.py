"""The stall finder: every system measured against the four ways in which work with AI dies."""

from collections.abc import Sequence

from readout.briefs.book import Book
from readout.briefs.gate_board import stage_of
from readout.briefs.gate_health import people_of
from readout.briefs.gate_readings import GateReading, readings_of
from readout.briefs.measures import Measures, Wanted, load_measures
from readout.briefs.results import Scope
from readout.briefs.results_gates import StallRow, StallsBrief
from readout.briefs.standstill import snapshots_of, standstill, weeks_in_stage
from readout.gates.evaluate import WEEK
from readout.gates.policy import STAGES
from readout.gates.scoring import GateWeek
from readout.gates.stalls import Known, stalls
from readout.periods import Window
from readout.stats import wilson_upper
from readout.words import stalls as words


def stalls_brief(book: Book, scope: Scope) -> StallsBrief:
    """Return every chosen system with what shows that it stalls, most ways first. No period touches it."""
    header, systems = book.header(scope), book.chosen_systems(scope)
    this_week = book.calendar.week_of(book.calendar.day_of(book.as_of))
    last = Window(this_week - WEEK, this_week)
    with book.warehouse.snapshot() as snapshot:
        measures = load_measures(snapshot, book, systems, last, None, wanted=Wanted(percentiles=False))
    readings = readings_of(book)
    rows = []
    for system in systems:
        own = [one for one in readings if one.gate.system == system]
        known = _known(book, system, own, measures)
        rows.append(
            StallRow(system, book.name_of(system), known.stage, known.weeks_in_stage, stalls(known), known.owner)
        )
    ordered = tuple(sorted(rows, key=lambda row: (-len({one.way for one in row.stalls}), row.system_name.casefold())))
    return StallsBrief(header, words.finding(ordered), ordered)


def _known(book: Book, system: str, gates: Sequence[GateReading], measures: Measures) -> Known:
    arrival = book.arrivals.get(system)
    stage, entitled = stage_of(book, system)
    entry = book.portfolio.systems.get(system)
    late = standstill(book, system)
    people = people_of(book.portfolio)
    registered = book.portfolio.gates_of(system)
    persons = dict.fromkeys(person for gate in registered for person in (gate.owner, gate.approver))
    sources = entry.data_sources if entry else ()
    planned = entry.planned_stages if entry else ()
    ahead = [one for one in planned if stage in STAGES and STAGES.index(one.stage) > STAGES.index(stage)]
    return Known(
        stage=stage,
        weeks_in_stage=weeks_in_stage(book, system),
        snapshots=snapshots_of(sources),
        age_hours=None if arrival is None else arrival.age_hours(book.as_of),
        allowed_hours=0.0 if arrival is None else arrival.allowed_hours,
        entitled=entitled,
        running=_running(measures, system),
        owner=entry.owners.business if entry else "",
        approver=next((gate.approver for gate in registered), ""),
        gone=tuple(person for person in persons if people.knows(person) is False),
        gates=len(registered),
        binds=any(metric.binds for gate in registered for metric in gate.metrics),
        judged_weeks=sum(_has_data(week) for one in gates for week in one.verdict.weeks),
        baseline=bool((book.baselines["system_id"] == system).any()),
        overdue=(late.due_stage, late.due) if late else None,
        planned=bool(ahead),
    )


def _has_data(week: GateWeek) -> bool:
    """Whether a closed week has data of any measure of its gate."""
    return week.week.complete and any(one.state != "no_data" for one in week.metrics)


def _running(measures: Measures, system: str) -> float | None:
    """Return the upper bound of the share that AI carried in the last whole week: a small week may be low by chance."""
    sums = measures.cell(system=system).sums
    done = int(sums.get("completed", 0))
    return wilson_upper(int(sums["completed_ai"]), done) if done else None
