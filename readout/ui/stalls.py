"""The tables of the stall finder."""

from readout import words
from readout.briefs.results_gates import StallRow, StallsBrief
from readout.gates.stalls import WAYS
from readout.ui import link, section, tables
from readout.ui.markup import escape
from readout.ui.tables import Column
from readout.words import stalls as said


def ways(brief: StallsBrief) -> None:
    """Draw every system against the four ways."""
    section.title("stall_ways", brief.header, note=said.NOTE)
    heads = [Column(*said.SYSTEM_HEAD, text=True), *(Column(*said.WAY_NAMES[way], text=True) for way in WAYS)]
    rows = [[_name(row, brief), *(tables.state(*said.way(row, way)) for way in WAYS)] for row in brief.rows]
    tables.show(heads, rows, words.SECTIONS["stall_ways"][0])


def findings(brief: StallsBrief) -> None:
    """Draw what shows each way, with its next step."""
    section.title("stall_findings", brief.header)
    rows, parts = [], set()
    for row in brief.rows:
        for place, one in enumerate(row.stalls):
            if place < len(row.stalls) - 1:
                parts.add(len(rows))
            first = not place or row.stalls[place - 1].way != one.way
            rows.append(
                [
                    _name(row, brief) if not place else "",
                    escape(said.WAY_NAMES[one.way][0]) if first else "",
                    tables.long(words.sentence(said.said(one))),
                    tables.long(words.sentence(said.next_step(one, row))),
                ]
            )
    if rows:
        heads = [Column(title, unit, text=True) for title, unit in said.FINDING_HEADS]
        tables.show(heads, rows, words.SECTIONS["stall_findings"][0], parts=parts)
    else:
        tables.remark(said.NONE)


def _name(row: StallRow, brief: StallsBrief) -> str:
    system = link.system(row.system_id, row.system_name, brief.header.scope)
    return f"<b>{system}</b><small>{escape(said.place(row))}</small>"
