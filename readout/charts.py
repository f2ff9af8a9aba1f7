"""Charts with their text alternative: the only Plotly import, graph objects only.

Colours come from the theme's ten categorical ones by the order of the traces, so that charts follow light and dark;
greys are half-transparent for the same reason. Labels stand at the data, bars start at zero, running periods are
hollow.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from readout import words
from readout.briefs.results import Reduction

GREY = "rgba(125,137,145,.75)"
LIGHT = "rgba(125,137,145,.28)"
CLEAR = "rgba(0,0,0,0)"
GOOD = "#2a9d86"
BAD = "#cc6a45"
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


def arms(weekly: pd.DataFrame) -> Chart:
    """Return tasks completed per week, stacked by who completed them. Columns: bucket, kind, arm, completed."""
    if weekly.empty or not weekly["completed"].sum():
        return _none()
    table = weekly.pivot_table(
        index="bucket", columns="arm", values="completed", aggfunc="sum", fill_value=0
    ).sort_index()
    kinds = weekly.drop_duplicates("bucket").set_index("bucket")["kind"].reindex(table.index)
    order = [
        arm for arm in (*ARM_ORDER, *table.columns.difference(list(ARM_ORDER))) if arm in table and table[arm].sum()
    ]
    labels = _weeks(list(table.index))
    top = float(table.sum(axis=1).max())
    figure = _figure(270, lambda v: words.tick(v, top), top, ticks=_ticks(top), x=_week_axis(labels))
    whole = (kinds == "complete").to_numpy()
    reached, ends, said = 0.0, [], []
    for arm in order:
        values = table[arm]
        figure.add_bar(
            x=labels,
            y=values.where(whole),
            name=words.arm(arm),
            customdata=[words.count(v) for v in values],
            hovertemplate="%{customdata}",
        )
        height = float(values.iloc[-1])
        ends.append((reached + height / 2, words.arm(arm)))
        reached += height
        said.append(words.trend(words.arm(arm), labels, [words.count(v) for v in values], list(values)))
    if not whole.all():
        figure.add_bar(
            x=labels,
            y=table.sum(axis=1).where(~whole),
            name=words.RUNNING,
            marker={"color": CLEAR, "line": {"color": GREY, "width": 1.5}},
            customdata=[f"{words.count(v)} ({kind})" for v, kind in zip(table.sum(axis=1), kinds, strict=True)],
            hovertemplate="%{customdata}",
        )
        # labels stand at the last whole week's height
        last = table[whole].iloc[-1] if whole.any() else table.iloc[-1]
        ends, reached = [], 0.0
        for arm in order:
            ends.append((reached + float(last[arm]) / 2, words.arm(arm)))
            reached += float(last[arm])
    _at_the_end(figure, ends, top)
    return Chart(figure, " ".join([words.CHARTS["arms"], *said]))


def _lines(
    labels: Sequence[str],
    whole: Sequence[bool],
    series: Sequence[tuple[str, Sequence[float | None]]],
    text: Callable[[float], str],
    axis: tuple[Callable[[float], list[float]], Callable[[float, float], str]],
) -> tuple[go.Figure, list[str]]:
    """Return labelled lines over weeks, running weeks as hollow points, and their sentences."""
    top = max(value for _, values in series for value in values if value is not None)
    ticks = axis[0](top)
    step = ticks[1] if len(ticks) > 1 else 1.0
    figure = _figure(250, lambda v: axis[1](v, step), top, ticks=ticks, x=_week_axis(labels))
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


def handling_lines(weekly: pd.DataFrame) -> Chart:
    """Return weekly mean, p50 and p95 of handling time. Columns: bucket, kind, mean, p50, p95 in seconds."""
    series = [(words.STATISTICS[name], _known(list(weekly[name]))) for name in STATISTICS if name in weekly]
    series = [(name, values) for name, values in series if any(value is not None for value in values)]
    if not series:
        return _none()
    labels, whole = _weeks(list(weekly["bucket"])), list(weekly["kind"] == "complete")
    figure, said = _lines(
        labels, whole, series, words.duration, (_time_ticks, lambda v, _step: words.round_duration(v))
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


def cost_trend(weekly: pd.DataFrame, currency: str) -> Chart:
    """Return cost per accepted task per week, one line per level. Columns: bucket, kind, level, per_accepted."""
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
    )
    return Chart(figure, " ".join([words.CHARTS["cost"], *said]))
