"""The sheets Data, Data (2), …: the rows behind the unit cost. Each amount of a statement is the sum of its rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import islice

from readout.briefs.cost_rows import CostRow
from readout.finance import LINES
from readout.finance.money import EXACT
from readout.reports.sheets import Cell, Sheet
from readout.reports.unit_cost.frame import Layout
from readout.words import report as words

NAME = "Data"
MAX_ROWS = 1_048_576 - 6  # of a sheet, without what stands above its rows
HEADS = (
    "Column number",
    "System",
    "Kind",
    "First day",
    "Last day",
    "Task type",
    "Line",
    "Cost line",
    "Amount",
    "Tasks completed",
    "Whole amount",
    "Currency of the whole",
    "Service",
    "Category",
    "Allocation key",
    "Source",
    "Note",
)
NUMBER, LINE, AMOUNT, TASKS = 0, 6, 8, 9


@dataclass
class DataPlaces:
    """Where the rows stand, how many they are and what they add up to."""

    parts: list[tuple[Sheet, int, int]] = field(default_factory=list)  # sheet, first and last row
    rows: int = 0
    amount: Decimal = Decimal(0)  # lines of levels only
    tasks: int = 0

    def sum_of(self, number: str, line: str) -> str:
        """Return the formula that adds up a line of a column; `number` is the cell with the column's number."""
        terms = []
        for sheet, first, last in self.parts:
            amounts, numbers, lines = (sheet.over((first, last), (c, c)) for c in (AMOUNT, NUMBER, LINE))
            terms.append(f'SUMIFS({amounts},{numbers},{number},{lines},"{line}")')
        return "+".join(terms) or "0"

    def over(self, column: int, function: str = "SUM") -> str:
        """Return the formula of a function over a column of all rows."""
        terms = [f"{function}({sheet.over((first, last), (column, column))})" for sheet, first, last in self.parts]
        return "+".join(terms) or "0"


def lay_out(layout: Layout, rows: Callable[[], Iterable[CostRow]], most: int = MAX_ROWS) -> DataPlaces:
    """Lay out the rows without holding them; a sheet that is full goes on in the next one.

    `rows` gives them anew each time: to count them here, to write them, and to compare what was written.
    """
    numbers = {key: number for number, key in enumerate(layout.column_keys(), 1)}
    found = DataPlaces()
    for row in rows():
        found.rows += 1
        found.tasks += row.tasks
        if row.line in LINES:
            found.amount = EXACT.add(found.amount, row.amount)
    for start in range(0, found.rows, most):
        sheet = _sheet(layout, len(found.parts) + 1)
        sheet.tail = partial(_part, layout, rows, numbers, start, most)
        first = len(sheet.rows)
        last = first + min(most, found.rows - start) - 1
        found.parts.append((sheet, first, last))
        sheet.filtered = (first - 1, 0, last, len(HEADS) - 1)
    if not found.parts:
        _sheet(layout, 1).add("No cost was recorded in this period.")
    return found


def _part(  # one argument a thing that a part needs
    layout: Layout, rows: Callable[[], Iterable[CostRow]], numbers: Mapping[str, int], start: int, most: int
) -> Iterator[tuple[Cell, ...]]:
    for row in islice(rows(), start, start + most):
        yield _cells(layout, row, numbers)


def _sheet(layout: Layout, number: int) -> Sheet:
    name = NAME if number == 1 else f"{NAME} ({number})"
    sheet = layout.sheet(name, (8, 24, 14, 12, 12, 20, 14, 26, 16, 10, 16, 10, 20, 12, 14, 16, 30))
    sheet.frozen = 2
    sheet.heads(*(f"{head}, {layout.money}" if head == "Amount" else head for head in HEADS))
    return sheet


def _cells(layout: Layout, row: CostRow, numbers: Mapping[str, int]) -> tuple[Cell, ...]:
    return (
        Cell(numbers.get(row.column), "count"),
        Cell(layout.name(row.column)),
        Cell(row.kind),
        Cell(row.first_day, "date"),
        Cell(row.last_day, "date"),
        Cell(row.task_type),
        Cell(row.line),
        Cell(words.LINES.get(row.line, row.line)),
        Cell(row.amount, "exact"),
        Cell(row.tasks or None, "count"),
        Cell(row.original, "exact"),
        Cell(row.currency),
        Cell(row.service),
        Cell(row.category),
        Cell(row.allocation_key),
        Cell(row.source),
        Cell(row.note),
    )
