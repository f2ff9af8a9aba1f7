"""One system as a story: what it costs and brings, what people still hold up, and how it fares in the busiest hours."""

from readout import words
from readout.briefs.results import Header
from readout.briefs.results_quality import LoadRow, QualityBrief, TypeRow
from readout.briefs.results_system import SystemProfile
from readout.briefs.results_value import ValueBrief
from readout.ui import cards, link, markup, quality, section, tables
from readout.ui.markup import escape
from readout.ui.system_choice import columns
from readout.words import system_story as said

_SCAFFOLDING = ("escalation_rate", "fallback_rate", "review_coverage", "unmeasured_share")


def outcomes(profile: SystemProfile, header: Header) -> None:
    """Draw the four figures by which the system is judged, each with its signal."""
    shown = [one for one in profile.figures if one.metric in said.OUTCOMES or "cost" in one.metric]
    section.title("outcomes", header, [one.metric for one in shown])
    cards.tiles(shown, header)


def money(profile: SystemProfile, brief: ValueBrief, header: Header) -> None:
    """Say in two lines what a task costs and what came back, with the ways to both pages."""
    section.title("money", header, (), said.MONEY_NOTE)
    cost = next(one for one in profile.figures if "cost" in one.metric)
    lines = (
        (said.COST, said.cost(cost), link.page("unit_cost", said.TO_UNIT_COST, header.scope, profile.system_id)),
        (said.VALUE, said.value(brief.finding.sentence, profile.name),
         link.page("value", said.TO_VALUE, header.scope, profile.system_id)),
    )  # fmt: skip
    drawn = "".join(f"<dt>{escape(head)}</dt><dd>{escape(text)} {way}</dd>" for head, text, way in lines)
    markup.show(f'<div class="r r-money"><dl>{drawn}</dl></div>')


def scaffolding(profile: SystemProfile, brief: QualityBrief) -> None:
    """Draw what people still hold up: escalations, fallbacks, reviews, degradation; and the edge cases by task type."""
    header = brief.header
    if brief.agreements:
        quality.beside(brief.agreements, header)
    types = [row for own in brief.escalations for row in own.types]
    section.title("scaffolding", header, _SCAFFOLDING, said.DEGRADATION_NOTE)
    if not types:
        tables.remark(said.NO_TYPES)
        return
    big, lines = said.degradation(profile.axis.incidents, profile.axis.now)
    facts = words.explain_metrics((), header, said.DEGRADATION_NOTE)
    degraded = cards.plain_tile("degradation", said.TILES["degradation"], big, lines, facts)
    cards.tiles([one for one in brief.figures if one.metric in _SCAFFOLDING], header, more=(degraded,))
    section.note(" ".join(said.review(row) for row in brief.reviews))
    section.title("edge_cases", header, ("escalation_rate", "fallback_rate", "failure_rate"), said.TYPES_NOTE)
    rows = [_type(row) for row in types[: said.SHOWN_TYPES]]
    tables.show(columns(said.TYPE_HEADS), rows, words.SECTIONS["edge_cases"][0])
    section.note(said.more_types(len(types)))


def _type(row: TypeRow) -> list[str]:
    return [
        tables.name(said.type_name(row)),
        tables.number("throughput", row.completed_ai),
        tables.share(row.escalated),
        tables.number("throughput", row.ai_wrong),
        tables.share(row.fallback),
        tables.share(row.failed),
    ]


def under_load(profile: SystemProfile, brief: QualityBrief) -> None:
    """Draw availability against its promise, and the busiest hours against the rest."""
    header = brief.header
    section.title("system_load", header, ("availability",), said.BUSY_NOTE)
    row: LoadRow | None = next(iter(brief.loads), None)
    up = next(one for one in profile.figures if one.metric == "availability")
    if row is None or not said.can_compare(row):
        tables.remark(said.NO_BUSY)
        if up.value is not None:
            cards.tiles([up], header)
        return
    facts = words.explain_metrics((), header, said.BUSY_NOTE)
    tiles = (cards.plain_tile(key, said.TILES[key], big, lines, facts) for key, big, lines in said.busy_tiles(row))
    cards.tiles([up], header, more=tiles)


def dossier() -> None:
    """Draw the head of all that stands behind the story."""
    name, what = words.SECTIONS["dossier"]
    markup.show(f'<div class="r r-dossier"><h2>{escape(name)} <span>{escape(what)}</span></h2></div>')
