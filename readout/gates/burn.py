"""The daily burn check: a collapse does not wait for the end of the week. Pure.

A breach line allows some share of bad tasks (p95 above 170 ms: 5 %). Burn is the day's bad share over the allowed one;
the budget of a week is the allowed share of a week's tasks (Google SRE, "Alerting on SLOs").
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from readout import stats
from readout.gates.facts import Observed
from readout.gates.policy import PERCENTILES, GateMetric
from readout.gates.rules import Comparison
from readout.gates.scoring import count_under

FEWEST_BAD = 10  # fewer bad tasks in a day never raise an alarm, whatever their share
LOOKS = 7  # days of a week that are looked at: alpha is split over them


@dataclass(frozen=True)
class Burn:
    """One day of one breach line. `alarm`: the day's bound lies beyond the line, with enough bad tasks to say so."""

    metric: str
    day: date
    n: float
    bad: float
    allowed: float  # share of bad tasks that the breach line allows
    of_week: float | None  # share of a week's budget that the day used up; None without an earlier week
    alarm: bool

    @property
    def rate(self) -> float:
        """How many times faster than allowed."""
        return self.bad / self.n / self.allowed if self.allowed else float("inf")


def burn(metric: GateMetric, observed: Observed, day: date, weekly_n: float | None, alpha: float) -> Burn | None:
    """Return the burn of a metric's breach line on one day; None where there is no such line or no count."""
    found = _bad(metric, observed)
    if found is None or not observed.n:
        return None
    bad, allowed = found
    confident = stats.clopper_pearson_lower(bad, observed.n, alpha / LOOKS) > allowed
    budget = allowed * weekly_n if weekly_n else None
    return Burn(
        metric.name,
        day,
        observed.n,
        bad,
        allowed,
        bad / budget if budget else None,
        alarm=bad >= FEWEST_BAD and confident,
    )


def _bad(metric: GateMetric, observed: Observed) -> tuple[float, float] | None:
    """Return the bad tasks and the share that the breach line allows."""
    line = metric.breach
    if not isinstance(line, Comparison) or line.op == "==" or observed.n is None:
        return None
    if metric.is_share:
        if observed.successes is None:
            return None
        if line.op in {"<", "<="}:
            return observed.n - observed.successes, float(1 - Fraction(line.value))
        return observed.successes, float(line.value)
    quantile = PERCENTILES.get(metric.statistic or "")
    under = count_under(metric, observed, line.value)
    if quantile is None or under is None:
        return None
    above = observed.n - under
    return (above, float(1 - quantile)) if line.op in {">", ">="} else (under, float(quantile))
