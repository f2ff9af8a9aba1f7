"""Investment appraisal: payback, present value and break-even volume. "Never" is an answer: None. Pure.

Cash flows of a month fall at its end; month 1 is the first after the investment. Time saved is no cash flow.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from itertools import repeat
from math import ceil
from typing import Any

from readout.finance.money import Number, decimal_of, exact, not_negative

MONTHS = 12
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_SHOWN = Context(prec=28, rounding=ROUND_HALF_UP)

Flows = Number | Iterable[Number]  # the same every month, or month by month


def payback(investment: Number, monthly_net: Flows) -> Decimal | None:
    """Return after how many months the net cash adds up to the investment; within a month it comes evenly.

    `monthly_net` is one amount for every month, or one per month: then what is not paid back by the last of them counts
    as never. It is the first time: later losses are not looked at.

    >>> payback(1200, 500)
    Decimal('2.4')

    Raises:
        ValueError: the investment is negative, or a number is not finite.
    """
    owed = not_negative(investment, "the investment")
    if not owed:
        return Decimal(0)
    if isinstance(monthly_net, Iterable):
        return _reached(_WIDE.plus(decimal_of(owed)), (decimal_of(flow) for flow in _flows(monthly_net)))
    flow = exact(monthly_net, "the monthly net")
    return decimal_of(owed / flow) if flow > 0 else None


def discounted_payback(investment: Number, monthly_net: Flows, annual_rate: Number) -> Decimal | None:
    """Return the payback in months with each month's net cash discounted to the day of the investment.

    The rate is a year's (0.08 = 8 %); a month's is (1 + a year's)^(1/12) − 1.

    Raises:
        ValueError: the investment is negative, the rate is not above −1, or a number is not finite.
    """
    owed = not_negative(investment, "the investment")
    rate = _monthly(annual_rate)
    if not owed:
        return Decimal(0)
    if not rate:
        return payback(investment, monthly_net)
    with localcontext(_WIDE):
        need = +decimal_of(owed)
        if isinstance(monthly_net, Iterable):
            return _reached(need, _discounted((decimal_of(flow) for flow in _flows(monthly_net)), rate))
        flow = +decimal_of(exact(monthly_net, "the monthly net"))
        left = 1 - need * rate / flow if flow > 0 else Decimal(0)  # of the value of the same cash for ever
        if left <= 0:
            return None
        # the months before are skipped by the annuity's formula, with one to spare for its rounding
        skipped = max(int(-left.ln() / (1 + rate).ln()) - 1, 0)
        paid = flow * (1 - (1 + rate) ** -skipped) / rate
        months = _reached(need - paid, _discounted(repeat(flow), rate, skipped))
    return None if months is None else _SHOWN.add(months, skipped)


def npv(cash_flows: Iterable[Number], rate: Number) -> Decimal:
    """Return the net present value: Σ cash flow / (1 + rate)^t, t = 0 for the first (the investment, negative).

    The rate is that of one step between flows: for monthly flows, `monthly_rate` of the year's. To 28 digits.

    Raises:
        ValueError: the rate is not above −1, or a number is not finite.
    """
    grown = decimal_of(1 + _above_minus_one(rate))
    with localcontext(_WIDE):
        value = Decimal(0)
        for flow in reversed([decimal_of(flow) for flow in _flows(cash_flows)]):
            value = value / grown + flow
    return _SHOWN.plus(value)


def break_even_volume(fixed: Number, unit_before: Number, unit_after: Number) -> int | None:
    """Return from how many whole tasks on the margin per task (before − after, or price − cost) pays the fixed cost.

    Both costs are for the same time, a month for example. None where a task leaves no margin.

    >>> break_even_volume(1000, 5, 2)
    334

    Raises:
        ValueError: the fixed cost is negative, or a number is not finite.
    """
    margin = exact(unit_before, "the unit cost before") - exact(unit_after, "the unit cost after")
    cost = not_negative(fixed, "the fixed cost")
    return ceil(cost / margin) if margin > 0 else None


def break_even_cash(investment: Number, running: Number, months: int, annual_rate: Number = 0) -> Decimal:
    """Return the cash effect a month with which `months` months pay back exactly: their present value is 0.

    The running cost of a month, and the annuity of the investment: I · r / (1 − (1 + r)^−n), I / n at a rate of 0.

    >>> break_even_cash(3600, 50, 36)
    Decimal('150')

    Raises:
        ValueError: the investment is negative, there is no month, the rate is not above −1, or a number is not finite.
    """
    owed = not_negative(investment, "the investment")
    cost = exact(running, "the running cost")
    if months < 1:
        message = f"there must be a month at least, found {months}"
        raise ValueError(message)
    rate = _monthly(annual_rate)
    if not rate:
        return decimal_of(owed / months + cost)
    with localcontext(_WIDE):
        need = decimal_of(owed) * rate / (1 - (1 + rate) ** -months) + decimal_of(cost)
    return _SHOWN.plus(need)


def monthly_rate(annual_rate: Number) -> Decimal:
    """Return the month's rate that compounds to a year's: (1 + annual)^(1/12) − 1. To 28 digits.

    Raises:
        ValueError: the rate is not above −1, or is not finite.
    """
    return _SHOWN.plus(_monthly(annual_rate))


def _monthly(annual_rate: Number) -> Decimal:
    grown = decimal_of(1 + _above_minus_one(annual_rate))
    with localcontext(_WIDE):
        return (grown.ln() / MONTHS).exp() - 1


def _above_minus_one(rate: Any) -> Fraction:
    value = exact(rate, "the rate")
    if value <= -1:
        message = f"the rate must be above -1 (a loss of everything), found {rate}"
        raise ValueError(message)
    return value


def _flows(flows: Iterable[Number]) -> Iterator[Fraction]:
    return (exact(flow, f"cash flow {place}") for place, flow in enumerate(flows))


def _discounted(flows: Iterable[Decimal], rate: Decimal, skipped: int = 0) -> Iterator[Decimal]:
    factor = (1 + rate) ** -skipped
    for flow in flows:
        factor /= 1 + rate
        yield flow * factor


def _reached(need: Decimal, flows: Iterable[Decimal]) -> Decimal | None:
    with localcontext(_WIDE):
        for month, flow in enumerate(flows):
            if flow >= need:
                return _SHOWN.plus(month + need / flow)
            need -= flow
    return None
