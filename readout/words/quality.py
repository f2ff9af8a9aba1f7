"""What is said about quality beside people and under load: shares with their interval, and comparisons that hold."""

from readout.briefs.results_quality import EscalationRow, LoadRow, ReviewRow, Share
from readout.words.names import human
from readout.words.numbers import count, milliseconds, percent, plain

FEW = 30  # observations on each side: fewer say nothing about busy hours
_WIDE = 2  # percentage points: an interval that is narrower shows a decimal, or its two ends would read the same
_NAMED = 2  # task types
_MANY = 100  # tasks an hour: more carry no decimal
TOO_FEW = "too few to compare"
ALIKE = "no difference beyond chance"
NO_SHADOW = "No task of these systems was answered by AI and people both in this period."
NO_UNMEASURED = "All AI work of known review probability could have been reviewed."
NO_REVIEWS = "No AI-handled task was completed in this period."
NO_LOADS = "No task came in during this period."
NO_LINE = "no line named"
SHOW_SAMPLE = "Show the latest tasks on which they differ"
NO_DISAGREEMENT = "AI and people said the same on every task that both answered in this period."
TRACE = "open"
REASONS = {
    "": "unstated", "random": "random", "low_confidence": "low confidence", "complaint": "complaint", "audit": "audit",
    "escalated": "escalated",
}  # fmt: skip
JUDGES_SAID = {"human": "judged by people", "model": "judged by a model", "rule": "judged by rule", "": "not judged"}


def share(one: Share) -> str:
    """Return a share in digits that its n supports, or a dash."""
    return "–" if one.value is None else percent(one.value, one.n)


def share_below(one: Share) -> str:
    """Return a share's interval and n: 85–91%, n = 210."""
    if one.value is None or one.interval is None:
        return "none"
    low, high = one.interval
    decimals = 0 if (high - low) * 100 >= _WIDE else 1
    return f"{plain(low * 100, decimals)}–{plain(high * 100, decimals)}%, n = {count(one.n)}"


def reasons(row: ReviewRow) -> str:
    """Return why tasks were reviewed: 210 random, 12 complaint."""
    return ", ".join(f"{count(number)} {REASONS.get(reason, human(reason))}" for reason, number in row.reasons)


def judge_said(row: ReviewRow) -> str:
    """Return who judged, and how many could not tell."""
    said = JUDGES_SAID.get(row.judge, row.judge)
    return f"{said}; {count(row.cannot_tell)} could not tell" if row.cannot_tell else said


def outcomes(row: EscalationRow) -> str:
    """Return what escalations turned out to be, the largest part first."""
    parts = [
        (row.ai_right, "AI was right"), (row.ai_wrong, "AI was wrong"), (row.out_of_scope, "out of scope"),
        (row.unknown, "unknown"),
    ]  # fmt: skip
    told = sorted((part for part in parts if part[0]), key=lambda part: -part[0])
    return ", ".join(f"{said} {percent(number / row.escalated, row.escalated)}" for number, said in told)


def worst_types(row: EscalationRow) -> str:
    """Return the task types that escalate most."""
    worst = [one for one in row.types if one.task_type and one.escalated.value][:_NAMED]
    return ", ".join(f"{human(one.task_type)} {share(one.escalated)}" for one in worst)


def against(busy: Share, rest: Share) -> tuple[str, str]:
    """Return what the busy hours say against the rest, and its tone: only intervals that part are a difference."""
    if busy.value is None or rest.value is None or busy.interval is None or rest.interval is None:
        return "", "neutral"
    if min(busy.n, rest.n) < FEW:
        return TOO_FEW, "neutral"
    if busy.interval[1] < rest.interval[0]:
        return "lower when busy", "bad"
    if busy.interval[0] > rest.interval[1]:
        return "higher when busy", "good"
    return ALIKE, "neutral"


def latency_pair(row: LoadRow) -> str:
    """Return the mean latency in busy hours against the rest."""
    if row.busy_latency_ms is None or row.rest_latency_ms is None:
        return "–"
    return f"{milliseconds(row.busy_latency_ms)} vs {milliseconds(row.rest_latency_ms)}"


def hours_pair(row: LoadRow) -> str:
    """Return how many tasks came in per busy hour, and per other hour."""
    busy, rest = (
        "–" if number is None else plain(number, 1 if number < _MANY else 0)
        for number in (row.busy_per_hour, row.rest_per_hour)
    )
    return f"{busy} vs {rest}"


def availability(row: LoadRow) -> tuple[str, str]:
    """Return the availability against its promise: what it is, and what was promised."""
    said = "–" if row.availability is None else f"{plain(row.availability * 100, 2)}%"
    promised = "nothing promised" if row.promise is None else f"promised {plain(row.promise * 100, 2)}%"
    return said, promised


def who_was_right(ai_right: object) -> str:
    """Return who was right where AI and people differ."""
    if ai_right is None or str(ai_right) in {"<NA>", "nan", "None"}:
        return "nobody said"
    return "AI" if ai_right else "people"
