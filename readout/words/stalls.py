"""The stall finder in words: what shows that a system stalls, and the next step."""

from collections.abc import Sequence

from readout.briefs.results import Finding
from readout.briefs.results_gates import StallRow
from readout.gates.stalls import LOW_LOAD, UNPLANNED_WEEKS, WAYS, Stall, Way
from readout.words.dates import day
from readout.words.names import listed, stage
from readout.words.numbers import count, percent, plain

WAY_NAMES: dict[Way, tuple[str, str]] = {
    "integration": ("Narrow integration", "it stands beside the work"),
    "ownership": ("Broken ownership", "nobody answers for it"),
    "success": ("Vague success", "nothing says what would be enough"),
    "timeline": ("Misleading timeline", "the plan says one thing, the stage another"),
}
SYSTEM_HEAD = ("System", "stage")
FINDING_HEADS = (("System", ""), ("Way", ""), ("What shows it", ""), ("Next step", ""))
CLEAR = ("Clear", "good")
NOTE = (
    "Narrow integration: every source is an exported snapshot, the last task is older than the promised freshness "
    f"and its usual pauses, or it carries less than {percent(LOW_LOAD)} of its entitled load. Broken ownership: no "
    "business owner, nobody who approves the next stage, or a person who has left the registry. Vague success: no "
    "gate, one that never binds or never had data, or no baseline. Misleading timeline: a planned stage is more "
    f"than four weeks overdue, or {UNPLANNED_WEEKS} weeks in one stage without a next one planned."
)
NONE = "No system shows any of the four ways."
TITLES = {
    "snapshots": "fed by exports",
    "stale": "stale arrival",
    "low_load": "low load",
    "no_owner": "no owner",
    "no_approver": "no approver",
    "gone": "left",
    "no_gate": "no gate",
    "never_binds": "never binds",
    "no_data": "no data",
    "no_baseline": "no baseline",
    "overdue": "stage overdue",
    "unplanned": "no next stage",
}


def finding(rows: Sequence[StallRow]) -> Finding:
    """Return which systems stall, and in how many of the four ways."""
    found = [(row, len({one.way for one in row.stalls})) for row in rows if row.stalls]
    if not rows:
        return Finding("No system is known.")
    if not found:
        return Finding("No system shows any of the four ways to stall.", "good")
    ways = {1: "one way", len(WAYS): "all four ways"}
    named = [f"{row.system_name} in {ways.get(n, f'{count(n)} ways')}" for row, n in found[:3]]
    named += [f"{len(found) - 3} more"] if len(found) > 3 else []  # noqa: PLR2004 - as many as are named
    return Finding(f"{count(len(found))} of {count(len(rows))} systems stall{'s' if len(found) == 1 else ''}: "
                   f"{listed(named)}.", "bad")  # fmt: skip


def place(row: StallRow) -> str:
    """Return where a system stands: shadow, 19 weeks."""
    if not row.stage:
        return "no stage recorded"
    weeks = "" if row.weeks_in_stage is None else f", {_weeks(row.weeks_in_stage)}"
    return f"{stage(row.stage).lower()}{weeks}"


def way(row: StallRow, name: Way) -> tuple[tuple[str, str], str]:
    """Return whether a system shows a way, with its tone, and by what."""
    own = [one for one in row.stalls if one.way == name]
    if not own:
        return CLEAR, ""
    return ("Stalls", "bad"), listed(TITLES[one.kind] for one in own)


def said(one: Stall) -> str:
    """Return what shows a way, with its numbers."""
    number, of = one.number or 0.0, one.of or 0.0
    return {
        "snapshots": lambda: f"every source is an exported snapshot, {listed(one.texts) or 'without a cadence'}",
        "stale": lambda: f"its last task arrived {_age(number)} ago; one was due within {_age(of)}, pauses counted in",
        "low_load": lambda: f"it carries at most {percent(number)} of the work; its stage entitles it to {percent(of)}",
        "no_owner": lambda: "the registry names no business owner",
        "no_approver": lambda: "no gate names anybody who approves its next stage",
        "gone": lambda: f"{listed(one.texts)} is neither an owner nor in a team of the registry",
        "no_gate": lambda: "nothing says what it must show before it carries more load",
        "never_binds": lambda: "none of its gates has a line that binds",
        "no_data": lambda: "its gates never had a week with data",
        "no_baseline": lambda: "no baseline is recorded: nobody can say what it improves",
        "overdue": lambda: _overdue(one),
        "unplanned": lambda: f"{_weeks(int(number))} in one stage, and no next one is planned",
    }[one.kind]()


def next_step(one: Stall, row: StallRow) -> str:
    """Return who does what next."""
    who = row.owner or "Whoever answers for it"
    return {
        "snapshots": f"{who} connects it to where the work happens, by event or API, or ends it",
        "stale": f"{who} has its tasks delivered as they happen",
        "low_load": f"{who} finds out why the work goes past it, or lowers the entitled share",
        "no_owner": "Whoever pays for it names a business owner under `owners` of its file",
        "no_approver": f"{who} writes a gate that names its approver",
        "gone": f"{who} names a successor in the gate's file",
        "no_gate": f"{who} writes down what is enough, and tries it on the policy bench",
        "never_binds": f"{who} makes a metric required",
        "no_data": f"{who} connects the measures that the gate names",
        "no_baseline": f"{who} measures the work as it is without it, and loads it into baselines",
        "overdue": f"{who} decides: next stage, a new date, or retired",
        "unplanned": f"{who} plans the next stage with its date, or retires it",
    }[one.kind].replace("`", "")


def _overdue(one: Stall) -> str:
    since = f"; {_weeks(int(one.number))} in the stage in force" if one.number is not None else ""
    return f"{stage(one.texts[0]).lower()} was planned from {day(one.day)}{since}" if one.day else ""


def _weeks(n: int) -> str:
    return f"{count(n)} week{'' if n == 1 else 's'}"


def _age(hours: float) -> str:
    days = hours / 24
    return f"{plain(days)} days" if days >= 2 else f"{plain(hours)} hours"  # noqa: PLR2004 - two days and more read as days
