"""The bridge between the costs of two periods: volume, mix, rate, and bars for what is none of these. Pure.

Sources: docs/finance.md. An increase of cost is positive.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args

from readout.finance.footing import foot_table, largest_remainder
from readout.finance.money import (
    EXACT,
    amount_of,
    decimal_of,
    decimals_of,
    exact,
    needed,
    not_negative,
    total_of,
    unit_of,
    whole_units,
)

Method = Literal["weighted_average", "standard_mix"]
Kind = Literal["continuing", "new", "retired", "no_volume"]
COMPONENTS = ("volume", "mix", "rate", "fixed", "new", "retired", "no_volume", "fx")  # as a waterfall shows them
RATE_PARTS = ("price", "efficiency", "other_rate")  # of the rate, where it can be split
DECIMALS = 12  # as the warehouse keeps money: what a quotient (a third) is cut to, so that it still adds up


@dataclass(frozen=True, kw_only=True)
class _Change:
    """From the cost of one period to that of the next, in components."""

    before: Decimal  # C0
    after: Decimal  # C1
    volume: Decimal = Decimal(0)
    mix: Decimal = Decimal(0)
    rate: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    new: Decimal = Decimal(0)
    retired: Decimal = Decimal(0)
    no_volume: Decimal = Decimal(0)
    fx: Decimal = Decimal(0)
    price: Decimal = Decimal(0)  # of the rate: the same calls at other prices
    efficiency: Decimal = Decimal(0)  # of the rate: tokens, calls and choice of model per task

    @property
    def other_rate(self) -> Decimal:
        """What of the rate is neither price nor efficiency of model calls: people, say."""
        return EXACT.subtract(EXACT.subtract(self.rate, self.price), self.efficiency)

    @property
    def total(self) -> Decimal:
        """The sum of the components: C1 − C0; in a footed bridge, that rounded."""
        return total_of(getattr(self, name) for name in COMPONENTS)

    @property
    def rounding(self) -> Decimal:
        """C1 − C0 − total: zero before rounding; after it, the bar that makes a waterfall of rounded costs close."""
        return EXACT.subtract(EXACT.subtract(self.after, self.before), self.total)


@dataclass(frozen=True, kw_only=True)
class BridgeRow(_Change):
    """One item (a system, or a system's task type)."""

    key: Any
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class Bridge(_Change):
    """All items. Each component is the sum of its rows; total = C1 − C0, exactly."""

    rows: tuple[BridgeRow, ...]
    method: Method

    def footed(self, minor_unit: Decimal) -> "Bridge":
        """Return the bridge in minor units, so that rows and columns add up.

        Total is C1 − C0 rounded half away from zero; every cell, row and component is off by less than one minor unit.
        The parts of the rate add up to the rounded rate, row by row; each is off by less than two.
        """
        unit = unit_of(minor_unit)
        parts = {
            row.key: {name: Fraction(getattr(row, name)) / Fraction(unit) for name in COMPONENTS} for row in self.rows
        }
        cells = foot_table(parts, COMPONENTS)
        before, after = (
            largest_remainder(
                {row.key: Fraction(getattr(row, side)) / Fraction(unit) for row in self.rows},
                whole_units(Fraction(getattr(self, side)), unit),
            )
            for side in ("before", "after")
        )
        split = _split_rates(
            {row.key: cells[row.key]["rate"] for row in self.rows},
            {
                row.key: {name: Fraction(getattr(row, name)) / Fraction(unit) for name in RATE_PARTS}
                for row in self.rows
            },
            unit,
        )
        return _summed(
            [
                replace(
                    row,
                    **split[row.key],
                    before=amount_of(before[row.key], unit),
                    after=amount_of(after[row.key], unit),
                    **{name: amount_of(units, unit) for name, units in cells[row.key].items()},
                )
                for row in self.rows
            ],
            self.method,
        )


@dataclass(frozen=True)
class _Item:
    """One item, exactly. The costs are the variable part, at the exchange rates of period 0."""

    key: Any
    q0: Fraction
    q1: Fraction
    c0: Fraction
    c1: Fraction
    fixed0: Fraction
    fixed1: Fraction
    fx: Fraction
    price: Fraction
    efficiency: Fraction

    @property
    def amounts(self) -> tuple[Fraction, ...]:
        return self.c0, self.c1, self.fixed0, self.fixed1, self.fx, self.price, self.efficiency

    @property
    def kind(self) -> Kind:
        if self.q0 and self.q1:
            return "continuing"
        if not self.q0 and not self.c0 and self.q1:
            return "new"
        if not self.q1 and not self.c1 and self.q0:
            return "retired"
        return "no_volume"


def bridge(items: Iterable[Mapping[str, Any]], method: Method = "weighted_average") -> Bridge:
    """Explain the change of cost from period 0 to period 1.

    An item is a mapping with `key`, `q0`, `q1` (tasks) and `c0`, `c1` (its whole cost, in one currency and on one
    basis); optional, of that cost: `fixed0`, `fixed1` (spend that does not follow volume) and `fx` (the part of the
    change that is due to exchange rates: local C1 × (fx1 − fx0)). Fixed spend is stated at the rates of period 0. A
    continuing item may have `price` and `efficiency`, two parts of its rate (`split_rate`); the rest is `other_rate`.

    Rows are in the order of the items; ties of rounding go by the key, so keys must be comparable. Quotients are cut to
    12 decimals (more, where an amount has more) by largest remainder: everything adds up to the last of them.

    Raises:
        ValueError: a field is missing or no finite number, a quantity is negative, a key comes twice, the method is
            unknown, or an item that has no rate has a price or an efficiency.
    """
    if method not in get_args(Method):
        message = f"the method must be one of {', '.join(get_args(Method))}, found {method!r}"
        raise ValueError(message)
    read = [_item(item) for item in items]
    keys = [item.key for item in read]
    if twice := {key for key in keys if keys.count(key) > 1}:
        message = f"one row per item: {', '.join(sorted(map(repr, twice)))} comes more than once"
        raise ValueError(message)
    effects = dict(zip(keys, _effects(read, method), strict=True))
    finest = max((decimals_of(part) or 0 for item in read for part in item.amounts), default=0)
    unit = Decimal(1).scaleb(-max(DECIMALS, finest))
    cells = foot_table(
        {key: {name: effects[key].get(name, Fraction(0)) / Fraction(unit) for name in COMPONENTS} for key in keys},
        COMPONENTS,
    )
    split = _split_rates(
        {key: cells[key]["rate"] for key in keys},
        {
            item.key: {
                "price": item.price / Fraction(unit),
                "efficiency": item.efficiency / Fraction(unit),
                "other_rate": (effects[item.key].get("rate", Fraction(0)) - item.price - item.efficiency)
                / Fraction(unit),
            }
            for item in read
        },
        unit,
    )
    rows = [
        BridgeRow(
            **split[item.key],
            key=item.key,
            kind=item.kind,
            before=decimal_of(item.c0 + item.fixed0),
            after=decimal_of(item.c1 + item.fixed1 + item.fx),
            **{name: amount_of(units, unit) for name, units in cells[item.key].items()},
        )
        for item in read
    ]
    return _summed(rows, method)


def _item(item: Mapping[str, Any]) -> _Item:
    key = needed(item, "key", "an item of the bridge")
    name = f"item {key!r}"
    q0, q1 = (not_negative(needed(item, q, name), f"{q} of {name}") for q in ("q0", "q1"))
    c0, c1 = (exact(needed(item, c, name), f"{c} of {name}") for c in ("c0", "c1"))
    fixed0, fixed1, fx = (
        exact(0 if item.get(part) is None else item[part], f"{part} of {name}") for part in ("fixed0", "fixed1", "fx")
    )
    price, efficiency = (
        exact(0 if item.get(part) is None else item[part], f"{part} of {name}") for part in ("price", "efficiency")
    )
    if (price or efficiency) and not (q0 and q1):
        message = f"{name}: price and efficiency are parts of a rate, which needs tasks in both periods"
        raise ValueError(message)
    return _Item(key, q0, q1, c0 - fixed0, c1 - fixed1 - fx, fixed0, fixed1, fx, price, efficiency)


def _effects(items: Sequence[_Item], method: Method) -> list[dict[str, Fraction]]:
    """Return the components of each item, exactly."""
    continuing = [item for item in items if item.kind == "continuing"]
    all0, all1 = (sum((getattr(item, q) for item in continuing), Fraction(0)) for q in ("q0", "q1"))
    mean = sum((item.c0 for item in continuing), Fraction(0)) / all0 if continuing else Fraction(0)
    found = []
    for item in items:
        change = item.c1 - item.c0
        if item.kind == "continuing":
            at_old_price = (item.q1 - item.q0) * item.c0 / item.q0
            volume = (item.q1 - item.q0) * mean if method == "weighted_average" else (all1 - all0) * item.c0 / all0
            parts = {"volume": volume, "mix": at_old_price - volume, "rate": change - at_old_price}
        else:
            parts = {str(item.kind): change}
        found.append({**parts, "fixed": item.fixed1 - item.fixed0, "fx": item.fx})
    return found


def _split_rates(
    rates: Mapping[Any, int], parts: Mapping[Any, Mapping[str, Fraction]], unit: Decimal
) -> dict[Any, dict[str, Decimal]]:
    """Return price and efficiency of each row in whole units, so that a row's parts add up to its rounded rate.

    What rounding has done to the rate goes into the row's largest part; then the table of parts is rounded as any.
    """
    table = {}
    for key, cells in parts.items():
        largest = max(RATE_PARTS, key=lambda name: abs(cells[name]))
        table[key] = {**cells, largest: cells[largest] + rates[key] - sum(cells.values(), Fraction(0))}
    whole = foot_table(table, RATE_PARTS)
    return {key: {name: amount_of(whole[key][name], unit) for name in RATE_PARTS[:2]} for key in parts}


def _summed(rows: Sequence[BridgeRow], method: Method) -> Bridge:
    sums = {
        name: total_of(getattr(row, name) for row in rows) for name in ("before", "after", *COMPONENTS, *RATE_PARTS[:2])
    }
    return Bridge(rows=tuple(rows), method=method, **sums)
