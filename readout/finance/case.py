"""The business case of a system: what was invested, what each month brought and cost, and what those to come will.

Cash only: hours that came back are no cash flow. Months that are over stand as they were; an assumption moves the
months to come and nothing else. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from readout.finance.appraisal import break_even_cash, discounted_payback, monthly_rate, npv, payback
from readout.finance.money import EXACT, QUOTIENT, Number, total_of

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Case:
    """Months are counted from that of the first investment (0). The horizon is in months after it.

    `cash` and `running` hold the months 1, 2, … that are over, in step; `invested` what is put in, by month.
    `next_cash` and `next_running` stand for each month to come; `annual_rate` None: nothing is discounted.
    """

    start: date  # first day of month 0
    horizon: int
    invested: Mapping[int, Decimal]
    cash: tuple[Decimal, ...] = ()
    running: tuple[Decimal, ...] = ()
    next_cash: Decimal = _NOTHING
    next_running: Decimal = _NOTHING
    annual_rate: Number | None = None
    flows: tuple[Decimal, ...] = field(init=False)  # month 0 first, up to the horizon, or to today where that is later

    def __post_init__(self) -> None:
        """Work out the net cash of every month."""
        if len(self.cash) != len(self.running):
            message = f"cash is of {len(self.cash)} months, running cost of {len(self.running)}"
            raise ValueError(message)
        to_come = [(self.next_cash, self.next_running)] * (self.horizon - len(self.cash))
        months = [(_NOTHING, _NOTHING), *zip(self.cash, self.running, strict=True), *to_come]
        flows = tuple(
            total_of((gain, EXACT.minus(cost), EXACT.minus(self.invested.get(month, _NOTHING))))
            for month, (gain, cost) in enumerate(months)
        )
        object.__setattr__(self, "flows", flows)

    @property
    def months(self) -> int:
        """How many months after the first investment are looked at."""
        return len(self.flows) - 1

    @property
    def investment(self) -> Decimal:
        """What is put in within these months."""
        return total_of(amount for month, amount in self.invested.items() if month <= self.months)

    @property
    def cumulative(self) -> tuple[Decimal, ...]:
        """Net cash to date, month 0 first, up to the last month that is over."""
        return tuple(total_of(self.flows[: month + 1]) for month in range(len(self.cash) + 1))

    @property
    def _put_in_first(self) -> Decimal:
        return EXACT.minus(self.flows[0])

    @property
    def payback(self) -> Decimal | None:
        """Months until the cash has paid the investment back; None: not within the months looked at."""
        return payback(self._put_in_first, self.flows[1:])

    @property
    def discounted_payback(self) -> Decimal | None:
        """The same on discounted cash; None also where no rate is set."""
        return (
            None
            if self.annual_rate is None
            else discounted_payback(self._put_in_first, self.flows[1:], self.annual_rate)
        )

    @property
    def npv(self) -> Decimal | None:
        """Present value in month 0; None where no rate is set."""
        return None if self.annual_rate is None else npv(self.flows, monthly_rate(self.annual_rate))

    @property
    def needed(self) -> Decimal | None:
        """The cash effect a month, from month 1 on, with which the case comes out at 0 at the running cost of now."""
        if not self.months:
            return None
        return break_even_cash(self.investment, self.next_running, self.months, self.annual_rate or 0)


def recent_mean(amounts: Sequence[Decimal], months: int) -> Decimal:
    """Return the mean of the last so many months, or of all where there are fewer; 0 where there is none."""
    last = amounts[-months:]
    return QUOTIENT.divide(total_of(last), Decimal(len(last))) if last else _NOTHING


def months_between(start: date, end: date) -> int:
    """Return how many months lie between two months.

    >>> months_between(date(2024, 9, 30), date(2025, 1, 1))
    4
    """
    return (end.year - start.year) * 12 + end.month - start.month
