"""What a system claims to be worth, as its owners registered it: the block `value:` of PORTFOLIO/systems/<id>.yaml.

    value:
      investments: [{what: Build, amount: 2700, on: 2025-06-30}]
      cash_effects: [{account: 4630 Outsourced entry, month: 2026-04, monthly_before: 1150, monthly_now: 390, ...}]

A claim that still lacks what its line asks for (an account, a signature, a cancelled plan) is valid: it is shown, says
what it lacks, and is in no sum. What contradicts itself is a fault. Pure; nothing here is a figure yet.
"""

import re
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator

from readout.currencies import iso_4217
from readout.finance.savings import CONTROLLED, Counterfactual
from readout.gates.fields import Day, Exact, Items, Strictly, Text
from readout.marked_yaml import PlacedError

Words = Annotated[str, StringConstraints(strip_whitespace=True)]
Currency = Annotated[str, AfterValidator(iso_4217)]
Money = Annotated[Exact, Field(gt=0)]


def _month(value: Any) -> Any:
    if isinstance(value, date):
        return value
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", value) if isinstance(value, str) else None
    if found is None or not int(found[1]):
        message = f"must be a month, written like 2026-04, found `{str(value)[:40]}`"
        raise ValueError(message)
    return date(int(found[1]), int(found[2]), 1)


Month = Annotated[
    date, BeforeValidator(_month), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"})
]


class Investment(Strictly):
    """Money spent once, so that the system could go live. Without a currency: the reporting currency."""

    what: Text
    amount: Money
    currency: Currency | None = None
    on: Day


class CashClaim(Strictly):
    """A line of the ledger that fell: what a month was before, what it is from `month` on, and who signed."""

    what: Text
    account: Words = Field("", description="as the ledger writes it")
    month: Month | None = Field(None, description="first month with the effect, for example 2026-04")
    monthly_before: Money
    monthly_now: Exact = Field(ge=0)
    currency: Currency | None = None
    owner: Words = Field("", description="absent: the owner of the block")
    signed_by: Words = ""
    signed_on: Day | None = None
    evidence_ref: Words = ""

    @model_validator(mode="after")
    def _fell_and_signed(self) -> Self:
        if self.monthly_now >= self.monthly_before:
            message = f"{self.monthly_now} is no less than `monthly_before`: what did not fall is no cash effect"
            raise PlacedError(message, "monthly_now")
        if bool(self.signed_by) != (self.signed_on is not None):
            message = "a signature has a name and a day: give both, or neither while it is not signed"
            raise PlacedError(message, "signed_by" if self.signed_by else "signed_on")
        if self.signed_on is not None and self.month is not None and self.signed_on < self.month:
            message = f"signed before {self.month:%Y-%m} began: a promise is no cash effect"
            raise PlacedError(message, "signed_on")
        return self


class AvoidedClaim(Strictly):
    """What an approved plan would have bought, had it not been cancelled. `lower` and `upper`: within what it lies."""

    what: Text
    plan: Words = Field("", description="requisition or quote")
    amount: Money
    lower: Money | None = None
    upper: Money | None = None
    currency: Currency | None = None
    counterfactual: Counterfactual = "self_report"
    owner: Words = Field("", description="absent: the owner of the block")
    approved_by: Words = ""
    approved_on: Day | None = None
    cancelled_on: Day | None = None
    evidence_ref: Words = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lower is not None and self.lower > self.amount:
            message = f"{self.lower} lies above the amount"
            raise PlacedError(message, "lower")
        if self.upper is not None and self.upper < self.amount:
            message = f"{self.upper} lies below the amount"
            raise PlacedError(message, "upper")
        if self.approved_on and self.cancelled_on and self.cancelled_on < self.approved_on:
            message = "cancelled before it was approved: a plan that nobody approved avoids nothing"
            raise PlacedError(message, "cancelled_on")
        return self


class Capacity(Strictly):
    """What the returned hours are used for. The hours themselves come from the warehouse."""

    redeployed_to: Words = ""


class ValueClaims(Strictly):
    """The claims of one system. How many hours came back is measured, not registered."""

    owner: Words = Field("", description="who answers for the claims; absent: owners.business")
    counterfactual: Counterfactual = Field("before_after", description="how the hours are compared; best first in docs")
    evidence_ref: Words = Field("", description="the study, where the comparison has a control")
    live_on: Day | None = Field(None, description="absent: the day of the first stage above shadow")
    horizon_months: int = Field(36, ge=1, le=240, description="months after the investment that an appraisal looks at")
    investments: Items[Investment] = ()
    cash_effects: Items[CashClaim] = ()
    cost_avoided: Items[AvoidedClaim] = ()
    capacity: Capacity = Capacity()
    nothing_to_claim: Words = Field("", description="why there is nothing to claim, in a sentence")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.counterfactual in CONTROLLED and not self.evidence_ref:
            message = f"`{self.counterfactual}` is a comparison with a control: name its study in `evidence_ref`"
            raise PlacedError(message, "counterfactual")
        if self.nothing_to_claim and (self.cash_effects or self.cost_avoided):
            message = "there is a claim in this block: leave this sentence out, or the claim"
            raise PlacedError(message, "nothing_to_claim")
        return self
