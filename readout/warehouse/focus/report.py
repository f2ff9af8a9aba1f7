"""What an import found: rows, repairs, rejects, warnings and exact totals; amounts are decimals, printed in full."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Context, Decimal, localcontext
from typing import Any

from readout.canonical import plain_decimal as plain
from readout.warehouse.focus.cells import REPAIRS
from readout.warehouse.focus.staging import FileSeen, Repair, Staging
from readout.warehouse.loading.result import LISTED_REJECTS

NOT_STATED = "(not stated)"  # the service category of rows that say none
_TWELFTH = Decimal("1E-12")
_SPLIT = "beside its own split, which costs the same in sum: one of the two must go"
_EXACT = Context(prec=30_000)  # of the texts that are read, none has more digits: exponents have four


@dataclass(frozen=True)
class Totals:
    """Exact sums over some rows; `effective_cost` is None where no row has one."""

    rows: int
    billed_cost: Decimal
    effective_cost: Decimal | None


@dataclass(frozen=True)
class Rejected:
    """A row that was not read, and why. `row` counts the file's data rows from 1, `line` its lines."""

    file: str
    row: int
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        """Return `file:line: row n: reason`."""
        return f"{self.file}:{self.line}: row {self.row}: {self.reason}"


@dataclass(frozen=True)
class Warned:
    """Something that a person should know: `code` is stable, `count` is in rows unless the message says otherwise."""

    code: str
    count: int
    message: str


@dataclass(frozen=True)
class Report:
    """What the files of one import hold.

    `by_service_category` is keyed by currency and category; amounts of two currencies are never added. Rows that stand
    in several files count once in it, rejected rows not at all.
    """

    files: tuple[FileSeen, ...]
    rows: int
    repaired: int
    rejected: int
    duplicates: int
    repairs: tuple[Repair, ...]
    rejects: tuple[Rejected, ...]
    warnings: tuple[Warned, ...]
    by_service_category: Mapping[tuple[str, str], Totals]

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the rows; `` for rows that say none."""
        return tuple(dict.fromkeys(currency for currency, _ in self.by_service_category))

    def total(self, currency: str) -> Totals:
        """Return the sums over all rows of one currency."""
        parts = [found for (one, _), found in self.by_service_category.items() if one == currency]
        known = [part.effective_cost for part in parts if part.effective_cost is not None]
        with localcontext(_EXACT):
            billed = sum((part.billed_cost for part in parts), Decimal(0))
            effective = sum(known, Decimal(0)) if known else None
        return Totals(sum(part.rows for part in parts), billed, effective)

    def to_json(self) -> dict[str, Any]:
        """Return the object that `readout import focus --dry-run --json` prints."""
        several = len(self.currencies) > 1
        categories = {
            f"{category} [{currency}]" if several else category: {
                "billed_cost": plain(found.billed_cost),
                "effective_cost": None if found.effective_cost is None else plain(found.effective_cost),
            }
            for (currency, category), found in self.by_service_category.items()
        }
        return {
            "rows": self.rows,
            "repaired": self.repaired,
            "rejected": self.rejected,
            "warnings": [asdict(one) for one in self.warnings],
            "by_service_category": categories,
            "repairs": [
                {
                    "file": one.file, "row": one.row, "line": one.line, "column": one.column, "code": one.code,
                    "count": one.count, "reason": REPAIRS[one.code], "example": one.example,
                }
                for one in self.repairs
            ],
            "rejects": [asdict(one) for one in self.rejects],
            "files": [
                {"file": one.name, "version": one.version, "rows": one.rows, "renamed": one.renamed}
                for one in self.files
            ],
        }  # fmt: skip


def report(staging: Staging) -> Report:
    """Return what a settled staging found."""
    totals, rounded = _totals(staging)
    [(repaired,)] = staging.rows("SELECT COUNT(*) FROM stage WHERE repaired")
    [(rejected,)] = staging.rows("SELECT COUNT(*) FROM refused")
    [(duplicates,)] = staging.rows("SELECT COUNT(*) FROM kept WHERE copy > 1")
    listed = staging.rows(
        "SELECT file_no, row_no, line, column_name, reason FROM refused ORDER BY file_no, row_no "
        f"LIMIT {LISTED_REJECTS}"
    )
    return Report(
        files=tuple(staging.files),
        rows=sum(file.rows for file in staging.files),
        repaired=repaired,
        rejected=rejected,
        duplicates=duplicates,
        repairs=tuple(staging.repairs.values()),
        rejects=tuple(Rejected(staging.files[number].name, *found) for number, *found in listed),
        warnings=tuple(_warnings(staging, totals, rounded)),
        by_service_category=totals,
    )


def _totals(staging: Staging) -> tuple[dict[tuple[str, str], Totals], int]:
    """Return exact sums, the largest billed cost first, and how many amounts are finer than the warehouse keeps."""
    sums: dict[tuple[str, str], list[Any]] = {}
    finer = "billed_finer IS NOT NULL OR effective_finer IS NOT NULL"
    stored = "FROM stage JOIN kept USING (file_no, row_no) WHERE copy = 1"
    for currency, category, rows, billed, known, effective in staging.rows(
        "SELECT currency, service_category, COUNT(*), SUM(billed) FILTER (WHERE billed_finer IS NULL), "
        "COUNT(effective), SUM(effective) FILTER (WHERE effective_finer IS NULL) "
        f"{stored} GROUP BY currency, service_category"
    ):
        sums[currency, category or NOT_STATED] = [rows, billed or Decimal(0), known, effective or Decimal(0)]
    rounded = 0
    with localcontext(_EXACT):
        for currency, category, billed, effective in staging.rows(
            f"SELECT currency, service_category, billed_finer, effective_finer {stored} AND ({finer})"
        ):
            found = sums[currency, category or NOT_STATED]
            for place, text in ((1, billed), (3, effective)):
                if text is not None:
                    amount = Decimal(text)
                    found[place] += amount
                    rounded += amount != amount.quantize(_TWELFTH)
    order = sorted(sums.items(), key=lambda item: (item[0][0], -item[1][1], item[0][1]))
    return {
        key: Totals(rows, billed, effective if known else None) for key, (rows, billed, known, effective) in order
    }, rounded


def _warnings(staging: Staging, totals: Mapping[tuple[str, str], Totals], rounded: int) -> list[Warned]:
    [row] = staging.rows(
        "SELECT COUNT(*) FILTER (WHERE fractional), COUNT(*) FILTER (WHERE whole), "
        "COUNT(*) FILTER (WHERE effective IS NULL), COUNT(*) FILTER (WHERE outside), "
        "COUNT(*) FILTER (WHERE priced_apart), COUNT(*) FILTER (WHERE taken_from_billed) "
        "FROM stage JOIN kept USING (file_no, row_no) WHERE copy = 1"
    )
    fractional, whole, without, outside, apart, taken = row
    [(copies, repeated)] = staging.rows(
        "SELECT COUNT(*) FILTER (WHERE copy > 1), COUNT(*) FILTER (WHERE copy = 1 AND nth > 1) FROM kept"
    )
    found = []
    if whole * 2 > fractional:
        text = (
            f"{whole:,} of {_counted(fractional, 'row')} with a fraction in BilledCost have a whole EffectiveCost "
            "(0 included): the export rounded it, and accrued cost is not to be trusted. "
        )
        text += (
            f"BilledCost stands for it in {_counted(taken, 'row')}"
            if taken
            else "It is kept as it came; --effective-from-billed takes BilledCost for these rows"
        )
        found.append(Warned("effective_cost_whole_numbers", whole, text))
    found += [
        Warned(code, count, f"{_counted(count, what)} {text}")
        for code, count, what, text in (
            ("effective_cost_missing", without, "row", "without EffectiveCost: it is missing there, not 0"),
            ("charge_outside_billing_period", outside, "row", "starting outside the billing period: late, or a slip"),
            ("price_times_quantity", apart, "row", "with a cost that is not unit price × PricingQuantity"),
            ("duplicate_rows", copies, "row", "standing in another file too: counted once"),
            ("identical_rows", repeated, "row", "equal in every cell to another row of the file: all are counted"),
            ("split_counted_twice", _split_twice(staging), "charge", _SPLIT),
            ("rounded_to_twelve_decimals", rounded, "amount", "with more decimals than the twelve that are kept"),
        )
        if count
    ]
    found += [
        Warned("unreadable_value", count, f"{_counted(count, 'cell')} of {name} not a number: the column is not loaded")
        for name, count in staging.unreadable.items()
    ]
    registered = staging.choices.registered
    named = staging.choices.rules.systems
    if unknown := [name for name in named if registered is not None and name not in registered]:
        places = ", ".join(f"{name} ({named[name]})" for name in unknown)
        found.append(Warned("unregistered_system", len(unknown), f"not in the portfolio: {places}"))
    if staging.without_currency:
        files = ", ".join(staging.without_currency)
        text = f"no column BillingCurrency in {files}; --currency says it, and loading needs it"
        found.append(Warned("currency_missing", len(staging.without_currency), text))
    currencies = sorted({currency for currency, _ in totals if currency})
    if len(currencies) > 1:
        text = f"{len(currencies)} currencies: {', '.join(currencies)}; their amounts are not added"
        found.append(Warned("several_currencies", len(currencies), text))
    return found


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _split_twice(staging: Staging) -> int:
    """Count charges without a receiver whose cost equals, and is not 0, what is split beside them."""
    [(count,)] = staging.rows(
        "SELECT COUNT(*) FROM (SELECT split_key FROM stage JOIN kept USING (file_no, row_no) "
        "WHERE copy = 1 AND split_key IS NOT NULL GROUP BY split_key "
        "HAVING SUM(effective) FILTER (WHERE NOT split_part) = SUM(effective) FILTER (WHERE split_part) "
        "AND SUM(effective) FILTER (WHERE split_part) <> 0)"
    )
    return count
