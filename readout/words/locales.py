"""The organisation's way to write numbers, money and dates (Unicode CLDR, by Babel).

Words stay English, and the sign of a percentage stands at its number, as in the heads of tables. One process serves one
organisation: what `organisation.yaml` says is chosen when its book is opened. Files for machines are written within
`free()`, the same everywhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import NumberPattern


@dataclass(frozen=True)
class Manner:
    """How numbers and dates are written; `code`: money bears its ISO code and no symbol."""

    locale: Locale
    code: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is the readout's own way, which needs no rules of another."""
        return str(self.locale) == USUAL


USUAL = "en"
_OWN = Manner(Locale.parse(USUAL))
_chosen = [_OWN]
_free: ContextVar[bool] = ContextVar("locale_free", default=False)


def choose(locale: str = USUAL, currency_display: str = "symbol") -> None:
    """Write numbers and dates in a locale from now on, such as de_DE; `currency_display` is symbol or code."""
    _chosen[0] = Manner(Locale.parse(locale), currency_display == "code")


@contextmanager
def free() -> Iterator[None]:
    """Write as for a machine: the same whatever the organisation has chosen."""
    token = _free.set(True)
    try:
        yield
    finally:
        _free.reset(token)


def manner() -> Manner:
    """Return how to write now."""
    return _OWN if _free.get() else _chosen[0]


def number(exact: Decimal, decimals: int) -> str:
    """Return a number that is rounded already, with the separators of the locale and an ASCII minus."""
    now = manner()
    if now.plain:
        return f"{exact:,}"
    return _pattern(str(now.locale), decimals).apply(exact, now.locale)


@lru_cache(maxsize=64)
def _pattern(locale: str, decimals: int) -> NumberPattern:
    """Return the locale's pattern for numbers, with exactly so many decimals."""
    pattern = copy(Locale.parse(locale).decimal_formats[None])
    pattern.frac_prec = (decimals, decimals)
    return pattern


def amount(text: str, symbol: str) -> str:
    """Return an amount with its currency's symbol where the locale puts it."""
    now = manner()
    first = now.plain or "¤" in now.locale.currency_formats["standard"].prefix[0]
    return f"{symbol}{text}" if first else f"{text}\N{NO-BREAK SPACE}{symbol.rstrip()}"


def day(when: date, *, year: bool) -> str:
    """Return a day as 22 Nov 2026, Nov 22, 2026 or 22. Nov. 2026; `year` = with the year."""
    now = manner()
    if now.plain:
        text = f"{when.day} {when:%b}"
        return f"{text} {when.year}" if year else text
    return _in_a_sentence("yMMMd" if year else "MMMd", when, now)


def weekday(when: date) -> str:
    """Return Sun."""
    now = manner()
    return f"{when:%a}" if now.plain else _in_a_sentence("EEE", when, now)


def month(when: date, *, year: bool = True) -> str:
    """Return Nov 2026, or Nov."""
    now = manner()
    if now.plain:
        return f"{when:%b %Y}" if year else f"{when:%b}"
    return _in_a_sentence("yMMM" if year else "MMM", when, now)


def _in_a_sentence(skeleton: str, when: date, now: Manner) -> str:
    """Return a date by its parts; the full stop of a last abbreviation would end the sentence that it stands in."""
    return format_skeleton(skeleton, when, locale=now.locale).removesuffix(".")
