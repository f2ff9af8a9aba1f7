"""The raw rule: three consecutive weeks, read literally."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.gates.policy import Policy
from readout.gates.raw import Measured, WeekFacts, raw_weeks

MONDAY = date(2026, 8, 3)


def policy(*metrics, score=None, **decide) -> Policy:
    value = {"metrics": list(metrics), "decide": {"consecutive_weeks": 3, "evidence": "point", **decide}}
    return Policy.model_validate(value | ({"score": score} if score else {}))


ACCURACY = {"name": "accuracy", "statistic": "share", "pass": "> 0.85", "min_n": 50}
LATENCY = {"name": "latency", "statistic": "p95", "unit": "ms", "pass": "< 300", "min_n": 59}


def week(number, complete=True, **metrics) -> WeekFacts:
    return WeekFacts(MONDAY + timedelta(weeks=number), complete, metrics)


def share(successes, n) -> Measured:
    return Measured(successes / n if n else None, n, successes=successes)


def state_of(rule, measured):
    one = raw_weeks(policy(rule), [week(0, **{rule["name"]: measured})]).weeks[0].metrics[0]
    return (one.state, one.reason) if one.reason else one.state


def test_the_worked_table_of_the_design():
    correct = [88, 84, 90, 89, 91, 92, 90]
    weeks = [week(number, accuracy=share(hits, 100)) for number, hits in enumerate(correct)]
    assert [one.state for one in raw_weeks(policy(ACCURACY), weeks).weeks] == ["met", "missed", *["met"] * 5]
    assert [raw_weeks(policy(ACCURACY), weeks[: n + 1]).streak for n in range(7)] == [1, 0, 1, 2, 3, 4, 5]
    readout = raw_weeks(policy(ACCURACY), weeks[:5])
    assert readout.met
    assert readout.sentence == "3 of 3 weeks met on the raw rule (unprotected)."


def test_a_share_exactly_on_the_line_is_not_above_it():
    assert state_of(ACCURACY, share(170, 200)) == "missed"
    assert state_of(ACCURACY, share(171, 200)) == "met"
    assert state_of({**ACCURACY, "pass": ">= 0.85"}, share(170, 200)) == "met"


def test_a_share_without_its_successes_is_taken_as_written():
    assert state_of({**ACCURACY, "pass": ">= 0.85"}, Measured(0.85, 200)) == "met"
    assert state_of(ACCURACY, Measured(0.85, 200)) == "missed"


def test_too_few_is_held_not_met_and_not_missed():
    assert state_of(ACCURACY, share(49, 49)) == ("held", "too_few")
    assert state_of(ACCURACY, share(0, 49)) == ("held", "too_few")


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), float("-inf")])
def test_no_usable_value_is_no_data(value):
    assert state_of(LATENCY, Measured(value, 100)) == "no_data"
    assert state_of(ACCURACY, Measured(value, 0, successes=0)) == "no_data"


def test_a_metric_that_was_not_delivered_is_no_data():
    assert raw_weeks(policy(ACCURACY, LATENCY), [week(0, accuracy=share(90, 100))]).weeks[0].state == "no_data"


def test_impossible_numbers_are_held_as_invalid():
    assert state_of(ACCURACY, share(101, 100)) == ("held", "invalid")
    assert state_of(LATENCY, Measured(-3.0, 100)) == ("held", "invalid")


def test_a_system_slower_than_before_misses_its_reduction_line():
    rule = {"name": "handling_time_reduction", "statistic": "reduction_vs_baseline", "pass": ">= 0.30"}
    assert state_of(rule, Measured(-0.04, 500)) == "missed"
    assert state_of(rule, Measured(0.30, 500)) == "met"


def test_the_exact_count_decides_a_percentile_that_the_histogram_blurs():
    assert state_of(LATENCY, Measured(298.9, 1000, {"300": 949})) == "missed"
    assert state_of(LATENCY, Measured(301.1, 1000, {"300.0": 950})) == "met"
    assert state_of(LATENCY, Measured(298.9, 1000, {"400": 990, "x": 1})) == "met"


def test_fail_warn_and_the_band_between():
    rule = {"name": "m", "statistic": "mean", "unit": "1", "pass": "< 10", "fail": "> 20"}
    assert state_of(rule, Measured(9, 5)) == "met"
    assert state_of(rule, Measured(21, 5)) == "missed"
    assert state_of(rule, Measured(15, 5)) == ("held", "dead_band")
    assert state_of({**rule, "warn": "< 18"}, Measured(15, 5)) == "held"
    assert state_of({**rule, "fail": "> 5"}, Measured(9, 5)) == "missed"  # fail is asked before pass
    only_fail = {key: value for key, value in rule.items() if key != "pass"}
    assert state_of(only_fail, Measured(19, 5)) == "met"


def test_ranges_any_and_all():
    rule = {"name": "m", "statistic": "mean", "unit": "1"}
    assert state_of({**rule, "pass": {"in": [1, 2]}}, Measured(2.0, 5)) == "met"
    assert state_of({**rule, "pass": {"any": ["> 5", {"in": [1, 2]}]}}, Measured(3.0, 5)) == "missed"
    assert state_of({**rule, "pass": {"all": ["> 1", "< 5"]}}, Measured(3.0, 5)) == "met"


def test_what_the_raw_rule_cannot_know_is_held_as_undecided():
    relative = {"relative_pct": 10, "op": "<="}
    rule = {"name": "m", "statistic": "mean", "unit": "1"}
    assert state_of({**rule, "pass": relative}, Measured(3.0, 5)) == ("held", "undecided")
    assert state_of({**rule, "pass": {"any": ["< 5", relative]}}, Measured(3.0, 5)) == "met"
    assert state_of({**rule, "pass": {"all": ["< 5", relative]}}, Measured(3.0, 5)) == ("held", "undecided")
    assert state_of({**rule, "pass": {"all": ["> 5", relative]}}, Measured(3.0, 5)) == "missed"


def test_a_guardrail_binds_and_one_that_never_ran_is_not_green():
    guard = {"name": "escalation_wrong", "statistic": "share", "breach": "> 0.05", "role": "guardrail"}
    gate = policy(ACCURACY, guard)
    good = share(95, 100)
    assert raw_weeks(gate, [week(0, accuracy=good, escalation_wrong=share(1, 100))]).weeks[0].state == "met"
    assert raw_weeks(gate, [week(0, accuracy=good, escalation_wrong=share(6, 100))]).weeks[0].state == "missed"
    assert raw_weeks(gate, [week(0, accuracy=good)]).weeks[0].state == "no_data"


def test_information_never_binds():
    shown = {"name": "cost", "statistic": "mean", "unit": "EUR", "pass": "< 1", "role": "info"}
    trial = {**shown, "name": "trial", "role": "trial"}
    readout = raw_weeks(policy(ACCURACY, shown, trial), [week(0, accuracy=share(90, 100), cost=Measured(9, 10))])
    assert readout.weeks[0].state == "met"


def test_a_gate_that_requires_nothing_is_never_met():
    readout = raw_weeks(policy({"name": "a"}), [week(n, a=share(9, 10)) for n in range(5)])
    assert readout.streak == 0
    assert "nothing is required" in readout.sentence


def test_a_partial_week_never_completes_a_streak_and_never_breaks_one():
    weeks = [week(n, accuracy=share(90, 100)) for n in range(2)]
    assert raw_weeks(policy(ACCURACY), [*weeks, week(2, complete=False, accuracy=share(95, 100))]).streak == 2
    readout = raw_weeks(policy(ACCURACY), [*weeks, week(2, complete=False, accuracy=share(10, 100))])
    assert readout.streak == 2
    assert readout.weeks[-1].state == "missed"  # drawn, not counted


def test_a_week_that_is_not_there_breaks_the_streak():
    weeks = [week(n, accuracy=share(90, 100)) for n in (0, 1, 3, 4)]
    assert raw_weeks(policy(ACCURACY), weeks).streak == 2


def test_a_week_given_twice_is_refused():
    with pytest.raises(ValueError, match="2026-08-03 is given twice"):
        raw_weeks(policy(ACCURACY), [week(0), week(0)])


def test_sentences_name_what_is_missing():
    few = [week(0, accuracy=share(40, 44))]
    assert raw_weeks(policy(ACCURACY), few).sentence == (
        "0 of 3 weeks met on the raw rule (unprotected); accuracy has 44 of the 50 it needs in a week."
    )
    slow = [week(0, accuracy=share(90, 100), latency=Measured(312.4, 500))]
    assert raw_weeks(policy(ACCURACY, LATENCY), slow).sentence == (
        "0 of 3 weeks met on the raw rule (unprotected); latency at 312.4 ms missed its line in the last complete week "
        "(asked: < 300 ms)."
    )
    assert raw_weeks(policy(ACCURACY), []).sentence == "No complete week yet."
    absent = raw_weeks(policy(ACCURACY), [week(0)]).sentence
    assert absent.endswith("accuracy has no data in the last complete week.")
    watching = raw_weeks(policy(ACCURACY, consecutive_weeks=None), [week(0, accuracy=share(84, 100))])
    assert (watching.needed, watching.met) == (None, False)
    assert watching.sentence == (
        "Watched without a streak rule; the last complete week was beyond its lines on the raw rule (unprotected); "
        "accuracy at 84 % missed its line in the last complete week (asked: > 85 %)."
    )


def test_score_mode_weighs_half_for_held():
    a = {"name": "a", "pass": "> 0.5", "weight": 3, "min_n": 10}
    b = {"name": "b", "pass": "> 0.5", "weight": 1, "min_n": 10}
    gate = policy(a, b, score={"pass_pct": 80, "warn_pct": 70})
    good, bad, few = share(9, 10), share(1, 10), share(1, 1)
    assert raw_weeks(gate, [week(0, a=good, b=good)]).weeks[0].state == "met"
    assert raw_weeks(gate, [week(0, a=good, b=few)]).weeks[0].state == "met"  # 3½ of 4
    assert raw_weeks(gate, [week(0, a=good, b=bad)]).weeks[0].state == "held"  # 3 of 4
    assert raw_weeks(gate, [week(0, a=bad, b=good)]).weeks[0].state == "missed"
    assert raw_weeks(gate, [week(0, a=good)]).weeks[0].state == "no_data"
    keyed = policy({**a, "role": "key"}, {**b, "weight": 99}, score={"pass_pct": 80, "warn_pct": 70})
    assert raw_weeks(keyed, [week(0, a=bad, b=good)]).weeks[0].state == "missed"


MEASURED = st.builds(
    Measured,
    st.none() | st.floats(),
    st.integers(-2, 500),
    st.dictionaries(st.sampled_from(["300", "400", "x"]), st.integers(0, 500)),
    st.none() | st.integers(-2, 600),
)


@given(st.lists(st.tuples(st.booleans(), MEASURED, MEASURED), max_size=8), st.randoms())
def test_total_and_independent_of_the_order_of_weeks(rows, chance):
    weeks = [week(n, complete, accuracy=a, latency=b) for n, (complete, a, b) in enumerate(rows)]
    readout = raw_weeks(policy(ACCURACY, LATENCY), weeks)
    chance.shuffle(weeks)
    assert raw_weeks(policy(ACCURACY, LATENCY), weeks) == readout
    assert readout.sentence.endswith(".")
    if readout.met:
        counted = [one for one in readout.weeks if one.complete][-3:]
        assert all(each.state == "met" for one in counted for each in one.metrics)
