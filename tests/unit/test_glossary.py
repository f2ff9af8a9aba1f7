"""Every page says in three sentences what it is for, and every term that pages use has one sentence."""

import re

import pytest

from readout import words
from readout.metrics import METRICS
from readout.words import glossary
from readout.words.about import ABOUT
from readout.words.names import STAGES

SENTENCE_END = re.compile(r"[.!?](?= [A-Z])")
GROUPS = dict(glossary.groups({"accuracy": "not recorded: verdicts.outcome"}))


def test_every_page_has_its_three_sentences():
    assert set(ABOUT) == set(words.PAGES)
    for page, said in ABOUT.items():
        assert len(said) == 3, page
        assert all(one.endswith(".") and not SENTENCE_END.search(one) for one in said), page


@pytest.mark.parametrize("group", [name for name in GROUPS if name != "terms_metrics"])
def test_every_term_has_one_sentence(group):
    assert group in words.SECTIONS
    for term in GROUPS[group]:
        assert term.meaning.endswith("."), term.name
        assert not SENTENCE_END.search(term.meaning), term.name


def test_every_metric_stage_and_gate_state_is_in_the_glossary():
    named = {group: {term.name for term in terms} for group, terms in GROUPS.items()}
    assert named["terms_metrics"] == {metric.label for metric in METRICS.values()}
    assert named["terms_stages"] == set(STAGES.values())
    states = {words.gate_state(state)[0] for state in words.gates.GATE_STATES if state}
    assert named["terms_states"] == states
    assert all(f"{state}: " in words.GATE_STATES_EXPLAINED for state in states)


def test_a_metric_that_cannot_be_measured_says_why():
    remarks = {term.name: term.remark for term in GROUPS["terms_metrics"] if term.remark}
    assert remarks == {"Accuracy": "Not measurable yet: not recorded: reviews."}
