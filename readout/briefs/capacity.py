"""Hours that came back since launch, month by month, and what they would be under other assumptions. Pure.

Hours are (baseline − handling) × claimable tasks, summed over whole months: a month with more work than there was
before lends nothing to the next. Claimable in a month is the smaller of the baseline's demand and the tasks now,
without what AI did beyond the share that its stage entitles it to.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt

from readout.briefs.reduction import (
    FEWEST_TASKS,
    HandlingBaseline,
    HandlingSums,
    Stratum,
    claimable_tasks,
    mix_adjusted,
    strata,
)
from readout.periods import Window, next_month
from readout.stats.inputs import z_of

Z = z_of(0.025)
HOUR = 3600.0


@dataclass(frozen=True)
class Month:
    """One whole month since launch. `tasks`: with a handling time; `reason`: why its hours cannot be said."""

    month: date
    tasks: int
    claimable: float = 0.0
    beyond: float = 0.0  # tasks that AI did beyond the share that its stage entitles it to
    hours: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Capacity:
    """Hours to date. Seconds are means over the claimable tasks; `spread_*` are standard errors, None where unknown."""

    months: tuple[Month, ...] = ()
    hours: float | None = None
    claimable: float = 0.0
    before: float = 0.0
    now: float = 0.0
    spread_before: float | None = None
    spread_now: float = 0.0
    reason: str = ""

    @property
    def tasks(self) -> int:
        """Tasks with a handling time in these months."""
        return sum(month.tasks for month in self.months)

    @property
    def beyond(self) -> float:
        """Tasks beyond the entitled share."""
        return sum(month.beyond for month in self.months)

    @property
    def unknown(self) -> tuple[Month, ...]:
        """Months whose hours cannot be said; they are in no sum."""
        return tuple(month for month in self.months if month.hours is None)

    @property
    def half_width(self) -> float | None:
        """Half of the two-sided 95 % interval, in hours; None where the baseline states no n or no spread."""
        if self.hours is None or self.spread_before is None:
            return None
        return Z * sqrt(self.spread_before**2 + self.spread_now**2) * self.claimable / HOUR

    def at(self, before: float | None = None, now: float | None = None, share: float = 1.0) -> float:
        """Return the hours with other seconds a task, and with a share of the claimable tasks."""
        gap = (self.before if before is None else before) - (self.now if now is None else now)
        return gap * self.claimable * share / HOUR


def capacity(
    baselines: Sequence[HandlingBaseline],
    months: Mapping[date, HandlingSums],
    beyond: Mapping[date, float],
    demand: float = 1.0,
) -> Capacity:
    """Return the hours of whole months.

    `months`: first day -> handling sums by task type. `beyond`: first day -> the share of the month's tasks that is not
    claimable. `demand` scales the baseline's demand. The error of a baseline is common to all months, so that it grows
    with their number and is not averaged out.
    """
    if not baselines:
        return Capacity(reason="no baseline of handling time")
    seen, tasks, gained = [], defaultdict(float), defaultdict(float)
    noise = 0.0
    for month in sorted(months):
        window = Window(month, next_month(month))
        parts = [_with_demand(part, demand) for part in strata(baselines, months[month])]
        n = sum(part.n for part in parts)
        found = mix_adjusted(parts, window)
        if found.reduction is None:
            seen.append(Month(month, n, reason=found.reason))
            continue
        hours, counted = 0.0, 0.0
        for part in (one for one in parts if one.n >= FEWEST_TASKS):
            claimed = min(claimable_tasks(part, window), part.n * (1 - beyond.get(month, 0.0)))
            hours += (part.baseline - part.mean) * claimed / HOUR
            counted += claimed
            tasks[part.task_type] += claimed
            gained[part.task_type] += part.mean * claimed
            noise += part.variance * claimed**2
        seen.append(Month(month, n, counted, n * beyond.get(month, 0.0), hours))
    total = sum(tasks.values())
    if not total:
        reasons = dict.fromkeys(month.reason for month in seen if month.reason)
        return Capacity(tuple(seen), reason=next(iter(reasons), "no whole month since the launch"))
    known = {one.task_type: one for one in baselines}
    stated = all(known[kind].variance for kind in tasks)
    error = sum(known[kind].variance * count**2 for kind, count in tasks.items())
    return Capacity(
        tuple(seen),
        sum(month.hours for month in seen if month.hours is not None),
        total,
        sum(known[kind].seconds * count for kind, count in tasks.items()) / total,
        sum(gained.values()) / total,
        sqrt(error) / total if stated else None,
        sqrt(noise) / total,
    )


def _with_demand(part: Stratum, scale: float) -> Stratum:
    return part if part.demand is None else replace(part, demand=part.demand * scale)
