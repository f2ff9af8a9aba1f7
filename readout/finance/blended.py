"""The blended unit cost of several classes of work, and what moved it: their costs, or their shares. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from readout.finance.footing import largest_remainder
from readout.finance.money import amount_of, exact, needed, not_negative, whole_units

UNIT = Decimal(1).scaleb(-18)  # as a price per token is kept

Classes = Mapping[Any, Any] | Iterable[Any]


class Blend(NamedTuple):
    """The change of a blended unit cost: rate + mix = after − before, exactly. To 18 decimals."""

    rate: Decimal
    mix: Decimal
    before: Decimal
    after: Decimal


class _Class(NamedTuple):
    weight: Fraction  # of all tasks
    cost: Fraction  # of one


def blend(classes0: Classes, classes1: Classes) -> Blend:
    """Split the change of the blended unit cost into rate and mix.

    Each side maps a class to (n, unit_cost) or to {"n": …, "unit_cost": …}; a plain sequence of these names its classes
    by their place. rate = Σ ½(w0 + w1)(u1 − u0), mix = Σ (½(u0 + u1) − C̄)(w1 − w0), w = n / Σn, C̄ the mean of the two
    blended costs. A class without tasks on one side has no unit cost there to compare: all that it moves is mix.

    >>> found = blend({"a": (1, 2), "b": (1, 4)}, {"a": (3, 2), "b": (1, 4)})
    >>> float(found.rate), float(found.mix), float(found.before), float(found.after)
    (0.0, -0.5, 3.0, 2.5)

    Raises:
        ValueError: a side has no tasks, an n is negative, a number is missing or not finite.
    """
    side0, side1 = _side(classes0), _side(classes1)
    before, after = (sum((one.weight * one.cost for one in side.values()), Fraction(0)) for side in (side0, side1))
    middle = (before + after) / 2
    rate = mix = Fraction(0)
    for name in side0.keys() | side1.keys():
        one = side0.get(name) or _Class(Fraction(0), side1[name].cost)
        other = side1.get(name) or _Class(Fraction(0), one.cost)
        rate += (one.weight + other.weight) / 2 * (other.cost - one.cost)
        mix += ((one.cost + other.cost) / 2 - middle) * (other.weight - one.weight)
    ends = [whole_units(end, UNIT) for end in (before, after)]
    parts = largest_remainder({"mix": mix / Fraction(UNIT), "rate": rate / Fraction(UNIT)}, ends[1] - ends[0])
    return Blend(*(amount_of(units, UNIT) for units in (parts["rate"], parts["mix"], *ends)))


def _side(classes: Classes) -> dict[Any, _Class]:
    """Return the classes that have tasks, exactly."""
    named = classes if isinstance(classes, Mapping) else dict(enumerate(classes))
    found = {}
    for name, one in named.items():
        said = f"class {name!r}"
        n, cost = (needed(one, "n", said), one.get("unit_cost")) if isinstance(one, Mapping) else one
        if tasks := not_negative(n, f"n of {said}"):
            found[name] = tasks, exact(cost, f"the unit cost of {said}")
    if not found:
        message = "a blended cost needs tasks on both sides: over none it does not exist"
        raise ValueError(message)
    base = sum((tasks for tasks, _ in found.values()), Fraction(0))
    return {name: _Class(tasks / base, cost) for name, (tasks, cost) in found.items()}
