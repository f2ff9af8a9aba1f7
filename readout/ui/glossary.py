"""The terms of all pages, section by section."""

from readout.briefs.results_rows import GlossaryBrief
from readout.ui import markup, section
from readout.ui.markup import escape
from readout.words import glossary


def show(brief: GlossaryBrief) -> None:
    """Draw every group of terms as a definition list."""
    for key, terms in glossary.groups(brief.unmeasured):
        section.title(key, brief.header)
        markup.show(f'<div class="r r-facts r-terms"><dl>{"".join(map(_term, terms))}</dl></div>')


def _term(one: glossary.Term) -> str:
    remark = f' <span class="r-muted">{escape(one.remark)}</span>' if one.remark else ""
    return f"<dt>{escape(one.name)}</dt><dd>{escape(one.meaning)}{remark}</dd>"
