"""The sheet Assumptions: every input, with its unit, from when it holds, and where it stands."""

import re

from readout.briefs.results_report import Assumption
from readout.reports.sheets import Cell, FormatName, is_number
from readout.reports.unit_cost.frame import Layout
from readout.words import report as words

NAME = "Assumptions"
HEADS = ("Input", "Value", "Unit", "Holds from", "Where it stands", "Name in formulas")
_NO_NAME = re.compile(r"[^A-Za-z0-9_]+")


def lay_out(layout: Layout) -> None:
    """Lay out the inputs by kind; those that have a name can be used in formulas of the reader's own."""
    sheet = layout.sheet(NAME, (56, 20, 34, 13, 30, 26))
    sheet.heads(*HEADS)
    for kind, title in words.ASSUMPTIONS.items():
        found = [one for one in layout.report.assumptions if one.kind == kind]
        if not found:
            continue
        sheet.add(Cell(title, "label"))
        for one in found:
            row = len(sheet.rows)
            name = _NO_NAME.sub("_", one.name).lower()
            if name and one.value is not None and name not in layout.book.names:
                layout.book.names[name] = sheet.at(row, 1)
            sheet.add(
                Cell(one.what),
                Cell(one.value, _face(one)),
                Cell(one.unit),
                Cell(one.valid_from, "date"),
                Cell(one.source),
                Cell(name),
            )


def _face(one: Assumption) -> FormatName:
    return "input_number" if is_number(one.value) else "input_text"
