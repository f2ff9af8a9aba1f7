"""Reconciliation in words: the lines from the ledger to the statement, invoices, and what is unexplained."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from readout.canonical import plain_decimal
from readout.currencies import minor_unit
from readout.finance.reconciliation import Invoice, Line, Part, Reconciliation, Remainder
from readout.periods import Window
from readout.words import locales
from readout.words.dates import day, days, stamp
from readout.words.names import human, listed
from readout.words.numbers import count, money


@dataclass(frozen=True)
class LineWords:
    """A line's label, and what it holds."""

    label: str
    holds: str


LINES = {
    "fx": LineWords(
        "Exchange rates", "books hold a foreign invoice at the month's last rate, costs at the charge's day"
    ),
    "tax": LineWords("Less tax", "no cost of a task"),
    "pass_through": LineWords("Less third parties", "billed on, no cost of ours"),
    "prepaid": LineWords("Less purchases for later periods", "billed now, used later"),
    "amortised": LineWords("Plus use of earlier purchases", "paid for before, used now"),
    "effective": LineWords("Accrued cost against billed", "charges whose EffectiveCost is not what was billed"),
    "no_effective": LineWords("Less charges without accrued cost", "no EffectiveCost: not known, so in no cost"),
    "corrections_out": LineWords("Corrections of other periods in these invoices", "cost of the month corrected"),
    "late_out": LineWords("Other periods' charges in these invoices", "late or in advance"),
    "corrections_in": LineWords("Corrections of this period in other invoices", "delivered since"),
    "late_in": LineWords("This period's charges in other invoices", "late or in advance"),
    "call_rates": LineWords(
        "Exchange rates of model calls", "priced at the rate of their day, invoiced at the charge's"
    ),
    "call_rounding": LineWords("Rounding of invoiced model calls", "each charge is invoiced in whole cents"),
    "cut_off": LineWords("Cut-off of model calls", "providers invoice months of UTC, the period has local days"),
    "tests": LineWords("Less model calls of tests", "invoiced like any other, in no cost of the work"),
    "with_task": LineWords("Model calls counted with their task", "a call counts on the day on which its task ends"),
    "evaluation": LineWords("Less evaluation", "judge and shadow calls, shown beside unit cost"),
    "not_invoiced": LineWords("Plus model calls not invoiced", "no invoice for the system and month yet"),
    "expected": LineWords("Plus recurring charges not invoiced", "expected at their last amount"),
    "people": LineWords("Plus people's work", "hours at the rate card, on no invoice"),
    "rounding": LineWords("Rounding", "lines in whole cents"),
}
START = {"ledger": "Ledger", "invoices": "Invoices"}
EXPECTED = "Expected cost"
REPORTED = "Cost statement, net of credits"
UNEXPLAINED = "Unexplained"
STATES = {"pass": ("Ties", "good"), "fail": ("Does not tie", "bad"), "not_checked": ("Not checked", "neutral")}
REST = "neither invoices nor systems"
NO_INVOICE = "without an invoice"
HEADS = ("Line", "Charges", "Amount")
INVOICE_HEADS = (
    "Invoice", "Charges", "Billed", "Posted", "Difference", "Model calls", "Own pricing", "Difference", "Result",
)  # fmt: skip
REMAIN_HEADS = ("Where from", "What differs", "Amount")
MONTH_HEADS = ("Month", "Ledger or invoices", "Expected", "Cost", "Unexplained", "Tolerance", "Result")
PART_HEADS = ("Invoice", "System", "What", "For", "Charges", "Amount")
CHARGE_HEADS = ("Charge", "System", "What", "For", "Billed", "Accrued", "Load")
CHOOSE = "Month"
UNKNOWN = "There is no such month"
WHICH_LINE = "Rows of"
WHICH_INVOICE = "Charges of"
SHOW_CHARGES = "Show the charges as they were loaded"
WHICH_MONTH = "The month is chosen on this page; the filters above do not change it."
HOW = (
    "Every line is added up from its own rows, each by itself. Unexplained is the cost statement less what the lines "
    "lead to: it is computed last, and no line takes it in."
)
NOTHING = "No charge, no posting and no call was recorded for this month."
EMPTY_STEP = "Next: readout import focus FILE, readout load ledger FILE, readout refresh."


def amount(value: Decimal, currency: str) -> str:
    """Return an amount in full, in the currency's minor unit."""
    exponent = minor_unit(currency).as_tuple().exponent
    return money(value, currency, max(-int(exponent), 0))


def start_label(found: Reconciliation) -> tuple[str, str]:
    """Return what the way begins with: the ledger's accounts, or the invoices."""
    if found.basis == "ledger":
        return START["ledger"], listed(found.accounts)
    return START["invoices"], "as billed; the ledger holds none of them"


def sentence(found: Reconciliation | None, month: str) -> tuple[str, str]:
    """Return the finding and its tone."""
    if found is None or found.empty:
        return (f"Nothing to reconcile for {month}." if month else "Nothing to reconcile yet."), "neutral"
    if found.months and found.state != "pass":
        return _months_sentence(found, month)
    if found.state == "not_checked":
        return (
            f"Nothing of {month} is invoiced yet; its cost is {amount(found.reported, found.currency)} so far.",
            "neutral",
        )
    basis = START[found.basis].lower()
    rest = f"{amount(found.unexplained, found.currency)} unexplained"
    if found.state == "pass":
        tail = "" if found.basis == "ledger" else "; no ledger was compared"
        whole = f"{amount(found.start, found.currency)} in the {basis}"
        cost = amount(found.reported, found.currency)
        return f"{month} ties: from {whole} to {cost} of cost, {rest}{tail}.", "good"
    wrong = [one.invoice_id or NO_INVOICE for one in found.failing]
    named = f": {listed(tuple(wrong[:3]))}{' and others' if len(wrong) > 3 else ''}" if wrong else ""  # noqa: PLR2004
    if found.without_rate:
        named += f"; no exchange rate for {listed(found.without_rate)}"
    return f"{month} does not tie: {rest}, tolerance {amount(found.tolerance, found.currency)}{named}.", "bad"


def _months_sentence(found: Reconciliation, period: str) -> tuple[str, str]:
    """Return which months of a period do not tie, or are not invoiced yet."""
    wrong = [days(one.window) for one in found.months if one.state == "fail"]
    if wrong:
        rest = f"{amount(found.unexplained, found.currency)} unexplained"
        return f"{period} does not tie: {listed(tuple(wrong))}; {rest} in all.", "bad"
    waits = tuple(days(one.window) for one in found.months if one.state == "not_checked")
    return f"{period} is not reconciled: nothing of {listed(waits)} is invoiced yet.", "neutral"


def tolerance(found: Reconciliation) -> str:
    """Return the tolerance with its rule."""
    if found.months:
        return "Each month is held to its own tolerance; the period ties where every month does."
    return (
        f"Tolerance {amount(found.tolerance, found.currency)}: the greater of 100 minor units and √n × half of one, "
        f"n = {count(found.rows)} charges and calls (FOCUS 1.4)."
    )


def notes(found: Reconciliation) -> str:
    """Return what is counted and in no amount."""
    said = []
    if found.unpriced_calls:
        said.append(
            f"{count(found.unpriced_calls)} of {count(found.calls)} calls have no price and are in no amount of ours; "
            "where they are invoiced, they are unexplained."
        )
    if found.without_rate:
        said.append(f"Charges in {listed(found.without_rate)} are in no amount: there is no exchange rate.")
    if found.estimated:
        said.append(f"{amount(found.estimated, found.currency)} of the cost is expected, not invoiced.")
    return " ".join(said)


def worth_showing(found: Reconciliation) -> tuple[Remainder, ...]:
    """Return the parts of what is unexplained that come to half a minor unit at least."""
    return tuple(one for one in found.remains if abs(one.amount) * 2 >= minor_unit(found.currency))


def too_small(number: int) -> str:
    """Return how many parts round to nothing."""
    return (
        f"{count(number)} more {'comes' if number == 1 else 'come'} to less than half a minor unit." if number else ""
    )


def remainder(one: Remainder, names: dict[str, str]) -> tuple[str, str]:
    """Return where a part of what is unexplained comes from, and what differs there."""
    if one.kind == "invoice":
        return one.name or NO_INVOICE, "billed less posted"
    if one.kind == "system":
        return names.get(
            one.name, one.name
        ) or "no system", "own pricing of the calls, rounded as invoiced, less what was invoiced for them"
    return REST, "what is left"


def differs(one: Invoice, currency: str) -> str:
    """Return what is wrong with an invoice, empty where it ties."""
    said = []
    if one.posted_state == "fail":
        if one.posted is None:
            said.append("not posted")
        elif not one.n:
            said.append("posted, no charges imported")
        else:
            said.append(f"posted and billed differ by {amount(one.difference, currency)}")
    if one.own_state == "fail" and one.own_difference is not None:
        said.append(f"own pricing and invoice differ by {amount(one.own_difference, currency)}")
    return "; ".join(said)


def part_what(one: Part) -> str:
    """Return what a part of a line is."""
    return ", ".join(word for word in (human(one.component) if one.component else "", one.service_name) if word)


def part_for(one: Part) -> str:
    """Return the days that a part is for, and when it was billed."""
    if one.start is None or one.end is None:
        return ""
    return days(Window(one.start, one.end)) if one.end > one.start else day(one.start)


def billed_in(one: Part) -> str:
    """Return when a part was billed."""
    return f"billed in {locales.month(one.billed_in)}" if one.billed_in else ""


def more(line: Line) -> str:
    """Return how many parts of a line are not shown, and the line's total."""
    return f"The largest {count(len(line.parts))}; {count(line.more)} more are in the amount." if line.more else ""


def corrected(one: Invoice, currency: str) -> str:
    """Return what other invoices bill or credit for the usage of this one."""
    return f"{amount(one.corrected, currency)} on other invoices"


def charge_what(row: Mapping[Any, Any]) -> str:
    """Return what a charge is."""
    parts = (human(row["component"]), row["service_name"], row["charge_category"], row["charge_class"])
    return ", ".join(part for part in parts if part)


def charge_for(row: Mapping[Any, Any]) -> str:
    """Return the time that a charge is for, in UTC."""
    return f"{stamp(row['charge_start'])} to {stamp(row['charge_end'])} UTC"


def exactly(value: Decimal | None, currency: str) -> str:
    """Return an amount with all of its digits, as it was loaded."""
    return "–" if value is None else f"{plain_decimal(value)} {currency}".strip()
