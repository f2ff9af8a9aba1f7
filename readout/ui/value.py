"""The pieces of the value page: three lines, their claims, the curves, the cash case, and what built on what."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from readout import charts, words
from readout.briefs.results_value import LINES, Appraisal, Claim, Line, SystemValue, ValueBrief
from readout.ui import how, link, markup, page_tables, section, spark, tables
from readout.ui.markup import escape
from readout.words import value_claims as said


def lines(brief: ValueBrief) -> None:
    """Draw the three lines as tiles, and that they are never added together."""
    drawn = "".join(_tile(brief, line) for line in LINES)
    markup.show(f'<div class="r r-tiles">{drawn}</div><p class="r r-note">{escape(said.never_added(brief))}</p>')


def _tile(brief: ValueBrief, line: Line) -> str:
    name, number = said.LINE_NAMES[line], said.big(brief, line)
    facts = how.button(f"line-{line}", name, said.explain_line(line, brief))
    big = f'<div class="r-big">{escape(number)}</div>' if number else '<p class="r-none">–</p>'
    under = "".join(f"<p>{escape(one)}</p>" for one in said.under(brief, line))
    return f'<section class="r-tile"><h2><span>{escape(name)}</span>{facts}</h2>{big}{under}</section>'


def claims(brief: ValueBrief) -> None:
    """Draw the claims of each line."""
    _title("value_cash", brief, said.LINE_NOTES["cash"], "the registry and query read/account_months")
    _money(brief, "cash", said.NO_CASH)
    _title("value_avoided", brief, said.LINE_NOTES["avoided"], "the registry")
    _money(brief, "avoided", said.NO_AVOIDED)
    _title("value_capacity", brief, said.LINE_NOTES["capacity"], "query read/measures by month")
    _capacity(brief)
    section.note(said.unclaimed(brief))


def _title(key: str, brief: ValueBrief, note: str, source: str) -> None:
    section.heading(key, said.explain_section(note, brief, source))


def _columns(heads: Sequence[tuple[str, str, bool]]) -> list[tables.Column]:
    return [tables.Column(title, unit, text=text) for title, unit, text in heads]


def _capacity(brief: ValueBrief) -> None:
    rows: list[list[str]] = []
    for one in brief.systems:
        claim = next(claim for claim in one.claims if claim.line == "capacity")
        name = f"<b>{link.system(one.system_id, one.name, brief.header.scope)}</b>"
        if claim.amount is None:
            rows.append([name, tables.long_why(claim.reason)])
            continue
        monthly = [float(hours) for _, hours in claim.series]
        rows.append(
            [
                name,
                _amount(claim),
                spark.line(monthly, said.months_alt(claim)),
                tables.text(claim.grade),
                tables.text(*said.claimable(one)),
                _whole(*said.period(claim)),
                *_rest(claim),
            ]
        )
    if all(claim.amount is None for claim in brief.of("capacity")):
        tables.remark(said.no_hours(brief))
        return
    rows.sort(key=len, reverse=True)
    tables.show(_columns(said.CLAIM_HEADS["capacity"]), rows, words.SECTIONS["value_capacity"][0])


def _money(brief: ValueBrief, line: Line, nothing: str) -> None:
    found = sorted(brief.of(line), key=lambda claim: claim.amount is None)
    if not found:
        tables.remark(nothing)
        return
    rows = [
        [
            tables.name(claim.what, claim.system_name),
            _amount(claim) if claim.amount is not None else tables.why(said.claimed(claim)),
            tables.text(claim.grade),
            _whole(*said.period(claim)),
            *_rest(claim),
        ]
        for claim in found
    ]
    tables.show(_columns(said.CLAIM_HEADS[line]), rows, words.SECTIONS[f"value_{line}"][0])


def _rest(claim: Claim) -> list[str]:
    lacking = said.lacks(claim)
    return [
        tables.text(*said.owner(claim)),
        _whole(*said.baseline(claim)),
        tables.long(*said.lever(claim)),
        tables.text(said.NOTHING)
        if lacking == said.NOTHING
        else f'<span class="r-long r-bad">{escape(lacking)}</span>',
    ]


def _whole(value: str, below: str = "") -> str:
    """Return text of which no line is broken."""
    return f'<span class="r-keep">{tables.text(value, below)}</span>'


def curves(brief: ValueBrief) -> None:
    """Draw what came back and what fell since launch, each in its own chart and unit."""
    left, right = st.columns(2, gap="large")
    with left:
        _title("value_hours_curve", brief, said.LINE_NOTES["capacity"], "query read/measures by month")
        hours = [(claim.system_name, claim.cumulative) for claim in brief.of("capacity")]
        section.chart("value_hours", charts.cumulative_hours(hours), half=True)
    with right:
        _title("value_cash_curve", brief, said.CASE_NOTE, "queries read/account_months and read/billed")
        found = brief.total
        section.chart("value_cash", charts.cumulative_cash(found.gross, found.net, found.currency), half=True)


def case(brief: ValueBrief) -> None:
    """Draw cash against the investment, per system and for all of them together."""
    _title("value_case", brief, said.CASE_NOTE, "the registry and queries read/account_months and read/billed")
    rows = [
        [f"<b>{link.system(one.system_id, one.name, brief.header.scope)}</b>", *_case_cells(one.appraisal)]
        for one in brief.systems
        if one.appraisal.case is not None
    ]
    if not rows:
        tables.remark(said.case_remarks(brief))
        return
    if len(rows) > 1:
        rows.append([escape(said.ALL), *_case_cells(brief.total)])
    tables.show(_columns(said.CASE_HEADS), rows, words.SECTIONS["value_case"][0], total=len(rows) > 1)
    section.note(said.case_remarks(brief))


def _case_cells(found: Appraisal) -> list[str]:
    case, currency = found.case, found.currency
    if case is None:
        return [tables.long_why(found.reason)]
    return [
        _cash(case.investment, currency),
        escape(said.cash_a_month(case, currency)),
        _cash(case.next_running, currency),
        page_tables.stated(
            tables.beside(
                spark.line([amount for _, amount in found.net], said.net_alt(found)),
                _cash(case.cumulative[-1], currency),
            ),
            case.cumulative[-1],
            "exact",
            currency,
        ),
        tables.text(*said.payback(case, case.payback)),
        tables.text(*said.payback(case, case.discounted_payback, discounted=True)),
        tables.text(*said.present_value(case, currency)),
        escape("–") if case.needed is None else _cash(case.needed, currency),
        tables.text(*said.break_even(found)),
    ]


def _amount(claim: Claim) -> str:
    """Return what counts of a claim with its interval, and the number for files."""
    drawn = tables.text(said.amount(claim), said.interval(claim))
    hours = claim.line == "capacity"
    return page_tables.stated(drawn, claim.amount, "hours" if hours else "exact", "hours" if hours else claim.currency)


def _cash(amount: Decimal, currency: str) -> str:
    return page_tables.stated(escape(words.money(amount, currency)), amount, "exact", currency)


def compounding(brief: ValueBrief) -> None:
    """Draw how units got cheaper with volume, how systems came into production, and what they could build on."""
    left, right = st.columns(2, gap="large")
    with left:
        _title("value_learning", brief, said.LEARNING_NOTE, "query read/measures by month")
        points = [
            (one.name, [(point.accepted, float(point.unit_cost)) for point in one.unit_costs]) for one in brief.systems
        ]
        section.chart("value_learning", charts.learning_curves(points, brief.header.currency), half=True)
    with right:
        _title("value_stages", brief, said.STAGES_NOTE, "query read/stage_changes")
        months = [one.month for one in brief.stages]
        stacked = [(name, [getattr(one, stage) for one in brief.stages]) for stage, name in said.STAGE_NAMES.items()]
        section.chart("value_stages", charts.systems_in_production(months, stacked), half=True)
    _title("value_systems", brief, said.LEARNING_NOTE, "the registry and query read/measures by month")
    tables.show(
        _columns(said.LEARNING_HEADS),
        [_learning_row(one, brief) for one in brief.by_launch],
        words.SECTIONS["value_systems"][0],
    )
    section.note(said.reuse_said(brief))


def _learning_row(one: SystemValue, brief: ValueBrief) -> list[str]:
    name = f"<b>{link.system(one.system_id, one.name, brief.header.scope)}</b>"
    last = one.unit_costs[-1] if one.unit_costs else None
    costs = [float(point.unit_cost) for point in one.unit_costs]
    currency = brief.header.currency
    changed, below = said.doubling(one)
    return [
        name,
        tables.text(said.live(one)),
        tables.number("throughput", last.accepted if last else None),
        tables.number(one.unit_cost_metric, last.unit_cost if last else None, currency),
        tables.moved(changed) + f"<small>{escape(below)}</small>",
        spark.line(costs, words.spark_of(one.unit_cost_metric, costs, currency)) if costs else "",
        tables.text(*said.modules(one)),
    ]
