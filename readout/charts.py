"""Charts with their text alternative: the only Plotly import, graph objects only.

Colours come from the theme's ten categorical ones by the order of the traces, so that charts follow light and dark;
greys are half-transparent for the same reason. Labels stand at the data, bars start at zero, running periods are
hollow.
"""

import html
import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from readout import words
from readout.briefs.results import (
    Figure,
    GateColumn,
    GateCondition,
    Header,
    IncidentRow,
    Reduction,
    StageSpan,
    TimeAxis,
)
from readout.briefs.results_bridge import BridgeBrief
from readout.briefs.results_review import Panel, Point
from readout.signals import Band, Verdict

GREY = "rgba(125,137,145,.75)"
LIGHT = "rgba(125,137,145,.28)"
FAINT = "rgba(125,137,145,.12)"
GREY_SOLID = "#8a979f"
TEAL = "#3b8d97"  # 4:1 on light and on dark paper, as in the sparklines
CLEAR = "rgba(0,0,0,0)"
# words are drawn in these too: 4:1 at least on light and on dark paper
GOOD = "#1f8a75"
BAD = "#c45c36"
CONFIG: dict[str, Any] = {"displayModeBar": False, "responsive": True, "scrollZoom": False}
TICKS_SECONDS = (0.1, 1, 10, 60, 600, 3600, 14_400, 86_400, 604_800)
STEPS_SECONDS = (
    0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400,
    172_800, 604_800,
)  # fmt: skip
STATISTICS = ("p95", "mean", "p50")
ARM_ORDER = ("ai_auto", "ai_assisted", "human")
LEVEL_ORDER = ("fully_loaded", "with_people", "direct", "inference")
_LABEL_GAP = 0.17  # least distance of two labels at a chart's right edge, as a share of its height
_TAIL = 0.9975  # a distribution is drawn up to this share; the rest is a few stragglers

_AXIS = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "title": None, "automargin": True}
_LAYOUT: dict[str, Any] = {
    "margin": {"l": 4, "r": 96, "t": 12, "b": 4},
    "showlegend": False,
    "hovermode": "x unified",
    "dragmode": False,
    "uirevision": "keep",
    "barmode": "stack",
    "bargap": 0.28,
    "paper_bgcolor": CLEAR,
    "plot_bgcolor": CLEAR,
}


@dataclass(frozen=True)
class Chart:
    """A figure and what it says to those who cannot see it; `empty` where there is nothing to draw."""

    figure: go.Figure
    alt: str
    empty: bool = False


def _figure(
    height: int,
    y_ticks: Callable[[float], str],
    top: float,
    *,
    ticks: Sequence[float],
    x: dict[str, Any] | None = None,
) -> go.Figure:
    """Return an empty figure from zero to a little above the highest value, with worded ticks."""
    return go.Figure(
        layout={
            **_LAYOUT,
            "height": height,
            "xaxis": {**_AXIS, "type": "category", "showline": True, "linecolor": GREY, **(x or {})},
            "yaxis": {
                **_AXIS,
                "range": [0, max(top * 1.06, ticks[-1]) or 1],
                "showgrid": True,
                "gridcolor": LIGHT,
                "gridwidth": 1,
                "tickvals": list(ticks),
                "ticktext": [y_ticks(tick) if tick else "0" for tick in ticks],
            },
        }
    )


def _ticks(top: float) -> list[float]:
    """Return zero and two to four round numbers up to the top."""
    if top <= 0:
        return [0.0]
    power = 10.0 ** int(f"{top:e}".split("e")[1])
    step = next(power * f for f in (0.2, 0.25, 0.5, 1.0, 2.0, 2.5) if top / (power * f) <= 4)  # noqa: PLR2004
    return [step * i for i in range(int(top / step + 1e-9) + 1)]


def _time_ticks(top: float) -> list[float]:
    """Return zero and two to four times as a clock counts them: 30 s, 5 min, 2 h."""
    step = next((s for s in STEPS_SECONDS if top / s <= 4), STEPS_SECONDS[-1])  # noqa: PLR2004
    return [step * i for i in range(int(top / step + 1e-9) + 1)]


def _none() -> Chart:
    return Chart(go.Figure(layout={**_LAYOUT, "height": 120}), words.NOTHING_TO_DRAW, empty=True)


def _weeks(starts: Sequence[date]) -> list[str]:
    # the same day of two years would share one place on the axis
    year = len({(start.month, start.day) for start in starts}) < len(starts)
    return [words.day(start, year=year) for start in starts]


def _week_axis(labels: Sequence[str]) -> dict[str, Any]:
    """Return an axis that names at most five weeks, the last one among them: more would not fit a phone."""
    every = -(-len(labels) // 5)
    return {"tickangle": 0, "tickvals": [label for i, label in enumerate(labels) if (len(labels) - 1 - i) % every == 0]}


def _known(values: Sequence[Any]) -> list[float | None]:
    return [None if words.missing(value) else float(value) for value in values]


def _at_the_end(figure: go.Figure, labels: Sequence[tuple[float, str]], top: float) -> None:
    """Write labels at the right edge, each at its value, moved apart where they would touch."""
    gap, floor = top * _LABEL_GAP, 0.0
    for height, text in sorted(labels):
        at = max(height, floor)
        floor = at + gap
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=8,
            y=at,
            yanchor="middle",
            text=text,
            showarrow=False,
            align="left",
        )


def arms(weekly: pd.DataFrame, figures: Sequence[Figure] = ()) -> Chart:
    """Return tasks completed per week, stacked by who completed them. Columns: bucket, kind, arm, completed.

    The limits are those of the throughput among `figures`.
    """
    if weekly.empty or not weekly["completed"].sum():
        return _none()
    said_as = (ARM_ORDER, words.arm, words.count)
    return _stacked(weekly, "arm", "completed", said_as, words.CHARTS["arms"], _signal(figures, "throughput"))


def _stacked(
    weekly: pd.DataFrame,
    by: str,
    amount: str,
    said_as: tuple[Sequence[str], Callable[[str], str], Callable[[float], str]],
    heading: str,
    signal: Verdict | None = None,
) -> Chart:
    """Return amounts per week, stacked by a column. `said_as`: the order of its values, their names, the amounts.

    The limits are those of the signal of the whole.
    """
    first, named, text = said_as
    table = weekly.pivot_table(index="bucket", columns=by, values=amount, aggfunc="sum", fill_value=0).sort_index()
    kinds = weekly.drop_duplicates("bucket").set_index("bucket")["kind"].reindex(table.index)
    order = [one for one in (*first, *table.columns.difference(list(first))) if one in table and table[one].sum()]
    labels = _weeks(list(table.index))
    limits = [signal.at(week) if signal else None for week in table.index]
    top = max([float(table.sum(axis=1).max()), *(band.upper for band in limits if band)])
    figure = _figure(270, lambda v: words.tick(v, top), top, ticks=_ticks(top), x=_week_axis(labels))
    _band(figure, limits)
    whole = (kinds == "complete").to_numpy()
    reached, ends, said = 0.0, [], []
    for one in order:
        values = table[one]
        figure.add_bar(
            x=labels,
            y=values.where(whole),
            name=named(one),
            customdata=[text(v) for v in values],
            hovertemplate="%{customdata}",
        )
        height = float(values.iloc[-1])
        ends.append((reached + height / 2, named(one)))
        reached += height
        said.append(words.trend(named(one), labels, [text(v) for v in values], list(values)))
    if not whole.all():
        figure.add_bar(
            x=labels,
            y=table.sum(axis=1).where(~whole),
            name=words.RUNNING,
            marker={"color": CLEAR, "line": {"color": GREY, "width": 1.5}},
            customdata=[f"{text(v)} ({kind})" for v, kind in zip(table.sum(axis=1), kinds, strict=True)],
            hovertemplate="%{customdata}",
        )
        # labels stand at the last whole week's height
        last = table[whole].iloc[-1] if whole.any() else table.iloc[-1]
        ends, reached = [], 0.0
        for one in order:
            ends.append((reached + float(last[one]) / 2, named(one)))
            reached += float(last[one])
    _at_the_end(figure, ends, top)
    return Chart(figure, " ".join([heading, *said]))


def _lines(
    labels: Sequence[str],
    whole: Sequence[bool],
    series: Sequence[tuple[str, Sequence[float | None]]],
    text: Callable[[float], str],
    axis: tuple[Callable[[float], list[float]], Callable[[float, float], str]],
    limits: Sequence[Band | None] = (),
) -> tuple[go.Figure, list[str]]:
    """Return labelled lines over weeks, running weeks as hollow points, and their sentences.

    `limits` of routine variation, one a week, lie behind them as a grey band.
    """
    top = max(value for _, values in series for value in values if value is not None)
    top = max([top, *(band.upper for band in limits if band)])
    ticks = axis[0](top)
    step = ticks[1] if len(ticks) > 1 else 1.0
    figure = _figure(250, lambda v: axis[1](v, step), top, ticks=ticks, x=_week_axis(labels))
    _band(figure, limits)
    ends, said = [], []
    for index, (name, values) in enumerate(series):
        texts = ["" if v is None else text(v) for v in values]
        figure.add_scatter(
            x=list(labels),
            y=[v if ok else None for v, ok in zip(values, whole, strict=True)],
            name=name,
            mode="lines",
            line={"width": 2.6 if index == 0 else 2},
            customdata=texts,
            hovertemplate="%{customdata}",
        )
        if not all(whole):
            figure.add_scatter(
                x=list(labels),
                y=[None if ok else v for v, ok in zip(values, whole, strict=True)],
                name=f"{name}, {words.RUNNING}",
                mode="markers",
                marker={"color": CLEAR, "size": 8, "line": {"color": GREY, "width": 1.5}},
                customdata=texts,
                hovertemplate="%{customdata}",
            )
        last = next((v for v, ok in zip(reversed(values), reversed(whole), strict=True) if ok and v is not None), None)
        if last is not None:
            ends.append((last, f"{name}<br>{text(last)}"))
        said.append(words.trend(name, labels, texts, list(values)))
    _at_the_end(figure, ends, top)
    return figure, said


def _band(figure: go.Figure, limits: Sequence[Band | None]) -> None:
    """Draw process limits behind a chart of weeks: a grey band with a thin rim, broken where they start anew."""
    for index, band in enumerate(limits):
        if band is None:
            continue
        figure.add_shape(
            type="rect", x0=index - 0.5, x1=index + 0.5, y0=band.lower, y1=band.upper, layer="below",
            fillcolor=FAINT, line={"width": 0},
        )  # fmt: skip
        for height in (band.lower, band.upper):
            figure.add_shape(
                type="line", x0=index - 0.5, x1=index + 0.5, y0=height, y1=height, layer="below",
                line={"color": LIGHT, "width": 1},
            )  # fmt: skip


def _signal(figures: Sequence[Figure], metric: str) -> Verdict | None:
    return next((figure.signal for figure in figures if figure.metric == metric), None)


def _limits(figures: Sequence[Figure], metric: str, weeks: Sequence[date]) -> list[Band | None]:
    """Return the limits of one of a page's figures in each of its weeks."""
    found = _signal(figures, metric)
    return [found.at(week) if found else None for week in weeks]


def handling_lines(weekly: pd.DataFrame, figures: Sequence[Figure] = ()) -> Chart:
    """Return weekly mean, p50 and p95 of handling time. Columns: bucket, kind, mean, p50, p95 in seconds.

    The limits are those of the mean among `figures`.
    """
    series = [(words.STATISTICS[name], _known(list(weekly[name]))) for name in STATISTICS if name in weekly]
    series = [(name, values) for name, values in series if any(value is not None for value in values)]
    if not series:
        return _none()
    labels, whole = _weeks(list(weekly["bucket"])), list(weekly["kind"] == "complete")
    figure, said = _lines(
        labels,
        whole,
        series,
        words.duration,
        (_time_ticks, lambda v, _step: words.round_duration(v)),
        _limits(figures, "handling_seconds_mean", list(weekly["bucket"])),
    )
    return Chart(figure, " ".join([words.CHARTS["handling"], *said]))


def distribution(shares: pd.DataFrame, before: str) -> Chart:
    """Return the share of tasks done within a time, now and before. Columns: seconds, now, before (bucket shares)."""
    if shares.empty or words.missing(float(shares["now"].sum())) or not shares["now"].sum():
        return _none()
    curve = shares.sort_values("seconds")
    done = curve[["now", "before"]].fillna(0.0).cumsum()
    seconds = curve["seconds"].clip(lower=0.05)
    last = int((done.max(axis=1) < _TAIL).sum())
    keep = slice(0, max(last, 1) + 1)
    ticks = [tick for tick in TICKS_SECONDS if seconds.iloc[0] <= tick <= seconds.iloc[keep].max() * 1.05]
    axis = {
        "type": "log",
        "tickangle": 0,
        "tickvals": ticks,
        "ticktext": [words.round_duration(tick) for tick in ticks],
    }
    figure = _figure(250, lambda v: f"{words.plain(v * 100)}%", 1.0, ticks=[0.0], x=axis)
    figure.update_yaxes(
        range=[0, 1.04], tickvals=[0, 0.25, 0.5, 0.75, 0.95], ticktext=["0", "25%", "50%", "75%", "95%"]
    )
    said, labels = [], []
    for column, name, line in (
        ("now", words.NOW, {"width": 2.6}),
        ("before", before, {"width": 2, "color": GREY, "dash": "dot"}),
    ):
        if not done[column].max():
            continue
        figure.add_scatter(
            x=seconds[keep],
            y=done[column][keep],
            name=name,
            mode="lines",
            line=line,
            customdata=[
                f"{words.percent(v)} within {words.duration(s)}" for v, s in zip(done[column], seconds, strict=True)
            ],
            hovertemplate="%{customdata}",
        )
        median = float(seconds[(done[column] >= 0.5).to_numpy()].iloc[0])  # noqa: PLR2004 - the median
        said.append(words.half_within(name, median))
        labels.append((median, name))
    for (median, name), share, side in zip(sorted(labels), (0.62, 0.38), ("right", "left"), strict=False):
        figure.add_annotation(
            x=math.log10(median),
            y=share,
            text=name,
            showarrow=False,
            xanchor=side,
            xshift=-12 if side == "right" else 12,
        )
    return Chart(figure, " ".join([words.CHARTS["distribution"], *said]))


def reductions(items: Sequence[Reduction]) -> Chart:
    """Return handling-time reduction per system as a point with its interval, the target as a thin mark."""
    known = [item for item in items if item.reduction is not None][::-1]
    if not known:
        return _none()
    names = [item.name for item in known]
    values = [float(item.reduction or 0) for item in known]
    lows = [value if item.lower is None else item.lower for value, item in zip(values, known, strict=True)]
    highs = [value if item.upper is None else item.upper for value, item in zip(values, known, strict=True)]
    targets = [item.target for item in known]
    low = min(0.0, *lows, *(t for t in targets if t is not None))
    high = max(0.0, *highs, *(t for t in targets if t is not None))
    margin = (high - low) * 0.08 or 0.1
    figure = go.Figure(
        layout={
            **_LAYOUT,
            "hovermode": "closest",
            "height": 50 + 54 * len(known),
            "margin": {"l": 4, "r": 12, "t": 6, "b": 4},
            "xaxis": {
                **_AXIS,
                "range": [max(low, -1.0) - (margin if low < 0 else margin / 8), high + margin],
                "tickformat": ".0%",
                "zeroline": True,
                "zerolinecolor": GREY,
                "nticks": 6,
            },
            "yaxis": {**_AXIS, "type": "category", "range": [-0.45, len(known) - 0.3], "showticklabels": False},
        }
    )
    figure.add_scatter(
        x=values,
        y=names,
        mode="markers",
        name=words.NOW,
        marker={"size": 11},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [h - v for h, v in zip(highs, values, strict=True)],
            "arrayminus": [v - lo for lo, v in zip(lows, values, strict=True)],
            "thickness": 2,
            "width": 0,
        },
        customdata=[words.reduction(item) for item in known],
        hovertemplate="%{customdata}<extra></extra>",
    )
    for index, item in enumerate(known):
        if item.target is not None:
            figure.add_shape(
                type="line",
                x0=item.target,
                x1=item.target,
                y0=index - 0.3,
                y1=index + 0.3,
                line={"color": GREY, "width": 2.5},
            )
        figure.add_shape(
            type="line", x0=0, x1=values[index], y0=index, y1=index, line={"color": LIGHT, "width": 2}, layer="below"
        )
        state, tone = words.REDUCTION_STATES.get(item.state, (words.human(item.state), "neutral"))
        colour = {"good": GOOD, "bad": BAD}.get(tone)
        said = f"<b>{words.percent(values[index])}</b> {state}"
        figure.add_annotation(  # over its line, so that a phone keeps the whole width for the scale
            x=0,
            xref="paper",
            xanchor="left",
            xshift=14,
            y=index + 0.36,
            text=f"{item.name}  " + (f'<span style="color:{colour}">{said}</span>' if colour else said),
            showarrow=False,
            align="left",
            bgcolor=CLEAR,
        )
    return Chart(figure, " ".join([words.CHARTS["reductions"], *(words.reduction(item) for item in reversed(known))]))


def cost_trend(weekly: pd.DataFrame, currency: str, figures: Sequence[Figure] = ()) -> Chart:
    """Return cost per accepted task per week, one line per level. Columns: bucket, kind, level, per_accepted.

    The limits are those of the highest level among `figures`.
    """
    if weekly.empty:
        return _none()
    table = weekly.pivot_table(index="bucket", columns="level", values="per_accepted").sort_index()
    kinds = weekly.drop_duplicates("bucket").set_index("bucket")["kind"].reindex(table.index)
    series = [(words.level(level), _known(list(table[level]))) for level in LEVEL_ORDER if level in table]
    series = [(name, values) for name, values in series if any(value is not None for value in values)]
    if not series:
        return _none()
    figure, said = _lines(
        _weeks(list(table.index)),
        list(kinds == "complete"),
        series,
        lambda v: words.money(v, currency),
        (_ticks, lambda v, step: words.money_tick(v, step, currency)),
        _limits(figures, figures[0].metric if figures else "", list(table.index)),
    )
    return Chart(figure, " ".join([words.CHARTS["cost"], *said]))


_GAP = 1  # empty places between weeks and months
_ONE_SCALE = 3  # months at most so many times the weeks share their scale


def review(panel: Panel, header: Header) -> Chart:
    """Return six weeks and twelve months of a metric on one axis, this year over the one before."""
    parts = (panel.weeks, panel.months)
    known = [[v for p in part for v in (p.value, p.year_before) if v is not None] for part in parts]
    if not any(known):
        return _none()
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
            **_LAYOUT,
            "height": 190,
            "hovermode": "closest",
            "margin": {"l": 6, "r": 6, "t": 18, "b": 22},
            "xaxis": {**_AXIS, "range": [-0.6, places[-1] + 0.6], "tickvals": places, "ticktext": named,
                      "tickangle": 0, "tickfont": {"size": 10}, "automargin": False},
            "yaxis": {**_AXIS, "range": axes[0], "showticklabels": False},
            "yaxis2": {**_AXIS, "range": axes[1], "showticklabels": False, "overlaying": "y"},
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


# The lanes of a system's time axis, as shares of the figure's height, from the bottom.
_STAGE_LANE, _SHARE_LANE, _RELEASE_LANE, _INCIDENT_LANE = (0.915, 1.0), (0.34, 0.87), (0.165, 0.295), (0.0, 0.145)
_STAGE_FILLS = {"shadow": 0.10, "assisted": 0.18, "partial": 0.26, "full": 0.36, "retired": 0.06}
_MOST_LABELS = 6  # more marks than this carry their words in the hover and the table, and leave the shares alone
_NARROW, _WIDE = 0.16, 0.4  # shares of the axis: a stage has no room for its name, or has it for its share too
_BAR = 0.62  # of a week
_NEAR, _LATE = 0.26, 0.72  # of the axis: marks whose words would touch on a phone, and whose words would leave it
_FITS_MARGIN = 13  # signs that fit the right margin
_SHARE_GAP = 0.12  # least distance of two labels at the right edge, as a share of all work
_LEAST_SPAN = 0.008  # of the axis: minutes would not be seen on weeks


def time_axis(axis: TimeAxis) -> Chart:
    """Return one system's weeks: share on AI against its entitlement, with stages, releases and incidents in lanes."""
    nothing = not (axis.stages or axis.plan or axis.releases or axis.incidents)
    if nothing and all(one.share is None for one in axis.weeks):
        return _none()
    figure = _lanes(axis)
    _shares(figure, axis)
    _stage_lane(figure, axis)
    _release_lane(figure, axis)
    _incident_lane(figure, axis)
    return Chart(figure, words.system.axis_alt(axis))


def _lanes(axis: TimeAxis) -> go.Figure:
    """Return the empty axis: weeks from left to right, lanes named at the left."""
    labels = _weeks([one.week for one in axis.weeks])
    every = -(-len(labels) // 5)
    shown = [i for i in range(len(labels)) if (len(labels) - 1 - i) % every == 0]
    figure = go.Figure(
        layout={
            **_LAYOUT,
            "height": 316,
            "hovermode": "closest",
            "barmode": "overlay",
            "margin": {"l": 74, "r": 92, "t": 4, "b": 26},
            "xaxis": {
                **_AXIS,
                "type": "date",
                "range": [axis.start, axis.end],
                "anchor": "free",
                "position": 0,
                "automargin": False,
                "showline": True,
                "linecolor": GREY,
                "tickangle": 0,
                "ticklabelposition": "outside",
                "tickvals": [datetime.combine(axis.weeks[i].week, time()) for i in shown],
                "ticktext": [labels[i] for i in shown],
                "hoverformat": " ",
            },
            "yaxis": {
                **_AXIS,
                "domain": list(_SHARE_LANE),
                "range": [0, 1.04],
                "automargin": False,
                "showgrid": True,
                "gridcolor": LIGHT,
                "gridwidth": 1,
                "tickvals": [0, 0.5, 1],
                "ticktext": ["0", "50%", "100%"],
            },
            # marks of the lanes under and over the shares stand at the same heights as their words
            "yaxis2": {**_AXIS, "domain": [0, _SHARE_LANE[0]], "range": [0, _SHARE_LANE[0]], "showticklabels": False},
            "yaxis3": {**_AXIS, "domain": list(_STAGE_LANE), "range": list(_STAGE_LANE), "showticklabels": False},
        }
    )
    for name, lane in (("stages", _STAGE_LANE), ("releases", _RELEASE_LANE), ("incidents", _INCIDENT_LANE)):
        empty = not (getattr(axis, name) or (name == "stages" and axis.plan))
        figure.add_annotation(
            x=0, xref="paper", xanchor="right", xshift=-8, y=sum(lane) / 2, yref="paper", yanchor="middle",
            text=words.system.AXIS_LANES[name], showarrow=False,
        )  # fmt: skip
        if empty:
            figure.add_annotation(
                x=0, xref="paper", xanchor="left", xshift=6, y=sum(lane) / 2, yref="paper", yanchor="middle",
                text=words.system.NO_LANE_ITEMS[name], showarrow=False,
            )  # fmt: skip
    for lane in (_RELEASE_LANE, _INCIDENT_LANE):
        _rule(figure, lane[1] + 0.008)
    return figure


def _rule(figure: go.Figure, height: float) -> None:
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, yref="paper", y0=height, y1=height, line={"color": LIGHT, "width": 1}
    )


def _shares(figure: go.Figure, axis: TimeAxis) -> None:
    """Draw the weeks as bars, running ones hollow, and what was entitled and planned as thin steps."""
    middles = [datetime.combine(one.week, time()) + timedelta(days=3, hours=12) for one in axis.weeks]
    for whole in (True, False):
        shares = [one.share if (one.kind == "complete") == whole else None for one in axis.weeks]
        if not whole and all(share is None for share in shares):
            continue
        hollow = {"color": CLEAR, "line": {"color": GREY, "width": 1.5}}
        figure.add_bar(
            x=middles,
            y=shares,
            width=7 * 86_400_000 * _BAR,
            name=words.system.AXIS_LANES["share"] if whole else words.RUNNING,
            marker={} if whole else hollow,
            customdata=[words.system.week_share(one) for one in axis.weeks],
            hovertemplate="%{customdata}<extra></extra>",
        )
    ends = []
    known = [one.share for one in axis.weeks if one.share is not None and one.kind == "complete"]
    if known:
        ends.append((known[-1], f"<b>{words.percent(known[-1])}</b> {words.system.ON_AI}"))
    for spans, name, line in (
        (axis.stages, words.system.ENTITLED, {"color": GREY_SOLID, "width": 2}),
        (axis.plan, words.system.PLAN, {"color": GREY_SOLID, "width": 1.5, "dash": "dot"}),
    ):
        steps = _steps(spans, axis)
        if not steps:
            continue
        figure.add_scatter(
            x=[at for at, _ in steps],
            y=[share for _, share in steps],
            mode="lines",
            line={**line, "shape": "hv"},
            name=name,
            hoverinfo="skip",
            connectgaps=False,
        )
        last = steps[-1][1]
        if last is not None:
            ends.append((last, f"{words.system.whole_percent(last)} {name}"))
    _shares_at_the_end(figure, ends)


def _shares_at_the_end(figure: go.Figure, labels: Sequence[tuple[float, str]]) -> None:
    """Write labels at the right edge near their shares, moved apart where they would touch, and never off the scale."""
    ceiling = 1.0
    for under, (share, text) in zip(range(len(labels) - 1, -1, -1), sorted(labels, reverse=True), strict=True):
        at = max(min(share, ceiling), under * _SHARE_GAP)
        ceiling = at - _SHARE_GAP
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=8, y=at, yanchor="middle", text=text, showarrow=False,
            align="left",
        )  # fmt: skip


def _steps(spans: Sequence[StageSpan], axis: TimeAxis) -> list[tuple[datetime, float | None]]:
    """Return where each span's share begins, clipped to the axis, and the share at its end; [] without any share."""
    if all(span.load_share is None for span in spans):
        return []
    return [*((max(span.starts, axis.start), span.load_share) for span in spans), (axis.end, spans[-1].load_share)]


def _stage_lane(figure: go.Figure, axis: TimeAxis) -> None:
    whole, before = axis.end - axis.start, ""
    for span in axis.stages or axis.plan:
        start, end = max(span.starts, axis.start), min(span.ends or axis.end, axis.end)
        fill = f"rgba(125,137,145,{_STAGE_FILLS.get(span.stage, 0.2)})"
        dash = "dot" if span.planned else "solid"
        figure.add_shape(
            type="rect", xref="x", x0=start, x1=end, yref="paper", y0=_STAGE_LANE[0], y1=_STAGE_LANE[1],
            fillcolor=CLEAR if span.planned else fill, line={"color": GREY, "width": 1, "dash": dash}, layer="below",
        )  # fmt: skip
        figure.add_scatter(
            x=[start + (end - start) / 2],
            y=[sum(_STAGE_LANE) / 2],
            yaxis="y3",
            mode="markers",
            marker={"size": 22, "color": CLEAR},
            showlegend=False,
            name=words.system.AXIS_LANES["stages"],
            customdata=[_hover(words.system.stage_hover(span))],
            hovertemplate="%{customdata}<extra></extra>",
        )
        said = words.system.stage_label(span, wide=(end - start) / whole >= _WIDE, same=span.stage == before)
        before = span.stage
        if (end - start) / whole >= _NARROW:
            figure.add_annotation(
                x=start, xref="x", xanchor="left", xshift=5, y=sum(_STAGE_LANE) / 2, yref="paper", yanchor="middle",
                text=html.escape(said, quote=False), showarrow=False,
            )  # fmt: skip


def _release_lane(figure: go.Figure, axis: TimeAxis) -> None:
    if not axis.releases:
        return
    height = sum(_RELEASE_LANE) / 2
    for one in axis.releases if len(axis.releases) <= _MOST_LABELS else ():
        if one.change_class == "major":
            figure.add_shape(
                type="line", xref="x", x0=one.starts, x1=one.starts, yref="paper", y0=height, y1=_SHARE_LANE[1],
                line={"color": GREY_SOLID, "width": 1, "dash": "dot"},
            )  # fmt: skip
    figure.add_scatter(
        x=[one.starts for one in axis.releases],
        y=[height] * len(axis.releases),
        yaxis="y2",
        mode="markers",
        marker={
            "symbol": ["diamond" if one.change_class == "major" else "diamond-open" for one in axis.releases],
            "size": 11,
            "color": GREY_SOLID,
            "line": {"width": 1.5, "color": GREY_SOLID},
        },
        name=words.system.AXIS_LANES["releases"],
        customdata=[_hover(words.system.release_hover(one)) for one in axis.releases],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
    )
    if len(axis.releases) <= _MOST_LABELS:
        said = [(one.starts, one.starts, words.system.release_label(one)) for one in axis.releases]
        _beside(figure, axis, height, said)


def _incident_lane(figure: go.Figure, axis: TimeAxis) -> None:
    height, said = sum(_INCIDENT_LANE) / 2, []
    for one in axis.incidents:
        start, end = _visible(one, axis)
        if len(axis.incidents) <= _MOST_LABELS:
            figure.add_shape(
                type="rect", xref="x", x0=start, x1=end, yref="paper", y0=_SHARE_LANE[0], y1=_SHARE_LANE[1],
                fillcolor=BAD, opacity=0.16, line={"width": 0}, layer="below",
            )  # fmt: skip
        figure.add_scatter(
            x=[start, end],
            y=[height, height],
            yaxis="y2",
            mode="lines",
            line={"color": BAD, "width": 9},
            name=words.system.incident_kind(one.kind),
            customdata=[_hover(words.system.incident_hover(one))] * 2,
            hovertemplate="%{customdata}<extra></extra>",
        )
        said.append((start, end, words.system.incident_label(one)))
    if len(said) <= _MOST_LABELS:
        _beside(figure, axis, height, said)


def _visible(one: IncidentRow, axis: TimeAxis) -> tuple[datetime, datetime]:
    """Return an incident's ends on the axis, never so near that it could not be seen."""
    start, end = max(one.starts, axis.start), min(one.ends or axis.now, axis.end)
    return start, max(end, start + (axis.end - axis.start) * _LEAST_SPAN)


def _beside(figure: go.Figure, axis: TimeAxis, height: float, marks: Sequence[tuple[datetime, datetime, str]]) -> None:
    """Write words to the right of marks (start, end, words); to the left where they would not fit the margin.

    Neighbours that are too near for a phone stand in turn a little higher and lower.
    """
    whole = axis.end - axis.start
    shift = 0
    for index, (start, end, text) in enumerate(marks):
        near = [
            abs(one[0] - start) / whole < _NEAR
            for one in (*marks[max(index - 1, 0) : index], *marks[index + 1 : index + 2])
        ]
        shift = (-8 if shift > 0 else 8) if any(near) else 0
        left = (end - axis.start) / whole > _LATE and len(text) > _FITS_MARGIN
        figure.add_annotation(
            x=start if left else end, xref="x", xanchor="right" if left else "left", xshift=-9 if left else 9,
            y=height, yref="paper", yanchor="middle", yshift=shift, text=html.escape(text, quote=False),
            showarrow=False,
        )  # fmt: skip


def _hover(text: str) -> str:
    """Return recorded words as a hover shows them: no markup of their own, in lines that fit a phone."""
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, 46)]
    return "<br>".join(html.escape(line, quote=False) for line in lines)


# --- gates -----------------------------------------------------------------------------------------------------------


def gate_condition(item: GateCondition, columns: Sequence[GateColumn], alt: str) -> Chart:
    """Return a condition's weeks with their bounds, its lines, and where a new release began."""
    values = [week.value for week in item.weeks]
    known = [value for value in values if value is not None]
    if not known:
        return _none()
    lines = [(kind, line) for kind, _, line in item.rules if line is not None]
    ends = [end for week in item.weeks for end in (week.lower, week.upper) if end is not None]
    span = [*known, *ends, *(line for _, line in lines)]
    low, high = min(span), max(span)
    reach = (high - low) or abs(high) or 1.0
    labels = _weeks([week.week for week in item.weeks])
    figure = go.Figure(
        layout={
            **_LAYOUT,
            "height": 200,
            "margin": {**_LAYOUT["margin"], "t": 24},
            "hovermode": "closest",
            "xaxis": {**_AXIS, "type": "category", "showline": True, "linecolor": GREY, **_week_axis(labels)},
            "yaxis": {**_AXIS, "range": [low - reach * 0.12, high + reach * 0.12], "showticklabels": False},
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
                x=place - 0.5, y=1, yref="paper", yanchor="bottom", text=_hover(column.release), showarrow=False,
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


def token_demand(weekly: pd.DataFrame) -> Chart:
    """Return tokens asked of each provider per week, stacked. Columns: bucket, kind, provider, tokens."""
    if weekly.empty or not weekly["tokens"].sum():
        return _none()
    order = list(weekly.groupby("provider")["tokens"].sum().sort_values(ascending=False).index)
    return _stacked(
        weekly, "provider", "tokens", (order, words.vendors.provider, words.compact), words.CHARTS["demand"]
    )


def price_steps(steps: pd.DataFrame, last: date) -> Chart:
    """Return list prices of a million tokens over time as steps. Columns: model, currency, day, per_million."""
    if steps.empty:
        return _none()
    top = float(steps["per_million"].max())
    ticks = _ticks(top)
    currencies = set(steps["currency"])
    currency = currencies.pop() if len(currencies) == 1 else ""
    gap = ticks[1] if len(ticks) > 1 else 1.0
    figure = _figure(
        270,
        lambda v: words.money_tick(v, gap, currency),
        top,
        ticks=ticks,
        x={"type": "date", "range": [steps["day"].min(), last], "nticks": 5},
    )
    figure.update_layout(hovermode="closest")
    ends, said = [], []
    for name, own in steps.groupby("model", sort=False):
        points = list(zip(own["day"], _known(list(own["per_million"])), own["currency"], strict=True))
        texts = ["" if price is None else words.money(price, unit) for _, price, unit in points]
        values = [price for _, price, _ in points]
        figure.add_scatter(
            x=[*(when for when, _, _ in points), last],
            y=[*values, values[-1]],
            name=name,
            mode="lines",
            line={"shape": "hv", "width": 2},
            customdata=[*(f"{name}: {text}" for text in texts), f"{name}: {texts[-1]}"],
            hovertemplate="%{customdata}<extra></extra>",
        )
        if values[-1] is not None:
            ends.append((values[-1], f"{name}<br>{texts[-1]}"))
        priced = [(words.day(when), text) for (when, _, _), text in zip(points, texts, strict=True) if text]
        said.append(words.vendors.price_alt(str(name), priced))
    _at_the_end(figure, ends, top)
    return Chart(figure, " ".join([words.CHARTS["prices"], *said]))


_MOST_SYSTEMS = 4  # lines of single systems beside all of them: more would not keep their labels apart


def cumulative_hours(series: Sequence[tuple[str, Sequence[tuple[date, float]]]]) -> Chart:
    """Return hours returned since launch, added up by month: all systems together, and those with most of them."""
    known = sorted((one for one in series if one[1]), key=lambda one: -one[1][-1][1])
    if not known:
        return _none()
    months = sorted({month for _, points in known for month, _ in points})
    held = {name: dict(points) for name, points in known}
    steps = {name: _held(held[name], months) for name in held}
    total = [sum(values) for values in zip(*steps.values(), strict=True)]
    lines = [] if len(known) == 1 else [(words.value_claims.ALL, total)]
    lines += [(_short(name), steps[name]) for name, _ in known[:_MOST_SYSTEMS]]
    return _cumulative("hours", months, lines, words.hours, lambda v, _step: f"{words.compact(v)} h")


def _short(name: str) -> str:
    """Return a system's name as it fits beside a chart; the hover and the tables have all of it."""
    return textwrap.shorten(name, 19, placeholder="…")


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
        return _none()
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
        return _none()
    figure, said = _lines(labels, [True] * len(labels), [(name, list(values)) for name, values in lines], text,
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
    step = _ticks(max(high, -low))[1]
    return [step * place for place in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _at_the_end_between(figure: go.Figure, labels: Sequence[tuple[float, str]], low: float, high: float) -> None:
    """Write labels at the right edge of an axis that may begin below zero, moved apart where they would touch."""
    gap, floor = (high - low) * _LABEL_GAP, -math.inf
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
        return _none()
    costs = [cost for _, points in known for _, cost in points]
    tasks = [n for _, points in known for n, _ in points]
    figure = go.Figure(
        layout={
            **_LAYOUT,
            "height": 330,
            "hovermode": "closest",
            "margin": {"l": 4, "r": 130, "t": 12, "b": 4},
            "xaxis": {**_AXIS, **_log_axis(tasks, words.compact), "showline": True, "linecolor": GREY},
            "yaxis": {
                **_AXIS,
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
    ends = [(math.log10(points[-1][1]), _short(name)) for name, points in known]
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
        return _none()
    labels = [words.value_claims.month(month) for month in months]
    top = float(max(sum(parts) for parts in zip(*(counts for _, counts in by_stage), strict=True)))
    ticks = [float(tick) for tick in _ticks(top) if tick == int(tick)]
    figure = _figure(270, words.count, top, ticks=ticks, x=_week_axis(labels))
    reached, ends, said = 0.0, [], []
    for name, counts in by_stage:
        figure.add_bar(x=labels, y=list(counts), name=name, hovertemplate="%{y}")
        if counts[-1]:
            ends.append((reached + counts[-1] / 2, f"{name} {counts[-1]}"))
        reached += counts[-1]
        said.append(words.trend(name, labels, [words.count(n) for n in counts], [float(n) for n in counts]))
    _at_the_end(figure, ends, top)
    return Chart(figure, " ".join([words.value_claims.CHART_ALTS["stages"], *said]))


def waterfall(brief: BridgeBrief) -> Chart:
    """Return the bars of a bridge one under the other, each from where the last one ended; the last is the change.

    A bar's `customdata` is the name of its component. Its words stand left of it, where a phone has room for them.
    """
    bars = words.bridge.bars_of(brief)
    if brief.bridge is None or not bars:
        return _none()
    first, last = words.bridge.ends(brief)
    rows = [("", first, 0.0, 0.0, GREY)]
    at = 0.0
    for name, amount in bars:
        label = f"{words.bridge.BARS[name]}<br>{words.bridge.bar_label(name, amount, brief)}"
        colour = {"good": GOOD, "bad": BAD}.get(words.bridge.tone(name, amount), GREY_SOLID)
        rows.append((name, label, at, float(amount), colour))
        at += float(amount)
    rows.append(("", last, 0.0, at, GREY))
    names, labels, bases, sizes, colours = (list(column) for column in zip(*rows, strict=True))
    reach = [0.0, *(base + size for base, size in zip(bases, sizes, strict=True))]
    margin = (max(reach) - min(reach)) * 0.03 or 1.0
    figure = go.Figure(
        layout={
            **_LAYOUT,
            "hovermode": "closest",
            "barmode": "overlay",
            "bargap": 0.4,
            "height": 42 * len(rows) + 16,
            "margin": {"l": 4, "r": 8, "t": 6, "b": 4},
            "xaxis": {
                **_AXIS,
                "range": [min(reach) - margin, max(reach) + margin],
                "zeroline": True,
                "zerolinecolor": GREY,
                "showticklabels": False,
            },
            "yaxis": {**_AXIS, "type": "category", "autorange": "reversed"},
        }
    )
    figure.add_bar(
        x=sizes,
        y=labels,
        base=bases,
        orientation="h",
        marker={"color": colours},
        customdata=names,
        hovertemplate="%{y}<extra></extra>",
    )
    for place, (base, size) in enumerate(zip(bases[:-1], sizes[:-1], strict=True)):
        end = base + size
        figure.add_shape(
            type="line", x0=end, x1=end, y0=place, y1=place + 1, line={"color": GREY, "width": 1}, layer="below"
        )
    return Chart(figure, words.bridge.chart_alt(brief))
