"""The sheet Checks: expected, found, difference, tolerance, PASS or FAIL; it ends in one cell, ALL PASS."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from readout.finance import BESIDE, LEVELS, LINES
from readout.reports.sheets import Cell, address
from readout.reports.unit_cost.data_sheet import AMOUNT, LINE, TASKS, DataPlaces
from readout.reports.unit_cost.figures import TOTAL
from readout.reports.unit_cost.frame import Layout, plus
from readout.words import report as words

NAME = "Checks"
HEADS = ("Check", "What has to hold", "Expected", "Found", "Difference", "Tolerance", "Result")
EXACT = Decimal("0.000001")  # what a sum of binary doubles may be off by


@dataclass(frozen=True)
class Check:
    """One check: two numbers that must agree, with the formulas that give them in the workbook."""

    name: str
    says: str
    expected: Decimal
    found: Decimal
    tolerance: Decimal = Decimal(0)
    expected_formula: str = ""
    found_formula: str = ""

    @property
    def passes(self) -> bool:
        """Whether the two agree."""
        return abs(self.found - self.expected) <= self.tolerance


def checks(layout: Layout, data: DataPlaces) -> tuple[Check, ...]:
    """Return the checks of the report, as the workbook makes them."""
    return (
        *_footing(layout),
        *_data(layout, data),
        *_bridged(layout),
        *_planned(layout),
        *_shared(layout),
        *_reconciled(layout),
        *_adjusted(layout),
    )


def lay_out(layout: Layout, found: tuple[Check, ...]) -> str:
    """Lay out the checks and return the reference of the cell that says ALL PASS."""
    sheet = layout.sheet(NAME, (24, 76, 18, 18, 14, 14, 12))
    sheet.heads(*HEADS)
    first = len(sheet.rows)
    for check in found:
        row = len(sheet.rows)
        expected, actual, difference, tolerance = (address(row, column) for column in (2, 3, 4, 5))
        sheet.add(
            Cell(check.name),
            Cell(check.says),
            Cell(check.expected, "exact", check.expected_formula),
            Cell(check.found, "exact", check.found_formula),
            Cell(check.found - check.expected, "exact", f"{actual}-{expected}"),
            Cell(check.tolerance, "exact"),
            Cell(words.PASSES[check.passes], "pass", _judged(difference, tolerance)),
        )
    last = len(sheet.rows) - 1
    failing = sum(not check.passes for check in found)
    results = f"{address(first, 6)}:{address(last, 6)}"
    sheet.add()
    row = sheet.add(
        Cell("All checks", "total_label"),
        *(Cell(None, "total_label") for _ in range(5)),
        Cell(
            words.failing(failing),
            "pass",
            f'IF(COUNTIF({results},"{words.PASS}")=ROWS({results}),"{words.ALL_PASS}",'
            f'(ROWS({results})-COUNTIF({results},"{words.PASS}"))&" {words.FAIL}")',
        ),
    )
    return sheet.at(row, 6)


def _judged(difference: str, tolerance: str) -> str:
    """Return the formula of a result; nine decimals are compared, because cells are binary doubles."""
    return f'IF(ROUND(ABS({difference})-{tolerance},9)<=0,"{words.PASS}","{words.FAIL}")'


def _footing(layout: Layout) -> Iterator[Check]:
    keys, home = layout.column_keys(), layout.book.home
    value = {key: figure.value for key, figure in layout.figures.items()}
    unit = layout.report.minor_unit
    net = f"level/{TOTAL}/net"
    yield Check(
        "Columns foot",
        "The columns net of credits, to the cent, add up to the total",
        _sum(value[f"level/{key}/net"] for key in keys),
        _number(value[net]),
        EXACT,
        plus(home(f"level/{key}/net") for key in keys),
        home(net),
    )
    yield Check(
        "Lines foot",
        "The cost lines, to the cent, add up to the total",
        _sum(value[f"cost/{TOTAL}/{line}"] for line in LINES),
        _number(value[net]),
        EXACT,
        plus(home(f"cost/{TOTAL}/{line}") for line in LINES),
        home(net),
    )
    for level in LEVELS:
        exact, footed = f"exact/{TOTAL}/{level}", f"level/{TOTAL}/{level}"
        yield Check(
            f"Rounding, {words.LEVELS[level].lower()}",
            "The total to the cent is the total before rounding, by less than one cent for each column",
            _number(value[exact]),
            _number(value[footed]),
            unit * len(keys),
            home(exact),
            home(footed),
        )


def _data(layout: Layout, data: DataPlaces) -> Iterator[Check]:
    yield Check(
        "No row is lost",
        "Rows in Data are the rows that were read",
        Decimal(data.rows),
        Decimal(data.rows),
        Decimal(0),
        "",
        data.over(LINE, "COUNTA"),
    )
    beside = "+".join(
        f'SUMIFS({sheet.over((first, last), (AMOUNT, AMOUNT))},{sheet.over((first, last), (LINE, LINE))},"{line}")'
        for sheet, first, last in data.parts
        for line in BESIDE
    )
    total = layout.figures[f"exact/{TOTAL}/net"]
    moved = layout.report.moved
    since = moved.total if moved else Decimal(0)
    done = sum(row.amount for row in moved.volumes if row.denominator == "completed") if moved else 0
    less = " less the adjustments since the close," if moved else ""
    yield Check(
        "Data is the cost",
        f"The amounts of Data, without what is shown beside,{less} add up to the total before rounding",
        _number(total.value),
        data.amount - since,
        EXACT,
        layout.book.home(total.key),
        f"{data.over(AMOUNT)}-({beside or 0})-({since})",
    )
    completed = [key for key in layout.figures if key.startswith("tasks/") and key.endswith("/completed")]
    yield Check(
        "Tasks are the tasks",
        f"The tasks of Data{less} add up to the tasks completed on the sheet Unit cost",
        _sum(layout.figures[key].value for key in completed),
        Decimal(data.tasks - done),
        Decimal(0),
        plus(layout.book.home(key) for key in completed) or "0",
        f"{data.over(TASKS)}-({done})",
    )


def _reconciled(layout: Layout) -> Iterator[Check]:
    found = layout.report.reconciliation
    if found is None or found.state == "not_checked":
        return
    home = layout.book.home
    yield Check(
        "Reconciles",
        f"From the {found.basis} every line leads to the cost, within the tolerance",
        _number(layout.figures["reconciliation/expected"].value),
        _number(layout.figures["reconciliation/reported"].value),
        found.tolerance,
        home("reconciliation/expected"),
        home("reconciliation/reported"),
    )
    yield Check(
        "Every invoice ties",
        "Invoices whose posting, or whose calls by our own prices, differ by more than their tolerance",
        Decimal(0),
        Decimal(len(found.failing)),
    )
    yield Check(
        "Every amount has an exchange rate",
        "Currencies of charges that cannot be converted; what is charged in them is in no amount",
        Decimal(0),
        Decimal(len(found.without_rate)),
    )
    if found.months:
        yield Check(
            "Every month ties",
            "Months of the period that do not tie by themselves",
            Decimal(0),
            Decimal(sum(one.state == "fail" for one in found.months)),
        )


def _adjusted(layout: Layout) -> Iterator[Check]:
    found = layout.report.adjustments
    if found is None:
        return
    moved = _sum(row.amount for row in found.rows if row.line in LINES)
    yield Check(
        "Adjustments foot",
        "As reported and what changed since the close come to the figures of now",
        found.restated,
        found.reported + moved,
        EXACT,
    )


def _bridged(layout: Layout) -> Iterator[Check]:
    bridge = layout.report.bridge
    if bridge is None:
        return
    home = layout.book.home
    parts = [f"bridge/{TOTAL}/{name}" for name in ("before", "total")]
    after = f"bridge/{TOTAL}/after"
    yield Check(
        "Bridge closes",
        "Cost before and the change come to the cost of the period, but for the rounding that is shown",
        bridge.before + bridge.total + bridge.rounding,
        bridge.after,
        EXACT,
        plus(home(part) for part in (*parts, "bridge/rounding")),
        home(after),
    )
    loaded = f"level/{TOTAL}/fully_loaded"
    yield Check(
        "Bridge ends at the cost",
        "The bridge ends at the fully loaded cost of the sheet Unit cost",
        _number(layout.figures[loaded].value),
        bridge.after,
        layout.report.minor_unit,
        home(loaded),
        home(after),
    )


def _planned(layout: Layout) -> Iterator[Check]:
    for span in layout.report.budgets:
        figures = layout.figures
        keys = [f"budget/{span.span}/{TOTAL}/{name}" for name in ("volume_variance", "spending_variance", "variance")]
        if any(figures[key].value is None for key in keys if key in figures) or keys[0] not in figures:
            continue
        volume, spending, variance = (_number(figures[key].value) for key in keys)
        yield Check(
            f"Budget foots, {words.SPANS[span.span].lower()}",
            "Flexed − budget and actual − flexed come to actual − budget",
            variance,
            volume + spending,
            EXACT,
            layout.book.home(keys[2]),
            plus(layout.book.home(key) for key in keys[:2]),
        )


def _shared(layout: Layout) -> Iterator[Check]:
    allocations = layout.report.allocations
    if not allocations:
        return
    yield Check(
        "Allocation foots",
        "What columns bear of shared amounts comes to the shared amounts",
        _sum(one.amount for one in allocations),
        _sum(share for one in allocations for share in one.shares.values()),
        EXACT,
    )


def _number(value: object) -> Decimal:
    return Decimal(str(value))


def _sum(values: Iterator[object]) -> Decimal:
    return sum((_number(value) for value in values if value is not None), Decimal(0))
