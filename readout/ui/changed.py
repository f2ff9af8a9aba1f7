"""What changed and why, and the decisions that are due: the middle of the one-minute page."""

from readout import words
from readout.briefs.decisions import with_waivers
from readout.briefs.results import Header, ReadoutBrief
from readout.briefs.results_readout import ChangeRow, DecisionRow
from readout.ui import gate, link, loaders, markup, section, tables
from readout.ui.markup import escape


def show(brief: ReadoutBrief) -> None:
    """Draw the systems that signal, each with what was recorded shortly before."""
    section.title("changed", brief.header, note=f"{words.changed.NOTE} {words.signals.RULES}")
    if not brief.changes:
        tables.remark(words.changed.NOTHING)
        return
    rows = "".join(_change(row, brief.header) for row in brief.changes[: words.changed.SHOWN])
    markup.show(f'<div class="r"><ul class="r-changes">{rows}</ul></div>')
    section.note(words.changed.more(len(brief.changes)))


def _change(row: ChangeRow, header: Header) -> str:
    first = row.signals[0]
    said, tone = words.changed.verdict(first)
    also = words.changed.others(row)
    rest = f'<p class="r-soft">{escape(also)}</p>' if also else ""
    return (
        f"<li><p><b>{link.system(row.system_id, row.name, header.scope)}</b> &nbsp;"
        f'<span class="r-{tone}">{escape(said)}</span></p>'
        f'<p class="r-soft">{escape(words.sentence(words.changed.moved(first)))} '
        f"{escape(words.sentence(words.changed.why(row)))}</p>{rest}</li>"
    )


def decisions(brief: ReadoutBrief) -> None:
    """Draw what waits for a person; waivers are read from the journal, which no data version covers."""
    section.title("decisions", brief.header, note=words.decisions.NOTE)
    waived = [one for own in loaders.waived().values() for one in own]
    rows = with_waivers(brief.decisions, waived, brief.gates)
    if not rows:
        tables.remark(words.decisions.NOTHING)
        return
    columns = [tables.Column(title, unit, text=text) for title, unit, text in words.decisions.HEADS]
    tables.show(columns, [_decision(row, brief.header) for row in rows], words.SECTIONS["decisions"][0], stack=True)


def _decision(row: DecisionRow, header: Header) -> list[str]:
    what = escape(words.decisions.what(row))
    if row.gate:
        what = f'<a class="r-link" href="{escape(gate.address(row.gate, header.scope))}">{what}</a>'
    when, tone = words.decisions.by(row, header.as_of_local.date())
    return [
        f"{tables.name(row.name)}<small>{what}</small>",
        tables.text(words.decisions.who(row)),
        f'<span class="r-{tone}">{escape(when)}</span>',
        tables.text(*words.decisions.cost(row)),
    ]
