"""The portfolio ladder: how far a gate is proved, by when it can pass, and sentences that never promise."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readout.briefs.results import Finding, GateCard, GateCondition, GateWeek, Standstill
from readout.briefs.results_promotions import PromotionsBrief, Standing
from readout.gates.evaluate import evaluate
from readout.gates.facts import Observed, Week
from readout.gates.outlook import outlook
from readout.gates.policy import Gate
from readout.gates.promotion import Chance, Scarce, chance, confidence
from readout.words import promotions as words

DAY = date(2026, 1, 5)
FAR = 30  # weeks: a longer course is not walked
TODAY = date(2026, 11, 28)


def gate(evidence="always_valid", min_n=50, **decide):
    return Gate.model_validate({
        "gate": "g", "system": "s", "from_stage": "assisted", "to_stage": "partial", "owner": "a@x.example",
        "approver": "b@x.example",
        "metrics": [{"name": "accuracy", "statistic": "share", "pass": "> 0.85", "breach": "< 0.70", "min_n": min_n,
                     "role": "required"}],
        "decide": {"consecutive_weeks": 3, "evidence": evidence, **decide},
    })  # fmt: skip


def weeks(*correct, n=100):
    return [Week(DAY + timedelta(weeks=place), metrics={"accuracy": Observed(n=n, successes=one)})
            for place, one in enumerate(correct)]  # fmt: skip


def ahead(policy, facts, state="hold"):
    verdict = evaluate(policy, facts)
    return chance(policy, verdict, state, outlook(policy, verdict))


# --- rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "evidence", "needed", "rule", "proved"),
    [
        ("eligible", 33.2, 20.0, "always_valid", "proved"),
        ("watch", 20.0, 20.0, "always_valid", "proved"),
        ("hold", 33.2, 20.0, "always_valid", "building"),  # its weeks are short
        ("hold", 1.01, 20.0, "always_valid", "building"),
        ("hold", 1.0, 20.0, "always_valid", "not_shown"),
        ("hold", None, 20.0, "always_valid", "not_shown"),
        ("hold", 1.0, 2.0, "pooled", "building"),
        ("hold", 0.0, 2.0, "weekly_bound", "not_shown"),
        ("eligible", None, None, "point", "unprotected"),
        ("breach", 33.2, 20.0, "always_valid", "broken"),
        ("failed", None, None, "point", "broken"),
        ("no_data", None, 20.0, "always_valid", "no_data"),
        ("waiting", None, 20.0, "always_valid", "no_data"),
    ],
)
def test_proof_needs_the_evidence_and_the_weeks_and_never_survives_a_broken_line(state, evidence, needed, rule, proved):
    assert confidence(state, evidence, needed, rule) == proved


@pytest.mark.parametrize(
    ("policy", "facts", "state", "why"),
    [
        (gate(), weeks(95, 95, 95), "eligible", "eligible"),
        (gate("point"), weeks(90, 90), "hold", "on_course"),
        (gate(), weeks(84, 85, 84), "hold", "rate"),
        (gate(), weeks(40, 40, n=42), "hold", "volume"),
        (gate("pooled"), weeks(87, 87, 87), "hold", "bound"),
        (gate(horizon_weeks=3), weeks(90, 84), "hold", "final"),
        (gate(cooldown_weeks=2), weeks(95, 50, 95), "breach", "afresh"),
        (gate(), weeks(95, 50, 95), "breach", "failed"),  # no cooldown: only a release or a policy starts afresh
        (gate(), weeks(95, 95), "breach", "burning"),  # no week broke it: the daily watch did
        (gate(), weeks(95), "watch", "watched"),
        (gate(), weeks(95), "waiting", "waiting"),
    ],
)
def test_by_when_a_gate_can_pass_follows_from_what_holds_it(policy, facts, state, why):
    assert ahead(policy, facts, state).why == why


def test_a_broken_line_costs_the_rest_of_its_cooldown_and_the_whole_streak():
    assert ahead(gate(cooldown_weeks=2), weeks(95, 50, 95), "breach") == Chance("afresh", 1 + 3)


def test_too_few_observations_are_named_before_any_date():
    assert ahead(gate(), weeks(40, 41, n=42)).scarce == Scarce("accuracy", 42.0, 50)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(80, 97), min_size=1, max_size=6))
def test_a_gate_on_course_passes_after_exactly_the_weeks_that_are_named(correct):
    policy, facts = gate(), weeks(*correct)
    named = ahead(policy, facts, "eligible" if evaluate(policy, facts).state == "PASS" else "hold")
    if named.why != "on_course" or named.weeks > FAR:
        return
    rate = sum(correct) / len(correct)  # as it went so far; a breach or a missed week would be another course
    later = weeks(*correct, *[rate] * named.weeks)
    passes = [evaluate(policy, later[: len(correct) + one]).state == "PASS" for one in range(named.weeks + 1)]
    assert passes == [False] * named.weeks + [True]


# --- sentences -------------------------------------------------------------------------------------------------------

LINE = GateCondition("accuracy", "share", "", "> 0.85", "pass", 0.85, "required", 50, "human",
                     (GateWeek(DAY, complete=True, value=0.83, n=100, state="missed"),))  # fmt: skip


def card(state="hold", **changes):
    made: dict[str, Any] = {
        "gate": "desk/partial-to-full", "system_id": "desk", "system_name": "Desk", "from_stage": "partial",
        "to_stage": "full", "owner": "a@x.example", "approver": "coo@x.example", "state": state, "reason": "",
        "held_by": "", "phase": "evaluated", "streak": 1, "weeks_needed": 3, "evidence": 4.0, "evidence_needed": 20.0,
        "evidence_rule": "always_valid", "weakest": "accuracy", "sentence": "", "conditions": (LINE,), "columns": (),
        "outlook": None, "alarm": None, "burns": (), "lapses": (), "stage": "partial", "stage_since": None,
        "entitled_share": 0.7, "running_share": 0.7, "mix_shift": None, "action": None, "policy_hash": "",
    }  # fmt: skip
    return GateCard(**{**made, **changes})


DESK = Standing("desk", "Desk", "partial", 12, "Head of Desk", "building", Chance("on_course", 3), card(), LINE,
                day=date(2026, 12, 21), expected="if_met", hours=4.0)  # fmt: skip
FULL = replace(DESK, name="Scoring", stage="full", confidence="proved", chance=Chance("watched"), binding=None,
               card=card("watch", phase="watched"), day=None, expected="", hours=None)  # fmt: skip
READY = replace(DESK, confidence="proved", chance=Chance("eligible", 0), card=card("eligible"), day=None,
                expected="eligible", valid_until=date(2026, 12, 23))  # fmt: skip
BROKEN = replace(DESK, name="Risk", confidence="broken", chance=Chance("afresh", 5), card=card("breach"), expected="",
                 day=date(2027, 1, 4), hours=None, unknown=words.RIGHT_TO_WAIT)  # fmt: skip
LOST = Standing("review", "Contract review", "shadow", 19, "", "no_gate", unknown=words.NO_NEXT_STAGE)


def brief(*rows):
    header: Any = None  # no sentence asks for it
    return PromotionsBrief(header, Finding(""), rows, (), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("rows", "said", "tone"),
    [
        ((), "No system is known.", "neutral"),
        ((DESK,), "0 of 1 system carries full load.", "neutral"),
        ((FULL, DESK), "1 of 2 systems carries full load.", "neutral"),
        ((FULL, FULL, READY), "2 of 3 systems carry full load; 1 gate is due for decision.", "good"),
        ((FULL, BROKEN), "1 of 2 systems carries full load; Risk has broken its accuracy line.", "bad"),
        ((FULL, BROKEN, replace(BROKEN, name="Rota")),
         "1 of 3 systems carries full load; Risk and Rota have broken a line or failed their gate.", "bad"),
        ((replace(BROKEN, card=card("failed")),), "0 of 1 system carries full load; Risk has failed its gate.", "bad"),
        ((FULL, FULL, READY, LOST),
         ("2 of 4 systems carry full load; 1 gate is due for decision; Contract review has been 19 weeks in shadow "
          "with no owner and no gate."), "bad"),
        ((replace(DESK, weeks_in_stage=1, standstill=Standstill("partial", "full", 1.0, date(2026, 9, 7), "", ())),),
         ("0 of 1 system carries full load; Desk has been 1 week in partial with its move to full overdue since "
          "7 Sep 2026."), "bad"),
        ((replace(LOST, owner="Head of Legal"), replace(DESK, owner="", weeks_in_stage=18)),
         "0 of 2 systems carry full load; Contract review has been 19 weeks in shadow with no gate.", "bad"),
    ],
)  # fmt: skip
def test_the_headline_follows_from_the_rows(rows, said, tone):
    found = words.finding(brief(*rows))
    assert (found.sentence, found.tone) == (said, tone)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (DESK, ("21 Dec", "if the next 3 weeks hold")),
        (replace(DESK, chance=Chance("on_course", 1)), ("21 Dec", "if the next week holds")),
        (replace(DESK, chance=Chance("on_course", 57)), ("not within a year", "57 weeks at today's rate and volume")),
        (READY, ("now", "its weeks and its evidence are there")),
        (BROKEN, ("not before 4 Jan 2027", "it starts afresh: if the next 5 weeks hold")),
        (replace(DESK, chance=Chance("volume", scarce=Scarce("accuracy", 31.25, 120))),
         ("not at this volume", "31 a week for accuracy, 120 asked for")),
        (replace(DESK, chance=Chance("bound")), ("cannot be said", "a bound has to clear its line")),
        (FULL, ("–", "past its last gate")),
        (LOST, ("cannot be said", "there is no gate to pass")),
    ],
)  # fmt: skip
def test_a_day_is_named_with_its_condition_or_the_reason_why_none_is(row, said):
    assert words.by_when(row, TODAY) == said


def test_nothing_is_expected_without_its_condition():
    assert words.expected(DESK) == (("Eligible", "neutral"), "if the next 3 weeks hold")
    assert words.expected(READY) == (("Promotion", "good"), "if coo@x.example signs off; lapses 23 Dec")
    assert words.expected(BROKEN) == words.expected(LOST) == (None, "")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (DESK, ("Accuracy > 85%", "last week 2.0 points short")),
        (READY, ("A sign-off", "by coo@x.example")),
        (LOST, ("–", "no owner and no gate on record")),
        (FULL, ("–", "")),
        (replace(DESK, binding=replace(LINE, weeks=(GateWeek(DAY, complete=True, value=0.9, n=33, state="held"),))),
         ("Accuracy > 85%", "33 of 50 observations last week")),
        (replace(DESK, binding=replace(LINE, weeks=(GateWeek(DAY, complete=True, value=0.9, n=99, state="met"),))),
         ("Accuracy > 85%", "last week 5.0 points clear, weeks and evidence are short")),
    ],
)  # fmt: skip
def test_what_binds_is_said_with_its_margin(row, said):
    assert words.binds(row) == said


def test_waiting_costs_hours_or_says_why_that_is_not_known():
    assert words.cost(DESK) == ("4.0 h", "of people's time")
    assert words.cost(LOST) == (words.NOT_MEASURABLE, words.NO_NEXT_STAGE)
    assert words.cost(FULL) == ("–", "")


def test_hours_that_are_not_known_are_in_no_sum():
    assert brief(DESK, LOST, BROKEN).hours == DESK.hours
    assert brief(LOST).hours is None
    assert {key: big for key, big, _ in words.tiles(brief(FULL, DESK, READY, LOST))} == {
        "full": "1 of 4", "eligible": "1", "expected": "2", "waiting": "8.0 h",
    }  # fmt: skip
