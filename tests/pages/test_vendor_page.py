"""The vendor page: demand and what it costs, the question that a reader asks of it, and the file for a negotiation."""

import re

from readout import words
from readout.words import vendors as said
from tests.pages.test_pages import shown, state


def answer(test):
    [found] = re.findall(r"<b>([^<]*: (?:the calls|no call)[^<]*)</b>", shown(test))
    return found


def test_demand_is_shown_by_model_purpose_and_what_rests_on_it(visit):
    text = shown(visit("vendors"))
    for name in ("models", "weekly", "prices", "what_if", "dependence", "purposes"):
        assert words.SECTIONS[f"vendor_{name}"][0] in text, name
    assert "nw-large-2" in text
    assert "Judging" in text
    assert "system?system=tier-one-support" in text
    assert "gate?gate=" in text


def test_calls_without_a_price_are_named_and_never_free(visit):
    text = shown(visit("vendors", period="all"))
    [heading] = re.findall(r"<h1>(.*?)</h1>", text, re.DOTALL)
    assert re.search(r"The cost of [\d,]+ calls is not known: [^.]*nw-preview-3", heading)
    assert "on neither side: northwind-ai / nw-preview-3 has no list price" in text


def test_a_reader_asks_for_another_price(visit):
    test = visit("vendors")
    assert "all models, all token classes, −10%" in answer(test)
    assert "−10.0% of these calls" in answer(test)
    test.number_input(key="what_if_percent").set_value(25.0).run()
    assert "+25.0% of these calls" in answer(test)
    test.selectbox(key="what_if_whose").set_value("kestrel-models").run()
    test.selectbox(key="what_if_class").set_value("Written to cache").run()
    assert "no call of this period would be repriced" in answer(test)
    assert said.CAVEAT_PRICE in shown(test)
    assert not test.exception


def test_a_reader_asks_for_another_model_and_reads_what_the_answer_leaves_out(visit):
    test = visit("vendors")
    test.button_group(key="what_if").set_value(said.KINDS[1]).run()
    test.selectbox(key="what_if_source").set_value("northwind-ai / nw-large-2").run()
    test.selectbox(key="what_if_target").set_value("northwind-ai / nw-small-1").run()
    assert answer(test).startswith("northwind-ai / nw-large-2 replaced by northwind-ai / nw-small-1: ")
    assert "less than at list prices" in answer(test)
    assert said.CAVEAT_SWITCH in shown(test)
    assert not test.exception


def test_the_address_keeps_the_question_so_that_a_copied_link_asks_it_again(visit):
    percent = visit("vendors", what_if_whose="kestrel-models", what_if_percent="-35")
    assert "kestrel-models, all token classes, −35%" in answer(percent)
    small, large = "northwind-ai / nw-small-1", "northwind-ai / nw-large-2"
    switch = visit("vendors", what_if=said.KINDS[1], what_if_source=large, what_if_target=small)
    assert answer(switch).startswith(f"{large} replaced by {small}: ")
    assert not switch.exception


def test_a_period_without_calls_says_where_the_data_lies(over, demo_url):
    test = over(demo_url, as_of="2020-01-01T00:00:00")("vendors")
    assert state(test).endswith("&status=empty")
    assert "data runs from" in shown(test)
