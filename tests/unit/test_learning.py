"""A learning curve says what a doubling of the tasks does, and nothing where nothing can be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.stats import learning

VOLUMES = [100, 200, 400, 800, 1600, 3200]


def test_eighty_per_cent_at_every_doubling():
    found = learning(VOLUMES, [100 * 0.8**place for place in range(6)])
    assert found is not None
    assert found == pytest.approx((-0.2, -0.2, -0.2, 6))


def test_an_interval_around_no_trend_holds_zero():
    found = learning(VOLUMES, [5.0, 5.2, 4.9, 5.1, 4.8, 5.1])
    assert found is not None
    assert found.lower < 0 < found.upper


def test_few_months_or_the_same_volume_say_nothing():
    assert learning(VOLUMES[:5], [1.0] * 5) is None
    assert learning([100] * 6, [1, 2, 3, 4, 5, 6]) is None


@pytest.mark.parametrize(
    ("volumes", "costs", "said"),
    [([1, 2], [1], "2 volumes and 1 costs"), ([0, 1], [1, 1], "above 0"), ([1, 2], [1, float("nan")], "above 0")],
)
def test_impossible_points_are_refused(volumes, costs, said):
    with pytest.raises(ValueError, match=said):
        learning(volumes, costs)


@given(st.lists(st.floats(0.01, 1e4), min_size=6, max_size=20), st.floats(0.1, 100), st.floats(0.1, 100))
def test_units_of_money_and_of_volume_change_nothing(costs, money, tasks):
    volumes = [float(place + 1) for place in range(len(costs))]
    one = learning(volumes, costs)
    other = learning([volume * tasks for volume in volumes], [cost * money for cost in costs])
    assert one is not None
    assert other is not None
    assert other == pytest.approx(one, rel=1e-6, abs=1e-6)
