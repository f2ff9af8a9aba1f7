"""When a gate's evaluation starts afresh because its policy was loosened: what the ledger remembers of policies."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from readout.briefs.book import Book
from readout.gates.changes import compare
from readout.gates.ledger import instant_of, policy_of
from readout.warehouse import gate_ledger as stored
from readout.warehouse.gate_ledger import Sealed
from readout.warehouse.journal import Journal

if TYPE_CHECKING:
    from readout.gates.policy import Gate


def restarts_of(sealed: Iterable[Sealed], book: Book) -> dict[str, tuple[datetime, ...]]:
    """Return the instants at which a gate's policy was loosened: its evaluation starts afresh there.

    `sealed`: at least the records with which a policy came into force, in the order of the chain. A policy that is
    loosened and not sealed yet starts afresh at once, so that no week before can make it pass.
    """
    found: dict[str, tuple[datetime, ...]] = {}
    last: dict[str, Gate] = {}
    for one in sealed:
        name, at = one.record["gate"], instant_of(one.record["as_of"])
        if at > book.as_of:
            continue
        policy = policy_of(one.record)
        if name in last and compare(last[name], policy) == "loosened":
            found[name] = (*found.get(name, ()), at)
        last[name] = policy
    for name, gate in book.portfolio.gates.items():
        if name in last and compare(last[name], gate) == "loosened":
            found[name] = (*found.get(name, ()), book.as_of)
    return found


def with_restarts(book: Book, journal: Journal) -> Book:
    """Return the book with what a journal's ledger remembers of loosened policies."""
    with journal.reading() as connection:
        return replace(book, restarts=restarts_of(stored.policy_changes(connection), book))
