"""The tables of quality and load."""

from collections.abc import Sequence

import streamlit as st

from readout import words
from readout.briefs.results import Figure, Header
from readout.briefs.results_quality import (
    AgreementRow,
    EscalationRow,
    LoadRow,
    QualityBrief,
    ReviewRow,
    Share,
    UnmeasuredRow,
)
from readout.ui import link, loaders, markup, section, spark, tables
from readout.ui.tables import Column
from readout.warehouse.errors import WarehouseError
from readout.words import quality


def show(brief: QualityBrief) -> None:
    """Draw all sections: beside people, reviews, unmeasured work, escalation and fallback, under load."""
    header = brief.header
    beside(brief.agreements, header)
    section.title("under_load", header)
    _loads(brief.loads, header)
    section.title("escalations", header, ("escalation_rate", "fallback_rate", "failure_rate"))
    _escalations(brief.escalations, header)
    section.title("reviews", header, ("review_coverage", "reviewed"))
    _reviews(brief.reviews, header)
    section.title("unmeasured", header, ("unmeasured_share",))
    _unmeasured(brief.unmeasured, header, next(one for one in brief.figures if one.metric == "unmeasured_share"))


def _name(system: str, name: str, header: Header) -> str:
    return f"<b>{link.system(system, name, header.scope)}</b>"


def beside(rows: Sequence[AgreementRow], header: Header) -> None:
    """Draw how often AI and people say the same on the same tasks, and who is right where they differ."""
    section.title("beside", header, ("accuracy",))
    if not rows:
        tables.remark(quality.NO_SHADOW)
        return
    columns = (
        Column("System", "", text=True),
        Column("AI says the same", "% of tasks that both answered"),
        Column("AI right where they differ", "% of those that a person judged"),
        Column("Per week", "same answer"),
    )
    drawn = [
        [
            _name(row.system_id, row.name, header),
            tables.share(row.agreement),
            tables.share(row.ai_right),
            spark.line(row.series, words.spark_of("accuracy", row.series)),
        ]
        for row in rows
    ]
    tables.show(columns, drawn, words.SECTIONS["beside"][0])
    _sample(header)


def _sample(header: Header) -> None:
    """Draw, when asked for, the latest tasks on which both differ; they come from the facts, not from the rollups."""
    if not st.button(quality.SHOW_SAMPLE, key="disagreements"):
        return
    try:
        found = loaders.disagreements(header.scope)
    except WarehouseError as error:
        tables.remark(str(error))
        return
    if found.empty:
        tables.remark(quality.NO_DISAGREEMENT)
        return
    columns = (
        Column("System", "", text=True),
        Column("Task", "", text=True),
        Column("Type", "", text=True),
        Column("Compared", "", text=True),
        Column("Who was right", "", text=True),
        Column("Trace", "", text=True),
    )
    drawn = [
        [
            tables.text(row["name"]),
            tables.text(row["task_id"]),
            tables.text(words.type_label(row["task_type"])),
            tables.text(words.stamp(row["compared_at"])),
            tables.text(quality.who_was_right(row["ai_right"])),
            link.outside(row["trace_url"], quality.TRACE),
        ]
        for row in found.to_dict("records")
    ]
    tables.show(columns, drawn, quality.SHOW_SAMPLE)


def _loads(rows: Sequence[LoadRow], header: Header) -> None:
    if not rows:
        tables.remark(quality.NO_LOADS)
        return
    columns = (
        Column("System", "", text=True),
        Column("Tasks an hour", "busy vs the rest"),
        Column("Mean latency", "busy vs the rest"),
        Column("Under its line, busy", "% of AI answers"),
        Column("The rest", "%"),
        Column("Accuracy, busy", "% of judged"),
        Column("The rest", "%"),
        Column("Available", "% of the time"),
    )
    drawn = []
    for row in rows:
        slower, tone = quality.against(row.busy_under, row.rest_under)
        worse, worse_tone = quality.against(row.busy_accuracy, row.rest_accuracy)
        drawn.append(
            [
                _name(row.system_id, row.name, header),
                tables.text(quality.hours_pair(row)),
                tables.text(quality.latency_pair(row)),
                _compared(row.busy_under, slower, tone) if row.line_ms is not None else tables.why(quality.NO_LINE),
                tables.share(row.rest_under),
                _compared(row.busy_accuracy, worse, worse_tone),
                tables.share(row.rest_accuracy),
                tables.text(*quality.availability(row)),
            ]
        )
    tables.show(columns, drawn, words.SECTIONS["under_load"][0])


def _compared(one: Share, said: str, tone: str) -> str:
    below = f'<small class="r-{tone}">{markup.escape(said)}</small>' if said else ""
    return f"{tables.share(one)}{below}"


def _escalations(rows: Sequence[EscalationRow], header: Header) -> None:
    if not rows:
        tables.remark(quality.NO_REVIEWS)
        return
    columns = (
        Column("System", "", text=True),
        Column("Escalated", "% of AI-handled"),
        Column("Change", words.versus(header) or "no comparison"),
        Column("Per week", "%"),
        Column("What they turned out to be", "% of escalated", text=True),
        Column("Most among", "% of their AI-handled", text=True),
        Column("Fell back", "% of AI tasks"),
        Column("Failed", "% of AI tasks"),
    )
    drawn = [
        [
            _name(row.system_id, row.name, header),
            tables.share(row.rate),
            tables.moved(
                words.change("escalation_rate", row.rate.value, row.before) if header.before else words.Change("")
            ),
            spark.line(row.series, words.spark_of("escalation_rate", row.series)),
            tables.long(quality.outcomes(row)),
            tables.long(quality.worst_types(row)),
            tables.share(row.fallback, below=False),
            tables.share(row.failed, below=False),
        ]
        for row in rows
    ]
    tables.show(columns, drawn, words.SECTIONS["escalations"][0])


def _reviews(rows: Sequence[ReviewRow], header: Header) -> None:
    if not rows:
        tables.remark(quality.NO_REVIEWS)
        return
    columns = (
        Column("System", "", text=True),
        Column("Reviewed", "% of AI-handled"),
        Column("Plan", "of the stage, %"),
        Column("Of what was due", "%"),
        Column("Judge", "", text=True),
        Column("Why", "verdicts by reason", text=True),
    )
    drawn = [
        [
            _name(row.system_id, row.name, header),
            tables.percent(row.actual),
            tables.number("review_coverage", row.planned),
            tables.number("review_coverage", row.coverage),
            tables.text(quality.judge_said(row)),
            tables.long(quality.reasons(row)),
        ]
        for row in rows
    ]
    tables.show(columns, drawn, words.SECTIONS["reviews"][0])


def _unmeasured(rows: Sequence[UnmeasuredRow], header: Header, share: Figure) -> None:
    if not rows:
        unknown = share.value is None
        tables.remark(words.sentence(words.not_measurable(share.reason)) if unknown else quality.NO_UNMEASURED)
        return
    columns = (
        Column("System", "", text=True),
        Column("Task type", "", text=True),
        Column("Never reviewed", "tasks"),
        Column("Of its AI work", "%"),
    )
    drawn = [
        [
            _name(row.system_id, row.name, header),
            tables.text(words.type_label(row.task_type)),
            tables.number("throughput", row.tasks),
            tables.number("unmeasured_share", row.share),
        ]
        for row in rows
    ]
    tables.show(columns, drawn, words.SECTIONS["unmeasured"][0])
