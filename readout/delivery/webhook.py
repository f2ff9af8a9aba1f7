"""Signed webhooks by the scheme of Standard Webhooks (https://www.standardwebhooks.com)."""

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from standardwebhooks import Webhook

from readout import __version__
from readout.delivery.sending import TIMEOUT_SECONDS, NotSentError
from readout.warehouse.outbox import Event, canonical

PASSING = frozenset({408, 425, 429})  # and every 5xx: the same request may succeed later

for _name in ("httpx", "httpcore"):  # they log every URL, and a webhook's URL may hold its secret
    logging.getLogger(_name).setLevel(logging.WARNING)


def body(event: Event) -> str:
    """Return the event as the JSON text that is signed and sent: type, timestamp, data."""
    data = {"subject": event.subject, "title": event.title, "text": event.text, **event.data}
    return canonical({"type": event.kind, "timestamp": f"{event.occurred_at.isoformat()}Z", "data": data})


def headers(event_id: str, text: str, keys: tuple[str, ...], at: datetime) -> dict[str, str]:
    """Return the headers that let a receiver check who sends, and drop what it has seen; one signature for each key."""
    return {
        "content-type": "application/json",
        "user-agent": f"readout/{__version__}",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(event_id, at, text) for key in keys),
    }


def post(url: str, keys: tuple[str, ...], event: Event) -> str:
    """Post an event once and return `HTTP 202` or the like; the answer's text is not read.

    Raises:
        NotSentError: no answer, or any but 2xx. A redirect is not followed.
    """
    text = body(event)
    signed = headers(event.event_id, text, keys, datetime.now(UTC))
    try:
        with httpx.stream("POST", url, content=text.encode(), headers=signed, timeout=TIMEOUT_SECONDS) as response:
            answer, wait = f"HTTP {response.status_code}", response.headers.get("retry-after", "")
            passing = response.status_code in PASSING or response.is_server_error
            taken = response.is_success
    except httpx.TransportError as error:
        detail = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise NotSentError(detail, again=True) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotSentError(type(error).__name__, again=False) from error
    if not taken:
        raise NotSentError(answer, again=passing, after=retry_after(wait, datetime.now(UTC)))
    return answer


def retry_after(value: str, now: datetime) -> float:
    """Return the seconds that a Retry-After asks for, given as seconds or as a date; 0 for neither."""
    if value.strip().isdecimal():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())
