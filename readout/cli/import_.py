"""`readout import focus|deliveries`: bills of providers, and what was delivered when."""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readout.cli.closed import closed_by, closed_json, say_closed
from readout.cli.frame import Json, Progress, app, portfolio_of, print_json, read_settings, session_of
from readout.warehouse.errors import InputError

if TYPE_CHECKING:
    from readout.warehouse.focus import Choices, Imported, Report
    from readout.warehouse.focus.report import Totals

imports = typer.Typer(no_args_is_help=True, help="Bring in cost data, and list what was brought in.")
app.add_typer(imports, name="import")
_SHOWN = 20  # rejects and repairs that are printed, enough to see the pattern


@imports.command()
def focus(  # noqa: PLR0913 - a parameter an option
    files: Annotated[list[Path], typer.Argument(help="FOCUS 1.0 to 1.4: CSV, CSV.gz, JSON Lines or Parquet.")],
    rules: Annotated[
        Path | None, typer.Option("--map", help="Mapping: which charges belong to which system and component.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Name of the source; else each row's is focus:BillingAccountId.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Currency of files without BillingCurrency.")] = None,
    *,
    append: Annotated[
        bool, typer.Option("--append", help="Add to the billing period instead of replacing it.")
    ] = False,
    effective_from_billed: Annotated[
        bool,
        typer.Option("--effective-from-billed", help="Take BilledCost where EffectiveCost was rounded to whole units."),
    ] = False,
    accept_rejects: Annotated[
        bool, typer.Option("--accept-rejects", help="Replace a period although rows are rejected.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report, write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Import FOCUS cost and usage data as one delivery; it replaces the billing periods that it holds."""
    from readout.warehouse.closed_months import closed_months  # noqa: PLC0415 - drivers load only where needed
    from readout.warehouse.focus import Terms, check_focus, import_focus  # noqa: PLC0415

    settings = read_settings()
    choices = _choices(rules, source, currency, effective_from_billed=effective_from_billed)
    if choices.rules.systems:
        choices = replace(choices, registered=frozenset(portfolio_of(settings).systems))
    progress = Progress()

    def tell(done: int, text: str) -> None:
        progress.show(None, f"{text}, {done:,} rows")

    if dry_run:
        found = check_focus(settings, files, choices, tell)
        progress.done(f"{_rows(found.rows)} read, nothing written")
        if as_json:
            print_json(found.to_json())
        else:
            _print(found)
        return
    terms = Terms(append, accept_rejects, closed_months(settings), choices.rules.name)
    with session_of(settings) as session:
        done = import_focus(session, settings, files, choices, terms, tell)
    progress.done(f"{_rows(done.report.rows)} read")
    closed = closed_by(settings, done.spans)
    if as_json:
        print_json(done.to_json() | closed_json(closed))
        return
    _print(done.report)
    say_closed(closed)
    _print_deliveries(done)


def _choices(rules: Path | None, source: str | None, currency: str | None, *, effective_from_billed: bool) -> "Choices":
    from readout.warehouse.focus import Choices, Rules, read_rules, shipped_components  # noqa: PLC0415

    if currency and not (currency.isascii() and currency.isupper() and len(currency) == len("USD")):
        message = f"--currency {currency!r} is not an ISO 4217 code of three capital letters, for example USD"
        raise InputError(message)
    if source is not None and not source.strip():
        message = "--source is empty; give it a name, or leave it out"
        raise InputError(message)
    if rules and not rules.is_file():
        message = f"--map {rules}: there is no such file; check the path"
        raise InputError(message)
    given = read_rules(rules) if rules else Rules("")
    return Choices(given, shipped_components(), source, currency, effective_from_billed)


def _print(found: "Report") -> None:
    from readout.warehouse.focus.cells import REPAIRS  # noqa: PLC0415

    say = sys.stdout.write
    for file in found.files:
        say(f"{file.name}: FOCUS {file.version}, {_rows(file.rows)}\n")
    for currency in found.currencies:
        total = found.total(currency)
        lines = [
            ("total", total),
            *((name, one) for (of, name), one in found.by_service_category.items() if of == currency),
        ]
        _print_table(currency or "currency not stated", lines)
    say(f"{_rows(found.repaired)} repaired, {found.rejected:,} rejected, {found.duplicates:,} duplicates\n")
    for file in found.files:
        for code, how in REPAIRS.items():
            same = [one for one in found.repairs if (one.file, one.code) == (file.name, code)]
            if same:
                first = min(same, key=lambda one: one.line)
                columns = ", ".join(one.column for one in same if one.column)
                example = f", {first.example!r}" if first.example else ""
                say(
                    f"repaired: {file.name}:{first.line}: {how}: {sum(one.count for one in same):,} × "
                    f"{columns or 'file'} (first: line {first.line}{example})\n"
                )
    for warning in found.warnings:
        say(f"warning: {warning.message} ({warning.code})\n")
    for reject in found.rejects[:_SHOWN]:
        say(f"rejected: {reject}\n")
    if found.rejected > _SHOWN:
        say(f"… and {found.rejected - _SHOWN:,} more rejected; see --json\n")


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _print_table(currency: str, lines: "list[tuple[str, Totals]]") -> None:
    from readout.warehouse.focus import plain  # noqa: PLC0415

    cells = [("", "rows", f"billed, {currency}", f"effective, {currency}")]
    cells += [
        (
            name,
            f"{one.rows:,}",
            plain(one.billed_cost),
            "–" if one.effective_cost is None else plain(one.effective_cost),
        )
        for name, one in lines
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for name, *numbers in cells:
        right = "  ".join(text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True))
        sys.stdout.write(f"  {name.ljust(widths[0])}  {right}\n")


def _print_deliveries(done: "Imported") -> None:
    changed = [one for one in done.deliveries if one.added or one.superseded]
    for one in changed:
        kept = f", {_rows(one.superseded)} superseded and kept" if one.superseded else ""
        sys.stdout.write(
            f"{one.source}, billing period {one.billing_period}, {one.currency or 'no currency'}: "
            f"{_rows(one.added)} new{kept}\n"
        )
    sys.stdout.write("Next: readout refresh\n" if changed else "Nothing changed: this was delivered before.\n")


@imports.command()
def deliveries(*, as_json: Json = False) -> None:
    """List the deliveries of cost data that changed something, the latest first, with their control totals."""
    from readout.warehouse.focus.history import delivered  # noqa: PLC0415

    settings = read_settings()
    with session_of(settings) as session:
        rows = delivered(session)
    if as_json:
        print_json([{name: _shown(value) for name, value in row.items()} for row in rows])
        return
    for row in rows:
        sys.stdout.write(
            f"{row['delivered_at']:%Y-%m-%d %H:%M} UTC  {row['source']}  {row['billing_period']}  "
            f"billed {_shown(row['billed_cost'])} {row['currency']}, effective {_shown(row['effective_cost']) or '–'}; "
            f"{row['rows_delivered']:,} rows, {row['rows_added']:,} new, {row['rows_superseded']:,} superseded; "
            f"load {row['load_id']}\n"
        )
    if not rows:
        sys.stdout.write("No cost data has been imported yet: readout import focus FILE…\n")


def _shown(value: Any) -> Any:
    from decimal import Decimal  # noqa: PLC0415

    from readout.warehouse.focus import plain  # noqa: PLC0415

    if isinstance(value, Decimal):
        return plain(value)
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else value
