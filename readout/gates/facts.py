"""Weekly facts of a gate: what one metric showed in one week, and reading them from JSON. Pure.

{"week": "2026-01-05", "complete": true, "settled": true, "release": "r1",
 "metrics": {"accuracy": {"n": 100, "successes": 88}, "latency": {"n": 100, "value": 212.0, "under_line": 97}}}
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

WEEK = timedelta(days=7)
_KEYS = ("n", "successes", "value", "under_line", "under", "sd", "samples", "control")
_WEEK_KEYS = ("week", "complete", "settled", "release", "metrics")


class FactsError(ValueError):
    """Weekly facts that cannot be read; the message names the week and the key."""


@dataclass(frozen=True)
class Observed:
    """One metric in one week. Everything may be absent (None) and may be impossible: the engine says so.

    `n`: observations. A share gives `successes`, or its `value` alone; any other metric its `value` in its unit.
    `under_line` counts the observations below the pass line, `under` below any other line (key: the line in the
    metric's unit). `sd` is the standard deviation of the single observations behind a mean. `samples` and `control`
    serve the comparison of two arms. `weighted`: n and successes are effective ones of unequally weighted reviews.
    """

    n: float | None = None
    successes: float | None = None
    value: float | None = None
    under_line: float | None = None
    under: Mapping[Decimal, float] = field(default_factory=dict)
    sd: float | None = None
    samples: tuple[float, ...] | None = None
    control: tuple[float, ...] | None = None
    weighted: bool = False


@dataclass(frozen=True)
class Week:
    """One week of a gate. `complete`: closed, so that it counts; `settled`: enough of its reviews have a verdict."""

    week: date  # first day
    complete: bool = True
    settled: bool = True
    release: str = ""
    metrics: Mapping[str, Observed] = field(default_factory=dict)


def read_weeks(document: Any) -> tuple[Week, ...]:
    """Return the weeks of a JSON document, oldest first, whatever their order there.

    Counts may be fractional; `"NaN"`, `"Infinity"` and `"-Infinity"` may stand for the float values. Keys that are not
    ours are left alone unless they look like a slip of ours. Raises FactsError, also for a week given twice.
    """
    if not isinstance(document, list):
        message = "the weeks must be a JSON list"
        raise FactsError(message)
    weeks = sorted((_week(item, f"week {place}") for place, item in enumerate(document, 1)), key=lambda one: one.week)
    for before, after in pairwise(weeks):
        refuse_overlap(before.week, after.week)
    return tuple(weeks)


def refuse_overlap(before: date, after: date) -> None:
    """Raise FactsError where two weeks, by their first days, are the same one or share days: both would count."""
    if before == after:
        message = f"the week of {after} is given twice"
        raise FactsError(message)
    if after - before < WEEK:
        message = f"the weeks of {before} and {after} overlap; give each week by its first day"
        raise FactsError(message)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object of its pairs; FactsError for a key that is given twice, which JSON readers let pass."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        message = f"`{next(name for name in names if names.count(name) > 1)}` is given twice in one object"
        raise FactsError(message)
    return found


def _week(item: Any, place: str) -> Week:
    _object(item, place, _WEEK_KEYS)
    try:
        first = date.fromisoformat(item["week"])
    except (KeyError, TypeError, ValueError):
        message = f"{place}: `week` must be its first day, such as 2026-01-05, found {item.get('week')!r}"
        raise FactsError(message) from None
    place = f"{place} ({first})"
    metrics = item.get("metrics") or {}
    _object(metrics, f"{place}, metrics", ())
    release = item.get("release")
    if release is not None and not isinstance(release, str):
        message = f"{place}: `release` must be text"
        raise FactsError(message)
    return Week(
        first,
        _flag(item, "complete", place),
        _flag(item, "settled", place),
        release or "",
        {name: _observed(found, f"{place}, {name}") for name, found in metrics.items() if found is not None},
    )


def _object(item: Any, place: str, keys: tuple[str, ...]) -> None:
    if not isinstance(item, dict):
        message = f"{place}: must be an object, found {str(item)[:40]!r}"
        raise FactsError(message)
    for key in item:
        close = difflib.get_close_matches(str(key), keys, n=1, cutoff=0.8) if keys and key not in keys else []
        if close:
            message = f"{place}: unknown key `{key}` (did you mean `{close[0]}`?)"
            raise FactsError(message)


def _flag(item: dict[str, Any], key: str, place: str) -> bool:
    value = item.get(key, True)
    if not isinstance(value, bool):
        message = f"{place}: `{key}` must be true or false, found {value!r}"
        raise FactsError(message)
    return value


def _observed(item: Any, place: str) -> Observed:
    _object(item, place, _KEYS)
    under = item.get("under") or {}
    _object(under, f"{place}, under", ())
    return Observed(
        n=_number(item.get("n"), f"{place}, n"),
        successes=_number(item.get("successes"), f"{place}, successes"),
        value=_number(item.get("value"), f"{place}, value"),
        under_line=_number(item.get("under_line"), f"{place}, under_line"),
        under={_line(key, place): found for key, count in under.items() if (found := _number(count, f"{place}, under"))
               is not None},
        sd=_number(item.get("sd"), f"{place}, sd"),
        samples=_numbers(item.get("samples"), f"{place}, samples"),
        control=_numbers(item.get("control"), f"{place}, control"),
    )  # fmt: skip


def _number(value: Any, place: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, str) and value in {"NaN", "Infinity", "-Infinity"}:
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = f"{place}: must be a number, found {value!r}"
        raise FactsError(message)
    try:
        return value if isinstance(value, int) and float(value) is not None else float(value)
    except OverflowError:
        return float("inf")


def _numbers(values: Any, place: str) -> tuple[float, ...] | None:
    if values is None:
        return None
    if not isinstance(values, list):
        message = f"{place}: must be a list of numbers"
        raise FactsError(message)
    found = [_number(value, place) for value in values]
    return tuple(float("nan") if one is None else one for one in found)


def _line(key: str, place: str) -> Decimal:
    try:
        line = Decimal(key)
    except InvalidOperation:
        line = Decimal("NaN")
    if not line.is_finite():
        message = f'{place}: `under` is keyed by lines such as "500", found {key!r}'
        raise FactsError(message)
    return line
