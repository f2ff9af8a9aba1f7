"""States of a page over one small warehouse of fixed days: nothing yet, broken, old, earlier, unknown, nothing here.

Each is read on a desktop in daylight and on a dark phone, without complaint; some are compared with a picture.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from readout import words
from tests.contract.test_gates_from_warehouse import GATE
from tests.e2e.conftest import DESK, PATIENCE_SECONDS, PROGRAM, READY, Server, barriers, ready, watch
from tests.e2e.desk import Desk
from tests.visual.pictures import compare

DARK_PHONE: ViewportSize = {"width": 390, "height": 844}
# an earlier as-of is the same on every day: no age is counted from today
FIXED = "as_of=2026-02-24"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a warehouse that is prepared and empty."""
    begun = Desk(tmp_path_factory.mktemp("desk"))
    begun.begin()
    return begun


@pytest.fixture(scope="module")
def url(server: Callable[..., Server], desk: Desk) -> str:
    """Return the address at which it is served, from before the first row on."""
    return server(desk.url, wait_for="/healthz").url


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Return the warehouse with its weeks."""
    desk.fill()
    return desk


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Open one page for all states, with what it complained about."""
    with browser.new_context(viewport=DESK) as context:
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        page, trouble = context.new_page(), []
        watch(page, trouble)
        yield page, trouble


@pytest.fixture
def page(opened: tuple[Page, list[str]]) -> Page:
    """Return the page in daylight: a chart keeps the colours in which it was drawn; it has not complained yet."""
    opened[0].set_viewport_size(DESK)
    opened[0].emulate_media(color_scheme="light")
    opened[1].clear()
    return opened[0]


@pytest.fixture
def sound(
    page: Page, opened: tuple[Page, list[str]], settled: Callable[[Page], None], tmp_path: Path
) -> Callable[..., None]:
    """Look at the page as it stands on both screens: `sound()`, or `sound("name")` beside the pictures of that name."""

    def look(name: str = "") -> None:
        for screen in ("desktop", "phone-dark"):
            page.set_viewport_size(DARK_PHONE if screen == "phone-dark" else DESK)
            page.emulate_media(color_scheme="dark" if screen == "phone-dark" else "light")
            settled(page)
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth + 1")
            assert barriers(page) == []
            if name:
                page.mouse.move(0, 0)
                compare(page, name, screen, tmp_path)
        assert opened[1] == []

    return look


def test_a_served_warehouse_is_empty_then_broken_then_has_figures(url, desk, page, sound):
    page.goto(f"{url}/throughput")
    assert ready(page).endswith("&status=empty")
    expect(page.get_by_text("readout refresh")).to_be_visible()
    sound("state-empty")
    desk.spoil()
    again(page, "&status=failed")
    expect(page.get_by_role("status").get_by_role("heading")).to_have_text("The warehouse does not answer")
    sound()
    desk.fill()
    again(page, "&type=")
    expect(page.locator(".r-head h1")).to_contain_text("700 tasks were completed")


def again(page: Page, state: str) -> None:
    """Press the button and wait for another state."""
    page.get_by_role("button", name=words.RETRY).click()
    page.wait_for_selector(f'{READY}[data-state$="{state}"]', state="attached")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("address", "said", "picture"),
    [
        ("", words.STALE, ""),
        (f"throughput?{FIXED}", words.notices.EARLIER, "state-earlier"),
        (f"throughput?period=mtd&{FIXED}", "to date", "state-part-of-a-month"),
        (f"throughput?system=clock&{FIXED}", "Nothing was recorded for this choice", "state-nothing-here"),
        (f"system?system=nobody&{FIXED}", "nobody is not known here", ""),
        (f"unit_cost?{FIXED}", "Unit cost is not measurable", "state-not-measurable"),
    ],
)
def test_a_state_is_said_in_words_and_readable(url, page, sound, address, said, picture):
    page.goto(f"{url}/{address}")
    ready(page)
    expect(page.get_by_text(said).first).to_be_visible()
    sound(picture)


@pytest.mark.usefixtures("filled")
def test_a_decision_due_leads_to_its_gate_and_back(url, page):
    page.goto(f"{url}/?period=26w")
    ready(page)
    page.get_by_role("region", name=words.SECTIONS["decisions"][0]).get_by_role("link").click()
    page.wait_for_selector(f'{READY}[data-state^="page=gate&period=26w&"]', state="attached")
    assert parse_qs(urlparse(page.url).query) == {"gate": [GATE], "period": ["26w"]}
    page.go_back()
    page.wait_for_selector(f'{READY}[data-state^="page=readout&period=26w&"]', state="attached")


def test_a_sign_off_by_command_stands_on_the_gates_page(url, filled, page, sound):
    def command(*words_of: str) -> None:
        environment = {**os.environ, "READOUT_WAREHOUSE_URL": filled.url}
        subprocess.run([PROGRAM, "gates", *words_of], env=environment, check=True, stdout=subprocess.DEVNULL)

    page.goto(f"{url}/gate?gate={GATE}")
    ready(page)
    expect(page.get_by_text(words.gate_ledger.NOBODY)).to_be_visible()
    command("seal")
    soon = f"{date.today() + timedelta(days=30)}"
    command("sign", GATE, "--as", "boss@example.com", "--role", "COO", "--comment", "read it", "--expires", soon)
    page.reload()
    ready(page)
    people = page.get_by_role("region", name=words.SECTIONS["gate_people"][0])
    expect(people).to_contain_text("boss@example.com")
    expect(people).to_contain_text("read it")
    expect(people).to_contain_text("unverified")
    sound()
