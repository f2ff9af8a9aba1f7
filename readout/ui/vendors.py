"""The pieces of the vendor page: demand by model, prices over time, what-if, and what rests on which model."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from readout import charts, words
from readout.briefs.results_vendors import Demand, ModelDemand, VendorsBrief
from readout.briefs.vendors import answer
from readout.finance.demand import Model, ModelSwitch, PriceChange, Question
from readout.finance.prices import TOKEN_CLASSES
from readout.ui import cards, link, markup, page_tables, section, spark, tables
from readout.ui.gate import address
from readout.ui.markup import escape
from readout.ui.tables import Column
from readout.words import vendors as said

_LEAST, _MOST = -99.0, 1_000.0  # percent
_NONE = '<span class="r-muted">–</span>'


def tiles(brief: VendorsBrief) -> None:
    """Draw the numbers that open the page."""
    drawn = [
        cards.plain_tile(one.key, one.title, one.big, one.lines, said.explain(one.note, brief.header))
        for one in said.tiles(brief)
    ]
    markup.show(f'<div class="r r-tiles">{"".join(drawn)}</div>')


def models(brief: VendorsBrief) -> None:
    """Draw every model with its tokens, prices and spend; the last row is all of them together."""
    section.title("vendor_models", brief.header, note=said.MODEL_NOTE)
    rows = [_model(one, brief) for one in brief.models]
    total = [tables.name(said.EVERYTHING), *_amounts(brief.total, brief), "", _spend(brief.total, brief), "", ""]
    tables.show(
        _heads(said.model_heads(_used(brief)), brief.currency),
        [*rows, total],
        words.SECTIONS["vendor_models"][0],
        total=True,
    )
    section.note(said.other_currencies(brief))


def _used(brief: VendorsBrief) -> list[str]:
    """Return the token classes of which any token was used."""
    return [name for name in TOKEN_CLASSES if brief.total.tokens[name]]


def _heads(heads: Sequence[tuple[str, str, bool]], currency: str) -> list[Column]:
    return [Column(title.format(currency), unit.format(currency), text=text) for title, unit, text in heads]


def _model(one: ModelDemand, brief: VendorsBrief) -> list[str]:
    return [
        _named(one.model),
        *_amounts(one.now, brief),
        tables.text(said.list_price(one)) if one.listed else tables.why(said.list_price(one)),
        _spend(one.now, brief, before=one.before),
        tables.percent(one.share),
        spark.line(one.series, words.spark_of("input_tokens", one.series)),
    ]


def _named(model: Model) -> str:
    return tables.name(model.name or said.NO_NAME, said.provider(model.provider))


def _amounts(one: Demand, brief: VendorsBrief) -> list[str]:
    blended = words.money(one.blended, brief.currency) if one.blended is not None else _NONE
    return [
        tables.count(one.calls),
        *(_tokens(one.tokens[name]) for name in _used(brief)),
        page_tables.stated(blended, one.blended, "unit", brief.currency),
    ]


def _tokens(number: int) -> str:
    return page_tables.stated(words.compact(number), number, "count") if number else _NONE


def _spend(one: Demand, brief: VendorsBrief, before: Demand | None = None) -> str:
    if not one.priced:
        return tables.why(said.gaps(one))
    moved = said.moved(one.cost, before.cost) if before is not None and before.priced else ""
    below = ", ".join(part for part in (moved, said.gaps(one)) if part)
    drawn = tables.text(words.money(one.cost, brief.currency), below)
    return page_tables.stated(drawn, one.cost, "exact", brief.currency)


def history(brief: VendorsBrief) -> None:
    """Draw tokens per week on the left, list prices over time on the right."""
    left, right = st.columns(2, gap="large")
    with left:
        section.title("vendor_weekly", brief.header, note=said.MODEL_NOTE)
        section.chart("token_demand", charts.token_demand(brief.weekly), half=True)
    with right:
        section.title("vendor_prices", brief.header, note=said.PRICES_NOTE)
        _prices(brief)


def _prices(brief: VendorsBrief) -> None:
    kinds = [name for name in TOKEN_CLASSES if name in set(brief.steps["token_class"])]
    if not kinds:
        tables.remark(said.NO_PRICES)
        return
    kind = st.segmented_control(
        said.CLASS,
        kinds,
        default=kinds[0],
        format_func=said.CLASSES.__getitem__,
        required=True,
        key="price_history_class",
        label_visibility="collapsed",
    )
    own = brief.steps[brief.steps["token_class"] == kind]
    section.chart("price_steps", charts.price_steps(own, brief.list_day), half=True)


def what_if(brief: VendorsBrief) -> None:
    """Draw the question on the left and its answer on the right."""
    section.title("vendor_what_if", brief.header, note=said.WHAT_IF_NOTE)
    if not brief.price_list:
        tables.remark(said.NO_LIST.format(words.day(brief.list_day)))
        return
    left, right = st.columns([3, 7], gap="large")
    with left:
        question = _question(brief)
    with right:
        if question is None:
            tables.remark(said.SAME)
            return
        found = answer(brief, question)
        markup.show(f'<p class="r"><b>{escape(said.answered(brief, question, found))}</b></p>')
        rows = [
            [tables.name(what), tables.text(size), f'<span class="r-long">{escape(how)}</span>']
            for what, size, how in said.what_if_rows(brief, found)
        ]
        tables.show(_heads(said.WHAT_IF_HEADS, brief.currency), rows, words.SECTIONS["vendor_what_if"][0])
        for line in (*said.left_out(found), said.caveat(question)):
            section.note(line)


def _question(brief: VendorsBrief) -> Question | None:
    """Return what the reader asks, as the address keeps it; None where a model would be replaced by itself."""
    kind = st.segmented_control(
        said.KIND,
        said.KINDS,
        default=said.KINDS[0],
        required=True,
        key="what_if",
        bind="query-params",
        label_visibility="collapsed",
    )
    listed = sorted({Model(row["provider"], row["model"]) for row in brief.price_list})
    called = [one.model for one in brief.models]
    if kind == said.KINDS[0]:
        whose = {said.ALL: Model("", ""), **{said.provider(one): Model(one, "") for one in _providers(called)}}
        whose |= {said.model(one): one for one in called}
        chosen = whose[st.selectbox(said.WHOSE, list(whose), key="what_if_whose", bind="query-params")]
        classes = {said.ALL_CLASSES: "", **{said.CLASSES[name]: name for name in TOKEN_CLASSES}}
        token_class = classes[st.selectbox(said.CLASS, list(classes), key="what_if_class", bind="query-params")]
        percent = st.number_input(
            said.PERCENT, _LEAST, _MOST, -10.0, 1.0, format="%g", key="what_if_percent", bind="query-params"
        )
        return PriceChange(Decimal(str(percent)), chosen.provider, chosen.name, token_class)
    sources = {said.model(one): one for one in called}
    source = sources[st.selectbox(said.REPLACED, list(sources), key="what_if_source", bind="query-params")]
    targets = {said.model(one): one for one in listed if one != source}
    if not targets:
        return None
    target = st.selectbox(said.REPLACEMENT, list(targets), key="what_if_target", bind="query-params")
    return ModelSwitch(source, targets[target])


def _providers(called: Sequence[Model]) -> list[str]:
    return [one for one in dict.fromkeys(model.provider for model in called) if one]


def dependence(brief: VendorsBrief) -> None:
    """Draw which systems, and which of their gates, rest on which model."""
    section.title("vendor_dependence", brief.header, note=said.DEPENDENCE_NOTE)
    if not brief.dependences:
        tables.remark(said.NO_SYSTEM)
        return
    scope, rows, parts = brief.header.scope, [], set()
    for place, one in enumerate(brief.dependences):
        first = not place or brief.dependences[place - 1].model != one.model
        if not first:
            parts.add(place - 1)
        gates = ", ".join(
            f'<a class="r-link" href="{escape(address(name, scope))}">{escape(said.step(*steps))}</a>'
            for name, *steps in one.gates
        )
        system = f"<b>{link.system(one.system_id, one.name, scope)}</b><small>{escape(words.stage(one.stage))}</small>"
        rows.append(
            [
                _named(one.model) if first else "",
                system,
                tables.percent(one.share),
                tables.count(one.calls),
                gates or tables.why(said.NO_GATES),
                tables.long(one.fallback) if one.fallback else tables.why(said.NO_FALLBACK),
            ]
        )
    heads = _heads(said.DEPENDENCE_HEADS, brief.currency)
    tables.show(heads, rows, words.SECTIONS["vendor_dependence"][0], parts=parts)


def purposes(brief: VendorsBrief) -> None:
    """Draw what the calls were for; a negotiation is about all of them, a unit cost about serving."""
    section.title("vendor_purposes", brief.header, note=said.SPEND_NOTE)
    rows = [
        [
            tables.name(*said.purpose(one.purpose)),
            tables.count(one.now.calls),
            _tokens(one.now.all_tokens),
            _spend(one.now, brief),
            tables.percent(one.share),
        ]
        for one in brief.purposes
    ]
    tables.show(_heads(said.PURPOSE_HEADS, brief.currency), rows, words.SECTIONS["vendor_purposes"][0])
