"""The pieces of the bridge page: the choice of level and method, the waterfall, one bar explained, and the table."""

from decimal import Decimal

import streamlit as st

from readout import charts, words
from readout.briefs.results_bridge import BridgeBrief, BridgeItem
from readout.finance import BridgeRow
from readout.finance.variance import Method
from readout.ui import how, link, markup, section, tables
from readout.ui.markup import escape
from readout.ui.tables import Column
from readout.words import bridge as said

_BAR = "bridge_bar"
# what a reader chooses: its name in the address, its title, and the choices, the usual one
_CHOICES = {
    "level": (said.LEVEL, said.LEVEL_CHOICES, "fully_loaded"),
    "items": (said.ITEMS, said.ITEM_CHOICES, "types"),
    "method": (said.METHOD, said.METHODS, "weighted_average"),
}
_MOST = 12  # rows of an explanation before the rest is folded into one


def asked() -> tuple[str, Method, bool]:
    """Return the level, the method, and whether task types stand apart."""
    method: Method = "standard_mix" if _asked("method") == "standard_mix" else "weighted_average"
    return _asked("level"), method, _asked("items") == "types"


def _asked(name: str) -> str:
    _, choices, usual = _CHOICES[name]
    found = st.query_params.get(name, usual)
    return found if found in choices else usual


def _take(name: str) -> None:
    st.query_params[name] = st.session_state[f"bridge_{name}"]


def choose() -> None:
    """Draw the choices of level, method and items."""
    with st.container(key="bridge_choices", horizontal=True):
        for name, (title, choices, _) in _CHOICES.items():
            st.session_state[f"bridge_{name}"] = _asked(name)
            st.selectbox(
                title,
                list(choices),
                format_func=choices.__getitem__,
                key=f"bridge_{name}",
                on_change=_take,
                args=(name,),
                width=230,
            )


def nothing_to_compare(brief: BridgeBrief) -> None:
    """Say why there is no bridge, and what to choose."""
    section.title("bridge_bars", brief.header, note=said.CHART_NOTE)
    tables.remark(words.sentence(brief.reason))
    tables.remark(said.CHOOSE_ANOTHER)


def waterfall(brief: BridgeBrief) -> None:
    """Draw the bars from the cost of before to that of now; a click on one explains it."""
    section.title("bridge_bars", brief.header, note=said.CHART_NOTE)
    drawn = charts.waterfall(brief)
    if drawn.empty:
        section.note(said.NOTHING_CHANGED)
        return
    st.plotly_chart(
        drawn.figure,
        key="chart_bridge",
        config=charts.config("bridge"),
        alt=drawn.alt,
        on_select=_clicked,
        selection_mode="points",
    )
    section.note(" ".join(brief.notes))


def _clicked() -> None:
    points = st.session_state["chart_bridge"].selection.points
    if points and points[0].get("customdata") in said.BARS:
        st.session_state[_BAR] = points[0]["customdata"]


def explain(brief: BridgeBrief) -> None:
    """Draw one bar: what it is, its formula, and the items that it is made of, which add up to it."""
    bars = dict(said.bars_of(brief))
    if not bars or brief.bridge is None:
        return
    if st.session_state.get(_BAR) not in bars:
        st.session_state[_BAR] = max(bars, key=lambda name: abs(bars[name]))
    name = st.session_state[_BAR]
    section.title("bridge_explained", brief.header, note=said.TABLE_NOTE)
    st.segmented_control(
        said.EXPLAIN, list(bars), format_func=said.BARS.__getitem__, key=_BAR, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    label = said.bar_label(name, bars[name], brief)
    facts = how.button(f"bar-{name}", said.BARS[name], said.explained(name, brief))
    markup.show(
        f'<p class="r"><b>{escape(said.BARS[name])} {escape(label)}.</b> {escape(said.MEANINGS[name])} {facts}</p>'
    )
    rows = sorted((row for row in brief.bridge.rows if getattr(row, name)), key=lambda row: -abs(getattr(row, name)))
    drawn = [_part(name, row, brief.items[row.key], brief) for row in rows[:_MOST]]
    rest = sum((getattr(row, name) for row in rows[_MOST:]), Decimal(0))
    if rows[_MOST:]:
        drawn.append([tables.name(said.others(len(rows) - _MOST)), "", "", "", "", "", said.cell(rest, brief)])
    drawn.append([tables.name(said.ALL), "", "", "", "", "", said.cell(bars[name], brief)])
    heads = [Column(title, unit.format(brief.header.currency), text=text) for title, unit, text in said.PART_HEADS]
    tables.show(heads, drawn, said.BARS[name], total=True)


def _part(name: str, row: BridgeRow, one: BridgeItem, brief: BridgeBrief) -> list[str]:
    before, now = said.prices(one, brief)
    return [
        _named(one, brief),
        words.count(one.before.tasks) if one.before.tasks else "–",
        words.count(one.now.tasks) if one.now.tasks else "–",
        before,
        now,
        f'<span class="r-long">{escape(said.worked(name, row, one, brief))}</span>',
        said.cell(getattr(row, name), brief),
    ]


def _named(one: BridgeItem, brief: BridgeBrief) -> str:
    system = one.key[0]
    if not system:
        return tables.name(one.name)
    return f"<b>{link.page('unit_cost', one.name, brief.header.scope, system)}</b>"


def table(brief: BridgeBrief) -> None:
    """Draw every system with all bars; lines and columns add up, to the cost statement's total."""
    assert brief.bridge is not None  # noqa: S101 - drawn only where there is one
    section.title("bridge_table", brief.header, note=said.TABLE_NOTE)
    names = said.columns(brief.bridge)
    heads = [
        Column(said.SYSTEM, "", text=True),
        Column(said.BEFORE, brief.header.currency),
        *(Column(said.head(name), brief.header.currency) for name in names),
        Column(said.NOW, brief.header.currency),
        Column(said.CHANGE, brief.header.currency),
    ]
    rows = [_line(name, amounts, brief) for name, amounts in said.by_system(brief, names)]
    rows.append(_line(said.ALL, said.amounts(brief.bridge, names), brief))
    tables.show(heads, rows, words.SECTIONS["bridge_table"][0], total=True)
    for line in (said.rounding(brief), *said.left_out(brief), said.statement_total(brief)):
        section.note(line)


def _line(name: str, amounts: list[Decimal], brief: BridgeBrief) -> list[str]:
    return [tables.name(name), *(said.cell(amount, brief) for amount in amounts)]
