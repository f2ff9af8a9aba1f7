"""A document of blocks as one page of HTML: no script, no request, light and dark; what has facts explains itself."""

import html
from collections.abc import Iterable
from importlib.resources import files

from readout.reports.document import (
    Beside,
    Block,
    Break,
    Cell,
    Column,
    Document,
    Explanation,
    Facts,
    Item,
    Items,
    Listing,
    Picture,
    Row,
    Said,
    Text,
    Tile,
    Tiles,
    Trend,
)

WIDTH, HEIGHT, FOOT = 860.0, 190.0, 26.0  # of a trend, in units of its own picture
TONES = frozenset({"good", "bad", "warn"})


def page(document: Document, explain: str, link: tuple[str, str] = ("", "")) -> str:
    """Return the page. `explain` stands on each explanation's handle; `link` is an address and its text, where known.

    Raises:
        TypeError: a block has no form in HTML.
    """
    style = (files("readout.reports") / "hypertext.css").read_text("utf-8")
    body = "".join(_block(block, explain) for block in document.blocks)
    origin = " · ".join(_escape(part) for part in document.header)
    opened = f'<p class="open"><a href="{_escape(link[0])}">{_escape(link[1])}</a></p>' if link[0] else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        'img-src data:">'
        f'<meta name="color-scheme" content="light dark"><title>{_escape(document.title)}</title>'
        f"<style>{style}</style></head>\n<body><main>"
        f'<header><p class="organisation">{_escape(document.organisation)}</p><h1>{_escape(document.title)}</h1>'
        f'<p class="origin">{origin}</p>{opened}</header>\n{body}\n<footer>{_escape(document.footer)}</footer>'
        "</main></body></html>\n"
    )


def _escape(text: object) -> str:
    return html.escape(str(text), quote=True)


def _block(block: Block, explain: str) -> str:
    match block:
        case Text():
            return _text(block, explain)
        case Break():
            return ""
        case Tiles():
            drawn = "".join(_tile(tile, explain) for tile in block.tiles)
            return f'<div class="tiles n{block.across or len(block.tiles)}">{drawn}</div>'
        case Items():
            return f'<ul class="items">{"".join(_item(item) for item in block.items)}</ul>'
        case Listing():
            return _listing(block)
        case Facts():
            return f'<dl class="ground">{_pairs(block.facts)}</dl>'
        case Trend():
            return _trend(block)
        case Beside():
            left, right = ("".join(_block(one, explain) for one in part) for part in (block.left, block.right))
            return f'<div class="beside"><section>{left}</section><section>{right}</section></div>'
    message = f"a {block.kind} has no form in HTML"
    raise TypeError(message)


def _text(text: Text, explain: str) -> str:
    if text.kind == "heading":
        unit = f" <small>{_escape(text.unit)}</small>" if text.unit else ""
        return f"<h2>{_escape(text.text)}{unit}</h2>{_details(text.facts, explain)}"
    if text.kind == "lead":
        return f'<p class="lead {_tone(text.tone)}">{_escape(text.text)}</p>'
    return f'<p class="{text.kind}">{_escape(text.text)}</p>'


def _tone(name: str) -> str:
    return name if name in TONES else "neutral"


def _pairs(facts: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<dt>{_escape(term)}</dt><dd>{_escape(text)}</dd>" for term, text in facts)


def _details(facts: Explanation, explain: str) -> str:
    if not facts:
        return ""
    return f"<details><summary>{_escape(explain)}</summary><dl>{_pairs(facts)}</dl></details>"


def _said(said: Said) -> str:
    rest = f" {_escape(said.rest)}" if said.rest else ""
    return f'<span class="{_tone(said.tone)}">{_escape(said.text)}</span>{rest}'


def _picture(picture: Picture | None) -> str:
    return f'<span role="img" aria-label="{_escape(picture.alt)}">{picture.svg}</span>' if picture else ""


def _tile(tile: Tile, explain: str) -> str:
    lines = "".join(f"<p>{_said(line)}</p>" for line in tile.lines)
    note = f"<p>{_escape(tile.note)}</p>" if tile.note else ""
    return (
        f'<section class="tile"><h3>{_escape(tile.label)}</h3><div class="big">{_escape(tile.value)}</div>'
        f"{lines}{note}{_picture(tile.picture)}{_details(tile.facts, explain)}</section>"
    )


def _item(item: Item) -> str:
    lines = "".join(f'<p class="below">{_escape(line)}</p>' for line in item.lines)
    return f"<li><p><b>{_escape(item.title)}</b> {_said(item.said)}</p>{lines}</li>"


def _listing(listing: Listing) -> str:
    heads = "".join(
        f'<th scope="col" class="{_side(column)}">{_escape(column.head)}'
        + (f"<small>{_escape(column.unit)}</small>" if column.unit else "")
        + "</th>"
        for column in listing.columns
    )
    rows = "".join(_row(listing, row) for row in listing.rows)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _side(column: Column) -> str:
    return "n" if column.number else "t"


def _row(listing: Listing, row: Row) -> str:
    cells = "".join(
        f'<td class="{_side(column)}">{_cell(cell)}</td>'
        for column, cell in zip(listing.columns, row.cells, strict=True)
    )
    return f'<tr class="{"total" if row.bold else ""}">{cells}</tr>'


def _cell(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return _escape(cell)
    text = _escape(cell.text)
    if cell.why:
        text = f'<span class="why">{text}</span>'
    elif cell.strong:
        text = f"<b>{text}</b>"
    elif cell.tone:
        text = f'<span class="{_tone(cell.tone)}">{text}</span>'
    below = f"<small>{_said(cell.below)}</small>" if cell.below else ""
    return (
        f'<span class="figure">{_picture(cell.picture)}<span>{text}{below}</span></span>'
        if cell.picture
        else (text + below)
    )


def _trend(drawn: Trend) -> str:
    """Return the line as an inline SVG; the values that are written stand above their points."""
    side, top = 34.0, 22.0
    wide, tall = WIDTH - 2 * side, HEIGHT - top

    def at(x: float, y: float) -> tuple[float, float]:
        return side + x * wide, top + (1 - y) * tall

    parts = [f'<line class="axis" x1="0" x2="{WIDTH:g}" y1="{HEIGHT:g}" y2="{HEIGHT:g}"/>']
    for run in drawn.runs:
        places = [at(x, y) for x, y in run]
        parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places]
    for label in drawn.labels:
        parts.append(
            f'<text class="label" x="{at(label.x, 0)[0]:.1f}" y="{HEIGHT + 18:g}">{_escape(label.text)}</text>'
        )
    for value in drawn.values:
        x, y = at(value.x, value.y)
        parts.append(f'<text x="{x:.1f}" y="{y - 9:.1f}">{_escape(value.text)}</text>')
    return (
        f'<div class="scroll" tabindex="0"><svg class="trend" role="img" aria-label="{_escape(drawn.alt)}" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT + FOOT:g}">{"".join(parts)}</svg></div>'
    )
