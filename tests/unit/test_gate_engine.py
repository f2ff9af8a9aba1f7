"""The gate engine: worked table, founding sentence, every state and reason, and the laws that make PASS a proof."""

import json
import math
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from readout.cli import app
from readout.gates.document import verdict_document
from readout.gates.evaluate import evaluate
from readout.gates.facts import FactsError, Observed, Week, read_weeks
from readout.gates.policy import Policy
from readout.stats import e_value
from readout.warehouse.errors import InputError

WORKED = Path(__file__).parent / "gates_worked"
MONDAY = date(2026, 1, 5)


def policy(metrics=None, **decide):
    metrics = metrics or [{"name": "accuracy", "statistic": "share", "pass": "> 0.85", "breach": "< 0.80", "min_n": 50}]
    top = {key: decide.pop(key) for key in ("week", "score") if key in decide}
    return Policy.model_validate({"metrics": metrics, "decide": {"consecutive_weeks": 3, **decide}, **top})


def weeks(*shown, n=100, **common):
    """Weeks of accuracy: a number is the successes of n, an Observed stands as it is, None is no data."""
    found = []
    for place, one in enumerate(shown):
        seen = one if isinstance(one, Observed | type(None)) else Observed(n=n, successes=one)
        metrics = {} if seen is None else {"accuracy": seen}
        found.append(Week(MONDAY + timedelta(weeks=place), metrics=metrics, **common))
    return found


def outcome(rules, given, **options):
    found = evaluate(rules, given, **options)
    return found.state, found.reason


def test_the_worked_table():
    rules = policy()
    seen = [88, 84, 90, 89, 91, 92, 90]
    told = []
    for count in range(1, 8):
        found = evaluate(rules, weeks(*seen[:count]))
        told.append((found.weeks[-1].state, found.streak, round(found.evidence or 0, 2), found.state, found.reason))
    assert told == [
        ("met", 1, 0.60, "HOLD", "in_progress"),
        ("missed", 0, 0.27, "HOLD", "quality"),
        ("met", 1, 0.54, "HOLD", "in_progress"),
        ("met", 2, 0.90, "HOLD", "in_progress"),
        ("met", 3, 2.66, "HOLD", "volume"),
        ("met", 4, 12.66, "HOLD", "volume"),
        ("met", 5, 33.18, "PASS", "consecutive_met"),
    ]


def test_the_worked_table_comes_out_of_the_command():
    arguments = ["gates", "evaluate", "--policy", str(WORKED / "accuracy.yaml"), "--weeks", str(WORKED / "weeks.json")]
    found = CliRunner().invoke(app, [*arguments, "--json"])
    document = json.loads(found.stdout)
    assert found.exit_code == 0
    assert (document["state"], document["reason"], document["streak"]) == ("PASS", "consecutive_met", 5)
    assert document["evidence"] == pytest.approx(33.18, abs=5e-3)
    assert document["evidence_needed"] == 20
    assert document["weeks"][0]["metrics"]["accuracy"]["lower"] == pytest.approx(0.8168, abs=1e-3)
    assert CliRunner().invoke(app, [*arguments, "--json"]).stdout == found.stdout


FOUNDING = [
    {"name": "accuracy", "statistic": "share", "pass": "> 0.85", "min_n": 50},
    {"name": "latency", "statistic": "p95", "unit": "ms", "pass": "< 300", "min_n": 59},
]


def both(successes, value, under, n=400):
    return {"accuracy": Observed(n=n, successes=successes), "latency": Observed(n=n, value=value, under_line=under)}


def test_the_founding_sentence_needs_both_lines_in_three_consecutive_weeks():
    good = [Week(MONDAY + timedelta(weeks=k), metrics=both(372, 280.0, 395)) for k in range(3)]
    assert outcome(policy(FOUNDING), good) == ("PASS", "consecutive_met")
    slow = [*good[:2], Week(good[2].week, metrics=both(372, 320.0, 370))]
    assert outcome(policy(FOUNDING), slow) == ("HOLD", "quality")
    uncounted = [Week(one.week, metrics={**one.metrics, "latency": Observed(n=400, value=280.0)}) for one in good]
    found = evaluate(policy(FOUNDING), uncounted)
    assert (found.state, found.reason, found.evidence, found.weakest) == ("HOLD", "volume", None, "latency")


def test_a_percentile_near_its_line_is_decided_by_the_exact_count():
    one = policy([FOUNDING[1]], evidence="point", consecutive_weeks=1)

    def latency(value, under):
        return [Week(MONDAY, metrics={"latency": Observed(n=100, value=value, under_line=under)})]

    assert outcome(one, latency(301.0, 95))[0] == "PASS"
    assert outcome(one, latency(299.0, 94))[0] == "HOLD"
    assert outcome(one, latency(212.0, 97))[0] == "PASS"


@pytest.mark.parametrize(
    ("op", "successes", "state"),
    [(">", 170, "missed"), (">=", 170, "met"), ("<", 170, "missed"), ("<=", 170, "met"), (">", 171, "met")],
)
def test_comparisons_are_exact_and_strict_as_written(op, successes, state):
    rules = policy([{"name": "accuracy", "statistic": "share", "pass": f"{op} 0.85"}], evidence="point")
    assert evaluate(rules, weeks(successes, n=200)).weeks[0].state == state


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("seen", "state", "reason"),
    [
        (None, "no_data", ""),
        (Observed(n=0, successes=0), "no_data", ""),
        (Observed(n=100), "no_data", ""),
        (Observed(n=100, value=NAN), "no_data", ""),
        (Observed(n=100, value=INF), "no_data", ""),
        (Observed(n=100, successes=101), "held", "invalid"),
        (Observed(n=100, successes=-1), "held", "invalid"),
        (Observed(n=100, value=1.2), "held", "invalid"),
        (Observed(n=49, successes=49), "held", "volume"),
        (Observed(n=50, successes=43), "met", ""),
        (Observed(n=100, successes=70), "breach", ""),
        (Observed(n=100, successes=79), "missed", ""),
    ],
)
def test_the_state_of_a_metrics_week(seen, state, reason):
    week = evaluate(policy(), weeks(seen)).weeks[0]
    assert (week.metrics[0].state, week.metrics[0].reason) == (state, reason)
    assert week.state == state


def test_an_unsettled_week_is_held_and_a_dead_band_is_neither():
    assert outcome(policy(), weeks(90, settled=False)) == ("HOLD", "unsettled")
    band = policy([{"name": "accuracy", "statistic": "share", "pass": "> 0.85", "fail": "< 0.80"}], evidence="point")
    assert outcome(band, weeks(82)) == ("HOLD", "dead_band")
    assert outcome(band, weeks(79)) == ("HOLD", "quality")


def test_a_breach_is_final_until_its_cooldown_is_over():
    assert outcome(policy(), weeks(60, 95, 95, 95)) == ("FAIL", "breach")
    cooled = policy(cooldown_weeks=2)
    assert outcome(cooled, weeks(95, 60)) == ("FAIL", "breach")
    assert outcome(cooled, weeks(95, 60, 99, 99)) == ("HOLD", "cooldown")
    found = evaluate(cooled, weeks(95, 60, 99, 99, 97, 97, 97))
    assert (found.state, found.streak) == ("PASS", 3)
    assert found.evidence == e_value(291, 300, 0.85)


def test_limits_decide_in_their_order():
    assert outcome(policy(max_missed_weeks=1), weeks(84, 84)) == ("FAIL", "failure_limit")
    assert outcome(policy(max_held_weeks=0), weeks(Observed(n=9, successes=9))) == ("HOLD", "inconclusive_limit")
    assert outcome(policy(max_no_data_weeks=1), weeks(95, None, None, 95)) == ("NO_DATA", "no_data_limit")
    assert outcome(policy(horizon_weeks=3), weeks(95, 84, 95)) == ("FAIL", "horizon_reached_streak_not_met")
    horizon = policy(horizon_weeks=3, max_missed_weeks=9)
    assert outcome(horizon, weeks(95, 84, 95)) == ("HOLD", "horizon_reached_undecided")


def test_nothing_decides_without_closed_weeks_data_or_requirements():
    assert outcome(policy(), []) == ("NO_DATA", "no_closed_week")
    assert outcome(policy(), weeks(95, complete=False)) == ("NO_DATA", "no_closed_week")
    assert outcome(policy(), weeks(None, None)) == ("NO_DATA", "no_closed_week_with_data")
    watch = policy([{"name": "accuracy", "statistic": "share", "breach": "< 0.80", "role": "guardrail"}])
    assert outcome(watch, weeks(95, 95, 95)) == ("HOLD", "nothing_required")
    assert outcome(watch, weeks(60)) == ("FAIL", "breach")
    assert outcome(policy(), weeks(95, 95), closed_early=True) == ("HOLD", "closed_early")
    assert outcome(policy(consecutive_weeks=None), weeks(99, 99, 99))[0] == "HOLD"


def test_a_guardrail_that_never_ran_is_not_green():
    rules = policy(
        [FOUNDING[0], {"name": "wrong", "statistic": "share", "breach": "> 0.05", "role": "guardrail"}],
        evidence="point",
    )
    assert evaluate(rules, weeks(95)).weeks[0].state == "no_data"


def test_a_new_release_starts_afresh():
    first = weeks(96, 96, release="r1")
    second = [Week(first[-1].week + timedelta(weeks=1), release="r2", metrics=first[0].metrics)]
    found = evaluate(policy(), [*first, *second])
    assert (found.state, found.streak) == ("HOLD", 1)
    assert found.evidence == e_value(96, 100, 0.85)


def test_a_missing_week_breaks_the_streak_unless_it_was_declared():
    given = weeks(95, 95, 95, 95)
    gap = [given[0], given[1], given[3]]
    assert evaluate(policy(), gap).streak == 1
    frozen = [{"week": given[2].week, "declared_on": date(2025, 12, 1), "reason": "closed"}]
    agreed = policy(week={"gaps": "freeze", "frozen": frozen})
    assert evaluate(agreed, gap).streak == 3


def test_relative_rules_look_back_and_know_nothing_without_a_past():
    rule = {"relative_pct": 10, "op": "<=", "aggregate": "avg", "last_k": 2, "include": "all"}
    rules = policy(
        [{"name": "latency", "statistic": "p95", "unit": "ms", "pass": rule}], evidence="point", consecutive_weeks=2
    )

    def run(*values):
        return [
            Week(MONDAY + timedelta(weeks=k), metrics={"latency": Observed(n=99, value=float(v))})
            for k, v in enumerate(values)
        ]

    assert outcome(rules, run(100)) == ("HOLD", "no_baseline")
    assert [week.state for week in evaluate(rules, run(100, 110, 116)).weeks] == ["held", "met", "missed"]


def test_arms_are_compared_by_ranks():
    rule = {"compare": "mann_whitney", "direction": "increase", "alpha": 0.05}
    rules = policy([{"name": "score", "statistic": "mean", "unit": "1", "pass": rule}], evidence="point")
    better = Observed(samples=tuple(range(20, 40)), control=tuple(range(20)))
    week = Week(MONDAY, metrics={"score": better})
    assert evaluate(rules, [week]).weeks[0].state == "met"
    alone = Week(MONDAY, metrics={"score": Observed(samples=(1.0, 2.0))})
    assert outcome(rules, [alone]) == ("HOLD", "no_baseline")
    assert outcome(rules, [Week(MONDAY, metrics={"score": Observed(samples=())})])[0] == "NO_DATA"


def test_means_and_pooled_bounds():
    cost = [{"name": "cost_per_task", "statistic": "mean", "unit": "EUR", "pass": "< 0.50"}]
    near, clear = Observed(n=100, value=0.49, sd=0.3), Observed(n=100, value=0.30, sd=0.3)

    def run(one):
        return [Week(MONDAY + timedelta(weeks=k), metrics={"cost_per_task": one}) for k in range(3)]

    for evidence in ("always_valid", "pooled"):
        assert outcome(policy(cost, evidence=evidence), run(near)) == ("HOLD", "volume")
        assert outcome(policy(cost, evidence=evidence), run(clear)) == ("PASS", "consecutive_met")
        assert outcome(policy(cost, evidence=evidence), run(Observed(n=100, value=0.3))) == ("HOLD", "volume")
    assert outcome(policy(evidence="weekly_bound"), weeks(90, 90, 90)) == ("HOLD", "volume")
    assert outcome(policy(evidence="weekly_bound"), weeks(92, 92, 92)) == ("PASS", "consecutive_met")
    assert outcome(policy(evidence="pooled"), weeks(88, 88, 88)) == ("HOLD", "volume")
    assert outcome(policy(evidence="pooled"), weeks(94, 94, 94)) == ("PASS", "consecutive_met")


def test_score_mode_weighs_met_and_held():
    metrics = [
        {"name": "accuracy", "statistic": "share", "pass": "> 0.85", "weight": 3},
        {"name": "speed", "statistic": "share", "pass": "> 0.5", "warn": "> 0.3", "weight": 1},
        {"name": "safe", "statistic": "share", "pass": "> 0.9", "role": "key"},
    ]
    rules = policy(metrics, evidence="point", score={"pass_pct": 80, "warn_pct": 60})

    def state(accuracy, speed, safe):
        seen = {"accuracy": accuracy, "speed": speed, "safe": safe}
        given = {name: Observed(n=100, successes=value) for name, value in seen.items() if value is not None}
        return evaluate(rules, [Week(MONDAY, metrics=given)]).weeks[0].state

    assert state(90, 40, 95) == "met"
    assert state(90, 20, 95) == "met"
    assert state(80, 90, 95) == "missed"
    assert state(90, 90, 80) == "missed"
    assert state(90, None, 95) == "no_data"


HUGE = st.sampled_from([NAN, INF, 1e308, 10**200, 5e-324])
OBSERVED = st.builds(
    Observed,
    n=st.none() | st.integers(-2, 300) | HUGE,
    successes=st.none() | st.integers(-2, 320) | HUGE,
    value=st.none() | st.floats(allow_nan=True, allow_infinity=True),
    under_line=st.none() | st.integers(-1, 320),
    sd=st.none() | st.floats(0, 100) | HUGE,
)
COST = {"name": "cost", "statistic": "mean", "unit": "EUR", "pass": "< 0.50", "breach": "> 1"}
WEEKS = st.lists(
    st.builds(
        lambda complete, settled, release, accuracy, latency, cost: (
            complete, settled, release, {"accuracy": accuracy, "latency": latency, "cost": cost}
        ),
        st.booleans(), st.booleans(), st.sampled_from(["r1", "r1", "r2"]), OBSERVED, OBSERVED, OBSERVED,
    ),
    max_size=8,
).map(
    lambda rows: [
        Week(MONDAY + timedelta(weeks=k), complete, settled, release, metrics)
        for k, (complete, settled, release, metrics) in enumerate(rows)
    ]
)  # fmt: skip
RULES = st.builds(
    lambda evidence, k, cooldown, missed: policy(
        FOUNDING, evidence=evidence, consecutive_weeks=k, cooldown_weeks=cooldown, max_missed_weeks=missed
    ),
    st.sampled_from(["point", "weekly_bound", "pooled", "always_valid"]),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(0, 2),
    st.none() | st.integers(0, 3),
)


@given(rules=RULES, costly=st.booleans(), given_weeks=WEEKS, order=st.randoms(use_true_random=False))
def test_every_input_yields_a_state_whatever_its_order(rules, costly, given_weeks, order):
    rules = policy([*FOUNDING, COST], **rules.decide.model_dump(exclude_unset=True)) if costly else rules
    found = evaluate(rules, given_weeks)
    assert found.state in {"PASS", "HOLD", "FAIL", "NO_DATA"}
    assert found.reason
    text = json.dumps(verdict_document(rules, found), allow_nan=False)
    order.shuffle(given_weeks)
    assert json.dumps(verdict_document(rules, evaluate(rules, given_weeks)), allow_nan=False) == text


@given(rules=RULES, given_weeks=WEEKS, extra=OBSERVED)
def test_a_partial_week_changes_nothing(rules, given_weeks, extra):
    before = evaluate(rules, given_weeks)
    last = MONDAY + timedelta(weeks=len(given_weeks))
    after = evaluate(rules, [*given_weeks, Week(last, complete=False, release="r9", metrics={"accuracy": extra})])
    assert after.weeks[:-1] == before.weeks
    assert (after.state, after.reason, after.streak, after.evidence) == (
        before.state, before.reason, before.streak, before.evidence
    )  # fmt: skip


GOOD = st.lists(st.tuples(st.integers(40, 300), st.floats(0.7, 1), st.floats(0.85, 1)), min_size=1, max_size=8)


@given(rules=RULES, rows=GOOD)
def test_pass_implies_that_the_evidence_satisfies_every_required_rule(rules, rows):
    given_weeks = [
        Week(
            MONDAY + timedelta(weeks=k),
            metrics={
                "accuracy": Observed(n=n, successes=int(n * right)),
                "latency": Observed(n=n, value=250.0 if int(n * fast) >= 0.95 * n else 350.0, under_line=int(n * fast)),
            },
        )
        for k, (n, right, fast) in enumerate(rows)
    ]
    found = evaluate(rules, given_weeks)
    if found.state != "PASS":
        return
    k = rules.decide.consecutive_weeks
    upto = [week for week in found.weeks if found.decided_on and week.week.week <= found.decided_on]
    assert found.streak >= k
    for week in upto[-k:]:
        assert all(one.state == "met" for one in week.metrics)
    if rules.decide.evidence == "always_valid":
        assert (found.evidence or 0) >= 20
        assert all(one.n and math.isfinite(one.n) for week in upto for one in week.metrics)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "JSON list"),
        ([{"week": "5 Jan"}], "first day"),
        ([{"week": "2026-01-05"}, {"week": "2026-01-05"}], "given twice"),
        ([{"week": "2026-01-06"}, {"week": "2026-01-05"}], "2026-01-05 and 2026-01-06 overlap"),
        ([{"week": "2026-01-05", "complete": "yes"}], "true or false"),
        ([{"week": "2026-01-05", "metrics": {"accuracy": {"n": "many"}}}], "must be a number"),
        ([{"week": "2026-01-05", "metrics": {"accuracy": {"succeses": 3}}}], "did you mean `successes`"),
        ([{"week": "2026-01-05", "metrics": {"latency": {"under": {"fast": 3}}}}], "keyed by lines"),
    ],
)
def test_weeks_that_cannot_be_read_are_refused_by_name(document, said):
    with pytest.raises(FactsError, match=said):
        read_weeks(document)


def test_a_key_given_twice_in_a_file_is_refused_with_its_file(tmp_path):
    path = tmp_path / "w.json"
    path.write_text('[{"week": "2026-01-05", "metrics": {"accuracy": {"n": 9, "n": 100, "successes": 9}}}]')
    done = CliRunner().invoke(
        app, ["gates", "evaluate", "--policy", str(WORKED / "accuracy.yaml"), "--weeks", str(path)]
    )
    assert isinstance(done.exception, InputError)
    assert str(done.exception) == f"{path}: `n` is given twice in one object"


def test_what_requires_nothing_can_only_fail():
    shown = [{"name": "accuracy", "statistic": "share", "pass": "> 0.85", "role": "info"}]
    limits = {"evidence": "point", "max_held_weeks": 0, "max_no_data_weeks": 0, "horizon_weeks": 3}
    assert outcome(policy(shown, **limits), weeks(95, 95, 95, None)) == ("HOLD", "nothing_required")
    watched = [{"name": "accuracy", "statistic": "share", "breach": "< 0.80", "role": "guardrail"}]
    assert outcome(policy(watched, **limits), weeks(95, 60)) == ("FAIL", "breach")


def test_weeks_may_hold_what_json_lacks():
    [week] = read_weeks(
        [{"week": "2026-01-05", "metrics": {"a": {"n": 5, "value": "NaN"}, "b": {"value": "Infinity"}}}]
    )
    assert math.isnan(week.metrics["a"].value or 0)
    assert week.metrics["b"].value == INF


@pytest.mark.parametrize(("seen", "code"), [([95, 95, 95, 95], 0), ([95], 10), ([60], 20), ([], 30)])
def test_exit_codes_for_delivery_pipelines(tmp_path, seen, code):
    given_weeks = [
        {"week": str(MONDAY + timedelta(weeks=k)), "metrics": {"accuracy": {"n": 100, "successes": one}}}
        for k, one in enumerate(seen)
    ]
    (tmp_path / "w.json").write_text(json.dumps(given_weeks))
    arguments = ["gates", "evaluate", "--policy", str(WORKED / "accuracy.yaml"), "--weeks", str(tmp_path / "w.json")]
    assert CliRunner().invoke(app, arguments).exit_code == code
