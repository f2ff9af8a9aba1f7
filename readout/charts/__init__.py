"""Charts with their text alternative: the only Plotly import, graph objects only."""

from readout.charts.costs import cost_trend, waterfall
from readout.charts.figure import Chart, config
from readout.charts.gates import gate_condition
from readout.charts.system import time_axis
from readout.charts.tasks import arms, distribution, handling_lines, reductions
from readout.charts.value import cumulative_cash, cumulative_hours, learning_curves, systems_in_production
from readout.charts.vendors import price_steps, token_demand
from readout.charts.weekly_review import review

__all__ = [
    "Chart",
    "arms",
    "config",
    "cost_trend",
    "cumulative_cash",
    "cumulative_hours",
    "distribution",
    "gate_condition",
    "handling_lines",
    "learning_curves",
    "price_steps",
    "reductions",
    "review",
    "systems_in_production",
    "time_axis",
    "token_demand",
    "waterfall",
]
