"""The cost statement of a range of days: what systems' tasks cost by themselves, and what they bear of the charges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from readout.briefs.book import Book
from readout.briefs.charge_book import Money
from readout.finance import DENOMINATORS, CostStatement, RunCost, statement_of
from readout.finance.charges import CHARGED, PEOPLE, Place
from readout.finance.money import EXACT
from readout.finance.statement import TASK_LINES
from readout.metrics import COST, OUTCOME, Need
from readout.periods import Grain, Window
from readout.warehouse.reader import Snapshot

NEVER = date(1900, 1, 1)
COUNTS = ("wanted", "priced", "people", "people_priced", "unpriced_tasks", "unpriced_calls")
UNPRICED = "cost unknown: no price for the model and day, and no recorded amount"
UNPAID = "people's cost unknown: the rate card has no rate for their roles and days"
NEEDS: tuple[tuple[tuple[str, ...], Need], ...] = (
    (("inference",), COST),
    (PEOPLE, ("human_work.seconds",)),
    (PEOPLE, ("rate_card.hourly_amount",)),
    (CHARGED, ("costs.effective_cost",)),
)
ACCEPTING: tuple[Need, ...] = (("tasks.completed_at",), OUTCOME)


@dataclass
class _Sums:
    amounts: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(TASK_LINES, Decimal(0)))
    volume: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DENOMINATORS, 0))
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    unknown: dict[str, str] = field(default_factory=dict)

    def add(self, row: Mapping[Any, Any], money: Money) -> None:
        for line in TASK_LINES:
            amount, reason = money.own(row[line], row["currency"], row["rate_day"])
            self.amounts[line] = EXACT.add(self.amounts[line], amount)
            if reason:
                self.unknown.setdefault(line, reason)
        for name in DENOMINATORS:
            self.volume[name] += row[name]
        self.counts["wanted"] += row["settled_ai"] + row["unlinked_calls"]
        self.counts["priced"] += row["cost_known_ai"] + row["unlinked_priced"]
        self.counts["people"] += row["people_n"]
        self.counts["people_priced"] += row["people_priced"]
        self.counts["unpriced_tasks"] += row["settled_ai"] - row["cost_known_ai"]
        self.counts["unpriced_calls"] += row["unlinked_calls"] - row["unlinked_priced"]

    def run_cost(self, *, invoiced: bool) -> RunCost:
        counts, unknown = self.counts, dict(self.unknown)
        if counts["wanted"] and not counts["priced"] and not invoiced:
            unknown.setdefault("inference", UNPRICED)
        if counts["people"] and not counts["people_priced"] and not any(self.amounts[line] for line in PEOPLE):
            unknown |= dict.fromkeys(PEOPLE, UNPAID)
        return RunCost(self.amounts, self.volume, unknown=unknown, **counts)


class Costs:
    """The run cost of a window and its comparison, per bucket of a grain and as a whole."""

    def __init__(
        self, book: Book, spans: Mapping[str, Window], grain: Grain, rows: Iterable[Mapping[Any, Any]], kind: str
    ) -> None:
        """Add up the rows of `read/run_cost`; `kind` is the task type that they are of, '' for all."""
        self.book, self.spans, self.grain, self.kind = book, spans, grain, kind
        self.money = Money(book.currency, book.rates)
        self.invoiced = {charge.system_id for charge in book.charge_book.charges if charge.line == "inference"}
        self.unknown = {system: self._never_recorded(system) for system in book.systems}
        self.uncounted = {system: self._never_counted(system) for system in book.systems}
        self._sums: dict[tuple[str, date | None], dict[Place, _Sums]] = {}
        self._made: dict[tuple[str, date | None, bool], CostStatement] = {}
        for row in rows:
            for bucket in (row["bucket"], None):
                cell = self._sums.setdefault((row["span"], bucket), {})
                cell.setdefault((row["system_id"], row["task_type"]), _Sums()).add(row, self.money)

    def _never_recorded(self, system: str) -> dict[str, str]:
        recorded = self.book.recorded.get(system, frozenset())
        found: dict[str, str] = {}
        for lines, need in NEEDS:
            if not any(column in recorded for column in need):
                found |= {line: f"not recorded: {' or '.join(need[:2])}" for line in lines if line not in found}
        if system in self.invoiced:
            found.pop("inference", None)
        return found

    def _never_counted(self, system: str) -> dict[str, str]:
        recorded = self.book.recorded.get(system, frozenset())
        missing = next((need for need in ACCEPTING if not any(column in recorded for column in need)), None)
        said = f"not recorded: {' or '.join(missing)}" if missing else ""
        return {"accepted": said, "accepted_unaided": said} if said else {}

    def window(self, span: str = "now", bucket: date | None = None) -> Window:
        """Return the days of a bucket that lie in its span."""
        whole = self.spans[span]
        if bucket is None or self.grain == "total":
            return whole
        end = self.book.calendar.bucket_end(bucket, self.grain)
        return Window(max(bucket, whole.start), min(end, whole.end))

    def carrying(self, span: str = "now") -> frozenset[str]:
        """Return the systems that carry load in a span: AI worked on a task, or a call was made that is tied to none.

        The span decides, not its buckets: a week without work does not change who is in a figure.
        """
        return frozenset(place[0] for place, sums in self._sums.get((span, None), {}).items() if sums.counts["wanted"])

    def statement(self, span: str = "now", bucket: date | None = None, *, by_task_type: bool = False) -> CostStatement:
        """Return the cost statement of a span, or of a bucket; where one task type was loaded, what that bears."""
        key = (span, bucket, by_task_type)
        if key not in self._made:
            frozen = self._reported(self.window(span, bucket), by_task_type=by_task_type)
            self._made[key] = frozen or self._make(span, bucket, by_task_type=by_task_type)
        return self._made[key]

    def _reported(self, window: Window, *, by_task_type: bool) -> CostStatement | None:
        """Return the statement of a closed period as it was reported, where that is what the book is to say."""
        closed = self.book.closed_of(window) if self.book.reported else None
        if closed is None:
            return None
        if self.kind:
            return closed.by_task_type.of_task_type(self.kind)
        return closed.by_task_type if by_task_type else closed.statement

    def _make(self, span: str, bucket: date | None, *, by_task_type: bool) -> CostStatement:
        typed = by_task_type or bool(self.kind)
        window = self.window(span, bucket)
        recorded = recorded_days(self.book, window)
        run: dict[Place, _Sums] = {}
        for (system, task_type), sums in self._sums.get((span, bucket), {}).items():
            _join(run.setdefault((system, task_type if typed else ""), _Sums()), sums)
        made = statement_of(
            window,
            self.book.currency,
            {place: sums.run_cost(invoiced=place[0] in self.invoiced) for place, sums in run.items()},
            self.book.charge_book.borne(recorded, by_task_type=typed, since=self.book.first_day),
            self.unknown,
            self.uncounted,
            self.carrying(span),
        )
        return made.of_task_type(self.kind) if self.kind else made


def recorded_days(book: Book, window: Window) -> Window:
    """Return the days of a window of which there can be data: a year to date bears nothing of its rest."""
    last = max(book.calendar.day_of(book.as_of), book.last_day or NEVER)
    return Window(window.start, max(window.start, min(window.end, last + timedelta(days=1))))


def _join(total: _Sums, part: _Sums) -> None:
    for line, amount in part.amounts.items():
        total.amounts[line] = EXACT.add(total.amounts[line], amount)
    for name, n in part.volume.items():
        total.volume[name] += n
    for name, n in part.counts.items():
        total.counts[name] += n
    for line, why in part.unknown.items():
        total.unknown.setdefault(line, why)


def load_costs(
    snapshot: Snapshot, book: Book, now: Window, before: Window | None, *, grain: Grain = "total", task_type: str = ""
) -> Costs:
    """Load the run cost of a window and its comparison: one query.

    Raises:
        ValueError: the two share days.
    """
    earlier = before or Window(NEVER, NEVER)
    if earlier.start < now.end and now.start < earlier.end:
        message = f"the periods overlap: {earlier.start} to {earlier.end} and {now.start} to {now.end} (ends excluded)"
        raise ValueError(message)
    frame = snapshot.query(
        "read/run_cost",
        grain=grain,
        from_day=now.start,
        to_day=now.end,
        before_from=earlier.start,
        before_to=earlier.end,
        task_type=task_type,
        own_currency=book.currency,
    )
    return Costs(book, {"now": now, "before": earlier}, grain, frame.to_dict("records"), task_type)


def cost_statements(
    book: Book,
    now: Window,
    before: Window | None,
    *,
    task_type: str = "",
    by_task_type: bool = False,
    snapshot: Snapshot | None = None,
) -> tuple[CostStatement, CostStatement | None]:
    """Return the cost statements of a range of local days and of the one before.

    All systems are in it: shared charges are allocated among all. With `by_task_type` every system's task types have a
    column each; `task_type` keeps only those of one type.
    """
    if snapshot is None:
        with book.warehouse.snapshot() as opened:
            costs = load_costs(opened, book, now, before, task_type=task_type)
    else:
        costs = load_costs(snapshot, book, now, before, task_type=task_type)
    earlier = costs.statement("before", by_task_type=by_task_type) if before else None
    return costs.statement(by_task_type=by_task_type), earlier


def cost_statement(book: Book, window: Window, *, by_task_type: bool = False) -> CostStatement:
    """Return the cost statement of a range of local days."""
    return cost_statements(book, window, None, by_task_type=by_task_type)[0]
