"""The JSON Schemas say what the readers say: shipped files are valid, broken ones are not."""

import json

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from readout.cli import app
from readout.marked_yaml import read_document
from readout.resources import shipped

PORTFOLIO = shipped("data") / "portfolio"


def schema(name):
    found = CliRunner().invoke(app, ["schema", name])
    assert found.exit_code == 0
    document = json.loads(found.stdout)
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


@pytest.mark.parametrize(
    ("name", "path"),
    [("organisation", PORTFOLIO / "organisation.yaml")]
    + [("system", path) for path in sorted((PORTFOLIO / "systems").glob("*.yaml"))]
    + [("gate", path) for path in sorted((PORTFOLIO / "gates").glob("*.yaml"))],
    ids=lambda one: getattr(one, "stem", one),
)
def test_shipped_files_are_valid_and_a_slip_is_not(name, path):
    document = read_document(path).value  # the key `on` stays a key, as the product reads it
    assert list(schema(name).iter_errors(document)) == []
    assert list(schema(name).iter_errors({**document, "slip": 1}))


def test_rows_of_the_contract_are_valid_by_table():
    rows = schema("contract").schema
    tasks = Draft202012Validator({**rows, "$ref": "#/$defs/tasks"})
    row = {
        "system_id": "desk", "task_id": "1", "created_at": "2026-01-05T08:00:00Z", "status": "completed",
        "arm": "human", "latency_ms": None, "review_prob": 0,
    }  # fmt: skip
    assert tasks.is_valid(row)
    assert not tasks.is_valid({**row, "arm": "robot"})
    assert not tasks.is_valid({name: value for name, value in row.items() if name != "task_id"})
    assert not tasks.is_valid({**row, "latency_ms": -1})
    prices = Draft202012Validator({**rows, "$ref": "#/$defs/prices"})
    price = {
        "provider": "p", "model": "m", "token_class": "input", "unit_tokens": 1000000, "price": "0.80",
        "currency": "EUR", "valid_from": "2026-01-01",
    }  # fmt: skip
    assert prices.is_valid(price)
    assert not prices.is_valid({**price, "price": "cheap"})


def test_all_schemas_come_in_one_document_or_as_files(tmp_path):
    names = {"organisation", "system", "gate", "contract"}
    assert set(json.loads(CliRunner().invoke(app, ["schema"]).stdout)) == names
    assert CliRunner().invoke(app, ["schema", "--out", str(tmp_path / "s")]).exit_code == 0
    assert {path.name for path in (tmp_path / "s").iterdir()} == {f"{name}.schema.json" for name in names}
