"""One system's story in sentences: what is to be decided, what a task costs, what was reviewed, and the busy hours."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from readout.briefs.quality import _types, share_of
from readout.briefs.results import Figure, Standstill
from readout.briefs.results_quality import LoadRow, ReviewRow, Share
from readout.briefs.results_system import IncidentRow
from readout.gates.promotion import Chance, Scarce
from readout.words import system_story as words
from tests.unit.test_promotion import DESK, card

NOW = datetime(2026, 11, 28)
STALLED = Standstill("shadow", "assisted", 0.3, date(2026, 9, 7), "", ())
MORE = "2 more met weeks in a row until coo@x.example can review"
NONE = Share(None, 0)
LOAD = LoadRow("desk", "Desk", 197, 22.5, 9.7, 83.2, 84.3, 150.0, share_of(90, 100), share_of(950, 960),
               share_of(236, 254), NONE, 1.0, 0.999)  # fmt: skip


def profile(gate=None, standstill=None, registry: Any = "there", **standing: Any):
    own = replace(DESK, card=gate, **standing)
    found: Any = SimpleNamespace(standing=own, standstill=standstill, registry=registry, axis=SimpleNamespace(now=NOW))
    return found


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (profile(card("eligible")),
         "Decision due: coo@x.example reviews the evidence and signs off before the stage becomes full."),
        (profile(card("breach")), "Decision due: a@x.example takes load back: the policy sets no action."),
        (profile(card("eligible"), STALLED),  # a gate that is ready speaks before a plan that is late
         "Decision due: coo@x.example reviews the evidence and signs off before the stage becomes full."),
        (profile(None, STALLED), "Decision due: move to assisted, or set a new plan (nobody is named)."),
        (profile(card()),
         f"No decision is due: {MORE}; it can pass by 21 Dec, if the next 3 weeks hold."),
        (profile(card(), chance=Chance("on_course", 57), day=date(2028, 1, 10)),
         "Its gate does not pass as things are: not within a year, 57 weeks at today's rate and volume."),
        (profile(card(), chance=Chance("bound"), day=None),
         f"By when its gate passes cannot be said, a bound has to clear its line; {MORE}."),
        (profile(card(), chance=Chance("volume", scarce=Scarce("accuracy", 31.25, 120)), day=None),
         "Its gate does not pass as things are: not at this volume, 31 a week for accuracy, 120 asked for."),
        (profile(card("watch"), chance=Chance("watched"), day=None),
         "No decision is due: a@x.example watches; a broken line takes load back."),
        (profile(), words.NO_GATE),
        (profile(registry=None), ""),
    ],
)  # fmt: skip
def test_what_is_to_be_decided_follows_from_the_gate_and_the_plan(given, said):
    assert words.decision(given) == said


def test_a_cost_is_said_with_what_it_is_held_against_or_with_its_reason():
    cost = Figure("fully_loaded_cost_per_accepted_task", Decimal("0.327"), before=Decimal("0.4"),
                  baseline=Decimal("2.77"), currency="EUR")  # fmt: skip
    assert words.cost(cost) == ("An accepted task costs €0.327 (fully loaded), −18% against the period before; "
                                "before the system it cost €2.77.")  # fmt: skip
    assert words.cost(replace(cost, before=None, baseline=None)) == "An accepted task costs €0.327 (fully loaded)."
    assert words.cost(Figure("cost_per_accepted_task", None, "no task on an AI arm in this period")).startswith(
        "Not meas"
    )


def test_reviews_are_said_against_their_plan_and_with_what_no_judge_could_tell():
    row = ReviewRow("desk", "Desk", 0.06, 0.0588, "human", 1199, 12, 0.99, ())
    assert words.review(row) == ("5.9% of AI-handled work was reviewed, planned 6.0%, judged by people; of 1,199, 12 "
                                 "could not be told.")  # fmt: skip
    assert words.review(replace(row, planned=None, cannot_tell=0)).endswith("was reviewed, judged by people.")


def test_an_open_degradation_speaks_first_and_an_outage_is_none():
    begun = IncidentRow("i", "degradation", datetime(2026, 11, 3), None, 0.0, "")
    over = replace(begun, kind="rollback", ends=datetime(2026, 11, 4))
    assert words.degradation([begun, over, replace(over, kind="outage")], NOW) == (
        "2", ("a degradation has been open since 3 Nov, for 3 weeks",)
    )  # fmt: skip
    assert words.degradation([over], NOW) == ("1", ("rollback: 1",))
    assert words.degradation([], NOW) == ("0", ("no degradation, fallback or rollback",))


def test_busy_hours_are_told_against_the_rest_and_what_is_not_known_has_its_reason():
    tiles = {key: (big, [line for line in lines if line]) for key, big, lines in words.busy_tiles(LOAD)}
    assert tiles["busy_load"] == ("22.5", ["9.7 in the rest", "197 busy hours"])
    assert tiles["busy_latency"] == ("83 ms", ["84 ms in the rest"])
    assert tiles["busy_under"] == ("90%", ["83–94%, n = 100", "99% in the rest", "lower when busy", "line: 150 ms"])
    assert tiles["busy_accuracy"] == ("93%", ["89–95%, n = 254", "– in the rest"])
    assert words.busy_share(NONE, NONE, "why") == ("", ("why",))
    assert words.can_compare(LOAD)
    assert not words.can_compare(replace(LOAD, busy_latency_ms=None, busy_accuracy=NONE))
    assert not words.can_compare(None)


def test_the_type_that_is_surely_escalated_stands_before_one_that_may_be_so_by_chance():
    names = ("completed_ai", "escalated", "ai_wrong", "settled_ai", "fallback", "failed")
    work = pd.DataFrame(
        [("few", 4, 2, 1, 4, 0, 0), ("many", 500, 200, 9, 510, 5, 5), ("many", 500, 200, 8, 490, 5, 5),
         ("calm", 1000, 20, 1, 1000, 0, 0), ("people only", 0, 0, 0, 0, 0, 0)],
        columns=["task_type", *names],
    )  # fmt: skip
    rows = _types(work)
    assert [row.task_type for row in rows] == ["many", "few", "calm"]
    assert (rows[0].completed_ai, rows[0].escalated.value, rows[0].ai_wrong, rows[0].fallback.n) == (
        1000,
        0.4,
        17,
        1000,
    )
