"""`readout metrics`."""

import sys
from typing import Annotated, Any

import typer

from readout import words
from readout.cli.frame import Json, app, day_of, portfolio_of, print_json, read_settings
from readout.periods import By

TABLE_COLUMNS = (
    "tasks_attempted", "throughput", "ai_share", "handling_seconds_mean", "latency_ms_p95", "accuracy",
    "escalation_rate", "cost_total", "cost_per_task",
)  # fmt: skip


@app.command()
def metrics(
    by: Annotated[By, typer.Option(help="Period of a row.")] = "week",
    system: Annotated[str | None, typer.Option(help="One system only.")] = None,
    task_type: Annotated[str | None, typer.Option(help="One task type only.")] = None,
    from_day: Annotated[str | None, typer.Option("--from", help="First local day, included.")] = None,
    to_day: Annotated[str | None, typer.Option("--to", help="Last local day, included.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Print the metrics per system and period, and for the portfolio (system null); null = not measurable."""
    from readout.briefs import metric_rows, open_book  # noqa: PLC0415
    from readout.warehouse.reader import open_warehouse  # noqa: PLC0415

    settings = read_settings()
    warehouse = open_warehouse(settings)
    try:
        book = open_book(warehouse, portfolio_of(settings), settings)
        rows = metric_rows(
            book,
            by,
            system=system,
            task_type=task_type,
            from_day=day_of(from_day, "--from"),
            to_day=day_of(to_day, "--to"),
        )
    finally:
        warehouse.close()
    if as_json:
        print_json(rows)
    else:
        _print_table(rows)
        calendar = book.calendar
        cut = [calendar.time_zone, words.weeks_start(calendar.week_start), words.fiscal_year(calendar)]
        sys.stderr.write(f"Days in {', '.join(part for part in cut if part)}.\n")


def _print_table(rows: list[dict[str, Any]]) -> None:
    """Print the rows as aligned text; an en dash stands for what is not measurable (`--json` has the reasons)."""
    head = ["system", "period", "type", *(words.label(name) for name in TABLE_COLUMNS)]
    cells = [
        [
            row["system"] or "portfolio",
            row["period"],
            row["period_type"],
            *(words.amount(name, row[name], row["currency"] or "") for name in TABLE_COLUMNS),
        ]
        for row in rows
    ]
    widths = [max(len(line[column]) for line in [head, *cells]) for column in range(len(head))]
    for line in [head, *cells]:
        padded = [
            text.ljust(width) if column < 3 else text.rjust(width)  # noqa: PLR2004 - three columns of words
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        sys.stdout.write("  ".join(padded).rstrip() + "\n")
