"""The gate ledger over a warehouse: sealed once, verified, replayed, restated, signed, waived; policies that change."""

import contextlib
import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from readout.briefs import gate_sealing, gate_signing, open_book
from readout.briefs.gate_ledger import export, ledger_view, replay
from readout.briefs.gate_readings import gate_readings
from readout.briefs.gate_restarts import with_restarts
from readout.briefs.gate_signing import Signer
from readout.gates.verifying import audit
from readout.warehouse.errors import InputError
from readout.warehouse.journal import open_journal
from readout.warehouse.session import open_session
from tests.contract.test_gates_from_warehouse import (
    GATE,
    MONDAY,
    WEEK,
    gate,
    heartbeat,
    portfolio,
    together,
    week,
    worked_rows,
)
from tests.contract.worked import insert, prepare, reading, refreshed

CLOSED = MONDAY + 7 * WEEK + timedelta(hours=48)  # the worked table is complete
BOSS, OWNER = Signer("boss@example.com", "COO"), Signer("owner@example.com", "lead")


@contextlib.contextmanager
def opened(settings, known=None, at=CLOSED):
    """Yield a book as of an instant, with what the ledger remembers, and the journal."""
    known = known or portfolio()
    with reading(settings) as warehouse, open_journal(settings) as journal:
        book = replace(open_book(warehouse, known, settings), as_of=at)
        yield with_restarts(book, journal), journal


def seal(settings, known=None, at=CLOSED):
    with opened(settings, known, at) as (book, journal):
        return gate_sealing.seal(book, journal, at)


def said(result):
    return [(one.record["state"], one.record["reason"], one.record["streak"]) for one in result.sealed]


@pytest.fixture
def desk(tmp_path):
    settings = prepare(f"duckdb:///{tmp_path / 'w.duckdb'}", worked_rows())
    refreshed(settings, portfolio())
    return settings


def test_decisions_are_sealed_once_and_verify_and_replay_on_both_engines(engine_url):
    settings = prepare(engine_url, worked_rows())
    refreshed(settings, portfolio())
    assert said(seal(settings, at=CLOSED - WEEK)) == [("HOLD", "volume", 4)]
    passed = seal(settings)
    assert said(passed) == [("PASS", "consecutive_met", 5)]
    assert [(one.kind, one.subject) for one in passed.events] == [("gate.eligible", GATE)]
    again = seal(settings)
    assert (again.sealed, again.events) == ((), ())
    with pytest.raises(InputError, match="too late"):
        seal(settings, at=CLOSED - WEEK)
    with opened(settings) as (book, journal):
        found = audit(json.loads(export(journal)))
        assert (found.records, found.faults) == (2, ())
        assert found.head == passed.sealed[0].hash
        assert [one.outcome for one in replay(book, journal)] == ["same", "same"]
        assert [one.sealed.sequence for one in replay(book, journal, GATE, last=1)] == [2]
        assert export(journal) == export(journal)


def test_late_data_restates_and_opens_an_item_and_never_rewrites(desk):
    seal(desk)
    # 20 tasks of the last week arrive a fortnight late, all judged wrong: 90 of 120 misses its line
    late = week(6, 0, n=20, arm="ai_assisted")
    heard = CLOSED + WEEK
    for row in (*late["tasks"], *late["verdicts"]):
        row["ingested_at"] = heard
    with open_session(desk) as session:
        insert(session, late)
    refreshed(desk, portfolio())
    after = seal(desk, at=heard)
    [item] = after.opened
    assert (item.gate, item.sequence) == (GATE, 1)
    assert "gate.flip" in {one.kind for one in after.events}
    assert seal(desk, at=heard).opened == ()
    with opened(desk, at=heard) as (book, journal):
        [first, *_] = replay(book, journal, GATE)
        assert (first.outcome, first.sealed.record["state"]) == ("flips", "PASS")
        said = [(one.week, one.what, one.sealed, one.now) for one in first.restated if one.metric == "accuracy"]
        assert said == [(date(2026, 2, 16), "n", "100", "120")]
        assert audit(json.loads(export(journal))).faults == ()
        gate_signing.acknowledge(book, journal, GATE, 1, who=OWNER.who, what="late export", now=heard)
        assert ledger_view(journal, gate(), None).open_items == ()
        with pytest.raises(InputError, match="no open item"):
            gate_signing.acknowledge(book, journal, GATE, 1, who=OWNER.who, what="again", now=heard)


def test_a_deployment_goes_only_on_a_pass_with_a_verified_unexpired_sign_off(desk):
    now = CLOSED

    def require(**options):
        found = gate_signing.require(book, journal, GATE, options.pop("now", now), **options)
        return found.exit_code, found.sentence

    def sign(signer, **options):
        return gate_signing.sign(book, journal, GATE, signer, comment="read it", now=now, **options)

    with opened(desk, at=CLOSED - WEEK) as (book, journal):
        assert require()[0] == 10
        with pytest.raises(InputError, match="is not eligible"):
            sign(BOSS)
    with opened(desk) as (book, journal), pytest.raises(InputError, match="not sealed yet"):
        sign(BOSS)
    seal(desk)
    with opened(desk) as (book, journal):
        assert require() == (10, f"{GATE} is eligible, and nobody has signed it off")
        with pytest.raises(InputError, match="somebody else must approve"):
            sign(OWNER)
        with pytest.raises(InputError, match=r"names boss@example\.com as approver"):
            sign(Signer("cfo@example.com", "CFO"))
        with pytest.raises(InputError, match="run out"):
            sign(BOSS, expires_at=now)
        signed = sign(BOSS, expires_at=now + timedelta(days=3))
        assert (signed.verified, "@" in signed.account) == (False, True)
        assert "unverified" in require()[1]
        assert require()[0] == 10
        assert require(allow_unverified=True)[0] == 0
        assert require(allow_unverified=True, now=now + timedelta(days=3))[0] == 10
        sign(replace(BOSS, verified=True))
        assert require()[0] == 0
        with pytest.raises(InputError, match="unknown gate"):
            gate_signing.require(book, journal, "desk/nowhere", now)


def test_a_waiver_ends_and_opens_nothing(desk):
    at = CLOSED - WEEK

    def waive(days, signer=BOSS, metrics=("accuracy",), reason="move of the mail room"):
        return gate_signing.waive(
            book, journal, GATE, signer, metrics=metrics, reason=reason, until=at + timedelta(days=days), now=at
        )

    with opened(desk, at=at) as (book, journal):
        for given, match in (
            ({"days": 93}, "within 92 days"),
            ({"days": 0}, "within 92 days"),
            ({"days": 9, "signer": OWNER}, "somebody else must approve"),
            ({"days": 9, "metrics": ("speed",)}, "name the metrics"),
            ({"days": 9, "reason": " "}, "needs its reason"),
        ):
            with pytest.raises(InputError, match=match):
                waive(**given)
        waived = waive(9)
        assert gate_signing.require(book, journal, GATE, at).exit_code == 10
        assert "waived for accuracy until 27 Feb 2026" in gate_signing.require(book, journal, GATE, at).sentence
        assert gate_signing.standing_waivers([waived], at + timedelta(days=9)) == ()


@pytest.mark.parametrize(
    ("line", "streak", "change"), [("> 0.80", 0, "loosened"), ("> 0.89", 3, "tightened"), ("> 0.85", 5, "same")]
)
def test_a_policy_that_changes_mid_streak_is_loosened_from_zero_and_tightened_on_the_same_weeks(
    desk, line, streak, change
):
    seal(desk, at=CLOSED - WEEK)
    metrics = [one.model_dump(mode="json", by_alias=True, exclude_unset=True) for one in gate().metrics]
    metrics[0]["pass"] = line
    other = portfolio(gate(metrics=[{**metrics[0], "breach": "< 0.70"}, {
        "name": "latency", "statistic": "p95", "unit": "ms", "pass": "< 300", "breach": "> 500", "min_n": 59,
    }]))  # fmt: skip
    with opened(desk, other) as (book, _):
        [found] = gate_readings(book)
        assert found.verdict.streak == streak
        assert (found.verdict.reason == "loosened") == (change == "loosened")
    seal(desk, other)
    with opened(desk, other) as (_, journal):
        versions = ledger_view(journal, other.gates[GATE], None).versions
        assert [one.change for one in versions] == ([change, "first"] if change != "same" else ["first"])
        assert audit(json.loads(export(journal))).faults == ()


def test_a_breach_and_what_it_sets_in_motion_are_told_once(tmp_path):
    rows = together(*(week(number, right) for number, right in enumerate((90, 40))), heartbeat(MONDAY + 3 * WEEK))
    settings = prepare(f"duckdb:///{tmp_path / 'w.duckdb'}", rows)
    back = {"stage": "assisted", "load_share": 0.25, "review_rate": 0.5, "notify": ["risk"]}
    known = portfolio(gate(on_breach=back))
    refreshed(settings, known)
    at = datetime(2026, 1, 21)
    found = seal(settings, known, at)
    assert said(found) == [("FAIL", "breach", 0)]
    [breached] = [one for one in found.events if one.kind == "gate.breached"]
    assert breached.data["action"] == {**back, "load_share": "0.25", "review_rate": "0.5"}
    assert seal(settings, known, at + timedelta(hours=1)).events == ()
