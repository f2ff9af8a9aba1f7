"""The close of a period: its figures frozen under an id and a hash, and what changed since, as adjustments. Pure.

A close is one canonical JSON record. Nothing in it is computed again: a report of a closed period reads it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeVar

from readout.canonical import hash_of, plain, restored
from readout.finance.charges import BESIDE, LINES
from readout.finance.footing import largest_remainder
from readout.finance.money import amount_of, total_of, unit_of, whole_units
from readout.finance.statement import DENOMINATORS, CostColumn, CostStatement
from readout.periods import Window

VERSION = 1  # of the record's form
GENESIS = "0" * 64  # stands where the first record names the one before it
TOTAL_LEVEL = "net"  # the level of the grand total: every line but those beside
T = TypeVar("T")
Status = Literal["open", "closed", "restated"]
Place = tuple[str, str, str]  # system, task type, kind of column


@dataclass(frozen=True)
class CloseCheck:
    """What a close asks for, and what it found. `binding`: no waiver can stand for it."""

    check: str
    state: Literal["pass", "fail"]
    says: str = ""
    binding: bool = False


@dataclass(frozen=True)
class Sealing:
    """By whom, when and on which data a period is closed. Instants are naive UTC."""

    by: str
    account: str  # of the operating system
    closed_at: datetime
    as_of: datetime
    data_version: str
    calendar: Mapping[str, str]
    currency: str


def record_of(
    period: str,
    window: Window,
    sealing: Sealing,
    checks: Iterable[CloseCheck],
    waivers: Mapping[str, str],
    figures: Mapping[str, Any],
    previous: tuple[str, int],
) -> dict[str, Any]:
    """Return the record of a close. `previous`: hash of the last record of any period, and this one's number."""
    before, sequence = previous
    return {
        "version": VERSION,
        "sequence": sequence,
        "previous": before,
        "period": period,
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        **plain(sealing),
        "checks": [plain(one) for one in checks],
        "waivers": dict(waivers),
        "figures": {name: plain(one) for name, one in figures.items()},
    }


@dataclass(frozen=True)
class Closed:
    """A closed period: the record as it was sealed, with its hash."""

    record: Mapping[str, Any]
    hash: str

    @property
    def period(self) -> str:
        """Name of the period: 2026-10, FY2027-P03."""
        return self.record["period"]

    @property
    def window(self) -> Window:
        """The period's local days, the last excluded."""
        return Window(date.fromisoformat(self.record["start"]), date.fromisoformat(self.record["end"]))

    @property
    def id(self) -> str:
        """The period and the first digits of the hash of its figures: the same figures have the same id."""
        return f"{self.period}@{hash_of(self.record['figures'])[:8]}"

    @property
    def by(self) -> str:
        """Who closed it."""
        return self.record["by"]

    @property
    def currency(self) -> str:
        """The currency of its amounts."""
        return self.record["currency"]

    @property
    def data_version(self) -> str:
        """The version of the data that its figures were made of."""
        return self.record["data_version"]

    @property
    def closed_at(self) -> datetime:
        """When it was closed, naive UTC."""
        return datetime.fromisoformat(self.record["closed_at"])

    @property
    def as_of(self) -> datetime:
        """As of when its figures are, naive UTC."""
        return datetime.fromisoformat(self.record["as_of"])

    @property
    def checks(self) -> tuple[CloseCheck, ...]:
        """What was checked, and found."""
        return restored(tuple[CloseCheck, ...], self.record["checks"])

    @property
    def waivers(self) -> Mapping[str, str]:
        """Check -> why it was let pass."""
        return self.record["waivers"]

    def section(self, name: str, kind: type[T]) -> T:
        """Return a section of the frozen figures as the dataclass that was frozen.

        Raises:
            KeyError: the close has no such section.
        """
        return restored(kind, self.record["figures"][name])

    @property
    def statement(self) -> CostStatement:
        """The cost statement as it was reported."""
        return self.section("statement", CostStatement)

    @property
    def by_task_type(self) -> CostStatement:
        """The same with a column for each task type."""
        return self.section("by_task_type", CostStatement)


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with a record of a close."""

    sequence: int
    period: str
    what: str


def verify(stored: Iterable[tuple[Mapping[str, Any], str]]) -> tuple[Fault, ...]:
    """Return what is wrong with the records of all closes, in their order: a text that was changed breaks its hash."""
    faults, last = [], GENESIS
    for number, (record, sealed) in enumerate(stored, start=1):
        sequence, period = int(record.get("sequence", 0)), str(record.get("period", ""))
        if sequence != number:
            faults.append(Fault(number, period, f"record {number} is missing or stands elsewhere"))
        if record.get("previous") != last:
            faults.append(Fault(sequence, period, "it does not follow the record before it"))
        if hash_of(record) != sealed:
            faults.append(Fault(sequence, period, "its text is not what was sealed"))
        last = sealed
    return tuple(faults)


# --- what changed since ---


@dataclass(frozen=True)
class Adjustment:
    """A cost line of a column that is another than it was reported."""

    system_id: str
    task_type: str
    kind: str
    line: str
    reported: Decimal
    restated: Decimal

    @property
    def amount(self) -> Decimal:
        """Restated less as reported."""
        return total_of((self.restated, -self.reported))


@dataclass(frozen=True)
class VolumeAdjustment:
    """A number of tasks that is another than it was reported."""

    system_id: str
    task_type: str
    denominator: str
    reported: int
    restated: int

    @property
    def amount(self) -> int:
        """Restated less as reported."""
        return self.restated - self.reported


@dataclass(frozen=True)
class Adjustments:
    """What changed since a close: `reported` and `total` come to `restated`, exactly; lines beside are in no total."""

    rows: tuple[Adjustment, ...]
    volumes: tuple[VolumeAdjustment, ...]
    reported: Decimal
    restated: Decimal

    @property
    def total(self) -> Decimal:
        """Restated less as reported, over all lines of the total."""
        return total_of((self.restated, -self.reported))

    @property
    def changed(self) -> bool:
        """Whether anything is another than it was reported."""
        return bool(self.rows or self.volumes)

    def footed(self, minor_unit: Decimal) -> "Adjustments":
        """Return the adjustments in minor units: the lines of the total lead from one rounded total to the other."""
        unit = unit_of(minor_unit)
        exact = [Fraction(row.amount) / Fraction(unit) for row in self.rows]
        inside = {place: amount for place, amount in enumerate(exact) if self.rows[place].line in LINES}
        reported, restated = (whole_units(Fraction(one), unit) for one in (self.reported, self.restated))
        moved = sum(inside.values(), Fraction(0))
        if moved.denominator == 1:  # whole lines stay whole, also where both totals are halves of opposite sign
            restated = reported + int(moved)
        shares = largest_remainder(inside, restated - reported)
        rows = []
        for place, row in enumerate(self.rows):
            before = whole_units(Fraction(row.reported), unit)
            now = before + shares.get(place, whole_units(exact[place], Decimal(1)))
            rows.append(replace(row, reported=amount_of(before, unit), restated=amount_of(now, unit)))
        totals = (amount_of(one, unit) for one in (reported, restated))
        return replace(self, rows=tuple(rows), **dict(zip(("reported", "restated"), totals, strict=True)))


def adjustments(reported: CostStatement, restated: CostStatement) -> Adjustments:
    """Return, cell by cell, what changed from the statement as reported to the one of now.

    A column on one side only counts as nothing on the other. The largest change stands first.
    """
    old, new = _columns(reported), _columns(restated)
    rows, volumes = [], []
    for place in sorted(old.keys() | new.keys()):
        before, now = old.get(place), new.get(place)
        for line in (*LINES, *BESIDE):
            amounts = [Decimal(0) if one is None else one.amounts[line] for one in (before, now)]
            if amounts[0] != amounts[1]:
                rows.append(Adjustment(*place, line, *amounts))
        for name in DENOMINATORS:
            tasks = [0 if one is None else one.volume[name] for one in (before, now)]
            if tasks[0] != tasks[1]:
                volumes.append(VolumeAdjustment(place[0], place[1], name, *tasks))
    return Adjustments(
        tuple(sorted(rows, key=lambda row: -abs(row.amount))),
        tuple(volumes),
        reported.known(TOTAL_LEVEL),
        restated.known(TOTAL_LEVEL),
    )


def _columns(statement: CostStatement) -> dict[Place, CostColumn]:
    return {(one.system_id, one.task_type, one.kind): one for one in statement.columns}
