"""The doctor names what is wrong and what to do, stops at nothing, and tells no secret."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from readout.cli import app
from readout.portfolio import Portfolio
from readout.settings import Settings
from readout.warehouse.init import initialise
from readout.warehouse.session import open_session
from tests.contract.worked import prepare, refreshed


def examine(monkeypatch, url, **others):
    monkeypatch.setenv("READOUT_WAREHOUSE_URL", url)
    for name, value in others.items():
        monkeypatch.setenv(f"READOUT_{name.upper()}", value)
    found = CliRunner().invoke(app, ["doctor", "--json"])
    document = json.loads(found.stdout)
    assert found.exit_code == (3 if document["state"] == "FAIL" else 0)
    text = CliRunner().invoke(app, ["doctor"]).stdout
    assert all(one["probe"] in text for one in document["probes"])
    return {one["probe"]: one for one in document["probes"]}


TASK = {
    "system_id": "desk", "task_id": "1", "created_at": datetime(2026, 1, 5), "status": "open", "arm": "human",
    "ingested_at": datetime(2026, 1, 5),
}  # fmt: skip


def test_no_warehouse_says_how_to_make_one(monkeypatch, tmp_path):
    found = examine(monkeypatch, f"duckdb:///{tmp_path / 'none.duckdb'}")
    assert found["reachable"]["state"] == "FAIL"
    assert "readout init" in found["reachable"]["next_step"]
    assert {found[name]["state"] for name in ("prepared", "facts", "published")} == {"not looked at"}


def test_a_server_that_does_not_answer_and_a_password_that_is_not_told(monkeypatch):
    url = "postgresql+psycopg://reader:s3cret@127.0.0.1:1/warehouse"
    found = examine(monkeypatch, url)
    assert found["reachable"]["state"] == "FAIL"
    assert found["warehouse URL"]["found"] == "postgresql+psycopg://reader:***@127.0.0.1:1/warehouse"
    assert "s3cret" not in json.dumps(found)
    assert "s3cret" not in CliRunner().invoke(app, ["doctor"]).output


@pytest.mark.parametrize("url", ["mysql://root:s3cret@host/db", "s3cret"])
def test_an_engine_that_is_not_known(monkeypatch, url):
    found = examine(monkeypatch, url)
    assert found["warehouse URL"]["state"] == "FAIL"
    assert "s3cret" not in json.dumps(found)


def test_prepared_and_empty_then_loaded_and_not_refreshed_then_healthy(monkeypatch, engine_url):
    settings = Settings(warehouse_url=engine_url)
    with open_session(settings, create=True) as session:
        initialise(session, settings.contract_schema)
    found = examine(monkeypatch, engine_url)
    assert found["facts"]["state"] == "FAIL"
    assert "readout load" in found["facts"]["next_step"]
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    settings = prepare(engine_url, {"tasks": [{**TASK, "created_at": now, "ingested_at": now}]})
    found = examine(monkeypatch, engine_url)
    assert found["published"]["state"] == "FAIL"
    assert "readout refresh" in found["published"]["next_step"]
    refreshed(settings, Portfolio())
    found = examine(monkeypatch, engine_url)
    assert {one["state"] for one in found.values()} <= {"OK", "WARN"}
    assert found["published"]["state"] == "OK"


def test_a_broken_portfolio_is_named_with_its_line(monkeypatch, tmp_path):
    (tmp_path / "organisation.yaml").write_text("name: x\ntime_zone: Mars/Base\n")
    found = examine(monkeypatch, f"duckdb:///{tmp_path / 'none.duckdb'}", portfolio=str(tmp_path))
    assert found["portfolio"]["state"] == "FAIL"
    assert "organisation.yaml:2" in found["portfolio"]["found"]


def test_old_data_is_a_warning(monkeypatch, tmp_path):
    url = f"duckdb:///{tmp_path / 'w.duckdb'}"
    refreshed(prepare(url, {"tasks": [TASK]}), Portfolio())
    assert examine(monkeypatch, url)["published"]["state"] == "WARN"


def test_a_view_that_was_never_made_asks_for_init(monkeypatch, postgres_url):
    found = examine(monkeypatch, postgres_url)
    assert found["prepared"]["state"] == "FAIL"
    assert "readout init" in found["prepared"]["next_step"]
