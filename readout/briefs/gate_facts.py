"""What gates are decided on, read from the rollups once per grain and served per gate, bucket and release."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from statistics import NormalDist
from typing import Any

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.measures import JUDGES, OPEN_REASONS, accuracy_of
from readout.briefs.reduction import mix_adjusted, strata
from readout.gates.facts import Observed
from readout.gates.policy import MICROSECONDS as UNITS
from readout.gates.policy import PERCENTILES, Gate, GateMetric, line_us, measured_histogram
from readout.gates.releases import Release
from readout.gates.rules import ArmComparison, Comparison, leaves
from readout.periods import Window
from readout.warehouse import catalog
from readout.warehouse.reader import Snapshot

QUERY = "read/gate_facts"
COUNTED = frozenset(
    {"escalation_rate", "escalation_wrong", "fallback_rate", "failure_rate", "reopen_rate", "autonomy_share"}
)
RATIOS = frozenset({"cost_per_task", "cost_per_accepted_task", "with_people_cost_per_accepted_task"})
JUDGED = {"accuracy": "correct", "resolution_accuracy": "resolved"}  # a gate's name -> the verdict's metric
VERDICTS = frozenset({"correct", "resolved", "agreement", "ai_right"})
REDUCTIONS = frozenset({"handling_time_reduction", "handling_reduction"})
MILLION = 1e6  # daily costs come in millionths of the currency, so that their sums are exact
LEAST_COVERAGE = 0.95  # of the tasks whose cost has to be known before a cost may decide
STEP_ERROR = 0.01  # of a step of the histogram
Z95 = NormalDist().inv_cdf(0.975)  # half a two-sided 95 % interval in standard errors


Row = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """The rows of one grain, by system and bucket."""

    rows: Mapping[tuple[str, date], Sequence[Row]]
    query_sha256: str

    def of(self, system: str, bucket: date) -> Sequence[Row]:
        """Return every row of one system's bucket."""
        return self.rows.get((system, bucket), ())


def load_facts(
    snapshot: Snapshot, gates: Iterable[Gate], span: Window, grain: str, *, histograms: Iterable[str] = ()
) -> Facts:
    """Read the facts of all systems that have a gate, over local days, per week or per day.

    `histograms`: further `system/duration` whose histogram is wanted; a rule that compares arms has its own anyway.
    """
    gates = tuple(gates)
    frame = snapshot.query(
        QUERY,
        grain=grain,
        from_day=span.start,
        to_day=span.end,
        systems=sorted({gate.system for gate in gates}),
        compared=sorted({*_compared(gates), *histograms}),
    )
    found: dict[tuple[str, date], list[Row]] = {}
    names = list(frame.columns)
    for values in zip(*(frame[name].tolist() for name in names), strict=True):  # twice as fast as to_dict
        row = dict(zip(names, values, strict=True))
        found.setdefault((row["system_id"], row["bucket"]), []).append(row)
    return Facts(found, hashlib.sha256(catalog.load(QUERY).sql.encode()).hexdigest())


def _compared(gates: Iterable[Gate]) -> Iterable[str]:
    for gate in gates:
        for metric in gate.metrics:
            rules = [leaf for rule in metric.rules.values() for leaf in leaves(rule)]
            if any(isinstance(rule, ArmComparison) for rule in rules) and (name := measured_histogram(metric.name)):
                yield f"{gate.system}/{name}"


def uncounted_lines(facts: Facts, gate: Gate) -> tuple[tuple[GateMetric, Decimal], ...]:
    """Return the lines of a gate on durations that no refresh has counted, since no registered gate names them."""
    counted = {(row["metric"], row["line_us"]) for rows in facts.rows.values() for row in rows if row["part"] == "line"}
    return tuple(
        (metric, line)
        for metric, line in gate.duration_lines()
        if (measured_histogram(metric.name), line_us(line, metric.unit)) not in counted
    )


def with_lines(facts: Facts, lines: Iterable[tuple[GateMetric, Decimal]]) -> Facts:
    """Return facts with lines counted from the histogram: of each step only what surely lies under the line.

    A step holds durations up to its value / 0.99, so at most 1 % of a line's width is left out.
    """
    wanted = {
        (measured_histogram(metric.name), found)
        for metric, line in lines
        if (found := line_us(line, metric.unit)) is not None
    }
    return replace(facts, rows={key: [*rows, *_counted(rows, wanted)] for key, rows in facts.rows.items()})


def _counted(rows: Sequence[Row], lines: Iterable[tuple[str | None, int]]) -> Iterable[Row]:
    steps: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        if row["part"] == "histogram":
            steps.setdefault((row["arm"], release_of(row), row["metric"]), []).append(row)
    for own in steps.values():
        for metric, line in lines:
            if own[0]["metric"] == metric:
                under = sum(int(row["n"]) for row in own if row["p50_us"] / (1 - STEP_ERROR) < line)
                n = sum(int(row["n"]) for row in own)
                yield {**own[0], "part": "line", "line_us": line, "n": n, "good": under, "at_line": 0}


def release_of(row: Row) -> Release:
    """Return what a row's tasks ran on."""
    at = row["major_at"]
    return Release(at.to_pydatetime() if isinstance(at, pd.Timestamp) else None, row["stray"])


def tasks_by_release(rows: Iterable[Row], arm: str) -> dict[Release, int]:
    """Return how many tasks of an arm were completed on each release."""
    found: dict[Release, int] = {}
    for row in rows:
        if row["part"] == "count" and row["metric"] == "accepted_share" and row["arm"] == arm and row["n"]:
            release = release_of(row)
            found[release] = found.get(release, 0) + int(row["n"])
    return found


@dataclass(frozen=True)
class Bucket:
    """One system's bucket, limited to the release that counts in it."""

    rows: Sequence[Row]

    def counts(self, name: str, arm: str) -> tuple[int, int]:
        """Return (good, n) of a counted share."""
        own = [row for row in self._part("count", arm) if row["metric"] == name]
        return sum(int(row["good"]) for row in own), sum(int(row["n"]) for row in own)

    def completed(self, arm: str) -> int:
        """Return the tasks of an arm that were completed."""
        return self.counts("accepted_share", arm)[1]

    def mix(self, arm: str) -> dict[str, int]:
        """Return the completed tasks of an arm by task type."""
        found: dict[str, int] = {}
        for row in self._part("time", arm):
            if row["metric"] == "handling" and row["good"]:
                found[row["task_type"]] = found.get(row["task_type"], 0) + int(row["good"])
        return found

    def coverage(self, arm: str, judge: str | None) -> tuple[int, int]:
        """Return how many planned reviews have a judgement, and how many are planned."""
        due = self.counts("review_due", arm)[0]
        judged: dict[str, int] = {}
        for row in self._part("verdict", arm):
            if row["review_reason"] in OPEN_REASONS and row["metric"] == "correct":
                judged[row["judge"]] = judged.get(row["judge"], 0) + int(row["at_line"])
        chosen = judge or next((one for one in JUDGES if judged.get(one)), "")
        return min(judged.get(chosen, 0), due), due

    def observed(self, book: Book, gate: Gate, metric: GateMetric, span: Window) -> Observed:
        """Return one metric of the bucket as the gate engine reads it; nothing measurable is `Observed()`."""
        arm = gate.arm_of(metric)
        if metric.name in COUNTED:
            good, n = self.counts(metric.name, arm)
            return Observed(n=n, successes=good) if n else Observed()
        if metric.name == "ai_share":
            ai, human = self.completed("ai"), self.completed("human")
            return Observed(n=ai + human, successes=ai) if ai + human else Observed()
        if metric.name in REDUCTIONS or metric.statistic == "reduction_vs_baseline":
            return self._reduction(book, gate, metric, arm, span)
        if metric.name in RATIOS:
            return self._ratio(metric, arm)
        timed = measured_histogram(metric.name)
        if timed:
            return self._time(metric, timed, arm)
        return self._judged(metric, arm)

    def _part(self, part: str, arm: str) -> Iterable[Row]:
        return (row for row in self.rows if row["part"] == part and row["arm"] == arm)

    def _judged(self, metric: GateMetric, arm: str) -> Observed:
        name = JUDGED.get(metric.name, metric.name)
        if name not in VERDICTS:
            return Observed()
        rows = [
            {**row, "judged": row["at_line"], "correct": row["good"], "prob_n": row["total"]}
            for row in self._part("verdict", arm)
        ]
        found = accuracy_of(rows, (metric.judge,) if metric.judge else JUDGES, name)
        if not found.n:
            return Observed()
        if found.equal_weights:
            return Observed(n=found.n, successes=round(found.correct / found.weight * found.n))
        effective = found.weight**2 / found.squares
        return Observed(n=effective, successes=found.correct / found.weight * effective, weighted=True)

    def _reduction(self, book: Book, gate: Gate, metric: GateMetric, arm: str, span: Window) -> Observed:
        if metric.name not in REDUCTIONS and measured_histogram(metric.name) != "handling":
            return Observed()  # no other baseline is compared with yet
        sums = {
            row["task_type"]: (float(row["n"]), row["total"], row["squares"])
            for row in self._merged_times(arm)
            if row["n"]
        }
        found = mix_adjusted(strata(book.handling_baselines.get(gate.system, ()), sums), span)
        if found.reduction is None:
            return Observed()
        sd = None
        if found.lower is not None and found.upper is not None:
            sd = (found.upper - found.lower) / 2 / Z95 * sqrt(found.n)
        return Observed(n=found.n, value=found.reduction, sd=sd)

    def _merged_times(self, arm: str) -> list[Row]:
        merged: dict[str, dict[str, Any]] = {}
        for row in self._part("time", arm):
            if row["metric"] == "handling":
                one = merged.setdefault(
                    row["task_type"], {"task_type": row["task_type"], "n": 0, "total": 0.0, "squares": 0.0}
                )
                for name in ("n", "total", "squares"):
                    one[name] += row[name]
        return list(merged.values())

    def _ratio(self, metric: GateMetric, arm: str) -> Observed:
        """Return a cost per task with the spread between days; unknown while the cost of too many tasks is."""
        rows = [row for row in self._part("day_ratio", arm) if row["metric"] == metric.name and row["total"]]
        currencies = {row["judge"] for row in rows}
        known = [self.counts("cost_coverage", arm)]
        if metric.name.startswith("with_people"):
            known.append(self.counts("people_coverage", arm))
        if any(n and good < LEAST_COVERAGE * n for good, n in known) or currencies != {metric.unit}:
            return Observed()
        days, x, y = (sum(row[name] for row in rows) for name in ("n", "total", "w"))
        if y <= 0:
            return Observed()
        ratio, value = x / y, x / y / MILLION
        squares = sum(row["squares"] - 2 * ratio * row["cross"] + ratio**2 * row["w2"] for row in rows) / MILLION**2
        error = sqrt(max(squares, 0.0) * days / (days - 1)) / y if days > 1 else None
        return Observed(n=y, value=value, sd=None if error is None else error * sqrt(y))

    def _time(self, metric: GateMetric, timed: str, arm: str) -> Observed:
        unit = UNITS.get(str(metric.unit))
        if unit is None:
            return Observed()
        if metric.statistic == "mean":
            rows = [row for row in self._part("time", arm) if row["metric"] == timed]
            n, total, squares = (sum(row[name] for row in rows) for name in ("n", "total", "squares"))
            if not n:
                return Observed()
            spread = max(squares - total**2 / n, 0.0) / (n - 1) if n > 1 else None
            return Observed(n=int(n), value=total / n / unit, sd=None if spread is None else sqrt(spread) / unit)
        if metric.statistic not in PERCENTILES:
            return Observed()
        own = [row for row in self._part("percentile", arm) if row["metric"] == timed]
        if len(own) != 1:  # percentiles of two parts cannot be put together
            return Observed()
        return Observed(
            n=int(own[0]["n"]),
            value=own[0][f"{metric.statistic}_us"] / unit,
            under=self._under(metric, timed, arm),
            samples=self._samples(metric, timed, arm, unit),
            control=self._samples(metric, timed, "human", unit),
        )

    def _under(self, metric: GateMetric, timed: str, arm: str) -> dict[Decimal, float]:
        """Return the exact counts on the near side of every fixed line of the metric."""
        counts: dict[int, tuple[int, int]] = {}
        for row in self._part("line", arm):
            if row["metric"] == timed:
                good, at = counts.get(row["line_us"], (0, 0))
                counts[row["line_us"]] = good + int(row["good"]), at + int(row["at_line"])
        found: dict[Decimal, float] = {}
        for rule in reversed(metric.rules.values()):  # of two rules on one line the pass rule has the last word
            for leaf in leaves(rule):
                if isinstance(leaf, Comparison) and (line := line_us(leaf.value, metric.unit)) in counts:
                    good, at = counts[line]
                    found[leaf.value] = good + at if leaf.op in {"<=", ">"} else good
        return found

    def _samples(self, metric: GateMetric, timed: str, arm: str, unit: int) -> tuple[float, ...] | None:
        """Return the arm's values from its histogram where a rule compares arms."""
        rules = [leaf for rule in metric.rules.values() for leaf in leaves(rule)]
        if not any(isinstance(rule, ArmComparison) for rule in rules):
            return None
        values: list[float] = []
        for row in self._part("histogram", arm):
            if row["metric"] == timed:
                values += [row["p50_us"] / unit] * int(row["n"])
        return tuple(values)


def bucket_of(facts: Facts, system: str, day: date, release: Release) -> Bucket:
    """Return a system's bucket with the rows of one release only."""
    return Bucket([row for row in facts.of(system, day) if release_of(row) == release])


def span_of(day: date, grain: str) -> Window:
    """Return the days of a bucket."""
    return Window(day, day + timedelta(days=7 if grain == "week" else 1))
