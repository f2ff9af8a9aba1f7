"""What the value page hands to screens and files: three lines of claims that are never added up; nothing formatted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import accumulate, repeat
from typing import Literal

from readout.briefs.results import Finding, Header
from readout.finance import Case
from readout.finance.money import total_of
from readout.finance.savings import Baseline, Grade
from readout.periods import next_month
from readout.stats import Learning

Line = Literal["cash", "avoided", "capacity"]
Amount = Decimal | float  # money is Decimal, hours are float
LINES: tuple[Line, ...] = ("cash", "avoided", "capacity")


@dataclass(frozen=True)
class Lever:
    """One assumption: its value, within what it lies, and what the claim is at both ends.

    `basis`: interval (95 %, measured), stated (by its owner), tenth (± 10 %, because nothing says how sure it is).
    """

    name: str
    base: Amount
    low: Amount
    high: Amount
    at_low: Amount
    at_high: Amount
    basis: str

    @property
    def swing(self) -> float:
        """How far the claim moves from one end to the other."""
        return abs(float(self.at_high) - float(self.at_low))


@dataclass(frozen=True)
class Claim:
    """One claim. `amount`: what counts to date, None where nothing does; `claimed`: as its owner says, a month or once.

    `lacking` holds what it still needs, as codes; a claim of money that lacks anything is in no sum.
    """

    line: Line
    system_id: str
    system_name: str
    what: str
    amount: Amount | None
    claimed: Amount | None
    currency: str
    grade: Grade
    owner: str
    start: date | None = None
    end: date | None = None  # exclusive
    lower: Amount | None = None
    upper: Amount | None = None
    baseline: Baseline | None = None
    levers: tuple[Lever, ...] = ()
    lacking: tuple[str, ...] = ()
    reason: str = ""
    evidence_ref: str = ""
    used_for: str = ""  # capacity: what the hours are used for
    plan: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    account: str = ""
    series: tuple[tuple[date, Amount], ...] = ()  # by month, not cumulative

    @property
    def cumulative(self) -> tuple[tuple[date, float], ...]:
        """What had come in by the end of each month, for drawing."""
        sums = accumulate(float(amount) for _, amount in self.series)
        return tuple(zip((month for month, _ in self.series), sums, strict=True))

    @property
    def lever(self) -> Lever | None:
        """The assumption that moves it most."""
        return max(self.levers, key=lambda one: one.swing, default=None)


@dataclass(frozen=True)
class Volume:
    """Tasks since launch: completed, with a handling time, and those that a claim may count. Hours are not money."""

    completed: int = 0
    measured: int = 0
    claimable: float = 0.0
    beyond: float = 0.0  # beyond the share that the stage entitles to
    unknown_months: int = 0


@dataclass(frozen=True)
class Appraisal:
    """Cash against the investment. `case` None: `reason` says why there is none.

    `break_even`: tasks a month from which a task
    costs less than before, people's time at its rate included, which is no cash; None: `break_even_reason`.
    """

    case: Case | None = None
    reason: str = ""
    currency: str = ""
    break_even: int | None = None
    break_even_reason: str = ""
    tasks_a_month: float | None = None
    first_month: date | None = None  # of `case.cash`
    inference_from_calls: bool = False

    @property
    def gross(self) -> tuple[tuple[date, float], ...]:
        """Confirmed cash added up by month, for drawing."""
        if self.case is None or self.first_month is None:
            return ()
        return tuple(zip(_months(self.first_month), accumulate(map(float, self.case.cash)), strict=False))

    @property
    def net(self) -> tuple[tuple[date, float], ...]:
        """Cash net of investment and running cost, added up by month from that of the first investment, for drawing."""
        if self.case is None:
            return ()
        return tuple(zip(_months(self.case.start), map(float, self.case.cumulative), strict=False))


def _months(start: date) -> Iterator[date]:
    """Yield the first days of months without end."""
    return accumulate(repeat(None), lambda month, _: next_month(month), initial=start)


@dataclass(frozen=True)
class UnitCostPoint:
    """A month's unit cost, and how many tasks had been accepted by its end since the launch."""

    month: date
    accepted: int
    unit_cost: Decimal


@dataclass(frozen=True)
class SystemValue:
    """One system: when it was launched, its claims, its appraisal, and how its unit cost moved with its volume."""

    system_id: str
    name: str
    described: bool  # whether the registry has a value block
    live_on: date | None
    claims: tuple[Claim, ...]
    volume: Volume
    appraisal: Appraisal = Appraisal()
    nothing_to_claim: str = ""
    rate: Decimal | None = None  # people's cost per hour of people's work, since launch
    seconds: tuple[float, float] | None = None  # a task before and now, means over the claimable tasks
    unit_cost_metric: str = ""
    unit_costs: tuple[UnitCostPoint, ...] = ()
    learning: Learning | None = None
    modules: tuple[str, ...] = ()
    reused: tuple[str, ...] = ()  # modules that were in production elsewhere when it went live


@dataclass(frozen=True)
class StageMonth:
    """How many systems carried load at the end of a month, by stage."""

    month: date
    assisted: int
    partial: int
    full: int


@dataclass(frozen=True)
class ValueBrief:
    """The value page. Sums are of claims that lack nothing; there is no sum over the lines."""

    header: Header
    finding: Finding
    through: date  # end of the last whole month, exclusive
    systems: tuple[SystemValue, ...]
    has_ledger: bool
    total: Appraisal  # of all chosen systems together; the costs that belong to none are in it where all are chosen
    cash: dict[str, Decimal] = field(default_factory=dict)  # currency -> to date
    avoided: dict[str, Decimal] = field(default_factory=dict)
    hours: float | None = None
    hours_half: float | None = None  # of the 95 % interval
    stages: tuple[StageMonth, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims, in the order of the systems."""
        return tuple(claim for system in self.systems for claim in system.claims)

    def of(self, line: Line) -> tuple[Claim, ...]:
        """Return the claims of one line."""
        return tuple(claim for claim in self.claims if claim.line == line)

    def counted(self, line: Line) -> tuple[Claim, ...]:
        """Return the claims of one line that are in its sum."""
        return tuple(claim for claim in self.of(line) if claim.amount is not None)

    def bounds(self, line: Line) -> tuple[Decimal, Decimal] | None:
        """Return within what a sum of money lies: the ends of its claims added up, as if they erred together.

        None where a claim has none, or where there are several currencies.
        """
        found = self.counted(line)
        if len({claim.currency for claim in found}) != 1:
            return None
        if any(claim.lower is None or claim.upper is None for claim in found):
            return None
        return total_of(Decimal(one.lower or 0) for one in found), total_of(Decimal(one.upper or 0) for one in found)

    @property
    def triable(self) -> tuple[SystemValue, ...]:
        """The systems whose assumptions can be tried: those that have a case first, then those with most hours."""

        def rank(one: SystemValue) -> tuple[bool, float, str]:
            hours = sum(float(claim.amount or 0) for claim in one.claims if claim.line == "capacity")
            return (not any(claim.line == "cash" and not claim.lacking for claim in one.claims), -hours, one.name)

        able = (one for one in self.systems if one.appraisal.case is not None or one.seconds is not None)
        return tuple(sorted(able, key=rank))

    @property
    def by_launch(self) -> tuple[SystemValue, ...]:
        """The systems in the order in which they went live, then those that have not."""
        return tuple(sorted(self.systems, key=lambda one: (one.live_on or date.max, one.name)))

    @property
    def module_uses(self) -> dict[str, int]:
        """Module -> in how many systems in production it works."""
        found: dict[str, int] = {}
        for module in (module for one in self.systems if one.live_on for module in one.modules):
            found[module] = found.get(module, 0) + 1
        return found


@dataclass(frozen=True)
class Assumptions:
    """What a reader tries out; None: as it is. Nothing of it is kept.

    `seconds_before`: a task without AI; `share`: of the claimable tasks; `rate`: money an hour; `cash`, `running`: a
    month to come; `annual_rate` 0.08 = 8 %.
    """

    seconds_before: float | None = None
    share: float = 1.0
    rate: Decimal | None = None
    cash: Decimal | None = None
    running: Decimal | None = None
    annual_rate: Decimal | None = None


@dataclass(frozen=True)
class Trial:
    """A system's claims with a reader's assumptions beside those that stand, and what each assumption moves."""

    hours: float | None
    hours_now: float | None
    at_rate: Decimal | None  # what the hours cost at the rate: information, in no line
    case: Case | None
    case_now: Case | None
    hour_levers: tuple[Lever, ...] = ()
    cash_levers: tuple[Lever, ...] = ()
    unpaid_rate: bool = False  # no discount rate: the cash levers move the undiscounted net
