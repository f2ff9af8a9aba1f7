"""`readout metrics` says what the raw rows say: every field against an oracle that knows nothing of the readout."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from math import isclose
from typing import Any, get_args

import pytest

from readout.briefs import Book, metric_rows, open_book
from readout.briefs.metric_rows import FIELDS
from readout.metrics import METRICS
from readout.periods import By
from readout.portfolio import Portfolio
from readout.settings import Settings
from readout.warehouse.errors import InputError
from tests.conftest import ENGINES
from tests.contract.calendar_oracle import around_midnight, clock_changes
from tests.contract.cost_oracle import CostOracle
from tests.contract.random_rows import random_rows
from tests.contract.worked import (
    example_portfolio,
    example_rows,
    portfolio_of,
    prepare,
    reading,
    refreshed,
    settings_of,
)  # fmt: skip
from tests.postgres import PostgresServer

GRAINS = get_args(By)
ONE_PERCENT = 0.01
# name -> seed, settle days, currency of one of the systems, the organisation's calendar
DATA: dict[str, tuple[int, int, str, dict[str, Any]]] = {
    "berlin, two currencies": (1, 7, "USD", {"time_zone": "Europe/Berlin"}),
    "kathmandu, one currency": (
        2, 3, "EUR",
        {"time_zone": "Asia/Kathmandu", "week_start": "sunday", "fiscal_calendar": "4-4-5",
         "fiscal_year_start_month": 4, "fiscal_year_end_rule": "last"},
    ),
    "st john's, no settling": (
        3, 0, "EUR", {"time_zone": "America/St_Johns", "week_start": "saturday", "fiscal_year_start_month": 2}
    ),
    "kolkata, around midnight": (
        4, 7, "EUR", {"time_zone": "Asia/Kolkata", "fiscal_year_start_month": 4, "fiscal_year_named_by": "start"}
    ),
    "kathmandu, around midnight": (
        5, 7, "EUR",
        {"time_zone": "Asia/Kathmandu", "week_start": "sunday", "fiscal_calendar": "4-5-4",
         "fiscal_year_start_month": 2, "fiscal_year_end_rule": "nearest"},
    ),
    "lord howe, around midnight": (
        6, 1, "EUR",
        {"time_zone": "Australia/Lord_Howe", "week_start": "sunday", "fiscal_calendar": "5-4-4",
         "fiscal_year_start_month": 10, "fiscal_year_end_rule": "nearest"},
    ),
    "st john's, around midnight": (7, 7, "EUR", {"time_zone": "America/St_Johns", "fiscal_year_start_month": 11}),
}  # fmt: skip
# Where years, quarters, months and weeks of the calendars above meet.
EDGES = [date(2025, 12, 31), date(2026, 1, 31), date(2026, 3, 28), date(2026, 3, 31), date(2026, 9, 26)]


def is_percentile(name: str) -> bool:
    return METRICS[name].aggregation == "percentile" if name in METRICS else False


@cache
def oracle_of(name: str) -> CostOracle:
    """Return the oracle over a data set's rows, one for both engines."""
    seed, settle_days, currency, calendar = DATA[name]
    rows = random_rows(seed, 260, delta_currency=currency)
    if name.endswith("around midnight"):
        zone = calendar["time_zone"]
        around_midnight(rows, zone, [*EDGES, *clock_changes(zone, 2026)], seed)
    return CostOracle(rows, settle_days, calendar)


@cache
def wanted_rows(name: str, by: str, task_type: str | None) -> dict[tuple[str | None, str], dict[str, Any]]:
    """Return what the oracle says, once for both engines."""
    return oracle_of(name).rows_by(by, task_type)


@pytest.fixture(scope="module", params=ENGINES)
def books(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Book, CostOracle]]]:
    """Each data set in a warehouse of its own, and the oracle over the same rows."""
    with ExitStack() as stack:
        found: dict[str, tuple[Book, CostOracle]] = {}
        for name, (_, settle_days, _, calendar) in DATA.items():
            oracle = oracle_of(name)
            if request.param == "duckdb":
                url = f"duckdb:///{tmp_path_factory.mktemp('metrics') / 'w.duckdb'}"
            else:
                url = stack.enter_context(postgres_server.database())
            settings = prepare(url, oracle.rows)
            portfolio = portfolio_of(accept_settle_days=settle_days, reporting_currency="EUR", **calendar)
            refreshed(settings, portfolio)
            warehouse = stack.enter_context(reading(settings))
            found[name] = open_book(warehouse, portfolio, settings), oracle
        yield found


def differences(found: dict[str, Any], wanted: dict[str, Any], by: str) -> list[str]:
    """Return each field that is not what it has to be: percentiles within 1 %, all else exact to double precision."""
    wrong = []
    for name, value in wanted.items():
        got = found[name]
        if by == "hour" and is_percentile(name):
            expected, same = None, got is None
        elif value is None or got is None:
            expected, same = value, got is None and value is None
        elif is_percentile(name):
            expected, same = value, abs(got - value) <= ONE_PERCENT * value * (1 + 1e-9)
        elif isinstance(value, Decimal | float):
            expected, same = value, isclose(got, value, rel_tol=1e-9, abs_tol=1e-12)
        else:
            expected, same = value, got == value
        if not same:
            wrong.append(f"{found['system']} {found['period_start']} {name}: {got}, not {expected}")
    return wrong


def check_reasons(row: dict[str, Any]) -> None:
    """What is null has a reason, and only that; the row is JSON."""
    values = {name: row[name] for name in (*FIELDS, "accuracy_judge")}
    assert {name for name, value in values.items() if value is None} == row["not_measurable"].keys()
    assert all(row["not_measurable"].values())
    json.dumps(row, allow_nan=False)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("task_type", [None, "x"])
@pytest.mark.parametrize("by", GRAINS)
def test_every_figure_is_what_the_raw_rows_say_and_what_is_null_has_a_reason(
    books: dict[str, tuple[Book, CostOracle]], name: str, by: Any, task_type: str | None
) -> None:
    book, _ = books[name]
    if by == "hour" and task_type:
        with pytest.raises(InputError, match="--by day --task-type"):
            metric_rows(book, by, task_type=task_type)
        return
    wanted = wanted_rows(name, by, task_type)
    found = {
        (row["system"], "total" if by == "total" else row["period_start"]): row
        for row in metric_rows(book, by, task_type=task_type)
    }
    assert found.keys() == wanted.keys()
    wrong = [one for key, row in found.items() for one in differences(row, wanted[key], by)]
    assert not wrong
    for row in found.values():
        check_reasons(row)


def test_an_hour_in_which_only_a_source_without_tasks_worked_has_a_throughput_of_zero(
    books: dict[str, tuple[Book, CostOracle]],
) -> None:
    book, oracle = books["berlin, two currencies"]
    wanted = oracle.rows_by("hour")
    systems: dict[str, set[str | None]] = {}
    for system, period in wanted:
        systems.setdefault(period, set()).add(system)
    alone = {period for period, there in systems.items() if there == {"gamma", None}}
    assert alone
    rows = [row for row in metric_rows(book, "hour") if row["system"] is None and row["period_start"] in alone]
    assert {row["throughput"] for row in rows} == {0}


def test_people_paid_in_another_currency_leave_the_inference_cost_known(engine_url: str) -> None:
    rows = example_rows()
    dollars = [row | {"system_id": "desk"} for row in rows["tasks"] if row["system_id"] == "lab"]
    paid = {"task_id": "l1", "system_id": "desk", "activity": "review", "role": "agent", "seconds": "60"}
    work = [paid | {"started_at": "2026-03-29T02:00:00", "ingested_at": "2026-03-29T02:00:00"}]
    settings = prepare(engine_url, {"tasks": dollars, "human_work": work, "rate_card": rows["rate_card"]})
    refreshed(settings, portfolio_of())
    with reading(settings) as warehouse:
        row = metric_rows(open_book(warehouse, portfolio_of(), settings), "total", system="desk")[0]
    assert (row["cost_total"], row["currency"]) == (0.75, "USD")


def test_the_drawn_rows_reach_every_corner(books: dict[str, tuple[Book, CostOracle]]) -> None:
    """A figure that no drawn row can change would be compared in vain."""
    rows = [row for book, _ in books.values() for row in metric_rows(book, "week")]
    for name in FIELDS:
        values = {row[name] for row in rows}
        assert len(values - {None}) > 3, name
    assert {row["accuracy_judge"] for row in rows} == {"human", "rule", "model", None}


def test_by_hour_a_percentile_is_null_because_it_has_day_grain(books: dict[str, tuple[Book, CostOracle]]) -> None:
    book, _ = books["berlin, two currencies"]
    for row in metric_rows(book, "hour"):
        for name in filter(is_percentile, FIELDS):
            assert row[name] is None
            assert row["not_measurable"][name] == "day grain"


def test_the_portfolio_has_no_cost_where_its_systems_cost_in_two_currencies(
    books: dict[str, tuple[Book, CostOracle]],
) -> None:
    book, _ = books["berlin, two currencies"]
    rows = {row["system"]: row for row in metric_rows(book, "total")}
    assert (rows["alpha"]["currency"], rows["delta"]["currency"], rows[None]["currency"]) == ("EUR", "USD", None)
    for name in ("cost_total", "cost_per_task", "cost_per_accepted_task"):
        assert rows[None][name] is None
        assert "EUR and USD" in rows[None]["not_measurable"][name]
        assert rows["alpha"][name] > 0


def test_the_portfolio_has_no_accuracy_where_its_systems_have_different_judges(
    books: dict[str, tuple[Book, CostOracle]],
) -> None:
    book, _ = books["berlin, two currencies"]
    rows = {row["system"]: row for row in metric_rows(book, "total")}
    assert (rows["alpha"]["accuracy_judge"], rows["beta"]["accuracy_judge"]) == ("human", "model")
    assert rows[None]["accuracy"] is None
    assert "never pooled" in rows[None]["not_measurable"]["accuracy"]


def test_latency_of_a_source_without_tasks_is_per_call_and_says_so(
    books: dict[str, tuple[Book, CostOracle]],
) -> None:
    book, _ = books["berlin, two currencies"]
    rows = {row["system"]: row for row in metric_rows(book, "total")}
    assert rows["gamma"]["latency_per"] == "call"
    assert rows["gamma"]["latency_ms_p50"] > 0
    assert "latency_per" not in rows["alpha"]
    assert rows["gamma"]["not_measurable"]["throughput"] == "not recorded: tasks.completed_at"


@pytest.mark.parametrize("by", GRAINS)
def test_one_system_alone_reads_as_beside_the_others(books: dict[str, tuple[Book, CostOracle]], by: Any) -> None:
    book, _ = books["kathmandu, one currency"]
    alone = metric_rows(book, by, system="alpha")
    beside = [row for row in metric_rows(book, by) if row["system"] == "alpha"]
    assert [row for row in alone if row["system"]] == beside


@pytest.mark.parametrize("by", ["hour", "day"])
def test_days_asked_for_are_the_days_shown_both_ends_included(
    books: dict[str, tuple[Book, CostOracle]], by: Any
) -> None:
    book, _ = books["kathmandu, one currency"]
    first, last = date(2026, 3, 28), date(2026, 3, 30)
    asked = metric_rows(book, by, from_day=first, to_day=last)
    whole = [row for row in metric_rows(book, by) if first.isoformat() <= row["period_start"][:10] <= last.isoformat()]
    assert asked == whole
    assert {row["period_start"][:10] for row in asked} == {"2026-03-28", "2026-03-29", "2026-03-30"}


def test_the_total_is_the_metric_of_all_tasks_never_a_mean_of_weeks(
    books: dict[str, tuple[Book, CostOracle]],
) -> None:
    book, _ = books["berlin, two currencies"]
    [total] = [row for row in metric_rows(book, "total", system="alpha") if row["system"]]
    weeks = [row for row in metric_rows(book, "week", system="alpha") if row["system"]]
    assert total["throughput"] == sum(row["throughput"] for row in weeks)
    assert total["cost_total"] == pytest.approx(sum(row["cost_total"] for row in weeks))
    mean_of_weeks = sum(row["handling_seconds_mean"] for row in weeks) / len(weeks)
    assert total["handling_seconds_mean"] != pytest.approx(mean_of_weeks, rel=1e-6)


def book_of(url: str, portfolio: Portfolio, **others: Any) -> tuple[Settings, Portfolio]:
    settings = prepare(url, example_rows())
    refreshed(settings, portfolio)
    return settings_of(url, **others), portfolio


def test_period_types_follow_the_clock_of_the_data(engine_url: str) -> None:
    """As of Wednesday 1 April noon: March is complete, week and April are to date, a week that is cut is partial."""
    settings, portfolio = book_of(engine_url, example_portfolio(), as_of="2026-04-01T10:00:00+00:00")
    with reading(settings) as warehouse:
        book = open_book(warehouse, portfolio, settings)

        def kinds(by: Any, **asked: Any) -> dict[str, str]:
            return {row["period_start"]: row["period_type"] for row in metric_rows(book, by, system="desk", **asked)}

        assert kinds("month") == {"2026-03-01": "complete", "2026-04-01": "to date"}
        assert kinds("week") == {"2026-03-23": "complete", "2026-03-30": "to date"}
        assert kinds("week", from_day=date(2026, 3, 25)) == {"2026-03-23": "partial", "2026-03-30": "to date"}
        assert kinds("week", to_day=date(2026, 3, 28)) == {"2026-03-23": "partial"}
        days = kinds("day")
        assert (days["2026-03-31"], days["2026-04-01"]) == ("complete", "to date")
        hours = kinds("hour", from_day=date(2026, 4, 1))
        assert hours["2026-04-01T11:00:00+02:00"] == "complete"
        assert hours["2026-04-01T14:00:00+02:00"] == "to date"


def test_hours_of_the_change_of_clocks_are_told_apart(engine_url: str) -> None:
    """In October the hour from two to three comes twice; each has its own offset."""
    settings, portfolio = book_of(engine_url, example_portfolio())
    with reading(settings) as warehouse:
        book = open_book(warehouse, portfolio, settings)
        hours = [row["period_start"] for row in metric_rows(book, "hour", system="lab") if row["system"]]
    assert hours == [
        "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"system": "dsk"}, "unknown system 'dsk'; known: desk, lab, mill"),
        ({"task_type": "fax"}, "unknown task type 'fax'; known: billing, faq, scan"),
        (
            {"from_day": date(2026, 4, 2), "to_day": date(2026, 4, 2) - timedelta(days=1)},
            "--from 2026-04-02 lies after --to 2026-04-01",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(tmp_path: Any, asked: dict[str, Any], says: str) -> None:
    settings, portfolio = book_of(f"duckdb:///{tmp_path / 'w.duckdb'}", example_portfolio())
    with reading(settings) as warehouse:
        book = open_book(warehouse, portfolio, settings)
        with pytest.raises(InputError) as refused:
            metric_rows(book, "week", **asked)
    assert str(refused.value) == says


def test_days_without_any_data_give_no_rows(tmp_path: Any) -> None:
    settings, portfolio = book_of(f"duckdb:///{tmp_path / 'w.duckdb'}", example_portfolio())
    with reading(settings) as warehouse:
        book = open_book(warehouse, portfolio, settings)
        for by in GRAINS:
            assert metric_rows(book, by, from_day=date(2026, 6, 1), to_day=date(2026, 6, 30)) == []
            assert metric_rows(book, by, from_day=date(2030, 1, 1)) == []


def test_the_worked_example_by_hand(tmp_path: Any) -> None:
    """Week of 23 March: d1 and d2 accepted, d3 escalated without a known cost; weights 2 and 4, the first one right."""
    settings, portfolio = book_of(f"duckdb:///{tmp_path / 'w.duckdb'}", example_portfolio())
    with reading(settings) as warehouse:
        book = open_book(warehouse, portfolio, settings)
        row = metric_rows(book, "week", system="desk")[0]
    wanted = {
        "system": "desk", "period_start": "2026-03-23", "period_type": "complete", "tasks_attempted": 4,
        "throughput": 3, "ai_share": 1.0, "handling_seconds_mean": pytest.approx((0.3 + 60.4 + 150.3) / 3),
        "accuracy": pytest.approx(2 / 6), "accuracy_judge": "human", "reviewed": 2,
        "escalation_rate": pytest.approx(1 / 3), "fallback_rate": 0.0, "reopen_rate": pytest.approx(1 / 3),
        "input_tokens": 4000, "output_tokens": 200, "cost_total": 0.0065, "cost_per_task": 0.001625,
        "cost_per_accepted_task": 0.00325, "cost_coverage": pytest.approx(2 / 3), "currency": "EUR",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
