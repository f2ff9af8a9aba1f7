"""Tables for readers: numbers right-aligned, their unit in the header, sparklines, reasons where a value is missing.

A cell is finished HTML, made by the helpers here from escaped parts; a table is its head and rows of cells.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from readout import words
from readout.briefs.results import Figure, Header, Number
from readout.briefs.results_quality import Share
from readout.ui import markup, page_tables, spark
from readout.ui.markup import escape
from readout.ui.page_tables import bare, measured, stated


@dataclass(frozen=True)
class Column:
    """A column's heading, its unit, and whether it holds text (left) or numbers (right)."""

    title: str
    unit: str = ""
    text: bool = False


def show(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    caption: str,
    *,
    total: bool = False,
    parts: Container[int] = (),
    stack: bool = False,
) -> None:
    """Draw a table; `caption` is its accessible name. With `total`, the last row is the metric of all systems together.

    Rows in `parts` belong to the next one and have no rule under them. A row with too few cells ends in a remark that
    spans the rest. With `stack`, a phone shows each row as a card of named lines instead of a table that scrolls.
    """
    drawn = list(rows)
    page_tables.keep(caption, [", ".join(filter(None, (c.title, c.unit))) for c in columns], drawn)
    heads = "".join(
        f'<th scope="col" class="{"t" if c.text else "n"}">{escape(c.title)}'
        + (f"<small>{escape(c.unit)}</small>" if c.unit else "")
        + "</th>"
        for c in columns
    )
    body = ""
    for index, cells in enumerate(drawn):
        css = "part" if index in parts else "total" if total and index == len(drawn) - 1 else ""
        body += f'<tr class="{css}">{_cells(columns, [bare(cell) for cell in cells], named=stack)}</tr>'
    shape = "r-scroll r-stack" if stack else "r-scroll"
    markup.show(
        f'<div class="r {shape}" role="region" aria-label="{escape(caption)}" tabindex="0">'
        f'<table class="r-table"><caption class="r-hidden">{escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(columns: Sequence[Column], cells: Sequence[str], *, named: bool) -> str:
    last = len(cells) - 1
    return "".join(
        f'<td class="{"t" if column.text or (short and index == last) else "n"}"'
        + (f' colspan="{len(columns) - last}"' if short and index == last else "")
        + (f' data-head="{escape(column.title)}"><div>{inner}</div></td>' if named else f">{inner}</td>")
        for short in [len(cells) < len(columns)]
        for index, (column, inner) in enumerate(zip(columns, cells, strict=False))
    )


def name(title: str, below: str = "") -> str:
    """Return a row's name with a small second line."""
    return f"<b>{escape(title)}</b>" + (f"<small>{escape(below)}</small>" if below else "")


def text(value: str, below: str = "", tone: str = "") -> str:
    """Return plain text with a small second line."""
    small = f'<small class="r-{tone}">{escape(below)}</small>' if below else ""
    return f"{escape(value)}{small}"


def long(value: str, below: str = "") -> str:
    """Return words that keep a readable width on a phone, where the table scrolls."""
    return f'<span class="r-long">{text(value, below)}</span>' if value else ""


def why(reason: str) -> str:
    """Return the reason that stands where a number is missing, small and grey."""
    return f'<span class="r-why">{escape(words.reason(reason))}</span>'


def long_why(reason: str) -> str:
    """Return the reason that stands across a row without any number."""
    return f'<span class="r-muted r-small">{escape(words.not_measurable(reason))}</span>'


def figure(item: Figure, header: Header, *, below: str = "", change: bool = False) -> str:
    """Return a figure's cell: the value with its sparkline and its change, or the reason."""
    if item.value is None:
        return why(item.reason)
    shape = spark.line(item.series, words.spark(item, header)) if item.series else ""
    small = f"<small>{escape(below)}</small>" if below else ""
    if change and header.before is not None:
        moved = words.figure_change(item)
        small += f'<small class="r-{moved.tone}">{escape(words.with_verdict(moved))}</small>'
    return measured(beside(shape, f"{escape(words.value(item))}{small}"), item.metric, item.value, item.currency)


def beside(picture: str, inner: str) -> str:
    """Return a picture to the left of a number, so that a row stays two lines high."""
    return f'<span class="r-fig">{picture}<span>{inner}</span></span>' if picture else inner


def number(metric: str, value: Number | None, currency: str = "", n: int | None = None) -> str:
    """Return a bare number in its metric's format, or a dash for a missing one."""
    if words.missing(value):
        return '<span class="r-muted">–</span>'
    return measured(escape(words.amount(metric, value, currency, n)), metric, value, currency)


def share(one: Share, *, below: bool = True) -> str:
    """Return a share with how many it rests on and its interval under it, or why it is not known."""
    small = words.quality.share_below(one) if below and one.value is not None else ""
    return stated(text(words.quality.share(one), small), one.value, "share")


def percent(share: Number | None) -> str:
    """Return a bare share, or a dash for a missing one."""
    if share is None or words.missing(share):
        return '<span class="r-muted">–</span>'
    return stated(words.percent(share), share, "share")


def count(number: Number) -> str:
    """Return a whole number."""
    return stated(words.count(number), number, "count")


def moved(change: words.Change) -> str:
    """Return a change with its verdict and colour."""
    return f'<span class="r-{change.tone}">{escape(words.with_verdict(change) or "–")}</span>'


def state(said: tuple[str, str], below: str = "") -> str:
    """Return a state in words with its mark; colour never stands alone."""
    label, tone = said
    small = f"<small>{escape(below)}</small>" if below else ""
    return f'<span class="r-state r-{tone}">{escape(label)}</span>{small}'


def load(actual: Number | None, planned: Number | None) -> str:
    """Return the AI-handled share against the stage's plan, in words and as a bar with the plan as a tick."""
    if words.missing(actual):
        return f"{why(words.NO_LOAD)}"
    share = min(max(float(actual or 0), 0.0), 1.0)
    tick = ""
    if not words.missing(planned):
        at = min(max(float(planned or 0), 0.0), 1.0)
        tick = f'<u style="left:calc({at * 100:.1f}% - 1px)"></u>'
    plan = words.planned(planned)
    bar = f'<span class="r-load" aria-hidden="true"><i style="width:{share * 100:.1f}%"></i>{tick}</span>'
    return measured(beside(bar, f"{escape(words.percent(share))}<small>{escape(plan)}</small>"), "ai_share", actual)


def reduction(found: Figure, now: Figure) -> str:
    """Return the handling time against baseline with the mean of now under it, or the reason."""
    below = f"<small>{escape(words.now_mean(now))}</small>" if now.value is not None else ""
    if found.value is None:
        return why(found.reason) + below
    tone = words.reduction_tone(found)
    said = f'<span class="r-{tone}">{escape(words.fall(found.value))}</span>{below}'
    return measured(said, found.metric, found.value)


def remark(said: str) -> None:
    """Draw the sentence that stands in place of an empty table."""
    markup.show(f'<p class="r r-note">{escape(said)}</p>')
