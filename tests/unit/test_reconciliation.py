"""From the ledger to the statement: every line by itself, and nothing unexplained hidden in one."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readout.canonical import plain, restored
from readout.finance.charges import BESIDE, LINES, Charge, ChargeBook
from readout.finance.reconciliation import Books, InvoiceRow, Posting, Reconciliation, Usage, reconcile, together
from readout.finance.statement import DENOMINATORS, CostStatement, RunCost
from readout.finance.statement import statement_of as core_statement
from readout.periods import Calendar, Window

CENT = Decimal("0.01")
OCTOBER = Window(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER, LATE_OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def row(invoice: str, billed: str | None, effective: str | None = "same", **more: Any) -> InvoiceRow:
    """An invoice row for October's hosting, billed in October."""
    amount = Decimal(billed or 0)
    accrued = amount if effective == "same" else None if effective is None else Decimal(effective)
    given: dict[str, Any] = {
        "source": "cloud", "system_id": "desk", "component": "infrastructure", "service_name": "Hosting",
        "category": "Usage", "charge_class": "", "billed_in": LATE_OCTOBER, "start": OCTOBER.start, "end": OCTOBER.end,
        "n": 1,
    } | more  # fmt: skip
    return InvoiceRow(invoice_id=invoice, billed=amount, effective=accrued, **given)


def calls(invoice: str, billed: str, **more: Any) -> InvoiceRow:
    return row(invoice, billed, **{"source": "focus:north", "component": "inference", "service_name": "Calls"} | more)


def usage(amount: str, month: date = LATE_OCTOBER, **more: Any) -> Usage:
    given: dict[str, Any] = {"system_id": "desk", "provider": "north", "calls": 100, "priced": 100} | more
    return Usage(month=month, amount=Decimal(amount), **given)


def posting(invoice: str, amount: str, **more: Any) -> Posting:
    given: dict[str, Any] = {"account": "6040", "month": LATE_OCTOBER} | more
    return Posting(invoice_id=invoice, amount=Decimal(amount), **given)


def statement_of(
    rows: list[InvoiceRow],
    run: dict[str, Decimal],
    people: Decimal = Decimal(0),
    by_invoice: frozenset[str] = frozenset(),
) -> CostStatement:
    """The core's own statement of October: the charges as they accrue, the calls as they were counted."""
    charged = [
        Charge(one.line, one.start, one.end, one.effective or Decimal(0), one.system_id)
        for one in rows
        if one.line != "inference" or one.system_id in by_invoice or "" in by_invoice
    ]
    run = {system: Decimal(0) if {system, ""} & by_invoice else amount for system, amount in run.items()}
    held = {
        (system, ""): RunCost(
            {"inference": amount, "review": people}, dict.fromkeys(DENOMINATORS, 10), wanted=1, priced=1
        )
        for system, amount in run.items()
    }
    borne = ChargeBook(charged, {}, Calendar()).borne(OCTOBER)
    return core_statement(OCTOBER, "EUR", held, borne, {}, {})


def october(
    rows: list[InvoiceRow], postings: list[Posting], used: list[Usage], *, counted: str = "0", people: str = "0",
    local: str | None = None, **more: Any,
) -> Reconciliation:  # fmt: skip
    by_invoice = more.get("by_invoice", frozenset())
    statement = statement_of(rows, {"desk": Decimal(counted)}, Decimal(people), by_invoice)
    own = {"desk": Decimal(local if local is not None else counted)}
    return reconcile(Books(OCTOBER, CENT, rows, postings, used, own, statement, **more))


def lines(found: Reconciliation) -> dict[str, Decimal]:
    return {one.key: one.amount for one in found.lines}


def test_every_line_of_a_month_stands_by_itself_and_the_whole_ties():
    rows = [
        row("CH-10", "100.00"),
        row("CH-10", "19.00", category="Tax", component="tax"),
        row("CH-10", "1200.00", "0", category="Purchase", component="commitment"),
        row("CH-10", "0", "100.00", component="commitment"),
        row("CH-10", "31.00", start=SEPTEMBER, end=LATE_OCTOBER),  # September's, billed late
        row("CH-10", "-5.00", start=SEPTEMBER, end=LATE_OCTOBER, charge_class="Correction"),
        row("CH-10", "8.00", "10.00"),  # a discount that the accrued cost does not have
        row("CH-11", "62.00", end=date(2026, 12, 1), billed_in=NOVEMBER),  # two months, billed in November
        row("CH-11", "-3.00", billed_in=NOVEMBER, charge_class="Correction"),
        calls("NW-10", "50.00"),
        row("CR-10", "-18.00", component="credit", category="Credit"),
    ]  # fmt: skip
    postings = [
        posting("CH-10", "1353.00"), posting("NW-10", "50.00"), posting("CR-10", "-18.00"),
        posting("", "99.00", account="4630 Bureau"),
    ]  # fmt: skip
    found = october(rows, postings, [usage("50.003"), usage("2.50", system_id="lab")], counted="49.10",
                    local="49.90", people="200.00")  # fmt: skip
    assert (found.basis, found.accounts, found.start) == ("ledger", ("6040",), Decimal("1385.00"))
    assert lines(found) == {
        "tax": Decimal("-19.00"), "prepaid": Decimal("-1200.00"), "amortised": Decimal("100.00"),
        "effective": Decimal("2.00"), "corrections_out": Decimal("5.00"), "late_out": Decimal("-31.00"),
        "corrections_in": Decimal("-3.00"), "late_in": Decimal("31.508196721311"),
        "call_rounding": Decimal("0.003"),
        "cut_off": Decimal("49.90") - Decimal("50.003") - Decimal("2.50"), "with_task": Decimal("-0.80"),
        "not_invoiced": Decimal("2.50"), "people": Decimal("200.00"),
    }  # fmt: skip
    assert (found.unexplained, found.remains) == (0, ())
    assert (found.tolerance, found.state) == (Decimal("1.00"), "pass")


def test_rounding_of_an_invoice_is_no_plug_a_cent_too_much_stays_unexplained():
    rows = [calls("NW-10", "50.01"), calls("KM-10", "2.00", source="focus:kestrel")]
    used = [usage("50.003"), usage("2.0049", provider="kestrel")]
    found = october(rows, [posting("NW-10", "50.01"), posting("KM-10", "2.00")], used, counted="52.0079")
    assert lines(found) == {"call_rounding": Decimal("0.0079")}  # 50.003 - 50.00 and 2.0049 - 2.00
    assert found.unexplained == Decimal("-0.01")
    assert [(one.kind, one.name, one.amount) for one in found.remains] == [("system", "desk", Decimal("-0.01"))]


def test_an_invoice_in_fractions_of_a_cent_is_not_rounded():
    found = october([calls("NW-10", "50.0031")], [posting("NW-10", "50.0031")], [usage("50.003")], counted="50.003")
    assert (lines(found), found.unexplained) == ({}, Decimal("-0.0001"))


def test_calls_of_tests_are_invoiced_and_in_no_cost():
    found = october(
        [calls("NW-10", "50.00")], [posting("NW-10", "50.00")], [usage("50")], counted="47.50", local="50",
        own_tests={"desk": Decimal("2.50")},
    )  # fmt: skip
    assert (lines(found), found.unexplained) == ({"tests": Decimal("-2.50")}, 0)


def test_foreign_calls_are_priced_at_the_rate_of_their_day_and_invoiced_at_that_of_the_charge():
    used = [usage("51", at_invoice=Decimal(50))]
    found = october([calls("NW-10", "50.00")], [posting("NW-10", "50.00")], used, counted="51")
    assert (lines(found), found.unexplained, found.state) == ({"call_rates": Decimal(1)}, 0, "pass")


def test_a_ledger_that_does_not_tie_fails_and_names_the_account_and_the_invoice():
    rows = [row("CH-10", "100.00"), row("PF-10", "340.00", component="platform"), calls("NW-10", "50.00")]
    postings = [posting("CH-10", "100.00"), posting("PF-10", "304.00", account="6060"), posting("NW-10", "50.00")]
    found = october(rows, postings, [usage("50")], counted="50")
    assert found.state == "fail"
    assert found.unexplained == Decimal("36.00")
    [wrong] = found.failing
    assert (wrong.invoice_id, wrong.accounts, wrong.difference) == ("PF-10", ("6060",), Decimal("-36.00"))
    assert [(one.kind, one.name, one.amount) for one in found.remains] == [("invoice", "PF-10", Decimal("36.00"))]
    assert lines(found) == {}


def test_two_errors_that_cancel_each_other_still_fail():
    rows = [row("CH-10", "100.00"), row("PF-10", "340.00", component="platform")]
    found = october(rows, [posting("CH-10", "140.00"), posting("PF-10", "300.00")], [])
    assert found.unexplained == 0
    assert (found.state, [one.invoice_id for one in found.failing]) == ("fail", ["CH-10", "PF-10"])


def test_an_invoice_on_one_side_only_fails():
    rows = [row("CH-10", "100.00"), row("PF-10", "340.00", component="platform")]
    found = october(rows, [posting("CH-10", "100.00"), posting("XX-10", "70.00")], [])
    assert [(one.invoice_id, one.posted, one.billed) for one in found.failing] == [
        ("PF-10", None, Decimal("340.00")), ("XX-10", Decimal("70.00"), 0),
    ]  # fmt: skip
    assert found.unexplained == Decimal("270.00")


def test_an_invoice_that_was_wrong_and_corrected_later_ties_to_our_own_usage():
    wrong = calls("NW-10", "54.00")
    fixed = calls("NW-11", "-4.00", billed_in=NOVEMBER, charge_class="Correction")
    rows = [wrong, fixed]
    found = october(rows, [posting("NW-10", "54.00")], [usage("50.00")], counted="50.00")
    [invoice] = found.invoices
    assert (invoice.own, invoice.corrected, invoice.own_difference, invoice.state) == (50, -4, 0, "pass")
    assert lines(found) == {"corrections_in": Decimal("-4.00")}
    assert (found.unexplained, found.state) == (0, "pass")
    alone = october([wrong], [posting("NW-10", "54.00")], [usage("50.00")], counted="50.00")
    [invoice] = alone.failing
    assert (invoice.invoice_id, invoice.own_difference) == ("NW-10", -4)
    assert [(one.kind, one.name, one.amount) for one in alone.remains] == [("system", "desk", -4)]


def test_usage_that_no_source_names_is_compared_where_there_is_one_source_only():
    rows = [calls("A-10", "30.00", source="bill"), calls("B-10", "20.00", source="other", system_id="lab")]
    used = [usage("30.00"), usage("20.00", system_id="lab", provider="south")]
    found = october(rows, [posting("A-10", "30.00"), posting("B-10", "20.00")], used, counted="50.00")
    assert [one.own for one in found.invoices] == [30, 20]
    both = [calls("A-10", "30.00", source="bill"), calls("B-10", "20.00", source="other")]
    found = october(both, [posting("A-10", "30.00"), posting("B-10", "20.00")], [usage("50.00")], counted="50.00")
    assert [(one.own, one.own_state) for one in found.invoices] == [(None, "not_checked")] * 2
    assert found.state == "pass"


def test_foreign_invoices_differ_by_the_rate_of_the_books_and_by_nothing_else():
    foreign = replace(row("CH-10", "90.00"), booked=Decimal("92.00"))
    found = october([foreign], [posting("CH-10", "92.00")], [])
    assert lines(found) == {"fx": Decimal("-2.00")}
    assert (found.unexplained, found.state) == (0, "pass")
    assert october([foreign], [posting("CH-10", "92.00")], [], without_rate=("USD",)).state == "fail"


def test_without_a_ledger_it_begins_with_the_invoices_and_says_so():
    found = october([row("CH-10", "100.00")], [posting("", "75.00", account="4630 Bureau")], [])
    assert (found.basis, found.start, found.state) == ("invoices", Decimal("100.00"), "pass")
    assert [one.posted_state for one in found.invoices] == ["not_checked"]
    declared = october([row("CH-10", "100.00")], [posting("", "75.00")], [], accounts=("6040",))
    assert (declared.basis, declared.unexplained, declared.state) == ("ledger", Decimal("25.00"), "fail")
    assert (october([], [], []).state, october([], [], []).empty) == ("not_checked", True)
    waiting = october([], [], [usage("5.00")], counted="5.00")
    assert (waiting.state, waiting.empty, lines(waiting)) == ("not_checked", False, {"not_invoiced": Decimal("5.00")})


def test_cost_beside_the_statement_is_in_no_amount():
    rows = [row("CH-10", "19.00", category="Tax"), row("CH-10", "7.00", component="pass_through")]
    found = october(rows, [posting("CH-10", "26.00")], [])
    assert lines(found) == {"tax": Decimal("-19.00"), "pass_through": Decimal("-7.00")}
    assert (found.reported, found.unexplained) == (0, 0)


def test_invoices_are_the_cost_of_calls_that_carry_none_of_their_own():
    rows = [calls("NW-10", "62.00", end=date(2026, 12, 1))]
    found = october(rows, [posting("NW-10", "62.00")], [usage("0", priced=0)], by_invoice=frozenset({"desk"}))
    assert (found.reported, lines(found)) == (Decimal("31.508196721311"), {"late_out": Decimal("-30.491803278689")})
    assert (found.unexplained, found.state, found.unpriced_calls) == (0, "pass", 100)


def test_what_is_evaluated_stands_beside_the_statement_with_peoples_part_in_no_invoice():
    rows = [calls("NW-10", "50.00")]
    run = {
        ("desk", ""): RunCost(
            {"inference": Decimal(40), "evaluation": Decimal(25)}, dict.fromkeys(DENOMINATORS, 1), 1, 1
        )
    }
    statement = core_statement(OCTOBER, "EUR", run, ChargeBook([], {}, Calendar()).borne(OCTOBER), {}, {})
    own, people = {"desk": Decimal("50.00")}, {"desk": Decimal(15)}
    books = ([posting("NW-10", "50.00")], [usage("50.00")], own, statement)
    found = reconcile(Books(OCTOBER, CENT, rows, *books, shadow_people=people))
    assert (lines(found), found.reported, found.unexplained) == ({"evaluation": Decimal(-10)}, 40, 0)


amounts = st.integers(-5_000, 50_000).map(lambda cents: Decimal(cents) / 100)
months = st.sampled_from([date(2026, 8, 1), SEPTEMBER, LATE_OCTOBER, NOVEMBER])
days = st.dates(date(2026, 8, 1), date(2026, 11, 30))


@st.composite
def invoice_rows(draw: st.DrawFn) -> InvoiceRow:
    start = draw(days)
    component = draw(st.sampled_from(["inference", "infrastructure", "commitment", "licence", "tax", "oddity"]))
    return InvoiceRow(
        draw(st.sampled_from(["", "A", "B"])), draw(st.sampled_from(["x", "focus:north"])),
        draw(st.sampled_from(["", "desk", "lab"])), component, "",
        draw(st.sampled_from(["Usage", "Purchase", "Credit", "Tax", "Adjustment"])),
        draw(st.sampled_from(["", "Correction"])), draw(months), start,
        start + timedelta(days=draw(st.integers(0, 70))),
        draw(st.integers(1, 40)), draw(amounts), draw(st.none() | amounts), draw(st.none() | amounts),
    )  # fmt: skip


usages = st.builds(
    Usage, st.sampled_from(["desk", "lab"]), st.sampled_from(["north", "south"]), months, st.integers(1, 500),
    st.just(1), amounts,
)  # fmt: skip
postings_of = st.builds(Posting, st.sampled_from(["1", "2"]), months, st.sampled_from(["", "A", "B", "C"]), amounts)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(invoice_rows(), max_size=8),
    st.lists(postings_of, max_size=4),
    st.lists(usages, max_size=4),
    amounts,
    st.sampled_from([frozenset(), frozenset({"desk"}), frozenset({""})]),
)
def test_whatever_the_books_hold_what_is_unexplained_is_invoices_and_systems_and_no_rest(
    rows, postings, used, counted, by_invoice
):
    if by_invoice:  # calls of such a system carry no cost
        used = [replace(one, amount=Decimal(0)) for one in used if {one.system_id, ""} & by_invoice]
        counted = Decimal(0)
    found = october(rows, postings, used, counted=str(counted), local=str(counted), by_invoice=by_invoice)
    assert found.start + sum(one.amount for one in found.lines) + found.unexplained == found.reported
    assert sum(one.amount for one in found.remains) == found.unexplained
    assert "rest" not in {one.kind for one in found.remains}


@settings(max_examples=20, deadline=None)
@given(st.lists(invoice_rows(), max_size=6), st.lists(usages, max_size=4))
def test_the_order_of_rows_does_not_matter(rows, used):
    assert october(rows, [], used) == october(rows[::-1], [], used[::-1])


def test_the_lines_of_the_core_are_known_here():
    assert set(BESIDE) - {"evaluation"} <= {"tax", "pass_through"}
    assert "inference" in LINES


@pytest.mark.parametrize("window", [OCTOBER, Window(date(2026, 9, 27), date(2026, 10, 25))])
def test_a_period_has_the_invoices_of_the_months_that_begin_in_it(window):
    rows = [row("A", "10.00"), row("B", "7.00", billed_in=NOVEMBER)]
    statement = replace(statement_of(rows, {}), window=window)
    found = reconcile(Books(window, CENT, rows, [posting("A", "10.00")], [], {}, statement))
    assert [one.invoice_id for one in found.invoices] == ["A"]


def test_a_quarter_is_the_sum_of_its_months_and_ties_only_where_each_of_them_does():
    good = october([row("CH-10", "100.00")], [posting("CH-10", "100.00")], [])
    low, high = (
        october(
            [row("CH-10", "100.00"), row("PF-10", "50.00")], [posting("CH-10", "100.00"), posting("PF-10", paid)], []
        )
        for paid in ("38.00", "62.00")
    )
    found = together([good, good])
    assert (found.state, found.start, found.reported, found.unexplained) == ("pass", 200, 200, 0)
    found = together([low, high])  # 12 too little and 12 too much
    assert (found.unexplained, found.tolerance, found.state) == (0, 2, "fail")
    assert together([good, october([], [], [])]).state == "not_checked"
    assert restored(Reconciliation, plain(found)) == found
