"""The unit-cost page: the cost statement per task, at every level and denominator, against budget and baseline."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd

from readout import findings
from readout.briefs.book import Book
from readout.briefs.figures import figure, number, unit_cost_baseline, unit_cost_figure
from readout.briefs.measures import NO_LOAD, PORTFOLIO, Measures, Wanted, load_scope
from readout.briefs.results import Header, Scope, UnitCostBrief, UnitCostRow
from readout.briefs.signals import signalled
from readout.briefs.systems import shown_systems
from readout.finance import LEVELS, LINES_OF, BudgetLine, CostColumn, CostStatement, budget_line
from readout.finance.charges import CHARGED, PEOPLE

HEADLINES = ("fully_loaded_cost_per_accepted_task", "fully_loaded_cost", "cost_per_accepted_task", "cost_coverage")
WITHOUT_CHARGES = ("with_people_cost_per_accepted_task", "cost_per_accepted_task", "cost_total", "cost_coverage")


def unit_cost_brief(book: Book, scope: Scope) -> UnitCostBrief:
    """Return unit cost: numerator levels x denominators, per system and for all of them, and what it is built of."""
    header = book.header(scope)
    with book.warehouse.snapshot() as snapshot:
        measures = load_scope(snapshot, book, scope, header, Wanted(verdicts=False, percentiles=False, costs=True))
    page = _Page(measures, header)
    order = shown_systems(book, measures, scope)
    statement, rows = page.statement().ordered(order), page.rows(order)
    control = next((level for level in reversed(LEVELS) if level != "net" and _total(rows, level) is not None), "")
    headline = replace(
        figure(measures, header, (HEADLINES if page.charged else WITHOUT_CHARGES)[0]),
        baseline=unit_cost_baseline(measures, measures.carrying(measures.systems)),
    )
    rest = (HEADLINES if page.charged else WITHOUT_CHARGES)[1:]
    return UnitCostBrief(
        header,
        findings.of_unit_cost(header, unit_cost_figure(measures, header), rows),
        signalled(book, header, (headline, *(figure(measures, header, metric) for metric in rest))),
        rows,
        page.weekly(),
        _total(rows, control),
        control,
        statement,
        page.budgets(statement),
        book.portfolio.organisation.budget_covers,
        measures.cell().empty,
    )


def _total(rows: Iterable[UnitCostRow], level: str) -> Decimal | None:
    """Return the sum of the rows of a level, without that of all systems; None where none is known."""
    found = [row.total for row in rows if row.level == level and row.kind != "all" and row.total is not None]
    return sum(found, Decimal(0)) if found else None


class _Page:
    """The cost statements of one scope."""

    def __init__(self, measures: Measures, header: Header) -> None:
        assert measures.costs is not None  # noqa: S101 - they were asked for
        self.measures, self.header, self.costs = measures, header, measures.costs
        self.book = measures.book
        self.charged = "costs.effective_cost" in self.book.recorded_by(self.book.systems)

    def statement(self, span: str = "now", bucket: date | None = None) -> CostStatement:
        """Return the statement of the chosen systems; of all, with what no system bears."""
        found = self.costs.statement(span, bucket)
        whole = set(self.measures.systems) == set(self.book.systems)
        return found if whole else found.chosen(self.measures.systems)

    def column(self, level: str, system: str, span: str = "now", bucket: date | None = None) -> CostColumn | None:
        """Return a system's column, or that of all systems that carry load."""
        found = self.statement(span, bucket)
        return found.of_system(system) if system else self._plain(found, level)

    def _plain(self, found: CostStatement, level: str) -> CostColumn:
        """Return all systems together; where no charge was ever recorded, with people means inference and people."""
        if self.charged or level != "with_people":
            return found.portfolio(level)
        return replace(found, columns=tuple(map(_uncharged, found.columns))).portfolio(level)

    def unit(self, level: str, column: CostColumn | None, denominator: str = "accepted") -> Decimal | None:
        """Return a column's cost of one task at a level."""
        return None if column is None else self.shown(level, column).unit(level, denominator)

    def shown(self, level: str, column: CostColumn) -> CostColumn:
        """Return the column as a level reads it."""
        return column if self.charged or level != "with_people" else _uncharged(column)

    def rows(self, systems: tuple[str, ...]) -> tuple[UnitCostRow, ...]:
        """Return a row per system and level, then of what no system bears, then of all systems."""
        statement = self.statement()
        known = {column.system_id for column in statement.columns}
        charged_only = sorted(known - set(systems) - {""})
        found = [self._row(level, system) for system in (*systems, *charged_only) for level in LEVELS]
        found += [
            UnitCostRow("", "", level, column.known(level), kind=column.kind, estimated=column.estimated(level))
            for column in statement.columns
            if column.kind in {"idle", "unallocated"} and column.known("net")
            for level in LEVELS
        ]
        return (*found, *(self._row(level, PORTFOLIO) for level in LEVELS))

    def _row(self, level: str, system: str) -> UnitCostRow:
        name = self.book.name_of(system) if system else "All systems"
        column = self.column(level, system)
        if column is None:
            reason = self.measures.value("cost_total", system=system).reason or "nothing was recorded in this period"
            return UnitCostRow(system, name, level, None, reason=reason)
        column = self.shown(level, column)
        reason = column.reason(level)
        if not reason and column.kind != "system":
            reason = NO_LOAD
        if not reason and column.unit(level) is None:
            reason = column.uncounted.get("accepted", "") or "no task was accepted in this period"
        before = self.column(level, system, "before") if self.header.before else None
        carrying = self.measures.carrying(self.measures.systems) if not system else (system,)
        based = column.kind == "system" and level in {"with_people", "fully_loaded", "net"}
        return UnitCostRow(
            system_id=system,
            name=name,
            level=level,
            total=column.at(level),
            per_attempted=column.unit(level, "attempted"),
            per_completed=column.unit(level, "completed"),
            per_accepted=column.unit(level),
            per_accepted_unaided=column.unit(level, "accepted_unaided"),
            coverage=column.coverage(level),
            before_per_accepted=self.unit(level, before),
            baseline=unit_cost_baseline(self.measures, carrying) if based else None,
            reason=reason,
            series=tuple(None if one is None else float(one) for one in self._weeks(level, system)),
            kind=column.kind if system else "all",
            estimated=column.estimated(level),
            accepted=None if "accepted" in column.uncounted else column.volume["accepted"],
        )

    def _weeks(self, level: str, system: str) -> list[Decimal | None]:
        calendar, header = self.book.calendar, self.header
        return [
            self.unit(level, self.column(level, system, bucket=week))
            for week in calendar.buckets(header.window, "week")
            if calendar.period(week, "week", header.window, header.as_of).kind == "complete"
        ]

    def weekly(self) -> pd.DataFrame:
        """Return the cost per accepted task of all systems, per week and level."""
        found = []
        for week in self.book.calendar.buckets(self.header.window, "week"):
            kind = self.book.calendar.period(week, "week", self.header.window, self.header.as_of).kind
            found += [
                (week, kind, level, number(self.unit(level, self.column(level, PORTFOLIO, bucket=week))))
                for level in LEVELS
                if level != "net"
            ]
        return pd.DataFrame(found, columns=["bucket", "kind", "level", "per_accepted"])

    def budgets(self, statement: CostStatement) -> tuple[BudgetLine, ...]:
        """Return the budgets of the shown systems beside what happened; of whole systems only."""
        if self.header.scope.task_type:
            return ()
        spend = self.book.portfolio.organisation.budget_covers == "spend"
        lines = [line for line in LINES_OF["fully_loaded"] if not (spend and line in PEOPLE)]
        found = (
            budget_line(
                column.system_id,
                self.book.budgets,
                self.header.window,
                None
                if any(line in column.unknown for line in lines)
                else sum((column.amounts[line] for line in lines), Decimal(0)),
                column.volume["attempted"],
            )
            for column in statement.columns
            if column.system_id
        )
        return tuple(line for line in found if line is not None)


def _uncharged(column: CostColumn) -> CostColumn:
    """Return a column of a warehouse without any charge, whose charged lines are not missing but none."""
    return replace(column, unknown={line: why for line, why in column.unknown.items() if line not in CHARGED})
