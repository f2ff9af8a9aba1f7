"""The organisation's calendar is published beside the figures, and every page, file and command is cut by it."""

import csv
import io
import json
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from readout import cli
from readout.briefs import Scope, metric_rows, open_book, throughput_brief, unit_cost_brief, unit_cost_csv
from readout.periods import Calendar, FiscalCalendar
from tests.contract.worked import example_rows, portfolio_of, prepare, reading, refreshed, rollups, settings_of

HOUR = 3600
FOUR_FOUR_FIVE = {"fiscal_calendar": "4-4-5", "fiscal_year_start_month": 4}
PLACES = {
    name: place
    for place, name in enumerate((
        "day", "start_utc", "end_utc", "seconds", "week", "month", "quarter", "year", "fiscal_month", "fiscal_quarter",
        "fiscal_year",
    ))
}  # fmt: skip


def published(settings: Any) -> dict[date, dict[str, str]]:
    """Return the published calendar: local day -> column -> text."""
    rows = rollups(settings)["calendar_day"]
    return {date.fromisoformat(row[0]): {name: row[place] for name, place in PLACES.items()} for row in rows}


@pytest.mark.parametrize(
    ("organisation", "calendar"),
    [
        (
            {"time_zone": "Australia/Lord_Howe", "week_start": "sunday", **FOUR_FOUR_FIVE},
            Calendar("Australia/Lord_Howe", "sunday", FiscalCalendar("4-4-5", 4)),
        ),
        (
            {"time_zone": "Asia/Kathmandu", "fiscal_year_start_month": 7, "fiscal_year_named_by": "start"},
            Calendar("Asia/Kathmandu", "monday", FiscalCalendar("calendar", 7, named_by="start")),
        ),
    ],
    ids=["lord howe, 4-4-5", "kathmandu, from july"],
)
def test_the_calendar_is_published_as_it_is_calculated(
    engine_url: str, organisation: dict[str, Any], calendar: Calendar
) -> None:
    settings, portfolio = prepare(engine_url, example_rows()), portfolio_of(**organisation)
    refreshed(settings, portfolio)
    days = published(settings)
    assert all(after - before == timedelta(days=1) for before, after in pairwise(days))
    for day, found in days.items():
        start, end = calendar.bounds(day)
        assert (found["start_utc"], found["end_utc"]) == (str(start), str(end))
        assert int(found["seconds"]) == (end - start).total_seconds()
        for grain in list(PLACES)[4:]:
            assert found[grain] == str(calendar.bucket(day, grain)), (day, grain)  # ty: ignore[invalid-argument-type]
    with reading(settings) as warehouse:
        assert open_book(warehouse, portfolio, settings).calendar == calendar


def test_a_day_is_as_long_as_its_clocks_make_it_to_the_second(engine_url: str) -> None:
    """On Lord Howe Island the clocks move by half an hour."""
    settings = prepare(engine_url, example_rows())
    refreshed(settings, portfolio_of(time_zone="Australia/Lord_Howe"))
    seconds = {day: int(found["seconds"]) for day, found in published(settings).items()}
    assert seconds[date(2026, 4, 5)] == 24.5 * HOUR
    assert seconds[date(2026, 10, 4)] == 23.5 * HOUR
    assert seconds[date(2026, 10, 5)] == 24 * HOUR


def test_another_fiscal_year_is_published_without_rebuilding_anything(engine_url: str) -> None:
    settings, rule = prepare(engine_url, example_rows()), {"time_zone": "Europe/Berlin", "accept_settle_days": 7}
    refreshed(settings, portfolio_of(**rule))
    before = rollups(settings)
    result = refreshed(settings, portfolio_of(**rule, **FOUR_FOUR_FIVE))
    assert not result.full
    after = rollups(settings)
    assert {name for name in after if after[name] != before[name]} == {"calendar_day", "refresh_state"}
    assert published(settings)[date(2026, 3, 29)]["fiscal_year"] == "2025-03-31"
    refreshed(settings, portfolio_of(**rule, **FOUR_FOUR_FIVE), full=True)
    assert after == rollups(settings)


@pytest.mark.parametrize("change", [{"time_zone": "Asia/Kathmandu"}, {"week_start": "sunday"}])
def test_another_zone_or_week_rebuilds_everything(engine_url: str, change: dict[str, str]) -> None:
    settings = prepare(engine_url, example_rows())
    refreshed(settings, portfolio_of(**FOUR_FOUR_FIVE))
    assert refreshed(settings, portfolio_of(**FOUR_FOUR_FIVE, **change)).full


@pytest.fixture
def said(engine_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Callable[..., Any]:
    """Run `readout …` over the worked example with the organisation's file as a customer would write it."""
    folder = tmp_path / "portfolio"
    folder.mkdir()
    (folder / "organisation.yaml").write_text(
        "time_zone: Asia/Kathmandu\nweek_start: sunday\nfiscal_calendar: 4-4-5\nfiscal_year_start_month: 4\n"
    )
    prepare(engine_url, example_rows())

    def run(*words: str) -> Any:
        with monkeypatch.context() as patch:
            patch.setenv("READOUT_WAREHOUSE_URL", engine_url)
            patch.setenv("READOUT_PORTFOLIO", str(folder))
            patch.setattr(sys, "argv", ["readout", *words])
            capsys.readouterr()
            code: object = None
            try:
                cli.main()
            except SystemExit as stop:
                code = stop.code
        assert not code
        return capsys.readouterr()

    run("refresh")
    return run


def test_metrics_by_fiscal_periods_on_the_command_line(said: Callable[..., Any]) -> None:
    """FY2026 ends with Saturday 28 March 2026; l1 was done on Sunday the 29th in Kathmandu."""
    rows = {
        by: [
            (row["period"], row["period_start"], row["throughput"])
            for row in json.loads(said("metrics", "--by", by, "--system", "lab", "--json").out)
            if row["system"]
        ]
        for by in ("week", "quarter", "year", "fiscal_month", "fiscal_quarter", "fiscal_year")
    }
    assert rows == {
        "week": [("2026-W13 (29 Mar–4 Apr)", "2026-03-29", 1), ("2026-W43 (25–31 Oct)", "2026-10-25", 1)],
        "quarter": [("Jan–Mar 2026", "2026-01-01", 1), ("Oct–Dec 2026", "2026-10-01", 1)],
        "year": [("2026", "2026-01-01", 2)],
        "fiscal_month": [("FY2027 P01", "2026-03-29", 1), ("FY2027 P08", "2026-10-25", 1)],
        "fiscal_quarter": [("FY2027 Q1", "2026-03-29", 1), ("FY2027 Q3", "2026-09-27", 1)],
        "fiscal_year": [("FY2027", "2026-03-29", 2)],
    }


def test_the_table_says_what_its_periods_are_cut_by(said: Callable[..., Any]) -> None:
    shown = said("metrics", "--by", "fiscal_month", "--system", "lab")
    assert [line.split()[1:3] for line in shown.out.splitlines()[1:3]] == [["FY2027", "P01"], ["FY2027", "P08"]]
    assert shown.err.splitlines()[-1] == (
        "Days in Asia/Kathmandu, weeks start on Sunday, 4-4-5, year ends last Saturday of March."
    )


def test_the_periods_of_any_grain_add_up_to_the_total(engine_url: str) -> None:
    settings, portfolio = prepare(engine_url, example_rows()), portfolio_of(time_zone="Asia/Kolkata", **FOUR_FOUR_FIVE)
    refreshed(settings, portfolio)
    with reading(settings) as warehouse:
        book = open_book(warehouse, portfolio, settings)
        [total] = [row for row in metric_rows(book, "total") if row["system"] is None]
        for by in ("day", "week", "month", "quarter", "year", "fiscal_month", "fiscal_quarter", "fiscal_year"):
            rows = [row for row in metric_rows(book, by) if row["system"] is None]
            assert sum(row["throughput"] or 0 for row in rows) == total["throughput"]
            assert sum(row["input_tokens"] or 0 for row in rows) == total["input_tokens"]


def test_a_fiscal_period_is_compared_with_its_equal_and_says_so_where_there_is_none(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path / 'w.duckdb'}"
    portfolio = portfolio_of(time_zone="Europe/Berlin", **FOUR_FOUR_FIVE)
    refreshed(prepare(url, example_rows()), portfolio)
    settings = settings_of(url, as_of=datetime(2026, 6, 15, 12).isoformat())
    with reading(settings) as warehouse:
        book = open_book(warehouse, portfolio, settings)
        month = book.header(Scope("fiscal_month", "previous"))
        assert (month.window.start, month.window.end) == (date(2026, 4, 27), date(2026, 5, 25))
        assert (month.before and month.before.start, month.unequal) == (date(2026, 3, 30), None)
        assert throughput_brief(book, Scope("fiscal_quarter")).header.window.start == date(2025, 12, 29)
        assert book.header(Scope("fiscal_week", "tomorrow")).scope == Scope()
    plain = settings_of(url, as_of=datetime(2026, 7, 1, 12).isoformat())
    with reading(plain) as warehouse:
        header = open_book(warehouse, portfolio, plain).header(Scope("fiscal_month", "previous"))
        assert header.before is None
        assert header.unequal is not None
        assert (header.window.days, header.unequal.days) == (35, 28)


@pytest.mark.parametrize(
    ("organisation", "year"),
    [({}, "calendar year"), (FOUR_FOUR_FIVE, "4-4-5, year ends last Saturday of March")],
)
def test_a_file_says_what_its_days_are_cut_by(tmp_path: Path, organisation: dict[str, Any], year: str) -> None:
    portfolio = portfolio_of(time_zone="Asia/Kathmandu", week_start="sunday", **organisation)
    settings = prepare(f"duckdb:///{tmp_path / 'w.duckdb'}", example_rows())
    refreshed(settings, portfolio)
    with reading(settings) as warehouse:
        text = unit_cost_csv(unit_cost_brief(open_book(warehouse, portfolio, settings), Scope(period="all")))
    head = dict(row for row in csv.reader(io.StringIO(text)) if len(row) == 2)
    assert (head["time zone"], head["week starts on"], head["fiscal year"]) == ("Asia/Kathmandu", "Sunday", year)
    assert head["compared with"] == "nothing"
