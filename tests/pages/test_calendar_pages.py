"""Pages of an organisation with a fiscal year of weeks: what it may choose, what each page says, what is compared."""

import html
import re
import shutil
from itertools import cycle
from pathlib import Path

import pytest

from readout import words
from readout.periods import PERIODS, Calendar, period_choices
from readout.portfolio import read_portfolio
from tests.contract.random_rows import random_rows
from tests.contract.worked import prepare, refreshed, settings_of
from tests.pages.test_pages import FIGURES, shown, state

PAGES = list(words.PAGES)
ZONE_AND_WEEK = "time_zone: Asia/Kathmandu\nweek_start: sunday\n"
FISCAL = "4-4-5, year ends last Saturday of September"


def organised(demo_url: str, folder: Path, organisation: str) -> str:
    """Return the URL of a copy of the demo, refreshed for an organisation."""
    facts = Path(demo_url.removeprefix("duckdb:///"))
    folder.mkdir(exist_ok=True)
    shutil.copy(facts, folder / "w.duckdb")
    shutil.copytree(facts.parent / "portfolio", folder / "portfolio", dirs_exist_ok=True)
    (folder / "portfolio" / "organisation.yaml").write_text(organisation)
    url = f"duckdb:///{folder / 'w.duckdb'}"
    refreshed(settings_of(url), read_portfolio(folder / "portfolio"))
    return url


@pytest.fixture(scope="module")
def fiscal_url(demo_url, tmp_path_factory):
    """The demo in Kathmandu: weeks from Sunday, a year of weeks that ends with September."""
    text = ZONE_AND_WEEK + "fiscal_calendar: 4-4-5\nfiscal_year_start_month: 10\n"
    return organised(demo_url, tmp_path_factory.mktemp("fiscal"), text)


@pytest.fixture(scope="module")
def spring_url(tmp_path_factory):
    """Rows of March and April 2026, 5-4-4 from January: February and March have four weeks, April has five."""
    folder = tmp_path_factory.mktemp("spring")
    (folder / "portfolio").mkdir()
    text = "week_start: sunday\nfiscal_calendar: 5-4-4\nfiscal_year_start_month: 1\n"
    (folder / "portfolio" / "organisation.yaml").write_text(text)
    url = f"duckdb:///{folder / 'w.duckdb'}"
    refreshed(prepare(url, random_rows(seed=1, tasks=200)), read_portfolio(folder / "portfolio"))
    return url


def as_of_line(test) -> str:
    """Return the line under the filters as text."""
    [line] = re.findall(r'<div class="r r-asof">(.*?)</div>', shown(test))
    return html.unescape(re.sub(r"<[^>]+>", " ", line))


# every page once, the periods in turn
@pytest.mark.parametrize(("page", "period"), [*zip(PAGES, cycle(["quarter", "ytd", "fiscal_month", "fiscal_qtd"]))])
def test_every_page_says_what_its_days_are_cut_by(over, fiscal_url, page, period):
    test = over(fiscal_url)(page, period=period)
    assert not test.exception
    assert f"period={period}&" in state(test)
    assert "status=failed" not in state(test)
    line = as_of_line(test)
    for part in ("Asia/Kathmandu", "weeks start on Sunday", FISCAL):
        assert part in line
    panels = "".join(re.findall(r'<div class="r-pop".*?</dl>', shown(test), re.DOTALL))  # the glossary explains "As of"
    assert all(FISCAL in said for said in re.findall(r"<dt>As of</dt><dd>(.*?)</dd>", panels))


def test_a_plain_calendar_year_is_not_mentioned(over, demo_url):
    line = as_of_line(over(demo_url)())
    assert "weeks start on Monday" in line
    assert "fiscal" not in line
    assert "year ends" not in line


def test_the_filter_offers_the_periods_of_the_organisation(over, fiscal_url, demo_url):
    offered = over(fiscal_url)().selectbox(key="shown_period").options
    assert offered == [words.period_choice(period) for period in PERIODS]
    plain = over(demo_url)().selectbox(key="shown_period").options
    assert plain == [words.period_choice(period) for period in period_choices(Calendar())]
    assert not [choice for choice in plain if "iscal" in choice]


def test_a_fiscal_period_is_named_and_its_change_says_what_it_is_against(over, spring_url):
    test = over(spring_url, as_of="2026-04-01T12:00:00")("throughput", period="fiscal_month")
    assert "FY2026 P03: 1 Mar to 28 Mar 2026, 4 weeks, complete" in as_of_line(test)
    assert "compared with 1 Feb to 28 Feb 2026" in as_of_line(test)
    assert "vs the fiscal month before" in shown(test)


def test_unequal_periods_are_not_compared_and_the_page_says_why(over, spring_url):
    test = over(spring_url, as_of="2026-05-05T12:00:00")("throughput", period="fiscal_month")
    why = "1 Mar to 28 Mar 2026 has 4 weeks, this period 5"
    assert "FY2026 P04: 29 Mar to 2 May 2026, 5 weeks, complete" in as_of_line(test)
    assert f"no comparison: {why}" in as_of_line(test)
    assert f"nothing: {why}" in html.unescape(shown(test))
    assert "vs the fiscal month before" not in shown(test)
    assert "no prior data" not in shown(test)


def test_a_period_to_date_runs_to_the_last_whole_day(over, spring_url):
    test = over(spring_url, as_of="2026-04-09T12:00:00")("throughput", period="fiscal_mtd")
    assert "FY2026 P04: 29 Mar to 8 Apr 2026, 11 days, to date" in as_of_line(test)
    assert "compared with 1 Mar to 11 Mar 2026" in as_of_line(test)


def test_a_link_to_a_period_that_this_organisation_has_not_opens_the_usual_one(over, demo_url):
    for page in FIGURES:
        test = over(demo_url)(page, period="fiscal_year", compare="year")
        assert not test.exception
        assert state(test).startswith(f"page={page}&period=12w&compare=year")


def test_a_choice_that_a_new_calendar_no_longer_offers_falls_back(over, demo_url, tmp_path):
    url = organised(demo_url, tmp_path, ZONE_AND_WEEK + "fiscal_year_start_month: 2\n")
    test = over(url)("throughput", period="fiscal_quarter")
    assert "period=fiscal_quarter" in state(test)
    organised(demo_url, tmp_path, ZONE_AND_WEEK)
    over(url)
    from readout.ui import loaders  # noqa: PLC0415 - only to forget what the page had read

    for cache in (loaders.data_version, loaders.book, loaders.warehouse, loaders.portfolio):
        cache.clear()
    test.run()
    assert not test.exception
    assert "period=12w" in state(test)
