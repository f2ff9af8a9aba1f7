"""Which category each source row ends in. Every row is in one; together they are the rows read."""

from collections.abc import Sequence

import numpy as np

from readout.warehouse.loading.evaluate import Evaluation, Staged
from readout.warehouse.loading.rejects import Refused
from readout.warehouse.loading.result import LoadResult
from readout.warehouse.loading.source import Source
from readout.warehouse.loading.upsert import CHANGED, NEW, SAME, Written


def account(
    primary: str, source: Source, found: Evaluation, written: Sequence[Written], refused: list[Refused]
) -> LoadResult:
    """Count the rows of one file.

    A row that gives a new row of the primary table is loaded, whatever else it gives; then updated (primary), merged
    (primary), updated (another table), merged (another table), duplicate. A row that no target took is filtered.
    """
    count = source.read + 1  # rows are numbered from 1
    new, changed, other = (np.zeros(count, dtype=bool) for _ in range(3))
    merged, merged_other, took, in_primary = (np.zeros(count, dtype=bool) for _ in range(4))
    for staged, result in zip(found.staged, written, strict=True):
        rows = staged.data.column("_row").to_numpy()
        folded = found.folded.get(staged.table.name, np.empty(0, dtype=np.int64))
        changes = np.zeros(count, dtype=bool)
        changes[rows[result.outcomes == CHANGED]] = True
        changes[_changing_repeats(staged, result)] = True
        taken = np.concatenate([rows, staged.repeats[:, 0], folded])
        took[taken] = True
        fresh = rows[result.outcomes == NEW]
        if staged.table.name == primary:
            new[fresh] = True
            changed |= changes
            merged[folded] = True
            merged[rows] = False  # the row that stands for its group is loaded, updated or a duplicate
            merged[staged.repeats[:, 0]] = False
            in_primary[taken] = True
        else:
            other |= changes
            other[fresh] = True
            merged_other[folded] = True
            merged_other[rows] = False
    bad = np.zeros(count, dtype=bool)
    bad[[row.row for row in refused]] = True
    merged_other &= ~in_primary
    counts: dict[str, int] = {}
    left = ~bad
    left[0] = False
    for name, mask in (
        ("loaded", new), ("updated", changed), ("merged", merged), ("updated", other), ("merged", merged_other),
        ("duplicates", took), ("filtered", np.ones(count, dtype=bool)),
    ):  # fmt: skip
        counts[name] = counts.get(name, 0) + int((left & mask).sum())
        left &= ~mask
    return LoadResult(
        source.read,
        *(counts[name] for name in ("loaded", "updated", "merged", "duplicates", "filtered")),
        rejected=len(refused),
        tables={staged.table.name: result.rows for staged, result in zip(found.staged, written, strict=True)},
        rejects=tuple(row.reject for row in refused),
        warnings=tuple(found.warnings),
        spans=frozenset(span for result in written for span in result.spans),
    )


def _changing_repeats(staged: Staged, result: Written) -> np.ndarray:
    """Return the rows that lost to another row of the file, differ from it, and whose key was written."""
    repeats = staged.repeats
    if not len(repeats):
        return np.empty(0, dtype=np.int64)
    scale = int(staged.data.column("_target").to_numpy().max(initial=0)) + 1
    winners = staged.data.column("_row").to_numpy() * scale + staged.data.column("_target").to_numpy()
    order = np.argsort(winners)
    place = order[np.searchsorted(winners, repeats[:, 1] * scale + repeats[:, 2], sorter=order)]
    return repeats[(result.outcomes[place] != SAME) & (repeats[:, 3] == 0), 0]
