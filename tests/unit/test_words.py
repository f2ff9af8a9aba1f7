"""One format for each unit, rounded once; changes say what they are; nothing missing becomes zero."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout import words
from readout.briefs.results import Figure, GateCondition, GateWeek, Header, Scope
from readout.metrics import METRICS
from readout.periods import COMPARISONS, PERIODS, Window
from readout.warehouse import catalog
from readout.words.sources import SECTION_SOURCES

HEADER = Header(
    scope=Scope(),
    as_of=datetime(2026, 11, 21, 23),
    as_of_local=datetime(2026, 11, 22, tzinfo=ZoneInfo("Europe/Berlin")),
    data_version="41",
    organisation="Northgate",
    time_zone="Europe/Berlin",
    week_start="monday",
    currency="EUR",
    window=Window(date(2026, 8, 24), date(2026, 11, 16)),
    before=Window(date(2026, 6, 1), date(2026, 8, 24)),
    stale_hours=None,
    system_names={"a": "Alpha"},
    task_types=(),
    first_day=date(2026, 4, 20),
    last_day=date(2026, 11, 21),
)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.412, "412 ms"),
        (0.9996, "1.0 s"),
        (4.24, "4.2 s"),
        (38, "38 s"),
        (89.4, "89 s"),
        (252, "4.2 min"),
        (3300, "55 min"),
        (11_160, "3.1 h"),
        (216_000, "2.5 days"),
        (-38, "−38 s"),
    ],
)
def test_a_duration_is_said_as_a_person_says_it(seconds, text):
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (Decimal("0.03155"), "EUR", "€0.0316"),
        (Decimal("0.0000421"), "USD", "$0.0000421"),
        (Decimal("12.404"), "EUR", "€12.40"),
        (Decimal("12.405"), "EUR", "€12.41"),
        (Decimal("1240.5"), "GBP", "£1,241"),
        (Decimal(-3), "EUR", "−€3.00"),
        (Decimal(250), "JPY", "¥250"),
        (Decimal(3), "SEK", "SEK\u00a03.00"),
        (Decimal(0), "EUR", "€0.00"),
    ],
)
def test_money_keeps_three_digits_and_its_currency(value, currency, text):
    assert words.money(value, currency) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (9_412, "9,412"), (9_999.5, "10.0k"), (31_240, "31.2k"), (128_431, "128k"), (1_240_000, "1.24M"),
     (999_499, "999k"), (999_500, "1.00M")],
)  # fmt: skip
def test_a_count_is_compact_on_tiles(value, text):
    assert words.compact(value) == text


@pytest.mark.parametrize(
    ("value", "n", "text"),
    [
        (0.6241, None, "62.4%"),
        (0.85, 170, "85%"),
        (0.0042, None, "0.42%"),
        (0, None, "0%"),
        (1, None, "100%"),
        (0.99996, None, "> 99.9%"),
        (0.999, 50, "> 99%"),
    ],
)
def test_a_share_shows_no_more_digits_than_its_n_supports(value, n, text):
    assert words.percent(value, n) == text


def test_rounding_goes_half_away_from_zero():
    assert [words.plain(value) for value in (0.5, 1.5, 2.5, -0.5)] == ["1", "2", "3", "−1"]


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_no_number_is_ever_minus_zero(number):
    assert words.plain(number) != "−0"


@pytest.mark.parametrize(
    ("metric", "now", "before", "text", "tone"),
    [
        ("ai_share", 0.62, 0.55, "+7.0 pp", "good"),
        ("escalation_rate", 0.05, 0.04, "+1.0 pp", "bad"),
        ("throughput", 110, 100, "+10%", "good"),
        ("throughput", 1015, 1000, "+1.5%", "good"),
        ("handling_seconds_mean", 90, 100, "−10%", "good"),
        ("cost_per_task", Decimal("1.1"), Decimal(1), "+10%", "bad"),
        ("throughput", 1003, 1000, "+0.3%", "neutral"),
        ("ai_share", 0.554, 0.55, "+0.4 pp", "neutral"),
        ("tasks_attempted", 90, 100, "−10%", "neutral"),
        ("throughput", 100, 100, "no change", "neutral"),
        ("throughput", 100.0001, 100, "no change", "neutral"),
        ("throughput", 5, 0, "n/a (from 0)", "neutral"),
        ("throughput", 0, 0, "no change", "neutral"),
        ("ai_share", 0.4, 0.0, "+40.0 pp", "good"),
        ("throughput", 5, None, "no prior data", "neutral"),
    ],
)
def test_a_change_says_what_it_is_and_for_whom(metric, now, before, text, tone):
    assert words.change(metric, now, before) == words.Change(text, tone)


def test_a_missing_comparison_gives_its_own_reason():
    assert words.change("throughput", 5, None, "the period before is not complete in the data").text.startswith(
        "the per"
    )


@given(
    st.sampled_from(sorted(METRICS)), st.floats(min_value=0, max_value=1e6), st.floats(min_value=0.001, max_value=1e6)
)
def test_a_colour_never_stands_without_its_word(metric, now, before):
    moved = words.change(metric, now, before)
    assert bool(moved.verdict) == (moved.tone != "neutral")
    assert not moved.verdict or moved.text[0] in "+−"


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_every_metric_has_a_format_and_no_value_is_never_zero(metric):
    assert words.value(Figure(metric, 1, currency="EUR"))
    assert words.value(Figure(metric, None, "not recorded: tasks.outcome")) == ""
    assert words.amount(metric, None) == words.amount(metric, float("nan")) == "–"


def test_reasons_on_leadership_pages_name_no_columns():
    assert words.reason("not recorded: tasks.handling_seconds or tasks.human_seconds") == (
        "not recorded: handling times or people's times"
    )
    assert words.reason("no task was reviewed in this period") == "no task was reviewed in this period"
    assert words.reason("") == "not measurable yet"


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_the_reasons_of_every_need_have_words(metric):
    for need in METRICS[metric].needs:
        assert "." not in words.reason(f"not recorded: {' or '.join(need[:2])}")


def test_a_figure_explains_itself_down_to_the_data_version():
    facts = dict(words.explain(Figure("ai_share", 0.6241, n=205_782, before=0.551, coverage=None), HEADER))
    assert facts["What it is"] == METRICS["ai_share"].definition
    assert facts["Period"] == "24 Aug to 15 Nov 2026, 12 weeks, complete"
    assert facts["Compared with"] == "1 Jun to 23 Aug 2026: 55.1%"
    assert facts["Number of tasks behind it"] == "205,782"
    assert facts["Counted at"] == "the task's completion"
    assert facts["Left out"] == "Tests and shadow rows, and tasks that are open, failed or abandoned."
    assert "read/measures" in facts["Where it comes from"]
    assert "Europe/Berlin" in facts["As of"]
    assert facts["Data version"] == "41"


def test_a_judged_rate_explains_its_interval():
    facts = dict(words.explain(Figure("accuracy", 0.93, n=412, interval=(0.9013, 0.9507)), HEADER))
    assert facts["Interval"] == "90% to 95%, Wilson, 95% confidence"
    assert facts["Where it comes from"] == "metric accuracy, query read/verdicts"


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_every_metric_says_what_it_leaves_out_and_names_queries_that_exist(metric):
    assert METRICS[metric].excluded.endswith(".")
    assert set(words.queries_of(metric)) <= set(catalog.names("read"))


def test_a_section_without_metrics_says_what_it_shows_and_where_from():
    facts = dict(words.explain_metrics((), HEADER, section="stages"))
    assert facts["What it shows"] == "Stages as they were recorded, with who decided."
    assert facts["Where it comes from"] == "query read/stage_changes and the portfolio's files"
    known = {*catalog.names("read"), *catalog.names("facts")}
    assert set(SECTION_SOURCES) <= set(words.SECTIONS)
    assert all(set(one.queries) <= known and (one.queries or one.others) for one in SECTION_SOURCES.values())


def test_when_a_figure_is_counted_is_a_sentence_of_its_own():
    facts = dict(words.explain_metrics(("throughput", "failure_rate"), HEADER))
    assert facts["Throughput"].endswith("left out. Counted at the task's completion.")
    assert facts["Failure rate"].endswith("on AI arms. Tasks on AI arms, by completion, else creation.")


def test_a_table_says_once_what_several_figures_leave_out():
    facts = words.explain_metrics(("throughput", "ai_share", "tasks_attempted"), HEADER)
    assert [heading for heading, _ in facts if heading.startswith("Left out")] == [
        "Left out: Throughput, AI-handled share",
        "Left out: Tasks attempted",
    ]


def test_a_figure_without_value_explains_why():
    facts = dict(words.explain(Figure("accuracy", None, "not recorded: verdicts.outcome"), HEADER))
    assert facts["Why there is no value"] == "Not recorded: reviews."


def test_the_marker_state_is_canonical():
    scope = Scope("4w", "none", ("a", "b"), "refund")
    assert words.state("gates", scope) == "page=gates&period=4w&compare=none&system=a,b&type=refund"
    assert words.state("readout", Scope()) == "page=readout&period=12w&compare=previous&system=&type="


def test_the_as_of_line_names_time_zone_window_comparison_week_and_version():
    line = " ".join(words.as_of(HEADER))
    for part in ("00:00", "Europe/Berlin", "24 Aug to 15 Nov 2026", "1 Jun to 23 Aug 2026", "Monday", "EUR", "41"):
        assert part in line


def test_every_choice_of_a_filter_has_words():
    assert all(words.period_choice(key) for key in PERIODS)
    assert all(words.comparison_choice(key) for key in COMPARISONS)


def test_a_condition_is_said_in_its_own_unit():
    week = GateWeek(date(2026, 11, 9), complete=True, value=0.885, n=157, state="met")
    share = GateCondition("accuracy", "share", "", "> 0.85", "pass", 0.85, "required", 50, "human", (week,))
    speed = GateCondition("latency", "p95", "ms", "<= 300", "pass", 300.0, "required", 59, "", ())
    assert words.condition(share) == "Accuracy > 85%"
    assert words.condition(speed) == "Latency p95 ≤ 300 ms"
    assert words.week_mark(share, week) == "Week of 9 Nov 2026: met, 88.5%, n = 157"


@pytest.mark.parametrize("role", ["required", "guardrail"])
@pytest.mark.parametrize("kind", ["pass", "warn", "fail", "breach"])
def test_only_a_breach_line_is_said_to_be_breached(role, kind):
    item = GateCondition("accuracy", "share", "", "< 0.85", kind, 0.85, role, 50, "", ())
    assert words.condition(item) == ("Accuracy breached if < 85%" if kind == "breach" else "Accuracy < 85%")


def test_a_sentence_does_not_capitalise_an_address():
    assert words.sentence("coo@example.com reviews the evidence") == "coo@example.com reviews the evidence."


def test_the_product_never_calls_a_system_a_trial_run():
    forbidden = "pi" + "lot"
    (folder,) = words.__path__
    sources = sorted(Path(folder).glob("*.py"))
    assert sources
    for source in sources:
        assert forbidden not in source.read_text(encoding="utf-8").lower(), source.name


def test_a_gate_leads_somewhere_or_watches() -> None:
    assert words.step("partial", "full") == "from partial to full"
    assert words.step("full", "full") == "watching full load"
