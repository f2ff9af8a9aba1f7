"""States without figures: nothing yet, nothing here, old, failed."""

from dataclasses import dataclass

from readout.briefs.results import Header
from readout.words.dates import day, days, length, moment
from readout.words.numbers import age


@dataclass(frozen=True)
class Notice:
    """A designed state: what it is, what it means, what to do next, and a command where there is one."""

    title: str
    text: str
    next_step: str = ""
    command: str = ""


def not_ready(text: str) -> Notice:
    """Return the state of a warehouse that has nothing to show yet; the text says what to run."""
    return Notice("No data yet", text, "This page fills itself as soon as data has been published.")


LOADING = "Reading the figures"
STALE = "Old data."
EARLIER = "An earlier state."
NEWEST = "Show the newest"


def stale(header: Header) -> str:
    """Return the warning over figures that are older than promised, empty where the promise holds."""
    if header.stale_hours is None:
        return ""
    return (
        f"These figures are {age(header.stale_hours)} older than promised: the newest data is from "
        f"{moment(header.as_of_local)}. Read them as history until the next refresh. "
        "Data health names the source that is late."
    )


NO_SYSTEMS = "No system has recorded any work in this period."
NO_GATES = Notice(
    "No gates are declared",
    "A gate says in text what a system must show before it carries more load.",
    "Add one file per gate to the portfolio's gates folder.",
)


def nothing_recorded(header: Header) -> Notice:
    """Return the state of a window, or a choice of systems and types, without any record."""
    chosen = "for this choice of systems and task type " if header.scope.systems or header.scope.task_type else ""
    reach = ""
    if header.first_day and header.last_day:
        reach = f"; data runs from {day(header.first_day)} to {day(header.last_day)}"
    return Notice(
        "Nothing was recorded here",
        f"Nothing was recorded {chosen}in {length(header.window)}, {days(header.window)}{reach}.",
        "Choose another period, or look at all data.",
    )


FAILURES = {
    "UnreachableError": "The warehouse does not answer",
    "QueryTimeoutError": "This took too long",
    "BusyError": "The warehouse is busy",
    "NotReadyError": "No data yet",
    "PortfolioError": "A portfolio file cannot be used",
}
_TRY_AGAIN = "Try again. If it stays, show this page to whoever runs the warehouse."


def failure(kind: str, text: str) -> Notice:
    """Return the state of a warehouse that could not be read; `kind` is the error's class name.

    The errors of the warehouse and the portfolio say themselves what to do next.
    """
    if kind in FAILURES:
        return Notice(FAILURES[kind], text)
    return Notice("The figures could not be read", text, _TRY_AGAIN)


def unexpected(reference: str) -> Notice:
    """Return the state after a fault of our own; the log holds the rest under the same reference."""
    return Notice(
        "This page could not be drawn",
        "The fault is in the readout, not in your data. Nothing was changed.",
        f"Try again. If it stays, report reference {reference}.",
    )


def earlier(header: Header) -> str:
    """Return what a reader of an earlier state has to know, '' where the newest is shown."""
    if not header.scope.as_of:
        return ""
    return (
        f"You see the days up to {moment(header.as_of_local)} ({header.time_zone}) by the data of now: what was loaded "
        "or corrected since about them is in these figures. Sign-offs, waivers and the gate ledger are those of now."
    )
