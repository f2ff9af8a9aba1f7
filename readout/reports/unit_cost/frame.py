"""What every sheet of the report begins with, and the cells of figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from readout import words
from readout.briefs.results_report import UnitCostReport
from readout.reports.sheets import Cell, FormatName, Sheet, Value, Workbook, address
from readout.reports.unit_cost.figures import FORMATS, Figure, column_key
from readout.words import dates
from readout.words import report as said


@dataclass(frozen=True)
class Layout:
    """The report, its figures and the workbook that is being laid out."""

    report: UnitCostReport
    figures: Mapping[str, Figure]
    book: Workbook

    def sheet(self, name: str, widths: Iterable[float]) -> Sheet:
        """Add a sheet with its title, its purpose and the line that says where figures come from."""
        sheet = self.book.sheet(name, tuple(widths))
        sheet.add(Cell(name, "title"))
        sheet.add(Cell(said.SHEETS.get(name, ""), "line"))
        sheet.add(Cell(" · ".join(origin(self.report)), "line"))
        sheet.add()
        return sheet

    def cell(self, key: str, formula: str = "", face: FormatName | None = None) -> Cell:
        """Return the cell of a figure; a formula that has no value is left out, so that the cell is empty."""
        figure = self.figures[key]
        return Cell(figure.value, face or FORMATS[figure.unit], "" if figure.value is None else formula, key)

    def refer(self, key: str, face: FormatName | None = None) -> Cell:
        """Return a cell that takes a figure over from the sheet on which it stands."""
        return self.cell(key, self.book.home(key), face)

    def name(self, key: str) -> str:
        """Return what a column or a subject is called."""
        return said.COLUMNS.get(key) or self.report.name_of(key)

    @property
    def money(self) -> str:
        """The currency, for heads."""
        return self.report.header.currency or "no single currency"

    @property
    def decimals(self) -> int:
        """Decimals of the currency."""
        return max(-int(self.report.minor_unit.as_tuple().exponent), 0)

    def column_keys(self) -> list[str]:
        """Return the keys of the statement's columns."""
        return [column_key(column) for column in self.report.statement.columns]


def origin(report: UnitCostReport) -> tuple[str, ...]:
    """Return period, status, basis, currency, as-of, zone, filters and version, in words."""
    header = report.header
    return (
        dates.shown_period(header),
        status_of(report),
        said.BASIS,
        header.currency or "no single currency",
        f"as of {words.stamp(header.as_of_local)} ({header.time_zone})",
        words.listed((report.name_of(one) for one in report.systems), "all systems"),
        f"snapshot {report.snapshot}" if report.snapshot else "not closed",
        f"data version {header.data_version}",
    )


def status_of(report: UnitCostReport) -> str:
    """Return the status of the period, and which figures are shown where there are two."""
    status = said.STATUS[report.status]
    return f"{status}, shown {said.VIEWS[report.reported]}" if report.status == "restated" else status


def sum_of(column: int, first: int, last: int) -> str:
    """Return the formula that adds up a column from one row to another."""
    return f"SUM({address(first, column)}:{address(last, column)})"


def sum_across(row: int, first: int, last: int) -> str:
    """Return the formula that adds up a row from one column to another."""
    return f"SUM({address(row, first)}:{address(row, last)})"


def divided(above: str, below: str) -> str:
    """Return the formula of a quotient that is empty where there is nothing to divide by."""
    return f'IF({below}=0,"",{above}/{below})'


def plus(parts: Iterable[str]) -> str:
    """Return the formula of a sum of single cells."""
    return "+".join(parts)


def text(value: Value, face: FormatName = "text") -> Cell:
    """Return a cell of words."""
    return Cell("" if value is None else str(value), face)
