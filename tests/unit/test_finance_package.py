"""Finance is pure and exact, whoever calls it; its examples hold and its document names what there is."""

import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

import readout.finance
from readout import periods
from readout.finance import (
    allocate,
    blend,
    bridge,
    convert,
    discounted_payback,
    fiscal_period,
    invoice_tolerance,
    npv,
    payback,
    price_calls,
)

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(one.name for one in pkgutil.iter_modules(readout.finance.__path__))
CENT, DAY = Decimal("0.01"), date(2026, 5, 1)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_hold(name):
    assert not doctest.testmod(importlib.import_module(f"readout.finance.{name}")).failed


def test_finance_knows_neither_frames_nor_arrays_nor_a_database_nor_a_screen():
    heavy = ["numpy", "pandas", "pyarrow", "scipy", "duckdb", "sqlalchemy", "streamlit", "plotly", "pydantic", "yaml"]
    code = f"import sys, readout.finance; print(*sorted(set({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_document_names_only_what_the_package_has():
    named = re.findall(r"`(\w+)\(", (ROOT / "docs" / "finance.md").read_text(encoding="utf-8"))
    assert named
    assert {
        name for name in named if not (hasattr(readout.finance, name) or hasattr(readout.finance.Bridge, name))
    } == set()


def test_fiscal_periods_have_one_definition():
    assert fiscal_period is periods.fiscal_period


def everything():
    """Return figures of every function, with more digits than a narrow context holds."""
    big, other = Decimal("123456789012345678.123456789012"), Decimal("7654321.123456789")
    item = {"q0": 3, "q1": 7, "c0": big, "c1": other, "fixed0": CENT, "fx": CENT}
    items = [{"key": "a", **item}, {"key": "b", **item, "q0": 7}]
    price = {
        "model": "m", "token_class": "input", "unit_tokens": 1000, "price": Decimal("0.123456789012"),
        "currency": "EUR", "valid_from": DAY,
    }  # fmt: skip
    rate = {"rate_date": DAY, "from_currency": "USD", "to_currency": "EUR", "rate": Decimal("0.123456789012")}
    return (
        allocate(big, {"a": 1, "b": 2}, CENT), bridge(items), bridge(items).footed(CENT),
        blend({"a": (3, big)}, {"a": (3, CENT), "b": (4, big)}), convert(big, "USD", DAY, [rate]),
        price_calls([{"model": "m", "day": DAY, "input_tokens": 10**15 + 1}], [price]),
        payback(big, [CENT, big]), payback(big, 7), npv([-7, big], CENT),
        discounted_payback(other, Decimal("654321.987654321"), CENT),
        invoice_tolerance(10**9 + 1, CENT),
    )  # fmt: skip


def test_figures_do_not_depend_on_the_precision_of_the_caller():
    wide = everything()
    with localcontext(prec=6):
        assert everything() == wide
