"""The weekly digest of leadership: the headline, its figures, what changed and why, which decisions are due."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from readout import words
from readout.briefs.results import Figure, Header, ReadoutBrief, Scope
from readout.briefs.results_readout import ChangeRow, DecisionRow
from readout.reports.digests import Digest, Held, Part, Point
from readout.words import dates, report
from readout.words import digests as said
from readout.words.addresses import about, address, instant
from readout.words.tiles import tile_label, tile_lines, tile_value


def weekly(brief: ReadoutBrief, decisions: Iterable[DecisionRow]) -> Digest:
    """Return the digest of the last whole week; its figures are of the page's own period."""
    header = brief.header
    scope = replace(header.scope, as_of=instant(header.as_of))
    week = header.calendar.bucket(header.window.end - timedelta(days=1), "week")
    name = dates.period_name(week, "week", header.calendar)
    due, today = tuple(decisions), header.as_of_local.date()
    return Digest(
        role="leadership",
        period=name.split(" ", maxsplit=1)[0],
        title=said.title("leadership", name),
        lead=brief.finding.sentence,
        tone=brief.finding.tone,
        under=brief.lede,
        address=address("readout", scope),
        header=header,
        parts=(
            Part(said.FIGURES, tuple(_figure(one, header, scope) for one in brief.figures)),
            Part(
                said.CHANGED,
                tuple(_change(row, scope) for row in brief.changes[: words.changed.SHOWN]),
                words.changed.NOTHING,
            ),
            Part(
                said.DECISIONS,
                tuple(
                    Point(row.name, words.decisions.what(row), _of_decision(row, scope), below=_when(row, today))
                    for row in due
                ),
                words.decisions.NOTHING,
            ),
        ),
        held=tuple(held_back(header, empty=brief.empty)),
    )


def held_back(header: Header, *, empty: bool = False) -> Iterator[Held]:
    """Yield why a digest of a header's window is not sent: the data is stale, ends early, or holds nothing."""
    if header.stale_hours is not None:
        yield Held("stale", report.is_stale(header))
    last = header.window.end - timedelta(days=1)
    if header.last_day is None or header.last_day < last:
        yield Held("incomplete", said.ends_early(header.last_day, last))
    if empty:
        yield Held("empty", said.EMPTY)


def _figure(figure: Figure, header: Header, scope: Scope) -> Point:
    label, where = tile_label(figure.metric), address("readout", scope)
    if figure.value is None:
        return Point(label, said.NO_FIGURE, where, below=(words.sentence(words.reason(figure.reason)),))
    lines = tuple(line.whole for line in tile_lines(figure, header))
    return Point(label, tile_value(figure), where, below=lines)


def _change(row: ChangeRow, scope: Scope) -> Point:
    first = row.signals[0]
    text, tone = words.changed.verdict(first)
    below = (words.sentence(words.changed.moved(first)), words.sentence(words.changed.why(row)))
    return Point(row.name, text, address("system", scope, row.system_id), tone, below)


def _of_decision(row: DecisionRow, scope: Scope) -> str:
    return about("gate", scope, gate=row.gate) if row.gate else address("system", scope, row.system_id)


def _when(row: DecisionRow, today: date) -> tuple[str, ...]:
    when = words.decisions.by(row, today)[0]
    lines = (said.due(when), words.decisions.decider(row), words.decisions.waiting(row))
    return tuple(line for line in lines if line)
