"""What was asked of providers: every purpose, one currency per amount, and a file whose lines come to its totals."""

import csv
from datetime import datetime
from decimal import Decimal
from io import StringIO

import pytest

from readout.briefs import Scope, open_book, vendors_brief, vendors_csv
from readout.briefs.vendors import answer
from readout.finance import Model, PriceChange
from readout.warehouse.reader import open_warehouse
from readout.words import vendors as said
from tests.contract.worked import example_portfolio, example_rows, prepare, refreshed

M1, M2 = Model("acme", "m1"), Model("acme", "m2")


@pytest.fixture(scope="module")
def brief(tmp_path_factory):
    url = f"duckdb:///{tmp_path_factory.mktemp('vendors') / 'w.duckdb'}"
    settings = prepare(url, example_rows()).model_copy(update={"as_of": datetime(2026, 4, 6, 12)})
    refreshed(settings, example_portfolio())
    warehouse = open_warehouse(settings)
    yield vendors_brief(open_book(warehouse, example_portfolio(), settings), Scope(period="4w"))
    warehouse.close()


def test_the_amounts_are_of_the_calls_paid_in_one_currency(brief):
    # EUR: judge .5, c1 .001, c2 .002, c4 .0035, shadow .05, c8 .00525, c9 .1, c11 2, mill's g3 .0035
    assert brief.currency == "EUR"
    assert brief.total.cost == Decimal("9.66525")  # 7 of it for a test
    assert (brief.total.calls, brief.total.priced, brief.total.elsewhere, brief.total.unpriced) == (17, 11, 3, 3)
    assert brief.other_currencies == ("USD",)
    assert said.other_currencies(brief).startswith("3 calls were paid in USD")


def test_what_no_price_is_known_for_is_named(brief):
    by_model = {one.model: one for one in brief.models}
    assert (by_model[M2].now.unpriced, by_model[M2].now.blended, by_model[M2].share) == (2, None, None)
    assert brief.finding.sentence.endswith("The cost of 3 calls is not known: m1 and m2.")
    assert brief.index == 10_000


def test_cached_tokens_stay_a_class_of_their_own(brief):
    by_model = {one.model: one for one in brief.models}
    assert by_model[M1].now.tokens["cache_read"] == 1000
    assert "cache_read" not in by_model[M1].listed  # its price ended in March
    found = answer(brief, PriceChange(Decimal(10)))
    assert {one.missing for one in found.left_out} == {("cache_read",), ("input", "output"), ()}


def test_who_rests_on_a_model_is_counted_by_its_serving(brief):
    shares = {(one.system_id, one.model): one.share for one in brief.dependences}
    assert shares["desk", M1] == 7 / 8
    assert shares["mill", M2] == 1 / 4


def test_the_lines_of_the_file_come_to_its_control_totals(brief):
    head, table = vendors_csv(brief).split("\r\n\r\n")
    totals = dict(csv.reader(StringIO(head)))
    rows = list(csv.DictReader(StringIO(table)))
    assert len(rows) == int(totals["lines"]) == len(brief.lines)
    assert sum(int(row["calls"]) for row in rows) == int(totals["control total calls"]) == 17
    assert sum(Decimal(row["spend"] or 0) for row in rows) == Decimal(totals["control total spend"])
    tokens = sum(int(value) for row in rows for name, value in row.items() if name.endswith("_tokens"))
    assert tokens == int(totals["control total tokens"])
    assert [row["spend"] for row in rows if row["model"] == "m2"] == [""]
