"""Number formats. Numbers arrive unrounded and are rounded here, once, half away from zero.

There is one format table, `FORMATS`, keyed by a metric's unit. A missing value never becomes 0.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from readout.briefs.results import Figure
from readout.metrics import METRICS
from readout.words import locales

Number = int | float | Decimal
MINUS = "\N{MINUS SIGN}"
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "CHF": "CHF\u00a0"}
_NO_CENTS = frozenset({"JPY", "KRW", "CLP", "ISK", "VND"})
_FEW = 1000  # under this n a share carries no decimals: its interval is wider than a point
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def rounded(value: Number, decimals: int) -> Decimal:
    """Return the value rounded once, half away from zero."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def plain(value: Number, decimals: int = 0) -> str:
    """Return digits with separators and a true minus sign: 12,480 or −3.20."""
    number = rounded(value, decimals)
    if not number:
        number = abs(number)  # no "−0"
    return locales.number(number, decimals).replace("-", MINUS)


def count(value: Number) -> str:
    """Return a count in full: 12,480."""
    return plain(value)


def compact(value: Number) -> str:
    """Return a count in three or four digits: 9,412, 31.2k, 1.24M."""
    size = abs(float(value))
    for limit, scale, suffix, decimals in (
        (999_500_000, 1e9, "bn", 2),
        (9_995_000, 1e6, "M", 1),
        (999_500, 1e6, "M", 2),
        (99_950, 1e3, "k", 0),
        (9_999.5, 1e3, "k", 1),
    ):
        if size >= limit:
            return plain(float(value) / scale, decimals) + suffix
    return plain(value)


def percent(value: Number, n: int | None = None) -> str:
    """Return a share as a percentage, without decimals where n is small: 62.4%, 85%, 0.42%.

    Only all is 100% and only none is 0%: what merely rounds to them is said to be beyond 99.9% or 0.01%.
    """
    share = float(value)
    if share in {0.0, 1.0}:
        return f"{plain(share * 100)}%"
    size = abs(share) * 100
    decimals = 0 if n is not None and n < _FEW else 2 if size < 1 else 1
    if share < 1 and rounded(share * 100, decimals) == 100:  # noqa: PLR2004 - per cent
        return f"> {plain(99.9, 1) if decimals else plain(99)}%"
    return f"{plain(share * 100, decimals)}%"


def points(difference: Number) -> str:
    """Return a difference of two shares in percentage points, with its sign: +2.3 pp."""
    return f"{signed(float(difference) * 100, 1)} pp"


def signed(value: Number, decimals: int = 0) -> str:
    """Return the number with its sign; plus is shown only on changes."""
    text = plain(value, decimals)
    return text if text.startswith(MINUS) or not rounded(value, decimals) else f"+{text}"


def duration(seconds: Number) -> str:
    """Return a length of time as a person says it: 412 ms, 4.2 s, 38 s, 4.2 min, 3.1 h, 2.5 days."""
    value = float(seconds)
    size = abs(value)
    if not size:
        return "0 s"
    if size < 0.9995:  # noqa: PLR2004 - 0.9995 s would round to 1,000 ms
        return f"{plain(value * 1000)} ms"
    for limit, scale, unit in ((90, 1, "s"), (90 * _MINUTE, _MINUTE, "min"), (2 * _DAY, _HOUR, "h")):
        if size < limit:
            scaled = value / scale
            return f"{plain(scaled, 0 if abs(scaled) >= 9.95 else 1)} {unit}"  # noqa: PLR2004 - two digits are enough
    return f"{plain(value / _DAY, 1)} days"


def age(number: float | None) -> str:
    """Return an age in hours as words: 40 min, 5 h, 3.2 days."""
    return "–" if missing(number) else duration(float(number or 0) * _HOUR)


def tick(value: Number, top: Number) -> str:
    """Return a count at a chart's axis; all ticks of an axis are in one scale: 0, 5k, 10k."""
    for scale, suffix in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(float(top)) >= scale * 2:
            return f"{_short(float(value) / scale)}{suffix}"
    return _short(float(value))


def _short(value: float) -> str:
    """Return a tick's number with the decimals that it has."""
    digits = f"{value:g}"
    if locales.manner().plain or "e" in digits:
        return digits
    return plain(value, len(digits.partition(".")[2])).replace(MINUS, "-")


def money_tick(value: Number, step: Number, currency: str) -> str:
    """Return an amount at a chart's axis, with as many decimals as the step between ticks needs."""
    digits = 0
    while digits < 8 and abs(float(step) * 10**digits - round(float(step) * 10**digits)) > 1e-6:  # noqa: PLR2004
        digits += 1
    return money(value, currency, max(digits, 2) if digits else 0)


def round_duration(seconds: float) -> str:
    """Return a duration for a tick: 30 s, 5 min, 4 h."""
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s")):
        if seconds >= size:
            return f"{plain(seconds / size)} {unit}"
    return f"{plain(seconds * 1000)} ms"


def milliseconds(value: Number) -> str:
    """Return a latency: 412 ms, 1.24 s."""
    size = abs(float(value))
    if size < 999.5:  # noqa: PLR2004 - 999.5 ms would round to 1,000 ms
        return f"{plain(value, 0 if size >= 9.95 else 1)} ms"  # noqa: PLR2004 - two digits are enough
    return f"{plain(float(value) / 1000, 2)} s"


def hours(value: Number) -> str:
    """Return hours of capacity: 1,240 h, 4.2 h."""
    return f"{plain(value, 1 if abs(float(value)) < 9.95 else 0)} h"  # noqa: PLR2004 - two digits are enough


def money_decimals(value: Number, currency: str = "") -> int:
    """Return how many decimals an amount needs to keep three significant digits, two at least under 1,000."""
    size = abs(float(value))
    if currency in _NO_CENTS and size >= 1:
        return 0
    if size >= 1000:  # noqa: PLR2004 - cents say nothing above a thousand
        return 0
    if size >= 1 or not size:
        return 2
    return min(max(2, math.ceil(-math.log10(size)) + 2), 8)


def money(value: Number, currency: str, decimals: int | None = None) -> str:
    """Return an amount with its currency: €0.0316, €12.40, €1,240."""
    digits = money_decimals(value, currency) if decimals is None else decimals
    text = plain(value, digits)
    sign = MINUS if text.startswith(MINUS) else ""
    return sign + locales.amount(text.removeprefix(MINUS), _symbol(currency))


def _symbol(currency: str) -> str:
    code = f"{currency}\u00a0" if currency else ""
    return code if locales.manner().code else _SYMBOLS.get(currency, code)


def exact_money(value: Decimal, *, signed: bool = False) -> str:
    """Return an amount with the decimals that it has and no currency, as tables that add up show it: 1,204.50."""
    exponent = value.as_tuple().exponent
    text = plain(value, max(-exponent, 0) if isinstance(exponent, int) else 0)
    return f"+{text}" if signed and value > 0 else text


def money_compact(value: Number, currency: str) -> str:
    """Return a total in few digits: €31.2k, €1.24M."""
    if abs(float(value)) < 9_999.5:  # noqa: PLR2004 - where `compact` begins
        return money(value, currency)
    sign = MINUS if value < 0 else ""
    return sign + locales.amount(compact(abs(value)), _symbol(currency))


def judged(figure: Figure) -> str:
    """Return what stands under a judged rate: its 95 % interval and n."""
    if figure.n is None:
        return ""
    n = f"n = {count(figure.n)}"
    if figure.interval is None:
        return n
    low, high = (plain(end * 100, 0 if figure.n < _FEW else 1) for end in figure.interval)
    return f"{low}–{high}%, {n}"


@dataclass(frozen=True)
class Format:
    """How values of one unit are written, and how their change is."""

    text: Callable[..., str]
    short: Callable[..., str]
    change: str  # relative, points


FORMATS: dict[str, Format] = {
    "tasks": Format(lambda v, _n, _c: count(v), lambda v, _n, _c: compact(v), "relative"),
    "tokens": Format(lambda v, _n, _c: count(v), lambda v, _n, _c: compact(v), "relative"),
    "share": Format(lambda v, n, _c: percent(v, n), lambda v, n, _c: percent(v, n), "points"),
    "seconds": Format(lambda v, _n, _c: duration(v), lambda v, _n, _c: duration(v), "relative"),
    "ms": Format(lambda v, _n, _c: milliseconds(v), lambda v, _n, _c: milliseconds(v), "relative"),
    "money": Format(lambda v, _n, c: money(v, c), lambda v, _n, c: money_compact(v, c), "relative"),
    "hours": Format(lambda v, _n, _c: hours(v), lambda v, _n, _c: f"{compact(v)} h", "relative"),
}


def value(figure: Figure, *, short: bool = False) -> str:
    """Return a figure's value in its metric's format, "" where there is none (show `figure.reason` instead)."""
    if figure.value is None:
        return ""
    form = FORMATS[METRICS[figure.metric].unit]
    return (form.short if short else form.text)(figure.value, figure.n, figure.currency)


def amount(metric: str, number: Number | None, currency: str = "", n: int | None = None) -> str:
    """Return a bare number in its metric's format, an en dash where there is none."""
    if missing(number):
        return "–"
    return FORMATS[METRICS[metric].unit].text(number, n, currency)


def missing(number: Number | None) -> bool:
    """Whether a cell holds no number: None, or the NaN of a frame."""
    return number is None or (isinstance(number, float) and math.isnan(number))


def some(number: float | None) -> float | None:
    """Return a frame's number, None for its NaN."""
    return None if missing(number) else number
