"""The pages of quality and of checks: their sections, the sample on demand, and what they say first."""

from datetime import UTC, datetime, timedelta

from readout import words
from tests.pages.test_pages import shown


def test_quality_shows_each_section_and_links_to_systems(visit):
    test = visit("quality")
    text = shown(test)
    for section in ("beside", "under_load", "escalations", "reviews", "unmeasured"):
        assert words.SECTIONS[section][0] in text, section
    assert "system?system=" in text
    assert not test.exception


def test_the_sample_of_disagreements_is_shown_when_it_is_asked_for(visit):
    test = visit("quality", period="all")
    assert "Who was right" not in shown(test)
    test.button(key="disagreements").click().run()
    text = shown(test)
    assert "Who was right" in text
    assert not test.exception


def test_checks_say_what_fails_with_its_next_step_first(over, demo_url):
    in_a_month = datetime.now(UTC) + timedelta(days=30)  # by then every system of the demo is late
    text = shown(over(demo_url, as_of=in_a_month.isoformat())("checks"))
    assert words.CHECKS["freshness"].title in text
    assert words.CHECKS["freshness"].step in text
    assert text.index(words.CHECK_STATES["fail"]) < text.index(words.CHECK_STATES["repaired"])


def test_checks_of_one_system_are_its_own(visit):
    text = shown(visit("checks", system="contract-review"))
    assert "Contract review" in text
    assert "Payment risk scoring" not in text.split("as of the last refresh")[1]
