"""A link with an as-of shows what was known of the days up to it, says so, and leads back to the newest."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from readout import words
from readout.ui import loaders

EARLIER = html.escape(words.notices.EARLIER)


def text(test) -> str:
    return "\n".join(element.value for element in test.html)


def test_every_explanation_links_to_the_same_filters_and_as_of(visit):
    page = "throughput"
    shown = text(visit(page, period="4w", system=["routing-engine"]))
    links = re.findall(rf'href="([^"]*)">{words.LINK}</a>', shown)
    assert len(links) == shown.count('class="r-how"')
    [link] = {html.unescape(one) for one in links}
    address, _, query = link.partition("?")
    chosen = dict(parse_qsl(query))
    assert (address, chosen.pop("period"), chosen.pop("system")) == (page, "4w", "routing-engine")
    again = visit(page, period="4w", system=["routing-engine"], **chosen)
    assert EARLIER not in text(again)  # the newest data is no earlier state
    assert re.findall(r"<h1>.*?</h1>", text(again)) == re.findall(r"<h1>.*?</h1>", shown)


def test_an_earlier_state_says_so_ends_there_and_leads_back(visit):
    newest = visit()
    as_of = f"{loaders.book(loaders.data_version()).as_of - timedelta(days=21):%Y-%m-%d}"
    earlier = visit(as_of=as_of)
    assert not earlier.exception
    assert EARLIER in text(earlier)
    assert "corrected since about them is in these figures" in text(earlier)
    assert re.findall(r'data-state="([^"]*)"', text(earlier))[0].endswith(f"as_of={as_of}")
    assert f'as_of={as_of}"' in text(earlier)  # links go on with it
    assert re.findall(r'r-big">([^<]*)', text(earlier)) != re.findall(r'r-big">([^<]*)', text(newest))
    earlier.button(key="show_newest").click().run()
    assert EARLIER not in text(earlier)
    assert re.findall(r'r-big">([^<]*)', text(earlier)) == re.findall(r'r-big">([^<]*)', text(newest))


@pytest.mark.parametrize("as_of", ["yesterday", "9999-01-01", "1999-01-01"])
def test_an_as_of_that_means_nothing_shows_the_newest(visit, as_of):
    assert EARLIER not in text(visit("gates", as_of=as_of))
