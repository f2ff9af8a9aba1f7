"""The hidden marker that ends every page, for browser tests and monitors to wait on."""

from readout import words
from readout.briefs.results import Scope
from readout.ui import markup


def show(page: str, scope: Scope, data_version: str, status: str = "") -> None:
    """Draw the marker; `status` is "" where the figures stand, else empty or failed."""
    state = words.state(page, scope) + (f"&status={status}" if status else "")
    markup.show(
        f'<span class="readout-ready" hidden data-state="{markup.escape(state)}" '
        f'data-version="{markup.escape(data_version)}"></span>'
    )
