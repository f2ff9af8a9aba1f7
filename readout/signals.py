"""Signal or routine variation: what a weekly series says, in limits that follow lasting shifts. Pure.

The limits and rules are METRICS' `xmr.v1`. They lock on the first 12 weeks and restart where the process has moved for
good: 8 weeks in a row on one side are a shift, which begins with the first week nearer to the new level than to the
old one and opens new limits there. It stays named as long as it is recent: a new normal is announced once and is then
the ground for the next verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean, median
from typing import Literal

from readout.stats import RUN, Limits, Signal, xmr

METHOD = "xmr.v1"
RECENT = timedelta(weeks=12)  # how long a shift is news where a shorter window is shown
NEAR = 4  # points of which three lie nearer the limit
_FLAT = 1e-9  # a moving range under this share of the centre is no variation

State = Literal["signal", "routine", "too_few", "flat", "no_value"]
Rule = Literal["", "outside", "shift", "near"]
Outlook = Literal["", "passing", "failing", "hit_or_miss", "unsettled"]


@dataclass(frozen=True)
class Week:
    """One week of a series. With `bottom` the value is top / bottom; `whole` is False while the week is running."""

    start: date
    top: float | None
    bottom: float | None = None
    whole: bool = True


@dataclass(frozen=True)
class Band:
    """The process limits that hold from the week `start` to the week `last`, both included."""

    start: date
    last: date
    centre: float
    lower: float
    upper: float
    trial: bool  # fewer than 12 weeks behind them


@dataclass(frozen=True)
class Verdict:
    """What a series says at its last whole week.

    `rule` and `since` name the signal: `outside` the limits, a `shift` (8 in a row on one side) or `near` a limit (3 of
    4). `passed` are recent weeks that stood outside and were followed by ordinary ones.
    """

    state: State = "no_value"
    rule: Rule = ""
    side: str = ""  # high, low
    since: date | None = None
    weeks: int = 0  # how many weeks the signal lasts
    points: int = 0  # known whole weeks behind the limits in force
    bands: tuple[Band, ...] = ()
    passed: tuple[date, ...] = ()
    size: float = 0.0  # how far the process has moved, in mean moving ranges

    @property
    def band(self) -> Band | None:
        """The limits in force."""
        return self.bands[-1] if self.bands and self.state not in {"too_few", "flat"} else None

    def at(self, week: date) -> Band | None:
        """Return the limits that hold in a week; the last ones hold on."""
        inside = [band for band in self.bands if band.start <= week <= band.last]
        if inside:
            return inside[0]
        return self.bands[-1] if self.bands and week > self.bands[-1].last else None


@dataclass(frozen=True)
class _Stretch:
    """The weeks between two shifts: their indices, limits, signals and runs (indices of the whole series)."""

    start: int
    end: int
    limits: Limits
    signals: tuple[Signal, ...]
    runs: tuple["_Run", ...]
    side: str = ""  # of the shift that opened it


def read(
    weeks: Sequence[Week],
    *,
    recent: date | None = None,
    domain: tuple[float | None, float | None] | None = None,
) -> Verdict:
    """Return what a series of consecutive weeks says, oldest first.

    Weeks that are missing (None) or running break the chain and are never tested. A shift that began on `recent` or
    later is a signal; an older one is the normal of today. Without it, the last 12 weeks are recent.
    """
    known = [index for index, week in enumerate(weeks) if week.whole and week.top is not None]
    if not known:
        return Verdict()
    weeks = weeks[known[0] :]  # nothing was recorded before
    last = max(index for index, week in enumerate(weeks) if week.whole)
    stretches = _stretches(weeks, domain)
    bands = tuple(_bands(weeks, stretches))
    now = stretches[-1]
    value = _value(weeks[last])
    points = sum(_value(week) is not None for week in weeks[now.start :])
    if value is None:
        return Verdict(points=points, bands=bands)
    if now.limits.centre is None or now.limits.mean_range is None:
        return Verdict("too_few", points=points, bands=bands)
    if now.limits.mean_range <= _FLAT * abs(now.limits.centre):
        return Verdict("flat", points=points)
    news = min(recent or date.max, weeks[last].start - RECENT + timedelta(weeks=1))
    found = _active(weeks, stretches, last, news)
    lasting = set(range(found[2], last + 1)) if found and found[0] == "outside" else set()
    passed = tuple(
        weeks[one.index].start
        for one in now.signals
        if one.rule == "outside" and one.index not in lasting and weeks[one.index].start >= news
    )
    if not found:
        return Verdict("routine", points=points, bands=bands, passed=passed)
    rule, side, start = found
    size = _moved(weeks, stretches, rule, last)
    return Verdict("signal", rule, side, weeks[start].start, last - start + 1, points, bands, passed, size)


def outlook(verdict: Verdict, op: str, line: float) -> Outlook:
    """Return what the limits say of a threshold: whether ordinary weeks will keep passing it.

    `op` is the comparison that has to hold (>, >=, <, <=). While the last week stands outside its limits they say
    nothing about the next one: unsettled. Without limits: "".
    """
    band = verdict.band
    if band is None or op not in {">", ">=", "<", "<="}:
        return ""
    if verdict.state == "signal" and verdict.rule == "outside":
        return "unsettled"
    worst, best = (band.lower, band.upper) if op.startswith(">") else (band.upper, band.lower)
    if _holds(worst, op, line):
        return "passing"
    return "hit_or_miss" if _holds(best, op, line) else "failing"


def _holds(value: float, op: str, line: float) -> bool:
    return {">": value > line, ">=": value >= line, "<": value < line, "<=": value <= line}[op]


def _value(week: Week) -> float | None:
    if not week.whole or week.top is None:
        return None
    if week.bottom is None:
        return week.top
    return week.top / week.bottom if week.bottom else None


def _stretches(weeks: Sequence[Week], domain: tuple[float | None, float | None] | None) -> list[_Stretch]:
    """Cut the series where it shifts for good, from left to right."""
    rates = any(week.bottom is not None for week in weeks)
    found: list[_Stretch] = []
    start, side = 0, ""
    while True:
        own = weeks[start:]
        chart = xmr(
            [week.top for week in own],
            [week.bottom for week in own] if rates else None,
            partial=[index for index, week in enumerate(own) if not week.whole],
            domain=domain,
        )
        runs = _runs(own, chart.signals)
        moved = next((run for run in runs if run.start > 0 and run.end - run.start >= RUN), None)
        end = len(own) if moved is None else moved.start
        kept = tuple(Signal(one.index + start, one.rule, one.side) for one in chart.signals if one.index < end)
        begun = tuple(_Run(run.start + start, run.end + start, run.side) for run in runs if run.start < end)
        found.append(_Stretch(start, start + end, chart.limits, kept, begun, side))
        if moved is None:
            return found
        start, side = start + moved.start, moved.side


@dataclass(frozen=True)
class _Run:
    """8 or more values in a row on one side of the centre. `start`: the first that lies nearer the new level."""

    start: int
    end: int
    side: str


def _runs(weeks: Sequence[Week], signals: Sequence[Signal]) -> list[_Run]:
    """Return the runs of a stretch, oldest first, each without the weeks that still belong to the level before."""
    found: list[_Run] = []
    for one in signals:
        if one.rule != "run":
            continue
        if found and (found[-1].end, found[-1].side) == (one.index, one.side):
            found[-1] = _Run(found[-1].start, one.index + 1, one.side)
        else:
            found.append(_Run(one.index - RUN + 1, one.index + 1, one.side))
    return [_Run(_turn(weeks, run), run.end, run.side) for run in found]


def _turn(weeks: Sequence[Week], run: _Run) -> int:
    """Return the first week of a run that lies nearer to the run's own level than to the level before it."""
    before = [value for week in weeks[: run.start] if (value := _value(week)) is not None]
    if not before:
        return run.start
    values = [_value(week) or 0.0 for week in weeks[run.start : run.end]]
    old, new = fmean(before), median(values)
    return run.start + next(i for i, value in enumerate(values) if abs(value - new) <= abs(value - old))


def _bands(weeks: Sequence[Week], stretches: Sequence[_Stretch]) -> list[Band]:
    return [
        Band(
            weeks[one.start].start,
            weeks[one.end - 1].start,
            one.limits.centre,
            one.limits.lower,
            one.limits.upper,
            one.limits.status == "trial",
        )
        for one in stretches
        if one.limits.centre is not None and one.limits.lower is not None and one.limits.upper is not None
    ]


def _active(
    weeks: Sequence[Week], stretches: Sequence[_Stretch], last: int, news: date
) -> tuple[Rule, str, int] | None:
    """Return the signal at the last week and where it begins: outside before a recent shift before near a limit."""
    now = stretches[-1]
    outside = {one.index: one.side for one in now.signals if one.rule == "outside"}
    if last in outside:
        start = last
        while outside.get(start - 1) == outside[last]:
            start -= 1
        return "outside", outside[last], start
    if now.runs and now.runs[-1].end == last + 1 and weeks[now.runs[-1].start].start >= news:
        return "shift", now.runs[-1].side, now.runs[-1].start
    if len(stretches) > 1 and weeks[now.start].start >= news:
        return "shift", now.side, now.start
    near = {one.index: one.side for one in now.signals if one.rule == "near"}
    if last in near:
        start = last
        while near.get(start - 1) == near[last]:
            start -= 1
        return "near", near[last], max(start - NEAR + 2, now.start)
    return None


def _moved(weeks: Sequence[Week], stretches: Sequence[_Stretch], rule: Rule, last: int) -> float:
    """Return how far the process has moved: the last value, or after a shift its new centre, from the centre before."""
    now = stretches[-1].limits
    value = _value(weeks[last])
    pairs = [(before.limits, after.limits) for before, after in pairwise(stretches)]
    lasting = stretches[-1].runs and stretches[-1].runs[-1].end == last + 1
    before, after = pairs[-1] if rule == "shift" and pairs and not lasting else (now, None)
    to = after.centre if after else value
    if to is None or before.centre is None or not before.mean_range:
        return 0.0
    return abs(to - before.centre) / before.mean_range
