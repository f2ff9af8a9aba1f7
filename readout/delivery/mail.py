"""E-mail over SMTP: plain text, one message for each address."""

import contextlib
import hashlib
import mimetypes
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from readout.delivery.sending import TIMEOUT_SECONDS, NotSentError
from readout.settings import SMTP_PORTS
from readout.warehouse.outbox import Event

PASSING = range(400, 500)  # SMTP's own word for "try again later"
_LONGEST = 200


def compose(event: Event, sender: str, address: str) -> EmailMessage:
    """Return the message, with the files that the event names. Its id is the event's: a repeat is one in a mailbox.

    Raises:
        NotSentError: a file is gone, or is not the one that was enqueued.
    """
    message = EmailMessage(policy=SMTP)
    digest = hashlib.sha256(event.event_id.encode()).hexdigest()[:32]
    message["From"] = sender
    message["To"] = address
    message["Subject"] = " ".join(event.title.split())
    message["Date"] = localtime()
    message["Message-ID"] = f"<{digest}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(event.text)
    if "html" in event.data:
        message.add_alternative(event.data["html"], subtype="html")
    for attached in event.data.get("attachments", ()):
        kind, _, part = (mimetypes.guess_type(attached["name"])[0] or "application/octet-stream").partition("/")
        message.add_attachment(_content(attached), maintype=kind, subtype=part, filename=attached["name"])
    return message


def _content(attached: Mapping[str, str]) -> bytes:
    """Return the bytes of a file that an event names by path and SHA-256."""
    try:
        content = Path(attached["path"]).read_bytes()
    except OSError as error:
        message = f"{attached['path']} cannot be read: {error.strerror}"
        raise NotSentError(message, again=False) from error
    if hashlib.sha256(content).hexdigest() != attached["sha256"]:
        message = f"{attached['path']} was changed since it was enqueued"
        raise NotSentError(message, again=False)
    return content


def send(url: str, message: EmailMessage) -> str:
    """Hand one message to the server of `smtp://`, `smtps://` or `smtp+starttls://` and return who accepted it.

    Raises:
        NotSentError: no answer, or a refusal, with the server's words (not where a sign-in is refused).
    """
    try:
        with contextlib.closing(_connected(url)) as server:
            server.send_message(message)
            with contextlib.suppress(OSError):  # accepted is accepted, however the server takes its leave
                server.quit()
    except smtplib.SMTPAuthenticationError as error:
        raise NotSentError(_words(error.smtp_code, "sign-in refused"), again=error.smtp_code in PASSING) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise NotSentError(_words(code, said), again=code in PASSING) from error
    except smtplib.SMTPResponseException as error:
        raise NotSentError(_words(error.smtp_code, error.smtp_error), again=error.smtp_code in PASSING) from error
    except OSError as error:  # smtplib's own errors are OSErrors too
        lasting = isinstance(error, ssl.SSLCertVerificationError | smtplib.SMTPNotSupportedError)
        raise NotSentError(f"{type(error).__name__}: {error}"[:_LONGEST], again=not lasting) from error
    return f"accepted by {urlsplit(url).hostname}"


def _connected(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or SMTP_PORTS[parts.scheme]
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _words(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join(f"SMTP {code}: {text}".split())[:_LONGEST]
