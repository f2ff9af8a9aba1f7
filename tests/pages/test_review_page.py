"""The weekly review on its page: panels with nine cells, exceptions, and a word kept by command shown to readers."""

import os
import subprocess
import sys

from readout import words
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


def test_a_word_needs_its_explanation_and_a_known_system(demo_url):
    def explain(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "readout.cli", "review", "note", *arguments],
            env={**os.environ, "READOUT_WAREHOUSE_URL": demo_url},
            capture_output=True,
            text=True,
            check=False,
        )

    unknown = explain("nobody", "accuracy", "--as", "lead", "--explanation", "x")
    assert unknown.returncode == 2
    assert "no system is called nobody" in unknown.stderr
    alone = explain("payment-risk", "accuracy", "--as", "lead", "--explanation", "x", "--by", "2099-01-01")
    assert "a follow-up needs its day" in alone.stderr
