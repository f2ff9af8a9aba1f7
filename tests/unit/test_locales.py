"""Numbers, money and dates as the organisation writes them; files for machines are the same everywhere."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from pydantic import ValidationError

from readout import words
from readout.briefs.tables import write_manifest
from readout.periods import Calendar, Window
from readout.portfolio import Organisation
from readout.words import dates, locales, numbers
from tests.unit.test_words import HEADER

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    locales.choose()


@pytest.mark.parametrize(
    ("locale", "number", "negative", "share", "money", "total"),
    [
        ("en", "12,480", "−3.20", "62.4%", "€12.40", "€31.2k"),
        ("en_US", "12,480", "−3.20", "62.4%", "€12.40", "€31.2k"),
        ("en_GB", "12,480", "−3.20", "62.4%", "€12.40", "€31.2k"),
        ("de_DE", "12.480", "−3,20", "62,4%", f"12,40{NBSP}€", f"31,2k{NBSP}€"),
        ("en_IN", "12,480", "−3.20", "62.4%", "€12.40", "€31.2k"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_in_the_locale(locale, number, negative, share, money, total):
    locales.choose(locale)
    assert numbers.count(12_480) == number
    assert numbers.plain(Decimal("-3.2"), 2) == negative
    assert numbers.percent(0.6241) == share
    assert numbers.money(Decimal("12.4"), "EUR") == money
    assert numbers.money_compact(Decimal(31_240), "EUR") == total


def test_a_locale_groups_digits_in_its_own_way():
    locales.choose("en_IN")
    assert numbers.count(12_345_678) == "1,23,45,678"


@pytest.mark.parametrize(
    ("locale", "day", "short", "window", "month", "week"),
    [
        ("en", "22 Nov 2026", "22 Nov", "31 Aug to 22 Nov 2026", "Nov 2026", "2026-W47 (16–22 Nov)"),
        ("en_US", "Nov 22, 2026", "Nov 22", "Aug 31 to Nov 22, 2026", "Nov 2026", "2026-W47 (Nov 16–Nov 22)"),
        ("en_GB", "22 Nov 2026", "22 Nov", "31 Aug to 22 Nov 2026", "Nov 2026", "2026-W47 (16 Nov–22 Nov)"),
        ("de_DE", "22. Nov. 2026", "22. Nov", "31. Aug to 22. Nov. 2026", "Nov. 2026", "2026-W47 (16. Nov–22. Nov)"),
    ],
)  # fmt: skip
def test_dates_are_written_as_in_the_locale(locale, day, short, window, month, week):
    locales.choose(locale)
    when = date(2026, 11, 22)
    assert dates.day(when) == day
    assert dates.day(when, year=False) == short
    assert dates.days(Window(date(2026, 8, 31), date(2026, 11, 23))) == window
    assert dates.period_name(date(2026, 11, 1), "month", Calendar()) == month
    assert dates.period_name(date(2026, 11, 16), "week", Calendar()) == week
    assert dates.moment(datetime(2026, 11, 22, 2)).endswith(f"{day}, 02:00")


@pytest.mark.parametrize("locale", ["en", "de_DE"])
def test_what_merely_rounds_to_all_is_not_all(locale):
    locales.choose(locale)
    assert numbers.percent(0.99996).startswith("> 99")
    assert numbers.percent(1).startswith("100")


def test_money_can_bear_its_code_where_symbols_are_shared():
    locales.choose("en", "code")
    assert numbers.money(Decimal("12.4"), "USD") == f"USD{NBSP}12.40"
    locales.choose("de_DE", "code")
    assert numbers.money(Decimal("-12.4"), "USD") == f"−12,40{NBSP}USD"


def test_the_head_of_a_file_is_the_same_in_every_locale():
    def head() -> dict[str, str]:
        out = StringIO()
        write_manifest(csv.writer(out), "Any", HEADER, (), ("accuracy",))
        return dict(row for row in csv.reader(StringIO(out.getvalue())) if row)

    usual = head()
    locales.choose("de_DE")
    assert head() == usual
    assert usual["compared with"] == "1 Jun to 23 Aug 2026"
    assert words.days(HEADER.window) == "24. Aug to 15. Nov. 2026"


def test_an_unknown_locale_is_refused_with_examples():
    assert Organisation(locale="de-DE").locale == "de_DE"
    with pytest.raises(ValidationError, match="`xx_YY` is no locale, such as en_GB or de_DE"):
        Organisation(locale="xx_YY")
