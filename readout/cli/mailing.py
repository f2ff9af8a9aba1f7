"""What commands that send share: whom `--mail` means, the outbox, and what became of each message."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from readout.portfolio import ADDRESS
from readout.settings import Settings
from readout.warehouse.errors import InputError

if TYPE_CHECKING:
    from readout.briefs.book import Book
    from readout.delivery import Event, Receipt


def addresses(book: "Book", names: list[str]) -> tuple[str, ...]:
    """Return the addresses of names and teams, each once.

    Raises:
        InputError: a name is neither, or nothing says by which server to send.
    """
    teams = book.portfolio.organisation.teams
    found = dict.fromkeys(address for name in names for address in teams.get(name, (name,)))
    wrong = next((one for one in found if not ADDRESS.fullmatch(one)), None)
    if wrong is not None:
        message = f"--mail {wrong!r} is no e-mail address and no team of organisation.yaml"
        raise InputError(message)
    settings = book.settings
    if found and not (settings.smtp_url and settings.mail_from):
        message = "--mail needs READOUT_SMTP_URL and READOUT_MAIL_FROM"
        raise InputError(message)
    return tuple(found)


def sender(settings: Settings) -> str:
    """Return the sender's bare address: who is told where nobody else is named."""
    from email.utils import parseaddr  # noqa: PLC0415

    return parseaddr(settings.mail_from or "")[1]


def send(settings: Settings, events: Iterable[tuple["Event", Iterable[str]]]) -> list["Receipt"]:
    """Put events into the outbox, each for its addresses, send whatever waits, and return the receipts of these events.

    An event whose id is there already is not sent again; its receipt says what became of it then.
    """
    from readout.delivery import Recipient, deliver, receipts  # noqa: PLC0415
    from readout.warehouse import outbox  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    wanted = list(events)
    with open_journal(settings) as journal:
        with journal.transaction() as connection:
            for event, to in wanted:
                outbox.enqueue(connection, event, [Recipient("email", one) for one in to])
        for _ in deliver(journal, settings):
            pass  # whatever waits is sent; what became of these events is asked below
        own = {event.event_id for event, _ in wanted}
        subjects = dict.fromkeys(event.subject for event, _ in wanted)
        return [one for subject in subjects for one in receipts(journal, subject) if one.event.event_id in own]


def line(one: "Receipt") -> str:
    """Return a receipt as a line of output."""
    target = one.recipient.target if one.recipient else "nobody"
    return f"{one.event.kind} to {target}: {one.state}, {one.detail or 'not tried'}"


def document(one: "Receipt") -> dict[str, Any]:
    """Return a receipt as JSON."""
    return {
        "event_id": one.event.event_id,
        "kind": one.event.kind,
        "target": one.recipient.target if one.recipient else None,
        "state": one.state,
        "detail": one.detail,
        "attempts": one.attempts,
    }
