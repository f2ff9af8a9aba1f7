"""What the registry says of one system's work: the workflow before and now, and the modules it shares."""

import re
from functools import partial

from readout.briefs.results_system import FlowStep, SharedModule
from readout.portfolio import Portfolio, Step, System

# What the last word of a step's `who` says about who it is.
MACHINES = frozenset(
    """ai bot categoriser categorizer classifier copilot detector engine extractor forecaster llm model optimiser
    optimizer orchestrator predictor recogniser recognizer scorer summariser summarizer system systems transcriber
    """.split()  # noqa: SIM905 - a word a line would fill a screen
)
PROGRAMS = frozenset(
    """application batch crm database erp export gateway hub import job pipeline platform process rule rules scheduler
    script server service software spreadsheet tool workflow
    """.split()  # noqa: SIM905
)
PERSONS = frozenset(
    """accountant administrator adviser advisor agent analyst auditor bookkeeper buyer clerk committee controller
    counsel customer desk director editor engineer expert head labeller lawyer lead manager merchandiser officer
    operator owner people person planner reviewer specialist staff supervisor team technician tester user
    """.split()  # noqa: SIM905
)


def flow(system: System) -> tuple[tuple[FlowStep, ...], tuple[FlowStep, ...]]:
    """Return the workflow before and now, each step marked by who does it and by what became of it."""
    lanes = system.workflow
    was: dict[str, list[Step]] = {}
    for step in lanes.before:
        was.setdefault(_same_words(step.who), []).append(step)
    now = {_same_words(step.who) for step in lanes.after}
    compared = bool(lanes.before and lanes.after)
    newcomer = next((step for step in lanes.after if _same_words(step.who) not in was), None)

    def fate(step: Step) -> str:
        earlier = was.get(_same_words(step.who), [])
        if not compared or not earlier:
            return "new" if compared else ""
        return "kept" if any(map(partial(_alike, step), earlier)) else "changed"

    def drawn(step: Step, by: str, what: str) -> FlowStep:
        return FlowStep(step.who, step.does, step.stored_in, step.feeds, by, what)

    gone = {True: "kept", False: "gone"}
    return tuple(
        drawn(step, actor(step.who), gone[_same_words(step.who) in now] if compared else "") for step in lanes.before
    ), tuple(
        drawn(step, actor(step.who, fresh=_same_words(step.who) not in was, first=step is newcomer), fate(step))
        for step in lanes.after
    )


def _alike(one: Step, other: Step) -> bool:
    return all(
        _same_words(getattr(one, name)) == _same_words(getattr(other, name)) for name in ("does", "stored_in", "feeds")
    )


def _same_words(text: str) -> str:
    return " ".join(text.split()).casefold()


def actor(who: str, *, fresh: bool = False, first: bool = False) -> str:
    """Return who a step's `who` is: ai, software or people, by its words; the last one says most.

    `fresh` = nobody of that name worked here before: a machine that did is software. The first newcomer is the system
    itself, whatever it is called, unless its name is a person's. `AI` in a newcomer's name always means AI.
    """
    tokens = re.findall(r"[a-z0-9]+", who.casefold())
    head = tokens[-1] if tokens else ""
    if fresh and "ai" in tokens:
        return "ai"
    if first and not {head, *tokens[:1]} & PERSONS:  # clerk, payables clerk, head of payables
        return "ai"
    if head in PROGRAMS or (head in MACHINES and {"rule", "rules"} & set(tokens)):
        return "software"
    return ("ai" if fresh else "software") if head in MACHINES else "people"


def shared_modules(portfolio: Portfolio, system: str) -> tuple[SharedModule, ...]:
    """Return a system's reusable modules, each with the other systems that name it."""
    known = portfolio.systems.get(system)
    return tuple(
        SharedModule(
            module,
            {
                other.id: other.name
                for other in portfolio.systems.values()
                if other.id != system and _same_words(module) in map(_same_words, other.modules)
            },
        )
        for module in (known.modules if known else ())
    )
