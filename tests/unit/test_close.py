"""A closed period says what it said, and everything since is an adjustment that leads to the figures of now."""

import copy
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readout.canonical import canonical, hash_of, plain, restored
from readout.finance.charges import BESIDE, LINES
from readout.finance.close import GENESIS, CloseCheck, Closed, Sealing, adjustments, record_of, verify
from readout.finance.statement import DENOMINATORS, CostColumn, CostStatement
from readout.periods import Window

CENT = Decimal("0.01")
OCTOBER = Window(date(2026, 10, 1), date(2026, 11, 1))
SEALING = Sealing(
    "Ada Moreau", "ada@ledger", datetime(2026, 11, 6, 9, 30), datetime(2026, 11, 6, 2), "41",
    {"time_zone": "Europe/Berlin"}, "EUR",
)  # fmt: skip
CHECKS = (CloseCheck("reconciled", "pass"), CloseCheck("invoiced", "fail", "desk has no invoice"))


def column(system: str, kind: str = "system", tasks: int = 10, **amounts: str) -> CostColumn:
    held = {line: Decimal(amounts.get(line, "0")) for line in (*LINES, *BESIDE)}
    return CostColumn(system, "", kind, held, dict.fromkeys(DENOMINATORS, tasks), unknown={"review": "no rate"})  # ty: ignore


def statement(*columns: CostColumn) -> CostStatement:
    return CostStatement(OCTOBER, "EUR", columns, unpriced_calls=3, notes=("no charges after 29 October",))


REPORTED = statement(
    column("desk", inference="10.123456789012", platform="100"), column("", "idle", 0, commitment="3.60")
)


def closed(
    found: CostStatement = REPORTED, previous: tuple[str, int] = (GENESIS, 1), period: str = "2026-10"
) -> Closed:
    record = record_of(
        period, OCTOBER, SEALING, CHECKS, {"invoiced": "bill comes late"}, {"statement": found}, previous
    )
    return Closed(record, hash_of(record))


def test_a_close_gives_back_what_was_frozen_to_the_last_digit():
    sealed = closed()
    assert sealed.statement == REPORTED
    assert (sealed.period, sealed.window, sealed.currency, sealed.by) == ("2026-10", OCTOBER, "EUR", "Ada Moreau")
    assert (sealed.closed_at, sealed.as_of, sealed.data_version) == (SEALING.closed_at, SEALING.as_of, "41")
    assert (sealed.checks, sealed.waivers) == (CHECKS, {"invoiced": "bill comes late"})


def test_the_same_figures_have_the_same_id_and_other_figures_another():
    later = record_of("2026-10", OCTOBER, replace(SEALING, by="X"), (), {}, {"statement": REPORTED}, (GENESIS, 1))
    assert Closed(later, hash_of(later)).id == closed().id
    assert hash_of(later) != closed().hash
    assert closed(statement(column("desk", inference="10.12"))).id != closed().id
    assert closed().id.startswith("2026-10@")


def test_the_text_of_a_record_does_not_depend_on_how_a_number_was_written():
    longer = replace(
        REPORTED, columns=(column("desk", inference="10.123456789012000", platform="1E+2"), REPORTED.columns[1])
    )
    assert canonical(closed(longer).record) == canonical(closed().record)


def test_verify_finds_a_changed_figure_a_missing_record_and_a_broken_chain():
    first = closed()
    second = closed(previous=(first.hash, 2), period="2026-11")
    stored = [(first.record, first.hash), (second.record, second.hash)]
    assert verify(stored) == ()
    changed = copy.deepcopy(dict(first.record))
    changed["figures"]["statement"]["columns"][0]["amounts"]["inference"] = "9"
    assert [one.what for one in verify([(changed, first.hash), stored[1]])] == ["its text is not what was sealed"]
    assert [one.period for one in verify([(changed, hash_of(changed)), stored[1]])] == ["2026-11"]
    assert [one.sequence for one in verify(stored[1:])] == [1, 2]


def test_adjustments_name_every_cell_that_changed_and_lead_to_the_figures_of_now():
    now = statement(
        column("desk", tasks=12, inference="10.123456789012", platform="92.50", tax="5"),
        column("lab", "pre_production", 0, build="40"),
    )
    found = adjustments(REPORTED, now)
    assert [(one.system_id, one.kind, one.line, one.amount) for one in found.rows] == [
        ("lab", "pre_production", "build", Decimal(40)), ("desk", "system", "platform", Decimal("-7.50")),
        ("desk", "system", "tax", Decimal(5)), ("", "idle", "commitment", Decimal("-3.60")),
    ]  # fmt: skip
    assert found.total == Decimal("28.90")  # tax stands beside
    assert found.reported + found.total == found.restated == now.known("net")
    assert {(one.system_id, one.denominator, one.amount) for one in found.volumes} == {
        ("desk", name, 2) for name in DENOMINATORS
    }
    assert not adjustments(REPORTED, REPORTED).changed


money = st.integers(-(10**9), 10**9).map(lambda units: Decimal(units) / 10**5)
columns = st.builds(
    lambda system, kind, amounts, tasks: CostColumn(
        system, "", kind, dict(zip((*LINES, *BESIDE), amounts, strict=True)), dict.fromkeys(DENOMINATORS, tasks)
    ),
    st.sampled_from(["a", "b", "c"]),
    st.just("system"),
    st.lists(money, min_size=len(LINES) + len(BESIDE), max_size=len(LINES) + len(BESIDE)),
    st.integers(0, 99),
)
statements = st.lists(columns, max_size=3, unique_by=lambda one: one.system_id).map(lambda held: statement(*held))


@settings(max_examples=40, deadline=None)
@given(statements, statements)
def test_adjustments_foot_before_and_after_rounding_and_mirror(reported, restated):
    found = adjustments(reported, restated)
    assert reported.known("net") + sum(row.amount for row in found.rows if row.line in LINES) == restated.known("net")
    shown = found.footed(CENT)
    assert shown.reported + sum(row.amount for row in shown.rows if row.line in LINES) == shown.restated
    assert abs(shown.reported - found.reported) * 2 <= CENT
    assert abs(shown.restated - found.restated) <= CENT
    for row, exact in zip(shown.rows, found.rows, strict=True):
        assert abs(row.amount - exact.amount) < CENT
    back = adjustments(restated, reported)
    assert {(r.system_id, r.line, -r.amount) for r in back.rows} == {
        (r.system_id, r.line, r.amount) for r in found.rows
    }


@settings(max_examples=30, deadline=None)
@given(statements)
def test_a_statement_survives_its_text(found):
    assert restored(CostStatement, plain(found)) == found


def test_what_json_would_lose_is_refused():
    with pytest.raises(TypeError, match="set cannot be kept"):
        plain({"a": {1, 2}})
    with pytest.raises(ValueError, match="window"):
        restored(CostStatement, {"currency": "EUR"})
