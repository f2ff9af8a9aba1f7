"""The tables of the unit-cost page: levels and denominators, systems, what cost is built of, budgets."""

from decimal import Decimal

from readout import words
from readout.briefs.results import Header, UnitCostBrief, UnitCostRow
from readout.currencies import minor_unit
from readout.finance import BESIDE, LEVELS, LINES, BudgetLine, CostStatement, budget_total, footed_budgets
from readout.ui import markup, page_tables, spark, tables
from readout.ui.system_table import name
from readout.ui.tables import Column
from readout.words import unit_costs

METRIC = "fully_loaded_cost_per_accepted_task"  # how a unit cost is shown
AMOUNT = "cost_total"


def levels(brief: UnitCostBrief) -> None:
    """Draw all systems together: a row per level, a column per denominator."""
    header, unit = brief.header, words.per(brief.header.currency)
    columns = (
        Column("Level", "", text=True),
        Column("Total", header.currency),
        Column("Attempted", unit),
        Column("Completed", unit),
        Column("Accepted", unit),
        Column("Change", words.versus(header) or "no comparison"),
        Column("Accepted without people", unit),
        Column("Signed-off baseline", unit),
        Column("Cost known", "% of tasks"),
    )
    shown = unit_costs.levels_shown(brief.rows)
    rows = [_level(row, header) for row in brief.rows if row.kind == "all" and row.level in shown]
    tables.show(columns, rows, words.SECTIONS["cost_levels"][0])


def _level(row: UnitCostRow, header: Header) -> list[str]:
    named = f"<b>{markup.escape(words.level(row.level))}</b>"
    if row.total is None:
        return [named, tables.long_why(row.reason)]
    currency = header.currency
    return [
        named,
        tables.number(AMOUNT, row.total, currency),
        tables.number(METRIC, row.per_attempted, currency),
        tables.number(METRIC, row.per_completed, currency),
        _accepted(row, currency),
        _moved(row, header),
        tables.number(METRIC, row.per_accepted_unaided, currency),
        tables.number(METRIC, row.baseline, currency),
        tables.number("cost_coverage", row.coverage),
    ]


def _accepted(row: UnitCostRow, currency: str) -> str:
    if row.per_accepted is None:
        return tables.why(row.reason)
    return f"<b>{tables.number(METRIC, row.per_accepted, currency)}</b>"


def _moved(row: UnitCostRow, header: Header) -> str:
    if row.per_accepted is None or not header.before:
        return ""
    return tables.moved(words.change(METRIC, row.per_accepted, row.before_per_accepted))


def systems(brief: UnitCostBrief) -> None:
    """Draw one row per system with its cost per accepted task at each level, and all of them together."""
    header, shown = brief.header, unit_costs.levels_shown(brief.rows)
    columns = (
        Column("System", "", text=True),
        Column("Accepted", "tasks"),
        *(Column(words.level(level), words.per(header.currency)) for level in shown),
        Column("Change", words.versus(header) or "no comparison"),
        Column("Signed-off baseline", words.per(header.currency)),
        Column("Per week", "at the highest level before credits"),
    )
    grouped: dict[str, list[UnitCostRow]] = {}
    for row in brief.rows:
        if row.kind in {"system", "pre_production", "all"} and row.level in shown:
            grouped.setdefault(row.system_id, []).append(row)
    tables.show(
        columns, [_system(rows, header) for rows in grouped.values()], words.SECTIONS["cost_systems"][0], total=True
    )


def _system(rows: list[UnitCostRow], header: Header) -> list[str]:
    first = rows[0]
    highest = next((row for row in reversed(rows) if row.per_accepted is not None and row.level != "net"), None)
    below = "before production" if first.kind == "pre_production" else ""
    named = name(first.system_id, first.name, header, below)
    if highest is None:
        return [named, tables.long_why(next((row.reason for row in reversed(rows) if row.reason), ""))]
    return [
        named,
        tables.number("accepted_tasks", first.accepted),
        *(
            tables.number(METRIC, row.per_accepted, header.currency)
            if row is not highest
            else _accepted(row, header.currency)
            for row in rows
        ),
        _moved(highest, header),
        tables.number(METRIC, highest.baseline, header.currency),
        spark.line(highest.series, words.spark_of(METRIC, highest.series, header.currency)),
    ]


def build(brief: UnitCostBrief) -> None:
    """Draw the cost build: lines by column, footed to the cent, with subtotals and what is not invoiced yet."""
    header = brief.header
    statement = brief.statement.footed(minor_unit(header.currency))
    columns = (
        Column("Line", header.currency, text=True),
        *(Column(unit_costs.column(one, header), unit_costs.column_note(one)) for one in statement.columns),
        Column(unit_costs.TOTAL, ""),
    )
    rows, parts = [], set()
    for level in LEVELS:
        for line in (one for one, enters in LINES.items() if enters == level and _used(statement, one)):
            parts.add(len(rows))
            cells = [_money(column.amounts[line], column.unknown.get(line, "")) for column in statement.columns]
            rows.append([tables.text(unit_costs.line(line)), *cells, _money(statement.line(line))])
        if level in unit_costs.SUBTOTALS:
            rows.append(_subtotal(statement, level))
    if statement.estimated("net"):
        cells = [_quiet(column.estimated("net")) for column in statement.columns]
        rows.append([tables.text(unit_costs.EXPECTED), *cells, _quiet(statement.estimated("net"))])
    tables.show(columns, rows, words.SECTIONS["cost_build"][0], parts=parts)


def _used(statement: CostStatement, line: str) -> bool:
    return line not in BESIDE and any(column.amounts[line] or line in column.unknown for column in statement.columns)


def _subtotal(statement: CostStatement, level: str) -> list[str]:
    def bold(amount: Decimal) -> str:
        return page_tables.stated(f"<b>{_money(amount)}</b>", amount, "exact")

    cells = [bold(column.known(level)) for column in statement.columns]
    return [f"<b>{markup.escape(unit_costs.SUBTOTALS[level])}</b>", *cells, bold(statement.known(level))]


def _money(amount: Decimal, unknown: str = "") -> str:
    """Return an amount to the minor unit; where nothing of it is known, the reason."""
    if unknown and not amount:
        return tables.why(unknown)
    drawn = markup.escape(words.exact_money(amount)) if amount else '<span class="r-muted">–</span>'
    return page_tables.stated(drawn, amount, "exact")


def _quiet(amount: Decimal) -> str:
    return page_tables.stated(f'<span class="r-muted">{_money(amount)}</span>', amount, "exact")


def budgets(brief: UnitCostBrief) -> None:
    """Draw the budgets: static, flexed, actual, and the two variances."""
    header = brief.header
    if not brief.budgets:
        tables.remark(unit_costs.NO_BUDGETS)
        return
    columns = (
        Column("System", "", text=True),
        Column("Budget", header.currency),
        Column("Flexed", header.currency),
        Column("Actual", header.currency),
        Column("Volume variance", "flexed − budget"),
        Column("Spending variance", "actual − flexed"),
        Column("Tasks", "planned"),
        Column("Tasks", "came in"),
        Column("Budgeted", words.per(header.currency)),
    )
    lines = footed_budgets(brief.budgets, minor_unit(header.currency))
    total = budget_total(lines)
    rows = [_budget(line, header) for line in (*lines, *((total,) if total else ()))]
    tables.show(columns, rows, words.SECTIONS["cost_budget"][0], total=total is not None)


def _budget(line: BudgetLine, header: Header) -> list[str]:
    title = header.system_names.get(line.system_id, line.system_id) or unit_costs.TOTAL
    named = name(line.system_id, title, header)
    if line.static is None and line.reason:
        return [named, tables.long_why(line.reason)]
    return [
        named,
        _or_dash(line.static),
        _or_dash(line.flexed),
        _or_dash(line.actual),
        _variance(line.volume_variance, "none"),
        _variance(line.spending_variance, "cost"),
        tables.number("tasks_attempted", None if line.volume is None else round(line.volume)),
        tables.number("tasks_attempted", line.actual_volume),
        tables.number(METRIC, line.unit_cost, header.currency),
    ]


def _or_dash(amount: Decimal | None) -> str:
    if amount is None:
        return '<span class="r-muted">–</span>'
    return page_tables.stated(markup.escape(words.exact_money(amount)), amount, "exact")


def _variance(amount: Decimal | None, kind: str) -> str:
    """Return a signed variance; more spending than these tasks should cost is bad, more tasks is neither."""
    if amount is None:
        return '<span class="r-muted">–</span>'
    tone = "neutral" if kind == "none" or not amount else "bad" if amount > 0 else "good"
    drawn = f'<span class="r-{tone}">{markup.escape(words.exact_money(amount, signed=True))}</span>'
    return page_tables.stated(drawn, amount, "exact")
