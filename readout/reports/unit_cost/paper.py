"""The unit-cost report on paper: two to four pages for those who decide, with the figures of the workbook."""

from datetime import datetime
from decimal import Decimal

from readout import words as common
from readout.briefs.results_report import UnitCostReport, month_grain
from readout.briefs.results_value import LINES
from readout.finance import COMPONENTS
from readout.finance.variance import BridgeRow
from readout.periods import grain_of
from readout.reports.document import (
    Block,
    Break,
    Column,
    Document,
    Facts,
    Listing,
    Row,
    Text,
    Tile,
    Tiles,
    trend,
    waterfall,
)
from readout.reports.sheets import Value
from readout.reports.unit_cost.figures import ALL, TOTAL
from readout.reports.unit_cost.frame import Layout, origin
from readout.reports.unit_cost.notes_sheet import gaps_of
from readout.reports.unit_cost.workbook import LaidOut
from readout.words import dates, reconciliation, value_claims
from readout.words import report as words
from readout.words.numbers import signed

DRIVERS = 5  # rows of the bridge that moved most
NONE = "–"
UNIT = 4  # decimals of a unit cost, as in the workbook


def paper(laid: LaidOut, made_at: datetime) -> Document:
    """Return the document: the finding, why cost moved, one row a system, and what the figures rest on."""
    layout, report = laid.layout, laid.layout.report
    header = report.header
    return Document(
        title=f"{words.TITLE}: {period_name(report)}",
        organisation=header.organisation or "Readout",
        header=origin(report),
        running=f"{words.TITLE}, {period_name(report)} · {words.STATUS[report.status]}",
        footer=f"{_version(report)} · as of {common.stamp(header.as_of_local)} · made {made_at:%Y-%m-%d %H:%M} UTC",
        blocks=(*_first(laid), Break(), *_moved(layout), *_tied(layout), *_ground(laid)),
    )


def period_name(report: UnitCostReport) -> str:
    """Return the name of the period: Oct 2026, or its days where it has none."""
    grain = grain_of(report.header.scope.period)
    if grain in {"month", "quarter", "year"} or grain.startswith("fiscal_"):
        return dates.period_name(report.header.window.start, grain, report.header.calendar)
    return common.days(report.header.window)


def _version(report: UnitCostReport) -> str:
    return f"snapshot {report.snapshot}" if report.snapshot else f"data version {report.header.data_version}"


def _first(laid: LaidOut) -> tuple[Block, ...]:
    layout, report = laid.layout, laid.layout.report
    change = _value(layout, f"change_share/{ALL}")
    failing = [check.name for check in laid.checks if not check.passes]
    said = words.failing(len(failing)) + (f": {common.listed(failing)}" if failing else "")
    return (
        Text(words.lead(report, change if isinstance(change, float) else None), "lead"),
        Tiles(
            (
                Tile(
                    "Cost per accepted task, fully loaded",
                    _unit(layout, f"unit/{ALL}/fully_loaded/accepted"),
                    f"before: {_unit(layout, f'before/{ALL}')}",
                ),
                Tile(
                    "Cost, fully loaded, every column",
                    _money(layout, f"level/{TOTAL}/fully_loaded"),
                    f"net of credits: {_money(layout, f'level/{TOTAL}/net')}",
                ),
                Tile(
                    "Inference of one accepted task",
                    _unit(layout, f"unit/{ALL}/inference/accepted"),
                    "calls to models only",
                ),
                Tile("Checks of this report", said.split(":")[0], "each stands in the workbook, sheet Checks"),
            )
        ),
        *_claims(layout),
        *_listing(layout),
        *_months(layout),
        Text(f"Checks: {said}.", "note"),
    )


def _months(layout: Layout) -> tuple[Block, ...]:
    report = layout.report
    if len(report.months) < 2:  # noqa: PLR2004 - one month is no trend
        return ()
    grain = month_grain(report.header.calendar)
    points = []
    for month in report.months:
        value = _value(layout, f"trend/{ALL}/{month.start.isoformat()}/unit")
        number = None if value is None else float(str(value))
        label = dates.period_name(month.start, grain, report.header.calendar)
        points.append((label, number, _unit(layout, f"trend/{ALL}/{month.start.isoformat()}/unit")))
    first, last = points[0], points[-1]
    alt = f"Cost per accepted task by month, from {first[2]} in {first[0]} to {last[2]} in {last[0]}."
    return Text(f"Cost per accepted task, fully loaded, all systems, {layout.money}", "heading"), trend(points, alt)


def _moved(layout: Layout) -> tuple[Block, ...]:
    bridge, report = layout.report.bridge, layout.report
    if bridge is None:
        return (Text("Why cost moved", "heading"), Text(words.NO_BEFORE))
    shown = [name for name in COMPONENTS if getattr(bridge, name)]
    steps = [
        (words.COMPONENTS[name], float(getattr(bridge, name)), _amount(layout, getattr(bridge, name))) for name in shown
    ]
    if bridge.rounding:
        steps.append(("Rounding", float(bridge.rounding), _amount(layout, bridge.rounding)))
    before = common.days(report.header.before) if report.header.before else "before"
    ends = [(before, bridge.before), (common.days(report.header.window), bridge.after)]
    start, end = ((label, float(amount), _amount(layout, amount)) for label, amount in ends)
    alt = (
        f"Cost from {start[2]} to {end[2]}: "
        + common.listed(f"{label.lower()} {text}" for label, _, text in steps)
        + "."
    )
    largest = sorted(bridge.rows, key=lambda row: (-abs(row.total), str(row.key)))[:DRIVERS]
    return (
        Text(f"Why cost moved, {layout.money}", "heading"),
        waterfall(start, steps, end, alt),
        Text(f"The {len(largest)} that moved most, {layout.money}", "heading"),
        Listing(
            (
                Column("System", number=False, wide=True),
                Column("Task type", number=False),
                Column("Before"),
                *(Column(words.COMPONENTS[name]) for name in shown),
                Column("Now"),
                Column("Change"),
            ),
            tuple(_driver(layout, row, shown) for row in largest),
        ),
        Text("Weighted average; the cross term is in the rate. An increase of cost is positive.", "note"),
    )


def _driver(layout: Layout, row: BridgeRow, shown: list[str]) -> Row:
    system, task_type, kind = row.key
    name = layout.report.name_of(system) if system else words.COLUMNS.get(f":{kind}", kind)
    amounts = (row.before, *(getattr(row, part) for part in shown), row.after, row.total)
    return Row((name, task_type, *(_amount(layout, amount) for amount in amounts)))


def _claims(layout: Layout) -> tuple[Block, ...]:
    """Return the three lines of savings beside one another, never added together."""
    value = layout.report.value
    if value is None or not value.claims:
        return ()
    tiles = (
        Tile(
            value_claims.LINE_NAMES[line],
            value_claims.big(value, line) or NONE,
            "; ".join(value_claims.under(value, line)),
        )
        for line in LINES
    )
    return Tiles(tuple(tiles)), Text(value_claims.never_added(value), "note")


def _tied(layout: Layout) -> tuple[Block, ...]:
    found = layout.report.reconciliation
    if found is None:
        return (Text("Reconciliation", "heading"), Text(words.NOT_RECONCILED))
    way = found.footed(layout.report.minor_unit)
    label, holds = reconciliation.start_label(found)
    lines = [
        Row((label, holds, _amount(layout, way.start))),
        *(
            Row((text.label, text.holds, _amount(layout, line.amount)))
            for line in way.lines
            for text in [reconciliation.LINES[line.key]]
        ),
        Row((reconciliation.EXPECTED, "", _amount(layout, way.expected)), bold=True),
        Row((reconciliation.REPORTED, "", _amount(layout, way.reported))),
        Row((reconciliation.UNEXPLAINED, "", _amount(layout, way.unexplained)), bold=True),
    ]
    return (
        Text("Reconciliation", "heading"),
        Text(reconciliation.sentence(found, layout.report.period)[0]),
        Listing(
            (Column("Line", number=False), Column("What it holds", number=False, wide=True), Column(layout.money)),
            tuple(lines),
        ),
        Text(reconciliation.tolerance(found), "note"),
    )


def _listing(layout: Layout) -> tuple[Block, ...]:
    rows = []
    for key in layout.column_keys():
        is_system = f"tasks/{key}/accepted" in layout.figures
        rows.append(
            Row(
                (
                    layout.name(key),
                    _count(layout, f"tasks/{key}/completed") if is_system else "",
                    _count(layout, f"tasks/{key}/accepted") if is_system else "",
                    _money(layout, f"level/{key}/fully_loaded"),
                    _unit(layout, f"unit/{key}/fully_loaded/accepted") if is_system else "",
                    _unit(layout, f"before/{key}"),
                    _share(layout, f"change_share/{key}"),
                    _money(layout, f"budget/period/{key}/static"),
                    _money(layout, f"budget/period/{key}/variance"),
                )
            )
        )
    rows.append(
        Row(
            (
                "Total",
                "",
                "",
                _money(layout, f"level/{TOTAL}/fully_loaded"),
                "",
                "",
                "",
                _money(layout, f"budget/period/{TOTAL}/static"),
                _money(layout, f"budget/period/{TOTAL}/variance"),
            ),
            bold=True,
        )
    )
    rows.append(
        Row(
            (
                words.COLUMNS[ALL],
                "",
                "",
                "",
                _unit(layout, f"unit/{ALL}/fully_loaded/accepted"),
                _unit(layout, f"before/{ALL}"),
                _share(layout, f"change_share/{ALL}"),
                "",
                "",
            )
        )
    )
    return (
        Text(f"By system, {layout.money}", "heading"),
        Listing(
            (
                Column("System", number=False, wide=True),
                Column("Completed"),
                Column("Accepted"),
                Column("Cost"),
                Column("Per accepted"),
                Column("Before"),
                Column("Change"),
                Column("Budget"),
                Column("Over (under)"),
            ),
            tuple(rows),
        ),
        Text(
            "Fully loaded, before credits, to the cent. All systems: those that carry load and whose cost is known; "
            "idle, unallocated and pre-production cost is in the total and in no unit cost.",
            "note",
        ),
    )


def _ground(laid: LaidOut) -> tuple[Block, ...]:
    layout = laid.layout
    gaps = gaps_of(layout) or [("Nothing", "every figure of this report is measurable")]
    return (
        Text("What is not measurable", "heading"),
        Facts(tuple(gaps)),
        Text("What the figures rest on", "heading"),
        Facts(words.TERMS),
    )


def _value(layout: Layout, key: str) -> Value:
    figure = layout.figures.get(key)
    return figure.value if figure else None


def _money(layout: Layout, key: str) -> str:
    value = _value(layout, key)
    return NONE if not isinstance(value, Decimal) else _amount(layout, value)


def _amount(layout: Layout, value: Decimal) -> str:
    return common.plain(value, layout.decimals)


def _unit(layout: Layout, key: str) -> str:
    value = _value(layout, key)
    return NONE if not isinstance(value, Decimal) else common.plain(value, UNIT)


def _count(layout: Layout, key: str) -> str:
    value = _value(layout, key)
    return NONE if not isinstance(value, int) else common.count(value)


def _share(layout: Layout, key: str) -> str:
    value = _value(layout, key)
    return NONE if not isinstance(value, float) else f"{signed(value * 100, 1)}%"
