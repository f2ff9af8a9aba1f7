"""Raw rows drawn from a seed: four systems with every gap, clash and late correction that a warehouse can hold.

alpha: tasks, calls and people, judged by people with probabilities · beta: judged by a model, without probabilities ·
gamma: calls and no tasks · delta: judged by rules and people, costs in another currency.
"""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

FIRST = datetime(2026, 3, 16)
DAYS = 26  # over the change of clocks on 29 March in Berlin
ARRIVED = datetime(2026, 4, 30)
SECOND = timedelta(seconds=1)
Drawn = dict[str, list[dict[str, Any]]]


def random_rows(seed: int, tasks: int, *, delta_currency: str = "USD") -> Drawn:
    """Return table -> rows for about `tasks` tasks."""
    draw = random.Random(seed)  # noqa: S311 - the same rows every time
    rows: Drawn = {
        name: [] for name in ("tasks", "model_calls", "verdicts", "human_work", "prices", "rate_card", "costs")
    }
    currency = {"alpha": "EUR", "beta": "EUR", "gamma": "EUR", "delta": delta_currency}
    for number in range(tasks):
        system = draw.choices(("alpha", "beta", "delta"), (5, 3, 2))[0]
        task = _task(draw, system, f"t{number}", currency[system])
        rows["tasks"].append(task)
        rows["model_calls"] += _calls(draw, task, currency[system])
        rows["verdicts"] += _verdicts(draw, task)
        rows["human_work"] += _work(draw, task)
    for number in range(tasks // 4):
        system = draw.choice(("gamma", "gamma", "alpha"))
        rows["model_calls"].append(_unlinked(draw, system, number, currency[system]))
    rows["prices"] = _prices()
    rows["rate_card"] = [
        {"role": "agent", "hourly_amount": "45.5", "currency": "EUR", "valid_from": "2026-01-01"},
        {"role": "agent", "hourly_amount": "47", "currency": "EUR", "valid_from": "2026-04-01"},
    ]
    rows["costs"] = [_charge(draw, number) for number in range(16)]
    return rows


def _charge(draw: random.Random, number: int) -> dict[str, Any]:
    """Return a charge; the first is for all days that any test draws rows on."""
    start = datetime(2025, 12, 1, 12) if not number else _instant(draw).replace(hour=12)
    component = draw.choice(("infrastructure", "platform", "platform", "credit")) if number else "platform"
    amount = Decimal(draw.randrange(1, 10**7)) / 10**5
    return {
        "charge_id": f"k{number}", "system_id": draw.choice(("alpha", "beta", None, None)), "component": component,
        "charge_start": start,
        "charge_end": start + timedelta(days=draw.randrange(1, 40)) if number else datetime(2026, 11, 1, 12),
        "billed_cost": amount, "effective_cost": -amount if component == "credit" else amount,
        "allocation_key": draw.choice(("tasks", "tasks", "idle", None)), "currency": "EUR", "source": "focus",
        "load_id": "l", "ingested_at": ARRIVED,
    }  # fmt: skip


def _instant(draw: random.Random) -> datetime:
    day = FIRST + timedelta(days=draw.randrange(DAYS))
    # the middle of a day, and the minutes around midnight in Berlin, where days meet
    hour, minute = (draw.randrange(24), draw.randrange(60)) if draw.random() < 0.7 else (draw.choice((21, 22, 23)), 59)
    return day + timedelta(
        hours=hour, minutes=minute, seconds=draw.randrange(60), microseconds=draw.randrange(1_000_000)
    )


def _maybe(draw: random.Random, chance: float, value: Any) -> Any:
    return value if draw.random() < chance else None


def _seconds(draw: random.Random, scale: float) -> Decimal:
    return Decimal(str(draw.lognormvariate(0, 1) * scale)).quantize(Decimal("0.001"))


def _task(draw: random.Random, system: str, task_id: str, currency: str) -> dict[str, Any]:
    created = _instant(draw)
    arm = draw.choices(("ai_auto", "ai_assisted", "human", "shadow"), (6, 2, 2, 1))[0]
    status = draw.choices(("completed", "failed", "abandoned", "open", "unknown"), (16, 2, 1, 1, 1))[0]
    ends = status in {"completed", "unknown"} or (status == "failed" and draw.random() < 0.5)
    completed = created + float(_seconds(draw, 3 * 3600)) * SECOND if ends else None
    if completed and draw.random() < 0.03:
        completed = created - SECOND
    known = draw.random()
    return {
        "system_id": system,
        "task_id": task_id,
        "task_type": draw.choices(("x", "y", None), (5, 4, 1))[0],
        "created_at": created,
        "completed_at": completed,
        "status": status,
        "arm": arm,
        "outcome": _maybe(draw, 0.95, draw.choices(("resolved", "escalated", "fallback", "failed"), (12, 2, 1, 1))[0]),
        "release_id": draw.choice(("r1", "r2", None)),
        "latency_ms": _maybe(draw, 0.85, _seconds(draw, 250) if draw.random() < 0.97 else Decimal(-1)),
        "handling_seconds": _maybe(draw, 0.1, _seconds(draw, 120)),
        "human_seconds": _maybe(draw, 0.3, _seconds(draw, 60)),
        "review_prob": _maybe(draw, 0.5, draw.choice((0.0, 0.1, 1.0))),
        "review_due": _maybe(draw, 0.5, draw.random() < 0.5),
        "escalated_at": _maybe(draw, 0.05, created),
        "escalation_outcome": _maybe(draw, 0.3, draw.choice(("ai_right", "ai_wrong", "out_of_scope"))),
        "reopened_at": completed + draw.choice((1, 6, 7, 8)) * timedelta(days=1)
        if completed and draw.random() < 0.1
        else None,
        "cost_amount": None
        if known < 0.6
        else Decimal(0)
        if known < 0.7
        else Decimal(draw.randrange(1, 10**9)) / 10**9,
        "cost_currency": currency,
        "cost_source": draw.choice(("provider", "gateway", "unknown", None)),
        "is_test": draw.random() < 0.05,
        "ingested_at": ARRIVED,
    }


def _calls(draw: random.Random, task: dict[str, Any], currency: str) -> list[dict[str, Any]]:
    return [
        {
            "system_id": task["system_id"],
            "call_id": f"{task['task_id']}-{number}",
            "task_id": task["task_id"],
            "started_at": task["created_at"] + number * SECOND * draw.choice((1, 7200)),
            "purpose": draw.choices(("serve", None, "retry", "judge", "shadow"), (6, 2, 2, 2, 1))[0],
            **_usage(draw, currency),
        }
        for number in range(draw.choice((0, 1, 1, 2, 3)))
    ]


def _usage(draw: random.Random, currency: str) -> dict[str, Any]:
    known = draw.random()
    return {
        "provider": "acme",
        "model": "unpriced" if currency != "EUR" else draw.choices(("m1", "m2", "free", "unpriced"), (6, 3, 1, 1))[0],
        "duration_ms": _maybe(draw, 0.8, _seconds(draw, 200)),
        "input_tokens": _maybe(draw, 0.9, draw.randrange(5000)),
        "output_tokens": _maybe(draw, 0.9, draw.randrange(800)),
        "cache_read_tokens": _maybe(draw, 0.2, draw.randrange(500)),
        "cost_amount": None
        if known < 0.5
        else Decimal(0)
        if known < 0.6
        else Decimal(draw.randrange(1, 10**6)) / 10**8,
        "cost_currency": currency,
        "cost_source": draw.choice(("gateway", "unknown", None, None)),
        "ingested_at": ARRIVED,
    }


def _unlinked(draw: random.Random, system: str, number: int, currency: str) -> dict[str, Any]:
    return {
        "system_id": system,
        "call_id": f"u{number}",
        "task_id": draw.choice((None, "nowhere")),
        "started_at": _instant(draw),
        "purpose": draw.choice(("serve", "serve", "retry", "judge", None)),
        **_usage(draw, currency),
    }


def _verdicts(draw: random.Random, task: dict[str, Any]) -> list[dict[str, Any]]:
    judges = {"alpha": ("human", "human", "model"), "beta": ("model",), "delta": ("rule", "rule", "human")}
    found: list[dict[str, Any]] = []
    for number in range(draw.choice((0, 0, 1, 1, 2))):
        judge = draw.choice(judges[task["system_id"]])
        found.append(
            {
                "metric": draw.choices(("correct", "agreement"), (6, 1))[0],
                "outcome": draw.choices((True, False, None), (8, 3, 1))[0],
                "judge": judge,
                "review_reason": draw.choices(("random", None, "complaint", "low_confidence"), (5, 3, 1, 1))[0],
                "sampling_prob": None if task["system_id"] == "beta" else draw.choice((0.05, 0.3, 1.0, None)),
                "verdict_id": f"v{number}",
            }
        )
    if draw.random() < 0.08:
        found.append({"metric": "correct", "outcome": False, "judge": "downstream", "verdict_id": "down"})
    asked = task["completed_at"] or task["created_at"]
    for verdict in found:
        late = timedelta(hours=draw.choice((1, 24, 24 * 8)), seconds=draw.randrange(3600))
        verdict |= {
            "system_id": task["system_id"], "task_id": task["task_id"], "created_at": asked + late,
            "ingested_at": ARRIVED,
        }  # fmt: skip
    return found


def _work(draw: random.Random, task: dict[str, Any]) -> list[dict[str, Any]]:
    begun = task["completed_at"] or task["created_at"]
    return [
        {
            "system_id": task["system_id"],
            "task_id": task["task_id"],
            "activity": draw.choice(("handle", "review", "escalation", "rework")),
            "role": "contractor" if task["system_id"] == "delta" else draw.choice(("agent", "lead", None)),
            "started_at": begun + timedelta(hours=draw.choice((-1, 1, 200)), seconds=number),
            "seconds": _seconds(draw, 90),
            "ingested_at": ARRIVED,
        }
        for number in range(draw.choice((0, 0, 0, 1, 2)))
    ]


def _prices() -> list[dict[str, Any]]:
    return [
        {
            "provider": "acme", "model": model, "token_class": token_class, "unit_tokens": 1_000_000, "price": price,
            "currency": "EUR", "valid_from": start, "valid_to": end,
        }
        for model, token_class, price, start, end in (
            ("m1", "input", "2.5", "2026-01-01", None),
            ("m1", "input", "1.25", "2026-04-01", None),
            ("m1", "output", "10", "2026-01-01", None),
            ("m1", "cache_read", "0.25", "2026-03-25", None),
            ("m2", "input", "0.15", "2026-01-01", "2026-04-03"),
            ("m2", "output", "0.6", "2026-01-01", None),
            ("free", "input", "0", "2026-01-01", None),  # a price of nothing is an unknown price
            ("free", "output", "0", "2026-01-01", None),
        )
    ]  # fmt: skip
