"""The three roles of docs/contract.md, as written there, on a real PostgreSQL."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from readout import briefs
from readout.briefs import Scope, open_book
from readout.cli import app
from readout.delivery import Event, receipts
from readout.gates.ledger import GENESIS
from readout.portfolio import read_portfolio
from readout.settings import Settings
from readout.warehouse import closes, gate_ledger, outbox
from readout.warehouse.gate_ledger import OpenItem, SignOff, Waiver
from readout.warehouse.journal import open_journal
from readout.warehouse.reader import open_warehouse
from tests.postgres import PostgresServer

CONTRACT = Path(__file__).parents[2] / "docs" / "contract.md"
BLOCKS = re.findall(r"```sql( foreign)?\n(.*?)```", CONTRACT.read_text(encoding="utf-8"), re.DOTALL)
ROLES, ABROAD, GRANTS = (text for _, text in BLOCKS)
LATE = datetime(2026, 3, 2)
CLOSE = {
    "sequence": 1, "previous": GENESIS, "period": "2026-03", "start": "2026-03-01", "end": "2026-04-01",
    "closed_at": "2026-04-09T08:00:00", "figures": {},
}  # fmt: skip
NAMES = ("readout_refresher", "readout_signer", "readout_reader")
TASKS = """system_id,task_id,task_type,created_at,completed_at,status,arm,outcome,latency_ms
desk,1,mail,2026-03-02T09:00:00Z,2026-03-02T09:05:00Z,completed,ai_auto,resolved,120
desk,2,mail,2026-03-02T10:00:00Z,2026-03-02T10:05:00Z,completed,human,resolved,
"""
PAGES = (
    briefs.readout_brief, briefs.throughput_brief, briefs.handling_brief, briefs.unit_cost_brief, briefs.gates_brief,
    briefs.health_brief,
)  # fmt: skip


class Warehouse:
    """A database with the three roles, prepared as the document says."""

    def __init__(self, server: PostgresServer, database: str) -> None:
        self.server, self.database = server, database

    def execute(self, sql: str, user: str = "postgres") -> list[tuple]:
        where = f"host=127.0.0.1 port={self.server.port} user={user} dbname={self.database}"
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def url(self, user: str) -> str:
        return self.server.url(self.database, user)

    @property
    def first(self) -> dict[str, str]:
        return {"READOUT_WAREHOUSE_URL": self.url("readout_refresher")}

    @property
    def service(self) -> dict[str, str]:
        return {
            "READOUT_WAREHOUSE_URL": self.url("readout_reader"),
            "READOUT_REFRESH_URL": self.url("readout_refresher"),
            "READOUT_SIGNER_URL": self.url("readout_signer"),
        }

    @property
    def settings(self) -> Settings:
        return Settings.model_validate(
            {name.removeprefix("READOUT_").lower(): url for name, url in self.service.items()}
        )


def run(environment: dict[str, str], *arguments: str) -> str:
    done = CliRunner().invoke(app, arguments, env=environment)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def warehouse(postgres_server: PostgresServer) -> Iterator[Warehouse]:
    with postgres_server.database() as url:
        warehouse = Warehouse(postgres_server, url.rsplit("/", 1)[1])
        warehouse.execute(ROLES)
        yield warehouse
        for name in NAMES:
            warehouse.execute(f"DROP OWNED BY {name} CASCADE")
        for name in NAMES:
            warehouse.execute(f"DROP ROLE {name}")


@pytest.fixture
def owned(warehouse: Warehouse, tmp_path: Path) -> Warehouse:
    (tmp_path / "tasks.csv").write_text(TASKS)
    run(warehouse.first, "init")
    run(warehouse.first, "refresh")
    warehouse.execute(GRANTS)
    run(warehouse.service, "load", "tasks", str(tmp_path / "tasks.csv"))
    run(warehouse.service, "refresh")
    return warehouse


def refused(warehouse: Warehouse, user: str, *statements: str) -> None:
    for statement in statements:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            warehouse.execute(statement, user)


def test_the_reader_reads_every_page_and_writes_nothing(owned):
    reading = open_warehouse(owned.settings)
    book = open_book(reading, read_portfolio(None), owned.settings)
    for brief in PAGES:
        assert brief(book, Scope()).header.data_version == "2"
    reading.close()
    [row] = [row for row in json.loads(run(owned.service, "metrics", "--by", "total", "--json")) if row["system"]]
    assert (row["tasks_attempted"], row["ai_share"]) == (2, 0.5)
    refused(
        owned,
        "readout_reader",
        "SELECT * FROM telemetry.tasks",
        "UPDATE readout.refresh_state SET value = ''",
        "DELETE FROM readout.rollup_day",
        "INSERT INTO readout.refresh_log DEFAULT VALUES",
        "CREATE TABLE readout.mine (a int)",
        "DROP TABLE readout.rollup_day",
    )


def test_the_reader_sees_tables_that_an_upgrade_makes_anew(owned):
    owned.execute("DROP TABLE readout.rollup_day", "readout_refresher")
    run(owned.service, "refresh", "--full")
    assert owned.execute("SELECT SUM(attempted) FROM readout.rollup_day", "readout_reader") == [(2,)]


def test_the_signer_appends_to_the_journal_and_does_nothing_else(owned):
    with open_journal(owned.settings) as journal:
        assert [entry.version for entry in journal.refreshes()] == ["2", "1"]
        journal.record_export(what="unit cost", scope="", data_version="2", sha256="0" * 64, rows=1)
        assert len(journal.exports()) == 1
        with journal.transaction() as connection:
            outbox.enqueue(connection, Event("e1", "gate.failed", "g", datetime(2026, 3, 2), "title", "text"), ())
            gate_ledger.sign(connection, SignOff("g", "h", "w", "r", "a", True, "c", LATE, LATE))
            gate_ledger.waive(connection, Waiver("g", ("m",), "why", "w", "r", "a", True, LATE, LATE))
            gate_ledger.note(connection, OpenItem("g", 1, "what", "opened", "w", "a", LATE))
            assert gate_ledger.head(connection) == (GENESIS, 1)
            assert closes.head(connection) == (GENESIS, 1)
            assert closes.append(connection, CLOSE).id.startswith("2026-03@")
        with journal.only_deliverer():
            assert [one.state for one in receipts(journal)] == ["no_recipient"]
    refused(
        owned,
        "readout_signer",
        "UPDATE readout.export_log SET what = 'other'",
        "DELETE FROM readout.refresh_log",
        "TRUNCATE readout.export_log",
        "UPDATE readout.outbox SET recipients = '[]'",
        "UPDATE readout.gate_ledger SET record = '{}'",
        "DELETE FROM readout.gate_signoff",
        "UPDATE readout.gate_waiver SET metrics = '[]'",
        "DELETE FROM readout.gate_open_item",
        "UPDATE readout.period_close SET record = '{}'",
        "DELETE FROM readout.delivery_attempt",
        "ALTER TABLE readout.refresh_log DISABLE TRIGGER ALL",
        "DROP TABLE readout.export_log",
        "SELECT * FROM readout.rollup_day",
        "UPDATE readout.journal_version SET version_num = ''",
    )


def test_a_refresh_that_cannot_be_written_down_is_published_and_says_so(owned):
    environment = {**owned.service, "READOUT_SIGNER_URL": owned.url("readout_reader")}
    done = CliRunner().invoke(app, ["refresh", "--json"], env=environment)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["data_version"] == "3"
    assert "not written down" in done.stderr
    assert "READOUT_SIGNER_URL" in done.stderr


def test_a_foreign_warehouse_is_read_by_the_refresher_and_written_by_nobody(warehouse, tmp_path):
    warehouse.execute(
        "CREATE SCHEMA telemetry; CREATE TABLE telemetry.tasks (system_id text, task_id text, created_at timestamptz, "
        "completed_at timestamptz, status text, arm text, ingested_at timestamptz); INSERT INTO telemetry.tasks VALUES "
        "('desk', '1', '2026-03-02 10:00+01', '2026-03-02 10:05+01', 'completed', 'ai_auto', '2026-03-02 12:00+01')"
    )
    warehouse.execute(ABROAD)
    run(warehouse.first, "init")
    run(warehouse.first, "refresh")
    warehouse.execute(GRANTS)
    run(warehouse.service, "refresh", "--full")
    [row] = [row for row in json.loads(run(warehouse.service, "metrics", "--by", "total", "--json")) if row["system"]]
    assert (row["system"], row["tasks_attempted"], row["cycle_seconds_mean"]) == ("desk", 1, 300.0)
    # corrected, deleted and sent again where it is made: the refresher sees it, with SELECT and nothing else
    warehouse.execute(
        "INSERT INTO telemetry.tasks VALUES"
        " ('desk', '2', '2026-03-02 10:00+01', NULL, 'open', 'ai_auto', '2026-03-02 12:00+01'),"
        " ('desk', '2', '2026-03-02 10:00+01', '2026-03-02 10:01+01', 'completed', 'ai_auto', '2026-03-02 11:00+01'),"
        " ('desk', '3', '2026-03-02 10:00+01', '2026-03-02 10:03+01', 'completed', 'ai_auto', '2026-03-02 12:00+01')"
    )
    published = json.loads(run(warehouse.service, "refresh", "--json"))
    assert (published["full"], published["rows_dropped"]) == (False, 1)
    assert _tasks(warehouse) == (3, 240.0)
    warehouse.execute(
        "UPDATE telemetry.tasks SET completed_at = '2026-03-02 10:07+01' WHERE task_id = '3'; "
        "DELETE FROM telemetry.tasks WHERE task_id = '1'; "
        "DELETE FROM telemetry.tasks WHERE task_id = '2' AND status = 'open'"
    )
    assert json.loads(run(warehouse.service, "refresh", "--json"))["full"] is False
    assert _tasks(warehouse) == (2, 240.0)
    refused(warehouse, "readout_refresher", "DELETE FROM telemetry.tasks", "CREATE TABLE telemetry.mine (a int)")
    (tmp_path / "tasks.csv").write_text(TASKS)
    done = CliRunner().invoke(app, ["load", "tasks", str(tmp_path / "tasks.csv")], env=warehouse.service)
    assert done.exit_code != 0


def _tasks(warehouse):
    rows = json.loads(run(warehouse.service, "metrics", "--by", "total", "--json"))
    [row] = [row for row in rows if row["system"]]
    return row["tasks_attempted"], row["cycle_seconds_mean"]
