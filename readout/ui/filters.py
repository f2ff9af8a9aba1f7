"""The shared filters: what a reader has chosen, kept in the address, the same on every page."""

from collections.abc import Callable, Sequence

import streamlit as st

from readout import words
from readout.briefs.results import Header, Scope
from readout.periods import COMPARISONS, PERIODS, period_choices

_DEFAULT = Scope()
_SCOPE = "scope_of_this_run"
_UNKNOWN = "unknown_systems_of_this_run"


def _default_first(keys: Sequence[str], default: str) -> list[str]:
    return [default, *(key for key in keys if key != default)]


def _take(key: str) -> None:
    st.session_state[key] = st.session_state[f"shown_{key}"]


def _choice(key: str, options: Sequence[str], label: Callable[[str], str], width: int) -> None:
    st.session_state[f"shown_{key}"] = st.session_state[key]
    st.selectbox(
        words.FILTERS[key],
        options,
        format_func=label,
        key=f"shown_{key}",
        on_change=_take,
        args=(key,),
        width=width,
        label_visibility="collapsed",
    )


def show(header: Header | None) -> Scope:
    """Draw the filters and return the scope; values in the address that do not exist are ignored.

    A bound widget writes the words that it shows into the address. Readers want names, links want stable ids: so the
    bound widgets hold ids and stay hidden, and the visible ones, with names, set them.
    """
    asked = wanted()
    # without a warehouse, what the address asks for is kept, so that trying again shows the same view
    names = header.system_names if header else {system: system for system in asked.systems}
    kinds = ["", *(header.task_types if header else [asked.task_type] if asked.task_type else ())]
    periods = period_choices(header.calendar) if header else tuple(PERIODS)
    st.session_state[_UNKNOWN] = tuple(system for system in asked.systems if system not in names)
    with st.container(key="url"):
        period = st.selectbox("period", _default_first(periods, _DEFAULT.period), key="period", bind="query-params")
        compare = st.selectbox(
            "compare", _default_first(tuple(COMPARISONS), _DEFAULT.compare), key="compare", bind="query-params"
        )
        systems = st.multiselect("system", list(names), key="system", bind="query-params") if names else []
        kind = st.selectbox("type", kinds, key="type", bind="query-params") if len(kinds) > 1 else ""
        st.text_input("as_of", key="as_of", bind="query-params")
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        _choice("period", periods, words.period_choice, 205)
        _choice("compare", tuple(COMPARISONS), words.comparison_choice, 215)
        if names:
            st.session_state["shown_system"] = st.session_state["system"]
            st.multiselect(
                words.FILTERS["system"],
                sorted(names, key=lambda system: names[system].casefold()),
                format_func=lambda system: names.get(system, system),
                key="shown_system",
                on_change=_take,
                args=("system",),
                placeholder=words.ALL_SYSTEMS,
                width=300,
                label_visibility="collapsed",
            )
        if len(kinds) > 1:
            _choice("type", kinds, words.type_label, 195)
    return Scope(period, compare, tuple(sorted(systems)), kind or "", header.scope.as_of if header else asked.as_of)


def wanted() -> Scope:
    """Return systems, task type and as-of that are chosen, or that a first visit's address asks for, unchecked."""
    state, address = st.session_state, st.query_params
    systems = state["system"] if "system" in state else address.get_all("system")
    kind = state["type"] if "type" in state else address.get("type", "")
    as_of = state["as_of"] if "as_of" in state else address.get("as_of", "")
    return Scope(systems=tuple(systems), task_type=kind or "", as_of=as_of or "")


def remember(scope: Scope) -> None:
    """Hand the scope of this run from the shell to the page."""
    st.session_state[_SCOPE] = scope


def current() -> Scope:
    """Return the scope of this run."""
    return st.session_state.get(_SCOPE, _DEFAULT)


def unknown() -> tuple[str, ...]:
    """Return the systems that the address asked for in this run and that nobody knows."""
    return st.session_state.get(_UNKNOWN, ())
