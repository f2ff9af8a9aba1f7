"""Does the ledger confirm a cash effect? A named account, its months before and since, and what was signed. Pure.

An account confirms where its months before cost what was signed (up to twelve of them, three at least) and its months
since cost no more than was signed, each within 5 % of the signed fall. A month in which the ledger has postings and
this account has none is a month of 0.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from readout.finance.money import QUOTIENT, total_of

Status = Literal["confirms", "does_not_confirm", "no_ledger", "no_account", "no_month", "too_short", "not_yet"]
MOST_BEFORE = 12
FEWEST_BEFORE = 3
TOLERANCE = Decimal("0.05")  # of the signed fall


@dataclass(frozen=True)
class Confirmation:
    """What the ledger says. Means are of a month; `months` are those since, each with the cash that it counts for.

    A month counts for what the account fell by, and never for more than was signed. `spread` is the standard deviation
    of the months before.
    """

    status: Status
    before: Decimal | None = None
    since: Decimal | None = None
    n_before: int = 0
    months: tuple[tuple[date, Decimal], ...] = ()
    spread: Decimal | None = None
    signed: Decimal = Decimal(0)  # by how much a month fell, as signed

    @property
    def confirmed(self) -> bool:
        """Whether the claim is cash."""
        return self.status == "confirms"

    @property
    def to_date(self) -> Decimal:
        """What the months since add up to."""
        return total_of(amount for _, amount in self.months)

    def within(self, half: Decimal) -> tuple[Decimal, Decimal]:
        """Return within what the cash to date lies, where the mean month before is known to ± `half`.

        Never above what was signed.
        """
        low = total_of(amount - half for _, amount in self.months)
        return low, total_of(max(amount, min(amount + half, self.signed)) for _, amount in self.months)

    @property
    def fell(self) -> Decimal | None:
        """By how much a month fell."""
        return None if self.before is None or self.since is None else self.before - self.since


def confirm(
    monthly_before: Decimal,
    monthly_now: Decimal,
    month: date | None,
    balances: Mapping[date, Decimal],
    closed: Collection[date],
) -> Confirmation:
    """Return whether an account fell from `monthly_before` to `monthly_now` in `month` as signed.

    `balances` are the account's, by the first day of the month; `closed` the complete months in which the ledger has
    any posting.
    """
    if not closed:
        return Confirmation("no_ledger")
    if not balances:
        return Confirmation("no_account")
    if month is None:
        return Confirmation("no_month")
    earlier = [balances.get(one, Decimal(0)) for one in sorted(closed) if one < month][-MOST_BEFORE:]
    since = [(one, balances.get(one, Decimal(0))) for one in sorted(closed) if one >= month]
    if len(earlier) < FEWEST_BEFORE:
        return Confirmation("too_short", n_before=len(earlier))
    before = _mean(earlier)
    if not since:
        return Confirmation("not_yet", before, n_before=len(earlier))
    after = _mean([amount for _, amount in since])
    signed = monthly_before - monthly_now
    fell = before >= monthly_before - TOLERANCE * signed and after <= monthly_now + TOLERANCE * signed
    months = tuple((one, min(signed, monthly_before - amount)) for one, amount in since)
    return Confirmation(
        "confirms" if fell else "does_not_confirm", before, after, len(earlier), months, _spread(earlier), signed
    )


@dataclass(frozen=True)
class SignedFall:
    """A fall of one account, as signed: from what a month cost before to what it costs now."""

    account: str
    currency: str
    before: Decimal
    now: Decimal
    signed_on: date | None = None


def claimed_before(falls: Sequence[SignedFall]) -> list[int | None]:
    """Return for each fall the place of another one that claims the same money, None where it stands alone.

    Two claims on one account claim the same money where the levels that they fell through overlap: 900 → 500 and
    500 → 300 are two falls, 900 → 500 and 800 → 400 are one, partly counted twice. What was signed first stands.
    """
    order = sorted(range(len(falls)), key=lambda place: (falls[place].signed_on or date.max, place))
    found: list[int | None] = [None] * len(falls)
    for rank, place in enumerate(order):
        own = falls[place]
        found[place] = next(
            (
                other
                for other in order[:rank]
                if found[other] is None
                and own.account
                and (falls[other].account, falls[other].currency) == (own.account, own.currency)
                and max(falls[other].now, own.now) < min(falls[other].before, own.before)
            ),
            None,
        )
    return found


def _mean(amounts: Sequence[Decimal]) -> Decimal:
    return QUOTIENT.divide(total_of(amounts), Decimal(len(amounts)))


def _spread(amounts: Sequence[Decimal]) -> Decimal:
    mean = _mean(amounts)
    squares = sum((QUOTIENT.power(amount - mean, 2) for amount in amounts), Decimal(0))
    return QUOTIENT.sqrt(QUOTIENT.divide(squares, Decimal(len(amounts) - 1)))
