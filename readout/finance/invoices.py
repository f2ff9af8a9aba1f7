"""Tie-out of computed cost against an invoice. Pure."""

from decimal import Decimal
from fractions import Fraction

from readout.finance.money import EXACT, QUOTIENT, not_negative, unit_of


def invoice_tolerance(rows: int, minor_unit: Decimal) -> Decimal:
    """Return how far an invoice and the sum of its rows may differ by rounding: max(100 units, √rows × half a unit).

    FOCUS 1.4, Rounding Variance Tolerance: rounding errors of single rows grow with the square root of their number.

    >>> invoice_tolerance(250_000, Decimal("0.01"))
    Decimal('2.500')

    Raises:
        ValueError: `rows` is negative or not whole, or the minor unit is not above zero.
    """
    number, unit = not_negative(rows, "the number of rows"), unit_of(minor_unit)
    if number.denominator > 1:
        message = f"the number of rows must be whole, found {rows}"
        raise ValueError(message)
    spread = QUOTIENT.multiply(QUOTIENT.sqrt(Decimal(int(number))), EXACT.divide(unit, Decimal(2)))
    return max(EXACT.multiply(Decimal(100), unit), spread, key=Fraction)
