"""The portfolio ladder: a picture of stages and proof for the eye, and one table of what each system waits for."""

from readout import words
from readout.briefs.results_promotions import PromotionsBrief, Standing
from readout.gates.policy import STAGES
from readout.gates.promotion import CONFIDENCE, Confidence
from readout.ui import cards, gate, link, markup, page_tables, promotions_style, section, tables
from readout.ui.markup import escape
from readout.words import promotions as said

_RUNGS = STAGES[:-1]


def show(brief: PromotionsBrief) -> bool:
    """Draw tiles, ladder and table; return whether there is any system to show."""
    if not brief.rows:
        tables.remark(" ".join(said.unplaced(brief, _RUNGS)) or said.NO_SYSTEMS)
        return False
    promotions_style.show()
    facts = said.explain(brief, said.TABLE_NOTE)
    tiles = [cards.plain_tile(key, said.TILES[key], big, lines, facts) for key, big, lines in said.tiles(brief)]
    cards.tiles((), brief.header, more=tiles)
    section.heading("rungs", said.explain(brief, said.NOTE))
    _ladder(brief)
    section.heading("standings", facts)
    heads = [tables.Column(title, unit, text=text) for title, unit, text in said.HEADS]
    tables.show(heads, [_row(row, brief) for row in brief.rows], words.SECTIONS["standings"][0], stack=True)
    return True


def _ladder(brief: PromotionsBrief) -> None:
    """Draw stages across and proof down, as a table: each step of the stairs is a column."""
    heads = "".join(
        f'<th scope="col" class="r-step-{place}"><span>{escape(words.stage(name))}</span>'
        f"<small>{escape(said.stage_head(brief, name))}</small><i></i></th>"
        for place, name in enumerate(_RUNGS, 1)
    )
    shown = [one for one in CONFIDENCE if one in said.ALWAYS_SHOWN or any(row.confidence == one for row in brief.rows)]
    body = "".join(f"<tr>{_level(one)}{_cells(one, brief)}</tr>" for one in shown)
    markup.show(
        f'<div class="r r-ladder"><table><caption class="r-hidden">{escape(words.SECTIONS["rungs"][0])}</caption>'
        f'<thead><tr><th scope="col" class="r-corner">{escape(said.CORNER)}</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
    section.note(" ".join(said.unplaced(brief, _RUNGS)))


def _level(one: Confidence) -> str:
    name, meaning = said.CONFIDENCE[one]
    return f'<th scope="row"><b>{escape(name)}</b><small>{escape(meaning)}</small></th>'


def _cells(one: Confidence, brief: PromotionsBrief) -> str:
    drawn = ""
    for name in _RUNGS:
        own = [row for row in brief.rows if row.stage == name and row.confidence == one]
        chips = "".join(_chip(row, brief) for row in own)
        drawn += f'<td class="{"r-here" if own else ""}">{f"<ul>{chips}</ul>" if own else ""}</td>'
    return drawn


def _chip(row: Standing, brief: PromotionsBrief) -> str:
    tone = "good" if row.expected == "eligible" else "bad" if row.confidence == "broken" or said.lacks(row) else ""
    few = escape(said.short(row))
    scope = brief.header.scope
    to_gate = f'<a class="r-link" href="{escape(gate.address(row.card.gate, scope))}">{few}</a>' if row.card else few
    weeks = said.weeks(row)
    return (
        f'<li class="{tone}"><b>{link.system(row.system_id, row.name, scope)}</b><small>{to_gate}</small>'
        f"{f'<small>{escape(weeks)}</small>' if weeks else ''}</li>"
    )


def _row(row: Standing, brief: PromotionsBrief) -> list[str]:
    scope, today = brief.header.scope, brief.header.as_of_local.date()
    name = f"<b>{link.system(row.system_id, row.name, scope)}</b><small>{escape(said.place(row))}</small>"
    mark = tables.state(said.state(row))
    steps = escape(said.steps(row))
    if row.card is not None:
        steps = f'<a class="r-link" href="{escape(gate.address(row.card.gate, scope))}">{steps}</a>'
    hoped, condition = said.expected(row)
    return [
        name,
        f"{mark}<small>{steps}</small>",
        f'<span class="r-keep">{tables.text(*said.proof(row))}</span>',
        tables.long(*said.binds(row)),
        tables.long(*said.by_when(row, today)),
        (tables.state(hoped, condition) if hoped else '<span class="r-muted">–</span>'),
        _cost(row),
    ]


def _cost(row: Standing) -> str:
    value, below = said.cost(row)
    if row.hours is None and row.unknown:
        return tables.why(f"{value}: {below}")
    return page_tables.stated(tables.text(value, below), row.hours, "hours", "hours")
