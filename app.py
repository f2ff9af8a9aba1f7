"""The ASGI entry: `streamlit run app.py`, or `uvicorn app:app`.

The script is `pages/_shell.py`, not this file: beside a plain script, Streamlit would run the files in `pages/` on their own,
and a deep link would show a page without its frame.
"""

from readout.ui.server import application

app = application(__file__)
