"""Handling time: how long the work is in hand, against the baseline."""

import streamlit as st

from readout import charts, words
from readout.ui import cards, frame, loaders, section, system_table

with frame.page("handling") as page:
    brief = page.load(loaders.handling)
    cards.finding("handling", brief.finding)
    cards.tiles(brief.figures, brief.header)
    section.title("reduction", brief.header, ("handling_reduction",))
    section.chart("reductions", charts.reductions(brief.reductions))
    section.note(words.reduction_remarks(brief.reductions))
    left, right = st.columns(2, gap="large")
    with left:
        section.title(
            "handling_weekly",
            brief.header,
            ("handling_seconds_mean", "handling_seconds_p95"),
            words.signals.of_band("the mean"),
        )
        section.chart("handling_weekly", charts.handling_lines(brief.weekly, brief.figures), half=True)
    with right:
        section.title("distribution", brief.header, ("handling_seconds_p50",))
        section.chart(
            "distribution", charts.distribution(brief.distribution, words.before_label(brief.header)), half=True
        )
    section.title("handling_systems", brief.header, ("handling_seconds_mean", "handling_seconds_p50"))
    system_table.handling(brief.systems, brief.header)
