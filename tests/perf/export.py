"""`make bench-export`: what a million rows of data cost in memory, as CSV and as Parquet.

    python -m tests.perf.export [--rows N] [--write]

The demo's last whole month is reported; each of its rows is given as so many that it comes to N rows, whose amounts add
up to its amount exactly. Each format is made in a process of its own, whose largest resident memory is printed with the
rows that the finished file holds. `--write` puts the table into docs/bench.md.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from readout.briefs import open_book
from readout.briefs.cost_rows import CostRow
from readout.briefs.unit_cost_report import unit_cost_report
from readout.finance.accrual import FINEST
from readout.finance.money import EXACT
from readout.periods.reported import reported_period
from readout.portfolio import read_portfolio
from readout.reports.unit_cost import FileFormat
from readout.reports.unit_cost.files import make, rows_of
from readout.settings import Settings
from readout.warehouse.reader import open_warehouse
from tests.perf.bench import EXPORT_HEAD, commit, machine

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "bench.md"
MOST = 512  # MiB


def main() -> None:
    """Build a small demo, make both formats in processes of their own, print what they took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--make", choices=("csv", "parquet"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.make:
        one_format(given.make, given.folder, given.rows)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo(folder)
        lines = [measured(kind, folder, given.rows) for kind in ("csv", "parquet")]
    table = "\n".join(
        ["| format | rows in the file | bytes | seconds | most memory |", "|---|--:|--:|--:|--:|", *lines]
    )
    sys.stdout.write(f"{table}\n")
    if given.write:
        with_section(table)


def demo(folder: Path) -> None:
    """Build a demo of twenty weeks beside an own portfolio."""
    command = [sys.executable, "-m", "readout.cli", "demo", "--tasks", "20000", "--weeks", "20"]
    subprocess.run(command, env=environment(folder), check=True, cwd=folder)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a process that reads this warehouse."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "READOUT_WAREHOUSE_URL": f"duckdb:///{folder / 'demo.duckdb'}"}


def measured(kind: str, folder: Path, rows: int) -> str:
    """Return a line of the table: what one format took, in a process that makes nothing else."""
    command = [sys.executable, "-m", "tests.perf.export", "--make", kind, "--folder", str(folder), "--rows", str(rows)]
    done = subprocess.run(command, env=environment(folder), check=True, capture_output=True, text=True)
    return done.stdout.strip()


def one_format(kind: FileFormat, folder: Path, wanted: int) -> None:
    """Make one format, read it again, and print its line of the table."""
    settings = Settings()
    with closing(open_warehouse(settings)) as warehouse:
        book = open_book(warehouse, read_portfolio(settings.portfolio_folder), settings)
        this_month = book.calendar.day_of(book.as_of).replace(day=1)
        period = f"{this_month - timedelta(days=1):%Y-%m}"
        window, grain = reported_period(period, book.calendar)
        report = unit_cost_report(book, period, window, grain)
        source = rows_of(book, report)
        copies = -(-wanted // sum(1 for _ in source()))
        begun = time.monotonic()
        made = make(report, lambda: divided(source(), copies), kind, folder / f"export.{kind}", datetime.now(UTC))
        seconds = time.monotonic() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    data = made.files[-1]
    held = rows_in(folder / data.name, kind)
    if held != data.rows or most > MOST:
        message = f"{kind}: {held:,} rows in the file, {data.rows:,} written, {most:.0f} MiB of at most {MOST}"
        raise SystemExit(message)
    sys.stdout.write(f"| {kind} | {held:,} | {data.size:,} | {seconds:.0f} s | {most:.0f} MiB |\n")


def divided(rows: Iterable[CostRow], copies: int) -> Iterator[CostRow]:
    """Yield each row as so many, whose amounts and tasks add up to its own exactly."""
    for row in rows:
        part = (row.amount / copies).quantize(FINEST)
        rest = EXACT.subtract(row.amount, EXACT.multiply(part, Decimal(copies - 1)))
        yield replace(row, amount=rest)
        for _ in range(copies - 1):
            yield replace(row, amount=part, tasks=0)


def rows_in(path: Path, kind: str) -> int:
    """Return the rows that a finished file holds, read anew."""
    if kind == "parquet":
        return int(pq.read_metadata(path).num_rows)
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def with_section(table: str) -> None:
    """Put the table into docs/bench.md, in place of the one before."""
    head = PAGE.read_text("utf-8").split(f"\n{EXPORT_HEAD}\n", 1)[0].rstrip()
    said = f"`make bench-export`, {datetime.now(UTC):%Y-%m-%d}, commit {commit()}, {machine()}."
    PAGE.write_text(f"{head}\n\n{EXPORT_HEAD}\n\n{said} At most {MOST} MiB may be taken.\n\n{table}\n", "utf-8")


if __name__ == "__main__":
    main()
