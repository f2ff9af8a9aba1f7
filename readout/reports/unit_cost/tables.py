"""The report as tables: its figures, one a row, and the rows behind them; also in the shape of FOCUS. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from readout.briefs.cost_rows import CostRow
from readout.briefs.results_report import UnitCostReport
from readout.finance import LINES
from readout.periods import Calendar
from readout.reports.sheets import Value, is_number
from readout.reports.streams import Field
from readout.reports.unit_cost.figures import Figure
from readout.words import report as words

TWELFTH = Decimal("0.000000000001")
FIGURE_FIELDS = (
    Field("figure", "text"),
    Field("sheet", "text"),
    Field("subject", "text"),
    Field("name", "text"),
    Field("item", "text"),
    Field("unit", "text"),
    Field("currency", "text"),
    Field("value", "decimal"),
    Field("text", "text"),
    Field("reason", "text"),
)
ROW_FIELDS = (
    Field("kind", "text"),
    Field("first_day", "date"),
    Field("last_day", "date"),
    Field("system_id", "text"),
    Field("system", "text"),
    Field("task_type", "text"),
    Field("line", "text"),
    Field("level", "text"),
    Field("currency", "text"),
    Field("amount", "decimal", summed=True),
    Field("tasks_completed", "integer", summed=True),
    Field("whole_amount", "decimal"),
    Field("whole_currency", "text"),
    Field("service", "text"),
    Field("category", "text"),
    Field("allocation_key", "text"),
    Field("source", "text"),
    Field("note", "text"),
)
MONEY_UNITS = frozenset({"money", "exact", "unit_cost"})


def figure_rows(report: UnitCostReport, figures: Mapping[str, Figure]) -> Iterator[tuple[Value, ...]]:
    """Yield one row a figure; a value to 12 decimals, nothing and its reason where there is none."""
    for one in figures.values():
        name = words.COLUMNS.get(one.subject) or report.name_of(one.subject)
        currency = report.header.currency if one.unit in MONEY_UNITS else ""
        number = twelve(one.value) if is_number(one.value) else None
        text = str(one.value) if one.value is not None and number is None else ""
        yield one.key, one.sheet, one.subject, name, one.item, one.unit, currency, number, text, one.reason


def twelve(value: Value) -> Decimal:
    """Return a number to 12 decimals, rounded half away from zero."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(TWELFTH, rounding=ROUND_HALF_UP)


def data_rows(report: UnitCostReport, rows: Iterable[CostRow]) -> Iterator[tuple[Value, ...]]:
    """Yield the rows behind the unit cost."""
    for row in rows:
        yield (
            row.kind,
            row.first_day,
            row.last_day,
            row.column,
            words.COLUMNS.get(row.column) or report.name_of(row.column),
            row.task_type,
            row.line,
            LINES.get(row.line, ""),
            report.header.currency,
            row.amount,
            row.tasks or None,
            row.original,
            row.currency,
            row.service,
            row.category,
            row.allocation_key,
            row.source,
            row.note,
        )


FOCUS_FIELDS = (
    Field("BilledCost", "decimal", summed=True),
    Field("EffectiveCost", "decimal", summed=True),
    Field("ContractedCost", "decimal", summed=True),
    Field("ListCost", "decimal", summed=True),
    Field("BillingCurrency", "text"),
    Field("BillingAccountId", "text"),
    Field("BillingAccountName", "text"),
    Field("BillingPeriodStart", "text"),
    Field("BillingPeriodEnd", "text"),
    Field("ChargePeriodStart", "text"),
    Field("ChargePeriodEnd", "text"),
    Field("ChargeCategory", "text"),
    Field("ChargeClass", "text"),
    Field("ChargeDescription", "text"),
    Field("ChargeFrequency", "text"),
    Field("ServiceCategory", "text"),
    Field("ServiceName", "text"),
    Field("ProviderName", "text"),
    Field("PublisherName", "text"),
    Field("InvoiceIssuerName", "text"),
    Field("ResourceId", "text"),
    Field("ResourceName", "text"),
    Field("ResourceType", "text"),
    Field("ConsumedQuantity", "decimal"),
    Field("ConsumedUnit", "text"),
    Field("PricingQuantity", "decimal"),
    Field("PricingUnit", "text"),
    Field("Tags", "text"),
    Field("x_CostLine", "text"),
    Field("x_CostLevel", "text"),
    Field("x_Kind", "text"),
    Field("x_AllocationKey", "text"),
    Field("x_Source", "text"),
)
_AI = frozenset({"inference", "evaluation"})
_CATEGORIES = {"credit": "Credit", "tax": "Tax"}


def focus_rows(report: UnitCostReport, rows: Iterable[CostRow]) -> Iterator[tuple[Value, ...]]:
    """Yield the rows as FOCUS 1.2 charges of the organisation's own showback.

    BilledCost is 0: what was invoiced stands in the providers' own files, and would count twice. Without a known
    discount, ContractedCost and ListCost are the EffectiveCost. The billing period is the report's; times are UTC.
    """
    header = report.header
    calendar, owner = header.calendar, header.organisation or "Readout"
    period = (_instant(calendar, header.window.start), _instant(calendar, header.window.end))
    for row in rows:
        ai = row.line in _AI
        name = words.COLUMNS.get(row.column) or report.name_of(row.column)
        tags = {"system": row.column, "task_type": row.task_type}
        yield (
            Decimal(0),
            row.amount,
            row.amount,
            row.amount,
            header.currency,
            owner,
            owner,
            *period,
            _instant(calendar, row.first_day),
            _instant(calendar, row.last_day + timedelta(days=1)),
            _CATEGORIES.get(row.line, "Usage"),
            None,
            f"{name}: {words.LINES.get(row.line, row.line)}",
            "Usage-Based" if row.kind == "tasks" else "Recurring",
            "AI and Machine Learning" if ai else "Other",
            row.service or words.LINES.get(row.line, row.line),
            owner,
            owner,
            owner,
            row.column,
            name,
            "AI system",
            Decimal(row.tasks) if row.tasks else None,
            "Tasks" if row.tasks else None,
            None,
            None,
            json.dumps({key: value for key, value in tags.items() if value}, ensure_ascii=False, sort_keys=True),
            row.line,
            LINES.get(row.line, ""),
            row.kind,
            row.allocation_key,
            row.source,
        )


def _instant(calendar: Calendar, day: date) -> str:
    return calendar.start_of(day).isoformat(timespec="seconds") + "Z"
