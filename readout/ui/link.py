"""Links between pages that keep what the reader has chosen."""

from readout.briefs.results import Scope
from readout.ui.markup import escape
from readout.words.addresses import address


def system(system_id: str, name: str, scope: Scope) -> str:
    """Return a system's name as a link to its page."""
    return f'<a class="r-link" href="{escape(address("system", scope, system_id))}">{escape(name)}</a>'


def page(name: str, text: str, scope: Scope, system_id: str = "") -> str:
    """Return a text as a link to a page."""
    return f'<a class="r-link" href="{escape(address(name, scope, system_id))}">{escape(text)}</a>'


def outside(url: str, said: str) -> str:
    """Return a link to another site in a new tab; a dash where there is none, or where it is no web address."""
    if not url.startswith(("https://", "http://")):
        return '<span class="r-muted">–</span>'
    return f'<a class="r-link" href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(said)}</a>'
