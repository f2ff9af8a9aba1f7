"""The policy bench: what a policy would do at a volume, when it would first have passed, and what is at stake."""

import random
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readout import stats
from readout.gates.bench import (
    HORIZON,
    LONGEST,
    RULES,
    Trial,
    extra_bad,
    first_pass,
    handling_gap,
    hours_waiting,
    observed,
    odds,
    rates,
    trial_of,
    weeks_to_pass,
)
from readout.gates.evaluate import evaluate
from readout.gates.facts import Week
from readout.gates.policy import Policy
from readout.marked_yaml import FaultsError, parse_document
from readout.portfolio import Portfolio, PortfolioError, System, gate_of_text

MONDAY = date(2026, 1, 5)
WITHIN = 0.03  # three standard errors of a simulated share
# published elsewhere: reviews a week, true accuracy → raw, weekly bound, pooled bound, e-value; line 0.85, 3 weeks
PUBLISHED = {
    (50, 0.85): (0.621, 0.001, 0.029, 0.012),
    (50, 0.90): (0.997, 0.118, 0.688, 0.794),
    (100, 0.83): (0.128, 0.000, 0.002, 0.000),
    (100, 0.85): (0.494, 0.002, 0.034, 0.009),
    (100, 0.87): (0.892, 0.028, 0.284, 0.197),
    (100, 0.90): (1.000, 0.484, 0.967, 0.985),
    (200, 0.83): (0.065, 0.000, 0.000, 0.000),
    (200, 0.90): (1.000, 0.849, 1.000, 1.000),
    (400, 0.85): (0.539, 0.001, 0.036, 0.004),
    (400, 0.90): (1.000, 0.999, 1.000, 1.000),
}
GATE = """gate: desk/partial-to-full
system: desk
from_stage: partial
to_stage: full
owner: a@x.example
approver: b@x.example
metrics:
  - {name: accuracy, statistic: share, pass: "> 0.85", role: required}
decide: {consecutive_weeks: 3}
"""


def policy(metric=None, **decide):
    accuracy = {"name": "accuracy", "statistic": "share", "pass": "> 0.85"}
    return Policy.model_validate({"metrics": [metric or accuracy], "decide": {"consecutive_weeks": 3, **decide}})


def trial(one, n, line=0.85):
    return trial_on(one.metrics[0], n, line)


def trial_on(metric, n, line):
    return Trial(metric, metric.pass_, line, n)


def by_rule(one, n, rate):
    return [found for found in odds(one, trial(one, n)) if found.rate == pytest.approx(rate)]


def weeks_of(one, given):
    metric = one.metric.name
    return [
        Week(MONDAY + timedelta(weeks=place), metrics={metric: observed(one, one.n, good)})
        for place, good in enumerate(given)
    ]


# --- chances ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "rate"), PUBLISHED)
def test_the_chances_are_the_published_ones(n, rate):
    found = by_rule(policy(), n, rate)
    assert [one.rule for one in found] == list(RULES)
    assert [one.promoted for one in found] == pytest.approx(PUBLISHED[n, rate], abs=WITHIN)


def test_the_medians_are_the_published_ones():
    assert [one.weeks for one in by_rule(policy(), 100, 0.90)] == [3, 13, 4, 4]


def test_the_raw_rule_is_the_exact_chain_of_runs():
    upto = stats.binomial_cumulative(100, 0.87)
    exact = stats.run_probability(1 - upto[85], 3, HORIZON)
    assert by_rule(policy(), 100, 0.87)[0].promoted == pytest.approx(exact, abs=WITHIN)


def test_one_policy_is_simulated_in_a_moment_and_always_the_same():
    one = policy(consecutive_weeks=4, alpha=0.04)  # of no other test: nothing is remembered of it
    begun = time.process_time()
    found = odds(one, trial(one, 163))
    assert time.process_time() - begun < 3  # under one on an idle machine
    odds.cache_clear()
    assert odds(one, trial(one, 163)) == found


POLICIES = {
    "plain": policy(),
    "with a breach and a cooldown": policy(
        {"name": "accuracy", "statistic": "share", "pass": "> 0.85", "breach": "< 0.75"}, cooldown_weeks=2
    ),
    "with a breach that stays": policy({"name": "accuracy", "statistic": "share", "pass": "> 0.85", "breach": "< 0.8"}),
    "with limits": policy(max_missed_weeks=4, horizon_weeks=9),
    "with a dead band": policy(
        {"name": "accuracy", "statistic": "share", "pass": "> 0.85", "fail": "< 0.8"}, max_held_weeks=2
    ),
    "where less is better": policy({"name": "escalation_rate", "statistic": "share", "pass": "<= 0.15"}),
    "of a percentile": policy({"name": "latency", "statistic": "p90", "unit": "ms", "pass": "< 300"}),
    "with more than there is": policy({"name": "accuracy", "statistic": "share", "pass": "> 0.85", "min_n": 90}),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=12)
@given(seed=st.integers(0, 10**6), n=st.sampled_from([20, 60, 150]), rate=st.sampled_from([0.8, 0.86, 0.9, 0.97]))
def test_the_bench_passes_in_the_week_in_which_the_engine_does(name, rule, seed, n, rate):
    given_policy = POLICIES[name]
    one = given_policy.model_copy(update={"decide": given_policy.decide.model_copy(update={"evidence": rule})})
    tried = trial(one, n, 0.9 if name == "of a percentile" else 0.85)
    draw = random.Random(seed)  # noqa: S311 - repeatable
    good = [sum(draw.random() < rate for _ in range(n)) for _ in range(LONGEST // 2)]
    weeks = weeks_of(tried, good)
    verdicts = (evaluate(one, weeks[:upto]) for upto in range(1, len(weeks) + 1))
    engine = next((place for place, verdict in enumerate(verdicts, 1) if verdict.state == "PASS"), None)
    assert weeks_to_pass(one, tried, rule, good) == engine
    assert first_pass(one, weeks) == (weeks[engine - 1].week if engine else None)


@given(st.floats(0.01, 0.99))
def test_the_rates_lie_around_the_line_and_are_possible(line):
    below, on, above, far = rates(line)
    assert 0 < below < on == line < above < far < 1


def test_what_is_simulated_is_the_required_share_with_the_fewest_observations():
    one = Policy.model_validate(
        {
            "metrics": [
                {"name": "latency", "statistic": "p95", "unit": "ms", "pass": "< 300"},
                {"name": "accuracy", "statistic": "share", "pass": "> 0.85"},
                {"name": "cost", "statistic": "mean", "unit": "EUR", "pass": "< 1"},
            ],
            "decide": {"consecutive_weeks": 3},
        }
    )
    fast, right = trial(one, 900, 0.95), trial_on(one.metrics[1], 0, 0.85)
    weeks = [
        Week(
            MONDAY + timedelta(weeks=place),
            metrics={"latency": observed(fast, 900, 870), "accuracy": observed(right, n, n - 3)},
        )
        for place, n in enumerate((80, 100, 90))
    ]
    found = trial_of(one, evaluate(one, weeks).weeks)
    assert found is not None
    assert (found.metric.name, found.n, found.line) == ("accuracy", 90, 0.85)
    assert trial_of(one, ()) is None


def test_a_line_where_less_is_better_is_shown_as_it_is_written():
    one = POLICIES["where less is better"]
    assert trial(one, 100).shown(0.83) == pytest.approx(0.17)
    assert trial(policy(), 100).shown(0.83) == 0.83


# --- past weeks ------------------------------------------------------------------------------------------------------


def test_a_week_that_passed_once_is_found_though_a_later_release_starts_afresh():
    one = policy(evidence="point")
    weeks = weeks_of(trial(one, 100), [90, 90, 90, 90])
    weeks[3] = Week(weeks[3].week, release="new", metrics=weeks[3].metrics)
    assert evaluate(one, weeks).state == "HOLD"
    assert first_pass(one, weeks) == weeks[2].week


def test_a_gate_that_only_watches_never_passes():
    one = policy(evidence="point", consecutive_weeks=None)
    assert first_pass(one, weeks_of(trial(one, 100), [99] * 9)) is None
    assert weeks_to_pass(one, trial(one, 100), "point", [99] * 9) is None


# --- what is at stake ------------------------------------------------------------------------------------------------


def test_handling_is_compared_on_what_people_do_now():
    people = {"mail": (100, 100 * 300.0), "phone": (50, 50 * 600.0), "letter": (50, 50 * 900.0)}
    ai = {"mail": (900, 900 * 60.0), "phone": (20, 20 * 120.0), "letter": (4, 40.0)}
    gap = handling_gap(people, ai)
    assert gap is not None
    assert gap.people == pytest.approx((100 * 300 + 50 * 600) / 150)
    assert gap.ai == pytest.approx((100 * 60 + 50 * 120) / 150)
    assert gap.left_out == pytest.approx(0.25)
    # 0.3 of 1,000 tasks, 400 − 80 seconds each
    assert hours_waiting(1000, 0.7, 1.0, gap) == pytest.approx(300 * 320 / 3600)
    assert hours_waiting(1000, 1.0, 0.9, gap) == 0


def test_without_work_of_one_type_on_both_sides_there_is_no_gap():
    assert handling_gap({"mail": (100, 1.0)}, {"phone": (100, 1.0)}) is None
    assert handling_gap({}, {}) is None


def test_being_wrong_is_what_comes_on_top_of_a_system_on_its_line():
    assert extra_bad(2000, 0.5, 0.85, 0.75) == pytest.approx(100)
    assert extra_bad(2000, 0.5, 0.85, 0.90) == 0


# --- the text --------------------------------------------------------------------------------------------------------


def refused(text, system="desk"):
    with pytest.raises(PortfolioError) as found:
        gate_of_text(text, "gate.yaml", Portfolio(), system=system)
    return [(fault.line, fault.message) for fault in found.value.faults]


def test_a_text_is_read_as_its_file_would_be():
    assert gate_of_text(GATE, "gate.yaml", Portfolio(), system="desk").decide.consecutive_weeks == 3


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("> 0.85", "0.85", 8, "must be an operator"),
        ("> 0.85", "> 85", 8, "share between 0 and 1"),
        ("role: required", "roll: required", 8, "did you mean `role`"),
        ("approver: b@x.example", "approver: a@x.example", 6, "same person"),
        ("consecutive_weeks: 3", "consecutive_weeks: three", 9, "must be a whole number"),
        ("system: desk", "system: shop", 2, "unknown system"),
        ("decide: {", "decide: [", 9, "not valid YAML"),
    ],
)
def test_a_text_that_is_refused_says_on_which_line(old, new, line, said):
    (found,) = refused(GATE.replace(old, new))
    assert found[0] == line
    assert said in found[1]


@pytest.mark.parametrize(
    "text", ["", "   \n", "[]", "gate", "a: b: c", "\x00", "\ud800", "x: *y", "{" * 99, "é" * 600_000]
)
def test_whatever_is_typed_is_refused_with_a_fault_and_nothing_else(text):
    assert refused(text)


@given(st.text())
def test_reading_a_text_never_fails_in_another_way(text):
    try:
        document = parse_document(text, "gate.yaml")
    except FaultsError as refusal:
        faults = refusal.faults
    else:
        faults = (document,)
    assert faults


def test_the_weeks_of_another_system_are_not_tried():
    systems = {
        name: System.model_validate({"id": name, "name": name, "unit_of_work": "ticket"}) for name in ("desk", "shop")
    }
    with pytest.raises(PortfolioError) as found:
        gate_of_text(GATE.replace("system: desk", "system: shop"), "g", Portfolio(systems=systems), system="desk")
    assert "weeks of `desk`" in str(found.value)
