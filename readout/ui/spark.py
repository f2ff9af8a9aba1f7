"""The small pictures of `readout.sparks` on a page, with their text as `alt`.

Streamlit's HTML drops SVG elements but keeps images, so these are `data:` images.
"""

import base64
from collections.abc import Sequence

from readout import sparks
from readout.ui.markup import escape


def line(
    values: Sequence[float | None],
    alt: str,
    width: float = 76,
    height: float = 22,
    limits: Sequence[tuple[float, float] | None] = (),
) -> str:
    """Return a sparkline; nothing under two values."""
    return _image(sparks.line(values, width, height, limits), alt)


def weeks(
    values: Sequence[float | None], complete: Sequence[bool], limit: float | None, alt: str, width: float = 640
) -> str:
    """Return a gate metric's weeks as dots on a line against the gate's own line; running weeks are hollow."""
    return _image(sparks.weeks(values, complete, limit, width), alt)


def _image(svg: str, alt: str) -> str:
    if not svg:
        return ""
    data = base64.b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">'
