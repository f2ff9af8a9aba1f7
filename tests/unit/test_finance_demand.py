"""Demand for models: how concentrated it is, what another price or model would make of it, and why its rate moved."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import nan

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from readout.finance import (
    Model,
    ModelSwitch,
    PriceChange,
    bridge,
    concentration,
    list_on,
    per_million,
    split_rate,
    what_if,
)
from readout.finance.prices import TOKEN_CLASSES
from readout.finance.variance import COMPONENTS, RATE_PARTS

few = settings(max_examples=40)  # each is a whole price list
CENT, PICO = Decimal("0.01"), Decimal(1).scaleb(-12)
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
ONE, TWO = Model("acme", "one"), Model("acme", "two")


def price(model, token_class, amount, start=MAY, end=None, **more):
    return {
        "provider": model.provider, "model": model.name, "token_class": token_class, "unit_tokens": 1_000_000,
        "price": Decimal(amount), "currency": "EUR", "valid_from": start, "valid_to": end, **more,
    }  # fmt: skip


def calls(model, n=1, cost=None, **tokens):
    row = {"provider": model.provider, "model": model.name, "calls": n}
    return {**row, "cost": cost, **{f"{name}_tokens": tokens.get(name, 0) for name in TOKEN_CLASSES}}


def listing(one=("2", "10", "0.5"), two=("1", "4", None)):
    return [
        price(model, name, amount)
        for model, amounts in ((ONE, one), (TWO, two))
        for name, amount in zip(("input", "output", "cache_read"), amounts, strict=True)
        if amount is not None
    ]


# Concentration and the price list


@given(st.lists(st.decimals(0, 10**6, places=2), max_size=5), st.randoms(use_true_random=False))
def test_the_index_lies_between_equal_shares_and_one_provider(amounts, order):
    found = concentration(amounts)
    named = [amount for amount in amounts if amount]
    if found is None:
        assert not named
        return
    assert Decimal(10_000) / len(named) - PICO <= found <= 10_000
    order.shuffle(amounts)
    assert concentration([*amounts, 0]) == found


def test_a_credit_is_no_demand():
    with pytest.raises(ValueError, match="must not be negative"):
        concentration([5, -1])


def test_a_million_tokens_of_nothing_has_no_price():
    assert per_million(3, 0) is None
    assert per_million(3, 1_500_000) == 2


def test_the_price_list_of_a_day_is_what_is_in_force_then():
    rows = [price(ONE, "input", 3, MAY), price(ONE, "input", 2, JUNE, JULY), price(TWO, "input", 1, JULY)]
    assert [(row["model"], row["price"]) for row in list_on(rows, MAY)] == [("one", 3)]
    assert [(row["model"], row["price"]) for row in list_on(rows, JUNE)] == [("one", 2)]
    assert [(row["model"], row["price"]) for row in list_on(rows, JULY)] == [("two", 1)]


# What another price, or another model, would make of it

token_counts = st.fixed_dictionaries({name: st.integers(0, 10**7) for name in ("input", "output", "cache_read")})
observed = st.lists(
    st.builds(lambda model, n, tokens: calls(model, n, **tokens), st.sampled_from([ONE, TWO]), st.integers(1, 99),
              token_counts), max_size=3,
)  # fmt: skip


@few
@given(observed, st.decimals(-99, 300, places=1))
def test_a_change_of_all_prices_changes_every_amount_by_that_percentage(rows, percent):
    found = what_if(rows, listing(), PriceChange(percent), "EUR")
    assert abs(found.after - found.before * (100 + percent) / 100) <= PICO * (len(rows) + 1)
    assert found.calls + sum(one.calls for one in found.left_out) == sum(row["calls"] for row in rows)


@few
@given(observed)
def test_a_model_replaced_by_itself_costs_the_same(rows):
    found = what_if(rows, listing(two=("1", "4", "0.1")), ModelSwitch(ONE, ONE), "EUR")
    assert found.difference == 0


@few
@given(observed, observed)
def test_the_calls_of_two_weeks_add_up(rows, more):
    question = ModelSwitch(ONE, TWO)
    one, other, both = (what_if(some, listing(), question, "EUR") for some in (rows, more, rows + more))
    assert both.difference == one.difference + other.difference
    assert both.touched == one.touched + other.touched


def test_a_change_of_one_class_of_one_model_leaves_the_rest():
    rows = [calls(ONE, 3, input=1_000_000, output=1_000_000), calls(TWO, 4, input=1_000_000)]
    found = what_if(rows, listing(), PriceChange(Decimal(-50), "acme", "one", "output"), "EUR")
    assert (found.before, found.after, found.touched, found.calls) == (13, 8, 3, 7)


def test_cached_tokens_are_input_for_a_model_that_has_no_cache():
    rows = [calls(ONE, 3, input=1_000_000, cache_read=2_000_000)]
    found = what_if(rows, listing(), ModelSwitch(ONE, TWO), "EUR")
    assert (found.before, found.after) == (3, 3)  # 2 + 2 × 0.5; 3 × 1


def test_calls_without_a_price_on_one_side_are_on_neither_and_named():
    rows = [calls(ONE, 3, input=1_000_000), calls(ONE, 5, cache_write=1), calls(Model("", "new"), 7, input=1)]
    found = what_if(rows, listing(), ModelSwitch(ONE, TWO), "EUR")
    assert (found.before, found.after, found.calls) == (2, 1, 3)
    assert [(one.model.name, one.calls, one.reason, one.missing) for one in found.left_out] == [
        ("new", 7, "no_price", ("input",)),
        ("one", 5, "no_price", ("cache_write",)),
    ]
    dollars = [{**row, "currency": "USD"} if row["model"] == "two" else row for row in listing()]
    found = what_if(rows[:1], dollars, ModelSwitch(ONE, TWO), "EUR")
    assert (found.calls, found.left_out[0].reason) == (0, "other_currency")


@pytest.mark.parametrize("percent", [-100, -150, nan])
def test_a_price_that_falls_to_nothing_is_refused(percent):
    with pytest.raises(ValueError, match=r"100 %|percentage"):
        what_if([], listing(), PriceChange(percent), "EUR")


# Why the rate of calls moved

costs = st.decimals(Decimal("0.01"), 1000, places=4)
used = st.lists(
    st.builds(lambda model, cost, tokens: calls(model, cost=cost, **tokens),
              st.sampled_from([ONE, TWO, Model("acme", "unlisted")]), costs, token_counts), max_size=3,
)  # fmt: skip
tasks = st.tuples(st.integers(1, 500), st.integers(1, 500))


def change(rows0, rows1, q):
    cost0, cost1 = (sum((Fraction(row["cost"]) for row in rows), Fraction(0)) for rows in (rows0, rows1))
    return cost1 - cost0 * q[1] / q[0]


@few
@given(used, used, tasks)
def test_price_and_efficiency_are_all_of_the_rate_but_what_no_list_can_price(rows0, rows1, q):
    found = split_rate(rows0, rows1, q, (listing(), listing(one=("1", "5", "0.25"))))
    assert abs(Fraction(found.price + found.efficiency + found.unsplit) - change(rows0, rows1, q)) <= Fraction(PICO) / 2
    assert not found.unsplit or found.unsplit_models


@few
@given(token_counts, tasks, st.integers(1, 9), st.sampled_from(["1", "0.85"]))
def test_the_same_tokens_a_task_at_other_prices_are_all_price(tokens, q, factor, paid):
    assume(any(tokens.values()))

    def paid_for(n, list_price):
        amount = sum(Decimal(list_price[place]) * tokens[name] * n / 1_000_000
                     for place, name in enumerate(("input", "output", "cache_read")))  # fmt: skip
        return calls(ONE, cost=amount * Decimal(paid), **{name: count * n for name, count in tokens.items()})

    old, new = ("2", "10", "0.5"), tuple(str(Decimal(one) * factor) for one in ("2", "10", "0.5"))
    rows0, rows1 = [paid_for(q[0], old)], [paid_for(q[1], new)]
    found = split_rate(rows0, rows1, q, (listing(one=old), listing(one=new)))
    assert abs(found.efficiency) <= PICO
    assert abs(Fraction(found.price) - change(rows0, rows1, q)) <= 2 * Fraction(PICO)


@few
@given(used, used, tasks)
def test_prices_that_did_not_change_are_no_cause_where_calls_are_paid_at_the_list(rows0, rows1, q):
    book = {(row["model"], row["token_class"]): row["price"] for row in listing(two=("1", "4", "0.1"))}

    def cost(row):
        return sum(row[f"{name}_tokens"] * book[row["model"], name] for name in ("input", "output", "cache_read"))

    def at_list(rows):
        return [{**row, "cost": cost(row) / 1_000_000} for row in rows if row["model"] != "unlisted"]

    both = listing(two=("1", "4", "0.1"))
    assert abs(split_rate(at_list(rows0), at_list(rows1), q, (both, both)).price) <= PICO


def test_a_discount_is_a_price_and_another_model_is_none():
    before = [calls(ONE, cost=Decimal(20), input=10_000_000)]
    same = (listing(), listing())
    discount = split_rate(before, [calls(ONE, cost=Decimal(15), input=10_000_000)], (10, 10), same)
    assert (discount.price, discount.efficiency) == (-5, 0)
    cheaper = split_rate(before, [calls(TWO, cost=Decimal(10), input=10_000_000)], (10, 10), same)
    assert (cheaper.price, cheaper.efficiency) == (0, -10)


def test_a_model_that_the_list_never_had_is_not_split():
    rows = [calls(Model("", "own"), cost=Decimal(20), input=5)]
    found = split_rate(rows, [{**rows[0], "cost": Decimal(30)}], (10, 10), (listing(), listing()))
    assert (found.price, found.efficiency, found.unsplit) == (0, 0, 10)
    assert found.unsplit_models == (Model("", "own"),)


def test_a_rate_needs_tasks_on_both_sides():
    with pytest.raises(ValueError, match="needs tasks in both periods"):
        split_rate([], [], (0, 3), ((), ()))


# Price and efficiency as parts of a bridge

parts = st.decimals(-500, 500, places=6)
items = st.lists(
    st.fixed_dictionaries({"q0": st.integers(1, 500), "q1": st.integers(1, 500), "c0": costs, "c1": costs},
                          optional={"price": parts, "efficiency": parts}), max_size=4,
).map(lambda found: [{"key": f"system-{place}", **item} for place, item in enumerate(found)])  # fmt: skip


@few
@given(items, st.sampled_from([CENT, Decimal(1), Decimal("0.05")]))
def test_the_parts_of_a_rate_add_up_to_it_also_when_rounded(rows, unit):
    exact = bridge(rows)
    shown = exact.footed(unit)
    for one in (exact, shown):
        for line in (one, *one.rows):
            assert sum(getattr(line, name) for name in RATE_PARTS) == line.rate
        for name in RATE_PARTS[:2]:
            assert sum((getattr(row, name) for row in one.rows), Decimal(0)) == getattr(one, name)
    for row, other in zip(shown.rows, exact.rows, strict=True):
        for name in RATE_PARTS:
            assert getattr(row, name) % unit == 0
            assert abs(getattr(row, name) - getattr(other, name)) < 2 * unit
    for item, row in zip(rows, exact.rows, strict=True):
        assert abs(row.price - Decimal(item.get("price", 0))) < 2 * PICO
    plain = bridge([{name: item[name] for name in ("key", "q0", "q1", "c0", "c1")} for item in rows])
    assert [getattr(exact, name) for name in COMPONENTS] == [getattr(plain, name) for name in COMPONENTS]


def test_what_has_no_rate_has_no_price():
    with pytest.raises(ValueError, match="'new': price and efficiency are parts of a rate"):
        bridge([{"key": "new", "q0": 0, "q1": 5, "c0": 0, "c1": 5, "price": 1}])
