"""Small pictures as SVG: sparklines, and a gate's weeks against its line. Pure; pages and files draw the same.

One colour that reads on light and dark paper, because a picture does not know the theme.
"""

from collections.abc import Sequence

INK = "#3b8d97"
GREY = "#8a979f"
_PAD = 3.0
_LEAST_RANGE = 0.25  # of the highest value


def _svg(width: float, height: float, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">{body}</svg>'
    )


def _paths(points: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """Return the unbroken stretches of a series; a missing value breaks the line."""
    stretches: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            stretches.append([])
        else:
            stretches[-1].append((x, y))
    return [stretch for stretch in stretches if stretch]


def _line(stretch: Sequence[tuple[float, float]], colour: str, width: float) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in stretch)
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" '
        'stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
    )


def line(
    values: Sequence[float | None],
    width: float = 76,
    height: float = 22,
    limits: Sequence[tuple[float, float] | None] = (),
) -> str:
    """Return a sparkline with its last known value dotted; nothing under two values.

    It fills the height with the range of its values, but with no less than a quarter of the highest one, so that small
    movements look small. `limits` of routine variation, one pair a value, lie behind it as a grey band.
    """
    known = [value for value in values if value is not None and value == value]  # noqa: PLR0124 - NaN
    if len(known) < 2:  # noqa: PLR2004 - one point is not a line
        return ""
    span = [*known, *(end for pair in limits if pair for end in pair)]
    middle = (min(span) + max(span)) / 2
    reach = max(max(span) - min(span), max(map(abs, known)) * _LEAST_RANGE) or 1.0
    low, scale = middle - reach / 2, (height - 2 * _PAD) / reach
    step = (width - 2 * _PAD) / max(len(values) - 1, 1)
    points = [
        (_PAD + i * step, None if v is None or v != v else height - _PAD - (v - low) * scale)  # noqa: PLR0124 - NaN
        for i, v in enumerate(values)
    ]
    stretches = _paths(points)
    body = "".join(
        f'<rect x="{_PAD + (i - 0.5) * step:.1f}" y="{height - _PAD - (pair[1] - low) * scale:.1f}" '
        f'width="{step + 0.2:.1f}" height="{max((pair[1] - pair[0]) * scale, 1):.1f}" fill="{GREY}" fill-opacity=".2"/>'
        for i, pair in enumerate(limits)
        if pair
    )
    body += "".join(_line(stretch, INK, 1.6) for stretch in stretches)
    x, y = stretches[-1][-1]
    return _svg(width, height, body + f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.1" fill="{INK}"/>')


def weeks(values: Sequence[float | None], complete: Sequence[bool], limit: float | None, width: float = 640) -> str:
    """Return a gate metric's weeks as dots on a line against the gate's own line; running weeks are hollow."""
    height = 58.0
    known = [value for value in values if value is not None]
    if not known:
        return ""
    span = [*known, *([limit] if limit is not None else [])]
    low, high = min(span), max(span)
    margin = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    low, high = low - margin, high + margin
    step = (width - 4 * _PAD) / max(len(values) - 1, 1)

    def at(index: int, value: float) -> tuple[float, float]:
        return 2 * _PAD + index * step, height - _PAD - (value - low) / (high - low) * (height - 2 * _PAD)

    body = ""
    if limit is not None:
        y = at(0, limit)[1]
        body += f'<line x1="0" x2="{width:g}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GREY}" stroke-dasharray="5 3"/>'
    points = [(2 * _PAD + i * step, None if v is None else at(i, v)[1]) for i, v in enumerate(values)]
    body += "".join(_line(stretch, INK, 1.6) for stretch in _paths(points))
    for index, (value, whole) in enumerate(zip(values, complete, strict=True)):
        if value is not None:
            x, y = at(index, value)
            fill = INK if whole else "none"
            body += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.8" fill="{fill}" stroke="{INK}" stroke-width="1.3"/>'
    return _svg(width, height, body)
