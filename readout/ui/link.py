"""Links between pages that keep what the reader has chosen."""

from urllib.parse import urlencode

import streamlit as st

from readout.briefs.results import Header, Scope
from readout.ui.markup import escape
from readout.words.addresses import address, instant

_HERE = "address_of_this_run"


def remember(page: str, header: Header) -> None:
    """Keep for this run the address that shows the page again: all of its address, and the as-of of now."""
    chosen = [(name, value) for name in st.query_params for value in st.query_params.get_all(name) if name != "as_of"]
    as_of = header.scope.as_of or instant(header.as_of)
    st.session_state[_HERE] = f"{page}?{urlencode([*chosen, ('as_of', as_of)])}"


def here() -> str:
    """Return the address that shows this page again with the same filters and as-of; "" where there are no figures."""
    return st.session_state.get(_HERE, "")


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
