"""The system page in each of its states: one system, none, several, unknown, unregistered, without data."""

import html
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from readout import words
from readout.briefs.results import Scope
from readout.portfolio import Portfolio
from readout.ui import frame, link
from tests.contract.worked import prepare, refreshed
from tests.pages.conftest import SHELL, TIMEOUT
from tests.pages.test_pages import shown, state

ODD = """
id: odd-one
name: "Odd <script>alert(1)</script> & one"
unit_of_work: case
summary: "<img src=x onerror=alert(2)> in words"
workflow:
  before: [{who: "<b>Clerk</b>", does: "<i>reads</i>", stored_in: "<u>files</u>", feeds: "<s>desk</s>"}]
  after: [{who: "Odd engine", does: reads}]
owners: {business: "<em>Nobody</em>"}
data_sources: [{name: "<q>source</q>", kind: "<q>kind</q>"}]
fallback: "<h1>fallback</h1>"
modules: ["<h2>module</h2>"]
targets: [{metric: "<h3>", target: "> 0.5"}]
"""


def portfolio_of(demo_url: str, target: Path) -> Path:
    """Return a copy of the demo's portfolio in which one system is missing and an odd one is added."""
    source = Path(demo_url.removeprefix("duckdb:///")).parent / "portfolio"
    for path in source.rglob("*.yaml"):
        if "payment-risk" not in path.name:
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (target / "systems" / "odd.yaml").write_text(ODD, encoding="utf-8")
    return target


@pytest.fixture
def odd_visit(over, demo_url, tmp_path):
    """Visit pages over the demo with the other portfolio."""
    return over(demo_url, portfolio=portfolio_of(demo_url, tmp_path / "portfolio"))


def first_visit(**address: str | list[str]) -> AppTest:
    """Return the page as a link opens it: its address is read by this very run."""
    test = AppTest.from_file(str(SHELL), default_timeout=TIMEOUT)
    test.switch_page(frame.FILES.get("system", "system.py"))
    for name, value in address.items():
        test.query_params[name] = value
    return test.run()


def test_one_system_shows_all_that_is_known(visit):
    test = visit("system", system=["routing-engine"])
    assert not test.exception
    assert state(test) == "page=system&period=12w&compare=previous&system=routing-engine&type="
    text = shown(test)
    assert re.search(r"<h1>.*Support routing engine: AI handled", text, re.DOTALL)
    for section in ("time_axis", "targets", "system_gates", "stages", "workflow", "answerable", "connections",
                    "modules", "all_metrics", "releases", "incidents"):  # fmt: skip
        assert f"<h2>{words.SECTIONS[section][0]}" in text
    assert test.get("plotly_chart")[0].proto.alt.startswith("Share of completed work that AI handled")
    assert not [box for box in test.selectbox if box.key == "shown_one_system"]


def test_the_story_comes_before_the_dossier_and_each_part_in_its_order(visit):
    text = shown(visit("system", system=["routing-engine"]))
    order = ("time_axis", "outcomes", "money", "system_gates", "targets", "scaffolding", "edge_cases", "system_load",
             "dossier", "workflow", "answerable", "stages", "all_metrics", "incidents")  # fmt: skip
    places = [text.index(f"<h2>{words.SECTIONS[section][0]}") for section in order]
    assert places == sorted(places)
    outcomes = text[places[1] : places[2]]
    assert outcomes.count('<section class="r-tile">') == 4
    assert re.search(r'<p class="r-lede">\w[^<]+\.</p>', text)
    money = text[places[2] : places[3]]
    assert 'href="unit_cost?system=routing-engine"' in money
    assert 'href="value?system=routing-engine"' in money
    assert f'href="gate?system=routing-engine&amp;gate={"routing-engine%2Fpartial-to-full"}"' in text


def test_every_explanation_of_one_system_has_its_button_and_every_id_is_unique(visit):
    text = shown(visit("system", system=["tier-one-support"]))
    panels = re.findall(r'<div class="r-pop" popover id="([^"]+)"', text)
    assert len(panels) == len(set(panels)) > 10
    assert set(re.findall(r'class="r-how" popovertarget="([^"]+)"', text)) == set(panels)


def test_one_system_shows_no_column_names(visit):
    text = re.sub(r'<div class="r-pop".*?</dl>', "", shown(visit("system", system=["routing-engine"])), flags=re.DOTALL)
    assert not re.findall(r"\b(?:tasks|human_work|model_calls|verdicts|costs|baselines|rate_card)\.[a-z_]+", text)


def test_what_is_not_measurable_says_why_and_leads_to_data_health(over, tmp_path):
    task = {
        "system_id": "bare", "task_id": "t", "status": "completed", "arm": "ai_auto",
        "created_at": "2026-03-03T09:00:00", "completed_at": "2026-03-03T09:01:00",
        "ingested_at": "2026-03-09T09:00:00",
    }  # fmt: skip
    settings = prepare(f"duckdb:///{tmp_path / 'w.duckdb'}", {"tasks": [task]})
    refreshed(settings, Portfolio())
    text = shown(over(settings.url)("system", system=["bare"], period="4w"))
    assert "bare: AI handled 100% of 1 task." in text
    assert "Not measurable yet: not recorded: reviews. To fix: record reviews" in text
    assert 'href="health?system=bare&amp;period=4w"' in text


def test_without_a_choice_the_systems_are_listed_and_can_be_chosen(visit):
    test = visit("system")
    assert state(test).endswith("&system=&type=")
    assert 'href="system?system=payment-risk"' in shown(test)
    test.selectbox(key="shown_one_system").set_value("payment-risk").run()
    assert "system=payment-risk" in state(test)
    assert "Payment risk scoring: AI handled" in shown(test)


def test_of_several_systems_one_is_shown_and_the_others_are_offered(visit):
    test = visit("system", system=["routing-engine", "payment-risk"])
    box = test.selectbox(key="shown_one_system")
    assert set(box.options) == {"Payment risk scoring", "Support routing engine"}
    assert "Payment risk scoring: AI handled" in shown(test)
    box.set_value("routing-engine").run()
    assert state(test).endswith("system=routing-engine&type=")
    assert "Support routing engine: AI handled" in shown(test)


def test_an_unknown_system_is_said_with_the_systems_to_choose_from(over, demo_url):
    over(demo_url)
    test = first_visit(system=["nobody"])
    assert not test.exception
    assert "nobody is not known here" in shown(test)
    assert test.selectbox(key="shown_one_system").options
    test.selectbox(key="shown_one_system").set_value("routing-engine").run()
    assert "is not known here" not in shown(test)


def test_an_unregistered_system_says_where_to_describe_it(odd_visit):
    text = shown(odd_visit("system", system=["payment-risk"]))
    assert words.system.UNREGISTERED in text
    assert "<code>portfolio/systems/payment-risk.yaml</code>" in text
    assert "payment-risk: AI handled" in text
    assert f"<h2>{words.SECTIONS['all_metrics'][0]}" in text
    assert f"<h2>{words.SECTIONS['answerable'][0]}" not in text


def test_a_registered_system_without_data_shows_what_the_registry_says(odd_visit):
    test = odd_visit("system", system=["odd-one"])
    assert not test.exception
    text = shown(test)
    assert "Nothing has been recorded of this system" in text
    assert words.system.NOT_SIGNED in text
    assert words.system.NO_RELEASES in text
    assert not test.get("plotly_chart")


def test_a_window_without_any_data_keeps_the_registry_and_the_list(over, demo_url):
    visit = over(demo_url, as_of="2020-01-01T00:00:00")
    test = visit("system", system=["routing-engine"])
    assert not test.exception
    assert words.SECTIONS["answerable"][0] in shown(test)
    test.button(key="show_all").click().run()
    assert "period=all" in state(test)
    assert 'href="system?system=payment-risk"' in shown(visit("system"))


def test_nothing_of_the_registry_becomes_markup(odd_visit):
    for address in ({"system": ["odd-one"]}, {}):
        text = shown(odd_visit("system", **address))
        assert "&lt;script&gt;alert(1)" in text
        for tag in ("<script", "<img src=x", "<b>Clerk", "<i>reads", "<u>files", "<s>desk", "<em>Nobody", "<q>",
                    "<h1>fallback", "<h2>module", "<h3>&gt;", "<b><h3>"):  # fmt: skip
            assert tag not in text


def test_a_period_in_which_a_system_did_nothing_keeps_the_registry(visit):
    test = visit("system", system=["routing-engine"], type="card")  # another system's task type
    assert not test.exception
    assert words.SECTIONS["answerable"][0] in shown(test)


@pytest.mark.parametrize("page", ["readout", "throughput", "handling", "unit_cost", "gates", "health"])
def test_a_system_s_name_leads_to_its_page_with_the_filters_kept(visit, page):
    text = html.unescape(shown(visit(page, period="26w", compare="none")))
    assert 'href="system?system=tier-one-support&period=26w&compare=none"' in text


def test_an_address_writes_what_differs_from_the_defaults():
    assert link.address("system", Scope(), "a b") == "system?system=a+b"
    assert link.address("gates", Scope()) == "gates"
    scope = Scope("4w", "year", ("x", "y"), "card")
    assert link.address("gates", scope) == "gates?system=x&system=y&period=4w&compare=year&type=card"
