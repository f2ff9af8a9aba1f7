"""Allocation of a shared cost: signed largest remainder, so that the lines add up to the amount. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from readout.finance.footing import largest_remainder
from readout.finance.money import Number, amount_of, decimal_of, exact, not_negative, unit_of, whole_units

UNALLOCATED = "Unallocated"
ROUNDING = "Rounding"

Key = TypeVar("Key")


def allocate(amount: Decimal | int, drivers: Mapping[Key, Number], minor_unit: Decimal) -> dict[Key | str, Decimal]:
    """Share an amount out by drivers, in minor units: key -> Decimal. The shares add up to the amount exactly.

    >>> allocate(Decimal("100.00"), {"a": 1, "b": 1, "c": 1}, Decimal("0.01"))
    {'a': Decimal('33.34'), 'b': Decimal('33.33'), 'c': Decimal('33.33')}

    Drivers are quantities (tasks, tokens), percentages of a fixed split, or all 1 for even shares. A driver of zero
    gets zero. Where no driver is above zero, the whole amount is under "Unallocated". An amount finer than the minor
    unit is rounded half away from zero to be shared out; the difference stays visible under "Rounding". A negative
    amount mirrors the positive one line by line. Ties go to the larger exact share, then to the smaller key.

    Raises:
        ValueError: a driver is negative or no finite number, the amount is no finite number, or the minor unit is not
            above zero; a driver is named "Unallocated" or "Rounding".
    """
    whole, unit = exact(amount, "the amount"), unit_of(minor_unit)
    weights = {key: not_negative(weight, f"the driver of {key!r}") for key, weight in drivers.items()}
    if reserved := {UNALLOCATED, ROUNDING} & set(weights):
        message = f"a driver cannot be named {' or '.join(sorted(map(str, reserved)))}: that line is what is left over"
        raise ValueError(message)
    base = sum(weights.values())
    if not base:
        return {**dict.fromkeys(weights, amount_of(0, unit)), UNALLOCATED: decimal_of(whole)}
    units = whole_units(whole, unit)
    counted = largest_remainder({key: units * weight / base for key, weight in weights.items()}, units)
    shares: dict[Key | str, Decimal] = {key: amount_of(counted[key], unit) for key in weights}
    if residue := whole - units * Fraction(unit):
        shares[ROUNDING] = decimal_of(residue)
    return shares
