"""`readout deliver`: send what waits. Exit 0 where nothing is left to send, else 1."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readout.cli.frame import OK, Json, app, print_json, read_settings
from readout.settings import Settings

if TYPE_CHECKING:
    from readout.delivery import Receipt

LEFT = 1
TO_SET = (
    "readout: nothing says where to send: set READOUT_WEBHOOK_URLS and READOUT_WEBHOOK_SECRET, or READOUT_SMTP_URL and "
    "READOUT_MAIL_FROM\n"
)


@app.command()
def deliver(
    only_list: Annotated[bool, typer.Option("--list", help="Show every event with its state; send nothing.")] = False,  # noqa: FBT002
    *,
    as_json: Json = False,
) -> None:
    """Send what waits in the outbox; one line an event and recipient. Exit code 1 where anything is left to send."""
    from readout.delivery import deliver as run  # noqa: PLC0415
    from readout.delivery import receipts  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    settings = read_settings()
    if not _can_send(settings):
        sys.stderr.write(TO_SET)
    found = []
    with open_journal(settings) as journal:
        for receipt in receipts(journal) if only_list else run(journal, settings):
            found.append(receipt)
            if not as_json:
                sys.stdout.write(f"{_line(receipt)}\n")
    left = sum(receipt.waits for receipt in found)
    if as_json:
        print_json({"left": left, "events": [_document(receipt) for receipt in found]})
    elif not found:
        sys.stdout.write("The outbox is empty.\n" if only_list else "Nothing waits to be sent.\n")
    raise typer.Exit(LEFT if left and not only_list else OK)


def _can_send(settings: Settings) -> bool:
    return bool(settings.webhooks and settings.webhook_keys) or bool(settings.smtp_url and settings.mail_from)


def _line(receipt: "Receipt") -> str:
    to = f"{receipt.recipient.channel} {receipt.recipient.target}" if receipt.recipient else "nobody"
    parts = [f"{receipt.state.replace('_', ' '):<12}", receipt.event.kind, receipt.event.subject, f"to {to}"]
    if receipt.waits and receipt.failing_since:
        parts.append(f"failing since {receipt.failing_since:%Y-%m-%d %H:%M} UTC")
    return "  ".join([*parts, receipt.detail]).rstrip()


def _document(receipt: "Receipt") -> dict[str, Any]:
    return {
        "event_id": receipt.event.event_id,
        "kind": receipt.event.kind,
        "subject": receipt.event.subject,
        "channel": receipt.recipient.channel if receipt.recipient else None,
        "target": receipt.recipient.target if receipt.recipient else None,
        "state": receipt.state,
        "attempts": receipt.attempts,
        "detail": receipt.detail,
        "last_attempt": receipt.last_attempt.isoformat() if receipt.last_attempt else None,
        "failing_since": receipt.failing_since.isoformat() if receipt.failing_since else None,
    }
