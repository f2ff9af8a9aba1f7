"""The workbook as an XLSX file. Every write is checked: XlsxWriter tells of a lost cell by its return code only."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from readout.reports.sheets import Cell, Lines, Sheet, Value, Waterfall, Workbook, address, quoted, shown_text

MONEY = '#,##0{cents};[Red]-#,##0{cents};"–"'
_NUMBERS = {
    "count": "#,##0",
    "unit": "#,##0.0000",
    "exact": "#,##0.000000",
    "share": "0.0%",
    "hours": "#,##0.0",
    "number": "#,##0.######",
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
    "fact_date": "yyyy-mm-dd",
    "fact_instant": "yyyy-mm-dd hh:mm",
}
TITLE_HEIGHT, LINE_HEIGHT = 24, 14  # points
NUMBERS_BELOW = 4  # rows below a head that are looked at: over numbers it stands on the right
_GREEN, _INK, _GREY, _LINE, _PALE = "#006C75", "#16202A", "#5B6770", "#C9D1D6", "#EEF2F4"
_FACES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": _INK},
    "line": {"font_color": _GREY},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "head": {"bold": True, "bg_color": _PALE, "bottom": 1, "border_color": _LINE, "text_wrap": True, "valign": "top"},
    "label": {"bold": True},
    "total_label": {"bold": True, "top": 1, "border_color": _LINE},
    "money_total": {"bold": True, "top": 1, "border_color": _LINE},
    "count_total": {"bold": True, "top": 1, "border_color": _LINE},
    "head_number": {
        "bold": True,
        "bg_color": _PALE,
        "bottom": 1,
        "border_color": _LINE,
        "text_wrap": True,
        "valign": "top",
        "align": "right",
    },
    "beside": {"indent": 1},
    "pass": {"bold": True},
    "fact_date": {"align": "left"},
    "fact_instant": {"align": "left"},
    "link": {"font_color": _GREEN, "underline": 1},
    "input_number": {"font_color": "#1F3FBF", "bg_color": "#FFFBE6"},
    "input_text": {"font_color": "#1F3FBF", "bg_color": "#FFFBE6"},
}
_NUMERIC = frozenset(
    {
        "count",
        "count_total",
        "money",
        "money_total",
        "exact",
        "unit",
        "share",
        "hours",
        "number",
        "input_number",
        "date",
    }
)
_BARS = (("total", "#5B6770"), ("increase", "#B4531A"), ("decrease", "#2F8C98"))


class LostCellError(Exception):
    """The spreadsheet library did not take a cell."""


def workbook_bytes(book: Workbook, *, title: str, made_at: datetime, cents: int = 2, streamed: bool = False) -> bytes:
    """Return the workbook as an XLSX file; `streamed` keeps only one row of each sheet in memory.

    The same workbook and the same instant give the same bytes.

    Raises:
        LostCellError: a cell was not taken: it lies beyond the sheet, or its text is too long.
    """
    out = BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "constant_memory": streamed,
    }
    with xlsxwriter.Workbook(out, options) as file:
        file.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
        file.set_size(2400, 1400)
        formats = _formats(file, cents)
        made = {name: file.add_worksheet(name) for name in book.sheets}
        for name, reference in book.names.items():
            file.define_name(name, f"={reference}")
        for name, sheet in book.sheets.items():
            _fill(file, made[name], sheet, formats, book.footer)
    return out.getvalue()


def _formats(file: xlsxwriter.Workbook, cents: int) -> dict[str, Format]:
    money = MONEY.format(cents=f".{'0' * cents}" if cents else "")
    numbers = _NUMBERS | {"money": money, "money_total": money, "count_total": "#,##0", "input_number": "#,##0.######"}
    names = {*numbers, *_FACES, "text"}
    return {
        name: file.add_format(
            {"font_name": "Calibri", "font_size": 10, **({"num_format": numbers[name]} if name in numbers else {})}
            | _FACES.get(name, {})
        )
        for name in sorted(names)
    }


def _fill(file: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet, formats: dict[str, Format], footer: str) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width, formats["text"])
    for row, cells in enumerate(sheet.every_row()):
        if cells and cells[0].format == "title":
            page.set_row(row, TITLE_HEIGHT)
        elif cells and cells[0].format == "head":
            page.set_row(row, LINE_HEIGHT * _lines_of(cells, sheet.widths) + 2)
        for column, cell in enumerate(cells):
            _write(page, row, column, cell, formats[_face(sheet, row, column, cell)])
    if sheet.head is not None:
        page.freeze_panes(sheet.head + 1, sheet.frozen)
        page.repeat_rows(sheet.head)
    if sheet.filtered:
        page.autofilter(*sheet.filtered)
    for chart in sheet.charts:
        drawn = _waterfall(file, sheet, chart) if isinstance(chart, Waterfall) else _lines(file, sheet, chart)
        page.insert_chart(*chart.place, drawn, {"description": chart.title})
    for spark in sheet.sparks:
        page.add_sparkline(*spark.place, {"range": spark.range, "series_color": _GREEN, "last_point": True})
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 1 if sheet.single else 0)
    page.set_footer(f"&L&8{footer.replace('&', '&&')}&R&8&A, page &P of &N")


def _lines_of(cells: Sequence[Cell], widths: Sequence[float]) -> int:
    """Return how many lines the longest head needs in its column."""
    return max(
        (ceil(len(str(cell.value)) * 1.1 / width) for cell, width in zip(cells, widths, strict=False) if cell.value),
        default=1,
    )


def _face(sheet: Sheet, row: int, column: int, cell: Cell) -> str:
    """Return the format of a cell: a head over numbers stands right, a text beside them keeps its distance."""
    if cell.format == "text" and column:
        return "beside"
    if cell.format != "head" or not column:
        return cell.format
    below = [cells[column] for cells in sheet.rows[row + 1 : row + 1 + NUMBERS_BELOW] if len(cells) > column]
    numeric = any(one.format in _NUMERIC for one in below if one.value is not None)
    return "head_number" if numeric else "head"


def _write(page: Worksheet, row: int, column: int, cell: Cell, face: Format) -> None:
    value = stored(cell.value)
    if cell.formula:
        code = page.write_formula(row, column, f"={cell.formula}", face, "" if value is None else value)
    elif cell.link:
        code = page.write_url(row, column, f"internal:{quoted(cell.link)}!A1", face, str(value))
    elif value is None:
        code = page.write_blank(row, column, None, face)
    elif isinstance(value, bool):
        code = page.write_boolean(row, column, value, face)
    elif isinstance(value, str):
        code = page.write_string(row, column, value, face)
    elif isinstance(value, date):
        code = page.write_datetime(row, column, value, face)  # ty: ignore[invalid-argument-type] - a date is taken too
    else:
        code = page.write_number(row, column, float(value), face)
    if code:
        message = f"sheet {page.get_name()}, cell {address(row, column)}: the spreadsheet library refuses it ({code})"
        raise LostCellError(message)


def stored(value: Value) -> Value:
    """Return a value as a cell stores it: amounts as binary doubles, instants without zone, texts that fit."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0)
    return shown_text(value) if isinstance(value, str) else value


def _waterfall(file: xlsxwriter.Workbook, sheet: Sheet, chart: Waterfall) -> Any:
    drawn: Any = file.add_chart({"type": "column", "subtype": "stacked"})
    rows = (chart.first, chart.last)
    labels = f"={sheet.over(rows, (chart.column, chart.column))}"

    def series(offset: int, face: dict[str, Any], name: str) -> None:
        column = chart.column + offset
        values = f"={sheet.over(rows, (column, column))}"
        drawn.add_series({"name": name, "categories": labels, "values": values, "gap": 40, **face})

    series(1, {"fill": {"none": True}, "border": {"none": True}}, "base")
    for offset, (name, colour) in enumerate(_BARS, 2):
        series(offset, {"fill": {"color": colour}, "border": {"none": True}}, name)
    return _dressed(drawn, chart.title, chart.unit, {"width": 860, "height": 330})


def _lines(file: xlsxwriter.Workbook, sheet: Sheet, chart: Lines) -> Any:
    drawn: Any = file.add_chart({"type": "line"})
    heads = f"={sheet.over((chart.head, chart.head), chart.columns)}"
    for row in chart.rows:
        drawn.add_series(
            {
                "name": f"={sheet.at(row, 0)}",
                "categories": heads,
                "values": f"={sheet.over((row, row), chart.columns)}",
                "line": {"color": _GREEN, "width": 2},
                "marker": {"type": "circle", "size": 4, "fill": {"color": _GREEN}, "border": {"none": True}},
            }
        )
    return _dressed(drawn, chart.title, "", {"width": 860, "height": 260})


def _dressed(drawn: Any, title: str, unit: str, size: dict[str, int]) -> Any:
    drawn.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    drawn.set_legend({"none": True})
    drawn.set_y_axis(
        {
            "name": unit,
            "num_format": "#,##0.####",
            "major_gridlines": {"visible": True, "line": {"color": _LINE}},
            "line": {"none": True},
            "min": 0,
        }
    )
    drawn.set_x_axis({"line": {"color": _GREY}, "label_position": "low"})
    drawn.set_size(size)
    drawn.show_blanks_as("gap")
    return drawn
