"""Titles of pages and of their sections, the questions that pages answer, and buttons."""

from dataclasses import dataclass

PRODUCT = "Readout"


@dataclass(frozen=True)
class PageWords:
    """A page's name in the navigation, and the question that it answers."""

    title: str
    question: str


PAGES = {
    "readout": PageWords("Readout", "What do the AI systems deliver, and which gates stand open?"),
    "throughput": PageWords("Throughput", "How much work is completed, and who completes it?"),
    "handling": PageWords("Handling time", "How long is the work in hand, against the baseline?"),
    "unit_cost": PageWords("Unit cost", "What does one accepted task cost?"),
    "gates": PageWords("Gates", "Which systems may carry more load, and what holds the others?"),
    "health": PageWords("Data health", "Can these figures be trusted today?"),
}
SECTIONS: dict[str, tuple[str, str]] = {
    "systems": ("Systems", ""),
    "weekly": ("Completed per week, by who completed it", "tasks"),
    "volume": ("Systems", "tasks, and share of completed tasks"),
    "backlog": ("Open work now, by age", "tasks"),
    "handling_weekly": ("Handling time per week", "hands-on time per task"),
    "distribution": ("How long tasks take", "share of tasks done within a time"),
    "reduction": (
        "Reduction against baseline, mix-adjusted",
        "% less hands-on time; bar = 95% interval, tick = target",
    ),
    "handling_systems": ("Systems", "hands-on time per task"),
    "cost_weekly": ("Cost per accepted task, per week", ""),
    "cost_levels": ("Unit cost by level and denominator", ""),
    "conditions": ("Gates", "the last twelve complete weeks and the running one"),
    "freshness": ("Freshness", "by source"),
    "rejects": ("Rejected rows", "newest first, at most 1,000"),
    "loads": ("Loads", "rows by source and file"),
    "coverage": ("Coverage", "share of tasks with the measure"),
    "not_measurable": ("Not measurable, and what would fix it", ""),
}
HOW = "How is this calculated?"
CLOSE = "Close"
DOWNLOAD = "Download as CSV"
RETRY = "Try again"
SHOW_ALL = "Show all data"
