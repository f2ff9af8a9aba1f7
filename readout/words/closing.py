"""The close of a period in words: what is checked, what is refused, and what changed since."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from readout.finance.charges import BESIDE
from readout.finance.close import Adjustments, CloseCheck, Closed
from readout.words.dates import day
from readout.words.names import human, listed
from readout.words.numbers import count, money

CHECKS = {
    "over": "the period is over, and the data reaches its end",
    "settled": "accepted tasks are settled",
    "in_order": "months are closed in their order",
    "posted": "the ledger holds the period",
    "reconciled": "nothing beyond the tolerance is unexplained",
    "invoices": "every invoice ties to its posting and to measured usage",
    "invoiced": "every cost is invoiced",
    "priced": "the calls have a price",
    "known": "the cost of every system is known",
    "rates": "every amount has an exchange rate",
    "facts": "the facts are sound",
}
STATUS = {"open": "Open", "closed": "Closed", "restated": "Closed, changed since"}
VIEWS = {"reported": "As reported", "restated": "Restated"}
VIEW = "Closed month"
VIEWS_NOTE = "As reported: the figures that were frozen at the close. Restated: with everything that came in since."
NOTHING_CLOSED = "No period is closed yet. Next: readout close 2026-10"


def running(ends: date, as_of: date) -> str:
    """Return why a period cannot be closed yet."""
    return f"it ends with {day(ends)}, and data runs to {day(as_of)}"


def unsettled(until: date) -> str:
    """Return until when accepted tasks can still be reopened."""
    return f"its tasks can be reopened until {day(until)}"


def not_in_order(period: str) -> str:
    """Return which earlier period is open."""
    return f"{period} is open"


def not_posted(accounts: Iterable[str]) -> str:
    """Return that the ledger does not hold the period."""
    if named := tuple(accounts):
        return f"no posting of the period on {listed(named)}"
    return (
        "no account of the ledger holds an invoice of these charges: load the ledger with invoice_id, or name the "
        "accounts in organisation.yaml (cost_accounts)"
    )


def unexplained(amount: Decimal, tolerance: Decimal, currency: str) -> str:
    """Return how much no line explains."""
    return f"{money(amount, currency, 2)} is unexplained, the tolerance is {money(tolerance, currency, 2)}"


def invoices_apart(found: Iterable[tuple[str, str, Decimal]], currency: str) -> str:
    """Return which invoices differ, from what, and by how much."""
    return "; ".join(
        f"{name or 'without an invoice'}: {money(amount, currency, 2)} {what}" for name, what, amount in found
    )


def not_invoiced(amount: Decimal, currency: str, names: Iterable[str]) -> str:
    """Return what is not invoiced yet."""
    return f"{money(amount, currency, 2)} is expected or not invoiced yet: {listed(tuple(names))}"


def unpriced(calls: int, total: int) -> str:
    """Return how many calls have no price."""
    return f"{count(calls)} of {count(total)} calls have no price"


def not_known(reasons: Iterable[tuple[str, str]]) -> str:
    """Return which systems lack which cost, and why."""
    return "; ".join(f"{name}: {reason}" for name, reason in reasons)


def without_rate(currencies: Iterable[str]) -> str:
    """Return which currencies cannot be converted."""
    return f"no exchange rate for {listed(tuple(currencies))}"


def refusal(period: str, failing: Iterable[CloseCheck]) -> str:
    """Return why a period is not closed, with each failing check and the next step."""
    lines = [f"  {one.check}: {one.says}" for one in failing]
    step = "Mend what fails, or let it pass: --waive CHECK --reason TEXT"
    return "\n".join([f"{period} is not closed:", *lines, step])


def already(closed: Closed) -> str:
    """Return that a period is closed already: by whom, when, and under which id."""
    return (
        f"{closed.period} is closed already: {closed.id}, by {closed.by} on {day(closed.closed_at.date())}. "
        "What changed since are adjustments: readout close --show " + closed.period
    )


def done(closed: Closed, total: Decimal) -> str:
    """Return that a period was closed."""
    return f"{closed.period} is closed: {closed.id}, {money(total, closed.currency, 2)} net, sha256 {closed.hash}"


def changed(found: Adjustments, currency: str) -> str:
    """Return what changed since the close, in one sentence."""
    if not found.changed:
        return "Nothing has changed since the close."
    rows = len(found.rows)
    lines = f"{count(rows)} {'amount' if rows == 1 else 'amounts'}"
    if found.volumes:
        lines += f" and {count(len(found.volumes))} task counts"
    return (
        f"Changed since the close: {lines}. As reported {money(found.reported, currency, 2)}, adjustments "
        f"{money(found.total, currency, 2)}, restated {money(found.restated, currency, 2)}."
    )


ADJUSTMENT_HEADS = ("System", "Line", "As reported", "Restated", "Adjustment")
GRAND_TOTAL = "Total, net of credits"
KINDS = {"idle": "Idle", "unallocated": "Unallocated"}


def bearer(system_id: str, kind: str, names: Mapping[str, str]) -> str:
    """Return whose cost a row is: a system's name, Idle, Unallocated."""
    return names.get(system_id, system_id) or KINDS.get(kind, human(kind))


def line(name: str) -> str:
    """Return a cost line in words."""
    return human(name)


def beside(name: str) -> str:
    """Return that a line stands beside the total, empty where it is in it."""
    return "beside, in no total" if name in BESIDE else ""


def tasks(denominator: str) -> str:
    """Return what is counted: accepted tasks."""
    return f"{human(denominator)} tasks"


def identity(closed: Closed) -> str:
    """Return under which id a period was closed, by whom and when."""
    waived = f", waived: {listed(tuple(closed.waivers))}" if closed.waivers else ""
    return f"{closed.id}, closed by {closed.by} on {day(closed.closed_at.date())}{waived}."


def reached(period: str, close_id: str) -> str:
    """Return what becomes of rows that reach into a closed period."""
    return (
        f"{period} is closed as {close_id} and stays as it was reported; what these rows change in it is shown as an "
        f"adjustment. Next: readout refresh, then readout close {period} --show"
    )
