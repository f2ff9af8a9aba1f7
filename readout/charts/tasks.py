"""Charts of work: who completed it, how long it took, how far handling time fell."""

import math
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from readout import words
from readout.briefs.results import Figure, Reduction
from readout.charts.figure import (
    AXIS,
    BAD,
    CLEAR,
    GOOD,
    GREY,
    LAYOUT,
    LIGHT,
    Chart,
    empty_chart,
    empty_figure,
    known_values,
    time_ticks,
    week_labels,
)
from readout.charts.weekly import limits_of, lines_of, signal_of, stacked

TICKS_SECONDS = (0.1, 1, 10, 60, 600, 3600, 14_400, 86_400, 604_800)
STATISTICS = ("p95", "mean", "p50")
ARM_ORDER = ("ai_auto", "ai_assisted", "human")
_TAIL = 0.9975  # a distribution is drawn up to this share; the rest is a few stragglers


def arms(weekly: pd.DataFrame, figures: Sequence[Figure] = ()) -> Chart:
    """Return tasks completed per week, stacked by who completed them. Columns: bucket, kind, arm, completed.

    The limits are those of the throughput among `figures`.
    """
    if weekly.empty or not weekly["completed"].sum():
        return empty_chart()
    said_as = (ARM_ORDER, words.arm, words.count)
    return stacked(weekly, "arm", "completed", said_as, words.CHARTS["arms"], signal_of(figures, "throughput"))


def handling_lines(weekly: pd.DataFrame, figures: Sequence[Figure] = ()) -> Chart:
    """Return weekly mean, p50 and p95 of handling time. Columns: bucket, kind, mean, p50, p95 in seconds.

    The limits are those of the mean among `figures`.
    """
    series = [(words.STATISTICS[name], known_values(list(weekly[name]))) for name in STATISTICS if name in weekly]
    series = [(name, values) for name, values in series if any(value is not None for value in values)]
    if not series:
        return empty_chart()
    labels, whole = week_labels(list(weekly["bucket"])), list(weekly["kind"] == "complete")
    figure, said = lines_of(
        labels,
        whole,
        series,
        words.duration,
        (time_ticks, lambda v, _step: words.round_duration(v)),
        limits_of(figures, "handling_seconds_mean", list(weekly["bucket"])),
    )
    return Chart(figure, " ".join([words.CHARTS["handling"], *said]))


def distribution(shares: pd.DataFrame, before: str) -> Chart:
    """Return the share of tasks done within a time, now and before. Columns: seconds, now, before (bucket shares)."""
    if shares.empty or words.missing(float(shares["now"].sum())) or not shares["now"].sum():
        return empty_chart()
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
    figure = empty_figure(250, lambda v: f"{words.plain(v * 100)}%", 1.0, ticks=[0.0], x=axis)
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
        return empty_chart()
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
            **LAYOUT,
            "hovermode": "closest",
            "height": 50 + 54 * len(known),
            "margin": {"l": 4, "r": 12, "t": 6, "b": 4},
            "xaxis": {
                **AXIS,
                "range": [max(low, -1.0) - (margin if low < 0 else margin / 8), high + margin],
                "tickformat": ".0%",
                "zeroline": True,
                "zerolinecolor": GREY,
                "nticks": 6,
            },
            "yaxis": {**AXIS, "type": "category", "range": [-0.45, len(known) - 0.3], "showticklabels": False},
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
