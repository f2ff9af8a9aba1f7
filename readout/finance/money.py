"""Exact numbers: what goes in is taken as it is written, what comes out is rounded once, half away from zero. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from fractions import Fraction
from math import isfinite
from numbers import Integral
from typing import Any

Number = int | float | Decimal

EXACT = Context(
    prec=2_000, Emin=-9_999, Emax=9_999, traps=[Inexact, InvalidOperation]
)  # an error rather than a rounding
QUOTIENT = Context(prec=28, rounding=ROUND_HALF_UP)  # for what no decimal can hold, like a third of a month


def exact(value: Any, what: str) -> Fraction:
    """Return a number as it is written: the float 0.1 is one tenth here, not the nearest binary fraction.

    Raises:
        ValueError: the value is no number, or is not finite. `what` names it.
    """
    if isinstance(value, Integral) and not isinstance(value, bool):
        return Fraction(int(value))
    if isinstance(value, Decimal) and value.is_finite():
        return Fraction(value)
    if isinstance(value, float) and isfinite(value):
        return Fraction(float.__repr__(value))
    message = f"{what} must be a finite number, found {value!r}"
    raise ValueError(message)


def not_negative(value: Any, what: str) -> Fraction:
    """Return a number as it is written; refuse one below zero.

    Raises:
        ValueError: the value is no number, is not finite, or is negative.
    """
    number = exact(value, what)
    if number < 0:
        message = f"{what} must not be negative, found {value}"
        raise ValueError(message)
    return number


def unit_of(minor_unit: Number) -> Decimal:
    """Return a minor unit (a cent: `Decimal("0.01")`) as Decimal.

    Raises:
        ValueError: it is not above zero.
    """
    unit = exact(minor_unit, "the minor unit")
    if unit <= 0:
        message = f"the minor unit must be above zero, found {minor_unit}"
        raise ValueError(message)
    return minor_unit if isinstance(minor_unit, Decimal) else Decimal(repr(minor_unit))


def whole_units(value: Fraction, unit: Decimal) -> int:
    """Return how many units a value comes to, rounded half away from zero."""
    units = value / Fraction(unit)
    whole = (2 * abs(units.numerator) + units.denominator) // (2 * units.denominator)
    return whole if units >= 0 else -whole


def amount_of(units: int, unit: Decimal) -> Decimal:
    """Return the amount of a whole number of units, exactly."""
    return EXACT.multiply(Decimal(units), unit)


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum, exactly, however many digits it takes."""
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def decimal_of(value: Fraction) -> Decimal:
    """Return a decimal number exactly; a value without an end (a third) to 28 digits."""
    places = decimals_of(value)
    if places is None:
        return QUOTIENT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return Decimal(value.numerator * 10**places // value.denominator).scaleb(-places, EXACT)


def decimals_of(value: Fraction) -> int | None:
    """Return how many decimals write a value in full; None where no number of them does."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def needed(row: Mapping[str, Any], name: str, of: str) -> Any:
    """Return a field of a row.

    Raises:
        ValueError: the row does not have it, or has it empty. `of` names the row.
    """
    value = row.get(name)
    if value is None:
        message = f"{of}: {name} is missing"
        raise ValueError(message)
    return value


def day_of(value: Any, what: str) -> date:
    """Return the date of a day or of an instant.

    Raises:
        ValueError: it is neither. `what` names it.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    message = f"{what} must be a date, found {value!r}"
    raise ValueError(message)
