"""What changed, in words: a signal, and what stands in the records shortly before it. Association, never cause."""

from collections.abc import Iterable
from datetime import date

from readout.briefs.results_readout import ChangeRow, Event, Signalled
from readout.words.changes import with_verdict
from readout.words.names import human, label, listed, stage
from readout.words.numbers import amount, plain
from readout.words.signals import signal

NOTHING = "No system signals: every weekly series varies as it usually does."
NOTE = (
    "Only signals stand here, one line a system, the worst first. Beside each stands what its records show in the two "
    "weeks before its first week (releases, prices, stage changes, incidents): an association in time, not a cause."
)
UNRECORDED = "nothing is recorded in the two weeks before"
SHOWN = 5
_MOST_EVENTS, _MOST_OTHERS = 3, 2
_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_PRICES = {"up": "rise", "down": "fall", "both": "change"}
_INITIALISMS = ("AI", "CRM")


def headline(row: ChangeRow) -> str:
    """Return a system's weightiest signal as a clause: Call notes: accuracy lower since 28 Sep."""
    first = row.signals[0]
    return f"{row.name}: {metric(first.metric)} {signal(first.metric, first.verdict).text}"


def metric(name: str) -> str:
    """Return a metric's label within a sentence: handling time, mean; AI-handled share."""
    text = label(name)
    return text if text.startswith(_INITIALISMS) else text[:1].lower() + text[1:]


def verdict(one: Signalled) -> tuple[str, str]:
    """Return a signal with its metric, and its tone."""
    said = signal(one.metric, one.verdict)
    return f"{label(one.metric)} {with_verdict(said)}", said.tone


def moved(one: Signalled) -> str:
    """Return the last week against what was ordinary: 412 ms last week, 120 ms before."""
    now, usual = (amount(one.metric, number, one.currency) for number in (one.now, one.usual))
    return f"{now} in the last week; {usual} was ordinary"


def others(row: ChangeRow) -> str:
    """Return a system's further signals, '' where there is none."""
    rest = [f"{metric(one.metric)} {signal(one.metric, one.verdict).text}" for one in row.signals[1:]]
    if not rest:
        return ""
    more = len(rest) - _MOST_OTHERS
    return f"Also {'; '.join(rest[:_MOST_OTHERS])}{f'; and {more} more' if more > 0 else ''}"


def why(row: ChangeRow) -> str:
    """Return what was recorded before the weightiest signal: eleven days after release r12."""
    since = row.signals[0].verdict.since or date.max
    by_lag: dict[str, list[str]] = {}
    for one in _distinct(row.events)[:_MOST_EVENTS]:
        by_lag.setdefault(lag(one.day, since), []).append(event(one))
    if not by_lag:
        return UNRECORDED
    return "; ".join(f"{when} {listed(what)}" for when, what in by_lag.items())


def _distinct(events: Iterable[Event]) -> list[Event]:
    return list({event(one): one for one in events}.values())


def event(one: Event) -> str:
    """Return something that was done or happened: release r12; a fall in the price of m1; stage partial at 70%."""
    if one.kind == "release":
        return f"release {one.name}"
    if one.kind == "price":
        return f"a {_PRICES[one.detail]} in the price of {one.name}"
    if one.kind == "stage":
        share = f" at {plain(one.share * 100)}%" if one.share is not None else ""
        return f"stage {stage(one.name).lower()}{share}"
    return f"{'an' if one.name[:1] in 'aeiou' else 'a'} {human(one.name).lower()}"


def lag(when: date, since: date) -> str:
    """Return how an event lies to the first day of a signal's first week: eleven days after; in the same week as."""
    days = (since - when).days
    if days <= 0:
        return "in the same week as"
    number = _NUMBERS[days] if days < len(_NUMBERS) else str(days)
    return f"{number} day{'' if days == 1 else 's'} after"


def more(rows: int, shown: int = SHOWN) -> str:
    """Return that further systems signal, '' where all are shown."""
    left = rows - shown
    if left <= 0:
        return ""
    return f"{left} more {'system signals' if left == 1 else 'systems signal'}."
