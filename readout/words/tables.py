"""Tables: their heads, what stands in them when they are empty, and the names of their files."""

from datetime import timedelta

from readout.briefs.results import Header
from readout.words.numbers import Number, missing, plain

SYSTEM_METRICS = (
    "ai_share",
    "throughput",
    "handling_reduction",
    "fully_loaded_cost_per_accepted_task",
    "with_people_cost_per_accepted_task",
    "cost_per_accepted_task",
    "accuracy",
)
FRESHNESS = {
    "fresh": ("On time", "good"),
    "late": ("Late", "bad"),
    "stale": ("Late", "bad"),
    "no promise": ("No promise", "neutral"),
    "unknown": ("No promise", "neutral"),
}
COVERAGE = {
    "handling": "Handling time",
    "latency": "AI response time",
    "outcome": "Outcome",
    "cost": "Cost",
    "review": "AI work reviewed",
}
GRID_HEADS = {
    "table_name": "Table",
    "column_name": "Column",
    "rejected_at": "Rejected at (UTC)",
    "loaded_at": "Loaded at (UTC)",
    "rows_read": "Read",
}
NO_LOAD = "no completed task"
NO_BACKLOG = "No task is open."
NO_LOADS = "Nothing has been loaded through the product's own loader yet."
NO_REJECTS = "No row was rejected."
ALL_MEASURABLE = "Every metric is measurable for every system."


def per(currency: str) -> str:
    """Return the unit in the header of a unit-cost column."""
    return f"{currency} per task" if currency else "per task"


def planned(share: Number | None) -> str:
    """Return the plan that stands under a load."""
    return "no plan" if missing(share) else f"plan {plain(float(share or 0) * 100)}%"


def file_name(what: str, header: Header, ending: str) -> str:
    """Return a file's name: what it holds, of which days, from which data."""
    last = header.window.end - timedelta(days=1)
    return f"readout-{what}-{header.window.start.isoformat()}-{last.isoformat()}-v{header.data_version}.{ending}"
