"""`readout load`: files into the contract's tables, a transaction per file, every source row in one category."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from readout.settings import Settings
from readout.warehouse.contract import Table, contract
from readout.warehouse.errors import InputError, NotReadyError, WarehouseError
from readout.warehouse.loading.accounts import account
from readout.warehouse.loading.evaluate import Evaluation, Stamp, evaluate
from readout.warehouse.loading.mapping import MappingFile, read_mapping
from readout.warehouse.loading.plan import Plan, by_name, closest
from readout.warehouse.loading.reading import open_file, read_rows
from readout.warehouse.loading.rejects import Refused, refused_rows
from readout.warehouse.loading.result import LoadResult
from readout.warehouse.loading.sandbox import open_sandbox
from readout.warehouse.loading.source import Source
from readout.warehouse.loading.upsert import write
from readout.warehouse.session import READOUT_SCHEMA, Session

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True)
class _Load:
    """What all files of one call share."""

    session: Session
    settings: Settings
    table: Table
    mapping: MappingFile | None
    constants: dict[str, str | None]
    source: str
    say: Progress


def load(
    session: Session,
    settings: Settings,
    table: str,
    files: Sequence[str | Path],
    mapping: str | Path | None = None,
    constants: Mapping[str, str | None] | None = None,
    source: str | None = None,
    progress: Progress | None = None,
) -> LoadResult:
    """Load files into `table` (and the further tables of a mapping), one transaction per file.

    `mapping` is a path or the name of one that ships, `constants` are the `--set name=value` pairs, `source` the name
    under which the load is logged (default: the mapping's name, else the table's). `progress` is called with the rows
    done, the rows of the file (None while it is read) and what is being done.

    Raises:
        InputError: nothing could be loaded: an unknown table, a faulty mapping, or every file refused as a whole.
        WarehouseError: the warehouse is not initialised or belongs to another system.
    """
    if not files:
        message = "name at least one file to load"
        raise InputError(message)
    if table not in contract():
        message = f"{table}: the contract has no such table{closest(table, tuple(contract()))}"
        raise InputError(message)
    must_be_ours(session)
    given = dict(constants or {})
    recipe = read_mapping(mapping, table, given) if mapping else None
    name = source or (recipe.name if recipe else table)
    job = _Load(session, settings, contract()[table], recipe, given, name, progress or _silent)
    total = LoadResult()
    for path in map(Path, files):
        try:
            total += _load_file(job, path)
        except InputError as error:
            total += LoadResult(refused=(str(error),))
    if len(total.refused) == len(files):
        raise InputError("\n".join(total.refused))
    return total


def _silent(_done: int, _total: int | None, _text: str) -> None:
    """Show no progress."""


def must_be_ours(session: Session) -> None:
    """Raise WarehouseError where the warehouse is not initialised, or was made by another system."""
    home = READOUT_SCHEMA if session.engine == "postgresql" else "main"
    if "warehouse_info" not in session.tables(home):
        message = "the warehouse is not initialised; run `readout init` first"
        raise NotReadyError(message)
    info = dict(session.rows("SELECT name, value FROM warehouse_info"))
    if info.get("owned") != "yes":
        message = (
            "the warehouse's tables were made by another system and are read-only here; "
            "load into a warehouse made by `readout init`"
        )
        raise WarehouseError(message)


def _load_file(job: _Load, path: Path) -> LoadResult:
    job.say(0, None, f"reading {path.name}")
    source, plan = _planned(job, path)
    job.say(0, source.read, f"checking {path.name}")
    # ingested_at is stored in microseconds, naive UTC.
    stamp = Stamp(datetime.now(UTC).replace(tzinfo=None), uuid.uuid4().hex, job.source)
    found = _evaluated(job, source, plan, stamp)
    refused = refused_rows(source, found.faults)
    job.say(0, source.read, f"writing {path.name}")
    with job.session.transaction():
        written = [write(job.session, job.settings.contract_schema, staged) for staged in found.staged]
        result = account(plan.primary, source, found, written, refused)
        _log(job, source, stamp, result, refused)
    job.say(source.read, source.read, f"loaded {path.name}")
    return result


def _evaluated(job: _Load, source: Source, plan: Plan, stamp: Stamp) -> Evaluation:
    try:
        with open_sandbox(job.settings.memory_limit, job.settings.threads) as connection:
            return evaluate(connection, source, plan, stamp)
    except duckdb.OutOfMemoryException:
        message = (
            f"{source.name}: its {source.read:,} rows need more memory than READOUT_MEMORY_LIMIT "
            f"({job.settings.memory_limit}); raise it, or split the file"
        )
        raise InputError(message) from None


def _planned(job: _Load, path: Path) -> tuple[Source, Plan]:
    content = open_file(path)
    if not job.mapping:
        source = read_rows(content)
        return source, by_name(job.table, source, job.constants)
    return job.mapping.planned(content)


def _log(job: _Load, source: Source, stamp: Stamp, result: LoadResult, refused: list[Refused]) -> None:
    entry = {
        "load_id": stamp.load_id,
        "source": job.source,
        "table_name": job.table.name,
        "file": source.name,
        "sha256": source.sha256,
        "rows_read": result.read,
        "loaded": result.loaded,
        "updated": result.updated,
        "merged": result.merged,
        "duplicates": result.duplicates,
        "filtered": result.filtered,
        "rejected": result.rejected,
        "loaded_at": stamp.at,
    }
    job.session.copy_in("load_log", pa.Table.from_pylist([entry]))
    if refused:
        rows = [
            {
                "load_id": stamp.load_id,
                "source": job.source,
                "table_name": job.table.name,
                "file": row.reject.file,
                "line": row.reject.line,
                "column_name": row.reject.column,
                "reason": row.reject.reason,
                "row_text": row.text,
                "rejected_at": stamp.at,
            }
            for row in refused
        ]
        job.session.copy_in("load_reject", pa.Table.from_pylist(rows))
