"""A served readout and a real Chromium."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, ViewportSize, expect, sync_playwright

from readout import words
from tests.postgres import free_port

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK: ViewportSize = {"width": 1440, "height": 900}
PROGRAM = Path(sys.executable).with_name("readout")
# What a slow machine may take before a test gives up, for everything here: servers, selectors, expectations.
PATIENCE_SECONDS = 120.0
STOP_SECONDS = 10.0
READY = ".readout-ready"

# Streamlit marks a running script on its root element; skeletons and spinners vanish when a page is drawn.
SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.getAttribute('data-test-script-state') === 'running') return false;
  if (document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"], [data-testid="stStatusWidget"]'))
    return false;
  return !!document.querySelector('[data-testid="stMain"] [data-testid^="st"]');
}"""


@dataclass(frozen=True)
class Server:
    """A served readout: its address, its process and what it wrote."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait(self, path: str) -> None:
        """Wait until the path answers 200; fail with the log when it does not, or when the process ends."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        answer = "nothing"
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                pytest.fail(f"readout serve ended with {self.process.returncode}:\n{self.log.read_text()}")
            with contextlib.suppress(httpx.TransportError):
                response = httpx.get(self.url + path, timeout=PATIENCE_SECONDS)
                if response.status_code == httpx.codes.OK:
                    return
                answer = f"{response.status_code} {response.text[:500]}"
            time.sleep(0.05)
        pytest.fail(f"{path} answered {answer} for {PATIENCE_SECONDS:.0f} s:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End the server and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Serve a warehouse: `server(url)`, with settings as keywords (`as_of="2026-11-20"` is READOUT_AS_OF).

    Waits for /readyz; a page over a broken warehouse is served with `wait_for="/healthz"`. All stop with the module.
    `program` is the command to start, `python_path` a folder that comes before the installed packages.
    """
    running: list[Server] = []

    def serve(
        warehouse_url: str,
        *,
        wait_for: str = "/readyz",
        program: Path = PROGRAM,
        python_path: Path | None = None,
        **settings: object,
    ) -> Server:
        port = free_port()
        folder = tmp_path_factory.mktemp("server")
        variables = {f"READOUT_{name.upper()}": str(value) for name, value in settings.items()}
        if python_path:
            variables["PYTHONPATH"] = str(python_path)
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [program, "serve", "--port", str(port)],
                cwd=folder,
                env={**os.environ, "READOUT_WAREHOUSE_URL": warehouse_url, **variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        served = Server(f"http://127.0.0.1:{port}", process, folder / "server.log")
        running.append(served)
        served.wait(wait_for)
        return served

    yield serve
    for served in running:
        served.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium, for this folder's tests only: an open Playwright holds the thread's event loop."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is not there: run scripts/need-chromium.sh")
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def trouble() -> list[str]:
    """What a page complained about: console errors, exceptions, failed requests. Empty is expected."""
    return []


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a fresh page in a browser context of its own: `new_page(color_scheme="dark")`; 1440 x 900 unless told."""
    with contextlib.ExitStack() as stack:

        def opened(**options: Any) -> Page:
            options.setdefault("viewport", DESK)
            context = stack.enter_context(browser.new_context(**options))
            context.set_default_timeout(PATIENCE_SECONDS * 1000)
            return context.new_page()

        yield opened


@pytest.fixture
def page(new_page: Callable[..., Page], trouble: list[str]) -> Page:
    """Return a fresh page that writes its complaints into `trouble`."""
    opened = new_page()
    watch(opened, trouble)
    return opened


def ready(page: Page) -> str:
    """Wait until the page has run to its end and return its state."""
    page.wait_for_selector(READY, state="attached")
    return page.get_attribute(READY, "data-state") or ""


def follow(page: Page, name: str) -> None:
    """Go to a page by the menus on top, as a reader does."""
    there = words.PAGES[name]
    header = page.get_by_test_id("stHeader")
    if there.group:
        header.get_by_role("button", name=there.group, exact=True).click()
        page.get_by_role("menuitem", name=there.title, exact=True).click()
    else:
        header.get_by_role("link", name=there.title, exact=True).click()


def watch(page: Page, trouble: list[str]) -> None:
    """Collect the page's console errors, exceptions and HTTP errors."""

    def console(message: ConsoleMessage) -> None:
        # a failed resource is reported by its response, with its address
        if message.type == "error" and "Failed to load resource: the server responded" not in message.text:
            trouble.append(f"console: {message.text}")

    def response(answer: Response) -> None:
        # below the root, Streamlit's front end probes one folder deeper first: /page/_stcore/health
        probe = re.search(r"/[^/]+/_stcore/", urlparse(answer.url).path)
        if answer.status >= httpx.codes.BAD_REQUEST and not probe:
            trouble.append(f"HTTP {answer.status} {answer.url}")

    def request(asked: Request) -> None:
        if urlparse(asked.url).hostname not in {"127.0.0.1", None}:  # data: and blob: have no host
            trouble.append(f"left the host: {asked.url}")

    page.on("request", request)
    page.on("console", console)
    page.on("pageerror", lambda error: trouble.append(f"page: {error}"))
    page.on("response", response)


# Streamlit's own: a phone's menu (list items in a div below the list), a code box that scrolls (no way in by keyboard)
NOT_OURS = {"exclude": [['[data-testid="stSidebarNavItems"]'], ['[data-testid="stCode"]']]}


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds on a drawn page: the broken rule, and where."""
    found = Axe().run(page, context=NOT_OURS).response["violations"]
    return [f"{broken['id']}: {[node['target'] for node in broken['nodes'][:3]]}" for broken in found]


@pytest.fixture(scope="session")
def settled() -> Callable[[Page], None]:
    """Wait until a page is drawn and keeps still: `settled(page)`."""

    def wait(page: Page, limit: float = PATIENCE_SECONDS) -> None:
        deadline = time.monotonic() + limit
        still, last = 0, -1
        while time.monotonic() < deadline:
            height = page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]')?.scrollHeight ?? 0")
            still = still + 1 if page.evaluate(SETTLED) and height == last else 0
            if still >= 4:
                return
            last = height
            page.wait_for_timeout(100)
        pytest.fail(f"{page.url} was not still after {limit:.0f} s")

    return wait
