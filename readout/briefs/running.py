"""What a system runs on: the models that it calls, and what is charged for it month by month."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from readout.briefs.results_system import ChargeRow, ModelRow

if TYPE_CHECKING:
    from datetime import date

PURPOSES = ("serve", "judge", "shadow", "test")
Sums = dict[str, Any]


def model_rows(frame: pd.DataFrame, *, compared: bool) -> tuple[ModelRow, ...]:
    """Return the models of read/models, serving ones first, the most called first.

    Calls without any cost stand with the model's only currency; two currencies are two rows.
    """
    now, before = (_by_model(frame[frame["span"] == span].to_dict("records")) for span in ("now", "before"))
    rows = []
    for key, sums in now.items():
        earlier = before.get(key, {})
        provider, model, purpose, currency = key
        rows.append(
            ModelRow(
                provider=provider,
                model=model,
                purpose=purpose,
                currency=currency,
                calls=int(sums["calls"]),
                input_tokens=int(sums["input_tokens"]) if sums["tokens_n"] else None,
                output_tokens=int(sums["output_tokens"]) if sums["tokens_n"] else None,
                priced=int(sums["cost_n"]),
                cost=Decimal(sums["cost"]) if sums["cost_n"] else None,
                calls_before=int(earlier.get("calls", 0)) if compared else None,
                cost_before=Decimal(earlier["cost"]) if earlier.get("cost_n") else None,
            )
        )
    return tuple(sorted(rows, key=lambda row: (_place(row.purpose), -row.calls, row.model)))


def _place(purpose: str) -> int:
    return PURPOSES.index(purpose) if purpose in PURPOSES else len(PURPOSES)


def _by_model(rows: Iterable[Mapping[Any, Any]]) -> dict[tuple[str, str, str, str], Sums]:
    found: dict[tuple[str, str, str], dict[str, Sums]] = {}
    for row in rows:
        own = found.setdefault((row["provider"], row["model"], row["purpose"]), {})
        own[row["currency"]] = {name: row[name] for name in SUMS}
    for own in found.values():
        priced = [currency for currency in own if currency]
        if "" in own and len(priced) == 1:
            free = own.pop("")
            own[priced[0]] = {name: own[priced[0]][name] + free[name] for name in SUMS}
    return {(*key, currency): sums for key, own in found.items() for currency, sums in own.items()}


SUMS = ("calls", "tokens_n", "input_tokens", "output_tokens", "cost_n", "cost")


def charge_rows(frame: pd.DataFrame) -> tuple[ChargeRow, ...]:
    """Return one system's charges of read/charges per component, the dearest of its last month first.

    A charge is shown in the month of the first day that it is for. Those of its calls are left out: each call carries
    its own cost.
    """
    months: dict[tuple[str, str], dict[date, Decimal | None]] = {}
    for row in frame.to_dict("records"):
        if row["component"] != "inference":
            own = months.setdefault((row["component"], row["currency"]), {})
            month = row["start_day"].replace(day=1)
            before = own.get(month, Decimal(0))
            known = row["n"] == row["effective_n"] and before is not None
            own[month] = before + row["effective_cost"] if known else None
    rows = [ChargeRow(component, currency, tuple(sorted(own.items()))) for (component, currency), own in months.items()]
    return tuple(sorted(rows, key=lambda row: (-(row.latest[1] or 0), row.component)))
