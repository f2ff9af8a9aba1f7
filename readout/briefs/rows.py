"""The rows behind a figure: how many count on which day, read off the rollups; and those of one day, from the facts.

The only pages' questions that leave the rollups (docs/decisions/0018): on a click, for one local day, at most 50 rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from readout import words
from readout.briefs.availability import availability_figure
from readout.briefs.book import Book
from readout.briefs.figures import figure
from readout.briefs.measures import (
    COMPARERS,
    COSTED,
    JUDGES,
    OPEN_REASONS,
    STATED,
    Cell,
    Measures,
    Wanted,
    load_measures,
)
from readout.briefs.overview import hours_returned_figure, portfolio_reduction
from readout.briefs.results import Figure, Header, Scope
from readout.briefs.results_rows import CostLine, RowsBrief, RowsOfDay
from readout.currencies import minor_unit
from readout.finance import CostColumn
from readout.finance.footing import largest_remainder
from readout.finance.money import whole_units
from readout.finance.statement import LINES_OF
from readout.metrics import METRICS, Metric

USUAL = "throughput"
MICROSECONDS_PER_DAY = 86_400_000_000
# The verdicts of a judged share, and who may speak for it.
JUDGED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "accuracy": ("correct", JUDGES),
    "reviewed": ("correct", JUDGES),
    "review_coverage": ("correct", JUDGES),
    "agreement": ("agreement", COMPARERS),
}
_ABOVE = {"handling_reduction": "handling_n", "hours_returned": "handling_n"}
_WEIGHTS = frozenset({"accuracy_weight", "agreement_weight"})  # sums of weights: the verdicts behind them are counted
_MIXED = "the systems are judged by different kinds of judge; choose one system"
_COUNTED = {"cost": "cost_known", "with_people_cost": "cost_known"}  # how many rows a sum of money is made of


def rows_brief(book: Book, scope: Scope, asked: str = "", day: str = "") -> RowsBrief:
    """Return a figure of the scope, its parts day by day, and the day whose rows are asked for ("" = the latest)."""
    declared = METRICS.get(asked) or METRICS[USUAL]
    header = book.header(scope)
    systems = book.chosen_systems(scope)
    with book.warehouse.snapshot() as snapshot:
        if declared.name == "availability":
            return _outages(book, header, systems, snapshot.query("read/incidents"))
        measures = load_measures(
            snapshot, book, systems, header.window, header.before, grain="day", task_type=scope.task_type,
            wanted=Wanted(
                verdicts=declared.name in JUDGED,
                percentiles=declared.aggregation == "percentile",
                calls=declared.unit == "tokens",
                costs=declared.name in STATED,
            ),
        )  # fmt: skip
    found = _figure(book, measures, header, declared.name)
    above, below = rows_of(declared)
    made_of = measures.made_of(declared.name)
    judge, weighed, reason = _judge(measures, declared.name, made_of)
    days = tuple(_days(measures, header, declared, made_of, judge, weighed))
    column = measures.column(STATED[declared.name]) if declared.name in STATED else None
    return RowsBrief(
        header,
        words.rows.finding(found, days),
        found,
        "calls" if declared.unit == "tokens" else "tasks",
        above,
        below,
        made_of,
        days,
        next((one for one in days if one.day.isoformat() == day), _latest(days)),
        judge,
        weighed,
        reason,
        _lines(column, STATED[declared.name], header) if column is not None else (),
        declared.name in STATED,
    )


def rows_of(declared: Metric) -> tuple[str, str]:
    """Return the sums that count a metric's tasks above and below its line, "" where it has none."""
    if declared.name in _ABOVE:
        return _ABOVE[declared.name], ""
    if declared.aggregation in {"mean", "percentile"}:
        return declared.denominator, ""  # what is added up is a measure: the tasks that have it are counted
    if declared.name in STATED:
        return ("cost" if STATED[declared.name] == "direct" else "with_people_cost"), declared.denominator
    return declared.numerator, declared.denominator


def _latest(days: Sequence[RowsOfDay]) -> RowsOfDay | None:
    """Return the last day on which a row counts above the line; the last one of all where none does."""
    return next((one for one in reversed(days) if one.above), days[-1] if days else None)


def _lines(column: CostColumn, level: str, header: Header) -> tuple[CostLine, ...]:
    """Return the lines of a cost up to a level, rounded to the minor unit so that they add up."""
    unit = minor_unit(header.currency)
    shares = {line: Fraction(column.amounts[line]) / Fraction(unit) for line in LINES_OF[level] if column.amounts[line]}
    total = whole_units(sum(shares.values(), Fraction(0)), Decimal(1))
    return tuple(CostLine(line, units * unit) for line, units in largest_remainder(shares, total).items())


def _figure(book: Book, measures: Measures, header: Header, metric: str) -> Figure:
    if metric == "handling_reduction":
        return portfolio_reduction(book, measures, header)
    if metric == "hours_returned":
        return hours_returned_figure(book, measures, header)
    return figure(measures, header, metric, series=False)


def _judge(measures: Measures, metric: str, systems: Iterable[str]) -> tuple[str, tuple[str, ...], str]:
    """Return who speaks for a judged share, and the systems whose verdicts count only with a stated probability."""
    if metric not in JUDGED:
        return "", (), ""
    of, _ = JUDGED[metric]
    cells = {system: measures.cell(system=system) for system in systems}
    judges = {(cell.agreement if of == "agreement" else cell.accuracy).judge for cell in cells.values()} - {""}
    if len(judges) != 1:
        return "", (), _MIXED if judges else ""
    judge = judges.pop()
    stated = {row["system_id"] for row in _verdicts(measures, of, judge) if row["prob_n"]}
    return judge, () if metric == "review_coverage" else tuple(sorted(stated)), ""


def _verdicts(measures: Measures, of: str, judge: str) -> list[dict[str, Any]]:
    return [
        row
        for row in measures.verdict_rows
        if row["span"] == "now"
        and row["metric"] == of
        and row["judge"] == judge
        and row["review_reason"] in OPEN_REASONS
    ]


def _days(
    measures: Measures, header: Header, declared: Metric, systems: tuple[str, ...], judge: str, weighed: tuple[str, ...]
) -> Iterable[RowsOfDay]:
    above, below = rows_of(declared)
    counter = "calls" if declared.unit == "tokens" else _COUNTED.get(above, above)
    judged = _judged_days(measures, declared.name, systems, judge, weighed)
    for start in (header.window.start + timedelta(days=number) for number in range(header.window.days)):
        cells = [measures.cell(bucket=start, system=system) for system in systems]
        right, n = judged.get(start, (0, 0))
        one = RowsOfDay(
            start,
            right if declared.name in JUDGED else _sum(cells, counter),
            n if below in _WEIGHTS else _sum(cells, below),
            _sum(cells, "unlinked_calls") if declared.name in COSTED else 0,
            _amount(cells, above) if declared.name in COSTED else None,
        )
        if one.above or one.below or one.calls:
            yield one


def _amount(cells: Sequence[Cell], name: str) -> Decimal | None:
    """Return what tasks and calls cost by themselves; None where it is in several currencies."""
    if len(frozenset().union(*(cell.currencies | cell.people_currencies for cell in cells))) > 1:
        return None
    return sum((Decimal(cell.sums.get(name, 0)) for cell in cells), Decimal(0))


def _judged_days(
    measures: Measures, metric: str, systems: tuple[str, ...], judge: str, weighed: tuple[str, ...]
) -> dict[date, tuple[int, int]]:
    """Return day -> verdicts that count above and below the line of a judged share."""
    found: dict[date, tuple[int, int]] = {}
    if metric not in JUDGED or not judge:
        return found
    for row in _verdicts(measures, JUDGED[metric][0], judge):
        if row["system_id"] not in systems:
            continue
        stated = row["system_id"] in weighed
        n = int(row["prob_n"] if stated else row["n"])
        right = int(row["prob_correct"] if stated else row["correct"])
        counted = {"reviewed": n, "review_coverage": int(row["judged"])}.get(metric, right)
        above, below = found.get(row["bucket"], (0, 0))
        found[row["bucket"]] = (above + counted, below + n)
    return found


def _sum(cells: Iterable[Cell], name: str) -> int:
    return sum(int(cell.sums.get(name, 0)) for cell in cells) if name else 0


def _outages(book: Book, header: Header, systems: tuple[str, ...], incidents: pd.DataFrame) -> RowsBrief:
    """Return the availability of one system with its outages of the period; of several there is no one figure."""
    if len(systems) == 1:
        found = availability_figure(book, incidents, header, systems[0])
    else:
        found = Figure("availability", None, "availability is of one system; choose one")
    start, end = (book.calendar.start_of(day) for day in (header.window.start, header.window.end))
    within = (
        incidents["system_id"].isin(systems)
        & (incidents["kind"] == "outage")
        & (incidents["started_at"] < end)
        & (incidents["ended_at"].isna() | (incidents["ended_at"] > start))
    )
    own = _local(book, incidents[within], "started_at", "ended_at")
    return RowsBrief(
        header, words.rows.finding(found, ()), found, "incidents", "", "", systems, (), None, incidents=own
    )  # fmt: skip


def figure_tasks(book: Book, brief: RowsBrief) -> pd.DataFrame:
    """Return at most 50 tasks of the brief's day, those above the line first; raises what `Warehouse.sample` does.

    Columns: those of queries/facts/figure_tasks.sql, in local time, and name.
    """
    found = book.warehouse.sample(
        "facts/figure_tasks",
        **_of_day(book, brief),
        above=brief.above,
        below=brief.below,
        judge=brief.judge,
        weighed=list(brief.weighed),
    )
    local = _local(book, found, "created_at", "completed_at")
    named = local.assign(
        name=[book.name_of(system) for system in found["system_id"]],
        latest=found["completed_at"].fillna(found["created_at"]),
    )
    order = ["above", "latest", "system_id", "task_id"]
    return named.sort_values(order, ascending=[False, False, True, True], kind="stable")


def _local(book: Book, found: pd.DataFrame, *instants: str) -> pd.DataFrame:
    """Return a frame with its UTC instants in the organisation's own time."""
    zone = book.calendar.time_zone
    shown = {name: found[name].dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None) for name in instants}
    return found.assign(**shown)


def figure_calls(book: Book, brief: RowsBrief) -> pd.DataFrame:
    """Return at most 50 calls of the brief's day: those tied to no task, or all where calls are what is counted."""
    lonely = int(brief.kind != "calls")
    asked = {name: value for name, value in _of_day(book, brief).items() if name != "settle_us"}
    found = _local(book, book.warehouse.sample("facts/figure_calls", **asked, lonely=lonely), "started_at")
    return found.assign(name=[book.name_of(system) for system in found["system_id"]])


def figure_charges(book: Book, brief: RowsBrief) -> pd.DataFrame:
    """Return at most 50 charges that accrue within the brief's period, of its systems and shared, the largest first."""
    window, calendar = brief.header.window, book.calendar
    found = book.warehouse.sample(
        "facts/figure_charges",
        systems=list(brief.systems),
        lo=calendar.start_of(window.start),
        hi=calendar.start_of(window.end),
    )
    return found.assign(name=[book.name_of(system) if system else "" for system in found["system_id"]])


def _of_day(book: Book, brief: RowsBrief) -> dict[str, Any]:
    day = brief.day.day if brief.day else brief.header.window.start
    return {
        "lo": book.calendar.start_of(day),
        "hi": book.calendar.start_of(day + timedelta(days=1)),
        "settle_us": book.portfolio.organisation.accept_settle_days * MICROSECONDS_PER_DAY,
        "systems": list(brief.systems),
        "task_type": brief.header.scope.task_type,
    }
