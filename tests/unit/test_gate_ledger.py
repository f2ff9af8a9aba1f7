"""A ledger export verifies from itself, and every kind of tampering is found, at the entry where it begins."""

import copy
import json
from datetime import date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from readout.canonical import hash_of
from readout.cli import app
from readout.gates.evaluate import evaluate
from readout.gates.facts import Observed, Week
from readout.gates.ledger import GENESIS, Evidence, WeekEvidence, record_of
from readout.gates.policy import Gate
from readout.gates.verifying import LedgerFileError, audit, export_document
from readout.warehouse.errors import InputError

MONDAY = date(2026, 1, 5)
WEEK = timedelta(weeks=1)
WORKED = (88, 84, 90, 89, 91, 92, 90)  # correct of 100, GATES.md
GATE = Gate.model_validate(
    {
        "gate": "desk/partial-to-full", "system": "desk", "from_stage": "partial", "to_stage": "full",
        "owner": "owner@example.com", "approver": "boss@example.com",
        "metrics": [{"name": "accuracy", "statistic": "share", "pass": "> 0.85", "breach": "< 0.80", "min_n": 50}],
        "decide": {"consecutive_weeks": 3, "max_missed_weeks": 6},
    }
)  # fmt: skip


def begins(week):
    return datetime(week.year, week.month, week.day)


def sealed(number, previous, gate=GATE):
    """Return the record of the worked table after so many closed weeks, and one more that still runs."""
    weeks = [
        Week(MONDAY + place * WEEK, place < number, metrics={"accuracy": Observed(n=100, successes=correct)})
        for place, correct in enumerate(WORKED[: number + 1])
    ]
    origins = {
        one.week: WeekEvidence(
            begins(one.week),
            begins(one.week + WEEK),
            begins(one.week + WEEK) + timedelta(hours=48),
            800,
            0,
            100,
            100,
            "",
        )
        for one in weeks
    }
    as_of = begins(MONDAY + number * WEEK) + timedelta(hours=48)
    found = Evidence(gate, as_of, "evaluated", evaluate(gate, weeks), (), origins, "q" * 64, "0.0")
    record = record_of(found, number, as_of, previous)
    return record, hash_of(record)


@pytest.fixture(scope="module")
def chain():
    entries, previous = [], GENESIS
    for number in range(1, len(WORKED) + 1):
        entries.append(sealed(number, previous))
        previous = entries[-1][1]
    return entries


@pytest.fixture
def export(chain):
    signed = {"gate": GATE.gate, "evidence_hash": chain[-1][1], "who": "boss@example.com"}
    return copy.deepcopy(export_document(chain, signoffs=[signed]))


def entry(export, number):
    return export["entries"][number - 1]["record"]


def rehash(export, number):
    """Give an entry and all that follow the hashes of what they now hold, as a forger would."""
    for place in range(number - 1, len(export["entries"])):
        one = export["entries"][place]
        one["record"]["previous"] = export["entries"][place - 1]["hash"] if place else GENESIS
        one["hash"] = hash_of(one["record"])
    export["head"] = export["entries"][-1]["hash"]
    export["signoffs"] = []


def test_the_worked_table_stands_in_the_ledger_and_verifies_through_a_file(export):
    told = [(entry(export, n)["state"], entry(export, n)["reason"], entry(export, n)["streak"]) for n in range(1, 8)]
    assert told[4:] == [("HOLD", "volume", 3), ("HOLD", "volume", 4), ("PASS", "consecutive_met", 5)]
    found = audit(json.loads(json.dumps(export)))
    assert (found.records, found.faults) == (7, ())
    assert audit(export, known=found.head).faults == ()


def change_a_fact(export):
    entry(export, 3)["weeks"][2]["metrics"]["accuracy"]["successes"] = "95"


def change_a_verdict(export):
    entry(export, 3).update(state="PASS", reason="consecutive_met")


def change_the_policy(export):
    entry(export, 3)["policy"] = entry(export, 3)["policy"].replace("0.85", "0.75")


def take_one_out(export):
    del export["entries"][2]
    export["records"] -= 1


def swap_two(export):
    entries = export["entries"]
    entries[2], entries[3] = entries[3], entries[2]


def write_one_twice(export):
    export["entries"].insert(3, copy.deepcopy(export["entries"][2]))
    export["records"] += 1


@pytest.mark.parametrize(
    ("tamper", "first", "said"),
    [
        (change_a_fact, 3, "the record was changed"),
        (change_a_verdict, 3, "the record was changed"),
        (change_the_policy, 3, "the record was changed"),
        (take_one_out, 4, "record 3 before it is missing"),
        (swap_two, 4, "the chain is broken"),
        (write_one_twice, 3, "it stands out of order, after record 3"),
    ],
)
def test_what_was_changed_afterwards_is_found_at_the_first_entry_that_differs(export, tamper, first, said):
    tamper(export)
    fault = audit(export).faults[0]
    assert (fault.sequence, fault.gate) == (first, GATE.gate)
    assert said in fault.what


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (change_a_fact, "does not follow from its numbers"),
        (change_a_verdict, "its verdict PASS consecutive_met"),
        (change_the_policy, "its policy does not have the hash that it names"),
        (lambda export: entry(export, 3).update(evidence="20.5"), "its evidence 20.5 does not follow"),
        (lambda export: entry(export, 3)["weeks"][3].update(complete=True), "counts although it had not closed"),
        (lambda export: entry(export, 3)["weeks"][1].update(reviews=[10, 100]), "does not settle by its reviews"),
        (lambda export: entry(export, 3)["weeks"][0].update(state="missed"), "is missed and its numbers give met"),
        (
            lambda export: entry(export, 3)["weeks"][0]["metrics"]["accuracy"].update(lower="0.9"),
            "accuracy in the week of 2026-01-05",
        ),
        (lambda export: entry(export, 3).pop("phase"), "it cannot be judged again: 'phase'"),
        (lambda export: entry(export, 3).update(weeks=None), "it cannot be judged again"),
    ],
)
def test_a_forgery_with_new_hashes_is_found_because_every_verdict_is_computed_again(export, forge, said):
    known = export["head"]
    forge(export)
    rehash(export, 3)
    found = audit(export)
    assert found.faults[0].sequence == 3
    assert any(said in fault.what for fault in found.faults), found.faults
    # a chain that is written anew is whole; only a hash that its reader has from elsewhere tells
    assert "removed or written anew" in audit(export, known=known).faults[-1].what


def test_weeks_from_before_a_loosened_policy_do_not_count(chain):
    looser = GATE.model_copy(update={"decide": GATE.decide.model_copy(update={"consecutive_weeks": 2})})
    forged, _ = sealed(2, chain[0][1], looser)
    [fault] = audit(export_document([chain[0], (forged, hash_of(forged))])).faults
    assert "the policy was loosened on 2026-01-21, and weeks before count" in fault.what


def test_entries_cut_off_at_the_end_are_missed_by_the_head_and_by_a_known_hash(export):
    known = export["head"]
    export["entries"].pop()
    assert [fault.what[:13] for fault in audit(export).faults] == ["the file says", "the sign-off "]
    export |= {"records": 6, "head": export["entries"][-1]["hash"], "signoffs": []}
    assert audit(export).faults == ()
    [fault] = audit(export, known=known).faults
    assert "entries were removed" in fault.what


def test_a_sign_off_stands_under_an_entry_that_passes(export, chain):
    export["signoffs"][0]["evidence_hash"] = chain[0][1]
    [fault] = audit(export).faults
    assert "boss@example.com stands under no entry that passes" in fault.what


@pytest.mark.parametrize("document", [[], {}, {"format": "other"}, {"entries": []}])
def test_what_is_no_export_is_refused(document):
    with pytest.raises(LedgerFileError, match="no ledger export"):
        audit(document)


@pytest.mark.parametrize("record", [{}, {"sequence": []}, {"sequence": True}, {"sequence": 10**12, "weeks": 3}])
def test_an_entry_of_nonsense_is_a_fault_and_no_crash(export, record):
    export["entries"][2] = {"record": record, "hash": ""}
    assert audit(export).faults[0].what


def test_the_command_needs_the_file_alone(export, tmp_path, monkeypatch):
    monkeypatch.setenv("READOUT_WAREHOUSE_URL", "duckdb:////nowhere/at/all.duckdb")
    path = tmp_path / "ledger.json"
    path.write_text(json.dumps(export))
    whole = CliRunner().invoke(app, ["gates", "verify", str(path), "--json"])
    assert (whole.exit_code, json.loads(whole.stdout)["head"]) == (0, export["head"])
    change_a_fact(export)
    path.write_text(json.dumps(export))
    broken = CliRunner().invoke(app, ["gates", "verify", str(path)])
    assert broken.exit_code == 1
    assert broken.stdout.startswith(f"The first that differs: record 3 ({GATE.gate}): the record was changed")
    path.write_text('{"format": 1, "format": 2}')
    refused = CliRunner().invoke(app, ["gates", "verify", str(path)])
    assert isinstance(refused.exception, InputError)
    assert str(path) in str(refused.exception)
