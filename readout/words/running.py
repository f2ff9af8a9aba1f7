"""What a system runs on, in words: its models, its monthly charges, and that it stands still."""

from collections.abc import Sequence
from datetime import date

from readout.briefs.results import Standstill
from readout.briefs.results_system import ChargeRow, ModelRow
from readout.words import locales
from readout.words.changes import Change, change
from readout.words.charts import trend
from readout.words.dates import day
from readout.words.names import human, listed, stage
from readout.words.numbers import missing, money, percent, plain

MODEL_HEADS = (
    ("Model", "provider", True),
    ("Called for", "", True),
    ("Calls", "", False),
    ("Change", "", False),
    ("Input tokens", "", False),
    ("Output tokens", "", False),
    ("Cost", "of these calls", False),
    ("Change", "", False),
)
CHARGE_HEADS = (
    ("Component", "", True),
    ("Last month", "", False),
    ("A year before", "same month", False),
    ("Change", "on a year before", False),
    ("Per month", "", False),
)
PURPOSES = {"serve": "The work", "judge": "Judging", "shadow": "Shadow", "test": "Tests"}
NO_MODELS = "No call of a model is recorded in this period."
NO_CHARGES = "No charge is recorded for this system. Load costs: infrastructure, licences and build."
CHARGES_NOTE = (
    "Invoices of model calls are left out: each call carries its own cost. Charges that several systems share are not "
    "divided among them."
)
NOTABLE = 0.25  # a running cost that moved less in a year is not worth a sentence
INFRASTRUCTURE = "infrastructure"
NOT_STATED = "not stated"
STALLED = ("Stalled", "bad")


def purpose(row: ModelRow) -> str:
    """Return what a model is called for."""
    return PURPOSES.get(row.purpose, human(row.purpose) or NOT_STATED)


def model_cost(row: ModelRow) -> tuple[str, str]:
    """Return a model's cost, and for how many of its calls it is known where not for all."""
    if row.cost is None:
        return "", "cost unknown"
    known = "" if row.priced == row.calls else f"known for {percent(row.priced / row.calls)} of calls"
    return money(row.cost, row.currency), known


def models(rows: Sequence[ModelRow]) -> str:
    """Return the models that do the work, where there are several: `3: m1, m2, m3`."""
    names = list(dict.fromkeys(row.model for row in rows if row.purpose == "serve" and row.model))
    return f"{len(names)}: {', '.join(names)}" if len(names) > 1 else ""


def calls_change(row: ModelRow) -> Change:
    """Return how the calls moved; it is neither good nor bad."""
    if row.calls_before is None:
        return Change("")
    moved = change("tasks_attempted", row.calls, row.calls_before)
    return Change("new") if not row.calls_before else moved


def cost_change(row: ModelRow) -> Change:
    """Return how a model's cost moved."""
    if row.calls_before is None or row.cost is None or row.cost_before is None:
        return Change("")
    return change("cost_total", row.cost, row.cost_before)


def month(when: date) -> str:
    """Return Oct 2026."""
    return locales.month(when)


def charged(row: ChargeRow) -> tuple[str, str]:
    """Return what the last month cost, and which month that is."""
    when, amount = row.latest
    return ("–" if amount is None else money(amount, row.currency)), month(when)


def charge_change(row: ChargeRow) -> Change:
    """Return the last month against the same one a year before."""
    return change("cost_total", row.latest[1], row.year_before)


def charges_said(row: ChargeRow) -> str:
    """Return a component's months for those who cannot see them."""
    texts = ["–" if amount is None else money(amount, row.currency) for _, amount in row.months]
    numbers = [None if amount is None else float(amount) for _, amount in row.months]
    return trend(human(row.component), [month(when) for when, _ in row.months], texts, numbers)


def infrastructure(rows: Sequence[ChargeRow]) -> str:
    """Return in a sentence how far the infrastructure moved in a year, '' where it hardly did."""
    for row in rows:
        now, before = row.latest[1], row.year_before
        if row.component == INFRASTRUCTURE and now is not None and before:
            moved = float(now / before) - 1
            if abs(moved) >= NOTABLE:
                said = f"{percent(abs(moved), 1)} {'less' if moved < 0 else 'more'}"
                when = month(row.latest[0])
                return f"its infrastructure cost {money(now, row.currency)} in {when}, {said} than a year before"
    return ""


def standstill(one: Standstill) -> str:
    """Return in a sentence that a system stands still, and since when."""
    return f"stalled: {_due(one)}"


def standstill_short(one: Standstill) -> str:
    """Return the same for a table's cell, with what stands in the way."""
    return "; ".join((_due(one), *(() if one.owner else ("no business owner",))))


def _due(one: Standstill) -> str:
    load = "" if missing(one.due_share) else f" with {plain(float(one.due_share or 0) * 100)}%"
    return f"{stage(one.due_stage).lower()}{load} was planned for {day(one.due, year=False)}"


def snapshots(one: Standstill | None) -> str:
    """Return that a system is fed by exports only, '' where it is not."""
    if one is None or not one.snapshots:
        return ""
    cadence = listed(dict.fromkeys(text for text in one.snapshots if text), "")
    return f"its work arrives in exported snapshots{f', {cadence}' if cadence else ''}"
