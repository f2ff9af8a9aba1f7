"""What comes next at a gate, and who does it."""

from readout.briefs.results import GateCard
from readout.gates.policy import Action
from readout.words.names import stage
from readout.words.numbers import count, plain


def action(what: Action | None) -> str:
    """Return what an outcome sets in motion: stage full, load 100%, review 5%, milestone R-114, tell platform."""
    if what is None:
        return ""
    parts = [
        f"stage {stage(what.stage).lower()}" if what.stage else "",
        f"load {plain(what.load_share * 100)}%" if what.load_share is not None else "",
        f"review {plain(what.review_rate * 100)}%" if what.review_rate is not None else "",
        f"milestone {what.milestone}" if what.milestone else "",
        f"tell {', '.join(what.notify)}" if what.notify else "",
    ]
    return ", ".join(part for part in parts if part)


def next_step(card: GateCard) -> str:
    """Return who does what next, without a full stop."""
    fixed = {
        "waiting": f"nothing yet: the system is in {stage(card.stage).lower()}, this gate begins in "
        f"{stage(card.from_stage).lower()}",
        "breach": f"{card.owner} takes load back: {action(card.action) or 'the policy sets no action'}",
        "failed": f"{card.owner} decides: a new major release or another policy starts afresh",
        "eligible": f"{card.approver} reviews the evidence and signs off before the stage becomes "
        f"{stage(card.to_stage).lower()}",
        "no_data": f"{card.owner} checks that the system's measures reach the warehouse",
        "watch": f"{card.owner} watches; a broken line takes load back",
    }
    return fixed.get(card.state) or _held(card)


def _held(card: GateCard) -> str:
    if card.reason == "lapsed":
        return f"{card.approver} did not promote in time; the weeks count afresh"
    missing = card.weeks_needed - card.streak
    if missing > 0:
        return f"{count(missing)} more met week{'' if missing == 1 else 's'} in a row until {card.approver} can review"
    found = card.outlook
    if found is None or found.missing is None or found.weeks is None:
        return f"{card.owner} raises the review rate: at today's figures the evidence does not get there"
    return f"{count(found.missing)} more observations, about {count(found.weeks)} weeks at today's volume"
