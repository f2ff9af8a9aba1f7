"""The tables of systems, one per page."""

from collections.abc import Sequence

import pandas as pd

from readout import words
from readout.briefs.results import Figure, Header, SystemRow
from readout.ui import link, markup, spark, tables
from readout.ui.tables import Column
from readout.words import running

_AGES = ("under 1 day", "1 to 3 days", "3 to 7 days", "7 to 30 days")


def name(system_id: str, name: str, header: Header, below: str = "") -> str:
    """Return a system's name as the way to its page; all systems together have none."""
    if not system_id:
        return tables.name(name, below)
    small = f"<small>{markup.escape(below)}</small>" if below else ""
    return f"<b>{link.system(system_id, name, header.scope)}</b>{small}"


def readout(rows: Sequence[SystemRow], header: Header) -> None:
    """Draw the one table of the readout."""
    columns = (
        Column("System", "stage", text=True),
        Column("Load on AI", "% of completed"),
        Column("Throughput", "tasks completed"),
        Column("Handling time", "against baseline"),
        Column("Unit cost", "per accepted task"),
        Column("Accuracy", "% of judged, 95% interval"),
        Column("Gate", "weeks met in a row", text=True),
    )
    tables.show(columns, [_readout_row(row, header) for row in rows], words.SECTIONS["systems"][0], stack=True)


def _readout_row(row: SystemRow, header: Header) -> list[str]:
    stage = words.stage(row.stage) if row.registered else words.UNREGISTERED
    gate = tables.state(words.gate_state(row.gate_state), row.gate_text) if row.gate_state else words.NO_GATE
    if row.standstill is not None and not row.gate_state:
        gate = tables.state(running.STALLED, running.standstill_short(row.standstill))
    return [
        name(row.system_id, row.name, header, stage),
        tables.load(row.load_share, row.planned_share),
        tables.figure(row.throughput, header, change=True),
        tables.reduction(row.reduction, row.handling),
        tables.figure(row.unit_cost, header, below=words.level(words.level_of(row.unit_cost.metric)).lower()),
        tables.figure(row.accuracy, header, below=words.judged(row.accuracy)),
        gate,
    ]


def volume(frame: pd.DataFrame, header: Header) -> None:
    """Draw volume per system."""
    columns = (
        Column("System", "", text=True),
        Column("Attempted", "tasks"),
        Column("Completed", "tasks"),
        Column("Change", words.versus(header) or "no comparison"),
        Column("Accepted", "tasks"),
        Column("On AI", "%, against plan"),
        Column("AI alone", "% without people"),
        Column("Per week", "tasks"),
    )
    rows = []
    for row in frame.to_dict("records"):
        done = row["throughput"]
        missing = words.missing(done)
        rows.append(
            [
                name(row["system_id"], row["name"], header),
                tables.number("tasks_attempted", row["tasks_attempted"]),
                tables.why(row["reason"]) if missing else tables.number("throughput", done),
                ""
                if missing or not header.before
                else tables.moved(words.change("throughput", done, words.some(row["before"]))),
                tables.number("accepted_tasks", row["accepted_tasks"]),
                tables.load(row["ai_share"], row["planned_share"]),
                tables.number("autonomy_share", row["autonomy_share"]),
                spark.line(row["series"], words.spark_of("throughput", row["series"])),
            ]
        )
    tables.show(columns, rows, words.SECTIONS["volume"][0])


def backlog(frame: pd.DataFrame, header: Header, figures: Sequence[Figure]) -> None:
    """Draw open work by age, oldest to the right; the total of each system last.

    Where completion was never recorded, nobody knows what is open.
    """
    if frame.empty:
        done = next(figure for figure in figures if figure.metric == "throughput")
        unknown = done.value is None and done.reason.startswith("not recorded: ")
        tables.remark(words.sentence(words.not_measurable(done.reason)) if unknown else words.NO_BACKLOG)
        return
    ages = [age for age in _AGES if age in set(frame["age_bucket"])]
    ages += sorted(set(frame["age_bucket"]) - set(ages))
    rows = []
    for system, own in frame.sort_values("name").groupby("system_id", sort=False):
        counts = own.groupby("age_bucket")["n"].sum()
        cells = [tables.number("throughput", int(counts.get(age, 0))) for age in ages]
        rows.append(
            [name(str(system), own["name"].iloc[0], header), *cells, tables.number("throughput", int(counts.sum()))]
        )
    columns = (Column("System", "", text=True), *(Column(words.human(age)) for age in ages), Column("All open"))
    tables.show(columns, rows, words.SECTIONS["backlog"][0])


def handling(frame: pd.DataFrame, header: Header) -> None:
    """Draw handling time per system."""
    columns = (
        Column("System", "", text=True),
        Column("Tasks", "with a time"),
        Column("Mean", "hands-on"),
        Column("Change", words.versus(header) or "no comparison"),
        Column("Median", "p50"),
        Column("Slow end", "p95"),
        Column("Baseline", "mean, signed off"),
        Column("Per week", "mean"),
    )
    rows = []
    for row in frame.to_dict("records"):
        metric, mean = "handling_seconds_mean", row["mean"]
        missing = words.missing(mean)
        rows.append(
            [
                name(row["system_id"], row["name"], header),
                tables.number("throughput", row["n"] or None),
                tables.why(row["reason"]) if missing else tables.number(metric, mean),
                ""
                if missing or not header.before
                else tables.moved(words.change(metric, mean, words.some(row["before"]))),
                tables.number(metric, row["p50"]),
                tables.number(metric, row["p95"]),
                tables.number(metric, row["baseline"]),
                spark.line(row["series"], words.spark_of(metric, row["series"])),
            ]
        )
    tables.show(columns, rows, words.SECTIONS["handling_systems"][0])
