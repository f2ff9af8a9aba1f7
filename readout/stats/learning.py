"""Learning curves: what a doubling of cumulative volume does to the unit cost (Wright, 1936). Pure."""

from collections.abc import Sequence
from math import exp, isfinite, log, sqrt
from typing import NamedTuple

from scipy import special

FEWEST = 6  # months before a slope is said


class Learning(NamedTuple):
    """Change of the unit cost at each doubling (−0.12 = 12 % less), and its two-sided 95 % interval."""

    change: float
    lower: float
    upper: float
    n: int


def learning(volumes: Sequence[float], costs: Sequence[float]) -> Learning | None:
    """Return the slope of ln(cost) on ln(cumulative volume), as the change at a doubling: 2^b − 1.

    Ordinary least squares with Student's t; months in a row are not independent, so that the interval is rather too
    narrow. None with fewer than six points or without any growth of volume.

    Raises:
        ValueError: the lengths differ, or a number is not finite and above 0.
    """
    if len(volumes) != len(costs):
        message = f"{len(volumes)} volumes and {len(costs)} costs"
        raise ValueError(message)
    for number in (*volumes, *costs):
        if not (isfinite(number) and number > 0):
            message = f"a learning curve needs volumes and costs above 0, not {number}"
            raise ValueError(message)
    n = len(volumes)
    x, y = [log(one) for one in volumes], [log(one) for one in costs]
    if n < FEWEST:
        return None
    mean_x, mean_y = sum(x) / n, sum(y) / n
    spread = sum((one - mean_x) ** 2 for one in x)
    if spread <= 1e-12 * n:  # the same volume every month
        return None
    slope = sum((one - mean_x) * (other - mean_y) for one, other in zip(x, y, strict=True)) / spread
    left = sum((other - mean_y - slope * (one - mean_x)) ** 2 for one, other in zip(x, y, strict=True))
    half = float(special.stdtrit(n - 2, 0.975)) * sqrt(max(left, 0.0) / (n - 2) / spread)
    return Learning(_at_doubling(slope), _at_doubling(slope - half), _at_doubling(slope + half), n)


def _at_doubling(slope: float) -> float:
    return exp(slope * log(2)) - 1
