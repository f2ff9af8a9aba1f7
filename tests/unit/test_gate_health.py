"""Gates that need care themselves: which remark follows from what, and that a sound gate has none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.briefs.results_gates import GateHealthRow
from readout.gates.evaluate import evaluate
from readout.gates.facts import Observed, Week
from readout.gates.health import KINDS, Care, GateRecord, cares, directory
from readout.gates.outlook import Outlook, outlook
from readout.gates.policy import Gate
from readout.words import gate_health

MONDAY, TODAY = date(2026, 1, 5), date(2026, 4, 6)
NOBODY = directory((), ())
GOOD_AND_BAD = [92, 84, 93, 91]


def gate(**changes):
    text = {
        "gate": "g", "system": "s", "from_stage": "partial", "to_stage": "full", "owner": "lead@x.example",
        "approver": "coo@x.example", "review_by": "2027-03-31",
        "metrics": [{"name": "accuracy", "statistic": "share", "pass": "> 0.85", "min_n": 50}],
        "decide": {"consecutive_weeks": 3},
    }  # fmt: skip
    return Gate.model_validate({**text, **changes})


def weeks(*correct, n=100):
    """Return one closed week per count; None is a week without data."""
    return [
        Week(
            MONDAY + timedelta(weeks=place),
            metrics={} if one is None else {"accuracy": Observed(n=n, successes=one * n / 100)},
        )
        for place, one in enumerate(correct)
    ]


def found(one, given_weeks, *, people=NOBODY, **known):
    verdict = evaluate(one, given_weeks)
    last = given_weeks[-1].week if given_weeks else None
    record = replace(GateRecord(one, "evaluated", verdict, outlook(one, verdict), last), **known)
    return cares(record, people, TODAY)


def kinds(*args, **known):
    return [one.kind for one in found(*args, **known)]


def test_a_gate_that_passes_missed_once_and_is_reviewed_is_sound():
    assert kinds(gate(), weeks(84, *[95] * 12)) == []


def test_a_gate_that_never_missed_a_week_in_twelve_proves_nothing():
    assert kinds(gate(), weeks(*[95] * 12)) == ["never_failed"]
    assert kinds(gate(), weeks(*[95] * 11)) == []


def test_weeks_without_data_do_not_make_a_gate_one_that_never_failed():
    assert "never_failed" not in kinds(gate(), weeks(*[95] * 11, None, None))


def test_a_gate_without_data_is_told_and_nothing_else_of_its_weeks():
    assert kinds(gate(), weeks(None, None)) == ["no_data"]
    assert kinds(gate(), [], due=MONDAY) == ["no_data"]
    assert kinds(gate(), []) == []  # no week could have closed


def test_a_gate_whose_turn_has_not_come_is_judged_by_its_policy_only():
    assert kinds(gate(review_by=None), [], phase="waiting", due=MONDAY) == ["no_review"]


def test_a_declared_measure_that_never_arrived_is_named():
    two = gate(
        metrics=[
            {"name": "accuracy", "statistic": "share", "pass": "> 0.85"},
            {"name": "latency", "statistic": "p95", "unit": "ms", "pass": "< 300", "role": "guardrail"},
        ]
    )
    (one,) = [one for one in found(two, weeks(*GOOD_AND_BAD)) if one.kind == "silent_metric"]
    assert (one.metric, one.weeks) == ("latency", 4)


def test_one_week_between_two_releases_is_not_stale_and_two_are():
    given_weeks = weeks(*GOOD_AND_BAD)
    last = given_weeks[-1].week
    assert "stale" not in kinds(gate(), given_weeks, due=last + timedelta(weeks=1))
    (one,) = [one for one in found(gate(), given_weeks, due=last + timedelta(weeks=3)) if one.kind == "stale"]
    assert (one.day, one.weeks) == (last, 3)


def test_too_few_observations_week_after_week_are_named_and_not_counted_up_to_evidence():
    one = gate(metrics=[{"name": "accuracy", "statistic": "share", "pass": "> 0.85", "min_n": 120}])
    (care,) = found(one, weeks(*GOOD_AND_BAD, n=100))
    assert (care.kind, care.n, care.needed, care.held, care.weeks) == ("starved", 100, 120, 4, 4)


def test_evidence_that_never_comes_is_told_from_evidence_that_is_far():
    assert "unreachable" in kinds(gate(), weeks(84, 83, 84, 85))
    slow = Outlook("accuracy", 0.86, 0.85, 4000, 100, 40)
    (far,) = [one for one in found(gate(), weeks(84, 87, 86, 86), outlook=slow) if one.kind == "far"]
    assert (far.n, far.weeks) == (4000, 40)
    assert "far" not in kinds(gate(), weeks(84, 90), outlook=Outlook("accuracy", 0.87, 0.85, 2600, 100, 26))


def test_a_share_where_less_is_better_is_told_as_it_is_written():
    one = gate(metrics=[{"name": "escalation_rate", "statistic": "share", "pass": "<= 0.05"}])
    given_weeks = [
        Week(MONDAY + timedelta(weeks=place), metrics={"escalation_rate": Observed(n=100, successes=8)})
        for place in range(3)
    ]
    (care,) = [one for one in found(one, given_weeks) if one.kind == "unreachable"]
    assert (care.n, care.needed) == (pytest.approx(0.08), pytest.approx(0.05))


def test_a_watched_gate_waits_for_no_evidence():
    assert kinds(gate(), weeks(84, 83, 84), phase="watched") == []


def test_the_raw_rule_is_unprotected_unless_the_gate_only_watches():
    assert "unprotected" in kinds(gate(decide={"consecutive_weeks": 3, "evidence": "point"}), weeks(*GOOD_AND_BAD))
    assert "unprotected" not in kinds(gate(decide={"evidence": "point"}), weeks(*GOOD_AND_BAD))


def test_a_gate_that_is_waived_in_half_of_its_weeks_does_not_decide():
    assert "always_waived" in kinds(gate(), weeks(*GOOD_AND_BAD), waived=2)
    assert "always_waived" not in kinds(gate(), weeks(*GOOD_AND_BAD), waived=1)


@pytest.mark.parametrize(
    ("review_by", "kind"), [("2026-04-05", ["review_overdue"]), ("2026-04-06", []), (None, ["no_review"])]
)
def test_a_review_is_overdue_from_the_day_after(review_by, kind):
    assert kinds(gate(review_by=review_by), weeks(84, *[95] * 12)) == kind


# --- people ----------------------------------------------------------------------------------------------------------


def test_people_are_found_by_address_by_role_and_by_team():
    people = directory(["platform", "ops@x.example"], ["Front-desk lead", ""])
    assert people.knows("front-desk-lead@x.example") is True
    assert people.knows("OPS@x.example") is True
    assert people.knows("platform") is True


def test_who_is_gone_cannot_be_known_from_a_registry_that_names_roles():
    assert directory(["ops@x.example"], ["Front-desk lead"]).knows("coo@x.example") is None
    assert directory(["ops@x.example"], []).knows("coo@x.example") is None


def test_who_is_gone_is_known_where_owners_are_named_by_address():
    people = directory([], ["lead@x.example"])
    assert people.knows("coo@x.example") is False
    (care,) = found(gate(), weeks(84, *[95] * 12), people=people)
    assert (care.kind, care.person) == ("owner_gone", "coo@x.example")


# --- words -----------------------------------------------------------------------------------------------------------


def row(*found_cares, name="g"):
    return GateHealthRow(name, "s", "Desk", "partial" if name else "", "full" if name else "", "evaluated", found_cares,
                         owner="lead@x.example", approver="coo@x.example")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_remark_has_its_sentence_and_its_next_step(kind):
    care = Care(kind, "accuracy", "coo@x.example", 0.5, 0.6, 4, 3, MONDAY)
    for text in (gate_health.said(care), gate_health.next_step(care, row(care))):
        assert len(text.split()) > 3
        assert "None" not in text


def test_the_page_opens_with_how_many_gates_need_care():
    sound, bad, without = row(), row(Care("no_review")), row(Care("no_gate"), name="")
    assert gate_health.finding([sound, sound]).sentence == "All 2 gates are sound."
    assert gate_health.finding([sound, bad]).sentence == "1 of 2 gates needs care: Desk (no review date)."
    assert gate_health.finding([sound, without]).sentence == "1 gate is sound; Desk has no gate."
    assert gate_health.finding([bad] * 5).sentence.endswith("and 2 more.")
    assert gate_health.finding([]).tone == "neutral"


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), max_size=16), st.integers(0, 20), st.integers(1, 400))
def test_whatever_the_weeks_no_remark_is_given_twice_and_every_one_can_be_said(correct, waived, n):
    given_weeks = [
        Week(
            MONDAY + timedelta(weeks=place), metrics={} if one is None else {"accuracy": Observed(n=100, successes=one)}
        )
        for place, one in enumerate(correct)
    ]
    one = gate(metrics=[{"name": "accuracy", "statistic": "share", "pass": "> 0.85", "min_n": n}])
    remarks = found(one, given_weeks, waived=waived)
    assert len({(care.kind, care.metric, care.person) for care in remarks}) == len(remarks)
    assert all(gate_health.said(care) and gate_health.next_step(care, row(care)) for care in remarks)
    if any(week == 0 for week in correct):
        assert "never_failed" not in [care.kind for care in remarks] or n > 100
