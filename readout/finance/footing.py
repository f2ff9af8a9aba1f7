"""Rounding so that what is shown adds up: of a line of shares, and of a table in both directions. Pure.

Everything is counted in units (cents, say): shares are fractions of them, results are whole numbers of them.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, trunc
from typing import Any

Place = tuple[Any, Any]  # row and column; TOTAL stands for the margin
TOTAL = object()


def largest_remainder(shares: Mapping[Any, Fraction], total: int) -> dict[Any, int]:
    """Round shares to whole numbers that add up to `total`, which is their sum rounded.

    Signed: each is cut towards zero, then what is left goes, one unit each, to the largest remainders of its sign; ties
    to the larger share, then to the smaller key. So the order of the lines does not matter, minus the shares gives
    minus the result, a share of nothing stays nothing, and no line is off by a whole unit.

    Raises:
        ValueError: `total` is further from the sum than rounding explains.
    """
    whole = {key: trunc(share) for key, share in shares.items()}
    left = total - sum(whole.values())
    sign = 1 if left > 0 else -1
    rest = {key: (shares[key] - whole[key]) * sign for key in sorted(shares)}
    due = sorted((key for key in rest if rest[key] > 0), key=lambda key: (-rest[key], -abs(shares[key])))
    if len(due) < abs(left):
        message = f"shares that come to {float(sum(shares.values()))} units cannot add up to {total}"
        raise ValueError(message)
    for key in due[: abs(left)]:
        whole[key] += sign
    return whole


def foot_table(cells: Mapping[Any, Mapping[Any, Fraction]], columns: Sequence[Any]) -> dict[Any, dict[Any, int]]:
    """Round a table of rows and columns to whole numbers: every cell, row and column to one of its two neighbours.

    The grand total is rounded half away from zero. Columns, then rows, then cells go to the largest remainder as far as
    what has been settled before leaves the choice. A whole cell (a zero, say) stays as it is. Neither the order of rows
    nor the sign of the table matters. Controlled rounding by cycles: Cox (1987), Journal of the American Statistical
    Association 82, 520-524.
    """
    rows = sorted(cells)
    table = {(row, column): cells[row][column] for row in rows for column in columns}
    grand = sum(table.values(), Fraction(0))
    mirrored = next((value < 0 for value in (grand, *table.values()) if value), False)
    if mirrored:
        table = {place: -value for place, value in table.items()}
    settled = _Table(table, rows, columns).settled()
    sign = -1 if mirrored else 1
    return {row: {column: sign * settled[row, column] for column in columns} for row in rows}


class _Table:
    """A table with its margins negated: every row and column adds up to zero, also after a move in a cycle."""

    def __init__(self, cells: Mapping[Place, Fraction], rows: Sequence[Any], columns: Sequence[Any]) -> None:
        down = {column: sum((cells[row, column] for row in rows), Fraction(0)) for column in columns}
        across = {row: sum((cells[row, column] for column in columns), Fraction(0)) for row in rows}
        grand = sum(down.values(), Fraction(0))
        whole = floor(grand + Fraction(1, 2)) if grand >= 0 else ceil(grand - Fraction(1, 2))
        places = {column: place for place, column in enumerate(columns)}
        columns_due = largest_remainder({places[column]: value for column, value in down.items()}, whole)
        rows_due = largest_remainder(across, whole)
        margins = {
            (TOTAL, TOTAL): (grand, whole),
            **{(TOTAL, column): (-down[column], -columns_due[places[column]]) for column in columns},
            **{(row, TOTAL): (-across[row], -rows_due[row]) for row in rows},
        }
        self.wanted = {place: due > value for place, (value, due) in margins.items()}  # True: upwards
        self.value = {**{place: value for place, (value, _) in margins.items()}, **cells}
        self.open_rows: dict[Any, dict[Any, None]] = {}
        self.open_columns: dict[Any, dict[Any, None]] = {}
        for (row, column), value in self.value.items():
            if value.denominator > 1:
                self.open_rows.setdefault(row, {})[column] = None
                self.open_columns.setdefault(column, {})[row] = None
        half = Fraction(1, 2)
        self.order = [*margins, *sorted(cells, key=lambda place: -abs(cells[place] % 1 - half))]

    def settled(self) -> dict[Place, int]:
        """Return the whole numbers of every cell and margin."""
        for place in self.order:
            up = self.wanted.get(place, self.value[place] % 1 * 2 >= 1)
            while self.value[place].denominator > 1:
                cycle = self._cycle(place, up=up, agreed=True) or self._cycle(place, up=up, agreed=False)
                self._move(cycle)
        return {place: int(value) for place, value in self.value.items()}

    def _cycle(self, place: Place, *, up: bool, agreed: bool) -> list[tuple[Place, bool]]:
        """Return the shortest cycle of open cells through one, each with its direction.

        `agreed`: no margin moves away from what it is due. Without it there always is a cycle: a cell that is not whole
        never stands alone in its row or column, nor alone between two parts of the table.
        """
        goal, start = place
        came: dict[tuple[str, Any], tuple[tuple[str, Any], Place, bool]] = {}
        front: list[tuple[str, Any]] = [("column", start)]
        seen = set(front)
        while front:
            reached = []
            for node in front:
                kind, name = node
                along = self.open_columns[name] if kind == "column" else self.open_rows[name]
                for other in along:
                    step = (other, name) if kind == "column" else (name, other)
                    upwards = up if kind == "row" else not up
                    following = ("row", other) if kind == "column" else ("column", other)
                    if following in seen or step == place or (agreed and self.wanted.get(step, upwards) != upwards):
                        continue
                    seen.add(following)
                    came[following] = (node, step, upwards)
                    reached.append(following)
            front = [] if ("row", goal) in seen else reached
        if ("row", goal) not in seen:
            return []
        cycle, node = [(place, up)], ("row", goal)
        while node in came:
            node, step, upwards = came[node]
            cycle.append((step, upwards))
        return cycle

    def _move(self, cycle: Sequence[tuple[Place, bool]]) -> None:
        """Move along a cycle until a cell is whole."""
        room = min(-self.value[place] % 1 if up else self.value[place] % 1 for place, up in cycle)
        for place, up in cycle:
            self.value[place] += room if up else -room
            if self.value[place].denominator == 1:
                row, column = place
                del self.open_rows[row][column], self.open_columns[column][row]
