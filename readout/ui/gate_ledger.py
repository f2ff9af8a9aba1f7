"""The ledger of one gate on its page: records, signatures, waivers, policies as they changed, and what was sent."""

from datetime import UTC, datetime

import streamlit as st

from readout import words
from readout.briefs.results import LedgerView
from readout.briefs.results_gates import GateBrief
from readout.ui import download, loaders, section, system_notice, tables
from readout.ui.tables import Column

_SHOWN = 12
_REPLAYED = "gate_replayed"


def show(brief: GateBrief) -> None:
    """Draw everything that the journal knows of a gate."""
    if brief.policy is None:
        return
    found = loaders.gate_ledger(brief.policy.gate)
    section.title("gate_ledger", brief.header)
    if found is None:
        section.note(words.gate_ledger.NO_LEDGER)
        return
    view, receipts, records = found
    for item in view.open_items:
        system_notice.banner(words.gate_ledger.OPEN, f"{item.what} ({item.who})")
    if view.faults:
        system_notice.banner(words.gate_ledger.BROKEN, view.faults[0].what)
    if not view.entries:
        section.note(words.gate_ledger.NOTHING_SEALED.replace("`", ""))
    else:
        _entries(brief.policy.gate, view)
        section.note(words.gate_ledger.whole(view, records))
        _actions(brief, records)
    if view.restated:
        section.note(words.gate_ledger.RESTATED_TITLE)
        rows = [[tables.text(cell) for cell in words.gate_ledger.restated(one)] for one in view.restated[:_SHOWN]]
        tables.show(_columns(words.gate_ledger.RESTATED_HEADS), rows, words.gate_ledger.RESTATED_TITLE)
    _people(brief, view.signoffs, view.waivers)
    _sent(brief, receipts)
    _versions(brief, view.versions)


def _entries(gate: str, view: LedgerView) -> None:
    """Draw the newest records; what a replay said stands beside them once it was asked for."""
    shown = view.entries[:_SHOWN]
    rows = [[tables.text(cell) for cell in words.gate_ledger.entry(one)] for one in shown]
    heads = words.gate_ledger.ENTRY_HEADS
    if st.session_state.get(_REPLAYED) == gate:
        found = loaders.replayed(gate, shown[0].hash, _SHOWN)
        for row, one in zip(rows, shown, strict=True):
            row.insert(3, tables.state(words.gate_ledger.replayed(found.get(one.hash))))
        heads = (*heads[:3], words.gate_ledger.REPLAY_HEAD, *heads[3:])
    tables.show(_columns(heads), rows, words.SECTIONS["gate_ledger"][0])


def _actions(brief: GateBrief, records: int) -> None:
    with st.container(key="actions", horizontal=True):
        st.button(
            words.gate_ledger.REPLAY,
            key="replay",
            help=words.gate_ledger.REPLAY_HELP,
            on_click=_replay,
            args=(brief.policy.gate if brief.policy else "",),
        )
        download.gate_ledger(brief.header, records)


def _replay(gate: str) -> None:
    st.session_state[_REPLAYED] = gate


def _people(brief: GateBrief, signoffs: tuple, waivers: tuple) -> None:
    section.title("gate_people", brief.header)
    now = datetime.now(UTC).replace(tzinfo=None)
    entries = [words.gate_ledger.signed(one, now) for one in signoffs]
    entries += [words.gate_ledger.waived(one, now) for one in waivers]
    if not entries:
        section.note(words.gate_ledger.NOBODY)
    else:
        rows = [
            [tables.text(*who), tables.text(what), tables.text(when), tables.text(until), tables.state(state)]
            for who, what, when, until, state in entries
        ]
        tables.show(_columns(words.gate_ledger.SIGN_HEADS), rows, words.SECTIONS["gate_people"][0])
    if brief.card is not None and brief.card.state == "eligible" and brief.policy is not None:
        st.code(words.gate_ledger.HOW_TO_SIGN.format(brief.policy.gate, brief.policy.approver), language=None)


def _sent(brief: GateBrief, receipts: tuple) -> None:
    section.title("gate_sent", brief.header)
    if not receipts:
        section.note(words.gate_ledger.NOTHING_SENT)
        return
    rows = [
        [tables.text(event), tables.text(*to), tables.state(state), tables.text(at)]
        for event, to, state, at in map(words.gate_ledger.sent, receipts[-_SHOWN:])
    ]
    tables.show(_columns(words.gate_ledger.SENT_HEADS), rows[::-1], words.SECTIONS["gate_sent"][0])


def _versions(brief: GateBrief, versions: tuple) -> None:
    if not versions:
        return
    section.title("gate_policies", brief.header)
    for one in versions:
        section.note(words.gate_ledger.version(one))
        if one.diff:
            st.code("\n".join(one.diff), language="diff")


def _columns(heads: tuple[tuple[str, str], ...]) -> list[Column]:
    return [Column(title, unit, text=True) for title, unit in heads]
