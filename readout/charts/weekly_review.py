"""The chart of the weekly review: six weeks and twelve months of a metric on one axis."""

from collections.abc import Sequence

import plotly.graph_objects as go

from readout import words
from readout.briefs.results import Header
from readout.briefs.results_review import Panel, Point
from readout.charts.figure import AXIS, LAYOUT, LIGHT, TEAL, Chart, empty_chart

_GAP = 1  # empty places between weeks and months
_ONE_SCALE = 3  # months at most so many times the weeks share their scale


def review(panel: Panel, header: Header) -> Chart:
    """Return six weeks and twelve months of a metric on one axis, this year over the one before."""
    parts = (panel.weeks, panel.months)
    known = [[v for p in part for v in (p.value, p.year_before) if v is not None] for part in parts]
    if not any(known):
        return empty_chart()
    tops = [max(values, default=0.0) for values in known]
    one_scale = not all(tops) or tops[1] / tops[0] <= _ONE_SCALE
    named = [words.review.week_label(p.start, header) for p in panel.weeks]
    named += [words.review.month_label(p.start) for p in panel.months]
    places = [*range(len(panel.weeks)), *(len(panel.weeks) + _GAP + i for i in range(len(panel.months)))]
    lows = [min(values, default=0.0) for values in known]
    axes = [_review_axis(lows[0], tops[0]), _review_axis(lows[1], tops[1])]
    if one_scale:
        axes = [_review_axis(min(low for low, own in zip(lows, known, strict=True) if own), max(tops))] * 2
    figure = go.Figure(
        layout={
            **LAYOUT,
            "height": 190,
            "hovermode": "closest",
            "margin": {"l": 6, "r": 6, "t": 18, "b": 22},
            "xaxis": {**AXIS, "range": [-0.6, places[-1] + 0.6], "tickvals": places, "ticktext": named,
                      "tickangle": 0, "tickfont": {"size": 10}, "automargin": False},
            "yaxis": {**AXIS, "range": axes[0], "showticklabels": False},
            "yaxis2": {**AXIS, "range": axes[1], "showticklabels": False, "overlaying": "y"},
        }
    )  # fmt: skip
    for part, at, axis in ((panel.weeks, places[:6], "y"), (panel.months, places[6:], "y2")):
        _review_lines(figure, panel, part, at, axis)
    return Chart(figure, words.review.alt(panel, header))


def _review_axis(low: float, top: float) -> list[float]:
    """Return a scale that begins at zero, unless the values lie far above it."""
    start = 0.0 if low < top * 0.5 else low - (top - low) * 0.6
    return [start, top + (top - start) * 0.18 or 1.0]


def _review_lines(figure: go.Figure, panel: Panel, points: Sequence[Point], at: Sequence[int], axis: str) -> None:
    figure.add_scatter(
        x=list(at), y=[p.year_before for p in points], yaxis=axis, mode="lines", name=words.review.YEAR_BEFORE,
        line={"color": LIGHT, "width": 2}, hoverinfo="skip",
    )  # fmt: skip
    texts = ["" if p.value is None else words.review.value_label(panel, p.value) for p in points]
    figure.add_scatter(
        x=list(at),
        y=[p.value for p in points],
        yaxis=axis,
        mode="lines+markers+text",
        line={"color": TEAL, "width": 2},
        marker={"size": 4, "color": TEAL},
        text=texts,
        textposition="top center",
        textfont={"size": 9},
        customdata=[words.review.hover(panel, p) for p in points],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
    )
