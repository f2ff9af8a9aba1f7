"""The pieces of the policy bench: the text, both policies on the past weeks, the chances, and what is at stake."""

from collections.abc import Iterable

import streamlit as st

from readout import words
from readout.briefs.results_gates import BenchSide, PolicyBenchBrief
from readout.gates.bench import RULES
from readout.ui import markup, section, system_notice, tables
from readout.ui.gate import MARKS
from readout.ui.markup import escape
from readout.ui.tables import Column
from readout.words import policy_bench as said

_ADDRESS = "gate"  # of the gate, in the address; the gate's own page reads the same
_CHOICE = "bench_gate"
_MOST = 20_000  # characters of a policy


def asked() -> tuple[str, str]:
    """Return the gate that the address names, and the text that is tried on it; "" for what is not chosen."""
    gate = st.query_params.get(_ADDRESS, "")
    known = gate or st.session_state.get(_CHOICE, "")
    return gate, st.session_state.get(_key(known), "")


def _key(gate: str) -> str:
    return f"policy_text_{gate}"


def choose(brief: PolicyBenchBrief) -> None:
    """Draw the select, and what is wrong with the address."""
    if brief.unknown:
        system_notice.show(words.Notice(said.UNKNOWN, brief.unknown, ""))
    names = {one[0]: words.gate_page.choice(one) for one in brief.choices}
    st.session_state[_CHOICE] = brief.gate
    with st.container(key="one_gate"):
        st.selectbox(
            said.CHOOSE,
            list(names),
            format_func=lambda gate: names.get(gate, gate),
            key=_CHOICE,
            on_change=_take,
            width=420,
        )


def _take() -> None:
    st.query_params[_ADDRESS] = st.session_state[_CHOICE]


def try_out(brief: PolicyBenchBrief) -> None:
    """Draw the text on the left, and what it says on the past weeks on the right."""
    left, right = st.columns([5, 6], gap="large")
    with left:
        section.title("bench_text", brief.header, note=said.NEXT_STEP)
        _editor(brief)
    with right:
        section.title("bench_weeks", brief.header, note=said.WEEKS_NOTE)
        _sides(brief)


def _editor(brief: PolicyBenchBrief) -> None:
    key = _key(brief.gate)
    if not st.session_state.get(key):
        st.session_state[key] = brief.registered_text
    with st.container(key="policy_text"):
        st.text_area(said.EDIT, key=key, height=420, max_chars=_MOST, help=said.EDIT_HELP, label_visibility="collapsed")
    with st.container(key="actions", horizontal=True):
        st.download_button(
            said.DOWNLOAD,
            data=brief.text,
            file_name=f"{brief.gate.replace('/', '-')}.yaml",
            mime="application/yaml",
            on_click="ignore",
            key="download_policy",
        )
        st.button(said.RESET, key="reset_policy", on_click=_reset, args=(key, brief.registered_text))
    section.note(f"{said.EDIT_HELP} {said.NEXT_STEP}")


def _reset(key: str, text: str) -> None:
    st.session_state[key] = text


def _sides(brief: PolicyBenchBrief) -> None:
    if brief.registered is not None:
        same = brief.tried is not None and not brief.changed
        _side(said.SAME if same else said.REGISTERED, brief.registered)
        section.note(said.HINT if same else "")
    if brief.faults:
        lines = "".join(f"<li>{escape(said.fault(one))}</li>" for one in brief.faults)
        markup.show(
            f'<div class="r"><section class="r-notice bad" role="status"><h2>{escape(said.REFUSED)}</h2>'
            f'<ul class="r-list">{lines}</ul><p>{escape(said.REFUSED_STEP)}</p></section></div>'
        )
    elif brief.changed and brief.tried is not None:
        _side(said.TRIED, brief.tried)
        section.note(said.CHANGES[brief.change])
    if brief.estimated:
        section.note(said.ESTIMATED.format(lines=words.listed(brief.estimated)))
    if brief.remarks:
        lines = "".join(f"<li>{escape(one)}</li>" for one in brief.remarks)
        markup.show(f'<div class="r r-small"><b>{escape(said.REMARKS)}</b><ul class="r-list">{lines}</ul></div>')


def _side(name: str, side: BenchSide) -> None:
    card = side.card
    label, tone = words.gate_state(card.state)
    weeks = "".join(
        f'<li class="{escape(column.state)}" title="{escape(text)}"><span aria-hidden="true">'
        f'{MARKS.get(column.state, "")}</span><span class="r-hidden">{escape(text)}</span></li>'
        for column in card.columns
        for text in [words.gates.column_mark(column)]
    )
    facts = _facts(
        (
            (words.gates.STREAK, words.weeks_met(card)),
            (words.gates.EVIDENCE, words.gates.evidence(card)),
            (words.gates.STILL_NEEDED, words.gates.still_needed(card)),
            (said.FIRST_WEEK, said.first_pass(side)),
        )
    )
    markup.show(
        f'<div class="r"><article class="r-gate"><header><h3>{escape(name)}</h3>'
        f'<span class="r-state r-{tone}">{escape(label)}</span></header>'
        f'<p>{escape(words.sentence(card.sentence))}</p><ul class="r-weeks">{weeks}</ul>{facts}</article></div>'
    )


def _facts(pairs: Iterable[tuple[str, str]]) -> str:
    drawn = "".join(f"<div><span>{escape(head)}</span>{escape(text)}</div>" for head, text in pairs if text)
    return f'<div class="r-facts">{drawn}</div>'


def chances(brief: PolicyBenchBrief) -> None:
    """Draw how often each evidence rule would promote, and after how many weeks."""
    section.title("bench_odds", brief.header, note=said.ODDS_NOTE)
    if brief.policy is None:
        tables.remark(said.ONCE_READ)
        return
    if brief.trial is None or not brief.odds:
        tables.remark(said.NEVER_PASSES if brief.trial else words.sentence(said.NO_SHARE))
        return
    rates = list(dict.fromkeys(one.rate for one in brief.odds))
    heads = [Column(*said.ODDS_HEAD, text=True), *(Column(*said.rate_head(brief.trial, rate)) for rate in rates)]
    rows = []
    for rule in RULES:
        own = {one.rate: one for one in brief.odds if one.rule == rule}
        cells = [tables.text(said.chance(own[rate].promoted), said.median_weeks(own[rate])) for rate in rates]
        rows.append([tables.name(*said.rule_name(rule, brief.policy.decide.evidence)), *cells])
    tables.remark(said.odds_said(brief.trial))
    tables.show(heads, rows, words.SECTIONS["bench_odds"][0])


def stakes(brief: PolicyBenchBrief) -> None:
    """Draw what a week of waiting costs against a week of being wrong."""
    section.title("bench_stakes", brief.header, note=said.STAKES_NOTE)
    if brief.stakes is None:
        tables.remark(said.ONCE_READ)
        return
    heads = [Column(title, unit, text=place != 1) for place, (title, unit) in enumerate(said.STAKES_HEADS)]
    rows = [
        [tables.name(what), tables.text(size), f'<span class="r-long">{escape(how)}</span>']
        for what, size, how in said.stakes_rows(brief.stakes, brief.trial)
    ]
    tables.show(heads, rows, words.SECTIONS["bench_stakes"][0])
    section.note(said.basis(brief.stakes))
