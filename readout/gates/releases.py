"""Which release a week belongs to. Pure; GATES.md: only a full week of one release counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

LEAST_SHARE = 0.05  # of a week's tasks: what a release carries below that is the tail of the one before


@dataclass(frozen=True)
class Release:
    """What a task ran on: a recorded major release (its start), a release without a record (its id), or neither."""

    major_at: datetime | None = None
    stray: str = ""

    @property
    def named(self) -> bool:
        """Whether the tasks name a release at all."""
        return self.major_at is not None or bool(self.stray)


class WeekRelease(NamedTuple):
    """The release whose tasks count in a week, the one it belongs to, and why it cannot count ('' = it can)."""

    counted: Release
    belongs: Release
    split: str


def release_of_week(
    majors: Sequence[datetime], tasks: Mapping[Release, int], begin: datetime, end: datetime, before: Release
) -> WeekRelease:
    """Return the release of the week between two instants.

    `majors`: starts of the system's recorded major releases, oldest first; `tasks`: completed tasks per release;
    `before`: the release of the week before, kept by a week without tasks.
    """
    inside = [start for start in majors if begin < start < end]
    by_time = max((start for start in majors if start <= begin), default=None)
    total = sum(tasks.values())
    carrying = sorted(
        (release for release, n in tasks.items() if n > LEAST_SHARE * total), key=lambda release: -tasks[release]
    )
    if inside:
        new = Release(inside[-1])
        return WeekRelease(new, new, f"a major release went into service on {inside[-1]:%Y-%m-%d}")
    if len(carrying) > 1:
        return WeekRelease(carrying[0], carrying[0], f"{len(carrying)} releases carried load")
    if not carrying:
        held = Release(by_time) if by_time is not None else before
        return WeekRelease(held, held, "")
    counted = carrying[0]
    return WeekRelease(counted, counted if counted.named or by_time is None else Release(by_time), "")
