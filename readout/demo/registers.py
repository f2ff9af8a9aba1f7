"""The demo's small tables: releases, stages, incidents, baselines, rates, prices; all dated from the anchor."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa

from readout.demo.books import PRICES, RATES
from readout.demo.clock import SECOND, Clock
from readout.demo.columns import instants
from readout.demo.draws import Prices
from readout.demo.scenario import Kind, Scenario
from readout.demo.systems import SYSTEMS
from readout.demo.tasks import release_id

Row = dict[str, object]
TOKEN_CLASSES = ("input", "output", "cache_read")


def _stamp(instant: int) -> str:
    moment = datetime.fromtimestamp(instant / SECOND, UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _month_start(clock: Clock, week: float) -> date:
    return clock.day(week).replace(day=1)


def prices(clock: Clock) -> Prices:
    """Return per (provider, model) the prices with the UTC instant from which each holds, oldest first."""
    found: Prices = {}
    for provider, model, week, *each in PRICES:
        begin = int(datetime.combine(_month_start(clock, week), datetime.min.time(), UTC).timestamp()) * SECOND
        found.setdefault((provider, model), []).append((begin, (float(each[0]), float(each[1]), float(each[2]))))
    return found


def price_rows(clock: Clock) -> list[Row]:
    """Return `prices`: EUR per 1,000,000 tokens. `valid_to` is exclusive: where the next price begins."""
    rows: list[Row] = []
    for provider, model, week, *each in PRICES:
        later = [_month_start(clock, w) for p, m, w, *_ in PRICES if (p, m) == (provider, model) and w > week]
        for token_class, price in zip(TOKEN_CLASSES, each, strict=True):
            rows.append(
                {
                    "provider": provider,
                    "model": model,
                    "token_class": token_class,
                    "unit_tokens": 1_000_000,
                    "price": price,
                    "currency": "EUR",
                    "valid_from": _month_start(clock, week),
                    "valid_to": min(later) if later else None,
                }
            )
    return rows


def rate_rows(clock: Clock) -> list[Row]:
    """Return `rate_card`: EUR per hour, loaded."""
    rows: list[Row] = []
    for role, week, amount in RATES:
        later = [_month_start(clock, w) for r, w, _ in RATES if r == role and w > week]
        rows.append(
            {
                "role": role,
                "hourly_amount": amount,
                "currency": "EUR",
                "basis": "loaded",
                "valid_from": _month_start(clock, week),
                "valid_to": min(later) if later else None,
            }
        )
    return rows


def release_table(clock: Clock) -> pa.Table:
    """Return `releases`."""
    found = [(scenario, index, one) for scenario in SYSTEMS for index, one in enumerate(scenario.releases)]
    started = np.array([clock.at(one.week, one.hour) for _, _, one in found], dtype=np.int64)
    return pa.table(
        {
            "system_id": pa.array([scenario.id for scenario, _, _ in found]),
            "release_id": pa.array([release_id(scenario, index) for scenario, index, _ in found]),
            "model": pa.array([one.model for _, _, one in found]),
            "prompt_version": pa.array([one.prompt for _, _, one in found]),
            "routing_version": pa.array([one.routing for _, _, one in found]),
            "change_class": pa.array([one.change for _, _, one in found]),
            "started_at": instants(started),
            "note": pa.array([one.note for _, _, one in found]),
        }
    )


def stage_rows(clock: Clock) -> list[Row]:
    """Return `stage_changes`; they take effect at six in the morning, local time."""
    return [
        {
            "system_id": scenario.id,
            "stage": one.stage,
            "load_share": one.load_share,
            "review_rate": one.review_rate,
            "effective_at": _stamp(clock.at(one.week, 6)),
            "decided_by": one.decided_by,
            "reason": one.reason,
            "milestone": one.milestone,
        }
        for scenario in SYSTEMS
        for one in scenario.stages
    ]


def incident_rows(clock: Clock) -> list[Row]:
    """Return `incidents` inside the window; an open one has no end."""
    rows: list[Row] = []
    for scenario in SYSTEMS:
        for index, one in enumerate(scenario.incidents, start=1):
            begin = clock.at(one.week, one.hour)
            if begin < clock.start:
                continue
            rows.append(
                {
                    "system_id": scenario.id,
                    "incident_id": f"{scenario.prefix}-INC-{index}",
                    "kind": one.kind,
                    "started_at": _stamp(begin),
                    "ended_at": None if one.minutes is None else _stamp(begin + one.minutes * 60 * SECOND),
                    "note": one.note,
                }
            )
    return rows


def baseline_rows(clock: Clock) -> list[Row]:
    """Return `baselines`: how people did the work in the quarter before the system, per task type."""
    # two years before the anchor, however short the window: the picture is from before the systems carried load
    last = min(clock.first_day, clock.day(-112)) - timedelta(days=60)
    period: Row = {"period_from": last - timedelta(days=91), "period_to": last}
    rows: list[Row] = []
    for scenario in (one for one in SYSTEMS if one.baseline):
        for number, kind in enumerate(scenario.kinds, start=1):
            shared: Row = {
                "system_id": scenario.id,
                "task_type": kind.name,
                **period,
                "approved_by": scenario.stages[0].decided_by,
                "approved_on": last + timedelta(days=12),
                "evidence_ref": f"{scenario.prefix}-BASE-{number:02d}",
            }
            rows.extend({**shared, **figure} for figure in _baseline(scenario, kind))
    return rows


def _baseline(scenario: Scenario, kind: Kind) -> list[Row]:
    sample = max(kind.monthly_volume // 6, 120)
    hourly = next(float(amount) for role, _, amount in RATES if role == scenario.roles[0])
    overhead = 1.08  # team leads' checks, as measured in the same study
    study = f"time study of {sample} cases"
    right = kind.baseline_accuracy
    figures = (
        ("handling_seconds", f"{kind.seconds:.1f}", sample, 0.47 * kind.seconds, "s", study),
        (
            "unit_cost",
            f"{kind.seconds * overhead * hourly / 3600:.4f}",
            sample,
            0.47 * kind.seconds * hourly / 3600,
            "EUR",
            f"{study} at the rate card",
        ),
        ("accuracy", f"{right:.3f}", sample, (right * (1 - right)) ** 0.5, "1", f"second look at {sample} cases"),
        ("monthly_volume", str(kind.monthly_volume), 3, 0.06 * kind.monthly_volume, "tasks", "counts of the quarter"),
    )
    return [
        {"metric": metric, "value": value, "n": n, "sd": round(sd, 4), "unit": unit, "method": method}
        for metric, value, n, sd, unit, method in figures
    ]
