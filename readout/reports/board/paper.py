"""The board document: the one-minute page on paper, and behind it value, the trend of unit cost, the ladder, the terms.

The PDF and the HTML snapshot are made of the same document; every text is the one of the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from readout import sparks, words
from readout.briefs.results import Figure, Header, LadderRow, SystemRow
from readout.briefs.results_board import BoardBrief
from readout.briefs.results_readout import ChangeRow, DecisionRow
from readout.briefs.results_report import MonthCost, month_grain
from readout.briefs.results_value import LINES
from readout.finance import LEVELS
from readout.gates.policy import STAGES
from readout.metrics import METRICS
from readout.reports.document import (
    Beside,
    Block,
    Break,
    Cell,
    Column,
    Document,
    Explanation,
    Facts,
    Item,
    Items,
    Listing,
    Picture,
    Row,
    Said,
    Text,
    Tile,
    Tiles,
    trend,
)
from readout.words import board as said
from readout.words import dates, unit_costs, value_claims
from readout.words.provenance import provenance
from readout.words.tiles import tile_label, tile_limits, tile_lines, tile_series, tile_value

TREND_HEIGHT = 26  # mm
ACROSS = 3  # tiles in a row
METRIC_OF = dict(zip(LEVELS, unit_costs.METRICS, strict=True))
PARTS = (1.65, 0.8, 1.4, 0.95, 1.35, 1.4, 1.5)  # of the width, by column of the systems
LEAST = 0.5
RUNGS = STAGES[:-1]  # a retired system stands on no rung


@dataclass(frozen=True)
class Limits:
    """How much of it is shown: a sheet of paper has room for so many systems, the snapshot for all."""

    systems: int | None = None
    changes: int = words.changed.SHOWN


def document(brief: BoardBrief, made_at: datetime, limits: Limits = Limits()) -> Document:
    """Return the document of a brief. `made_at` is UTC."""
    header = brief.header
    return Document(
        title=said.title(header),
        organisation=header.organisation or words.PRODUCT,
        header=(*(part for part in words.as_of(header) if part), said.shown(header)),
        running=said.title(header),
        footer=f"data version {header.data_version} · as of {words.stamp(header.as_of_local)} · "
        f"made {made_at:%Y-%m-%d %H:%M} UTC",
        blocks=(
            *_head(brief),
            Beside(tuple(_changed(brief, limits.changes)), tuple(_due(brief))),
            *_systems(brief, limits.systems),
            Break(),
            *_value(brief),
            *_unit_cost(brief),
            *_ladder(brief),
            *_ground(brief),
        ),
    )


def _head(brief: BoardBrief) -> Iterator[Block]:
    found, header = brief.readout.finding, brief.header
    yield Text(found.sentence, "lead", tone=found.tone)
    if brief.readout.lede:
        yield Text(brief.readout.lede)
    tiles = [_tile(figure, header) for figure in {one.metric: one for one in brief.readout.figures}.values()]
    number, rest = words.gates_summary(brief.readout.gates_by_state)
    facts = (("What it is", words.GATES_NOTE), ("States", words.GATE_STATES_EXPLAINED), *provenance(header))
    yield Tiles((*tiles, Tile(words.GATES_TILE, number, lines=(Said(rest),), facts=facts)), across=ACROSS)


def _tile(figure: Figure, header: Header) -> Tile:
    label, facts = tile_label(figure.metric), words.explain(figure, header)
    if figure.value is None:
        return Tile(label, "–", lines=(Said(words.reason(figure.reason)),), facts=facts)
    lines = tuple(Said(one.text, one.tone, one.rest) for one in tile_lines(figure, header))
    svg = sparks.line(tile_series(figure), 150, 34, tile_limits(figure, header))
    return Tile(label, tile_value(figure), lines=lines, picture=_picture(svg, words.spark(figure, header)), facts=facts)


def _picture(svg: str, alt: str) -> Picture | None:
    return Picture(svg, alt) if svg else None


def _heading(key: str, facts: Explanation) -> Text:
    name, unit = words.SECTIONS[key]
    return Text(name, "heading", unit=unit, facts=facts)


def _changed(brief: BoardBrief, most: int) -> Iterator[Block]:
    note = f"{words.changed.NOTE} {words.signals.RULES}"
    yield _heading("changed", words.explain_metrics((), brief.header, note))
    rows = brief.readout.changes
    if rows:
        yield Items(tuple(_change(row) for row in rows[:most]))
        if more := words.changed.more(len(rows), most):
            yield Text(more, "note")
    else:
        yield Text(words.changed.NOTHING)


def _change(row: ChangeRow) -> Item:
    first = row.signals[0]
    text, tone = words.changed.verdict(first)
    why = f"{words.sentence(words.changed.moved(first))} {words.sentence(words.changed.why(row))}"
    return Item(row.name, Said(text, tone), tuple(part for part in (why, words.changed.others(row)) if part))


def _due(brief: BoardBrief) -> Iterator[Block]:
    yield _heading("decisions", words.explain_metrics((), brief.header, words.decisions.NOTE))
    today = brief.header.as_of_local.date()
    if brief.decisions:
        yield Items(tuple(_decision(row, today) for row in brief.decisions))
    else:
        yield Text(words.decisions.NOTHING)


def _decision(row: DecisionRow, today: date) -> Item:
    when, tone = words.decisions.by(row, today)
    lines = (words.sentence(words.decisions.what(row)), words.decisions.decider(row), words.decisions.waiting(row))
    return Item(row.name, Said(when, tone), tuple(line for line in lines if line))


def _systems(brief: BoardBrief, most: int | None) -> Iterator[Block]:
    header = brief.header
    yield _heading("systems", words.explain_metrics(words.SYSTEM_METRICS, header))
    columns = tuple(
        Column(head, not text, wide=True, unit=unit, parts=parts)
        for (head, unit, text), parts in zip(said.SYSTEM_HEADS, PARTS, strict=True)
    )
    rows = brief.readout.systems
    yield Listing(columns, tuple(_system(row, header) for row in rows[:most]), dense=True)
    if more := said.more_systems(len(rows) - len(rows[:most])):
        yield Text(more, "note")


def _system(row: SystemRow, header: Header) -> Row:
    load, plan = said.system_load(row)
    gate, tone, weeks = said.system_gate(row)
    compared = header.before is not None and row.throughput.before is not None  # why not stands with the figures above
    level = words.level(words.level_of(row.unit_cost.metric)).lower()
    return Row(
        (
            Cell(row.name, below=Said(said.system_stage(row)), strong=True),
            Cell(load, below=_below(plan), why=not plan),
            _figure(row.throughput, header, words.figure_change(row.throughput) if compared else None),
            _reduction(row),
            _figure(row.unit_cost, header, below=level),
            _figure(replace(row.accuracy, series=()), header, below=words.judged(row.accuracy)),
            Cell(gate, tone, _below(weeks)),
        )
    )


def _below(text: str) -> Said | None:
    return Said(text) if text else None


def _figure(item: Figure, header: Header, moved: words.Change | None = None, below: str = "") -> Cell:
    if item.value is None:
        return Cell(words.reason(item.reason), why=True)
    under = Said(words.with_verdict(moved), moved.tone) if moved and moved.text else _below(below)
    svg = sparks.line(item.series) if item.series else ""
    return Cell(words.value(item), below=under, picture=_picture(svg, words.spark(item, header)))


def _reduction(row: SystemRow) -> Cell:
    below = _below(words.now_mean(row.handling) if row.handling.value is not None else "")
    if row.reduction.value is None:
        return Cell(words.reason(row.reduction.reason), below=below, why=True)
    return Cell(words.fall(row.reduction.value), words.reduction_tone(row.reduction), below)


def _value(brief: BoardBrief) -> Iterator[Block]:
    name, unit = said.VALUE
    yield Text(name, "heading", unit=unit)
    yield Text(brief.value.finding.sentence)
    yield Tiles(
        tuple(
            Tile(
                value_claims.LINE_NAMES[line],
                value_claims.big(brief.value, line) or "–",
                lines=tuple(Said(one) for one in value_claims.under(brief.value, line) if one),
                facts=value_claims.explain_line(line, brief.value),
            )
            for line in LINES
        )
    )
    yield Text(value_claims.never_added(brief.value), "note")


def _unit_cost(brief: BoardBrief) -> Iterator[Block]:
    """Yield the trend at the highest level that is known in any month; a month in which it is not breaks the line."""
    header = brief.header
    level = next((one for one in reversed(LEVELS[:-1]) if any(_unit(month, one) for month in brief.months)), "")
    metric = METRIC_OF[level or "fully_loaded"]
    unit = said.cost_level(level, header.currency) if level else said.TREND[1]
    facts = words.explain_metrics((metric,), header)
    yield Text(said.TREND[0], "heading", unit=unit, facts=facts)
    if not level:
        yield Text(said.NO_TREND)
        return
    grain = month_grain(header.calendar)
    points = []
    for month in brief.months:
        value = _unit(month, level)
        text = "" if value is None else words.amount(metric, value, header.currency)
        number = None if value is None else float(value)
        points.append((dates.period_name(month.start, grain, header.calendar), number, text))
    known = [point for point in points if point[1] is not None]
    alt = f"{METRICS[metric].label} by month, from {known[0][2]} in {known[0][0]} to {known[-1][2]} in {known[-1][0]}."
    yield replace(trend(points, alt), height=TREND_HEIGHT)


def _unit(month: MonthCost, level: str) -> Decimal | None:
    return month.statement.portfolio(level).unit(level)


def _ladder(brief: BoardBrief) -> Iterator[Block]:
    yield _heading(
        "ladder", words.explain_metrics((), brief.header, f"{words.GATES_NOTE} {words.GATE_STATES_EXPLAINED}")
    )
    columns = (
        Column(said.LADDER_SYSTEM, number=False, wide=True, parts=1.2),
        *(
            Column(words.stage(stage), number=False, wide=True, parts=LEAST if stage == RUNGS[0] else 1.0)
            for stage in RUNGS
        ),
    )
    yield Listing(columns, tuple(_rung(row) for row in brief.ladder), dense=True)


def _rung(row: LadderRow) -> Row:
    """Return a system's row: where it stands, with the state of its gate; the stages before are passed."""
    here = RUNGS.index(row.stage) if row.stage in RUNGS else -1
    cells = [Cell(words.gates.PASSED, why=True) if place < here else Cell("") for place in range(len(RUNGS))]
    if here < 0:
        cells[0] = Cell(words.stage(row.stage), why=True)
    else:
        label, tone = words.gate_state(row.state)
        cells[here] = Cell(label, tone, _below(words.gates.leads_to(row) if row.gate else ""))
    return Row((Cell(row.system_name, strong=True), *cells))


def _ground(brief: BoardBrief) -> Iterator[Block]:
    """Yield what every figure is, when a signal is one, and which data all of it is from."""
    shown = dict.fromkeys(figure.metric for figure in brief.readout.figures)
    yield Text(said.GROUND, "heading")
    yield Facts(
        (
            *((tile_label(metric), METRICS[metric].definition) for metric in shown),
            *said.GLOSSARY,
            ("How signals are found", words.signals.RULES),
            (said.DATA, f"{dates.shown_period(brief.header)}; {said.of_data(brief.header)}"),
        )
    )
