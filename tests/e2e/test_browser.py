"""What only a browser can tell: deep links, the address, downloads, phones, dark paper, keyboards."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from urllib.parse import urlparse

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Download, Locator, Page, expect

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


def test_choosing_a_system_and_a_type_changes_address_and_figures(reader):
    page = reader.go("throughput", "?period=12w")
    finding = page.locator(".r-head h1")
    whole = finding.inner_text()
    choose(page, "shown_system", "Support routing engine")
    page.wait_for_selector(f'{READY}[data-state*="&system=routing-engine&type="]', state="attached")
    expect(finding).not_to_have_text(whole)
    of_system = finding.inner_text()
    choose(page, "shown_type", words.human("billing"))
    page.wait_for_selector(f'{READY}[data-state$="&system=routing-engine&type=billing"]', state="attached")
    expect(finding).not_to_have_text(of_system)
    assert {"system=routing-engine", "type=billing"} <= set(urlparse(page.url).query.split("&"))
    assert reader.trouble == []


def test_a_system_and_a_figure_lead_down_and_back_with_the_filters(reader):
    page = reader.go("readout", "?period=4w")
    systems = page.get_by_role("region", name=words.SECTIONS["systems"][0])

    def panel() -> Locator:
        page.locator(".r-how").first.click()
        return page.locator(".r-pop:popover-open").get_by_role("link", name=words.rows.SHOW)

    ways = {"system": lambda: systems.get_by_role("link").first, "rows": panel}
    for name, way in ways.items():
        way().click()
        page.wait_for_selector(f'{READY}[data-state^="page={name}&period=4w&"]', state="attached")
        page.go_back()
        page.wait_for_selector(f'{READY}[data-state^="page=readout&period=4w&"]', state="attached")
    assert reader.trouble == []


def test_a_page_is_taken_away_as_csv_with_its_control_total_as_workbook_and_as_picture(reader):
    page = reader.go("unit_cost")

    def taken(button: Locator) -> Download:
        with page.expect_download() as waiting:
            button.click()
        return waiting.value

    table = taken(page.get_by_role("button", name=words.DOWNLOAD))
    assert re.fullmatch(r"readout-unit-cost-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d-v.+\.csv", table.suggested_filename)
    text = table.path().read_text(encoding="utf-8")
    head = {row[0]: row[1] for row in csv.reader(StringIO(text)) if len(row) == 2}
    assert {"period", "currency", "as of", "control total"} <= set(head)
    workbook = taken(page.locator(".st-key-download_tables_xlsx").get_by_role("button"))
    assert load_workbook(BytesIO(workbook.path().read_bytes()), read_only=True).sheetnames
    chart = page.locator(".js-plotly-plot").first
    chart.hover()
    picture = taken(chart.locator(".modebar-btn"))
    assert picture.suggested_filename.endswith(".svg")
    assert picture.path().read_text(encoding="utf-8").startswith("<svg")


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


def choose(page: Page, key: str, option: str) -> None:
    """Choose an option of a filter as a reader does who types: a list that is still being placed loses a click."""
    box = page.locator(f".st-key-{key} input").first
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).wait_for()
    box.press("Enter")
