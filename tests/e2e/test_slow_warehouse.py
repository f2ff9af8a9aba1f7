"""A warehouse that takes its time: the page says so, then shows its figures, or says why it cannot.

PostgreSQL is made slow by a real lock on the table that the pages read.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.engine import make_url

from readout import words
from tests.e2e.conftest import READY, Server
from tests.postgres import PostgresServer


@pytest.fixture(scope="module")
def warehouse(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of a small demo warehouse on PostgreSQL."""
    with postgres_server.database() as url:
        subprocess.run(
            [sys.executable, "-m", "readout.cli", "demo", "--tasks", "2000", "--weeks", "10"],
            env={**os.environ, "READOUT_WAREHOUSE_URL": url},
            check=True,
            stdin=subprocess.DEVNULL,
        )
        yield url


def locked(url: str) -> psycopg.Connection:
    """Return a connection whose transaction holds the table that every page reads."""
    where = make_url(url)
    connection = psycopg.connect(host=where.host, port=where.port, user=where.username, dbname=where.database)
    connection.execute("LOCK TABLE readout.rollup_day IN ACCESS EXCLUSIVE MODE")
    return connection


def test_a_page_says_that_it_reads_and_then_shows_its_figures(
    server: Callable[..., Server], warehouse: str, page: Page
) -> None:
    served = server(warehouse, wait_for="/healthz", query_timeout_seconds=60)
    with locked(warehouse):
        page.goto(f"{served.url}/throughput?period=4w")
        expect(page.get_by_text(words.LOADING)).to_be_visible()
    page.wait_for_selector(f'{READY}[data-state^="page=throughput&period=4w"]', state="attached")
    expect(page.get_by_text(words.LOADING)).to_have_count(0)
    expect(page.locator(".r-asof")).to_contain_text("As of")
    assert "failed" not in (page.get_attribute(READY, "data-state") or "")


def test_a_page_over_a_warehouse_that_never_answers_says_why(
    server: Callable[..., Server], warehouse: str, page: Page
) -> None:
    served = server(warehouse, wait_for="/healthz", query_timeout_seconds=1)
    with locked(warehouse):
        page.goto(f"{served.url}/throughput?period=26w")
        page.wait_for_selector(f'{READY}[data-state*="status=failed"]', state="attached")
        expect(page.get_by_text("took longer than 1 s").first).to_be_visible()
    assert page.query_selector('[data-testid="stException"]') is None
