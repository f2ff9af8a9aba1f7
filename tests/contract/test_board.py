"""The first page to take away: the PDF and the snapshot say what its brief says, ask for nothing, and are compared."""

import re
import shutil
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from readout import words
from readout.briefs import open_book
from readout.briefs.board import board_brief
from readout.briefs.results import Finding, Scope
from readout.briefs.results_board import BoardBrief
from readout.cli import app
from readout.portfolio import read_portfolio
from readout.reports.board.files import compare, html_text, make, pdf_pages
from readout.reports.board.paper import document
from readout.reports.reread import MismatchError
from readout.settings import Settings
from readout.warehouse.errors import InputError
from readout.warehouse.reader import open_warehouse
from readout.words import value_claims
from readout.words.tiles import tile_label, tile_lines, tile_value

MADE = datetime(2026, 11, 28, 9)


@pytest.fixture(scope="module")
def brief(demo_url) -> BoardBrief:
    settings = Settings(warehouse_url=demo_url)
    warehouse = open_warehouse(settings)
    try:
        return board_brief(open_book(warehouse, read_portfolio(settings.portfolio_folder), settings), Scope(), ())
    finally:
        warehouse.close()


def closed(text: str) -> str:
    return "".join(text.split())


def figures(brief: BoardBrief) -> set[str]:
    """Return every figure that the first page shows, in its words."""
    header, found = brief.header, set()
    for one in brief.readout.figures:
        found |= {tile_label(one.metric), tile_value(one) if one.value is not None else words.reason(one.reason)}
        found |= {line.text for line in tile_lines(one, header)} if one.value is not None else set()
    for row in brief.readout.systems:
        cells = (row.throughput, row.unit_cost, row.accuracy)
        found |= {row.name, *(words.value(one) for one in cells if one.value is not None)}
        found |= {words.fall(row.reduction.value)} if row.reduction.value is not None else set()
    found |= {row.name for row in brief.decisions} | {words.decisions.what(row)[1:] for row in brief.decisions}
    found |= {value_claims.big(brief.value, line) for line in value_claims.LINE_NAMES}
    months = [month.statement.portfolio().unit("fully_loaded") for month in brief.months]
    found |= {
        words.amount("fully_loaded_cost_per_accepted_task", unit, header.currency) for unit in months[-1:] if unit
    }
    return {brief.readout.finding.sentence, header.data_version, words.days(header.window), *found} - {""}


def test_two_sheets_show_every_figure_of_the_page(brief):
    pages = pdf_pages(make(brief, "pdf", MADE))
    assert len(pages) == 2
    assert len(figures(brief)) > 40
    assert {one for one in figures(brief) if closed(one) not in closed("".join(pages))} == set()
    assert closed(brief.readout.finding.sentence) in closed(pages[0])


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_a_snapshot_shows_and_explains_every_figure_and_asks_for_nothing(brief):
    text = make(brief, "html", MADE).decode()
    assert {one for one in figures(brief) if closed(one) not in closed(html_text(text))} == set()
    tags = Tags(text).found
    assert not {"script", "link", "img", "iframe", "object", "a"} & {tag for tag, _ in tags}
    assert not [value for _, attributes in tags for name, value in attributes.items() if name in {"src", "href"}]
    assert not re.findall(r"url\(|@import", text)
    assert set(re.findall(r"https?://[^\"]*", text)) == {"http://www.w3.org/2000/svg"}  # a name, not an address
    assert text.count("<details>") >= len(brief.readout.figures) + len(value_claims.LINE_NAMES) + 4
    assert "prefers-color-scheme: dark" in text
    pictures = [attributes["aria-label"] for _, attributes in tags if attributes.get("role") == "img"]
    assert len(pictures) > len(brief.readout.figures)
    assert all(pictures)


def test_what_a_brief_says_is_no_markup(brief):
    hostile = '<img src=x onerror="alert(1)">'
    told = replace(brief, readout=replace(brief.readout, finding=Finding(hostile, '"><script>')))
    text = make(told, "html", MADE, 'https://x.example/"><script>').decode()
    assert "<img" not in text
    assert "<script" not in text
    assert hostile in html_text(text)


def test_a_file_that_leaves_a_figure_out_is_refused(brief):
    paper = document(brief, MADE)
    with pytest.raises(MismatchError, match="is not handed over"):
        compare(paper, html_text(make(brief, "html", MADE).decode()).replace(brief.readout.systems[0].name, ""))


def test_the_command_writes_the_view_that_its_options_name(demo_url, tmp_path, monkeypatch):
    folder = tmp_path / "demo"
    shutil.copytree(Path(demo_url.removeprefix("duckdb:///")).parent, folder)
    monkeypatch.setenv("READOUT_WAREHOUSE_URL", f"duckdb:///{folder / 'demo.duckdb'}")
    monkeypatch.setenv("READOUT_PUBLIC_URL", "https://readout.example.com/ai/")
    file = tmp_path / "view.html"
    chosen = ["report", "snapshot", "--period", "4w", "--system", "routing-engine"]
    result = CliRunner().invoke(app, [*chosen, "--out", str(file)])
    assert result.exit_code == 0, result.output
    text = file.read_text()
    assert 'href="https://readout.example.com/ai/readout?system=routing-engine&amp;period=4w"' in text
    assert "4 weeks, complete" in text
    wrong = CliRunner().invoke(app, ["report", "board", "--period", "9w", "--out", str(tmp_path / "x.pdf")])
    assert isinstance(wrong.exception, InputError)
    assert "choose from 4w, 12w" in str(wrong.exception)
    assert not (tmp_path / "x.pdf").exists()
