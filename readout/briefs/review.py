"""The weekly business review of the chosen systems: six weeks, twelve months and the periods to date, a year apart."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta

from readout import findings
from readout.briefs.book import Book
from readout.briefs.changed import changes_of
from readout.briefs.figures import unit_cost_level
from readout.briefs.measures import Measures, Wanted, load_measures
from readout.briefs.results import Header, Scope
from readout.briefs.results_review import Box, Compared, Panel, Point, ReviewBrief
from readout.briefs.signals import history_of, series_of, verdict_of, weeks_of
from readout.metrics import METRICS
from readout.periods import Window, counterpart, months_before
from readout.words import review as words

WEEK, YEAR_OF_WEEKS = timedelta(weeks=1), timedelta(days=364)
WEEKS, MONTHS = 6, 12
# what customers feel before what the business does, inputs before outputs
SHOWN = ("accuracy", "escalation_rate", "failure_rate", "latency_ms_p95", "throughput", "ai_share", "ai_throughput",
         "handling_seconds_mean", "unit_cost", "cost_total")  # fmt: skip
SUMS = frozenset({"count", "money"})  # a sum over a week with a missing day is not a smaller sum
USUAL, LOOKED_BACK = 6, 8  # a weekday without a record is missing where 6 of the 8 before it had one


def review_brief(book: Book, scope: Scope) -> ReviewBrief:
    """Return the review of the last complete week; the period that a reader has chosen does not move it."""
    header = book.header(Scope("4w", "previous", scope.systems, scope.task_type))
    week = header.window.end - WEEK
    measured = _load(book, header)
    if measured.weeks.cell(bucket=week).empty:
        return ReviewBrief(header, findings.NOTHING, week, (), (), {}, empty=True)
    drawn = [_panel(book, header, measured, name, week) for name in _names(measured)]
    panels = sorted((panel for panel in drawn if _known(panel)), key=_rank)
    exceptions = changes_of(book, header, measured.weeks)
    owners = {row.system_id: _owner(book, row.system_id) for row in exceptions}
    shown = [day for day in sorted(measured.missing) if day >= week - (WEEKS - 1) * WEEK]
    left_out = tuple((panel.metric, panel.reason) for panel in drawn if not _known(panel))
    brief = ReviewBrief(header, findings.NOTHING, week, tuple(panels), exceptions, owners, tuple(shown), left_out)
    return replace(brief, finding=words.finding(brief))


@dataclass(frozen=True)
class _Measured:
    """The cells of every period of a review."""

    weeks: Measures
    months: Measures
    to_date: Mapping[str, tuple[Measures, Window, Window | None]]
    missing: AbstractSet[date]


def _load(book: Book, header: Header) -> _Measured:
    calendar, end = book.calendar, header.window.end
    systems, task_type = book.chosen_systems(header.scope), header.scope.task_type
    last_month = calendar.bucket(end, "month")  # a month that ends with the week is whole
    months = Window(months_before(last_month, 2 * MONTHS), last_month)
    weeks = history_of(book, header)
    wanted = Wanted()
    to_date = {}
    with book.warehouse.snapshot() as snapshot:
        by_month = load_measures(
            snapshot, book, systems, months, None, grain="month", task_type=task_type, wanted=wanted
        )
        for name, grain in words.to_date(calendar):
            chosen = Window(calendar.bucket(end - timedelta(days=1), grain), end)
            other = counterpart(chosen, name, "year", calendar)
            before = other.window if other and other.equal else None
            found = load_measures(
                snapshot, book, systems, chosen, before, grain="total", task_type=task_type, wanted=wanted
            )
            to_date[name.removeprefix("fiscal_")] = (found, chosen, before)
        days = snapshot.query("read/recorded_days", from_day=months.start, to_day=end, systems=list(systems))
    recorded = {date.fromisoformat(str(day)[:10]) for day in days["day_local"]}
    return _Measured(weeks, by_month, to_date, missing_days(recorded, Window(months.start, end)))


def missing_days(recorded: AbstractSet[date], window: Window) -> frozenset[date]:
    """Return the days without any record whose weekday usually has one: in 6 of the 8 weeks before it."""
    days = (window.start + timedelta(days=i) for i in range(window.days))
    return frozenset(
        day
        for day in days
        if day not in recorded and sum(day - i * WEEK in recorded for i in range(1, LOOKED_BACK + 1)) >= USUAL
    )


def _names(measured: _Measured) -> Iterable[str]:
    for name in SHOWN:
        yield unit_cost_level(measured.weeks) if name == "unit_cost" else name


def _panel(book: Book, header: Header, measured: _Measured, metric: str, week: date) -> Panel:
    weeks = [week - i * WEEK for i in reversed(range(WEEKS))]
    ends = header.window.end
    months = [months_before(book.calendar.bucket(ends, "month"), i) for i in range(MONTHS, 0, -1)]
    missing, first = measured.missing, book.first_day

    def of(measures: Measures, span: str, bucket: date | None, window: Window) -> Compared:
        return _value(measures, metric, span, bucket, window, missing, first)

    def weekly(start: date) -> Compared:
        return of(measured.weeks, "now", start, Window(start, start + WEEK))

    def monthly(start: date) -> Compared:
        return of(measured.months, "now", start, Window(start, months_before(start, -1)))

    def to_date(name: str) -> Compared:
        measures, chosen, before = measured.to_date[name]
        now = of(measures, "now", None, chosen)
        then = of(measures, "before", None, before) if before else Compared(None, reason=words.UNEQUAL)
        return Compared(now.value, then.value, now.reason, then.reason)

    last = weekly(week)
    against = [weekly(week - gap) for gap in (WEEK, YEAR_OF_WEEKS)]
    on_week, on_year = (Compared(last.value, one.value, last.reason, one.reason) for one in against)
    series = series_of(measured.weeks, header, weeks_of(book, header), metric)
    return Panel(
        metric,
        measured.weeks.currency() or header.currency,
        tuple(Point(one, _number(weekly(one)), _number(weekly(one - YEAR_OF_WEEKS))) for one in weeks),
        tuple(Point(one, _number(monthly(one)), _number(monthly(months_before(one, MONTHS)))) for one in months),
        Box(on_week, on_year, to_date("mtd"), to_date("qtd"), to_date("ytd")),
        verdict_of(metric, series, header),
        last.reason,
    )


def _value(
    measures: Measures,
    metric: str,
    span: str,
    bucket: date | None,
    window: Window,
    missing: AbstractSet[date],
    first: date | None,
) -> Compared:
    """Return one metric of one period; a sum that lacks a day, or a period that begins before the data, has none."""
    if first is None or window.start < first:
        return Compared(None, reason=words.NO_PRIOR)
    if METRICS[metric].aggregation in SUMS:
        lacking = [day for day in sorted(missing) if window.start <= day < window.end]
        if lacking:
            return Compared(None, reason=words.lacks(lacking))
    value = measures.value(metric, span, bucket)
    return Compared(value.value, reason=value.reason)


def _known(panel: Panel) -> bool:
    return any(point.value is not None for point in (*panel.weeks, *panel.months))


def _number(found: Compared) -> float | None:
    return None if found.value is None else float(found.value)


def _rank(panel: Panel) -> tuple[int, float]:
    """Return a panel's place: signals for the worse, other signals, then the order of the review."""
    tone = words.tone(panel)
    return ({"bad": 0, "good": 1}.get(tone, 1 if panel.signal.state == "signal" else 2), -panel.signal.size)


def _owner(book: Book, system: str) -> str:
    known = book.portfolio.systems.get(system)
    return (known.owners.operations or known.owners.business) if known else ""
