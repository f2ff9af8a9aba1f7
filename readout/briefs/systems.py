"""The table of systems: one row each, from the same figures as every other page."""

from collections.abc import Iterable, Sequence

from readout import findings
from readout.briefs.book import Book
from readout.briefs.figures import figure, reduction_figure, unit_cost_figure
from readout.briefs.gate_board import leading, stage_of, weeks_text
from readout.briefs.measures import Measures
from readout.briefs.results import GateCard, Header, Scope, SystemRow
from readout.briefs.standstill import standstill


def system_row(book: Book, measures: Measures, header: Header, system: str, gates: tuple[GateCard, ...]) -> SystemRow:
    """Return one system's row."""
    stage, planned = stage_of(book, system)
    share = figure(measures, header, "ai_share", system)
    gate = leading([one for one in gates if one.system_id == system], stage)
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
        standstill=standstill(book, system),
        gate_state=gate.state if gate else "",
        gate_text=weeks_text(gate),
    )


def shown_systems(book: Book, measures: Measures, scope: Scope) -> tuple[str, ...]:
    """Return the systems to list: the chosen ones, those with most work first."""

    def rank(system: str) -> tuple[int, str]:
        return (-int(measures.cell(system=system).sums.get("attempted", 0)), book.name_of(system))

    return tuple(sorted(book.chosen_systems(scope), key=rank))


def by_attention(rows: Iterable[SystemRow], gates: Sequence[GateCard]) -> tuple[SystemRow, ...]:
    """Return the rows with what needs a person first: a broken line, what waits for a sign-off, then a missed line."""
    urgent = {gate.system_id: place for place, state in enumerate(("eligible", "failed", "breach"), 1) for gate in gates
              if gate.state == state}  # fmt: skip
    missed = {gate.system_id for gate in gates if (held := findings.held_by(gate)) and held[1] == "missed"}
    return tuple(
        sorted(
            rows, key=lambda row: (-urgent.get(row.system_id, 0), row.system_id not in missed, row.standstill is None)
        )
    )
