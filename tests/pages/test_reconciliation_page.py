"""The reconciliation page: what ties, what does not and where, a month without invoices, and a closed month."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from readout.cli import app
from readout.periods import months_before
from readout.words import reconciliation
from tests.contract.worked import portfolio_of, prepare, refreshed, settings_of
from tests.pages.test_pages import shown


def heading(test) -> str:
    (found,) = re.findall(r"<h1>(.*?)</h1>", shown(test), re.DOTALL)
    return re.sub(r"<.*?>", "", found)


def test_the_last_invoiced_month_of_the_demo_ties_to_the_ledger_and_every_line_opens(visit):
    test = visit("reconciliation")
    assert not test.exception
    # the month is invoiced before its latest calls have arrived: some cents may wait for them
    assert re.match(
        r"\w{3} \d{4} ties: from €[\d,.]+ in the ledger to €[\d,.]+ of cost, −?€0\.\d\d unexplained\.", heading(test)
    )
    text = shown(test)
    assert text.count(">Ties<") >= 4
    assert "Does not tie" not in text
    chosen = test.selectbox(key="line")
    for key in chosen.options:
        assert key in {one.label for one in reconciliation.LINES.values()}
    chosen.set_value("people").run()
    assert not test.exception
    assert "Review" in shown(test)


def test_a_month_of_the_address_and_one_that_there_is_none_of(visit):
    last = date.fromisoformat(f"{visit('reconciliation').selectbox(key='chosen_month').value}-01")
    before = months_before(last, 1)
    test = visit("reconciliation", month=f"{before:%Y-%m}")
    assert not test.exception
    assert heading(test).startswith(f"{before:%b %Y} ties")
    assert heading(test).endswith("€0.00 unexplained.")
    odd = visit("reconciliation", month="yesterday")
    assert not odd.exception
    assert reconciliation.UNKNOWN in shown(odd)
    assert heading(odd).startswith(f"{last:%b %Y} ties")


@pytest.fixture
def books(tmp_path: Path, over):
    """A warehouse whose October posts 36 less than was billed for hosting; and the way to its pages."""
    task = {"system_id": "desk", "task_type": "mail", "status": "completed", "arm": "ai_auto", "outcome": "resolved"}
    charge = {
        "system_id": "desk", "currency": "EUR", "source": "cloud", "load_id": "l", "component": "infrastructure",
        "charge_start": "2026-10-01T00:00:00", "charge_end": "2026-11-01T00:00:00", "billing_period": "2026-10",
        "charge_id": "x", "invoice_id": "CH-10", "billed_cost": "310", "effective_cost": "310",
        "ingested_at": "2026-11-02T00:00:00",
    }  # fmt: skip
    rows = {
        "tasks": [{**task, "task_id": "1", "created_at": "2026-10-05T09:00:00", "completed_at": "2026-10-05T09:05:00",
                   "ingested_at": "2026-11-20T00:00:00"}],
        "costs": [charge, {**charge, "charge_id": "y", "invoice_id": "=1+1", "billed_cost": "5",
                           "effective_cost": "5"}],
        "ledger": [{"account": "6041 Cloud", "month": "2026-10-01", "amount": "274", "currency": "EUR",
                    "invoice_id": "CH-10"}],
    }  # fmt: skip
    url = f"duckdb:///{tmp_path / 'w.duckdb'}"
    prepare(url, rows)
    refreshed(settings_of(url), portfolio_of())
    return url, over(url)


def test_a_ledger_that_does_not_tie_says_which_account_and_invoice_and_a_closed_month_says_so(books, over):
    url, visit = books
    test = visit("reconciliation", month="2026-10")
    assert not test.exception
    assert heading(test) == "Oct 2026 does not tie: €41.00 unexplained, tolerance €1.00: =1+1 and CH-10."
    text = shown(test)
    assert "6041 Cloud" in text
    assert "posted and billed differ by −€36.00" in text
    assert "not posted" in text
    assert "Does not tie" in text
    waived = [part for check in ("reconciled", "invoices", "known") for part in ("--waive", check, "--reason", "known")]
    done = CliRunner().invoke(app, ["close", "2026-10", "--by", "Ada", *waived], env={"READOUT_WAREHOUSE_URL": url})
    assert done.exit_code == 0, f"{done.output}{done.exception!r}"
    closed = over(url)("reconciliation", month="2026-10")
    assert "closed by Ada" in shown(closed)
    assert "Nothing has changed since the close." in shown(closed)
    assert closed.segmented_control(key="view").value == "reported"
    closed.segmented_control(key="view").set_value("restated").run()
    assert not closed.exception
    assert heading(closed) == heading(test)


def test_a_month_without_invoices_and_a_warehouse_without_charges_say_what_to_do(books, over, tmp_path):
    _, visit = books
    november = visit("reconciliation", month="2026-11")
    assert not november.exception
    assert heading(november).startswith(("Nothing of Nov 2026 is invoiced yet", "Nothing to reconcile for Nov 2026"))
    other = f"duckdb:///{tmp_path / 'o.duckdb'}"
    created = datetime(2026, 10, 5, 9)
    prepare(other, {"tasks": [{"system_id": "desk", "task_id": "1", "created_at": created, "status": "open",
                               "arm": "human", "ingested_at": created}]})  # fmt: skip
    refreshed(settings_of(other), portfolio_of())
    empty = over(other)("reconciliation")
    assert not empty.exception
    assert reconciliation.NOTHING in shown(empty)
