"""The unit cost of all systems is made of those that carry load, and of what was recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from readout import words
from readout.briefs import Book, open_book, quality_brief, readout_brief, system_brief, unit_cost_brief
from readout.briefs.results import Scope
from readout.portfolio import Organisation, Portfolio
from readout.words import unit_costs
from tests.contract.worked import prepare, reading, refreshed

MONDAY = datetime(2026, 3, 2, 9)
SCOPE = Scope(period="4w")


def task(system: str, number: int, arm: str, **more: str) -> dict[str, str]:
    created = MONDAY + timedelta(hours=number)
    return {
        "system_id": system, "task_id": f"t{number}", "created_at": created.isoformat(), "status": "completed",
        "completed_at": (created + timedelta(minutes=5)).isoformat(), "arm": arm, "outcome": "resolved",
        "ingested_at": "2026-03-30T06:00:00", **more,
    }  # fmt: skip


def rows() -> dict[str, list[dict[str, Any]]]:
    """Ten tasks of a desk, five by AI at 1 euro; ten of a lab in shadow, where people work an hour on each."""
    desk = [task("desk", n, "ai_auto" if n < 5 else "human", cost_amount="1" if n < 5 else "") for n in range(10)]
    desk = [one | ({"cost_currency": "EUR"} if one["cost_amount"] else {}) for one in desk]
    lab = [task("lab", n, "human") for n in range(10)]
    work = [
        {
            "system_id": system, "task_id": f"t{n}", "work_id": f"w{n}", "activity": "handle", "role": "agent",
            "seconds": seconds, "ingested_at": "2026-03-30T06:00:00", "started_at": MONDAY.isoformat(),
        }
        for system, seconds in (("desk", "360"), ("lab", "3600"))
        for n in range(5, 10)
    ]  # fmt: skip
    return {
        "tasks": [*desk, *lab],
        "human_work": work,
        "rate_card": [{"role": "agent", "hourly_amount": "10", "currency": "EUR", "valid_from": "2020-01-01"}],
    }


@contextmanager
def opened(url: str, found: dict[str, list[dict[str, Any]]]) -> Iterator[Book]:
    settings, registry = prepare(url, found), Portfolio(Organisation(name="Acme", reporting_currency="EUR"), {})
    refreshed(settings, registry)
    with reading(settings) as warehouse:
        yield open_book(warehouse, registry, settings)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"duckdb:///{tmp_path / 'w.duckdb'}"


def test_people_beside_a_system_that_carries_no_load_are_in_no_total(url: str) -> None:
    with opened(url, rows()) as book:
        brief = unit_cost_brief(book, SCOPE)
        [tile] = [one for one in readout_brief(book, SCOPE).figures if one.metric.startswith("with_people")]
    by_row = {(row.system_id, row.level): row for row in brief.rows}
    desk, total = by_row["desk", "with_people"], by_row["", "with_people"]
    # 5 x 1 euro of AI, 5 x 6 minutes of people at 10 euros an hour, 10 tasks accepted
    assert (desk.total, desk.per_accepted) == (Decimal(10), Decimal(1))
    assert by_row["lab", "with_people"].total is None
    assert (total.total, total.per_accepted, brief.control_total) == (Decimal(10), Decimal(1), Decimal(10))
    assert tile.value == Decimal(1)
    assert unit_costs.without_cost(brief.rows) == ("lab",)
    assert unit_costs.remarks(brief).endswith("In no total: lab.")


def test_a_level_that_no_system_has_is_said_once_and_drawn_never(url: str) -> None:
    with opened(url, rows()) as book:
        brief = unit_cost_brief(book, SCOPE)
    assert unit_costs.levels_shown(brief.rows) == ("inference", "with_people")
    assert unit_costs.remarks(brief).count("Fully loaded") == 1


def test_a_cost_is_shown_where_nobody_recorded_what_was_completed(url: str) -> None:
    tasks = [one | {"completed_at": "", "outcome": "", "status": "unknown"} for one in rows()["tasks"][:5]]
    with opened(url, {"tasks": tasks}) as book:
        brief = unit_cost_brief(book, SCOPE)
    [total] = [row for row in brief.rows if row.level == "inference" and not row.system_id]
    assert (total.total, total.per_attempted, total.per_accepted) == (Decimal(5), Decimal(1), None)
    assert brief.finding.sentence.startswith("Inference cost €5.00; what an accepted task costs cannot be said: ")


def test_one_system_alone_has_its_page_at_once_and_nothing_is_said_of_what_is_not_recorded(url: str) -> None:
    tasks = [one | {"completed_at": "", "outcome": "", "status": "unknown"} for one in rows()["tasks"][:5]]
    with opened(url, {"tasks": tasks}) as book:
        profile = system_brief(book, Scope(period="4w")).profile
        quality = quality_brief(book, SCOPE)
    assert profile is not None
    assert profile.system_id == "desk"
    assert quality.finding.sentence == f"Quality cannot be said here: {words.reason(quality.figures[0].reason)}."
