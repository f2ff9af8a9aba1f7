"""Charts start at zero, label their lines, leave running periods hollow, and say in words what they show."""

from datetime import date, timedelta

import pandas as pd
import pytest

from readout import charts
from readout.briefs.results import Reduction
from readout.charts.figure import CLEAR, round_ticks, time_ticks

WEEKS = [date(2026, 8, 31) + timedelta(weeks=i) for i in range(4)]
KINDS = ["complete", "complete", "complete", "to date"]
ARMS = pd.DataFrame(
    [(w, k, a, n) for w, k in zip(WEEKS, KINDS, strict=True) for a, n in (("ai_auto", 50), ("human", 30))],
    columns=["bucket", "kind", "arm", "completed"],
)
HANDLING = pd.DataFrame({"bucket": WEEKS, "kind": KINDS, "mean": [260.0, 250, 240, 100], "p50": 180.0, "p95": 800.0})
COST = pd.DataFrame(
    [
        (w, k, level, v)
        for w, k in zip(WEEKS, KINDS, strict=True)
        for level, v in (("inference", 0.02), ("fully_loaded", None))
    ],
    columns=["bucket", "kind", "level", "per_accepted"],
)  # fmt: skip
SHARES = pd.DataFrame(
    {"seconds": [10.0, 60.0, 300.0, 900.0], "now": [0.1, 0.5, 0.3, 0.1], "before": [0.05, 0.3, 0.4, 0.25]}
)
MET = Reduction("a", "Alpha", 320.0, 249.0, 0.22, 0.19, 0.25, 0.2, "met", "", ())
UNKNOWN = Reduction("b", "Beta", None, None, None, None, None, None, "not measurable", "no baseline", ())

ALL = {
    "arms": charts.arms(ARMS),
    "handling": charts.handling_lines(HANDLING),
    "distribution": charts.distribution(SHARES, "Period before"),
    "reductions": charts.reductions([MET, UNKNOWN]),
    "cost": charts.cost_trend(COST, "EUR"),
}
EMPTY = {
    "arms": charts.arms(ARMS.head(0)),
    "handling": charts.handling_lines(HANDLING.head(0)),
    "distribution": charts.distribution(SHARES.head(0), "Before"),
    "reductions": charts.reductions([UNKNOWN]),
    "cost": charts.cost_trend(COST.head(0), "EUR"),
}


@pytest.mark.parametrize("name", ALL)
def test_a_chart_has_an_alternative_text_with_numbers_and_a_fixed_height(name):
    chart = ALL[name]
    assert any(sign.isdigit() for sign in chart.alt)
    assert chart.figure.layout.height
    assert chart.figure.layout.uirevision
    assert chart.figure.layout.showlegend is False
    assert not chart.empty


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_to_draw_is_said_and_not_drawn(name):
    assert EMPTY[name].empty
    assert EMPTY[name].alt


@pytest.mark.parametrize("name", ["arms", "handling", "cost", "distribution"])
def test_an_amount_starts_at_zero(name):
    assert ALL[name].figure.layout.yaxis.range[0] == 0


def test_a_running_week_is_hollow_and_never_stacked_with_whole_ones():
    whole, running = ALL["arms"].figure.data[:-1], ALL["arms"].figure.data[-1]
    assert [pd.isna(trace.y[-1]) for trace in whole] == [True, True]
    assert running.marker.color == CLEAR
    assert list(running.y)[-1] == 80


def test_a_line_stops_before_the_running_week():
    lines = [trace for trace in ALL["handling"].figure.data if trace.mode == "lines"]
    points = [trace for trace in ALL["handling"].figure.data if trace.mode == "markers"]
    assert [trace.y[-1] for trace in lines] == [None, None, None]
    assert all(trace.marker.color == CLEAR for trace in points)


def test_labels_stand_at_the_lines():
    assert [a.text for a in ALL["cost"].figure.layout.annotations] == ["Inference<br>€0.0200"]


def test_a_level_without_values_is_no_line():
    assert {trace.name.split(",")[0] for trace in ALL["cost"].figure.data} == {"Inference"}


def test_main_traces_take_the_theme_s_colours():
    assert ALL["arms"].figure.data[0].marker.color is None
    assert ALL["handling"].figure.data[0].line.color is None


def test_a_reduction_shows_interval_target_and_word():
    figure = ALL["reductions"].figure
    assert figure.data[0].error_x.array[0] == pytest.approx(0.03)
    assert {shape.x0 for shape in figure.layout.shapes} == {0.2, 0}
    assert "Met, not confirmed" in figure.layout.annotations[0].text
    assert "Alpha: 22.0% (19.0% to 25.0%), target 20.0%, met, not confirmed." in ALL["reductions"].alt


@pytest.mark.parametrize(
    ("top", "ticks"), [(0, [0]), (9, [0, 2.5, 5, 7.5]), (17_000, [0, 5000, 10_000, 15_000]), (0.5, [0, 0.2, 0.4])]
)
def test_ticks_are_few_and_round(top, ticks):
    assert round_ticks(top) == pytest.approx(ticks)


def test_times_are_ticked_as_a_clock_counts():
    assert time_ticks(830) == [0, 300, 600]
