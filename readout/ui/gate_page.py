"""The pieces of one gate's own page."""

import streamlit as st

from readout import charts, words
from readout.briefs.results import GateColumn
from readout.briefs.results_gates import GateBrief
from readout.briefs.results_system import IncidentRow
from readout.gates.policy_text import policy_text
from readout.ui import filters, gate, markup, section, system_notice, tables
from readout.ui.markup import escape
from readout.ui.tables import Column

_ADDRESS = "gate"  # in the address, where it stays: a copied link means this gate whichever is first by then
_CHOICE = "chosen_gate"


def chosen() -> str:
    """Return the gate that the address names, "" without one."""
    return st.query_params.get(_ADDRESS, "")


def _take() -> None:
    st.query_params[_ADDRESS] = st.session_state[_CHOICE]


def choose(brief: GateBrief) -> None:
    """Draw the select, and what is wrong with the address."""
    if brief.unknown:
        system_notice.show(words.Notice(words.gate_page.UNKNOWN, brief.unknown, ""))
    names = {one[0]: words.gate_page.choice(one) for one in brief.choices}
    if not names:
        return
    st.session_state[_CHOICE] = brief.card.gate if brief.card else None
    with st.container(key="one_gate"):
        st.selectbox(
            words.gate_page.CHOOSE,
            list(names),
            format_func=lambda gate: names.get(gate, gate),
            index=None,
            key=_CHOICE,
            on_change=_take,
            width=420,
        )


def lines(brief: GateBrief) -> None:
    """Draw one chart per condition: values with their bounds against every line."""
    card = brief.card
    if card is None:
        return
    columns = st.columns(2, gap="large")
    for index, item in enumerate(card.conditions):
        with columns[index % 2]:
            markup.show(f'<p class="r r-small"><b>{escape(words.condition(item))}</b></p>')
            section.chart(
                f"gate_{item.metric}", charts.gate_condition(item, card.columns, words.gate_page.lines_alt(brief, item))
            )


def weeks(brief: GateBrief) -> None:
    """Draw the weeks, newest first, each with its numbers."""
    card = brief.card
    if card is None:
        return
    heads = [Column(title, unit, text=True) for title, unit in words.gate_page.WEEK_HEADS]
    heads += [Column(*words.gate_page.condition_head(item), text=True) for item in card.conditions]
    heads.append(Column(*words.gate_page.WEEK_REMARKS, text=True))
    rows = []
    for place in reversed(range(len(card.columns))):
        column = card.columns[place]
        rows.append(
            [
                tables.name(words.day(column.week)),
                tables.state(words.gate_page.state(column), words.gate_page.why(column)),
                tables.text(column.release or "–", words.gate_page.NEW if column.new_release else ""),
                tables.text(words.gate_page.reviews(column)),
                *(tables.text(*words.gate_page.value(item, item.weeks[place])) for item in card.conditions),
                f'<span class="r-long">{escape(words.gate_page.remarks(column, _during(column, brief)))}</span>',
            ]
        )
    tables.show(heads, rows, words.SECTIONS["gate_weeks"][0])


def _during(column: GateColumn, brief: GateBrief) -> list[IncidentRow]:
    return [one for one in brief.incidents if 0 <= (one.starts.date() - column.week).days < 7]  # noqa: PLR2004


def watch(brief: GateBrief) -> None:
    """Draw the last seven days of the daily watch."""
    card = brief.card
    if card is None or not card.burns:
        section.note(words.gate_page.NO_WATCH)
        return
    texts = {0, 1, 7}
    heads = [
        Column(title, unit, text=place in texts) for place, (title, unit) in enumerate(words.gate_page.WATCH_HEADS)
    ]
    last = sorted({one.day for one in card.burns})[-7:]
    rows = [
        [
            *(tables.text(cell) for cell in words.gate_page.burn_cells(one)),
            tables.state(words.gate_page.burn_state(one)),
        ]
        for one in reversed(card.burns)
        if one.day in last
    ]
    tables.show(heads, rows, words.SECTIONS["gate_watch"][0])
    section.note(words.gate_page.WATCH_NOTE)


def policy(brief: GateBrief) -> None:
    """Draw the policy as it is written, with its hash."""
    if brief.policy is None:
        return
    st.code(policy_text(brief.policy), language="yaml")
    section.note(f"{words.gate_page.HASH} {brief.policy.hash}")
    bench = gate.address(brief.policy.gate, filters.current(), "policy-bench")
    markup.show(
        f'<p class="r r-note r-go"><a class="r-link" href="{escape(bench)}">{escape(words.gate_page.TO_BENCH)}</a></p>'
    )
