"""The monthly digest of finance: unit cost against the month before, the budget, the close, the reconciliation."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from readout import words
from readout.briefs.results import Scope
from readout.briefs.results_report import UnitCostReport
from readout.portfolio import Organisation
from readout.reports.digests import Digest, Held, Part, Point
from readout.reports.unit_cost.figures import ALL, TOTAL, Figure, figures
from readout.reports.unit_cost.release import not_whole
from readout.words import digests as said
from readout.words import reconciliation, unit_costs
from readout.words import report as report_words
from readout.words.addresses import about, address
from readout.words.numbers import signed

METRIC = "fully_loaded_cost_per_accepted_task"


def monthly(report: UnitCostReport, name: str, organisation: Organisation) -> Digest:
    """Return the digest of a month; `name`: as readers know it."""
    found = figures(report)
    last = report.header.window.end - timedelta(days=1)
    scope = replace(report.header.scope, as_of=last.isoformat())
    change = _value(found, f"change_share/{ALL}")
    return Digest(
        role="finance",
        period=report.period,
        title=said.title("finance", name),
        lead=report_words.lead(report, change if isinstance(change, float) else None),
        tone="neutral",
        address=address("unit_cost", scope),
        header=report.header,
        parts=(
            Part(said.UNIT_COST, tuple(_units(report, found, scope))),
            Part(
                said.BUDGET, tuple(_budget(report, found, scope, organisation.budget_covers)), said.NOTHING[said.BUDGET]
            ),
            Part(said.CLOSE, tuple(_close(report, scope))),
        ),
        held=tuple(
            Held(f"data{number}", text)
            for number, text in enumerate(not_whole(report, organisation.accept_settle_days))
        ),
    )


def _value(found: Mapping[str, Figure], key: str) -> object:
    return found[key].value if key in found else None


def _units(report: UnitCostReport, found: Mapping[str, Figure], scope: Scope) -> Iterator[Point]:
    currency = report.header.currency
    for key in (ALL, *(column.system_id for column in report.statement.systems())):
        unit = found[f"unit/{key}/fully_loaded/accepted"]
        name = said.ALL_COST if key == ALL else report.name_of(key)
        where = address("unit_cost", scope if key == ALL else replace(scope, systems=(key,)))
        if not isinstance(unit.value, Decimal):
            yield Point(name, said.NO_FIGURE, where, below=(words.sentence(words.reason(unit.reason)),))
            continue
        before, moved = found[f"before/{key}"], found[f"change_share/{key}"]
        if isinstance(before.value, Decimal) and isinstance(moved.value, float):
            was = words.amount(METRIC, before.value, currency)
            below = f"{signed(moved.value * 100, 1)}% on the period before ({was})"
        else:
            below = words.sentence(before.reason)
        yield Point(name, words.amount(METRIC, unit.value, currency), where, below=(below,))


def _budget(report: UnitCostReport, found: Mapping[str, Figure], scope: Scope, covers: str) -> Iterator[Point]:
    span = report.budgets[0]
    for key in (TOTAL, *(line.system_id for line in span.compared)):
        actual, budget, over = (
            _value(found, f"budget/{span.span}/{key}/{one}") for one in ("actual", "static", "variance")
        )
        if not (isinstance(actual, Decimal) and isinstance(budget, Decimal) and isinstance(over, Decimal)):
            continue
        money = [reconciliation.amount(one, report.header.currency) for one in (actual, budget, abs(over))]
        name = said.ALL_COST if key == TOTAL else report.name_of(key)
        below = (unit_costs.BUDGET_OF[covers],) if key == TOTAL else ()
        where = address("unit_cost", scope if key == TOTAL else replace(scope, systems=(key,)))
        yield Point(name, said.against_budget(*money, over=over > 0), where, "bad" if over > 0 else "good", below)


def _close(report: UnitCostReport, scope: Scope) -> Iterator[Point]:
    where = about("reconciliation", Scope(as_of=scope.as_of), month=report.period)
    yield Point(said.CLOSED_AS, report_words.STATUS[report.status], where)
    found = report.reconciliation
    if found is None:
        yield Point(said.RECONCILED, report_words.NOT_RECONCILED, where)
        return
    yield Point(
        said.RECONCILED,
        said.RECONCILIATION[found.state],
        where,
        reconciliation.STATES[found.state][1],
        (reconciliation.sentence(found, report.period)[0],),
    )
