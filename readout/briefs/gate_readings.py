"""Every gate judged from the warehouse: weekly facts of the release in service, the verdict, and the daily watch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.gate_facts import (
    Facts,
    bucket_of,
    load_facts,
    span_of,
    tasks_by_release,
    uncounted_lines,
    with_lines,
)
from readout.gates.burn import Burn, burn
from readout.gates.evaluate import Verdict
from readout.gates.facts import WEEK, Week
from readout.gates.outlook import Outlook, outlook
from readout.gates.policy import Gate, GateMetric, measured_histogram
from readout.gates.releases import Release, release_of_week
from readout.gates.scoring import settled
from readout.gates.sentence import sentence
from readout.gates.standing import Lapse, Place, StageRecord, evaluate_over_time, place_of, watching
from readout.periods import Window

SHOWN_WEEKS = 26  # of history before the release in service, so that its predecessor can be seen
WATCHED_DAYS = 35
LEAST_MIX_TASKS = 50
MIX_LIMIT = 0.10  # total variation distance between task-type mixes that is worth a word


@dataclass(frozen=True)
class WeekOrigin:
    """Where a week's figures come from. `split`: why it does not count; `left_out`: tasks of other releases."""

    week: date
    release: str
    split: str
    left_out: int
    completed: int
    judged: int
    review_due: int
    ai_share: float | None  # AI-handled share of all completed tasks of the system
    mix_shift: float | None  # distance of its task types from the release's weeks before it, 0 to 1
    closes_at: datetime


@dataclass(frozen=True)
class GateReading:
    """One gate as of an instant."""

    gate: Gate
    as_of: datetime
    place: Place
    verdict: Verdict
    sentence: str
    lapses: tuple[Lapse, ...]
    origins: Mapping[date, WeekOrigin]
    burns: tuple[Burn, ...]
    outlook: Outlook | None
    query_sha256: str
    counts_from: date | None = None  # since the policy was loosened; earlier weeks decide nothing

    @property
    def alarm(self) -> Burn | None:
        """The day on which an alarm that still burns began; None where nothing burns.

        It ends with the first day on which no more tasks are bad than the line allows.
        """
        burning: dict[str, Burn] = {}
        for one in self.burns:
            if one.alarm:
                burning.setdefault(one.metric, one)
            elif one.rate <= 1:
                burning.pop(one.metric, None)
        return min(burning.values(), key=lambda one: one.day, default=None)


def gate_readings(book: Book) -> tuple[GateReading, ...]:
    """Judge every gate of a known system as of the book's instant; two queries for the facts, one for releases.

    Evaluation starts afresh at the book's `restarts`.
    """
    gates = sorted(
        (gate for gate in book.portfolio.gates.values() if gate.system in book.systems), key=lambda gate: gate.gate
    )
    if not gates or book.first_day is None:
        return ()
    today = book.calendar.day_of(book.as_of)
    places = {gate.gate: place_of(gate, _history(book, gate.system)) for gate in gates}
    with book.warehouse.snapshot() as snapshot:
        releases = _Releases(snapshot.query("read/releases"), book.as_of)
        starts = [_start(book, gate, places[gate.gate], releases) for gate in gates]
        weekly = load_facts(snapshot, gates, Window(min(starts), today + timedelta(days=1)), "week")
        daily = load_facts(
            snapshot, gates, Window(today - timedelta(days=WATCHED_DAYS - 1), today + timedelta(days=1)), "day"
        )
    return tuple(
        _reading(
            book,
            gate,
            places[gate.gate],
            (start, today),
            releases,
            (weekly, daily),
            book.restarts.get(gate.gate, ()),
        )
        for gate, start in zip(gates, starts, strict=True)
    )


@lru_cache(maxsize=4)
def _readings_of_version(key: "_ByVersion") -> tuple[GateReading, ...]:
    return gate_readings(key.book)


class _ByVersion:
    """A book as a cache key: two books of one warehouse, version, portfolio and as-of hold the same."""

    def __init__(self, book: Book) -> None:
        self.book = book
        restarts = tuple(sorted(book.restarts.items()))
        self._same = (id(book.warehouse), book.data_version, id(book.portfolio), book.as_of, restarts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and self._same == other._same

    def __hash__(self) -> int:
        return hash(self._same)


def readings_of(book: Book) -> tuple[GateReading, ...]:
    """Return every gate's reading; read once per data version, since no filter changes a gate."""
    return _readings_of_version(_ByVersion(book))


@dataclass(frozen=True)
class Draft:
    """A gate that is tried: its reading, the facts behind it, and the lines that no refresh has counted yet."""

    reading: GateReading
    facts: Facts
    estimated: tuple[tuple[GateMetric, Decimal], ...]


def draft_reading(book: Book, gate: Gate) -> Draft | None:
    """Judge a gate that need not be registered on the past weeks of its system; two queries, nothing is kept.

    Lines on durations that no refresh has counted are counted from the histogram, rather too few than too many under
    them. There is no daily watch. None where the warehouse holds no day.
    """
    if book.first_day is None:
        return None
    today = book.calendar.day_of(book.as_of)
    place = place_of(gate, _history(book, gate.system))
    timed = {name for metric, _ in gate.duration_lines() if (name := measured_histogram(metric.name))}
    with book.warehouse.snapshot() as snapshot:
        releases = _Releases(snapshot.query("read/releases"), book.as_of)
        start = _start(book, gate, place, releases)
        window = Window(start, today + timedelta(days=1))
        facts = load_facts(snapshot, [gate], window, "week", histograms=[f"{gate.system}/{name}" for name in timed])
    estimated = uncounted_lines(facts, gate)
    facts = with_lines(facts, estimated)
    restarts = book.restarts.get(gate.gate, ())
    return Draft(
        _reading(book, gate, place, (start, today), releases, (facts, Facts({}, facts.query_sha256)), restarts),
        facts,
        estimated,
    )


# --- one gate --------------------------------------------------------------------------------------------------------


class _Releases:
    """The recorded releases up to as-of."""

    def __init__(self, frame: pd.DataFrame, as_of: datetime) -> None:
        self._majors: dict[str, dict[datetime, str]] = {}
        for row in frame.to_dict("records"):
            at = row["started_at"].to_pydatetime()
            if row["change_class"] == "major" and at <= as_of:
                self._majors.setdefault(row["system_id"], {})[at] = row["release_id"]

    def majors(self, system: str) -> list[datetime]:
        return sorted(self._majors.get(system, {}))

    def name(self, system: str, release: Release) -> str:
        if release.major_at is not None:
            return self._majors.get(system, {}).get(release.major_at, "")
        return release.stray


def _history(book: Book, system: str) -> list[StageRecord]:
    own = book.stages[book.stages["system_id"] == system]
    return [
        StageRecord(
            row["stage"],
            row["effective_at"].to_pydatetime(),
            _known(row["load_share"]),
            _known(row["review_rate"]),
            row["decided_by"],
            row["milestone"],
            row["reason"],
        )
        for row in own.to_dict("records")
        if row["effective_at"] <= book.as_of
    ]


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _start(book: Book, gate: Gate, place: Place, releases: _Releases) -> date:
    """Return the first week of a gate: since its stage began, and not before the release in service but for a view."""
    assert book.first_day is not None  # noqa: S101 - the caller looked
    first = book.calendar.week_of(book.first_day)
    if place.since is not None:
        begun = book.calendar.week_of(book.calendar.day_of(place.since))
        whole = begun if book.calendar.start_of(begun) >= place.since else begun + WEEK
        first = max(first, whole)
    majors = releases.majors(gate.system)
    seen_from = book.calendar.week_of(book.calendar.day_of(book.as_of)) - SHOWN_WEEKS * WEEK
    if majors:
        in_service = book.calendar.week_of(book.calendar.day_of(majors[-1]))
        first = max(first, min(in_service, seen_from))
    return first


def _reading(
    book: Book,
    gate: Gate,
    place: Place,
    days: tuple[date, date],
    releases: _Releases,
    facts: tuple[Facts, Facts],
    restarts: Sequence[datetime],
) -> GateReading:
    start, today = days
    weeks: list[Week] = []
    origins: dict[date, WeekOrigin] = {}
    before = Release()
    seen: dict[Release, dict[str, int]] = {}
    week = start
    while week <= today and place.phase != "waiting":
        one, origin, before = _week(book, gate, week, releases, facts[0], restarts, before, seen)
        # weeks before the first task, and a running one without any, are no weeks without data
        if origin.completed or origin.left_out or (weeks and book.calendar.start_of(week + WEEK) <= book.as_of):
            weeks.append(one)
            origins[week] = origin
        week += WEEK
    counts_from = _counts_from(book, restarts)
    verdict, lapses = evaluate_over_time(
        gate, weeks, place.phase, lambda day: closes(book, gate, day), book.as_of, counts_from
    )
    return GateReading(
        gate,
        book.as_of,
        place,
        verdict,
        sentence(gate if place.phase == "evaluated" else watching(gate), verdict),
        lapses,
        origins,
        tuple(_burns(book, gate, today, releases, facts[1], origins)),
        outlook(gate, verdict),
        facts[0].query_sha256,
        counts_from,
    )


def _counts_from(book: Book, restarts: Sequence[datetime]) -> date | None:
    """Return the first whole week since the policy was last loosened."""
    if not restarts:
        return None
    week = book.calendar.week_of(book.calendar.day_of(max(restarts)))
    return week if book.calendar.start_of(week) >= max(restarts) else week + WEEK


def closes(book: Book, gate: Gate, week: date) -> datetime:
    """Return when a week closes: its end plus the time that its reviews have to settle."""
    return book.calendar.start_of(week + WEEK) + timedelta(hours=gate.week.settle_hours)


def _week(
    book: Book,
    gate: Gate,
    week: date,
    releases: _Releases,
    facts: Facts,
    restarts: Sequence[datetime],
    before: Release,
    seen: dict[Release, dict[str, int]],
) -> tuple[Week, WeekOrigin, Release]:
    begin, end = book.calendar.start_of(week), book.calendar.start_of(week + WEEK)
    arm = _main_arm(gate)
    tasks = tasks_by_release(facts.of(gate.system, week), arm)
    counted, belongs, split = release_of_week(releases.majors(gate.system), tasks, begin, end, before)
    if any(begin < at < end for at in restarts):
        split = split or "the policy was loosened in this week"
    bucket = bucket_of(facts, gate.system, week, counted)
    completed = bucket.completed(arm)
    judged, due = bucket.coverage(arm, next((one.judge for one in gate.metrics if one.judge), None))
    name = releases.name(gate.system, belongs)
    closes_at = closes(book, gate, week)
    everyone = facts.of(gate.system, week)
    ai, human = (sum(tasks_by_release(everyone, one).values()) for one in ("ai", "human"))
    return (
        Week(
            week,
            complete=closes_at <= book.as_of and not split,
            settled=settled(gate, judged, due),
            release=name,
            metrics={
                metric.name: bucket.observed(book, gate, metric, span_of(week, "week")) for metric in gate.metrics
            },
        ),
        WeekOrigin(
            week,
            name,
            split,
            sum(tasks.values()) - completed,
            completed,
            judged,
            due,
            ai / (ai + human) if ai + human else None,
            _mix_shift(seen, belongs, bucket.mix(arm)),
            closes_at,
        ),
        belongs,
    )


def _main_arm(gate: Gate) -> str:
    return gate.arm or ("shadow" if gate.from_stage == "shadow" else "ai")


def _mix_shift(seen: dict[Release, dict[str, int]], release: Release, mix: Mapping[str, int]) -> float | None:
    """Return the total variation distance between a week's task types and those of the release's weeks before it."""
    earlier = seen.setdefault(release, {})
    total, base = sum(mix.values()), sum(earlier.values())
    distance = None
    if min(total, base) >= LEAST_MIX_TASKS:
        kinds = sorted(mix.keys() | earlier.keys())
        distance = sum(abs(mix.get(kind, 0) / total - earlier.get(kind, 0) / base) for kind in kinds) / 2
    for kind, n in mix.items():
        earlier[kind] = earlier.get(kind, 0) + n
    return distance


def _burns(
    book: Book,
    gate: Gate,
    today: date,
    releases: _Releases,
    facts: Facts,
    origins: Mapping[date, WeekOrigin],
) -> Iterable[Burn]:
    """Yield the burn of every breach line on each of the last days, each by the release in service at its end."""
    arm = _main_arm(gate)
    closed = [one.completed for one in origins.values() if not one.split and one.closes_at <= book.as_of][-4:]
    weekly = sum(closed) / len(closed) if closed else None
    day = today - timedelta(days=WATCHED_DAYS - 1)
    while day <= today:
        tasks = tasks_by_release(facts.of(gate.system, day), arm)
        end = book.calendar.start_of(day + timedelta(days=1))
        majors = [at for at in releases.majors(gate.system) if at < end]
        newest = Release(majors[-1]) if majors else None
        release = newest if newest in tasks else max(tasks, key=lambda one: tasks[one], default=None)
        if release is not None:
            bucket = bucket_of(facts, gate.system, day, release)
            for metric in gate.metrics:
                if metric.binds:
                    seen = bucket.observed(book, gate, metric, span_of(day, "day"))
                    found = burn(metric, seen, day, weekly, gate.decide.alpha)
                    if found is not None:
                        yield found
        day += timedelta(days=1)
