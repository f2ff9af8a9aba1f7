"""The demo's time axis: every UTC hour of the window with its local hour, weekday and distance to the last closed week.

Volumes are drawn per UTC hour and read through the local clock, so a daylight-saving week really has 167 or 169 hours
and no local time is invented or lost.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

ZONE = ZoneInfo("Europe/Berlin")
SECOND = 1_000_000  # all instants are integer microseconds of naive UTC
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
SETTLE_HOURS = 48  # a week counts for a gate only this long after its end
ARRIVAL = 4 * 60 * SECOND  # the last rows arrive within four minutes after the last local day
WRITTEN_FOR = date(2026, 11, 16)  # the anchor to which the fixed days and months of the demo belong

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def instant(moment: datetime) -> int:
    """Return an aware moment as microseconds of UTC since 1970."""
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def local_midnight(day: date) -> int:
    """Return the instant at which a local day begins."""
    return instant(datetime(day.year, day.month, day.day, tzinfo=ZONE))


@dataclass(frozen=True)
class Clock:
    """The window: `weeks` local weeks from Monday on, the last one ending (or broken off) with the local day `end`."""

    end: date
    weeks: int

    @cached_property
    def first_day(self) -> date:
        """Monday on which the window begins."""
        return self.end - timedelta(days=self.end.weekday(), weeks=self.weeks - 1)

    @cached_property
    def start(self) -> int:
        """First instant of the window."""
        return local_midnight(self.first_day)

    @cached_property
    def stop(self) -> int:
        """First instant after the last local day; nothing happens from here on."""
        return local_midnight(self.end + timedelta(days=1))

    @cached_property
    def arrived(self) -> int:
        """Latest ingest: the demo knows nothing that came after it."""
        return self.stop + ARRIVAL

    @cached_property
    def anchor(self) -> date:
        """Monday after the last closed week: week -1 is the last one that a gate counts, -3 the third last."""
        monday = self.end + timedelta(days=1) - timedelta(days=(self.end + timedelta(days=1)).weekday())
        settled = monday + timedelta(hours=SETTLE_HOURS) <= self.end + timedelta(days=1)
        return monday if settled else monday - timedelta(weeks=1)

    def day(self, week: float) -> date:
        """Return the local day that lies `week` weeks after the anchor (negative = before)."""
        return self.anchor + timedelta(days=round(7 * week))

    def at(self, week: float, hour: int = 0, minute: int = 0) -> int:
        """Return the instant of a local time of day, `week` weeks after the anchor."""
        day = self.day(week)
        return instant(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE))

    def moved(self, day: date) -> date:
        """Return a fixed day of the demo as far from this anchor as it was from the one it was written for."""
        return day + (self.anchor - WRITTEN_FOR)

    def moved_month(self, month: date) -> date:
        """Return the first day of the month into which the middle of a fixed month moves."""
        return self.moved(month.replace(day=15)).replace(day=1)

    @cached_property
    def hours(self) -> Ints:
        """Start of every UTC hour of the window."""
        return np.arange(self.start, self.stop, HOUR, dtype=np.int64)

    @cached_property
    def _local(self) -> list[datetime]:
        return [datetime.fromtimestamp(int(hour) / SECOND, ZONE) for hour in self.hours]

    @cached_property
    def local_hour(self) -> Ints:
        """Local hour of day, 0 to 23, per hour of the window."""
        return np.array([moment.hour for moment in self._local], dtype=np.int64)

    @cached_property
    def weekday(self) -> Ints:
        """Local weekday, Monday = 0, per hour of the window."""
        return np.array([moment.weekday() for moment in self._local], dtype=np.int64)

    @cached_property
    def position(self) -> Floats:
        """Weeks from the anchor, by the local calendar, per hour of the window (negative = before)."""
        origin = self.anchor.toordinal()
        return np.array([(m.toordinal() - origin + m.hour / 24) / 7 for m in self._local], dtype=np.float64)
