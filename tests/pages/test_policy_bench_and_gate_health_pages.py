"""The policy bench and gate health: what a change of the text shows at once, and what each page says without gates."""

import re
from pathlib import Path

import pytest

from readout import words
from readout.briefs import Scope, gate_health_brief, open_book, policy_bench_brief, stalls_brief
from readout.briefs.gate_readings import draft_reading, readings_of
from readout.gates.policy_text import policy_text
from readout.gates.stalls import WAYS
from readout.portfolio import gate_of_text, read_portfolio
from readout.settings import Settings
from readout.warehouse.reader import open_warehouse
from readout.words import gate_health, policy_bench
from tests.pages.test_pages import shown, state

ROUTING = "routing-engine/partial-to-full"
KEY = f"policy_text_{ROUTING}"


@pytest.fixture
def book(demo_url):
    settings = Settings(warehouse_url=demo_url)
    warehouse = open_warehouse(settings)
    yield open_book(warehouse, read_portfolio(settings.portfolio_folder), settings)
    warehouse.close()


def bench(visit):
    return visit("policy-bench", gate=ROUTING)


def heading(test):
    (found,) = re.findall(r"<h1>(.*?)</h1>", shown(test), re.DOTALL)
    return found


def drafted(book, gate):
    found = draft_reading(book, gate)
    assert found is not None
    return found


# --- bench -----------------------------------------------------------------------------------------------------------


def test_the_bench_opens_with_the_registered_policy_of_the_gate_that_the_address_names(visit, book):
    test = bench(visit)
    assert test.text_area(key=KEY).value == policy_text(book.portfolio.gates[ROUTING])
    text = shown(test)
    assert "Support routing engine" in heading(test)
    assert policy_bench.SAME in text
    for name, _ in policy_bench.RULES.values():
        assert name in text
    assert "more wrong tasks" in text
    assert test.get("download_button")


def test_without_a_gate_in_the_address_the_first_of_the_chosen_systems_is_tried(visit):
    assert visit("policy-bench", system=["energy-control"]).selectbox(key="bench_gate").value.startswith("energy")


def test_an_unknown_gate_is_told_and_another_one_shown(visit):
    test = visit("policy-bench", gate="nobody/nowhere")
    assert policy_bench.UNKNOWN in shown(test)
    assert test.selectbox(key="bench_gate").value


def test_a_changed_line_shows_both_policies_at_once(visit):
    test = bench(visit)
    area = test.text_area(key=KEY)
    area.set_value(area.value.replace("> 0.85", "> 0.2").replace("< 0.75", "< 0.1").replace("always_valid", "point"))
    test.run()
    text = shown(test)
    assert not test.exception
    assert "this policy says" in heading(test)
    assert policy_bench.TRIED in text
    assert policy_bench.REGISTERED in text
    assert "unprotected" in text
    assert policy_bench.REMARKS in text


def test_a_refused_text_names_its_lines_and_keeps_what_was_typed(visit):
    test = bench(visit)
    area = test.text_area(key=KEY)
    typed = area.value.replace("'> 0.85'", "0.85").replace("judge: human", "jugde: human")
    area.set_value(typed).run()
    text = shown(test)
    assert not test.exception
    assert "2 faults" in heading(test)
    assert "did you mean `judge`" in text
    assert test.text_area(key=KEY).value == typed
    assert state(test).startswith("page=policy-bench")
    test.button(key="reset_policy").click().run()
    assert policy_bench.SAME in shown(test)


def test_another_gate_has_its_own_text(visit):
    test = bench(visit)
    other = "energy-control/partial-to-full"
    test.selectbox(key="bench_gate").select(other).run()
    assert test.text_area(key=f"policy_text_{other}").value.startswith(f"gate: {other}")
    assert "Energy" in heading(test)


def test_the_registered_policy_says_on_the_bench_what_it_says_on_its_page(book):
    for reading in readings_of(book):
        assert drafted(book, reading.gate).reading.verdict == reading.verdict, reading.gate.gate


def test_what_is_typed_differently_is_the_same_policy(book):
    text = policy_text(book.portfolio.gates[ROUTING]).replace("> 0.85", ">0.850")
    assert not policy_bench_brief(book, Scope(), ROUTING, text).changed


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [("> 0.85", "> 0.80", "loosened"), ("consecutive_weeks: 3", "consecutive_weeks: 2", "loosened"),
     ("milestone: R-114", "milestone: R-115", "same")],
)  # fmt: skip
def test_the_bench_says_whether_a_text_would_start_afresh(book, old, new, change):
    text = policy_text(book.portfolio.gates[ROUTING])
    brief = policy_bench_brief(book, Scope(), ROUTING, text.replace(old, new))
    assert (brief.changed, brief.change) == (True, change)


def test_a_new_line_on_a_duration_is_counted_from_the_histogram_never_too_many(book):
    gate = book.portfolio.gates[ROUTING]
    text = policy_text(gate).replace("< 300", "< 299.999")
    registered = drafted(book, gate)
    draft = drafted(book, gate_of_text(text, "g", book.portfolio, system=gate.system))
    assert [float(line) for _, line in draft.estimated] == [299.999]
    for before, after in zip(registered.reading.verdict.weeks, draft.reading.verdict.weeks, strict=True):
        exact = {float(line): n for line, n in before.week.metrics["latency"].under.items()}[300.0]
        counted = {float(line): n for line, n in after.week.metrics["latency"].under.items()}[299.999]
        assert 0.85 * exact <= counted <= exact
    brief = policy_bench_brief(book, Scope(), ROUTING, text)
    assert brief.estimated == ("299.999 ms",)


def test_the_figures_at_stake_say_what_is_not_known(book):
    watched = next(one for one in readings_of(book) if one.gate.on_pass is None)
    brief = policy_bench_brief(book, Scope(), watched.gate.gate)
    assert brief.stakes is not None
    assert brief.stakes.hours is None
    assert policy_bench.NO_NEXT_LOAD in dict(brief.stakes.unknown).values()
    assert [size for _, size, _ in policy_bench.stakes_rows(brief.stakes, brief.trial)] == ["not known", "not known"]


# --- health ----------------------------------------------------------------------------------------------------------


def test_gate_health_says_how_many_need_care_and_names_the_system_without_a_gate(visit):
    test = visit("gate-health")
    text = shown(test)
    assert "Contract review has no gate" in heading(test)
    assert gate_health.TITLES["no_gate"] in text
    assert gate_health.NOT_LISTED in text
    assert "policy" not in text.split("What needs care")[0]


def test_gate_health_of_one_system_is_its_own(visit):
    text = shown(visit("gate-health", system=["routing-engine"]))
    assert "Support routing engine" in text
    assert "Contract review" not in text.split("What needs care")[1]


def test_waivers_of_the_ledger_show_once_they_are_handed_in(book):
    brief = gate_health_brief(book, Scope(), waived={ROUTING: 99})
    (row,) = [row for row in brief.rows if row.gate == ROUTING]
    assert "always_waived" in [one.kind for one in row.cares]
    assert brief.waivers_known
    assert not gate_health_brief(book, Scope()).waivers_known


def test_care_stands_before_soundness_and_every_gate_is_there_once(book):
    rows = gate_health_brief(book, Scope()).rows
    careful = [bool(row.cares) for row in rows]
    assert careful == sorted(careful, reverse=True)
    assert sorted(row.gate for row in rows if row.gate) == sorted(book.portfolio.gates)


# --- without gates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["policy-bench", "gate-health"])
def test_without_any_gate_a_page_says_what_to_add(over, demo_url, tmp_path: Path, page):
    test = over(demo_url, portfolio=tmp_path)(page)
    assert not test.exception
    assert words.NO_GATES.title in shown(test)
    assert state(test).startswith(f"page={page}")


def test_the_stall_finder_shows_contract_review_in_all_four_ways_and_nobody_else(visit, book):
    rows = {row.system_id: {one.way for one in row.stalls} for row in stalls_brief(book, Scope()).rows}
    assert rows.pop("contract-review") == set(WAYS)
    assert not any(rows.values()), rows
    test = visit("stall-finder")
    assert heading(test).endswith("1 of 10 systems stalls: Contract review in all four ways.")
    text = shown(test)
    assert "Every source is an exported snapshot, every second week" in text
    assert "Connects it to where the work happens".casefold() in text.casefold()
