"""Tables of a page as files: numbers are numbers, words calculate nothing, and a head says where they come from."""

import csv
import io
import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl

from readout.reports.page_tables import PageTable, TableCell, csv_zip, workbook

MADE = datetime(2026, 11, 28, 9)
FACTS = (("Page", "Readout"), ("Data version", "7"))
SYSTEMS = PageTable(
    "Systems: a/b",
    ("System", "Load, % of completed", "Unit cost, per accepted task"),
    (
        (TableCell("=cmd|' /C calc'!A1; Full"), TableCell("95.0%; plan 95%", 0.95, "share"),
         TableCell("€0.327", Decimal("0.327123456789"), "unit", "EUR")),
        (TableCell("@Desk"), TableCell("no completed task"), TableCell("no price")),
    ),
)  # fmt: skip
HEADS = ["System", "Load, % of completed", "Load, % of completed, as shown", "Unit cost, per accepted task, EUR",
         "Unit cost, per accepted task, EUR, as shown"]  # fmt: skip


def test_a_workbook_holds_numbers_beside_what_the_page_shows():
    content = workbook((SYSTEMS, SYSTEMS), "Readout", FACTS, MADE)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["About", "Systems  a b", "Systems  a b 2"]
    about = [[cell.value for cell in row] for row in book["About"].iter_rows()]
    assert ["Data version", "7"] in about
    _, heads, first, second = ([cell.value for cell in row] for row in book["Systems  a b"].iter_rows())
    assert heads == HEADS
    assert first == ["=cmd|' /C calc'!A1; Full", 0.95, "95.0%; plan 95%", 0.327123456789, "€0.327"]
    assert second == ["@Desk", None, "no completed task", None, "no price"]
    assert {cell.data_type for row in book["Systems  a b"].iter_rows() for cell in row} <= {"s", "n"}


def test_csv_calculates_nothing_and_a_missing_number_is_empty():
    with zipfile.ZipFile(io.BytesIO(csv_zip((SYSTEMS,), FACTS))) as file:
        assert file.namelist() == ["about.csv", "systems-a-b.csv"]
        rows = list(csv.reader(io.StringIO(file.read("systems-a-b.csv").decode())))
    assert rows[0] == HEADS
    assert rows[1] == ["'=cmd|' /C calc'!A1; Full", "0.95", "95.0%; plan 95%", "0.327123456789", "€0.327"]
    assert rows[2] == ["'@Desk", "", "no completed task", "", "no price"]
