"""What the checks are called, what they found in a sentence, and who does what next."""

from dataclasses import dataclass
from itertools import count

from readout.briefs.results import CheckLine
from readout.words.numbers import age, percent
from readout.words.numbers import count as number

_place = count()


@dataclass(frozen=True)
class CheckWords:
    """A check's name, what it asks, what is at fault (one, many), and the next step where it fails."""

    title: str
    asks: str
    one: str
    many: str
    step: str
    place: int


def _check(title: str, asks: str, one: str, many: str, step: str) -> CheckWords:
    return CheckWords(title, asks, one, many, step, next(_place))


CHECKS = {
    "unique_keys": _check(
        "Unique keys", "Every task and call has an id of its own.", "row repeats an id", "rows repeat an id",
        "Have the source send each id once; of repeated rows the newest counts.",
    ),
    "duplicate_ids": _check(
        "Duplicate ids", "What arrives twice is counted once.", "row arrived twice and was counted once",
        "rows arrived twice and were counted once", "Nothing to do: loading keeps one of each.",
    ),
    "completed_after_created": _check(
        "Completed after created", "No task is completed before it was created.",
        "task ends before it begins", "tasks end before they begin",
        "Look at the source's clocks and time zones; these tasks have no cycle time.",
    ),
    "no_negative_duration": _check(
        "No negative duration", "No latency, call or work lasts less than nothing.",
        "duration is negative", "durations are negative", "Mend the source; these durations are left out.",
    ),
    "clock_skew": _check(
        "Clocks agree", "Nothing arrives before it happened, or happens after the last arrival.",
        "row is ahead of its clock", "rows are ahead of their clock", "Set the clocks of source and warehouse to UTC.",
    ),
    "sampling_prob": _check(
        "Sampling probability", "The chance of a review lies above 0 and at most at 1.",
        "verdict has an impossible probability", "verdicts have an impossible probability",
        "Mend the reviewing tool; these verdicts cannot be weighed.",
    ),
    "verdicts_every_week": _check(
        "Verdicts every week", "Each closed week with AI work has a verdict that can tell right from wrong.",
        "week of AI work without a usable verdict", "weeks of AI work without a usable verdict",
        "Have a sample of those weeks reviewed; until then their accuracy is unknown.",
    ),
    "orphans": _check(
        "Nothing without its task", "Verdicts, work, calls and shadow rows name a task that is there.",
        "row names a task that is not there", "rows name a task that is not there",
        "Load the missing tasks, or mend the ids.",
    ),
    "zero_cost_is_unknown": _check(
        "Zero cost is unknown", "A cost of 0 beside tokens is unknown, not free.",
        "call says 0 beside tokens and counts as unknown", "calls say 0 beside tokens and count as unknown",
        "Ask the gateway's owner why it books nothing.",
    ),
    "tasks_priced": _check(
        "Tasks priced", "At least 95 % of the AI's tasks have a known cost.",
        "AI task has no known cost", "AI tasks have no known cost", "Load the missing prices or costs.",
    ),
    "mixed_currencies": _check(
        "One currency", "A system's costs are in one currency.", "currency stands beside another",
        "currencies stand side by side", "Send one currency; figures over several are not measurable.",
    ),
    "cost_against_invoice": _check(
        "Cost against invoice", "What the calls add up to is what was invoiced, within rounding.",
        "month differs from its invoice", "months differ from their invoice",
        "Compare the provider's invoice with the calls of that month.",
    ),
    "load_share": _check(
        "Load share against plan", "The last closed week runs at the load that the stage entitles to, within 5 points.",
        "system runs off its plan", "systems run off their plan",
        "Set the load back to the stage's share, or record the stage that was decided.",
    ),
    "release_recorded": _check(
        "Releases on record", "Every release that served a task is in the list of releases.",
        "task was served by a release without a record", "tasks were served by a release without a record",
        "Record the release with its change class.",
    ),
    "freshness": _check(
        "Fresh facts", "The system's last task arrived within the promised time and its usual pauses.",
        "system is behind its promise", "systems are behind their promise",
        "Wire the system to its live source; a snapshot is always behind.",
    ),
    "sources_fresh": _check(
        "Fresh sources", "Every source delivered within the promised time.", "source is late", "sources are late",
        "Look at the loading job of that source.",
    ),
}  # fmt: skip
CHECK_STATES = {"fail": "Fails", "repaired": "Repaired", "not_checked": "Not checked", "pass": "Passes"}
CHECK_CODES = {"fail": "FAIL", "repaired": "REPAIRED", "not_checked": "NOT CHECKED", "pass": "PASS"}
NOTHING_TO_CHECK = "nothing of it was recorded"
SOURCES = "Sources"


def check_sentence(line: CheckLine) -> str:
    """Return what a check found, without a full stop."""
    check = CHECKS[line.check]
    if line.state == "not_checked":
        return NOTHING_TO_CHECK
    if line.check == "load_share" and line.value is not None and line.wanted is not None:
        return f"entitled {percent(line.wanted)}, running {percent(line.value)}"
    if line.check in {"freshness", "sources_fresh"} and line.value is not None and line.wanted is not None:
        if line.check == "freshness":
            return f"last arrival {age(line.value)} before the last refresh, due within {age(line.wanted)}"
        return f"{age(line.value)}, promised {age(line.wanted)}"
    if line.check == "tasks_priced" and line.value is not None:
        return f"cost known for {percent(line.value)} of {number(line.total)} tasks"
    if line.bad:
        return f"{number(line.bad)} {check.one if line.bad == 1 else check.many}, of {number(line.total)}"
    return f"{number(line.total)} checked"


def check_evidence(line: CheckLine) -> str:
    """Return the first things at fault, by their keys."""
    return ", ".join(f"{kind.replace('_', ' ')} {which}" for kind, which in line.evidence[:6])


def folded_checks(state: str, lines: int) -> str:
    """Return the heading under which checks of one state are folded away."""
    one, many = ("check passes", "checks pass") if state == "pass" else ("had nothing to look at",) * 2
    return f"{number(lines)} {one if lines == 1 else many}"
