"""The SQL that reads one block of a FOCUS file: from `block` (text) to `cells` (values), from there to `stage`.

`cells` has beside the text, per known column, the value (`v_`), the digits of an amount or the ISO form of an instant
(`d_`) and the code of a repair (`r_`), and for the row its `fault`: the column that makes it unusable, or NULL.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from readout.warehouse.focus import cells
from readout.warehouse.focus.columns import AMOUNTS, CURRENCY, INSTANTS, VALUES
from readout.warehouse.focus.rules import IDLE, Rules
from readout.warehouse.loading.kinds import quoted
from readout.warehouse.loading.plan import identifier

PERIOD = "charge period"  # the fault of a charge that ends before it starts
READ = (*AMOUNTS, *INSTANTS, *VALUES, CURRENCY)
_BETWEEN_CELLS, _AFTER_NAME = "chr(31)", "chr(30)"  # which no text of a bill holds
_PRICED = (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost"))
_NOTHING = "CAST(NULL AS VARCHAR)"


@dataclass(frozen=True)
class Choices:
    """What the person who imports decided. `source` and `currency` are None where the file is to say them."""

    rules: Rules
    components: Rules
    source: str | None = None
    currency: str | None = None
    effective_from_billed: bool = False
    registered: frozenset[str] | None = None  # systems of the portfolio; None: not asked


@dataclass(frozen=True)
class CellsSql:
    """The queries of `cells` and `stage` for a block with the columns `names`."""

    names: Mapping[str, str]  # file column -> present name
    choices: Choices

    @property
    def have(self) -> frozenset[str]:
        """Present names of the block's columns."""
        return frozenset(self.names.values())

    def _cell(self, name: str) -> str:
        return identifier(name) if name in self.have else _NOTHING

    def cells(self) -> str:
        """Return the query of `cells`."""
        texts, read, values, repairs = [], [], [], []
        for name in AMOUNTS:
            texts.append(f"{cells.amount_text(self._cell(name))} AS d_{name}")
            values.append(f"{cells.money(f'd_{name}')} AS v_{name}")
            repairs.append(self._repair(name, cells.amount_repair(self._cell(name), f"d_{name}")))
        for name in INSTANTS:
            texts.append(f"{cells.instant_text(self._cell(name))} AS d_{name}")
            read.append(f"{cells.instant(f'd_{name}')} AS p_{name}")
            values.append(f"{cells.in_reach(f'p_{name}')} AS v_{name}")
            repairs.append(self._repair(name, cells.instant_repair(self._cell(name))))
        for name in VALUES:
            texts.append(f"{cells.listed(name, self._cell(name))} AS v_{name}")
            repairs.append(self._spelled(name))
        given = _NOTHING if self.choices.currency is None else quoted(self.choices.currency)
        texts.append(f"COALESCE(upper({cells.trimmed(self._cell(CURRENCY))}), {given}) AS v_{CURRENCY}")
        repairs.append(self._spelled(CURRENCY))
        faults = " ".join(f"WHEN {test} THEN {quoted(name)}" for test, name in self._faults())
        query = f"SELECT *, {', '.join(texts)} FROM block"
        for items in (read, values, repairs):
            query = f"SELECT *, {', '.join(items)} FROM ({query})"
        return f"SELECT *, CASE {faults} END AS fault FROM ({query})"

    def _repair(self, name: str, code: str) -> str:
        return f"CASE WHEN v_{name} IS NOT NULL THEN {code} END AS r_{name}"

    def _spelled(self, name: str) -> str:
        return f"CASE WHEN v_{name} <> {self._cell(name)} THEN 'spelling' END AS r_{name}"

    def _faults(self) -> list[tuple[str, str]]:
        needed = ["BilledCost", "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart"]
        found = [("_bad IS NOT NULL", "")]
        found += [(f"v_{name} IS NULL", name) for name in needed]
        found += [
            (f"{self._cell(name)} IS NOT NULL AND v_{name} IS NULL", name)
            for name in ("EffectiveCost", "BillingPeriodEnd")
        ]
        if CURRENCY in self.have or self.choices.currency:
            found.append((f"NOT COALESCE(regexp_full_match(v_{CURRENCY}, '[A-Z]{{3}}'), FALSE)", CURRENCY))
        return [*found, ("v_ChargePeriodEnd < v_ChargePeriodStart", PERIOD)]

    def stage(self) -> str:
        """Return the columns of `stage` over `cells`, the file's number excepted."""
        rules, components = self.choices.rules, self.choices.components
        columns = {name.lower() for name in self.have}
        component = components.value("component", f"({components.number(columns)})")
        key = rules.value("allocation_key", "rule")
        unused = "'Unused' IN (v_CommitmentDiscountStatus, v_CapacityReservationStatus)"
        rounded = self._taken_from_billed()
        items = {
            "row_no": "_row",
            "line": "_line",
            "hash": f"md5({self._content()})",
            "source": self._source(),
            "billing_period": _period(),
            "system_id": rules.value("system_id", "rule"),
            "component": rules.value("component", "rule", component),
            "allocation_key": f"CASE WHEN {unused} THEN {quoted(IDLE)} ELSE {key} END",
            "charge_start": "v_ChargePeriodStart",
            "charge_end": "v_ChargePeriodEnd",
            "billed": "v_BilledCost",
            "billed_finer": cells.finer("d_BilledCost"),
            "effective": f"CASE WHEN {rounded} THEN v_BilledCost ELSE v_EffectiveCost END",
            "effective_finer": cells.finer(f"CASE WHEN {rounded} THEN d_BilledCost ELSE d_EffectiveCost END"),
            "currency": f"COALESCE(v_{CURRENCY}, '')",
            "charge_category": "v_ChargeCategory",
            "charge_class": "v_ChargeClass",
            "invoice_id": self._cell("InvoiceId"),
            "service_name": self._cell("ServiceName"),
            "service_category": "v_ServiceCategory",
            "repaired": f"_nulled OR {' OR '.join(f'r_{name} IS NOT NULL' for name in READ)}",
            "fractional": f"NOT {_is_whole('BilledCost')}",
            "whole": _ROUNDED,
            "taken_from_billed": rounded,
            "outside": _outside(),
            "priced_apart": " OR ".join(f"COALESCE({_apart(*pair)}, FALSE)" for pair in _PRICED),
            "split_key": self._split_key(),
            "split_part": f"{self._cell('AllocatedResourceId')} IS NOT NULL",
            "origin": self.origin(),
        }
        listed = ", ".join(f"{sql} AS {name}" for name, sql in items.items())
        return f"SELECT {listed} FROM (SELECT *, {rules.number(columns)} AS rule FROM cells WHERE fault IS NULL)"

    def origin(self) -> str:
        """Return SQL for the row as JSON under the file's own names, cells as they came, empty ones left out."""
        parts = ", ".join(
            f"{quoted(_key(name))} || CAST(to_json({identifier(new)}) AS VARCHAR)" for name, new in self.names.items()
        )
        return f"'{{' || concat_ws(',', {parts}) || '}}'"

    def _content(self) -> str:
        """Return SQL for all that a row says, the same whatever the file's format and order of columns."""
        parts = []
        for name in sorted(self.have):
            value = f"v_{name}" if name in READ else identifier(name)
            if name in AMOUNTS:
                value = f"COALESCE({cells.finer(f'd_{name}')}, CAST(v_{name} AS VARCHAR), {identifier(name)})"
            parts.append(f"{quoted(name)} || {_AFTER_NAME} || CAST({value} AS VARCHAR)")
        return f"concat_ws({_BETWEEN_CELLS}, {', '.join(parts)})"

    def _source(self) -> str:
        if self.choices.source is not None:
            return quoted(self.choices.source)
        return f"COALESCE('focus:' || {self._cell('BillingAccountId')}, 'focus')"

    def _taken_from_billed(self) -> str:
        """Return SQL for the charges whose effective cost was rounded and is to give way to the billed one."""
        if not self.choices.effective_from_billed:
            return "FALSE"
        # The purchase of a commitment costs nothing of its own: what it covers carries its cost.
        covering = f"v_ChargeCategory = 'Purchase' AND {self._cell('CommitmentDiscountId')} IS NOT NULL"
        return f"({_ROUNDED} AND NOT COALESCE({covering}, FALSE))"

    def _split_key(self) -> str:
        if "AllocatedResourceId" not in self.have:
            return _NOTHING
        parts = ", ".join(
            f"COALESCE({value}, '')"
            for value in (
                self._cell("ResourceId"), self._cell("SkuPriceId"), "CAST(v_ChargePeriodStart AS VARCHAR)",
                "v_ChargeCategory",
            )
        )  # fmt: skip
        return f"md5(concat_ws({_BETWEEN_CELLS}, {parts}))"


def _key(name: str) -> str:
    return f"{json.dumps(name, ensure_ascii=False)}:"


def _is_whole(name: str) -> str:
    """Return SQL that tells an amount without a fraction; one so small that the warehouse keeps 0 has a fraction."""
    vanished = f"v_{name} = 0 AND regexp_matches(d_{name}, '^[^eE]*[1-9]')"
    return f"COALESCE(v_{name} = trunc(v_{name}) AND NOT ({vanished}), FALSE)"


_ROUNDED = f"(NOT {_is_whole('BilledCost')} AND {_is_whole('EffectiveCost')})"


def _period() -> str:
    """Return SQL for the billing period: `2026-10` for a calendar month in UTC, else the day on which it starts."""
    start, end = "v_BillingPeriodStart", "v_BillingPeriodEnd"
    month = f"{start} = date_trunc('month', {start}) AND COALESCE({end} = {start} + INTERVAL 1 MONTH, TRUE)"
    return f"CASE WHEN {month} THEN strftime({start}, '%Y-%m') ELSE strftime({start}, '%Y-%m-%d') END"


def _outside() -> str:
    """Return SQL for a charge that starts outside its billing period and is no correction."""
    before = "v_ChargePeriodStart < v_BillingPeriodStart"
    after = "v_ChargePeriodStart >= v_BillingPeriodEnd"
    return f"(COALESCE({before} OR {after}, {before}) AND v_ChargeClass IS DISTINCT FROM 'Correction')"


def _apart(price: str, cost: str) -> str:
    """Return SQL for a cost that is not price × quantity, by more than a cent and a thousandth of it."""
    product = f"TRY_CAST(v_{price} AS DECIMAL(19,9)) * TRY_CAST(v_PricingQuantity AS DECIMAL(19,9))"
    off = f"abs({product} - TRY_CAST(v_{cost} AS DECIMAL(38,18)))"
    # A product of the costs that fit here fits as well; what does not fit is not compared.
    allowed = f"greatest(CAST(0.01 AS DECIMAL(38,18)), TRY_CAST(abs(v_{cost}) / 1000 AS DECIMAL(38,18)))"
    return f"TRY({off} > {allowed}) AND v_ChargeClass IS DISTINCT FROM 'Correction'"
