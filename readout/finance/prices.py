"""Tokens × dated price: every class of tokens once, at the price of its day; what has no price is never free. Pure.

Equal to what a refresh publishes (queries/refresh/work_call.sql), digit by digit.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from itertools import pairwise
from typing import Any, Literal

from readout.finance.money import EXACT, day_of, decimal_of, needed, not_negative, total_of

TokenClass = Literal["input", "output", "cache_read", "cache_write"]
Unpriced = Literal["no_tokens", "no_price", "zero_price", "mixed_currencies"]
TOKEN_CLASSES: tuple[TokenClass, ...] = ("input", "output", "cache_read", "cache_write")  # disjoint
OF_TOKEN, OF_CALL = Decimal(1).scaleb(-18), Decimal(1).scaleb(-12)  # decimals that the warehouse keeps
_AS_STORED = Context(prec=28, rounding=ROUND_HALF_EVEN)
_AS_CAST = Context(prec=2_000, rounding=ROUND_HALF_UP)
PriceKey = tuple[str, str, str]  # provider, model, token class


@dataclass(frozen=True)
class Price:
    """What one token costs from a day until before another (None: until the next price, or for good)."""

    per_token: Decimal
    currency: str
    valid_from: date
    valid_to: date | None


class PriceBook:
    """Dated prices. Of a model without a provider, the provider is ""."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Read rows of `prices`: provider, model, token_class, unit_tokens, price, currency, valid_from, valid_to.

        A price without an end holds until the next one of its key begins. `valid_to` is exclusive; a price that ends on
        its first day never holds, and ends the one before.

        Raises:
            ValueError: two prices of one key hold on the same day, a field is missing, a price is negative or no finite
                number, or `unit_tokens` is not above zero.
        """
        found: dict[PriceKey, list[Price]] = {}
        for row in rows:
            key, price = _price(row)
            found.setdefault(key, []).append(price)
        self._prices = {key: sorted(prices, key=lambda price: price.valid_from) for key, prices in found.items()}
        for key, prices in self._prices.items():
            for one, following in pairwise(prices):
                same = one.valid_from == following.valid_from
                if same or (one.valid_to is not None and one.valid_to > following.valid_from):
                    message = (
                        f"two prices of {' / '.join(key)} overlap: from {one.valid_from} to {one.valid_to or 'open'}, "
                        f"and from {following.valid_from} to {following.valid_to or 'open'}"
                    )
                    raise ValueError(message)

    def price(self, provider: str, model: str, token_class: str, day: date) -> Price | None:
        """Return the price that holds on a day; None where there is none."""
        begun = [price for price in self._prices.get((provider, model, token_class), []) if price.valid_from <= day]
        if not begun or (begun[-1].valid_to is not None and day >= begun[-1].valid_to):
            return None
        return begun[-1]


@dataclass(frozen=True)
class PricedCall:
    """One call. `amount` is None where it has no price: then `unpriced` says why, `missing` which classes."""

    call_id: Any
    provider: str
    model: str
    day: date
    tokens: Mapping[TokenClass, int]
    amount: Decimal | None = None
    currency: str | None = None
    unpriced: Unpriced | None = None
    missing: tuple[TokenClass, ...] = ()


@dataclass(frozen=True)
class PricedCalls:
    """All calls, in their order."""

    calls: tuple[PricedCall, ...]

    @property
    def priced(self) -> int:
        """How many calls have a price."""
        return len(self.calls) - self.unpriced

    @property
    def unpriced(self) -> int:
        """How many have none: their cost is unknown, and in no total."""
        return sum(call.amount is None for call in self.calls)

    @property
    def unpriced_tokens(self) -> int:
        """Tokens of the calls without a price."""
        return sum(sum(call.tokens.values()) for call in self.calls if call.amount is None)

    @property
    def unpriced_models(self) -> Mapping[tuple[str, str], int]:
        """(provider, model) -> calls without a price, most first."""
        return dict(Counter((call.provider, call.model) for call in self.calls if call.amount is None).most_common())

    @property
    def totals(self) -> Mapping[str, Decimal]:
        """Currency -> cost of the calls that have a price. Currencies are never added up."""
        found: dict[str, list[Decimal]] = {}
        for call in self.calls:
            if call.amount is not None and call.currency is not None:
                found.setdefault(call.currency, []).append(call.amount)
        return {currency: total_of(amounts) for currency, amounts in sorted(found.items())}


def price_calls(calls: Iterable[Mapping[str, Any]], price_book: Iterable[Mapping[str, Any]] | PriceBook) -> PricedCalls:
    """Price calls by their tokens, each on its own day.

    A call has `provider`, `model`, `started_at` (UTC; or `day`), `input_tokens`, `output_tokens`, `cache_read_tokens`,
    `cache_write_tokens` (disjoint; None counts as none) and, optional, `call_id`. It has a price only where every class
    that it used has one on its day, in one currency and not zero.

    Raises:
        ValueError: as PriceBook; tokens are negative or not whole, a day is missing.
    """
    book = price_book if isinstance(price_book, PriceBook) else PriceBook(price_book)
    return PricedCalls(tuple(_priced(call, book) for call in calls))


def _price(row: Mapping[str, Any]) -> tuple[PriceKey, Price]:
    token_class = str(row.get("token_class"))
    key = (str(row.get("provider") or ""), str(needed(row, "model", "a price")), token_class)
    name = f"the price of {' / '.join(key)}"
    if token_class not in TOKEN_CLASSES:
        message = f"{name}: the token class must be one of {', '.join(TOKEN_CLASSES)}"
        raise ValueError(message)
    price = decimal_of(not_negative(needed(row, "price", name), name))
    unit = decimal_of(not_negative(needed(row, "unit_tokens", name), f"unit_tokens of {name}"))
    if not unit:
        message = f"{name}: unit_tokens must be above zero"
        raise ValueError(message)
    start = day_of(needed(row, "valid_from", name), f"valid_from of {name}")
    end = None if row.get("valid_to") is None else day_of(row["valid_to"], f"valid_to of {name}")
    per_token = _AS_STORED.divide(price, unit).quantize(OF_TOKEN, context=_AS_STORED)
    return key, Price(per_token, str(needed(row, "currency", name)), start, end)


def _priced(call: Mapping[str, Any], book: PriceBook) -> PricedCall:
    provider, model = str(call.get("provider") or ""), str(call.get("model") or "")
    name = f"call {call.get('call_id') or f'of {provider} / {model}'}"
    tokens: dict[TokenClass, int] = {}
    for token_class in TOKEN_CLASSES:
        count = not_negative(call.get(f"{token_class}_tokens") or 0, f"{token_class}_tokens of {name}")
        if count.denominator > 1:
            message = f"{token_class}_tokens of {name} must be a whole number, found {float(count)}"
            raise ValueError(message)
        if count:
            tokens[token_class] = int(count)
    day = _day(call, name)
    prices = {token_class: book.price(provider, model, token_class, day) for token_class in tokens}
    missing = tuple(token_class for token_class, price in prices.items() if price is None)
    held = {token_class: price for token_class, price in prices.items() if price is not None}
    amount = total_of(EXACT.multiply(tokens[token_class], price.per_token) for token_class, price in held.items())
    amount = amount.quantize(OF_CALL, context=_AS_CAST)
    currencies = {price.currency for price in held.values()}
    reason: Unpriced | None = None
    if not tokens:
        reason = "no_tokens"
    elif missing:
        reason = "no_price"
    elif not amount:
        reason = "zero_price"
    elif len(currencies) > 1:
        reason = "mixed_currencies"
    if reason:
        return PricedCall(call.get("call_id"), provider, model, day, tokens, unpriced=reason, missing=missing)
    return PricedCall(call.get("call_id"), provider, model, day, tokens, amount, currencies.pop())


def _day(call: Mapping[str, Any], name: str) -> date:
    """Return the UTC day of a call: prices change at midnight UTC, as providers bill."""
    said = call.get("started_at")
    if said is None:
        said = needed(call, "day", name)
    if isinstance(said, datetime) and said.tzinfo is not None:
        said = said.astimezone(UTC)
    return day_of(said, f"the day of {name}")
