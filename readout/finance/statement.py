"""The cost statement: cost lines by system for a range of days, at the levels of unit cost. It foots. Pure.

Columns: the systems that carry load; those before production, whose cost is shown and in no unit cost; idle capacity;
and what nothing allocates. Levels hold one another: inference, direct, with people, fully loaded, net of credits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Literal

from readout.finance.charges import AT_IDLE, AT_NOBODY, BESIDE, CHARGED, LINES, PEOPLE, Borne, Place
from readout.finance.footing import foot_table, largest_remainder
from readout.finance.money import amount_of, decimal_of, total_of, unit_of, whole_units
from readout.periods import Window

LEVELS = tuple(dict.fromkeys(LINES.values()))  # inference, direct, with_people, fully_loaded, net
LINES_OF = {
    level: tuple(line for line, enters in LINES.items() if enters in held)
    for level, held in zip(LEVELS, accumulate((level,) for level in LEVELS), strict=True)
}  # level -> every line that it holds
DENOMINATORS = ("attempted", "completed", "accepted", "accepted_unaided")
FIXED = CHARGED[: CHARGED.index("credit")]  # lines that do not follow the volume of the month
Kind = Literal["system", "pre_production", "idle", "unallocated"]
TASK_LINES = ("inference", *PEOPLE, "evaluation")


@dataclass(frozen=True)
class RunCost:
    """What one system's tasks (of one type) cost by themselves, and how many there were."""

    amounts: Mapping[str, Decimal]  # TASK_LINES
    volume: Mapping[str, int]  # DENOMINATORS
    wanted: int = 0  # AI tasks and calls tied to no task
    priced: int = 0  # of these, with a known cost
    people: int = 0  # tasks with people's work
    people_priced: int = 0
    unknown: Mapping[str, str] = field(default_factory=dict)  # line -> why it is not known
    unpriced_tasks: int = 0
    unpriced_calls: int = 0


@dataclass(frozen=True)
class CostColumn:
    """The cost of one system, or of one of its task types; or what no system bears."""

    system_id: str  # "" for idle and unallocated
    task_type: str  # "" = the whole system
    kind: Kind
    amounts: Mapping[str, Decimal]  # every line of LINES and BESIDE
    volume: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(DENOMINATORS, 0))
    expected: Mapping[str, Decimal] = field(default_factory=dict)  # line -> of the amount, not invoiced yet
    unknown: Mapping[str, str] = field(default_factory=dict)  # line -> why its amount is not fully known
    wanted: int = 0  # AI tasks and calls tied to no task
    priced: int = 0  # of these, with a known cost
    people: int = 0  # tasks with people's work
    people_priced: int = 0
    uncounted: Mapping[str, str] = field(default_factory=dict)  # denominator -> why it is not recorded

    def known(self, level: str) -> Decimal:
        """Return the sum of what is known up to a level."""
        return total_of(self.amounts[line] for line in LINES_OF[level])

    def reason(self, level: str) -> str:
        """Return why the cost at a level is not known, "" where it is."""
        return next((self.unknown[line] for line in LINES_OF[level] if line in self.unknown), "")

    def at(self, level: str) -> Decimal | None:
        """Return the cost at a level, None where a line of it is not known."""
        return None if self.reason(level) else self.known(level)

    def unit(self, level: str, denominator: str = "accepted") -> Decimal | None:
        """Return the cost of one task at a level, not rounded; None where one of both is not known or zero.

        Only a system that carries load has one.
        """
        total, tasks = self.at(level), self.volume.get(denominator, 0)
        if self.kind != "system" or total is None or not tasks or denominator in self.uncounted:
            return None
        return decimal_of(Fraction(total) / tasks)

    def estimated(self, level: str) -> Decimal:
        """Return what of a level has not been invoiced yet."""
        return total_of(self.expected.get(line, Decimal(0)) for line in LINES_OF[level])

    def coverage(self, level: str) -> float | None:
        """Return the share of tasks whose cost is known; with people, the smaller of both; None without any."""
        pairs = [(self.priced, self.wanted)]
        if level not in {"inference", "direct"}:
            pairs.append((self.people_priced, self.people))
        return min((known / wanted for known, wanted in pairs if wanted), default=None)


@dataclass(frozen=True)
class CostStatement:
    """Cost lines by column; every line and column adds up to the total."""

    window: Window
    currency: str
    columns: tuple[CostColumn, ...]
    unpriced_tasks: int = 0
    unpriced_calls: int = 0
    notes: tuple[str, ...] = ()

    def systems(self) -> tuple[CostColumn, ...]:
        """Return the systems that carry load: those of which there is a unit cost."""
        return tuple(column for column in self.columns if column.kind == "system")

    def column(self, system_id: str, task_type: str = "") -> CostColumn | None:
        """Return a system's column, None where it has no cost and no tasks."""
        return next(
            (c for c in self.columns if system_id and (c.system_id, c.task_type) == (system_id, task_type)), None
        )

    def rest(self, kind: Kind) -> Decimal:
        """Return the fully loaded cost of the columns of a kind."""
        return total_of(column.known("fully_loaded") for column in self.columns if column.kind == kind)

    def line(self, line: str) -> Decimal:
        """Return a line's total over all columns."""
        return total_of(column.amounts[line] for column in self.columns)

    def known(self, level: str = "fully_loaded") -> Decimal:
        """Return the total of all columns up to a level."""
        return total_of(column.known(level) for column in self.columns)

    def estimated(self, level: str = "fully_loaded") -> Decimal:
        """Return what of the total has not been invoiced yet."""
        return total_of(column.estimated(level) for column in self.columns)

    def portfolio(self, level: str = "fully_loaded", denominator: str = "accepted") -> CostColumn:
        """Return the systems that carry load, together; without those whose cost at the level, or tasks, are not known.

        Idle, unallocated and pre-production cost is in the statement's total and in no unit cost.
        """
        able = [c for c in self.systems() if not c.reason(level) and denominator not in c.uncounted]
        if able:
            return _together(able)
        unknown = {line: why for column in self.systems() for line, why in column.unknown.items()}
        uncounted = {name: why for column in self.systems() for name, why in column.uncounted.items()}
        if not self.systems():
            unknown = {"inference": "no system carried load in this period"}
        return replace(_together(self.systems()), unknown=unknown, uncounted=uncounted)

    def chosen(self, systems: Iterable[str]) -> "CostStatement":
        """Return the statement of some systems only, without idle and unallocated cost, which belong to all."""
        wanted = set(systems)
        return replace(self, columns=tuple(column for column in self.columns if column.system_id in wanted))

    def ordered(self, systems: Sequence[str]) -> "CostStatement":
        """Return the statement with its systems in an order, each kind of column by itself; others stay last."""
        place = {system: number for number, system in enumerate(systems)}
        return replace(
            self,
            columns=tuple(
                sorted(self.columns, key=lambda one: (ORDER[one.kind], place.get(one.system_id, len(place))))
            ),
        )

    def of_task_type(self, task_type: str) -> "CostStatement":
        """Return what the systems bear for one type of task; the statement must be by task type."""
        return replace(self, columns=tuple(c for c in self.columns if c.system_id and c.task_type == task_type))

    def of_system(self, system_id: str) -> CostColumn | None:
        """Return a system's only column, None where it has none."""
        return next((column for column in self.columns if system_id and column.system_id == system_id), None)

    def footed(self, minor_unit: Decimal) -> "CostStatement":
        """Return the statement in minor units, so that lines, columns and the total add up as shown.

        Every amount, line and column is off by less than one minor unit, the total by half of one at most.
        """
        unit = unit_of(minor_unit)
        columns = range(len(self.columns))
        exact = {
            line: {place: Fraction(self.columns[place].amounts[line]) / Fraction(unit) for place in columns}
            for line in (*LINES, *BESIDE)
        }
        numbered = {number: exact[line] for number, line in enumerate(LINES)}
        table = foot_table(numbered, columns)
        cells = {line: table[number] for number, line in enumerate(LINES)}
        for line in BESIDE:
            cells[line] = largest_remainder(
                exact[line], whole_units(sum(exact[line].values(), Fraction(0)), Decimal(1))
            )
        return replace(
            self,
            columns=tuple(
                replace(
                    column,
                    amounts={line: amount_of(row[place], unit) for line, row in cells.items()},
                    expected={
                        line: amount_of(whole_units(Fraction(amount), unit), unit)
                        for line, amount in column.expected.items()
                    },
                )
                for place, column in enumerate(self.columns)
            ),
        )


def _together(columns: Sequence[CostColumn]) -> CostColumn:
    return CostColumn(
        "", "", "system",
        {line: total_of(column.amounts[line] for column in columns) for line in (*LINES, *BESIDE)},
        {name: sum(column.volume[name] for column in columns) for name in DENOMINATORS},
        {
            line: total_of(column.expected.get(line, Decimal(0)) for column in columns)
            for line in {line for column in columns for line in column.expected}
        },
        {},
        *(sum(getattr(column, name) for column in columns) for name in ("wanted", "priced", "people", "people_priced")),
    )  # fmt: skip


def statement_of(
    window: Window,
    currency: str,
    run: Mapping[Place, RunCost],
    borne: Borne,
    unknown: Mapping[str, Mapping[str, str]],
    uncounted: Mapping[str, Mapping[str, str]],
    carrying: Collection[str] | None = None,
) -> CostStatement:
    """Put together what systems' tasks cost by themselves and what the systems bear of the charges.

    `unknown`, `uncounted`: system -> line, or denominator -> why nothing was ever recorded of it. A system carries load
    where AI worked on a task, or a call was made that is tied to none. People's work beside one that does not is no
    cost of AI. `carrying`: who does, where the range is part of another that decides it.
    """
    loaded = {system for (system, _), one in run.items() if one.wanted} if carrying is None else carrying
    places = sorted({*run, *(place for place, _ in borne.amounts)} - {AT_IDLE, AT_NOBODY})
    columns = [
        replace(
            _system(place, run.get(place), borne, unknown.get(place[0], {}), carries=place[0] in loaded),
            uncounted=uncounted.get(place[0], {}),
        )
        for place in places
    ]
    rest: tuple[tuple[Kind, Place], ...] = (("idle", AT_IDLE), ("unallocated", AT_NOBODY))
    columns += [_rest(kind, place, borne) for kind, place in rest]
    return CostStatement(
        window,
        currency,
        tuple(sorted((c for c in columns if _any(c)), key=lambda c: (ORDER[c.kind], c.system_id, c.task_type))),
        sum(one.unpriced_tasks for one in run.values()),
        sum(one.unpriced_calls for one in run.values()),
        (borne.note,) if borne.note else (),
    )


ORDER: dict[Kind, int] = {"system": 0, "pre_production": 1, "idle": 2, "unallocated": 3}


def _any(column: CostColumn) -> bool:
    return any(column.amounts.values()) or any(column.volume.values()) or column.kind in {"idle", "unallocated"}


def _system(
    place: Place, own: RunCost | None, borne: Borne, missing: Mapping[str, str], *, carries: bool
) -> CostColumn:
    system, task_type = place
    run = own or RunCost({}, dict.fromkeys(DENOMINATORS, 0))
    counted = TASK_LINES if carries else ("inference", "evaluation")
    amounts = {line: borne.amounts.get((place, line), Decimal(0)) for line in (*LINES, *BESIDE)}
    for line in counted:
        amounts[line] += run.amounts.get(line, Decimal(0))
    unknown = dict(missing)
    if carries:
        unknown |= run.unknown
    for (of, line), why in borne.unknown.items():
        if of in {"", system}:
            unknown.setdefault(line, why)
    people = (run.people, run.people_priced) if carries else (0, 0)
    return CostColumn(
        system, task_type, "system" if carries else "pre_production", amounts, run.volume,
        {line: amount for (at, line), amount in borne.expected.items() if at == place and amount},
        unknown, run.wanted, run.priced, *people,
    )  # fmt: skip


def _rest(kind: Kind, place: Place, borne: Borne) -> CostColumn:
    return CostColumn(
        "", "", kind,
        {line: borne.amounts.get((place, line), Decimal(0)) for line in (*LINES, *BESIDE)},
        expected={line: amount for (at, line), amount in borne.expected.items() if at == place and amount},
    )  # fmt: skip
