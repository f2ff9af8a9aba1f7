"""The gate ledger: what was decided, on which numbers, by which text; a chain of hashes that tampering breaks. Pure.

A record is a JSON object that holds everything its verdict follows from. It is written once. `verifying` recomputes it
from itself; whoever replays it from the warehouse compares with it (GATES.md, "Ledger").
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from readout.gates.evaluate import Verdict
from readout.gates.facts import Observed, Week
from readout.gates.policy import Gate
from readout.gates.sentence import sentence
from readout.gates.standing import Lapse, Phase, evaluate_over_time, watching

VERSION = 1  # of the record's form
GENESIS = "0" * 64  # stands where the first record names the one before it
Record = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """What a decision rests on, beside the verdict. Instants are naive UTC."""

    gate: Gate
    as_of: datetime
    phase: Phase
    verdict: Verdict
    lapses: tuple[Lapse, ...]
    weeks: Mapping[date, "WeekEvidence"]
    query_sha256: str
    engine_version: str
    alarm: Mapping[str, Any] | None = None
    counts_from: date | None = None  # the policy was loosened: earlier weeks decide nothing


@dataclass(frozen=True)
class WeekEvidence:
    """Where a week's numbers come from: the instants it spans, when it closes, its rows and reviews."""

    begins: datetime
    ends: datetime
    closes_at: datetime
    rows: int
    left_out: int
    judged: int
    review_due: int
    split: str


# --- writing ---------------------------------------------------------------------------------------------------------


def record_of(found: Evidence, sequence: int, sealed_at: datetime, previous: str) -> Record:
    """Return the record of a decision; `previous` is the hash of the record before it, of any gate."""
    verdict, gate = found.verdict, found.gate
    return {
        "version": VERSION,
        "sequence": sequence,
        "previous": previous,
        "gate": gate.gate,
        "sealed_at": _instant(sealed_at),
        "as_of": _instant(found.as_of),
        "policy_hash": gate.hash,
        "policy": gate.canonical(),
        "frozen": [one.week.isoformat() for one in gate.week.frozen],
        "phase": found.phase,
        "counts_from": found.counts_from.isoformat() if found.counts_from else None,
        "engine_version": found.engine_version,
        "query_sha256": found.query_sha256,
        "latest_ingest": _instant(found.as_of),
        "state": verdict.state,
        "reason": verdict.reason,
        "streak": verdict.streak,
        "evidence": number_text(verdict.evidence),
        "evidence_needed": number_text(verdict.evidence_needed),
        "decided_on": verdict.decided_on.isoformat() if verdict.decided_on else None,
        "counted": verdict.counted,
        "sentence": sentence(gate if found.phase == "evaluated" else watching(gate), verdict),
        "lapses": [[one.passed_on.isoformat(), one.ended_on.isoformat(), one.why] for one in found.lapses],
        "alarm": dict(found.alarm) if found.alarm else None,
        "weeks": [_week(one, found.weeks[one.week.week]) for one in verdict.weeks],
    }


def _week(judged: Any, origin: WeekEvidence) -> Record:
    week: Week = judged.week
    return {
        "week": week.week.isoformat(),
        "complete": week.complete,
        "settled": week.settled,
        "release": week.release,
        "split": origin.split,
        "begins": _instant(origin.begins),
        "ends": _instant(origin.ends),
        "closes_at": _instant(origin.closes_at),
        "rows": origin.rows,
        "left_out": origin.left_out,
        "reviews": [origin.judged, origin.review_due],
        "state": judged.state,
        "reason": judged.reason,
        "metrics": {
            one.name: {
                **_observed(week.metrics.get(one.name, Observed())),
                "state": one.state,
                "reason": one.reason,
                "lower": number_text(one.lower),
                "upper": number_text(one.upper),
            }
            for one in judged.metrics
        },
    }


def _observed(seen: Observed) -> Record:
    return {
        "n": number_text(seen.n),
        "successes": number_text(seen.successes),
        "value": number_text(seen.value),
        "under_line": number_text(seen.under_line),
        "under": {str(line): number_text(count) for line, count in sorted(seen.under.items())},
        "sd": number_text(seen.sd),
        "weighted": seen.weighted,
        "samples": _runs(seen.samples),
        "control": _runs(seen.control),
    }


def _runs(values: tuple[float, ...] | None) -> list[list[Any]] | None:
    """Return samples as [value, how many] pairs: histograms repeat each value many times."""
    if values is None:
        return None
    return [[number_text(value), len(list(same))] for value, same in groupby(sorted(values))]


def number_text(number: float | None) -> str | None:
    """Return a number as text that reads back to the same number: JSON's own floats are not the same everywhere."""
    return None if number is None else repr(number)


def _instant(when: datetime) -> str:
    return when.isoformat(timespec="microseconds") + "Z"


# --- reading ---------------------------------------------------------------------------------------------------------


def policy_of(record: Mapping[str, Any]) -> Gate:
    """Return the policy that a record holds, its declared gaps included. Raises ValueError where it cannot be read."""
    value = json.loads(record["policy"])
    as_of = str(record["as_of"])[:10]
    value["week"]["frozen"] = [
        # when and why they were declared is no part of the evaluation
        {"week": week, "declared_on": "1970-01-01", "reason": f"declared by {as_of}"}
        for week in record["frozen"]
    ]
    return Gate.model_validate(value, strict=False)


def weeks_of(record: Mapping[str, Any]) -> tuple[Week, ...]:
    """Return the weeks of a record as the engine reads them."""
    return tuple(
        Week(
            date.fromisoformat(one["week"]),
            one["complete"],
            one["settled"],
            one["release"],
            {name: _seen(metric) for name, metric in one["metrics"].items()},
        )
        for one in record["weeks"]
    )


def _seen(metric: Mapping[str, Any]) -> Observed:
    return Observed(
        n=_number(metric["n"]),
        successes=_number(metric["successes"]),
        value=_number(metric["value"]),
        under_line=_number(metric["under_line"]),
        under={Decimal(line): _number(count) or 0 for line, count in metric["under"].items()},
        sd=_number(metric["sd"]),
        samples=_unrun(metric["samples"]),
        control=_unrun(metric["control"]),
        weighted=metric["weighted"],
    )


def _unrun(runs: Sequence[Sequence[Any]] | None) -> tuple[float, ...] | None:
    return None if runs is None else tuple(_number(value) or 0.0 for value, times in runs for _ in range(times))


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    return int(text) if text.lstrip("-").isdigit() else float(text)


def instant_of(text: str) -> datetime:
    """Return an instant of a record as naive UTC."""
    return datetime.fromisoformat(text.removesuffix("Z"))


def closing(record: Mapping[str, Any], otherwise: Callable[[date], datetime]) -> Callable[[date], datetime]:
    """Return when each week of a record closes; weeks it does not hold by the other rule."""
    known = {date.fromisoformat(one["week"]): instant_of(one["closes_at"]) for one in record["weeks"]}
    return lambda week: known[week] if week in known else otherwise(week)


def judged_again(record: Mapping[str, Any]) -> tuple[Verdict, tuple[Lapse, ...]]:
    """Return the verdict that follows from a record's own policy and numbers."""

    def unknown(week: date) -> datetime:
        message = f"the record does not say when the week of {week} closes"
        raise KeyError(message)

    return _judged(record, weeks_of(record), unknown)


def _judged(
    record: Mapping[str, Any], weeks: Sequence[Week], otherwise: Callable[[date], datetime]
) -> tuple[Verdict, tuple[Lapse, ...]]:
    since = record.get("counts_from")
    return evaluate_over_time(
        policy_of(record),
        weeks,
        record["phase"],
        closing(record, otherwise),
        instant_of(record["as_of"]),
        date.fromisoformat(since) if since else None,
    )


# --- comparing -------------------------------------------------------------------------------------------------------

Flip = Literal["", "flips", "differs"]


@dataclass(frozen=True)
class Restated:
    """One number of a sealed week that later data changed."""

    week: date
    metric: str
    what: str  # n, successes, value, or state
    sealed: str
    now: str


def restated(record: Mapping[str, Any], weeks: Iterable[Week]) -> tuple[Restated, ...]:
    """Return the numbers of a record's closed weeks that are others now, week by week."""
    now = {week.week: week for week in weeks}
    found: list[Restated] = []
    for one in record["weeks"]:
        day = date.fromisoformat(one["week"])
        if not one["complete"]:
            continue
        for name, metric in one["metrics"].items():
            seen = now[day].metrics.get(name, Observed()) if day in now else Observed()
            for what, value in (("n", seen.n), ("successes", seen.successes), ("value", seen.value)):
                sealed, text = metric[what], number_text(value)
                if not same_number(sealed, text):
                    found.append(Restated(day, name, what, sealed or "none", text or "none"))
    return tuple(found)


def same_number(sealed: str | None, now: str | None) -> bool:
    """Whether two numbers are the same but for the last digits of a sum of floats."""
    if sealed is None or now is None:
        return sealed is now
    first, second = float(sealed), float(now)
    return first == second or abs(first - second) <= 1e-9 * max(abs(first), abs(second))


def judged_on(record: Mapping[str, Any], weeks: Iterable[Week]) -> Verdict:
    """Return the verdict of a record's policy on the same closed weeks as they are counted now."""
    now = {week.week: week for week in weeks}
    own = [
        Week(week.week, week.complete, now[week.week].settled, week.release, now[week.week].metrics)
        if week.week in now
        else week
        for week in weeks_of(record)
    ]
    return _judged(record, own, lambda week: datetime(week.year, week.month, week.day))[0]  # noqa: DTZ001 - naive UTC
