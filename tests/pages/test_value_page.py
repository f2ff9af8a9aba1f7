"""The value page: three lines side by side, assumptions that change nothing that stands, and states without claims."""

import re
from html import escape

from readout import words
from readout.briefs.results_value import Line
from readout.words import value_claims as said
from tests.pages.test_pages import shown


def tile(text: str, line: Line) -> str:
    found = re.search(rf"<span>{said.LINE_NAMES[line]}</span>.*?<div class=\"r-big\">([^<]*)<", text, re.DOTALL)
    assert found
    return found[1]


def test_the_three_lines_stand_side_by_side_with_their_claims(visit):
    test = visit("value")
    text = shown(test)
    assert not test.exception
    assert said.NEVER_ADDED in text
    assert tile(text, "capacity").endswith(" h")
    assert tile(text, "cash").startswith("€")
    for section in ("value_cash", "value_avoided", "value_capacity", "value_case", "value_learning", "value_stages"):
        assert words.SECTIONS[section][0] in text, section
    assert said.LACKING["does_not_confirm"] in text
    assert test.get("download_button")


def test_assumptions_change_what_is_tried_and_nothing_that_stands(visit):
    test = visit("value", system=["invoice-extraction"])
    before = shown(test)
    lines: tuple[Line, ...] = ("capacity", "cash")
    standing = [tile(before, line) for line in lines]
    assert test.number_input(key="value_try_minutes_invoice-extraction").value
    test.number_input(key="value_try_share_invoice-extraction").set_value(50.0).run()
    test.number_input(key="value_try_cash_invoice-extraction").set_value(0.0).run()
    text = shown(test)
    assert not test.exception
    assert [tile(text, line) for line in lines] == standing
    row = re.search(
        r"<tr[^>]*><td[^>]*><b>Capacity returned</b></td><td[^>]*>([\d.,]+) h</td><td[^>]*><b>([\d.,]+) h", text
    )
    assert row
    assert row[1] != row[2]
    assert said.YOURS in text
    test.button(key="value_try_reset").click().run()
    assert test.number_input(key="value_try_share_invoice-extraction").value == 100.0


def test_a_system_without_claims_says_why(visit):
    test = visit("value", system=["contract-review"])
    text = shown(test)
    assert said.NO_CASH in text
    assert said.NOTHING_TO_TRY in text
    assert "It runs on an export beside the contract desk" in text


def test_without_a_portfolio_hours_are_still_measured_and_no_block_is_an_empty_state(over, demo_url, tmp_path):
    test = over(demo_url, portfolio=tmp_path)("value")
    text = shown(test)
    assert not test.exception
    assert escape(said.NOT_DESCRIBED) in text
    assert tile(text, "capacity").endswith(" h")
    assert said.LACKING["block"] in text
