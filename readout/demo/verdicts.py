"""One system's verdicts: random reviews, reviews for a reason, judging models, later proofs, comparisons."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from readout.demo.clock import SECOND, Clock, Floats, Ints
from readout.demo.columns import constant, flags, ids, instants, joined, numbers, words
from readout.demo.draws import JUDGES, REASONS, SHADOW, Tasks, arrival, lognormal, micros, with_copies
from readout.demo.scenario import Scenario


@dataclass
class Verdicts:
    """A system's verdicts as arrays; `row` is the task's row, outcome 1 true, 0 false, -1 cannot tell."""

    row: Ints
    suffix: Ints
    metric: Ints
    judge: Ints
    reason: Ints
    outcome: Ints
    score: Floats
    prob: Floats
    created: Ints
    ingested: Ints


SUFFIXES = ("-h1", "-m1", "-d1", "-x1", "-a1", "-w1")
METRICS = ("correct", "agreement", "ai_right")


def draw_verdicts(tasks: Tasks, clock: Clock, rng: np.random.Generator) -> Verdicts:
    """Draw random reviews, reviews for a reason, model judgements and what the business proves later."""
    scenario = tasks.scenario
    parts: list[Part] = []
    usable = tasks.done & tasks.served & ~tasks.test
    count = len(tasks.created)

    random = np.flatnonzero(usable & tasks.reviewed & (rng.random(count) < 0.99))
    days = lognormal(rng, 0.55, 0.7, len(random))
    days += np.where(rng.random(len(random)) < 0.02, rng.uniform(3, 12, len(random)), 0)
    told = np.where(rng.random(len(random)) < 0.015, -1, tasks.correct[random].astype(np.int64))
    reason = np.zeros(len(random), np.int64)
    when = tasks.completed[random] + micros(days * 86_400)
    by_model = scenario.reviewer == "model"
    if by_model:
        when = tasks.completed[random] + micros(rng.uniform(60, 3_000, len(random)))
        told = _as_the_model_says(scenario, clock, told, when, rng)
    parts.append((random, int(by_model), int(by_model), reason, told, tasks.review_prob[random], when))

    other = usable & ~tasks.reviewed & (scenario.reviewer == "human")
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

    if scenario.shadow:
        parts += _beside(tasks, rng)

    def column(index: int) -> npt.NDArray[Any]:
        return np.concatenate([np.broadcast_to(part[index], part[0].shape) for part in parts])

    created, judge, outcome = column(6), column(2), column(4)
    suffix = column(1)
    metric = np.where(suffix == SUFFIXES.index("-a1"), 1, np.where(suffix == SUFFIXES.index("-w1"), 2, 0))
    score = np.where(judge == 1, np.where(outcome == 1, 0.5, 0.0) + rng.uniform(0, 0.5, len(judge)), np.nan)
    late = created + micros(np.where(rng.random(len(created)) < 0.012, rng.uniform(1, 6, len(created)), 0) * 86_400)
    ingested = arrival(np.minimum(late, clock.stop), clock, rng, late=0.0)
    known = late < clock.stop  # what is judged or delivered later is not here yet
    return Verdicts(
        row=column(0)[known],
        suffix=suffix[known],
        metric=metric[known],
        judge=judge[known],
        reason=column(3)[known],
        outcome=outcome[known],
        score=score[known],
        prob=column(5)[known],
        created=created[known],
        ingested=ingested[known],
    )


def _as_the_model_says(scenario: Scenario, clock: Clock, told: Ints, when: Ints, rng: np.random.Generator) -> Ints:
    """Return the judging model's outcomes: mostly right, and of no use while it is out."""
    told = np.where(rng.random(len(told)) < 0.02, 1 - told.clip(0), told)
    if scenario.judge_outage:
        begin, weeks = scenario.judge_outage
        told = np.where((when >= clock.at(begin)) & (when < clock.at(begin + weeks)), -1, told)
    return told


Part = tuple[Ints, int, int, Ints, Ints, Floats, Ints]


def _beside(tasks: Tasks, rng: np.random.Generator) -> list[Part]:
    """Compare the AI's answers in shadow with the people's; where they differ, a person says of most who was right."""
    kinds = tasks.scenario.kinds
    shadow = np.flatnonzero((tasks.arm == SHADOW) & tasks.done & tasks.done[tasks.beside])
    compared = np.array([0.96 if one.reviewable else 0.3 for one in kinds])[tasks.kind[shadow]]
    shadow = shadow[rng.random(len(shadow)) < compared]
    person = rng.random(len(shadow)) < np.array([one.baseline_accuracy for one in kinds])[tasks.kind[shadow]]
    right = tasks.correct[shadow]
    same = (right & person) | (~right & ~person & (rng.random(len(shadow)) < 0.4))
    when = np.maximum(tasks.completed[shadow], tasks.completed[tasks.beside[shadow]])
    compared_at = when + micros(rng.uniform(600, 9_000, len(shadow)))
    none, nothing = np.full(len(shadow), -1), np.full(len(shadow), np.nan)
    agreement: Part = (
        shadow, SUFFIXES.index("-a1"), JUDGES.index("rule"), none, same.astype(np.int64), nothing, compared_at
    )  # fmt: skip
    asked = np.flatnonzero(~same & (right != person) & (rng.random(len(shadow)) < 0.6))
    asked_at = compared_at[asked] + micros(rng.uniform(0.1, 3, len(asked)) * 86_400)
    judged: Part = (
        shadow[asked], SUFFIXES.index("-w1"), JUDGES.index("human"), none[asked], right[asked].astype(np.int64),
        nothing[asked], asked_at,
    )  # fmt: skip
    return [agreement, judged]


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
            "metric": words(verdicts.metric, METRICS),
            "outcome": flags(verdicts.outcome == 1, verdicts.outcome >= 0),
            "score": numbers(verdicts.score, 3),
            "judge": words(verdicts.judge, JUDGES),
            "review_reason": words(verdicts.reason, REASONS),
            "sampling_prob": numbers(verdicts.prob, 6),
            "created_at": instants(verdicts.created),
            "ingested_at": instants(verdicts.ingested),
        }
    )
    corrected = 0.0 if tasks.scenario.batch_days else 0.008
    first = np.flatnonzero((verdicts.judge == 0) & (verdicts.outcome >= 0) & (rng.random(count) < corrected))
    first = first[verdicts.ingested[first] - verdicts.created[first] > 20 * SECOND]
    before = table.take(pa.array(first))
    place = table.schema.get_field_index
    before = before.set_column(place("outcome"), "outcome", flags(verdicts.outcome[first] != 1))
    before = before.set_column(place("ingested_at"), "ingested_at", instants(verdicts.created[first] + 5 * SECOND))
    return pa.concat_tables([with_copies(table, rng, 0.002), before])
