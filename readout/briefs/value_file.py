"""The value page as a file: every claim on a line of its own, each line of claims with a control total of its own."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

from readout.briefs.results_value import LINES, Amount, Claim, SystemValue, ValueBrief
from readout.briefs.tables import exact, write_manifest
from readout.finance import Case

COLUMNS = (
    "line", "system_id", "system", "claim", "counts", "amount", "unit", "lower_95", "upper_95", "claimed", "grade",
    "owner", "signed_or_approved_by", "signed_or_approved_on", "period_from", "period_to", "account", "plan",
    "baseline", "baseline_unit", "baseline_from", "baseline_to", "baseline_n", "baseline_signed_on", "claimable_tasks",
    "completed_tasks", "moves_it_most", "assumption_low", "assumption_high", "claim_at_low", "claim_at_high", "lacks",
    "reason", "evidence_ref",
)  # fmt: skip
CASE_COLUMNS = (
    "system_id", "system", "currency", "invested", "cash_a_month", "running_a_month", "net_to_date", "payback_months",
    "discounted_payback_months", "annual_rate", "present_value", "needed_cash_a_month", "horizon_months",
    "break_even_tasks_a_month", "reason",
)  # fmt: skip
NEVER = "never"


def value_csv(brief: ValueBrief) -> str:
    """Return claims and appraisals as RFC 4180 text, with a header block and control totals; amounts unrounded.

    There is no total over the lines. Hours are decimals of an hour; money is exact.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    totals = [
        *((f"control total cash effect {currency}", exact(amount)) for currency, amount in brief.cash.items()),
        *((f"control total cost avoided {currency}", exact(amount)) for currency, amount in brief.avoided.items()),
        ("control total capacity hours", _text(brief.hours)),
        *((f"claims in the sum of {line}", str(len(brief.counted(line)))) for line in LINES),
    ]
    write_manifest(
        writer,
        "Value: three lines, never added together",
        brief.header,
        totals,
        ("hours_returned",),
        period=f"since launch, whole months before {brief.through.isoformat()}",
        compared="nothing",
    )
    writer.writerow(COLUMNS)
    for one in brief.systems:
        writer.writerows(_claim(claim, one) for claim in one.claims)
    writer.writerow([])
    writer.writerow(CASE_COLUMNS)
    writer.writerows(_case(one.system_id, one.name, one.appraisal.currency, one.appraisal.case,
                           one.appraisal.break_even, one.appraisal.reason) for one in brief.systems)  # fmt: skip
    writer.writerow(_case("(all)", "All systems", brief.total.currency, brief.total.case, None, brief.total.reason))
    return out.getvalue()


def _claim(claim: Claim, one: SystemValue) -> list[str]:
    baseline, lever = claim.baseline, claim.lever
    hours = claim.line == "capacity"
    return [
        claim.line,
        claim.system_id,
        claim.system_name,
        claim.what,
        "no" if claim.amount is None else "yes",
        _text(claim.amount),
        "h" if hours else claim.currency,
        _text(claim.lower),
        _text(claim.upper),
        _text(claim.claimed),
        claim.grade,
        claim.owner,
        claim.approved_by,
        _day(claim.approved_on),
        _day(claim.start),
        _day(claim.end),
        claim.account,
        claim.plan,
        "" if baseline is None else _text(baseline.value),
        "" if baseline is None else baseline.unit,
        "" if baseline is None else _day(baseline.period_from),
        "" if baseline is None else _day(baseline.period_to),
        "" if baseline is None else str(baseline.n),
        "" if baseline is None else _day(baseline.signed_on),
        _text(one.volume.claimable) if hours else "",
        str(one.volume.completed) if hours else "",
        "" if lever is None else lever.name,
        *(["", "", "", ""] if lever is None else map(_text, (lever.low, lever.high, lever.at_low, lever.at_high))),
        " ".join(claim.lacking),
        claim.reason,
        claim.evidence_ref,
    ]


def _case(system: str, name: str, currency: str, case: Case | None, break_even: int | None, reason: str) -> list[str]:
    even = "" if break_even is None else str(break_even)
    if case is None:
        return [system, name, currency, *[""] * 10, even, reason]
    return [
        system,
        name,
        currency,
        *map(_text, (case.investment, case.next_cash, case.next_running, case.cumulative[-1])),
        NEVER if case.payback is None else _text(case.payback),
        ""
        if case.annual_rate is None
        else NEVER
        if case.discounted_payback is None
        else _text(case.discounted_payback),
        "" if case.annual_rate is None else str(case.annual_rate),
        _text(case.npv),
        _text(case.needed),
        str(case.months),
        even,
        reason,
    ]


def _text(amount: Amount | None) -> str:
    """Return an exact decimal without an exponent, a number of hours as it is, '' where there is none."""
    return exact(amount) if amount is None or isinstance(amount, Decimal) else repr(amount)


def _day(when: date | None) -> str:
    return "" if when is None else when.isoformat()
