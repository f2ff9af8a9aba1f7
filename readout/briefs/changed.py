"""What changed: every system's signals, the weightiest first, beside what was done to it shortly before."""

from collections.abc import Iterable
from datetime import date

from readout.briefs.book import Book
from readout.briefs.events import before, events_of
from readout.briefs.figures import unit_cost_level
from readout.briefs.measures import Measures
from readout.briefs.results import Header
from readout.briefs.results_readout import ChangeRow, Signalled
from readout.briefs.signals import history_of, series_of, verdict_of, weeks_of
from readout.metrics import METRICS
from readout.signals import Verdict, Week

WATCHED = ("throughput", "ai_share", "handling_seconds_mean", "accuracy", "escalation_rate", "failure_rate",
           "latency_ms_p95")  # fmt: skip


def changes_of(book: Book, header: Header, measures: Measures) -> tuple[ChangeRow, ...]:
    """Return the systems that signal, what is bad for the business first; systems in routine variation are left out."""
    history, weeks, events = history_of(book, header), weeks_of(book, header), events_of(book)
    rows = []
    for system in measures.systems:
        found = sorted(_signals(history, header, weeks, system, unit_cost_level(measures, system)), key=_weight)
        if found:
            since = found[0].verdict.since or date.max
            rows.append(
                ChangeRow(system, book.name_of(system), tuple(found), before(events.get(system, ()), since))
            )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: _weight(row.signals[0])))


def _signals(
    history: Measures, header: Header, weeks: tuple[tuple[date, bool], ...], system: str, unit_cost: str
) -> Iterable[Signalled]:
    for metric in (*WATCHED, unit_cost):
        series = series_of(history, header, weeks, metric, system)
        verdict = verdict_of(metric, series, header)
        usual = usual_of(verdict)
        if verdict.state == "signal" and usual is not None:
            now = next(week for week in reversed(series) if week.whole)
            yield Signalled(metric, verdict, _value(now), usual, history.currency(system=system) or header.currency)


def usual_of(verdict: Verdict) -> float | None:
    """Return the centre that was ordinary before a signal: of a shift, that of the limits before it."""
    if verdict.since is None or not verdict.bands:
        return None
    earlier = [band for band in verdict.bands if band.start < verdict.since]
    return (earlier[-1] if verdict.rule == "shift" and earlier else verdict.bands[-1]).centre


def _value(week: Week) -> float:
    top = week.top or 0.0
    return top / week.bottom if week.bottom else top


def _weight(one: Signalled) -> tuple[int, float]:
    """Return a signal's place: bad before neutral before good, then by how far the process has moved."""
    direction = METRICS[one.metric].direction
    bad = direction != "none" and (one.verdict.side == "high") != (direction == "up")
    return (0 if bad else 1 if direction == "none" else 2, -one.verdict.size)
