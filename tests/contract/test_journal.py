"""The journal keeps what happened: nothing rebuilds it, nothing edits it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from readout.cli import app
from readout.settings import Settings
from readout.warehouse import journal as journals
from readout.warehouse.errors import UnreachableError, WarehouseError
from readout.warehouse.journal import EXPORT_LOG, METADATA, REFRESH_LOG, Journal, open_journal

TASKS = (
    "system_id,task_id,created_at,completed_at,status,arm,outcome\n"
    "desk,1,2026-03-02T09:00:00Z,2026-03-02T09:05:00Z,completed,ai_auto,resolved\n"
)
STARTED = datetime(2026, 3, 3, 4, 5, 6)
OPENER = """
import sys
from readout.settings import Settings
from readout.warehouse.journal import open_journal
sys.stdin.readline()
with open_journal(Settings(warehouse_url=sys.argv[1])) as journal:
    for number in range(20):
        journal.record_export(what=sys.argv[2], scope="", data_version="1", sha256=str(number), rows=number)
"""


def opened(url: str) -> Journal:
    return open_journal(Settings(warehouse_url=url))


def record_one(journal: Journal) -> None:
    journal.record_refresh(
        version="7", started_at=STARTED, full=True, reason="asked for", days=3, as_of=datetime(2026, 3, 2, 23)
    )
    journal.record_export(what="unit cost", scope="12w", data_version="7", sha256="ab" * 32, rows=4, at=STARTED)


def raw(journal: Journal, sql: str) -> list[tuple]:
    with journal._engine.begin() as connection:
        result = connection.execute(sa.text(sql))
        return [tuple(row) for row in result] if result.returns_rows else []


def table_name(journal: Journal, name: str) -> str:
    return f"readout.{name}" if journal._engine.dialect.name == "postgresql" else name


def test_an_empty_warehouse_gets_an_empty_journal(engine_url):
    with opened(engine_url) as journal:
        assert journal.refreshes() == []
        assert journal.exports() == []


def test_the_migrations_make_exactly_the_declared_tables(engine_url):
    with opened(engine_url) as journal:
        schema = "readout" if journal._engine.dialect.name == "postgresql" else None
        inspector = sa.inspect(journal._engine)
        for table in METADATA.tables.values():
            made = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name, schema)}
            assert made == {column.name: bool(column.nullable) for column in table.columns}


def test_entries_come_back_newest_first_in_naive_utc(engine_url):
    with opened(engine_url) as journal:
        record_one(journal)
        journal.record_refresh(
            version="8", started_at=STARTED.replace(tzinfo=UTC), full=False, reason="", days=0, as_of=None
        )
    with opened(engine_url) as journal:
        newest, oldest = journal.refreshes()
        assert [newest.version, oldest.version] == ["8", "7"]
        assert newest.started_at == oldest.started_at == STARTED
        assert newest.as_of is None
        assert (oldest.full, oldest.reason, oldest.days, oldest.as_of) == (
            True,
            "asked for",
            3,
            datetime(2026, 3, 2, 23),
        )
        assert "@" in newest.machine_user
        assert newest.finished_at.tzinfo is None
        assert [entry.version for entry in journal.refreshes(1)] == ["8"]
        [export] = journal.exports()
        assert (export.what, export.scope, export.data_version, export.rows) == ("unit cost", "12w", "7", 4)
        assert export.at == STARTED


@pytest.mark.parametrize("table", [REFRESH_LOG.name, EXPORT_LOG.name])
@pytest.mark.parametrize(
    "change",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "UPDATE {} SET id = id WHERE 1 = 0"],
)
def test_nothing_is_changed_or_deleted(engine_url, table, change):
    with opened(engine_url) as journal:
        record_one(journal)
        name = table_name(journal, table)
        before = raw(journal, f"SELECT * FROM {name}")
        if not (change.endswith("1 = 0") and journal._engine.dialect.name == "sqlite"):  # no row, nothing to refuse
            with pytest.raises(sa.exc.DBAPIError, match=r"append-only|GENERATED ALWAYS|can only be updated to DEFAULT"):
                raw(journal, change.format(name))
        assert raw(journal, f"SELECT * FROM {name}") == before


def test_no_column_is_changed_on_either_engine(engine_url):
    with opened(engine_url) as journal:
        record_one(journal)
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            raw(journal, f"UPDATE {table_name(journal, 'refresh_log')} SET reason = 'never happened'")


def test_postgresql_truncates_no_journal(postgres_url):
    with opened(postgres_url) as journal:
        record_one(journal)
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            raw(journal, "TRUNCATE readout.export_log")


def test_sqlite_replaces_no_row(tmp_path):
    with opened(f"duckdb:///{tmp_path / 'w.duckdb'}") as journal:
        record_one(journal)
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            raw(journal, "INSERT OR REPLACE INTO export_log VALUES (1, 'x', 'x', 'x', 'x', 0, '2026-01-01 00:00:00')")


def test_the_file_stands_beside_the_facts_in_wal_mode(tmp_path):
    with opened(f"duckdb:///{tmp_path / 'w.duckdb'}") as journal:
        assert raw(journal, "SELECT 1")
        with journal._engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    assert (tmp_path / "w.journal.sqlite").is_file()


def test_a_full_rebuild_leaves_the_journal_alone(engine_url, tmp_path):
    (tmp_path / "tasks.csv").write_text(TASKS)
    environment = {"READOUT_WAREHOUSE_URL": engine_url}
    for command in (["init"], ["load", "tasks", str(tmp_path / "tasks.csv")], ["refresh"], ["refresh", "--full"]):
        done = CliRunner().invoke(app, command, env=environment)
        assert done.exit_code == 0, done.output
    with opened(engine_url) as journal:
        record_one(journal)
    again = CliRunner().invoke(app, ["refresh", "--full", "--json"], env=environment)
    assert again.exit_code == 0, again.output
    with opened(engine_url) as journal:
        versions = [(entry.version, entry.full, entry.reason) for entry in journal.refreshes()]
        assert versions == [
            (json.loads(again.stdout)["data_version"], True, "asked for"),
            ("7", True, "asked for"),
            ("2", True, "asked for"),
            ("1", True, "first refresh"),
        ]
        assert len(journal.exports()) == 1


def test_processes_that_open_a_new_journal_at_once_lose_nothing(engine_url):
    names = ["a", "b", "c"]
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, engine_url, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=Path(__file__).parents[2],
            env=dict(os.environ),
            text=True,
        )
        for name in names
    ]
    for opener in openers:  # all have started before the first may open
        assert opener.stdin
        opener.stdin.write("go\n")
        opener.stdin.flush()
    for opener in openers:
        said, _ = opener.communicate(timeout=120)
        assert opener.returncode == 0, said
    with opened(engine_url) as journal:
        entries = journal.exports(1000)
        assert sorted((entry.what, entry.rows) for entry in entries) == [(n, r) for n in names for r in range(20)]


def test_a_journal_of_a_newer_readout_is_left_alone(engine_url):
    with opened(engine_url) as journal:
        raw(journal, f"UPDATE {table_name(journal, 'journal_version')} SET version_num = '9999'")
    with pytest.raises(WarehouseError, match="newer readout"):
        opened(engine_url)


def test_a_journal_of_the_first_version_gains_the_outbox_and_keeps_what_it_has(engine_url, monkeypatch):
    upgrade = journals.command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(journals.command, "upgrade", lambda config, _: upgrade(config, "0001"))
        with opened(engine_url) as journal:
            record_one(journal)
            with pytest.raises(sa.exc.DBAPIError, match="outbox"):
                raw(journal, f"SELECT * FROM {table_name(journal, 'outbox')}")
    with opened(engine_url) as journal:
        assert raw(journal, f"SELECT * FROM {table_name(journal, 'outbox')}") == []
        assert (len(journal.refreshes()), len(journal.exports())) == (1, 1)


def test_a_file_that_is_no_journal_is_said_in_one_line(tmp_path):
    (tmp_path / "w.journal.sqlite").write_bytes(b"not a database, " * 100)
    with pytest.raises(UnreachableError, match=r"w\.journal\.sqlite.*not a database"):
        opened(f"duckdb:///{tmp_path / 'w.duckdb'}")


def test_a_server_that_does_not_answer_is_said_in_one_line():
    with pytest.raises(UnreachableError, match="does not answer"):
        opened("postgresql+psycopg://nobody@127.0.0.1:1/none")


def test_a_person_without_a_name_is_recorded_by_number(monkeypatch):
    def nameless() -> str:
        raise OSError

    monkeypatch.setattr(journals.getpass, "getuser", nameless)
    assert journals.machine_user().startswith(f"{os.getuid()}@")
