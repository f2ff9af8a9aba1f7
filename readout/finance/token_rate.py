"""Why the rate of model calls moved: the price list, or the tokens and models that a task takes. Pure.

Formulas: docs/finance.md, *Price and efficiency*.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from readout.finance.demand import Model, model_of
from readout.finance.footing import largest_remainder
from readout.finance.money import amount_of, exact, not_negative, whole_units
from readout.finance.prices import TOKEN_CLASSES

UNIT = Decimal(1).scaleb(-12)  # as the warehouse keeps money

Row = Mapping[str, Any]


class RateSplit(NamedTuple):
    """price + efficiency + unsplit = K1 − K0 · q1 / q0, to 12 decimals; K the cost of the calls, q the tasks."""

    price: Decimal
    efficiency: Decimal
    unsplit: Decimal  # of models that were paid in both periods, and that the price list cannot price
    unsplit_models: tuple[Model, ...] = ()


@dataclass
class _Used:
    """What one model was paid, and its tokens by class."""

    paid: Fraction = Fraction(0)
    tokens: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TOKEN_CLASSES, 0))


def split_rate(
    calls0: Iterable[Row],
    calls1: Iterable[Row],
    tasks: tuple[Any, Any],
    price_lists: tuple[Sequence[Row], Sequence[Row]],
) -> RateSplit:
    """Split the change of what the calls of a task cost into price and efficiency.

    `calls0`, `calls1`: rows of the two periods with provider, model, `cost` and tokens by class; calls without a known
    cost do not belong here. `tasks`: q0 and q1, above zero. `price_lists`: of the last day of each period
    (`demand.list_on`), in the currency of the costs.

    Price: what period 1 paid, less the same calls at the prices of period 0, which are its list times what it really
    paid of that list. Efficiency: these, less the cost of period 0 for as many tasks: tokens, calls and choice of model
    per task. A model that period 0 did not call is compared with its own list price of then; if it had none, all of it
    is choice of model.

    Raises:
        ValueError: a number is missing, negative or not finite, or a period has no tasks.
    """
    q0, q1 = (not_negative(n, f"q{place} of the rate") for place, n in enumerate(tasks))
    if not q0 or not q1:
        message = "a rate needs tasks in both periods"
        raise ValueError(message)
    used0, used1 = _used(calls0), _used(calls1)
    old, new = (_per_token(rows) for rows in price_lists)
    parts = {"price": Fraction(0), "efficiency": Fraction(0), "unsplit": Fraction(0)}
    unsplit = []
    for model in sorted(used0.keys() | used1.keys()):
        one, other = used0.get(model), used1.get(model)
        scaled = one.paid * q1 / q0 if one else Fraction(0)
        if other is None:
            parts["efficiency"] -= scaled
            continue
        at_old = _at_old_prices(model, one, other, old, new)
        if at_old is None:
            parts["unsplit"] += other.paid - scaled
            unsplit.append(model)
        else:
            parts["price"] += other.paid - at_old
            parts["efficiency"] += at_old - scaled
    units = {name: value / Fraction(UNIT) for name, value in parts.items()}
    whole = largest_remainder(units, whole_units(sum(parts.values(), Fraction(0)), UNIT))
    return RateSplit(*(amount_of(whole[name], UNIT) for name in parts), tuple(unsplit))


def _at_old_prices(
    model: Model, one: _Used | None, other: _Used, old: Mapping[Any, Fraction], new: Mapping[Any, Fraction]
) -> Fraction | None:
    """Return what the calls of period 1 would have cost in period 0; None where the list cannot say."""
    listed = _listed(model, other, old)
    if one is None:  # not called before
        now = _listed(model, other, new)
        return other.paid * listed / now if listed and now else other.paid
    base = _listed(model, one, old)
    return one.paid * listed / base if listed and base else None


def _used(calls: Iterable[Row]) -> dict[Model, _Used]:
    found: dict[Model, _Used] = {}
    for call in calls:
        model = model_of(call)
        used = found.setdefault(model, _Used())
        used.paid += exact(call["cost"], f"the cost of {' / '.join(model)}")
        for name in TOKEN_CLASSES:
            column = f"{name}_tokens"
            used.tokens[name] += int(not_negative(int(call.get(column) or 0), f"{column} of {' / '.join(model)}"))
    return found


def _per_token(price_list: Iterable[Row]) -> dict[Any, Fraction]:
    return {
        (model_of(row), row["token_class"]): exact(row["price"], "a price") / exact(row["unit_tokens"], "unit_tokens")
        for row in price_list
        if row["unit_tokens"]
    }


def _listed(model: Model, used: _Used, prices: Mapping[Any, Fraction]) -> Fraction | None:
    """Return the list price of some tokens; None where a class of them has none."""
    total = Fraction(0)
    for name, tokens in used.tokens.items():
        price = prices.get((model, name))
        if tokens and price is None:
            return None
        total += tokens * (price or Fraction(0))
    return total
