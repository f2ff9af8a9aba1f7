"""Choosing one system: a select where none or several are chosen, and the list of all systems."""

import streamlit as st

from readout import words
from readout.briefs.results import Header
from readout.briefs.results_system import SystemBrief, SystemChoice
from readout.ui import filters, link, markup, system_notice, tables
from readout.ui.markup import escape

_KEY = "shown_one_system"


def show(brief: SystemBrief) -> None:
    """Draw the select, where the address does not name exactly one system, and what is wrong with the address."""
    unknown = filters.unknown()
    if unknown and brief.profile is None:
        system_notice.show(words.system.unknown_system(unknown))
    if len(brief.choices) < 2:  # noqa: PLR2004 - one is no choice
        return
    names = {one.system_id: one.name for one in brief.choices}
    current = brief.profile.system_id if brief.profile else None
    st.session_state[_KEY] = current
    with st.container(key="one_system"):
        st.selectbox(
            words.system.CHOSEN_FIRST if current else words.system.CHOOSE,
            list(names),
            format_func=lambda system: names.get(system, system),
            index=0 if current else None,
            key=_KEY,
            on_change=_take,
            placeholder=words.system.CHOOSE,
            width=420,
            label_visibility="visible" if current else "collapsed",
        )


def _take() -> None:
    chosen = st.session_state[_KEY]
    st.session_state["system"] = [chosen] if chosen else []


def listed(choices: tuple[SystemChoice, ...], header: Header) -> None:
    """Draw all systems, each a link to its page."""
    rows = [
        [
            f"<b>{link.system(one.system_id, one.name, header.scope)}</b>"
            + ("" if one.registered else f"<small>{escape(words.UNREGISTERED)}</small>"),
            f'<span class="r-long">{escape(one.summary)}</span>'
            if one.summary
            else tables.why(words.system.NOT_DESCRIBED),
            f'<span class="r-whole">{escape(words.system.choice_stage(one))}</span>',
            tables.text(one.owner) if one.owner else tables.why(words.system.NOT_NAMED),
            tables.number("throughput", one.recorded or None),
        ]
        for one in choices
    ]
    tables.show(columns(words.system.CHOICE_HEADS), rows, words.SECTIONS["choices"][0])


def others(brief: SystemBrief) -> None:
    """Draw links to the other systems, at the end of one system's page."""
    header = brief.header
    current = brief.profile.system_id if brief.profile else ""
    found = [
        link.system(system, name, header.scope)
        for system, name in sorted(header.system_names.items(), key=lambda pair: pair[1].casefold())
        if system != current
    ]
    if found:
        markup.show(f'<nav class="r r-others"><span>{escape(words.system.OTHER_SYSTEMS)}</span> {"".join(found)}</nav>')


def columns(heads: tuple[tuple[str, str, bool], ...]) -> list[tables.Column]:
    """Return a table's columns from their words."""
    return [tables.Column(title, unit, text=text) for title, unit, text in heads]
