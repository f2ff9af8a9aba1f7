"""Cash against the investment, per system and for all; and a system's claims under a reader's own assumptions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import accumulate, repeat

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.costs import Costs
from readout.briefs.figures import unit_cost_baseline
from readout.briefs.measures import Measures
from readout.briefs.results_value import Appraisal, Assumptions, Claim, Lever, SystemValue, Trial
from readout.briefs.value_claims import TENTH, block_of
from readout.finance import Case, break_even_volume, months_between, recent_mean
from readout.finance.money import total_of
from readout.finance.statement import FIXED
from readout.periods import months_before, next_month

AMORTISED = "build"  # what was invested, spread over months: no cash, and already in the investment
INFERENCE = "inference"
SHARED = ""  # the system id of what belongs to no system
RECENT = 3  # months whose mean stands for a month to come
YEAR = 12  # of running costs, which may be billed once a year
NO_MARGIN = "a task costs no less than before"
Billed = Mapping[str, Mapping[str, Mapping[date, Decimal]]]  # system -> component -> month -> amount


def billed_of(frame: pd.DataFrame, currency: str) -> Billed:
    """Return what read/billed holds in one currency, without the amortised build."""
    found: dict[str, dict[str, dict[date, Decimal]]] = {}
    for row in frame.to_dict("records"):
        if row["currency"] == currency and row["component"] != AMORTISED:
            own = found.setdefault(row["system_id"], {}).setdefault(row["component"], {})
            own[row["month_start"]] = row["billed"]
    return found


def last_billed(billed: Billed) -> date | None:
    """Return the last month with any bill."""
    return max((month for own in billed.values() for months in own.values() for month in months), default=None)


def months_from(start: date, last: date) -> list[date]:
    """Return the first days of the months from one to another, both included."""
    return list(
        accumulate(repeat(None, months_between(start, last)), lambda month, _: next_month(month), initial=start)
    )


def running_costs(
    billed: Billed, measures: Measures, system: str, months: Sequence[date]
) -> tuple[list[Decimal], bool]:
    """Return a system's running cost per month, and whether its model calls are taken from their own prices.

    They are where no invoice of the system's calls was ever loaded.
    """
    own = billed.get(system, {})
    from_calls = INFERENCE not in own and system != SHARED
    costs = []
    for month in months:
        parts = [amounts.get(month, Decimal(0)) for amounts in own.values()]
        if from_calls:
            parts.append(Decimal(measures.cell("now", month, system).sums.get("cost", 0)))
        costs.append(total_of(parts))
    return costs, from_calls and any(measures.cell("now", month, system).sums.get("cost") for month in months)


def appraisal_of(
    book: Book,
    measures: Measures,
    costs: Costs,
    billed: Billed,
    system: str,
    claims: Iterable[Claim],
    last: date | None,
) -> Appraisal:
    """Return one system's cash against its investment up to the last month that is posted and billed."""
    block = block_of(book, system)
    volume = _break_even(book, measures, costs, system, last)
    if block is None or not block.investments:
        return replace(volume, reason="no investment is registered")
    foreign = {one.currency for one in block.investments if one.currency} - {book.currency}
    if foreign or not book.currency:
        return replace(volume, reason=f"invested in {' and '.join(sorted(foreign)) or 'no one currency'}")
    start = min(one.on for one in block.investments).replace(day=1)
    if last is None or last < start:
        return replace(volume, reason="no month since the investment is posted and billed yet")
    months = months_from(next_month(start), last)
    running, from_calls = running_costs(billed, measures, system, months)
    if not any(running):
        return replace(volume, reason="no charge and no cost of a call is recorded")
    counted = [one for one in claims if one.line == "cash" and not one.lacking and one.currency == book.currency]
    cash_a_month = [recent_mean([Decimal(amount) for _, amount in claim.series], RECENT) for claim in counted]
    gained: dict[date, list[Decimal]] = {}
    for month, amount in (pair for claim in counted for pair in claim.series):
        gained.setdefault(month, []).append(Decimal(amount))
    cash = tuple(total_of(gained.get(month, ())) for month in months)
    invested: dict[int, list[Decimal]] = {}
    for one in block.investments:
        invested.setdefault(months_between(start, one.on), []).append(one.amount)
    rate = book.portfolio.organisation.discount_rate
    case = Case(
        start, block.horizon_months, {month: total_of(amounts) for month, amounts in invested.items()}, cash,
        tuple(running), total_of(cash_a_month), recent_mean(running, YEAR), rate,
    )  # fmt: skip
    return replace(volume, case=case, first_month=next_month(start), inference_from_calls=from_calls)


def _break_even(book: Book, measures: Measures, costs: Costs, system: str, last: date | None) -> Appraisal:
    """Return from how many tasks a month on a task costs less than before, fully loaded: no cash case.

    What does not follow the month's volume is fixed: infrastructure, platform share, licences, amortised build. The
    rest is a task's own: model calls and people.
    """
    found = Appraisal(currency=book.currency)
    if last is None:
        return replace(found, break_even_reason="no whole month is recorded")
    recent = [costs.statement(bucket=months_before(last, back)).column(system) for back in range(RECENT)]
    known = [one for one in recent if one is not None]
    why = next((one.reason("fully_loaded") for one in known if one.at("fully_loaded") is None), "")
    accepted = sum(one.volume["accepted"] for one in known)
    before = unit_cost_baseline(measures, (system,))
    if why or not accepted:
        return replace(found, break_even_reason=why or "no task was accepted")
    if before is None:
        return replace(found, break_even_reason="no baseline of unit cost")
    fixed = total_of(one.amounts[line] for one in known for line in FIXED)
    own = total_of(one.known("fully_loaded") for one in known) - fixed
    volume = break_even_volume(max(fixed, Decimal(0)) / len(known), before, own / accepted)
    return replace(
        found,
        break_even=volume,
        break_even_reason="" if volume is not None else NO_MARGIN,
        tasks_a_month=accepted / len(known),
    )


def portfolio_appraisal(
    book: Book, systems: Sequence[SystemValue], billed: Billed, last: date | None, *, shared: bool
) -> Appraisal:
    """Return the cash of all systems that have a case, and what is charged for none of them where `shared`."""
    own = [one.appraisal.case for one in systems if one.appraisal.case is not None]
    if not own or last is None:
        return Appraisal(reason="no system has an investment and a running cost", currency=book.currency)
    start = min(case.start for case in own)
    months = months_from(next_month(start), last)
    cash, running = [Decimal(0)] * len(months), [Decimal(0)] * len(months)
    invested: dict[int, list[Decimal]] = {}
    for case in own:
        offset = months_between(start, case.start)
        for place, (gain, cost) in enumerate(zip(case.cash, case.running, strict=True)):
            cash[offset + place] += gain
            running[offset + place] += cost
        for month, amount in case.invested.items():
            invested.setdefault(month + offset, []).append(amount)
    if shared:
        for place, month in enumerate(months):
            running[place] += total_of(amounts.get(month, Decimal(0)) for amounts in billed.get(SHARED, {}).values())
    case = Case(
        start, max(one.horizon for one in own), {month: total_of(amounts) for month, amounts in invested.items()},
        tuple(cash), tuple(running), total_of(one.next_cash for one in own), recent_mean(running, YEAR),
        book.portfolio.organisation.discount_rate,
    )  # fmt: skip
    return Appraisal(case=case, currency=book.currency, first_month=next_month(start))


def value_trial(system: SystemValue, tried: Assumptions) -> Trial:
    """Return what a system's claims would be under a reader's assumptions; pure, and nothing is kept.

    Hours move as a whole: (seconds before − seconds now) × claimable tasks × share. Cash moves in the months to come.
    """
    claim = next((one for one in system.claims if one.line == "capacity"), None)
    hours_now = None if claim is None or claim.amount is None else float(claim.amount)
    hours = None
    if hours_now is not None and system.seconds is not None:
        before, now = system.seconds
        hours = _hours(system, before if tried.seconds_before is None else tried.seconds_before, now, tried.share)
    rate = system.rate if tried.rate is None else tried.rate
    case_now = system.appraisal.case
    case = case_now and _case(case_now, tried)
    return Trial(
        hours,
        hours_now,
        None if hours is None or rate is None else Decimal(repr(hours)) * rate,
        case,
        case_now,
        () if hours is None else tuple(sorted(_hour_levers(system, tried), key=lambda one: -one.swing)),
        () if case is None else tuple(sorted(_cash_levers(case), key=lambda one: -one.swing)),
        case is not None and case.annual_rate is None,
    )


def _hours(system: SystemValue, before: float, now: float, share: float) -> float:
    return (before - now) * system.volume.claimable * share / 3600


def _hour_levers(system: SystemValue, tried: Assumptions) -> Iterable[Lever]:
    before, now = system.seconds or (0.0, 0.0)
    before = before if tried.seconds_before is None else tried.seconds_before
    up, down = 1 + TENTH, 1 - TENTH
    for name, base, ends in (
        ("minutes_before", before, [_hours(system, before * f, now, tried.share) for f in (down, up)]),
        ("minutes_now", now, [_hours(system, before, now * f, tried.share) for f in (down, up)]),
    ):
        yield Lever(name, base, base * down, base * up, *ends, "tenth")
    shares = tried.share * down, min(tried.share * up, 1.0)  # no more than all of them can be claimed
    yield Lever("share", tried.share, *shares, *(_hours(system, before, now, one) for one in shares), "tenth")


def _case(case: Case, tried: Assumptions) -> Case:
    return replace(
        case,
        next_cash=case.next_cash if tried.cash is None else tried.cash,
        next_running=case.next_running if tried.running is None else tried.running,
        annual_rate=case.annual_rate if tried.annual_rate is None else tried.annual_rate,
    )


def _cash_levers(case: Case) -> Iterable[Lever]:
    up, down = Decimal(repr(1 + TENTH)), Decimal(repr(1 - TENTH))
    invested = [{month: amount * f for month, amount in case.invested.items()} for f in (down, up)]
    tries = [
        ("cash", case.next_cash, [replace(case, next_cash=case.next_cash * f) for f in (down, up)]),
        ("running", case.next_running, [replace(case, next_running=case.next_running * f) for f in (down, up)]),
        ("investment", case.investment, [replace(case, invested=one) for one in invested]),
    ]
    if case.annual_rate is not None:
        rate = Decimal(str(case.annual_rate))
        tries.append(("annual_rate", rate, [replace(case, annual_rate=rate * f) for f in (down, up)]))
    for name, base, ends in tries:
        yield Lever(name, base, base * down, base * up, *(outcome(one) for one in ends), "tenth")


def outcome(case: Case) -> Decimal:
    """Return what a case comes out at: its present value, undiscounted where no rate is set."""
    return total_of(case.flows) if case.npv is None else case.npv
