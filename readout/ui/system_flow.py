"""The workflow before and now as two lanes of steps; on a phone and on narrow paper they run downwards."""

from collections.abc import Sequence

from readout import words
from readout.briefs.results_system import FlowStep
from readout.ui import markup
from readout.ui.markup import escape


def show(before: Sequence[FlowStep], after: Sequence[FlowStep]) -> None:
    """Draw both lanes; what is new, changed or gone is said on the step."""
    drawn = "".join(
        f'<section class="r-lane"><h3>{escape(title)}</h3>{_lane(steps)}</section>'
        for title, steps in zip(words.system.LANES, (before, after), strict=True)
    )
    markup.show(f'<div class="r r-flow">{drawn}</div>')


def _lane(steps: Sequence[FlowStep]) -> str:
    if not steps:
        return f'<p class="r-why">{escape(words.system.NO_LANE)}</p>'
    return f"<ol>{''.join(map(_step, steps))}</ol>"


def _step(step: FlowStep) -> str:
    places = "".join(
        f"<div><dt>{escape(head)}</dt><dd>{escape(text)}</dd></div>"
        for head, text in ((words.system.STORED, step.stored_in), (words.system.FEEDS, step.feeds))
        if text
    )
    return (
        f'<li class="r-step by-{step.by} is-{step.fate or "alone"}"><header><b>{escape(step.who)}</b>'
        f"<span>{escape(words.system.DOERS[step.by])}</span></header>"
        f"<p>{escape(words.sentence(step.does))}</p>"
        + (f"<dl>{places}</dl>" if places else "")
        + markup.span(words.system.FATES[step.fate], "r-fate")
        + "</li>"
    )
