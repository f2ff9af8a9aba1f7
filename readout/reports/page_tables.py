"""The tables of a page as files: one workbook with a head sheet, or one CSV a table. Numbers are numbers."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from readout.reports.reread import check_workbook
from readout.reports.sheets import MAX_NAME, Cell, FormatName, Value, Workbook
from readout.reports.streams import csv_text
from readout.reports.xlsx import workbook_bytes

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in a sheet's name
_WIDTH, _WIDEST = 14, 42


@dataclass(frozen=True)
class TableCell:
    """A cell: a number with its format and unit, or the words that stand in the table. `shown`: all of its words."""

    shown: str
    number: int | float | Decimal | None = None
    format: FormatName = "text"
    unit: str = ""


@dataclass(frozen=True)
class PageTable:
    """A table as a page shows it: its title, the heads with their units, its rows."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]

    def columns(self) -> tuple[tuple[str, bool], ...]:
        """Return for each column its head with the unit of its numbers, and whether words stand beside these."""
        found = []
        for place, head in enumerate(self.heads):
            cells = [row[place] for row in self.rows if place < len(row)]
            numbers = [cell for cell in cells if cell.number is not None]
            units = dict.fromkeys(cell.unit for cell in numbers if cell.unit)
            whole = ", ".join(
                part for part in (head, *(unit for unit in units if len(units) == 1 and unit not in head)) if part
            )
            found.append((whole, bool(numbers)))
        return tuple(found)


def values_of(table: PageTable) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """Return heads and rows: a column that holds numbers is followed by one with its words, as the page shows them."""
    heads: list[str] = []
    for head, numbers in table.columns():
        heads += [head, f"{head}, as shown"] if numbers else [head]
    rows = []
    for row in table.rows:
        cells: list[Cell] = []
        for place, (_, numbers) in enumerate(table.columns()):
            cell = row[place] if place < len(row) else TableCell("")
            if numbers:
                cells += [Cell(cell.number, cell.format if cell.number is not None else "text"), Cell(cell.shown)]
            else:
                cells.append(Cell(cell.shown))
        rows.append(tuple(cells))
    return tuple(heads), rows


def workbook(tables: Sequence[PageTable], title: str, facts: Iterable[tuple[str, str]], made_at: datetime) -> bytes:
    """Return one workbook: a head sheet that says where the figures come from, then a sheet for each table.

    It is read again and compared with what was laid out.

    Raises:
        MismatchError: the file does not hold what the tables hold; it is not handed over.
    """
    book = Workbook(footer=title)
    head = book.sheet("About", (22, 90))
    head.add(Cell(title, "title"))
    for name, text in facts:
        head.add(Cell(name, "label"), Cell(text, "wrapped"))
    for table, name in zip(tables, _names(tables), strict=True):
        heads, rows = values_of(table)
        widths = [
            max(_WIDTH, min(_WIDEST, max((len(str(row[i].value or "")) for row in rows), default=0)))
            for i in range(len(heads))
        ]
        sheet = book.sheet(name, tuple(widths))
        sheet.add(Cell(table.title, "title"))
        sheet.heads(*heads)
        for row in rows:
            sheet.add(*row)
    content = workbook_bytes(book, title=title, made_at=made_at)
    check_workbook(content, book, {})
    return content


def _names(tables: Sequence[PageTable]) -> list[str]:
    """Return a name of a sheet for each table: no sign that a sheet may not have, none twice."""
    names: list[str] = []
    for table in tables:
        base = _FORBIDDEN.sub(" ", table.title).strip()[: MAX_NAME - 4] or "Table"
        name, number = base, 2
        while name.casefold() in {"about", *(one.casefold() for one in names)}:
            name, number = f"{base} {number}", number + 1
        names.append(name)
    return names


def csv_zip(tables: Sequence[PageTable], facts: Iterable[tuple[str, str]]) -> bytes:
    """Return one CSV a table in a ZIP, with a file that says where the figures come from; text calculates nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_info("about.csv"), _csv(("Item", "Text"), [tuple(pair) for pair in facts]))
        for table, name in zip(tables, _names(tables), strict=True):
            heads, rows = values_of(table)
            file.writestr(_info(f"{_slug(name)}.csv"), _csv(heads, [tuple(cell.value for cell in row) for row in rows]))
    return out.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name)  # of 1980: the same tables give the same bytes


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.casefold()).strip("-") or "table"


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([csv_text(head) for head in heads])
    writer.writerows([csv_text(value) for value in row] for row in rows)
    return out.getvalue()
