"""How is this calculated: a button that opens the answer over the page, by mouse or keyboard, without a rerun."""

import re
from collections.abc import Iterable

from readout import words
from readout.ui.markup import definitions, escape


def button(key: str, title: str, facts: Iterable[tuple[str, str]]) -> str:
    """Return the button and its panel. `key` is unique on a page; the panel is the browser's own popover."""
    anchor = "r-how-" + re.sub(r"\W+", "-", key)
    label = f"{title}: {words.HOW}"
    return (
        f'<button type="button" class="r-how" popovertarget="{anchor}" aria-label="{escape(label)}" '
        f'title="{escape(words.HOW)}">?</button>'
        f'<div class="r-pop" popover id="{anchor}"><h4>{escape(title)}</h4>{definitions(facts)}'
        f'<button type="button" class="r-close" popovertarget="{anchor}" popovertargetaction="hide">'
        f"{escape(words.CLOSE)}</button></div>"
    )
