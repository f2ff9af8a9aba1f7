"""The finding and the tiles: what a page says before it shows its evidence."""

from collections.abc import Iterable

from readout import words
from readout.briefs.results import Figure, Finding, Header
from readout.ui import how, markup, spark
from readout.ui.markup import escape
from readout.words import about
from readout.words.tiles import TileLine, tile_limits, tile_lines, tile_series


def finding(page: str, found: Finding, lede: str = "") -> None:
    """Draw the page's question, small, and its answer in one sentence; `lede` stands under it."""
    named = words.PAGES[page]
    under = f'<p class="r-lede">{escape(lede)}</p>' if lede else ""
    tone = escape(found.tone if found.tone in {"good", "bad"} else "neutral")
    markup.show(
        f'<div class="r r-head"><p><b>{escape(named.title)}</b> &nbsp;{escape(named.question)}</p>'
        f'<h1><span class="r-mark {tone}"></span>{escape(found.sentence)}</h1>{under}{_about(page)}</div>'
    )


def _about(page: str) -> str:
    """Return what the page is for, folded: three sentences and the way to the glossary."""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in about.ABOUT[page])
    way = f'<p><a class="r-link" href="glossary">{escape(about.TO_GLOSSARY)}</a></p>' if page != "glossary" else ""
    return f'<details class="r-about"><summary>{escape(about.SUMMARY)}</summary>{said}{way}</details>'


def tiles(figures: Iterable[Figure], header: Header, *, more: Iterable[str] = ()) -> None:
    """Draw one tile per figure in a row; `more` are tiles made elsewhere."""
    # the highest measurable level of a cost may be the lowest one too: no figure stands twice
    drawn = [_tile(figure, header) for figure in {figure.metric: figure for figure in figures}.values()]
    markup.show(f'<div class="r r-tiles">{"".join((*drawn, *more))}</div>')


def plain_tile(key: str, title: str, big: str, lines: Iterable[str], facts: Iterable[tuple[str, str]]) -> str:
    """Return a tile of a number that is no metric of its own: what it says, and how it is calculated."""
    number = f'<div class="r-big">{escape(big)}</div>' if big else ""
    rest = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return (
        f'<section class="r-tile"><h2><span>{escape(title)}</span>{how.button(key, title, facts)}</h2>'
        f"{number}{rest}</section>"
    )


def gates_tile(by_state: dict[str, int]) -> str:
    """Return the tile that counts gates by state."""
    number, rest = words.gates_summary(by_state)
    facts = (("What it is", words.GATES_NOTE), ("States", words.GATE_STATES_EXPLAINED))
    return plain_tile("gates", words.GATES_TILE, number, (rest,), facts)


def _tile(figure: Figure, header: Header) -> str:
    label = words.tile_label(figure.metric)
    head = f"<h2><span>{escape(label)}</span>{_how(figure, label, header)}</h2>"
    if figure.value is None:
        return f'<section class="r-tile">{head}<p class="r-none">{escape(words.reason(figure.reason))}</p></section>'
    shape = spark.line(tile_series(figure), words.spark(figure, header), 150, 34, tile_limits(figure, header))
    return (
        f'<section class="r-tile">{head}<div class="r-big">{escape(words.tile_value(figure))}</div>'
        f"{_moves(figure, header)}{shape}</section>"
    )


def _how(figure: Figure, label: str, header: Header) -> str:
    return how.button(figure.metric, label, words.explain(figure, header), how.rows((figure.metric,), header.scope))


def _moves(figure: Figure, header: Header) -> str:
    """Return the lines under the big number: against the baseline, against the period before, what it rests on."""
    return "".join(_line(one) for one in tile_lines(figure, header))


def _line(one: TileLine) -> str:
    if one.strong:
        said = f'<b class="r-{one.tone}">{escape(one.text)}</b>'
        return f"<p>{said} {escape(one.rest)}</p>" if one.rest else f"<p>{said}</p>"
    return f"<p>{escape(one.whole)}</p>"
