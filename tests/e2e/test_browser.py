"""What only a browser can tell: deep links, the address, downloads, phones, dark paper, keyboards."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO

import pytest
from playwright.sync_api import Browser, Page, expect

from readout import words
from tests.e2e import paper
from tests.e2e.conftest import DESK, PATIENCE_SECONDS, READY, Server, barriers, follow, ready, watch


@pytest.fixture(scope="module")
def url(server: Callable[..., Server], demo_url: str) -> str:
    """Return the address of a served demo; nobody has been there before the first test."""
    return server(demo_url, wait_for="/healthz").url


def test_a_first_visit_by_deep_link_shows_the_frame(url, page, trouble):
    page.goto(f"{url}/gates?period=4w")
    assert ready(page) == "page=gates&period=4w&compare=previous&system=&type="
    menus = page.get_by_test_id("stTopNavSection")
    assert menus.all_inner_texts() == [group for group in words.GROUPS if group]
    expect(page.locator(".st-key-filters")).to_be_visible()
    expect(page.locator(".r-asof")).to_contain_text("As of")
    assert trouble == []


@dataclass
class Reader:
    """Somebody who goes from page to page in one browser, and what the pages complained about."""

    page: Page
    url: str
    trouble: list[str]

    def go(self, name: str, query: str = "") -> Page:
        """Go to a page by the menus, on a desktop in daylight; what no menu lists is reached by its address."""
        page = self.page
        page.set_viewport_size(DESK)
        page.emulate_media(media="screen", color_scheme="light")
        if words.PAGES[name].listed and not query:
            follow(page, name)
        else:
            page.goto(f"{self.url}/{name}{query}")
        page.wait_for_selector(f'{READY}[data-state^="page={name}&"]', state="attached")
        return page


@pytest.fixture(scope="module")
def arrived(browser: Browser, url: str) -> Iterator[Reader]:
    """Open the first page in a browser of its own; the tests that share it go on from wherever it is."""
    with browser.new_context(viewport=DESK) as context:
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        page = context.new_page()
        complaints: list[str] = []
        watch(page, complaints)
        page.goto(url)
        ready(page)
        yield Reader(page, url, complaints)


@pytest.fixture
def reader(arrived: Reader) -> Reader:
    """Return the reader, who has no complaint yet."""
    arrived.trouble.clear()
    return arrived


# from the last to the first, so that none is there already
VISITS = [*((name, "") for name in reversed(words.PAGES)), ("system", "?system=routing-engine")]


@pytest.mark.parametrize(("name", "query"), VISITS)
def test_a_page_is_drawn_without_complaint_on_a_desktop_a_dark_phone_and_on_paper(reader, settled, name, query):
    page = reader.go(name, query)
    assert page.get_attribute(READY, "data-version")
    settled(page)
    assert reader.trouble == []
    assert barriers(page) == []
    widths = paper.chart_widths(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth + 1")  # never sideways
    assert barriers(page) == []
    assert paper.spoilt(page) == []
    assert all(w * scale <= paper.TEXT_WIDTH for w, scale in zip(widths, paper.chart_scales(page), strict=True))
    assert reader.trouble == []


def test_a_copied_address_shows_the_same_view(url, page, new_page, settled):
    page.goto(url)
    ready(page)
    choose(page, "shown_period", words.period_choice("26w"))
    page.wait_for_selector(f'{READY}[data-state*="period=26w"]', state="attached")
    follow(page, "throughput")
    page.wait_for_selector(f'{READY}[data-state*="page=throughput&period=26w"]', state="attached")
    settled(page)
    copied = page.url
    assert "period=26w" in copied
    other = new_page()
    other.goto(copied)
    assert ready(other) == page.get_attribute(READY, "data-state")
    other.wait_for_selector(".r-head h1")
    assert other.inner_text(".r-head h1") == page.inner_text(".r-head h1")


def test_going_back_brings_back_the_choice(url, page):
    page.goto(url)
    ready(page)
    choose(page, "shown_period", words.period_choice("4w"))
    page.wait_for_selector(f'{READY}[data-state*="period=4w"]', state="attached")
    page.go_back()
    page.wait_for_selector(f'{READY}[data-state*="period=12w"]', state="attached")


def test_the_unit_cost_table_downloads_with_its_control_total(url, page):
    page.goto(f"{url}/unit_cost")
    ready(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=words.DOWNLOAD).click()
    assert re.fullmatch(r"readout-unit-cost-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d-v.+\.csv", waiting.value.suggested_filename)
    text = waiting.value.path().read_text(encoding="utf-8")
    head = {row[0]: row[1] for row in csv.reader(StringIO(text)) if len(row) == 2}
    assert {"period", "currency", "as of", "control total"} <= set(head)


def test_charts_use_the_theme_on_light_and_dark_paper(reader):
    page = reader.go("throughput")
    bar = page.locator(".js-plotly-plot .bars path").first
    expect(bar).to_have_css("fill", "rgb(15, 92, 107)")
    page.emulate_media(color_scheme="dark")
    page.reload()  # a chart keeps the colours in which it was drawn
    expect(bar).to_have_css("fill", "rgb(111, 195, 204)")
    assert reader.trouble == []


def test_an_explanation_opens_and_closes_by_keyboard(url, page):
    page.goto(url)
    ready(page)
    page.locator(".r-how").first.focus()
    page.keyboard.press("Enter")
    panel = page.locator(".r-pop").first
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("Data version")
    expect(panel.get_by_role("link", name=words.rows.SHOW)).to_have_attribute("href", re.compile(r"^rows\?.*metric="))
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(".r-how").first).to_be_focused()
    page.keyboard.press("Enter")
    panel.get_by_role("button", name=words.CLOSE).press("Enter")
    expect(panel).to_be_hidden()
    expect(page.locator(".r-how").first).to_be_focused()


def test_a_broken_warehouse_is_said_in_words(server, tmp_path, page, trouble):
    served = server(f"duckdb:///{tmp_path / 'absent.duckdb'}", wait_for="/healthz")
    page.goto(f"{served.url}/handling?system=routing-engine")
    assert ready(page).endswith("&status=empty")
    expect(page.get_by_text("No data yet")).to_be_visible()
    expect(page.get_by_role("button", name=words.RETRY)).to_be_visible()
    assert trouble == []


def choose(page: Page, key: str, option: str) -> None:
    """Choose an option of a filter as a reader does."""
    page.locator(f".st-key-{key} input").first.click()
    page.get_by_role("option", name=option, exact=True).click()
