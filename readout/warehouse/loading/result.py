"""What a load did: every source row in exactly one category, and a line for each that was refused."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

Span = tuple[datetime, datetime | None]
LISTED_REJECTS = 1000  # to_json lists so many; the count stays exact and load_reject holds all of them


@dataclass(frozen=True)
class Reject:
    """A source row that was not loaded, and why. `line` is where the record starts; Parquet: the row's number."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        """Return `file:line: reason`, the form that editors can jump to."""
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True)
class LoadResult:
    """Counts of source rows by category (they add up to `read`), and rows written by table.

    `loaded` gave a new row of the primary table, `updated` changed what was stored, `merged` were folded into a group,
    `duplicates` changed nothing, `filtered` were wanted by no target, `rejected` are listed with their reason.
    `spans`: from when to when the written rows count, in hours of UTC; without an end, from then on.
    `refused` has one line for each file that was refused as a whole; nothing of it was read into the counts.
    """

    read: int = 0
    loaded: int = 0
    updated: int = 0
    merged: int = 0
    duplicates: int = 0
    filtered: int = 0
    rejected: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    rejects: tuple[Reject, ...] = ()
    warnings: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    spans: frozenset[Span] = frozenset()

    def __add__(self, other: "LoadResult") -> "LoadResult":
        """Return both loads as one."""
        counts = {name: getattr(self, name) + getattr(other, name) for name in COUNTS}
        tables = {name: self.tables.get(name, 0) + other.tables.get(name, 0) for name in (*self.tables, *other.tables)}
        return replace(
            self,
            **counts,
            tables=tables,
            rejects=self.rejects + other.rejects,
            warnings=tuple(dict.fromkeys(self.warnings + other.warnings)),
            refused=self.refused + other.refused,
            spans=self.spans | other.spans,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the object that `readout load --json` prints; `refused` is there only where a file was."""
        found: dict[str, Any] = {name: getattr(self, name) for name in COUNTS}
        found["tables"] = dict(self.tables)
        found["rejects"] = [asdict(reject) for reject in self.rejects[:LISTED_REJECTS]]
        found["warnings"] = list(self.warnings)
        if self.refused:
            found["refused"] = list(self.refused)
        return found


COUNTS = ("read", "loaded", "updated", "merged", "duplicates", "filtered", "rejected")
