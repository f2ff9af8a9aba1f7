"""Charges, accrued by day and allocated by fiscal month: what each system bears of them in any range of days. Pure.

A charge for one system is that system's. A shared one goes to the systems by the rule of its allocation key, with the
drivers of the fiscal month in which it accrues; capacity that was paid for and not used is idle; what no rule or driver
allocates is unallocated. Everything is counted from the first day of the month on and differences are taken, so that
the days of a range add up to the range on every line, to the twelfth decimal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from readout.finance.accrual import FINEST, successor, through
from readout.finance.allocation import UNALLOCATED, allocate
from readout.finance.money import EXACT
from readout.periods import Calendar, Window

# Cost line -> the level at which it enters, in the order in which a statement shows them.
LINES = {
    "inference": "inference",
    "infrastructure": "direct", "commitment": "direct",
    "handling": "with_people", "review": "with_people", "escalation": "with_people", "rework": "with_people",
    "platform": "fully_loaded", "licence": "fully_loaded", "build": "fully_loaded", "other": "fully_loaded",
    "credit": "net",
}  # fmt: skip
BESIDE = ("evaluation", "tax", "pass_through")  # shown beside, in no level
PEOPLE = ("handling", "review", "escalation", "rework")
CHARGED = tuple(line for line in LINES if line not in {"inference", *PEOPLE})  # lines that charges alone feed
DRIVERS = ("tasks", "completed", "accepted", "calls", "tokens")
EVEN = "even"
IDLE = "idle"  # the allocation key of capacity that was paid for and not used
DEFAULT = "default"  # the rule of shared charges without an allocation key
SPELT = {"license": "licence", "licenses": "licence", "licences": "licence"}
MONTH_DAYS = 27  # a charge for at least so many days comes again as a whole
EXPECTED_DAYS = 62  # how long a recurring charge is expected that has not been invoiced again
LAG_DAYS = 7  # how far charges may end before a range does: a provider's own delay

Place = tuple[str, str]  # what bears a cost: (system, task type); ("", IDLE) and ("", UNALLOCATED) bear the rest
Rule = str | Mapping[str, Decimal]  # a driver's name, "even", or the fixed shares of systems
AT_IDLE: Place = ("", IDLE)
AT_NOBODY: Place = ("", UNALLOCATED)


def line_of(component: str, category: str) -> str:
    """Return the cost line of a charge, from what the charge is (a credit, a tax) before what it is for."""
    kind, name = category.strip().lower(), component.strip().lower()
    if kind in {"credit", "tax"}:
        return kind
    name = SPELT.get(name, name)
    return name if name in {"inference", "tax", "pass_through", "credit", *CHARGED} else "other"


@dataclass(frozen=True)
class Charge:
    """A charge for some days, in the reporting currency. `reason` says why (a part of) its amount is not known."""

    line: str
    start: date
    end: date  # excluded
    amount: Decimal
    system_id: str = ""  # "" = shared
    allocation_key: str = ""
    reason: str = ""
    source: str = ""
    series: tuple[str, ...] = ()  # what tells a recurring charge from others of its source
    recurring: bool = True  # False: a correction, a credit: nothing to expect again
    expected: bool = False  # not invoiced yet

    def through(self, until: date) -> Decimal:
        """Return what has accrued before a day."""
        return through(self.amount, self.start, self.end, until)


def expected_charges(charges: Iterable[Charge], as_of: date) -> Iterator[Charge]:
    """Yield the recurring charges that are due by a day and not invoiced yet, marked as expected.

    A charge recurs where the same one was made for the period before; it goes on until its source has invoiced a later
    period without it, and for 62 days at most. It is expected at its last amount, for as many calendar months or days.
    """
    series: dict[tuple[str, ...], dict[tuple[date, date], list[Charge]]] = {}
    through_of: dict[str, date] = {}
    for charge in charges:
        through_of[charge.source] = max(through_of.get(charge.source, charge.end), charge.end)
        if charge.recurring and (charge.end - charge.start).days >= MONTH_DAYS:
            name = (charge.source, charge.system_id, charge.line, charge.allocation_key, *charge.series)
            series.setdefault(name, {}).setdefault((charge.start, charge.end), []).append(charge)
    for name, periods in sorted(series.items()):
        last = max(periods, key=lambda period: (period[1], period[0]))
        before = any(end == last[0] for _, end in periods)
        one = periods[last][0]
        amount = sum((charge.amount for charge in periods[last]), Decimal(0))
        if before and amount and last[1] == through_of[name[0]] and not any(c.reason for c in periods[last]):
            yield from _repeats(replace(one, amount=amount), as_of)


def _repeats(last: Charge, as_of: date) -> Iterator[Charge]:
    stop = last.end + timedelta(days=EXPECTED_DAYS)
    start, end = last.start, last.end
    while end <= as_of and end < stop:
        start, end = successor(start, end)
        whole = replace(last, start=start, end=end, expected=True)
        yield whole if end <= stop else replace(whole, end=stop, amount=whole.through(stop))


@dataclass(frozen=True)
class Borne:
    """What systems bear of the charges in a range of days."""

    amounts: Mapping[tuple[Place, str], Decimal]  # (place, line) -> amount
    expected: Mapping[tuple[Place, str], Decimal]  # of that, not invoiced yet
    unknown: Mapping[tuple[str, str], str]  # (system, line) -> why it is not fully known; system "" = every system's
    note: str = ""


@dataclass(frozen=True)
class ChargeBook:
    """All charges of a warehouse, with the drivers by which shared ones are allocated."""

    charges: Sequence[Charge]
    drivers: Mapping[date, Mapping[Place, Mapping[str, int]]]  # fiscal month -> (system, task type) -> driver -> number
    calendar: Calendar
    rules: Mapping[str, Rule] = field(default_factory=dict)  # allocation key -> rule
    _cumulated: dict[tuple[date, date, bool], dict[tuple[Place, str, bool], Decimal]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def span(self) -> tuple[date, date] | None:
        """The days for which there is any charge, the last excluded; None without charges."""
        if not self.charges:
            return None
        return min(charge.start for charge in self.charges), max(charge.end for charge in self.charges)

    @cached_property
    def _by_month(self) -> dict[date, list[Charge]]:
        found: dict[date, list[Charge]] = {}
        for charge in self.charges:
            last = max(charge.end, charge.start + timedelta(days=1))
            for month in self.calendar.buckets(Window(charge.start, last), "fiscal_month"):
                found.setdefault(month, []).append(charge)
        return found

    def borne(self, window: Window, *, by_task_type: bool = False, since: date | None = None) -> Borne:
        """Return what is borne in a range of local days.

        With `by_task_type`, what a system bears goes on to its task types, by the tasks that came in during the fiscal
        month; where none did, it stays with the system (task type "").
        No charge is missed before `since`, the first day with any data; what is billed for it is borne all the same.
        """
        amounts: dict[tuple[Place, str], Decimal] = {}
        expected: dict[tuple[Place, str], Decimal] = {}
        unknown: dict[tuple[str, str], str] = {}
        for month in self.calendar.buckets(window, "fiscal_month"):
            low = max(window.start, month)
            high = min(window.end, self.calendar.bucket_end(month, "fiscal_month"))
            late, early = (self._cumulative(month, day, by_task_type=by_task_type) for day in (high, low))
            for key in {**late, **early}:
                place, line, estimated = key
                grown = EXACT.subtract(late.get(key, Decimal(0)), early.get(key, Decimal(0)))
                for sums in (amounts, expected) if estimated else (amounts,):
                    sums[place, line] = EXACT.add(sums.get((place, line), Decimal(0)), grown)
            for charge in self._by_month.get(month, ()):
                if charge.reason and charge.start < high and max(charge.end, charge.start + timedelta(days=1)) > low:
                    unknown.setdefault((charge.system_id, charge.line), charge.reason)
        gap, note = self._gap(Window(min(max(window.start, since or window.start), window.end), window.end))
        if gap:
            unknown |= {("", line): gap for line in CHARGED}
        return Borne(amounts, expected, unknown, note)

    def _gap(self, window: Window) -> tuple[str, str]:
        """Return why charges are not known for all of a range, or the note that its last days have none yet."""
        if self.span is None:
            return "no charges are recorded", ""
        first, last = self.span
        said = f"charges are recorded for {first} to {last - timedelta(days=1)}"
        if window.start < first or (window.end - last).days > LAG_DAYS:
            return said, ""
        return "", said if window.end > last else ""

    def _cumulative(self, month: date, until: date, *, by_task_type: bool) -> dict[tuple[Place, str, bool], Decimal]:
        """Return what is borne from a fiscal month's first day until a day (excluded)."""
        key = (month, until, by_task_type)
        if key not in self._cumulated:
            self._cumulated[key] = dict(self._allocated(month, until, by_task_type=by_task_type))
        return self._cumulated[key]

    def _allocated(
        self, month: date, until: date, *, by_task_type: bool
    ) -> Iterator[tuple[tuple[Place, str, bool], Decimal]]:
        pools: dict[tuple[str, str, str, bool], Decimal] = {}
        for charge in self._by_month.get(month, ()):
            grown = EXACT.subtract(charge.through(until), charge.through(month))
            pool = (charge.system_id, charge.allocation_key, charge.line, charge.expected)
            pools[pool] = EXACT.add(pools.get(pool, Decimal(0)), grown)
        found: dict[tuple[Place, str, bool], Decimal] = {}
        for (system, allocation_key, line, estimated), amount in pools.items():
            for place, part in self._shares(month, system, allocation_key, amount).items():
                at = (place, line, estimated)
                found[at] = EXACT.add(found.get(at, Decimal(0)), part)
        if not by_task_type:
            yield from found.items()
            return
        split: dict[tuple[Place, str, bool], Decimal] = {}
        for ((system, rest), line, estimated), amount in found.items():
            whole = (system, rest)
            parts = _divided(amount, self._tasks_by_type(month, system), whole) if system else {whole: amount}
            for place, part in parts.items():
                at = (place, line, estimated)
                split[at] = EXACT.add(split.get(at, Decimal(0)), part)
        yield from split.items()

    def _shares(self, month: date, system: str, allocation_key: str, amount: Decimal) -> dict[Place, Decimal]:
        """Return who bears an amount of a charge in a fiscal month."""
        if allocation_key == IDLE:
            return {AT_IDLE: amount}
        if system:
            return {(system, ""): amount}
        weights = self.weights(month, allocation_key)
        return _divided(amount, {(one, ""): weight for one, weight in weights.items()}, AT_NOBODY)

    def weights(self, month: date, allocation_key: str) -> dict[str, Decimal]:
        """Return by what shares an allocation key divides in a fiscal month: system -> weight; empty: by none."""
        name = allocation_key or DEFAULT
        rule = self.rules.get(name, name)
        if not isinstance(rule, str):
            return dict(rule)
        by_system: dict[str, int] = {}
        for (system, _), numbers in self.drivers.get(month, {}).items():
            counted = sum(numbers.values()) if rule == EVEN else numbers.get(rule, 0)
            by_system[system] = by_system.get(system, 0) + counted
        if rule == EVEN:
            return {system: Decimal(1) for system, counted in by_system.items() if counted}
        return {system: Decimal(counted) for system, counted in by_system.items() if counted}

    def _tasks_by_type(self, month: date, system: str) -> dict[Place, int]:
        return {
            place: numbers.get("tasks", 0)
            for place, numbers in self.drivers.get(month, {}).items()
            if place[0] == system
        }


def _divided(amount: Decimal, weights: Mapping[Place, Decimal | int], nobody: Place) -> dict[Place, Decimal]:
    """Share an amount out to places; `nobody` bears what no weight divides."""
    shares: dict[Place, Decimal] = {}
    for place, part in allocate(amount, weights, FINEST).items():
        if part:
            shares[nobody if isinstance(place, str) else place] = part
    return shares
