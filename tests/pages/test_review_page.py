"""The weekly review on its page: panels with nine cells, exceptions, and a word kept by command shown to readers."""

import sys

import pytest

from readout import words
from readout.cli import main
from tests.pages.test_pages import shown


def test_the_review_shows_a_panel_a_metric_with_its_nine_cells(visit):
    test = visit("review")
    text = shown(test)
    assert not test.exception
    assert words.SECTIONS["panels"][0] in text
    assert words.label("throughput") in text
    assert text.count('<table class="r-box">') >= 5
    for head in words.review.HEADS:
        assert head in text


def test_a_word_needs_its_explanation_and_a_known_system(demo_url, monkeypatch, capsys):
    monkeypatch.setenv("READOUT_WAREHOUSE_URL", demo_url)

    def refusal(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["readout", "review", "note", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 2
        return capsys.readouterr().err

    unknown = refusal("nobody", "accuracy", "--as", "lead", "--explanation", "x")
    assert "no system is called nobody" in unknown
    alone = refusal("payment-risk", "accuracy", "--as", "lead", "--explanation", "x", "--by", "2099-01-01")
    assert "a follow-up needs its day" in alone
