"""The file is read again before it is handed over: every cell and every figure, against what was laid out."""

import warnings
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from itertools import zip_longest
from math import isclose
from typing import Any

import openpyxl

from readout.reports.sheets import Cell, Value, Workbook, address, is_number
from readout.reports.xlsx import stored

CLOSE = 1e-12  # relative: a cell is a binary double, with 15 digits and a bit


class MismatchError(Exception):
    """A file that does not say what the report says; it is not handed over."""


def check_workbook(content: bytes, book: Workbook, figures: Mapping[str, Value]) -> None:
    """Compare an XLSX file with the workbook that it was made of, and its figures with those of the report.

    Raises:
        MismatchError: a sheet, a cell, a formula or a figure differs or is missing; the message names the first ones.
    """
    seen: dict[str, list[tuple[str, Any]]] = {}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparkline Group extension", UserWarning)  # it reads cells, not drawings
        faults = _compared(content, book, seen)
    for key, value in figures.items():
        if key not in seen:
            faults.append(f"the figure {key} is in no cell")
        faults += [
            f"{where} shows {held!r} for {key}, the report says {value!r}"
            for where, held in seen.get(key, ())
            if not same(held, stored(value))
        ]
    if faults:
        more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""  # noqa: PLR2004 - enough to see the pattern
        message = f"the file does not say what the report says, and is not handed over: {'; '.join(faults[:5])}{more}"
        raise MismatchError(message)


def _compared(content: bytes, book: Workbook, seen: dict[str, list[tuple[str, Any]]]) -> list[str]:
    """Return what differs, sheet by sheet; note in `seen` where each figure stands and what is held there."""
    values = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    formulas = openpyxl.load_workbook(BytesIO(content), read_only=True)
    if values.sheetnames != list(book.sheets):
        return [f"sheets are {values.sheetnames}, not {list(book.sheets)}"]
    faults = []
    for name, sheet in book.sheets.items():
        held, written = (one[name].iter_rows(values_only=True) for one in (values, formulas))
        for row, (cells, results, texts) in enumerate(zip_longest(sheet.every_row(), held, written, fillvalue=())):
            for column, cell in enumerate(cells):
                value, text = (one[column] if column < len(one) else None for one in (results, texts))
                where = f"{name}!{address(row, column)}"
                if fault := _fault(cell, value, text):
                    faults.append(f"{where} {fault}")
                if cell.figure:
                    seen.setdefault(cell.figure, []).append((where, value))
    return faults


def _fault(cell: Cell, value: Any, written: Any) -> str:
    """Return what is wrong with a cell of the file, empty where nothing is."""
    meant = stored(cell.value)
    if not same(value, meant):
        return f"holds {value!r}, not {meant!r}"
    if cell.formula:
        return "" if written == f"={cell.formula}" else f"calculates {written!r}, not ={cell.formula}"
    return "" if same(written, meant) else f"is a formula, and was meant as {cell.value!r}"


def same(held: Any, meant: Value) -> bool:
    """Whether what a file holds is what was meant: numbers to 12 digits, days as days, an empty text as nothing."""
    if isinstance(held, datetime) and isinstance(meant, date) and not isinstance(meant, datetime):
        return held.date() == meant and held.time() == time()
    if is_number(held) and is_number(meant):
        return isclose(float(held), float(meant), rel_tol=CLOSE, abs_tol=CLOSE)  # ty: ignore[invalid-argument-type]
    if isinstance(meant, Decimal) or is_number(held) or is_number(meant):
        return False
    return (held or None) == (meant or None) if not isinstance(held, bool) else held == meant
