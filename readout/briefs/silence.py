"""How long a system may be silent: the promise of the organisation, and beside it the pauses that its own work makes.

Work of office days is silent every weekend, and a desk with a task every few days is silent most days. Neither is late.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise

from readout.briefs.book import Book
from readout.warehouse.reader import Snapshot

WEEKS = 8  # back from as-of, within which a pause is usual


def allowed_silence(snapshot: Snapshot, book: Book, systems: Collection[str]) -> dict[str, float]:
    """Return for each system the hours after which its last task is late: the promise and its longest usual pause."""
    end = book.calendar.day_of(book.as_of) + timedelta(days=1)
    rows = snapshot.query(
        "read/task_days", from_day=end - timedelta(weeks=WEEKS), to_day=end, systems=list(systems)
    ).to_dict("records")
    days: dict[str, list[date]] = {system: [] for system in systems}
    for row in rows:
        days[row["system_id"]].append(row["day_local"])
    promise = book.portfolio.organisation.freshness_hours
    return {system: promise + 24 * longest_pause(worked) for system, worked in days.items()}


def longest_pause(worked: Sequence[date]) -> int:
    """Return the most days without a task between two days with one; `worked` ascends.

    What follows the last day is no pause yet: it is the silence in question.
    """
    return max(((after - before).days - 1 for before, after in pairwise(worked)), default=0)
