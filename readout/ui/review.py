"""The weekly business review: exceptions with their owners' words, and a panel a metric with its nine cells."""

import streamlit as st

from readout import charts, words
from readout.briefs.results_readout import ChangeRow
from readout.briefs.results_review import Panel, ReviewBrief
from readout.briefs.review_notes import before, this_week
from readout.ui import how, link, loaders, markup, section, tables
from readout.ui.markup import escape
from readout.warehouse.review_notes import ReviewNote
from readout.words import review

_COLUMNS = 2


def exceptions(brief: ReviewBrief) -> None:
    """Draw the systems that signal, with what their owners say of this week and said of the one before."""
    section.title("exceptions", brief.header, note=f"{review.NOTE} {words.signals.RULES}")
    if not brief.exceptions:
        tables.remark(review.NO_EXCEPTION)
        return
    notes = loaders.review_notes(brief.week)
    columns = [tables.Column(title, unit, text=text) for title, unit, text in review.EXCEPTION_HEADS]
    rows = [_exception(row, brief, notes or ()) for row in brief.exceptions]
    tables.show(columns, rows, words.SECTIONS["exceptions"][0])
    section.note(review.UNREAD if notes is None else "")
    with st.container(key="how_to_explain"):
        st.code(review.how_to(brief), language=None, wrap_lines=True)


def _exception(row: ChangeRow, brief: ReviewBrief, notes: tuple[ReviewNote, ...]) -> list[str]:
    first = row.signals[0]
    said, tone = words.changed.verdict(first)
    today = brief.header.as_of_local.date()
    now = this_week(notes, row.system_id, first.metric, brief.week)
    earlier = before(notes, row.system_id, brief.week)
    owner = brief.owners.get(row.system_id) or words.decisions.NOBODY
    name = f"<b>{link.system(row.system_id, row.name, brief.header.scope)}</b>"
    return [
        f'{name}<small class="r-{tone}">{escape(said)}</small><small>{escape(owner)}</small>',
        tables.long(words.sentence(words.changed.moved(first)), words.sentence(words.changed.why(row))),
        _said(review.said(now, today)),
        _said(review.said(earlier, today)) if earlier else f'<span class="r-muted">{review.NOTHING_SAID}</span>',
    ]


def _said(said: tuple[str, str, str]) -> str:
    text, below, tone = said
    return f'<span class="r-long r-{tone}">{escape(text)}</span><small>{escape(below)}</small>'


def panels(brief: ReviewBrief) -> None:
    """Draw every metric, those that signal first."""
    notes = (review.HEADS_EXPLAINED, review.CHART_EXPLAINED, review.MISSING_EXPLAINED)
    section.title("panels", brief.header, [panel.metric for panel in brief.panels], " ".join(notes))
    for start in range(0, len(brief.panels), _COLUMNS):
        row = brief.panels[start : start + _COLUMNS]
        for panel, column in zip(row, st.columns(_COLUMNS, gap="large"), strict=False):
            with column, st.container(key=f"panel_{panel.metric}", gap="xxsmall"):
                _panel(panel, brief)
    section.note(review.unlisted(brief))


def _panel(panel: Panel, brief: ReviewBrief) -> None:
    verdict = review.verdict(panel)
    facts = words.explain_metrics((panel.metric,), brief.header, review.HEADS_EXPLAINED)
    unit = f" <span>{escape(review.unit(panel))}</span>" if review.unit(panel) else ""
    markup.show(
        f'<div class="r r-section"><h2>{escape(words.label(panel.metric))}{unit}</h2>'
        f"{how.button(f'panel-{panel.metric}', words.label(panel.metric), facts)}</div>"
        f'<p class="r r-small r-{verdict.tone}">{escape(words.with_verdict(verdict))}</p>'
    )
    section.chart(f"review_{panel.metric}", charts.review(panel, brief.header), half=True)
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in review.HEADS)
    cells = "".join(
        f'<td class="r-{tone}" title="{escape(why)}">{escape(text)}</td>' for text, tone, why in review.cells(panel)
    )
    markup.show(
        f'<div class="r r-scroll" role="region" aria-label="{escape(words.label(panel.metric))}" tabindex="0">'
        f'<table class="r-box"><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table></div>'
    )
