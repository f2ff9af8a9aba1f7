"""Everything that leaves: one outbox, webhooks and e-mail, receipts.

    with journal.transaction() as connection:
        outbox.enqueue(connection, event, recipients(settings, addresses))
    for receipt in deliver(journal, settings):
        ...
    receipts(journal, "routing-engine/partial-to-full")

An event is sent at least once: one that was sent and not written down is sent again under the same id.
"""

from readout.delivery.deliver import deliver
from readout.delivery.receipts import Receipt, receipts
from readout.delivery.recipients import recipients
from readout.warehouse.outbox import Event, Recipient, stable_id

__all__ = ["Event", "Receipt", "Recipient", "deliver", "receipts", "recipients", "stable_id"]
