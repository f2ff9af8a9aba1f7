"""The weekly business review: weeks and months of each metric, the nine cells under it, and the exceptions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from readout.briefs.results import Finding, Header
from readout.briefs.results_readout import ChangeRow
from readout.signals import Verdict

Number = int | float | Decimal


@dataclass(frozen=True)
class Compared:
    """A value of one period and of its counterpart; None where it cannot be said, with the reason."""

    value: Number | None
    before: Number | None = None
    reason: str = ""
    before_reason: str = ""


@dataclass(frozen=True)
class Point:
    """One week or month of a panel, and the same a year before (weeks: 364 days earlier)."""

    start: date
    value: float | None
    year_before: float | None


@dataclass(frozen=True)
class Box:
    """The nine cells: last week, on the week before (WOW), on a year before (YOY); month, quarter and year to date."""

    week: Compared  # against the week before
    week_year: Compared  # against 364 days before
    month: Compared  # to date, against the same days a year before
    quarter: Compared
    year: Compared


@dataclass(frozen=True)
class Panel:
    """One metric: six weeks and twelve whole months on one axis, its nine cells and its signal."""

    metric: str
    currency: str
    weeks: tuple[Point, ...]
    months: tuple[Point, ...]
    box: Box
    signal: Verdict
    reason: str = ""  # why the last week has no value


@dataclass(frozen=True)
class ReviewBrief:
    """The review of one week. `week` is its first day; `missing` are days of its periods without any record."""

    header: Header
    finding: Finding
    week: date
    panels: tuple[Panel, ...]  # those that signal first
    exceptions: tuple[ChangeRow, ...]
    owners: dict[str, str]  # system -> who explains it, "" where nobody is named
    missing: tuple[date, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()  # metrics that cannot be said of these systems together, and why
    empty: bool = False
