"""Charts of cost: unit cost by week and level, and the bridge between two periods."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from readout import words
from readout.briefs.results import Figure
from readout.briefs.results_bridge import BridgeBrief
from readout.charts.figure import (
    AXIS,
    BAD,
    GOOD,
    GREY,
    GREY_SOLID,
    LAYOUT,
    Chart,
    empty_chart,
    known_values,
    round_ticks,
    week_labels,
)
from readout.charts.weekly import limits_of, lines_of

LEVEL_ORDER = ("fully_loaded", "with_people", "direct", "inference")


def cost_trend(weekly: pd.DataFrame, currency: str, figures: Sequence[Figure] = ()) -> Chart:
    """Return cost per accepted task per week, one line per level. Columns: bucket, kind, level, per_accepted.

    The limits are those of the highest level among `figures`.
    """
    if weekly.empty:
        return empty_chart()
    table = weekly.pivot_table(index="bucket", columns="level", values="per_accepted").sort_index()
    kinds = weekly.drop_duplicates("bucket").set_index("bucket")["kind"].reindex(table.index)
    series = [(words.level(level), known_values(list(table[level]))) for level in LEVEL_ORDER if level in table]
    series = [(name, values) for name, values in series if any(value is not None for value in values)]
    if not series:
        return empty_chart()
    figure, said = lines_of(
        week_labels(list(table.index)),
        list(kinds == "complete"),
        series,
        lambda v: words.money(v, currency),
        (round_ticks, lambda v, step: words.money_tick(v, step, currency)),
        limits_of(figures, figures[0].metric if figures else "", list(table.index)),
    )
    return Chart(figure, " ".join([words.CHARTS["cost"], *said]))


def waterfall(brief: BridgeBrief) -> Chart:
    """Return the bars of a bridge one under the other, each from where the last one ended; the last is the change.

    A bar's `customdata` is the name of its component. Its words stand left of it, where a phone has room for them.
    """
    bars = words.bridge.bars_of(brief)
    if brief.bridge is None or not bars:
        return empty_chart()
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
            **LAYOUT,
            "hovermode": "closest",
            "barmode": "overlay",
            "bargap": 0.4,
            "height": 42 * len(rows) + 16,
            "margin": {"l": 4, "r": 8, "t": 6, "b": 4},
            "xaxis": {
                **AXIS,
                "range": [min(reach) - margin, max(reach) + margin],
                "zeroline": True,
                "zerolinecolor": GREY,
                "showticklabels": False,
            },
            "yaxis": {**AXIS, "type": "category", "autorange": "reversed"},
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
