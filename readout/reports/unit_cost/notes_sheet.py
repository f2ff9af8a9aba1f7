"""The sheet Notes: definitions, methods, and what is not measurable."""

from readout.metrics import METRICS
from readout.reports.sheets import Cell
from readout.reports.unit_cost.frame import Layout
from readout.words import report as words

NAME = "Notes"
USED = (
    "tasks_attempted", "throughput", "accepted_tasks", "cost_per_accepted_task", "with_people_cost_per_accepted_task",
    "fully_loaded_cost_per_accepted_task", "cost_coverage",
)  # fmt: skip


def lay_out(layout: Layout) -> None:
    """Lay out the definitions, the methods and the gaps."""
    sheet = layout.sheet(NAME, (36, 120))
    sheet.heads("Term", "Meaning")
    for name in USED:
        if name in METRICS:
            sheet.add(Cell(METRICS[name].label), Cell(METRICS[name].definition))
    for term, meaning in words.TERMS:
        sheet.add(Cell(term), Cell(meaning))
    gaps = gaps_of(layout)
    sheet.add()
    sheet.heads("Not measurable", "Why", stay=False)
    for subject, reason in gaps:
        sheet.add(Cell(subject), Cell(reason))
    if not gaps:
        sheet.add("Nothing: every figure of this report is measurable.")


def gaps_of(layout: Layout) -> list[tuple[str, str]]:
    """Return what the report cannot say, and why."""
    report = layout.report
    gaps = [
        (layout.name(figure.subject), figure.reason)
        for figure in layout.figures.values()
        if figure.key.endswith("/fully_loaded/accepted") and figure.value is None
    ]
    if report.bridge is None:
        gaps.append(("Bridge", words.NO_BEFORE))
    if report.statement.unpriced_tasks or report.statement.unpriced_calls:
        tasks, calls = report.statement.unpriced_tasks, report.statement.unpriced_calls
        gaps.append(("Unpriced", f"{tasks:,} tasks and {calls:,} calls have no known cost; they are in no amount."))
    gaps += [("Charges", note) for note in report.statement.notes]
    return gaps
