"""Finance: allocation, bridges, prices, rates, appraisal and savings. Pure and exact; formulas in docs/finance.md.

Amounts go in as Decimal or int (a float counts as the decimal that it prints as) and come out as Decimal. What cannot
be said (a missing price, an investment that never pays back) is None, an error or a line of its own, never 0.
"""

from readout.finance.allocation import ROUNDING, UNALLOCATED, allocate
from readout.finance.appraisal import break_even_cash, break_even_volume, discounted_payback, monthly_rate, npv, payback
from readout.finance.blended import Blend, blend
from readout.finance.confirmation import Confirmation, confirm
from readout.finance.exchange import MissingRateError, RateBook, convert
from readout.finance.invoices import invoice_tolerance
from readout.finance.prices import Price, PriceBook, PricedCall, PricedCalls, price_calls
from readout.finance.savings import (
    Baseline,
    CapacityReturned,
    CashEffect,
    CostAvoided,
    Evidence,
    Savings,
    capacity_hours,
    claimable,
    evidence_grade,
)
from readout.finance.variance import COMPONENTS, Bridge, BridgeRow, bridge
from readout.periods import fiscal_period

__all__ = [
    "COMPONENTS",
    "ROUNDING",
    "UNALLOCATED",
    "Baseline",
    "Blend",
    "Bridge",
    "BridgeRow",
    "CapacityReturned",
    "CashEffect",
    "Confirmation",
    "CostAvoided",
    "Evidence",
    "MissingRateError",
    "Price",
    "PriceBook",
    "PricedCall",
    "PricedCalls",
    "RateBook",
    "Savings",
    "allocate",
    "blend",
    "break_even_cash",
    "break_even_volume",
    "bridge",
    "capacity_hours",
    "claimable",
    "confirm",
    "convert",
    "discounted_payback",
    "evidence_grade",
    "fiscal_period",
    "invoice_tolerance",
    "monthly_rate",
    "npv",
    "payback",
    "price_calls",
]
