"""The lines of the checks: failures with their next step first, what passes in one table that folds away."""

from collections.abc import Iterable

import streamlit as st

from readout import words
from readout.briefs.results import CheckLine, ChecksBrief
from readout.ui import link, markup, tables
from readout.ui.tables import Column

_TONES = {"fail": "bad", "repaired": "neutral", "not_checked": "neutral", "pass": "good"}


def show(brief: ChecksBrief) -> None:
    """Draw what fails and what was repaired; what could not be checked and what passes on demand."""
    loud = [line for line in brief.lines if line.state in {"fail", "repaired"}]
    if loud:
        _table(loud, words.SECTIONS["checks"][0])
    for state in ("not_checked", "pass"):
        quiet = [line for line in brief.lines if line.state == state]
        if quiet:
            with st.expander(words.folded_checks(state, len(quiet)), expanded=state == "pass" and not loud):
                _table(quiet, words.CHECK_STATES[state])


def summary(brief: ChecksBrief) -> None:
    """Draw the checks in one line, with the way to their page."""
    way = link.page("checks", words.PAGES["checks"].title, brief.header.scope)
    markup.show(f'<p class="r">{markup.escape(brief.finding.sentence)} {way}</p>')


def _table(lines: Iterable[CheckLine], caption: str) -> None:
    columns = (
        Column("Check", "", text=True),
        Column("System", "", text=True),
        Column("Result", "", text=True),
        Column("Found", "", text=True),
        Column("Next step", "", text=True),
    )
    tables.show(columns, [_row(line) for line in lines], caption, stack=True)


def _row(line: CheckLine) -> list[str]:
    check = words.CHECKS[line.check]
    return [
        tables.name(check.title, check.asks),
        tables.text(line.name or words.SOURCES),
        f'<b class="r-{_TONES[line.state]}">{markup.escape(words.CHECK_STATES[line.state])}</b>',
        tables.long(words.check_sentence(line), words.check_evidence(line)),
        tables.long(check.step if line.state == "fail" else ""),
    ]
