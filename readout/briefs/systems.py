"""The table of systems: one row each, from the same figures as every other page."""

from collections.abc import Iterable, Sequence

from readout import findings
from readout.briefs.book import Book
from readout.briefs.figures import figure, reduction_figure, unit_cost_figure
from readout.briefs.measures import Measures
from readout.briefs.results import GateCard, Header, Scope, SystemRow

_WORST_FIRST = ("no_data", "hold", "met")


def stage_of(book: Book, system: str) -> tuple[str, float | None]:
    """Return the stage in force at as-of and its planned load share; ('', None) where none is recorded."""
    rows = book.stages[(book.stages["system_id"] == system) & (book.stages["effective_at"] <= book.as_of)]
    if rows.empty:
        known = book.portfolio.systems.get(system)
        planned = known.plan_on(book.calendar.day_of(book.as_of)) if known else None
        return (planned.stage, _share(planned.load_share)) if planned else ("", None)
    last = rows.iloc[-1]
    return str(last["stage"]), _share(last["load_share"])


def _share(value: object) -> float | None:
    number = None if value is None else float(str(value))
    return None if number is None or number != number else number  # noqa: PLR0124 - NaN


def system_row(book: Book, measures: Measures, header: Header, system: str, gates: tuple[GateCard, ...]) -> SystemRow:
    """Return one system's row."""
    stage, planned = stage_of(book, system)
    share = figure(measures, header, "ai_share", system)
    own = sorted((gate for gate in gates if gate.system_id == system), key=lambda g: _WORST_FIRST.index(g.state))
    # the gate that leads up from the stage in force is the one that matters now
    leading = next((gate for gate in own if gate.from_stage == stage), own[0] if own else None)
    return SystemRow(
        system_id=system,
        name=book.name_of(system),
        registered=system in book.portfolio.systems,
        stage=stage,
        load_share=None if share.value is None else float(share.value),
        planned_share=planned,
        throughput=figure(measures, header, "throughput", system),
        ai_share=share,
        handling=figure(measures, header, "handling_seconds_mean", system),
        reduction=reduction_figure(book, measures, header, system),
        unit_cost=unit_cost_figure(measures, header, system),
        accuracy=figure(measures, header, "accuracy", system),
        gate_state=leading.state if leading else "",
        gate_text=_weeks(leading),
    )


def _weeks(gate: GateCard | None) -> str:
    if gate is None:
        return ""
    weeks = f"{gate.weeks_met} of {gate.weeks_needed} weeks" if gate.weeks_needed else "watching"
    return "; ".join(part for part in (weeks, findings.hold_reason(gate)) if part)


def shown_systems(book: Book, measures: Measures, scope: Scope) -> tuple[str, ...]:
    """Return the systems to list: the chosen ones, those with most work first."""

    def rank(system: str) -> tuple[int, str]:
        return (-int(measures.cell(system=system).sums.get("attempted", 0)), book.name_of(system))

    return tuple(sorted(book.chosen_systems(scope), key=rank))


def by_attention(rows: Iterable[SystemRow], gates: Sequence[GateCard]) -> tuple[SystemRow, ...]:
    """Return the rows with what needs a person first: a missed line, then a rule that is met, then the rest."""
    missed = {gate.system_id for gate in gates if (held := findings.held_by(gate)) and held[1] == "missed"}
    met = {gate.system_id for gate in gates if gate.state == "met"}
    return tuple(sorted(rows, key=lambda row: (row.system_id not in missed, row.system_id not in met)))
