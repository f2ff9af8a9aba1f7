"""A reader's own assumptions on one system's claims: inputs, the claims before and after, and what moves them."""

from decimal import Decimal

import streamlit as st

from readout import words
from readout.briefs import value_trial
from readout.briefs.results_value import Assumptions, Lever, SystemValue, ValueBrief
from readout.ui import markup, section, tables
from readout.ui.markup import escape
from readout.words import value_claims as said

_CHOICE = "value_try_system"


def show(brief: ValueBrief) -> None:
    """Draw the inputs on the left, and on the right what they make of the claims; nothing is kept."""
    section.heading("value_try", said.explain_section(said.TRY_NOTE, brief, "the figures of this page"))
    able = brief.triable
    if not able:
        tables.remark(said.NOTHING_TO_TRY)
        return
    left, right = st.columns([2, 5], gap="large")
    with left:
        system = _choose(able)
        tried = _inputs(system, brief.header.currency)
    with right:
        _outcome(system, tried, brief.header.currency)


def _choose(able: tuple[SystemValue, ...]) -> SystemValue:
    by_id = {one.system_id: one for one in able}
    if st.session_state.get(_CHOICE) not in by_id:
        st.session_state[_CHOICE] = able[0].system_id
    chosen = st.selectbox(said.CHOOSE, list(by_id), format_func=lambda system: by_id[system].name, key=_CHOICE)
    return by_id[chosen]


def _inputs(system: SystemValue, currency: str) -> Assumptions:
    """Draw one input per assumption, each starting at what stands; what a reader left alone stays exactly as it is."""
    case = system.appraisal.case
    minutes = _number(system, "minutes", None if system.seconds is None else system.seconds[0] / 60, 0.1, "%.2f")
    share = _number(system, "share", None if system.seconds is None else 100.0, 5.0, "%.0f", most=100.0)
    rate = _number(system, "rate", system.rate, 0.5, "%.2f", currency)
    cash = _number(system, "cash", None if case is None else case.next_cash, 10.0, "%.2f", currency)
    running = _number(system, "running", None if case is None else case.next_running, 10.0, "%.2f", currency)
    per_year = None if case is None else Decimal(str(case.annual_rate or 0)) * 100
    per_year = _number(system, "annual_rate", per_year, 0.5, "%.1f", most=100.0)
    st.button(said.RESET, key="value_try_reset", on_click=_reset, args=(system.system_id,))
    return Assumptions(
        None if minutes is None else minutes * 60,
        1.0 if share is None else share / 100,
        _exact(rate),
        _exact(cash),
        _exact(running),
        None if per_year is None else Decimal(repr(per_year)) / 100,
    )


def _key(system: str, name: str) -> str:
    return f"value_try_{name}_{system}"


def _number(
    system: SystemValue,
    name: str,
    base: Decimal | float | None,
    step: float,
    shown: str,
    currency: str = "",
    most: float | None = None,
) -> float | None:
    """Return what was typed, None where nothing was changed or there is nothing to change."""
    if base is None:
        return None
    start = round(float(base), 2)
    typed = st.number_input(
        said.INPUTS[name].format(currency),
        min_value=min(0.0, start),
        max_value=most,
        value=start,
        step=step,
        format=shown,
        key=_key(system.system_id, name),
    )
    return None if typed is None or typed == start else typed


def _exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number))


def _reset(system: str) -> None:
    for name in said.INPUTS:
        st.session_state.pop(_key(system, name), None)


def _outcome(system: SystemValue, tried: Assumptions, currency: str) -> None:
    trial = value_trial(system, tried)
    own = said.tried_note(tried)
    rows = [
        [tables.name(name), tables.text(*now), tables.name(*then) if then != now else tables.text(*then)]
        for name, now, then in said.trial_rows(trial, currency)
    ]
    heads = [tables.Column(title, unit, text=text) for title, unit, text in said.TRIAL_HEADS]
    tables.show(heads, rows, f"{words.SECTIONS['value_try'][0]}, {own}")
    section.note(said.at_rate(trial, tried, system, currency))
    for name, levers in ((said.HOURS_MOVED, trial.hour_levers), (said.cash_moved(trial), trial.cash_levers)):
        if levers:
            _tornado(name, own, levers, currency)


def _tornado(name: str, own: str, levers: tuple[Lever, ...], currency: str) -> None:
    """Draw what each assumption moves, the most first, as a bar from one end to the other around what is tried."""
    low = min(min(float(one.at_low), float(one.at_high)) for one in levers)
    high = max(max(float(one.at_low), float(one.at_high)) for one in levers)
    width = high - low or 1.0
    rows = []
    for one in levers:
        ends = sorted((float(one.at_low), float(one.at_high)))
        left, length = (ends[0] - low) / width * 100, (ends[1] - ends[0]) / width * 100
        place = f"left:{left:.1f}%;width:{max(length, 0.6):.1f}%"
        bar = f'<span class="r-swing" aria-hidden="true"><i style="{place}"></i></span>'
        at_low, at_high, swing = said.lever_ends(one, currency)
        rows.append(
            [tables.name(said.LEVERS[one.name]), tables.text(*at_low), tables.text(*at_high), bar, escape(swing)]
        )
    heads = [tables.Column(title, unit, text=text) for title, unit, text in said.LEVER_HEADS]
    markup.show(f'<p class="r r-small"><b>{escape(name)}</b> <span class="r-muted">{escape(own)}</span></p>')
    tables.show(heads, rows, f"{name}, {own}")
