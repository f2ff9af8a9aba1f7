"""A gate beyond one evaluation: releases, stages, lapses, the daily watch, what is still needed, the policy's text."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout import stats
from readout.gates.burn import FEWEST_BAD, burn
from readout.gates.evaluate import evaluate
from readout.gates.facts import Observed, Week
from readout.gates.outlook import outlook
from readout.gates.policy import Gate, GateMetric, read_policy
from readout.gates.policy_text import policy_text
from readout.gates.releases import Release, release_of_week
from readout.gates.standing import StageRecord, evaluate_over_time, place_of

BEGIN, END = datetime(2026, 1, 5), datetime(2026, 1, 12)
AT1, AT2 = datetime(2025, 12, 1), datetime(2026, 1, 7)
R1, R2 = Release(AT1), Release(AT2)
DAY = date(2026, 1, 5)
GATES = sorted((Path(__file__).parents[2] / "data" / "portfolio" / "gates").glob("*.yaml"))


def gate(**changes):
    text = {
        "gate": "g", "system": "s", "from_stage": "assisted", "to_stage": "partial", "owner": "a@x.example",
        "approver": "b@x.example", "metrics": [{"name": "accuracy", "statistic": "share", "pass": "> 0.85"}],
        "decide": {"consecutive_weeks": 3},
    }  # fmt: skip
    return Gate.model_validate({**text, **changes})


def week(number, correct, n=100):
    return Week(DAY + timedelta(weeks=number), metrics={"accuracy": Observed(n=n, successes=correct)})


def closes(day):
    return datetime(day.year, day.month, day.day) + timedelta(days=9)


# --- releases --------------------------------------------------------------------------------------------------------


def test_a_week_belongs_to_the_release_that_carried_it():
    found = release_of_week([AT1], {R1: 100}, BEGIN, END, Release())
    assert (found.counted, found.belongs, found.split) == (R1, R1, "")


def test_a_major_release_inside_the_week_splits_it():
    found = release_of_week([AT1, AT2], {R1: 40, R2: 60}, BEGIN, END, R1)
    assert found.belongs == R2
    assert "2026-01-07" in found.split


def test_the_tail_of_the_release_before_does_not_split_a_week():
    found = release_of_week([AT1], {R1: 96, Release(stray="old"): 4}, BEGIN, END, R1)
    assert (found.counted, found.split) == (R1, "")
    assert release_of_week([AT1], {R1: 94, Release(stray="old"): 6}, BEGIN, END, R1).split


def test_tasks_that_name_no_release_belong_to_the_one_in_service():
    found = release_of_week([AT1], {Release(): 100}, BEGIN, END, Release())
    assert (found.counted, found.belongs) == (Release(), R1)


def test_a_week_without_tasks_keeps_the_release_before():
    assert release_of_week([], {}, BEGIN, END, Release(stray="a")).belongs == Release(stray="a")


# --- stages ----------------------------------------------------------------------------------------------------------


def stages(*names):
    return [StageRecord(name, BEGIN + timedelta(weeks=number)) for number, name in enumerate(names)]


@pytest.mark.parametrize(
    ("history", "phase", "since"),
    [
        ((), "evaluated", None),
        (("shadow",), "waiting", None),
        (("shadow", "assisted"), "evaluated", 1),
        (("shadow", "assisted", "assisted"), "evaluated", 1),
        (("assisted", "shadow", "assisted"), "evaluated", 2),
        (("shadow", "assisted", "partial"), "watched", 2),
        (("shadow", "assisted", "partial", "full"), "watched", 2),
        (("assisted", "partial", "assisted"), "evaluated", 2),
    ],
)
def test_a_gate_is_evaluated_in_its_stage_and_watched_after_it(history, phase, since):
    place = place_of(gate(), stages(*history))
    assert (place.phase, place.since) == (phase, None if since is None else BEGIN + timedelta(weeks=since))


# --- lapses ----------------------------------------------------------------------------------------------------------

PASSING = [95, 95, 95, 95]


def test_a_pass_stays_while_it_is_valid_and_lapses_at_the_first_missed_week():
    weeks = [week(number, correct) for number, correct in enumerate([*PASSING, 95, 80, 95])]
    verdict, lapses = evaluate_over_time(gate(), weeks[:5], "evaluated", closes, closes(weeks[4].week))
    assert (verdict.state, lapses) == ("PASS", ())
    verdict, [lapse] = evaluate_over_time(gate(), weeks, "evaluated", closes, closes(weeks[6].week))
    assert (verdict.state, verdict.streak, lapse.why, lapse.ended_on) == ("HOLD", 1, "missed", weeks[5].week)
    assert len(verdict.weeks) == 7


def test_a_pass_lapses_when_nobody_promotes_in_time():
    weeks = [week(number, correct) for number, correct in enumerate(PASSING)]
    decided = evaluate(gate(), weeks).decided_on
    last = closes(decided) + timedelta(weeks=4)
    assert evaluate_over_time(gate(), weeks, "evaluated", closes, last)[0].state == "PASS"
    verdict, [lapse] = evaluate_over_time(gate(), weeks, "evaluated", closes, last + timedelta(seconds=1))
    assert (verdict.state, verdict.reason, lapse.why) == ("HOLD", "lapsed", "expired")


@given(st.lists(st.integers(60, 100), max_size=30), st.integers(0, 40))
def test_an_eligible_gate_rests_on_weeks_that_pass_by_themselves(corrects, later):
    weeks = [week(number, correct) for number, correct in enumerate(corrects)]
    as_of = closes(DAY + timedelta(weeks=len(weeks) + later))
    verdict, lapses = evaluate_over_time(gate(), weeks, "evaluated", closes, as_of)
    assert [one.week.week for one in verdict.weeks] == [one.week for one in weeks]
    if verdict.state == "PASS":
        assert as_of <= closes(verdict.decided_on) + timedelta(weeks=4)
        begin = lapses[-1].ended_on if lapses else DAY
        alone = evaluate(gate(), [one for one in weeks if begin <= one.week <= verdict.decided_on])
        assert (alone.state, alone.evidence) == ("PASS", verdict.evidence)


# --- the daily watch -------------------------------------------------------------------------------------------------


def metric(**lines):
    return GateMetric.model_validate(
        {"name": "latency", "statistic": "p95", "unit": "ms", "role": "guardrail", **lines}
    )


def test_burn_is_the_bad_share_over_the_allowed_one():
    # the example of the reference: accuracy 0.85, a day with 40 bad of 160: 1.67 times, 24 % of a week of 1,120
    share = GateMetric.model_validate(
        {"name": "accuracy", "statistic": "share", "role": "guardrail", "breach": "< 0.85"}
    )
    found = burn(share, Observed(n=160, successes=120), DAY, 7 * 160, 0.05)
    assert found
    assert (found.bad, found.allowed) == (40, pytest.approx(0.15))
    assert found.rate == pytest.approx(1.67, abs=0.01)
    assert found.of_week == pytest.approx(0.24, abs=0.01)


def test_an_alarm_needs_confidence_and_enough_bad_tasks():
    def day(bad, n):
        seen = Observed(n=n, value=1, under={Decimal(500): n - bad})
        return burn(metric(breach="> 500"), seen, DAY, None, 0.05)

    assert day(20, 100).alarm
    assert not day(8, 100).alarm  # 8 % of 100 may be 5 %
    assert not day(FEWEST_BAD - 1, FEWEST_BAD - 1).alarm
    assert day(FEWEST_BAD, FEWEST_BAD).alarm
    assert day(8, 100).of_week is None


def test_what_has_no_breach_line_or_no_count_is_not_watched():
    seen = Observed(n=100, value=1, under={Decimal(300): 90})
    assert burn(metric(fail="> 300"), seen, DAY, None, 0.05) is None
    assert burn(metric(breach="> 500"), seen, DAY, None, 0.05) is None


# --- what is still needed --------------------------------------------------------------------------------------------


@given(st.integers(86, 99), st.integers(1, 6))
def test_the_missing_reviews_are_the_fewest_that_bring_the_evidence(correct, number):
    policy = gate(decide={"consecutive_weeks": 9})
    found = outlook(policy, evaluate(policy, [week(one, correct) for one in range(number)]))
    assert found
    n = 100 * number
    if found.missing:
        rate = correct / 100
        assert stats.e_value(rate * (n + found.missing), n + found.missing, 0.85) >= 20
        assert stats.e_value(rate * (n + found.missing - 1), n + found.missing - 1, 0.85) < 20
    else:
        assert stats.e_value(correct * number, n, 0.85) >= 20


def test_at_a_rate_under_the_line_no_number_of_reviews_is_enough():
    found = outlook(gate(), evaluate(gate(), [week(0, 84)]))
    assert found
    assert (found.missing, found.rate, found.line) == (None, 0.84, 0.85)


# --- the policy's text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GATES, ids=lambda path: path.stem)
def test_a_policy_reads_back_from_its_text(path, tmp_path):
    policy = read_policy(path)
    copy = tmp_path / "copy.yaml"
    copy.write_text(policy_text(policy), encoding="utf-8")
    assert read_policy(copy) == policy
    assert policy_text(policy).startswith("gate: ")
