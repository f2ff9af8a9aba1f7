"""Sheets of a report as plain values: cells with their value, format and formula, and where each figure stands. Pure.

A formula is a cell's text for the spreadsheet; its `value` is what it comes to, so that a viewer that calculates
nothing shows the same. Places are (row, column), counted from 0; references are in A1 notation.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Value = str | bool | int | float | Decimal | date | datetime | None
FormatName = Literal[
    "text",
    "wrapped",
    "title",
    "line",
    "head",
    "label",
    "total_label",
    "input_text",
    "fact_date",
    "fact_instant",
    "count",
    "count_total",
    "money",
    "money_total",
    "exact",
    "unit",
    "share",
    "hours",
    "number",
    "date",
    "instant",
    "input_number",
    "pass",
    "link",
]
MAX_TEXT = 32_767  # characters of a cell, in Excel and LibreOffice
MAX_NAME = 31  # characters of a sheet's name


@dataclass(frozen=True)
class Cell:
    """One cell. `figure` names the figure of the report that it shows; `link` a sheet that it leads to."""

    value: Value = None
    format: FormatName = "text"
    formula: str = ""
    figure: str = ""
    link: str = ""


@dataclass(frozen=True)
class Waterfall:
    """A chart of stacked columns. The five columns of `rows`: label, hidden base, total, increase, decrease."""

    title: str
    first: int  # the first row with a bar
    last: int
    column: int  # the column of the labels
    place: tuple[int, int]
    unit: str = ""


@dataclass(frozen=True)
class Lines:
    """A line chart: one series a row, the periods in the head row."""

    title: str
    head: int
    rows: tuple[int, ...]
    columns: tuple[int, int]  # first and last column with a value
    place: tuple[int, int]


@dataclass(frozen=True)
class Spark:
    """A sparkline at a place, of a range on any sheet."""

    place: tuple[int, int]
    range: str


@dataclass
class Sheet:
    """A sheet while it is laid out, row by row."""

    name: str
    widths: Sequence[float] = ()
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    head: int | None = None  # this row stays in sight and is repeated on every printed page
    frozen: int = 1  # columns that stay in sight
    filtered: tuple[int, int, int, int] | None = None
    charts: list[Waterfall | Lines] = field(default_factory=list)
    sparks: list[Spark] = field(default_factory=list)
    homes: dict[str, tuple[int, int]] = field(default_factory=dict)  # figure -> the place where it stands first
    tail: Callable[[], Iterable[tuple[Cell, ...]]] | None = None  # rows below `rows`, too many to hold
    single: bool = False  # printed on one page

    def every_row(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows, and those of the tail."""
        yield from self.rows
        if self.tail:
            yield from self.tail()

    def add(self, *cells: Cell | Value) -> int:
        """Append a row and return its number; a bare value is a cell of its own kind."""
        row = len(self.rows)
        self.rows.append(tuple(cell if isinstance(cell, Cell) else _cell(cell) for cell in cells))
        for column, cell in enumerate(self.rows[row]):
            if cell.figure:
                self.homes.setdefault(cell.figure, (row, column))
        return row

    def heads(self, *texts: str, stay: bool = True) -> int:
        """Append a row of column heads; the first such row stays in sight."""
        row = self.add(*(Cell(text, "head") for text in texts))
        if stay and self.head is None:
            self.head = row
        return row

    def at(self, row: int, column: int) -> str:
        """Return the absolute reference of a place, with its sheet: 'Unit cost'!$C$7."""
        return f"{quoted(self.name)}!{address(row, column, fixed=True)}"

    def over(self, rows: tuple[int, int], columns: tuple[int, int]) -> str:
        """Return the absolute reference of a range, with its sheet."""
        first, last = (address(row, column, fixed=True) for row, column in zip(rows, columns, strict=True))
        return f"{quoted(self.name)}!{first}:{last}"


@dataclass
class Workbook:
    """Sheets in the order in which they are shown, and where each figure stands first."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    footer: str = ""
    names: dict[str, str] = field(default_factory=dict)  # defined name -> reference

    def sheet(self, name: str, widths: Sequence[float] = ()) -> Sheet:
        """Add a sheet."""
        self.sheets[name] = Sheet(name, widths)
        return self.sheets[name]

    def home(self, figure: str) -> str:
        """Return the reference of the cell in which a figure was laid out first.

        Raises:
            KeyError: no sheet shows it so far.
        """
        for sheet in self.sheets.values():
            if figure in sheet.homes:
                return sheet.at(*sheet.homes[figure])
        raise KeyError(figure)


def _cell(value: Value) -> Cell:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return Cell(value)
    if isinstance(value, datetime):
        return Cell(value, "instant")
    if isinstance(value, date):
        return Cell(value, "date")
    return Cell(value, "count" if isinstance(value, int) else "number")


def letters(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def address(row: int, column: int, *, fixed: bool = False) -> str:
    """Return a place in A1 notation, with dollar signs where it is fixed."""
    return f"${letters(column)}${row + 1}" if fixed else f"{letters(column)}{row + 1}"


def quoted(name: str) -> str:
    """Return a sheet's name as a formula writes it."""
    return "'" + name.replace("'", "''") + "'"


def total(cells: Iterable[Cell]) -> Decimal:
    """Return the sum of the numbers of cells; what is empty adds nothing."""
    return sum((Decimal(str(cell.value)) for cell in cells if is_number(cell.value)), Decimal(0))


def is_number(value: Value) -> bool:
    """Whether a value is a number (True and False are none)."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def shown_text(value: str) -> str:
    """Return a text as a cell can hold it: no control characters, and cut with a note where it is too long."""
    text = "".join(sign if sign in "\n\t" or sign >= " " else "\N{REPLACEMENT CHARACTER}" for sign in value)
    if units(text) <= MAX_TEXT:
        return text
    note = f" … (cut: {len(text):,} characters)"
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (MAX_TEXT - len(note))]
    return kept.decode("utf-16-le", "ignore") + note


def units(text: str) -> int:
    """Return the length of a text as a spreadsheet counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
