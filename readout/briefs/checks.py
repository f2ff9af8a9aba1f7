"""The checks of the contract, line by line: what was counted in the facts, and what the rollups say, judged per system.

A check that has nothing to look at is not a passed one: it is *not checked*, and says what is missing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pandas as pd

from readout import findings, words
from readout.briefs.book import Book
from readout.briefs.measures import Measures, Wanted, load_measures
from readout.briefs.results import CheckLine, ChecksBrief, CheckState, Scope
from readout.briefs.systems import stage_of
from readout.finance import invoice_tolerance
from readout.periods import Window
from readout.stats import wilson_interval

WEEKS = 12
LOAD_MARGIN = 0.05  # of the work: so far from its entitlement a system may run for a week
MOST_UNPRICED = 0.05  # of the AI's tasks
CENT = Decimal("0.01")
AI_TASKS_THAT_NEED_A_VERDICT = 20  # a week with fewer of them may go unjudged
HOUR = timedelta(hours=1)
ORDER: tuple[CheckState, ...] = ("fail", "repaired", "not_checked", "pass")


@dataclass(frozen=True)
class _Seen:
    """What all checks read."""

    book: Book
    counts: dict[tuple[str, str, str], tuple[int, str]]  # table, system, name -> count, example
    measures: Measures
    weeks: tuple[object, ...]
    loads: pd.DataFrame
    invoiced: pd.DataFrame

    def count(self, table: str, system: str, name: str) -> tuple[int, str]:
        return self.counts.get((table, system, name), (0, ""))


def checks_brief(book: Book, scope: Scope) -> ChecksBrief:
    """Return every check of the chosen systems as of the last refresh, failures first. No period touches it."""
    header = book.header(scope)
    this_week = book.calendar.week_of(book.calendar.day_of(book.as_of))
    window = Window(this_week - timedelta(weeks=WEEKS), this_week)
    with book.warehouse.snapshot() as snapshot:
        counts = snapshot.query("read/fact_counts")
        seen = _Seen(
            book,
            {
                (row["table_name"], row["system_id"], row["name"]): (int(row["n"]), row["example"])
                for row in counts.to_dict("records")
            },
            load_measures(snapshot, book, book.systems, window, None, wanted=Wanted(percentiles=False)),
            tuple(book.calendar.buckets(window, "week")),
            snapshot.query("read/loads"),
            snapshot.query("read/invoiced"),
        )
    lines = [line for system in book.chosen_systems(scope) for line in _of_system(seen, system)]
    lines += _of_sources(seen)
    named = [replace(line, name=book.name_of(line.system_id) if line.system_id else "") for line in lines]
    ordered = sorted(named, key=lambda line: (ORDER.index(line.state), words.CHECKS[line.check].place, line.name))
    by_state: dict[str, int] = {state: sum(line.state == state for line in ordered) for state in ORDER}
    return ChecksBrief(header, findings.of_checks(by_state), tuple(ordered), by_state)


def _of_system(seen: _Seen, system: str) -> Iterator[CheckLine]:
    if not seen.count("tasks", system, "total")[0]:
        return
    yield from _counted(seen, system)
    yield _verdicts(seen, system)
    yield _free(seen, system)
    yield _load_share(seen, system)
    yield _invoices(seen, system)
    yield _freshness(seen, system)
    yield _priced(seen, system)
    yield _currencies(seen, system)
    yield _releases(seen, system)


# check -> the counts that it adds up: (table, name of the count)
COUNTED = {
    "unique_keys": (("tasks", "repeated"), ("model_calls", "repeated")),
    "completed_after_created": (("tasks", "completed_early"),),
    "no_negative_duration": (("tasks", "negative"), ("model_calls", "negative"), ("human_work", "negative")),
    "sampling_prob": (("verdicts", "improbable"),),
    "orphans": (("verdicts", "orphan"), ("human_work", "orphan"), ("model_calls", "orphan"), ("shadows", "orphan")),
    "clock_skew": (("tasks", "skewed"), ("model_calls", "skewed"), ("verdicts", "skewed"), ("human_work", "skewed")),
}


def _counted(seen: _Seen, system: str) -> Iterator[CheckLine]:
    for check, parts in COUNTED.items():
        found = [(table, *seen.count(table, system, name)) for table, name in parts]
        total = sum(seen.count(table, system, "total")[0] for table, _ in parts)
        bad = sum(count for _, count, _ in found)
        evidence = tuple((table, example) for table, count, example in found if count and example)
        state: CheckState = "fail" if bad else ("pass" if total else "not_checked")
        yield CheckLine(check, system, state, bad, total, evidence=evidence)


def _verdicts(seen: _Seen, system: str) -> CheckLine:
    """Every closed week in which the AI completed work needs a verdict that can tell."""
    judged: dict[object, int] = {}
    for row in seen.measures.verdict_rows:
        if row["system_id"] == system:
            judged[row["bucket"]] = judged.get(row["bucket"], 0) + int(row["n"])
    worked = [
        week
        for week in seen.weeks
        if seen.measures.cell(bucket=week, system=system).sums.get("completed_ai", 0) >= AI_TASKS_THAT_NEED_A_VERDICT
    ]
    silent = [week for week in worked if not judged.get(week)]
    evidence = tuple(("week", str(week)) for week in silent)
    state: CheckState = "fail" if silent else ("pass" if worked else "not_checked")
    return CheckLine("verdicts_every_week", system, state, len(silent), len(worked), evidence=evidence)


def _free(seen: _Seen, system: str) -> CheckLine:
    free, example = seen.count("model_calls", system, "free")
    total = seen.count("model_calls", system, "total")[0]
    state: CheckState = "repaired" if free else ("pass" if total else "not_checked")
    evidence = (("model_calls", example),) if free else ()
    return CheckLine("zero_cost_is_unknown", system, state, free, total, evidence=evidence)


def _load_share(seen: _Seen, system: str) -> CheckLine:
    """The last closed week's share on AI against the load share of the stage in force."""
    planned = stage_of(seen.book, system)[1]
    last = seen.weeks[-1]
    sums = seen.measures.cell(bucket=last, system=system).sums
    done = int(sums.get("completed", 0))
    if planned is None or not done:
        return CheckLine("load_share", system, "not_checked", 0, done)
    share = float(sums["completed_ai"]) / done
    lower, upper = wilson_interval(int(sums["completed_ai"]), done)  # a small week may be off by chance
    off = (lower or 0.0) > planned + LOAD_MARGIN or (upper or 1.0) < planned - LOAD_MARGIN
    state: CheckState = "fail" if off else "pass"
    return CheckLine("load_share", system, state, int(state == "fail"), 1, value=share, wanted=planned)


def _invoices(seen: _Seen, system: str) -> CheckLine:
    """Per invoiced month, what the calls add up to against what was invoiced, within the tolerance of rounding."""
    rows = seen.invoiced[seen.invoiced["system_id"] == system]
    off, largest = [], Decimal(0)
    for row in rows.to_dict("records"):
        difference = abs(row["called"] - row["billed"])
        if difference > invoice_tolerance(int(row["calls"]), CENT):
            off.append(str(row["month_start"])[:7])
            largest = max(largest, difference)
    state: CheckState = "fail" if off else ("pass" if len(rows) else "not_checked")
    evidence = tuple(("month", month) for month in off)
    return CheckLine(
        "cost_against_invoice", system, state, len(off), len(rows), value=float(largest), evidence=evidence
    )


def _freshness(seen: _Seen, system: str) -> CheckLine:
    """How long before as-of the system's last task arrived, against the promise and its own usual pauses."""
    arrival = seen.book.arrivals.get(system)
    if arrival is None:
        return CheckLine("freshness", system, "not_checked", 0, 0)
    late = arrival.late(seen.book.as_of)
    age = arrival.age_hours(seen.book.as_of)
    return CheckLine(
        "freshness", system, "fail" if late else "pass", int(late), 1, value=age, wanted=arrival.allowed_hours
    )


def _priced(seen: _Seen, system: str) -> CheckLine:
    sums = seen.measures.cell(system=system).sums
    settled = int(sums.get("settled_ai", 0))
    known = int(sums.get("cost_known_ai", 0))
    if not settled:
        return CheckLine("tasks_priced", system, "not_checked", 0, 0)
    state: CheckState = "fail" if settled - known > MOST_UNPRICED * settled else "pass"
    return CheckLine("tasks_priced", system, state, settled - known, settled, value=known / settled)


def _currencies(seen: _Seen, system: str) -> CheckLine:
    number = max(seen.count(table, system, "currencies")[0] for table in ("tasks", "model_calls"))
    state: CheckState = "fail" if number > 1 else ("pass" if number else "not_checked")
    return CheckLine("mixed_currencies", system, state, number if number > 1 else 0, number)


def _releases(seen: _Seen, system: str) -> CheckLine:
    bad, release = seen.count("tasks", system, "unrecorded_release")
    recorded = seen.count("tasks", system, "recording")[0]
    state: CheckState = "fail" if bad else ("pass" if recorded else "not_checked")
    evidence = (("releases", release),) if bad else ()
    return CheckLine("release_recorded", system, state, bad, seen.count("tasks", system, "total")[0], evidence=evidence)


def _of_sources(seen: _Seen) -> Iterable[CheckLine]:
    """Yield the checks of the sources: what was delivered twice, and what is older than its promise."""
    loads = seen.loads
    if loads.empty:
        return
    twice = int(loads["duplicates"].sum())
    read = int(loads["rows_read"].sum())
    yield CheckLine("duplicate_ids", "", "repaired" if twice else "pass", twice, read)
    promise = seen.book.portfolio.organisation.freshness_hours
    now = datetime.now(UTC).replace(tzinfo=None)
    last = loads.groupby("source")["loaded_at"].max()
    ages = {str(source): (now - pd.Timestamp(at).to_pydatetime()) / HOUR for source, at in last.items()}
    late = {source: age for source, age in ages.items() if age > promise}
    evidence = tuple(("source", source) for source in sorted(late))
    state: CheckState = "fail" if late else "pass"
    worst = max(ages.values())
    yield CheckLine("sources_fresh", "", state, len(late), len(ages), value=worst, wanted=promise, evidence=evidence)
