"""FOCUS files are read as they are: repairs are counted, what is impossible is named, amounts stay exact."""

import csv
import gzip
import inspect
import io
import json
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from readout.resources import shipped
from readout.settings import Settings
from readout.warehouse.errors import InputError
from readout.warehouse.focus import (
    Choices,
    Report,
    Rules,
    check_focus,
    importing,
    plain,
    read_rules,
    report,
    shipped_components,
)
from readout.warehouse.focus.cells import REPAIRS
from readout.warehouse.focus.columns import canonical, version
from readout.warehouse.loading import streaming
from readout.warehouse.loading.reading import open_file, read_rows

SPEC = shipped("data") / "samples" / "focus-spec-examples"
ROW = {
    "BilledCost": "1.50", "EffectiveCost": "1.25", "BillingCurrency": "USD", "BillingAccountId": "0123456789012",
    "BillingPeriodStart": "2026-10-01T00:00:00Z", "BillingPeriodEnd": "2026-11-01T00:00:00Z",
    "ChargePeriodStart": "2026-10-05T00:00:00Z", "ChargePeriodEnd": "2026-10-06T00:00:00Z",
    "ChargeCategory": "Usage", "ChargeClass": "", "ChargeFrequency": "Usage-Based", "ChargeDescription": "",
    "ServiceCategory": "Compute", "ServiceName": "Machines", "ConsumedUnit": "Hours", "Tags": "",
}  # fmt: skip


def text(*changes: dict[str, str]) -> str:
    """A FOCUS file whose rows are ROW with changes."""
    names = list(dict.fromkeys([*ROW, *(name for change in changes for name in change)]))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows({**ROW, **change} for change in changes)
    return out.getvalue()


def check(tmp_path: Path, *contents: str | bytes, **choices: Any) -> Report:
    paths = []
    for number, content in enumerate(contents):
        paths.append(tmp_path / f"bill-{number}.csv")
        paths[-1].write_bytes(content.encode() if isinstance(content, str) else content)
    return check_focus(Settings(), paths, Choices(Rules(""), shipped_components(), **choices))


def codes(found: Report) -> dict[str, int]:
    return {one.code: one.count for one in found.warnings}


def repairs(found: Report) -> dict[tuple[str, str], int]:
    return {(one.column, one.code): one.count for one in found.repairs}


def test_the_specifications_own_examples_give_the_totals_of_plain_decimals():
    for name, known in json.loads((SPEC / "truth.json").read_text())["totals"].items():
        found = check_focus(Settings(), [SPEC / name], Choices(Rules(""), shipped_components()))
        assert (found.rows, found.rejected) == (known["rows"], 0)
        [currency] = found.currencies
        assert found.total(currency).billed_cost == Decimal(known["billed_cost"])
        assert found.total(currency).effective_cost == Decimal(known["effective_cost"])
        words = sum(one.count for one in found.repairs if one.code == "null_word")
        assert words == known["words_for_null"]


def test_what_real_files_break_is_repaired_and_counted(tmp_path):
    found = check(
        tmp_path,
        b"\xef\xbb\xbf"
        + text(
            {"BilledCost": "$10,000.00 ", "EffectiveCost": "(1,250.50)"},
            {"ChargePeriodStart": "10/5/26", "ChargePeriodEnd": "10/6/2026 13:30"},
            {"BillingPeriodStart": "2026-10-01 00:00:00", "BillingPeriodEnd": "2026-11-01"},
            {"ChargePeriodStart": "2026-10-05T02:00:00+02:00", "BillingCurrency": "usd"},
            {"ChargeFrequency": "Usage-based", "ChargeClass": "(null)", "ChargeDescription": "null"},
            {"ChargeClass": "NULL", "ChargeCategory": "USAGE", "ServiceName": " NULL "},
            {},
        ).encode(),
    )
    assert (found.rows, found.rejected, found.repaired) == (7, 0, 6)
    assert repairs(found) == {
        ("", "byte_order_mark"): 1,
        ("BilledCost", "number_format"): 1, ("EffectiveCost", "number_format"): 1,
        ("ChargePeriodStart", "month_first_date"): 1, ("ChargePeriodEnd", "month_first_date"): 1,
        ("BillingPeriodStart", "missing_zone"): 1, ("BillingPeriodEnd", "missing_zone"): 1,
        ("ChargePeriodStart", "date_format"): 1, ("BillingCurrency", "spelling"): 1,
        ("ChargeFrequency", "spelling"): 1, ("ChargeCategory", "spelling"): 1,
        ("ChargeClass", "null_word"): 2, ("ChargeDescription", "null_word"): 1, ("ServiceName", "null_word"): 1,
    }  # fmt: skip
    assert found.total("USD").billed_cost == Decimal("10009.00")
    assert found.total("USD").effective_cost == Decimal("-1243.00")
    [first] = [one for one in found.repairs if one.code == "number_format" and one.column == "BilledCost"]
    assert (first.row, first.line, first.example) == (1, 2, "$10,000.00 ")


def test_what_is_impossible_is_refused_with_file_row_line_and_column(tmp_path):
    broken = (
        text(
            {"ChargeDescription": "two\nlines"},
            {"ChargePeriodEnd": "2023-02-01T30:00:00Z"},
            {"BillingPeriodStart": "2026-02-30T00:00:00Z"},
            {"ChargePeriodStart": "31/12/26"},
            {"BilledCost": "1.234,50"},
            {"BilledCost": "(null)"},
            {"EffectiveCost": "n/a"},
            {"BillingCurrency": "Credits"},
            {"ChargePeriodEnd": "2026-10-01T00:00:00Z"},
            {"ChargeDescription": "x" * (1 << 20) + "y"},
            {"ChargeDescription": "x\0y"},
        )
        + "1,2\n"
    )
    found = check(tmp_path, broken)
    assert (found.rows, found.rejected) == (12, 11)
    assert found.total("USD").billed_cost == Decimal("1.50")
    told = {one.row: (one.line, one.column, one.reason) for one in found.rejects}
    assert told[2] == (4, "ChargePeriodEnd", told[2][2])
    assert "2023-02-01T30:00:00Z" in told[2][2]
    assert "month stands first" in told[4][2]
    assert [told[row][1] for row in range(2, 13)] == [
        "ChargePeriodEnd", "BillingPeriodStart", "ChargePeriodStart", "BilledCost", "BilledCost", "EffectiveCost",
        "BillingCurrency", "ChargePeriodEnd", "ChargeDescription", "ChargeDescription", "",
    ]  # fmt: skip
    assert str(found.rejects[0]).startswith(f"{tmp_path / 'bill-0.csv'}:4: row 2: ChargePeriodEnd ")
    for wrong, said in (
        (b"a,b\n1,2\n", "no FOCUS cost and usage data"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n", "empty"),
    ):
        with pytest.raises(InputError, match=said):
            check(tmp_path, wrong)


def test_amounts_are_exact_beyond_what_the_warehouse_keeps_and_printed_without_an_exponent(tmp_path):
    found = check(
        tmp_path,
        text(
            {"BilledCost": "0.1", "EffectiveCost": "1E-7"},
            {"BilledCost": "0.2", "EffectiveCost": "-3.0000000000000000000000000001"},
            {"BilledCost": "12345678901234567890.123456789012", "EffectiveCost": "1.5e3"},
            {"BilledCost": "-0.3", "EffectiveCost": ""},
            {"BilledCost": "-0.00", "EffectiveCost": "", "ServiceCategory": "Storage"},
        ),
    )
    assert found.to_json()["by_service_category"] == {
        "Compute": {
            "billed_cost": "12345678901234567890.123456789012",
            "effective_cost": "1497.0000000999999999999999999999",
        },
        "Storage": {"billed_cost": "0", "effective_cost": None},
    }
    assert codes(found) == {"effective_cost_missing": 2, "rounded_to_twelve_decimals": 1}
    assert [plain(Decimal(given)) for given in ("1E+3", "-0E-12", "0.10", "-5")] == ["1000", "0", "0.1", "-5"]


def test_a_rounded_effective_cost_is_warned_about_with_its_count_and_never_changed_unasked(tmp_path):
    rows = [{"BilledCost": f"{n}.4", "EffectiveCost": str(n)} for n in range(6)]
    rows += [{"BilledCost": "1.6", "EffectiveCost": "1.25"}] * 5 + [{"BilledCost": "3", "EffectiveCost": "3"}] * 20
    found = check(tmp_path, text(*rows))
    assert codes(found)["effective_cost_whole_numbers"] == 6  # of eleven rows with a fraction, zero included
    assert found.total("USD").effective_cost == 15 + Decimal("6.25") + 60
    assert "effective_cost_whole_numbers" not in codes(
        check(tmp_path, text(*rows[1:]))
    )  # five of ten are not over half
    purchase = {"ChargeCategory": "Purchase", "CommitmentDiscountId": "c", "BilledCost": "9.5", "EffectiveCost": "0"}
    taken = check(tmp_path, text(*rows, purchase), effective_from_billed=True)
    assert codes(taken)["effective_cost_whole_numbers"] == 7
    assert taken.total("USD").effective_cost == 15 + 6 * Decimal("0.4") + Decimal("6.25") + 60


def test_signs_are_kept_and_currencies_are_never_added(tmp_path):
    found = check(
        tmp_path,
        text(
            {"BilledCost": "10"}, {"BilledCost": "-25", "ChargeCategory": "Credit"},
            {"BilledCost": "-1", "ChargeClass": "Correction"},
            {"BilledCost": "7", "BillingCurrency": "EUR"},
        ),
    )  # fmt: skip
    assert {name: sums["billed_cost"] for name, sums in found.to_json()["by_service_category"].items()} == {
        "Compute [EUR]": "7", "Compute [USD]": "-16",
    }  # fmt: skip
    assert codes(found)["several_currencies"] == 2


def test_a_row_in_two_files_counts_once_and_equal_rows_of_one_file_all_count(tmp_path):
    one = text({"BilledCost": "1"}, {"BilledCost": "1"}, {"BilledCost": "2"})
    found = check(tmp_path, one, one, text({"BilledCost": "1"}, {"BilledCost": "4"}))
    assert (found.rows, found.duplicates) == (8, 4)
    assert found.total("USD").billed_cost == 8
    assert codes(found) == {"duplicate_rows": 4, "identical_rows": 1}


def test_charges_out_of_place_are_counted(tmp_path):
    split = {"ResourceId": "host", "EffectiveCost": "10", "AllocatedMethodId": "m"}
    priced = {"ListUnitPrice": "2", "PricingQuantity": "3"}
    found = check(
        tmp_path,
        text(
            {"ChargePeriodStart": "2026-09-30T00:00:00Z"},
            {"ChargePeriodStart": "2026-09-30T00:00:00Z", "ChargeClass": "Correction"},
            {**priced, "ListCost": "6"}, {**priced, "ListCost": "7"}, {**priced, "ListCost": "lots"},
            split, {**split, "EffectiveCost": "4", "AllocatedResourceId": "a"},
            {**split, "EffectiveCost": "6", "AllocatedResourceId": "b"},
        ),
    )  # fmt: skip
    assert codes(found) == {
        "charge_outside_billing_period": 1, "price_times_quantity": 1, "unreadable_value": 1, "split_counted_twice": 1,
    }  # fmt: skip


def test_every_format_gives_the_same_report(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "BLOCK_ROWS", 3)
    changes = [{"BilledCost": f"{n}.125", "Tags": '{"team": "a"}' if n % 2 else ""} for n in range(8)]
    rows = [{**ROW, **change} for change in changes]
    csv_file, packed, lines, table = (tmp_path / f"bill{end}" for end in (".csv", ".csv.gz", ".jsonl", ".parquet"))
    csv_file.write_text(text(*changes))
    packed.write_bytes(gzip.compress(csv_file.read_bytes()))
    lines.write_text("\n".join(json.dumps({name: value or None for name, value in row.items()}) for row in rows))
    instants = [name for name in ROW if "Period" in name]
    columns = {name: pa.array([row[name] or None for row in rows], pa.string()) for name in ROW}
    columns |= {
        name: pa.array([datetime.fromisoformat(row[name]) for row in rows], pa.timestamp("us", "UTC"))
        for name in instants
    }
    columns["BilledCost"] = pa.array([Decimal(row["BilledCost"]) for row in rows], pa.decimal128(20, 6))
    columns["EffectiveCost"] = pa.array([float(row["EffectiveCost"]) for row in rows])
    pq.write_table(pa.table(columns), table)
    choices = Choices(Rules(""), shipped_components())
    found = check_focus(Settings(), [csv_file, packed, lines, table], choices)
    assert [file.rows for file in found.files] == [8] * 4
    assert (found.rows, found.duplicates, found.repaired, found.rejected) == (32, 24, 0, 0)
    assert found.total("USD").billed_cost == Decimal(29)


NASTY = {
    "plain": "a,b\n1,2\n3,4\n",
    "lines": 'a,b\r\n"x\r\ny",2\r\n\r\n"3 ""q""",4',
    "quotes": 'a,b\n"1,2\n3,4\n"5"x,6\n7,8\n',
    "cells": "a,b\n1\n2,3,4\n5,6\n",
    "latin": "a,b\ncaf\udce9,1\nx,2\n",
    "mark": "\ufeffa,b\n1,2\n",
    "header": "a,b\n",
    "lonely": "a\n1\n\n2\n",
}


@pytest.mark.parametrize("name", NASTY)
def test_a_stream_reads_what_the_reader_of_whole_files_reads(name, tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "BLOCK_ROWS", 2)
    path = tmp_path / "nasty.csv"
    path.write_bytes(NASTY[name].encode("utf-8", "surrogateescape"))
    whole = read_rows(open_file(path))
    stream = streaming.Stream(path)
    blocks = list(stream.blocks())
    assert [row for block in blocks for row in block.rows.to_pylist()] == whole.rows.to_pylist()
    told = [(one.row, one.line, one.reason) for block in blocks for one in block.unread]
    assert told == [(one.row, one.line, one.reason) for one in whole.unread]
    assert blocks[0].columns == whole.columns
    assert (stream.sha256, stream.has_bom) == (open_file(path).sha256, name == "mark")


def test_versions_and_old_names():
    base = ["BilledCost", "EffectiveCost", "ProviderName", "PublisherName"]
    assert version(base) == "1.0"
    assert version([*base, "SkuMeter"]) == "1.1"
    assert version([*base, "skumeter", "INVOICEID"]) == "1.2"
    assert version([*base, "InvoiceId", "ServiceProviderName"]) == "1.3"
    assert version(["BilledCost", "InvoiceId", "ServiceProviderName", "HostProviderName"]) == "1.4"
    assert version(["AmortizedCost", "ChargeType"]) == "before 1.0"
    assert canonical(["ProviderName", "Region", "billedcost", "x_Own", "Id"]) == {
        "ProviderName": "ServiceProviderName", "Region": "RegionId", "billedcost": "BilledCost", "x_Own": "x_Own",
        "Id": "Id",
    }  # fmt: skip
    both = canonical(["ServiceProviderName", "ProviderName"])
    assert both == {"ServiceProviderName": "ServiceProviderName", "ProviderName": "ProviderName"}


def test_a_faulty_mapping_names_its_lines(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(
        "rules:\n  - when: {ServiceNam: x}\n    system_id: a\n  - when: {Tags.team: {a: b}}\n    component: c\n"
        "  - when: {ServiceName: x}\n"
    )
    with pytest.raises(InputError) as error:
        read_rules(path)
    lines = str(error.value).splitlines()
    assert [line.split(": ")[0].rpartition(":")[2] for line in lines] == ["2", "4", "6"]
    assert "closest: ServiceName" in lines[0]


def test_every_repair_and_warning_is_documented():
    said = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
    for module in (report, importing):
        warned = re.findall(r'(?:Warned\(\s*|^ +\()"([a-z_]+)", \w', inspect.getsource(module), re.MULTILINE)
        assert warned
        assert all(f"`{code}`" in said for code in (*warned, *REPAIRS))
