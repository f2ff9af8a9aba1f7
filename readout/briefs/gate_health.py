"""Gate health: which gates need care themselves, and which systems have none."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from readout.briefs.book import Book
from readout.briefs.gate_board import stage_of
from readout.briefs.gate_readings import GateReading, readings_of
from readout.briefs.results import Scope
from readout.briefs.results_gates import GateHealthBrief, GateHealthRow
from readout.gates.facts import WEEK
from readout.gates.health import KINDS, Care, Directory, GateRecord, cares, closed, directory
from readout.portfolio import Portfolio
from readout.warehouse.gate_ledger import Waiver
from readout.words import gate_health as words


def gate_health_brief(book: Book, scope: Scope, waived: Mapping[str, int] | None = None) -> GateHealthBrief:
    """Return every gate of the chosen systems with what asks for care. `waived`: gate → closed weeks waived."""
    header, systems = book.header(scope), book.chosen_systems(scope)
    people = people_of(book.portfolio)
    rows = [
        _row(book, one, people, (waived or {}).get(one.gate.gate, 0))
        for one in readings_of(book)
        if one.gate.system in systems
    ]
    rows += _without(book, systems)
    ordered = tuple(sorted(rows, key=lambda row: (_worst(row), row.system_name.casefold(), row.gate)))
    brief = GateHealthBrief(header, words.finding(()), ordered, people.whole, waived is not None)
    return replace(brief, finding=words.finding(ordered))


def people_of(portfolio: Portfolio) -> Directory:
    """Return whom the registry knows: teams with their addresses, owners of systems, and who signed."""
    teams = portfolio.organisation.teams
    systems = portfolio.systems.values()
    owners = [name for one in systems for name in (one.owners.business, one.owners.engineering, one.owners.operations)]
    return directory([*teams, *(address for team in teams.values() for address in team)], owners)


def _worst(row: GateHealthRow) -> int:
    return min((KINDS.index(one.kind) for one in row.cares), default=len(KINDS))


def waived_weeks(book: Book, waivers: Iterable[Waiver]) -> dict[str, int]:
    """Return for each gate how many of its closed weeks a waiver lay over."""
    waivers = tuple(waivers)
    found: dict[str, int] = {}
    for reading in readings_of(book):
        spans = [(one.granted_at, one.expires_at) for one in waivers if one.gate == reading.gate.gate]
        weeks = [reading.origins[one.week.week] for one in reading.verdict.weeks if one.week.complete]
        found[reading.gate.gate] = sum(any(start <= week.closes_at <= end for start, end in spans) for week in weeks)
    return found


def _row(book: Book, reading: GateReading, people: Directory, waived: int) -> GateHealthRow:
    gate = reading.gate
    record = GateRecord(gate, reading.place.phase, reading.verdict, reading.outlook, _due(book, reading), waived)
    weeks = closed(reading.verdict)
    return GateHealthRow(
        gate=gate.gate,
        system_id=gate.system,
        system_name=book.name_of(gate.system),
        from_stage=gate.from_stage,
        to_stage=gate.to_stage,
        phase=reading.place.phase,
        cares=cares(record, people, book.calendar.day_of(book.as_of)),
        owner=gate.owner,
        approver=gate.approver,
        known=(people.knows(gate.owner), people.knows(gate.approver)),
        weeks=len(weeks),
        by_state=tuple(Counter(week.state for week in weeks).items()),
        last=weeks[-1].week.week if weeks else None,
        evidence_rule=gate.decide.evidence if gate.decide.consecutive_weeks else "",
        review_by=gate.review_by,
    )


def _due(book: Book, reading: GateReading) -> date | None:
    """Return the newest week that should have closed by now; None where the gate's stage began after it."""
    settled = book.as_of - timedelta(hours=reading.gate.week.settle_hours)
    newest = book.calendar.week_of(book.calendar.day_of(settled)) - WEEK
    since = reading.place.since
    began = since is not None and book.calendar.day_of(since) > newest
    return None if began or (book.first_day is not None and newest < book.calendar.week_of(book.first_day)) else newest


def _without(book: Book, systems: Iterable[str]) -> Iterable[GateHealthRow]:
    """Yield the systems of the registry that no gate decides on; retired ones need none."""
    for system in systems:
        stage, _ = stage_of(book, system)
        if system in book.portfolio.systems and not book.portfolio.gates_of(system) and stage != "retired":
            yield GateHealthRow("", system, book.name_of(system), stage, "", "", (Care("no_gate"),))
