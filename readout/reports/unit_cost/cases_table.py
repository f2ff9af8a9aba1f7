"""The cash cases on the sheet Savings: inputs to change, what they come to, and the months that lead there.

Months that are over stand as they were. Cash and running cost a month hold for the months to come; the share is of that
cash. What all systems bring is the sum of theirs; what they cost a month has the shared cost too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from readout.briefs.results_value import Appraisal, ValueBrief
from readout.finance import monthly_rate
from readout.finance.case import Case
from readout.finance.money import EXACT, QUOTIENT, total_of
from readout.reports.sheets import Cell, Sheet, address
from readout.words import report as words
from readout.words import value_claims as said

HEADS = (
    "Appraisal of", "Remark", "Cash a month", "Share of it", "One-off cost more", "Running cost a month", "Net to date",
    "Payback, months", "Discounted payback, months", "Present value", "Break-even, tasks a month",
)  # fmt: skip
MONTH_HEADS = (
    "Case", "Month after the first investment", "Invested", "Over", "Cash less running cost", "Net cash", "Added up",
    "Paid back after", "Discounted, added up", "Paid back, discounted",
)  # fmt: skip
REMARK, CASH, SHARE, ONE_OFF, RUNNING, NET, PAYBACK, DISCOUNTED, PRESENT = range(1, 10)
INVESTED, FLOW, NET_CASH, ADDED, BACK, VALUE_ADDED, BACK_DISCOUNTED = 2, 4, 5, 6, 7, 8, 9


@dataclass(frozen=True)
class _Months:
    """Where the months of a case stand: the row of month 0, and how many follow it."""

    first: int
    count: int

    def over(self, column: int) -> str:
        """Return the range of a column over every month."""
        return f"{address(self.first, column, fixed=True)}:{address(self.first + self.count, column, fixed=True)}"

    def at(self, month: int, column: int) -> str:
        return address(self.first + month, column, fixed=True)


def lay_out_cases(sheet: Sheet, value: ValueBrief) -> None:
    """Lay out the inputs, the cases and their months. Without an investment a case is its reason."""
    cases = [*((one.name, one.appraisal) for one in value.systems), (said.ALL, value.total)]
    able = [(name, one.case) for name, one in cases if one.case is not None]
    sheet.add()
    sheet.add(Cell(words.CASE_INPUTS, "line"))
    annual = next((case.annual_rate for _, case in able if case.annual_rate is not None), None)
    at = sheet.add(Cell(words.DISCOUNT_RATE, "label"), Cell(), Cell(_decimal(annual), "input_number"))
    rate = address(at, 2, fixed=True) if annual is not None else ""
    sheet.heads(*HEADS, stay=False)
    begin = len(sheet.rows)
    places, next_row = {}, begin + len(cases) + 2
    for name, case in able:
        places[name] = _Months(next_row, case.months)
        next_row += case.months + 1
    for row, (name, one) in enumerate(cases, begin):
        if one.case is None:
            sheet.add(Cell(name), Cell(one.reason), *(Cell() for _ in range(8)), Cell(one.break_even, "count"))
        else:
            together = [begin + place for place, (_, other) in enumerate(cases[:-1]) if other.case is not None]
            sheet.add(*_case(name, one, row, places[name], rate, together if name == said.ALL else ()))
    sheet.add()
    sheet.heads(*MONTH_HEADS, stay=False)
    for row, (name, one) in enumerate(cases, begin):
        if one.case is not None:
            _months(sheet, name, one.case, row, places[name], rate)


def _case(name: str, one: Appraisal, row: int, months: _Months, rate: str, together: Sequence[int]) -> tuple[Cell, ...]:
    case = one.case
    if case is None:
        return ()
    whole = "+".join(f"{address(other, CASH)}*{address(other, SHARE)}" for other in together)
    one_off = "+".join(address(other, ONE_OFF) for other in together)
    paid, discounted = (
        f'IF({months.at(0, added)}>=0,0,IF(COUNT({months.over(back)})=0,"",MIN({months.over(back)})))'
        for added, back in ((ADDED, BACK), (VALUE_ADDED, BACK_DISCOUNTED))
    )
    return (
        Cell(name),
        _remark(case, row, rated=bool(rate)),
        Cell(case.next_cash, "money", whole) if whole else Cell(case.next_cash, "input_number"),
        Cell(Decimal(1), "number" if whole else "input_number"),
        Cell(Decimal(0), "money", one_off) if whole else Cell(Decimal(0), "input_number"),
        Cell(case.next_running, "input_number"),
        Cell(case.cumulative[-1], "money", months.at(len(case.cash), ADDED)),
        Cell(case.payback, "hours", paid),
        Cell(case.discounted_payback, "hours", discounted) if rate else Cell(),
        Cell(case.npv, "money", months.at(months.count, VALUE_ADDED)) if rate else Cell(),
        Cell(one.break_even, "count"),
    )


def _remark(case: Case, row: int, *, rated: bool) -> Cell:
    """Return what is said where the cash never pays back; it follows the inputs."""
    never, slow = f"payback: {said.NEVER}", f"discounted payback: {said.NEVER}"
    text = never if case.payback is None else (slow if rated and case.discounted_payback is None else "")
    late = f'IF({address(row, DISCOUNTED)}="","{slow}","")' if rated else '""'
    return Cell(text, "text", f'IF({address(row, PAYBACK)}="","{never}",{late})')


def _months(sheet: Sheet, name: str, case: Case, row: int, months: _Months, rate: str) -> None:
    """Add the months of a case, each with what has come in by then."""
    grown = EXACT.add(Decimal(1), monthly_rate(case.annual_rate)) if case.annual_rate is not None else None
    added = value = Decimal(0)
    cash, share, running = (address(row, column, fixed=True) for column in (CASH, SHARE, RUNNING))
    for month, net in enumerate(case.flows):
        invested, before, value_before = case.invested.get(month, Decimal(0)), added, value
        flow, added = EXACT.add(net, invested), EXACT.add(added, net)
        discounted = QUOTIENT.divide(net, grown**month) if grown else Decimal(0)
        value = QUOTIENT.add(value, discounted)
        over = month <= len(case.cash)
        back, back_value = (_crossed(month, *one) for one in ((before, added, net), (value_before, value, discounted)))
        here = sheet.add(
            Cell(name),
            Cell(month, "count"),
            Cell(invested, "money" if over else "input_number"),
            Cell("over" if over else ""),
            Cell(flow, "money") if over else Cell(flow, "money", f"{cash}*{share}-{running}"),
        )
        at = months.at
        one_off = f"-{address(row, ONE_OFF, fixed=True)}" if not month else ""
        sum_before = f"{at(month - 1, ADDED)}+" if month else ""
        value_sum = f"{at(month - 1, VALUE_ADDED)}+" if month else ""
        cells = [
            Cell(net, "money", f"{at(month, FLOW)}-{at(month, INVESTED)}{one_off}"),
            Cell(added, "money", f"{sum_before}{at(month, NET_CASH)}"),
            Cell(back, "hours", _crossing(at(month - 1, ADDED), at(month, ADDED), month)) if month else Cell(),
        ]
        if grown:
            power = f"(1+{rate})^({month}/12)"
            cells += [
                Cell(value, "money", f"{value_sum}{at(month, NET_CASH)}/{power}"),
                Cell(back_value, "hours", _crossing(at(month - 1, VALUE_ADDED), at(month, VALUE_ADDED), month))
                if month else Cell(),
            ]  # fmt: skip
        sheet.rows[here] = (*sheet.rows[here], *cells)


def _crossing(before: str, now: str, month: int) -> str:
    """Return the formula of the moment in a month at which a sum reaches 0; within a month cash comes evenly."""
    return f'IF(AND({before}<0,{now}>=0),{month - 1}-{before}/({now}-{before}),"")'


def _crossed(month: int, before: Decimal, now: Decimal, step: Decimal) -> Decimal | str:
    return total_of((Decimal(month - 1), QUOTIENT.divide(-before, step))) if before < 0 <= now else ""


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
