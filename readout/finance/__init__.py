"""Finance: allocation, cost statements, bridges, prices, demand, rates, budgets, appraisal and savings. Pure and exact.

Formulas: docs/finance.md. Amounts go in as Decimal or int (a float counts as the decimal that it prints as) and come
out as Decimal. What cannot be said (a missing price, an investment that never pays back) is None, an error or a line of
its own, never 0.
"""

from readout.finance.accrual import accrued
from readout.finance.allocation import ROUNDING, UNALLOCATED, allocate
from readout.finance.appraisal import break_even_cash, break_even_volume, discounted_payback, monthly_rate, npv, payback
from readout.finance.blended import Blend, blend
from readout.finance.budget import Budgeted, BudgetLine, budget_line, budget_total, footed_budgets
from readout.finance.case import Case, months_between, recent_mean
from readout.finance.charges import BESIDE, LINES, Borne, Charge, ChargeBook, expected_charges, line_of
from readout.finance.close import Adjustments, CloseCheck, Closed, adjustments
from readout.finance.confirmation import Confirmation, SignedFall, claimed_before, confirm
from readout.finance.demand import (
    LeftOut,
    Model,
    ModelSwitch,
    PriceChange,
    WhatIf,
    concentration,
    list_on,
    per_million,
    what_if,
)
from readout.finance.exchange import MissingRateError, RateBook, convert
from readout.finance.invoices import invoice_tolerance
from readout.finance.prices import Price, PriceBook, PricedCall, PricedCalls, price_calls
from readout.finance.reconciliation import Books, Reconciliation, reconcile
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
from readout.finance.statement import (
    DENOMINATORS,
    FIXED,
    LEVELS,
    LINES_OF,
    CostColumn,
    CostStatement,
    RunCost,
    statement_of,
)
from readout.finance.token_rate import RateSplit, split_rate
from readout.finance.variance import COMPONENTS, RATE_PARTS, Bridge, BridgeRow, bridge
from readout.periods import fiscal_period

__all__ = [
    "BESIDE",
    "COMPONENTS",
    "DENOMINATORS",
    "FIXED",
    "LEVELS",
    "LINES",
    "LINES_OF",
    "RATE_PARTS",
    "ROUNDING",
    "UNALLOCATED",
    "Adjustments",
    "Baseline",
    "Blend",
    "Books",
    "Borne",
    "Bridge",
    "BridgeRow",
    "BudgetLine",
    "Budgeted",
    "CapacityReturned",
    "Case",
    "CashEffect",
    "Charge",
    "ChargeBook",
    "CloseCheck",
    "Closed",
    "Confirmation",
    "CostAvoided",
    "CostColumn",
    "CostStatement",
    "Evidence",
    "LeftOut",
    "MissingRateError",
    "Model",
    "ModelSwitch",
    "Price",
    "PriceBook",
    "PriceChange",
    "PricedCall",
    "PricedCalls",
    "RateBook",
    "RateSplit",
    "Reconciliation",
    "RunCost",
    "Savings",
    "SignedFall",
    "WhatIf",
    "accrued",
    "adjustments",
    "allocate",
    "blend",
    "break_even_cash",
    "break_even_volume",
    "bridge",
    "budget_line",
    "budget_total",
    "capacity_hours",
    "claimable",
    "claimed_before",
    "concentration",
    "confirm",
    "convert",
    "discounted_payback",
    "evidence_grade",
    "expected_charges",
    "fiscal_period",
    "footed_budgets",
    "invoice_tolerance",
    "line_of",
    "list_on",
    "monthly_rate",
    "months_between",
    "npv",
    "payback",
    "per_million",
    "price_calls",
    "recent_mean",
    "reconcile",
    "split_rate",
    "statement_of",
    "what_if",
]
