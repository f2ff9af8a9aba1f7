"""Every page answers, keeps the reader's choice, explains itself, and has a designed state where it cannot answer."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from readout import words
from readout.ui import loaders
from readout.warehouse.errors import QueryTimeoutError, UnreachableError

PAGES = list(words.PAGES)
FIGURES = ["readout", "throughput", "handling", "unit_cost"]


def shown(test: AppTest) -> str:
    """Return all that our own markup shows."""
    return "\n".join(element.value for element in test.html)


def state(test: AppTest) -> str:
    """Return the marker's state; there is exactly one, and it comes after everything else on the page."""
    page = [getattr(element, "value", "") for element in test.main.get("html")]
    assert "readout-ready" in page[-1]
    found = re.findall(r'<span class="readout-ready" hidden data-state="([^"]*)"', shown(test))
    assert len(found) == 1
    return found[0].replace("&amp;", "&")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_first_explains_itself_and_ends_with_its_marker(visit, page):
    test = visit(page)
    text = shown(test)
    assert not test.exception
    assert state(test) == f"page={page}&period=12w&compare=previous&system=&type="
    [answer] = re.findall(r"<h1>(.*?)</h1>", text, re.DOTALL)
    assert re.search(r"\w", answer)
    assert words.PAGES[page].question.replace("'", "&#x27;") in text
    assert "As of" in text
    panels = re.findall(r'<div class="r-pop" popover id="([^"]+)"', text)
    assert panels
    assert len(panels) == len(set(panels))
    assert set(re.findall(r'class="r-how" popovertarget="([^"]+)"', text)) == set(panels)
    assert "<dt>Where it comes from</dt><dd>the warehouse</dd>" not in text  # every explanation names its source
    # what a chart says to those who cannot see it is computed: it names values
    assert all(re.search(r"\d", chart.proto.alt) for chart in test.get("plotly_chart"))
    if page != "health":  # the page for those who mend the data
        said = re.sub(r'<div class="r-pop".*?</dl>', "", text, flags=re.DOTALL)
        assert not re.findall(r"\b(?:tasks|human_work|model_calls|verdicts|costs|baselines|rate_card)\.[a-z_]+", said)


@pytest.mark.parametrize("page", PAGES)
def test_the_address_decides_what_a_page_shows(visit, page):
    test = visit(page, period="4w", compare="none", system=["routing-engine"])
    assert state(test) == f"page={page}&period=4w&compare=none&system=routing-engine&type="
    assert "no comparison" in shown(test)


def test_values_that_do_not_exist_are_ignored(visit):
    test = visit(period="9w", compare="tomorrow", system=["nobody", "routing-engine"], type="nothing")
    assert state(test) == "page=readout&period=12w&compare=previous&system=routing-engine&type="


def test_filters_survive_a_change_of_page(visit):
    test = visit()
    test.selectbox(key="shown_period").set_value("26w").run()
    test.switch_page("gates.py").run()
    assert state(test).startswith("page=gates&period=26w")


def test_an_early_window_says_where_the_data_lies_and_offers_it(over, demo_url):
    visit = over(demo_url, as_of="2020-01-01T00:00:00")
    test = visit("throughput")
    assert not test.exception
    assert state(test).endswith("&status=empty")
    assert "data runs from" in shown(test)
    test.button(key="show_all").click().run()
    assert "period=all" in state(test)


@pytest.mark.parametrize("page", PAGES)
def test_an_absent_warehouse_says_what_to_run(over, tmp_path, page):
    test = over(f"duckdb:///{tmp_path / 'absent.duckdb'}")(page)
    assert not test.exception
    assert state(test).endswith("&status=empty")
    assert "readout demo" in shown(test)
    assert test.button(key="retry")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("error", "title"),
    [(UnreachableError("no answer from db:5432"), "The warehouse does not answer"),
     (QueryTimeoutError("took longer than 10 s"), "This took too long")],
)  # fmt: skip
def test_a_failing_warehouse_is_said_in_words(visit, monkeypatch, page, error, title):
    def fail() -> str:
        raise error

    monkeypatch.setattr(loaders, "data_version", fail)
    test = visit(page)
    assert not test.exception
    assert state(test).endswith("&status=failed")
    assert title in shown(test)
    assert str(error) in shown(test)
    assert "Traceback" not in shown(test)


def test_choices_survive_a_failing_warehouse(visit, monkeypatch):
    def fail() -> str:
        message = "no answer"
        raise UnreachableError(message)

    monkeypatch.setattr(loaders, "data_version", fail)
    assert "system=routing-engine" in state(visit(system=["routing-engine"]))


def test_old_data_is_announced(over, demo_url):
    old = datetime.now(UTC) - timedelta(days=20)
    assert words.STALE in shown(over(demo_url, as_of=old.isoformat())("readout"))


def test_fresh_data_is_not_announced_as_old(over, demo_url, monkeypatch):
    test = over(demo_url, as_of=datetime.now(UTC).isoformat())("readout")
    assert words.STALE not in shown(test)


def test_loaders_are_keyed_by_reader_and_data_version():
    for name in ("_readout", "_throughput", "_handling", "_unit_cost", "_gates", "_health"):
        wrapped = getattr(loaders, name).__wrapped__
        assert wrapped.__code__.co_varnames[:3] == ("scope", "access", "version")


def test_a_fully_loaded_cost_that_cannot_be_known_is_never_zero(visit):
    text = shown(visit("unit_cost"))
    assert words.NOT_MEASURABLE in text
    assert "€0.00<" not in text


def test_the_file_comes_from_the_page(visit):
    assert visit("unit_cost").get("download_button")


@pytest.mark.parametrize("page", ["throughput", "handling", "unit_cost"])
def test_charts_have_alternative_texts(visit, page):
    charts = visit(page).get("plotly_chart")
    assert charts
    assert all(chart.proto.alt for chart in charts)
