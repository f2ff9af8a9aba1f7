"""A gate's condition over its weeks, with bounds and lines."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from readout import words
from readout.briefs.results import GateColumn, GateCondition
from readout.charts.figure import (
    AXIS,
    BAD,
    CLEAR,
    GREY,
    GREY_SOLID,
    LAYOUT,
    Chart,
    empty_chart,
    in_hover,
    week_axis,
    week_labels,
)

# --- gates -----------------------------------------------------------------------------------------------------------


def gate_condition(item: GateCondition, columns: Sequence[GateColumn], alt: str) -> Chart:
    """Return a condition's weeks with their bounds, its lines, and where a new release began."""
    values = [week.value for week in item.weeks]
    known = [value for value in values if value is not None]
    if not known:
        return empty_chart()
    lines = [(kind, line) for kind, _, line in item.rules if line is not None]
    ends = [end for week in item.weeks for end in (week.lower, week.upper) if end is not None]
    span = [*known, *ends, *(line for _, line in lines)]
    low, high = min(span), max(span)
    reach = (high - low) or abs(high) or 1.0
    labels = week_labels([week.week for week in item.weeks])
    figure = go.Figure(
        layout={
            **LAYOUT,
            "height": 200,
            "margin": {**LAYOUT["margin"], "t": 24},
            "hovermode": "closest",
            "xaxis": {**AXIS, "type": "category", "showline": True, "linecolor": GREY, **week_axis(labels)},
            "yaxis": {**AXIS, "range": [low - reach * 0.12, high + reach * 0.12], "showticklabels": False},
        }
    )
    texts = [words.week_mark(item, week) for week in item.weeks]
    for counted, fill in ((True, None), (False, CLEAR)):
        shown = [week.complete is counted for week in item.weeks]
        figure.add_scatter(
            x=labels,
            y=[value if show else None for value, show in zip(values, shown, strict=True)],
            mode="lines+markers" if counted else "markers",
            line={"width": 1.6},
            marker={"size": 6} if fill is None else {"size": 7, "color": fill, "line": {"color": GREY, "width": 1.5}},
            error_y=_bounds(item) if counted else None,
            customdata=texts,
            hovertemplate="%{customdata}<extra></extra>",
        )
    floor = low - reach
    for kind, line in sorted(lines, key=lambda pair: pair[1]):
        figure.add_hline(y=line, line={"color": BAD if kind == "breach" else GREY, "width": 1.4, "dash": "dash"})
        floor = max(line, floor + reach * 0.15)  # words of lines close to each other are moved apart
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=8, y=floor, yanchor="middle", showarrow=False, align="left",
            text=f"{words.gates.LINES[kind]} {words.condition_value(item, line)}",
            font={"color": BAD if kind == "breach" else GREY_SOLID},
        )  # fmt: skip
    for place, column in enumerate(columns):
        if column.new_release:
            figure.add_vline(x=place - 0.5, line={"color": GREY, "width": 1, "dash": "dot"})
            figure.add_annotation(
                x=place - 0.5, y=1, yref="paper", yanchor="bottom", text=in_hover(column.release), showarrow=False,
                font={"color": GREY_SOLID},
            )  # fmt: skip
    return Chart(figure, alt)


def _bounds(item: GateCondition) -> dict[str, Any]:
    """Return the one-sided bounds of the weeks as error bars."""

    def reach(end: float | None, value: float | None) -> float:
        return 0.0 if end is None or value is None else abs(end - value)

    return {
        "type": "data",
        "symmetric": False,
        "array": [reach(week.upper, week.value) for week in item.weeks],
        "arrayminus": [reach(week.lower, week.value) for week in item.weeks],
        "thickness": 1,
        "width": 2,
    }
