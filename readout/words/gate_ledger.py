"""The ledger on a gate's page: what was sealed, who signed, what was waived, what was sent."""

from datetime import datetime

from readout.briefs.results import LedgerView, PolicyVersion, Replayed
from readout.delivery import Receipt
from readout.gates.ledger import Restated, instant_of
from readout.warehouse.gate_ledger import Sealed, SignOff, Waiver
from readout.words.dates import day, moment
from readout.words.gates import condition_name_of
from readout.words.names import listed
from readout.words.numbers import count

ENTRY_HEADS = (("Record", ""), ("Sealed", "UTC"), ("Decision", ""), ("Policy", ""), ("Hash", ""))
SIGN_HEADS = (("Who", ""), ("What", ""), ("When", "UTC"), ("Until", ""), ("State", ""))
RESTATED_HEADS = (("Week", ""), ("Metric", ""), ("What", ""), ("As sealed", ""), ("Restated", ""))
SENT_HEADS = (("Event", ""), ("To", ""), ("State", ""), ("Last attempt", "UTC"))
NOTHING_SEALED = "Nothing is sealed yet. `readout gates seal`, run daily after refresh, writes what every gate says."
NO_LEDGER = "The journal cannot be read by this page; ask who runs the readout to grant it."
NOBODY = "Nobody has signed off or waived anything at this gate."
NOTHING_SENT = "Nothing was sent about this gate."
INTACT = "The chain of all {} records is whole, and every verdict follows from its own numbers."
BROKEN = "The ledger does not verify"
OPEN = "Open item"
RESTATED_TITLE = "Late data has changed numbers that the last record rests on; the record stays as it was sealed."
UNVERIFIED = "unverified: by command line, as {}"
SENT_STATES = {
    "delivered": ("Delivered", "good"),
    "pending": ("Waits", "neutral"),
    "failing": ("Failing", "bad"),
    "gave_up": ("Given up", "bad"),
    "no_recipient": ("Nobody named", "neutral"),
}
DOWNLOAD = "Download the ledger"
DOWNLOAD_HELP = "All gates in one JSON file; an auditor checks it without any data: readout gates verify FILE."
ALL_GATES = "all gates"
REPLAY = "Replay from the warehouse"
REPLAY_HELP = "Judge these decisions again from today's data, each by its own policy and as of its own instant."
REPLAY_HEAD = ("Replayed", "from today's data")
HOW_TO_SIGN = "readout gates sign {} --as {} --role … --comment …"


def whole(view: LedgerView, records: int) -> str:
    """Return whether the ledger verifies, in a sentence."""
    return INTACT.format(count(records)) if not view.faults else f"{BROKEN}: {view.faults[0].what}."


def entry(one: Sealed) -> tuple[str, str, str, str, str]:
    """Return a record's cells: number, sealed at, sentence, policy, hash."""
    record = one.record
    return (
        count(one.sequence),
        moment(instant_of(record["sealed_at"])),
        record["sentence"],
        record["policy_hash"][:12],
        one.hash[:12],
    )


def replayed(one: Replayed | None) -> tuple[str, str]:
    """Return what today's data gives for a sealed decision, and its tone."""
    if one is None:
        return "–", "neutral"
    if one.outcome in {"flips", "gone"}:
        return f"Now {one.now}", "bad"
    if one.outcome == "restated":
        return f"Same, {len(one.restated)} number{'' if len(one.restated) == 1 else 's'} restated", "neutral"
    return "The same", "good"


def signed(one: SignOff, now: datetime) -> tuple[tuple[str, str], str, str, str, tuple[str, str]]:
    """Return a sign-off's cells: who and as what account, comment, when, until, state."""
    kind = "" if one.verified else UNVERIFIED.format(one.account)
    state = ("Signed off", "good") if one.expires_at > now else ("Run out", "neutral")
    return (f"{one.who}, {one.role}", kind), one.comment, moment(one.signed_at), day(one.expires_at.date()), state


def waived(one: Waiver, now: datetime) -> tuple[tuple[str, str], str, str, str, tuple[str, str]]:
    """Return a waiver's cells, as `signed`."""
    kind = "" if one.verified else UNVERIFIED.format(one.account)
    names = listed(condition_name_of(name).lower() for name in one.metrics)
    state = ("Hold, waived", "neutral") if one.expires_at > now else ("Run out", "neutral")
    what = f"{names} waived: {one.reason}"
    return (f"{one.who}, {one.role}", kind), what, moment(one.granted_at), day(one.expires_at.date()), state


def excused(waivers: tuple[Waiver, ...]) -> str:
    """Return the standing waivers of a gate: waived for latency until 1 Oct 2026."""
    names = (listed(condition_name_of(name).lower() for name in one.metrics) for one in waivers)
    return "; ".join(
        f"waived for {said} until {day(one.expires_at.date())}" for said, one in zip(names, waivers, strict=True)
    )


def restated(one: Restated) -> tuple[str, str, str, str, str]:
    """Return a restated number's cells."""
    return day(one.week), condition_name_of(one.metric), one.what, one.sealed, one.now


def version(one: PolicyVersion) -> str:
    """Return a policy's version in a line: tightened on 3 Mar 2026."""
    said = {"first": "first sealed", "same": "changed beside the rule"}.get(one.change, one.change)
    return f"{one.hash[:12]}, {said} on {moment(one.since)} UTC"


def sent(one: Receipt) -> tuple[str, tuple[str, str], tuple[str, str], str]:
    """Return a receipt's cells: event, recipient, state, last attempt."""
    to = (one.recipient.target, one.recipient.channel) if one.recipient else ("nobody", "")
    return one.event.title, to, SENT_STATES[one.state], moment(one.last_attempt) if one.last_attempt else "–"
