"""Weekly histories and what they say: the same series and limits for every page, whatever period it shows."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from readout.briefs.book import Book
from readout.briefs.figures import pooled_reduction, reduction_of
from readout.briefs.measures import PORTFOLIO, Measures, Wanted, load_measures
from readout.briefs.results import Figure, Header
from readout.metrics import METRICS
from readout.periods import Window, months_before
from readout.signals import Verdict, Week, read
from readout.stats import FEWEST_EVENTS

WEEK = timedelta(weeks=1)
MONTHS_BEFORE = 15  # of history before the quarter of the last week shown: a year before the last six weeks too
POOLED = frozenset({"ratio", "mean", "unit_cost"})  # their centre is the sum above over the sum below
UNITS: dict[str, tuple[float | None, float | None]] = {"share": (0.0, 1.0)}
DOMAINS: dict[str, tuple[float | None, float | None]] = {
    "handling_reduction": (None, 1.0),
    "hours_returned": (None, None),
}
WEIGHED = {"accuracy": "accuracy_n", "agreement": "agreement_n"}  # how many reviews stand behind the weights


def history_of(book: Book, header: Header) -> Measures:
    """Return the weeks behind the signals of a scope: the year before and this quarter, up to the last week shown.

    Read once per data version, choice of systems and of task type; the shown period only moves its end.
    """
    systems = book.chosen_systems(header.scope)
    return _history(BookKey(book), systems, header.scope.task_type, _range(book, header))


def weeks_of(book: Book, header: Header) -> tuple[tuple[date, bool], ...]:
    """Return the weeks of the history, oldest first, and whether each is over at as-of."""
    history = _range(book, header)
    return tuple(
        (week, book.calendar.period(week, "week", history, header.as_of).kind == "complete")
        for week in book.calendar.buckets(history, "week")
    )


def _range(book: Book, header: Header) -> Window:
    """Return the weeks of a history: it begins with a quarter, so that limits stand still from week to week."""
    calendar = book.calendar
    last = min(header.window.end - timedelta(days=1), calendar.day_of(header.as_of))
    end = calendar.week_of(last) + timedelta(weeks=1)
    start = calendar.week_of(months_before(calendar.bucket(last, "quarter"), MONTHS_BEFORE))
    first = calendar.week_of(book.first_day) if book.first_day else start
    if first < (book.first_day or first):
        first += timedelta(weeks=1)  # the first week of the data is not whole
    return Window(min(max(start, first), end - timedelta(weeks=1)), end)


class BookKey:
    """A book as a cache key: two books of one warehouse, version, portfolio and as-of hold the same."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._same = (id(book.warehouse), book.data_version, id(book.portfolio), book.as_of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BookKey) and self._same == other._same

    def __hash__(self) -> int:
        return hash(self._same)


@lru_cache(maxsize=6)
def _history(key: BookKey, systems: tuple[str, ...], task_type: str, weeks: Window) -> Measures:
    with key.book.warehouse.snapshot() as snapshot:
        return load_measures(snapshot, key.book, systems, weeks, None, task_type=task_type, wanted=Wanted(costs=True))


def series_of(
    history: Measures, header: Header, weeks: Iterable[tuple[date, bool]], metric: str, system: str = PORTFOLIO
) -> tuple[Week, ...]:
    """Return a metric week by week, with what it rests on where it is a rate."""
    declared = METRICS[metric]
    if "accepted" in declared.numerator + declared.denominator:
        weeks = _settled(history.book, header, weeks)
    weeks = _delivered(history, weeks, system)
    if metric in _PARTS:
        return tuple(Week(week, _PARTS[metric](history, header, system, week), None, whole) for week, whole in weeks)
    return tuple(_week(history, metric, system, week, whole=whole) for week, whole in weeks)


def _settled(book: Book, header: Header, weeks: Iterable[tuple[date, bool]]) -> Iterable[tuple[date, bool]]:
    """Return the weeks of a figure of accepted tasks: one whose tasks can still be reopened is not over."""
    days = timedelta(weeks=1, days=book.portfolio.organisation.accept_settle_days)
    return [(week, whole and book.calendar.start_of(week + days) <= header.as_of) for week, whole in weeks]


def _delivered(history: Measures, weeks: Iterable[tuple[date, bool]], system: str) -> Iterable[tuple[date, bool]]:
    """Return the weeks of a system; where it is late, one that ends after its last arrival is not over for it.

    Of several systems together the week is over unless all of them are late.
    """
    book = history.book
    until = book.delivered_until(history.systems if system == PORTFOLIO else (system,))
    if until is None:
        return weeks
    return [(week, whole and book.calendar.start_of(week + WEEK) <= until) for week, whole in weeks]


def _week(history: Measures, metric: str, system: str, week: date, *, whole: bool) -> Week:
    found = history.value(metric, bucket=week, system=system).value
    declared = METRICS[metric]
    if found is None:
        return Week(week, None, None, whole)
    if declared.aggregation not in POOLED:
        return Week(week, float(found), None, whole)
    of_portfolio = system == PORTFOLIO and metric not in WEIGHED
    cell = history.together(metric, bucket=week) if of_portfolio else history.cell(bucket=week, system=system)
    bottom = float(cell.sums.get(declared.denominator) or 0)
    if cell.sums.get(WEIGHED.get(metric, declared.denominator), 0) < FEWEST_EVENTS:
        return Week(week, None, None, whole)
    return Week(week, float(found) * bottom, bottom, whole)


def _reduction(history: Measures, header: Header, system: str, week: date) -> float | None:
    if system != PORTFOLIO:
        return reduction_of(history.book, history, header, system, bucket=week).reduction
    found = pooled_reduction(history.book, history, header, bucket=week)
    return found[0] if found else None


def _hours(history: Measures, header: Header, system: str, week: date) -> float | None:
    systems = history.systems if system == PORTFOLIO else (system,)
    parts = [reduction_of(history.book, history, header, one, bucket=week).hours_returned for one in systems]
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


# figures that no single cell gives
_PARTS: dict[str, Callable[[Measures, Header, str, date], float | None]] = {
    "handling_reduction": _reduction,
    "hours_returned": _hours,
}
NOT_READ = frozenset({"availability"})  # measured on incidents, which are named one by one


def verdict_of(metric: str, weeks: tuple[Week, ...], header: Header) -> Verdict:
    """Return what a metric's weeks say."""
    return read(weeks, recent=header.window.start, domain=DOMAINS.get(metric, UNITS.get(METRICS[metric].unit)))


def signalled(book: Book, header: Header, figures: Iterable[Figure], system: str = PORTFOLIO) -> tuple[Figure, ...]:
    """Return figures with what their weeks say, and with their weeks where they have none yet."""
    history, weeks = history_of(book, header), weeks_of(book, header)
    return tuple(_signalled(history, header, weeks, one, system) for one in figures)


def _signalled(
    history: Measures, header: Header, weeks: tuple[tuple[date, bool], ...], figure: Figure, system: str
) -> Figure:
    if figure.metric in NOT_READ or figure.value is None:
        return figure
    series = series_of(history, header, weeks, figure.metric, system)
    shown = tuple(one.top for one in series if one.whole and one.start >= header.window.start)
    own = figure.series or (shown if figure.metric in _PARTS else ())
    return replace(figure, series=own, signal=verdict_of(figure.metric, series, header))
