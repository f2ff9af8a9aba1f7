"""Conversion at dated rates: the last one published on or before the day, never 1.0 for want of one. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from readout.finance.money import day_of, decimal_of, exact, needed

MAX_AGE_DAYS = 7  # a weekend and holidays; an older rate is stale


class MissingRateError(ValueError):
    """No rate, or none that is recent enough. The message names the currencies and the day."""


class RateBook:
    """Published rates: one unit of `from_currency` is `rate` units of `to_currency`."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Read rows of `fx_rates`: rate_date, from_currency, to_currency, rate.

        Raises:
            ValueError: a rate is not above zero, two rates of one day differ, or a field is missing.
        """
        found: dict[tuple[str, str], dict[date, Fraction]] = {}
        for row in rows:
            pair = (str(needed(row, "from_currency", "a rate")), str(needed(row, "to_currency", "a rate")))
            name = f"the rate from {pair[0]} to {pair[1]}"
            day = day_of(needed(row, "rate_date", name), f"the date of {name}")
            rate = exact(needed(row, "rate", name), f"{name} on {day}")
            if rate <= 0:
                message = f"{name} on {day} must be above zero, found {row['rate']}"
                raise ValueError(message)
            if found.setdefault(pair, {}).setdefault(day, rate) != rate:
                message = f"{name} on {day} comes twice, with different values"
                raise ValueError(message)
        self.targets = tuple(sorted({target for _, target in found}))
        self._rates = {pair: sorted(rates.items()) for pair, rates in found.items()}

    def rate(self, currency: str, to: str, on: date, max_age_days: int = MAX_AGE_DAYS) -> Decimal:
        """Return the last rate published on or before a day.

        Raises:
            MissingRateError: there is none, or it is older than `max_age_days`.
        """
        rates = self._rates.get((currency, to), [])
        at = bisect_right(rates, on, key=lambda one: one[0])
        if not at:
            message = f"no rate from {currency} to {to} on or before {on}"
            raise MissingRateError(message)
        day, rate = rates[at - 1]
        if (age := (on - day).days) > max_age_days:
            message = (
                f"the rate from {currency} to {to} for {on} is stale: the last one is of {day}, {age} days before, and "
                f"{max_age_days} are allowed"
            )
            raise MissingRateError(message)
        return decimal_of(rate)

    def target(self) -> str:
        """Return the only currency that the rates lead to.

        Raises:
            ValueError: there is more than one, or none.
        """
        if len(self.targets) != 1:
            message = f"say which currency to convert to: the rates lead to {', '.join(self.targets) or 'none'}"
            raise ValueError(message)
        return self.targets[0]


def convert(
    amount: Decimal | int,
    currency: str,
    on: date,
    rates: Iterable[Mapping[str, Any]] | RateBook,
    *,
    to: str | None = None,
    max_age_days: int = MAX_AGE_DAYS,
) -> Decimal:
    """Return an amount of a day in another currency, not rounded. In the same currency it is unchanged.

    `to` defaults to the only currency that the rates lead to. A rate holds until the next one, for at most
    `max_age_days`. Rates are used as published: none is inverted, none is made of two others.

    Raises:
        MissingRateError: there is no rate on or before the day, or it is stale.
        ValueError: the amount is no finite number, the target is not known, or a rate is not above zero.
    """
    value, day = exact(amount, "the amount"), day_of(on, "the day of the amount")
    book = rates if isinstance(rates, RateBook) else RateBook(rates)
    if to is None and not book.targets:
        message = f"no rate from {currency} on or before {day}: there are no rates"
        raise MissingRateError(message)
    target = book.target() if to is None else to
    if target == currency:
        return amount if isinstance(amount, Decimal) else decimal_of(value)
    return decimal_of(value * Fraction(book.rate(currency, target, day, max_age_days)))
