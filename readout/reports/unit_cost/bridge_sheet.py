"""The sheet Bridge: what moved the cost, item by item, and the waterfall."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from readout import words as common
from readout.finance import COMPONENTS
from readout.finance.variance import RATE_PARTS
from readout.reports.sheets import Cell, Sheet, Waterfall, address
from readout.reports.unit_cost.figures import TOTAL
from readout.reports.unit_cost.frame import Layout, sum_across, sum_of
from readout.words import report as words

NAME = "Bridge"


def lay_out(layout: Layout) -> None:
    """Lay out the table of items, its total, and the bars."""
    sheet = layout.sheet(NAME, (30, 22, *(14 for _ in range(len(COMPONENTS) + 3))))
    sheet.single = True
    bridge = layout.report.bridge
    if bridge is None:
        sheet.add(words.NO_BEFORE)
        return
    names = ("before", *COMPONENTS, "after")
    heads = [f"{_side(layout, name)}, {layout.money}" for name in names]
    sheet.heads("System", "Task type", *heads, f"Change, {layout.money}", "Foots")
    first = len(sheet.rows)
    for row in bridge.rows:
        system, task_type, kind = row.key
        key = "/".join(part for part in row.key if part)
        at = len(sheet.rows)
        parts = [layout.cell(f"bridge/{key}/{name}") for name in names]
        change = layout.cell(f"bridge/{key}/total", sum_across(at, 3, 2 + len(COMPONENTS)))
        foots = _foots(layout, at, row.rounding)
        label = layout.report.name_of(system) if system else words.COLUMNS.get(f":{kind}", kind)
        sheet.add(Cell(label), Cell(task_type), *parts, change, foots)
    last, at = len(sheet.rows) - 1, len(sheet.rows)
    sheet.add(
        Cell(words.COLUMNS[TOTAL], "total_label"),
        Cell("", "total_label"),
        *(
            layout.cell(f"bridge/{TOTAL}/{name}", sum_of(column, first, last), "money_total")
            for column, name in enumerate(names, 2)
        ),
        layout.cell(f"bridge/{TOTAL}/total", sum_across(at, 3, 2 + len(COMPONENTS)), "money_total"),
    )
    before, after, change = (address(at, column) for column in (2, 3 + len(COMPONENTS), 4 + len(COMPONENTS)))
    rounding = layout.cell("bridge/rounding", f"ROUND({after}-{before}-{change},{layout.decimals})")
    sheet.add(Cell("Rounding: after − before − change", "line"), "", rounding)
    if layout.report.rate_split:
        for name in RATE_PARTS:
            sheet.add(Cell(words.RATE_PARTS[name], "line"), "", layout.cell(f"bridge/{TOTAL}/{name}"))
    else:
        sheet.add(Cell(words.RATE_NOT_SPLIT, "line"))
    sheet.add()
    sheet.add(Cell(words.BRIDGE_NOTE, "line"))
    sheet.add()
    _bars(layout, sheet, at)


def _foots(layout: Layout, row: int, off: Decimal) -> Cell:
    """Return whether a row closes: costs and components are rounded apart, by less than one minor unit each."""
    unit = layout.report.minor_unit
    before, after, change = (address(row, column) for column in (2, 3 + len(COMPONENTS), 4 + len(COMPONENTS)))
    formula = f'IF(ROUND(ABS({before}+{change}-{after}),6)<={unit},"{words.PASS}","{words.FAIL}")'
    return Cell(words.PASSES[abs(off) <= unit], "text", formula)


def _side(layout: Layout, name: str) -> str:
    header = layout.report.header
    if name == "before" and header.before:
        return common.days(header.before)
    return common.days(header.window) if name == "after" else words.COMPONENTS[name]


def bars(before: Decimal, steps: Sequence[Decimal], after: Decimal) -> list[tuple[Decimal, Decimal, Decimal, Decimal]]:
    """Return for each bar of a waterfall: hidden base, total, increase, decrease; costs stay above zero."""
    levels = list(accumulate(steps, initial=before))
    found = [(Decimal(0), before, Decimal(0), Decimal(0))]
    for step, low in zip(steps, map(min, levels[:-1], levels[1:]), strict=True):
        found.append((low, Decimal(0), max(step, Decimal(0)), max(-step, Decimal(0))))
    return [*found, (Decimal(0), after, Decimal(0), Decimal(0))]


def _bars(layout: Layout, sheet: Sheet, total: int) -> None:
    """Add the table that the chart draws: formulas on the total's row."""
    bridge = layout.report.bridge
    assert bridge is not None  # noqa: S101 - only called with one
    steps = [getattr(bridge, name) for name in COMPONENTS]
    shown = [(name, step) for name, step in zip(COMPONENTS, steps, strict=True) if step]
    if bridge.rounding:
        shown.append(("rounding", bridge.rounding))
    drawn = bars(bridge.before, [step for _, step in shown], bridge.after)
    sheet.heads("Bars of the chart", "Base", "Total", "Increase", "Decrease", "Level after", stay=False)
    first = len(sheet.rows)
    level = bridge.before
    for number, (base, whole, more, less) in enumerate(drawn):
        row = len(sheet.rows)
        if number in {0, len(drawn) - 1}:
            side = "before" if number == 0 else "after"
            source = address(total, 2 if side == "before" else 3 + len(COMPONENTS))
            sheet.add(
                Cell(_side(layout, side)),
                Cell(base, "money"),
                Cell(whole, "money", source),
                Cell(more, "money"),
                Cell(less, "money"),
                Cell(whole, "money", address(row, 2)),
            )
            continue
        name, step = shown[number - 1]
        source = address(total, 3 + COMPONENTS.index(name)) if name in COMPONENTS else address(total + 1, 2)
        level += step
        earlier, now = address(row - 1, 5), address(row, 5)
        sheet.add(
            Cell(words.COMPONENTS.get(name, "Rounding")),
            Cell(base, "money", f"MIN({earlier},{now})"),
            Cell(whole, "money"),
            Cell(more, "money", f"MAX({source},0)"),
            Cell(less, "money", f"MAX(-{source},0)"),
            Cell(level, "money", f"{earlier}+{source}"),
        )
    place = (len(sheet.rows) + 1, 0)
    title = f"From {_side(layout, 'before')} to {_side(layout, 'after')}"
    sheet.charts.append(Waterfall(title, first, len(sheet.rows) - 1, 0, place, layout.money))
