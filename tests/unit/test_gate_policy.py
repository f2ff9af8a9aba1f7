"""Gate policies: what is accepted, what is refused and where, and what makes two policies the same."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.gates.fields import exact
from readout.gates.lint import remarks
from readout.gates.policy import Gate, Policy, PolicyError, PolicyLine, read_policy
from readout.gates.rules import Comparison, leaves

FOUNDING = """gate: routing-engine/partial-to-full
system: routing-engine
from_stage: partial
to_stage: full
owner: ops-lead@example.com
approver: coo@example.com            # must differ from the owner
review_by: 2027-03-31
metrics:
  - {name: accuracy, statistic: share, pass: "> 0.85", breach: "< 0.80", min_n: 50, judge: human, role: required}
  - {name: latency, statistic: p95, unit: ms, pass: "< 300", min_n: 59, role: required}
  - {name: escalation_wrong, statistic: share, breach: "> 0.05", min_n: 50, role: guardrail}
decide: {consecutive_weeks: 3, evidence: always_valid, alpha: 0.05, max_missed_weeks: 6, cooldown_weeks: 2}
week: {settle_hours: 48, verdict_coverage: 0.95, gaps: break}
on_pass: {stage: full, load_share: 1.0, review_rate: 0.05, milestone: R-114, notify: [platform, product]}
on_breach: {stage: partial, load_share: 0.25, review_rate: 0.50}
on_fail: {notify: [owner]}
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return read_policy(path)

    return read_text


@pytest.fixture
def faults(read):
    def faults_of(text):
        with pytest.raises(PolicyError) as caught:
            read(text)
        return [f"{fault.line}: {fault.message}" for fault in caught.value.faults]

    return faults_of


def metric(**keys) -> dict:
    return {"name": "m", "statistic": "mean", "unit": "1", **keys}


def test_the_policy_of_the_design_reads_whole(read):
    gate = read(FOUNDING)
    assert isinstance(gate, Gate)
    assert [str(line.rule) for one in gate.metrics for line in lines(one)] == ["> 0.85", "< 0.8", "< 300", "> 0.05"]
    assert gate.decide.consecutive_weeks == 3
    assert gate.arm_of(gate.metrics[0]) == "ai"
    assert gate.on_pass is not None
    assert gate.on_pass.notify == ("platform", "product")


def lines(one):
    return [PolicyLine(one, name, rule) for name, rule in one.rules.items()]


def test_a_line_reads_as_people_say_it(read):
    gate = read(FOUNDING)
    assert [str(line) for one in gate.metrics for line in lines(one)] == [
        "accuracy > 0.85",
        "accuracy < 0.8",
        "latency p95 < 300 ms",
        "escalation wrong > 0.05",
    ]


def test_metrics_and_decide_are_enough_to_evaluate(read):
    policy = read("metrics:\n  - {name: accuracy, pass: '> 0.85'}\ndecide: {consecutive_weeks: 3}\n")
    assert not isinstance(policy, Gate)
    assert policy.metrics[0].is_share
    assert (policy.decide.evidence, policy.decide.alpha, policy.decide.looks) == ("always_valid", 0.05, 10)
    assert (policy.metrics[0].min_n, policy.metrics[0].weight, policy.metrics[0].role) == (1, 1, "required")


def test_defaults_of_the_week(read):
    week = read("metrics: []\n").week
    assert (week.settle_hours, week.verdict_coverage, week.gaps) == (48, 0.95, "break")


def test_shadow_is_measured_on_the_shadow_arm(read):
    text = FOUNDING.replace("from_stage: partial", "from_stage: shadow")
    gate = read(text.replace("role: guardrail", "role: guardrail, arm: human"))
    assert [gate.arm_of(one) for one in gate.metrics] == ["shadow", "shadow", "human"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("coo@example.com ", "Ops-Lead@example.com ", "6: `approver`: owner and approver are the same person"),
        ("statistic: p95, ", "", "10: `metrics[1]`: `latency` needs a statistic"),
        (", unit: ms", "", "10: `metrics[1]`: `latency` needs a unit for its p95"),
        ("settle_hours", "setle_hours", "13: unknown key `week.setle_hours` (did you mean `settle_hours`?)"),
        ("on_fail: {notify", "on_fail: {notfy", "16: unknown key `on_fail.notfy` (did you mean `notify`?)"),
        ('"> 0.85"', '"better"', "9: `metrics[0].pass`: must be an operator"),
        ('"> 0.85"', '"> 85"', "9: `metrics[0].pass`: `accuracy` is a share between 0 and 1; 85 can never decide it"),
        ('"> 0.85"', "0.85", "9: `metrics[0].pass`: must be an operator and a number"),
        ('"> 0.85"', '"> 85 %"', "9: `metrics[0].pass`: must be an operator"),
        (
            'pass: "< 300", min_n',
            'warn: "< 300", min_n',
            "is required but has no pass or fail line; make it a guardrail",
        ),
        ('breach: "< 0.80"', 'breach: "> 0.80"', "9: `metrics[0].breach`: `accuracy` passes > 0.85 and breaches > 0.8"),
        ("to_stage: full", "to_stage: shadow", "4: `to_stage`: to_stage shadow lies below from_stage partial"),
        ("to_stage: full", "to_stage: pilot", "4: `to_stage` must be shadow, assisted, partial, full or retired"),
        ("2027-03-31", "2027-02-29", "7: `review_by`: must be a date that exists"),
        ("2027-03-31", "soon", "7: `review_by`: must be a date that exists"),
        ("alpha: 0.05", "alpha: 1.5", "12: `decide.alpha` must be less than 1, found `1.5`"),
        (
            "consecutive_weeks: 3",
            "consecutive_weeks: 0",
            "12: `decide.consecutive_weeks` must be at least 1, found `0`",
        ),
        ("consecutive_weeks: 3", "consecutive_weeks: '3'", "12: `decide.consecutive_weeks` must be a whole number"),
        ("max_missed_weeks: 6", "horizon_weeks: 2", "12: `decide.horizon_weeks`: ends before consecutive_weeks 3"),
        ("name: escalation_wrong", "name: accuracy", "11: `metrics[2]`: the metric `accuracy` is given twice"),
        ("min_n: 59", "min_n: -1", "10: `metrics[1].min_n` must be at least 1, found `-1`"),
        ("verdict_coverage: 0.95", "verdict_coverage: 95", "13: `week.verdict_coverage` must be at most 1, found `95`"),
        ("owner: ops-lead@example.com", "owner: ''", "5: `owner` must not be empty"),
        ('"< 300"', "{in: [100, 300]}", "10: `metrics[1].pass`: the pass rule of `latency` (100 to 300) can only be"),
        ('"< 300"', "{relative_pct: 10, op: '<='}", "can only be decided with evidence: point, found always_valid"),
        ('"< 300"', "{any: []}", "10: `metrics[1].pass.any` must not be empty"),
        ('"< 300"', "{in: [300, 100]}", "10: `metrics[1].pass.in`: the range's low end is above its high end"),
        ('"< 300"', "{compare: t_test, direction: decrease}", "10: `metrics[1].pass.compare` must be mann_whitney"),
        ('"< 300"', "{op: '<'}", "10: `metrics[1].pass`: must be an operator and a number"),
        ("from_stage", "score: {pass_pct: 90, warn_pct: 75}\nfrom_stage", "3: `score`: score mode works with evidence"),
        (
            "gaps: break",
            "gaps: freeze, frozen: [{week: 2026-12-21, declared_on: 2026-12-21, reason: holidays}]",
            "13: `week.frozen[0]`: the week of 2026-12-21 was declared on 2026-12-21, not before it began",
        ),
    ],
)
def test_what_could_mislead_is_refused_with_its_line(faults, old, new, expected):
    assert FOUNDING.count(old) >= 1
    found = faults(FOUNDING.replace(old, new, 1))
    assert any(expected in fault for fault in found), found


def test_every_form_of_rule_is_read(read):
    policy = read("""
metrics:
  - name: quality
    statistic: mean
    unit: "1"
    pass: {all: ["> 0.5", {any: [{in: [0.6, 0.9]}, ">= 0.95"]}]}
    warn: {relative_pct: -5, op: ">=", aggregate: p90, last_k: 4, include: pass_or_warn}
    fail: {compare: mann_whitney, direction: decrease, alpha: 0.01}
    breach: "< .25"
decide: {evidence: point}
""")
    one = policy.metrics[0]
    assert [str(rule) for rule in leaves(one.pass_)] == ["> 0.5", "0.6 to 0.9", ">= 0.95"]
    assert str(one.rules["warn"]) == ">= p90 of the last 4 weeks − 5 %"
    assert str(one.rules["breach"]) == "< 0.25"


def test_a_guardrail_needs_no_pass_line_and_a_required_metric_no_line_at_all(read):
    policy = read('metrics:\n- {name: a, breach: "> 0.1", role: guardrail}\n- {name: b, role: required}\n')
    assert [one.binds for one in policy.metrics] == [True, False]


def test_lint_tells_of_lines_that_surprise(read):
    today = date(2026, 3, 1)
    assert remarks(read(FOUNDING), today) == ()
    [said] = remarks(read(FOUNDING.replace("> 0.85", "> 1")), today)
    assert "no share is ever > 1" in said
    [said] = remarks(read(FOUNDING.replace("< 0.80", "< 0.90")), today)
    assert "a week that passes can break it" in said


def test_the_hash_is_of_the_rule_not_of_its_spelling(read):
    first = read(FOUNDING)
    rows = FOUNDING.splitlines()
    swapped = "\n".join(["# a comment", *rows[:8], rows[10], rows[9], rows[8], *rows[11:]])
    respelled = swapped.replace('"> 0.85"', '">0.850"').replace("load_share: 1.0", "load_share: 1")
    assert read(respelled).hash == first.hash
    assert len(first.hash) == 64
    assert read(FOUNDING.replace("cooldown_weeks: 2", "cooldown_weeks: 3")).hash != first.hash
    assert read(FOUNDING.replace("coo@", "cfo@")).hash != first.hash


def test_written_out_defaults_do_not_change_the_hash(read):
    assert read(FOUNDING.replace("alpha: 0.05, ", "")).hash == read(FOUNDING).hash


def test_declared_gaps_stand_outside_the_hash(read):
    frozen = "gaps: break, frozen: [{week: 2026-12-21, declared_on: 2026-12-01, reason: holidays}]"
    assert read(FOUNDING.replace("gaps: break", frozen)).hash == read(FOUNDING).hash


def test_the_canonical_text_is_pinned(read):
    """A change of this text changes every hash in every ledger: it needs a new engine version."""
    text = read("metrics:\n- {name: accuracy, pass: '> 0.85', min_n: 50}\ndecide: {consecutive_weeks: 3}\n").canonical()
    assert text == (
        '{"decide":{"alpha":"0.05","consecutive_weeks":"3","evidence":"always_valid","looks":"10","valid_weeks":"4"},'
        '"metrics":[{"min_n":"50","name":"accuracy","pass":"> 0.85","role":"required","weight":"1"}],'
        '"week":{"gaps":"break","settle_hours":"48","verdict_coverage":"0.95"}}'
    )


def test_comparisons_are_exact_and_strict():
    rule = Comparison.model_validate("> 0.85")
    assert not rule.holds(Fraction(170, 200))
    assert rule.holds(Fraction(171, 200))
    assert not rule.holds(0.85)
    assert Comparison.model_validate(">= 0.85").holds(0.85)  # the float as written, not the binary fraction below it
    assert Comparison.model_validate("== 0.3").holds(Decimal("0.3"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_taken_as_it_is_written(value):
    assert exact(value) == Fraction(Decimal(str(value)))


@given(st.sampled_from([">", ">=", "<", "<=", "=="]), st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_rule_survives_its_own_words(op, value):
    rule = Comparison.model_validate(f"{op} {value:f}")
    assert Comparison.model_validate(str(rule)) == rule


def test_policies_are_built_in_code_like_in_a_file():
    policy = Policy.model_validate({"metrics": [metric(**{"pass": "< 3"})], "decide": {"evidence": "point"}})
    assert str(PolicyLine(policy.metrics[0], "pass", policy.metrics[0].rules["pass"])) == "m mean < 3"
