"""A document of blocks (headings, tables, charts), and its PDF by Typst: vector charts, no browser.

What it says reaches the template as JSON, never as markup: a system named `#pagebreak()` stays a name. `hypertext`
makes a page of HTML of the same blocks; there, what has `facts` says how it was calculated.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Literal

import typst

Tone = Literal["total", "increase", "decrease"]
Explanation = tuple[tuple[str, str], ...]  # a heading and its text
MAX_PAGES_TEXT = 400  # characters of one text: a longer one would push everything else off its page


@dataclass(frozen=True)
class Text:
    """A heading with its unit and its explanation, a lead sentence in its tone, a paragraph or a small note."""

    text: str
    kind: Literal["heading", "lead", "text", "note"] = "text"
    unit: str = ""
    tone: str = ""
    facts: Explanation = ()


@dataclass(frozen=True)
class Break:
    """A new page."""

    kind: Literal["break"] = "break"


@dataclass(frozen=True)
class Said:
    """Words in their tone (good, bad, warn, or neutral for the business), and plain words after them."""

    text: str
    tone: str = "neutral"
    rest: str = ""


@dataclass(frozen=True)
class Picture:
    """A small picture, and what it shows for those who cannot see it."""

    svg: str
    alt: str


@dataclass(frozen=True)
class Tile:
    """One big number with its name and what belongs to it; a tile without a number says in its lines why."""

    label: str
    value: str
    note: str = ""
    lines: tuple[Said, ...] = ()
    picture: Picture | None = None
    facts: Explanation = ()


@dataclass(frozen=True)
class Tiles:
    """Tiles beside one another, in rows of `across`; 0 = all in one row."""

    tiles: tuple[Tile, ...]
    kind: Literal["tiles"] = "tiles"
    across: int = 0


@dataclass(frozen=True)
class Item:
    """An entry of a list: its name, what is said of it in its tone, and smaller lines below."""

    title: str
    said: Said
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Items:
    """Entries one below the other."""

    items: tuple[Item, ...]
    kind: Literal["items"] = "items"


@dataclass(frozen=True)
class Column:
    """A column of a listing. `wide` ones take the room that is left; `parts`: the parts of it that one takes."""

    head: str
    number: bool = True
    wide: bool = False
    unit: str = ""
    parts: float = 1.0


@dataclass(frozen=True)
class Cell:
    """A cell of more than words: its text in its tone, a smaller line below, a picture before it.

    `why`: the text is the reason for which there is no value. `strong`: it names the row.
    """

    text: str
    tone: str = ""
    below: Said | None = None
    picture: Picture | None = None
    why: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a listing, in words."""

    cells: tuple[str | Cell, ...]
    bold: bool = False


@dataclass(frozen=True)
class Listing:
    """A table whose head is repeated on every page that it runs over; a `dense` one has smaller gaps."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    kind: Literal["table"] = "table"
    dense: bool = False


@dataclass(frozen=True)
class Facts:
    """Pairs of a name and what it is."""

    facts: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Bar:
    """A bar between two levels; `end` is where the next one starts. All are shares of the drawing's height."""

    label: str
    text: str
    low: float
    high: float
    end: float
    tone: Tone


@dataclass(frozen=True)
class WaterfallDrawing:
    """A waterfall, ready to be drawn; `zero` is the share of the height at which nothing is."""

    bars: tuple[Bar, ...]
    zero: float
    alt: str
    kind: Literal["waterfall"] = "waterfall"


@dataclass(frozen=True)
class Label:
    """A text at a place, in shares of the drawing."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Trend:
    """A line over periods: runs of points without a gap, the names of periods, and the values that are written.

    `height` of the drawing on paper, mm.
    """

    runs: tuple[tuple[tuple[float, float], ...], ...]
    labels: tuple[Label, ...]
    values: tuple[Label, ...]
    alt: str
    kind: Literal["trend"] = "trend"
    height: float = 34


@dataclass(frozen=True)
class Beside:
    """Blocks in two columns."""

    left: tuple["Block", ...]
    right: tuple["Block", ...]
    kind: Literal["beside"] = "beside"


Block = Text | Break | Tiles | Items | Listing | Facts | WaterfallDrawing | Trend | Beside


@dataclass(frozen=True)
class Document:
    """A document. `header` says where the figures come from; `running` and `footer` stand on every page."""

    title: str
    organisation: str
    header: tuple[str, ...]
    running: str
    footer: str
    blocks: tuple[Block, ...] = field(default=())


SILENT = frozenset({"kind", "tone", "svg", "alt", "facts"})  # fields that are not words on the paper


def shown(part: object) -> Iterator[str]:
    """Yield every text that a document, or a part of it, shows; explanations are shown by a page of HTML only."""
    if isinstance(part, str):
        if part:
            yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from shown(one)
    elif is_dataclass(part):
        for one in fields(part):
            if one.name not in SILENT:
                yield from shown(getattr(part, one.name))


def waterfall(
    start: tuple[str, float, str], steps: Sequence[tuple[str, float, str]], end: tuple[str, float, str], alt: str
) -> WaterfallDrawing:
    """Return the drawing of a start, steps and an end; each is its label, its amount and its amount in words."""
    levels = [0.0, start[1]]
    for _, amount, _ in steps:
        levels.append(levels[-1] + amount)
    low, high = min([*levels, end[1]]), max([*levels, end[1]])
    room = (high - low) or 1.0

    def at(amount: float) -> float:
        return (amount - low) / room

    def total(bar: tuple[str, float, str]) -> Bar:
        return Bar(bar[0], bar[2], min(at(0), at(bar[1])), max(at(0), at(bar[1])), at(bar[1]), "total")

    bars = [total(start)]
    for (label, amount, text), (before, after) in zip(steps, pairwise(levels[1:]), strict=True):
        tone: Tone = "increase" if amount > 0 else "decrease"
        bars.append(Bar(label, text, min(at(before), at(after)), max(at(before), at(after)), at(after), tone))
    return WaterfallDrawing((*bars, total(end)), at(0), alt)


def trend(points: Sequence[tuple[str, float | None, str]], alt: str) -> Trend:
    """Return the drawing of periods; each is its label, its value (None = there is none) and its value in words.

    The scale begins at zero; the first, the last, the lowest and the highest value are written out.
    """
    known = [(i, value) for i, (_, value, _) in enumerate(points) if value is not None]
    top = max((value for _, value in known), default=0.0) or 1.0
    low = min(0.0, *(value for _, value in known)) if known else 0.0
    step = 1 / max(len(points) - 1, 1)

    def place(i: int, value: float) -> tuple[float, float]:
        return i * step, (value - low) / (top - low)

    runs: list[list[tuple[float, float]]] = [[]]
    for i, (_, value, _) in enumerate(points):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(place(i, value))
    by_value = sorted(known, key=lambda one: one[1])
    marked = {one[0] for one in (*known[:1], *known[-1:], *by_value[:1], *by_value[-1:])}
    return Trend(
        tuple(tuple(run) for run in runs if run),
        tuple(Label(i * step, 0.0, label) for i, (label, _, _) in enumerate(points)),
        tuple(Label(*place(i, value), points[i][2]) for i, value in known if i in marked),
        alt,
    )


def pdf_bytes(document: Document) -> bytes:
    """Return the document as a tagged PDF. The same document gives the same bytes."""
    content = json.dumps(asdict(document), ensure_ascii=False).encode()
    package = files("readout.reports")
    with as_file(package / "fonts") as fonts:
        made = typst.compile(
            {"main.typ": (package / "document.typ").read_bytes(), "content.json": content},  # ty: ignore[invalid-argument-type] - a mapping of bytes is one input
            font_paths=[str(fonts)],
            format="pdf",
        )
    if not isinstance(made, bytes):
        message = "Typst gave no document"
        raise TypeError(message)
    return made
