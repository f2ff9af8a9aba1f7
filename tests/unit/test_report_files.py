"""Files of reports: text stays text, numbers numbers, nothing is lost, and a file that differs is refused."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pypdf
import pytest

from readout.periods import Calendar, FiscalCalendar
from readout.periods.reported import reported_period
from readout.reports.bundle import bundled
from readout.reports.document import Column, Document, Listing, Row, Text, pdf_bytes, trend, waterfall
from readout.reports.reread import MismatchError, check_workbook
from readout.reports.sheets import MAX_TEXT, Cell, Workbook, letters, shown_text, units
from readout.reports.streams import BATCH, Field, csv_text, write_csv, write_parquet
from readout.reports.xlsx import LostCellError, workbook_bytes

MADE = datetime(2026, 11, 2, 9)


def workbook(*rows: tuple[Cell, ...], name: str = "A sheet") -> Workbook:
    book = Workbook(footer="R&D")
    sheet = book.sheet(name, (20, 20))
    for row in rows:
        sheet.add(*row)
    return book


def written(book: Workbook, **options) -> bytes:
    return workbook_bytes(book, title="Unit cost", made_at=MADE, **options)


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "@all", "-5", "{=SUM(A1)}", "https://example.com", "0012", "TRUE"])
def test_text_stays_text(text):
    content = written(workbook((Cell(text), Cell(Decimal(-5), "money"))))
    one, two = openpyxl.load_workbook(io.BytesIO(content))["A sheet"][1]
    assert (one.value, one.data_type) == (text, "s")
    assert (two.value, two.data_type) == (-5, "n")
    check_workbook(content, workbook((Cell(text), Cell(Decimal(-5), "money"))), {})


@pytest.mark.parametrize("text", ["x" * 40_000, "🙂" * 20_000])
def test_a_text_longer_than_a_cell_is_cut_with_a_note(text):
    cut = shown_text(text)
    assert units(cut) <= MAX_TEXT
    assert cut.endswith(f" … (cut: {len(text):,} characters)")
    book = workbook((Cell(text),))
    check_workbook(written(book), book, {})


def test_a_text_that_fits_is_as_it_was_but_for_control_characters():
    assert shown_text("a\tb\n" + "x" * 100) == "a\tb\n" + "x" * 100
    assert shown_text("a\x00b\x1f") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"


def test_days_and_instants_are_dates():
    book = workbook((Cell(date(2026, 10, 1), "date"), Cell(MADE, "instant"), Cell(None, "money"), Cell(value=True)))
    day, instant, nothing, flag = openpyxl.load_workbook(io.BytesIO(written(book)))["A sheet"][1]
    assert (day.value, day.number_format) == (datetime(2026, 10, 1), "yyyy-mm-dd")
    assert (instant.value, nothing.value, flag.value) == (MADE, None, True)


def test_a_formula_is_written_with_what_it_comes_to():
    book = workbook(
        (Cell(Decimal("0.10"), "money"), Cell(Decimal("0.20"), "money")),
        (Cell(Decimal("0.30"), "money", "SUM(A1:B1)"),),
    )
    content = written(book)
    assert openpyxl.load_workbook(io.BytesIO(content))["A sheet"]["A2"].value == "=SUM(A1:B1)"
    assert openpyxl.load_workbook(io.BytesIO(content), data_only=True)["A sheet"]["A2"].value == 0.3


def test_the_same_workbook_gives_the_same_bytes():
    rows = ((Cell("a"), Cell(1, "count")), (Cell("b"), Cell(2, "count")))
    assert written(workbook(*rows)) == written(workbook(*rows))
    assert written(workbook(*rows), streamed=True) == written(workbook(*rows), streamed=True)


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        (Cell(Decimal("0.31"), "money", figure="total"), "A1 holds 0.3, not 0.31"),
        (Cell(Decimal("0.30"), "money", "1-0.7", figure="total"), "A1 calculates 0.3, not =1-0.7"),
        (Cell("0.3", figure="total"), "A1 holds 0.3, not '0.3'"),
    ],
)
def test_a_file_that_does_not_say_what_was_meant_is_refused(meant, said):
    content = written(workbook((Cell(Decimal("0.30"), "money", figure="total"),)))
    with pytest.raises(MismatchError, match="not handed over") as refused:
        check_workbook(content, workbook((meant,)), {})
    assert said in str(refused.value)


def test_a_figure_that_is_missing_or_another_is_refused():
    book = workbook((Cell(Decimal("0.30"), "money", figure="total"),))
    check_workbook(written(book), book, {"total": Decimal("0.3")})
    with pytest.raises(MismatchError, match="the figure share is in no cell"):
        check_workbook(written(book), book, {"total": Decimal("0.3"), "share": 1.0})
    with pytest.raises(MismatchError, match="for total, the report says"):
        check_workbook(written(book), book, {"total": Decimal("0.300001")})


def test_a_cell_beyond_the_sheet_is_an_error_and_never_lost():
    book = workbook((Cell("head"),))
    book.sheets["A sheet"].rows = [()] * 1_048_576 + [(Cell("one too many"),)]
    with pytest.raises(LostCellError, match="A1048577"):
        written(book, streamed=True)


def test_the_letters_of_columns():
    assert [letters(column) for column in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


FIELDS = (
    Field("name", "text"),
    Field("day", "date"),
    Field("n", "integer", summed=True),
    Field("cost", "decimal", summed=True),
)
ROWS = [
    ("=1+1", date(2026, 10, 1), 3, Decimal("0.000000000001")),
    ('a "quoted", one\nof two lines', None, None, Decimal("-5.10")),
    ("", date(2026, 10, 31), 2**53 + 1, None),
]


def test_a_csv_file_is_plain_and_adds_up(tmp_path):
    found = write_csv(tmp_path / "x.csv", FIELDS, ROWS)
    text = (tmp_path / "x.csv").read_bytes().decode()
    assert text.splitlines()[0] == "name,day,n,cost"
    assert text.count("\r\n") == 4
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["name"] for row in rows] == ["'=1+1", ROWS[1][0], ""]
    assert [row["cost"] for row in rows] == ["0.000000000001", "-5.10", ""]
    assert (found.rows, found.totals) == (3, {"n": Decimal(2**53 + 4), "cost": Decimal("-5.099999999999")})


def test_a_parquet_file_holds_the_same_exactly(tmp_path):
    found = write_parquet(tmp_path / "x.parquet", FIELDS, iter(ROWS))
    table = pq.read_table(tmp_path / "x.parquet").to_pylist()
    assert [(row["name"], row["day"], row["n"]) for row in table] == [row[:3] for row in ROWS]
    assert [row["cost"] for row in table] == [row[3] for row in ROWS]
    assert found.totals == write_csv(tmp_path / "x.csv", FIELDS, ROWS).totals


LONG = (Field("name", "text"), Field("number", "integer"), Field("amount", "decimal", summed=True))


def test_a_long_table_is_written_batch_by_batch_and_whole(tmp_path):
    made = 0

    def rows(longest: int, path: Path):
        nonlocal made
        for made in range(1, longest + 1):
            if made == longest:  # what came before has left the memory for the file
                assert path.with_name(f".{path.name}.part").stat().st_size > 0
            yield ("a name", made, Decimal(made))

    for write, name in ((write_csv, "x.csv"), (write_parquet, "x.parquet")):
        longest = 2 * BATCH + 1
        found = write(tmp_path / name, LONG, rows(longest, tmp_path / name))
        assert (found.rows, made, found.totals) == (longest, longest, {"amount": Decimal(longest * (longest + 1) // 2)})
    parquet = pq.ParquetFile(tmp_path / "x.parquet")
    sizes = [parquet.metadata.row_group(place).num_rows for place in range(parquet.num_row_groups)]
    assert sizes == [BATCH, BATCH, 1]
    with (tmp_path / "x.csv").open(newline="") as file:
        assert [int(row["number"]) for row in csv.DictReader(file)] == list(range(1, longest + 1))


def test_a_file_that_fails_halfway_leaves_what_was_there(tmp_path):
    def broken():
        yield ROWS[0]
        message = "the warehouse went away"
        raise OSError(message)

    (tmp_path / "x.csv").write_text("before")
    with pytest.raises(OSError, match="went away"):
        write_csv(tmp_path / "x.csv", FIELDS, broken())
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x.csv", "before")]


@pytest.mark.parametrize(
    ("value", "text"), [("@SUM(A1)", "'@SUM(A1)"), ("-5", "'-5"), (Decimal(-5), "-5"), (Decimal("1E-7"), "0.0000001")]
)
def test_only_text_is_made_plain(value, text):
    assert csv_text(value) == text


def document(*blocks, title="Unit cost") -> Document:
    return Document(title, "Northgate", ("Open", "EUR"), "October 2026", "data version 7", blocks)


def test_what_a_document_says_is_no_markup():
    hostile = '#pagebreak() *b* $x$ <l> \\ "q" @ref'
    content = pdf_bytes(document(Text(hostile), Listing((Column("System", number=False),), (Row((hostile,)),))))
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 1
    assert pages[0].extract_text().count("#pagebreak() *b* $x$") == 2


def test_the_same_document_gives_the_same_bytes():
    blocks = (
        waterfall(
            ("Sep", 100.0, "100"), [("Volume", 20.0, "20"), ("Rate", -130.0, "−130")], ("Oct", -10.0, "−10"), "fell"
        ),
        trend([("Aug", 1.0, "1"), ("Sep", None, ""), ("Oct", 2.0, "2")], "rose"),
    )
    assert pdf_bytes(document(*blocks)) == pdf_bytes(document(*blocks))


def test_a_waterfall_stands_where_its_amounts_do():
    drawn = waterfall(("Sep", 100.0, ""), [("Volume", 50.0, ""), ("Rate", -200.0, "")], ("Oct", -50.0, ""), "")
    places = [(bar.tone, round(bar.low, 3), round(bar.high, 3)) for bar in drawn.bars]
    assert drawn.zero == 0.25
    assert places == [("total", 0.25, 0.75), ("increase", 0.75, 1.0), ("decrease", 0.0, 1.0), ("total", 0.0, 0.25)]


def test_a_month_without_a_value_breaks_the_line():
    drawn = trend([("Aug", 1.0, "1"), ("Sep", None, ""), ("Oct", 2.0, "2")], "")
    assert drawn.runs == (((0.0, 0.5),), ((1.0, 1.0),))


def test_several_files_are_one_zip_and_one_is_itself(tmp_path):
    paths = [tmp_path / "a.csv", tmp_path / "b.json"]
    for path in paths:
        path.write_text(path.name)
    assert bundled(paths[:1], "x") == ("a.csv", b"a.csv")
    name, content = bundled(paths, "x")
    assert (name, content) == ("x.zip", bundled(paths, "x")[1])


FISCAL = Calendar(fiscal=FiscalCalendar("4-4-5", 2))


@pytest.mark.parametrize(
    ("text", "calendar", "start", "days", "grain"),
    [
        ("2026-10", Calendar(), date(2026, 10, 1), 31, "month"),
        ("2026-Q4", Calendar(), date(2026, 10, 1), 92, "quarter"),
        ("2024", Calendar(), date(2024, 1, 1), 366, "year"),
        ("FY2027", Calendar(fiscal=FiscalCalendar(start_month=7)), date(2026, 7, 1), 365, "fiscal_year"),
        ("FY2027-Q2", Calendar(fiscal=FiscalCalendar(start_month=7)), date(2026, 10, 1), 92, "fiscal_quarter"),
        ("FY2027-P03", FISCAL, None, 35, "fiscal_month"),
    ],
)
def test_a_period_is_named_as_finance_names_it(text, calendar, start, days, grain):
    window, found = reported_period(text, calendar)
    assert (window.days, found) == (days, grain)
    assert start is None or window.start == start


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "10-2026", "FY27-P01", "2026-Q5", "last month", ""])
def test_what_names_no_period_is_told_how_to(text):
    with pytest.raises(ValueError, match="write 2026-10"):
        reported_period(text, Calendar())
