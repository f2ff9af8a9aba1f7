"""The four ways to stall: what shows each, and that what is not known is no finding."""

from dataclasses import replace
from datetime import date

import pytest

from readout.briefs.results_gates import StallRow
from readout.gates.stalls import WAYS, Known, stalls
from readout.words import stalls as words

SOUND = Known(
    "partial", 20, age_hours=2.0, allowed_hours=26.0, entitled=0.7, running=0.68, owner="Head of Desk",
    approver="coo@x.example", gates=1, binds=True, judged_weeks=12, baseline=True, planned=True,
)  # fmt: skip


def kinds(**changes):
    return [one.kind for one in stalls(replace(SOUND, **changes))]


def test_a_sound_system_shows_none_and_a_retired_one_is_not_asked():
    assert kinds() == []
    assert stalls(Known("retired")) == ()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"snapshots": ("every second week",)}, "snapshots"),
        ({"age_hours": 26.1}, "stale"),
        ({"running": 0.34}, "low_load"),
        ({"owner": ""}, "no_owner"),
        ({"approver": ""}, "no_approver"),
        ({"gone": ("lead@x.example",)}, "gone"),
        ({"gates": 0, "binds": False, "judged_weeks": 0}, "no_gate"),
        ({"binds": False}, "never_binds"),
        ({"judged_weeks": 0}, "no_data"),
        ({"baseline": False}, "no_baseline"),
        ({"overdue": ("full", date(2026, 9, 7))}, "overdue"),
        ({"planned": False, "weeks_in_stage": 26}, "unplanned"),
    ],
)
def test_each_finding_follows_from_one_fact_and_says_its_evidence_and_next_step(changes, kind):
    assert kinds(**changes) == [kind]
    [one] = stalls(replace(SOUND, **changes))
    row = StallRow("desk", "Desk", "partial", 20, (one,), "Head of Desk")
    assert words.said(one)
    assert words.next_step(one, row)
    assert words.finding([row]).sentence == "1 of 1 systems stalls: Desk in one way."


@pytest.mark.parametrize(
    "changes",
    [
        {"age_hours": 26.0},
        {"age_hours": None},
        {"running": 0.35},
        {"running": None},
        {"entitled": None, "running": 0.0},
        {"planned": False, "weeks_in_stage": 25},
        {"stage": "full", "planned": False, "approver": "", "gates": 0, "binds": False},
    ],
)
def test_what_is_not_known_or_not_asked_of_its_stage_is_no_finding(changes):
    assert kinds(**changes) == []


def test_nothing_known_but_the_stage_shows_what_is_missing():
    assert {one.way for one in stalls(Known("shadow", 30))} == set(WAYS) - {"integration"}
