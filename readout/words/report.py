"""The unit-cost report in words: sheets, heads, cost lines and what each file says about itself."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from readout.briefs.results import Header
from readout.briefs.results_report import UnitCostReport
from readout.words.dates import day, days, stamp
from readout.words.numbers import age, count, money, percent

TITLE = "Unit cost"
SHEETS = {
    "Cover": "What this file is, where its figures come from, and whether its checks pass.",
    "Summary": "One row a system: tasks, cost, cost per accepted task, change and budget.",
    "Unit cost": "Cost lines by system at five levels, tasks, and the cost of one task.",
    "Bridge": "Why cost moved since the period before: volume, mix, rate and the rest.",
    "Budget": "Budget against actual for the period, the year to date and the year.",
    "Trend": "Cost, tasks and cost per accepted task of the last thirteen months.",
    "Savings": "Cash effect, cost avoided and capacity hours: three lines that are never added together.",
    "Allocation": "Shared cost: by which driver it is divided, and what each system bears.",
    "Reconciliation": "From the ledger or the invoices to the cost of this report.",
    "Assumptions": "Every input that the figures rest on.",
    "Adjustments": "Credits, corrections, and what changed after the close.",
    "Data": "The rows behind the unit cost: each amount is the sum of its rows.",
    "Checks": "What was checked, what was expected, what was found.",
    "Notes": "Definitions, methods, and what is not measurable.",
}
LINES = {
    "inference": "Inference",
    "infrastructure": "Infrastructure",
    "commitment": "Commitments and reserved capacity",
    "handling": "People: handling",
    "review": "People: review",
    "escalation": "People: escalations",
    "rework": "People: rework",
    "platform": "Platform share",
    "licence": "Licences",
    "build": "Build, written off",
    "other": "Other charges",
    "credit": "Credits and refunds",
    "evaluation": "Beside: evaluation (shadow, judges)",
    "tax": "Beside: tax",
    "pass_through": "Beside: billed for third parties",
}
LEVELS = {
    "inference": "Inference",
    "direct": "Direct AI cost",
    "with_people": "With people",
    "fully_loaded": "Fully loaded, before credits",
    "net": "Net of credits",
}
TASKS = {
    "attempted": "Tasks that came in",
    "completed": "Tasks completed",
    "accepted": "Tasks accepted",
    "accepted_unaided": "Tasks accepted without people",
}
PER = {
    "attempted": "per task that came in",
    "completed": "per completed task",
    "accepted": "per accepted task",
    "accepted_unaided": "per task accepted without people",
}
COLUMNS = {":idle": "Idle", ":unallocated": "Unallocated", ":total": "Total", ":all": "All systems"}
KINDS = {"pre_production": "before production", "idle": "", "unallocated": "", "system": ""}
STATUS = {"open": "Open: figures can still change", "closed": "Closed", "restated": "Closed; the figures of now differ"}
BASIS = "Accrual (EffectiveCost)"
COMPONENTS = {
    "volume": "Volume",
    "mix": "Mix",
    "rate": "Rate",
    "fixed": "Fixed spend",
    "new": "New",
    "retired": "Retired",
    "no_volume": "No volume",
    "fx": "Exchange rates",
}
SPANS = {"period": "The period", "year_to_date": "Year to date", "year": "Whole year"}
ALL_PASS = "ALL PASS"  # noqa: S105 - no password
BUDGETS_HOLD = "Budgets hold"
ALLOCATION_NOTE = (
    "Signed largest remainder to the twelfth decimal, so that shares add up to their amount. All systems take part, "
    "whichever this report shows."
)
BRIDGE_NOTE = (
    "Volume and mix by weighted average; the cross term of price and volume is in the rate. Fixed spend has no volume "
    "effect. An increase of cost is positive."
)
BUDGET_NOTE = (
    "Flexed budget: planned cost of a task times the tasks that came in. Flexed − budget is what more or fewer tasks "
    "cost at plan; actual − flexed is what these tasks cost beyond it. An overspend is positive."
)
PASS, FAIL = "PASS", "FAIL"
PASSES = {True: PASS, False: FAIL}
NO_BEFORE = "There are no two whole periods in the data that could be compared."
ASSUMPTIONS = {
    "setting": "Settings",
    "allocation": "Allocation rules",
    "rate": "Hourly rates of people",
    "exchange": "Exchange rates published in the period",
    "baseline": "Signed-off baselines",
    "price": "Token prices that hold in the period",
}


def failing(count: int) -> str:
    """Return what the checks come to: ALL PASS, or how many fail."""
    return ALL_PASS if not count else f"{count} FAIL"


TERMS = (
    (
        "Levels",
        "Each level holds the one before: inference; direct AI cost; with people; fully loaded; net of credits.",
    ),
    (
        "Basis",
        "Accrual: a charge is spread evenly over the days that it is for. What was invoiced stands on Reconciliation.",
    ),
    (
        "To the cent",
        "Amounts are rounded once, half away from zero, so that lines, columns and the total add up as shown.",
    ),
    (
        "Unit cost",
        "Total before rounding, divided by all tasks; never a mean of means. Empty where the cost is not known.",
    ),
    (
        "All systems",
        (
            "Systems that carry load and whose cost is known. Idle, unallocated and pre-production cost is in the "
            "total and in no unit cost."
        ),
    ),
    ("Unallocated, idle", "Shared cost that no rule or driver allocates; capacity that was paid for and not used."),
    ("Expected charges", "Recurring charges that are due and not invoiced yet, at their last amount; marked in Data."),
    ("Text", "Names are written as text; one longer than a cell is cut, with a note of its length."),
)


def lead(report: UnitCostReport, change: float | None) -> str:
    """Return the sentence that the report opens with."""
    together = report.statement.portfolio()
    unit, tasks = together.unit("fully_loaded"), together.volume["accepted"]
    name = days(report.header.window)
    if unit is None:
        why = together.reason("fully_loaded") or "no task was accepted"
        return f"{name}: the cost of an accepted task is not measurable: {why}."
    cost = f"{name}: an accepted task cost {money(unit, report.header.currency)}, fully loaded ({count(tasks)} tasks)"
    if change is None:
        return f"{cost}."
    moved = "less" if change < 0 else "more"
    return f"{cost}, {percent(abs(change))} {moved} than in the period before."


NO_SYSTEM = "No system carried load in this period."


def check_fails(name: str, expected: Decimal, found: Decimal) -> str:
    """Return that a check fails, and what it found."""
    return f"The check {name!r} fails: expected {expected:f}, found {found:f}."


def is_stale(header: Header) -> str:
    """Return by how much the data is older than its promise."""
    return f"The data is {age(header.stale_hours)} older than it may be: it is as of {stamp(header.as_of_local)}."


def still_open(header: Header, until: date, settle_days: int) -> str:
    """Return until when the figures of the period can change."""
    return (
        f"{days(header.window)} is not complete: its tasks can be reopened until {day(until)} "
        f"({settle_days} days after completion), and the data is as of {stamp(header.as_of_local)}."
    )


def not_whole(name: str, level: str, reason: str) -> str:
    """Return that the cost of a system is not known, and why."""
    return f"The cost of {name} is not known from the level {LEVELS[level].lower()} on: {reason}."


def sent(title: str, header: Header, parts: Iterable[str]) -> str:
    """Return the text of the message that brings a report."""
    said = "\n".join(part for part in parts if part)
    return f"{title}\n\n{said}\n\nOrganisation: {header.organisation or 'Readout'}\n"


def held(title: str, reasons: Iterable[str]) -> str:
    """Return the text of the message that tells the owner why a report was not sent."""
    listed = "\n".join(f"- {reason}" for reason in reasons)
    return f"{title} was made and not sent:\n\n{listed}\n\nPut this right, then run the same command again.\n"


def scope(report: UnitCostReport) -> str:
    """Return the filters of a report as the journal keeps them."""
    return "&".join(["unit_cost", f"period={report.period}", *(f"system={system}" for system in report.systems)])


SAVINGS = (
    ("Cash effect", "A line of the ledger fell, in a stated month, and its owner signed."),
    ("Cost avoided", "An approved plan would have bought it, and was cancelled."),
    ("Capacity hours", "Hours of people that were returned; they are not money."),
)
WHOLE_ORGANISATION = "Of all systems, whichever this report shows: ledgers and invoices know no filter."
NO_SAVINGS = "No system makes a claim. A unit cost that falls is no saving by itself."
VIEWS = {True: "as reported", False: "as restated"}
CASE_INPUTS = (
    "Yellow cells are inputs: change them, and the months to come, payback and present value follow. Months that are "
    "over stand as they were; a one-off cost falls into the first month. All systems have the sum of theirs."
)
DISCOUNT_RATE = "Discount rate a year (0.08 = 8 %)"
RATE_PARTS = {
    "price": "Of the rate: prices of models",
    "efficiency": "Of the rate: tokens, calls and choice of model per task",
    "other_rate": "Of the rate: all else, such as people's time",
}
RATE_NOT_SPLIT = (
    "The rate is not split into price and efficiency: a closed month keeps its cost and not its calls. "
    "The page Bridge splits it on the calls of now."
)
NOT_RECONCILED = (
    "The period does not consist of fiscal months, by which ledgers are posted: it is not reconciled, "
    "and not sent by itself."
)


OFFER = "Report of a month, as a file"
OFFER_MONTH = "Month"
OFFER_FORMAT = "Format"
OFFER_MAKE = "Make it"
OFFER_NOTE = "It is read again and compared with the figures before it is handed over."
MAKING = "Making the report"
HAND_OVER = "Download {file}"
FORMATS = {
    "xlsx": "Excel: fourteen sheets, live formulas",
    "pdf": "PDF: two to four pages",
    "csv": "CSV: figures and the rows behind them",
    "parquet": "Parquet: figures and the rows behind them",
    "focus": "FOCUS 1.2: the rows, as CSV",
}


def made(checks: str) -> str:
    """Return what is said once the file is ready."""
    return f"The report is ready. Its checks: {checks}"
