"""Hours are not money: no sentence, written or generated, says that money was saved where hours or a plan are meant."""

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import readout
from readout.briefs.results import Finding
from readout.briefs.results_value import LINES, Appraisal, Assumptions, Claim, Lever, SystemValue, Trial, ValueBrief
from readout.finance import Case
from readout.words import value_claims as said
from tests.unit.test_words import HEADER

PACKAGE = Path(readout.__file__).parent
SAID_IN = [PACKAGE / "words", PACKAGE / "ui", PACKAGE / "briefs", PACKAGE / "cli"]
SOURCES = [
    *sorted(path for folder in SAID_IN for path in folder.rglob("*.py")),
    *(PACKAGE / name for name in ("findings.py", "metrics.py")),
    *sorted((PACKAGE / "charts").glob("*.py")),
]
AMOUNT = r"(?:[€$£¥₹]|\b[A-Z]{3}\b|\d|\{)"
# "saved 43,680", "savings of €9", "saving {amount}"; and money that is made of hours: "€9 of capacity"
FORBIDDEN = re.compile(
    rf"(?i:\bsav(?:e|es|ed|ing|ings)\b)[^.;:?]{{0,40}}?{AMOUNT}"
    r"|(?:[€$£¥₹]\s?[\d{][^.;:]{0,20}|\d\s(?:EUR|USD|GBP)\s)\b(?:of|in)\s(?:capacity|hours|time)\b"
)


def texts(path):
    """Return every text of a module, what is filled in as {}; docstrings tell readers of code, not of pages."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (told | inside):
            yield node.value


@pytest.mark.parametrize(
    "text",
    ["saved 43,680", "AI saves €9,500 a year", "Savings of {}", "a saving of USD 12", "cost savings: none, saved {} h",
     "returned €43,680 of capacity", "9,500 EUR of time"],
)  # fmt: skip
def test_the_lint_sees_what_must_not_be_said(text):
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize(
    "text", ["Nothing is saved.", "returned 1,040 hours of capacity", "cash effect to date €9,500", "saved as a draft"]
)
def test_the_lint_leaves_the_rest_alone(text):
    assert not FORBIDDEN.search(text)


def test_no_text_of_the_product_calls_an_amount_saved():
    found = [(path.name, text) for path in SOURCES for text in texts(path) if FORBIDDEN.search(text)]
    assert found == []


def claim(line, amount, *, grade="C", lacking=(), currency="EUR", **more):
    return Claim(
        line, "desk", "Desk", "bureau", amount, Decimal(43680), currency, grade, "Head of Desk", lacking=lacking,
        start=date(2026, 4, 1), end=date(2026, 11, 1), **more,
    )  # fmt: skip


def brief(claims, cash, avoided, hours):
    system = SystemValue("desk", "Desk", described=True, live_on=None, claims=claims, volume=None)  # ty: ignore[invalid-argument-type]
    return ValueBrief(
        HEADER, Finding(""), date(2026, 11, 1), (system,), has_ledger=True, total=Appraisal(), cash=cash,
        avoided=avoided, hours=hours,
    )  # fmt: skip


def test_the_sentence_that_finance_asked_for():
    claims = (claim("capacity", 1040.0, lacking=("measured",)), claim("cash", Decimal(9500), grade="B"))
    sentence = said.finding(brief(claims, {"EUR": Decimal(9500)}, {}, 1040.0)).sentence
    assert sentence == (
        "Desk: returned 1,040 hours of capacity (self-reported, grade C); cash effect to date €9,500, confirmed by the "
        "ledger."
    )


def test_a_claim_without_proof_is_in_no_number_of_the_page():
    found = brief((claim("cash", None, lacking=("signed_by",)),), {}, {}, None)
    assert said.big(found, "cash") == ""
    assert "43,680" not in said.finding(found).sentence + " ".join(said.under(found, "cash"))
    assert said.lacks(found.claims[0]) == "the signature of its owner"


MONEY = st.decimals(min_value=-(10**7), max_value=10**7, places=2)
HOURS = st.floats(min_value=-1e6, max_value=1e6)
LACKING = st.lists(st.sampled_from(sorted(said.LACKING)), max_size=3).map(tuple)


@st.composite
def briefs(draw):
    claims = []
    for line in LINES:
        amount = HOURS if line == "capacity" else MONEY
        for _ in range(draw(st.integers(0, 2))):
            number = draw(amount)
            name = draw(st.sampled_from(["minutes_before", "volume"] if line == "capacity" else ["level"]))
            basis = draw(st.sampled_from(sorted(said.BASES)))
            lever = Lever(name, number, number, number, draw(amount), draw(amount), basis)
            claims.append(
                claim(line, draw(st.sampled_from([None, number])), grade=draw(st.sampled_from("ABC")),
                      lacking=draw(LACKING), lower=number, upper=number, levers=(lever,), account="4630 Bureau",
                      approved_by=draw(st.sampled_from(["", "CFO"])), used_for="call-backs")
            )  # fmt: skip
    hours = [float(one.amount) for one in claims if one.line == "capacity" and one.amount is not None]
    money = {line: [one.amount for one in claims if one.line == line and one.amount is not None] for line in LINES}
    sums = {line: {"EUR": sum(money[line])} if money[line] else {} for line in ("cash", "avoided")}
    return brief(tuple(claims), sums["cash"], sums["avoided"], sum(hours) if hours else None)


@given(briefs())
def test_nothing_that_is_generated_calls_an_amount_saved(found):
    spoken = [said.finding(found).sentence, said.never_added(found)]
    for line in LINES:
        spoken += [
            said.big(found, line),
            *said.under(found, line),
            *(t for pair in said.explain_line(line, found) for t in pair),
        ]
    for one in found.claims:
        spoken += [said.amount(one), said.interval(one), said.claimed(one), said.lacks(one)]
        spoken += [*said.owner(one), *said.baseline(one), *said.lever(one), *said.period(one)]
    assert [text for text in spoken if FORBIDDEN.search(text)] == []
    if found.hours is not None:
        assert re.search(
            r"(returned|took) [\d,.]+ (more )?hours of capacity \(.*grades? [ABC]", said.finding(found).sentence
        )
        assert said.big(found, "capacity").endswith(" h")


@given(st.decimals(0, 500, places=2), HOURS)
def test_hours_at_a_rate_stay_information(rate, hours):
    system = brief((), {}, {}, None).systems[0]
    text = said.at_rate(
        Trial(hours, hours, Decimal(repr(hours)) * rate, None, None), Assumptions(rate=rate), system, "EUR"
    )
    assert text.startswith("Information, in no line")
    assert not FORBIDDEN.search(text)


def test_a_payback_is_named_by_its_month_and_never_is_an_answer():
    case = Case(date(2024, 9, 1), 36, {0: Decimal(100)}, (Decimal(4),) * 25, (Decimal(0),) * 25, Decimal(4))
    assert said.payback(case, case.payback) == ("25.0 months", "reached Oct 2026")
    assert said.payback(case, Decimal("25.3")) == ("25.3 months", "expected Nov 2026")
    assert said.payback(case, None) == ("never pays back", "within 36 months")
    assert said.payback(case, None, discounted=True) == ("no discount rate", "")
