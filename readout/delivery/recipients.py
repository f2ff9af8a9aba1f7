"""Who is told: every webhook of the settings, and the addresses that the gate or report names. Pure."""

from collections.abc import Iterable

from readout.settings import Settings
from readout.warehouse.outbox import Recipient


def recipients(settings: Settings, addresses: Iterable[str] = ()) -> tuple[Recipient, ...]:
    """Return the recipients of an event, each once.

    For a gate, `addresses` is `organisation.addresses(gate, names)`.
    """
    hooks = [Recipient("webhook", name) for name in settings.webhooks]
    mails = [Recipient("email", address) for address in addresses]
    return tuple(dict.fromkeys([*hooks, *mails]))
