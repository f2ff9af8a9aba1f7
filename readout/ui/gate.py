"""A gate as a card: where it leads, its conditions with their weeks against the line, who owns it, what comes next."""

from readout import words
from readout.briefs.results import GateCard, GateCondition
from readout.ui import markup, spark
from readout.ui.markup import escape

_MARKS = {"met": "✓", "missed": "×", "breach": "×", "held": "–", "partial": "", "no_data": ""}


def show(card: GateCard) -> None:
    """Draw one gate."""
    label, tone = words.gate_state(card.state)
    rows = "".join(_condition(item) for item in card.conditions)
    facts = [
        (words.NEXT_STEP, words.sentence(card.next_step)),
        (words.OWNED_BY, card.owner),
        (words.APPROVED_BY, card.approver),
    ]
    if card.review_by:
        facts.append((words.REVIEW_BY, words.day(card.review_by)))
    said = "".join(f"<div><span>{escape(head)}</span>{escape(text)}</div>" for head, text in facts)
    markup.show(
        f'<div class="r"><article class="r-gate"><header><h2>{escape(card.system_name)}: '
        f"{escape(words.step(card.from_stage, card.to_stage))}</h2>"
        f'<span class="r-state r-{tone}">{escape(label)}, {escape(words.weeks_met(card))}</span></header>'
        f'<p>{escape(words.sentence(card.sentence))}</p>{rows}<div class="r-facts">{said}</div></article></div>'
    )


def key() -> None:
    """Draw what the week marks mean."""
    marks = "".join(
        f'<span><ul class="r-weeks"><li class="{state}">{_MARKS[state]}</li></ul>'
        f"{escape(words.WEEK_STATES[state])}</span>"
        for state in ("met", "missed", "held", "partial", "no_data")
    )
    markup.show(f'<div class="r r-key" aria-hidden="true">{marks}</div>')


def _condition(item: GateCondition) -> str:
    said = [words.week_mark(item, week) for week in item.weeks]
    marks = "".join(
        f'<li class="{escape(week.state)}" title="{escape(text)}"><span aria-hidden="true">{_MARKS.get(week.state, "")}'
        f'</span><span class="r-hidden">{escape(text)}</span></li>'
        for week, text in zip(item.weeks, said, strict=True)
    )
    picture = spark.weeks(
        [week.value for week in item.weeks],
        [week.complete for week in item.weeks],
        item.line,
        words.condition_alt(item),
    )
    return (
        f'<div class="r-cond"><div><b>{escape(words.condition(item))}</b><br>'
        f'<span class="r-muted r-small">{escape(words.condition_terms(item))}</span></div>'
        f"<div>{picture or markup.span(words.NO_VALUES, 'r-why')}</div>"
        f'<div><ul class="r-weeks">{marks}</ul>'
        f'<span class="r-muted r-small">{escape(words.last_week(item))}</span></div></div>'
    )
