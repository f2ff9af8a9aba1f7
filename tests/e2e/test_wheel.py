"""An installed wheel is whole: it serves its pages from an empty folder, without the checkout."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from readout import words
from tests.e2e.conftest import Server, ready

ROOT = Path(__file__).resolve().parents[2]
PAGE_FILES = [file.stem for file in (ROOT / "pages").glob("[!_]*.py")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which the wheel was installed; its requirements come from the test environment."""
    built, folder = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    python = [sys.executable, "-m"]
    subprocess.run(
        [*python, "hatchling", "build", "-t", "wheel", "-d", built], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    subprocess.run([*python, "pip", "install", "-q", "--no-deps", "--target", folder, *built.glob("*.whl")], check=True)
    return folder


def test_an_installed_wheel_finds_its_own_files(installed: Path, tmp_path: Path) -> None:
    code = (
        "from readout.resources import application, shipped; print(shipped('queries'), shipped('data'), application())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
        text=True,
    )
    package = installed / "readout"
    assert done.stdout.split() == [str(package / name) for name in ("_queries", "_data", "_app")]


def test_an_installed_wheel_serves_its_pages(
    installed: Path,
    demo_url: str,
    server: Callable[..., Server],
    page: Page,
    trouble: list[str],
    settled: Callable[[Page], None],
) -> None:
    assert {file.stem for file in (installed / "readout" / "_app" / "pages").glob("[!_]*.py")} >= set(PAGE_FILES)
    served = server(demo_url, program=installed / "bin" / "readout", python_path=installed)
    # a deep link first: beside a plain script, Streamlit would run that page alone, without its frame
    for path in ("checks", ""):
        page.goto(f"{served.url}/{path}")
        ready(page)
        settled(page)
        expect(page.get_by_test_id("stTopNavSection")).to_have_count(len([group for group in words.GROUPS if group]))
        expect(page.get_by_test_id("stException")).to_have_count(0)
    assert trouble == []
