"""`readout import focus`: files to staged charges, to a report, and (unless it is a dry run) into `telemetry.costs`."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from readout.settings import Settings
from readout.warehouse.errors import InputError
from readout.warehouse.focus.block_sql import Choices
from readout.warehouse.focus.report import Report, Warned, plain, report
from readout.warehouse.focus.snapshot import COSTS, Delivery, Terms, write
from readout.warehouse.focus.staging import Staging
from readout.warehouse.init import statements
from readout.warehouse.loading.evaluate import Stamp
from readout.warehouse.loading.intake import must_be_ours
from readout.warehouse.loading.result import Span
from readout.warehouse.loading.sandbox import open_sandbox
from readout.warehouse.loading.streaming import Stream
from readout.warehouse.session import Session

Progress = Callable[[int, str], None]
_REJECTS = 20_000


@dataclass(frozen=True)
class Imported:
    """What an import found and did. `loaded` rows are new in `costs`; loaded, duplicates and rejected are all rows."""

    report: Report
    load_id: str
    loaded: int
    duplicates: int
    deliveries: tuple[Delivery, ...]
    spans: frozenset[Span] = frozenset()  # from when to when the rows count that came or went

    @property
    def superseded(self) -> int:
        """Number of stored rows that gave way; they are kept in `cost_superseded`."""
        return sum(one.superseded for one in self.deliveries)

    def to_json(self) -> dict[str, Any]:
        """Return the object that `readout import focus --json` prints."""
        deliveries = [asdict(one) for one in self.deliveries]
        for one in deliveries:
            one["billed_cost"] = plain(one["billed_cost"])
            one["effective_cost"] = None if one["effective_cost"] is None else plain(one["effective_cost"])
        done = {
            "load_id": self.load_id, "loaded": self.loaded, "duplicates": self.duplicates,
            "superseded": self.superseded, "deliveries": deliveries,
        }  # fmt: skip
        return self.report.to_json() | done


@contextmanager
def _staged(settings: Settings, files: Sequence[Path], choices: Choices, progress: Progress) -> Iterator[Staging]:
    """Read files into a staging that goes with the context; where one cannot be read, none is."""
    if not files:
        message = "name at least one file to import"
        raise InputError(message)
    try:
        with open_sandbox(settings.memory_limit, settings.threads) as connection:
            staging = Staging(connection, choices)
            for path in files:
                stream = Stream(path)
                for done in staging.add(stream.name, stream.blocks(), has_bom=stream.has_bom):
                    progress(done, f"reading {path.name}")
                staging.files[-1].sha256 = stream.sha256
            staging.settle()
            yield staging
    except duckdb.OutOfMemoryException:
        message = f"the files need more memory than READOUT_MEMORY_LIMIT ({settings.memory_limit}); raise it"
        raise InputError(message) from None


def check_focus(
    settings: Settings, files: Sequence[Path], choices: Choices, progress: Progress | None = None
) -> Report:
    """Read FOCUS files and say what they hold; nothing is written and no warehouse is needed.

    Raises:
        InputError: a file cannot be read, or is no FOCUS cost and usage data.
    """
    with _staged(settings, files, choices, progress or _silent) as staging:
        return report(staging)


def import_focus(
    session: Session,
    settings: Settings,
    files: Sequence[Path],
    choices: Choices,
    terms: Terms,
    progress: Progress | None = None,
) -> Imported:
    """Load FOCUS files as one delivery into `costs`, in one transaction.

    Raises:
        InputError: a file cannot be read, is no FOCUS cost and usage data or does not say its currency; or the
            delivery is refused (`snapshot.write`).
        WarehouseError: the warehouse is not initialised or belongs to another system.
    """
    must_be_ours(session)
    say = progress or _silent
    with _staged(settings, files, choices, say) as staging:
        if staging.without_currency:
            message = (
                f"{', '.join(staging.without_currency)}: there is no column BillingCurrency; say --currency, "
                "for example --currency USD"
            )
            raise InputError(message)
        found = report(staging)
        # ingested_at is stored in microseconds, naive UTC.
        stamp = Stamp(datetime.now(UTC).replace(tzinfo=None), uuid.uuid4().hex, choices.source or "focus")
        say(found.rows, "writing")
        with session.transaction():
            for statement in statements("provenance"):  # a warehouse of an earlier version lacks some
                session.execute(statement)
            deliveries, spans = write(session, settings.contract_schema, staging, stamp, terms)
            loaded = _log(session, staging, stamp)
    found = replace(found, warnings=(*found.warnings, *_shrunk(deliveries)))
    return Imported(found, stamp.load_id, loaded, found.rows - found.rejected - loaded, tuple(deliveries), spans)


def _shrunk(deliveries: Sequence[Delivery]) -> Iterator[Warned]:
    """Yield a warning per period that lost half of its rows or more: perhaps a part was taken for the whole."""
    for one in deliveries:
        before = one.superseded + one.rows - one.added
        if one.superseded and one.rows * 2 <= before:
            text = (
                f"billing period {one.billing_period} of {one.source} had {before:,} rows and has {one.rows:,} now; "
                "a delivery replaces the whole period, --append adds to it"
            )
            yield Warned("period_shrank", before - one.rows, text)


def _silent(_done: int, _text: str) -> None:
    """Show no progress."""


def _log(session: Session, staging: Staging, stamp: Stamp) -> int:
    """Log each file and every rejected row; return how many rows were loaded."""
    loaded = dict(
        staging.rows(
            "SELECT s.file_no, COUNT(*) FROM stage AS s JOIN kept AS k USING (file_no, row_no) "
            "SEMI JOIN added AS a ON a.source = s.source AND a.charge_id = k.charge_id WHERE k.copy = 1 GROUP BY 1"
        )
    )
    rejected = dict(staging.rows("SELECT file_no, COUNT(*) FROM refused GROUP BY 1"))
    entries = [
        {
            "load_id": stamp.load_id, "source": stamp.source, "table_name": COSTS.name, "file": file.name,
            "sha256": file.sha256, "rows_read": file.rows, "loaded": loaded.get(number, 0), "updated": 0, "merged": 0,
            "duplicates": file.rows - loaded.get(number, 0) - rejected.get(number, 0), "filtered": 0,
            "rejected": rejected.get(number, 0), "loaded_at": stamp.at,
        }
        for number, file in enumerate(staging.files)
    ]  # fmt: skip
    session.copy_in("load_log", pa.Table.from_pylist(entries))
    names = " ".join(f"WHEN {number} THEN ?" for number in range(len(staging.files)))
    rejects = staging.connection.sql(
        f"SELECT {stamp.sql('load_id')} AS load_id, ? AS source, '{COSTS.name}' AS table_name, "
        f"CASE file_no {names} END AS file, line, column_name, reason, row_text, "
        f"{stamp.sql('ingested_at')} AS rejected_at FROM refused ORDER BY file_no, row_no",
        params=[stamp.source, *(file.name for file in staging.files)],
    ).to_arrow_reader(_REJECTS)
    for batch in rejects:
        session.copy_in("load_reject", pa.Table.from_batches([batch]))
    return sum(loaded.values())
