"""Tables that leave as files: the same brief as the page, with period, currency, as-of and control total."""

import csv
from collections.abc import Collection, Iterable
from decimal import Decimal
from io import StringIO
from typing import Any

from readout import words
from readout.briefs.results import Header, UnitCostBrief
from readout.words import locales, unit_costs


def unit_cost_csv(brief: UnitCostBrief) -> str:
    """Return the unit-cost table as RFC 4180 text: a header block, one line per system and level, the control total.

    Rows of kind `idle` and `unallocated` are what no system bears; `all` is a figure of its own, of the systems that
    carry load. The control total is the sum of the other rows' totals at its level.

    Amounts are exact decimals, not the screen's rounding; an unknown amount is empty, its reason in the last column.
    """
    header = brief.header
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    write_manifest(
        writer,
        "Unit cost",
        header,
        (("control total", exact(brief.control_total)), ("control total of level", brief.control_level)),
        unit_costs.METRICS,
    )
    writer.writerow(
        [
            "system_id", "system", "kind", "level", "currency", "total", "not_invoiced_yet", "per_attempted",
            "per_completed", "per_accepted",
            "per_accepted_without_people", "cost_coverage", "per_accepted_before", "baseline_unit_cost", "reason",
        ]
    )  # fmt: skip
    for row in brief.rows:
        writer.writerow(
            [
                row.system_id or f"({row.kind})",
                row.name,
                row.kind,
                row.level,
                header.currency,
                exact(row.total),
                exact(row.estimated if row.total is not None else None),
                *(
                    exact(amount)
                    for amount in (
                        row.per_attempted, row.per_completed, row.per_accepted, row.per_accepted_unaided
                    )
                ),
                "" if row.coverage is None else repr(row.coverage),
                exact(row.before_per_accepted),
                exact(row.baseline),
                row.reason,
            ]
        )  # fmt: skip
    return out.getvalue()


def write_manifest(
    writer: Any,
    report: str,
    header: Header,
    totals: Iterable[tuple[str, str]],
    metrics: Collection[str] = (),
    **said: str,
) -> None:
    """Write what stands over the table of a file: what it is, of when, in which currency, and its control totals.

    Of each of the `metrics` in it: the definition, what is left out, and the queries, as the pages say them.
    """
    with locales.free():
        for name, value in (
            ("report", report),
            ("organisation", header.organisation),
            (
                "period",
                said.get("period", f"{header.window.start.isoformat()}/{header.window.end.isoformat()} (end excluded)"),
            ),
            ("compared with", said.get("compared", words.days(header.before) if header.before else "nothing")),
            ("time zone", header.time_zone),
            ("week starts on", header.week_start.capitalize()),
            ("fiscal year", words.fiscal_year(header.calendar) or "calendar year"),
            ("currency", said.get("currency", header.currency)),
            ("as of", header.as_of.isoformat(timespec="seconds") + "Z"),
            ("data version", header.data_version),
            ("systems", " ".join(header.scope.systems) or "all"),
            ("task type", header.scope.task_type or "all"),
            *totals,
            *(words.described(metrics) if metrics else ()),
        ):
            writer.writerow([name, value])
    writer.writerow([])


def exact(amount: Decimal | None) -> str:
    """Return an exact decimal without an exponent, '' where there is none."""
    return "" if amount is None else format(amount, "f")
