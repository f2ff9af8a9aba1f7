"""When a system's last task arrived, and how long it may be silent before it is late. Pure.

Beside the promise of the organisation a system has the pauses that its own work makes: work of office days is silent
every weekend, a desk with a task every few days is silent most days. Neither is late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import pandas as pd

WEEKS = 8  # back from as-of, within which a pause is usual
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Arrival:
    """The last arrival of one system, in naive UTC, and the hours after which it is late."""

    last: datetime
    allowed_hours: float

    def age_hours(self, as_of: datetime) -> float:
        """Return how long before as-of the last task arrived."""
        return (as_of - self.last) / HOUR

    def late(self, as_of: datetime) -> bool:
        """Whether the system is silent for longer than it was promised and than it usually is."""
        return self.age_hours(as_of) > self.allowed_hours


def arrivals_of(counts: pd.DataFrame, worked: pd.DataFrame, promise_hours: float) -> Mapping[str, Arrival]:
    """Return the last arrival of each system that has one; columns of read/fact_counts and read/task_days."""
    days: dict[str, list[date]] = {}
    for row in worked.to_dict("records"):
        days.setdefault(row["system_id"], []).append(row["day_local"])
    found = counts[(counts["table_name"] == "tasks") & (counts["name"] == "last_arrival") & (counts["example"] != "")]
    return {
        row["system_id"]: Arrival(
            datetime.fromisoformat(row["example"]),
            promise_hours + 24 * longest_pause(days.get(row["system_id"], ())),
        )
        for row in found.to_dict("records")
    }


def longest_pause(worked: Sequence[date]) -> int:
    """Return the most days without a task between two days with one; `worked` ascends.

    What follows the last day is no pause yet: it is the silence in question.
    """
    return max(((after - before).days - 1 for before, after in pairwise(worked)), default=0)
