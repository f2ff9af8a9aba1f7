"""Demand for models: how concentrated it is, and what another price, or another model, would make of it. Pure.

Formulas: docs/finance.md, *Demand*. What has no price is left out by name, never free.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from readout.finance.money import EXACT, Number, decimal_of, exact, not_negative, total_of
from readout.finance.prices import TOKEN_CLASSES, PriceBook, PricedCall, TokenClass, price_calls

MILLION = 1_000_000
POINTS = 10_000  # of a Herfindahl-Hirschman index: one provider only
CACHED: tuple[TokenClass, ...] = ("cache_read", "cache_write")

Row = Mapping[str, Any]


class Model(NamedTuple):
    """A model of a provider; of one without a provider, the provider is ""."""

    provider: str
    name: str


@dataclass(frozen=True)
class PriceChange:
    """Prices move by a percentage. What is empty stands for all of its kind."""

    percent: Decimal
    provider: str = ""
    model: str = ""
    token_class: str = ""


@dataclass(frozen=True)
class ModelSwitch:
    """The calls of one model go to another one."""

    source: Model
    target: Model


Question = PriceChange | ModelSwitch


class LeftOut(NamedTuple):
    """Calls that stand in neither amount: `reason` as in `PricedCall.unpriced`, or other_currency."""

    model: Model  # that has no price for them
    calls: int
    reason: str
    missing: tuple[TokenClass, ...] = ()


@dataclass(frozen=True)
class WhatIf:
    """The calls that have a price on both sides: at the price list, and with the question."""

    before: Decimal
    after: Decimal
    calls: int
    touched: int  # of these: calls that the question reprices
    left_out: tuple[LeftOut, ...]

    @property
    def difference(self) -> Decimal:
        """What the question adds; negative where it saves."""
        return EXACT.subtract(self.after, self.before)


def concentration(amounts: Iterable[Number]) -> Decimal | None:
    """Return the Herfindahl-Hirschman index of providers' amounts: Σ share², in points of 10,000; None without any.

    >>> concentration([50, 50]), concentration([7]), concentration([])
    (Decimal('5000'), Decimal('10000'), None)

    Raises:
        ValueError: an amount is negative or no finite number: a credit is no demand.
    """
    parts = [not_negative(amount, "an amount of a provider") for amount in amounts]
    whole = sum(parts, Fraction(0))
    return decimal_of(sum((part**2 for part in parts), Fraction(0)) / whole**2 * POINTS) if whole else None


def per_million(amount: Number, tokens: int) -> Decimal | None:
    """Return the blended price of a million tokens, all classes together; None without tokens."""
    return decimal_of(exact(amount, "an amount") / tokens * MILLION) if tokens else None


def list_on(prices: Iterable[Row], day: date) -> tuple[dict[str, Any], ...]:
    """Return the price list of a day: the rows of `prices` in force then, each as if it held for ever.

    Of two prices of one key, the one that began later holds, as in a refresh.
    """
    begun = [row for row in prices if row["valid_from"] <= day]
    latest = {
        (row.get("provider") or "", row["model"], row["token_class"]): row
        for row in sorted(begun, key=lambda row: (row["valid_from"], row["valid_to"] or date.max))
    }
    return tuple(
        {**row, "valid_from": date.min, "valid_to": None}
        for row in latest.values()
        if row["valid_to"] is None or row["valid_to"] > day
    )


def what_if(calls: Sequence[Row], price_list: Sequence[Row], question: Question, currency: str) -> WhatIf:
    """Price the same calls at a list of prices and with a question, in one currency.

    `calls`: rows with provider, model, `calls` (how many) and tokens by class, as `price_calls` reads them; a row has a
    price only as a whole. `price_list`: of one day (`list_on`). A model without a price for cached tokens takes them at
    its input price: without a cache, the same text is sent again in full. Numbers of tokens stay as they are.

    Raises:
        ValueError: as `price_calls`; a percentage at or under −100: what costs nothing has no price.
    """
    then = repriced(price_list, question) if isinstance(question, PriceChange) else price_list
    moved = [_moved(call, question, price_list) for call in calls]
    books = PriceBook(price_list), PriceBook(then)
    sides = [price_calls([{**call, "day": date.max} for call in side], book).calls
             for side, book in zip((calls, moved), books, strict=True)]  # fmt: skip
    amounts: tuple[list[Decimal], list[Decimal]] = ([], [])
    n = touched = 0
    left_out: dict[tuple[Any, ...], int] = {}
    for call, now, other in zip(calls, *sides, strict=True):
        many = int(call["calls"])
        fault = next((found for one in (now, other) if (found := _fault(one, currency))), None)
        if fault:
            left_out[fault] = left_out.get(fault, 0) + many
            continue
        n += many
        touched += many if _touches(question, call) else 0
        for amount, one in zip(amounts, (now, other), strict=True):
            amount.append(one.amount or Decimal(0))
    return WhatIf(
        total_of(amounts[0]),
        total_of(amounts[1]),
        n,
        touched,
        tuple(LeftOut(model, many, reason, missing) for (model, reason, missing), many in sorted(left_out.items())),
    )


def repriced(price_list: Iterable[Row], change: PriceChange) -> tuple[dict[str, Any], ...]:
    """Return a price list after a change of prices.

    Raises:
        ValueError: the percentage is at or under −100, or no finite number.
    """
    factor = 1 + exact(change.percent, "the percentage") / 100
    if factor <= 0:
        message = f"a price can fall by less than 100 %, found {change.percent}: what costs nothing has no price"
        raise ValueError(message)
    return tuple(
        {**row, "price": decimal_of(exact(row["price"], "a price") * factor)} if _hits(change, row) else dict(row)
        for row in price_list
    )


def _hits(change: PriceChange, row: Row) -> bool:
    return all(
        not wanted or wanted == (row.get(name) or "")
        for name, wanted in (
            ("provider", change.provider), ("model", change.model), ("token_class", change.token_class)
        )
    )  # fmt: skip


def _touches(question: Question, call: Row) -> bool:
    if isinstance(question, ModelSwitch):
        return model_of(call) == question.source
    classes = [name for name in TOKEN_CLASSES if call.get(f"{name}_tokens")]
    return any(_hits(question, {**call, "token_class": name}) for name in classes)


def _moved(call: Row, question: Question, price_list: Sequence[Row]) -> Row:
    """Return a call as the question sends it."""
    if not isinstance(question, ModelSwitch) or model_of(call) != question.source:
        return call
    target = question.target
    priced = {row["token_class"] for row in price_list if model_of(row) == target}
    sent = {f"{name}_tokens": int(call.get(f"{name}_tokens") or 0) for name in TOKEN_CLASSES}
    for name in CACHED:
        if name not in priced:
            sent["input_tokens"] += sent[f"{name}_tokens"]
            sent[f"{name}_tokens"] = 0
    return {**call, **sent, "provider": target.provider, "model": target.name}


def _fault(one: PricedCall, currency: str) -> tuple[Model, str, tuple[TokenClass, ...]] | None:
    model = Model(one.provider, one.model)
    if one.unpriced:
        return model, one.unpriced, one.missing
    return (model, "other_currency", ()) if one.currency != currency else None


def model_of(row: Row) -> Model:
    """Return the model that a row of calls or prices names."""
    return Model(row.get("provider") or "", row.get("model") or "")
