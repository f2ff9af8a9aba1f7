"""Charts of value since launch: hours, cash, learning curves and systems in production."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import plotly.graph_objects as go

from readout import words
from readout.charts.figure import (
    AXIS,
    GREY,
    LABEL_GAP,
    LAYOUT,
    LIGHT,
    Chart,
    at_the_end,
    empty_chart,
    empty_figure,
    round_ticks,
    short_name,
    week_axis,
)
from readout.charts.weekly import lines_of

_MOST_SYSTEMS = 4  # lines of single systems beside all of them: more would not keep their labels apart


def cumulative_hours(series: Sequence[tuple[str, Sequence[tuple[date, float]]]]) -> Chart:
    """Return hours returned since launch, added up by month: all systems together, and those with most of them."""
    known = sorted((one for one in series if one[1]), key=lambda one: -one[1][-1][1])
    if not known:
        return empty_chart()
    months = sorted({month for _, points in known for month, _ in points})
    held = {name: dict(points) for name, points in known}
    steps = {name: _held(held[name], months) for name in held}
    total = [sum(values) for values in zip(*steps.values(), strict=True)]
    lines = [] if len(known) == 1 else [(words.value_claims.ALL, total)]
    lines += [(short_name(name), steps[name]) for name, _ in known[:_MOST_SYSTEMS]]
    return _cumulative("hours", months, lines, words.hours, lambda v, _step: f"{words.compact(v)} h")


def _held(points: dict[date, float], months: Sequence[date]) -> list[float]:
    """Return a cumulative series on all months: a month of its own keeps the last known sum, 0 before the first."""
    result, last = [], 0.0
    for month in months:
        last = points.get(month, last)
        result.append(last)
    return result


def cumulative_cash(gross: Sequence[tuple[date, float]], net: Sequence[tuple[date, float]], currency: str) -> Chart:
    """Return confirmed cash since the first investment, added up by month, and net of investment and running cost."""
    if not net:
        return empty_chart()
    months = [month for month, _ in net]
    lines = [
        (words.value_claims.GROSS, _held(dict(gross), months)),
        (words.value_claims.NET, [amount for _, amount in net]),
    ]
    return _cumulative(
        "cash",
        months,
        lines,
        lambda v: words.money_compact(v, currency),
        lambda v, _step: words.money_compact(v, currency),
    )


def _cumulative(
    key: str,
    months: Sequence[date],
    lines: Sequence[tuple[str, Sequence[float]]],
    text: Callable[[float], str],
    tick: Callable[[float, float], str],
) -> Chart:
    """Return labelled lines over months, from the lowest value below zero to the highest above it."""
    labels = [words.value_claims.month(month) for month in months]
    low = min(0.0, *(value for _, values in lines for value in values))
    high = max(0.0, *(value for _, values in lines for value in values))
    if low == high:
        return empty_chart()
    figure, said = lines_of(labels, [True] * len(labels), [(name, list(values)) for name, values in lines], text,
                          (lambda _top: _ticks_between(low, high), tick))  # fmt: skip
    figure.update_yaxes(range=[low * 1.06, max(high, (high - low) * 0.02) * 1.06])
    named = dict.fromkeys((labels[0], labels[len(labels) // 2], labels[-1]))  # more months would not fit a phone
    figure.update_xaxes(tickvals=list(named))
    figure.layout.annotations = ()
    figure.update_layout(margin_r=130)
    _at_the_end_between(figure, [(values[-1], f"{name}<br>{text(values[-1])}") for name, values in lines], low, high)
    return Chart(figure, " ".join([words.value_claims.CHART_ALTS[key], *said]))


def _ticks_between(low: float, high: float) -> list[float]:
    """Return round numbers from below zero to above it, zero among them."""
    step = round_ticks(max(high, -low))[1]
    return [step * place for place in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _at_the_end_between(figure: go.Figure, labels: Sequence[tuple[float, str]], low: float, high: float) -> None:
    """Write labels at the right edge of an axis that may begin below zero, moved apart where they would touch."""
    gap, floor = (high - low) * LABEL_GAP, -math.inf
    for height, text in sorted(labels):
        at = max(height, floor)
        floor = at + gap
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=8, y=at, yanchor="middle", text=text, showarrow=False,
            align="left",
        )  # fmt: skip


def learning_curves(curves: Sequence[tuple[str, Sequence[tuple[int, float]]]], currency: str) -> Chart:
    """Return unit cost against accepted tasks since launch, a line per system, both axes logarithmic."""
    known = [(name, points) for name, points in curves if len(points) > 1]
    if not known:
        return empty_chart()
    costs = [cost for _, points in known for _, cost in points]
    tasks = [n for _, points in known for n, _ in points]
    figure = go.Figure(
        layout={
            **LAYOUT,
            "height": 330,
            "hovermode": "closest",
            "margin": {"l": 4, "r": 130, "t": 12, "b": 4},
            "xaxis": {**AXIS, **_log_axis(tasks, words.compact), "showline": True, "linecolor": GREY},
            "yaxis": {
                **AXIS,
                **_log_axis(costs, lambda v: words.money(v, currency)),
                "showgrid": True,
                "gridcolor": LIGHT,
            },
        }
    )
    for name, points in known:
        figure.add_scatter(
            x=[n for n, _ in points],
            y=[cost for _, cost in points],
            name=name,
            mode="lines",
            line={"width": 2},
            customdata=[f"{name}: {words.money(cost, currency)} at {words.count(n)} tasks" for n, cost in points],
            hovertemplate="%{customdata}<extra></extra>",
        )
    low, high = (math.log10(end) for end in (min(costs), max(costs)))
    ends = [(math.log10(points[-1][1]), short_name(name)) for name, points in known]
    _log_labels(figure, ends, low, high)
    said = [
        f"{name}: {words.money(points[0][1], currency)} at first, {words.money(points[-1][1], currency)} after "
        f"{words.count(points[-1][0])} tasks."
        for name, points in known
    ]
    return Chart(figure, " ".join([words.value_claims.CHART_ALTS["learning"], *said]))


def _log_axis(values: Sequence[float], text: Callable[[float], str]) -> dict[str, Any]:
    """Return a logarithmic axis with its powers of ten, and their halves where there are few."""
    low, high = math.log10(min(values)), math.log10(max(values))
    powers = [10.0**place for place in range(math.floor(low), math.ceil(high) + 1)]
    ticks = powers if high - low > 2 else [power * f for power in powers for f in (1, 2, 5)]  # noqa: PLR2004 - two decades
    margin = max(high - low, 0.1) * 0.06
    shown = [tick for tick in ticks if low - margin <= math.log10(tick) <= high + margin]
    return {
        "type": "log",
        "range": [low - margin, high + margin],
        "tickvals": shown,
        "ticktext": [text(tick) for tick in shown],
        "tickangle": 0,
    }


def _log_labels(figure: go.Figure, labels: Sequence[tuple[float, str]], low: float, high: float) -> None:
    """Write names at the right edge of a logarithmic axis, moved apart where they would touch."""
    gap = max(high - low, 0.1) * min(0.075, 1 / max(len(labels), 1))
    placed, floor = [], -math.inf
    for height, name in sorted(labels):
        at = max(height, floor)
        floor = at + gap
        placed.append((at, name))
    over = max(0.0, placed[-1][0] - high)  # the pile does not leave the picture at its top
    for at, name in placed:
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=8, y=at - over, yanchor="middle", text=name, showarrow=False,
            align="left",
        )  # fmt: skip


def systems_in_production(months: Sequence[date], by_stage: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """Return how many systems carry load at the end of each month, stacked by stage."""
    if not months or not any(sum(counts) for _, counts in by_stage):
        return empty_chart()
    labels = [words.value_claims.month(month) for month in months]
    top = float(max(sum(parts) for parts in zip(*(counts for _, counts in by_stage), strict=True)))
    ticks = [float(tick) for tick in round_ticks(top) if tick == int(tick)]
    figure = empty_figure(270, words.count, top, ticks=ticks, x=week_axis(labels))
    reached, ends, said = 0.0, [], []
    for name, counts in by_stage:
        figure.add_bar(x=labels, y=list(counts), name=name, hovertemplate="%{y}")
        if counts[-1]:
            ends.append((reached + counts[-1] / 2, f"{name} {counts[-1]}"))
        reached += counts[-1]
        said.append(words.trend(name, labels, [words.count(n) for n in counts], [float(n) for n in counts]))
    at_the_end(figure, ends, top)
    return Chart(figure, " ".join([words.value_claims.CHART_ALTS["stages"], *said]))
