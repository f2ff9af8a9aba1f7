"""Send what waits in the outbox, and write down what came of it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from readout.delivery import mail, webhook
from readout.delivery.receipts import Receipt, after, receipts
from readout.delivery.sending import TRIES, NotSentError, Sleep, attempt
from readout.portfolio import ADDRESS
from readout.settings import Settings
from readout.warehouse import outbox
from readout.warehouse.binding import naive
from readout.warehouse.journal import Journal
from readout.warehouse.outbox import Attempt, Event, Outcome, Recipient

Clock = Callable[[], datetime]


def deliver(
    journal: Journal, settings: Settings, *, clock: Clock = lambda: datetime.now(UTC), sleep: Sleep = time.sleep
) -> Iterator[Receipt]:
    """Yield the receipt of every event and recipient that waited, after one attempt each (with its retries).

    What the settings cannot send goes on waiting; its `detail` names what to set. Where a recipient fails through all
    retries, each later event of the run gets one try. An event as old as `delivery_give_up_days` is given up unsent.

    Raises:
        BusyError: another process is delivering.
        WarehouseError: the journal cannot be written.
    """
    oldest = naive(clock()) - timedelta(days=settings.delivery_give_up_days)
    tired: set[Recipient] = set()
    with journal.only_deliverer():
        for receipt in receipts(journal):
            if not receipt.waits or receipt.recipient is None:
                continue
            missing = what_to_set(settings, receipt.recipient)
            outcome: Outcome = "gave_up"
            if receipt.recipient.channel == "email" and not ADDRESS.fullmatch(receipt.recipient.target):
                detail = "is no e-mail address, and was no team of organisation.yaml"
            elif receipt.created_at <= oldest:
                last = receipt.detail or missing or "never tried"
                detail = f"not delivered within {settings.delivery_give_up_days:g} days; {last}"
            elif missing:
                yield replace(receipt, detail=missing)
                continue
            else:
                outcome, detail = _send(settings, receipt.event, receipt.recipient, tired, sleep)
            made = Attempt(receipt.event.event_id, receipt.recipient, naive(clock()), outcome, detail)
            with journal.transaction() as connection:
                outbox.record_attempt(connection, made)
            yield after(receipt, made)


def what_to_set(settings: Settings, recipient: Recipient) -> str:
    """Return which setting is missing to reach a recipient; nothing where none is."""
    if recipient.channel == "email":
        names = {"READOUT_SMTP_URL": settings.smtp_url, "READOUT_MAIL_FROM": settings.mail_from}
    elif settings.webhooks and recipient.target not in settings.webhooks:
        return f"READOUT_WEBHOOK_URLS names no {recipient.target}"
    else:
        names = {"READOUT_WEBHOOK_URLS": settings.webhooks, "READOUT_WEBHOOK_SECRET": settings.webhook_keys}
    absent = [name for name, value in names.items() if not value]
    return f"not set: {', '.join(absent)}" if absent else ""


def _send(
    settings: Settings, event: Event, recipient: Recipient, tired: set[Recipient], sleep: Sleep
) -> tuple[Outcome, str]:
    def once() -> str:
        if recipient.channel == "webhook":
            return webhook.post(settings.webhooks[recipient.target], settings.webhook_keys, event)
        url = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
        return mail.send(url, mail.compose(event, settings.mail_from or "", recipient.target))

    try:
        return "delivered", attempt(once, tries=1 if recipient in tired else TRIES, sleep=sleep)
    except NotSentError as error:
        if error.again:
            tired.add(recipient)
        return "failed", error.detail
