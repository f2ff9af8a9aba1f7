"""The inputs that the figures of a period rest on: rates, prices, exchange rates, rules, settings, baselines."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from readout.briefs.book import Book
from readout.briefs.results_report import Assumption
from readout.periods import Window
from readout.words import report as words


def assumptions(book: Book, window: Window) -> tuple[Assumption, ...]:
    """Return the inputs that hold in a range of local days, by kind."""
    with book.warehouse.snapshot() as snapshot:
        rates, prices = (snapshot.query(f"read/{name}") for name in ("rate_card", "prices"))
        published = snapshot.query("read/fx_rates")
    return (
        *_settings(book),
        *_rules(book),
        *_rates(rates, window),
        *_exchange(book, published, window),
        *_baselines(book),
        *_prices(prices, window),
    )


def _settings(book: Book) -> Iterator[Assumption]:
    organisation = book.portfolio.organisation
    source = "organisation.yaml"
    yield Assumption("setting", "Reporting currency", book.currency or None, "ISO 4217", source=source)
    yield Assumption("setting", "Time zone", book.calendar.time_zone, "IANA", source=source)
    yield Assumption(
        "setting",
        "Days after which a task is accepted",
        organisation.accept_settle_days,
        "days",
        name="settle_days",
        source=source,
    )
    yield Assumption(
        "setting", "Data is stale after", organisation.freshness_hours, "hours", name="freshness_hours", source=source
    )
    yield Assumption(
        "setting", "Discount rate of a year", organisation.discount_rate, "share", name="discount_rate", source=source
    )
    covers = {"spend": "spend, without people's work", "fully_loaded": "fully loaded cost"}
    yield Assumption("setting", words.BUDGETS_HOLD, covers[organisation.budget_covers], "", source=source)


def _rules(book: Book) -> Iterator[Assumption]:
    for key, rule in sorted(book.portfolio.organisation.allocation.items()):
        if isinstance(rule, str):
            yield Assumption(
                "allocation", f"Shared charges with the key {key}", f"by {rule}", "", source="organisation.yaml"
            )
            continue
        for system, share in sorted(rule.items()):
            yield Assumption(
                "allocation",
                f"Shared charges with the key {key}: {book.name_of(system)}",
                share,
                "weight",
                source="organisation.yaml",
            )


def holding(frame: pd.DataFrame, key: Iterable[str], window: Window) -> Iterator[Mapping[Any, Any]]:
    """Yield the dated rows of which some day lies in a range; a row without an end ends where the next one begins."""
    names = list(key)
    rows = frame.to_dict("records")
    for number, row in enumerate(rows):
        following = rows[number + 1] if number + 1 < len(rows) else None
        same = following is not None and all(following[name] == row[name] for name in names)
        ends = (row["valid_to"], following["valid_from"] if following and same else None)
        if row["valid_from"] < window.end and not any(over(end, window) for end in ends):
            yield row


def over(end: Any, window: Window) -> bool:
    """Whether what ends on a day, excluded, has ended before a range of days; without a day it never ends."""
    return known(end) and end <= window.start


def known(day: Any) -> bool:
    """Whether a day is given."""
    return isinstance(day, date) and not pd.isna(day)


def _rates(frame: pd.DataFrame, window: Window) -> Iterator[Assumption]:
    for row in holding(frame, ["role"], window):
        yield Assumption(
            "rate",
            f"Hour of {row['role']}",
            row["hourly_amount"],
            f"{row['currency']} an hour, {row['basis'] or 'basis not stated'}",
            row["valid_from"],
            f"wage_hour_{row['role']}",
            "rate_card",
        )


def _exchange(book: Book, frame: pd.DataFrame, window: Window) -> Iterator[Assumption]:
    used = set(book.charges["currency"]) | set(book.dimensions["currency"])
    for row in frame.to_dict("records"):
        inside = window.start <= row["rate_date"] < window.end
        if inside and row["to_currency"] == book.currency and row["from_currency"] in used:
            yield Assumption(
                "exchange",
                f"1 {row['from_currency']} in {row['to_currency']}",
                row["rate"],
                row["to_currency"],
                row["rate_date"],
                "",
                "fx_rates",
            )


def _baselines(book: Book) -> Iterator[Assumption]:
    for row in book.baselines.to_dict("records"):
        subject = " ".join(part for part in (book.name_of(row["system_id"]), row["task_type"]) if part)
        yield Assumption(
            "baseline",
            f"{subject}: {row['metric'].replace('_', ' ')} before",
            row["value"],
            row["unit"] or "",
            row["approved_on"] if known(row["approved_on"]) else None,
            "",
            f"baselines, {row['approved_by'] or 'not signed'}",
        )


def _prices(frame: pd.DataFrame, window: Window) -> Iterator[Assumption]:
    for row in holding(frame, ["provider", "model", "token_class"], window):
        yield Assumption(
            "price",
            f"{row['provider']} {row['model']}: {row['token_class'].replace('_', ' ')}".strip(),
            row["price"],
            f"{row['currency']} for {row['unit_tokens']:,} tokens",
            row["valid_from"],
            "",
            "prices",
        )
