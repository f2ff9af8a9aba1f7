"""Titles of pages and of their sections, the questions that pages answer, and buttons."""

from dataclasses import dataclass

PRODUCT = "Readout"


# the menus of the navigation, in their order: who opens it, and for what; what is in none stands before them as a link
GROUPS = ("", "Operations", "Gates", "Finance", "Data")


@dataclass(frozen=True)
class PageWords:
    """A page's name in the navigation, its menu ("": none), and the question that it answers.

    A page that is not listed is reached by links.
    """

    title: str
    group: str
    question: str
    listed: bool = True


PAGES = {
    "readout": PageWords("Readout", "", "What do the AI systems deliver, and which gates stand open?"),
    "system": PageWords("System", "Operations", "What does one system do, with what, and how well?"),
    "review": PageWords("Weekly review", "", "What was exceptional last week, and what do its owners say?"),
    "portfolio": PageWords("Portfolio", "", "Which systems stand where, and which can carry more load when?"),
    "throughput": PageWords("Throughput", "Operations", "How much work is completed, and who completes it?"),
    "handling": PageWords("Handling time", "Operations", "How long is the work in hand, against the baseline?"),
    "quality": PageWords("Quality", "Operations", "Does the AI hold beside people, and in the busiest hours?"),
    "unit_cost": PageWords("Unit cost", "Finance", "What does one accepted task cost?"),
    "bridge": PageWords("Bridge", "Finance", "Why did cost move: volume, mix, prices, efficiency, or something else?"),
    "vendors": PageWords("Vendors", "Finance", "What is asked of which provider, at what price, and what rests on it?"),
    "reconciliation": PageWords("Reconciliation", "Finance", "Does the cost of a month tie to the ledger?"),
    "value": PageWords("Value", "Finance", "What came back, what fell in the ledger, and did it pay?"),
    "gates": PageWords("Gates", "Gates", "Which systems may carry more load, and what holds the others?"),
    "gate": PageWords("Gate", "Gates", "What does one gate rest on, week by week, and who decided what?", listed=False),
    "policy-bench": PageWords("Policy bench", "Gates", "What would another policy have said, and how often be wrong?"),
    "gate-health": PageWords("Gate health", "Gates", "Can the gates themselves be relied on?"),
    "stall-finder": PageWords("Stall finder", "Gates", "Which systems stand still, and what stands in their way?"),
    "rows": PageWords("Rows behind a figure", "Data", "Which rows is this figure made of?", listed=False),
    "checks": PageWords("Checks", "Data", "Do the facts hold what the figures need, line by line?"),
    "health": PageWords("Data health", "Data", "Can these figures be trusted today?"),
    "glossary": PageWords("Glossary", "Data", "What do the terms mean?"),
}
SECTIONS: dict[str, tuple[str, str]] = {
    "changed": ("What changed and why", "signals only, the worst first"),
    "decisions": ("Decisions due", ""),
    "systems": ("Systems", ""),
    "exceptions": ("Exceptions", "explained by their owners"),
    "panels": ("Six weeks and twelve months", "exceptions first; the light line is a year before"),
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
    "cost_levels": ("Levels and denominators", "of the systems that carry load, together"),
    "cost_systems": ("Systems", "cost per accepted task at each level"),
    "cost_build": ("What it is built of", "cost by line and system"),
    "cost_budget": ("Against budget", "as planned, and flexed to the tasks that came in"),
    "bridge_bars": ("From before to now", "change of cost"),
    "bridge_explained": ("One bar explained", "what it is made of"),
    "bridge_table": ("All bars by system", "adds up in both directions"),
    "vendor_models": ("Models", "every call of the period, whatever for"),
    "vendor_weekly": ("Demand per week", "tokens"),
    "vendor_prices": ("Price history", "list price per million tokens"),
    "vendor_what_if": ("What another price, or another model, would do", "at the observed volume"),
    "vendor_purposes": ("What the calls were for", ""),
    "vendor_dependence": ("What rests on which model", "systems and their gates"),
    "reconciliation": ("From the ledger to the cost statement", ""),
    "unexplained": ("Where the unexplained comes from", ""),
    "invoices": ("Invoices", "against the ledger, and against our own measured usage; what does not tie stands first"),
    "line_rows": ("Rows behind a line", ""),
    "adjustments": ("Changed since the close", "as reported, and restated"),
    "value_cash": ("Cash effects", "each asked of the ledger"),
    "value_avoided": ("Cost avoided", "no cash"),
    "value_capacity": ("Capacity", "hours since launch; hours are not money"),
    "value_hours_curve": ("Hours returned since launch", "cumulative"),
    "value_cash_curve": ("Cash since the first investment", "cumulative"),
    "value_case": ("Did it pay?", "cash only, through the last month that is posted and billed"),
    "value_try": ("Try other assumptions", "nothing is kept"),
    "value_learning": ("Unit cost by accepted tasks", "since launch; both axes logarithmic"),
    "value_stages": ("Systems in production", "at the end of each month"),
    "value_systems": ("What each launch could build on", "first launched first"),
    "rungs": ("Stage and proof", "every system by its stage, and by how far its gate is proved"),
    "standings": ("What each one waits for", "highest stage and strongest proof first"),
    "ladder": ("Stage ladder", "where each system stands, and the gate that leads on"),
    "conditions": ("Gates", "the last thirteen weeks; those first that need a person"),
    "gate_weeks": ("Weeks", "newest first; what one release carried, with bounds at the policy's level"),
    "gate_lines": ("Against the lines", "per week, with the release that carried it"),
    "gate_watch": ("Daily watch", "how fast a breach line's allowance is used up"),
    "policy": ("Policy", ""),
    "gate_ledger": ("Ledger", "sealed decisions, newest first"),
    "gate_people": ("Sign-offs and waivers", "newest first"),
    "gate_sent": ("Sent", "what left about this gate, newest first"),
    "gate_policies": ("Policies as they changed", "newest first"),
    "bench_text": ("Policy", "as YAML; nothing is saved"),
    "bench_weeks": ("On the past weeks", "closed weeks, oldest first"),
    "bench_odds": ("False promotion and weeks to pass", "at this system's own volume"),
    "bench_stakes": ("Waiting against being wrong", "per week"),
    "gate_cares": ("What needs care", "the most serious first"),
    "gate_list": ("All gates", ""),
    "stall_ways": ("Four ways to stall", "every system against each"),
    "stall_findings": ("What shows it", "the systems with the most ways first"),
    "beside": ("AI and people on the same tasks", "share with its 95% interval"),
    "under_load": ("Under load", "the busiest tenth of hours against the rest"),
    "escalations": ("Escalations, fallbacks and failures", ""),
    "reviews": ("Reviews against plan", ""),
    "unmeasured": ("AI work that could never be reviewed", "by task type"),
    "checks": ("Checks", "as of the last refresh; what fails stands first"),
    "freshness": ("Freshness", "by source"),
    "rejects": ("Rejected rows", "newest first, at most 1,000"),
    "loads": ("Loads", "rows by source and file"),
    "coverage": ("Coverage", "share of tasks with the measure"),
    "not_measurable": ("Not measurable, and what would fix it", ""),
    "time_axis": ("Load on AI against its entitlement", "% of completed work per week, with what happened"),
    "outcomes": ("Outcomes", "against the baseline and the period before, each with what its weeks say"),
    "money": ("Cost and value", ""),
    "scaffolding": ("Scaffolding", "what people still hold up"),
    "edge_cases": ("Edge cases by task type", "most surely escalated first; share with its 95% interval"),
    "system_load": ("Availability, and the busiest hours", "the busiest tenth of hours against the rest"),
    "dossier": ("Dossier", "how it works, who answers for it, and all that is recorded"),
    "stages": ("Stages", "newest first"),
    "targets": ("Targets", ""),
    "system_gates": ("Gates", ""),
    "workflow": ("Workflow", "who touches the unit of work, where it is stored, what it feeds"),
    "answerable": ("Who answers for it", ""),
    "connections": ("Data sources and hooks", ""),
    "modules": ("Reusable modules", "and where else they work"),
    "models": ("Models", "every model that it called, and what for"),
    "charges": ("Running costs", "what is charged for it beside its calls, per month"),
    "all_metrics": ("All metrics", ""),
    "releases": ("Releases", "newest first"),
    "incidents": ("Incidents", "newest first"),
    "choices": ("Systems", ""),
    "terms_work": ("Work", ""),
    "terms_stages": ("Stages", ""),
    "terms_gates": ("Gates", ""),
    "terms_states": ("States of a gate", ""),
    "terms_signals": ("Signals and statistics", ""),
    "terms_money": ("Money and value", ""),
    "terms_metrics": ("Metrics", "as they are declared"),
    "rows_how": ("How it is calculated", ""),
    "rows_lines": ("What it is made of", ""),
    "rows_tasks": ("Tasks of one day", "a sample of those that count"),
    "rows_calls": ("Calls of one day", "a sample of those that count"),
    "rows_lonely": ("Calls tied to no task", ""),
    "rows_charges": ("Charges", "that accrue within the period"),
    "rows_outages": ("Outages", "of the period"),
    "rows_queries": ("Queries", ""),
}
HOW = "How is this calculated?"
LINK = "Link to this view with its as-of"
CLOSE = "Close"
DOWNLOAD = "Download as CSV"
RETRY = "Try again"
SHOW_ALL = "Show all data"
