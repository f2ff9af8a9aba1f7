"""The readout page: what AI carried, what it is worth, what needs a decision."""

from dataclasses import replace

from readout import findings
from readout.briefs.book import Book
from readout.briefs.changed import changes_of
from readout.briefs.decisions import decisions_of
from readout.briefs.figures import figure, pooled_reduction, reduction_figure, reduction_of, unit_cost_figure
from readout.briefs.gate_board import gates_of
from readout.briefs.measures import Measures, Wanted, load_scope
from readout.briefs.results import Figure, Header, ReadoutBrief, Scope
from readout.briefs.signals import signalled
from readout.briefs.systems import by_attention, shown_systems, system_row


def readout_brief(book: Book, scope: Scope) -> ReadoutBrief:
    """Return the one-minute page."""
    header = book.header(scope)
    gates = tuple(gate for gate in gates_of(book) if gate.system_id in book.chosen_systems(scope))
    with book.warehouse.snapshot() as snapshot:
        measures = load_scope(snapshot, book, scope, header, Wanted(costs=True))
    rows = (system_row(book, measures, header, system, gates) for system in shown_systems(book, measures, scope))
    systems = by_attention(rows, gates)
    found = (
        figure(measures, header, "ai_throughput"),
        figure(measures, header, "ai_share"),
        portfolio_reduction(book, measures, header),
        unit_cost_figure(measures, header),
        hours_returned_figure(book, measures, header),
    )
    figures = signalled(book, header, found)
    by_state: dict[str, int] = {}
    for gate in gates:
        by_state[gate.state] = by_state.get(gate.state, 0) + 1
    attempted = figure(measures, header, "tasks_attempted", series=False)
    whole = measures.cell()
    brief = ReadoutBrief(
        header, findings.NOTHING, figures, attempted, by_state, gates, systems, whole.empty,
        int(whole.sums.get("unlinked_calls", 0)),
        changes=() if whole.empty else changes_of(book, header, measures),
        decisions=decisions_of(book, gates, systems),
    )  # fmt: skip
    return replace(brief, finding=findings.of_readout(brief), lede=findings.lede(brief))


def portfolio_reduction(book: Book, measures: Measures, header: Header) -> Figure:
    """Return the reduction of all chosen systems together: baseline and present hours at the baselines' volumes."""
    if len(measures.systems) == 1:
        return reduction_figure(book, measures, header, measures.systems[0])
    now = pooled_reduction(book, measures, header)
    before = pooled_reduction(book, measures, header, "before") if header.before else None
    reason = "" if now else "no chosen system has a comparable baseline of handling time"
    return Figure(
        "handling_reduction",
        now[0] if now else None,
        reason,
        n=now[1] if now else None,
        before=before[0] if before else None,
        before_reason="" if before else "no prior data",
        note=f"{now[2]} of {len(measures.systems)} systems have a comparable baseline" if now else "",
    )


def hours_returned_figure(book: Book, measures: Measures, header: Header) -> Figure:
    """Return the hours that came back in all chosen systems that have a comparable baseline."""
    spans = ["now", "before"] if header.before else ["now"]
    total: dict[str, float | None] = {}
    for span in spans:
        parts = [reduction_of(book, measures, header, system, span).hours_returned for system in measures.systems]
        known = [part for part in parts if part is not None]
        total[span] = sum(known) if known else None
    now, before = total["now"], total.get("before")
    return Figure(
        "hours_returned",
        now,
        "" if now is not None else "no chosen system has a comparable baseline of handling time",
        before=before,
        before_reason="" if before is not None else "no prior data",
        note="capacity, not money",
    )
