"""One system's page is told from what was recorded and what the registry says, and never from less."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout import charts, words
from readout.briefs import Book, open_book, system_brief
from readout.briefs.results import Figure, Scope
from readout.briefs.results_system import StageSpan, SystemProfile, TimeAxis, WeekShare
from readout.briefs.system_figures import group_of, line_of, metric_of, target_state
from readout.briefs.system_stages import history, share_at
from readout.briefs.system_workflow import actor, flow
from readout.charts.figure import CLEAR
from readout.charts.system import _SHARE_GAP, _shares_at_the_end
from readout.metrics import METRICS
from readout.portfolio import Organisation, Portfolio, System, Target, read_portfolio
from readout.resources import shipped
from tests.contract.worked import prepare, reading, refreshed

FIRST_WEEK = datetime(2026, 3, 2, 9)
AI_OF_TEN = (5, 5, 8, 8)  # tasks that AI completes of ten, week by week
SCOPE = Scope(period="4w", systems=("desk",))
DESK: dict[str, Any] = {
    "id": "desk",
    "name": "Service desk",
    "unit_of_work": "ticket",
    "summary": "Answers tickets.",
    "workflow": {
        "before": [
            {"who": "Agent", "does": "answers", "stored_in": "ticket system"},
            {"who": "Rule engine", "does": "sorts"},
            {"who": "Lead", "does": "checks"},
        ],
        "after": [
            {"who": "Answer engine", "does": "answers", "stored_in": "ticket system"},
            {"who": "agent", "does": "takes the rest"},
            {"who": "Rule engine", "does": "sorts"},
        ],
    },
    "owners": {"business": "Head of Service"},
    "governance": {"security": {"by": "Security", "on": "2026-02-01"}},
    "targets": [
        {"metric": "ai_share", "target": ">= 0.60"},
        {"metric": "latency", "statistic": "p95", "target": "< 150", "unit": "ms"},
        {"metric": "latency", "statistic": "p50", "target": "< 201", "unit": "ms"},
        {"metric": "accuracy", "target": "> 0.90"},
        {"metric": "joy", "target": "> 0.5"},
    ],
    "modules": ["Review Desk", "answers"],
    "planned_stages": [
        {"stage": "partial", "load_share": 0.5, "from": "2026-03-02"},
        {"stage": "full", "load_share": 1.0, "from": "2026-06-01"},
    ],
}
LAB = {"id": "lab", "name": "Lab <i>one</i>", "unit_of_work": "scan", "modules": ["review desk"]}


def portfolio(*systems: dict[str, Any]) -> Portfolio:
    found = [System.model_validate(system) for system in systems]
    return Portfolio(Organisation(name="Acme", reporting_currency="EUR"), {one.id: one for one in found})


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return ten tasks in each of four weeks, all with 200 ms, and what happened around them."""
    tasks = []
    for week, handled in enumerate(AI_OF_TEN):
        for number in range(10):
            created = FIRST_WEEK + timedelta(weeks=week, hours=number)
            tasks.append(
                {
                    "system_id": "desk",
                    "task_id": f"t{week}-{number}",
                    "created_at": created.isoformat(),
                    "completed_at": (created + timedelta(minutes=5)).isoformat(),
                    "status": "completed",
                    "arm": "ai_auto" if number < handled else "human",
                    "outcome": "resolved",
                    "latency_ms": "200" if number < handled else "",
                    "ingested_at": "2026-03-30T06:00:00",
                }
            )
    stray = tasks[-1] | {"system_id": "stray", "task_id": "s1"}
    stages = [("assisted", 0.2, "2026-01-05"), ("partial", 0.5, "2026-03-02"), ("partial", 0.6, "2026-03-16")]
    releases = [("r1", "minor", "2026-03-01"), ("r2", "major", "2026-03-17"), ("r3", "major", "2026-04-20")]
    incidents = [
        ("i1", "outage", "2026-03-03T10:00:00", "2026-03-03T10:45:00"),
        ("i2", "degradation", "2026-03-29T12:00:00", "2026-04-02T12:00:00"),
        ("i3", "fallback", "2026-05-01T00:00:00", ""),
    ]
    return {
        "tasks": [*tasks, stray],
        "stage_changes": [
            {
                "system_id": "desk", "stage": stage, "load_share": str(share), "effective_at": f"{day}T06:00:00",
                "decided_by": "coo", "reason": "gate met", "milestone": "R-1",
            }
            for stage, share, day in stages
        ],
        "releases": [
            {
                "system_id": "desk", "release_id": name, "change_class": kind, "model": "m",
                "started_at": f"{day}T00:00:00",
            }
            for name, kind, day in releases
        ],
        "incidents": [
            {"system_id": "desk", "incident_id": name, "kind": kind, "started_at": start, "ended_at": end}
            for name, kind, start, end in incidents
        ],
    }  # fmt: skip


@contextmanager
def opened(url: str, *systems: dict[str, Any]) -> Iterator[Book]:
    settings, registry = prepare(url, rows()), portfolio(*systems)
    refreshed(settings, registry)
    with reading(settings) as warehouse:
        yield open_book(warehouse, registry, settings)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with opened(f"duckdb:///{tmp_path_factory.mktemp('system') / 'w.duckdb'}", DESK, LAB) as found:
        yield found


@pytest.fixture(scope="module")
def desk(book: Book) -> SystemProfile:
    return profile_of(book, SCOPE)


def profile_of(book: Book, scope: Scope) -> SystemProfile:
    profile = system_brief(book, scope).profile
    assert profile is not None
    return profile


# --- both engines ----------------------------------------------------------------------------------------------------


def test_what_happened_reads_the_same_on_both_engines(engine_url: str) -> None:
    with opened(engine_url, DESK) as book:
        profile = profile_of(book, SCOPE)
    assert [(one.release_id, one.change_class, one.model, one.ends) for one in profile.releases] == [
        ("r2", "major", "m", None),
        ("r1", "minor", "m", datetime(2026, 3, 17)),
    ]
    assert [(one.incident_id, one.ends, one.seconds) for one in profile.incidents] == [
        ("i2", None, 18 * 3600.0),  # it ended after the newest data: open then
        ("i1", datetime(2026, 3, 3, 10, 45), 45 * 60.0),
    ]
    assert [(one.stage, one.load_share, one.decided_by, one.milestone) for one in profile.stages] == [
        ("full", 1.0, "", ""),
        ("partial", 0.6, "coo", "R-1"),
        ("partial", 0.5, "coo", "R-1"),
        ("assisted", 0.2, "coo", "R-1"),
    ]


# --- stages ----------------------------------------------------------------------------------------------------------


def test_a_stage_is_held_against_the_weeks_that_lie_in_it(desk: SystemProfile) -> None:
    running = {(one.stage, one.load_share): (one.running, one.weeks_running) for one in desk.stages}
    assert running["partial", 0.6] == (0.8, 2)
    assert running["partial", 0.5] == (0.5, 2)
    assert running["assisted", 0.2] == (None, 0)


def test_the_stage_in_force_says_that_ai_carries_more_than_it_may(desk: SystemProfile) -> None:
    assert desk.stage is not None
    assert words.system.entitlement(desk.stage) == "entitled 60%, running 80.0%"
    assert words.system.running(desk.stage) == ("80.0%", "above its entitlement, 2 weeks", "bad")


def test_only_what_lies_ahead_of_the_last_decision_is_planned(desk: SystemProfile) -> None:
    assert [(one.stage, one.planned) for one in desk.stages[:2]] == [("full", True), ("partial", False)]
    assert words.system.in_stage(desk.stages[0], desk.axis.now, decided=True) == "planned"


def test_a_planned_stage_that_nobody_decided_is_overdue(book: Book) -> None:
    late = [{"stage": "partial", "load_share": 0.4, "from": "2026-03-18"}, {"stage": "full", "from": "2026-03-20"}]
    brief = system_brief(replace(book, portfolio=portfolio(DESK | {"planned_stages": late})), SCOPE)
    assert brief.profile is not None
    first, second = brief.profile.stages[:2]
    assert (first.stage, first.planned, second.load_share) == ("full", True, 0.6)  # 40 % lies below what is decided
    assert words.system.in_stage(first, brief.profile.axis.now, decided=True) == "overdue, 1 week"
    assert "; behind its plan of full since 20 Mar; " in brief.finding.sentence


def test_without_any_decision_the_plan_stands_alone() -> None:
    day = datetime(2026, 3, 1)
    plan = [StageSpan("shadow", 0.0, None, day, None, planned=True)]
    assert history([], plan, day + timedelta(days=9)) == tuple(plan)
    assert words.system.entitlement(plan[0]) == "planned 0%"


@given(st.lists(st.integers(0, 300), min_size=1, max_size=6, unique=True), st.integers(0, 400))
def test_a_share_holds_from_its_day_until_the_next(days: list[int], at: int) -> None:
    start = datetime(2026, 1, 1)
    ordered = sorted(days)
    spans = [StageSpan("partial", day / 1000, None, start + timedelta(days=day), None) for day in ordered]
    begun = [day for day in ordered if day <= at]
    assert share_at(spans, start + timedelta(days=at)) == (begun[-1] / 1000 if begun else None)


# --- the finding -----------------------------------------------------------------------------------------------------


def test_the_first_sentence_says_the_work_the_overrun_and_the_open_incident(book: Book) -> None:
    finding = system_brief(book, SCOPE).finding
    assert finding.sentence == (
        "Service desk: AI handled 65% of 40 tickets; entitled 60%, running 80.0% since 16 Mar; "
        "a degradation has been open since 29 Mar."
    )
    assert finding.tone == "bad"


def test_a_system_in_shadow_says_how_long_and_who_does_the_work(book: Book) -> None:
    entry = {"id": "stray", "name": "Stray", "unit_of_work": "case"}
    planned = entry | {"planned_stages": [{"stage": "shadow", "load_share": 0, "from": "2026-03-02"}]}
    brief = system_brief(replace(book, portfolio=portfolio(planned)), replace(SCOPE, systems=("stray",)))
    assert brief.finding.sentence == (
        "Stray: in shadow for 4 weeks; people completed its 1 case; nobody is named as its business owner."
    )
    assert brief.finding.tone == "bad"


def test_a_system_of_the_registry_without_data_shows_the_registry(book: Book) -> None:
    brief = system_brief(book, replace(SCOPE, systems=("lab",)))
    assert brief.profile is not None
    assert not brief.profile.recorded
    assert brief.finding.sentence == "Lab <i>one</i> is in the portfolio; nothing has been recorded of it yet."
    assert brief.profile.modules[0].others == {"desk": "Service desk"}


def test_a_system_of_the_telemetry_shows_what_was_recorded(book: Book) -> None:
    brief = system_brief(book, replace(SCOPE, systems=("stray",)))
    assert brief.profile is not None
    assert brief.profile.registry is None
    assert brief.finding.sentence == "stray: AI handled 0% of 1 task."
    assert brief.profile.stage is None


def test_a_period_without_work_is_silent_and_keeps_the_rest(book: Book) -> None:
    early = replace(book, as_of=datetime(2026, 2, 2, 6))
    profile = profile_of(early, SCOPE)
    assert profile.silent
    assert profile.registry is not None
    assert profile.releases == profile.incidents == ()


def test_without_a_choice_there_are_all_systems_to_choose_from(book: Book) -> None:
    brief = system_brief(book, Scope())
    assert brief.profile is None
    assert [(one.system_id, one.registered, one.recorded) for one in brief.choices] == [
        ("lab", True, 0),
        ("desk", True, 40),
        ("stray", False, 1),
    ]
    assert (
        brief.finding.sentence
        == "3 systems are known, 1 of them not in the portfolio; choose one to see everything about it."
    )


def test_of_several_systems_the_first_is_shown_and_the_chosen_ones_offered(book: Book) -> None:
    brief = system_brief(book, replace(SCOPE, systems=("lab", "desk")))
    assert brief.profile is not None
    assert brief.profile.system_id == "desk"
    assert {one.system_id for one in brief.choices} == {"desk", "lab"}
    assert brief.header.scope.systems == ("desk",)


# --- targets and metrics ---------------------------------------------------------------------------------------------


def test_targets_are_met_missed_on_the_line_or_not_measurable(desk: SystemProfile) -> None:
    assert [(row.state, words.system.target_rule(row)) for row in desk.targets] == [
        ("met", "≥ 60%"),
        ("short", "< 150 ms"),
        ("at the line", "< 201 ms"),  # 200 ms, known to 1 %
        ("not measurable", "> 90%"),
        ("not measurable", "> 0.5"),
    ]
    assert words.system.target_remark(desk.targets[3]) == "not recorded: reviews"
    assert desk.targets[4].reason == "the readout has no such metric"


@pytest.mark.parametrize(
    ("interval", "state"), [((0.91, 0.95), "confirmed"), ((0.89, 0.95), "met"), (None, "met"), ((0.85, 0.89), "short")]
)
def test_a_judged_target_is_confirmed_only_where_its_whole_interval_holds(
    interval: tuple[float, float] | None, state: str
) -> None:
    target = Target.model_validate({"metric": "accuracy", "target": "> 0.90"})
    value = 0.87 if state == "short" else 0.93
    assert target_state(target, Figure("accuracy", value, interval=interval), Decimal("0.90")) == state


@pytest.mark.parametrize(
    ("given_target", "metric", "line"),
    [
        (
            {"metric": "handling_time", "statistic": "p95", "target": "< 20", "unit": "min"},
            "handling_seconds_p95",
            1200,
        ),
        ({"metric": "latency", "statistic": "p99", "target": "< 1", "unit": "s"}, "latency_ms_p99", 1000),
        ({"metric": "handling_time_reduction", "target": ">= 0.3"}, "handling_reduction", Decimal("0.3")),
        ({"metric": "ai_share", "target": ">= 70", "unit": "%"}, "ai_share", Decimal("0.7")),
        ({"metric": "latency", "statistic": "p90", "target": "< 1", "unit": "s"}, "", None),
    ],
)
def test_a_target_is_read_in_its_metric_s_unit(
    given_target: dict[str, Any], metric: str, line: Decimal | int | None
) -> None:
    target = Target.model_validate(given_target)
    assert metric_of(target) == metric
    if metric:
        assert line_of(target, metric) == line


def test_a_target_in_another_currency_is_not_compared(book: Book) -> None:
    with_cost = DESK | {
        "targets": [{"metric": "cost_per_accepted_task", "statistic": "ratio", "target": "< 1", "unit": "USD"}]
    }
    other = replace(book, portfolio=portfolio(with_cost))
    assert profile_of(other, SCOPE).targets[0].reason == "the target is in USD, the cost in EUR"


def test_every_metric_stands_in_the_table_once_with_a_value_or_a_reason(desk: SystemProfile) -> None:
    assert sorted(row.figure.metric for row in desk.metrics) == sorted(METRICS)
    assert all(row.figure.value is not None or row.figure.reason for row in desk.metrics)
    found = {row.figure.metric: row for row in desk.metrics}
    assert found["accuracy"].missing == "verdicts.outcome"
    assert words.system.fix(found["accuracy"]) == "To fix: record reviews; the column is named on"
    assert found["ai_share"].target is not None
    assert words.system.against(found["ai_share"]) == ("target ≥ 60%",)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.9995, "promised 99.95%"),
        (0.99, "promised 99%"),
        (1.0, "promised 100%"),
        (None, "no availability is promised"),
    ],
)
def test_a_promise_keeps_its_digits(share: float | None, text: str) -> None:
    assert words.system.promise(share) == text


def test_metrics_stand_by_group(desk: SystemProfile) -> None:
    order = list(dict.fromkeys(row.group for row in desk.metrics))
    assert order == ["volume", "time", "quality", "cost"]
    assert group_of("handling_reduction") == "time"
    assert group_of("reviewed") == "quality"


def test_a_comparison_that_is_missing_everywhere_is_explained_once(desk: SystemProfile) -> None:
    assert words.system.common_gap(desk.metrics) == "no prior data"
    assert words.system.no_change("no prior data") == "No change is shown: no prior data."
    with_before = [replace(row, figure=replace(row.figure, before=1)) for row in desk.metrics]
    assert words.system.common_gap(with_before) == words.system.no_change("") == ""


# --- registry --------------------------------------------------------------------------------------------------------


def test_a_workflow_shows_who_is_new_who_changed_and_who_falls_away() -> None:
    before, after = flow(System.model_validate(DESK))
    assert [(step.who, step.by, step.fate) for step in before] == [
        ("Agent", "people", "kept"),
        ("Rule engine", "software", "kept"),
        ("Lead", "people", "gone"),
    ]
    assert [(step.who, step.by, step.fate) for step in after] == [
        ("Answer engine", "ai", "new"),
        ("agent", "people", "changed"),
        ("Rule engine", "software", "kept"),
    ]


def test_one_lane_alone_is_compared_with_nothing() -> None:
    alone = System.model_validate(DESK | {"workflow": {"after": DESK["workflow"]["after"]}})
    before, after = flow(alone)
    assert before == ()
    assert {step.fate for step in after} == {""}


@pytest.mark.parametrize(
    ("who", "by"),
    [
        ("Judge model", "ai"),
        ("Scoring system", "ai"),
        ("AI reviewer", "ai"),
        ("Legal assistant", "people"),
        ("Quality reviewer", "people"),
        ("Senior agent", "people"),
        ("Rule engine", "software"),
        ("Chargeback process", "software"),
        ("…", "people"),
    ],
)
def test_who_does_a_step_is_told_by_its_words(who: str, by: str) -> None:
    assert actor(who, fresh=True) == by


@pytest.mark.parametrize(
    ("who", "by"),
    [
        ("Clause finder", "ai"),
        ("Resolution assistant", "ai"),
        ("Forecast service", "ai"),
        ("Quality reviewer", "people"),
    ],
)
def test_the_first_newcomer_is_the_system_unless_it_is_a_person(who: str, by: str) -> None:
    assert actor(who, fresh=True, first=True) == by


def test_a_machine_that_was_there_before_is_software() -> None:
    assert actor("Forecast model") == "software"


def test_every_system_of_the_demo_has_its_ai_in_the_workflow_of_now_and_none_before() -> None:
    for system in read_portfolio(shipped("data") / "portfolio").systems.values():
        before, after = flow(system)
        assert "ai" not in {step.by for step in before}, system.id
        assert "ai" in {step.by for step in after}, system.id
        assert "people" in {step.by for step in (*before, *after)}, system.id


# --- time axis -------------------------------------------------------------------------------------------------------


def test_the_axis_holds_what_touches_the_window(desk: SystemProfile) -> None:
    axis = desk.axis
    assert [(one.week, one.share) for one in axis.weeks] == [
        (date(2026, 3, 2), 0.5), (date(2026, 3, 9), 0.5), (date(2026, 3, 16), 0.8), (date(2026, 3, 23), 0.8)
    ]  # fmt: skip
    assert [one.release_id for one in axis.releases] == ["r2"]
    assert [one.incident_id for one in axis.incidents] == ["i1", "i2"]
    assert [one.load_share for one in axis.stages] == [0.2, 0.5, 0.6]
    assert [one.load_share for one in axis.plan] == [0.5]  # the plan says 50 % where 60 % is decided


def test_a_plan_that_says_the_same_is_not_drawn_twice(book: Book) -> None:
    planned = [{"stage": "partial", "load_share": share, "from": day} for share, day in
               ((0.5, "2026-03-02"), (0.6, "2026-03-16"))]  # fmt: skip
    other = replace(book, portfolio=portfolio(DESK | {"planned_stages": planned}))
    assert profile_of(other, SCOPE).axis.plan == ()


def test_the_axis_says_in_words_what_it_shows(desk: SystemProfile) -> None:
    alt = charts.time_axis(desk.axis).alt
    assert "AI-handled share: 50.0% in 2 Mar, 80.0% in 23 Mar" in alt
    assert "Partial, 60% from 16 Mar 2026." in alt
    assert "Major release r2 (m) on 17 Mar 2026." in alt
    assert "Outage on 3 Mar 2026, 45 min." in alt
    assert "Degradation on 29 Mar 2026, 18 h, open." in alt


def test_a_running_week_is_hollow(desk: SystemProfile) -> None:
    last = replace(desk.axis.weeks[-1], kind="to date")
    axis = replace(desk.axis, weeks=(*desk.axis.weeks[:-1], last))
    bars = [trace for trace in charts.time_axis(axis).figure.data if trace.type == "bar"]
    assert [trace.y[-1] for trace in bars] == [None, 0.8]
    assert bars[1].marker.color == CLEAR
    assert bars[0].marker.color is None  # the theme's first colour


def test_the_share_starts_at_zero_and_the_entitlement_is_a_step(desk: SystemProfile) -> None:
    figure = charts.time_axis(desk.axis).figure
    assert figure.layout.yaxis.range[0] == 0
    step = next(trace for trace in figure.data if trace.name == words.system.ENTITLED)
    assert step.line.shape == "hv"
    assert list(step.y) == [0.2, 0.5, 0.6, 0.6]
    assert step.x[0] == desk.axis.start


@given(st.lists(st.sampled_from([0.0, 0.01, 0.5, 0.52, 0.99, 1.0]), min_size=1, max_size=3))
def test_labels_at_the_edge_neither_touch_nor_leave_the_scale(shares: list[float]) -> None:
    figure = go.Figure()
    _shares_at_the_end(figure, [(share, f"{share}") for share in shares])
    heights = [note.y for note in figure.layout.annotations]
    assert all(-1e-9 <= height <= 1 for height in heights)
    assert all(high - low >= _SHARE_GAP - 1e-9 for high, low in pairwise(heights))


def test_marks_are_filled_for_major_releases_and_incidents_end_where_they_end(desk: SystemProfile) -> None:
    figure = charts.time_axis(desk.axis).figure
    marks = next(trace for trace in figure.data if trace.name == words.system.AXIS_LANES["releases"])
    assert list(marks.marker.symbol) == ["diamond"]
    still_open = next(trace for trace in figure.data if trace.name == "Degradation")
    assert still_open.x[1] == min(desk.axis.now, desk.axis.end)


def test_recorded_words_are_no_markup_in_a_chart(desk: SystemProfile) -> None:
    (release,) = desk.axis.releases
    evil = replace(release, release_id="<a href='x'>r</a>", note="<b>bold</b> " * 20)
    figure = charts.time_axis(replace(desk.axis, releases=(evil,))).figure
    said = figure.to_json()
    assert "<a href" not in said.replace("\\u003c", "<")
    assert "<b>bold" not in said.replace("\\u003c", "<")


def test_an_axis_without_anything_is_not_drawn() -> None:
    start = datetime(2026, 3, 2)
    week = WeekShare(start.date(), "complete", None, 0)
    axis = TimeAxis(start, start + timedelta(weeks=1), start, (week,), (), (), (), ())
    assert charts.time_axis(axis).empty
