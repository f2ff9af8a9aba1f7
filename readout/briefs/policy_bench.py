"""The policy bench: another policy on the same past weeks, its chances at this volume, and what is at stake."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from readout.briefs.book import Book
from readout.briefs.gate_board import card_of
from readout.briefs.gate_facts import Facts, load_facts, tasks_by_release
from readout.briefs.gate_readings import GateReading, draft_reading, readings_of
from readout.briefs.results import Scope
from readout.briefs.results_gates import BenchSide, PolicyBenchBrief, Stakes
from readout.briefs.signals import BookKey
from readout.gates import bench
from readout.gates.changes import compare
from readout.gates.facts import WEEK
from readout.gates.fields import plain
from readout.gates.health import closed
from readout.gates.lint import remarks
from readout.gates.policy import Gate
from readout.gates.policy_text import policy_text
from readout.gates.rules import Comparison
from readout.gates.standing import watching
from readout.periods import Window
from readout.portfolio import PortfolioError, gate_of_text
from readout.words import policy_bench as words

SHOWN = 26
READ_WEEKS = 12  # of which the last eight with work are the volume of a registered gate
VOLUME_WEEKS = 8  # over which today's tasks, load and handling times are read
FILE = "gate.yaml"


def policy_bench_brief(book: Book, scope: Scope, gate: str = "", text: str = "") -> PolicyBenchBrief:
    """Try a text on a gate's past weeks. Without a gate the first of the chosen systems, without a text its own."""
    header = book.header(scope)
    readings = readings_of(book)
    choices = tuple((one.gate.gate, book.name_of(one.gate.system), one.gate.from_stage, one.gate.to_stage)
                    for one in readings)  # fmt: skip
    chosen = _chosen(book, scope, readings, gate)
    unknown = gate if gate and (chosen is None or chosen.gate.gate != gate) else ""
    if chosen is None:
        return PolicyBenchBrief(header, words.nothing(), choices, unknown=unknown)
    own = policy_text(chosen.gate)
    brief = PolicyBenchBrief(
        header,
        words.nothing(),
        choices,
        gate=chosen.gate.gate,
        registered_text=own,
        text=text or own,
        registered=_side(book, chosen),
        unknown=unknown,
    )
    try:
        policy = gate_of_text(brief.text, FILE, book.portfolio, system=chosen.gate.system)
    except PortfolioError as error:
        brief = replace(brief, faults=error.faults)
        return replace(brief, finding=words.finding(brief))
    brief = replace(_tried(book, brief, policy), change=compare(chosen.gate, policy))
    return replace(brief, finding=words.finding(brief))


def _chosen(book: Book, scope: Scope, readings: Iterable[GateReading], gate: str) -> GateReading | None:
    """Return the gate that is asked for, else the first of the chosen systems, else the first."""
    systems = book.chosen_systems(scope)
    wanted = sorted(readings, key=lambda one: (one.gate.gate != gate, one.gate.system not in systems))
    return wanted[0] if wanted else None


def _tried(book: Book, brief: PolicyBenchBrief, policy: Gate) -> PolicyBenchBrief:
    draft = draft_reading(book, policy)
    if draft is None:
        return brief
    trial = bench.trial_of(policy, draft.reading.verdict.weeks)
    return replace(
        brief,
        tried=_side(book, draft.reading),
        policy=policy,
        remarks=remarks(policy, book.calendar.day_of(book.as_of)),
        estimated=tuple(f"{plain(line)} {metric.unit}" for metric, line in draft.estimated),
        trial=trial,
        odds=bench.odds(policy, trial) if trial is not None and policy.decide.consecutive_weeks else (),
        stakes=_stakes(book, policy, draft.facts, trial),
    )


def _side(book: Book, reading: GateReading) -> BenchSide:
    """Return what a policy says; both sides without the daily watch, which a draft does not have."""
    gate = reading.gate if reading.place.phase == "evaluated" else watching(reading.gate)
    weeks = [one.week for one in reading.verdict.weeks]
    card = card_of(book, replace(reading, burns=()), SHOWN)
    return BenchSide(card, len(closed(reading.verdict)), bench.first_pass(gate, weeks))


# --- what is at stake ------------------------------------------------------------------------------------------------


def _stakes(book: Book, gate: Gate, facts: Facts, trial: bench.Trial | None, since: datetime | None = None) -> Stakes:
    """Return what waiting and being wrong cost, from the last whole weeks of all work of the system."""
    weeks = _whole_weeks(book, gate, facts, since)
    if not weeks:
        return Stakes(0, unknown=(("tasks", words.NO_TASKS),))
    ai, people = (sum(_completed(facts, gate, week, arm) for week in weeks) for arm in ("ai", "human"))
    tasks, share_now = (ai + people) / len(weeks), ai / (ai + people)
    share_next = gate.on_pass.load_share if gate.on_pass else None
    gap = bench.handling_gap(*(_handling(facts, gate, weeks, arm) for arm in ("human", "ai")))
    unknown = []
    hours = None
    if share_next is None:
        unknown.append(("share_next", words.NO_NEXT_LOAD))
    if gap is None:
        unknown.append(("gap", words.NO_GAP))
    if share_next is not None and gap is not None:
        hours = bench.hours_waiting(tasks, share_now, share_next, gap)
    wrong = ()
    if trial is None:
        unknown.append(("wrong", words.NO_SHARE))
    elif share_next is not None:
        wrong = tuple(_wrong(tasks, share_next, trial))
    return Stakes(len(weeks), tasks, share_now, share_next, gap, hours, wrong, tuple(unknown))


def stakes_of(book: Book, gate: Gate) -> Stakes:
    """Return what waiting costs at a registered gate; one query for all gates, once per data version."""
    nothing = Stakes(0, unknown=(("tasks", words.NO_TASKS),))
    return _registered_stakes(BookKey(book)).get(gate.gate, nothing)


@lru_cache(maxsize=4)
def _registered_stakes(key: BookKey) -> dict[str, Stakes]:
    book = key.book
    readings = readings_of(book)
    if not readings:
        return {}
    today = book.calendar.day_of(book.as_of)
    window = Window(book.calendar.week_of(today) - READ_WEEKS * WEEK, today + timedelta(days=1))
    with book.warehouse.snapshot() as snapshot:
        facts = load_facts(snapshot, [one.gate for one in readings], window, "week")
    return {one.gate.gate: _stakes(book, one.gate, facts, None, one.place.since) for one in readings}


def _wrong(tasks: float, share: float, trial: bench.Trial) -> Iterable[tuple[str, float, float]]:
    breach = trial.metric.breach
    if trial.metric.is_share and isinstance(breach, Comparison):
        at = trial.shown(float(breach.value))  # shown is its own mirror
        yield "breach", at, bench.extra_bad(tasks, share, trial.line, at)
    below = bench.rates(trial.line)[0]
    yield "below", below, bench.extra_bad(tasks, share, trial.line, below)


def _whole_weeks(book: Book, gate: Gate, facts: Facts, since: datetime | None) -> list[date]:
    """Return the last weeks that have ended and in which anything was completed; whole ones of the stage in force."""
    ended = [
        week
        for system, week in facts.rows
        if system == gate.system
        and book.calendar.start_of(week + WEEK) <= book.as_of
        and (since is None or book.calendar.start_of(week) >= since)
    ]
    done = [week for week in sorted(ended) if any(_completed(facts, gate, week, arm) for arm in ("ai", "human"))]
    return done[-VOLUME_WEEKS:]


def _completed(facts: Facts, gate: Gate, week: date, arm: str) -> int:
    return sum(tasks_by_release(facts.of(gate.system, week), arm).values())


def _handling(facts: Facts, gate: Gate, weeks: Iterable[date], arm: str) -> dict[str, tuple[int, float]]:
    """Return tasks with a handling time and their seconds, by task type."""
    found: dict[str, tuple[int, float]] = {}
    for week in weeks:
        for row in facts.of(gate.system, week):
            if (row["part"], row["metric"], row["arm"]) == ("time", "handling", arm):
                n, seconds = found.get(row["task_type"], (0, 0.0))
                found[row["task_type"]] = n + int(row["n"]), seconds + row["total"] / 1e6
    return found
