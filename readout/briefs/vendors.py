"""The vendor page: observed demand by provider and model, prices and their history, and what rests on which model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.gate_board import stage_of
from readout.briefs.measures import NEVER
from readout.briefs.results import Header, Scope
from readout.briefs.results_vendors import Demand, Dependence, ModelDemand, PurposeDemand, VendorsBrief
from readout.finance import Model, WhatIf, concentration, list_on, per_million, what_if
from readout.finance.demand import Question, model_of
from readout.finance.prices import TOKEN_CLASSES
from readout.periods import Window
from readout.words import vendors as said

SERVING = frozenset({"serve", "retry"})
DRAWN = 6  # models whose prices are drawn: more lines would not be told apart
TOKENS = {name: f"{name}_tokens" for name in TOKEN_CLASSES}


def vendors_brief(book: Book, scope: Scope) -> VendorsBrief:
    """Return what the chosen systems asked of providers in the window: every purpose, judging and shadow included."""
    header = book.header(scope)
    before = header.before or Window(NEVER, NEVER)
    with book.warehouse.snapshot() as snapshot:
        frame = snapshot.query(
            "read/demand",
            from_day=header.window.start,
            to_day=header.window.end,
            before_from=before.start,
            before_to=before.end,
            systems=list(book.chosen_systems(scope)),
            task_type=scope.task_type,
        )
        prices = snapshot.query("read/prices").to_dict("records")
    rows = frame.to_dict("records")
    now = [row for row in rows if row["span"] == "now"]
    earlier = [row for row in rows if row["span"] == "before"] if _whole(header) else None
    currency = _currency(now, header.currency)
    total = _demand(now, currency)
    list_day = min(header.window.end - timedelta(days=1), header.as_of_local.date())
    listed = list_on(prices, list_day)
    by_provider = [(name, _demand(some, currency)) for name, some in _grouped(now, lambda row: row["provider"]).items()]
    models = _models(book, header, now, earlier, listed, currency)
    brief = VendorsBrief(
        header=header,
        finding=said.nothing(),
        currency=currency,
        total=total,
        before=None if earlier is None else _demand(earlier, currency),
        providers=tuple(
            (name, one, _share(one, total)) for name, one in sorted(by_provider, key=lambda item: _rank(item[1]))
        ),
        models=models,
        purposes=tuple(_purposes(now, total, currency)),
        index=concentration(max(one.cost, Decimal(0)) for _, one in by_provider),
        dependences=tuple(_dependences(book, now, [one.model for one in models])),
        weekly=_weekly(book, header, now),
        steps=_steps(prices, {one.model for one in models[:DRAWN]}),
        list_day=list_day,
        price_list=listed,
        asked=tuple(_asked(now)),
        lines=tuple(_lines(now, currency)),
        other_currencies=tuple(sorted({row["currency"] for row in now if row["cost_n"]} - {currency})),
        empty=not now,
    )
    return replace(brief, finding=said.finding(brief))


def answer(brief: VendorsBrief, question: Question) -> WhatIf:
    """Return what a change of prices, or of a model, would make of the window's calls at the list of its last day."""
    return what_if(brief.asked, brief.price_list, question, brief.currency)


def _whole(header: Header) -> bool:
    """Whether the comparison window lies within the data: part of a period is no comparison."""
    return header.before is not None and header.first_day is not None and header.before.start >= header.first_day


def _currency(rows: Iterable[Mapping[str, Any]], wanted: str) -> str:
    calls: dict[str, int] = {}
    for row in rows:
        if row["cost_n"]:
            calls[row["currency"]] = calls.get(row["currency"], 0) + row["cost_n"]
    return wanted if wanted in calls or not calls else max(sorted(calls), key=lambda one: calls[one])


def _grouped(rows: Iterable[dict[str, Any]], key: Any) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _demand(rows: Iterable[Mapping[str, Any]], currency: str) -> Demand:
    calls = priced = elsewhere = paid = 0
    cost = Decimal(0)
    tokens: dict[str, int] = dict.fromkeys(TOKEN_CLASSES, 0)
    for row in rows:
        calls += row["calls"]
        for name, column in TOKENS.items():
            tokens[name] += row[column]
        if row["cost_n"] and row["currency"] == currency:
            priced += row["cost_n"]
            paid += sum(row[column] for column in TOKENS.values())
            cost += row["cost"]
        elif row["cost_n"]:
            elsewhere += row["cost_n"]
    return Demand(calls, priced, elsewhere, tokens, paid, cost)


def _rank(one: Demand) -> tuple[Decimal, int]:
    return -one.cost, -one.calls


def _share(one: Demand, total: Demand) -> Decimal | None:
    return one.cost / total.cost if total.cost > 0 and one.priced else None


def _models(
    book: Book,
    header: Header,
    now: list[dict[str, Any]],
    earlier: list[dict[str, Any]] | None,
    listed: Sequence[Mapping[str, Any]],
    currency: str,
) -> tuple[ModelDemand, ...]:
    total = _demand(now, currency)
    past = _grouped(earlier or [], model_of)
    whole = [
        week
        for week in book.calendar.buckets(header.window, "week")
        if book.calendar.period(week, "week", header.window, header.as_of).kind == "complete"
    ]
    prices: dict[Model, dict[str, tuple[Decimal, str]]] = {}
    for row in listed:
        price = per_million(row["price"], row["unit_tokens"])
        if price is not None:
            prices.setdefault(model_of(row), {})[row["token_class"]] = (price, row["currency"])
    found = []
    for model, rows in _grouped(now, model_of).items():
        own = _demand(rows, currency)
        weeks = {week: float(_demand(some, currency).all_tokens)
                 for week, some in _grouped(rows, lambda row: row["week"]).items()}  # fmt: skip
        series = tuple(weeks.get(week, 0.0) for week in whole)
        before = None if earlier is None else _demand(past.get(model, []), currency)
        found.append(ModelDemand(model, own, before, _share(own, total), series, prices.get(model, {})))
    return tuple(sorted(found, key=lambda one: (_rank(one.now), one.model)))


def _purposes(now: list[dict[str, Any]], total: Demand, currency: str) -> Iterable[PurposeDemand]:
    by_purpose = {name: _demand(rows, currency) for name, rows in _grouped(now, lambda row: row["purpose"]).items()}
    for purpose, one in sorted(by_purpose.items(), key=lambda item: _rank(item[1])):
        yield PurposeDemand(purpose, one, _share(one, total))


def _lines(now: list[dict[str, Any]], currency: str) -> Iterable[tuple[Model, str, Demand]]:
    for (model, purpose), rows in sorted(_grouped(now, lambda row: (model_of(row), row["purpose"])).items()):
        yield model, purpose, _demand(rows, currency)


def _asked(now: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Yield the calls of the window as a price list sees them; those without a cost of their own stay apart."""
    for (model, priced), rows in sorted(_grouped(now, lambda row: (model_of(row), bool(row["cost_n"]))).items()):
        yield {
            "provider": model.provider,
            "model": model.name,
            "calls": sum(row["calls"] for row in rows),
            "had_cost": priced,
            **{column: sum(row[column] for row in rows) for column in TOKENS.values()},
        }


def _dependences(book: Book, now: list[dict[str, Any]], models: Sequence[Model]) -> Iterable[Dependence]:
    """Yield which systems rest on which model, models in the page's order, the largest share first."""
    serving = [row for row in now if row["purpose"] in SERVING]
    of_system = {name: sum(row["calls"] for row in rows)
                 for name, rows in _grouped(serving, lambda row: row["system_id"]).items()}  # fmt: skip
    by_pair = {pair: sum(row["calls"] for row in rows)
               for pair, rows in _grouped(serving, lambda row: (model_of(row), row["system_id"])).items()}  # fmt: skip
    for model in models:
        own = [(calls / of_system[system], system, calls) for (one, system), calls in by_pair.items() if one == model]
        for share, system, calls in sorted(own, key=lambda one: (-one[0], one[1])):
            known = book.portfolio.systems.get(system)
            yield Dependence(
                model,
                system,
                book.name_of(system),
                calls,
                share,
                stage_of(book, system)[0],
                tuple((gate.gate, gate.from_stage, gate.to_stage) for gate in book.portfolio.gates_of(system)),
                known.fallback if known else "",
            )


def _weekly(book: Book, header: Header, now: list[dict[str, Any]]) -> pd.DataFrame:
    by_week = _grouped(now, lambda row: (row["week"], row["provider"]))
    providers = sorted({row["provider"] for row in now})
    rows = [
        (
            week,
            book.calendar.period(week, "week", header.window, header.as_of).kind,
            provider,
            sum(row[column] for row in by_week.get((week, provider), []) for column in TOKENS.values()),
        )
        for week in book.calendar.buckets(header.window, "week")
        for provider in providers
    ]
    return pd.DataFrame(rows, columns=["bucket", "kind", "provider", "tokens"])


def _steps(prices: Iterable[Mapping[str, Any]], models: set[Model]) -> pd.DataFrame:
    """Return where prices of the models begin, and where one ends without another (NaN)."""
    rows = []
    own = [dict(row) for row in prices if model_of(row) in models]
    for (model, token_class), dated in _grouped(own, lambda row: (model_of(row), row["token_class"])).items():
        starts = {row["valid_from"] for row in dated}
        for row in dated:
            named = (model.provider, model.name, token_class, row["currency"])
            start, end = row["valid_from"], row["valid_to"]
            rows.append((*named, start, float(per_million(row["price"], row["unit_tokens"]) or 0)))
            if end is not None and not any(start < other <= end for other in starts):
                rows.append((*named, end, float("nan")))
    columns = ["provider", "model", "token_class", "currency", "day", "per_million"]
    return pd.DataFrame(sorted(rows, key=lambda row: row[:5]), columns=columns)
