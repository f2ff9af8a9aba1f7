"""The unit-cost report of a period: one result, of which every file is made."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from readout.briefs.assumptions import assumptions
from readout.briefs.book import Book
from readout.briefs.bridge_items import Rows, asked, calls_of, column_of, key_of, lists_of, own_calls, side_of, split_of
from readout.briefs.charge_book import Money
from readout.briefs.closing import adjustments_of, status_of
from readout.briefs.cost_rows import allocations
from readout.briefs.costs import cost_statement, cost_statements, load_costs, recorded_days
from readout.briefs.reconciliation import reconcile
from readout.briefs.results import Header, Scope
from readout.briefs.results_bridge import BridgeItem
from readout.briefs.results_report import Booked, BudgetSpan, MonthCost, UnitCostReport, month_grain
from readout.briefs.results_value import ValueBrief
from readout.briefs.value import value_brief
from readout.currencies import minor_unit
from readout.finance import LINES, Bridge, CostColumn, CostStatement, accrued, bridge, budget_line
from readout.finance.charges import PEOPLE
from readout.finance.close import Adjustments, Closed
from readout.finance.money import total_of
from readout.finance.reconciliation import Reconciliation, together
from readout.finance.statement import LINES_OF
from readout.periods import Grain, Window, counterpart

MONTHS_SHOWN = 13
LEVEL = "fully_loaded"  # of the bridge
SPANS = ("period", "year_to_date", "year")


def unit_cost_report(
    book: Book, period: str, window: Window, grain: Grain, systems: Sequence[str] = (), *, reported: bool = True
) -> UnitCostReport:
    """Return the report of a range of local days; shared cost is allocated among all systems, whichever are chosen.

    Closed months are as they were `reported`, and as of their close; otherwise with all that came in since. The book
    has its closes.
    """
    status, changed = status_of(book, window), adjustments_of(book, window)
    closed = book.closed_of(window)
    book = replace(book, reported=reported)
    if reported and closed:
        book = replace(book, as_of=closed.as_of, data_version=closed.data_version)
    header = _header(book, window, grain, tuple(systems))
    chosen = header.scope.systems
    whole, earlier = cost_statements(book, window, header.before)
    typed, typed_before = cost_statements(book, window, header.before, by_task_type=True)
    statement = _chosen(whole, chosen)
    unit = minor_unit(book.currency)
    return UnitCostReport(
        header=header,
        period=period,
        status=status,
        snapshot=closed.id if closed else "",
        minor_unit=unit,
        statement=statement,
        footed=statement.footed(unit),
        before=_chosen(earlier, chosen) if earlier else None,
        months=months_of(book, window, chosen),
        budgets=tuple(_budgets(book, window, span, statement, chosen) for span in SPANS),
        bridge=_bridge(book, header, typed, typed_before),
        rate_split=not _frozen(book, header),
        allocations=tuple(allocations(book.charge_book, recorded_days(book, window))),
        assumptions=assumptions(book, window),
        booked=tuple(_booked(book, window, chosen)),
        reported=reported,
        adjustments=_adjusted(changed, chosen),
        reconciliation=_reconciled(book, window, whole, closed if reported else None),
        value=_value(book, window, chosen),
    )


def _reconciled(book: Book, window: Window, whole: CostStatement, closed: Closed | None) -> Reconciliation | None:
    """Return the reconciliation of a fiscal month, as sealed where it is closed, or the sum of several.

    None: the period does not consist of fiscal months.
    """
    if closed:
        return closed.section("reconciliation", Reconciliation)
    calendar = book.calendar
    starts = calendar.buckets(window, "fiscal_month")
    months = [Window(start, calendar.bucket_end(start, "fiscal_month")) for start in starts]
    if (months[0].start, months[-1].end) != (window.start, window.end):
        return None
    if len(months) == 1:
        return reconcile(book, window, whole)
    return together([_of_month(book, month) for month in months])


def _of_month(book: Book, month: Window) -> Reconciliation:
    """Return a month's reconciliation, as sealed where the report shows what was reported."""
    closed = book.closed_of(month) if book.reported else None
    return closed.section("reconciliation", Reconciliation) if closed else reconcile(book, month)


def _adjusted(found: Adjustments | None, systems: Sequence[str]) -> Adjustments | None:
    """Return the adjustments of some systems; of all where none is chosen."""
    if found is None or not systems:
        return found
    rows = tuple(row for row in found.rows if row.system_id in systems)
    volumes = tuple(row for row in found.volumes if row.system_id in systems)
    reported, restated = (
        total_of(getattr(row, side) for row in rows if row.line in LINES) for side in ("reported", "restated")
    )
    return Adjustments(rows, volumes, reported, restated)


def _value(book: Book, window: Window, systems: Sequence[str]) -> ValueBrief:
    """Return the claims through the end of the period, or as-of where that is earlier."""
    end = min(book.as_of, book.calendar.start_of(window.end))
    return value_brief(replace(book, as_of=end), Scope(systems=tuple(systems)))


def _booked(book: Book, window: Window, systems: Sequence[str]) -> Iterator[Booked]:
    """Yield credits, refunds and corrections that accrue in a range of days; they are in the figures, by their sign."""
    money = Money(book.currency, book.rates)
    for row in book.charges.to_dict("records"):
        correction = bool(row["charge_class"])
        if not correction and row["charge_category"].lower() not in {"credit", "refund", "adjustment"}:
            continue
        last = max(row["end_day"], row["start_day"] + timedelta(days=1))
        if row["start_day"] >= window.end or last <= window.start or (systems and row["system_id"] not in systems):
            continue
        own, reason = money.own(row["effective_cost"], row["currency"], row["start_day"])
        yield Booked(
            row["start_day"],
            last - timedelta(days=1),
            row["system_id"],
            " ".join(part for part in (row["component"], row["service_name"]) if part),
            row["charge_category"],
            correction,
            row["source"],
            row["currency"],
            row["billed_cost"],
            None if reason else accrued(own, row["start_day"], row["end_day"], window.start, window.end),
        )


def _header(book: Book, window: Window, grain: Grain, systems: tuple[str, ...]) -> Header:
    header = book.header(Scope(period=grain, systems=systems))
    other = counterpart(window, grain, "previous", book.calendar)
    earlier = other.window if other and other.equal else None
    running = book.calendar.start_of(window.end) > book.as_of
    if earlier and (running or book.first_day is None or earlier.start < book.first_day):
        earlier = None  # a part is not compared with a whole
    unequal = other.window if other and not other.equal else None
    return replace(header, window=window, before=earlier, unequal=unequal)


def _chosen(statement: CostStatement, systems: Sequence[str]) -> CostStatement:
    return statement.chosen(systems) if systems else statement


def months_of(book: Book, window: Window, systems: Sequence[str]) -> tuple[MonthCost, ...]:
    """Return the thirteen months that end with the period, those that have data."""
    calendar = book.calendar
    grain = month_grain(calendar)
    last = calendar.bucket(window.end - timedelta(days=1), grain)
    starts = [last]
    while len(starts) < MONTHS_SHOWN:
        starts.insert(0, calendar.bucket(starts[0] - timedelta(days=1), grain))
    starts = [start for start in starts if book.first_day and calendar.bucket_end(start, grain) > book.first_day]
    span = Window(starts[0], calendar.bucket_end(last, grain))
    with book.warehouse.snapshot() as snapshot:
        costs = load_costs(snapshot, book, span, None, grain=grain)
    return tuple(
        MonthCost(
            start,
            calendar.period(start, grain, span, book.as_of).kind,
            _chosen(costs.statement("now", start), systems),
        )
        for start in starts
    )


def _budgets(book: Book, window: Window, span: str, statement: CostStatement, systems: Sequence[str]) -> BudgetSpan:
    calendar = book.calendar
    year = calendar.bucket(window.start, "fiscal_year")
    ranges = {
        "period": window,
        "year_to_date": Window(year, window.end),
        "year": Window(year, calendar.bucket_end(year, "fiscal_year")),
    }
    days = ranges[span]
    actual = statement if span == "period" else cost_statement(book, Window(days.start, window.end))
    wanted = [system for system in book.systems if not systems or system in systems]
    lines = [budget_line(system, book.budgets, days, *_spent(book, actual.column(system))) for system in wanted]
    return BudgetSpan(span, days, tuple(line for line in lines if line))


def _spent(book: Book, column: CostColumn | None) -> tuple[Decimal | None, int]:
    """Return what a system's budget holds: its fully loaded cost, without people's work where budgets are of spend."""
    if column is None:
        return Decimal(0), 0
    left_out = PEOPLE if book.portfolio.organisation.budget_covers == "spend" else ()
    lines = [line for line in LINES_OF["fully_loaded"] if line not in left_out]
    known = not any(line in column.unknown for line in lines)
    return total_of(column.amounts[line] for line in lines) if known else None, column.volume["attempted"]


def _bridge(book: Book, header: Header, typed: CostStatement, typed_before: CostStatement | None) -> Bridge | None:
    """Return the bridge of fully loaded cost; its rate is split into price and efficiency where nothing is frozen.

    A closed month keeps its statement and not its calls: those of now need not be those of then.
    """
    if typed_before is None or header.before is None:
        return None
    calls: Rows = ()
    lists: list[Rows] = [(), ()]
    if not _frozen(book, header):
        with book.warehouse.snapshot() as snapshot:
            systems = header.scope.systems or tuple(book.systems)
            calls = calls_of(snapshot, book, (header.window, header.before), systems)
            lists = lists_of(snapshot.query("read/prices").to_dict("records"), book, (header.before, header.window))
    both = [_chosen(one, header.scope.systems) for one in (typed_before, typed)]
    items = []
    for key in sorted({key_of(column) for statement in both for column in statement.columns}):
        own = own_calls(calls, key, by_type=True)
        sides = [side_of(column_of(one, key), LEVEL, rows) for one, rows in zip(both, own, strict=True)]
        items.append(BridgeItem(key, "", *sides, split=split_of(own, sides, lists, LEVEL)))
    return bridge(map(asked, items)).footed(minor_unit(book.currency))


def _frozen(book: Book, header: Header) -> bool:
    spans = [one for one in (header.window, header.before) if one]
    return book.reported and any(book.closed_of(one) for one in spans)
