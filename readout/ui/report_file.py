"""The unit-cost report from its page: a month and a format are chosen, the file is made on click, then handed over."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import streamlit as st

from readout import words
from readout.briefs.results import Header
from readout.briefs.results_report import month_grain
from readout.briefs.unit_cost_report import unit_cost_report
from readout.periods import Window
from readout.reports.bundle import bundled
from readout.reports.reread import MismatchError
from readout.reports.unit_cost import FORMATS, FileFormat
from readout.reports.unit_cost.files import make, rows_of
from readout.ui import download, loaders
from readout.words import report as said

_MONTHS = 13


def offer(header: Header) -> None:
    """Offer the report of a whole month in every format."""
    months = list(whole_months(header))
    if months:
        with st.expander(said.OFFER, key="report_offer"):
            _offered(header, months)


@st.fragment
def _offered(header: Header, months: list[date]) -> None:
    grain = month_grain(header.calendar)
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    month = left.selectbox(
        said.OFFER_MONTH,
        months,
        format_func=lambda start: words.period_name(start, grain, header.calendar),
        key="report_month",
    )
    kind: FileFormat = middle.selectbox(
        said.OFFER_FORMAT, FORMATS, format_func=said.FORMATS.__getitem__, key="report_format"
    )
    if right.button(said.OFFER_MAKE, key="report_make"):
        _make(header, month, kind)
    else:
        st.caption(said.OFFER_NOTE)


def whole_months(header: Header) -> Iterator[date]:
    """Yield the first days of the last whole months that have data, the newest first."""
    grain, calendar = month_grain(header.calendar), header.calendar
    start = calendar.bucket(header.as_of_local.date(), grain)
    for _ in range(_MONTHS):
        start = calendar.bucket(start - timedelta(days=1), grain)
        if header.first_day is None or calendar.bucket_end(start, grain) <= header.first_day:
            return
        yield start


def _make(header: Header, month: date, kind: FileFormat) -> None:
    """Make the file while its steps are shown, then offer it; what does not say what the report says is not offered."""
    grain, calendar = month_grain(header.calendar), header.calendar
    name = month.strftime("%Y-%m") if grain == "month" else words.period_name(month, grain, calendar).replace(" ", "-")
    with st.status(said.MAKING, expanded=True) as status, tempfile.TemporaryDirectory() as folder:
        try:
            book = loaders.with_closes(header.data_version, reported=True)
            window = Window(month, calendar.bucket_end(month, grain))
            report = unit_cost_report(book, name, window, grain, header.scope.systems)
            path = Path(folder) / f"unit-cost-{name}.{'focus.csv' if kind == 'focus' else kind}"
            made = make(report, rows_of(book, report), kind, path, datetime.now(UTC), lambda _, text: st.write(text))
        except MismatchError as error:
            status.update(label=str(error), state="error")
            return
        file, content = bundled(sorted(Path(folder).iterdir()), f"unit-cost-{name}-{kind}")
        status.update(label=said.made(made.manifest["checks"]), state="complete", expanded=False)
    download.written_down(file, said.scope(report), header, content, made.rows)
    st.download_button(
        said.HAND_OVER.format(file=file), data=content, file_name=file, on_click="ignore", key="download_report"
    )
