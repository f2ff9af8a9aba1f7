"""Unit cost in words: what stands in no total, and which level nobody can be given yet."""

from collections.abc import Sequence

from readout.briefs.results import UnitCostRow
from readout.words.names import level, listed
from readout.words.reasons import not_measurable


def missing_levels(rows: Sequence[UnitCostRow]) -> tuple[str, ...]:
    """Return the levels that are measurable for no system, as their names."""
    levels = dict.fromkeys(row.level for row in rows)
    return tuple(one for one in levels if all(row.total is None for row in rows if row.level == one))


def remarks(rows: Sequence[UnitCostRow]) -> str:
    """Return what is said once under the table: levels that no system has, and systems that are in no total."""
    said = []
    gaps = missing_levels(rows)
    for one in gaps if len(gaps) < len({row.level for row in rows}) else gaps[1:]:
        reasons = dict.fromkeys(not_measurable(row.reason) for row in rows if row.level == one and not row.system_id)
        said.append(f"{level(one)}: {listed(reasons)}.")
    without = without_cost(rows)
    if without and any(row.total is not None for row in rows):
        said.append(f"In no total: {listed(without)}.")
    return " ".join(said)


def without_cost(rows: Sequence[UnitCostRow]) -> tuple[str, ...]:
    """Return the names of the systems that have a cost at no level."""
    systems = dict.fromkeys(row.system_id for row in rows if row.system_id)
    known = {row.system_id for row in rows if row.total is not None}
    names = {row.system_id: row.name for row in rows}
    return tuple(names[system] for system in systems if system not in known)


def shown(rows: Sequence[UnitCostRow]) -> list[UnitCostRow]:
    """Return the rows to draw: no level that nobody has, and one row for a system without any cost."""
    gaps = missing_levels(rows)
    if len(gaps) == len({row.level for row in rows}):
        gaps = gaps[1:]  # the lowest level says why there is none
    found, seen = [], set()
    known = {row.system_id for row in rows if row.total is not None}
    for row in rows:
        if row.level in gaps or (row.system_id not in known and row.system_id in seen):
            continue
        seen.add(row.system_id)
        found.append(row)
    return found
