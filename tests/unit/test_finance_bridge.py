"""From one period's cost to the next: every bar by its formula, nothing lost, and it still adds up when rounded."""

from decimal import Decimal
from fractions import Fraction
from math import nan
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from readout.finance import COMPONENTS, blend, bridge
from readout.finance.footing import foot_table, largest_remainder
from readout.finance.variance import Method

FOLDER = Path(__file__).parent / "finance_worked"
BRIDGES = yaml.safe_load((FOLDER / "bridge.yaml").read_text(encoding="utf-8"))
BLENDS = yaml.safe_load((FOLDER / "blend.yaml").read_text(encoding="utf-8"))
CENT = Decimal("0.01")
PICO = Decimal(1).scaleb(-12)
METHODS: tuple[Method, ...] = ("weighted_average", "standard_mix")
COSTS = ("c0", "c1", "fixed0", "fixed1", "fx")

quantities = st.one_of(st.just(0), st.sampled_from([1, 3, 7]), st.integers(0, 5000), st.decimals(0, 100, places=2))
costs = st.one_of(st.just(Decimal(0)), st.decimals(-(10**5), 10**6, places=2), st.decimals(0, 1000, places=6))
one_item = st.fixed_dictionaries(
    {"q0": quantities, "q1": quantities, "c0": costs, "c1": costs},
    optional={"fixed0": costs, "fixed1": costs, "fx": st.decimals(-100, 100, places=4)},
)
all_items = st.lists(one_item, max_size=7).map(
    lambda found: [{"key": f"system-{number}", **item} for number, item in enumerate(found)]
)


def parts(change):
    return {name: getattr(change, name) for name in COMPONENTS}


def swapped(item):
    fixed = {"fixed0": item.get("fixed1", 0), "fixed1": item.get("fixed0", 0)}
    return {"key": item["key"], "q0": item["q1"], "q1": item["q0"], "c0": item["c1"], "c1": item["c0"], **fixed}


@pytest.mark.parametrize("one", BRIDGES, ids=lambda one: f"{one['source']}, {one['method']}")
def test_a_published_bridge_is_reproduced(one):
    items = [{name: text if name == "key" else Decimal(text) for name, text in item.items()} for item in one["items"]]
    found = bridge(items, one["method"])
    assert found.total == Decimal(one["total"])
    assert {name: value for name, value in parts(found).items() if value} == {
        name: Decimal(value) for name, value in one["parts"].items()
    }
    rows = {row.key: row for row in found.footed(CENT).rows}
    for key, wanted in one["rows"].items():
        for name, value in wanted.items():
            assert getattr(rows[key], name) == Decimal(value), (key, name)


@pytest.mark.parametrize("method", METHODS)
@given(items=all_items)
def test_the_components_add_up_to_the_change_of_cost_exactly(method, items):
    found = bridge(items, method)
    change = sum((item["c1"] - item["c0"] for item in items), Decimal(0))
    assert found.total == found.after - found.before == sum(parts(found).values()) == change
    for item, row in zip(items, found.rows, strict=True):
        assert row.total == sum(parts(row).values()) == item["c1"] - item["c0"]
    for name, value in parts(found).items():
        assert sum((getattr(row, name) for row in found.rows), Decimal(0)) == value
    assert found.rounding == 0


@given(items=all_items)
def test_the_totals_do_not_depend_on_the_method(items):
    one, other = (bridge(items, method) for method in METHODS)
    assert parts(one) == parts(other)


@given(items=all_items)
def test_every_component_is_its_formula_to_the_twelfth_decimal(items):
    found = bridge(items)
    exact = [{name: Fraction(item.get(name) or 0) for name in ("q0", "q1", *COSTS)} for item in items]
    for item in exact:
        item["v0"], item["v1"] = item["c0"] - item["fixed0"], item["c1"] - item["fixed1"] - item["fx"]
    going_on = [item for item in exact if item["q0"] and item["q1"]]
    if not going_on:
        assert (found.volume, found.mix, found.rate) == (0, 0, 0)
        return
    q0, q1, c0 = (sum(item[name] for item in going_on) for name in ("q0", "q1", "v0"))
    prices = [item["v0"] / item["q0"] for item in going_on]
    expected = {
        "volume": (q1 - q0) * c0 / q0,
        "mix": sum((item["q1"] - q1 * item["q0"] / q0) * p for item, p in zip(going_on, prices, strict=True)),
        "rate": sum((item["v1"] / item["q1"] - p) * item["q1"] for item, p in zip(going_on, prices, strict=True)),
    }
    for name, value in expected.items():
        assert abs(Fraction(getattr(found, name)) - value) < Fraction(PICO)


@pytest.mark.parametrize("method", METHODS)
@given(items=all_items, unit=st.sampled_from([CENT, Decimal(1), Decimal(1000), Decimal("0.05")]))
def test_rounded_rows_and_columns_add_up_and_nothing_is_off_by_a_minor_unit(method, items, unit):
    exact = bridge(items, method)
    shown = exact.footed(unit)
    assert shown.total == sum(parts(shown).values())
    assert abs(shown.total - exact.total) <= unit / 2
    for name in ("before", "after", "total", *COMPONENTS):
        assert sum((getattr(row, name) for row in shown.rows), Decimal(0)) == getattr(shown, name)
        for one, other in ((shown, exact), *zip(shown.rows, exact.rows, strict=True)):
            assert getattr(one, name) % unit == 0
            assert abs(getattr(one, name) - getattr(other, name)) < unit
            if not getattr(other, name):
                assert not getattr(one, name)  # an empty cell stays empty
    assert shown.before + shown.total + shown.rounding == shown.after
    assert abs(shown.rounding) <= unit


@given(items=all_items, order=st.randoms(use_true_random=False))
def test_the_order_of_the_items_does_not_matter(items, order):
    shuffled = list(items)
    order.shuffle(shuffled)
    for one, other in ((bridge(items), bridge(shuffled)), (bridge(items).footed(CENT), bridge(shuffled).footed(CENT))):
        assert parts(one) == parts(other)
        assert {row.key: row for row in one.rows} == {row.key: row for row in other.rows}


@pytest.mark.parametrize("method", METHODS)
@given(items=all_items)
def test_a_reversal_of_all_cost_mirrors_every_cell(method, items):
    back = [{name: -value if name in COSTS else value for name, value in item.items()} for item in items]
    there, mirrored = bridge(items, method), bridge(back, method)
    for one, other in ((there, mirrored), (there.footed(CENT), mirrored.footed(CENT))):
        assert parts(other) == {name: -value for name, value in parts(one).items()}
        for row, mirror in zip(one.rows, other.rows, strict=True):
            assert parts(mirror) == {name: -value for name, value in parts(row).items()}


@given(items=all_items)
def test_the_way_back_undoes_what_has_no_price_in_it(items):
    items = [{name: value for name, value in item.items() if name != "fx"} for item in items]
    there, back = bridge(items), bridge([swapped(item) for item in items])
    assert back.total == -there.total
    assert (back.new, back.retired) == (-there.retired, -there.new)
    assert (back.no_volume, back.fixed) == (-there.no_volume, -there.fixed)
    assert abs(back.volume + back.mix + back.rate + there.volume + there.mix + there.rate) == 0


@given(items=all_items, factor=st.sampled_from([10, 100, 1000]))
def test_dearer_money_scales_the_bars(items, factor):
    scaled = [{name: value * factor if name in COSTS else value for name, value in item.items()} for item in items]
    for name, value in parts(bridge(items)).items():
        assert abs(getattr(bridge(scaled), name) - value * factor) <= PICO * factor


def test_prices_that_did_not_change_leave_a_rate_of_exactly_nothing():
    items = [{"key": key, "q0": 3, "q1": q1, "c0": 1, "c1": Decimal(q1) / 3} for key, q1 in (("a", 6), ("b", 9))]
    assert [row.rate for row in bridge(items).rows] == [0, 0]


def test_cost_without_tasks_has_a_bar_of_its_own():
    kinds = {
        "new": (0, 5, 0, 5), "retired": (5, 0, 5, 0), "continuing": (5, 5, 5, 5), "no_volume": (0, 5, 1, 5),
    }  # fmt: skip
    found = bridge([{"key": key, "q0": a, "q1": b, "c0": c, "c1": d} for key, (a, b, c, d) in kinds.items()])
    assert all(row.kind == row.key for row in found.rows)
    assert bridge([{"key": "off", "q0": 0, "q1": 0, "c0": 3, "c1": 4}]).no_volume == 1


def test_fixed_spend_of_a_new_system_is_fixed_and_not_new():
    [row] = bridge([{"key": "a", "q0": 0, "q1": 9, "c0": 0, "c1": 30, "fixed1": 21}]).rows
    assert (row.kind, row.new, row.fixed) == ("new", 9, 21)


def test_a_waterfall_of_rounded_costs_closes_with_a_bar_of_rounding():
    shown = bridge([{"key": "a", "q0": 1, "q1": 1, "c0": Decimal("0.005"), "c1": Decimal("0.014")}]).footed(CENT)
    assert (shown.before, shown.total, shown.after) == (CENT, CENT, CENT)
    assert shown.rounding == -CENT


def test_nothing_makes_an_empty_bridge():
    found = bridge([]).footed(CENT)
    assert (found.total, found.rows) == (0, ())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"q0": -1}, "q0 of item 'a' must not be negative"),
        ({"q1": nan}, "q1 of item 'a' must be a finite number"),
        ({"c0": Decimal("NaN")}, "c0 of item 'a' must be a finite number"),
        ({"c1": None}, "item 'a': c1 is missing"),
        ({"fx": "1"}, "fx of item 'a' must be a finite number"),
        ({"key": None}, "key is missing"),
    ],
)
def test_an_item_that_cannot_be_explained_is_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        bridge([{"key": "a", "q0": 1, "q1": 1, "c0": 1, "c1": 1, **change}])


def test_an_unknown_method_and_a_repeated_key_are_refused():
    item = {"key": "a", "q0": 1, "q1": 1, "c0": 1, "c1": 1}
    with pytest.raises(ValueError, match="the method must be one of weighted_average, standard_mix"):
        bridge([item], "lifo")  # ty: ignore[invalid-argument-type]
    with pytest.raises(ValueError, match="'a' comes more than once"):
        bridge([item, item])


# Blended unit cost


@pytest.mark.parametrize("one", BLENDS, ids=lambda one: one["source"])
def test_a_worked_blend_is_reproduced(one):
    sides = [{name: (n, Decimal(cost)) for name, (n, cost) in one[side].items()} for side in ("before", "after")]
    found = blend(*sides)
    wanted = (one["rate"], one["mix"], *one["blended"])
    assert [round(value, 4) for value in found] == [round(Decimal(value), 4) for value in wanted]


classes = st.dictionaries(
    st.sampled_from("abcd"), st.tuples(st.integers(0, 1000), st.decimals(0, 100, places=4)), min_size=1
).filter(lambda found: any(n for n, _ in found.values()))


@given(one=classes, other=classes)
def test_rate_and_mix_add_up_and_mirror(one, other):
    there, back = blend(one, other), blend(other, one)
    assert there.rate + there.mix == there.after - there.before
    assert (back.rate, back.mix, back.before, back.after) == (-there.rate, -there.mix, there.after, there.before)


@given(one=classes, other=classes, factor=st.integers(2, 50))
def test_twice_the_work_blends_alike(one, other, factor):
    assert blend({name: (n * factor, cost) for name, (n, cost) in one.items()}, other) == blend(one, other)


def test_classes_may_be_mappings_or_stand_in_order():
    pairs = ({"a": (1, 2), "b": (1, 4)}, {"a": (3, 2), "b": (1, 4)})
    named = [{name: {"n": n, "unit_cost": cost} for name, (n, cost) in side.items()} for side in pairs]
    assert blend(*pairs) == blend(*named) == blend(*(list(side.values()) for side in pairs))
    assert blend(*pairs).mix == Decimal("-0.5")


def test_a_class_without_tasks_needs_no_unit_cost():
    assert blend({"a": (1, 1), "b": (0, None)}, {"a": (1, 1), "b": (1, 3)}).mix == 1


@pytest.mark.parametrize(
    ("side", "message"),
    [
        ({}, "needs tasks on both sides"),
        ({"a": (0, 1)}, "needs tasks on both sides"),
        ({"a": (-1, 1)}, "n of class 'a' must not be negative"),
        ({"a": (1, nan)}, "the unit cost of class 'a' must be a finite number"),
        ({"a": (1, None)}, "the unit cost of class 'a' must be a finite number"),
    ],
)
def test_a_blend_of_nothing_is_refused(side, message):
    for sides in ((side, {"a": (1, 1)}), ({"a": (1, 1)}, side)):
        with pytest.raises(ValueError, match=message):
            blend(*sides)


# Rounding a table


@given(
    table=st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.fractions(-5, 5, max_denominator=6), min_size=width, max_size=width), min_size=1, max_size=5
        )
    )
)
def test_a_table_of_any_numbers_foots_in_both_directions(table):
    columns = range(len(table[0]))
    found = foot_table({row: dict(enumerate(cells)) for row, cells in enumerate(table)}, columns)
    for row, cells in enumerate(table):
        assert all(abs(found[row][column] - cells[column]) < 1 for column in columns)
        assert abs(sum(found[row].values()) - sum(cells)) < 1
    for column in columns:
        assert abs(sum(cells[column] for cells in found.values()) - sum(cells[column] for cells in table)) < 1
    assert abs(sum(sum(cells.values()) for cells in found.values()) - sum(map(sum, table))) <= Fraction(1, 2)


def test_shares_that_cannot_come_to_a_total_are_refused():
    with pytest.raises(ValueError, match="cannot add up to 3"):
        largest_remainder({"a": Fraction(1, 2)}, 3)
