"""The tables of Data health, whose readers run the pipelines: here, and only here, columns are named as they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from readout import words
from readout.briefs.results import NotMeasurable
from readout.ui import filters, link, tables
from readout.ui.tables import Column

_ALL_SHOWN = 20  # rows; a longer list scrolls and is not printed whole


def freshness(frame: pd.DataFrame) -> None:
    """Draw the age of each source against its promise, late ones first as the brief sorts them."""
    if frame.empty:
        tables.remark(words.NO_LOADS)
        return
    columns = (
        Column("Source", "", text=True),
        Column("Table", "", text=True),
        Column("Rows"),
        Column("Newest load", "UTC"),
        Column("Age"),
        Column("Promised"),
        Column("State", "", text=True),
    )
    rows = [
        [
            tables.name(row["source"]),
            tables.text(str(row["table_name"])),
            tables.number("throughput", row["rows"]),
            tables.text(words.stamp(row["loaded_at"])),
            tables.text(words.age(row["age_hours"])),
            tables.text(words.age(row["promise_hours"])),
            tables.state(words.FRESHNESS.get(str(row["state"]), (words.human(str(row["state"])), "neutral"))),
        ]
        for row in frame.to_dict("records")
    ]
    tables.show(columns, rows, words.SECTIONS["freshness"][0])


def coverage(frame: pd.DataFrame) -> None:
    """Draw for which share of tasks each measure is known."""
    if frame.empty:
        tables.remark(words.NO_SYSTEMS)
        return
    measures = [name for name in words.COVERAGE if name in frame]
    columns = (
        Column("System", "", text=True), Column("Tasks"), *(Column(words.COVERAGE[name], "%") for name in measures)
    )  # fmt: skip
    rows = [
        [
            f"<b>{link.system(row['system_id'], row['name'], filters.current())}</b>",
            tables.number("throughput", row["tasks"]),
            *(tables.number("cost_coverage", row[name]) for name in measures),
        ]
        for row in frame.to_dict("records")
    ]
    tables.show(columns, rows, words.SECTIONS["coverage"][0])


def not_measurable(items: Sequence[NotMeasurable]) -> None:
    """Draw what cannot be shown, why, and what would make it measurable; equal gaps share a row."""
    if not items:
        tables.remark(words.ALL_MEASURABLE)
        return
    of_system: dict[tuple[str, str, str], list[str]] = {}
    for item in items:
        of_system.setdefault((item.reason, item.fix, item.name), []).append(words.label(item.metric))
    alike: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for (reason, fix, name), labels in of_system.items():
        alike.setdefault((reason, fix, tuple(labels)), []).append(name)
    columns = (
        Column("Systems", "", text=True),
        Column("Metrics", "", text=True),
        Column("Why", "", text=True),
        Column("What would fix it", "", text=True),
    )
    rows = [
        [
            tables.name(words.listed(names)),
            tables.text(words.listed(labels)),
            tables.text(reason),
            tables.text(words.sentence(fix)),
        ]
        for (reason, fix, labels), names in alike.items()
    ]
    tables.show(columns, rows, words.SECTIONS["not_measurable"][0])


def loads(frame: pd.DataFrame) -> None:
    """Draw what each load did with its rows."""
    _grid(frame, words.NO_LOADS, "loads")


def rejects(frame: pd.DataFrame) -> None:
    """Draw the rejected rows with file, line and reason."""
    _grid(frame, words.NO_REJECTS, "rejects")


def _grid(frame: pd.DataFrame, empty: str, key: str) -> None:
    """Draw a table; a long list as one that scrolls, sorts and can be searched."""
    if frame.empty:
        tables.remark(empty)
        return
    shown = frame.rename(columns={name: words.GRID_HEADS.get(name, words.human(name)) for name in frame.columns})
    numbers = shown.select_dtypes("number").columns
    if len(frame) <= _ALL_SHOWN:
        rows = [[_cell(value) for value in row.values()] for row in shown.to_dict("records")]
        tables.show([Column(name, text=name not in numbers) for name in shown.columns], rows, words.SECTIONS[key][0])
        return
    st.dataframe(
        shown,
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="localized") for name in numbers},
        height=320,
        key=f"grid_{key}",
        alt=words.SECTIONS[key][0],
    )


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return tables.text(words.stamp(value))
    return tables.text(value) if isinstance(value, str) else tables.count(value)
