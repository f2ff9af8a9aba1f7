"""System: one system as a story, from the verdict down to its dossier; and the list to choose it from."""

import streamlit as st

from readout import words
from readout.ui import cards, frame, loaders, running, section, system, system_choice, system_story, system_style

with frame.page("system") as page:
    system_style.show()
    brief = page.load(loaders.system, always=True)
    system_choice.show(brief)
    profile, header = brief.profile, brief.header
    cards.finding("system", brief.finding, words.system_story.decision(profile) if profile else "")
    if profile is None:
        section.title("choices", header)
        system_choice.listed(brief.choices, header)
    else:
        system.identity(profile)
        system.axis(profile, header)
        told = profile.recorded and not profile.silent
        if told:
            system_story.outcomes(profile, header)
            system_story.money(profile, loaders.value_of(profile.system_id), header)
        if profile.registry:
            left, right = st.columns(2, gap="large")
            with left:
                system.gates(profile, header)
            with right:
                system.targets(profile, header)
        if told:
            quality = loaders.quality(header.scope)
            system_story.scaffolding(profile, quality)
            system_story.under_load(profile, quality)
        system_story.dossier()
        system.workflow(profile, header)
        system.answerable(profile, header)
        system.connections(profile, header)
        system.modules(profile, header)
        system.stages(profile, header)
        running.models(profile, header)
        running.charges(profile, header)
        system.metrics(profile, header)
        system.releases(profile, header)
        system.incidents(profile, header)
        system_choice.others(brief)
