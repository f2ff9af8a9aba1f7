"""What a source corrects, repeats or deletes reaches the figures by the next refresh, as if it had always been so."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from readout.cli import app
from readout.settings import Settings
from readout.warehouse import catalog, repeats
from readout.warehouse.checksum import SUMMED, checksum, checksums
from readout.warehouse.contract import contract
from readout.warehouse.errors import NotReadyError
from readout.warehouse.init import initialise
from readout.warehouse.journal import open_journal
from readout.warehouse.loading import load
from readout.warehouse.refresh import RefreshResult, refresh
from readout.warehouse.session import Session, is_duckdb, open_session
from tests.contract.arrivals import ARRIVED, BATCH, MINUTES, ZONES, Event, Source, histories, make_foreign, write
from tests.contract.worked import SCHEMA, insert, portfolio_of, prepare, refreshed, rollups, settings_of
from tests.postgres import PostgresServer

COMPARED = (*SUMMED, "source_hour")


@dataclass(frozen=True)
class Pair:
    """A source's warehouse, and one that holds only what has to be counted and is always rebuilt in full."""

    owned: bool
    settings: Settings
    reference: Settings


@contextmanager
def paired(server: PostgresServer, folder: Any, *, engine: str, owned: bool) -> Iterator[Pair]:
    with ExitStack() as stack:
        url = f"duckdb:///{folder / 'w.duckdb'}"
        if engine == "postgres":
            url = stack.enter_context(server.database())
        pair = Pair(owned, settings_of(url), settings_of(f"duckdb:///{folder / 'reference.duckdb'}"))
        for one, foreign in ((pair.settings, not owned), (pair.reference, False)):
            with open_session(one, create=True) as session:
                if foreign:
                    make_foreign(session)
                else:
                    initialise(session, SCHEMA)
        yield pair


@pytest.fixture(scope="module")
def duckdb_pair(request, postgres_server, tmp_path_factory):
    with paired(postgres_server, tmp_path_factory.mktemp("pair"), engine="duckdb", owned=request.param) as pair:
        yield pair


@pytest.fixture(scope="module")
def postgres_pair(request, postgres_server, tmp_path_factory):
    with paired(postgres_server, tmp_path_factory.mktemp("pair"), engine="postgres", owned=request.param) as pair:
        yield pair


def check_history(pair: Pair, zone: str, history: tuple[list[Event], ...]) -> None:
    portfolio, source = portfolio_of(time_zone=zone), Source(pair.owned)
    with open_session(pair.settings) as session, open_session(pair.reference) as reference:
        write(session, {})
        refresh(session, pair.settings, portfolio, full=True)
        for number, events in enumerate(history):
            source.queue.clear()
            for place, event in enumerate(events):
                source.happen(event, ARRIVED + number * BATCH + place * MINUTES)
            write(session, source.rows, source.queue)
            assert not refresh(session, pair.settings, portfolio).full
            write(reference, source.counted())
            refresh(reference, pair.reference, portfolio, full=True)
            found, wanted = (
                checksums(one, where) for one, where in ((session, pair.settings), (reference, pair.reference))
            )
            if found != wanted:
                break
    if found != wanted or len(history) == number + 1:
        published, right = (rollups(one) for one in (pair.settings, pair.reference))
        for name in COMPARED:
            assert published[name] == right[name], (number, name)
    assert found == wanted


# Few examples, each a long history: every step is two refreshes. The profile `explore` tries twenty times as many.
# A failure is shown as it was found: with two warehouses behind every try, shrinking it takes minutes.
def law(examples: int) -> Any:
    profile = settings()
    return settings(
        max_examples=examples * profile.max_examples // 100,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    )


SIDES = [pytest.param(True, id="owned"), pytest.param(False, id="foreign")]


@pytest.mark.parametrize("duckdb_pair", SIDES, indirect=True)
@law(2)
@given(zone=st.sampled_from(ZONES), history=histories)
def test_on_duckdb_every_refresh_equals_a_full_one_of_what_counts(duckdb_pair, zone, history):
    check_history(duckdb_pair, zone, history)


@pytest.mark.parametrize("postgres_pair", SIDES, indirect=True)
@law(2)
@given(zone=st.sampled_from(ZONES), history=histories)
def test_on_postgresql_every_refresh_equals_a_full_one_on_duckdb(postgres_pair, zone, history):
    check_history(postgres_pair, zone, history)


# One thing at a time. The newest row arrives at NOON; what is compared begins 35 days before it.

NOON = datetime(2026, 6, 30, 12)
DAY = timedelta(days=1)


def task(task_id: str, days_ago: float, **others: Any) -> dict[str, Any]:
    """A task that was done within the hour, and arrived at once."""
    created = NOON - days_ago * DAY - timedelta(hours=1)
    return {
        "system_id": "a", "task_id": task_id, "task_type": "x", "created_at": created,
        "completed_at": created + timedelta(minutes=30), "status": "completed", "arm": "ai_auto", "outcome": "resolved",
        "ingested_at": created + timedelta(minutes=30), **others,
    }  # fmt: skip


NEWEST = task("newest", 0, ingested_at=NOON)


def verdict(of: dict[str, Any], days_later: float, **others: Any) -> dict[str, Any]:
    at = of["completed_at"] + days_later * DAY
    return {
        "system_id": "a", "task_id": of["task_id"], "verdict_id": "v", "metric": "correct", "outcome": True,
        "judge": "human", "created_at": at, "ingested_at": at, **others,
    }  # fmt: skip


def call(of: dict[str, Any], call_id: str, **others: Any) -> dict[str, Any]:
    return {
        "system_id": "a", "call_id": call_id, "task_id": of["task_id"], "provider": "acme", "model": "m1",
        "purpose": "serve", "started_at": of["created_at"], "duration_ms": "100", "cost_amount": "0.5",
        "cost_currency": "EUR", "ingested_at": of["ingested_at"], **others,
    }  # fmt: skip


def foreign(url: str, rows: dict[str, list[dict[str, Any]]]) -> Settings:
    settings = settings_of(url)
    with open_session(settings, create=True) as session:
        make_foreign(session)
        insert(session, rows)
    refreshed(settings, portfolio_of())
    return settings


def owned(url: str, rows: dict[str, list[dict[str, Any]]]) -> Settings:
    settings = prepare(url, rows)
    refreshed(settings, portfolio_of())
    return settings


@pytest.fixture
def made(engine_url: str) -> Any:
    """Return how a warehouse is made: ours on PostgreSQL, another system's on DuckDB; the laws take all four."""
    return foreign if is_duckdb(engine_url) else owned


def execute(settings: Settings, *statements: str) -> None:
    with open_session(settings) as session:
        for statement in statements:
            session.execute(statement)


def add(settings: Settings, **rows: list[dict[str, Any]]) -> None:
    with open_session(settings) as session:
        insert(session, rows)


def then(settings: Settings) -> RefreshResult:
    """Refresh, and hold what that gave against a full rebuild."""
    result = refreshed(settings, portfolio_of())
    by_parts = rollups(settings)
    refreshed(settings, portfolio_of(), full=True)
    right = rollups(settings)
    for name in COMPARED:
        assert by_parts[name] == right[name], name
    return result


def completed(settings: Settings) -> dict[str, int]:
    """Return day -> tasks completed."""
    days: dict[str, int] = {}
    for row in rollups(settings)["rollup_day"]:
        days[row[0]] = days.get(row[0], 0) + int(row[7])
    return {day: n for day, n in days.items() if n}


def test_a_deleted_task_leaves_the_figures(engine_url, made):
    settings = made(engine_url, {"tasks": [NEWEST, task("t1", 3), task("t2", 3)]})
    execute(settings, f"DELETE FROM {SCHEMA}.tasks WHERE task_id = 't1'")
    result = then(settings)
    assert (result.full, result.compared) == (False, 1)
    assert completed(settings) == {"2026-06-27": 1, "2026-06-30": 1}


def test_a_row_changed_in_place_is_found_without_a_stamp_and_leaves_its_old_day(engine_url, made):
    settings = made(engine_url, {"tasks": [NEWEST, task("t1", 3)], "model_calls": [call(task("t1", 3), "c1")]})
    execute(settings, f"UPDATE {SCHEMA}.tasks SET completed_at = '2026-06-29 09:00:00' WHERE task_id = 't1'")
    assert then(settings).compared == 2
    assert completed(settings) == {"2026-06-29": 1, "2026-06-30": 1}
    execute(settings, f"UPDATE {SCHEMA}.tasks SET task_type = 'y' WHERE task_id = 't1'")
    assert then(settings).compared == 2
    assert [row[2] for row in rollups(settings)["call_day"]] == ["y"]


def test_a_row_with_a_raised_stamp_leaves_its_old_day_too(engine_url):
    settings = foreign(engine_url, {"tasks": [NEWEST, task("t1", 20)]})
    later = "'2026-06-30 14:00:00'"
    execute(
        settings,
        f"UPDATE {SCHEMA}.tasks SET created_at = '2026-06-29 09:00:00', completed_at = '2026-06-29 09:10:00', "
        f"ingested_at = {later} WHERE task_id = 't1'",
    )
    result = then(settings)
    assert (result.arrived, result.compared) == (2, 1)  # newest arrived within the overlap
    assert completed(settings) == {"2026-06-29": 1, "2026-06-30": 1}


def test_a_row_that_came_late_with_an_early_stamp_is_found(engine_url):
    settings = owned(engine_url, {"tasks": [NEWEST]})
    add(settings, tasks=[task("t1", 10)])
    assert then(settings).compared == 1
    assert completed(settings) == {"2026-06-20": 1, "2026-06-30": 1}


def test_a_late_row_of_long_ago_is_picked_up_by_its_stamp(engine_url):
    settings = owned(engine_url, {"tasks": [NEWEST]})
    add(settings, tasks=[task("t1", 200, ingested_at=NOON + DAY)])
    assert then(settings).arrived == 2
    assert completed(settings) == {"2025-12-12": 1, "2026-06-30": 1}


def test_what_was_deleted_longer_ago_is_repaired_by_a_full_refresh(engine_url):
    settings = owned(engine_url, {"tasks": [NEWEST, task("t1", 40)]})
    execute(settings, f"DELETE FROM {SCHEMA}.tasks WHERE task_id = 't1'")
    assert refreshed(settings, portfolio_of()).compared == 0
    assert len(completed(settings)) == 2
    refreshed(settings, portfolio_of(), full=True)
    assert completed(settings) == {"2026-06-30": 1}


def test_days_that_leave_the_comparison_are_not_taken_for_deleted(engine_url):
    old, corrected = task("t1", 34), task("t2", 50)
    late = verdict(corrected, 40, judge="downstream", outcome=False)
    settings = owned(engine_url, {"tasks": [NEWEST, old, corrected], "verdicts": [verdict(old, 1), late]})
    add(settings, tasks=[task("t3", -5, ingested_at=NOON + 5 * DAY)])
    result = then(settings)
    assert (result.days, result.compared) == (2, 0)


def test_a_deleted_child_restates_its_tasks_day(engine_url, made):
    old = task("t1", 60)
    tasks = [NEWEST, task("t2", 5), old]
    settings = made(
        engine_url,
        {
            "tasks": tasks,
            "verdicts": [verdict(tasks[1], 1), verdict(old, 50, judge="downstream", outcome=False)],
            "model_calls": [call(tasks[1], "c1")],
            "human_work": [
                {
                    "system_id": "a",
                    "task_id": "t2",
                    "activity": "review",
                    "started_at": NOON - 2 * DAY,
                    "seconds": "60",
                    "ingested_at": NOON - 2 * DAY,
                }
            ],
        },
    )
    published = rollups(settings)
    assert [row[8] for row in published["rollup_verdict_day"] if row[0] == "2026-06-25"] == ["1"]
    for table in ("verdicts", "model_calls", "human_work"):
        execute(settings, f"DELETE FROM {SCHEMA}.{table}")
        assert then(settings).compared >= 1
    after = rollups(settings)
    assert (after["rollup_verdict_day"], after["call_day"], after["work_day"]) == ([], [], [])
    accepted = {row[0]: (int(row[8]), int(row[12])) for row in after["rollup_day"]}
    assert accepted["2026-05-01"] == (1, 0)  # the late word that it was wrong is gone


def test_a_deleted_charge_leaves_the_figures(engine_url):
    charge = {
        "charge_id": "k1", "component": "platform", "charge_start": NOON - 3 * DAY, "charge_end": NOON,
        "billed_cost": "5", "currency": "EUR", "source": "focus", "load_id": "l", "ingested_at": NOON - DAY,
    }  # fmt: skip
    settings = foreign(engine_url, {"tasks": [NEWEST], "costs": [charge, {**charge, "charge_id": "k2"}]})
    execute(settings, f"DELETE FROM {SCHEMA}.costs WHERE charge_id = 'k1'")
    then(settings)
    assert [(row[13], row[14]) for row in rollups(settings)["cost_day"]] == [("1", "5")]


def test_a_warehouse_that_was_emptied_shows_nothing(engine_url, made):
    settings = made(engine_url, {"tasks": [NEWEST, task("t1", 100)]})
    execute(settings, f"DELETE FROM {SCHEMA}.tasks")
    assert refreshed(settings, portfolio_of()).as_of is None
    published = rollups(settings)
    assert not any(published[name] for name in SUMMED)
    add(settings, tasks=[NEWEST])
    then(settings)
    assert completed(settings) == {"2026-06-30": 1}


SMALL = {
    "releases": {"system_id": "a", "release_id": "r1", "change_class": "major", "started_at": NOON},
    "stage_changes": {"system_id": "a", "stage": "partial", "effective_at": NOON},
    "incidents": {"system_id": "a", "incident_id": "i1", "kind": "outage", "started_at": NOON},
    "baselines": {
        "system_id": "a", "metric": "unit_cost", "value": "1", "unit": "EUR", "period_from": "2026-01-01",
        "period_to": "2026-02-01",
    },
    "budgets": {"system_id": "a", "month": "2026-06-01", "amount": "10", "currency": "EUR"},
    "fx_rates": {"rate_date": "2026-06-01", "from_currency": "USD", "to_currency": "EUR", "rate": "0.9"},
    "ledger": {"account": "4711", "month": "2026-06-01", "amount": "10", "currency": "EUR"},
    "prices": {
        "provider": "acme", "model": "m1", "token_class": "input", "unit_tokens": 1000, "price": "1", "currency": "EUR",
        "valid_from": "2026-01-01",
    },
    "rate_card": {"role": "agent", "hourly_amount": "36", "currency": "EUR", "valid_from": "2026-01-01"},
}  # fmt: skip


def test_what_goes_from_a_small_table_goes_from_the_published_one(engine_url, made):
    settings = made(engine_url, {"tasks": [NEWEST], **{name: [row] for name, row in SMALL.items()}})
    assert all(len(rollups(settings)[name]) == 1 for name in SMALL)
    execute(settings, *(f"DELETE FROM {SCHEMA}.{name}" for name in SMALL))
    result = then(settings)
    assert result.full
    assert "prices, rates" in result.reason
    assert not any(rollups(settings)[name] for name in SMALL)


def test_an_owned_task_is_withdrawn_by_loading_it_as_a_test(engine_url, tmp_path):
    settings = owned(engine_url, {"tasks": [NEWEST, task("t1", 100)], "model_calls": [call(task("t1", 100), "c1")]})
    row = task("t1", 100)
    file = tmp_path / "withdrawn.csv"
    file.write_text(
        "system_id,task_id,created_at,completed_at,status,arm,is_test,ingested_at\n"
        f"a,t1,{row['created_at']}Z,{row['completed_at']}Z,completed,ai_auto,true,2026-07-01T00:00:00Z\n"
    )
    with open_session(settings) as session:
        load(session, settings, "tasks", [file])
    assert not then(settings).full
    assert completed(settings) == {"2026-06-30": 1}
    assert ["test" in row for row in rollups(settings)["call_day"]] == [True]  # invoiced all the same


# A foreign source that holds several rows of one key.


def kept(settings: Settings, table: str = "tasks") -> list[tuple[Any, ...]]:
    with open_session(settings) as session:
        return session.rows(f"SELECT * FROM kept_{table}")


def repeated(settings: Settings) -> dict[str, tuple[int, int]]:
    """Return table -> (keys that several rows bear, rows that are not counted), where there are any."""
    found = {row[0]: (int(row[1]), int(row[2])) for row in rollups(settings)["repeated_key"]}
    assert set(found) == set(contract())
    return {name: counts for name, counts in found.items() if counts != (0, 0)}


def test_of_several_rows_with_one_key_the_last_to_arrive_counts(engine_url):
    first, second = task("t1", 100), task("t1", 3, ingested_at=NOON - DAY)
    settings = foreign(engine_url, {"tasks": [second, NEWEST, first], "model_calls": [call(first, "c1")] * 3})
    assert completed(settings) == {"2026-06-27": 1, "2026-06-30": 1}
    assert repeated(settings) == {"tasks": (1, 1), "model_calls": (1, 2)}
    third = task("t1", 50, ingested_at=NOON + DAY)
    add(settings, tasks=[third])
    result = then(settings)
    assert (result.full, result.dropped) == (False, 4)
    assert completed(settings) == {"2026-05-11": 1, "2026-06-30": 1}
    assert repeated(settings) == {"tasks": (1, 2), "model_calls": (1, 2)}


def test_a_key_that_is_no_longer_repeated_falls_back_to_the_row_that_is_left(engine_url):
    rows = [task("t1", 100), task("t1", 60, ingested_at=NOON - DAY)]
    settings = foreign(engine_url, {"tasks": [NEWEST, *rows]})
    execute(settings, f"DELETE FROM {SCHEMA}.tasks WHERE task_id = 't1' AND ingested_at > '2026-06-01'")
    assert then(settings).queued == 2
    assert completed(settings) == {"2026-03-22": 1, "2026-06-30": 1}
    assert (repeated(settings), kept(settings)) == ({}, [])


def test_a_child_that_is_sent_again_for_another_task_leaves_the_first(engine_url):
    one, two = task("t1", 100), task("t2", 80)
    settings = foreign(
        engine_url, {"tasks": [NEWEST, one, two], "model_calls": [call(one, "c1")], "verdicts": [verdict(one, 1)]}
    )
    add(
        settings,
        model_calls=[call(two, "c1", ingested_at=NOON + DAY)],
        verdicts=[verdict(one, 1, outcome=False, ingested_at=NOON + DAY)],
    )
    assert not then(settings).full
    assert [row[0] for row in rollups(settings)["call_day"]] == ["2026-04-11"]


def test_rows_that_arrived_together_are_told_apart_by_their_content(engine_url, tmp_path):
    """Whichever was written first, on either engine: the greater content, nothing being less than anything."""
    twins = [task("t1", 3, outcome=outcome, release_id=release) for outcome in ("failed", None) for release in "ab"]
    for number, order in enumerate((twins, twins[::-1])):
        url = engine_url if not number else f"duckdb:///{tmp_path / 'other.duckdb'}"
        settings = foreign(url, {"tasks": [NEWEST, *order]})
        [row] = [row for row in rollups(settings)["rollup_day"] if row[0] == "2026-06-27"]
        assert (row[4], repeated(settings)) == ("b", {"tasks": (1, 3)})


def test_a_small_table_counts_one_row_per_key(engine_url):
    other = {**SMALL["ledger"], "amount": "20"}
    settings = foreign(
        engine_url, {"tasks": [NEWEST], "ledger": [SMALL["ledger"], other, {**other, "invoice_id": "i"}]}
    )
    assert [row[2:] for row in rollups(settings)["ledger"]] == [("20", "EUR", "None"), ("20", "EUR", "i")]
    assert repeated(settings) == {"ledger": (1, 1)}


def test_rows_without_a_key_are_not_taken_for_each_other(engine_url):
    settings = settings_of(engine_url)
    with open_session(settings, create=True) as session:
        session.execute(f"CREATE SCHEMA {SCHEMA}")
        session.execute(
            f"CREATE TABLE {SCHEMA}.tasks (system_id VARCHAR, created_at TIMESTAMP, completed_at TIMESTAMP, "
            "status VARCHAR, arm VARCHAR, ingested_at TIMESTAMP)"
        )
        initialise(session, SCHEMA)
        for _ in range(3):
            session.execute(
                f"INSERT INTO {SCHEMA}.tasks VALUES ('a', '2026-06-30 10:00:00', '2026-06-30 11:00:00', 'completed', "
                "'ai_auto', '2026-06-30 12:00:00')"
            )
    refreshed(settings, portfolio_of())
    assert completed(settings) == {"2026-06-30": 3}


@pytest.mark.parametrize(
    ("table", "columns", "promised"),
    [
        ("tasks", "system_id VARCHAR, task_id BIGINT, PRIMARY KEY (system_id, task_id)", True),
        ("tasks", "system_id VARCHAR, task_id BIGINT, UNIQUE (task_id)", True),
        ("tasks", "system_id VARCHAR, task_id BIGINT", False),
        ("model_calls", "system_id VARCHAR, call_id BIGINT, model VARCHAR, UNIQUE (call_id, system_id, model)", False),
        ("human_work", "task_id BIGINT, role VARCHAR NOT NULL, PRIMARY KEY (task_id, role)", True),
        ("human_work", "task_id BIGINT, role VARCHAR, UNIQUE (task_id, role)", False),  # any number without a role
    ],
)
def test_a_source_that_promises_unique_keys_is_not_searched(engine_url, table, columns, promised):
    with open_session(settings_of(engine_url), create=True) as session:
        session.execute(f"CREATE SCHEMA {SCHEMA}")
        session.execute(f"CREATE TABLE {SCHEMA}.{table} ({columns})")
        assert repeats._unique(session, SCHEMA, contract()[table]) is promised


def test_preparing_a_foreign_warehouse_again_keeps_what_was_found(engine_url):
    settings = foreign(engine_url, {"tasks": [NEWEST, task("t1", 100), task("t1", 60, ingested_at=NOON - DAY)]})
    with open_session(settings) as session:
        initialise(session, SCHEMA)
    assert len(kept(settings)) == 1
    assert refreshed(settings, portfolio_of()).queued == 0


def test_instants_that_no_calendar_has_are_none(engine_url):
    rows = [NEWEST, task("t1", 3, completed_at=None), task("t2", 3)]
    settings = foreign(engine_url, {"tasks": rows})
    execute(settings, f"UPDATE {SCHEMA}.tasks SET completed_at = 'infinity' WHERE task_id = 't1'")
    then(settings)
    assert completed(settings) == {"2026-06-27": 1, "2026-06-30": 1}


def test_views_of_an_older_version_are_refused_with_what_to_do(engine_url):
    settings = owned(engine_url, {"tasks": [NEWEST]})
    execute(settings, "DROP VIEW src_tasks", f"CREATE VIEW src_tasks AS SELECT system_id FROM {SCHEMA}.tasks")
    with pytest.raises(NotReadyError, match="older version; run `readout init`"):
        refreshed(settings, portfolio_of())


class PowerCutError(Exception):
    """The refresh dies here."""


def test_a_refresh_that_dies_does_not_forget_what_it_found(engine_url, made):
    settings = made(engine_url, {"tasks": [NEWEST, task("t1", 3), task("t2", 100)]})
    published = rollups(settings)
    execute(settings, f"DELETE FROM {SCHEMA}.tasks WHERE task_id = 't1'")
    if made is foreign:  # beyond what is compared, and with an old stamp: only the key tells
        add(settings, tasks=[task("t2", 90)])
    # each death leaves the next refresh what it found, and so does the one after it
    for step in ("Looking", "Comparing", "Rebuilding", "Publishing", "Published", "Published"):

        def die(_share: float, text: str, step: str = step) -> None:
            if text.startswith(step):
                raise PowerCutError

        with pytest.raises(PowerCutError):
            refreshed(settings, portfolio_of(), progress=die)
        assert rollups(settings) == published, step
    then(settings)
    assert completed(settings) == {"2026-04-01" if made is foreign else "2026-03-22": 1, "2026-06-30": 1}


def plan_of(session: Session, query: str, **params: Any) -> str:
    return "\n".join(row[0] for row in session.rows("EXPLAIN " + catalog.load(query).sql, params))


def test_a_foreign_postgresql_is_read_by_the_indexes_that_it_has(postgres_url):
    """Its instants know their zone; the views do not, and an index of the source serves all the same."""
    settings = settings_of(postgres_url)
    with open_session(settings, create=True) as session:
        make_foreign(session)
        for index in ("tasks (created_at)", "tasks (completed_at)", "tasks (ingested_at)", "verdicts (created_at)"):
            session.execute(f"CREATE INDEX ON {SCHEMA}.{index}")
        instant = "TIMESTAMPTZ '2024-01-01' + n * INTERVAL '10 minutes'"
        many = "generate_series(1, 50000) AS n"
        session.execute(
            f"INSERT INTO {SCHEMA}.tasks (system_id, task_id, created_at, completed_at, status, arm, ingested_at) "
            f"SELECT 'a', n, {instant}, {instant}, 'completed', 'ai_auto', {instant} FROM {many}"
        )
        session.execute(
            f"INSERT INTO {SCHEMA}.verdicts (system_id, task_id, verdict_id, metric, judge, created_at, ingested_at) "
            f"SELECT 'a', n, 'v', 'correct', 'human', {instant}, {instant} FROM {many}"
        )
        session.execute("ANALYZE")
        first = datetime(2024, 12, 1)
        stock = plan_of(session, "refresh/source_hour", lo=first)
        for index in ("tasks_created_at_idx", "tasks_completed_at_idx", "verdicts_created_at_idx"):
            assert index in stock
        assert "tasks_ingested_at_idx" in plan_of(session, "refresh/changed_hours", since=first)


def test_a_checksum_knows_rows_and_not_their_order():
    rows = [(1, None, "a"), (2, datetime(2026, 1, 1), "")]
    assert checksum(rows) == checksum(rows[::-1])
    assert len({checksum(rows), checksum(rows[:1]), checksum([*rows, rows[0]]), checksum([(1, "", "a"), rows[1]])}) == 4


def test_the_command_says_why_days_were_rebuilt(engine_url):
    settings = foreign(engine_url, {"tasks": [NEWEST, task("t1", 3), task("t2", 5)]})
    execute(settings, f"DELETE FROM {SCHEMA}.tasks WHERE task_id = 't1'")
    add(settings, tasks=[task("t2", 8)])
    done = CliRunner().invoke(app, ["refresh", "--json", "--checksum"], env={"READOUT_WAREHOUSE_URL": engine_url})
    assert "(1 by new rows, 2 by replaced rows, 1 changed or deleted at the source)" in done.stderr
    assert "Not counted: 1 row whose key a later row has" in done.stderr
    said = json.loads(done.stdout)
    assert [said[f"days{cause}"] for cause in ("", "_arrived", "_queued", "_compared")] == [4, 1, 2, 1]
    assert said["rows_dropped"] == 1
    assert set(said["checksum"]) == {*SUMMED, "all"}
    with open_journal(settings) as journal:
        assert "1 changed or deleted at the source" in journal.refreshes()[0].reason
    plain = CliRunner().invoke(app, ["refresh", "--full", "--checksum"], env={"READOUT_WAREHOUSE_URL": engine_url})
    assert f"{said['checksum']['all']}  all" in plain.stdout  # the incremental refresh left nothing to repair
