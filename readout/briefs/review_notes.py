"""Meeting mode: an owner's word on an exception is kept, and shown when its follow-up is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from readout.briefs.book import Book
from readout.briefs.results import Scope
from readout.metrics import METRICS
from readout.warehouse import review_notes as stored
from readout.warehouse.errors import InputError
from readout.warehouse.journal import Journal, machine_user
from readout.warehouse.review_notes import ReviewNote

REMEMBERED = timedelta(weeks=8)  # how long the last word before a week is shown


@dataclass(frozen=True)
class Word:
    """What an owner says. An empty follow-up means that nothing follows."""

    explanation: str
    follow_up: str = ""
    follow_up_by: date | None = None


def reviewed_week(book: Book) -> date:
    """Return the first day of the week that is reviewed now: the last complete one."""
    return book.windows(Scope("4w"))[0].end - timedelta(weeks=1)


def explain(
    book: Book, journal: Journal, system_id: str, metric: str, word: Word, *, who: str, now: datetime, week: date | None
) -> ReviewNote:
    """Keep an owner's word on a week (default: the last complete one), unverified.

    Raises InputError: unknown system or metric, no explanation, no name, a week that is not over or does not begin on
    the organisation's first weekday, a follow-up without a day or with one that lies before the week's end.
    """
    last = reviewed_week(book)
    chosen = week or last
    if system_id not in book.systems:
        message = f"no system is called {system_id}; known are {', '.join(book.systems)}"
        raise InputError(message)
    if metric not in METRICS:
        message = f"no metric is called {metric}; docs/metrics.md lists them"
        raise InputError(message)
    if not word.explanation.strip() or not who.strip():
        message = "an exception needs its explanation and who gives it; while it is open say: still investigating"
        raise InputError(message)
    if chosen != book.calendar.week_of(chosen) or chosen > last:
        message = f"--week {chosen} is not the first day of a week that is over; the last one began on {last}"
        raise InputError(message)
    if bool(word.follow_up.strip()) != (word.follow_up_by is not None):
        message = "a follow-up needs its day, and a day its follow-up: give --follow-up and --by, or neither"
        raise InputError(message)
    if word.follow_up_by is not None and word.follow_up_by < chosen + timedelta(weeks=1):
        message = f"--by {word.follow_up_by} lies before the end of the week that is reviewed"
        raise InputError(message)
    note = ReviewNote(
        chosen, system_id, metric, word.explanation.strip(), word.follow_up.strip(), word.follow_up_by, who.strip(),
        machine_user(), verified=False, noted_at=now,
    )  # fmt: skip
    with journal.transaction() as connection:
        stored.note(connection, note)
    return note


def remembered(journal: Journal, week: date) -> tuple[ReviewNote, ...]:
    """Return what was said of a week and of the eight before."""
    with journal.reading() as connection:
        return tuple(stored.notes(connection, week - REMEMBERED))


def this_week(notes: tuple[ReviewNote, ...], system_id: str, metric: str, week: date) -> ReviewNote | None:
    """Return the last word on a metric of a system in a week."""
    return stored.last_word(notes, system_id, metric, week)


def before(notes: tuple[ReviewNote, ...], system_id: str, week: date) -> ReviewNote | None:
    """Return the last word on a system before a week, whatever the metric was."""
    own = [one for one in notes if one.system_id == system_id and one.week < week]
    return max(own, key=lambda one: (one.week, one.noted_at), default=None)
