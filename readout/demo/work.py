"""One system's raw rows: tasks, their model calls, verdicts and people's work. Vectorised; deterministic per seed."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from readout.demo.clock import DAY, HOUR, SECOND, Clock, Floats, Ints
from readout.demo.columns import NULL, Flags, constant, flags, ids, instants, integers, joined, money, numbers, words
from readout.demo.scenario import JUDGE, UNPRICED_MODEL, Curve, Scenario

ARMS = ("ai_auto", "ai_assisted", "human")
AUTO, ASSISTED, HUMAN = range(3)
STATUSES = ("open", "completed", "failed", "abandoned", "unknown")
OPEN, COMPLETED, FAILED, ABANDONED, UNKNOWN = range(5)
OUTCOMES = ("resolved", "escalated", "fallback", "failed")
ESCALATIONS = ("ai_right", "ai_wrong", "out_of_scope", "unknown")
ACTIVITIES = ("handle", "review", "escalation", "rework")
REASONS = ("random", "low_confidence", "complaint", "audit", "escalated")
JUDGES = ("human", "model", "rule", "downstream")
PURPOSES = ("serve", "judge", "retry", "shadow")
SOURCES = ("invoiced", "provider", "gateway", "computed", "unknown")
Z95 = 1.6448536269514722  # standard normal quantile: turns a p95 into a median

Prices = dict[tuple[str, str], list[tuple[int, tuple[float, float, float]]]]  # from instant: input, output, cache_read


def level(curve: Curve, week: Floats) -> Floats:
    """Read a curve at each row's distance from the anchor, in weeks."""
    return np.interp(week, [x for x, _ in curve], [y for _, y in curve])


def evenly(probability: Floats, order: Ints, rng: np.random.Generator) -> Flags:
    """Draw true with each row's probability, spread evenly along `order` (systematic sampling).

    Every stretch of the order holds its expected number of hits to within one: the stories must not hang on the luck
    of a few hundred reviews a week.
    """
    steps = np.floor(np.concatenate(([0.0], np.cumsum(probability[order]))) + rng.random())
    drawn = np.empty(len(order), dtype=np.bool_)
    drawn[order] = np.diff(steps) > 0
    return drawn


@dataclass
class Tasks:
    """A system's tasks as arrays of equal length; instants in µs of UTC, NULL where there is none."""

    scenario: Scenario
    created: Ints
    week: Floats
    kind: Ints
    arm: Ints
    release: Ints
    test: Flags
    latency: Floats  # seconds, also where the record lacks it
    review_prob: Floats
    reviewed: Flags
    correct: Flags
    escalated: Flags
    fallback: Flags
    failed: Flags
    started: Ints
    handle_start: Ints
    handle_seconds: Floats  # 0 where nobody handles the task
    escalated_at: Ints
    escalation_seconds: Floats
    completed: Ints
    status: Ints
    reopened: Ints
    ingested: Ints
    serial: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.serial = np.arange(1, len(self.created) + 1, dtype=np.int64)

    @property
    def ai(self) -> Flags:
        """Whether an AI arm has the task."""
        return self.arm != HUMAN

    @property
    def done(self) -> Flags:
        """Whether the task is completed."""
        return self.status == COMPLETED

    def key(self, rows: Ints | Flags) -> dict[str, pa.Array]:
        """Return the two key columns of the chosen rows."""
        serial = self.serial[rows]
        return {"system_id": constant(self.scenario.id, len(serial)), "task_id": ids(self.scenario.prefix, serial)}


def lognormal(rng: np.random.Generator, median: float | Floats, sigma: float, size: int) -> Floats:
    """Draw with that median."""
    return median * np.exp(sigma * rng.standard_normal(size))


def micros(seconds: Floats) -> Ints:
    """Seconds → whole microseconds."""
    return np.round(seconds * SECOND).astype(np.int64)


def draw_tasks(scenario: Scenario, clock: Clock, count: int, rng: np.random.Generator) -> Tasks:
    """Draw a system's tasks over the window."""
    created = _arrivals(scenario, clock, count, rng)
    week = clock.position[(created - clock.start) // HOUR]
    whole_week = np.floor(week).astype(np.int64)
    wobble = rng.normal(0, 1, size=whole_week.max() - whole_week.min() + 1)[whole_week - whole_week.min()]
    kind = _kinds(scenario, week, rng)

    stage = _in_force([clock.at(one.week, 6) for one in scenario.stages], created)
    entitled = np.array([one.load_share for one in scenario.stages])[stage]
    arm = np.where(rng.random(count) < entitled + level(scenario.overrun, week) + 0.006 * wobble, AUTO, HUMAN)
    arm[(arm == AUTO) & (rng.random(count) < level(scenario.assisted, week))] = ASSISTED
    ai = arm != HUMAN
    test = ai & (rng.random(count) < 0.0015)

    reviewable = np.array([one.reviewable for one in scenario.kinds])[kind]
    rate = np.array([one.review_rate for one in scenario.stages])[stage]
    review_prob = np.where(ai, np.where(reviewable, rate, 0.0), np.nan)
    reviewed = ai & ~test & reviewable & (rng.random(count) < rate)

    fallback, failed = _breakdowns(scenario, clock, created, ai, rng)
    escalated = ai & ~fallback & ~failed & (rng.random(count) < level(scenario.escalation, week))

    easier = np.array([one.easier for one in scenario.kinds])[kind]
    right = np.clip(level(scenario.accuracy, week) + easier + 0.004 * wobble, 0.02, 0.995)
    order = np.lexsort((rng.random(count), whole_week, ~reviewed))
    correct = evenly(right, order, rng)

    tasks = Tasks(
        scenario=scenario, created=created, week=week, kind=kind, arm=arm,
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
    weight *= np.linspace(1.0, scenario.growth, len(weight))
    days = (clock.hours - clock.start) // DAY
    weight *= np.exp(0.05 * rng.standard_normal(int(days.max()) + 1))[days]
    hour = np.repeat(np.arange(len(weight)), rng.multinomial(count, weight / weight.sum()))
    return np.sort(clock.hours[hour] + rng.integers(0, HOUR, size=count))


def _kinds(scenario: Scenario, week: Floats, rng: np.random.Generator) -> Ints:
    mix = np.stack([level(one.mix, week) for one in scenario.kinds])
    limit = np.cumsum(mix, axis=0) / mix.sum(axis=0)
    drawn = rng.random(len(week))
    return (drawn[None, :] >= limit[:-1]).sum(axis=0).astype(np.int64)


def _latency(
    scenario: Scenario, clock: Clock, created: Ints, week: Floats, kind: Ints, rng: np.random.Generator
) -> Floats:
    """Return seconds until the AI answered, a little slower in busy hours."""
    sigma = scenario.latency_sigma
    busy = np.array(scenario.day, dtype=np.float64)[clock.local_hour[(created - clock.start) // HOUR]]
    median = level(scenario.latency_p95_ms, week) / np.exp(Z95 * sigma) / 1000
    median *= np.array([one.faster for one in scenario.kinds])[kind] * (0.96 + 0.05 * busy / max(scenario.day))
    return lognormal(rng, median, sigma, len(created))


def _breakdowns(
    scenario: Scenario, clock: Clock, created: Ints, ai: Flags, rng: np.random.Generator
) -> tuple[Flags, Flags]:
    """Return which tasks fall back to people and which fail; most do while the system is out."""
    count = len(created)
    fallback = ai & (rng.random(count) < 0.008)
    for incident in scenario.incidents:
        if incident.kind == "degradation" or incident.minutes is None:
            continue
        begin = clock.at(incident.week, incident.hour)
        during = (created >= begin) & (created < begin + incident.minutes * 60 * SECOND)
        fallback |= ai & during & (rng.random(count) < 0.85)
    return fallback, ai & ~fallback & (rng.random(count) < 0.004)


def _flow(tasks: Tasks, clock: Clock, rng: np.random.Generator) -> None:
    """Follow each task through its steps up to the end of the window; what happens later has not happened."""
    scenario, count, stop = tasks.scenario, len(tasks.created), clock.stop
    kinds = scenario.kinds
    own = np.array([one.seconds for one in kinds])[tasks.kind]
    saving = np.array([one.saving for one in kinds])[tasks.kind]
    with_ai = level(scenario.handling_factor, tasks.week) - saving
    people = (tasks.arm != AUTO) | tasks.fallback
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
    status[(tasks.arm != AUTO) & ~tasks.failed & (chance < 0.006)] = ABANDONED
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

    wrong = ~tasks.correct & tasks.ai & ~tasks.escalated
    again = (status == COMPLETED) & (rng.random(count) < np.where(wrong, 0.11, 0.009))
    reopened = np.where(tasks.completed == NULL, stop, tasks.completed) + micros(rng.uniform(0.2, 11, count) * 86_400)
    tasks.reopened = np.where(again & (reopened < stop), reopened, NULL)

    last = np.maximum.reduce([tasks.created, tasks.started, tasks.escalated_at, tasks.completed, tasks.reopened])
    tasks.ingested = arrival(last, clock, rng, late=0.012)


def arrival(event: Ints, clock: Clock, rng: np.random.Generator, late: float) -> Ints:
    """Return when rows arrive: a minute or two after the event, some days late, none after the end of the data."""
    count = len(event)
    arrived = event + micros(lognormal(rng, 75, 0.6, count))
    arrived += np.where(rng.random(count) < late, micros(rng.uniform(0.4, 9, count) * 86_400), 0)
    return np.minimum(arrived, clock.arrived - micros(rng.uniform(0, 60, count)))


# --- model calls -----------------------------------------------------------------------------------------------------


@dataclass
class Calls:
    """A system's model calls as arrays; `row` is the task's row."""

    row: Ints
    purpose: Ints
    started: Ints
    seconds: Floats
    failed: Flags
    model: Ints  # code in the system's list of models
    tokens: tuple[Ints, Ints, Ints]  # input, output, cache_read
    cost: Ints  # millionths, NULL where the source sends none
    source: Ints
    list_cost: Ints  # what the price table says, NULL where there is no price


def models_of(scenario: Scenario) -> list[tuple[str, str]]:
    """Return (provider, model) of everything the system calls: its releases' models, the judge, the preview."""
    names = list(dict.fromkeys(release.model for release in scenario.releases))
    return [*((scenario.provider, name) for name in names), JUDGE, (scenario.provider, UNPRICED_MODEL)]


def draw_calls(tasks: Tasks, judged: Ints, clock: Clock, prices: Prices, rng: np.random.Generator) -> Calls:
    """Draw the calls: one per AI answer, a second one where the first failed, one per model judgement."""
    scenario = tasks.scenario
    serve = np.flatnonzero(tasks.ai & (tasks.started != NULL))
    broke = rng.random(len(serve)) < 0.021
    retry = serve[broke]
    latency = tasks.latency
    row = np.concatenate([serve, retry, judged])
    purpose = np.repeat(np.array([0, 2, 1]), [len(serve), len(retry), len(judged)])
    judged_at = np.maximum(tasks.completed[judged], tasks.created[judged]) + micros(rng.uniform(60, 3_000, len(judged)))
    started = np.concatenate(
        [tasks.started[serve], tasks.started[retry] + micros(0.36 * latency[retry] + 0.02), judged_at]
    )
    seconds = np.concatenate(
        [latency[serve] * np.where(broke, 0.34, 0.95), 0.57 * latency[retry], rng.uniform(0.6, 1.8, len(judged))]
    )
    failed = np.concatenate([broke, np.zeros(len(retry) + len(judged), np.bool_)])

    models = models_of(scenario)
    names = [name for _, name in models]
    of_release = np.array([names.index(release.model) for release in scenario.releases])
    model = of_release[tasks.release[row]]
    model[purpose == 1] = names.index(JUDGE[1])
    model[(purpose != 1) & (rng.random(len(row)) < scenario.unpriced)] = len(names) - 1

    week = tasks.week[row]
    count = len(row)
    size_in = np.where(purpose == 1, 700, level(scenario.input_tokens, week))
    size_out = np.where(failed, 0, np.where(purpose == 1, 40, level(scenario.output_tokens, week)))
    cached = np.where(purpose == 1, 0, scenario.cache_read_tokens)
    tokens_in = np.round(size_in * np.exp(0.3 * rng.standard_normal(count) - 0.045)).astype(np.int64) + 1
    tokens_out = np.round(size_out * np.exp(0.35 * rng.standard_normal(count) - 0.061)).astype(np.int64)
    tokens_cached = np.round(cached * (rng.random(count) < 0.8)).astype(np.int64)
    tokens = (tokens_in, tokens_out, tokens_cached)

    list_cost = _list_cost(models, model, started, tokens, prices)
    cost, source = np.full(count, NULL), np.full(count, -1)
    if scenario.gateway:  # by task, so that a task's calls are all booked or all to be priced
        booked = (rng.random(len(tasks.created)) < scenario.gateway)[row] & (purpose != 1) & (list_cost != NULL)
        cost[booked], source[booked] = list_cost[booked], SOURCES.index("gateway")
    if scenario.zero_cost_week is not None:
        begin = clock.at(scenario.zero_cost_week)
        zero = (started >= begin) & (started < begin + 3 * DAY) & (rng.random(count) < 0.6)
        cost[zero], source[zero] = 0, SOURCES.index("gateway")
    return Calls(row, purpose, started, seconds, failed, model, tokens, cost, source, list_cost)


def _list_cost(
    models: list[tuple[str, str]], model: Ints, started: Ints, tokens: tuple[Ints, Ints, Ints], prices: Prices
) -> Ints:
    """Return tokens × dated price in millionths of the currency (prices are per 1,000,000 tokens)."""
    cost = np.full(len(model), NULL)
    for code, name in enumerate(models):
        for (begin, price), (end, _) in pairwise([*prices.get(name, ()), (np.iinfo(np.int64).max, (0.0, 0.0, 0.0))]):
            here = (model == code) & (started >= begin) & (started < end)
            exact = sum(count[here] * each for count, each in zip(tokens, price, strict=True))
            cost[here] = np.round(exact).astype(np.int64)
    return cost


def call_table(tasks: Tasks, calls: Calls, clock: Clock, rng: np.random.Generator) -> pa.Table:
    """Return `model_calls` rows; a few arrive twice."""
    count = len(calls.row)
    models = models_of(tasks.scenario)
    answer = np.where(calls.failed, np.nan, calls.seconds * 1000 * 0.4)
    ended = np.minimum(calls.started + micros(calls.seconds), clock.stop)
    columns = {
        "system_id": constant(tasks.scenario.id, count),
        "call_id": ids(f"{tasks.scenario.prefix}C", np.arange(1, count + 1)),
        "task_id": ids(tasks.scenario.prefix, tasks.serial[calls.row]),
        "provider": words(calls.model, [provider for provider, _ in models]),
        "model": words(calls.model, [name for _, name in models]),
        "operation": constant("chat", count),
        "purpose": words(calls.purpose, PURPOSES),
        "started_at": instants(calls.started),
        "duration_ms": numbers(np.where(rng.random(count) < 0.003, np.nan, calls.seconds * 1000), 3),
        "ttft_ms": numbers(answer, 1),
        "input_tokens": integers(calls.tokens[0]),
        "output_tokens": integers(calls.tokens[1]),
        "cache_read_tokens": integers(calls.tokens[2]),
        "cache_write_tokens": integers(np.zeros(count, np.int64)),
        "cost_amount": money(calls.cost),
        "cost_currency": words(np.where(calls.cost == NULL, -1, 0), ["EUR"]),
        "cost_source": words(calls.source, SOURCES),
        "status": words(calls.failed.astype(np.int64), ["ok", "error"]),
        "error_type": words(np.where(calls.failed, 0, -1), ["timeout"]),
        "ingested_at": instants(arrival(ended, clock, rng, late=0.004)),
    }
    table = pa.table(columns)
    inside = pa.array(calls.started < clock.stop)
    return _with_copies(table.filter(inside), rng, 0.002)


# --- verdicts --------------------------------------------------------------------------------------------------------


@dataclass
class Verdicts:
    """A system's verdicts as arrays; `row` is the task's row, outcome 1 true, 0 false, -1 cannot tell."""

    row: Ints
    suffix: Ints
    judge: Ints
    reason: Ints
    outcome: Ints
    score: Floats
    prob: Floats
    created: Ints
    ingested: Ints


SUFFIXES = ("-h1", "-m1", "-d1", "-x1")


def draw_verdicts(tasks: Tasks, clock: Clock, rng: np.random.Generator) -> Verdicts:
    """Draw random reviews, reviews for a reason, model judgements and what the business proves later."""
    scenario = tasks.scenario
    parts: list[tuple[Ints, int, int, Ints, Ints, Floats, Ints]] = []
    usable = tasks.done & tasks.ai & ~tasks.test
    count = len(tasks.created)

    random = np.flatnonzero(usable & tasks.reviewed & (rng.random(count) < 0.99))
    days = lognormal(rng, 0.55, 0.7, len(random))
    days += np.where(rng.random(len(random)) < 0.02, rng.uniform(3, 12, len(random)), 0)
    told = np.where(rng.random(len(random)) < 0.015, -1, tasks.correct[random].astype(np.int64))
    reason = np.zeros(len(random), np.int64)
    when = tasks.completed[random] + micros(days * 86_400)
    parts.append((random, 0, 0, reason, told, tasks.review_prob[random], when))

    other = usable & ~tasks.reviewed
    draw = rng.random(count)
    picked = np.full(count, -1)
    picked[other & (draw < 0.002)] = REASONS.index("audit")
    picked[other & (draw > 0.996) & (scenario.model_judge > 0)] = REASONS.index("low_confidence")
    picked[other & ~tasks.correct & (draw > 0.97)] = REASONS.index("complaint")
    picked[other & tasks.escalated & (draw > 0.75)] = REASONS.index("escalated")
    chosen = np.flatnonzero(picked >= 0)
    when = tasks.completed[chosen] + micros(rng.uniform(0.3, 6, len(chosen)) * 86_400)
    outcome = tasks.correct[chosen].astype(np.int64)
    parts.append((chosen, 3, 0, picked[chosen], outcome, np.full(len(chosen), np.nan), when))

    if scenario.model_judge:
        judged = np.flatnonzero(usable & (rng.random(count) < scenario.model_judge))
        seen = tasks.correct[judged] ^ (rng.random(len(judged)) < 0.05)
        when = tasks.completed[judged] + micros(rng.uniform(120, 5_000, len(judged)))
        prob = np.full(len(judged), scenario.model_judge)
        parts.append((judged, 1, 1, np.zeros(len(judged), np.int64), seen.astype(np.int64), prob, when))
    if scenario.downstream:
        proved = np.flatnonzero(usable & (rng.random(count) < scenario.downstream))
        fine = tasks.correct[proved] | (rng.random(len(proved)) < 0.6)
        when = tasks.completed[proved] + micros(rng.uniform(2, 26, len(proved)) * 86_400)
        none = np.full(len(proved), -1)
        parts.append((proved, 2, 3, none, fine.astype(np.int64), np.full(len(proved), np.nan), when))

    def column(index: int) -> npt.NDArray[Any]:
        return np.concatenate([np.broadcast_to(part[index], part[0].shape) for part in parts])

    created, judge, outcome = column(6), column(2), column(4)
    score = np.where(judge == 1, np.where(outcome == 1, 0.5, 0.0) + rng.uniform(0, 0.5, len(judge)), np.nan)
    late = created + micros(np.where(rng.random(len(created)) < 0.012, rng.uniform(1, 6, len(created)), 0) * 86_400)
    ingested = arrival(np.minimum(late, clock.stop), clock, rng, late=0.0)
    known = late < clock.stop  # what is judged or delivered later is not here yet
    return Verdicts(
        row=column(0)[known],
        suffix=column(1)[known],
        judge=judge[known],
        reason=column(3)[known],
        outcome=outcome[known],
        score=score[known],
        prob=column(5)[known],
        created=created[known],
        ingested=ingested[known],
    )


def verdict_table(tasks: Tasks, verdicts: Verdicts, rng: np.random.Generator) -> pa.Table:
    """Return `verdicts` rows; some human ones were sent with the other outcome first and then corrected."""
    count = len(verdicts.row)
    task = ids(tasks.scenario.prefix, tasks.serial[verdicts.row])
    suffix = words(verdicts.suffix, SUFFIXES)
    table = pa.table(
        {
            "system_id": constant(tasks.scenario.id, count),
            "task_id": task,
            "verdict_id": joined(task, suffix, ""),
            "metric": constant("correct", count),
            "outcome": flags(verdicts.outcome == 1, verdicts.outcome >= 0),
            "score": numbers(verdicts.score, 3),
            "judge": words(verdicts.judge, JUDGES),
            "review_reason": words(verdicts.reason, REASONS),
            "sampling_prob": numbers(verdicts.prob, 6),
            "created_at": instants(verdicts.created),
            "ingested_at": instants(verdicts.ingested),
        }
    )
    first = np.flatnonzero((verdicts.judge == 0) & (verdicts.outcome >= 0) & (rng.random(count) < 0.008))
    first = first[verdicts.ingested[first] - verdicts.created[first] > 20 * SECOND]
    before = table.take(pa.array(first))
    place = table.schema.get_field_index
    before = before.set_column(place("outcome"), "outcome", flags(verdicts.outcome[first] != 1))
    before = before.set_column(place("ingested_at"), "ingested_at", instants(verdicts.created[first] + 5 * SECOND))
    return pa.concat_tables([_with_copies(table, rng, 0.002), before])


# --- people's work ---------------------------------------------------------------------------------------------------


def work_table(tasks: Tasks, verdicts: Verdicts, clock: Clock, rng: np.random.Generator) -> pa.Table:
    """Return `human_work` rows: handling, reviews, escalations, rework; recorded when the stretch ends."""
    scenario = tasks.scenario
    human = np.flatnonzero(verdicts.judge == 0)
    handle = np.flatnonzero((tasks.handle_start != NULL) & (tasks.handle_seconds > 0) & ~tasks.test)
    escalation = np.flatnonzero(tasks.escalated & tasks.done & ~tasks.test)
    rework = np.flatnonzero((tasks.reopened != NULL) & ~tasks.test & (rng.random(len(tasks.created)) < 0.7))
    own = np.array([one.seconds for one in scenario.kinds])[tasks.kind[rework]]
    review_seconds = lognormal(rng, scenario.review_seconds, 0.4, len(human))
    rework_seconds = lognormal(rng, 0.55 * own, 0.4, len(rework))
    parts = (
        (handle, 0, scenario.roles[0], tasks.handle_start[handle], tasks.handle_seconds[handle]),
        (verdicts.row[human], 1, scenario.roles[1], verdicts.created[human] - micros(review_seconds), review_seconds),
        (
            escalation, 2, scenario.roles[2],
            tasks.completed[escalation] - micros(tasks.escalation_seconds[escalation]),
            tasks.escalation_seconds[escalation],
        ),
        (rework, 3, scenario.roles[0], tasks.reopened[rework] + micros(rng.uniform(300, 9_000, len(rework))),
         rework_seconds),
    )  # fmt: skip
    tables = []
    for row, activity, role, started, seconds in parts:
        ended = started + micros(seconds)
        kept = ended < clock.stop
        rounded = np.round(seconds[kept], 1)
        tables.append(
            pa.table(
                {
                    **tasks.key(row[kept]),
                    "activity": constant(ACTIVITIES[activity], int(kept.sum())),
                    "role": constant(role, int(kept.sum())),
                    "started_at": instants(started[kept]),
                    "seconds": numbers(rounded, 1),
                    "ingested_at": instants(arrival(ended[kept], clock, rng, late=0.008)),
                }
            )
        )
    return _with_copies(pa.concat_tables(tables), rng, 0.002)


# --- tasks as rows ---------------------------------------------------------------------------------------------------


def task_table(tasks: Tasks, calls: Calls, rng: np.random.Generator) -> pa.Table:
    """Return `tasks` rows: some arrive twice, some were first sent as open and completed later (same key, newer)."""
    scenario, count = tasks.scenario, len(tasks.created)
    answered = tasks.ai & (tasks.started != NULL) & (tasks.status != OPEN)
    latency = np.where(answered & (rng.random(count) > 0.012), tasks.latency * 1000, np.nan)
    outcome = np.full(count, -1)
    outcome[tasks.done] = 0
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
        "shadow_of": constant(None, count),
        "outcome": words(outcome, OUTCOMES),
        "release_id": words(
            np.where(tasks.ai, tasks.release, -1), [release_id(scenario, one) for one in range(len(scenario.releases))]
        ),
        "latency_ms": numbers(latency, 1),
        "handling_seconds": numbers(_desk_seconds(tasks, rng), 1),
        "human_seconds": numbers(np.full(count, np.nan), 1),
        "review_prob": numbers(tasks.review_prob, 6),
        "review_due": flags(review_due, tasks.ai),
        "escalated_at": instants(tasks.escalated_at),
        "escalation_outcome": words(np.where(tasks.escalated & tasks.done, found, -1), ESCALATIONS),
        "reopened_at": instants(tasks.reopened),
        "cost_amount": money(cost),
        "cost_currency": words(np.where(cost == NULL, -1, 0), ["EUR"]),
        "cost_source": words(np.where(cost == NULL, -1, SOURCES.index("provider")), SOURCES),
        "trace_url": constant(None, count),
        "source_ref": constant(None, count),
        "is_test": flags(tasks.test),
        "ingested_at": instants(tasks.ingested),
    }
    table = pa.table(columns)
    return pa.concat_tables([_with_copies(table, rng, 0.0025), _first_sent(table, tasks, rng)])


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
    """Return the cost that the system itself reports: its serving calls at list price, in millionths."""
    paid = (calls.purpose != 1) & (calls.list_cost != NULL)
    cost = np.zeros(len(tasks.created), dtype=np.int64)
    np.add.at(cost, calls.row[paid], calls.list_cost[paid])
    unknown = ~tasks.ai | (cost == 0) | (rng.random(len(cost)) < 0.03)
    return np.where(unknown, NULL, cost)


def _first_sent(table: pa.Table, tasks: Tasks, rng: np.random.Generator) -> pa.Table:
    """Return the earlier, open version of some completed tasks; the final row has the newer `ingested_at`."""
    sent = np.maximum(tasks.started, tasks.created) + 30 * SECOND
    rows = np.flatnonzero(tasks.done & (sent < tasks.ingested) & (rng.random(len(sent)) < 0.006))
    first = table.take(pa.array(rows))
    for name in ("completed_at", "outcome", "latency_ms", "handling_seconds", "escalated_at", "escalation_outcome",
                 "reopened_at", "cost_amount", "cost_currency", "cost_source"):  # fmt: skip
        index = first.schema.get_field_index(name)
        first = first.set_column(index, name, pa.nulls(len(rows), first.schema.field(name).type))
    first = first.set_column(first.schema.get_field_index("status"), "status", constant("open", len(rows)))
    at = first.schema.get_field_index("ingested_at")
    return first.set_column(at, "ingested_at", instants(sent[rows]))


def _with_copies(table: pa.Table, rng: np.random.Generator, share: float) -> pa.Table:
    """Return the table with exact copies of some of its rows at the end."""
    copies = np.flatnonzero(rng.random(len(table)) < share)
    return pa.concat_tables([table, table.take(pa.array(copies))])
