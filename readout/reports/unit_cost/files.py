"""The unit-cost report as files: made, read again, compared, and only then put in their place."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from readout.briefs.book import Book
from readout.briefs.cost_rows import CostRow, cost_rows
from readout.briefs.results_report import UnitCostReport
from readout.finance.money import total_of
from readout.reports.document import pdf_bytes
from readout.reports.reread import MismatchError, check_workbook
from readout.reports.streams import Written, write_csv, write_parquet
from readout.reports.unit_cost import FileFormat
from readout.reports.unit_cost.checks_sheet import Check
from readout.reports.unit_cost.figures import column_key
from readout.reports.unit_cost.paper import paper
from readout.reports.unit_cost.tables import (
    FIGURE_FIELDS,
    FOCUS_FIELDS,
    ROW_FIELDS,
    data_rows,
    figure_rows,
    focus_rows,
)  # fmt: skip
from readout.reports.unit_cost.workbook import LaidOut, lay_out
from readout.reports.xlsx import workbook_bytes
from readout.words import report as words

HELD = 50_000  # rows of data that are held in memory; of more, one day's at a time
Tell = Callable[[float, str], None]
Rows = Callable[[], Iterable[CostRow]]


@dataclass(frozen=True)
class Made:
    """What was made: the files, and what stands in the manifest beside them."""

    format: FileFormat
    files: tuple[Written, ...]
    checks: tuple[Check, ...] = ()
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all files together."""
        return sum(one.rows for one in self.files)


def make(
    report: UnitCostReport,
    rows: Rows,
    kind: FileFormat,
    path: Path,
    made_at: datetime,
    tell: Tell = lambda _share, _text: None,
) -> Made:
    """Make the files of one format at a path and beside it.

    `rows` gives the rows behind the report anew each time it is called. Tables come with the rows (`PATH.data.csv`) and
    a manifest (`PATH.manifest.json`): rows, totals and SHA-256 of each file.

    Raises:
        MismatchError: what was made does not say what the report says; nothing is left at the path.
        OSError: the path cannot be written.
    """
    tell(0.1, "Putting the figures together")
    rows = held(rows)
    laid = lay_out(report, rows, made_at)
    if kind == "xlsx":
        files = (_workbook(report, laid, path, made_at, tell),)
    elif kind == "pdf":
        tell(0.6, "Setting the pages")
        files = (_written(path, pdf_bytes(paper(laid, made_at)), laid),)
    else:
        files = _tables(report, rows, laid, kind, path, tell)
    tell(1.0, "Done")
    made = Made(kind, files, laid.checks, manifest(report, laid, files, made_at))
    if kind not in {"xlsx", "pdf"}:
        beside(path, "manifest.json").write_text(
            json.dumps(made.manifest, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
    return made


def beside(path: Path, ending: str) -> Path:
    """Return the path of a companion: october.csv has october.manifest.json."""
    return path.with_name(f"{path.stem}.{ending}")


def _workbook(report: UnitCostReport, laid: LaidOut, path: Path, made_at: datetime, tell: Tell) -> Written:
    tell(0.4, "Writing the workbook")
    content = workbook_bytes(
        laid.book,
        title=f"{words.TITLE} {report.period}",
        made_at=made_at,
        cents=laid.layout.decimals,
        streamed=laid.rows > HELD,
    )
    tell(0.7, "Reading it again and comparing every cell")
    check_workbook(content, laid.book, {key: figure.value for key, figure in laid.layout.figures.items()})
    return _written(path, content, laid)


def _written(path: Path, content: bytes, laid: LaidOut) -> Written:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
    return Written(path.name, len(laid.layout.figures), {}, hashlib.sha256(content).hexdigest(), len(content))


def _tables(
    report: UnitCostReport, rows: Rows, laid: LaidOut, kind: FileFormat, path: Path, tell: Tell
) -> tuple[Written, ...]:
    if kind == "focus":
        tell(0.5, "Writing FOCUS rows")
        found = write_csv(path, FOCUS_FIELDS, focus_rows(report, rows()))
        _compare(path, found.totals["EffectiveCost"], _every_line(laid))
        return (found,)
    write = write_csv if kind == "csv" else write_parquet
    tell(0.5, "Writing the figures")
    figures = write(path, FIGURE_FIELDS, figure_rows(report, laid.layout.figures))
    tell(0.6, "Writing the rows behind them")
    data = beside(path, f"data.{kind}")
    found = write(data, ROW_FIELDS, data_rows(report, rows()))
    _compare(data, found.totals["amount"], _every_line(laid))
    return figures, found


def _every_line(laid: LaidOut) -> Decimal:
    """Return what every row together comes to: the cost net of credits, and what is shown beside."""
    report = laid.layout.report
    shown = total_of(amount for column in report.statement.columns for amount in column.amounts.values())
    return total_of([shown, *(row.amount for row in report.moved.rows)]) if report.moved else shown


def _compare(path: Path, written: Decimal, meant: Decimal) -> None:
    if written != meant:
        path.unlink(missing_ok=True)
        message = f"{path.name} adds up to {written}, the report to {meant}; it is not handed over"
        raise MismatchError(message)


def manifest(report: UnitCostReport, laid: LaidOut, files: Iterable[Written], made_at: datetime) -> dict[str, Any]:
    """Return what a reader of the files needs to know of them, as JSON."""
    header = report.header
    return {
        "report": "unit-cost",
        "organisation": header.organisation,
        "period": report.period,
        "first_day": header.window.start.isoformat(),
        "end_day_excluded": header.window.end.isoformat(),
        "status": report.status,
        "snapshot": report.snapshot or None,
        "basis": "effective_cost",
        "currency": header.currency or None,
        "as_of": header.as_of.isoformat(timespec="seconds") + "Z",
        "time_zone": header.time_zone,
        "systems": list(report.systems) or None,
        "data_version": header.data_version,
        "made_at": made_at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z",
        "checks": words.failing(sum(not check.passes for check in laid.checks)),
        "failing": [check.name for check in laid.checks if not check.passes],
        "files": [
            {
                "name": one.name,
                "rows": one.rows,
                "totals": {name: format(total, "f") for name, total in one.totals.items()},
                "sha256": one.sha256,
                "bytes": one.size,
            }
            for one in files
        ],
    }


def rows_of(book: Book, report: UnitCostReport) -> Rows:
    """Return the source of the rows behind a report: those of the systems that it shows."""
    carrying = frozenset(column.system_id for column in report.statement.systems())
    wanted = frozenset(column_key(column) for column in report.statement.columns)

    def read() -> Iterable[CostRow]:
        return (row for row in cost_rows(book, report.header.window, carrying) if row.column in wanted)

    return read


def held(rows: Rows, most: int = HELD) -> Rows:
    """Return a source of the same rows that reads them only once where they are few."""
    first = tuple(islice(rows(), most + 1))
    return rows if len(first) > most else lambda: first
