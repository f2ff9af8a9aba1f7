"""One system's model calls, and what they cost at list price."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from readout.demo.books import JUDGE, UNPRICED_MODEL
from readout.demo.clock import DAY, Clock, Floats, Ints
from readout.demo.columns import NULL, Flags, constant, ids, instants, integers, money, numbers, words
from readout.demo.draws import PURPOSES, SHADOW, SOURCES, WHOLE, Prices, Tasks, arrival, level, micros, with_copies
from readout.demo.scenario import Scenario


@dataclass
class Calls:
    """A system's model calls as arrays; `row` is the task's row."""

    row: Ints
    purpose: Ints
    step: Ints  # which step of the orchestration, -1 for a judge
    started: Ints
    seconds: Floats
    failed: Flags
    model: Ints  # code in the system's list of models
    tokens: tuple[Ints, Ints, Ints]  # input, output, cache_read
    cost: Ints  # hundred-millionths, NULL where the source sends none
    source: Ints
    list_cost: Ints  # what the price table says, NULL where there is no price


def models_of(scenario: Scenario) -> list[tuple[str, str]]:
    """Return (provider, model) of everything the system calls: its releases' models, the judge, the preview."""
    released = [(scenario.provider, release.model) for release in scenario.releases]
    steps = [(step.provider, step.model) for step in scenario.steps if step.model]
    return [*dict.fromkeys([*released, *steps]), JUDGE, (scenario.provider, UNPRICED_MODEL)]


def draw_calls(tasks: Tasks, judged: Ints, clock: Clock, prices: Prices, rng: np.random.Generator) -> Calls:
    """Draw the calls: one per AI answer, a second one where the first failed, one per model judgement."""
    scenario = tasks.scenario
    serve = np.flatnonzero(tasks.ai & (tasks.started != NULL))
    broke = rng.random(len(serve)) < 0.021
    retry = serve[broke]
    latency = tasks.latency
    steps = scenario.steps or (WHOLE,)
    parts = [(serve, one, np.zeros(len(serve), np.bool_)) for one in steps[1:]]
    parts.insert(0, (serve, steps[0], broke))
    row = np.concatenate([*(rows for rows, _, _ in parts), retry, judged])
    step = np.repeat([*range(len(steps)), 0, -1], [*(len(rows) for rows, _, _ in parts), len(retry), len(judged)])
    purpose = np.where(step < 0, 1, 0)
    purpose[len(serve) * len(steps) : len(serve) * len(steps) + len(retry)] = 2
    purpose[(purpose != 1) & (tasks.arm[row] == SHADOW)] = PURPOSES.index("shadow")
    judged_at = np.maximum(tasks.completed[judged], tasks.created[judged]) + micros(rng.uniform(60, 3_000, len(judged)))
    before = np.concatenate(([0.0], np.cumsum([one.seconds for one in steps])))
    started = np.concatenate(
        [
            *(tasks.started[rows] + micros(before[at] * latency[rows]) for at, (rows, _, _) in enumerate(parts)),
            tasks.started[retry] + micros(0.36 * latency[retry] + 0.02),
            judged_at,
        ]
    )
    seconds = np.concatenate(
        [
            *(latency[rows] * one.seconds * np.where(gone, 0.34, 0.95) for rows, one, gone in parts),
            0.57 * latency[retry] * steps[0].seconds,
            rng.uniform(0.6, 1.8, len(judged)),
        ]
    )
    failed = np.concatenate([*(gone for _, _, gone in parts), np.zeros(len(retry) + len(judged), np.bool_)])

    models = models_of(scenario)
    names = [name for _, name in models]
    of_release = np.array([names.index(release.model) for release in scenario.releases])
    of_step = np.array([names.index(one.model) if one.model else -1 for one in steps])
    model = np.where(of_step[step] >= 0, of_step[step], of_release[tasks.release[row]])
    model[purpose == 1] = names.index(JUDGE[1])
    model[(purpose != 1) & (rng.random(len(row)) < scenario.unpriced)] = len(names) - 1

    week = tasks.week[row]
    count = len(row)
    more_in, more_out = (np.array([getattr(one, name) for one in steps])[step] for name in ("tokens_in", "tokens_out"))
    size_in = np.where(purpose == 1, 700, more_in * level(scenario.input_tokens, week))
    size_out = np.where(failed, 0, np.where(purpose == 1, 40, more_out * level(scenario.output_tokens, week)))
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
    return Calls(row, purpose, step, started, seconds, failed, model, tokens, cost, source, list_cost)


def _list_cost(
    models: list[tuple[str, str]], model: Ints, started: Ints, tokens: tuple[Ints, Ints, Ints], prices: Prices
) -> Ints:
    """Return tokens × dated price in hundred-millionths of the currency: exact.

    Prices are in hundredths per 1,000,000 tokens.
    """
    cost = np.full(len(model), NULL)
    for code, name in enumerate(models):
        for (begin, price), (end, _) in pairwise([*prices.get(name, ()), (np.iinfo(np.int64).max, (0.0, 0.0, 0.0))]):
            here = (model == code) & (started >= begin) & (started < end)
            cost[here] = sum(count[here] * round(each * 100) for count, each in zip(tokens, price, strict=True))
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
        "operation": words(calls.step, [one.operation for one in tasks.scenario.steps or (WHOLE,)]),
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
    return with_copies(table.filter(inside), rng, 0.002)
