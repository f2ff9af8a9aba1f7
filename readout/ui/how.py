"""How is this calculated: a button that opens the answer over the page, by mouse or keyboard, without a rerun."""

import re
from collections.abc import Iterable

from readout import words
from readout.briefs.results import Scope
from readout.ui import link
from readout.ui.markup import definitions, escape
from readout.words.addresses import rows_behind


def button(key: str, title: str, facts: Iterable[tuple[str, str]], ways: Iterable[tuple[str, str]] = ()) -> str:
    """Return the button and its panel. `key` is unique on a page; the panel is the browser's own popover.

    `ways` lead on from the explanation, to the rows of its figures: pairs of a text and an address. The last way is the
    page's own address with its filters and as-of, to be kept or handed on.
    """
    anchor = "r-how-" + re.sub(r"\W+", "-", key)
    again = [(words.LINK, link.here())] if link.here() else []
    label = f"{title}: {words.HOW}"
    return (
        f'<button type="button" class="r-how" popovertarget="{anchor}" aria-label="{escape(label)}" '
        f'title="{escape(words.HOW)}">?</button>'
        f'<div class="r-pop" popover id="{anchor}"><h4>{escape(title)}</h4>{_ways([*ways, *again])}{definitions(facts)}'
        f'<button type="button" class="r-close" popovertarget="{anchor}" popovertargetaction="hide">'
        f"{escape(words.CLOSE)}</button></div>"
    )


def rows(metrics: Iterable[str], scope: Scope, system: str = "") -> tuple[tuple[str, str], ...]:
    """Return the ways to the rows of some figures."""
    names = tuple(metrics)
    said = [words.rows.SHOW] if len(names) == 1 else [words.rows.SHOW_OF.format(words.label(name)) for name in names]
    return tuple((text, rows_behind(name, scope, system)) for text, name in zip(said, names, strict=True))


def _ways(ways: Iterable[tuple[str, str]]) -> str:
    links = "".join(f'<a class="r-link" href="{escape(to)}">{escape(said)}</a>' for said, to in ways)
    return f'<p class="r-ways">{links}</p>' if links else ""
