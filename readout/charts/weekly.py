"""Lines and stacked bars over weeks, with process limits behind them."""

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from readout import words
from readout.briefs.results import Figure
from readout.charts.figure import (
    CLEAR,
    FAINT,
    GREY,
    LIGHT,
    Chart,
    at_the_end,
    empty_figure,
    round_ticks,
    week_axis,
    week_labels,
)
from readout.signals import Band, Verdict


def stacked(
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
    labels = week_labels(list(table.index))
    limits = [signal.at(week) if signal else None for week in table.index]
    top = max([float(table.sum(axis=1).max()), *(band.upper for band in limits if band)])
    figure = empty_figure(270, lambda v: words.tick(v, top), top, ticks=round_ticks(top), x=week_axis(labels))
    draw_band(figure, limits)
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
    at_the_end(figure, ends, top)
    return Chart(figure, " ".join([heading, *said]))


def lines_of(
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
    figure = empty_figure(250, lambda v: axis[1](v, step), top, ticks=ticks, x=week_axis(labels))
    draw_band(figure, limits)
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
    at_the_end(figure, ends, top)
    return figure, said


def draw_band(figure: go.Figure, limits: Sequence[Band | None]) -> None:
    """Draw process limits behind a chart of weeks: a grey band with a thin rim, broken where they start anew."""
    shapes: list[dict[str, object]] = []
    for index, band in enumerate(limits):
        if band is None:
            continue
        sides = {"x0": index - 0.5, "x1": index + 0.5, "layer": "below"}
        shapes.append(
            {"type": "rect", "y0": band.lower, "y1": band.upper, "fillcolor": FAINT, "line": {"width": 0}, **sides}
        )
        shapes += [
            {"type": "line", "y0": height, "y1": height, "line": {"color": LIGHT, "width": 1}, **sides}
            for height in (band.lower, band.upper)
        ]
    figure.update_layout(shapes=[*figure.layout.shapes, *shapes])  # at once: each change looks at all shapes again


def signal_of(figures: Sequence[Figure], metric: str) -> Verdict | None:
    """Return the signal of one of a page's figures."""
    return next((figure.signal for figure in figures if figure.metric == metric), None)


def limits_of(figures: Sequence[Figure], metric: str, weeks: Sequence[date]) -> list[Band | None]:
    """Return the limits of one of a page's figures in each of its weeks."""
    found = signal_of(figures, metric)
    return [found.at(week) if found else None for week in weeks]
