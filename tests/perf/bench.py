"""`make bench`: what the rollups save and what they cost, as ratios measured in one run.

    python -m tests.perf.bench [--tasks N] [--postgres] [--write]

Demo tasks are generated, loaded and refreshed by the product's own code into a temporary warehouse; `--postgres` does
the same on a private PostgreSQL. Medians of several runs. `--write` puts the table into docs/bench.md.
"""

import argparse
import contextlib
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import httpx
import psutil

from readout import briefs
from readout.briefs import Book, Scope, open_book
from readout.demo import generate
from readout.portfolio import Portfolio, read_portfolio
from readout.resources import shipped
from readout.settings import Settings
from readout.warehouse.init import initialise
from readout.warehouse.loading import load
from readout.warehouse.reader import open_warehouse
from readout.warehouse.refresh import refresh
from readout.warehouse.session import Session, open_session
from tests.perf.raw_pages import GROUPED_SCAN, RAW
from tests.perf.viewer import Viewer
from tests.postgres import PostgresServer, free_port

ROOT = Path(__file__).parents[2]
EXPORT_HEAD = "## A million rows as a file"
BRIEF_RUNS, RAW_RUNS, REFRESH_RUNS, RERUNS = 9, 3, 3, 30
DAY_TASKS = 2_000  # what arrives on one day for the incremental refresh
ADDRESSES = {
    "readout": "", "throughput": "throughput", "handling": "handling", "unit_cost": "unit_cost", "gates": "gates",
    "health": "health",
}  # fmt: skip
BRIEFS: dict[str, Callable[[Book, Scope], object]] = {
    "readout": briefs.readout_brief,
    "throughput": briefs.throughput_brief,
    "handling": briefs.handling_brief,
    "unit_cost": briefs.unit_cost_brief,
    "gates": briefs.gates_brief,
    "health": briefs.health_brief,
}


Answers = dict[str, Sequence[tuple]]  # statement -> its rows


@dataclass
class Table:
    """The rows of the answer: what, its seconds, against what, its seconds."""

    engine: str
    rows: list[tuple[str, float, str, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, what: str, seconds: float, against: str, reference: float) -> None:
        """Add a row and show it at once."""
        self.rows.append((what, seconds, against, reference))
        say(f"  {what}: {shown(seconds)} against {against}: {shown(reference)}")

    def text(self) -> str:
        """Return the rows as Markdown."""
        lines = [
            f"### {self.engine}",
            "",
            "| measured | median | against | median | ratio |",
            "|---|--:|---|--:|--:|",
        ]
        for what, seconds, against, reference in self.rows:
            lines.append(
                f"| {what} | {shown(seconds)} | {against} | {shown(reference)} | {ratio(seconds, reference)} |"
            )
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes)])


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def shown(seconds: float) -> str:
    """Return a duration with three digits."""
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1000:.3g} ms"


def ratio(seconds: float, reference: float) -> str:
    """Return how the two compare, the smaller of them as 1."""
    if not reference:
        return ""
    times = seconds / reference
    left, right = max(times, 1), max(1 / times, 1)
    return f"{left:.3g} : {right:.3g}"


def median(runs: int, work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Return the median seconds of the work; `before` runs ahead of each, outside the clock."""
    taken = []
    for _ in range(runs):
        before()
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def build(session: Session, settings: Settings, portfolio: Portfolio, tasks: int, folder: Path) -> float:
    """Generate, load and refresh the demo; return the seconds of the first refresh."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    files = generate(folder / "raw", yesterday, tasks=tasks)
    initialise(session, settings.contract_schema)
    for file in files:
        say(f"  loading {file.table}")
        load(session, settings, file.table, [file.path], source="bench")
    say("  first refresh")
    started = time.perf_counter()
    refresh(session, settings, portfolio)
    return time.perf_counter() - started


def pages(table: Table, session: Session, settings: Settings, portfolio: Portfolio) -> None:
    """Each page's brief from rollups against its figures from raw rows; the figures that both give must agree."""
    warehouse = open_warehouse(settings)
    try:
        scope = Scope()
        book = open_book(warehouse, portfolio, settings)
        answers: Answers = {}
        for page, brief in BRIEFS.items():

            def from_rollups(page: str = page, brief: Callable[[Book, Scope], object] = brief) -> None:
                # health reads the coverage with the reference data; the others find that in the cache of the version
                brief(open_book(warehouse, portfolio, settings) if page == "health" else book, scope)

            from_rollups()
            rolled = median(BRIEF_RUNS, from_rollups, forget_gates)
            raw = median(RAW_RUNS, lambda page=page: answers.update(from_raw(session, book, scope, page)))
            table.add(f"page *{page}*, brief from rollups", rolled, "same figures from raw rows", raw)
            if page == "readout":
                kept = median(BRIEF_RUNS, from_rollups)
                table.add(
                    "page *readout*, gates kept, as when a filter changes",
                    kept,
                    "same figures from raw rows",
                    raw,
                )
        table.notes.append(agreement(book, scope, answers))
    finally:
        warehouse.close()


def from_raw(session: Session, book: Book, scope: Scope, page: str) -> Answers:
    """Ask for the figures of a page straight from the raw rows, over the windows that the page shows."""
    chosen, earlier = book.windows(scope)
    assert earlier is not None
    bounds = {
        "lo": book.calendar.start_of(earlier.start),
        "mid": book.calendar.start_of(chosen.start),
        "hi": book.calendar.start_of(chosen.end),
    }
    return {
        statement: session.rows(statement, {name: at for name, at in bounds.items() if f":{name}" in statement})
        for statement in RAW[page]
    }


def forget_gates() -> None:
    """Forget the gates that are kept per data version: every brief is timed as the first reader meets it."""
    briefs.gate_readings._readings_of_version.cache_clear()


def agreement(book: Book, scope: Scope, answers: Answers) -> str:
    """Compare what both ways give for the shown window; AssertionError where they differ."""
    from tests.perf.raw_pages import COSTS, HANDLINGS, VOLUMES  # noqa: PLC0415

    volume = [row for row in answers[VOLUMES] if row[0] == "now"]
    completed, ai, _autonomous, accepted = (sum(row[at] for row in volume) for at in (4, 5, 6, 7))
    found = {figure.metric: figure.value for figure in briefs.throughput_brief(book, scope).figures}
    assert (found["throughput"], found["ai_throughput"], found["accepted_tasks"]) == (completed, ai, accepted)
    handled = [row for row in answers[HANDLINGS] if row[0] == "now"]
    mean = sum(float(row[11] or 0) for row in handled) / sum(row[10] for row in handled)
    shown_mean = briefs.handling_brief(book, scope).figures[0].value
    assert shown_mean is not None
    assert abs(float(shown_mean) - mean) < 1e-6 * mean, (shown_mean, mean)
    cost = sum(float(row[11] or 0) for row in answers[COSTS] if row[0] == "now")
    [total] = [
        row.total for row in briefs.unit_cost_brief(book, scope).rows if row.kind == "all" and row.level == "inference"
    ]
    difference = float(total or 0) / cost - 1
    return (
        f"Both ways agree: {completed:,} completed, {ai:,} by AI, {accepted:,} accepted, handling {mean:.1f} s on "
        f"average. The raw SQL leaves out what tasks cost that never completed; its total differs by {difference:.2%}."
    )


def refreshes(table: Table, session: Session, settings: Settings, portfolio: Portfolio, folder: Path) -> None:
    """Full refresh against one grouped scan; incremental refresh of one day against full."""
    scan = median(RAW_RUNS, lambda: session.rows(GROUPED_SCAN))
    full = median(REFRESH_RUNS, lambda: refresh(session, settings, portfolio, full=True))
    table.add("refresh, full rebuild", full, "one plain grouped scan of tasks", scan)
    day = datetime.now(UTC).date() - timedelta(days=4)
    taken, days = [], set()
    for run in range(REFRESH_RUNS):
        file = folder / f"day-{run}.csv"
        lines = [
            f"routing-engine,bench-{run}-{number},{day}T09:{number % 50:02}:00Z,{day}T10:{number % 60:02}:00Z,"
            "completed,ai_auto,resolved,250"
            for number in range(DAY_TASKS)
        ]
        head = "system_id,task_id,created_at,completed_at,status,arm,outcome,latency_ms"
        file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        load(session, settings, "tasks", [file], source="bench")
        started = time.perf_counter()
        result = refresh(session, settings, portfolio)
        taken.append(time.perf_counter() - started)
        assert not result.full
        days.add(result.days)
    table.add("refresh, after one day's rows arrived", statistics.median(taken), "full rebuild", full)
    table.notes.append(
        f"The incremental refresh rebuilt {' or '.join(map(str, sorted(days)))} days each time, for {DAY_TASKS:,} new "
        "tasks of one day."
    )


@contextlib.contextmanager
def served(settings: Settings, folder: Path) -> Iterator[str]:
    """Serve the warehouse as `readout serve` does; give its address once it has warmed up."""
    port = free_port()
    environment = {
        **os.environ,
        "READOUT_WAREHOUSE_URL": settings.url,
        "READOUT_PORTFOLIO": str(settings.portfolio),
        "PYTHONPATH": str(ROOT),
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "readout.cli", "serve", "--port", str(port)],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 90
        while True:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{url}/readyz", timeout=30)  # 200 or 503 for old data: either way it has read the warehouse
                break
            assert process.poll() is None, (folder / "server.log").read_text()
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        time.sleep(3)  # the warm-up and its freeze run beside the first answers
        yield url
    finally:
        process.terminate()
        process.wait(20)


def reruns(table: Table, settings: Settings, folder: Path) -> None:
    """Rerun of each page for one viewer over the websocket, against its brief computed anew."""
    with served(settings, folder) as url, Viewer(url) as viewer:
        reference = {row[0].split("*")[1]: row[1] for row in table.rows if row[0].endswith("from rollups")}
        for page, address in ADDRESSES.items():
            viewer.open(address)
            assert "readout-ready" in viewer.text, f"page {page} was not drawn"
            viewer.rerun()
            taken = statistics.median(viewer.rerun() for _ in range(RERUNS))
            table.add(f"rerun of *{page}* over the websocket, p50", taken, "its brief, not cached", reference[page])
    table.notes.append(
        f"A rerun is one click of one viewer: the script runs to its end on the server ({RERUNS} runs); figures come "
        "from the page cache, as they do until the data version or a filter changes. No browser is in it."
    )


def measure(engine: str, url: str, tasks: int, folder: Path) -> Table:
    """Build a warehouse and measure everything on it."""
    portfolio_folder = shipped("data") / "portfolio"
    settings = Settings(warehouse_url=url, portfolio=portfolio_folder, query_timeout_seconds=600)
    portfolio = read_portfolio(portfolio_folder)
    table = Table(engine)
    say(f"{engine}: building {tasks:,} tasks")
    with open_session(settings, create=True) as session:
        first = build(session, settings, portfolio, tasks, folder)
        counts = {
            name: session.rows(f"SELECT COUNT(*) FROM telemetry.{name}")[0][0]
            for name in ("tasks", "model_calls", "verdicts", "human_work")
        }
        pages(table, session, settings, portfolio)
        refreshes(table, session, settings, portfolio, folder)
    table.notes.insert(0, "Rows: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()) + ".")
    table.notes.insert(1, f"First refresh of the empty rollups: {shown(first)}.")
    reruns(table, settings, folder)
    return table


def machine() -> str:
    """Return what this ran on."""
    model = platform.machine()
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    memory = psutil.virtual_memory().total / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB; {platform.system()}, Python {platform.python_version()}"


def others() -> str:
    """Return how much else runs here: at more than a few tenths the figures wait for others and spread."""
    return f"{os.getloadavg()[0]:.1f} processes waiting or running, in the minute before"


def commit() -> str:
    """Return the commit that was measured, and whether files had changed since."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    changed = [line for line in git("status", "--porcelain").splitlines() if not line.endswith("docs/bench.md")]
    return git("rev-parse", "--short", "HEAD") + (f" with {len(changed)} changed files" if changed else "")


HEAD = """# Bench

The last result of `make bench` that was kept (`python -m tests.perf.bench --write`). Medians of {brief_runs} (briefs),
{raw_runs} (raw) and {refresh_runs} (refresh) runs.

| | |
|---|---|
| date | {date:%Y-%m-%d %H:%M} UTC |
| commit | {commit} |
| machine | {machine} |
| libraries | {libraries} |
| load of the machine before | {load} |
| tasks generated | {tasks:,} |
| the whole run | {minutes:.1f} min |

*From rollups* is the whole brief: queries, evaluation, findings, and the gates where the page shows them; the reference
data of the data version is read beforehand, except for *health*. *From raw rows* is SQL only
(`tests/perf/raw_pages.py`): it fetches the sums and exact percentiles of volumes, handling time, latency, accuracy and
the cost of calls and people from the facts and evaluates nothing; signals, charges, budgets and gates, which the briefs
have too, are not in it. So the ratio is on the careful side.

"""


def report(tables: Sequence[Table], measured: tuple[str, str], tasks: int, took: float) -> str:
    """Return docs/bench.md."""
    head = HEAD.format(
        brief_runs=BRIEF_RUNS,
        raw_runs=RAW_RUNS,
        refresh_runs=REFRESH_RUNS,
        date=datetime.now(UTC),
        commit=measured[0],
        load=measured[1],
        machine=machine(),
        libraries=", ".join(f"{name} {version(name)}" for name in ("duckdb", "streamlit", "pandas")),
        tasks=tasks,
        minutes=took / 60,
    )
    return head + "\n".join(f"{table.text()}\n" for table in tables)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=1_000_000, help="tasks to generate (default: 1,000,000)")
    parser.add_argument("--postgres", action="store_true", help="measure on a private PostgreSQL as well")
    parser.add_argument("--write", action="store_true", help="write docs/bench.md")
    arguments = parser.parse_args()
    started, measured = time.monotonic(), (commit(), others())
    tables = []
    with tempfile.TemporaryDirectory(prefix="readout-bench-") as name:
        folder = Path(name)
        tables.append(measure("DuckDB", f"duckdb:///{folder / 'bench.duckdb'}", arguments.tasks, folder))
    if arguments.postgres:
        scratch = tempfile.TemporaryDirectory(prefix="readout-bench-")
        with scratch as name, PostgresServer() as server, server.database() as url:
            tables.append(measure("PostgreSQL", url, arguments.tasks, Path(name)))
    text = report(tables, measured, arguments.tasks, time.monotonic() - started)
    sys.stdout.write(text)
    if arguments.write:
        page = ROOT / "docs" / "bench.md"
        export = page.read_text("utf-8").partition(f"\n{EXPORT_HEAD}\n")[1:]  # measured by tests/perf/export.py
        page.write_text(text + "".join(export), encoding="utf-8")


if __name__ == "__main__":
    main()
