"""The frame of every chart: layout, greys, axes, ticks and labels at the data. Graph objects only.

Colours come from the theme's ten categorical ones by the order of the traces, so that charts follow light and dark;
greys are half-transparent for the same reason. Labels stand at the data, bars start at zero, running periods are
hollow.
"""

import html
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from readout import words

GREY = "rgba(125,137,145,.75)"
LIGHT = "rgba(125,137,145,.28)"
FAINT = "rgba(125,137,145,.12)"
GREY_SOLID = "#8a979f"
TEAL = "#3b8d97"  # 4:1 on light and on dark paper, as in the sparklines
CLEAR = "rgba(0,0,0,0)"
# words are drawn in these too: 4:1 at least on light and on dark paper
GOOD = "#1f8a75"
BAD = "#c45c36"
CONFIG: dict[str, Any] = {
    "responsive": True,
    "scrollZoom": False,
    "displayModeBar": "hover",
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],  # the image is an SVG: it stays sharp in any document
}
STEPS_SECONDS = (
    0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400,
    172_800, 604_800,
)  # fmt: skip
LABEL_GAP = 0.17  # least distance of two labels at a chart's right edge, as a share of its height

AXIS = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "title": None, "automargin": True}
LAYOUT: dict[str, Any] = {
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


def empty_figure(
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
            **LAYOUT,
            "height": height,
            "xaxis": {**AXIS, "type": "category", "showline": True, "linecolor": GREY, **(x or {})},
            "yaxis": {
                **AXIS,
                "range": [0, max(top * 1.06, ticks[-1]) or 1],
                "showgrid": True,
                "gridcolor": LIGHT,
                "gridwidth": 1,
                "tickvals": list(ticks),
                "ticktext": [y_ticks(tick) if tick else "0" for tick in ticks],
            },
        }
    )


def round_ticks(top: float) -> list[float]:
    """Return zero and two to four round numbers up to the top."""
    if top <= 0:
        return [0.0]
    power = 10.0 ** int(f"{top:e}".split("e")[1])
    step = next(power * f for f in (0.2, 0.25, 0.5, 1.0, 2.0, 2.5) if top / (power * f) <= 4)  # noqa: PLR2004
    return [step * i for i in range(int(top / step + 1e-9) + 1)]


def time_ticks(top: float) -> list[float]:
    """Return zero and two to four times as a clock counts them: 30 s, 5 min, 2 h."""
    step = next((s for s in STEPS_SECONDS if top / s <= 4), STEPS_SECONDS[-1])  # noqa: PLR2004
    return [step * i for i in range(int(top / step + 1e-9) + 1)]


def empty_chart() -> Chart:
    """Return the chart of a page that has nothing to draw, which says so."""
    return Chart(go.Figure(layout={**LAYOUT, "height": 120}), words.NOTHING_TO_DRAW, empty=True)


def week_labels(starts: Sequence[date]) -> list[str]:
    """Return the name of each week on an axis."""
    # the same day of two years would share one place on the axis
    year = len({(start.month, start.day) for start in starts}) < len(starts)
    return [words.day(start, year=year) for start in starts]


def week_axis(labels: Sequence[str]) -> dict[str, Any]:
    """Return an axis that names at most five weeks, the last one among them: more would not fit a phone."""
    every = -(-len(labels) // 5)
    return {"tickangle": 0, "tickvals": [label for i, label in enumerate(labels) if (len(labels) - 1 - i) % every == 0]}


def known_values(values: Sequence[Any]) -> list[float | None]:
    """Return numbers, None where one is missing: a gap in the line."""
    return [None if words.missing(value) else float(value) for value in values]


def at_the_end(figure: go.Figure, labels: Sequence[tuple[float, str]], top: float) -> None:
    """Write labels at the right edge, each at its value, moved apart where they would touch."""
    gap, floor = top * LABEL_GAP, 0.0
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


def in_hover(text: str) -> str:
    """Return recorded words as a hover shows them: no markup of their own, in lines that fit a phone."""
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, 46)]
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def short_name(name: str) -> str:
    """Return a system's name as it fits beside a chart; the hover and the tables have all of it."""
    return textwrap.shorten(name, 19, placeholder="…")


def config(name: str) -> dict[str, Any]:
    """Return the settings of a chart whose image is called by its name."""
    return CONFIG | {"toImageButtonOptions": {"format": "svg", "filename": f"readout-{name.replace('_', '-')}"}}
