"""Digests by e-mail, one a role: short, every line with its page's address; held back where data is not whole."""

from dataclasses import dataclass
from typing import Literal

from readout.briefs.results import Header

Role = Literal["leadership", "finance", "operations"]
ROLES: tuple[Role, ...] = ("leadership", "finance", "operations")


@dataclass(frozen=True)
class Point:
    """A line: whose or what it is, what is said of it in its tone, smaller lines below, and its page's address."""

    name: str
    text: str
    address: str
    tone: str = "neutral"
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A heading and its lines; without any, `nothing` says so."""

    title: str
    points: tuple[Point, ...]
    nothing: str = ""


@dataclass(frozen=True)
class Held:
    """Why a digest is not sent. `code` stays the same while the reason does, whatever its numbers."""

    code: str
    text: str


@dataclass(frozen=True)
class Digest:
    """What one role is told of one period. `period` names it for good: 2026-W47, 2026-10, 2026-11-27."""

    role: Role
    period: str
    title: str
    lead: str
    tone: str
    address: str
    header: Header
    parts: tuple[Part, ...]
    held: tuple[Held, ...] = ()
    under: str = ""
