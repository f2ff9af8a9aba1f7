"""Every figure of the unit-cost report, by key: what the workbook, the document and the tables show. Pure.

The files are made of these and compared with these before they are handed over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from readout.briefs.results_report import UnitCostReport
from readout.finance import BESIDE, COMPONENTS, DENOMINATORS, LEVELS, LINES, BudgetLine, CostColumn
from readout.finance.footing import largest_remainder
from readout.finance.money import amount_of, whole_units
from readout.finance.variance import RATE_PARTS
from readout.reports.sheets import FormatName, Value
from readout.words import report as words

TOTAL, ALL = ":total", ":all"
FORMATS: dict[str, FormatName] = {
    "money": "money", "exact": "exact", "unit_cost": "unit", "tasks": "count", "share": "share", "hours": "hours",
    "text": "text", "number": "number",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One figure: where it stands, of what and whom it is, and why there is none."""

    key: str
    sheet: str
    subject: str  # the system, ":idle", ":unallocated", ":total", ":all"; a month or an item elsewhere
    item: str
    unit: str
    value: Value
    reason: str = ""


def column_key(column: CostColumn) -> str:
    """Return what a column of the statement goes by."""
    return column.system_id or f":{column.kind}"


def figures(report: UnitCostReport) -> dict[str, Figure]:
    """Return every figure of the report, in the order of the sheets.

    Raises:
        ValueError: two figures have one key.
    """
    found: dict[str, Figure] = {}
    for part in (_costs, _together, _before, _bridge, _budgets, _trend, _savings, _reconciliation):
        for figure in part(report):
            if figure.key in found:
                message = f"two figures of the report are called {figure.key}"
                raise ValueError(message)
            found[figure.key] = figure
    return found


def _costs(report: UnitCostReport) -> Iterator[Figure]:
    for exact, footed in zip(report.statement.columns, report.footed.columns, strict=True):
        key = column_key(exact)
        for line in (*LINES, *BESIDE):
            reason = exact.unknown.get(line, "")
            yield Figure(f"cost/{key}/{line}", "Unit cost", key, line, "money", footed.amounts[line], reason)
            yield Figure(f"row/{key}/{line}", "Unit cost", key, line, "exact", exact.amounts[line], reason)
        for level in LEVELS:
            yield Figure(f"level/{key}/{level}", "Unit cost", key, level, "money", footed.known(level))
            yield Figure(f"exact/{key}/{level}", "Unit cost", key, level, "exact", exact.known(level))
        if not exact.system_id:
            continue
        for name in DENOMINATORS:
            why = exact.uncounted.get(name, "")
            yield Figure(f"tasks/{key}/{name}", "Unit cost", key, name, "tasks", exact.volume[name], why)
        yield from _units(key, exact)
        yield Figure(f"coverage/{key}", "Unit cost", key, "coverage", "share", exact.coverage("fully_loaded"))


def _units(key: str, column: CostColumn) -> Iterator[Figure]:
    for level in LEVELS:
        for name in DENOMINATORS:
            yield _unit(key, column, level, name)


def _unit(key: str, column: CostColumn, level: str, name: str) -> Figure:
    value = column.unit(level, name) if column.kind == "system" else None
    reason = ""
    if value is None:
        reason = (
            "before production: in no unit cost" if column.kind != "system"
            else column.reason(level) or column.uncounted.get(name) or "no such task in this period"
        )  # fmt: skip
    return Figure(f"unit/{key}/{level}/{name}", "Unit cost", key, f"{level}/{name}", "unit_cost", value, reason)


def _together(report: UnitCostReport) -> Iterator[Figure]:
    statement, footed = report.statement, report.footed
    for line in (*LINES, *BESIDE):
        yield Figure(f"cost/{TOTAL}/{line}", "Unit cost", TOTAL, line, "money", footed.line(line))
        yield Figure(f"row/{TOTAL}/{line}", "Unit cost", TOTAL, line, "exact", statement.line(line))
    for level in LEVELS:
        yield Figure(f"level/{TOTAL}/{level}", "Unit cost", TOTAL, level, "money", footed.known(level))
        yield Figure(f"exact/{TOTAL}/{level}", "Unit cost", TOTAL, level, "exact", statement.known(level))
    for level in LEVELS:
        for name in DENOMINATORS:
            yield _unit(ALL, statement.portfolio(level, name), level, name)


def _before(report: UnitCostReport) -> Iterator[Figure]:
    for column in (*report.statement.systems(), None):
        key = column_key(column) if column else ALL
        now = (column or report.statement.portfolio()).unit("fully_loaded")
        earlier = None
        if report.before:
            other = report.before.column(key) if column else report.before.portfolio()
            earlier = other.unit("fully_loaded") if other and other.kind == "system" else None
        change = None if now is None or earlier is None else now - earlier
        share = None if change is None or not earlier else float(Fraction(change) / Fraction(earlier))
        why = (
            ""
            if earlier is not None
            else words.NO_BEFORE
            if not report.before
            else "no such figure in the period before"
        )
        yield Figure(f"before/{key}", "Summary", key, "unit cost before", "unit_cost", earlier, why)
        yield Figure(f"change/{key}", "Summary", key, "change", "unit_cost", change, why)
        yield Figure(f"change_share/{key}", "Summary", key, "change", "share", share, why)


def _bridge(report: UnitCostReport) -> Iterator[Figure]:
    if report.bridge is None:
        return
    for row in (*report.bridge.rows, None):
        key = "/".join(part for part in row.key if part) if row else TOTAL
        amounts = row or report.bridge
        for name in ("before", *COMPONENTS, "after"):
            yield Figure(f"bridge/{key}/{name}", "Bridge", key, name, "money", getattr(amounts, name))
        yield Figure(f"bridge/{key}/total", "Bridge", key, "change", "money", amounts.total)
    if report.rate_split:
        for name in RATE_PARTS:
            yield Figure(f"bridge/{TOTAL}/{name}", "Bridge", TOTAL, name, "money", getattr(report.bridge, name))
    yield Figure("bridge/rounding", "Bridge", TOTAL, "rounding", "money", report.bridge.rounding)


NO_PLAN = "no tasks are planned for some of the systems"
BUDGET_SUMS = ("static", "actual", "flexed", "volume_variance", "spending_variance", "variance")
BUDGET_UNITS = {"volume": "number", "actual_volume": "tasks", "unit_cost": "unit_cost"}


def _budgets(report: UnitCostReport) -> Iterator[Figure]:
    for span in report.budgets:
        lines = span.compared
        amounts = {name: _footed(lines, name, report.minor_unit) for name in ("static", "actual", "flexed")}
        sums: dict[str, list[Value]] = {}
        for number, line in enumerate(lines):
            static, actual, flexed = (amounts[name].get(number) for name in ("static", "actual", "flexed"))
            found: dict[str, Value] = {
                "static": static, "volume": line.volume, "unit_cost": line.unit_cost, "actual": actual,
                "actual_volume": line.actual_volume, "flexed": flexed, "volume_variance": _less(flexed, static),
                "spending_variance": _less(actual, flexed), "variance": _less(actual, static),
            }  # fmt: skip
            for name, value in found.items():
                key, unit = f"budget/{span.span}/{line.system_id}/{name}", BUDGET_UNITS.get(name, "money")
                yield Figure(key, "Budget", line.system_id, f"{span.span}/{name}", unit, value, line.reason)
                if name in BUDGET_SUMS:
                    sums.setdefault(name, []).append(value)
        for name, values in sums.items():
            key = f"budget/{span.span}/{TOTAL}/{name}"
            known = [value for value in values if isinstance(value, Decimal)]
            total = sum(known, Decimal(0)) if len(known) == len(values) else None
            yield Figure(
                key, "Budget", TOTAL, f"{span.span}/{name}", "money", total, "" if total is not None else NO_PLAN
            )


def _footed(lines: Sequence[BudgetLine], name: str, unit: Decimal) -> dict[int, Decimal]:
    """Return a column of budget lines in minor units, so that it adds up to its total rounded."""
    exact = {
        number: Fraction(value) / Fraction(unit)
        for number, line in enumerate(lines)
        if (value := getattr(line, name)) is not None
    }
    whole = largest_remainder(exact, whole_units(sum(exact.values(), Fraction(0)), Decimal(1)))
    return {number: amount_of(units, unit) for number, units in whole.items()}


def _less(amount: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if amount is None or other is None else amount - other


def _trend(report: UnitCostReport) -> Iterator[Figure]:
    for month in report.months:
        at, statement = month.start.isoformat(), month.statement
        together = statement.portfolio()
        yield Figure(f"trend/{TOTAL}/{at}/cost", "Trend", TOTAL, at, "money", statement.known("fully_loaded"))
        for key, column in [
            (ALL, together),
            *((c.system_id, statement.column(c.system_id)) for c in report.statement.systems()),
        ]:
            able = column if column and column.kind == "system" else None
            cost = able.at("fully_loaded") if able else None
            tasks = able.volume["accepted"] if able and "accepted" not in able.uncounted else None
            unit = able.unit("fully_loaded") if able else None
            yield Figure(f"trend/{key}/{at}/cost_known", "Trend", key, at, "money", cost)
            yield Figure(f"trend/{key}/{at}/tasks", "Trend", key, at, "tasks", tasks)
            yield Figure(f"trend/{key}/{at}/unit", "Trend", key, at, "unit_cost", unit)


def _savings(report: UnitCostReport) -> Iterator[Figure]:
    value = report.value
    if value is None:
        return
    for line, sums in (("cash", value.cash), ("avoided", value.avoided)):
        for currency, amount in sums.items():
            yield Figure(f"savings/{line}/{currency}", "Savings", TOTAL, f"{line}/{currency}", "money", amount)
    yield Figure("savings/capacity", "Savings", TOTAL, "capacity", "hours", value.hours)


def _reconciliation(report: UnitCostReport) -> Iterator[Figure]:
    found = report.reconciliation
    if found is None:
        return
    way = found.footed(report.minor_unit)
    yield Figure("reconciliation/start", "Reconciliation", TOTAL, found.basis, "money", way.start)
    for line in way.lines:
        yield Figure(f"reconciliation/line/{line.key}", "Reconciliation", TOTAL, line.key, "money", line.amount)
    yield Figure("reconciliation/expected", "Reconciliation", TOTAL, "expected", "money", way.expected)
    yield Figure("reconciliation/reported", "Reconciliation", TOTAL, "reported", "money", way.reported)
    yield Figure("reconciliation/unexplained", "Reconciliation", TOTAL, "unexplained", "money", way.unexplained)
