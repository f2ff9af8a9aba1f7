"""Files to rows of text: every format, every way in which a file can be broken, and the line of each fault."""

import gzip
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.warehouse.errors import InputError
from readout.warehouse.loading.csv_rows import _careful, _fast, read_csv
from readout.warehouse.loading.json_rows import Level, read_json, read_jsonl
from readout.warehouse.loading.reading import open_file, read_rows
from readout.warehouse.loading.source import Source


def csv_source(text: str | bytes) -> Source:
    return read_csv("f.csv", text.encode() if isinstance(text, str) else text, "")


def cells(source: Source) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in source.columns) for row in source.rows.to_pylist()]


def lines(source: Source) -> list[int]:
    return source.rows.column("_line").to_pylist()


def unread(source: Source) -> list[tuple[int, int, str]]:
    return [(item.row, item.line, item.reason) for item in source.unread]


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_rows(open_file(path))
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(str(path))


# CSV.


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\n1,x\n2,y\n",
        b"a,b\r\n1,x\r\n2,y",
        b"\xef\xbb\xbfa,b\n1,x\n2,y",
        b'"a",b\n"1",x\n2,"y"\n',
        b" a ,b\n1,x\n\n2,y\n\n",
        b"a,b\r1,x\r2,y\r",
    ],
)
def test_byte_order_marks_line_ends_quotes_and_blank_lines_make_no_difference(raw):
    source = csv_source(raw)
    assert source.columns == ("a", "b")
    assert cells(source) == [("1", "x"), ("2", "y")]
    assert not source.unread


def test_a_record_is_reported_where_it_starts():
    source = csv_source('a,b\n1,"x\ny\nz"\n\n2,w\n')
    assert cells(source) == [("1", "x\ny\nz"), ("2", "w")]
    assert lines(source) == [2, 6]


def test_a_ragged_row_is_set_aside_with_its_line_and_keeps_its_number():
    source = csv_source("a,b\n1,x\n2\n3,y,z\n4,w\n")
    assert cells(source) == [("1", "x"), ("4", "w")]
    assert unread(source) == [(2, 3, "has 1 cells, the header has 2"), (3, 4, "has 3 cells, the header has 2")]
    assert source.rows.column("_row").to_pylist() == [1, 4]
    assert source.read == 4


def test_a_quote_that_is_never_closed_costs_one_row():
    source = csv_source('a,b\n1,x\n2,"y\n3,z\n4,w\n')
    assert cells(source) == [("1", "x"), ("3", "z"), ("4", "w")]
    assert unread(source) == [(2, 3, "a quote is not closed or not doubled; the record cannot be read")]


def test_two_stray_quotes_cost_two_rows():
    source = csv_source('a,b\n1,"x\n2,y\n3,"z\n4,w\n')
    assert cells(source) == [("2", "y"), ("4", "w")]
    assert [line for _, line, _ in unread(source)] == [2, 4]


def test_bytes_that_are_not_utf8_reject_their_row():
    source = csv_source(b"a,b\n1,x\n2,caf\xe9\n3,y\n")
    assert cells(source) == [("1", "x"), ("3", "y")]
    [(row, line, reason)] = unread(source)
    assert (row, line) == (2, 3)
    assert reason.startswith("cell 2 'caf")
    assert reason.endswith("is not UTF-8 text; save the file as UTF-8")


def test_a_cell_of_ten_megabytes_is_read():
    [(_, big)] = cells(csv_source(f'a,b\n1,"{"x" * 10_000_000}\n"\n'))
    assert len(str(big)) == 10_000_001


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a,a\n1,2\n", "f.csv:1: the header names column 'a' twice"),
        (b"a,A\n1,2\n", "f.csv:1: the header names column 'A' and 'a', which differ only in capitals"),
        (b"a;b\n1;2\n", "f.csv:1: the columns are separated by ';'; save the file with commas"),
        (b"caf\xe9,b\n1,2\n", "f.csv:1: the header is not UTF-8 text"),
        (b",,\n1,2,3\n", "f.csv:1: there is no header"),
    ],
)
def test_a_header_that_cannot_be_used_refuses_the_file(raw, said):
    with pytest.raises(InputError) as caught:
        csv_source(raw)
    assert said in str(caught.value)


def test_a_column_without_a_name_is_mentioned():
    source = csv_source(",a\n0,1\n")
    assert source.warnings == ("f.csv: column 1 has no name in the header and was ignored",)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
            min_size=2,
            max_size=2,
        )
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_comes_back(rows, end):
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    text = end.join(["a,b", *(",".join(map(quoted, row)) for row in rows)]) + end
    source = csv_source(text)
    assert cells(source) == [tuple(row) for row in rows]
    assert not source.unread


def test_the_fast_reader_agrees_with_the_careful_one_or_leaves_it_to_it():
    dice = random.Random(7)  # noqa: S311 - seeded, so that a failure can be repeated
    pieces = ["a", "", '""', '"x,y"', "é", "NULL", " 1 ", "'"]
    for _ in range(200):
        body = "\n".join(["h,i,j", *(",".join(dice.choices(pieces, k=3)) for _ in range(dice.randint(0, 5)))]).encode()
        fast = _fast(body, ["h", "i", "j"], 1)
        if fast:
            assert fast[0].to_pylist() == _careful(body, ["h", "i", "j"])[0].to_pylist()


# JSON.


def test_numbers_keep_the_digits_they_were_written_with():
    text = '[{"a": 3e-05, "b": 0.10, "c": 12345678901234567890123, "d": true, "e": null, "f": {"g": [1.50, "x"]}}]'
    [row] = cells(read_json("f.json", text.encode(), ""))
    assert row == ("3e-05", "0.10", "12345678901234567890123", "true", None, '{"g":[1.50,"x"]}')


def test_rows_of_a_list_are_reported_where_they_start():
    source = read_json("f.json", b'[\n {"a": 1},\n\n {"a": 2,\n "b": 3}\n]\n', "")
    assert lines(source) == [2, 4]
    assert cells(source) == [("1", None), ("2", "3")]


def test_entries_of_an_object_are_rows_with_their_key():
    source = read_json("f.json", b'{\n"x": {"p": 1},\n"y": {"p": 2}\n}', "", (Level("${}", "entry"),))
    assert cells(source) == [('{"p":1}', "1", "x"), ('{"p":2}', "2", "y")]
    assert source.columns == ("entry", "entry_no", "entry_key")
    assert lines(source) == [2, 3]


def test_nested_lists_become_rows_and_the_outer_text_leaves_them_out():
    document = [
        {"id": 1, "models": [{"m": "a"}, {"m": "b"}]},
        {"id": 2, "models": []},
        {"id": 3},
        {"id": 4, "models": {"m": "c"}},
    ]
    source = read_json("f.json", json.dumps(document).encode(), "", (Level("$[*]", "p"), Level("$.models[*]")))
    assert [(row["p"], row["p_no"], row["m"]) for row in source.rows.to_pylist()] == [
        ('{"id":1}', "1", "a"), ('{"id":1}', "1", "b"), ('{"id":4}', "4", "c"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"a": 1},\n {"a": }]', "f.json:2:8: malformed JSON, expecting value"),
        ('[{"a": 1}\n {"a": 2}]', "f.json:2:2: malformed JSON, expecting ',' delimiter"),
        ('{"a": 1', "f.json:1:8: malformed JSON, expecting ',' delimiter"),
        ('{"a": 1} x', "f.json:1:10: malformed JSON, extra data"),
        ("[" * 100_000, "f.json: the JSON is nested too deep to be read"),
        ("[1,]", "f.json:1:4: malformed JSON, expecting value"),
        ("nonsense", "f.json:1:1: malformed JSON, expecting value"),
    ],
)
def test_a_malformed_document_is_refused_with_line_and_column(text, said):
    with pytest.raises(InputError) as caught:
        read_json("f.json", text.encode(), "")
    assert said in str(caught.value)


def test_an_item_that_is_no_object_is_set_aside():
    source = read_json("f.json", b'[{"a": 1}, 5, null, "x"]', "")
    assert cells(source) == [("1",)]
    assert [reason for _, _, reason in unread(source)] == [
        "is not an object of named values: 5",
        "is not an object of named values: null",
        "is not an object of named values: x",
    ]


def test_a_bad_line_of_json_lines_is_set_aside_and_the_others_are_read():
    source = read_jsonl("f.jsonl", b'{"a": 1}\n{"a": \n\n{"a": 2}\r\n\xff\n[1]\n{"a": "\\ud83d"}', "")
    assert cells(source) == [("1",), ("2",), ("?",)]
    assert lines(source) == [1, 4, 7]
    assert unread(source) == [
        (2, 2, "malformed JSON at column 6, expecting value"),
        (4, 5, "byte 1 is not UTF-8 text"),
        (5, 6, "is not an object of named values: [1]"),
    ]


def test_a_key_that_comes_late_is_null_before():
    source = read_jsonl("f.jsonl", b'{"a": 1}\n{"b": 2}\n{"a": 3}', "")
    assert cells(source) == [("1", None), (None, "2"), ("3", None)]


# Files as a whole.


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    assert refusal(tmp_path / "none.csv") == ": there is no such file; check the path"
    assert refusal(tmp_path) == ": is a folder; name the files in it"


PACKED = gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)
PACKED_NOTHING = gzip.compress(b"", mtime=0)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("f.xlsx", b"PK", ": the suffix names no format that can be read; wanted is one of .csv"),
        ("f", b"a\n", ": the suffix names no format"),
        ("f.gz", b"a\n", ": the suffix names no format"),
        ("f.csv", b"", ": is empty; export it again"),
        ("f.csv", b"\xef\xbb\xbf \n", ": is empty; export it again"),
        ("f.csv.gz", b"", ": is empty; export it again"),
        ("f.csv.gz", PACKED_NOTHING, ": is empty; export it again"),
        ("f.csv.gz", b"a,b\n1,2\n", ": is named .gz but is not gzip; rename it or pack it again"),
        ("f.csv.gz", PACKED[:-20], ": the gzip is cut off before its end"),
        ("f.csv.gz", PACKED[:-4] + b"abcd", ": the gzip is damaged"),
        ("f.csv.gz", PACKED[:10] + b"\xff" * 40, ": the gzip is damaged"),
        ("f.json", b'{"a": "\xff"}', ":1: byte 8 is not UTF-8 text"),
        ("f.parquet", b"PAR1 not really", ": is not a readable Parquet file"),
    ],
)
def test_what_is_no_input_is_refused_in_one_line(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path).startswith(said)


def test_gzip_is_known_by_its_bytes_and_the_hash_is_of_the_content(tmp_path):
    plain, packed, hidden = tmp_path / "f.csv", tmp_path / "g.csv.gz", tmp_path / "h.csv"
    plain.write_bytes(b"a\n1\n")
    packed.write_bytes(gzip.compress(b"a\n1\n"))
    hidden.write_bytes(gzip.compress(b"a\n1\n"))
    found = [read_rows(open_file(path)) for path in (plain, packed, hidden)]
    assert len({source.sha256 for source in found}) == 1
    assert [cells(source) for source in found] == [[("1",)]] * 3
