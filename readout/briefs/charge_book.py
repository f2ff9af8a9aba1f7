"""Charges, budgets and rates as the warehouse has them, made into the reporting currency and ready to be accrued."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from readout.finance import Budgeted, Charge, ChargeBook, MissingRateError, RateBook, convert, expected_charges, line_of
from readout.finance.accrual import cut
from readout.finance.charges import DRIVERS, Place, Rule
from readout.periods import Calendar

NO_CURRENCY = "costs in several currencies: declare reporting_currency in organisation.yaml"
CREDIT = frozenset({"credit", "refund"})


@dataclass(frozen=True)
class Money:
    """The one currency of figures, '' where the data holds several and none is declared; and the published rates."""

    currency: str
    rates: RateBook

    def own(self, amount: Decimal, currency: str, on: date) -> tuple[Decimal, str]:
        """Return an amount of a day in the reporting currency, to 12 decimals; 0 and why where there is no rate."""
        if not amount or currency == self.currency:
            return amount, ""
        if not self.currency:
            return Decimal(0), NO_CURRENCY
        try:
            return cut(convert(amount, currency, on, self.rates, to=self.currency)), ""
        except MissingRateError as error:
            return Decimal(0), str(error)


def charge_book(
    frames: Mapping[str, pd.DataFrame], money: Money, calendar: Calendar, as_of: date, rules: Mapping[str, Rule]
) -> ChargeBook:
    """Return all charges of `read/charges` with the drivers of `read/drivers`, and those expected by a day.

    The charges of model calls are left out where the calls carry their own cost: then they serve the tie-out only. They
    are the inference cost of a system of which no call or task ever had a known cost.
    """
    known = frames["dimensions"].groupby("system_id")["cost_n"].sum()
    priced = frozenset(str(system) for system, n in known.items() if n)
    charges = [
        charge
        for row in frames["charges"].to_dict("records")
        if (charge := _charge(row, money)).line != "inference" or not _carried_by_calls(charge.system_id, priced)
    ]
    expected = expected_charges(charges, as_of)
    return ChargeBook((*charges, *expected), _drivers(frames["drivers"]), calendar, rules)


def _carried_by_calls(system: str, priced: frozenset[str]) -> bool:
    return system in priced if system else bool(priced)


def _charge(row: Mapping[Any, Any], money: Money) -> Charge:
    amount, reason = money.own(row["effective_cost"], row["currency"], row["start_day"])
    if row["effective_n"] < row["n"]:
        without = row["n"] - row["effective_n"]
        reason = reason or f"{without} of {row['n']} charges state no effective cost (costs.effective_cost)"
    return Charge(
        line=line_of(row["component"], row["charge_category"]),
        start=row["start_day"],
        end=row["end_day"],
        amount=amount,
        system_id=row["system_id"],
        allocation_key=row["allocation_key"],
        reason=reason,
        source=row["source"],
        series=(row["component"], row["service_name"], row["charge_category"], row["currency"]),
        recurring=not row["charge_class"] and row["charge_category"].lower() not in CREDIT | {"tax"},
    )


def _drivers(frame: pd.DataFrame) -> dict[date, dict[Place, dict[str, int]]]:
    found: dict[date, dict[Place, dict[str, int]]] = {}
    for row in frame.to_dict("records"):
        numbers = {name: int(row[name]) for name in DRIVERS}
        found.setdefault(row["month"], {})[row["system_id"], row["task_type"]] = numbers
    return found


def budgeted(frame: pd.DataFrame, money: Money, calendar: Calendar) -> tuple[Budgeted, ...]:
    """Return the budgets of `read/budgets`, each for the fiscal month that its day lies in."""
    found = []
    for row in frame.to_dict("records"):
        start = calendar.bucket(row["month"], "fiscal_month")
        amount, reason = Decimal(0), "no amount is budgeted"
        if not pd.isna(row["amount"]):
            amount, reason = money.own(row["amount"], row["currency"] or money.currency, start)
        found.append(
            Budgeted(
                row["system_id"],
                start,
                calendar.bucket_end(start, "fiscal_month"),
                None if reason else amount,
                None if pd.isna(row["volume"]) else Decimal(str(row["volume"])),
                reason,
            )
        )
    return tuple(found)
