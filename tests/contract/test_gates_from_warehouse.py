"""Gates judged from raw rows, through load, refresh and the one query of their facts, on both engines."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from readout.briefs import gate_documents, gates_brief, open_book
from readout.briefs.gate_readings import gate_readings
from readout.briefs.results import Scope
from readout.cli import app
from readout.gates.policy import Gate
from readout.portfolio import Organisation, Portfolio, System, Unit
from readout.warehouse.errors import InputError
from tests.contract.worked import prepare, reading, refreshed

MONDAY = datetime(2026, 1, 5)
WEEK = timedelta(weeks=1)
GATE = "desk/partial-to-full"
WORKED = (88, 84, 90, 89, 91, 92, 90)  # correct of 100, GATES.md


def gate(**changes):
    text = {
        "gate": GATE, "system": "desk", "from_stage": "partial", "to_stage": "full", "owner": "owner@example.com",
        "approver": "boss@example.com",
        "metrics": [
            {"name": "accuracy", "statistic": "share", "pass": "> 0.85", "breach": "< 0.70", "min_n": 50},
            {"name": "latency", "statistic": "p95", "unit": "ms", "pass": "< 300", "breach": "> 500", "min_n": 59},
        ],
        "decide": {"consecutive_weeks": 3, "valid_weeks": 4},
    }  # fmt: skip
    return Gate.model_validate({**text, **changes})


def portfolio(*gates, zone="UTC", systems=("desk",)):
    known = {name: System(id=name, name=name.title(), unit_of_work=Unit(one="mail", many="mails")) for name in systems}
    return Portfolio(Organisation(time_zone=zone), known, {one.gate: one for one in gates or (gate(),)})


def week(number, correct=90, n=100, *, slow=2, slow_ms=400, arm="ai_auto", **more):
    """Return the tasks and human verdicts of one week: `n` tasks, `correct` of the reviewed ones right, `slow` slow.

    Both are spread over the week; `reviewed` of the tasks have their verdict, all are due.
    """
    tasks, verdicts = [], []
    reviewed = more.get("reviewed", n)
    for one in range(n):
        at = MONDAY + number * WEEK + timedelta(hours=1 + one * 166 / n)
        key = {"system_id": "desk", "task_id": f"{arm}-{number}-{one}"}
        given = {"task_type": "mail", "release_id": more.get("release", ""), "review_due": True, "outcome": "resolved"}
        late = {"latency_ms": slow_ms if one * 53 % n < slow else 100 + one % 50, "ingested_at": at}
        done = {"created_at": at, "completed_at": at, "status": "completed", "arm": arm}
        tasks.append({**key, **given, **late, **done, "task_type": more.get("task_type", "mail")})
        if one < reviewed:
            seen = {"created_at": at + timedelta(hours=1), "ingested_at": at + timedelta(hours=1)}
            right = (one if "prob" in more else one * 37 % reviewed) < correct
            said = {"verdict_id": key["task_id"], "metric": "correct", "judge": "human", "review_reason": "random"}
            chance = {"sampling_prob": more["prob"](one)} if "prob" in more else {}
            verdicts.append({**key, **said, **seen, **chance, "outcome": right})
    return {"tasks": tasks, "verdicts": verdicts}


def heartbeat(at):
    """A task of another system: the warehouse has heard of this instant."""
    task = {"system_id": "clock", "task_id": str(at), "status": "open", "arm": "human"}
    return {"tasks": [{**task, "created_at": at, "ingested_at": at}]}


def together(*parts):
    rows = {}
    for part in parts:
        for table, some in part.items():
            rows.setdefault(table, []).extend(some)
    return rows


def stage(name, at, share=0.5):
    return {"stage_changes": [{"system_id": "desk", "stage": name, "load_share": share, "effective_at": at}]}


def release(name, at, kind="major"):
    return {"releases": [{"system_id": "desk", "release_id": name, "change_class": kind, "started_at": at}]}


def judge(url, rows, book_of=None, known=None):
    """Load, refresh, and return the readings by the gate's name."""
    known = known or portfolio()
    settings = prepare(url, rows)
    refreshed(settings, known)
    with reading(settings) as warehouse:
        book = open_book(warehouse, known, settings)
        found = gate_readings(book_of(book) if book_of else book)
    return {one.gate.gate: one for one in found}


def as_of(instant):
    return lambda book: replace(book, as_of=instant)


def states(reading):
    return [one.state for one in reading.verdict.weeks]


@pytest.fixture
def duck(tmp_path):
    return f"duckdb:///{tmp_path / 'w.duckdb'}"


def worked_rows():
    return together(*(week(number, correct) for number, correct in enumerate(WORKED)), heartbeat(MONDAY + 8 * WEEK))


def test_the_worked_weeks_of_the_design_come_out_of_raw_rows(engine_url):
    known = portfolio()
    settings = prepare(engine_url, worked_rows())
    refreshed(settings, known)
    with reading(settings) as warehouse:
        book = open_book(warehouse, known, settings)
        now = gate_readings(book)[0]
        assert (now.verdict.state, now.verdict.reason, now.verdict.streak) == ("PASS", "consecutive_met", 5)
        assert now.verdict.evidence == pytest.approx(33.18, abs=0.01)
        assert now.verdict.decided_on == date(2026, 2, 16)
        # as of the instant at which the sixth week closes, and one second before
        closes = MONDAY + 6 * WEEK + timedelta(hours=48)
        sixth = gate_readings(replace(book, as_of=closes))[0].verdict
        assert (sixth.state, sixth.reason, sixth.streak) == ("HOLD", "volume", 4)
        assert sixth.evidence == pytest.approx(12.66, abs=0.01)
        fifth = gate_readings(replace(book, as_of=closes - timedelta(seconds=1)))[0].verdict
        assert (fifth.streak, fifth.evidence) == (3, pytest.approx(2.66, abs=0.01))
        assert fifth.weeks[-1].state == "partial"
        documents = gate_documents(book)
    accuracy = documents[0]["weeks"][0]["metrics"]["accuracy"]
    assert (accuracy["n"], accuracy["value"]) == (100, 0.88)
    assert documents[0]["weeks"][0]["reviews_due"] == documents[0]["weeks"][0]["reviews_judged"] == 100
    assert documents[0]["next_step"].startswith("boss@example.com reviews the evidence")


def test_both_engines_give_the_same_document(tmp_path, postgres_url):
    documents = []
    for url in (f"duckdb:///{tmp_path / 'w.duckdb'}", postgres_url):
        known = portfolio()
        rows = together(
            worked_rows(), week(0, n=40, arm="human"), release("r1", MONDAY - WEEK), release("r2", MONDAY + 3 * WEEK)
        )
        settings = prepare(url, rows)
        refreshed(settings, known)
        with reading(settings) as warehouse:
            documents.append(gate_documents(open_book(warehouse, known, settings)))
    assert documents[0] == documents[1]
    assert documents[0][0]["weeks"][0]["ai_share"] == pytest.approx(100 / 140)


def test_a_week_whose_reviews_are_not_in_is_held(duck):
    found = judge(duck, together(week(0), week(1), week(2, reviewed=94), heartbeat(MONDAY + 4 * WEEK)))[GATE]
    assert states(found) == ["met", "met", "held", "partial"]
    assert found.verdict.weeks[2].reason == "unsettled"
    assert found.verdict.streak == 0


def test_a_major_release_splits_its_week_and_starts_afresh_a_minor_one_does_not(duck):
    rows = together(
        release("r1", MONDAY - WEEK), release("r1a", MONDAY + WEEK, "minor"),
        release("r2", MONDAY + 2 * WEEK + timedelta(days=2)),
        week(0, release="r1"), week(1, release="r1a"), week(2, release="r2"), week(3, release="r2"),
        heartbeat(MONDAY + 5 * WEEK),
    )  # fmt: skip
    found = judge(duck, rows)[GATE]
    assert [one.week.release for one in found.verdict.weeks][:4] == ["r1", "r1", "r2", "r2"]
    assert states(found)[:4] == ["met", "met", "partial", "met"]
    assert "major release" in found.origins[date(2026, 1, 19)].split
    assert found.verdict.counted == 1


def test_a_release_without_a_record_starts_afresh_too(duck):
    rows = together(
        week(0, release="a"),
        week(1, release="a"),
        week(2, release="b"),
        heartbeat(MONDAY + 3 * WEEK + timedelta(days=3)),
    )
    found = judge(duck, rows)[GATE]
    assert [one.week.release for one in found.verdict.weeks][:3] == ["a", "a", "b"]
    assert found.verdict.streak == 1


def test_a_week_that_two_releases_carried_does_not_count(duck):
    rows = together(week(0, release="a"), week(1, n=60, release="a"), heartbeat(MONDAY + 3 * WEEK))
    other = week(1, n=40, release="b", arm="ai_assisted")
    found = judge(duck, together(rows, other))[GATE]
    assert states(found)[:2] == ["met", "partial"]
    assert found.origins[date(2026, 1, 12)].split == "2 releases carried load"
    assert found.origins[date(2026, 1, 12)].left_out == 40


def test_weeks_before_the_stage_of_the_gate_do_not_count(duck):
    rows = together(
        *(week(number) for number in range(4)), stage("assisted", MONDAY - WEEK),
        stage("partial", MONDAY + WEEK + timedelta(days=1)),
        heartbeat(MONDAY + 4 * WEEK + timedelta(days=3)),
    )  # fmt: skip
    found = judge(duck, rows)[GATE]
    assert found.verdict.weeks[0].week.week == date(2026, 1, 19)
    assert (found.place.phase, found.verdict.streak) == ("evaluated", 2)


def test_a_gate_whose_stage_is_not_reached_waits(duck):
    found = judge(duck, together(week(0), stage("assisted", MONDAY - WEEK), heartbeat(MONDAY + 2 * WEEK)))[GATE]
    assert (found.place.phase, found.verdict.state, found.verdict.weeks) == ("waiting", "NO_DATA", ())


def test_after_the_promotion_the_breach_line_is_watched(duck):
    rows = together(
        *(week(number) for number in range(4)), week(4, slow=30, slow_ms=900), stage("partial", MONDAY - WEEK),
        stage("full", MONDAY + 3 * WEEK, 1.0), heartbeat(MONDAY + 6 * WEEK),
    )  # fmt: skip
    found = judge(duck, rows)[GATE]
    assert found.place.phase == "watched"
    assert found.place.promoted.stage == "full"
    assert found.verdict.weeks[0].week.week == date(2026, 1, 26)
    assert (found.verdict.state, found.verdict.reason, found.verdict.decided_on) == ("FAIL", "breach", date(2026, 2, 2))


@pytest.mark.parametrize(
    ("later", "why"),
    [
        ((90, 90, 90, 90, 90), "expired"),  # four weeks pass after the deciding week has closed
        ((80,), "missed"),
    ],
)
def test_a_pass_that_nobody_acts_on_lapses(duck, later, why):
    correct = (*WORKED, *later)
    rows = together(
        *(week(number, right) for number, right in enumerate(correct)),
        heartbeat(MONDAY + len(correct) * WEEK + timedelta(days=3)),
    )
    found = judge(duck, rows)[GATE]
    assert [(lapse.passed_on, lapse.why) for lapse in found.lapses] == [(date(2026, 2, 16), why)]
    assert found.verdict.state == "HOLD"
    assert len(found.verdict.weeks) == len(correct)


def test_only_the_arm_of_the_gate_counts(duck):
    rows = together(
        *(week(number, 90) for number in range(3)),
        *(week(number, 10, arm="human", slow=100, slow_ms=9000) for number in range(3)),
        *(week(number, 95, arm="shadow", slow=0) for number in range(3)),
        heartbeat(MONDAY + 3 * WEEK + timedelta(days=3)),
    )
    shadow = gate(gate="desk/shadow", from_stage="shadow", to_stage="assisted")
    found = judge(duck, rows, known=portfolio(gate(), shadow))
    values = {name: one.verdict.weeks[0].metrics[0].value for name, one in found.items()}
    assert values == {GATE: 0.90, "desk/shadow": 0.95}
    assert found[GATE].origins[date(2026, 1, 5)].ai_share == pytest.approx(0.5)


def test_a_percentile_near_its_line_is_decided_by_the_exact_count(duck):
    # 5 of 100 at 301 ms: the 95th task is one of the fast ones; one more slow task, and it is not
    met = judge(
        duck, together(week(0, slow=5, slow_ms=301), week(1, slow=6, slow_ms=301), heartbeat(MONDAY + 3 * WEEK))
    )
    assert [one.metrics[1].state for one in met[GATE].verdict.weeks][:2] == ["met", "missed"]


def test_a_collapse_is_found_on_the_day_it_happens(duck):
    # Wednesday of the third week: from noon on everything is slow
    rows = together(week(0, 630, n=700), week(1, 630, n=700), week(2, 630, n=700))
    noon = MONDAY + 2 * WEEK + timedelta(days=2, hours=12)
    for task in rows["tasks"]:
        if task["created_at"] >= noon:
            task["latency_ms"] = 2000
    found = judge(duck, rows, as_of(noon + timedelta(hours=11)))[GATE]
    assert found.alarm.metric == "latency"
    assert found.alarm.day == noon.date()
    assert found.alarm.bad >= 40
    assert found.verdict.state != "FAIL"  # the week is still running
    quiet = judge(duck, {}, as_of(noon - timedelta(hours=13)))[GATE]
    assert quiet.alarm is None


def test_few_bad_tasks_raise_no_alarm_whatever_their_share(duck):
    rows = together(week(0, 630, n=700), week(1, n=9, slow=9, slow_ms=2000))
    assert judge(duck, rows, as_of(MONDAY + WEEK + timedelta(hours=20)))[GATE].alarm is None


def test_reviews_of_unequal_probability_count_by_their_weight_and_bind_by_the_bound(duck):
    # the first 50 tasks were reviewed for sure and are right, the others one in ten: 30 of their 50 are right
    rows = together(
        *(week(number, 80, prob=lambda one: 1.0 if one < 50 else 0.1) for number in range(3)),
        heartbeat(MONDAY + 4 * WEEK),
    )
    found = judge(duck, rows, as_of(MONDAY + 3 * WEEK + timedelta(days=3)))[GATE]
    one = found.verdict.weeks[0].metrics[0]
    assert one.value == pytest.approx((50 + 300) / (50 + 500))
    assert one.n == pytest.approx(550**2 / (50 + 50 * 100))
    assert found.verdict.weeks[0].week.metrics["accuracy"].weighted


def test_the_cost_of_an_accepted_task_carries_the_spread_between_days(duck):
    rows = together(*(week(number) for number in range(3)), heartbeat(MONDAY + 3 * WEEK + timedelta(days=3)))
    for place, task in enumerate(rows["tasks"]):
        task |= {"cost_amount": "0.10" if place % 2 else "0.12", "cost_currency": "EUR", "cost_source": "invoiced"}
    cost = {"name": "cost_per_accepted_task", "statistic": "ratio", "unit": "EUR", "pass": "< 0.12", "min_n": 50}
    policy = gate(metrics=[cost], decide={"consecutive_weeks": 3, "evidence": "pooled"})
    found = judge(duck, rows, as_of(MONDAY + 3 * WEEK + timedelta(days=23)), portfolio(policy))[GATE]
    one = found.verdict.weeks[0].metrics[0]
    assert (one.state, one.value) == ("met", pytest.approx(0.11))
    assert 0.11 < one.upper < 0.12
    assert found.verdict.state == "PASS"
    dollars = gate(metrics=[{**cost, "unit": "USD"}], decide={"consecutive_weeks": 3, "evidence": "pooled"})
    other = judge(f"{duck}2", rows, known=portfolio(dollars))[GATE]
    assert other.verdict.reason == "no_closed_week_with_data"


def test_a_reduction_is_measured_on_the_arm_against_the_baseline(duck):
    rows = together(week(0), week(0, arm="human"), heartbeat(MONDAY + 2 * WEEK))
    for task in rows["tasks"]:
        if task["system_id"] == "desk":
            task["handling_seconds"] = 60 if task["arm"] == "ai_auto" else 300
    rows["baselines"] = [
        {
            "system_id": "desk", "task_type": "", "metric": "handling_seconds", "value": 100, "n": 500, "sd": 10,
            "unit": "s", "period_from": date(2025, 1, 1), "period_to": date(2025, 6, 1),
        }
    ]  # fmt: skip
    reduction = {"name": "handling_time_reduction", "statistic": "reduction_vs_baseline", "pass": ">= 0.30"}
    found = judge(duck, rows, known=portfolio(gate(metrics=[reduction])))[GATE]
    one = found.verdict.weeks[0].metrics[0]
    assert (one.state, one.value) == ("met", pytest.approx(0.40))
    assert one.lower < 0.40 < one.upper


def test_arms_are_compared_on_their_histograms(duck):
    rows = together(
        week(0, slow=0), week(0, slow=100, slow_ms=150, arm="human"), week(1, slow=0), week(1, slow=0, arm="human"),
        heartbeat(MONDAY + 2 * WEEK + timedelta(days=3)),
    )  # fmt: skip
    faster = {
        "name": "latency",
        "statistic": "p95",
        "unit": "ms",
        "pass": {"compare": "mann_whitney", "direction": "decrease"},
    }
    policy = gate(metrics=[faster], decide={"consecutive_weeks": 2, "evidence": "point"})
    found = judge(duck, rows, known=portfolio(policy))[GATE]
    assert states(found)[:2] == ["met", "missed"]


def test_a_moved_mix_of_task_types_is_told(duck):
    rows = together(week(0), week(1), week(2, task_type="claims"), heartbeat(MONDAY + 3 * WEEK + timedelta(days=3)))
    found = judge(duck, rows)[GATE]
    assert [found.origins[day].mix_shift for day in sorted(found.origins)][:3] == [None, 0.0, 1.0]


def test_a_week_without_any_task_breaks_the_streak(duck):
    rows = together(week(0), week(1), week(3), heartbeat(MONDAY + 4 * WEEK + timedelta(days=3)))
    found = judge(duck, rows)[GATE]
    assert states(found)[:4] == ["met", "met", "no_data", "met"]
    assert found.verdict.streak == 1


def test_the_board_puts_what_needs_a_person_first_and_names_systems_without_a_gate(duck):
    known = portfolio(gate(), gate(gate="other/g", system="other"), systems=("desk", "other", "bare"))
    settings = prepare(duck, worked_rows())
    refreshed(settings, known)
    with reading(settings) as warehouse:
        brief = gates_brief(open_book(warehouse, known, settings), Scope())
    assert [(card.gate, card.state) for card in brief.gates] == [(GATE, "eligible"), ("other/g", "no_data")]
    assert {row.system_id: row.state for row in brief.ladder} == {
        "desk": "eligible",
        "other": "no_data",
        "bare": "",
        "clock": "",
    }
    assert brief.finding.sentence == "Desk is eligible for full and waits for a sign-off."


GATE_HEAD = f"""
gate: {GATE}
system: desk
from_stage: partial
to_stage: full
owner: owner@example.com
approver: boss@example.com
"""
GATE_FILE = f"""{GATE_HEAD}
metrics:
  - {{name: accuracy, statistic: share, pass: "> 0.85", min_n: 50, judge: human}}
decide: {{consecutive_weeks: 3}}
"""


@pytest.fixture
def command(duck, tmp_path, monkeypatch):
    folder = tmp_path / "portfolio"
    (folder / "gates").mkdir(parents=True)
    (folder / "systems").mkdir()
    (folder / "systems" / "desk.yaml").write_text("id: desk\nname: Desk\nunit_of_work: mail\n")
    (folder / "gates" / "desk.yaml").write_text(GATE_FILE)
    monkeypatch.setenv("READOUT_WAREHOUSE_URL", duck)
    refreshed(prepare(duck, worked_rows()), portfolio())
    return lambda *words: CliRunner().invoke(app, ["gates", *words])


def test_the_command_says_where_gates_stand_and_exits_by_the_worst(command, tmp_path):
    now = command("--json")
    assert now.exit_code == 0
    assert [(one["gate"], one["state"], one["streak"]) for one in json.loads(now.stdout)] == [(GATE, "PASS", 5)]
    earlier = command("--as-of", "2026-02-12")
    assert earlier.exit_code == 10
    assert "Hold:" in earlier.stdout
    assert "Next:" in earlier.stdout
    assert command("--as-of", "2026-01-06").exit_code == 30
    silent = GATE_FILE.replace(GATE, "desk/silent").replace("human}", "model}")
    (tmp_path / "portfolio" / "gates" / "silent.yaml").write_text(silent)
    both = command("--json")
    assert [one["state"] for one in json.loads(both.stdout)] == ["PASS", "NO_DATA"]
    assert both.exit_code == 30


def test_the_command_refuses_what_it_does_not_know(command):
    for words in (("--system", "nobody"), ("--as-of", "soon")):
        refused = command(*words)
        assert isinstance(refused.exception, InputError)
        assert words[1] in str(refused.exception)
