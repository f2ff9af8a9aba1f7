"""The sheet Unit cost: lines by system to the cent and before rounding, tasks, and the cost of one task."""

from collections.abc import Mapping, Sequence

from readout.finance import BESIDE, DENOMINATORS, LEVELS, LINES
from readout.finance.statement import LINES_OF
from readout.reports.sheets import Cell, FormatName, Sheet, address
from readout.reports.unit_cost.data_sheet import DataPlaces
from readout.reports.unit_cost.figures import ALL, TOTAL, column_key
from readout.reports.unit_cost.frame import Layout, divided, plus, sum_across
from readout.words import report as words

NAME = "Unit cost"


def lay_out(layout: Layout, data: DataPlaces) -> None:
    """Lay out the sheet; `data` says where the rows stand that its amounts are sums of."""
    keys = layout.column_keys()
    sheet = layout.sheet(NAME, (34, *(15 for _ in keys), 15, 15))
    columns = layout.report.statement.columns
    sheet.add(Cell("Column number, as in Data", "line"), *(Cell(number, "line") for number, _ in enumerate(keys, 1)))
    numbers = len(sheet.rows) - 1
    sheet.add("", *(Cell(words.KINDS[column.kind], "line") for column in columns))
    sheet.heads(f"Cost to the cent, {layout.money}", *(layout.name(key) for key in keys), layout.name(TOTAL))
    _lines(layout, sheet, keys, "cost", "level", {})
    for line in BESIDE:
        _row(layout, sheet, words.LINES[line], [f"cost/{key}/{line}" for key in keys], f"cost/{TOTAL}/{line}")
    sheet.add()
    sheet.heads(f"Before rounding, from Data, {layout.money}", *(layout.name(key) for key in keys), layout.name(TOTAL))
    sums = {
        f"row/{key}/{line}": data.sum_of(address(numbers, place), line)
        for place, key in enumerate(keys, 1)
        for line in (*LINES, *BESIDE)
        if layout.report.moved is None  # the rows are those of now; what was reported is not their sum
    }
    exact = _lines(layout, sheet, keys, "row", "exact", sums)
    for line in BESIDE:
        _row(layout, sheet, words.LINES[line], [f"row/{key}/{line}" for key in keys], f"row/{TOTAL}/{line}", sums)
    sheet.add()
    systems = [key for key in keys if not key.startswith(":")]
    places = {key: place for place, key in enumerate(keys, 1)}
    sheet.heads("Tasks", *(layout.name(key) for key in systems))
    tasks = {}
    for name in DENOMINATORS:
        cells = [layout.cell(f"tasks/{key}/{name}") for key in systems]
        tasks[name] = sheet.add(Cell(words.TASKS[name]), *cells)
    sheet.add(Cell("Share of tasks whose cost is known"), *(layout.cell(f"coverage/{key}") for key in systems))
    sheet.add()
    sheet.heads(f"Cost of one task, {layout.money}", *(layout.name(key) for key in systems), layout.name(ALL))
    for level in LEVELS:
        sheet.add(Cell(words.LEVELS[level], "label"))
        for name in DENOMINATORS:
            cells = [
                layout.cell(
                    f"unit/{key}/{level}/{name}",
                    divided(address(exact[level], places[key]), address(tasks[name], places[key])),
                )
                for key in systems
            ]
            sheet.add(Cell(f"   {words.PER[name]}"), *cells, _all(layout, level, name, exact, tasks, places))
    _reasons(layout, sheet)


def _lines(
    layout: Layout, sheet: Sheet, keys: Sequence[str], cells: str, levels: str, sums: Mapping[str, str]
) -> dict[str, int]:
    """Add the lines and, below those of each level, its sum so far; return the rows of the levels."""
    found: dict[str, int] = {}
    first = len(sheet.rows)
    since, last_level = first, ""
    own = {level: [line for line in LINES_OF[level] if LINES[line] == level] for level in LEVELS}
    for level in LEVELS:
        for line in own[level]:
            names = [f"{cells}/{key}/{line}" for key in keys]
            _row(layout, sheet, words.LINES[line], names, f"{cells}/{TOTAL}/{line}", sums)
        row = len(sheet.rows)
        parts = [f"{levels}/{key}/{level}" for key in (*keys, TOTAL)]
        face: FormatName | None = "money_total" if levels == "level" else None
        formulas = [
            plus(
                [
                    *(address(found[held], place) for held in (last_level,) if held),
                    f"SUM({address(since, place)}:{address(row - 1, place)})",
                ]
            )
            for place in range(1, len(keys) + 2)
        ]
        sheet.add(
            Cell(words.LEVELS[level], "total_label"),
            *(layout.cell(part, formula, face) for part, formula in zip(parts, formulas, strict=True)),
        )
        found[level], last_level, since = row, level, row + 1
    return found


def _row(
    layout: Layout, sheet: Sheet, label: str, names: Sequence[str], total: str, sums: Mapping[str, str] | None = None
) -> None:
    row = len(sheet.rows)
    cells = [layout.cell(name, (sums or {}).get(name, "")) for name in names]
    sheet.add(Cell(label), *cells, layout.cell(total, sum_across(row, 1, len(names))))


def _all(
    layout: Layout,
    level: str,
    name: str,
    exact: Mapping[str, int],
    tasks: Mapping[str, int],
    places: Mapping[str, int],
) -> Cell:
    able = [
        places[column_key(column)]
        for column in layout.report.statement.systems()
        if not column.reason(level) and name not in column.uncounted
    ]
    above = plus(address(exact[level], place) for place in able)
    below = plus(address(tasks[name], place) for place in able)
    return layout.cell(f"unit/{ALL}/{level}/{name}", divided(f"({above})", f"({below})") if able else "")


def _reasons(layout: Layout, sheet: Sheet) -> None:
    """Say below the table why cells of it are empty."""
    missing: dict[tuple[str, str], list[str]] = {}
    for key in layout.column_keys():
        for level in LEVELS:
            figure = layout.figures.get(f"unit/{key}/{level}/accepted")
            if figure and figure.value is None:
                missing.setdefault((key, figure.reason), []).append(level)
    if not missing:
        return
    sheet.add()
    sheet.heads("Not measurable", "Levels", "Why", stay=False)
    for (key, reason), levels in missing.items():
        sheet.add(Cell(layout.name(key)), Cell(", ".join(words.LEVELS[level] for level in levels)), Cell(reason))
