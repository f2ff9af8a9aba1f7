"""Claims of value in the registry: what a file may say, and that a fault is told with its line."""

import re
from datetime import date
from decimal import Decimal

import jsonschema
import pytest

from readout.marked_yaml import read_document
from readout.portfolio import PortfolioError, json_schemas, read_portfolio

SYSTEM = "id: desk\nname: Desk\nunit_of_work: ticket\nvalue:\n"
SIGNED = "signed_by: CFO, signed_on: 2026-03-31}\n"
WHOLE = """  owner: Head of Desk
  counterfactual: staggered
  evidence_ref: STUDY-4
  live_on: 2026-01-12
  horizon_months: 24
  investments: [{what: Build, amount: 2700.50, currency: USD, on: 2025-10-01}]
  cash_effects:
    - {what: bureau, account: 4630 Bureau, month: 2026-04, monthly_before: 1150, monthly_now: 0, signed_by: CFO,
       signed_on: 2026-05-06}
    - {what: overtime, monthly_before: 12, monthly_now: 11}
  cost_avoided: [{what: two labellers, amount: 8400, lower: 7600, upper: 9100}]
  capacity: {redeployed_to: call-backs}
"""


def faults(tmp_path, text):
    path = tmp_path / "systems" / "desk.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SYSTEM + text, encoding="utf-8")
    with pytest.raises(PortfolioError) as caught:
        read_portfolio(tmp_path)
    return [f"{fault.line}: {fault.message}" for fault in caught.value.faults]


def test_a_block_is_read_exactly_and_its_schema_agrees(tmp_path):
    (tmp_path / "systems").mkdir()
    (tmp_path / "organisation.yaml").write_text("discount_rate: 0.08\n")
    (tmp_path / "systems" / "desk.yaml").write_text(SYSTEM + WHOLE)
    portfolio = read_portfolio(tmp_path)
    claims = portfolio.systems["desk"].value
    assert claims is not None
    assert portfolio.organisation.discount_rate == Decimal("0.08")
    assert (claims.investments[0].amount, claims.live_on) == (Decimal("2700.5"), date(2026, 1, 12))
    assert (claims.cash_effects[0].month, claims.cash_effects[1].account) == (date(2026, 4, 1), "")
    jsonschema.validate(read_document(tmp_path / "systems" / "desk.yaml").value, json_schemas()["system"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  cash_effects:\n    - {what: a, monthly_before: 9, monthly_now: 9}\n", "6: .*no less than `monthly_before`"),
        ("  cash_effects:\n    - what: a\n      monthly_before: 9\n      monthly_now: 1\n      signed_by: CFO\n",
         "9: .*a name and a day"),
        ("  cash_effects:\n  - {what: a, month: 2026-04, monthly_before: 9, monthly_now: 1, " + SIGNED,
         "6: .*before 2026-04 began: a promise"),
        ("  cash_effects: [{what: a, month: 2026-13, monthly_before: 9, monthly_now: 1}]\n", "5: .*must be a month"),
        ("  cash_effects: [{what: a, currency: EURO, monthly_before: 9, monthly_now: 1}]\n", "5: .*did you mean EUR"),
        ("  cost_avoided: [{what: a, amount: 9, lower: 10}]\n", "5: .*above the amount"),
        ("  cost_avoided: [{what: a, amount: 9, approved_on: 2026-02-01, cancelled_on: 2026-01-01}]\n",
         "5: .*nobody approved"),
        ("  counterfactual: matched\n", "5: .*name its study in `evidence_ref`"),
        ("  nothing_to_claim: none yet\n  cost_avoided: [{what: a, amount: 9}]\n", "5: .*leave this sentence out"),
        ("  savings: 43680\n", "5: .*value.savings"),
        ("  investments: [{what: a, amount: -1, on: 2026-01-01}]\n", "5: .*greater than 0"),
    ],
)  # fmt: skip
def test_a_contradiction_is_a_fault_with_its_line(tmp_path, text, said):
    (found,) = faults(tmp_path, text)
    assert re.search(said, found), found
