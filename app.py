"""The ASGI entry: `streamlit run app.py`, or `uvicorn app:app`.

The script is `pages/_shell.py`, not this file: beside a plain script, Streamlit would run the files in `pages/` on
their own, and a deep link would show a page without its frame.
"""

from pathlib import Path

import streamlit as st

from readout.ui import server

app = st.App(
    Path(__file__).parent / "pages" / "_shell.py",
    lifespan=server.lifespan,
    routes=server.ROUTES,
    on_script_error=server.explain,
)
