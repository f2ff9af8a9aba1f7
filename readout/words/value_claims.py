"""Value in words: three lines that are never added up. Hours came back, cash fell, a cost was avoided."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from readout.briefs.results import Finding
from readout.briefs.results_value import (
    Amount,
    Appraisal,
    Assumptions,
    Claim,
    Lever,
    Line,
    SystemValue,
    Trial,
    ValueBrief,
)
from readout.finance import Case
from readout.periods import months_before
from readout.words import locales
from readout.words.changes import Change
from readout.words.charts import trend
from readout.words.dates import day
from readout.words.names import listed, sentence
from readout.words.numbers import count, hours, money, money_compact, plain, signed
from readout.words.provenance import provenance
from readout.words.reasons import reason

LINE_NAMES: dict[Line, str] = {
    "cash": "Cash effect to date",
    "avoided": "Cost avoided",
    "capacity": "Capacity returned",
}
LINE_NOTES: dict[Line, str] = {
    "cash": "Money that is no longer spent: a line of the ledger fell, in a stated month, and its owner signed. A "
    "month counts for what the account fell by, never for more than was signed. What the ledger does not confirm is in "
    "no sum.",
    "avoided": "Money that an approved plan would have spent, and that plan was cancelled. It is no cash: nothing in "
    "the ledger fell.",
    "capacity": "Hours of work that came back: (hands-on time before − now) × claimable tasks, in whole months since "
    "the first after the launch. Claimable is the smaller of the demand before and the tasks now, without what AI did "
    "beyond the share that its stage entitles it to. Hours are not money.",
}
NEVER_ADDED = "Three lines, never added together: hours are not money, and cost avoided is no cash."
SINCE_LAUNCH = "Since launch, whole months through {}; the chosen period does not limit this page."
GRADES = {
    "A": "measured against a control",
    "B": "measured before and after",
    "C": "self-reported, or without a baseline that was signed before the launch",
}
GRADE_NOTE = (
    "A: measured against a control. B: before and after, against a baseline signed before the launch. C: the rest."
)
LACKING = {
    "account": "an account of the ledger",
    "month": "the month from which it holds",
    "signed_by": "the signature of its owner",
    "no_ledger": "a ledger: none is loaded",
    "no_account": "postings: the ledger has no such account",
    "no_month": "the month from which it holds",
    "too_short": "three months before in the ledger",
    "not_yet": "a posted month since",
    "does_not_confirm": "confirmation: the account did not fall as signed",
    "plan": "a plan that would have bought it",
    "approved_on": "an approval of that plan",
    "cancelled_on": "the cancellation of that plan",
    "block": "an owner: the registry has no value block",
    "baseline": "a baseline of handling time",
    "baseline_signature": "a signature under the baseline",
    "baseline_late": "a baseline signed before the launch",
    "measured": "a measured comparison: it is self-reported",
    "redeployed_to": "what the hours are used for",
}
TWICE = "money of its own: {} claims the same fall of this account"
NOTHING = "nothing"
LEVERS = {
    "level": "What a month cost before",
    "price": "The price in the plan",
    "minutes_before": "Time a task without AI",
    "minutes_now": "Time a task now",
    "volume": "Demand before AI",
    "share": "Share of the claimable tasks",
    "cash": "Cash effect a month to come",
    "running": "Running cost a month to come",
    "investment": "Investment",
    "annual_rate": "Discount rate",
}
BASES = {"interval": "95%", "stated": "as stated", "tenth": "±10%"}
NO_CASH = "No cash effect is claimed."
NO_AVOIDED = "No avoided cost is claimed."
NO_SYSTEM = "No system is known."
NOT_DESCRIBED = (
    "No chosen system has a value block in the registry. Add one to the system's file: docs/finance.md shows its form. "
    "Hours need none: they are measured."
)
NO_CASE = "no appraisal"
NEVER = "never pays back"
WITHIN = "within {} months"
EXPECTED = "expected"
REACHED = "reached"
NO_RATE = "no discount rate"
YOURS = "With your assumptions"
AS_IS = "As it stands"
TRY = "Try other assumptions"
TRY_NOTE = "Nothing is kept: the claims above stay as they are. Cash moves in the months to come, hours as a whole."
CHOOSE = "System"
RESET = "Back to what stands"
INPUTS = {
    "minutes": "Minutes a task without AI",
    "share": "Share of the claimable tasks, %",
    "rate": "Rate of an hour, {}",
    "cash": "Cash effect a month to come, {}",
    "running": "Running cost a month to come, {}",
    "annual_rate": "Discount rate of a year, %",
}
CLAIM_HEADS: dict[Line, tuple[tuple[str, str, bool], ...]] = {
    "cash": (
        ("Claim", "", True), ("To date", "95% interval", False), ("Grade", "", True), ("Period", "", True),
        ("Owner", "", True), ("Baseline", "a month before", True), ("Moves it most", "", True),
        ("Still lacks", "", True),
    ),
    "avoided": (
        ("Claim", "", True), ("Avoided", "as stated", False), ("Grade", "", True), ("Cancelled", "", True),
        ("Owner", "", True), ("Baseline", "the plan", True), ("Moves it most", "", True), ("Still lacks", "", True),
    ),
    "capacity": (
        ("System", "", True), ("Hours to date", "95% interval", False), ("Per month", "hours", False),
        ("Grade", "", True), ("Claimable tasks", "of those completed", False), ("Period", "", True),
        ("Owner", "", True),
        ("Baseline", "", True), ("Moves it most", "", True), ("Still lacks", "", True),
    ),
}  # fmt: skip
CASE_HEADS = (
    ("System", "", True), ("Invested", "", False), ("Cash effect", "a month now", False),
    ("Running cost", "a month now", False), ("Net to date", "cumulative", False), ("Payback", "", True),
    ("Discounted", "", True), ("Present value", "", False), ("Needed", "cash a month", False),
    ("Break-even", "tasks a month", False),
)  # fmt: skip
LEARNING_HEADS = (
    ("System", "", True), ("Live since", "", True), ("Accepted tasks", "since then", False),
    ("Unit cost", "last month", False), ("Change per doubling", "95% interval", False),
    ("Unit cost", "per month", False),
    ("Modules", "found in production", True),
)  # fmt: skip
TRIAL_HEADS = (("Line", "", True), (AS_IS, "", False), (YOURS, "", False))
LEVER_HEADS = (
    ("Assumption", "each moved by ±10%", True), ("Low", "", False), ("High", "", False), ("Range", "", True),
    ("Moves by", "", False),
)  # fmt: skip
ALL = "All systems"
CASE_NOTE = (
    "Cash only: confirmed cash effects against what was invested and what is billed; amortisation is left out, hours "
    "are no cash. Months that are over stand as posted; a month to come brings what the last three did and costs the "
    "mean of the last twelve. Break-even is fully loaded, people's time at its rate included, which is no cash: from "
    "so many tasks a month on, a task costs less than the signed-off one."
)
LEARNING_NOTE = (
    "Unit cost: fully loaded, else the highest level that is known. The change is the slope of a straight line through "
    "the logarithms of unit cost and of accepted tasks since the launch, month by month: what each doubling of the "
    "tasks does to the unit cost. Months are not independent, so the interval is rather too narrow. A module is found "
    "in production where an earlier system uses it."
)
STAGES_NOTE = "Recorded stages: assisted, partial and full carry load; shadow and retired do not."
NOTHING_TO_TRY = "No chosen system has measured hours or an investment: there is nothing to try."
HOURS_MOVED = "What moves the hours"
PRESENT_MOVED = "What moves the present value"
NET_MOVED = "What moves the net cash over the horizon, undiscounted"
TOO_FEW = "under six months"
NO_DOUBLING = "no trend"
NOT_LIVE = "not live"
NO_MODULES = "none named"
STAGE_NAMES = {"full": "Full", "partial": "Partial", "assisted": "Assisted"}
CHART_ALTS = {
    "hours": "Hours of capacity returned since launch, cumulative.",
    "cash": "Cash since the first investment, cumulative.",
    "learning": "Unit cost against accepted tasks since launch, both on logarithmic axes.",
    "stages": "Systems that carry load at the end of each month, by stage.",
}
GROSS, NET = "Cash effect", "Net of cost"


def finding(brief: ValueBrief) -> Finding:
    """Return what came back, what fell and what was avoided, each in its own unit."""
    if not brief.systems:
        return Finding(NO_SYSTEM)
    parts = [part for part in (hours_said(brief), cash_said(brief), avoided_said(brief)) if part]
    text = "; ".join(parts)
    if len(brief.systems) == 1:
        text = f"{brief.systems[0].name}: {text}"
    return Finding(sentence(text), "good" if any(amount > 0 for amount in brief.cash.values()) else "neutral")


def hours_said(brief: ValueBrief) -> str:
    """Return the capacity line inside a sentence: returned 1,040 hours of capacity (self-reported, grade C)."""
    if brief.hours is None:
        reasons = dict.fromkeys(claim.reason for claim in brief.of("capacity") if claim.reason)
        why = next(iter(reasons), "no system has been launched") if len(reasons) < 2 else "no system can be measured"  # noqa: PLR2004
        return f"hours of capacity cannot be said, {reason(why)}"
    verb = "returned" if brief.hours >= 0 else "took"
    more = "" if brief.hours >= 0 else "more "
    return f"{verb} {whole_hours(abs(brief.hours))} {more}hours of capacity ({evidence(brief.of('capacity'))})"


def whole_hours(number: float) -> str:
    """Return hours in a sentence, without the unit."""
    return hours(number).removesuffix(" h")


def evidence(claims: Sequence[Claim]) -> str:
    """Return the evidence behind a line: measured before and after, grade B; or grades A to C."""
    counted = [claim for claim in claims if claim.amount is not None]
    grades = sorted({claim.grade for claim in counted})
    if len(grades) > 1:
        return f"grades {grades[0]} to {grades[-1]}"
    grade = grades[0]
    if grade != "C":
        return f"{GRADES[grade]}, grade {grade}"
    own = all("measured" in claim.lacking for claim in counted)
    return "self-reported, grade C" if own else "no baseline was signed before the launch, grade C"


def cash_said(brief: ValueBrief) -> str:
    """Return the cash line inside a sentence."""
    if brief.cash:
        return f"cash effect to date {amounts(brief.cash)}, confirmed by the ledger"
    if not brief.of("cash"):
        return "no cash effect is claimed"
    return "no cash effect is confirmed" + (" by the ledger" if brief.has_ledger else ": no ledger is loaded")


def avoided_said(brief: ValueBrief) -> str:
    """Return the line of cost avoided inside a sentence."""
    return f"cost avoided {amounts(brief.avoided)}" if brief.avoided else ""


def amounts(by_currency: dict[str, Decimal]) -> str:
    """Return amounts of several currencies: €9,500 and $120."""
    return listed(money(amount, currency) for currency, amount in by_currency.items())


def big(brief: ValueBrief, line: Line) -> str:
    """Return a line's big number; "" where there is none."""
    if line == "capacity":
        return "" if brief.hours is None else hours(brief.hours)
    found = brief.cash if line == "cash" else brief.avoided
    return " + ".join(money(amount, currency) for currency, amount in found.items())


def under(brief: ValueBrief, line: Line) -> list[str]:
    """Return the lines under a big number: interval, grades, and what is claimed and in no sum."""
    said = []
    counted = brief.counted(line)
    if line == "capacity" and brief.hours is not None and brief.hours_half is not None:
        said.append(f"95% interval {plain(brief.hours - brief.hours_half)} to {hours(brief.hours + brief.hours_half)}")
    elif line == "capacity" and brief.hours is not None:
        said.append("no interval for all: some hours are self-reported")
    else:
        bounds = brief.bounds(line)
        said += [f"between {' and '.join(money(end, counted[0].currency) for end in bounds)}"] if bounds else []
    if counted:
        said.append(grades_said(counted, line))
    waiting = [claim for claim in brief.of(line) if claim.amount is None]
    if waiting and line == "capacity":
        said.append(f"not measurable for {listed(claim.system_name for claim in waiting)}")
    elif waiting:
        said.append(f"{claims(len(waiting))} more in no sum: proof is lacking")
    if not said:
        said.append({"cash": NO_CASH, "avoided": NO_AVOIDED}.get(line, ""))
    return said


def claims(n: int) -> str:
    """Return 1 claim, 2 claims."""
    return f"{count(n)} claim{'' if n == 1 else 's'}"


def grades_said(counted: Sequence[Claim], line: Line) -> str:
    """Return how a line's sum is made of grades: grade A 243 h, B 6,265 h, C 1,619 h."""
    parts = []
    for grade in sorted({claim.grade for claim in counted}):
        own = [claim for claim in counted if claim.grade == grade]
        if line == "capacity":
            parts.append(f"{grade} {hours(sum(float(claim.amount or 0) for claim in own))}")
        else:
            parts.append(f"{grade} {claims(len(own))}")
    return f"by grade: {', '.join(parts)}"


def no_hours(brief: ValueBrief) -> str:
    """Return why no hours can be said of any system."""
    why: dict[str, list[str]] = {}
    for claim in brief.of("capacity"):
        why.setdefault(claim.reason, []).append(claim.system_name)
    return " ".join(f"Not measurable for {listed(names)}: {reason(text)}." for text, names in why.items())


def never_added(brief: ValueBrief) -> str:
    """Return what stands under the three lines."""
    return f"{NEVER_ADDED} {SINCE_LAUNCH.format(through(brief))}"


def lacks(claim: Claim) -> str:
    """Return what a claim still lacks, as a list; nothing where it lacks nothing."""
    return listed(
        (TWICE.format(claim.reason) if code == "claimed_before" else LACKING[code] for code in claim.lacking), NOTHING
    )


def amount(claim: Claim) -> str:
    """Return what counts of a claim to date."""
    if claim.amount is None:
        return ""
    return hours(claim.amount) if claim.line == "capacity" else money(claim.amount, claim.currency)


def interval(claim: Claim) -> str:
    """Return a claim's interval."""
    if claim.lower is None and claim.upper is None:
        return "no interval" if claim.amount is not None else ""
    ends = ["open" if end is None else _in_unit(claim, end) for end in (claim.lower, claim.upper)]
    return f"{ends[0]} to {ends[1]}"


def _in_unit(claim: Claim, number: Amount) -> str:
    return plain(number) if claim.line == "capacity" else money(number, claim.currency)


def claimed(claim: Claim) -> str:
    """Return what is claimed where nothing of it counts."""
    if claim.claimed is None:
        return ""
    return f"claimed {money(claim.claimed, claim.currency)}" + (" a month" if claim.line == "cash" else "")


def period(claim: Claim) -> tuple[str, str]:
    """Return the months that a claim covers: Apr 2026, to Oct 2026."""
    if claim.start is None:
        return "–", ""
    if claim.line == "avoided":
        return day(claim.start), ""
    if claim.end is None:
        return f"from {month(claim.start)}", ""
    last = months_before(claim.end, 1)
    return month(claim.start), "" if last == claim.start else f"to {month(last)}"


def cash_a_month(case: Case, currency: str) -> str:
    """Return the cash effect of a month to come."""
    return money(case.next_cash, currency) if case.next_cash else "none"


def month(when: date) -> str:
    """Return Oct 2026."""
    return locales.month(when)


def owner(claim: Claim) -> tuple[str, str]:
    """Return who answers for a claim, and who signed it when."""
    name = claim.owner or "nobody is named"
    if claim.line == "capacity":
        return name, f"used for {claim.used_for}" if claim.used_for else ""
    if not claim.approved_by:
        return name, "not signed" if claim.line == "cash" else "not approved"
    verb = "signed" if claim.line == "cash" else "approved"
    on = f" on {day(claim.approved_on)}" if claim.approved_on else ""
    by = "" if claim.approved_by == name else f" by {claim.approved_by}"
    return name, f"{verb}{by}{on}"


def baseline(claim: Claim) -> tuple[str, str]:
    """Return what a claim is compared with, and since when that stands."""
    found = claim.baseline
    if claim.line == "avoided":
        return claim.plan or "no plan", "" if found is None else f"approved {day(found.signed_on or found.period_from)}"
    if found is None:
        return "no baseline", ""
    if claim.line == "cash":
        return f"{money(found.value, claim.currency)} over {found.n} months", claim.account
    n = f"{count(found.n)} cases" if found.n else "n not stated"
    when = f"signed {day(found.signed_on)}" if found.signed_on else "not signed"
    return f"{n} until {month(found.period_to - timedelta(days=1))}", when


def lever(claim: Claim) -> tuple[str, str]:
    """Return the assumption that moves a claim most, and what the claim is at its ends."""
    found = claim.lever
    if found is None:
        return "–", ""
    ends = sorted((found.at_low, found.at_high))
    unit = " h" if claim.line == "capacity" else ""
    moved = f"{_in_unit(claim, ends[0])} to {_in_unit(claim, ends[1])}{unit}"
    return f"{LEVERS[found.name]}", f"{lever_range(found, claim.currency)} ({BASES[found.basis]}): {moved}"


def lever_range(found: Lever, currency: str) -> str:
    """Return within what an assumption lies."""
    if found.name in {"minutes_before", "minutes_now"}:
        return f"{plain(found.low / 60, 2)} to {plain(found.high / 60, 2)} min"
    if found.name in {"volume", "share", "annual_rate"}:
        return f"{percents(found.low)} to {percents(found.high)}"
    return f"{money(found.low, currency)} to {money(found.high, currency)}"


def percents(share: Amount) -> str:
    """Return a share as people type it: 100%, 7.2%."""
    return f"{plain(float(share) * 100, 1).removesuffix('.0')}%"


def claimable(one: SystemValue) -> tuple[str, str]:
    """Return how many tasks a system's hours count, and of how many."""
    if not one.volume.completed:
        return "–", ""
    return count(one.volume.claimable), f"of {count(one.volume.completed)}"


def unclaimed(brief: ValueBrief) -> str:
    """Return what is said once under the claims: why nothing is claimed, and what is in no sum."""
    said = [f"{one.name}: {one.nothing_to_claim.rstrip('.')}." for one in brief.systems if one.nothing_to_claim]
    if not any(one.described for one in brief.systems):
        said.append(NOT_DESCRIBED)
    beyond = [f"{one.name} ({count(one.volume.beyond)})" for one in brief.systems if one.volume.beyond >= 1]
    if beyond:
        said.append(f"Tasks that no claim counts, because AI did them beyond the share of its stage: {listed(beyond)}.")
    unknown = [one for one in brief.systems if one.volume.unknown_months]
    if unknown:
        named = listed(f"{one.name} ({one.volume.unknown_months})" for one in unknown)
        said.append(f"Months in no sum, because too little of the baseline's work came in: {named}.")
    return " ".join(said)


def explain_line(line: Line, brief: ValueBrief) -> tuple[tuple[str, str], ...]:
    """Return how a line is calculated."""
    sources = {
        "cash": "the registry's cash_effects and query read/account_months",
        "avoided": "the registry's cost_avoided",
        "capacity": "query read/measures by month, the signed-off baselines and recorded stages",
    }
    facts = [("What it is", LINE_NOTES[line]), ("Grades", GRADE_NOTE)]
    if line == "capacity":
        facts.append(
            (
                "Interval",
                "Two-sided 95%: sampling error of both means; an error of the baseline is common to all months.",
            )
        )
    elif line == "cash":
        facts.append(("Interval", "Two-sided 95% on the mean month before (Student's t); never above what was signed."))
    facts += [
        ("Beside the others", NEVER_ADDED),
        ("Period", f"since launch, whole months through {through(brief)}; the chosen period does not limit it"),
        ("Where it comes from", sources[line]),
        *provenance(brief.header),
    ]
    return tuple(facts)


def explain_section(note: str, brief: ValueBrief, source: str) -> tuple[tuple[str, str], ...]:
    """Return how the figures of a section are calculated."""
    return (
        ("How", note),
        ("Period", f"whole months through {through(brief)}"),
        ("Where it comes from", source),
        *provenance(brief.header),
    )


def through(brief: ValueBrief) -> str:
    """Return the last whole month."""
    return month(brief.through - timedelta(days=1))


def payback(case: Case, months: Decimal | None, *, discounted: bool = False) -> tuple[str, str]:
    """Return a payback in months and its month, or that there is none within the horizon."""
    if discounted and case.annual_rate is None:
        return NO_RATE, ""
    if months is None:
        return NEVER, WITHIN.format(case.months)
    ends = ceil(months)  # the month within which it is reached
    when = months_before(case.start, -ends)
    state = REACHED if ends <= len(case.cash) else EXPECTED
    return f"{plain(months, 1)} months", f"{state} {month(when)}"


def present_value(case: Case, currency: str) -> tuple[str, str]:
    """Return a present value and its rate."""
    if case.npv is None or case.annual_rate is None:
        return "–", NO_RATE
    return money(case.npv, currency), f"at {percents(Decimal(str(case.annual_rate)))}, {case.months} months"


def break_even(found: Appraisal) -> tuple[str, str]:
    """Return a break-even volume beside today's, or why there is none."""
    if found.break_even is None:
        return "–", reason(found.break_even_reason) if found.break_even_reason else ""
    return count(found.break_even), f"now {count(found.tasks_a_month)}" if found.tasks_a_month else ""


def case_remarks(brief: ValueBrief) -> str:
    """Return which systems have no appraisal, and what the row of all systems holds beside them."""
    why: dict[str, list[str]] = {}
    for one in brief.systems:
        if one.appraisal.case is None:
            why.setdefault(one.appraisal.reason, []).append(one.name)
    said = [f"No appraisal for {listed(names)}: {text}." for text, names in why.items()]
    if brief.total.case is not None and not brief.header.scope.systems:
        said.append(f"{ALL} carry the bills that belong to no system too.")
    calls = [one.name for one in brief.systems if one.appraisal.inference_from_calls]
    if calls:
        said.append(f"Model calls at their own prices, because no invoice of them is loaded: {listed(calls)}.")
    return " ".join(said)


def doubling(one: SystemValue) -> tuple[Change, str]:
    """Return what a doubling of the tasks does to the unit cost; a change only where the interval leaves out none."""
    found = one.learning
    if found is None:
        return Change("–"), TOO_FEW if one.live_on else NOT_LIVE
    ends = f"{signed(found.lower * 100)}% to {signed(found.upper * 100)}%, {found.n} months"
    if found.lower <= 0 <= found.upper:
        return Change(NO_DOUBLING), ends
    return Change(f"{signed(found.change * 100)}%", "good" if found.change < 0 else "bad"), ends


def modules(one: SystemValue) -> tuple[str, str]:
    """Return how many of a system's modules were in production elsewhere when it went live, and which."""
    if not one.modules:
        return NO_MODULES, ""
    if one.live_on is None:
        return NOT_LIVE, ", ".join(one.modules)
    return f"{len(one.reused)} of {len(one.modules)}", ", ".join(one.reused)


def reuse_said(brief: ValueBrief) -> str:
    """Return how many modules work in several systems in production."""
    uses = brief.module_uses
    if not uses:
        return ""
    live = sum(one.live_on is not None for one in brief.systems)
    if live == 1:
        return ""
    several = sum(n > 1 for n in uses.values())
    return f"{count(live)} systems in production use {count(len(uses))} modules, {count(several)} of them in several."


def trial_rows(trial: Trial, currency: str) -> list[tuple[str, tuple[str, str], tuple[str, str]]]:
    """Return a system's lines as they stand and with a reader's assumptions: name, now, tried; each with its remark."""
    rows = []
    if trial.hours is not None and trial.hours_now is not None:
        rows.append((LINE_NAMES["capacity"], (hours(trial.hours_now), ""), (hours(trial.hours), "")))
    if trial.case is not None and trial.case_now is not None:
        now, then = _case_said(trial.case_now, currency), _case_said(trial.case, currency)
        rows += [(name, now[name], then[name]) for name in now]
    return rows


def _case_said(case: Case, currency: str) -> dict[str, tuple[str, str]]:
    return {
        "Cash effect a month to come": (money(case.next_cash, currency), ""),
        "Payback": payback(case, case.payback),
        "Discounted payback": payback(case, case.discounted_payback, discounted=True),
        "Present value": present_value(case, currency),
    }


def at_rate(trial: Trial, tried: Assumptions, one: SystemValue, currency: str) -> str:
    """Return what hours would cost at a rate, as information: it stands in no line."""
    rate = one.rate if tried.rate is None else tried.rate
    if trial.at_rate is None or rate is None or trial.hours is None:
        return ""
    return (
        f"Information, in no line: an hour of people's work is taken at {money(rate, currency)}; "
        f"{hours(trial.hours)} would stand in a rate card for {money_compact(trial.at_rate, currency)}. "
        "No money comes back until an account falls."
    )


def lever_ends(found: Lever, currency: str) -> tuple[tuple[str, str], tuple[str, str], str]:
    """Return a tornado's row: the claim at both ends with the assumption there, and how far it moves."""
    in_hours = found.name in {"minutes_before", "minutes_now", "share"}
    shown = [hours(end) if in_hours else money(end, currency) for end in (found.at_low, found.at_high)]
    low, high = lever_range(found, currency).split(" to ")
    low += " min" if high.endswith(" min") else ""
    swing = hours(found.swing) if in_hours else money(Decimal(repr(found.swing)), currency)
    return (shown[0], f"at {low}"), (shown[1], f"at {high}"), swing


def months_alt(claim: Claim) -> str:
    """Return a claim's months for those who cannot see them."""
    labels = [month(when) for when, _ in claim.series]
    numbers = [float(number) for _, number in claim.series]
    return trend("Hours returned a month", labels, [hours(number) for number in numbers], numbers)


def net_alt(found: Appraisal) -> str:
    """Return the net cash of an appraisal for those who cannot see its line."""
    numbers = [amount for _, amount in found.net]
    labels = [month(when) for when, _ in found.net]
    return trend("Net cash, cumulative", labels, [money(number, found.currency) for number in numbers], numbers)


def live(one: SystemValue) -> str:
    """Return since when a system carries load."""
    return day(one.live_on) if one.live_on else NOT_LIVE


def cash_moved(trial: Trial) -> str:
    """Return what the assumptions of the cash case move."""
    return NET_MOVED if trial.unpaid_rate else PRESENT_MOVED


def tried_note(tried: Assumptions) -> str:
    """Return whether anything is tried at all."""
    return YOURS if tried != Assumptions() else AS_IS
