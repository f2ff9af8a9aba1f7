"""Quality beside people and under load: agreement, reviews, unmeasured work, busy hours, availability."""

from datetime import datetime, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.briefs import Scope, disagreements, open_book, quality_brief
from readout.briefs.quality import share_of
from readout.briefs.results_quality import Share
from readout.portfolio import Organisation, Portfolio, System
from readout.warehouse.errors import BusyError
from readout.warehouse.reader import open_warehouse
from readout.words import quality as said
from tests.contract.worked import prepare, refreshed

BEGIN = datetime(2026, 3, 2)  # a Monday
AS_OF = BEGIN + timedelta(days=15)


def task(number, at, arm="ai_auto", **more):
    return {
        "system_id": "desk", "task_id": f"t{number}", "task_type": "mail", "created_at": at,
        "completed_at": at + timedelta(minutes=1), "status": "completed", "arm": arm, "outcome": "resolved",
        "ingested_at": at + timedelta(minutes=2), **more,
    }  # fmt: skip


def verdict(number, metric, outcome, at, judge="human", **more):
    return {
        "system_id": "desk", "task_id": f"t{number}", "verdict_id": f"t{number}-{metric}", "metric": metric,
        "outcome": outcome, "judge": judge, "created_at": at, "ingested_at": at, **more,
    }  # fmt: skip


def rows():
    """One busy hour of 40 slow tasks, 39 calm hours of one quick task each; ten shadow rows, four of which differ."""
    tasks = [task(number, BEGIN + timedelta(hours=9, minutes=number % 50), latency_ms=900) for number in range(40)]
    tasks += [task(100 + hour, BEGIN + timedelta(days=1, hours=hour), latency_ms=100) for hour in range(39)]
    tasks[0] |= {"outcome": "escalated", "escalation_outcome": "ai_wrong", "review_prob": 0}
    tasks[1] |= {"outcome": "escalated", "escalation_outcome": "out_of_scope", "review_prob": 0.5}
    tasks[2] |= {"outcome": "fallback"}
    verdicts = []
    for number in range(10):
        at = BEGIN + timedelta(days=3, hours=number)
        tasks.append(task(200 + number, at, "human"))
        tasks.append(
            task(
                300 + number, at, "shadow", outcome=None, shadow_of=f"t{200 + number}", trace_url="https://x.example/1"
            )
        )
        verdicts.append(verdict(300 + number, "agreement", number >= 4, at + timedelta(hours=1), "rule"))
    verdicts.append(verdict(300, "ai_right", True, AS_OF - timedelta(days=9)))
    verdicts.append(verdict(301, "ai_right", False, AS_OF - timedelta(days=9)))
    verdicts.append(verdict(5, "correct", True, BEGIN + timedelta(days=2), review_reason="random"))
    outage = {"system_id": "desk", "kind": "outage"}
    incidents = [
        {**outage, "incident_id": "a", "started_at": BEGIN, "ended_at": BEGIN + timedelta(hours=10)},
        {
            **outage,
            "incident_id": "b",
            "started_at": BEGIN + timedelta(hours=5),
            "ended_at": BEGIN + timedelta(hours=12),
        },
        {**outage, "incident_id": "c", "kind": "degradation", "started_at": BEGIN, "ended_at": None},
    ]
    stage = {"system_id": "desk", "stage": "partial", "load_share": 0.9, "review_rate": 0.2, "effective_at": BEGIN}
    return {"tasks": tasks, "verdicts": verdicts, "incidents": incidents, "stage_changes": [stage]}


def desk():
    system = System.model_validate(
        {
            "id": "desk", "name": "Desk", "unit_of_work": "mail", "availability_target": 0.99,
            "targets": [{"metric": "latency", "statistic": "p95", "target": "< 500", "unit": "ms"}],
        }
    )  # fmt: skip
    return Portfolio(Organisation(), {"desk": system}, {})


@pytest.fixture
def book(engine_url):
    settings = prepare(engine_url, rows()).model_copy(update={"as_of": AS_OF})
    refreshed(settings, desk())
    warehouse = open_warehouse(settings)
    yield open_book(warehouse, desk(), settings)
    warehouse.close()


def test_ai_and_people_on_the_same_tasks(book):
    [row] = quality_brief(book, Scope(period="4w")).agreements
    assert (row.agreement.value, row.agreement.n) == (0.6, 10)
    assert (row.ai_right.value, row.ai_right.n) == (0.5, 2)
    low, high = row.agreement.interval or (1, 0)
    assert low < 0.6 < high


def test_the_sample_of_disagreements_comes_from_the_facts_newest_first(book):
    found = disagreements(book, Scope(period="4w"))
    assert list(found["task_id"]) == ["t303", "t302", "t301", "t300"]
    assert [said.who_was_right(one) for one in found["ai_right"]] == ["nobody said", "nobody said", "people", "AI"]
    assert set(found["name"]) == {"Desk"}


def test_the_busiest_tenth_of_hours_against_the_rest(book):
    [row] = quality_brief(book, Scope(period="4w")).loads
    assert row.busy_hours == 5  # of 50 hours with a task: the rush, and the four earliest of the others
    assert row.line_ms == 500
    assert (row.busy_under.n, row.rest_under.n) == (44, 35)
    assert row.busy_under.value == 4 / 44
    assert row.rest_under.value == 1.0
    assert said.against(row.busy_under, row.rest_under) == ("lower when busy", "bad")
    assert said.against(row.busy_accuracy, row.rest_accuracy)[0] == ""


def test_overlapping_outages_count_once_and_a_degradation_is_none(book):
    [row] = quality_brief(book, Scope(period="4w")).loads
    window = book.windows(Scope(period="4w"))[0]
    assert row.availability == pytest.approx(1 - 12 / (window.days * 24))
    assert row.promise == 0.99


def test_escalations_by_what_they_turned_out_to_be(book):
    [row] = quality_brief(book, Scope(period="4w")).escalations
    assert (row.escalated, row.ai_wrong, row.out_of_scope, row.ai_right, row.unknown) == (2, 1, 1, 0, 0)
    assert row.rate.value == 2 / 79
    assert row.fallback.value == 1 / 79


def test_reviews_against_plan_and_work_that_nobody_could_review(book):
    brief = quality_brief(book, Scope(period="4w"))
    [review] = brief.reviews
    assert (review.planned, review.judged, review.judge) == (0.2, 1, "human")
    assert review.actual == 1 / 79
    [unmeasured] = brief.unmeasured
    assert (unmeasured.task_type, unmeasured.tasks, unmeasured.share) == ("mail", 1, 0.5)


def test_facts_that_a_load_holds_are_said_to_be_busy(tmp_path):
    url = f"duckdb:///{tmp_path / 'w.duckdb'}"
    settings = prepare(url, rows()).model_copy(update={"as_of": AS_OF})
    refreshed(settings, desk())
    warehouse = open_warehouse(settings)
    book = open_book(warehouse, desk(), settings)
    holder = duckdb.connect(str(tmp_path / "w.duckdb"))
    try:
        with pytest.raises((BusyError, duckdb.ConnectionException)):
            disagreements(book, Scope(period="4w"))
    finally:
        holder.close()
        warehouse.close()


@given(good=st.integers(0, 500), more=st.integers(0, 500))
def test_a_share_lies_within_its_interval(good, more):
    found = share_of(good, good + more)
    if good + more == 0:
        assert found == Share(None, 0)
    else:
        low, high = found.interval or (1, 0)
        assert low <= (found.value or 0) <= high


def test_only_intervals_that_part_are_a_difference():
    assert said.against(share_of(90, 100), share_of(93, 100)) == (said.ALIKE, "neutral")
    assert said.against(share_of(10, 20), share_of(990, 1000)) == (said.TOO_FEW, "neutral")
    assert said.against(share_of(50, 100), share_of(990, 1000))[1] == "bad"
