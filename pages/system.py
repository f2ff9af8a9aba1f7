"""System: everything about one system, and the list to choose it from."""

import streamlit as st

from readout.ui import cards, frame, loaders, running, section, system, system_choice, system_style

with frame.page("system") as page:
    system_style.show()
    brief = page.load(loaders.system, always=True)
    system_choice.show(brief)
    cards.finding("system", brief.finding)
    if brief.profile is None:
        section.title("choices", brief.header)
        system_choice.listed(brief.choices, brief.header)
    else:
        profile, header = brief.profile, brief.header
        system.identity(profile)
        system.figures(profile, header)
        if profile.registry:
            left, right = st.columns(2, gap="large")
            with left:
                system.targets(profile, header)
            with right:
                system.gates(profile, header)
        system.stages(profile, header)
        system.workflow(profile, header)
        system.answerable(profile, header)
        system.connections(profile, header)
        system.modules(profile, header)
        running.models(profile, header)
        running.charges(profile, header)
        system.metrics(profile, header)
        system.releases(profile, header)
        system.incidents(profile, header)
        system_choice.others(brief)
