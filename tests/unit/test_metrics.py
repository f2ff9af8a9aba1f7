"""A metric is declared once, completely, and divided last."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.briefs.metric_rows import FIELDS
from readout.metrics import FIXES, METRICS, Metric, evaluate, evaluate_cost, fix_for, missing_need
from readout.warehouse import catalog
from readout.warehouse.contract import contract

ALL = pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
RATIOS = [metric for metric in METRICS.values() if metric.denominator and metric.aggregation != "percentile"]
EVERYTHING = {f"{table.name}.{column}" for table in contract().values() for column in table.names}
# sums that the briefs derive from those of the queries
DERIVED = {
    "completed_ai", "cost_known_ai", "with_people_cost", "fully_loaded_cost", "direct_cost", "direct_people_cost",
    "net_cost", "accuracy_correct", "accuracy_weight", "accuracy_n", "accuracy_judged", "agreement_correct",
    "agreement_weight", "up_seconds", "period_seconds",
    *(f"{name}_p{rank}" for name in ("handling", "cycle", "latency") for rank in (50, 95, 99)),
}  # fmt: skip


@ALL
def test_a_metric_is_declared_completely(metric: Metric) -> None:
    assert metric.label[0].isupper()
    assert metric.unit in {"tasks", "share", "seconds", "ms", "money", "hours", "tokens"}
    assert metric.direction in {"up", "down", "none"}
    assert metric.definition.endswith(".")
    assert metric.counted_at, "say at which instant it is counted"
    assert len({other.label for other in METRICS.values()}) == len(METRICS)


@ALL
def test_what_a_metric_needs_are_columns_of_the_contract(metric: Metric) -> None:
    for need in metric.needs:
        for column in need:
            table, name = column.split(".")
            contract()[table].column(name)


@ALL
def test_every_need_has_a_fix_in_words(metric: Metric) -> None:
    for need in metric.needs:
        assert fix_for(need)
        assert not fix_for(need).endswith(".")


def test_no_fix_is_for_a_column_that_is_not_in_the_contract() -> None:
    assert FIXES.keys() <= EVERYTHING


@ALL
def test_a_metric_is_divided_from_sums_that_the_queries_give(metric: Metric) -> None:
    given_sums = DERIVED | catalog.load("read/measures").columns.keys() | catalog.load("read/calls").columns.keys()
    assert {metric.numerator, metric.denominator} - {""} <= given_sums


@ALL
def test_only_counts_and_money_add_up(metric: Metric) -> None:
    if metric.aggregation in {"count", "money"}:
        assert not metric.denominator
    elif metric.name != "handling_reduction":
        assert metric.denominator
        assert metric.empty, "a fraction of nothing needs a reason"


def test_the_command_prints_declared_metrics_only() -> None:
    assert set(FIELDS) <= METRICS.keys()


@pytest.mark.parametrize("metric", RATIOS, ids=lambda metric: metric.name)
def test_nothing_of_nothing_is_not_zero(metric: Metric) -> None:
    found = evaluate(metric, {metric.numerator: 0, metric.denominator: 0}, EVERYTHING)
    assert found.value is None
    assert found.reason == metric.empty
    some = evaluate(metric, {metric.numerator: 0, metric.denominator: 7}, EVERYTHING)
    assert some.value == 0
    assert some.reason == ""


@ALL
def test_what_was_never_recorded_is_named(metric: Metric) -> None:
    for need in metric.needs:
        recorded = EVERYTHING - set(need)
        found = evaluate(metric, {}, recorded)
        assert found.value is None
        first = missing_need(metric, recorded)
        assert first is not None
        assert found.reason == f"not recorded: {' or '.join(first[:2])}"
        assert first[0] in found.reason


def test_any_one_column_of_a_need_is_enough() -> None:
    metric = METRICS["escalation_rate"]
    assert missing_need(metric, {"tasks.completed_at", "tasks.escalated_at"}) is None
    assert missing_need(metric, {"tasks.completed_at", "tasks.outcome"}) is None
    assert missing_need(metric, {"tasks.outcome"}) == ("tasks.completed_at",)


parts = st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**6)), min_size=1, max_size=8)


@given(metric=st.sampled_from(RATIOS), cells=parts)
def test_a_ratio_of_the_whole_comes_from_the_sums_of_its_parts(metric: Metric, cells: list[tuple[int, int]]) -> None:
    """The metric at total grain is the mean of the cells weighed by their denominators, whatever the cut."""

    def value(cell: tuple[int, int]) -> float:
        found = evaluate(metric, {metric.numerator: cell[0], metric.denominator: cell[1]}, EVERYTHING).value
        assert found is not None
        return float(found)

    whole = value((sum(top for top, _ in cells), sum(bottom for _, bottom in cells)))
    weighed = sum(value(cell) * cell[1] for cell in cells) / sum(bottom for _, bottom in cells)
    assert whole == pytest.approx(weighed, rel=1e-9)
    assert min(map(value, cells)) * (1 - 1e-12) <= whole <= max(map(value, cells)) * (1 + 1e-12)


def test_a_ratio_of_the_whole_is_not_the_mean_of_its_parts() -> None:
    metric = METRICS["ai_share"]
    shares = [
        evaluate(metric, {"completed_ai": top, "completed": bottom}, EVERYTHING).value
        for top, bottom in ((1, 1), (0, 99))
    ]
    whole = evaluate(metric, {"completed_ai": 1, "completed": 100}, EVERYTHING).value
    assert shares == [1.0, 0.0]
    assert whole == 0.01


def test_money_stays_decimal_to_the_last_division() -> None:
    sums = {"cost": Decimal("0.000000000001"), "attempted": 3, "costs_known": 3, "costs_wanted": 3}
    assert evaluate_cost(METRICS["cost_total"], sums, EVERYTHING).value == Decimal("0.000000000001")
    unit = evaluate_cost(METRICS["cost_per_task"], sums, EVERYTHING).value
    assert isinstance(unit, Decimal)
    assert unit * 3 == pytest.approx(Decimal("0.000000000001"))


def test_zero_cost_beside_work_that_costs_is_unknown_not_free() -> None:
    sums = {"cost": Decimal(0), "attempted": 5, "accepted": 5, "costs_known": 0, "costs_wanted": 5}
    for name in ("cost_total", "cost_per_task", "cost_per_accepted_task"):
        found = evaluate_cost(METRICS[name], sums, EVERYTHING)
        assert found.value is None
        assert found.reason.startswith("cost unknown")
    assert evaluate_cost(METRICS["cost_total"], {**sums, "costs_known": 1}, EVERYTHING).value == 0


def test_no_work_that_costs_is_said_as_such() -> None:
    sums = {"cost": Decimal(0), "attempted": 5, "accepted": 5, "costs_known": 0, "costs_wanted": 0}
    assert evaluate_cost(METRICS["cost_total"], sums, EVERYTHING).reason == "no task on an AI arm in this period"


def test_units_are_those_of_the_declaration() -> None:
    handling = METRICS["handling_seconds_mean"]
    assert evaluate(handling, {"handling_us": 3_000_000, "handling_n": 2}, EVERYTHING).value == 1.5
    latency = METRICS["latency_ms_p95"]
    assert evaluate(latency, {"latency_p95": 299_650.0, "latency_n": 3}, EVERYTHING).value == pytest.approx(299.65)
    assert evaluate(replace(handling, scale=1.0), {"handling_us": 3, "handling_n": 2}, EVERYTHING).value == 1.5
