"""A gate as a card: its state, what it still needs, its conditions with their weeks, and what comes next."""

from collections.abc import Iterable

from readout import words
from readout.briefs.results import GateCard, GateCondition, GatesBrief, LadderRow, Scope
from readout.gates.policy import STAGES
from readout.ui import filters, link, markup, spark, tables
from readout.ui.markup import escape
from readout.warehouse.gate_ledger import Waiver
from readout.words.addresses import about

MARKS = {"met": "✓", "missed": "×", "breach": "!", "held": "–", "partial": "", "no_data": ""}
_LADDER = STAGES[:-1]


def ladder(brief: GatesBrief) -> None:
    """Draw the stage ladder: where every system stands, and the state of the gate that leads on."""
    columns = [
        tables.Column(words.gates.LADDER_SYSTEM, text=True),
        *(tables.Column(words.stage(stage), text=True) for stage in _LADDER),
    ]
    tables.show(columns, [_rung(row) for row in brief.ladder], words.SECTIONS["ladder"][0])


def _rung(row: LadderRow) -> list[str]:
    cells = [f"<b>{link.system(row.system_id, row.system_name, filters.current())}</b>"]
    here = _LADDER.index(row.stage) if row.stage in _LADDER else -1
    for place, _ in enumerate(_LADDER):
        if place == here:
            state = tables.state(words.gate_state(row.state))
            leads = escape(words.gates.leads_to(row))
            href = escape(address(row.gate, filters.current()))
            way = f'<small class="r-rung"><a class="r-link" href="{href}">{leads}</a></small>' if row.gate else ""
            cells.append(state + way)
        else:
            cells.append(markup.span(words.gates.PASSED, "r-muted r-small") if place < here else "")
    if here < 0:
        cells[1] = tables.why(words.stage(row.stage))
    return cells


def show(card: GateCard, *, whole: bool = False, waived: tuple[Waiver, ...] = ()) -> None:
    """Draw one gate; `whole` on its own page, where the name is no link. A waiver is told and colours nothing."""
    label, tone = words.gate_state(card.state)
    if waived and card.state != "eligible":
        label = f"{label}, {words.gate_ledger.excused(waived)}"
    scope = filters.current()
    title = f"{escape(card.system_name)}: {escape(words.step(card.from_stage, card.to_stage))}"
    name = title if whole else f'<a class="r-link" href="{escape(address(card.gate, scope))}">{title}</a>'
    burning = words.gates.alarm(card)
    alarm = f'<p class="r-bad"><b>{escape(burning)}.</b></p>' if burning and not whole else ""
    rows = "".join(_condition(item) for item in card.conditions)
    markup.show(
        f'<div class="r"><article class="r-gate"><header><h2>{name}</h2>'
        f'<span class="r-state r-{tone}">{escape(label)}</span></header>'
        f"{_sentence(card, burning, whole=whole)}{alarm}{_standing(card)}{rows}{_facts(card)}</article></div>"
    )


def _sentence(card: GateCard, burning: str, *, whole: bool) -> str:
    """Return the gate's sentence, unless it stands over the page already."""
    return f"<p>{escape(words.sentence(card.sentence))}</p>" if burning or not whole else ""


def address(gate: str, scope: Scope, page: str = "gate") -> str:
    """Return the address of a page about one gate, with the filters kept."""
    return about(page, scope, gate=gate)


def _standing(card: GateCard) -> str:
    """Return streak, evidence, what is still needed and the load, each with its name."""
    dots = words.gates.streak_dots(card)
    streak = f'<b class="r-dots" aria-hidden="true">{dots}</b> {escape(words.weeks_met(card))}' if dots else escape(
        words.weeks_met(card)
    )  # fmt: skip
    parts = [(words.gates.STREAK, streak)]
    if card.phase == "evaluated":
        parts.append((words.gates.EVIDENCE, f"{_bar(card)}{escape(words.gates.evidence(card))}"))
    needed = words.gates.still_needed(card)
    if needed:
        parts.append((words.gates.STILL_NEEDED, escape(needed)))
    load = words.gates.load(card)
    if load:
        parts.append((words.gates.LOAD, escape(load)))
    shift = words.gates.mix(card)
    if shift:
        parts.append((words.gates.MIX, escape(shift)))
    return _pairs("r-facts r-standing", parts)


def _bar(card: GateCard) -> str:
    share = words.gates.evidence_share(card)
    if share is None:
        return ""
    full = ' class="full"' if share >= 1 else ""
    return f'<span class="r-evidence" aria-hidden="true"><i{full} style="width:{share * 100:.0f}%"></i></span>'


def _facts(card: GateCard) -> str:
    facts = [(words.NEXT_STEP, escape(words.sentence(words.gate_steps.next_step(card))))]
    if card.action:
        facts.append(
            (words.gates.TRIGGER.get(card.state, words.gates.OTHERWISE), escape(words.gate_steps.action(card.action)))
        )
    facts += [(words.OWNED_BY, escape(card.owner)), (words.APPROVED_BY, escape(card.approver))]
    if card.review_by:
        facts.append((words.REVIEW_BY, escape(words.day(card.review_by))))
    return _pairs("r-facts", facts)


def _pairs(css: str, pairs: Iterable[tuple[str, str]]) -> str:
    said = "".join(f"<div><span>{escape(head)}</span>{inner}</div>" for head, inner in pairs)
    return f'<div class="{css}">{said}</div>'


def key() -> None:
    """Draw what the week marks mean."""
    marks = "".join(
        f'<span><ul class="r-weeks"><li class="{state}">{MARKS[state]}</li></ul>'
        f"{escape(words.WEEK_STATES[state])}</span>"
        for state in ("met", "missed", "breach", "held", "partial", "no_data")
    )
    markup.show(f'<div class="r r-key" aria-hidden="true">{marks}</div>')


def _condition(item: GateCondition) -> str:
    said = [words.week_mark(item, week) for week in item.weeks]
    marks = "".join(
        f'<li class="{escape(week.state)}" title="{escape(text)}"><span aria-hidden="true">{MARKS.get(week.state, "")}'
        f'</span><span class="r-hidden">{escape(text)}</span></li>'
        for week, text in zip(item.weeks, said, strict=True)
    )
    picture = spark.weeks(
        [week.value for week in item.weeks],
        [week.complete for week in item.weeks],
        item.line,
        words.condition_alt(item),
    )
    margin = words.gates.margin(item)
    far = f"<b>{escape(margin)}</b>, " if margin else ""
    ahead = words.gates.ahead(item)
    last = f"{words.last_week(item)}; {ahead}" if ahead else words.last_week(item)
    return (
        f'<div class="r-cond"><div><b>{escape(words.condition(item))}</b><br>'
        f'<span class="r-muted r-small">{escape(words.condition_terms(item))}</span></div>'
        f"<div>{picture or markup.span(words.NO_VALUES, 'r-why')}</div>"
        f'<div><ul class="r-weeks">{marks}</ul>'
        f'<span class="r-muted r-small">{far}{escape(last)}</span></div></div>'
    )
