"""Our own small HTML: escaped text in named classes, styled in `style`, readable by screen readers and printers.

Tables and tiles are HTML rather than canvas or widgets so that a cell can hold a number, its sparkline, its change and
the reason why it is empty, and so that pages print as they look.
"""

import html
from collections.abc import Iterable

import streamlit as st


def escape(text: object) -> str:
    """Return text that is safe between tags and in quoted attributes."""
    return html.escape(str(text), quote=True)


def span(text: object, css: str) -> str:
    """Return escaped text in a span of a class; nothing where there is no text."""
    return f'<span class="{css}">{escape(text)}</span>' if str(text) else ""


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a definition list."""
    return "<dl>" + "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in pairs) + "</dl>"


def show(body: str) -> None:
    """Draw HTML that is made of escaped parts only."""
    st.html(body)
