"""What a system's calls and tasks add up to per month, as its providers and its planners count them."""

from datetime import date
from decimal import Decimal

import numpy as np

from readout.demo.calls import Calls, models_of
from readout.demo.clock import Clock
from readout.demo.columns import NULL
from readout.demo.draws import SHADOW, Tasks
from readout.demo.money import Spend, Volume


def monthly_spend(tasks: Tasks, calls: Calls, clock: Clock) -> list[Spend]:
    """Return what each provider will invoice for the calls of each UTC month: tokens at list price."""
    models = models_of(tasks.scenario)
    priced = (calls.list_cost != NULL) & (calls.started < clock.stop)
    months = calls.started[priced].astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    codes = np.array([sorted({name for name, _ in models}).index(provider) for provider, _ in models])
    key = months * 100 + codes[calls.model[priced]]
    found, place = np.unique(key, return_inverse=True)
    total = np.zeros(len(found), dtype=np.int64)
    np.add.at(total, place, calls.list_cost[priced])
    providers = sorted({name for name, _ in models})
    return [
        Spend(tasks.scenario.id, providers[one % 100], _month(one // 100), Decimal(int(amount)) / 100_000_000)
        for one, amount in zip(found.tolist(), total.tolist(), strict=True)
    ]


def monthly_volume(tasks: Tasks) -> list[Volume]:
    """Return how many tasks came in during each UTC month."""
    counted = (tasks.arm != SHADOW) & ~tasks.test
    months = tasks.created[counted].astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    found, counts = np.unique(months, return_counts=True)
    return [
        Volume(tasks.scenario.id, _month(one), count)
        for one, count in zip(found.tolist(), counts.tolist(), strict=True)
    ]


def _month(since_1970: int) -> date:
    return date(1970 + since_1970 // 12, since_1970 % 12 + 1, 1)
