"""A judged rate stands beside its interval and its n."""

from dataclasses import replace

import pytest

from readout import words
from readout.briefs.figures import _interval
from readout.briefs.measures import Accuracy
from readout.briefs.results import Figure
from readout.stats import wilson_interval

EQUAL = Accuracy(weight=300.0, correct=264.0, squares=300.0, n=300, judged=300, judge="human")


def test_equal_weights_give_the_wilson_interval_of_the_count() -> None:
    assert _interval(EQUAL) == pytest.approx(wilson_interval(264, 300))


def test_reviews_of_unequal_weight_tell_less_than_their_number() -> None:
    uneven = replace(EQUAL, squares=600.0)
    low, high = _interval(uneven) or (0.0, 0.0)
    even_low, even_high = _interval(EQUAL) or (0.0, 0.0)
    assert low < even_low < 0.88 < even_high < high


def test_few_reviews_carry_no_decimals() -> None:
    figure = Figure("accuracy", 0.88, n=300, interval=(0.8384, 0.9121))
    assert words.judged(figure) == "84–91%, n = 300"
    assert words.judged(replace(figure, n=3000)) == "83.8–91.2%, n = 3,000"
    assert words.judged(replace(figure, interval=None)) == "n = 300"
