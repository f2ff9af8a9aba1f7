"""`readout refresh`."""

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readout.cli.frame import Json, Progress, app, portfolio_of, print_json, read_settings, session_of
from readout.settings import Settings
from readout.warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from readout.warehouse.refresh import RefreshResult


@app.command()
def refresh(
    full: Annotated[bool, typer.Option("--full", help="Rebuild everything, not only what changed.")] = False,  # noqa: FBT002
    *,
    checksum: Annotated[
        bool, typer.Option("--checksum", help="Print a checksum of every published table, to compare two warehouses.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the published figures up to date with the facts."""
    from readout.warehouse.checksum import checksums  # noqa: PLC0415
    from readout.warehouse.refresh import refresh as run  # noqa: PLC0415

    settings = read_settings()
    portfolio = portfolio_of(settings)
    progress = Progress()
    started, started_at = time.monotonic(), datetime.now(UTC)
    with session_of(settings) as session:
        result = run(session, settings, portfolio, full=full, progress=progress.show)
        took = time.monotonic() - started
        sums = checksums(session, settings) if checksum else {}
    _record_refresh(settings, result, started_at)
    progress.done(f"Rebuilt {_counted(result.days, 'day')} in {took:.1f} s{_why(result)}")
    if result.dropped:
        progress.done(f"Not counted: {_counted(result.dropped, 'row')} whose key a later row has")
    document: dict[str, Any] = {
        "full": result.full,
        "reason": result.reason,
        "days": result.days,
        "days_arrived": result.arrived,
        "days_queued": result.queued,
        "days_compared": result.compared,
        "rows_dropped": result.dropped,
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "data_version": result.data_version,
    }
    if checksum:
        document["checksum"] = sums
    if as_json:
        print_json(document)
    else:
        as_of = f"as of {result.as_of:%Y-%m-%d %H:%M} UTC" if result.as_of else "no data yet"
        sys.stdout.write(f"Data version {result.data_version} published, {as_of}\n")
        for table, digest in sums.items():
            sys.stdout.write(f"{digest}  {table}\n")


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _why(result: "RefreshResult") -> str:
    """Return what brought the days about, in brackets; nothing where there is nothing to say."""
    if result.full:
        return f" (everything: {result.reason})"
    causes = (
        (result.arrived, "by new rows"),
        (result.queued, "by replaced rows"),
        (result.compared, "changed or deleted at the source"),
    )
    said = ", ".join(f"{days} {cause}" for days, cause in causes if days)
    return f" ({said})" if said else ""


def _record_refresh(settings: Settings, result: "RefreshResult", started_at: datetime) -> None:
    """Write the refresh into the journal; it is published already, so a journal that refuses is a warning."""
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    try:
        with open_journal(settings) as journal:
            journal.record_refresh(
                version=result.data_version,
                started_at=started_at,
                full=result.full,
                reason=result.reason or _why(result).strip(" ()"),
                days=result.days,
                as_of=result.as_of,
            )
    except WarehouseError as error:
        sys.stderr.write(f"readout: published, but not written down: {error}\n")
