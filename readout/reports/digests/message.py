"""A digest as an e-mail: plain text and HTML that say the same, and the event that carries both through the outbox."""

import html
from datetime import datetime

from readout.delivery import Event, stable_id
from readout.reports.digests import Digest, Part, Point
from readout.words import digests as said
from readout.words.addresses import absolute

COLOURS = {"good": "#0b6e5f", "bad": "#b3401f", "warn": "#8a5c00"}
INK, SOFT, RULE = "#16232c", "#4d5b65", "#dcd8cf"
FONT = "font-family:Inter,'Segoe UI',Helvetica,Arial,sans-serif"


def plain(digest: Digest, public_url: str | None) -> str:
    """Return the digest as plain text; without a public address it has no links, and says so."""
    lines = [digest.title, "", digest.lead]
    lines += [line for line in (digest.under, absolute(public_url, digest.address)) if line]
    for part in digest.parts:
        lines += ["", part.title.upper()]
        lines += [line for point in part.points for line in _lines(point, public_url)]
        lines += [] if part.points else [part.nothing]
    return "\n".join([*lines, "", said.of_data(digest.header), *([] if public_url else [said.NO_LINKS])]) + "\n"


def _lines(point: Point, public_url: str | None) -> list[str]:
    where = absolute(public_url, point.address)
    return [f"- {point.name}: {point.text}", *(f"  {one}" for one in (*point.below, where) if one)]


def hypertext(digest: Digest, public_url: str | None) -> str:
    """Return the digest as HTML for mail: styles stand in their elements, and nothing is fetched."""
    tone = COLOURS.get(digest.tone, RULE)
    under = _paragraph(digest.under, SOFT, "14px") if digest.under else ""
    where = absolute(public_url, digest.address)
    opened = f'<p style="margin:8px 0 0;font-size:13px">{_link(where, said.LINK)}</p>' if where else ""
    parts = "".join(_part(part, public_url) for part in digest.parts)
    note = "" if public_url else _paragraph(said.NO_LINKS, SOFT, "12px")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_escape(digest.title)}</title></head>'
        f'<body style="margin:0;padding:24px 16px;background:#fbfaf7;color:{INK};{FONT};line-height:1.45">'
        f'<div style="max-width:640px;margin:0 auto">{_paragraph(digest.title, SOFT, "13px")}'
        f'<h1 style="font-size:20px;line-height:1.3;margin:6px 0 0;border-left:4px solid {tone};padding-left:10px">'
        f"{_escape(digest.lead)}</h1>{under}{opened}{parts}"
        f'<div style="margin-top:24px;border-top:1px solid {RULE}">'
        f"{_paragraph(said.of_data(digest.header), SOFT, '12px')}{note}</div></div></body></html>\n"
    )


def _escape(text: object) -> str:
    return html.escape(str(text), quote=True)


def _paragraph(text: str, colour: str, size: str) -> str:
    return f'<p style="margin:6px 0 0;color:{colour};font-size:{size}">{_escape(text)}</p>'


def _link(where: str, text: str) -> str:
    return f'<a href="{_escape(where)}" style="color:#0f5c6b">{_escape(text)}</a>'


def _part(part: Part, public_url: str | None) -> str:
    rows = "".join(_row(point, public_url) for point in part.points)
    body = (
        f'<table role="presentation" style="border-collapse:collapse;width:100%;font-size:14px">{rows}</table>'
        if rows
        else _paragraph(part.nothing, SOFT, "14px")
    )
    return f'<h2 style="font-size:15px;margin:24px 0 4px">{_escape(part.title)}</h2>{body}'


def _row(point: Point, public_url: str | None) -> str:
    where = absolute(public_url, point.address)
    name = _link(where, point.name) if where else _escape(point.name)
    colour = COLOURS.get(point.tone, INK)
    below = "".join(f'<div style="color:{SOFT};font-size:13px">{_escape(one)}</div>' for one in point.below)
    return (
        f'<tr><td style="border-top:1px solid {RULE};padding:7px 0"><b>{name}</b> '
        f'<span style="color:{colour};font-weight:600">{_escape(point.text)}</span>{below}</td></tr>'
    )


def sent(digest: Digest, address: str, public_url: str | None, again: datetime | None = None) -> Event:
    """Return the message to one address: the same one for the same period, however often it is asked for.

    `again`: when it was asked to go out once more; then it is another message.
    """
    parts = (digest.role, digest.period, *digest.header.scope.systems, address, again.isoformat() if again else "")
    return Event(
        stable_id("digest.sent", *parts),
        "digest.sent",
        f"digest/{digest.role}",
        digest.header.as_of,
        digest.title,
        plain(digest, public_url),
        {"html": hypertext(digest, public_url)},
    )


def held(digest: Digest, owner: str) -> Event:
    """Return the message that tells the owner why a digest was not sent: once for each period and kind of reason."""
    codes = (one.code for one in digest.held)
    return Event(
        stable_id("digest.held", digest.role, digest.period, owner, *codes),
        "digest.held",
        f"digest/{digest.role}",
        digest.header.as_of,
        said.not_sent(digest.title),
        said.held(digest.title, (one.text for one in digest.held)),
    )
