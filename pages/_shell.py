"""The frame of every page: navigation, the shared filters in the address, and where the figures come from."""

from pathlib import Path

import streamlit as st

from readout import words
from readout.ui import filters, frame, link, style

st.set_page_config(page_title=words.PRODUCT, page_icon=frame.ICON, layout="wide", initial_sidebar_state="collapsed")
style.show()
st.logo(Path(__file__).parent / frame.LOGO, size="large")
menus: dict[str, list[st.Page]] = {group: [] for group in words.GROUPS}
for name, page in words.PAGES.items():
    menus[page.group].append(
        st.Page(
            frame.FILES.get(name, f"{name}.py"),
            title=page.title,
            help=page.question,
            default=name == "readout",
            url_path=name,
            visibility="visible" if page.listed else "hidden",
        )
    )
chosen = st.navigation(menus, position="top")

with st.container(key="frame", gap="xsmall"):
    header = frame.header_or_none(filters.wanted())
    scope = filters.show(header)
    filters.remember(scope)
    header = frame.header_or_none(scope)
    if header is not None:
        link.remember(chosen.url_path or "readout", header)
        frame.as_of(header)
    chosen.run()
