"""A refresh brings the published figures up to date: whatever arrives in any order, as a rebuild from nothing would."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from readout.briefs import metric_rows, open_book
from readout.portfolio import Line, Portfolio
from readout.settings import Settings
from readout.warehouse.checksum import checksums
from readout.warehouse.errors import BusyError, NotReadyError, WarehouseError
from readout.warehouse.init import initialise
from readout.warehouse.loading import load
from readout.warehouse.refresh import refresh
from readout.warehouse.session import Session, current_rollup, duckdb_path, open_session
from tests.conftest import ENGINES
from tests.contract.arrivals import BATCH, MINUTES, PRICES, RATES, START, ZONES
from tests.contract.random_rows import random_rows
from tests.contract.worked import (
    SCHEMA,
    Row,
    example_portfolio,
    example_rows,
    insert,
    portfolio_of,
    prepare,
    reading,
    refreshed,
    rollups,
    settings_of,
)  # fmt: skip
from tests.postgres import PostgresServer

ARRIVED = datetime(2026, 5, 1)
KEYS = {
    "tasks": ("system_id", "task_id"),
    "model_calls": ("system_id", "call_id"),
    "verdicts": ("system_id", "task_id", "verdict_id"),
    "human_work": ("system_id", "task_id", "started_at"),
    "costs": ("charge_id",),
}
Batch = list[tuple[str, dict[str, Any]]]  # table, row


@pytest.fixture(scope="module")
def warehouse_url(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """One initialised warehouse for all cases of a statement."""
    if request.param == "duckdb":
        url = f"duckdb:///{tmp_path_factory.mktemp('law') / 'w.duckdb'}"
        prepare(url, {})
        yield url
        return
    with postgres_server.database() as url:
        prepare(url, {})
        yield url


@dataclass
class Facts:
    """The facts as the loader keeps them: a row replaces the one with its key, and the hours of both are queued."""

    session: Session
    rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = field(default_factory=dict)

    def clear(self) -> None:
        for table in (*KEYS, "prices", "rate_card"):
            self.session.execute(f"DELETE FROM {SCHEMA}.{table}")
        self.session.execute("DELETE FROM dirty_hour_queue")
        insert(self.session, {"prices": PRICES, "rate_card": RATES})

    def write(self, batch: Batch, arrived: datetime) -> None:
        for position, (table, row) in enumerate(batch):
            known = self.rows.setdefault(table, {})
            key = tuple(row[name] for name in KEYS[table])
            if key in known:
                self._replace(table, key, known[key])
            known[key] = {**row, "ingested_at": arrived + position * MINUTES}
            insert(self.session, {table: [known[key]]})

    def _replace(self, table: str, key: tuple[Any, ...], old: dict[str, Any]) -> None:
        marks = " AND ".join(f"{name} = :{name}" for name in KEYS[table])
        self.session.execute(f"DELETE FROM {SCHEMA}.{table} WHERE {marks}", dict(zip(KEYS[table], key, strict=True)))
        owner = self.rows.get("tasks", {}).get((old.get("system_id"), old.get("task_id")), {})
        for instant in (
            *(old.get(name) for name in ("created_at", "completed_at", "started_at", "charge_start")),
            *(owner.get(name) for name in ("created_at", "completed_at")),
        ):
            if instant is not None:
                hour = instant.replace(minute=0, second=0, microsecond=0)
                self.session.execute("INSERT INTO dirty_hour_queue VALUES (:hour)", {"hour": hour})


def check_incremental_is_full(url: str, zone: str, arrivals: Sequence[Batch]) -> None:
    settings, portfolio = settings_of(url), portfolio_of(time_zone=zone)
    with open_session(settings) as session:
        facts = Facts(session)
        facts.clear()
        refresh(session, settings, portfolio, full=True)
        for number, batch in enumerate(arrivals):
            facts.write(batch, ARRIVED + number * BATCH)
            assert not refresh(session, settings, portfolio).full
    by_parts = rollups(settings)
    refreshed(settings, portfolio, full=True)
    assert by_parts == rollups(settings)


CALL = {
    "system_id": "a", "call_id": "c0", "task_id": "t0", "provider": "acme", "model": "m1", "purpose": "serve",
    "started_at": START, "input_tokens": 1000,
}  # fmt: skip
TASK = {
    "system_id": "a", "task_id": "t0", "task_type": "x", "created_at": START + timedelta(days=2),
    "completed_at": START + timedelta(days=2), "status": "completed", "arm": "ai_auto", "outcome": "resolved",
}  # fmt: skip


@pytest.mark.parametrize("warehouse_url", ENGINES, indirect=True)
@pytest.mark.parametrize(
    "later",
    [
        pytest.param([("tasks", TASK)], id="a call that came before its task leaves the unlinked ones"),
        pytest.param([("tasks", TASK), ("tasks", {**TASK, "task_type": "y"})], id="a task changes its type"),
        pytest.param([("tasks", TASK), ("tasks", {**TASK, "is_test": True})], id="a task turns out to be a test"),
        pytest.param(
            [("tasks", TASK), ("model_calls", {**CALL, "started_at": START + timedelta(days=4)})], id="a call moves"
        ),
    ],
)
def test_rows_that_meet_late_restate_both_days(warehouse_url: str, later: Batch) -> None:
    other = ("tasks", {**TASK, "task_id": "t9"})  # the call is out of the overlap when its task comes
    check_incremental_is_full(
        warehouse_url, "Europe/Berlin", [[("model_calls", CALL), other, other], *([one] for one in later)]
    )


def test_refreshing_twice_changes_nothing(engine_url: str) -> None:
    settings = prepare(engine_url, example_rows())
    first = refreshed(settings, example_portfolio())
    published = rollups(settings)
    again = refreshed(settings, example_portfolio())
    assert first.full
    assert not again.full
    assert again.as_of == first.as_of
    assert published == rollups(settings)


def test_a_queue_that_a_crash_left_behind_changes_nothing(engine_url: str) -> None:
    settings = prepare(engine_url, example_rows())
    refreshed(settings, example_portfolio())
    published = rollups(settings)
    with open_session(settings) as session:
        for day in (27, 28, 29, 30):
            session.execute("INSERT INTO dirty_hour_queue VALUES (:hour)", {"hour": datetime(2026, 3, day, 10)})
    assert refreshed(settings, example_portfolio()).days >= 4
    assert published == rollups(settings)
    with open_session(settings) as session:
        assert session.rows("SELECT COUNT(*) FROM dirty_hour_queue") == [(0,)]


@pytest.mark.parametrize("zone", ZONES)
def test_the_same_facts_give_the_same_rollups_on_both_engines(zone: str, postgres_url: str, tmp_path: Path) -> None:
    rows = random_rows(seed=20260329, tasks=400)
    portfolio = example_portfolio(zone)
    published, sums = [], []
    for url in (f"duckdb:///{tmp_path / 'w.duckdb'}", postgres_url):
        settings = prepare(url, rows)
        with open_session(settings) as session:
            refresh(session, settings, portfolio)
            sums.append(checksums(session, settings))
        published.append(rollups(settings))
    duckdb, postgres = published
    assert sums[0] == sums[1]
    assert all(duckdb[name] for name in ("rollup_day", "rollup_hour", "rollup_verdict_day", "hist_day", "call_day"))
    for name in duckdb:
        if name != "refresh_state":
            assert duckdb[name] == postgres[name], name


@pytest.mark.parametrize(
    ("change", "word"),
    [
        pytest.param({"time_zone": "Asia/Kathmandu"}, "time zone", id="the time zone"),
        pytest.param({"week_start": "sunday"}, "time zone", id="the start of the week"),
        pytest.param({"accept_settle_days": 2}, "settle days", id="the settle days"),
    ],
)
def test_a_changed_rule_rebuilds_everything(engine_url: str, change: dict[str, Any], word: str) -> None:
    settings = prepare(engine_url, example_rows())
    rule = {"time_zone": "Europe/Berlin", "accept_settle_days": 7}
    refreshed(settings, portfolio_of(**rule))
    result = refreshed(settings, portfolio_of(**{**rule, **change}))
    assert result.full
    assert word in result.reason
    by_change = rollups(settings)
    refreshed(settings, portfolio_of(**{**rule, **change}), full=True)
    assert by_change == rollups(settings)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        pytest.param("prices", {**PRICES[0], "price": "5", "valid_from": "2026-03-28"}, id="a price"),
        pytest.param("rate_card", {**RATES[0], "hourly_amount": "72", "valid_from": "2026-03-28"}, id="a rate"),
    ],
)
def test_a_new_price_or_rate_is_applied_to_days_long_published(engine_url: str, table: str, row: Row) -> None:
    settings = prepare(engine_url, {**random_rows(seed=7, tasks=60), "prices": PRICES, "rate_card": RATES})
    refreshed(settings, portfolio_of())
    before = rollups(settings)["rollup_day"]
    with open_session(settings) as session:
        insert(session, {table: [row]})
    assert "prices, rates" in refreshed(settings, portfolio_of()).reason
    after = rollups(settings)
    assert after["rollup_day"] != before
    refreshed(settings, portfolio_of(), full=True)
    assert after == rollups(settings)


def test_a_new_line_of_a_gate_is_counted_for_the_past(engine_url: str) -> None:
    settings = prepare(engine_url, example_rows())
    refreshed(settings, portfolio_of(time_zone="Europe/Berlin"))
    assert rollups(settings)["line_day"] == []
    with_lines = example_portfolio()
    assert with_lines.lines() == (Line("handling", "desk", 60_000_000), Line("latency", "desk", 300_000))
    assert "gate lines" in refreshed(settings, with_lines).reason
    assert len(rollups(settings)["line_day"]) == 13


def test_a_late_downstream_verdict_restates_the_day_of_the_task(engine_url: str) -> None:
    rows = example_rows()
    late = next(row for row in rows["verdicts"] if row["judge"] == "downstream")
    rows["verdicts"].remove(late)
    settings = prepare(engine_url, rows)
    refreshed(settings, example_portfolio())
    accepted_before, reopened_before = _day(settings, "2026-03-31")
    with open_session(settings) as session:
        insert(session, {"verdicts": [{**late, "ingested_at": "2026-10-27T00:00:00"}]})
    result = refreshed(settings, example_portfolio())
    assert not result.full
    assert _day(settings, "2026-03-31") == (accepted_before - 1, reopened_before + 1)


def _day(settings: Settings, day: str) -> tuple[int, int]:
    rows = [row for row in rollups(settings)["rollup_day"] if row[0] == day]
    return sum(int(row[8]) for row in rows), sum(int(row[12]) for row in rows)


def test_a_day_has_as_many_hours_as_the_clocks_give_it(engine_url: str) -> None:
    settings = prepare(engine_url, example_rows())
    refreshed(settings, example_portfolio())
    seconds = {row[0]: int(row[3]) for row in rollups(settings)["calendar_day"]}
    days = ("2026-03-28", "2026-03-29", "2026-10-25")
    assert [seconds[day] / 3600 for day in days] == [24, 23, 25]


def test_an_empty_warehouse_is_published_and_takes_its_first_rows_later(engine_url: str) -> None:
    settings = prepare(engine_url, {})
    empty = refreshed(settings, example_portfolio())
    assert (empty.days, empty.as_of) == (0, None)
    with reading(settings) as warehouse, pytest.raises(NotReadyError, match="no task and no call"):
        open_book(warehouse, example_portfolio(), settings)
    with open_session(settings) as session:
        insert(session, example_rows())
    assert refreshed(settings, example_portfolio()).days > 0
    by_parts = rollups(settings)
    refreshed(settings, example_portfolio(), full=True)
    assert by_parts == rollups(settings)


def test_each_refresh_publishes_the_next_version_and_says_how_far_it_is(engine_url: str) -> None:
    settings = prepare(engine_url, example_rows())
    told: list[tuple[float, str]] = []
    assert refreshed(settings, example_portfolio(), progress=lambda *said: told.append(said)).data_version == "1"
    assert refreshed(settings, example_portfolio()).data_version == "2"
    assert refreshed(settings, example_portfolio(), full=True).data_version == "3"
    with reading(settings) as warehouse:
        assert warehouse.data_version() == "3"
        assert open_book(warehouse, example_portfolio(), settings).data_version == "3"
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


class PowerCutError(Exception):
    """The refresh dies here."""


def test_a_refresh_that_dies_leaves_the_published_version_untouched(engine_url: str) -> None:
    settings = prepare(engine_url, example_rows())
    portfolio = example_portfolio()
    refreshed(settings, portfolio)
    published = rollups(settings)
    with open_session(settings) as session:
        insert(session, {"tasks": [{**TASK, "system_id": "late", "ingested_at": "2026-10-27T00:00:00"}]})
        session.execute("INSERT INTO dirty_hour_queue VALUES (:hour)", {"hour": datetime(2026, 3, 29, 10)})
    with reading(settings) as warehouse:
        for step in ("Looking", "Comparing", "Rebuilding", "Publishing", "Published"):

            def die(_share: float, text: str, step: str = step) -> None:
                if text.startswith(step):
                    raise PowerCutError

            for full in (False, True):
                with pytest.raises(PowerCutError):
                    refreshed(settings, portfolio, full=full, progress=die)
                assert warehouse.data_version() == "1", step
                assert rollups(settings) == published, step
            if warehouse.engine == "duckdb":
                folder = Path(str(current_rollup(duckdb_path(settings.url)))).parent
                assert {path.name for path in folder.iterdir()} == {"CURRENT.duckdb", "rollup-000001.duckdb"}, step
        refreshed(settings, portfolio)
        assert warehouse.data_version() == "2"
        assert rollups(settings) != published


def test_readers_never_fail_and_never_see_half_a_refresh(engine_url: str) -> None:
    """Each refresh adds one task: in one snapshot, version n holds n tasks, wherever one looks."""
    settings = prepare(engine_url, {"tasks": [{**TASK, "task_id": "t1", "ingested_at": ARRIVED}]})
    portfolio = portfolio_of()
    refreshed(settings, portfolio)
    done = threading.Event()
    seen: list[tuple[int, ...]] = []
    errors: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(20_000):
                with warehouse.snapshot() as snapshot:
                    state = snapshot.query("read/state")
                    version = int(state.loc[state["name"] == "sequence", "value"].iloc[0])
                    attempted = int(snapshot.query("read/dimensions")["attempted"].sum())
                    hours = snapshot.query("read/measures_hour", from_utc=START, to_utc=ARRIVED, systems=["a"])[
                        "attempted"
                    ].sum()
                seen.append((version, attempted, int(hours)))
                if done.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - what a thread raises is what the test is about
            errors.append(error)

    with reading(settings) as warehouse:
        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            with open_session(settings) as session:
                for number in (2, 3, 4):
                    row = {**TASK, "task_id": f"t{number}", "ingested_at": ARRIVED + number * BATCH}
                    insert(session, {"tasks": [row]})
                    refresh(session, settings, portfolio, full=number == 3)
        finally:
            done.set()
            for thread in threads:
                thread.join()
        read()
    assert not errors
    assert {version for version, _, _ in seen} >= {1, 4}
    assert [one for one in seen if not one[0] == one[1] == one[2]] == []


def test_a_warehouse_that_was_not_prepared_says_what_to_do(engine_url: str) -> None:
    settings = settings_of(engine_url)
    with open_session(settings, create=True) as session, pytest.raises(NotReadyError, match="readout init"):
        refresh(session, settings, portfolio_of())


def test_pages_of_a_warehouse_that_was_never_refreshed_say_what_to_do(engine_url: str) -> None:
    settings = prepare(engine_url, example_rows())
    with reading(settings) as warehouse, pytest.raises(NotReadyError, match="readout refresh"):
        open_book(warehouse, portfolio_of(), settings)


def test_an_absent_file_is_not_made_by_a_refresh(tmp_path: Path) -> None:
    settings = settings_of(f"duckdb:///{tmp_path / 'none.duckdb'}")
    with pytest.raises(WarehouseError, match=r"no warehouse at .*none\.duckdb"):
        refreshed(settings, portfolio_of())
    assert list(tmp_path.iterdir()) == []


def test_two_refreshes_at_once_are_refused_on_postgresql(postgres_url: str) -> None:
    settings = prepare(postgres_url, example_rows())
    with open_session(settings) as first, first.transaction(), pytest.raises(BusyError, match="wait for it to end"):
        refreshed(settings, portfolio_of())


def test_two_refreshes_at_once_are_refused_on_duckdb(tmp_path: Path) -> None:
    settings = prepare(f"duckdb:///{tmp_path / 'w.duckdb'}", example_rows())
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "w.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match="held by another load or refresh"):
            refreshed(settings, portfolio_of())
        other.communicate("")


# A warehouse that another system writes: one table, its own types, more columns than we know.

FOREIGN = """
CREATE TABLE telemetry.tasks (
  system_id VARCHAR(20) NOT NULL, task_id BIGINT NOT NULL, created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  completed_at TIMESTAMP WITH TIME ZONE, status VARCHAR(20) NOT NULL, arm VARCHAR(20) NOT NULL,
  latency_ms REAL, cost_amount VARCHAR(40), cost_currency CHAR(3), region VARCHAR(9){stamp})
"""


def make_foreign(settings: Settings, *, stamped: bool) -> None:
    with open_session(settings, create=True) as session:
        session.execute("CREATE SCHEMA telemetry")
        stamp = ", ingested_at TIMESTAMP WITH TIME ZONE NOT NULL" if stamped else ""
        session.execute(FOREIGN.format(stamp=stamp))
        for number in range(4):
            add_foreign(session, number, stamped=stamped)


def add_foreign(session: Session, number: int, *, stamped: bool) -> None:
    """One task an hour from 23:30 on Saturday in Berlin, written at its offset: 60 seconds, 0.25 EUR, 100 ms."""
    created = f"2026-03-28 {22 + number % 2}:30:00+00" if number < 2 else f"2026-03-29 0{number + 2}:30:00+02"
    done = f"2026-03-28 {22 + number % 2}:31:00+00" if number < 2 else f"2026-03-29 0{number + 2}:31:00+02"
    stamp = ", TIMESTAMP WITH TIME ZONE '2026-04-01 00:00:00+00'" if stamped else ""
    session.execute(
        f"INSERT INTO telemetry.tasks VALUES ('crm', {number}, TIMESTAMP WITH TIME ZONE '{created}', "
        f"TIMESTAMP WITH TIME ZONE '{done}', 'completed', 'ai_auto', 100, '0.25', 'EUR', 'north'{stamp})"
    )


def rows_by(settings: Settings, portfolio: Portfolio, by: Any) -> list[dict[str, Any]]:
    with reading(settings) as warehouse:
        return metric_rows(open_book(warehouse, portfolio, settings), by, system="crm")


def test_a_foreign_warehouse_with_one_table_is_read_and_never_written(engine_url: str) -> None:
    settings, portfolio = settings_of(engine_url), example_portfolio()
    make_foreign(settings, stamped=True)
    with open_session(settings) as session:
        found = initialise(session, SCHEMA)
        assert not found.owned
        assert found.made == ()
        assert "model_calls" in found.absent
        assert "tasks" not in found.absent
        with pytest.raises(WarehouseError, match="read-only"):
            load(session, settings, "tasks", [Path("tasks.csv")])
        assert session.tables(SCHEMA) == {"tasks"}
    result = refreshed(settings, portfolio)
    assert result.as_of == datetime(2026, 4, 1)
    days = {row["period_start"]: row for row in rows_by(settings, portfolio, "day") if row["system"] == "crm"}
    assert {day: row["throughput"] for day, row in days.items()} == {"2026-03-28": 1, "2026-03-29": 3}
    row = days["2026-03-29"]
    assert (row["cycle_seconds_mean"], row["cost_total"], row["cost_coverage"]) == (60.0, 0.75, 1.0)
    assert row["latency_ms_p50"] == pytest.approx(100, rel=0.01)
    missing = row["not_measurable"]
    assert missing["accuracy"] == "not recorded: verdicts.outcome"
    assert missing["fallback_rate"] == "not recorded: tasks.outcome"
    assert missing["reopen_rate"] == "not recorded: tasks.reopened_at or human_work.activity"
    assert missing["input_tokens"] == "not recorded: model_calls.input_tokens"
    assert missing["fully_loaded_cost_per_accepted_task"] == "not recorded: tasks.outcome"
    assert all(row[name] is None for name in missing)


def test_a_foreign_row_that_arrives_later_is_picked_up(engine_url: str) -> None:
    settings, portfolio = settings_of(engine_url), example_portfolio()
    make_foreign(settings, stamped=True)
    with open_session(settings) as session:
        initialise(session, SCHEMA)
    refreshed(settings, portfolio)
    with open_session(settings) as session:
        add_foreign(session, 5, stamped=True)
    assert not refreshed(settings, portfolio).full
    assert sum(row["throughput"] for row in rows_by(settings, portfolio, "day") if row["system"]) == 5


def test_a_source_that_does_not_say_when_rows_arrived_is_refreshed_in_full(engine_url: str) -> None:
    settings, portfolio = settings_of(engine_url), example_portfolio()
    make_foreign(settings, stamped=False)
    with open_session(settings) as session:
        initialise(session, SCHEMA)
    assert refreshed(settings, portfolio).as_of == datetime(2026, 3, 29, 3, 31)
    with open_session(settings) as session:
        add_foreign(session, 5, stamped=False)
        session.execute("DELETE FROM telemetry.tasks WHERE task_id = 0")
    result = refreshed(settings, portfolio)
    assert result.full
    assert "tasks cannot say when a row arrived" in result.reason
    assert {row["period_start"]: row["throughput"] for row in rows_by(settings, portfolio, "day") if row["system"]} == {
        "2026-03-29": 4
    }


def test_a_column_that_a_foreign_warehouse_gains_is_read_for_the_past_too(engine_url: str) -> None:
    settings, portfolio = settings_of(engine_url), example_portfolio()
    make_foreign(settings, stamped=True)
    with open_session(settings) as session:
        initialise(session, SCHEMA)
        # far ahead of the others, so that the next refresh has no reason to look at their days
        session.execute(
            "INSERT INTO telemetry.tasks SELECT system_id, 99, created_at, completed_at, status, arm, latency_ms, "
            "cost_amount, cost_currency, region, TIMESTAMP WITH TIME ZONE '2026-06-01 00:00:00+00' "
            "FROM telemetry.tasks WHERE task_id = 3"
        )
    refreshed(settings, portfolio)
    with open_session(settings) as session:
        session.execute("ALTER TABLE telemetry.tasks ADD COLUMN outcome VARCHAR(20)")
        session.execute("UPDATE telemetry.tasks SET outcome = 'resolved'")
        initialise(session, SCHEMA)
    assert "source columns" in refreshed(settings, portfolio).reason
    by_parts = rollups(settings)
    assert not refreshed(settings, portfolio).full
    refreshed(settings, portfolio, full=True)
    assert by_parts == rollups(settings)


def test_a_task_loaded_late_with_an_old_arrival_takes_its_calls_along(engine_url: str, tmp_path: Path) -> None:
    """Its file says that it arrived long ago: only the loader's queue can tell the refresh."""
    settings, portfolio = prepare(engine_url, {}), portfolio_of()
    day = "2026-03-02T10:00:00Z"
    head = "system_id,task_id,created_at,completed_at,status,arm,ingested_at"
    arrivals = (
        (
            "model_calls",
            "system_id,call_id,task_id,model,started_at,cost_amount,cost_currency,ingested_at",
            f"a,c1,late,m,{day},1,EUR,2026-04-01T00:00:00Z",
        ),
        ("tasks", head, "a,t1,2026-03-20T10:00:00Z,,open,ai_auto,2026-05-01T00:00:00Z"),
        ("tasks", head, "a,late,2026-03-05T10:00:00Z,2026-03-05T11:00:00Z,completed,ai_auto,2026-04-02T00:00:00Z"),
    )
    file = tmp_path / "rows.csv"
    for table, columns, row in arrivals:
        file.write_text(f"{columns}\n{row}\n", encoding="utf-8")
        with open_session(settings) as session:
            load(session, settings, table, [file])
            refresh(session, settings, portfolio)
    by_parts = rollups(settings)
    refreshed(settings, portfolio, full=True)
    assert by_parts == rollups(settings)


def test_rows_loaded_from_files_reach_the_figures_by_the_next_refresh(engine_url: str, tmp_path: Path) -> None:
    """The loader queues the hours of what it replaces: a task that moves to another day leaves its old one."""
    settings, portfolio = prepare(engine_url, {}), portfolio_of()
    file = tmp_path / "tasks.csv"
    head = "system_id,task_id,created_at,completed_at,status,arm,outcome,cost_amount,cost_currency\n"
    before = "a,t1,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,completed,ai_auto,resolved,0.5,EUR\n"
    after = "a,t1,2026-03-02T10:00:00Z,2026-03-09T11:00:00Z,completed,ai_auto,escalated,0.5,EUR\n"
    for text in (before, after):
        file.write_text(head + text, encoding="utf-8")
        with open_session(settings) as session:
            load(session, settings, "tasks", [file])
            result = refresh(session, settings, portfolio)
    assert not result.full
    by_parts = rollups(settings)
    assert {row[0]: row[7] for row in by_parts["rollup_day"]} == {"2026-03-02": "0", "2026-03-09": "1"}
    refreshed(settings, portfolio, full=True)
    assert by_parts == rollups(settings)


def test_money_stays_exact_from_the_column_to_the_rollup(engine_url: str) -> None:
    amount = Decimal("0.123456789012")
    rows = [
        {**TASK, "task_id": f"t{number}", "cost_amount": amount, "cost_currency": "EUR", "ingested_at": ARRIVED}
        for number in range(1000)
    ]
    settings = prepare(engine_url, {"tasks": rows})
    refreshed(settings, portfolio_of())
    [row] = rollups(settings)["rollup_day"]
    assert "123.456789012" in row
