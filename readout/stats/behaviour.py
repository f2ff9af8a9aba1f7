"""Signal or noise: process-behaviour charts of single values, XmR (METRICS, method id xmr.v1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import fmean

FEWEST_POINTS, LOCKED_POINTS = 8, 12  # below 8 no limits, from 12 on they are locked
SCALE, RANGE_LIMIT = 2.66, 3.268  # of the mean moving range (Wheeler 1993)
FEWEST_RANGES, FEWEST_EVENTS = 4, 5
RUN = 8


@dataclass(frozen=True)
class Signal:
    """A point that routine variation does not explain. rule: outside, run (8 on one side), near (3 of 4)."""

    index: int
    rule: str
    side: str  # high, low


@dataclass(frozen=True)
class Limits:
    """Process limits that hold from one index on. status: none (under 8 points), trial (8 to 11), locked."""

    start: int
    status: str
    centre: float | None = None
    mean_range: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Xmr:
    """A process-behaviour chart: the limits of each stretch between declared changes, and its signals in order."""

    stretches: tuple[Limits, ...]
    signals: tuple[Signal, ...]

    @property
    def limits(self) -> Limits:
        """The limits in force at the end."""
        return self.stretches[-1]

    @property
    def centre(self) -> float | None:
        """The centre in force at the end."""
        return self.limits.centre

    @property
    def mean_range(self) -> float | None:
        """The mean moving range behind the limits in force at the end."""
        return self.limits.mean_range

    @property
    def upper(self) -> float | None:
        """The upper limit in force at the end."""
        return self.limits.upper

    @property
    def lower(self) -> float | None:
        """The lower limit in force at the end."""
        return self.limits.lower


def xmr(
    series: Sequence[float | None],
    denominators: Sequence[float | None] | None = None,
    *,
    partial: Iterable[int] = (),
    rebase: Iterable[int] = (),
    domain: tuple[float | None, float | None] | None = None,
) -> Xmr:
    """Return limits and signals of a series of buckets, oldest first (method xmr.v1).

    `series` are values, or numerators where `denominators` are given: then the values are rates, the centre is
    Σ numerators / Σ denominators, and a bucket with fewer than 5 events is missing. None, NaN and `partial` indices
    are missing too: they break the chain of moving ranges and of runs and are never tested. Limits restart at each
    index of `rebase` (a declared change). `domain` clamps the limits; without one they do not go below 0 where no value
    does, which changes no signal.
    """
    hollow, series = set(partial), list(series)
    denominators = None if denominators is None else list(denominators)
    values: list[float | None] = []
    for index, top in enumerate(series):
        bottom = 1.0 if denominators is None else denominators[index]
        usable = top is not None and bottom is not None and isfinite(top) and isfinite(bottom) and index not in hollow
        if denominators is not None:
            usable = usable and bottom is not None and bottom >= FEWEST_EVENTS
        values.append(float(top) / float(bottom) if usable and top is not None and bottom else None)
    if domain is None:
        domain = (None if any(value is not None and value < 0 for value in values) else 0.0, None)
    starts = sorted({0, *(index for index in rebase if 0 < index < len(values))})
    stretches, signals = [], []
    for start, end in zip(starts, [*starts[1:], len(values)], strict=True):
        given = [(index, values[index]) for index in range(start, end) if values[index] is not None]
        base = [index for index, _ in given][:LOCKED_POINTS]
        limits = _limits(start, values, base, series if denominators is not None else None, denominators, domain)
        stretches.append(limits[0])
        signals += _signals(values, start, end, limits[0], limits[1])
    return Xmr(tuple(stretches), tuple(sorted(signals, key=lambda one: (one.index, one.rule))))


def _limits(
    start: int,
    values: Sequence[float | None],
    base: Sequence[int],
    tops: Sequence[float | None] | None,
    bottoms: Sequence[float | None] | None,
    domain: tuple[float | None, float | None],
) -> tuple[Limits, float]:
    """Return the limits and the half width before clamping."""
    if len(base) < FEWEST_POINTS:
        return Limits(start, "none"), 0.0
    if tops is not None and bottoms is not None:
        centre = sum(tops[i] or 0.0 for i in base) / sum(bottoms[i] or 0.0 for i in base)
    else:
        centre = fmean(value for i in base if (value := values[i]) is not None)
    ranges = [
        abs(here - before)
        for i in base
        if i > start and (here := values[i]) is not None and (before := values[i - 1]) is not None
    ]
    if not ranges:
        return Limits(start, "none"), 0.0
    mean = fmean(ranges)
    kept = [one for one in ranges if one <= RANGE_LIMIT * mean]
    if len(kept) >= FEWEST_RANGES and fmean(kept) > 0:
        mean = fmean(kept)
    half = SCALE * mean
    low, high = domain
    lower = centre - half if low is None else max(centre - half, low)
    upper = centre + half if high is None else min(centre + half, high)
    status = "locked" if len(base) == LOCKED_POINTS else "trial"
    return Limits(start, status, centre, mean, lower, upper), half


def _signals(values: Sequence[float | None], start: int, end: int, limits: Limits, half: float) -> list[Signal]:
    if limits.centre is None or limits.lower is None or limits.upper is None:
        return []
    centre = limits.centre
    found: list[Signal] = []
    length = 0  # values since the last missing bucket
    on_side = {"high": 0, "low": 0}  # how many of the last values lie on one side without a break
    near = {"high": (False,) * 4, "low": (False,) * 4}  # whether the last four lie nearer the limit than the centre
    for index in range(start, end):
        value = values[index]
        if value is None:
            length, on_side, near = 0, {"high": 0, "low": 0}, {"high": (False,) * 4, "low": (False,) * 4}
            continue
        length += 1
        if value > limits.upper or value < limits.lower:
            found.append(Signal(index, "outside", "high" if value > limits.upper else "low"))
        for side, away in (("high", value - centre), ("low", centre - value)):
            on_side[side] = on_side[side] + 1 if away > 0 else 0
            near[side] = (*near[side][1:], away > half / 2)  # the midpoint between centre and limit, unclamped
            if on_side[side] >= RUN:
                found.append(Signal(index, "run", side))
            if length >= 4 and near[side][-1] and sum(near[side]) >= 3:  # noqa: PLR2004
                found.append(Signal(index, "near", side))
    return found
