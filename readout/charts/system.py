"""A system's life on one axis: load shares, stages, releases and incidents."""

import html
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import plotly.graph_objects as go

from readout import words
from readout.briefs.results_system import IncidentRow, StageSpan, TimeAxis
from readout.charts.figure import (
    AXIS,
    BAD,
    CLEAR,
    GREY,
    GREY_SOLID,
    LAYOUT,
    LIGHT,
    Chart,
    empty_chart,
    in_hover,
    week_labels,
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
        return empty_chart()
    figure = _lanes(axis)
    _shares(figure, axis)
    _stage_lane(figure, axis)
    _release_lane(figure, axis)
    _incident_lane(figure, axis)
    return Chart(figure, words.system.axis_alt(axis))


def _lanes(axis: TimeAxis) -> go.Figure:
    """Return the empty axis: weeks from left to right, lanes named at the left."""
    labels = week_labels([one.week for one in axis.weeks])
    every = -(-len(labels) // 5)
    shown = [i for i in range(len(labels)) if (len(labels) - 1 - i) % every == 0]
    figure = go.Figure(
        layout={
            **LAYOUT,
            "height": 296,
            "hovermode": "closest",
            "barmode": "overlay",
            "margin": {"l": 74, "r": 92, "t": 4, "b": 26},
            "xaxis": {
                **AXIS,
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
                **AXIS,
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
            "yaxis2": {**AXIS, "domain": [0, _SHARE_LANE[0]], "range": [0, _SHARE_LANE[0]], "showticklabels": False},
            "yaxis3": {**AXIS, "domain": list(_STAGE_LANE), "range": list(_STAGE_LANE), "showticklabels": False},
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
            customdata=[in_hover(words.system.stage_hover(span))],
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
        customdata=[in_hover(words.system.release_hover(one)) for one in axis.releases],
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
            customdata=[in_hover(words.system.incident_hover(one))] * 2,
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
