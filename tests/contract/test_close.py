"""Closing a month, on both engines: refused until it ties, frozen then, and every later change an adjustment."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from readout.briefs import open_book
from readout.briefs.closing import as_reported, with_closes
from readout.briefs.costs import cost_statement
from readout.cli import app
from readout.periods.months import named_month
from readout.portfolio import read_portfolio
from readout.settings import Settings
from readout.warehouse.journal import open_journal
from readout.warehouse.reader import open_warehouse

AS_OF = "2026-11-20T06:00:00Z"
TASKS = """system_id,task_id,task_type,created_at,completed_at,status,arm,outcome
desk,1,mail,2026-10-05T09:00:00Z,2026-10-05T09:05:00Z,completed,ai_auto,resolved
desk,2,mail,2026-10-06T09:00:00Z,2026-10-06T09:05:00Z,completed,ai_auto,resolved
"""
CALLS = """system_id,call_id,task_id,provider,model,started_at,input_tokens,cost_amount,cost_currency,cost_source
desk,c1,1,north,m,2026-10-05T09:01:00Z,10,30.00,EUR,gateway
desk,c2,2,north,m,2026-10-06T09:01:00Z,10,20.00,EUR,gateway
"""
WORK = """system_id,work_id,task_id,activity,role,started_at,seconds
desk,w1,1,review,clerk,2026-10-05T10:00:00Z,3600
"""
RATES = """role,hourly_amount,currency,valid_from
clerk,40,EUR,2026-01-01
"""
CHARGES = """charge_id,system_id,component,charge_start,charge_end,billed_cost,effective_cost,currency,\
billing_period,invoice_id,source,load_id
x1,desk,inference,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,50.00,50.00,EUR,2026-10,NW-10,focus:north,l1
x2,desk,infrastructure,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,310.00,310.00,EUR,2026-10,CH-10,cloud,l1
x3,desk,infrastructure,2026-09-01T00:00:00Z,2026-10-01T00:00:00Z,300.00,300.00,EUR,2026-09,CH-09,cloud,l1
x4,desk,infrastructure,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,310.00,310.00,EUR,2026-11,CH-11,cloud,l1
"""
LEDGER = """account,month,amount,currency,invoice_id
6040 AI services,2026-10-01,50.00,EUR,NW-10
6041 Cloud,2026-10-01,{hosting},EUR,CH-10
6041 Cloud,2026-09-01,300.00,EUR,CH-09
"""
LATER = "account,month,amount,currency,invoice_id\n6041 Cloud,2026-11-01,310.00,EUR,CH-11\n"
FOCUS = """BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,\
ChargePeriodEnd,ChargeCategory,ChargeClass,ServiceCategory,ServiceName,BillingAccountId
"""
OCTOBER = "2026-10-01T00:00:00Z,2026-11-01T00:00:00Z"
NOVEMBER = "2026-11-01T00:00:00Z,2026-12-01T00:00:00Z"
Run = Callable[..., Result]


@pytest.fixture
def run(engine_url: str, tmp_path: Path) -> Run:
    return filled(engine_url, tmp_path)


def filled(url: str, folder: Path) -> Run:
    """A warehouse whose October ties but for the hosting, which the ledger holds 36 below what was billed."""
    (folder / "portfolio").mkdir()
    (folder / "portfolio" / "organisation.yaml").write_text("name: Example\nreporting_currency: EUR\n")
    (folder / "map.yaml").write_text("rules: []\ndefault: {system_id: desk, component: infrastructure}\n")
    environment = {
        "READOUT_WAREHOUSE_URL": url, "READOUT_PORTFOLIO": str(folder / "portfolio"), "READOUT_AS_OF": AS_OF,
    }  # fmt: skip

    def invoke(*arguments: str, **files: str) -> Result:
        for name, text in files.items():
            (folder / f"{name}.csv").write_text(text)
        given = [one.format(folder=folder) for one in arguments]
        return CliRunner().invoke(app, given, env=environment)

    assert invoke("init").exit_code == 0
    tables = {
        "tasks": TASKS, "model_calls": CALLS, "human_work": WORK, "rate_card": RATES, "costs": CHARGES,
        "ledger": LEDGER.format(hosting="274.00"),
    }  # fmt: skip
    for table, text in tables.items():
        done = invoke("load", table, f"{{folder}}/{table}.csv", **{table: text})
        assert done.exit_code == 0, done.output
    assert invoke("refresh").exit_code == 0
    return invoke


def document(done: Result) -> Any:
    assert done.exit_code == 0, f"{done.output}{done.exception!r}"
    return json.loads(done.stdout)


def refused(done: Result) -> str:
    assert done.exit_code != 0
    return str(done.exception)


def mend(run: Run) -> None:
    run("load", "ledger", "{folder}/ledger.csv", ledger=LEDGER.format(hosting="310.00"))
    assert run("refresh").exit_code == 0


def close(run: Run) -> Any:
    mend(run)
    return document(run("close", "2026-10", "--by", "Ada Moreau", "--json"))


def names_no_month(run: Run) -> None:
    for text in ("October", "2026-13", "FY2026-P13"):
        assert "write it as 2026-10" in refused(run("close", text))
    assert "name the month to close" in refused(run("close"))
    assert "2026-10 is open" in refused(run("close", "2026-10", "--show"))


def october(url: str, folder: Path, *, reported: bool) -> Decimal:
    """Return October's net cost as pages and reports read it, as it was reported or restated."""
    settings = Settings.model_validate({"warehouse_url": url, "portfolio": folder / "portfolio", "as_of": AS_OF})
    warehouse = open_warehouse(settings)
    try:
        with open_journal(settings) as journal:
            book = with_closes(open_book(warehouse, read_portfolio(settings.portfolio_folder), settings), journal)
        found = cost_statement(as_reported(book) if reported else book, named_month("2026-10", book.calendar))
        return found.known("net")
    finally:
        warehouse.close()


def closed_once_and_in_order(run: Run, closed: Any) -> None:
    said = refused(run("close", "FY2026-P10"))
    assert f"2026-10 is closed already: {closed['id']}, by Ada Moreau" in said
    [listed] = document(run("close", "--list", "--json"))
    assert (listed["id"], listed["sha256"]) == (closed["id"], closed["sha256"])
    assert "2026-11 is open" in refused(run("close", "2026-12"))


def corrected_by_a_later_bill(run: Run) -> list[tuple[str, str]]:
    body = f"5,5,EUR,{OCTOBER},{OCTOBER},Usage,,Compute,Machines,acc\n"
    imported = ("import", "focus", "{folder}/bill.csv", "--map", "{folder}/map.yaml")
    assert "billing period 2026-10 is closed" in refused(run(*imported, bill=FOCUS + body))
    correction = f"-4,-4,EUR,{NOVEMBER},{OCTOBER},Usage,Correction,Compute,Machines,acc\n"
    told = document(run(*imported, "--json", bill=FOCUS + correction))
    assert [one["period"] for one in told["closed"]] == ["2026-10"]
    assert "closed" not in document(run("load", "ledger", "{folder}/ledger.csv", "--json", ledger=LATER))
    assert run("refresh").exit_code == 0
    found = document(run("close", "2026-10", "--show", "--json"))["adjustments"]
    return [(one["line"], one["amount"]) for one in found["rows"]]


def test_a_month_that_does_not_tie_is_refused_until_each_failing_check_is_waived_with_its_reason(run):
    names_no_month(run)
    said = refused(run("close", "2026-10"))
    assert said.startswith("2026-10 is not closed:")
    assert "reconciled: €36.00 is unexplained, the tolerance is €1.00" in said
    assert "invoices: CH-10: −€36.00 posted less billed" in said
    assert "--waive CHECK --reason TEXT" in said
    checks = {one["check"]: one["state"] for one in document(run("close", "2026-10", "--check", "--json"))["checks"]}
    assert {name for name, state in checks.items() if state == "fail"} == {"reconciled", "invoices"}
    assert document(run("close", "--list", "--json")) == []
    # a waiver needs a check that fails, and its reason
    assert "needs its --reason" in refused(run("close", "2026-10", "--waive", "invoices"))
    assert "is no check of a close" in refused(run("close", "2026-10", "--waive", "weather", "--reason", "x"))
    assert "it passes" in refused(run("close", "2026-10", "--waive", "settled", "--reason", "x"))
    said = refused(run("close", "2026-10", "--waive", "invoices", "--reason", "posted in November"))
    assert "reconciled" in said
    assert "invoices:" not in said
    running = refused(run("close", "2026-11"))
    assert "over: it ends with 30 Nov 2026, and data runs to 20 Nov 2026" in running
    assert "settled: its tasks can be reopened until" in running
    assert "it cannot be waived" in refused(run("close", "2026-11", "--waive", "over", "--reason", "early"))
    both = ("--waive", "invoices", "--reason", "posted in November", "--waive", "reconciled", "--reason", "the same")
    closed = document(run("close", "2026-10", *both, "--json"))
    assert closed["waivers"] == {"invoices": "posted in November", "reconciled": "the same"}
    assert {one["check"] for one in closed["checks"] if one["state"] == "fail"} == set(closed["waivers"])


def test_a_closed_month_keeps_its_figures_and_what_comes_later_is_an_adjustment(run, engine_url, tmp_path):
    closed = close(run)
    assert closed["id"].startswith("2026-10@")
    assert (closed["by"], closed["currency"], closed["start"], closed["end"]) == (
        "Ada Moreau", "EUR", "2026-10-01", "2026-11-01",
    )  # fmt: skip
    [desk] = [one for one in closed["figures"]["statement"]["columns"] if one["system_id"] == "desk"]
    assert {line: desk["amounts"][line] for line in ("inference", "infrastructure", "review")} == {
        "inference": "50", "infrastructure": "310", "review": "40",
    }  # fmt: skip
    assert desk["volume"]["accepted"] == 2
    assert closed["figures"]["reconciliation"]["start"] == "360"
    told = document(run("close", "2026-10", "--show", "--json"))
    assert (told["sha256"], told["adjustments"]["rows"], told["adjustments"]["adjustments"]) == (
        closed["sha256"],
        [],
        "0",
    )
    # a late charge for October, billed in November, and a task that arrives late
    late = (
        CHARGES.splitlines()[0] + "\nx9,desk,infrastructure,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,12.40,12.40,EUR,"
    )
    said = run("load", "costs", "{folder}/costs.csv", costs=f"{late}2026-11,CH-11,cloud,l9\n").stdout
    assert f"notice: 2026-10 is closed as {closed['id']} and stays as it was reported" in said
    run("load", "tasks", "{folder}/tasks.csv", tasks=TASKS.splitlines()[0] + "\ndesk,3,mail,2026-10-07T09:00:00Z,"
        "2026-10-07T09:05:00Z,completed,ai_auto,resolved\n")  # fmt: skip
    assert run("refresh").exit_code == 0
    again = document(run("close", "2026-10", "--show", "--json"))
    assert (again["figures"], again["sha256"], again["id"]) == (closed["figures"], closed["sha256"], closed["id"])
    found = again["adjustments"]
    assert [(one["system"], one["line"], one["amount"]) for one in found["rows"]] == [
        ("desk", "infrastructure", "12.4")
    ]
    assert (found["as_reported"], found["adjustments"], found["restated"]) == ("400", "12.4", "412.4")
    assert {one["denominator"]: one["amount"] for one in found["volumes"]} == dict.fromkeys(
        ("attempted", "completed", "accepted", "accepted_unaided"), 1
    )
    closed_once_and_in_order(run, closed)
    assert october(engine_url, tmp_path, reported=True) == Decimal("400.00")
    assert october(engine_url, tmp_path, reported=False) == Decimal("412.40")
    said = run("close", "2026-10", "--show").stdout
    assert "As reported €400.00, adjustments €12.40, restated €412.40." in said


def test_bills_leave_a_closed_month_alone_and_verify_finds_what_was_tampered_with(run, engine_url):
    close(run)
    assert corrected_by_a_later_bill(run) == [("infrastructure", "-4")]
    assert run("close", "--verify").stdout == "1 closed, no faults.\n"
    with open_journal(Settings(warehouse_url=engine_url)) as journal:
        engine = journal._engine
        table = "readout.period_close" if engine.dialect.name == "postgresql" else "period_close"
        for change in (f"UPDATE {table} SET record = '{{}}'", f"DELETE FROM {table}"):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
                connection.exec_driver_sql(change)
        trigger = f"ALTER TABLE {table} DISABLE TRIGGER ALL" if "." in table else "DROP TRIGGER period_close_no_update"
        with engine.begin() as connection:  # by whoever owns the journal
            connection.exec_driver_sql(trigger)
            connection.exec_driver_sql(f"UPDATE {table} SET record = REPLACE(record, '\"310\"', '\"31\"')")
    done = run("close", "--verify")
    assert (done.exit_code, "its text is not what was sealed" in done.stdout) == (1, True)


def test_the_report_of_either_engine_has_the_same_figures_and_rows(postgres_url, tmp_path):
    made = {}
    for engine, url in (("duckdb", f"duckdb:///{tmp_path / 'w.duckdb'}"), ("postgres", postgres_url)):
        folder = tmp_path / engine
        folder.mkdir()
        run = filled(url, folder)
        mend(run)
        said = run("report", "unit-cost", "--period", "2026-10", "--format", "csv", "--out", "{folder}/october.csv")
        assert said.exit_code == 0, said.output
        made[engine] = [(folder / name).read_text("utf-8") for name in ("october.csv", "october.data.csv")]
    assert made["postgres"] == made["duckdb"]
    figures = {row["figure"]: row["value"] for row in csv.DictReader(StringIO(made["postgres"][0]))}
    assert Decimal(figures["reconciliation/reported"]) == 400


def test_a_charge_in_a_currency_without_a_rate_fails_the_report(tmp_path):
    run = filled(f"duckdb:///{tmp_path / 'w.duckdb'}", tmp_path)
    mend(run)
    charge = "x7,desk,infrastructure,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,9,9,CHF,2026-10,CF-10,cloud,l2\n"
    run("load", "costs", "{folder}/costs.csv", costs=f"{CHARGES.splitlines()[0]}\n{charge}")
    run("refresh")
    made = document(
        run("report", "unit-cost", "--period", "2026-10", "--format", "csv", "--out", "{folder}/r.csv", "--json")
    )
    assert made["failing"] == ["Every amount has an exchange rate"]
