"""How long a system's own work pauses: what is usual is not late, and the silence in question is no pause yet."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout.briefs.silence import Arrival, longest_pause

MONDAY = date(2026, 11, 2)


def days(*places):
    return [MONDAY + timedelta(days=place) for place in places]


@pytest.mark.parametrize(
    ("worked", "pause"),
    [
        (days(), 0),
        (days(0), 0),
        (days(0, 1, 2, 3, 4), 0),
        (days(0, 1, 2, 3, 4, 7, 8), 2),  # a weekend
        (days(0, 4, 5, 7), 3),
    ],
)
def test_a_pause_lies_between_two_days_with_tasks(worked, pause):
    assert longest_pause(worked) == pause


def test_a_system_is_late_after_the_hours_it_may_be_silent():
    arrival = Arrival(datetime(2026, 11, 20, 16), 26 + 48)
    assert not arrival.late(datetime(2026, 11, 20, 12))  # an earlier as-of
    assert not arrival.late(datetime(2026, 11, 23, 18))
    assert arrival.late(datetime(2026, 11, 23, 18, 1))


@given(st.sets(st.integers(0, 55), min_size=1))
def test_no_stretch_between_the_first_and_the_last_day_is_longer_than_the_longest_pause(places):
    pause = longest_pause(days(*sorted(places)))
    free = [0]
    for place in range(min(places), max(places) + 1):
        free.append(0 if place in places else free[-1] + 1)
    assert pause == max(free)
