"""Claims of value in three lines that are never added together: cash, cost avoided, capacity hours returned. Pure.

Each has a baseline, an evidence grade, an interval, an owner and the assumption that moves it most. There is no total
over the lines, by design: time saved is hours until a line of the budget moves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from readout.finance.money import Number, decimal_of, exact, not_negative, total_of

Grade = Literal["A", "B", "C"]  # measured against a control; measured before and after; self-reported
Counterfactual = Literal["randomised", "staggered", "matched", "before_after", "self_report"]  # best first
CONTROLLED = ("randomised", "staggered", "matched")


def evidence_grade(counterfactual: Counterfactual, baseline_on: date | None, live_on: date | None) -> Grade:
    """Return how good the evidence is: A against a control, B before and after, C self-reported.

    What was measured is B or better only against a baseline that was signed before the system went live.

    Raises:
        ValueError: the counterfactual is unknown.
    """
    if counterfactual == "self_report":
        return "C"
    if counterfactual not in (*CONTROLLED, "before_after"):
        message = f"unknown counterfactual {counterfactual!r}"
        raise ValueError(message)
    if baseline_on is None or live_on is None or baseline_on >= live_on:
        return "C"
    return "A" if counterfactual in CONTROLLED else "B"


def claimable(baseline_demand: Number, tasks_after: Number) -> Decimal:
    """Return how many tasks a claim may count: work that nobody did before is not a saving.

    Raises:
        ValueError: a number is negative or not finite.
    """
    demand = not_negative(baseline_demand, "the baseline's demand")
    return decimal_of(min(demand, not_negative(tasks_after, "the tasks after")))


def capacity_hours(
    minutes_before: Number, minutes_after: Number, baseline_demand: Number, tasks_after: Number
) -> Decimal:
    """Return the hours of people that came back: (minutes a task before − after) × claimable tasks / 60.

    Minutes after include review and rework. Negative where people now work longer.

    >>> capacity_hours(12, 7, 500, 800)
    Decimal('41.66666666666666666666666667')

    Raises:
        ValueError: a number is negative or not finite.
    """
    before = not_negative(minutes_before, "the minutes before")
    after = not_negative(minutes_after, "the minutes after")
    return decimal_of((before - after) * exact(claimable(baseline_demand, tasks_after), "the claimable tasks") / 60)


@dataclass(frozen=True)
class Baseline:
    """The signed-off picture from before."""

    value: Decimal
    unit: str
    n: int
    period_from: date
    period_to: date  # exclusive
    method: str
    signed_by: str
    signed_on: date | None = None  # None = no day is recorded

    @property
    def stands_since(self) -> date | None:
        """Return from which day on the picture could not be changed: signed, and all of it measured."""
        return None if self.signed_on is None else max(self.signed_on, self.period_to - timedelta(days=1))


@dataclass(frozen=True)
class Evidence:
    """What stands behind a claim. The interval is of the claim's own unit; an end that is not known is None."""

    counterfactual: Counterfactual
    owner: str
    baseline: Baseline | None = None
    live_on: date | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    assumption: str = ""  # the one that moves the claim most

    @property
    def grade(self) -> Grade:
        """A, B or C: see `evidence_grade`."""
        return evidence_grade(self.counterfactual, self.baseline.stands_since if self.baseline else None, self.live_on)


@dataclass(frozen=True)
class CashEffect:
    """Money that is no longer spent: a named line of the ledger fell, in a stated month, and its owner signed."""

    amount: Decimal
    currency: str
    evidence: Evidence
    account: str = ""
    month: date | None = None  # its first day
    signed_by: str = ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """What it needs to be cash; empty where it is."""
        return tuple(name for name in ("account", "month", "signed_by") if not getattr(self, name))


@dataclass(frozen=True)
class CostAvoided:
    """Money that an approved plan would have spent, and that plan was cancelled. Never in a total of cash."""

    amount: Decimal
    currency: str
    evidence: Evidence
    plan: str = ""  # requisition or quote
    approved_on: date | None = None
    cancelled_on: date | None = None

    @property
    def lacking(self) -> tuple[str, ...]:
        """What it needs to be cost avoided; empty where it is."""
        return tuple(name for name in ("plan", "approved_on", "cancelled_on") if not getattr(self, name))


@dataclass(frozen=True)
class CapacityReturned:
    """Hours of people that came back, and what they are used for. Their value at the rate card is information only."""

    hours: Decimal
    evidence: Evidence
    redeployed_to: str = ""
    value: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class Savings:
    """The three lines of claims. A claim that lacks what its line asks for is in `unproven`, and in no sum."""

    cash: tuple[CashEffect, ...] = ()
    avoided: tuple[CostAvoided, ...] = ()
    capacity: tuple[CapacityReturned, ...] = ()

    @property
    def unproven(self) -> tuple[CashEffect | CostAvoided, ...]:
        """Claims of money that lack a proof: each says which."""
        return tuple(claim for claim in (*self.cash, *self.avoided) if claim.lacking)

    @property
    def cash_by_currency(self) -> dict[str, Decimal]:
        """Currency -> cash effect, of the claims that are proven."""
        return _by_currency(self.cash)

    @property
    def avoided_by_currency(self) -> dict[str, Decimal]:
        """Currency -> cost avoided, of the claims that are proven."""
        return _by_currency(self.avoided)

    @property
    def capacity_hours(self) -> Decimal:
        """Hours returned."""
        return total_of(one.hours for one in self.capacity)


def _by_currency(claims: Iterable[CashEffect | CostAvoided]) -> dict[str, Decimal]:
    found: dict[str, list[Decimal]] = {}
    for claim in (one for one in claims if not one.lacking):
        found.setdefault(claim.currency, []).append(claim.amount)
    return {currency: total_of(amounts) for currency, amounts in sorted(found.items())}
