"""Streamlit pieces: the only Streamlit import outside app.py and pages/."""
