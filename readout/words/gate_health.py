"""Gate health in words: what asks for care, and the next step."""

from collections.abc import Sequence

from readout.briefs.results import Finding
from readout.briefs.results_gates import GateHealthRow
from readout.gates.health import FAR_WEEKS, Care
from readout.words.dates import day
from readout.words.gates import WEEK_STATES, condition_name_of, step
from readout.words.names import listed
from readout.words.numbers import count, plain

CARE_HEADS = (("Gate", ""), ("What", ""), ("Next step", ""))
LIST_HEADS = (
    ("Gate", ""),
    ("Health", ""),
    ("Closed weeks", "of the release and stage in view"),
    ("Last closed week", ""),
    ("Evidence rule", ""),
    ("Owner and approver", "in the registry"),
    ("Review by", ""),
)
SOUND = ("Sound", "good")
NEEDS_CARE = ("Needs care", "bad")
NO_GATE_NAME = "no gate"
ALL_SOUND = "Nothing asks for care."
NO_WEEKS = "none yet"
NOT_LISTED = (
    "Whether an owner or approver has left cannot be known: the registry names the owners of systems by their role, "
    "not by address. Known here means found among its owners and teams."
)
LISTED = "The registry names people by address: who is neither an owner there nor in a team counts as gone."
NO_WAIVERS = "Waivers are not part of this view yet: none were handed in."
CARE_NOTE = (
    "Looked at: weeks of the release and stage in view, at most 26 before it. Never failed: at least 12 closed weeks "
    "with data, and none missed or breached. Too few: at least half of the last 12 closed weeks were held by it. Out "
    f"of reach: the evidence does not come within {FAR_WEEKS} weeks at the rate so far. A gate that needs care may "
    "still judge right today."
)
KNOWN = {True: "known", False: "gone", None: "cannot be known"}
TITLES = {
    "no_gate": "No gate",
    "no_data": "Never had data",
    "silent_metric": "A measure never arrived",
    "stale": "No week closes",
    "starved": "Too few observations",
    "unreachable": "Evidence out of reach",
    "far": "Evidence far away",
    "unprotected": "Unprotected",
    "nothing_required": "Requires nothing",
    "always_waived": "Always waived",
    "never_failed": "Never failed",
    "owner_gone": "Nobody there",
    "review_overdue": "Review overdue",
    "no_review": "No review date",
}


def finding(rows: Sequence[GateHealthRow]) -> Finding:
    """Return how many gates need care, and why those first that matter most."""
    gates = [row for row in rows if row.gate]
    without = [row for row in rows if not row.gate]
    if not rows:
        return Finding("No gate is defined for these systems.")
    careful = [row for row in gates if row.cares]
    parts = []
    if careful:
        of = f"{len(careful)} of {counted(len(gates), 'gate')} {'needs' if len(careful) == 1 else 'need'} care"
        named = [f"{row.system_name} ({short(row.cares[0])})" for row in careful[:3]]
        more = [f"{len(careful) - 3} more"] if len(careful) > 3 else []  # noqa: PLR2004 - as many as are named
        parts.append(f"{of}: {listed([*named, *more])}")
    elif gates:
        sound = "1 gate is" if len(gates) == 1 else f"all {len(gates)} gates are"
        parts.append(f"{sound} sound")
    if without:
        names = listed(row.system_name for row in without)
        parts.append(f"{names} {'has' if len(without) == 1 else 'have'} no gate")
    said = "; ".join(parts)
    return Finding(f"{said[0].upper()}{said[1:]}.", "bad" if careful or without else "good")


def counted(n: int, what: str) -> str:
    """Return 1 gate, 2 gates."""
    return f"{count(n)} {what}{'' if n == 1 else 's'}"


def short(care: Care) -> str:
    """Return a remark in a word or two inside a sentence."""
    return TITLES[care.kind].lower()


def name(row: GateHealthRow) -> str:
    """Return where a row's gate leads."""
    return step(row.from_stage, row.to_stage) if row.gate else NO_GATE_NAME


def said(care: Care) -> str:
    """Return what asks for care, with its numbers."""
    metric = condition_name_of(care.metric).lower() if care.metric else ""
    n = "" if care.n is None else plain(care.n)
    weeks = "" if care.weeks is None else counted(care.weeks, "closed week")
    return {
        "no_gate": lambda: "nothing in the registry says what it must show before it carries more load",
        "no_data": lambda: f"{weeks}, none with data" if care.weeks else "no week has closed with a task of its stage",
        "silent_metric": lambda: f"{metric} is declared and had no value in any of {weeks}",
        "stale": lambda: (
            f"the last week that closed is that of {day(care.day)}, {care.weeks} weeks behind" if care.day else ""
        ),
        "starved": lambda: (
            f"{metric} has {n} observations a week, {plain(care.needed or 0)} are asked for: {care.held} of the last "
            f"{weeks} were held"
        ),
        "unreachable": lambda: (
            f"{metric} runs at {_percent(care.n)}, the line is {_percent(care.needed)}: at that rate "
            "the evidence never comes"
        ),
        "far": lambda: f"{metric} needs {n} more observations, about {count(care.weeks or 0)} weeks at today's rate",
        "unprotected": lambda: "the raw rule promotes on the luck of small samples",
        "nothing_required": lambda: "no required metric has a line, so it holds whatever happens",
        "always_waived": lambda: f"{n} of {weeks} were waived: the gate does not decide",
        "never_failed": lambda: f"no week missed or broke a line in {weeks}: a gate that cannot fail proves nothing",
        "owner_gone": lambda: f"{care.person} is neither an owner nor in a team of the registry",
        "review_overdue": lambda: f"its review was due on {day(care.day)}" if care.day else "",
        "no_review": lambda: "nobody is asked whether it is still right",
    }[care.kind]()


def _percent(share: float | None) -> str:
    return f"{plain((share or 0) * 100, 1).removesuffix('.0')}%"


def next_step(care: Care, row: GateHealthRow) -> str:
    """Return who does what next."""
    who = row.owner or "The owner of the system"
    metric = condition_name_of(care.metric).lower() if care.metric else ""
    return {
        "no_gate": f"{who} writes down a gate, or why none is needed; try it on the bench first",
        "no_data": f"{who} checks that the system's measures reach the warehouse",
        "silent_metric": f"{who} connects {metric}, or takes it out of the policy",
        "stale": f"{who} checks releases that split weeks, and whether the system's tasks still arrive",
        "starved": f"{who} raises the review rate, or tries another min_n on the bench",
        "unreachable": f"{who} improves the system, or says why the line is right and the stage stays",
        "far": f"{who} raises the review rate; the bench shows what another evidence rule would risk",
        "unprotected": f"{who} sets evidence: always_valid; the bench shows the difference",
        "nothing_required": f"{who} makes a metric required",
        "always_waived": f"{row.approver} changes the line, or stops waiving it",
        "never_failed": f"{who} shows that the line could be missed: against the worst weeks, or tighter on the bench",
        "owner_gone": f"Whoever answers for {row.system_name} names a successor in the gate's file",
        "review_overdue": f"{row.approver} reviews the policy and sets the next date",
        "no_review": f"{who} sets review_by in the gate's file",
    }[care.kind]


def health(row: GateHealthRow) -> tuple[str, str]:
    """Return whether a gate is sound, and its tone."""
    return NEEDS_CARE if row.cares else SOUND


def health_count(row: GateHealthRow) -> str:
    """Return how many remarks there are."""
    return counted(len(row.cares), "remark") if row.cares else ""


def weeks(row: GateHealthRow) -> str:
    """Return the closed weeks by state: 12 met, 3 missed."""
    order = [state for state in WEEK_STATES if state in dict(row.by_state)]
    return ", ".join(f"{dict(row.by_state)[state]} {WEEK_STATES[state]}" for state in order)


def rule(row: GateHealthRow) -> str:
    """Return the evidence rule in a word or two."""
    names = {"always_valid": "always valid", "pooled": "pooled bound", "weekly_bound": "weekly bound", "point": "none"}
    return names.get(row.evidence_rule, "watches only")


def people(row: GateHealthRow) -> tuple[str, str]:
    """Return whether owner and approver are known."""
    owner, approver = row.known
    return f"owner {KNOWN[owner]}", f"approver {KNOWN[approver]}"
