"""One system's tasks: drawn over the window, followed through their steps, and written as rows."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from readout.demo.calls import Calls
from readout.demo.clock import DAY, HOUR, SECOND, Clock, Floats, Ints
from readout.demo.columns import NULL, Flags, constant, flags, ids, instants, joined, money, numbers, words
from readout.demo.draws import (
    ABANDONED,
    ARMS,
    ASSISTED,
    AUTO,
    COMPLETED,
    ESCALATIONS,
    FAILED,
    HUMAN,
    OPEN,
    OUTCOMES,
    SHADOW,
    SOURCES,
    STATUSES,
    UNKNOWN,
    Z95,
    Tasks,
    arrival,
    evenly,
    level,
    lognormal,
    micros,
    with_copies,
)
from readout.demo.scenario import Scenario


def draw_tasks(scenario: Scenario, clock: Clock, count: int, rng: np.random.Generator) -> Tasks:
    """Draw a system's tasks over the window."""
    created = _arrivals(scenario, clock, count, rng)
    week = clock.position[(created - clock.start) // HOUR]
    whole_week = np.floor(week).astype(np.int64)
    wobble = rng.normal(0, 1, size=whole_week.max() - whole_week.min() + 1)[whole_week - whole_week.min()]
    kind = _kinds(scenario, week, rng)

    starts = [clock.at(one.week, 6) for one in scenario.stages]
    stage = _in_force(starts, created)
    live = created >= starts[0]
    entitled = np.where(live, np.array([one.load_share for one in scenario.stages])[stage], 0.0)
    share = entitled + level(scenario.overrun, week) + 0.006 * wobble
    arm = np.where((entitled > 0) & (rng.random(count) < share), AUTO, HUMAN)
    arm[(arm == AUTO) & (rng.random(count) < level(scenario.assisted, week))] = ASSISTED
    beside = np.full(count, -1)
    if scenario.shadow:  # the AI's answer runs beside the person's task, as a row of its own
        watched = np.flatnonzero(live & (arm == HUMAN) & (rng.random(count) < level(scenario.shadow, week)))
        again = np.concatenate([np.arange(count), watched])
        created, week, whole_week, wobble, kind, stage = (
            one[again] for one in (created, week, whole_week, wobble, kind, stage)
        )
        arm = np.concatenate([arm, np.full(len(watched), SHADOW)])
        beside = np.concatenate([beside, watched])
        count = len(created)
    served = (arm == AUTO) | (arm == ASSISTED)
    test = served & (rng.random(count) < 0.0015)

    reviewable = np.array([one.reviewable for one in scenario.kinds])[kind]
    rate = np.array([one.review_rate for one in scenario.stages])[stage]
    review_prob = np.where(served, np.where(reviewable, rate, 0.0), np.nan)
    reviewed = served & ~test & reviewable & (rng.random(count) < rate)

    fallback, failed = _breakdowns(scenario, clock, created, served, rng)
    escalated = served & ~fallback & ~failed & (rng.random(count) < level(scenario.escalation, week))

    easier = np.array([one.easier for one in scenario.kinds])[kind]
    peak = np.clip((_busy(scenario, clock, created) - 0.8) / 0.2, 0, 1)
    right = level(scenario.accuracy, week) + easier + 0.004 * wobble - scenario.peak_errors * peak
    order = np.lexsort((rng.random(count), whole_week, ~reviewed))
    correct = evenly(np.clip(right, 0.02, 0.995), order, rng)

    tasks = Tasks(
        scenario=scenario, created=created, week=week, kind=kind, arm=arm, beside=beside,
        release=_in_force([clock.at(one.week, one.hour) for one in scenario.releases], created),
        test=test, latency=_latency(scenario, clock, created, week, kind, rng), review_prob=review_prob,
        reviewed=reviewed, correct=correct, escalated=escalated, fallback=fallback, failed=failed,
        started=np.empty(0, np.int64), handle_start=np.empty(0, np.int64), handle_seconds=np.empty(0),
        escalated_at=np.empty(0, np.int64), escalation_seconds=np.empty(0), completed=np.empty(0, np.int64),
        status=np.empty(0, np.int64), reopened=np.empty(0, np.int64), ingested=np.empty(0, np.int64),
    )  # fmt: skip
    _flow(tasks, clock, rng)
    return tasks


def _in_force(starts: list[int], moments: Ints) -> Ints:
    """Return the index of what is in force at each moment; before the first start, the first."""
    return np.maximum(np.searchsorted(starts, moments, side="right") - 1, 0)


def _arrivals(scenario: Scenario, clock: Clock, count: int, rng: np.random.Generator) -> Ints:
    weight = np.array(scenario.day, dtype=np.float64)[clock.local_hour]
    weight *= np.array((1.12, 1.04, 1.0, 0.98, 0.92, scenario.weekend, scenario.weekend * 0.9))[clock.weekday]
    # growth over the last 30 weeks; older months are thinner, as work moved onto the recorded systems
    weight *= np.interp(clock.position, [-30, 0], [1.0, scenario.growth])
    weight *= np.interp(clock.position, [-113, -60, -34, -27], [0.25, 0.45, 0.80, 1.0])
    days = (clock.hours - clock.start) // DAY
    weight *= np.exp(0.05 * rng.standard_normal(int(days.max()) + 1))[days]
    hour = np.repeat(np.arange(len(weight)), rng.multinomial(count, weight / weight.sum()))
    return np.sort(clock.hours[hour] + rng.integers(0, HOUR, size=count))


def _kinds(scenario: Scenario, week: Floats, rng: np.random.Generator) -> Ints:
    mix = np.stack([level(one.mix, week) for one in scenario.kinds])
    limit = np.cumsum(mix, axis=0) / mix.sum(axis=0)
    drawn = rng.random(len(week))
    return (drawn[None, :] >= limit[:-1]).sum(axis=0).astype(np.int64)


def _busy(scenario: Scenario, clock: Clock, created: Ints) -> Floats:
    """Return how busy the hour is in which a task comes in, 1 in the busiest."""
    day = np.array(scenario.day, dtype=np.float64) / max(scenario.day)
    return day[clock.local_hour[(created - clock.start) // HOUR]]


def _latency(
    scenario: Scenario, clock: Clock, created: Ints, week: Floats, kind: Ints, rng: np.random.Generator
) -> Floats:
    """Return seconds until the AI answered, a little slower in busy hours."""
    sigma = scenario.latency_sigma
    median = level(scenario.latency_p95_ms, week) / np.exp(Z95 * sigma) / 1000
    median *= np.array([one.faster for one in scenario.kinds])[kind] * (
        0.97 + scenario.peak_latency * _busy(scenario, clock, created) ** 3
    )
    return lognormal(rng, median, sigma, len(created))


def _breakdowns(
    scenario: Scenario, clock: Clock, created: Ints, served: Flags, rng: np.random.Generator
) -> tuple[Flags, Flags]:
    """Return which tasks fall back to people and which fail; most do while the system is out."""
    count = len(created)
    fallback = served & (rng.random(count) < 0.008)
    for incident in scenario.incidents:
        if incident.kind == "degradation" or incident.minutes is None:
            continue
        begin = clock.at(incident.week, incident.hour)
        during = (created >= begin) & (created < begin + incident.minutes * 60 * SECOND)
        fallback |= served & during & (rng.random(count) < 0.85)
    return fallback, served & ~fallback & (rng.random(count) < 0.004)


def _flow(tasks: Tasks, clock: Clock, rng: np.random.Generator) -> None:
    """Follow each task through its steps up to the end of the window; what happens later has not happened."""
    scenario, count, stop = tasks.scenario, len(tasks.created), clock.stop
    kinds = scenario.kinds
    own = np.array([one.seconds for one in kinds])[tasks.kind]
    saving = np.array([one.saving for one in kinds])[tasks.kind]
    with_ai = level(scenario.handling_factor, tasks.week) - saving
    people = (tasks.arm == HUMAN) | (tasks.arm == ASSISTED) | tasks.fallback
    helped = (tasks.arm == ASSISTED) & ~tasks.fallback
    noise = np.exp(scenario.handling_sigma * rng.standard_normal(count) - scenario.handling_sigma**2 / 2)
    tasks.handle_seconds = np.where(people, np.maximum(own * np.where(helped, with_ai, 1.0) * noise, 2.0), 0.0)
    tasks.escalation_seconds = np.where(tasks.escalated, lognormal(rng, scenario.escalation_seconds, 0.4, count), 0.0)

    wait = micros(lognormal(rng, scenario.wait_minutes * 60, 0.8, count))
    answer_start = tasks.created + micros(lognormal(rng, 0.7, 0.5, count))
    answered = answer_start + micros(tasks.latency)
    tasks.handle_start = np.where(people, np.where(tasks.ai, answered, tasks.created) + wait, NULL)
    handled = np.where(people, tasks.handle_start + micros(tasks.handle_seconds), answered)
    tasks.started = np.where(tasks.ai, answer_start, tasks.handle_start)
    tasks.escalated_at = np.where(tasks.escalated, handled, NULL)
    second_wait = micros(lognormal(rng, scenario.wait_minutes * 60, 0.7, count))
    completed = np.where(tasks.escalated, handled + second_wait + micros(tasks.escalation_seconds), handled)

    status = np.full(count, COMPLETED)
    chance = rng.random(count)
    status[tasks.failed] = FAILED
    status[people & ~tasks.failed & (chance < 0.006)] = ABANDONED
    status[(status == COMPLETED) & (chance > 0.9997)] = UNKNOWN
    status[people & (status == COMPLETED) & (chance > 0.9975)] = OPEN  # stuck: the old end of the backlog
    status[(completed >= stop) & (status != UNKNOWN)] = OPEN
    no_end = (status == OPEN) | (status == ABANDONED) | (status == UNKNOWN) | ((status == FAILED) & (chance < 0.5))
    tasks.completed = np.where(no_end, NULL, completed)
    tasks.status = status
    tasks.started[tasks.started >= stop] = NULL
    tasks.handle_start[(tasks.handle_start >= stop) | (handled >= stop)] = NULL  # recorded when it ends
    stays = (status == COMPLETED) | (status == OPEN)
    tasks.escalated_at[(tasks.escalated_at >= stop) | ~stays] = NULL
    tasks.escalated &= tasks.escalated_at != NULL

    wrong = ~tasks.correct & tasks.served & ~tasks.escalated
    again = (status == COMPLETED) & (tasks.arm != SHADOW) & (rng.random(count) < np.where(wrong, 0.11, 0.009))
    reopened = np.where(tasks.completed == NULL, stop, tasks.completed) + micros(rng.uniform(0.2, 11, count) * 86_400)
    tasks.reopened = np.where(again & (reopened < stop), reopened, NULL)

    last = np.maximum.reduce([tasks.created, tasks.started, tasks.escalated_at, tasks.completed, tasks.reopened])
    tasks.ingested = arrival(last, clock, rng, late=0.012)


def task_table(tasks: Tasks, calls: Calls, rng: np.random.Generator) -> pa.Table:
    """Return `tasks` rows: some arrive twice, some were first sent as open and completed later (same key, newer)."""
    scenario, count = tasks.scenario, len(tasks.created)
    answered = tasks.ai & (tasks.started != NULL) & (tasks.status != OPEN)
    latency = np.where(answered & (rng.random(count) > 0.012), tasks.latency * 1000, np.nan)
    outcome = np.full(count, -1)
    outcome[tasks.done & (tasks.arm != SHADOW)] = 0
    outcome[tasks.done & tasks.escalated] = 1
    outcome[tasks.done & tasks.fallback] = 2
    outcome[tasks.status == FAILED] = 3
    shares = np.cumsum(scenario.escalation_outcomes)
    found = np.searchsorted(shares / shares[-1], rng.random(count), side="right")
    review_due = tasks.reviewed & tasks.done
    cost = _task_cost(tasks, calls, rng) if scenario.task_cost else np.full(count, NULL)
    columns = {
        **tasks.key(np.ones(count, np.bool_)),
        "task_type": words(tasks.kind, [one.name for one in scenario.kinds]),
        "created_at": instants(tasks.created),
        "started_at": instants(tasks.started),
        "completed_at": instants(tasks.completed),
        "status": words(tasks.status, STATUSES),
        "arm": words(tasks.arm, ARMS),
        "shadow_of": _shadow_of(tasks),
        "outcome": words(outcome, OUTCOMES),
        "release_id": words(
            np.where(tasks.ai, tasks.release, -1), [release_id(scenario, one) for one in range(len(scenario.releases))]
        ),
        "latency_ms": numbers(latency, 1),
        "handling_seconds": numbers(_desk_seconds(tasks, rng), 1),
        "human_seconds": numbers(np.full(count, np.nan), 1),
        "review_prob": numbers(tasks.review_prob, 6),
        "review_due": flags(review_due, tasks.served),
        "escalated_at": instants(tasks.escalated_at),
        "escalation_outcome": words(np.where(tasks.escalated & tasks.done, found, -1), ESCALATIONS),
        "reopened_at": instants(tasks.reopened),
        "cost_amount": money(cost),
        "cost_currency": words(np.where(cost == NULL, -1, 0), ["EUR"]),
        "cost_source": words(np.where(cost == NULL, -1, SOURCES.index("provider")), SOURCES),
        "trace_url": _trace_url(tasks, rng),
        "source_ref": constant(None, count),
        "is_test": flags(tasks.test),
        "ingested_at": instants(tasks.ingested),
    }
    table = pa.table(columns)
    return pa.concat_tables([with_copies(table, rng, 0.0025), _first_sent(table, tasks, rng)])


def _shadow_of(tasks: Tasks) -> pa.Array:
    """Return the id of the person's row that a shadow row runs beside."""
    there = tasks.beside >= 0
    names = ids(tasks.scenario.prefix, np.where(there, tasks.beside + 1, 0))
    return pc.call_function("if_else", [pa.array(there), names, pa.scalar(None, pa.string())])


def _trace_url(tasks: Tasks, rng: np.random.Generator) -> pa.Array:
    """Return where the AI's answer can be looked at; one in eight is kept."""
    kept = tasks.ai & (rng.random(len(tasks.created)) < 0.125)
    names = joined(pa.scalar("https://traces.meridian.example/"), ids(tasks.scenario.prefix, tasks.serial), "")
    return pc.call_function("if_else", [pa.array(kept), names, pa.scalar(None, pa.string())])


def release_id(scenario: Scenario, index: int) -> str:
    """Return the id of a system's release, for example `RT-r3`."""
    return f"{scenario.prefix}-r{index + 1}"


def _desk_seconds(tasks: Tasks, rng: np.random.Generator) -> Floats:
    """Return handling seconds where the desk tool records them: tasks that one person finished, most of the time."""
    missing = rng.random(len(tasks.created)) < 0.07
    simple = tasks.done & ~tasks.reviewed & ~tasks.escalated & ~tasks.fallback & (tasks.reopened == NULL) & ~tasks.test
    seconds = tasks.handle_seconds + np.where(tasks.ai, tasks.latency, 0.0)
    return np.where(simple & ~missing & tasks.scenario.desk_seconds, seconds, np.nan)


def _task_cost(tasks: Tasks, calls: Calls, rng: np.random.Generator) -> Ints:
    """Return the cost that the system itself reports: its serving calls at list price, in hundred-millionths."""
    paid = (calls.purpose != 1) & (calls.list_cost != NULL) & (tasks.arm[calls.row] != SHADOW)
    cost = np.zeros(len(tasks.created), dtype=np.int64)
    np.add.at(cost, calls.row[paid], calls.list_cost[paid])
    unknown = ~tasks.served | (cost == 0) | (rng.random(len(cost)) < 0.03)
    return np.where(unknown, NULL, cost)


def _first_sent(table: pa.Table, tasks: Tasks, rng: np.random.Generator) -> pa.Table:
    """Return the earlier, open version of some completed tasks; the final row has the newer `ingested_at`."""
    sent = np.maximum(tasks.started, tasks.created) + 30 * SECOND
    sending = 0.0 if tasks.scenario.batch_days else 0.006  # a snapshot has one version of each row
    rows = np.flatnonzero(tasks.done & (sent < tasks.ingested) & (rng.random(len(sent)) < sending))
    first = table.take(pa.array(rows))
    for name in ("completed_at", "outcome", "latency_ms", "handling_seconds", "escalated_at", "escalation_outcome",
                 "reopened_at", "cost_amount", "cost_currency", "cost_source"):  # fmt: skip
        index = first.schema.get_field_index(name)
        first = first.set_column(index, name, pa.nulls(len(rows), first.schema.field(name).type))
    first = first.set_column(first.schema.get_field_index("status"), "status", constant("open", len(rows)))
    at = first.schema.get_field_index("ingested_at")
    return first.set_column(at, "ingested_at", instants(sent[rows]))
