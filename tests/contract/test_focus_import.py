"""`readout import focus` on both engines: a delivery replaces its billing period, and nothing is ever lost."""

import csv
import gzip
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from readout.resources import shipped
from readout.warehouse.contract import contract
from readout.warehouse.errors import InputError, WarehouseError
from readout.warehouse.focus import Choices, Imported, Rules, Terms, import_focus, read_rules, shipped_components
from readout.warehouse.focus.history import charges_as_of, delivered
from readout.warehouse.init import column_names, statements
from readout.warehouse.loading import load
from tests.contract.test_cli import runner
from tests.unit.test_focus_reading import text

SPEC = shipped("data") / "samples" / "focus-spec-examples"
TEMPLATES = shipped("data") / "templates"
MAP = """
title: who uses what
rules:
  - when: {ChargeCategory: Tax}
    component: tax
  - when: {ServiceName: "*bedrock*", Tags.team: [claims, "claims-*"]}
    system_id: claims-triage
    component: inference
  - when: {SubAccountId: 200000000013, ResourceId: null}
    allocation_key: tasks
  - when: {ProviderName: aws}
    system_id: routing-engine
default: {component: infrastructure}
"""


class Bills:
    """A warehouse, a folder, and the one function under test."""

    def __init__(self, desk, folder: Path) -> None:
        self.session, self.settings, self.folder = desk.session, desk.settings, folder

    def bring(
        self, *contents: str | Path, rules: Rules | None = None, terms: Terms | None = None, **choices
    ) -> Imported:
        paths = []
        for number, content in enumerate(contents):
            path = content if isinstance(content, Path) else self.folder / f"bill-{number}.csv"
            if isinstance(content, str):
                path.write_text(content, newline="")
            paths.append(path)
        given = Choices(rules or Rules(""), shipped_components(), **choices)
        done = import_focus(self.session, self.settings, paths, given, terms or Terms())
        assert done.loaded + done.duplicates + done.report.rejected == done.report.rows
        return done

    def costs(self, *names: str) -> list:
        wanted = ", ".join(names) or "billed_cost"
        rows = self.session.rows(f"SELECT {wanted} FROM telemetry.costs ORDER BY charge_start, billed_cost, charge_id")
        return [row[0] for row in rows] if len(names) < 2 else rows

    def count(self, table: str) -> int:
        return self.session.rows(f"SELECT COUNT(*) FROM {table}")[0][0]

    def state(self) -> list:
        tables = ("telemetry.costs", "cost_superseded", "cost_delivery", "cost_origin", "recorded_column")
        return [sorted(map(str, self.session.rows(f"SELECT * FROM {name}"))) for name in tables]


@pytest.fixture
def bills(desk, tmp_path) -> Bills:
    return Bills(desk, tmp_path)


def hours(bills: Bills) -> list[datetime]:
    found = [row[0] for row in bills.session.rows("SELECT hour_utc FROM dirty_hour_queue ORDER BY 1")]
    bills.session.execute("DELETE FROM dirty_hour_queue")
    return found


def test_charges_land_with_their_system_component_period_and_sign(bills):
    (bills.folder / "map.yaml").write_text(MAP)
    long = "=1+1 " + "x" * 40_000
    done = bills.bring(
        text(
            {"ServiceName": "Amazon Bedrock", "Tags": '{"team": "claims-eu"}', "ConsumedUnit": "Tokens"},
            {"ServiceName": "Amazon Bedrock", "Tags": "{broken", "ConsumedUnit": "Tokens", "BilledCost": "2"},
            {"ChargeCategory": "Tax", "ProviderName": "AWS", "BilledCost": "3"},
            {"SubAccountId": "200000000013", "ChargeDescription": long, "ServiceName": "=1+1", "BilledCost": "4"},
            {"SubAccountId": "200000000013", "ResourceId": "r", "ProviderName": "AWS", "BilledCost": "5"},
            {"ChargeClass": "Correction", "ChargePeriodStart": "2026-08-01T00:00:00Z", "BilledCost": "-6"},
            {"CommitmentDiscountStatus": "Unused", "BilledCost": "0", "EffectiveCost": "7", "ConsumedUnit": ""},
            {"ChargeCategory": "Credit", "BilledCost": "-800"},
        ),
        rules=read_rules(bills.folder / "map.yaml"),
    )
    assert done.loaded == 8
    found = {
        row[0]: row[1:]
        for row in bills.costs(
            "billed_cost", "system_id", "component", "allocation_key", "charge_category", "charge_class",
            "billing_period", "source",
        )
    }  # fmt: skip
    source = ("2026-10", "focus:0123456789012")
    assert found == {
        Decimal("1.5"): ("claims-triage", "inference", None, "Usage", None, *source),
        Decimal(2): (None, "infrastructure", None, "Usage", None, *source),
        Decimal(3): (None, "tax", None, "Tax", None, *source),
        Decimal(4): (None, "infrastructure", "tasks", "Usage", None, *source),
        Decimal(5): ("routing-engine", "infrastructure", None, "Usage", None, *source),
        Decimal(-6): (None, "infrastructure", None, "Usage", "Correction", *source),
        Decimal(0): (None, "infrastructure", "idle", "Usage", None, *source),
        Decimal(-800): (None, "infrastructure", None, "Credit", None, *source),
    }
    assert sum(bills.costs("effective_cost")) == Decimal("1.25") * 7 + 7
    [(period, start)] = bills.session.rows(
        "SELECT billing_period, charge_start FROM telemetry.costs WHERE charge_class = 'Correction'"
    )
    assert (period, start) == ("2026-10", datetime(2026, 8, 1))
    assert hours(bills) == [datetime(2026, 8, 1), datetime(2026, 10, 5)]
    [(origin, line)] = bills.session.rows(
        "SELECT o.row_text, o.line FROM cost_origin AS o JOIN telemetry.costs AS c "
        "ON c.source = o.source AND c.charge_id = o.charge_id WHERE c.service_name = '=1+1'"
    )
    assert (json.loads(origin)["ChargeDescription"], line) == (long, 5)
    recorded = {row[0] for row in bills.session.rows("SELECT DISTINCT system_id FROM recorded_column")}
    assert recorded == {"*", "claims-triage", "routing-engine"}


def test_without_a_mapping_a_charge_is_shared_and_its_component_comes_from_what_it_is(bills):
    bills.bring(SPEC / "ai_prompt_caching_a.csv")
    assert set(bills.costs("system_id", "component", "service_name")) == {
        (None, "inference", "Solora Generative AI API")
    }
    bills.bring(
        text(
            {"ChargeCategory": "Tax"}, {"ChargeCategory": "Credit"}, {"CommitmentDiscountStatus": "unused"},
            {"ChargeCategory": "Purchase", "CommitmentDiscountId": "c"}, {"ChargeCategory": "Adjustment"},
        ),
        source="bill",
    )  # fmt: skip
    found = bills.session.rows("SELECT charge_category, component FROM telemetry.costs WHERE source = 'bill'")
    assert sorted(found) == [
        ("Adjustment", "infrastructure"), ("Credit", "credit"), ("Purchase", "commitment"), ("Tax", "tax"),
        ("Usage", "commitment"),
    ]  # fmt: skip


def test_a_delivery_replaces_its_period_keeps_what_it_replaced_and_the_same_again_changes_nothing(bills):
    first = bills.bring(SPEC / "open_period_original.csv", currency="USD")
    before = bills.state()
    hours(bills)
    again = bills.bring(SPEC / "open_period_original.csv", currency="USD")
    assert (again.loaded, again.duplicates, again.superseded) == (0, 1, 0)
    assert (bills.state(), hours(bills)) == (before, [])
    second = bills.bring(SPEC / "open_period_replacement.csv", currency="USD")
    assert (second.loaded, second.superseded) == (2, 1)
    assert bills.costs("billed_cost") == [300, 1200]
    assert hours(bills) == [datetime(2025, 7, 1)]
    [(cost, load_id, by)] = bills.session.rows("SELECT billed_cost, load_id, superseded_by FROM cost_superseded")
    assert (cost, load_id, by) == (1500, first.load_id, second.load_id)
    told = delivered(bills.session)
    assert [(one["load_id"], one["rows_added"], one["rows_superseded"], one["billed_cost"]) for one in told] == [
        (second.load_id, 2, 1, 1500), (first.load_id, 1, 0, 1500),
    ]  # fmt: skip
    states = [
        [
            row["billed_cost"]
            for row in charges_as_of(bills.session, "telemetry", "focus", "2025-07", one["delivered_at"])
        ]
        for one in told
    ]
    assert [sorted(state) for state in states] == [[300, 1200], [1500]]
    back = bills.bring(SPEC / "open_period_original.csv", currency="USD")
    assert (back.loaded, back.superseded, bills.costs("billed_cost")) == (1, 2, [1500])
    assert [one.code for one in back.report.warnings] == ["period_shrank"]
    assert bills.count("cost_superseded") == 3


def test_appended_deltas_add_up_and_do_not_count_twice(bills):
    bills.bring(SPEC / "open_period_original.csv", currency="USD")
    for loaded in (3, 0):
        done = bills.bring(SPEC / "open_period_delta.csv", currency="USD", terms=Terms(append=True))
        assert (done.loaded, done.superseded) == (loaded, 0)
        assert sum(bills.costs("billed_cost")) == 1500
    assert bills.count("telemetry.costs") == 4


def test_a_correction_keeps_its_charge_period_and_leaves_the_closed_period_alone(bills):
    closed = Terms(closed=[date(2025, 5, 1)])
    bills.bring(SPEC / "closed_period_original.csv", currency="USD")
    bills.bring(SPEC / "closed_period_delta.csv", currency="USD", terms=closed)
    assert bills.session.rows(
        "SELECT billing_period, charge_class, COUNT(*), SUM(billed_cost) FROM telemetry.costs "
        "WHERE charge_start = TIMESTAMP '2025-05-01 00:00:00' GROUP BY billing_period, charge_class ORDER BY 1"
    ) == [("2025-05", None, 1, 1500), ("2025-06", "Correction", 2, 0)]
    before = bills.state()
    bills.bring(SPEC / "closed_period_original.csv", currency="USD", terms=closed)  # the same again is no change
    changed = (SPEC / "closed_period_original.csv").read_text().replace("1500", "1400")
    with pytest.raises(InputError, match="2025-05 is closed"):
        bills.bring(changed, currency="USD", terms=closed)
    assert bills.state() == before


def test_only_what_changed_moves_and_other_accounts_and_periods_stay(bills):
    october = [{"BilledCost": str(n), "ResourceId": f"r{n}"} for n in range(1, 5)]
    november = {
        "BilledCost": "9", "BillingPeriodStart": "2026-11-01T00:00:00Z", "BillingPeriodEnd": "2026-12-01T00:00:00Z",
        "ChargePeriodStart": "2026-11-02T00:00:00Z", "ChargePeriodEnd": "2026-11-03T00:00:00Z",
    }  # fmt: skip
    bills.bring(text(*october, november))
    bills.bring(text({"BilledCost": "70", "BillingAccountId": "other"}))
    later = bills.bring(text(*october[1:], {**october[0], "InvoiceId": "INV-1"}))
    assert (later.loaded, later.duplicates, later.superseded) == (1, 3, 1)
    assert sorted(bills.costs("billed_cost")) == [1, 2, 3, 4, 9, 70]
    # Another mapping is a change too: the charge is the same, what is said of it is not.
    (bills.folder / "map.yaml").write_text("rules:\n  - when: {ResourceId: r2}\n    system_id: x\n")
    moved = bills.bring(
        text(*october[1:], {**october[0], "InvoiceId": "INV-1"}), rules=read_rules(bills.folder / "map.yaml")
    )
    assert (moved.loaded, moved.superseded) == (1, 1)
    assert bills.session.rows("SELECT billed_cost FROM telemetry.costs WHERE system_id = 'x'") == [(2,)]


def test_what_would_lose_or_double_cost_is_refused_whole(bills):
    bills.bring(text({"BilledCost": "1"}, {"BilledCost": "2"}))
    before = bills.state()
    broken = text({"BilledCost": "1"}, {"BilledCost": "two"})
    with pytest.raises(InputError, match="1 row is rejected"):
        bills.bring(broken)
    with pytest.raises(InputError, match="already under source focus:0123456789012"):
        bills.bring(text({"BilledCost": "1"}, {"BilledCost": "2"}), source="again")
    no_currency = text({}).replace("BillingCurrency", "x_Currency")
    with pytest.raises(InputError, match="--currency USD"):
        bills.bring(no_currency)
    with pytest.raises(InputError, match="is no FOCUS cost and usage data"):
        bills.bring(text({}), "BilledCost,b\n1,2\n")
    assert bills.state() == before
    assert bills.bring(broken, terms=Terms(accept_rejects=True)).superseded == 1
    [reject] = bills.session.rows("SELECT file, line, column_name, reason FROM load_reject")
    assert reject[1:] == (3, "BilledCost", "BilledCost 'two' is not a number")
    assert bills.session.rows(
        "SELECT rows_read, loaded, duplicates, rejected FROM load_log ORDER BY loaded_at DESC LIMIT 1"
    ) == [(2, 0, 1, 1)]
    bills.session.execute("UPDATE warehouse_info SET value = 'no' WHERE name = 'owned'")
    with pytest.raises(WarehouseError, match="read-only here"):
        bills.bring(text({}))


def test_a_thousand_rows_with_the_traps_of_provider_exports(bills):
    rows, known = [], {}
    for n in range(1000):
        cost = Decimal(n * 7919 % 100_003) / 10**9 * (-1 if n % 83 == 0 else 1)
        category = ("Compute", "Storage", "Networking")[n % 3]
        known[category] = known.get(category, 0) + cost
        day, hour = n % 30 + 1, n % 24
        rows.append(
            {
                "BilledCost": f"{cost:.9f}" if n % 10 else f"{int(cost * 10**9)}E-9",
                "EffectiveCost": str(round(cost)), "ServiceCategory": category, "Id": str(n), "Tags": "NULL",
                "ChargeFrequency": "Usage-based" if n % 2 else "Usage-Based", "ListUnitPrice": "0.0230000000",
                "ChargePeriodStart": f"2026-10-{day:02d} {hour:02d}:00:00", "CommitmentDiscountId": "",
                "ChargePeriodEnd": f"2026-10-{day:02d} {hour:02d}:59:59", "ContractedCost": "NULL",
            }
        )  # fmt: skip
    packed = bills.folder / "focus_sample.csv.gz"
    packed.write_bytes(gzip.compress(text(*rows).encode()))
    done = bills.bring(packed)
    assert (done.loaded, done.report.repaired, done.report.rejected) == (1000, 1000, 0)
    found = {name: sums.billed_cost for (_, name), sums in done.report.by_service_category.items()}
    assert found == known
    assert dict(
        bills.session.rows("SELECT charge_category, SUM(billed_cost) FROM telemetry.costs GROUP BY charge_category")
    ) == {"Usage": sum(known.values())}
    assert "effective_cost_whole_numbers" in {one.code for one in done.report.warnings}


def test_the_superseded_table_has_the_columns_of_costs():
    [ddl] = [one for one in statements("provenance") if " cost_superseded " in one]
    assert column_names(ddl) == [*contract()["costs"].names, "superseded_at", "superseded_by"]


def test_templates_load_as_they_are_and_wrong_ones_name_what_is_wrong(desk, tmp_path):
    for path in sorted(TEMPLATES.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        done = load(desk.session, desk.settings, path.stem, [path])
        assert (done.loaded, done.rejects, done.warnings) == (len(rows), (), ())
        money = next(column.name for column in contract()[path.stem].columns if column.kind == "money")
        wrong = tmp_path / path.name
        wrong.write_text(path.read_text().replace(rows[1][money], "lots", 1))
        [reject] = load(desk.session, desk.settings, path.stem, [wrong]).rejects
        assert str(reject).endswith(f"{path.name}:3: {money} 'lots' is not a number")
        wrong.write_text(path.read_text().replace(money, money[:-1], 1))
        with pytest.raises(InputError, match=f"write {money}|needs column {money}"):
            load(desk.session, desk.settings, path.stem, [wrong])


def test_the_command_from_a_bill_to_its_deliveries(engine_url, tmp_path, monkeypatch, capsys):
    run = runner(engine_url, monkeypatch, capsys)
    bill = tmp_path / "bill.csv"
    bill.write_text(text({"BilledCost": "$1,000.00 "}, {"BilledCost": "-0.10"}, {"ChargePeriodStart": "2026-13-01"}))
    report = run("import", "focus", bill, "--dry-run", "--json").document  # needs no warehouse
    assert {name: report[name] for name in ("rows", "repaired", "rejected", "warnings", "by_service_category")} == {
        "rows": 3, "repaired": 1, "rejected": 1, "warnings": [],
        "by_service_category": {"Compute": {"billed_cost": "999.9", "effective_cost": "2.5"}},
    }  # fmt: skip
    [reject] = report["rejects"]
    assert (reject["file"], reject["row"], reject["line"], reject["column"]) == (str(bill), 3, 4, "ChargePeriodStart")
    assert run("import", "focus", bill).code == 3
    run("init")
    (tmp_path / "map.yaml").write_text("rules:\n  - when: {ServiceName: Machines}\n    system_id: no-such-system\n")
    said = run("import", "focus", bill, "--map", tmp_path / "map.yaml")
    assert "unregistered_system" in said.out
    assert "rejected: " in said.out
    assert "2 rows new" in said.out
    done = run("import", "focus", bill, "--json", "--map", tmp_path / "map.yaml").document
    assert (done["loaded"], done["duplicates"], done["rejected"]) == (0, 2, 1)
    [one] = run("import", "deliveries", "--json").document
    assert (one["billing_period"], one["billed_cost"], one["rules"]) == ("2026-10", "999.9", "map.yaml")
    assert "--currency" in run("import", "focus", bill, "--currency", "usd").line
    assert "no such template" in run("template", "ledgr").line
    assert run("template", "ledger", "--header").out == "account,month,amount,currency,invoice_id\n"
