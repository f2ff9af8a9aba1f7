"""The value page: three lines of claims that are never added up, the cash case, and how units got cheaper with volume.

Everything is since launch, in whole calendar months, as the ledger has them; the chosen period does not limit it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt

from readout.briefs.book import Book
from readout.briefs.capacity import Capacity
from readout.briefs.costs import Costs, load_costs
from readout.briefs.measures import Measures, Wanted, load_measures
from readout.briefs.results import Finding, Scope
from readout.briefs.results_value import (
    Claim,
    Line,
    StageMonth,
    SystemValue,
    UnitCostPoint,
    ValueBrief,
    Volume,
)
from readout.briefs.value_case import (
    SHARED,
    Billed,
    appraisal_of,
    billed_of,
    last_billed,
    months_from,
    portfolio_appraisal,
)
from readout.briefs.value_claims import (
    Ledger,
    Work,
    accounts_of,
    avoided_claims,
    block_of,
    capacity_claim,
    cash_claims,
    ledger_of,
)
from readout.finance.money import total_of
from readout.periods import Window, next_month
from readout.stats import learning
from readout.words import value_claims as said

IDLE = frozenset({"shadow", "retired"})  # stages in which a system carries no load
FULL = "full"  # entitled to all work
LADDER = ("assisted", "partial", "full")
LEVELS = {  # of unit cost, the highest first, and the metric that it is
    "fully_loaded": "fully_loaded_cost_per_accepted_task",
    "with_people": "with_people_cost_per_accepted_task",
    "inference": "cost_per_accepted_task",
}
StageStep = tuple[date, str, float | None]  # local day, stage, entitled share (None where none is recorded)
HOUR_US = 3_600_000_000


def value_brief(book: Book, scope: Scope) -> ValueBrief:
    """Return the claims of the chosen systems since their launch, through the last whole month."""
    header, chosen = book.header(scope), book.chosen_systems(scope)
    through = book.calendar.bucket(book.calendar.day_of(book.as_of), "month")
    first = through if book.first_day is None else book.calendar.bucket(book.first_day, "month")
    with book.warehouse.snapshot() as snapshot:
        measures = load_measures(
            snapshot, book, chosen, Window(first, through), None, grain="month",
            wanted=Wanted(verdicts=False, percentiles=False),
        )  # fmt: skip
        costs = load_costs(snapshot, book, Window(first, through), None, grain="month")
        bills = snapshot.query("read/billed", systems=[*chosen, SHARED])
        postings = snapshot.query("read/account_months", accounts=accounts_of(book, book.systems))
    ledger, billed = ledger_of(postings, through), billed_of(bills, book.currency)
    last = _last_month(book, through, ledger, billed)
    history = _histories(book)
    launches = {system: _live_on(book, system, stages) for system, stages in history.items()}
    cash = cash_claims(book, book.systems, ledger)  # of every system: another one may claim the same fall
    systems = []
    for system in chosen:
        work = _work(book, measures, system, history[system], launches[system], through)
        found = _system(book, measures, costs, system, [one for one in cash if one.system_id == system], work)
        case = appraisal_of(book, measures, costs, billed, system, found.claims, last)
        systems.append(replace(found, appraisal=case))
    whole = not scope.systems
    brief = ValueBrief(
        header=header,
        finding=Finding(""),
        through=through,
        systems=tuple(replace(one, reused=_reused(book, one, launches)) for one in systems),
        has_ledger=bool(ledger.closed),
        total=portfolio_appraisal(book, systems, billed, last, shared=whole),
        cash=_by_currency(systems, "cash"),
        avoided=_by_currency(systems, "avoided"),
        stages=_stage_months([history[system] for system in chosen], first, through),
    )
    brief = replace(brief, **_hours(systems))
    return replace(brief, finding=said.finding(brief))


def _last_month(book: Book, through: date, ledger: Ledger, billed: Billed) -> date | None:
    """Return the last month that is whole, posted and billed: a month without its invoices would look cheap."""
    ends = [through - timedelta(days=1), ledger.last, last_billed(billed)]
    return book.calendar.bucket(min(day for day in ends if day is not None), "month")


def _system(
    book: Book, measures: Measures, costs: Costs, system: str, cash: Sequence[Claim], work: Work
) -> SystemValue:
    block = block_of(book, system)
    hours, found = capacity_claim(book, system, work)
    level, points = _unit_costs(measures, costs, system, work)
    known = book.portfolio.systems.get(system)
    return SystemValue(
        system_id=system,
        name=book.name_of(system),
        described=block is not None,
        live_on=work.live_on,
        claims=(*cash, *avoided_claims(book, system), hours),
        volume=_volume(measures, system, work, found),
        nothing_to_claim=block.nothing_to_claim if block else "",
        rate=_rate(measures, system, work),
        seconds=None if found.hours is None else (found.before, found.now),
        unit_cost_metric=LEVELS[level],
        unit_costs=points,
        learning=learning([one.accepted for one in points], [float(one.unit_cost) for one in points]),
        modules=known.modules if known else (),
    )


def _histories(book: Book) -> dict[str, list[StageStep]]:
    """Return every system's stages up to as-of."""
    found: dict[str, list[StageStep]] = {system: [] for system in book.systems}
    for row in book.stages[book.stages["effective_at"] <= book.as_of].to_dict("records"):
        step = (book.calendar.day_of(row["effective_at"]), row["stage"], _number(row["load_share"]))
        found.setdefault(row["system_id"], []).append(step)
    return found


def _number(value: object) -> float | None:
    number = None if value is None else float(str(value))
    return None if number is None or number != number else number  # noqa: PLR0124 - NaN


def _live_on(book: Book, system: str, stages: Iterable[StageStep]) -> date | None:
    block = block_of(book, system)
    if block is not None and block.live_on is not None:
        return block.live_on
    return next((day for day, stage, _ in stages if stage not in IDLE), None)


def _work(
    book: Book, measures: Measures, system: str, stages: Sequence[StageStep], live_on: date | None, through: date
) -> Work:
    """Return the whole months since the launch in which the system carried load, and what is beyond its stage."""
    months, beyond = {}, {}
    if live_on is None:
        return Work(None, {}, {})
    begin = live_on if book.first_day is None else max(live_on, book.first_day)
    start = begin if begin.day == 1 else next_month(begin.replace(day=1))
    for month in measures.buckets(system):
        if not start <= month < through:
            continue
        within = [(stage, share) for day, stage, share in _in_force(stages, month) if day < next_month(month)]
        if any(stage in IDLE for stage, _ in within):
            continue
        cell = measures.cell("now", month, system)
        months[month] = cell.handling
        allowed = _allowed(within)
        done, by_ai = int(cell.sums.get("completed", 0)), int(cell.sums.get("completed_ai", 0))
        if allowed is not None and done and by_ai > allowed * done:
            beyond[month] = by_ai / done - allowed
    return Work(live_on, months, beyond)


def _in_force(stages: Sequence[StageStep], month: date) -> Iterable[StageStep]:
    """Return the stages from the one in force when a month begins."""
    begun = [place for place, (day, _, _) in enumerate(stages) if day <= month]
    return stages[begun[-1] if begun else 0 :]


def _allowed(within: Sequence[tuple[str, float | None]]) -> float | None:
    """Return the largest share that a month's stages entitle to, None where nothing limits it."""
    if not within or any(stage == FULL or share is None for stage, share in within):
        return None
    return max(share for _, share in within if share is not None)


def _volume(measures: Measures, system: str, work: Work, found: Capacity) -> Volume:
    completed = sum(int(measures.cell("now", month, system).sums.get("completed", 0)) for month in work.months)
    return Volume(completed, found.tasks, found.claimable, found.beyond, len(found.unknown))


def _rate(measures: Measures, system: str, work: Work) -> Decimal | None:
    """Return what an hour of people's work cost since launch; None unless all of it has a rate, in one currency."""
    cost, micros = Decimal(0), 0
    for month in work.months:
        cell = measures.cell("now", month, system)
        if cell.sums.get("people_n", 0) != cell.sums.get("people_priced", 0) or len(cell.people_currencies) > 1:
            return None
        cost += Decimal(cell.sums.get("people_cost", 0))
        micros += int(cell.sums.get("human_us", 0))
    return cost * HOUR_US / micros if cost and micros else None


def _unit_costs(measures: Measures, costs: Costs, system: str, work: Work) -> tuple[str, tuple[UnitCostPoint, ...]]:
    """Return the highest level of unit cost that is known in any month, and the months in which it is."""
    months = sorted(work.months)
    columns = {month: column for month in months if (column := costs.statement(bucket=month).column(system))}
    level = next((one for one in LEVELS if any(column.unit(one) for column in columns.values())), "inference")
    points, accepted = [], 0
    for month in months:
        accepted += int(measures.cell("now", month, system).sums.get("accepted", 0))
        cost = columns[month].unit(level) if month in columns else None
        if cost is not None and accepted and cost > 0:
            points.append(UnitCostPoint(month, accepted, cost))
    return level, tuple(points)


def _by_currency(systems: Iterable[SystemValue], line: Line) -> dict[str, Decimal]:
    found: dict[str, list[Decimal]] = {}
    for claim in (one for system in systems for one in system.claims):
        if claim.line == line and not claim.lacking and claim.amount is not None:
            found.setdefault(claim.currency, []).append(Decimal(claim.amount))
    return {currency: total_of(amounts) for currency, amounts in sorted(found.items())}


def _hours(systems: Iterable[SystemValue]) -> dict[str, float | None]:
    """Return the hours of all systems and half of their interval: errors of different systems are independent."""
    own = [one for system in systems for one in system.claims if one.line == "capacity" and one.amount is not None]
    if not own:
        return {"hours": None, "hours_half": None}
    halves = [None if one.upper is None else float(one.upper) - float(one.amount or 0) for one in own]
    half = None if any(one is None for one in halves) else sqrt(sum((one or 0.0) ** 2 for one in halves))
    return {"hours": sum(float(one.amount or 0) for one in own), "hours_half": half}


def _reused(book: Book, one: SystemValue, launches: Mapping[str, date | None]) -> tuple[str, ...]:
    """Return those of a system's modules that were in production in any other system when it went live."""
    if one.live_on is None:
        return ()
    earlier = set()
    for other, known in book.portfolio.systems.items():
        live_on = launches.get(other)
        if live_on is not None and (live_on, other) < (one.live_on, one.system_id):
            earlier.update(known.modules)
    return tuple(module for module in one.modules if module in earlier)


def _stage_months(history: Sequence[Sequence[StageStep]], first: date, through: date) -> tuple[StageMonth, ...]:
    """Return how many systems carried load at the end of each month, by stage."""
    if first >= through:
        return ()
    result = []
    for month in months_from(first, through - timedelta(days=1)):
        last = [[stage for day, stage, _ in stages if day < next_month(month)][-1:] for stages in history]
        counts = [sum(found == [stage] for found in last) for stage in LADDER]
        result.append(StageMonth(month, *counts))
    return tuple(result)
