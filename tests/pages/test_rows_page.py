"""A figure is traced to its rows: its days add up to it, and the facts of a day hold what it counts."""

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from readout import words
from readout.briefs import Book, Scope, figure_calls, figure_charges, figure_tasks, open_book, rows_brief
from readout.metrics import METRICS
from readout.portfolio import read_portfolio
from readout.warehouse.reader import open_warehouse
from readout.words.addresses import rows_behind
from tests.contract.worked import settings_of
from tests.pages.test_pages import shown

SCOPE = Scope(systems=("tier-one-support",))


def traced(book: Book, metric: str, scope: Scope = SCOPE) -> Any:
    """Return the brief of a figure; its day and its values are there in what these tests ask."""
    return rows_brief(book, scope, metric)


@pytest.fixture(scope="module")
def book(demo_url: str) -> Iterator[Book]:
    settings = settings_of(demo_url)
    warehouse = open_warehouse(settings)
    yield open_book(warehouse, read_portfolio(settings.portfolio_folder), settings)
    warehouse.close()


@pytest.mark.parametrize(
    "metric",
    ["throughput", "accepted_tasks", "ai_share", "failure_rate", "reopen_rate", "unmeasured_share", "review_coverage",
     "reviewed", "cost_coverage"],
)  # fmt: skip
def test_the_days_add_up_to_the_figure_and_the_facts_of_a_day_hold_what_it_counts(book, metric):
    brief = traced(book, metric)
    assert brief.figure.value == (brief.all_above / brief.all_below if brief.below else brief.all_above)
    found = figure_tasks(book, brief)
    assert len(found) <= 50
    assert set(found["all_above"]) == {brief.day.above}
    assert set(found["all_below"]) == {brief.day.below}
    if brief.day.above + brief.day.below <= 50:
        assert found["above"].sum() == brief.day.above
    assert found["above"].max() == min(brief.all_above, 1)  # the day that opens has a row above the line
    text = words.rows.sample_note(brief, len(found), brief.day.above, brief.day.below)
    assert "have changed" not in text
    assert "have changed" in words.rows.sample_note(brief, len(found), brief.day.above + 1, brief.day.below)


def test_what_tasks_and_calls_cost_by_themselves_adds_up_day_by_day(book):
    brief = traced(book, "cost_total")
    assert sum(one.amount for one in brief.days) == brief.figure.value
    found = figure_tasks(book, brief)
    assert len(found) == brief.day.above <= 50
    lonely = figure_calls(book, brief) if brief.day.calls else found.iloc[:0]
    assert sum(found["cost"]) + sum(lonely["cost"].dropna()) == pytest.approx(brief.day.amount)


def test_a_unit_cost_leads_to_its_lines_and_its_charges(book):
    brief = traced(book, "fully_loaded_cost_per_accepted_task")
    assert float(brief.total) / brief.figure.n == pytest.approx(float(brief.figure.value), abs=0.01 / brief.figure.n)
    charges = figure_charges(book, brief)
    assert 0 < len(charges) <= 50
    assert set(charges["system_id"]) <= {"", "tier-one-support"}
    assert charges["charge_start"].max() < charges["charge_end"].max()


def test_systems_with_different_judges_have_no_rows_together(book):
    brief = rows_brief(book, Scope(), "accuracy")
    assert "choose one system" in brief.reason
    assert brief.figure.value is None


def test_every_metric_says_which_rows_it_counts(book):
    briefs = {name: rows_brief(book, Scope(period="4w", systems=SCOPE.systems), name) for name in METRICS}
    assert {brief.kind for brief in briefs.values()} == {"tasks", "calls", "incidents"}
    counted = {name for name, brief in briefs.items() if brief.days}
    measured = {name for name, brief in briefs.items() if brief.figure.value}  # zero counts no row
    assert measured - counted <= {"availability"}


def test_the_page_shows_explanation_rows_and_the_text_of_the_query(visit):
    test = visit("rows", metric="accuracy", system=["tier-one-support"])
    assert not test.exception
    text = shown(test)
    assert html.escape(METRICS["accuracy"].excluded) in text
    assert re.search(r"rows? (is|are) shown; on this day count", text)
    assert any("FROM rollup_verdict_day AS r" in code.value for code in test.code)
    days = test.selectbox(key="rows_day")
    earlier = days.options[-1]
    days.select(earlier).run()
    assert test.query_params["day"]
    assert not test.exception


def test_a_row_leads_to_its_trace(visit, book):
    scope = Scope(systems=("routing-engine", "payment-risk"))
    days = [str(one.day) for one in traced(book, "accepted_tasks", scope).days]
    found = ((day, figure_tasks(book, rows_brief(book, scope, "accepted_tasks", day))) for day in days)
    day = next(day for day, rows in found if (rows["trace_url"] != "").any())  # one answer in eight is kept
    text = shown(visit("rows", metric="accepted_tasks", system=list(scope.systems), day=day))
    assert re.search(r'href="https://[^"]+" target="_blank" rel="noopener noreferrer">Open trace</a>', text)


@pytest.mark.parametrize("metric", ["output_tokens", "availability", "nonsense"])
def test_the_page_answers_for_calls_for_outages_and_for_a_figure_that_there_is_none_of(visit, metric):
    test = visit("rows", metric=metric, system=["tier-one-support"])
    assert not test.exception
    assert test.selectbox(key="rows_metric").value == (metric if metric in METRICS else "throughput")


def test_a_tile_and_a_table_lead_to_their_rows_with_the_same_filters(visit):
    text = shown(visit("unit_cost", period="4w", system=["tier-one-support"]))
    scope = Scope(period="4w", systems=("tier-one-support",))
    address = rows_behind("cost_per_accepted_task", scope)
    assert parse_qs(urlsplit(address).query) == {
        "metric": ["cost_per_accepted_task"], "period": ["4w"], "system": ["tier-one-support"]
    }  # fmt: skip
    assert address.replace("&", "&amp;") in text
