"""Accrual: a charge spread evenly over the days that it is for, exactly and additively. Pure."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from readout.finance.money import EXACT, amount_of, whole_units

FINEST = Decimal("0.000000000001")  # as the warehouse keeps money


def cut(amount: Fraction | Decimal) -> Decimal:
    """Return an amount to 12 decimals, half away from zero."""
    return amount_of(whole_units(Fraction(amount), FINEST), FINEST)


def through(amount: Decimal, start: date, end: date, until: date) -> Decimal:
    """Return what of a charge for the days from `start` to `end` (excluded) has accrued before `until`.

    Even over the days, cut to 12 decimals. Differences of it are what accrues in between, so that the days of a range
    add up to the range, the whole is the amount, and a reversal mirrors the charge. A charge without a day accrues on
    its first.
    """
    days = max((end - start).days, 1)
    gone = min(max((until - start).days, 0), days)
    if gone == days:
        return amount
    return cut(Fraction(amount) * gone / days)


def accrued(amount: Decimal, start: date, end: date, since: date, until: date) -> Decimal:
    """Return what of a charge accrues from `since` to `until` (excluded)."""
    return EXACT.subtract(through(amount, start, end, until), through(amount, start, end, since))


def successor(start: date, end: date) -> tuple[date, date]:
    """Return the next period of a recurring charge: as many calendar months where it is for whole ones, else days."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if start.day == end.day and months > 0:
        index = end.year * 12 + end.month - 1 + months
        first = date(index // 12, index % 12 + 1, 1)
        following = first + timedelta(days=end.day - 1)
        if following.month == first.month:
            return end, following
    return end, end + (end - start)
