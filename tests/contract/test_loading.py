"""Loading into the contract's tables, on both engines: every row in one category, nothing twice, nothing lost."""

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from readout.settings import Settings
from readout.warehouse.contract import contract
from readout.warehouse.errors import InputError, NotReadyError, WarehouseError
from readout.warehouse.init import initialise
from readout.warehouse.loading import LoadResult, intake, load
from readout.warehouse.session import Session, open_session
from tests.contract.worked import prepare

HEADER = "system_id,task_id,created_at,completed_at,status,arm,ingested_at"
CATEGORIES = ("loaded", "updated", "merged", "duplicates", "filtered", "rejected")


class Desk:
    """A fresh warehouse, a folder for files, and the one command under test."""

    def __init__(self, session: Session, settings: Settings, folder: Path) -> None:
        self.session, self.settings, self.folder = session, settings, folder

    def file(self, text: str | bytes, name: str = "tasks.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(self, text: str | bytes, table: str = "tasks", name: str = "", **options: Any) -> LoadResult:
        path = self.file(text, name or f"{table}.csv")
        result = load(self.session, self.settings, table, [path], **options)
        assert sum(getattr(result, category) for category in CATEGORIES) == result.read
        return result

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.session.rows(sql.replace("telemetry.", f"{self.settings.contract_schema}."))

    def one(self, sql: str) -> Any:
        [(value,)] = self.rows(sql)
        return value

    def hours(self) -> set[datetime]:
        return {row[0] for row in self.rows("SELECT hour_utc FROM dirty_hour_queue")}

    def forget_hours(self) -> None:
        self.session.execute("DELETE FROM dirty_hour_queue")


@pytest.fixture
def settings(engine_url: str) -> Settings:
    return Settings(warehouse_url=engine_url)


@pytest.fixture
def desk(settings: Settings, tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "files"
    folder.mkdir()
    prepare(settings.url, {})
    with open_session(settings) as session:
        yield Desk(session, settings, folder)


def tasks(*rows: str) -> str:
    return "\n".join((HEADER, *rows)) + "\n"


def counts(result: LoadResult) -> dict[str, int]:
    return {name: value for name in CATEGORIES if (value := getattr(result, name))}


A = "s,a,2026-01-05T10:00:00Z,2026-01-05T11:30:00Z,completed,ai_auto,2026-01-06T00:00:00Z"
B = "s,b,2026-01-05T10:00:00Z,,open,human,2026-01-06T00:00:00Z"


# Categories.


def test_new_rows_are_loaded_and_the_same_file_twice_changes_nothing(desk):
    assert counts(desk.load(tasks(A, B))) == {"loaded": 2}
    before = desk.rows("SELECT * FROM telemetry.tasks ORDER BY task_id")
    desk.forget_hours()
    again = desk.load(tasks(A, B))
    assert counts(again) == {"duplicates": 2}
    assert again.tables == {"tasks": 0}
    assert desk.rows("SELECT * FROM telemetry.tasks ORDER BY task_id") == before
    assert desk.hours() == set()


def test_a_newer_version_replaces_the_stored_one_and_an_older_one_does_not(desk):
    desk.load(tasks(B))
    newer = B.replace(",,open", ",2026-01-07T08:00:00Z,completed").replace("06T00", "08T00")
    assert counts(desk.load(tasks(newer))) == {"updated": 1}
    assert desk.one("SELECT completed_at FROM telemetry.tasks") == datetime(2026, 1, 7, 8)
    assert counts(desk.load(tasks(B))) == {"duplicates": 1}
    assert desk.one("SELECT status FROM telemetry.tasks") == "completed"


def test_at_the_same_ingested_at_the_later_load_wins(desk):
    desk.load(tasks(B))
    assert counts(desk.load(tasks(B.replace("open", "failed")))) == {"updated": 1}
    assert desk.one("SELECT status FROM telemetry.tasks") == "failed"


def test_ingested_at_alone_is_no_change(desk):
    desk.load(tasks(A))
    assert counts(desk.load(tasks(A.replace("06T00", "09T00")))) == {"duplicates": 1}
    assert desk.one("SELECT ingested_at FROM telemetry.tasks") == datetime(2026, 1, 6)


def test_within_a_file_the_latest_version_of_a_key_wins(desk):
    first, second = B.replace("06T00", "09T00"), B.replace("open", "failed")
    assert counts(desk.load(tasks(first, second, first))) == {"loaded": 1, "updated": 1, "duplicates": 1}
    assert desk.one("SELECT status FROM telemetry.tasks") == "open"
    assert counts(desk.load(tasks(first, second, first))) == {"duplicates": 3}


def test_within_a_file_the_last_row_wins_a_tie(desk):
    assert counts(desk.load(tasks(B, B.replace("open", "failed")))) == {"loaded": 1, "updated": 1}
    assert desk.one("SELECT status FROM telemetry.tasks") == "failed"


def test_one_id_in_two_systems_is_two_tasks(desk):
    assert counts(desk.load(tasks(A, A.replace("s,", "t,", 1)))) == {"loaded": 2}


def test_columns_that_the_file_does_not_have_keep_what_is_stored(desk):
    desk.load(f"{HEADER},outcome\n{A},resolved\n")
    newer = A.replace("ai_auto", "ai_assisted").replace("06T00", "08T00")
    assert counts(desk.load(tasks(newer))) == {"updated": 1}
    assert desk.rows("SELECT arm, outcome FROM telemetry.tasks") == [("ai_assisted", "resolved")]


def test_a_null_in_the_key_is_a_value_like_any_other(desk):
    header = "system_id,task_id,activity,role,started_at,seconds,ingested_at\n"
    text = header + "s,a,review,,2026-01-05T10:00:00,30,2026-01-06\ns,a,review,lead,2026-01-05T10:00:00,40,2026-01-06\n"
    assert counts(desk.load(text, "human_work")) == {"loaded": 2}
    assert counts(desk.load(text.replace(",30,", ",31,"), "human_work")) == {"updated": 1, "duplicates": 1}
    assert desk.rows("SELECT role, seconds FROM telemetry.human_work ORDER BY seconds") == [(None, 31), ("lead", 40)]


def test_a_table_without_ingested_at_takes_the_later_load(desk):
    text = "role,hourly_amount,currency,valid_from\nlead,$1%2C200.50 ,EUR,2026-01-01\n".replace(
        "$1%2C200.50 ", '"$1,200.50 "'
    )
    assert counts(desk.load(text, "rate_card")) == {"loaded": 1}
    assert desk.one("SELECT hourly_amount FROM telemetry.rate_card") == Decimal("1200.5")
    assert counts(desk.load(text.replace("200.50", "300"), "rate_card")) == {"updated": 1}
    assert counts(desk.load(text.replace("200.50", "300"), "rate_card")) == {"duplicates": 1}


def test_ingested_at_is_stamped_where_the_file_has_none(desk):
    text = "system_id,task_id,created_at,status,arm\ns,a,2026-01-05,open,human\n"
    assert counts(desk.load(text)) == {"loaded": 1}
    stamped = desk.one("SELECT ingested_at FROM telemetry.tasks")
    assert abs(stamped - datetime.now(tz=None)) < timedelta(days=1)
    assert counts(desk.load(text)) == {"duplicates": 1}
    assert "ingested_at" not in recorded(desk)


def test_costs_get_their_source_and_load_id_from_the_load(desk):
    text = "charge_id,component,charge_start,charge_end,billed_cost,currency\n1,tokens,2026-01-01,2026-02-01,12.5,USD\n"
    assert counts(desk.load(text, "costs", source="invoice")) == {"loaded": 1}
    assert desk.one("SELECT source FROM telemetry.costs") == "invoice"
    assert desk.one("SELECT load_id FROM telemetry.costs") == desk.one("SELECT load_id FROM load_log")
    assert counts(desk.load(text, "costs", source="invoice")) == {"duplicates": 1}
    assert desk.hours() == {datetime(2026, 1, 1)}


# What is recorded.


def recorded(desk: Desk, table: str = "tasks", system: str = "s") -> set[str]:
    where = f"table_name = '{table}' AND system_id = '{system}'"
    return {row[0] for row in desk.rows(f"SELECT column_name FROM recorded_column WHERE {where}")}


def test_a_column_is_recorded_once_the_file_has_it_even_where_it_is_empty(desk):
    desk.load(tasks(B))
    assert recorded(desk) == set(HEADER.split(","))
    desk.load(f"{HEADER},latency_ms\n{B.replace(',b,', ',c,')},\n")
    assert recorded(desk) == {*HEADER.split(","), "latency_ms"}


def test_recorded_columns_are_per_system_and_for_shared_tables_under_a_star(desk):
    desk.load(tasks(A, B.replace("s,", "t,", 1)))
    assert recorded(desk) == recorded(desk, system="t")
    desk.load("role,hourly_amount,currency,valid_from\nlead,1,EUR,2026-01-01\n", "rate_card")
    assert recorded(desk, "rate_card", "*") == {"role", "hourly_amount", "currency", "valid_from"}


def test_every_load_is_logged_with_its_counts(desk):
    result = desk.load(tasks(A, B, B.replace("open", "lost")), source="desk")
    assert counts(result) == {"loaded": 2, "rejected": 1}
    [row] = desk.rows("SELECT source, table_name, rows_read, loaded, rejected, sha256 FROM load_log")
    assert row[:5] == ("desk", "tasks", 3, 2, 1)
    assert len(row[5]) == 64
    [reject] = desk.rows("SELECT source, line, column_name, reason, row_text FROM load_reject")
    assert reject[:3] == ("desk", 4, "status")
    assert "'lost' is not one of open, completed" in reject[3]
    assert json.loads(reject[4])["task_id"] == "b"


# Dirty hours.


def test_a_task_queues_the_hours_of_its_versions(desk):
    desk.load(tasks(A))
    assert desk.hours() == {datetime(2026, 1, 5, 10), datetime(2026, 1, 5, 11)}
    desk.forget_hours()
    moved = A.replace("05T11:30", "05T14:30").replace("06T00", "07T00")
    desk.load(tasks(moved))
    assert desk.hours() == {datetime(2026, 1, 5, hour) for hour in (10, 11, 14)}


CHILDREN = {
    "verdicts": (
        (
            "system_id,task_id,verdict_id,metric,outcome,judge,created_at,ingested_at\n"
            "s,a,v,correct,true,human,2026-02-01T07:10:00Z,{}\n"
        ),
        "true",
        "false",
    ),
    "model_calls": (
        "system_id,call_id,task_id,model,started_at,input_tokens,ingested_at\ns,c,a,m,2026-02-01T07:10:00Z,12,{}\n",
        ",12,",
        ",13,",
    ),
    "human_work": (
        "system_id,task_id,activity,role,started_at,seconds,ingested_at\ns,a,rework,lead,2026-02-01T07:10:00Z,12,{}\n",
        ",12,",
        ",13,",
    ),
}


@pytest.mark.parametrize("table", CHILDREN)
def test_a_child_row_queues_its_own_hour_and_its_tasks_hours(desk, table):
    text, old, new = CHILDREN[table]
    desk.load(tasks(A))
    expected = {datetime(2026, 1, 5, 10), datetime(2026, 1, 5, 11), datetime(2026, 2, 1, 7)}
    for version, number in (text, 1), (text.replace(old, new), 2):
        desk.forget_hours()
        assert desk.load(version.format(f"2026-02-0{number}"), table).tables == {table: 1}
        assert desk.hours() == expected


def test_a_call_that_moves_to_another_task_queues_both(desk):
    desk.load(tasks(A, "s,z,2026-03-01T01:00:00Z,,open,human,2026-03-02"))
    text, _, _ = CHILDREN["model_calls"]
    desk.load(text.format("2026-02-02"), "model_calls")
    desk.forget_hours()
    desk.load(text.replace(",a,m", ",z,m").format("2026-02-03"), "model_calls")
    assert {datetime(2026, 1, 5, 10), datetime(2026, 3, 1, 1), datetime(2026, 2, 1, 7)} <= desk.hours()


# Values.


def test_instants_become_naive_utc_cut_to_microseconds(desk):
    written = {
        "2026-01-05 10:00:00.9999999": datetime(2026, 1, 5, 10, 0, 0, 999999),
        "2026-01-05T10:00:00.123456789Z": datetime(2026, 1, 5, 10, 0, 0, 123456),
        "2026-01-05T10:00:00+02:00": datetime(2026, 1, 5, 8),
        "2026-01-05T10:00:00-0530": datetime(2026, 1, 5, 15, 30),
        "2026-01-05 10:00:00 UTC": datetime(2026, 1, 5, 10),
        "2026-01-05 10:00:00+00": datetime(2026, 1, 5, 10),
        "2026-01-05T10:00": datetime(2026, 1, 5, 10),
        "2026-01-05": datetime(2026, 1, 5),
        " 2024-02-29 ": datetime(2024, 2, 29),
    }
    rows = [f"s,{i:02},{text},,open,human,2026-01-06" for i, text in enumerate(written)]
    assert counts(desk.load(tasks(*rows))) == {"loaded": len(written)}
    found = [row[0] for row in desk.rows("SELECT created_at FROM telemetry.tasks ORDER BY task_id")]
    assert found == list(written.values())


WRONG = [
    ("created_at", "2026-02-30T10:00:00Z", "is not a date that exists"),
    ("created_at", "2026-13-01T10:00:00Z", "is not a date and time that exists"),
    ("created_at", "2026-01-05T25:00:00Z", "is not a date and time that exists"),
    ("created_at", "2026-01-05T24:00:00Z", "is not a date and time that exists"),
    ("created_at", "05/01/2026", "is not ISO 8601; write 2026-01-31T09:30:00Z"),
    ("created_at", "1767607200000", "is not ISO 8601"),
    ("created_at", "2026-01-05T10:00:00 Europe/Berlin", "is not"),
    ("created_at", "", "created_at is empty but required"),
    ("latency_ms", "-1", "latency_ms '-1' is negative"),
    ("latency_ms", "NaN", "is not a number"),
    ("latency_ms", "inf", "is not a number"),
    ("latency_ms", "12 ms", "is not a number"),
    ("latency_ms", "1e30", "is too large"),
    ("cost_amount", "1,5", "is not a number"),
    ("cost_amount", "12,34,567", "is not a number"),
    ("cost_amount", "€5", "is not a number"),
    ("latency_ms", "1,200", "is not a number"),
    ("cost_amount", "1_000", "is not a number"),
    ("cost_currency", "usd", "is not an ISO 4217 code"),
    ("review_prob", "1.5", "is not in [0, 1]"),
    ("review_prob", "-0.1", "is not in [0, 1]"),
    ("is_test", "maybe", "is neither true nor false"),
    ("status", "Done", "is not one of open, completed, failed, abandoned, unknown"),
    ("task_id", "x\0y", "holds a NUL byte"),
]


def test_a_wrong_value_rejects_its_row_alone_and_says_why(desk):
    good = dict(zip(HEADER.split(","), A.split(","), strict=True)) | {
        column: "" for column, _, _ in WRONG if column not in HEADER
    }
    rows = [good | {"task_id": str(i), column: text} for i, (column, text, _) in enumerate(WRONG)]
    lines = [",".join(f'"{cell}"' for cell in row.values()) for row in (*rows, good)]
    result = desk.load("\n".join((",".join(good), *lines)))
    assert counts(result) == {"loaded": 1, "rejected": len(WRONG)}
    for line, (reject, (column, _, reason)) in enumerate(zip(result.rejects, WRONG, strict=True), 2):
        assert (reject.line, reject.column) == (line, column)
        assert reason in reject.reason
    assert desk.one("SELECT count(*) FROM load_reject") == len(WRONG)


def test_counts_must_be_whole(desk):
    wrong = {
        "1.7": "is not a whole number",
        "-3": "is negative",
        "1e3": "not written as a whole number",
        "9" * 30: "too large",
    }
    rows = [f"s,{i},m,2026-01-05,{text}\n" for i, text in enumerate([*wrong, "12.0"])]
    result = desk.load(f"system_id,call_id,model,started_at,input_tokens\n{''.join(rows)}", "model_calls")
    assert counts(result) == {"loaded": 1, "rejected": 4}
    assert all(reason in reject.reason for reject, reason in zip(result.rejects, wrong.values(), strict=True))
    assert desk.one("SELECT input_tokens FROM telemetry.model_calls") == 12


def test_a_sampling_probability_of_zero_is_rejected(desk):
    header = "system_id,task_id,verdict_id,metric,judge,sampling_prob,created_at\n"
    result = desk.load(f"{header}s,a,1,correct,human,0,2026-01-05\ns,a,2,correct,human,1,2026-01-05\n", "verdicts")
    assert counts(result) == {"loaded": 1, "rejected": 1}
    assert "is not in (0, 1]" in result.rejects[0].reason


def test_money_is_exact(desk):
    header = HEADER + ",cost_amount\n"
    written = {
        '"$10,000.00 "': Decimal(10000),
        "-$3": Decimal(-3),
        "0.000000000001": Decimal("1E-12"),
        "3e-05": Decimal("0.00003"),
        "12345678901234567890.123456789012": Decimal("12345678901234567890.123456789012"),
        '"1,234,567"': Decimal(1234567),
    }
    rows = [f"{B.replace(',b,', f',{i},')},{text}" for i, text in enumerate(written)]
    assert counts(desk.load(header + "\n".join(rows))) == {"loaded": len(written)}
    found = [row[0] for row in desk.rows("SELECT cost_amount FROM telemetry.tasks ORDER BY task_id")]
    assert found == list(written.values())


def test_spellings_of_null_and_of_booleans(desk):
    header = HEADER + ",task_type,is_test\n"
    rows = [
        f"{B.replace(',b,', f',{i},')},{null},{flag}"
        for i, (null, flag) in enumerate(
            zip(("", "NULL", "null", "(null)", '""'), ("T", "no", "1", "FALSE", ""), strict=True)
        )
    ]
    assert counts(desk.load(header + "\n".join(rows))) == {"loaded": 5}
    found = desk.rows("SELECT task_type, is_test FROM telemetry.tasks ORDER BY task_id")
    assert found == [(None, True), (None, False), (None, True), (None, False), (None, None)]


def test_a_month_may_be_written_without_its_day(desk):
    text = "system_id,month,amount,currency\ns,2026-03,100,EUR\ns,2026-04-01,100,EUR\ns,2026-04-01T08:00:00,1,EUR\n"
    result = desk.load(text, "budgets")
    assert counts(result) == {"loaded": 2, "rejected": 1}
    assert desk.rows("SELECT month FROM telemetry.budgets ORDER BY month") == [(date(2026, 3, 1),), (date(2026, 4, 1),)]


# Columns.


def test_an_unknown_column_is_named_with_the_closest_one(desk):
    result = desk.load(f"{HEADER},latencyms\n{B},5\n")
    assert counts(result) == {"loaded": 1}
    assert (
        "column 'latencyms' is not in the contract's tasks and was ignored (closest: latency_ms)" in result.warnings[0]
    )


def test_a_missing_required_column_refuses_the_file_and_set_supplies_it(desk):
    text = "task_id,created_at,status\na,2026-01-05,open\n"
    with pytest.raises(InputError, match=r"tasks.csv: tasks needs columns system_id, arm, the file has task_id"):
        desk.load(text)
    assert counts(desk.load(text, constants={"system_id": "s", "arm": "human"})) == {"loaded": 1}
    assert desk.rows("SELECT system_id, arm FROM telemetry.tasks") == [("s", "human")]
    assert {"system_id", "arm"} <= recorded(desk)


def test_set_names_a_column_of_the_contract(desk):
    with pytest.raises(InputError, match=r"--set systemid: is no column of tasks \(closest: system_id\)"):
        desk.load(tasks(A), constants={"systemid": "s"})


def test_an_unknown_table_is_named_with_the_closest_one(desk):
    with pytest.raises(InputError, match=r"task: the contract has no such table \(closest: tasks\)"):
        desk.load(tasks(A), "task")


# Files.


def test_all_formats_give_the_same_rows(desk):
    objects = [dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in (A, B)]
    text = tasks(A, B)
    assert counts(desk.load(text)) == {"loaded": 2}
    same = {"duplicates": 2}
    assert counts(desk.load(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode().rstrip())) == same
    assert counts(desk.load(gzip.compress(text.encode()), name="t.csv.gz")) == same
    assert counts(desk.load(json.dumps(objects), name="t.json")) == same
    assert counts(desk.load(gzip.compress(json.dumps(objects, indent=1).encode()), name="t.json.gz")) == same
    assert counts(desk.load("\n".join(map(json.dumps, objects)), name="t.jsonl")) == same
    sink = pa.BufferOutputStream()
    typed = pa.table(
        {
            "system_id": ["s", "s"],
            "task_id": pa.array(["a", "b"]).dictionary_encode(),
            "created_at": pa.array([datetime(2026, 1, 5, 10)] * 2, pa.timestamp("ns", "Europe/Berlin")),
            "completed_at": pa.array([datetime(2026, 1, 5, 11, 30), None], pa.timestamp("ms")),
            "status": ["completed", "open"],
            "arm": ["ai_auto", "human"],
            "ingested_at": pa.array([date(2026, 1, 6)] * 2),
        }
    )
    pq.write_table(typed, sink)
    assert counts(desk.load(sink.getvalue().to_pybytes(), name="t.parquet")) == same


def test_parquet_floats_become_the_decimals_they_print_as(desk):
    sink = pa.BufferOutputStream()
    table = pa.table(
        {
            "system_id": ["s"] * 3, "task_id": ["a", "b", "c"], "created_at": ["2026-01-05"] * 3,
            "status": ["open"] * 3, "arm": ["human"] * 3, "cost_amount": [0.1, 3e-05, float("nan")],
            "latency_ms": pa.array([0.1, 2.5, 1.0], pa.float32()), "review_prob": [0.1, 0.0, 1.0],
        }
    )  # fmt: skip
    pq.write_table(table, sink)
    result = desk.load(sink.getvalue().to_pybytes(), name="t.parquet")
    assert counts(result) == {"loaded": 2, "rejected": 1}
    assert result.rejects[0].reason == "cost_amount 'nan' is not a number"
    found = desk.rows("SELECT cost_amount, latency_ms, review_prob FROM telemetry.tasks ORDER BY task_id")
    assert found == [(Decimal("0.1"), Decimal("0.1"), 0.1), (Decimal("0.00003"), Decimal("2.5"), 0.0)]


def test_a_cell_of_ten_megabytes_rejects_its_row(desk):
    result = desk.load(f"{HEADER},source_ref\n{A},{'x' * 10_000_000}\n{B},short\n")
    assert counts(result) == {"loaded": 1, "rejected": 1}
    assert str(result.rejects[0]).endswith("tasks.csv:2: source_ref is longer than 1,024 KiB")
    assert desk.one("SELECT length(row_text) FROM load_reject") <= 4000


def test_a_refused_file_among_good_ones_is_named_and_the_others_load(desk):
    good, empty = desk.file(tasks(A)), desk.file("", "empty.csv")
    result = load(desk.session, desk.settings, "tasks", [empty, good])
    assert result.loaded == 1
    assert result.refused == (f"{empty}: is empty; export it again",)
    assert result.to_json()["refused"] == list(result.refused)


def test_only_a_header_is_no_row_and_no_fault(desk):
    result = desk.load(tasks())
    assert result.to_json() == {
        "read": 0, "loaded": 0, "updated": 0, "merged": 0, "duplicates": 0, "filtered": 0, "rejected": 0,
        "tables": {"tasks": 0}, "rejects": [], "warnings": [],
    }  # fmt: skip


def test_progress_names_its_steps(desk):
    seen = []
    desk.load(tasks(A, B), progress=lambda done, total, text: seen.append((done, total, text)))
    assert seen[0] == (0, None, "reading tasks.csv")
    assert seen[-1] == (2, 2, "loaded tasks.csv")


# The warehouse.


def test_a_crash_in_the_middle_leaves_nothing_of_the_file(desk, monkeypatch):
    original = type(desk.session).copy_in

    def failing(session: Session, table: str, data: pa.Table) -> None:
        if table == "load_log":
            message = "the disk is gone"
            raise OSError(message)
        original(session, table, data)

    monkeypatch.setattr(type(desk.session), "copy_in", failing)
    with pytest.raises(OSError, match="the disk is gone"):
        desk.load(tasks(A, B))
    monkeypatch.undo()
    for table in ("telemetry.tasks", "dirty_hour_queue", "recorded_column", "load_log"):
        assert desk.one(f"SELECT count(*) FROM {table}") == 0
    assert counts(desk.load(tasks(A, B))) == {"loaded": 2}


def test_a_foreign_warehouse_is_read_only(settings, tmp_path):
    with open_session(settings, create=True) as session:
        session.execute("CREATE SCHEMA telemetry")
        session.execute("CREATE TABLE telemetry.tasks (system_id VARCHAR, task_id VARCHAR)")
        initialise(session, "telemetry")
        desk = Desk(session, settings, tmp_path)
        with pytest.raises(WarehouseError, match="read-only here"):
            desk.load(tasks(A))


def test_a_warehouse_that_is_not_initialised_says_so(settings, tmp_path):
    with open_session(settings, create=True) as session, pytest.raises(NotReadyError, match="readout init"):
        Desk(session, settings, tmp_path).load(tasks(A))


def test_another_schema_for_the_contract_is_respected(engine_url, tmp_path):
    settings = Settings(warehouse_url=engine_url, contract_schema="facts")
    with open_session(settings, create=True) as session:
        initialise(session, "facts")
        desk = Desk(session, settings, tmp_path)
        desk.load(tasks(A))
        assert desk.one("SELECT count(*) FROM facts.tasks") == 1


def test_a_warehouse_of_an_older_version_gains_the_columns_that_are_new_and_keeps_its_rows(desk):
    head = "system_id,task_type,metric,value,unit,period_from,period_to,approved_on"
    desk.session.execute("DROP VIEW src_baselines")
    desk.session.execute("ALTER TABLE telemetry.baselines DROP COLUMN approved_on")
    desk.session.execute(
        "INSERT INTO telemetry.baselines (system_id, task_type, metric, value, unit, period_from, period_to) "
        "VALUES ('d', 'old', 'accuracy', 1, '1', DATE '2026-01-01', DATE '2026-02-01')"
    )
    initialise(desk.session, desk.settings.contract_schema)
    desk.load(f"{head}\nd,new,accuracy,1,1,2026-01-01,2026-02-01,2026-03-01\n", "baselines")
    found = desk.rows("SELECT task_type, approved_on FROM src_baselines ORDER BY task_type")
    assert [(kind, str(day)) for kind, day in found] == [("new", "2026-03-01"), ("old", "None")]


def test_every_table_of_the_contract_can_be_loaded(desk):
    sample = {
        "text": "x", "instant": "2026-01-05T10:00:00Z", "day": "2026-01-05", "ms": "1.5", "seconds": "2",
        "money": "3.25", "number": "0.5", "integer": "7", "flag": "true", "probability": "0.5",
    }  # fmt: skip
    for table in contract().values():
        cells = {
            column.name: column.values[0]
            if column.values
            else "USD"
            if "currency" in column.name
            else sample[column.kind]
            for column in table.columns
        }
        text = f"{','.join(cells)}\n{','.join(cells.values())}\n"
        assert counts(desk.load(text, table.name)) == {"loaded": 1}, table.name
        assert counts(desk.load(text, table.name)) == {"duplicates": 1}, table.name


# Mappings.


def mapped(
    desk: Desk, mapping: str, text: str | bytes, name: str = "events.csv", table: str = "tasks", **options: Any
) -> LoadResult:
    path = desk.folder / "m.yaml"
    path.write_text(mapping)
    return desk.load(text, table, name, **{"mapping": path, **options})


REQUESTS = """
set:
  system_id: {default: requests}
targets:
  - table: tasks
    where: kind = 'request'
    columns:
      system_id: $system_id
      task_id: id
      created_at: make_timestamp(CAST(moment AS BIGINT) * 1000)
      status: {value: completed}
      arm: {value: ai_auto}
      latency_ms: CASE unit WHEN 's' THEN CAST(took AS DECIMAL(18,6)) * 1000 ELSE CAST(took AS DECIMAL(18,6)) END
  - table: model_calls
    where: tokens IS NOT NULL
    columns:
      system_id: $system_id
      call_id: id
      task_id: id
      model: {value: m}
      started_at: make_timestamp(CAST(moment AS BIGINT) * 1000)
      input_tokens: tokens
"""


def test_a_mapping_makes_rows_of_several_tables_and_filters_the_rest(desk):
    text = "id,kind,moment,took,unit,tokens\n1,request,1767607200000,1.5,s,10\n2,ping,1767607200000,3,ms,\n"
    text += "3,request,1767607200000,250,ms,\n4,sync,1767607200000,250,ms,7\n"
    result = mapped(desk, REQUESTS, text)
    assert counts(result) == {"loaded": 2, "updated": 1, "filtered": 1}
    assert result.tables == {"tasks": 2, "model_calls": 2}
    assert desk.rows("SELECT task_id, latency_ms FROM telemetry.tasks ORDER BY task_id") == [("1", 1500), ("3", 250)]
    assert counts(mapped(desk, REQUESTS, text)) == {"duplicates": 3, "filtered": 1}


def test_an_expression_that_fails_rejects_its_row_everywhere_with_duckdbs_words(desk):
    text = "id,kind,moment,took,unit,tokens\n1,request,noon,1.5,s,10\n"
    text += "2,request,1767607200000,x,ms,5\n3,request,1767607200000,1,s,5\n"
    result = mapped(desk, REQUESTS, text)
    assert counts(result) == {"loaded": 1, "rejected": 2}
    assert result.tables == {"tasks": 1, "model_calls": 1}
    assert [(reject.line, reject.column) for reject in result.rejects] == [(2, "created_at"), (3, "latency_ms")]
    assert "created_at cannot be computed: Could not convert string 'noon' to INT64" in result.rejects[0].reason


def test_a_secondary_target_rejects_the_row_in_the_primary_too(desk):
    text = "id,kind,moment,took,unit,tokens\n1,request,1767607200000,1,s,-10\n"
    result = mapped(desk, REQUESTS, text)
    assert counts(result) == {"rejected": 1}
    assert result.tables == {"tasks": 0, "model_calls": 0}
    assert result.rejects[0].reason == "input_tokens '-10' is negative"


EVENTS = """
set: {system_id: {default: desk}}
null_values: ["?"]
derive:
  rose: CAST(reopened AS INTEGER) > lag(CAST(reopened AS INTEGER), 1, 0) OVER (PARTITION BY id ORDER BY _row)
targets:
  - table: tasks
    group_by: id
    columns:
      system_id: $system_id
      task_id: id
      created_at: {min: moment}
      completed_at: {last: "CASE WHEN state = 'closed' THEN moment END"}
      status: CASE WHEN state = 'closed' THEN 'completed' ELSE 'open' END
      arm: {value: human}
      reopened_at: {first: CASE WHEN rose THEN moment END}
      human_seconds: {sum: seconds}
      latency_ms: {max: seconds}
"""


def test_the_rows_of_a_case_are_merged_into_one_task(desk):
    text = """id,moment,state,seconds,reopened
1,2026-01-05T10:00:00,new,10,0
2,2026-01-05T10:30:00,new,?,0
1,2026-01-05T11:00:00,closed,20,0
1,2026-01-05T12:00:00,open,30,1
1,2026-01-05T13:00:00,closed,?,1
"""
    result = mapped(desk, EVENTS, text)
    assert counts(result) == {"loaded": 2, "merged": 3}
    found = desk.rows(
        "SELECT task_id, created_at, completed_at, status, reopened_at, human_seconds, latency_ms "
        "FROM telemetry.tasks ORDER BY task_id"
    )
    assert found == [
        ("1", datetime(2026, 1, 5, 10), datetime(2026, 1, 5, 13), "completed", datetime(2026, 1, 5, 12), 60, 30),
        ("2", datetime(2026, 1, 5, 10, 30), None, "open", None, None, None),
    ]
    assert counts(mapped(desk, EVENTS, text)) == {"duplicates": 2, "merged": 3}
    later = text + "2,2026-01-06T09:00:00,closed,5,0\n"
    assert counts(mapped(desk, EVENTS, later)) == {"updated": 1, "duplicates": 1, "merged": 4}


def test_a_group_that_lacks_a_required_value_is_rejected_with_all_its_rows(desk):
    text = "id,moment,state,seconds,reopened\n1,2026-01-05T10:00:00,new,1,0\n"
    text += "?,2026-01-05T10:00:00,new,1,0\n?,2026-01-05,new,1,0\n"
    result = mapped(desk, EVENTS, text)
    assert counts(result) == {"loaded": 1, "rejected": 2}
    assert {reject.reason for reject in result.rejects} == {"task_id is empty but required in the row's group"}


def test_a_faulty_row_of_a_group_is_rejected_and_the_rest_is_merged(desk):
    text = "id,moment,state,seconds,reopened\n1,2026-01-05T10:00:00,new,1,0\n1,2026-01-05T11:00:00,closed,-4,0\n"
    result = mapped(desk, EVENTS, text)
    assert counts(result) == {"loaded": 1, "rejected": 1}
    assert result.rejects[0].reason == "human_seconds '-4' is negative"


CUMULATIVE = """
set: {system_id: {default: bench}}
rows:
  - {each: "$", as: run}
  - {each: "$.results[*]", as: item}
derive:
  finished: run ->> '$.generatedAt'
reject:
  - when: (item -> '$.grader.error') IS NOT NULL
    column: outcome
    reason: the grader failed, which says nothing about the case
notes:
  - when: CAST(item ->> 'cost' AS DOUBLE) = 0
    text: cost 0
targets:
  - table: tasks
    columns:
      system_id: $system_id
      task_id: md5(concat_ws('|', item ->> 'taskId', item ->> 'runIndex'))
      source_ref: item ->> 'taskId'
      created_at: finished
      status: {value: completed}
      arm: {value: ai_auto}
      outcome: CASE WHEN (item ->> 'success') = 'true' THEN 'resolved' ELSE 'failed' END
      cost_amount: item ->> 'cost'
      cost_currency: {value: USD}
"""


def test_nested_rows_of_cumulative_snapshots_repeat_without_harm(desk):
    def snapshot(*cases: dict[str, Any]) -> str:
        return json.dumps({"runId": "r", "generatedAt": "2026-02-12T13:24:32.749Z", "results": cases}, indent=2)

    one = {"taskId": "a", "runIndex": 1, "success": True, "cost": 0.0001234}
    two = {"taskId": "b", "runIndex": 1, "success": False, "cost": 0}
    bad = {"taskId": "c", "runIndex": 1, "success": False, "cost": 1, "grader": {"error": "down"}}
    first = mapped(desk, CUMULATIVE, snapshot(one), "1.json")
    second = mapped(desk, CUMULATIVE, snapshot(one, two, bad, two), "2.json.json")
    assert counts(first) == {"loaded": 1}
    assert counts(second) == {"loaded": 1, "duplicates": 2, "rejected": 1}
    assert second.rejects[0].reason == "the grader failed, which says nothing about the case"
    assert second.warnings[0].endswith("2 rows (first: line 11): cost 0")
    found = desk.rows("SELECT source_ref, outcome, cost_amount FROM telemetry.tasks ORDER BY source_ref")
    assert found == [("a", "resolved", Decimal("0.0001234")), ("b", "failed", Decimal(0))]


def test_ids_made_of_content_and_row_do_not_depend_on_name_or_packing(desk):
    mapping = REQUESTS.replace("task_id: id", "task_id: _content_sha256 || '-' || _row", 1)
    text = "id,kind,moment,took,unit,tokens\n1,request,1767607200000,1.5,s,\n"
    assert counts(mapped(desk, mapping, text)) == {"loaded": 1}
    assert counts(mapped(desk, mapping, text, "renamed.csv")) == {"duplicates": 1}
    assert counts(mapped(desk, mapping, gzip.compress(text.encode()), "packed.csv.gz")) == {"duplicates": 1}


def test_a_constant_null_is_not_recorded_and_a_constant_is(desk):
    mapping = REQUESTS.replace("model: {value: m}", "provider: $provider\n      model: $model").replace(
        "set:", "set:\n  provider: {default: null}\n  model: {default: unrecorded}"
    )
    text = "id,kind,moment,took,unit,tokens\n1,request,1767607200000,1.5,s,10\n"
    mapped(desk, mapping, text)
    assert "model" in recorded(desk, "model_calls", "requests")
    assert "provider" not in recorded(desk, "model_calls", "requests")
    changed = mapped(desk, mapping, text, constants={"provider": "openai", "model": "gpt-4"})
    assert counts(changed) == {"updated": 1}
    assert changed.tables == {"tasks": 0, "model_calls": 1}
    assert "provider" in recorded(desk, "model_calls", "requests")
    mapped(desk, mapping, text, constants={"system_id": "other"})
    assert desk.one("SELECT count(*) FROM telemetry.tasks WHERE system_id = 'other'") == 1


def test_a_column_that_the_mapping_reads_and_the_file_lacks_refuses_the_file(desk):
    with pytest.raises(InputError, match=r"m.yaml:\d+: column 'took' is not in .*events.csv \(closest: tool\)"):
        mapped(desk, REQUESTS, "id,kind,moment,tool,unit,tokens\n1,request,1767607200000,1.5,s,10\n")
    optional = "optional_columns: [took]\n" + REQUESTS
    assert counts(mapped(desk, optional, "id,kind,moment,unit,tokens\n1,request,1767607200000,s,10\n")) == {"loaded": 1}


def test_json_may_lack_a_key_that_the_mapping_reads(desk):
    row = {"id": 7, "kind": "request", "moment": 1767607200000, "took": 1.5}
    assert counts(mapped(desk, REQUESTS, json.dumps(row), "one.jsonl")) == {"loaded": 1}


def test_expressions_see_neither_files_nor_the_machine(desk):
    reading = REQUESTS.replace("task_id: id", "task_id: (SELECT content FROM read_text('/etc/passwd'))", 1)
    with pytest.raises(InputError, match=r"m.yaml:9: `task_id`: a subquery is not allowed"):
        mapped(desk, reading, "id\n1\n")
    scanning = REQUESTS.replace("task_id: id", "task_id: getenv('HOME')", 1)
    with pytest.raises(InputError, match=r"m.yaml:9: Scalar Function with name getenv does not exist"):
        mapped(desk, scanning, "id,kind,moment,took,unit,tokens\n")


def test_conditions_and_derived_columns_that_fail_reject_their_row_too(desk):
    mapping = REQUESTS.replace("where: kind = 'request'", "where: CAST(kind AS INTEGER) > 0").replace(
        "targets:", "derive: {doubled: CAST(took AS INTEGER) * 2}\ntargets:"
    )
    text = (
        "id,kind,moment,took,unit,tokens\n1,one,1767607200000,1,ms,\n2,1,1767607200000,x,ms,\n3,1,1767607200000,1,ms,\n"
    )
    result = mapped(desk, mapping, text)
    assert counts(result) == {"loaded": 1, "rejected": 2}
    assert [(reject.line, reject.column) for reject in result.rejects] == [(2, "where"), (3, "doubled")]


def test_a_window_that_fails_refuses_the_file_and_names_its_line(desk):
    mapping = EVENTS.replace("CAST(reopened AS INTEGER) >", "CAST(state AS INTEGER) >")
    with pytest.raises(InputError, match=r"m.yaml:5: Could not convert string 'new' to INT"):
        mapped(desk, mapping, "id,moment,state,seconds,reopened\n1,2026-01-05T10:00:00,new,1,0\n")


def test_variants_are_told_apart_by_their_columns(desk):
    variant = (
        "  - when: {{columns: [{}]}}\n    targets:\n      - table: tasks\n        columns: {{system_id: {{value: s}}, "
    )
    variant += "task_id: {}, created_at: moment, status: {{value: open}}, arm: {{value: human}}}}\n"
    mapping = "variants:\n" + variant.format("ticket", "ticket") + variant.format("case_no", "case_no")
    assert counts(mapped(desk, mapping, "ticket,moment\na,2026-01-05\n")) == {"loaded": 1}
    assert counts(mapped(desk, mapping, "case_no,moment\nb,2026-01-05\n")) == {"loaded": 1}
    with pytest.raises(
        InputError, match="mapping m is for files with columns ticket; or case_no; this file lacks some"
    ):
        mapped(desk, mapping, "id,moment\nb,2026-01-05\n")


@pytest.mark.parametrize(("name", "text"), [("e.json", "[]"), ("e.jsonl", "\n{oops\n")])
def test_json_without_a_row_loads_nothing(desk, name, text):
    result = desk.load(text, name=name)
    assert (result.loaded, result.read) == (0, result.rejected)


def test_a_file_larger_than_the_memory_limit_loads(engine_url, tmp_path):
    settings = Settings(warehouse_url=engine_url, memory_limit="40MB")
    rows = "".join(f"s,{i},2026-01-05,,open,human,2026-01-06,{'x' * 2000}{i}\n" for i in range(40_000))
    with open_session(settings, create=True) as session:
        initialise(session, settings.contract_schema)
        assert Desk(session, settings, tmp_path).load(f"{HEADER},trace_url\n{rows}").loaded == 40_000
    assert not Path(".tmp").exists()


def test_too_little_memory_says_what_to_do(desk, monkeypatch):
    def failing(*_: Any) -> None:
        raise duckdb.OutOfMemoryException

    monkeypatch.setattr(intake, "evaluate", failing)
    with pytest.raises(InputError, match=r"its 2 rows need more memory than READOUT_MEMORY_LIMIT \(2GB\); raise it"):
        desk.load(tasks(A, B))


def test_a_thousand_rejects_are_listed_and_all_are_kept(desk):
    rows = [f"s,{i},never,,open,human,2026-01-06" for i in range(1200)]
    result = desk.load(tasks(*rows))
    assert result.rejected == 1200
    assert len(result.to_json()["rejects"]) == 1000
    assert desk.one("SELECT count(*) FROM load_reject") == 1200


def test_sql_in_a_value_is_only_text(desk):
    nasty = "'; DROP TABLE tasks; -- $1 :name {}"
    result = desk.load(tasks(A.replace(",a,", f',"{nasty}",')), source="o'brien: $x")
    assert counts(result) == {"loaded": 1}
    assert desk.one("SELECT task_id FROM telemetry.tasks") == nasty
    assert desk.one("SELECT source FROM load_log") == "o'brien: $x"


def test_both_paths_of_reading_csv_agree(desk):
    plain = tasks(*(f"s,{i},2026-01-05,,open,human,2026-01-06" for i in range(50)))
    quoted = plain.replace("s,7,", '"s","7",').replace("open", '"open"', 1)
    spanning = tasks(*(f's,{i},2026-01-05,,open,human,"2026-01-06\n"' for i in range(50)))
    assert counts(desk.load(plain)) == {"loaded": 50}
    assert counts(desk.load(quoted)) == {"duplicates": 50}
    assert counts(desk.load(spanning)) == {"duplicates": 50}
