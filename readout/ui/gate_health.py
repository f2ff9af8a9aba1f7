"""The tables of gate health."""

from readout import words
from readout.briefs.results_gates import GateHealthBrief, GateHealthRow
from readout.gates.health import Care
from readout.ui import link, section, tables
from readout.ui.gate import address
from readout.ui.markup import escape
from readout.ui.tables import Column
from readout.words import gate_health as said


def cares(brief: GateHealthBrief) -> None:
    """Draw what asks for care, each with its next step."""
    section.title("gate_cares", brief.header, note=said.CARE_NOTE)
    rows, parts = [], set()
    for row in brief.rows:
        for place, care in enumerate(row.cares):
            if place < len(row.cares) - 1:
                parts.add(len(rows))
            rows.append(
                [
                    _name(row, brief) if place == 0 else "",
                    _what(care),
                    f'<span class="r-long">{escape(words.sentence(said.next_step(care, row)))}</span>',
                ]
            )
    if rows:
        heads = [Column(title, unit, text=True) for title, unit in said.CARE_HEADS]
        tables.show(heads, rows, words.SECTIONS["gate_cares"][0], parts=parts)
    else:
        tables.remark(said.ALL_SOUND)


def all_gates(brief: GateHealthBrief) -> None:
    """Draw every gate with what its health rests on; nothing where there is none."""
    if not any(row.gate for row in brief.rows):
        return
    section.title("gate_list", brief.header, note=said.LISTED if brief.people_listed else said.NOT_LISTED)
    heads = [Column(title, unit, text=True) for title, unit in said.LIST_HEADS]
    tables.show(heads, [_gate(row, brief) for row in brief.rows if row.gate], words.SECTIONS["gate_list"][0])
    section.note(said.LISTED if brief.people_listed else said.NOT_LISTED)
    if not brief.waivers_known:
        section.note(said.NO_WAIVERS)


def _what(care: Care) -> str:
    said_so = words.sentence(said.said(care))
    return f'<span class="r-long"><b>{escape(said.TITLES[care.kind])}</b><small>{escape(said_so)}</small></span>'


def _gate(row: GateHealthRow, brief: GateHealthBrief) -> list[str]:
    return [
        _name(row, brief),
        tables.state(said.health(row), said.health_count(row)),
        tables.text(words.count(row.weeks), said.weeks(row)),
        tables.text(words.day(row.last)) if row.last else tables.why(said.NO_WEEKS),
        tables.text(said.rule(row)),
        tables.text(*said.people(row)),
        tables.text(words.day(row.review_by)) if row.review_by else tables.why(said.TITLES["no_review"]),
    ]


def _name(row: GateHealthRow, brief: GateHealthBrief) -> str:
    """Return a row's system with its gate, as links to their pages."""
    system = f"<b>{link.system(row.system_id, row.system_name, brief.header.scope)}</b>"
    if not row.gate:
        return f"{system}<small>{escape(said.name(row))}</small>"
    href = escape(address(row.gate, brief.header.scope))
    return f'{system}<small><a class="r-link" href="{href}">{escape(said.name(row))}</a></small>'
