"""The one-minute page in words: the most important finding first, signals with what lay before them, decisions due."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from readout import findings, words
from readout.briefs.events import before
from readout.briefs.results import Figure, GateCard, ReadoutBrief, Standstill, SystemRow
from readout.briefs.results_readout import ChangeRow, DecisionRow, Event, Signalled
from readout.gates.burn import Burn
from readout.signals import Verdict
from tests.unit.test_words import HEADER

APRIL = date(2026, 4, 6)
ROUTINE = Verdict("routine")
HANDLED = Figure("ai_throughput", 1200, signal=ROUTINE)
SHARE = Figure("ai_share", 0.62, n=1900, signal=ROUTINE)
REDUCTION = Figure("handling_reduction", 0.34, signal=ROUTINE)


def card(state: str, name: str = "Alpha", burn: Burn | None = None) -> GateCard:
    """Return a gate's card in a state; nothing else of it is said by the sentences here."""
    return GateCard(
        gate=f"{name}/partial-to-full", system_id=name.lower(), system_name=name, from_stage="partial",
        to_stage="full", owner="operations", approver="coo", state=state, reason="", held_by="", phase="evaluated",
        streak=3, weeks_needed=3, evidence=None, evidence_needed=None, evidence_rule="point", weakest="latency",
        sentence="", conditions=(), columns=(), outlook=None, alarm=burn, burns=(), lapses=(), stage="partial",
        stage_since=None, entitled_share=None, running_share=None, mix_shift=None, action=None, policy_hash="",
    )  # fmt: skip


def signal(metric: str = "latency_ms_p95", side: str = "high", name: str = "Beta", events=()) -> ChangeRow:
    """Return a system with one signal since 6 April."""
    verdict = Verdict("signal", "shift", side, APRIL, 9, size=4.0)
    return ChangeRow(name.lower(), name, (Signalled(metric, verdict, 412.0, 120.0),), tuple(events))


def stalled(name: str = "Gamma") -> SystemRow:
    """Return a system whose next stage is overdue."""
    none = Figure("throughput", None)
    late = Standstill("shadow", "assisted", 0.3, date(2026, 9, 7), "", ())
    return SystemRow(name.lower(), name, True, "shadow", None, None, *[none] * 6, "", "", late)


def brief(**parts) -> ReadoutBrief:
    """Return a page on which nothing happens but its parts."""
    empty = ReadoutBrief(HEADER, findings.NOTHING, (HANDLED, SHARE, REDUCTION), HANDLED, {}, (), ())
    return replace(empty, **parts)


BURN = Burn("latency", date(2026, 11, 3), 100, 20, 0.05, None, alarm=True)
BROKEN, READY, FAILED = card("breach", burn=BURN), card("eligible", "Delta"), card("failed", "Epsilon")


@pytest.mark.parametrize(
    ("parts", "sentence", "tone"),
    [
        ({"gates": (READY, BROKEN, FAILED), "changes": (signal(),), "systems": (stalled(),)},
         "Alpha has broken its latency line since 3 Nov.", "bad"),
        ({"gates": (BROKEN, card("breach", "Zeta", BURN))},
         "Alpha has broken its latency line since 3 Nov, and 1 more line is broken.", "bad"),
        ({"gates": (READY, FAILED)}, "Epsilon has failed its gate from partial to full.", "bad"),
        ({"gates": (READY,), "changes": (signal(),)}, "Delta is eligible for full and waits for a sign-off.", "good"),
        ({"changes": (signal(), signal("accuracy", "low", "Eta")), "systems": (stalled(),)},
         "Beta: latency, p95 higher since 6 Apr, and 1 more system with signals for the worse.", "bad"),
        ({"systems": (stalled(),), "changes": (signal(side="low"),)}, "Gamma is stalled.", "bad"),
        ({"changes": (signal(side="low"),)}, "Beta: latency, p95 lower since 6 Apr.", "good"),
        ({}, "Nothing needs a decision: every headline figure is in routine variation.", "neutral"),
        ({"figures": (HANDLED, replace(SHARE, signal=Verdict("too_few", points=4)), REDUCTION)},
         "Nothing needs a decision.", "neutral"),
    ],
)  # fmt: skip
def test_the_headline_is_the_single_most_important_finding(parts, sentence, tone):
    found = findings.of_readout(brief(**parts))
    assert (found.sentence, found.tone) == (sentence, tone)


@pytest.mark.parametrize(
    ("decisions", "text"),
    [
        ((), "No decision is due."),
        ((DecisionRow("stalled", "g", "Gamma", ""),), "One decision is due."),
        ((DecisionRow("stalled", "g", "Gamma", ""),) * 3, "3 decisions are due."),
    ],
)
def test_under_the_headline_stands_the_work_that_ai_carried(decisions, text):
    said = findings.lede(brief(decisions=decisions))
    assert said == f"AI handled 1,200 tasks, 62.0% of the work, in 34% less hands-on time than the baseline. {text}"


def event(kind, name, day, **more) -> Event:
    """Return something that happened in 2026."""
    return Event(kind, date(2026, *day), name, **more)


@pytest.mark.parametrize(
    ("events", "text"),
    [
        ([], words.changed.UNRECORDED),
        ([event("release", "r12", (3, 26))], "eleven days after release r12"),
        ([event("release", "r12", (4, 5))], "one day after release r12"),
        ([event("incident", "outage", (4, 7))], "in the same week as an outage"),
        ([event("incident", "degradation", (4, 7)), event("release", "r12", (4, 6))],
         "in the same week as a degradation and release r12"),
        ([event("price", "m1", (4, 1), detail="down"), event("stage", "partial", (3, 23), share=0.7)],
         "five days after a fall in the price of m1; 14 days after stage partial at 70%"),
    ],
)  # fmt: skip
def test_a_signal_is_named_beside_what_lay_before_it_and_never_as_its_effect(events, text):
    said = words.changed.why(signal(events=events))
    assert said == text
    assert not {"because", "due to", "caused", "led to"} & set(said.split())


def test_only_the_two_weeks_before_and_the_week_itself_count_as_before():
    days = [date(2026, 3, 22), date(2026, 3, 23), date(2026, 4, 12), date(2026, 4, 13)]
    found = before(tuple(Event("release", day, str(i)) for i, day in enumerate(days)), APRIL)
    assert [one.name for one in found] == ["2", "1"]


@pytest.mark.parametrize(
    ("row", "what", "by", "cost"),
    [
        (DecisionRow("breach", "a", "Alpha", "operations", line="latency", since=date(2026, 11, 3), burn=BURN),
         "take load back: latency line broken since 3 Nov", "now", "4.0 times the bad tasks allowed"),
        (DecisionRow("eligible", "d", "Delta", "coo", date(2026, 12, 23), "g", "partial", "full", hours=9.04),
         "sign off the step from partial to full", "23 Dec", "9.0 h of people's time"),
        (DecisionRow("eligible", "d", "Delta", "coo", None, "g", "partial", "full", unknown="no next load"),
         "sign off the step from partial to full", "now", "not computable"),
        (DecisionRow("stalled", "g", "Gamma", "", date(2026, 9, 7), to_stage="assisted"),
         "move to assisted, or set a new plan", "overdue since 7 Sep", "–"),
        (DecisionRow("waiver", "a", "Alpha", "coo", date(2027, 1, 4), "g", "partial", "full", "latency"),
         "waiver for latency ends: let it end, or grant it anew", "4 Jan 2027", "–"),
    ],
)  # fmt: skip
def test_a_decision_says_what_by_when_and_what_waiting_costs(row, what, by, cost):
    today = datetime(2026, 11, 28).date()
    assert (words.decisions.what(row), words.decisions.by(row, today)[0], words.decisions.cost(row)[0]) == (
        what,
        by,
        cost,
    )
