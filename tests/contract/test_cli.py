"""The command end to end, on both engines: what it prints, what it exits with, and how little its pages ask for."""

import contextlib
import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from readout import briefs, cli
from readout.briefs import Book, Scope, gates_of, open_book
from readout.briefs.metric_rows import FIELDS
from readout.portfolio import read_portfolio
from readout.warehouse.reader import Snapshot, Warehouse, open_warehouse
from tests.conftest import ENGINES
from tests.contract.worked import EXAMPLES, example_rows, portfolio_of, prepare, refreshed, settings_of
from tests.postgres import PostgresServer, free_port

OK, REFUSED, NOT_READY = 0, 2, 3
MOST_QUERIES = 3  # of one page before its first paint, beside what is read once a data version (weeks of signals)
MORE_QUERIES = {
    "readout_brief": 4, "unit_cost_brief": 4, "bridge_brief": 4, "value_brief": 4, "reconciliation_brief": 4,  # cost
    "system_brief": 6, "quality_brief": 5, "checks_brief": 5,   # pages of detail
    "review_brief": 24,  # its own windows, whatever is chosen: week, month, quarter, year, each with the year before
}  # fmt: skip
PAGES = sorted(name for name in briefs.__all__ if name.endswith("_brief"))
ORDER = ("prices", "rate_card", "baselines", "tasks", "model_calls", "verdicts", "human_work")
NEGATIVE = {"tasks": 1, "model_calls": 1}  # rows whose duration is below zero: the loader refuses them
KEYS = {
    "system", "period", "period_start", "period_type", "accuracy_judge", "currency", "not_measurable", *FIELDS
}  # fmt: skip


class Said:
    """What one command said: exit code, standard output, standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        assert self.code == OK, self.err
        return json.loads(self.out)

    @property
    def line(self) -> str:
        """The one line of a refusal: on standard error, with nothing on standard output and no traceback."""
        assert self.out == ""
        lines = [line for line in self.err.splitlines() if line.startswith("readout: ")]
        assert len(lines) == 1, self.err
        assert self.err.splitlines()[-1] == lines[0], self.err
        return lines[0].removeprefix("readout: ")


Run = Callable[..., Said]


@pytest.fixture
def run(engine_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `readout …` against a fresh warehouse."""
    return runner(engine_url, monkeypatch, capsys)


def runner(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def said(*words: object, **environment: str) -> Said:
        with monkeypatch.context() as patch:
            patch.setenv("READOUT_WAREHOUSE_URL", url)
            for name, value in environment.items():
                patch.setenv(f"READOUT_{name}", value)
            patch.setattr(sys, "argv", ["readout", *map(str, words)])
            capsys.readouterr()
            try:
                cli.main()
                code = OK
            except SystemExit as stop:
                code = int(stop.code or OK)
        return Said(code, *capsys.readouterr())

    return said


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The worked example's rows as files that a customer would load."""
    folder = tmp_path / "files"
    folder.mkdir()
    for table, rows in example_rows().items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.fixture(scope="module", params=ENGINES)
def loaded_url(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The worked example, loaded and refreshed, for commands that change nothing."""
    with contextlib.ExitStack() as stack:
        url = (
            f"duckdb:///{tmp_path_factory.mktemp('loaded') / 'w.duckdb'}"
            if request.param == "duckdb"
            else stack.enter_context(postgres_server.database())
        )
        refreshed(prepare(url, example_rows()), portfolio_of())
        yield url


def test_a_customers_way_from_files_to_figures(run: Run, files: Path) -> None:
    made = run("init", "--json").document
    assert made["owned"]
    assert "tasks" in made["made"]
    assert run("init", "--json").document["made"] == []
    for table in ORDER:
        loaded = run("load", table, files / f"{table}.csv", "--json").document
        rows, refused = len(example_rows()[table]), NEGATIVE.get(table, 0)
        assert (loaded["read"], loaded["loaded"], loaded["rejected"]) == (rows, rows - refused, refused)
        assert all(reject["reason"].endswith("is negative") for reject in loaded["rejects"])
    portfolio = {"PORTFOLIO": str(EXAMPLES / "portfolio")}
    published = run("refresh", "--json", **portfolio).document
    assert published["full"]
    assert (published["reason"], published["data_version"]) == ("first refresh", "1")
    assert published["as_of"]
    rows = run("metrics", "--by", "week", "--system", "desk", "--json", **portfolio).document
    assert {frozenset(row) for row in rows} == {frozenset(KEYS)}
    first = rows[0]
    assert (first["system"], first["period_start"], first["period_type"]) == ("desk", "2026-03-23", "complete")
    assert (first["tasks_attempted"], first["throughput"], first["cost_total"]) == (4, 3, 0.0065)
    everything = run("metrics", "--by", "total", "--json", **portfolio).document
    assert [row["system"] for row in everything] == ["desk", "lab", "mill", None]
    again = run("load", "tasks", files / "tasks.csv", "--json").document
    assert (again["loaded"], again["updated"], again["duplicates"]) == (0, 0, len(example_rows()["tasks"]) - 1)
    assert run("refresh", "--json", **portfolio).document["full"] is False
    assert run("metrics", "--by", "total", "--json", **portfolio).document == everything


def test_without_json_a_person_reads_words_and_the_next_step(run: Run, files: Path) -> None:
    assert "Next: readout load" in run("init").out
    loaded = run("load", "tasks", files / "tasks.csv")
    assert (loaded.code, "Next: readout refresh" in loaded.out) == (OK, True)
    published = run("refresh")
    assert published.out.startswith("Data version 1 published, as of 2026-")
    assert "Rebuilt" in published.err
    table = run("metrics", "--by", "month").out.splitlines()
    assert table[0].split()[:3] == ["system", "period", "type"]
    assert [line.split()[0] for line in table[1:]] == [
        "desk",
        "desk",
        "lab",
        "lab",
        "portfolio",
        "portfolio",
        "portfolio",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("metrics", "--system", "dsk"), "unknown system 'dsk'; known: desk, lab"),
        (("metrics", "--task-type", "fax"), "unknown task type 'fax'; known: billing, faq, scan"),
        (("metrics", "--from", "2026-13-01"), "--from '2026-13-01' is not a date; write it as 2026-10-31"),
        (("metrics", "--to", "yesterday"), "--to 'yesterday' is not a date; write it as 2026-10-31"),
        (("metrics", "--from", "2026-04-02", "--to", "2026-04-01"), "--from 2026-04-02 lies after --to 2026-04-01"),
        (
            ("metrics", "--by", "hour", "--task-type", "faq"),
            "--by hour has no task types: hourly rollups are kept per system and arm. Use --by day --task-type …",
        ),
        (("load", "taks", "x.csv"), "taks: the contract has no such table (closest: tasks)"),
        (("load", "tasks", "nothing.csv"), "nothing.csv"),
        (("load", "tasks", "x.csv", "--set", "system_id"), "--set 'system_id': write name=value"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_2_and_one_line(
    loaded_url: str,
    words: tuple[str, ...],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    refused = runner(loaded_url, monkeypatch, capsys)(*words)
    assert refused.code == REFUSED
    assert says in refused.line


def test_a_malformed_portfolio_is_refused_with_the_line_of_its_fault(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "portfolio"
    folder.mkdir()
    (folder / "organisation.yaml").write_text("name: A\ntime_zone: Europe/Berln\n", encoding="utf-8")
    run("init")
    for command in (("refresh",), ("metrics", "--json")):
        refused = run(*command, PORTFOLIO=str(folder))
        assert refused.code == REFUSED
        assert "organisation.yaml:2" in refused.line
        assert "Europe/Berln" in refused.line


def test_a_setting_that_cannot_be_is_refused_by_its_name(run: Run) -> None:
    refused = run("metrics", QUERY_TIMEOUT_SECONDS="-1")
    assert refused.code == REFUSED
    assert "READOUT_QUERY_TIMEOUT_SECONDS" in refused.line


def test_a_warehouse_that_is_not_ready_exits_with_3_and_the_next_step(run: Run) -> None:
    for words in (("load", "tasks", "x.csv"), ("refresh",), ("metrics",)):
        refused = run(*words)
        assert refused.code == NOT_READY
        assert "`readout " in refused.line
    run("init")
    assert "Run `readout refresh`" in run("metrics").line
    assert run("refresh").code == OK
    empty = run("metrics")
    assert empty.code == NOT_READY
    assert "Load tasks" in empty.line


def test_an_absent_file_is_neither_made_nor_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = runner(f"duckdb:///{tmp_path / 'none.duckdb'}", monkeypatch, capsys)
    for words in (("metrics",), ("refresh",), ("load", "tasks", "x.csv")):
        refused = run(*words)
        assert refused.code == NOT_READY
        assert "none.duckdb" in refused.line
        assert "readout init" in refused.line
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_warehouse_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "w.duckdb").write_text("not a database\n" * 400, encoding="utf-8")
    refused = runner(f"duckdb:///{tmp_path / 'w.duckdb'}", monkeypatch, capsys)("refresh")
    assert refused.code == NOT_READY
    assert "w.duckdb cannot be opened as a DuckDB file" in refused.line


@pytest.mark.parametrize("words", [("metrics",), ("refresh",), ("init",), ("load", "tasks", "x.csv")])
def test_a_server_that_is_down_is_named_without_its_password(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    run = runner(f"postgresql+psycopg://reader:s3cret@127.0.0.1:{port}/telemetry", monkeypatch, capsys)
    refused = run(*words)
    assert refused.code == NOT_READY
    assert f"PostgreSQL at 127.0.0.1:{port}/telemetry does not answer" in refused.line
    assert "s3cret" not in refused.err


def test_a_url_of_another_engine_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = runner("mysql://root:s3cret@db/x", monkeypatch, capsys)("metrics")
    assert refused.code == NOT_READY
    assert "duckdb:///PATH or postgresql+psycopg://" in refused.line
    assert "s3cret" not in refused.err


def test_the_command_is_a_program_of_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "readout.cli", "metrics"],
        env={"READOUT_WAREHOUSE_URL": f"duckdb:///{tmp_path / 'none.duckdb'}", "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (NOT_READY, "")
    assert done.stderr.startswith("readout: There is no warehouse at ")
    assert done.stderr.count("\n") == 1


# The demo, once per engine.

END = date(2026, 10, 31)
WEEKS = 10


@pytest.fixture(scope="module", params=ENGINES)
def demo(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """A small demo warehouse: its URL and its portfolio."""
    folder = tmp_path_factory.mktemp("demo")
    portfolio = folder / "plans"  # not there yet: the demo writes its example
    with contextlib.ExitStack() as stack:
        url = (
            f"duckdb:///{folder / 'demo.duckdb'}"
            if request.param == "duckdb"
            else stack.enter_context(postgres_server.database())
        )
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("READOUT_WAREHOUSE_URL", url)
        patch.setenv("READOUT_PORTFOLIO", str(portfolio))
        patch.setattr(
            sys, "argv", ["readout", "demo", "--tasks", "2000", "--weeks", str(WEEKS), "--end", END.isoformat()]
        )
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert not stop.value.code
        yield url, portfolio


def test_the_demo_answers(
    demo: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, portfolio = demo
    run = runner(url, monkeypatch, capsys)
    rows = run("metrics", "--by", "total", "--json", PORTFOLIO=str(portfolio)).document
    assert [row["system"] for row in rows] == [*sorted(read_portfolio(portfolio).systems), None]
    assert sum(row["tasks_attempted"] for row in rows[:-1]) == rows[-1]["tasks_attempted"]
    assert 1500 < rows[-1]["tasks_attempted"] <= 2000
    for row in rows:
        # what was created before the window may be completed in it
        assert 0 < row["throughput"] <= row["tasks_attempted"] + 5
        if row["system"] != "contract-review":  # in shadow only: its calls are evaluation
            assert row["cost_total"] > 0
            assert row["currency"] == "EUR"
    weeks = run("metrics", "--json", "--system", "routing-engine", PORTFOLIO=str(portfolio)).document
    starts = [date.fromisoformat(row["period_start"]) for row in weeks if row["system"]]
    assert len(starts) >= WEEKS
    assert {start.weekday() for start in starts} == {0}
    assert starts == sorted(starts)
    assert END - starts[-1] < timedelta(days=14)


def test_the_portfolio_is_told_in_words_and_as_a_document(
    loaded_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run, own = runner(loaded_url, monkeypatch, capsys), {"PORTFOLIO": str(EXAMPLES / "portfolio")}
    rows = {row["system"]: row for row in run("portfolio", "--json", **own).document}
    assert set(rows) == {"desk", "lab", "mill"}
    for row in rows.values():
        assert (row["gate"] is None) == (row["proof"] == "no_gate") == (row["can_pass"] is None)
    assert run("portfolio", **own).out.count("\n  Can pass: ") == len(rows)
    assert "known: desk, lab, mill" in run("portfolio", "--system", "nobody", **own).line


def test_the_demo_overwrites_nothing(
    demo: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, portfolio = demo
    run = runner(url, monkeypatch, capsys)
    if url.startswith("duckdb"):
        refused = run("demo", PORTFOLIO=str(portfolio))
        assert refused.code == REFUSED
        assert "overwrites nothing" in refused.line
        assert run("demo", "--if-absent", PORTFOLIO=str(portfolio)).code == OK
    assert run("metrics", "--by", "total", PORTFOLIO=str(portfolio)).code == OK


def test_the_demo_does_not_mix_with_what_is_left_of_another_warehouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone.rollups").mkdir()
    refused = runner(f"duckdb:///{tmp_path}/gone.duckdb", monkeypatch, capsys)("demo")
    assert refused.code == REFUSED
    assert "gone.rollups is left of a warehouse that is gone; remove it" in refused.line


class Counting:
    """A warehouse that counts what is asked of it."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse, self.engine = warehouse, warehouse.engine
        self.asked: list[str] = []

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        with self._warehouse.snapshot() as snapshot:
            yield _CountingSnapshot(snapshot, self.asked)

    def sample(self, name: str, **params: Any) -> pd.DataFrame:
        self.asked.append(name)
        return self._warehouse.sample(name, **params)

    def data_version(self) -> str:
        return self._warehouse.data_version()

    def close(self) -> None:
        self._warehouse.close()


class _CountingSnapshot:
    def __init__(self, snapshot: Snapshot, asked: list[str]) -> None:
        self._snapshot, self._asked = snapshot, asked

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        self._asked.append(name)
        return self._snapshot.query(name, **params)


@pytest.fixture(scope="module")
def counted(demo: tuple[str, Path]) -> Iterator[tuple[Book, Counting]]:
    """The demo's book, held as a server holds it: read once, its gates too."""
    url, folder = demo
    settings = settings_of(url)
    warehouse = Counting(open_warehouse(settings))
    book = open_book(warehouse, read_portfolio(folder), settings)
    gates_of(book)
    briefs.system_brief(book, Scope(systems=("routing-engine",)))  # releases and incidents, once a version
    yield book, warehouse
    warehouse.close()


def asked_for(page: str, book: Book, warehouse: Counting, scope: Scope) -> Any:
    """Return a page's brief and count its queries; once more where the first time read what a data version holds."""
    for _ in range(2):
        warehouse.asked.clear()
        brief = getattr(briefs, page)(book, scope)
        if len(warehouse.asked) <= MORE_QUERIES.get(page, MOST_QUERIES):
            break
    return brief


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(compare="year", period="4w", systems=("routing-engine",)),
        Scope(compare="none", period="all", systems=("payment-risk", "data-labelling")),
    ],
    ids=["as it opens", "one system, a year before", "two systems, all data"],
)
def test_a_page_asks_few_queries(counted: tuple[Book, Counting], page: str, scope: Scope) -> None:
    book, warehouse = counted
    brief = asked_for(page, book, warehouse, scope)
    assert set(brief.header.scope.systems) <= set(scope.systems)  # one page shows the first only
    if page != "review_brief":  # which has its own windows
        assert (brief.header.scope.period, brief.header.scope.compare) == (scope.period, scope.compare)
    assert brief.finding.sentence
    assert len(warehouse.asked) <= MORE_QUERIES.get(page, MOST_QUERIES), warehouse.asked
    assert all(name.startswith("read/") for name in warehouse.asked)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_one_task_type_asks_no_more(counted: tuple[Book, Counting], page: str) -> None:
    book, warehouse = counted
    asked_for(page, book, warehouse, Scope(task_type=book.task_types["routing-engine"][0]))
    assert len(warehouse.asked) <= MORE_QUERIES.get(page, MOST_QUERIES), warehouse.asked


def test_page_and_command_show_the_same_figure(
    counted: tuple[Book, Counting],
) -> None:
    """Throughput, cost and accuracy of a system's last twelve weeks, on the page and by the command."""
    book, _ = counted
    scope = Scope(systems=("routing-engine",), compare="none")
    brief = briefs.readout_brief(book, scope)
    shown = brief.header.window
    [row] = [
        row
        for row in briefs.metric_rows(
            book, "total", system="routing-engine", from_day=shown.start, to_day=shown.end - timedelta(days=1)
        )
        if row["system"]
    ]
    [system] = brief.systems
    assert system.throughput.value == row["throughput"]
    assert system.ai_share.value == row["ai_share"]
    assert system.accuracy.value == row["accuracy"]
    assert system.handling.value == row["handling_seconds_mean"]
    if system.unit_cost.metric == "cost_per_accepted_task":
        assert float(system.unit_cost.value or 0) == row["cost_per_accepted_task"]
