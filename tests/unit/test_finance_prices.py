"""Tokens are priced once, at the price of their day; what has no price is unpriced, never free."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from readout.finance import PriceBook, price_calls
from readout.finance.prices import TOKEN_CLASSES
from readout.portfolio import Organisation, Portfolio
from readout.warehouse.refresh import dated
from tests.contract.random_rows import random_rows
from tests.contract.worked import prepare, refreshed, rollups

WORKED = yaml.safe_load((Path(__file__).parent / "finance_worked" / "prices.yaml").read_text(encoding="utf-8"))
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
DAY = timedelta(days=1)


def price(amount, start, end=None, **more):
    return {
        "provider": "acme", "model": "m", "token_class": "input", "unit_tokens": 1000, "price": Decimal(amount),
        "currency": "EUR", "valid_from": start, "valid_to": end, **more,
    }  # fmt: skip


def call(day, tokens=1000, **more):
    return {"provider": "acme", "model": "m", "day": day, "input_tokens": tokens, **more}


def test_the_month_of_a_bill_is_reproduced_and_cached_tokens_are_priced_once():
    book = [{**WORKED["common"], **row, "price": Decimal(row["price"])} for row in WORKED["price_book"]]
    found = price_calls([WORKED["call"]], book)
    assert found.totals == {"USD": Decimal(WORKED["billed"])}
    assert (found.priced, found.unpriced) == (1, 0)


def test_a_price_cut_does_not_reprice_closed_days():
    calls = [call(JUNE - DAY), call(JUNE)]
    before = price_calls(calls, [price(2, MAY)])
    after = price_calls(calls, [price(2, MAY), price(1, JUNE)])
    assert [one.amount for one in before.calls] == [2, 2]
    assert [one.amount for one in after.calls] == [2, 1]


def test_the_end_of_a_price_is_not_one_of_its_days():
    found = price_calls([call(MAY - DAY), call(MAY), call(JUNE - DAY), call(JUNE)], [price(2, MAY, JUNE)])
    assert [one.unpriced for one in found.calls] == ["no_price", None, None, "no_price"]


def test_a_model_without_a_price_is_counted_and_in_no_total():
    calls = [call(MAY), call(MAY, model="new"), call(MAY, model="new", tokens=7), call(MAY, output_tokens=3)]
    found = price_calls(calls, [price(2, MAY)])
    assert (found.priced, found.unpriced, found.unpriced_tokens) == (1, 3, 1000 + 7 + 1003)
    assert found.totals == {"EUR": Decimal(2)}
    assert found.unpriced_models == {("acme", "new"): 2, ("acme", "m"): 1}
    assert found.calls[3].missing == ("output",)  # a call is priced whole or not at all


def test_a_price_of_nothing_is_an_unknown_price():
    [found] = price_calls([call(MAY)], [price(0, MAY)]).calls
    assert (found.amount, found.unpriced) == (None, "zero_price")


def test_a_call_without_tokens_has_no_cost_to_know():
    [found] = price_calls([call(MAY, tokens=None)], [price(2, MAY)]).calls
    assert (found.amount, found.unpriced) == (None, "no_tokens")


def test_currencies_are_never_added_up():
    book = [price(2, MAY), {**price(3, MAY, currency="USD"), "token_class": "output"}]
    found = price_calls([call(MAY, output_tokens=1), call(MAY), call(MAY, tokens=0, output_tokens=1000)], book)
    assert found.calls[0].unpriced == "mixed_currencies"
    assert found.totals == {"EUR": Decimal(2), "USD": Decimal(3)}


def test_a_call_belongs_to_its_day_in_utc():
    late = datetime(2026, 5, 31, 23, 30, tzinfo=timezone(-timedelta(hours=2)))
    calls = [{**call(None), "started_at": at} for at in (late, late.astimezone(UTC), datetime(2026, 5, 31, 23, 30))]
    found = price_calls(calls, [price(2, MAY), price(1, JUNE)])
    assert [one.amount for one in found.calls] == [1, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [(price(2, MAY, JULY), price(1, JUNE)), (price(2, MAY), price(1, MAY)), (price(2, MAY, JUNE), price(1, MAY, JULY))],
)
def test_two_prices_for_one_day_are_refused_by_name(one, other):
    for book in ([one, other], [other, one]):
        with pytest.raises(ValueError, match=r"two prices of acme / m / input overlap: from 2026-05-01"):
            price_calls([], book)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"price": Decimal(-1)}, "the price of acme / m / input must not be negative"),
        ({"price": Decimal("NaN")}, "must be a finite number"),
        ({"unit_tokens": 0}, "unit_tokens must be above zero"),
        ({"valid_from": None}, "valid_from is missing"),
        ({"valid_from": "2026-05-01"}, "valid_from of .* must be a date"),
        ({"token_class": "cached"}, "the token class must be one of"),
        ({"currency": None}, "currency is missing"),
    ],
)
def test_a_price_that_says_nothing_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        PriceBook([price(2, MAY, **change)])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"input_tokens": -1}, "input_tokens of call c1 must not be negative"),
        ({"input_tokens": 1.5}, "input_tokens of call c1 must be a whole number"),
        ({"day": None}, "day is missing"),
    ],
)
def test_a_call_that_says_nothing_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        price_calls([{**call(MAY, call_id="c1"), **change}], [price(2, MAY)])


@given(
    days=st.lists(st.dates(MAY, JULY), min_size=1, max_size=20), tokens=st.integers(1, 10**9), cut=st.dates(MAY, JULY)
)
def test_the_cost_of_the_days_adds_up_to_the_cost_of_the_range(days, tokens, cut):
    book = PriceBook([price("2.5", MAY - DAY, cut), price("1.25", cut)])
    by_day = [price_calls([call(day, tokens) for day in days if day == one], book) for one in set(days)]
    whole = price_calls([call(day, tokens) for day in days], book)
    assert sum(found.totals.get("EUR", Decimal(0)) for found in by_day) == whole.totals["EUR"]


# As the warehouse does it


@given(
    starts=st.lists(st.dates(MAY, JULY), unique=True, max_size=5),
    lengths=st.lists(st.none() | st.integers(0, 40), min_size=5, max_size=5),
    day=st.dates(MAY, JULY + 40 * DAY),
)
@example(starts=[MAY, JUNE], lengths=[None, 0], day=JUNE)  # a price that ends on its first day ends the one before
def test_the_price_of_a_day_is_the_one_that_a_refresh_takes(starts, lengths, day):
    rows = []
    for start, length, following in zip(sorted(starts), lengths, [*sorted(starts)[1:], date.max], strict=False):
        end = None if length is None else min(start + length * DAY, following)
        rows.append(price(start.toordinal(), start, end))
    held = dated([("m", row["valid_from"], row["valid_to"], row["price"]) for row in rows], 1)
    expected = [row[3] / 1000 for row in held if row[1] <= day < row[2]]
    found = PriceBook(rows).price("acme", "m", "input", day)
    assert ([] if found is None else [found.per_token]) == expected


def test_calls_cost_what_a_refresh_publishes(tmp_path):
    rows = random_rows(seed=11, tasks=150)
    calls = [{**one, "cost_amount": None, "cost_source": None} for one in rows["model_calls"]]
    days = date.fromisoformat
    book = [
        {
            **one, "price": Decimal(one["price"]), "unit_tokens": units,  # 3 and 7 leave quotients without an end
            "valid_from": days(one["valid_from"]), "valid_to": days(one["valid_to"]) if one["valid_to"] else None,
        }
        for one, units in zip(rows["prices"], (1_000_000, 3, 7, 1_000_000, 3000, 1_000_000, 1, 1), strict=True)
    ]  # fmt: skip
    settings = prepare(
        f"duckdb:///{tmp_path / 'w.duckdb'}", {"tasks": rows["tasks"], "model_calls": calls, "prices": book}
    )
    refreshed(settings, Portfolio(Organisation(name="Acme"), {}))
    published = defaultdict(lambda: [0, 0, Decimal(0)])
    for _, _, _, _, model, _, currency, _, n, *_, cost_n, cost in rollups(settings)["call_day"]:
        for place, value in enumerate((int(n), int(cost_n), Decimal(cost))):
            published[model, currency][place] += value
    found = price_calls(calls, book)  # those of tests too: they are invoiced
    ours = defaultdict(lambda: [0, 0, Decimal(0)])
    for one in found.calls:
        cell = ours[one.model, one.currency or ""]
        cell[0], cell[1], cell[2] = cell[0] + 1, cell[1] + (one.amount is not None), cell[2] + (one.amount or 0)
    assert found.priced > 50
    assert found.unpriced > 50
    priced = {key: cell for key, cell in published.items() if cell[1]}
    assert {key: cell[1:] for key, cell in ours.items() if cell[1]} == {key: cell[1:] for key, cell in priced.items()}
    assert sum(cell[0] for cell in ours.values()) == sum(cell[0] for cell in published.values())


def test_the_classes_are_those_of_the_contract():
    assert set(TOKEN_CLASSES) == {"input", "output", "cache_read", "cache_write"}
