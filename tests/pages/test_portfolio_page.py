"""The portfolio page on the demo: its ladder, its table, its curve, its file, and what it says without gates."""

import csv
import io
import re

import pytest

from readout import words
from readout.briefs import Scope, open_book, promotions_brief, promotions_csv
from readout.gates.policy import STAGES
from readout.gates.promotion import CONFIDENCE
from readout.portfolio import read_portfolio
from readout.settings import Settings
from readout.warehouse.reader import open_warehouse
from tests.pages.test_pages import shown


@pytest.fixture(scope="module")
def brief(demo_url):
    settings = Settings(warehouse_url=demo_url)
    warehouse = open_warehouse(settings)
    yield promotions_brief(open_book(warehouse, read_portfolio(settings.portfolio_folder), settings), Scope())
    warehouse.close()


def test_every_system_stands_once_on_the_ladder_and_leads_to_its_page_and_its_gate(visit, brief):
    test = visit("portfolio")
    text = shown(test)
    [ladder] = re.findall(r'<div class="r r-ladder">.*?</table>', text, re.DOTALL)
    for row in brief.rows:
        assert ladder.count(f'href="system?system={row.system_id}"') == 1
        gates = ladder.count(f"gate={row.card.gate.replace('/', '%2F')}") if row.card else 0
        assert gates == (row.confidence != "no_gate")
    for section in ("rungs", "standings", "value_learning", "value_stages", "value_systems"):
        assert f"<h2>{words.SECTIONS[section][0]}" in text
    assert "Contract review has been" in brief.finding.sentence
    assert test.get("download_button")


def test_every_standing_follows_from_its_gate(brief):
    assert next(row for row in brief.rows if row.system_id == "contract-review").confidence == "no_gate"
    for row in brief.rows:
        assert (row.expected == "eligible") == bool(row.card and row.card.state == "eligible")
        assert (row.day is not None) == bool(row.chance and row.chance.weeks)
        assert row.day is None or row.day > brief.header.as_of_local.date()
        assert (row.hours is not None) + bool(row.unknown) == (row.stage != "full")
        assert row.binding is None or row.binding in row.card.conditions
        assert (row.binding is None) == (row.card is None or row.card.state in {"eligible", "watch", "waiting"})
    places = [(STAGES.index(row.stage), -CONFIDENCE.index(row.confidence)) for row in brief.rows]
    assert places == sorted(places, reverse=True)


def test_the_file_holds_the_same_rows_with_their_control_total(brief):
    lines = list(csv.reader(io.StringIO(promotions_csv(brief))))
    head = lines.index([]) + 1
    rows = [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]
    assert [row["system_id"] for row in rows] == [row.system_id for row in brief.rows]
    total = sum(float(row["hours_waiting_a_week"]) for row in rows if row["hours_waiting_a_week"])
    assert total == pytest.approx(brief.hours)
    assert all(row["hours_waiting_a_week"] or row["reason"] or row["stage"] == "full" for row in rows)


def test_without_gates_every_system_stands_in_the_row_of_those(over, demo_url, tmp_path):
    (tmp_path / "organisation.yaml").write_text("name: Acme\n", encoding="utf-8")
    text = shown(over(demo_url, portfolio=tmp_path)("portfolio"))
    assert "with no owner and no gate" in text
    assert "cannot be said" in text
