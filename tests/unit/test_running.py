"""What a system runs on, and that it stands still: rules over rows, the same for every system."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readout import words
from readout.briefs.results import Figure, Standstill
from readout.briefs.results_quality import Share
from readout.briefs.results_system import ChargeRow
from readout.briefs.running import charge_rows, model_rows
from readout.briefs.standstill import GRACE_DAYS, overdue
from readout.portfolio import PlannedStage
from readout.words import quality, running
from readout.words.tiles import tile_series

TODAY = date(2026, 11, 23)
DECIDED = date(2026, 7, 6)


def planned(stage: str, starts: date) -> PlannedStage:
    return PlannedStage.model_validate({"stage": stage, "load_share": 0.3, "from": starts})


def calls(span: str, model: str, purpose: str, currency: str, n: int, priced: int, cost: str) -> dict[str, object]:
    return {
        "span": span, "provider": "acme", "model": model, "purpose": purpose, "currency": currency, "calls": n,
        "tokens_n": n, "input_tokens": 10 * n, "output_tokens": n, "cost_n": priced, "cost": Decimal(cost),
    }  # fmt: skip


def months(*amounts: str | None, first: date = date(2025, 10, 1)) -> ChargeRow:
    days = [
        date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(len(amounts))
    ]
    known = [None if amount is None else Decimal(amount) for amount in amounts]
    return ChargeRow("infrastructure", "EUR", tuple(zip(days, known, strict=True)))


@pytest.mark.parametrize("late", [GRACE_DAYS, GRACE_DAYS + 1])
def test_a_system_stands_still_when_its_next_stage_is_more_than_four_weeks_late(late: int) -> None:
    found = overdue([planned("assisted", TODAY - timedelta(days=late))], "shadow", DECIDED, TODAY)
    assert (found is not None) == (late > GRACE_DAYS)


@given(st.sampled_from(["shadow", "assisted", "partial", "full"]), st.integers(29, 130))
def test_only_a_higher_stage_that_was_due_since_the_last_decision_is_overdue(stage: str, late: int) -> None:
    found = overdue([planned("assisted", TODAY - timedelta(days=late))], stage, DECIDED, TODAY)
    assert (found is not None) == (stage == "shadow")
    before = overdue([planned("assisted", DECIDED - timedelta(days=1))], stage, DECIDED, TODAY)
    assert before is None


def test_a_standstill_says_what_was_due_who_is_missing_and_how_its_work_arrives() -> None:
    one = Standstill("shadow", "assisted", 0.3, date(2026, 9, 7), "", ("every second week",))
    assert running.standstill(one) == "stalled: assisted with 30% was planned for 7 Sep"
    assert running.standstill_short(one) == "assisted with 30% was planned for 7 Sep; no business owner"
    assert running.snapshots(one) == "its work arrives in exported snapshots, every second week"


def test_calls_without_a_cost_stand_with_their_model_s_only_currency() -> None:
    frame = pd.DataFrame(
        [
            calls("now", "m1", "serve", "EUR", 6, 6, "3.0"),
            calls("now", "m1", "serve", "", 2, 0, "0"),
            calls("now", "m2", "judge", "EUR", 9, 9, "0.9"),
            calls("before", "m1", "serve", "EUR", 4, 4, "4.0"),
        ]
    )
    work, judge = model_rows(frame, compared=True)
    assert (work.model, work.calls, work.priced, work.cost, work.cost_before) == (
        "m1",
        8,
        6,
        Decimal("3.0"),
        Decimal(4),
    )
    assert running.model_cost(work) == ("€3.00", "known for 75.0% of calls")
    assert (running.cost_change(work).text, running.cost_change(work).verdict) == ("−25%", "better")
    assert (judge.model, judge.calls_before, running.calls_change(judge).text) == ("m2", 0, "new")
    assert running.models([work, judge]) == ""  # a judge does none of the work


def test_two_currencies_of_one_model_are_never_added() -> None:
    frame = pd.DataFrame(
        [
            calls("now", "m1", "serve", "EUR", 6, 6, "3"),
            calls("now", "m1", "serve", "USD", 1, 1, "1"),
            calls("now", "m1", "serve", "", 1, 0, "0"),
        ]
    )
    assert [(row.currency, row.cost) for row in model_rows(frame, compared=False)] == [
        ("EUR", Decimal(3)),
        ("USD", Decimal(1)),
        ("", None),
    ]


def test_a_month_is_held_against_the_same_one_a_year_before() -> None:
    row = months("160", *[None] * 11, "90")
    assert running.charged(row) == ("€90.00", "Oct 2026")
    assert row.year_before == Decimal(160)
    assert running.infrastructure([row]) == "its infrastructure cost €90.00 in Oct 2026, 44% less than a year before"


@pytest.mark.parametrize("row", [months("100", *["100"] * 11, "80"), months("10", "1"), months("10", *[None] * 12)])
def test_infrastructure_that_hardly_moved_or_has_no_year_before_is_not_spoken_of(row: ChargeRow) -> None:
    assert running.infrastructure([row]) == ""


def test_a_charge_that_was_not_accrued_is_unknown_and_not_0() -> None:
    frame = pd.DataFrame(
        [
            {"component": "platform", "currency": "EUR", "start_day": date(2026, 3, day), "n": 2, "effective_n": n,
             "effective_cost": Decimal(5)}
            for day, n in ((2, 1), (31, 2))
        ]
    )  # fmt: skip
    [row] = charge_rows(frame)
    assert row.latest == (date(2026, 3, 1), None)
    assert running.charged(row) == ("–", "Mar 2026")


@pytest.mark.parametrize(
    ("interval", "text"),
    [((0.851, 0.914), "85–91%, n = 16,747"), ((0.0371, 0.0429), "3.7–4.3%, n = 16,747")],
)
def test_a_narrow_interval_shows_two_different_ends(interval: tuple[float, float], text: str) -> None:
    assert quality.share_below(Share(0.9, 16747, interval)) == text


def test_a_fall_that_is_shown_as_a_fall_is_drawn_as_one() -> None:
    found = Figure("handling_reduction", 0.3, series=(0.1, None, 0.3))
    assert (words.tile_value(found), tile_series(found)) == ("−30.0%", (-0.1, None, -0.3))
    assert tile_series(Figure("throughput", 3, series=(1, 3))) == (1, 3)
