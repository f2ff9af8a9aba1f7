"""How much more evidence a gate needs, and by when at today's rate. Pure."""

from dataclasses import dataclass
from math import ceil

from readout import stats
from readout.gates.evaluate import Verdict
from readout.gates.evidence import successes_of
from readout.gates.policy import Policy

NEVER = 10**6  # observations beyond which the answer is "not at this rate"


@dataclass(frozen=True)
class Outlook:
    """What the metric with the least evidence still needs. None = cannot be said."""

    metric: str
    rate: float | None = None  # share of successes so far
    line: float | None = None
    missing: int | None = None  # further observations at that rate; None: never at that rate
    weekly: float | None = None  # observations per closed week so far
    weeks: int | None = None


def outlook(policy: Policy, verdict: Verdict) -> Outlook | None:
    """Return what is missing for the evidence of a gate that is held, None where no evidence is counted."""
    metric = next((one for one in policy.metrics if one.name == verdict.weakest), None)
    closed = [week for week in verdict.weeks if week.state != "partial"]
    own = closed[-verdict.counted :] if verdict.counted else []
    if policy.decide.evidence != "always_valid" or metric is None or not own:
        return None
    counts = successes_of(policy, metric, own)
    if counts is None:
        return Outlook(metric.name)
    successes, n, p0 = counts
    weekly = n / len(own)
    if not n:
        return Outlook(metric.name, None, p0, None, weekly)
    missing = _missing(successes, n, p0, 1 / policy.decide.alpha)
    return Outlook(
        metric.name,
        successes / n,
        p0,
        missing,
        weekly,
        None if missing is None or not weekly else ceil(missing / weekly),
    )


def _missing(successes: float, n: float, p0: float, needed: float) -> int | None:
    """Return the fewest further observations, at the rate so far, that bring the e-value to `needed`."""
    rate = successes / n
    if rate <= p0:
        return None

    def enough(more: int) -> bool:
        return stats.e_value(successes + rate * more, n + more, p0) >= needed

    if enough(0):
        return 0
    high = 1
    while not enough(high):
        high *= 2
        if high > NEVER:
            return None
    low = high // 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return high
