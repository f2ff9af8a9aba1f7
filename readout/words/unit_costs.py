"""Unit cost in words: lines and columns of the cost build, budgets, and what stands in no unit cost."""

from collections.abc import Sequence

from readout.briefs.results import Header, UnitCostBrief, UnitCostRow
from readout.finance import CostColumn, CostStatement
from readout.words.names import level, listed
from readout.words.numbers import amount, count
from readout.words.reasons import not_measurable

METRICS = (
    "cost_per_accepted_task", "direct_cost_per_accepted_task", "direct_people_cost_per_accepted_task",
    "fully_loaded_cost_per_accepted_task", "net_cost_per_accepted_task",
)  # fmt: skip
LINES = {
    "inference": "Model calls",
    "infrastructure": "Infrastructure",
    "commitment": "Reserved capacity",
    "handling": "People: handling",
    "review": "People: review",
    "escalation": "People: escalation",
    "rework": "People: rework",
    "platform": "Platform share",
    "licence": "Licences",
    "build": "Build, amortised",
    "other": "Other charges",
    "credit": "Credits",
    "evaluation": "Evaluation",
    "tax": "Tax",
}
SUBTOTALS = {
    "direct": "Direct AI",
    "with_people": "Direct AI and people",
    "fully_loaded": "Fully loaded",
    "net": "Net of credits",
}
KINDS = {"idle": "Idle", "unallocated": "Unallocated"}
EXPECTED = "Of which not invoiced yet"
TOTAL = "Total"
LEVEL_NOTE = (
    "Inference: model calls. Direct AI: and infrastructure and reserved capacity. With people: and people's handling, "
    "review, escalation and rework at the rate card. Fully loaded: and platform share, licences, amortised build and "
    "other charges. Net of credits: less credits."
)
BUILD_NOTE = (
    "A charge is even over the days that it is for; a shared one is allocated by fiscal month and its driver. "
    "A recurring charge that is not invoiced again yet is expected at its last amount, for 62 days at most. Cells are "
    "rounded so that every row and column adds up."
)
BUDGET_NOTE = (
    "Flexed = budgeted cost per task × tasks that came in. Volume variance = flexed − budget; spending variance = "
    "actual − flexed. A month's budget is even over its days."
)
BUDGET_OF = {
    "spend": "The budgets hold the fully loaded cost without people's work.",
    "fully_loaded": "The budgets hold the fully loaded cost.",
}
NO_BUDGETS = "No budget is recorded for these systems and days."


def budget_note(brief: UnitCostBrief) -> str:
    """Return how budgets are compared."""
    return f"{BUDGET_NOTE} {BUDGET_OF[brief.budget_covers]}"


def line(name: str) -> str:
    """Return a cost line in words."""
    return LINES[name]


def column(one: CostColumn, header: Header) -> str:
    """Return the head of a column of the cost build."""
    return KINDS.get(one.kind) or header.system_names.get(one.system_id, one.system_id)


def column_note(one: CostColumn) -> str:
    """Return what stands under a column's head."""
    return "before production" if one.kind == "pre_production" else ""


def levels_shown(rows: Sequence[UnitCostRow]) -> tuple[str, ...]:
    """Return the levels that some system has, and the lowest one, which says why there is none."""
    levels = tuple(dict.fromkeys(row.level for row in rows))
    return tuple(one for one in levels if one == levels[0] or one not in missing_levels(rows))


def missing_levels(rows: Sequence[UnitCostRow]) -> tuple[str, ...]:
    """Return the levels that are measurable for no system, as their names."""
    levels = dict.fromkeys(row.level for row in rows)
    return tuple(one for one in levels if all(row.total is None for row in rows if row.level == one))


def remarks(brief: UnitCostBrief) -> str:
    """Return what is said once under the tables: levels that no system has, and cost that is in no unit cost."""
    rows, said = brief.rows, []
    gaps = missing_levels(rows)
    for one in gaps if len(gaps) < len({row.level for row in rows}) else gaps[1:]:
        reasons = dict.fromkeys(not_measurable(row.reason) for row in rows if row.level == one and row.kind == "all")
        said.append(f"{level(one)}: {listed(reasons)}.")
    without = without_cost(rows)
    if without and any(row.total is not None for row in rows):
        said.append(f"In no total: {listed(without)}.")
    beside = _beside(rows, brief.header)
    if beside:
        said.append(f"In the total and in no unit cost: {listed(beside)}.")
    unpriced = brief.statement.unpriced_tasks
    if unpriced:
        said.append(f"{count(unpriced)} AI {'task has' if unpriced == 1 else 'tasks have'} no known model cost.")
    return " ".join((*said, *(f"{note[0].upper()}{note[1:]}." for note in brief.statement.notes)))


def _beside(rows: Sequence[UnitCostRow], header: Header) -> list[str]:
    names = {"idle": "idle capacity", "unallocated": "unallocated charges"}
    return [
        f"{names.get(row.kind, f'{row.name}, before production,')} {amount('cost_total', row.total, header.currency)}"
        for row in rows
        if row.level == "fully_loaded" and row.kind in {"pre_production", *names} and row.total
    ]


def without_cost(rows: Sequence[UnitCostRow]) -> tuple[str, ...]:
    """Return the names of the systems that have a cost at no level."""
    systems = dict.fromkeys(row.system_id for row in rows if row.system_id)
    known = {row.system_id for row in rows if row.total is not None}
    names = {row.system_id: row.name for row in rows}
    return tuple(names[system] for system in systems if system not in known)


def evaluation(statement: CostStatement, header: Header) -> str:
    """Return what stands beside the cost build, in no level."""
    parts = [
        f"{line(name).lower()} {amount('cost_total', statement.line(name), header.currency)}"
        for name in ("evaluation", "tax")
        if statement.line(name)
    ]
    return f"Beside, in no level: {listed(parts)}." if parts else ""
