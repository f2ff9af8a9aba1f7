"""Metric declarations: one definition each, read by every page, file, command and gate. Pure; METRICS.md.

A metric is evaluated from additive sums at the grain shown: aggregate first, divide last. `Sums` are the column names
of queries/read/measures.sql and its neighbours. A value that cannot be had is None with its reason, never 0.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Number = int | float | Decimal
Sums = Mapping[str, Number]
Direction = Literal["up", "down", "none"]  # which way is good for the business

# What a need is called in a reason and how to meet it: any one of a group's columns is enough.
Need = tuple[str, ...]
COMPLETION: Need = ("tasks.completed_at",)
OUTCOME: Need = ("tasks.outcome",)
LATENCY: Need = ("tasks.latency_ms",)
HANDLING: Need = (
    "tasks.handling_seconds", "tasks.human_seconds", "human_work.seconds", "tasks.latency_ms", "model_calls.duration_ms"
)  # fmt: skip
ESCALATION: Need = ("tasks.outcome", "tasks.escalated_at")
REOPENING: Need = ("tasks.reopened_at", "human_work.activity")
VERDICTS: Need = ("verdicts.outcome",)
TOKENS_IN: Need = ("model_calls.input_tokens",)
TOKENS_OUT: Need = ("model_calls.output_tokens",)
COST: Need = ("tasks.cost_amount", "model_calls.cost_amount", "model_calls.input_tokens")


@dataclass(frozen=True)
class Metric:
    """One metric: how it is named, counted, divided, shown and which way is good."""

    name: str
    label: str
    unit: str  # tasks, share, seconds, ms, money, hours, tokens
    aggregation: Literal["count", "ratio", "mean", "percentile", "money", "unit_cost"]
    direction: Direction
    definition: str
    counted_at: str = ""
    needs: tuple[Need, ...] = ()
    numerator: str = ""
    denominator: str = ""
    empty: str = ""  # the reason where the denominator is zero
    scale: float = 1.0
    absent: str = "not recorded in this period"  # the reason where nothing was summed at all

    @property
    def excluded(self) -> str:
        """What is in neither part of the figure, in a sentence."""
        if self.name in _EXCLUDED:
            return _EXCLUDED[self.name]
        left_out = _EXCLUDED[self.denominator or self.numerator]
        return (
            f"{_UNKNOWN_COST} Not among the tasks that it is divided by: {left_out[0].lower()}{left_out[1:]}"
            if _costs(self)
            else left_out
        )


_DONE = "tasks that completed in the period"
_NOTHING_DONE = "no task completed in this period"
_NO_AI = "no AI-handled task completed in this period"
_SETTLED_AI = "tasks on AI arms, by completion, else creation"
_NO_SETTLED = "no task on an AI arm in this period"
_PEOPLE: tuple[Need, ...] = (("human_work.seconds",), ("rate_card.hourly_amount",))
_LOADED = (
    "Inference, infrastructure, people at the rate card, platform share, licences and amortised build, without idle "
    "and unallocated cost"
)
_CHARGED = (
    "charges accrue evenly over their days, shared ones are allocated by fiscal month; tasks' cost by completion, else "
    "creation"
)
_TASK_COST = "cost by the task's completion, else creation; unlinked calls by their charge date"

_SHADOW = "Tests and shadow rows"
_UNFINISHED = f"{_SHADOW}, and tasks that are open, failed or abandoned"
_UNKNOWN_COST = "Tasks and calls whose cost is unknown, and calls of judges or in shadow, which are evaluation."
_NO_MEASURE = f"{_UNFINISHED}; of those that completed, tasks without a known {{}}, or with one below zero."
_BORNE = (
    "Systems without AI work in the period, what no system bears (idle and unallocated cost), evaluation and tax; "
    "tasks and calls whose cost is unknown."
)
_COMPARED = f"{_UNFINISHED}; task types without a signed-off baseline, and those with fewer than 5 tasks now."
_REVIEWS = "reviews chosen for a complaint, an audit or an escalation; and verdicts of other judges than the one named"
# By metric, else by the sum below the line, else by that above it.
_EXCLUDED = {
    "attempted": f"{_SHADOW}.",
    "completed": f"{_UNFINISHED}.",
    "completed_ai": f"{_UNFINISHED}; tasks completed by people alone.",
    "accepted": f"{_UNFINISHED}; outcomes other than resolved; tasks reopened or corrected within the settle days.",
    "settled_ai": f"{_SHADOW}, and tasks worked by people alone.",
    "handling_n": _NO_MEASURE.format("handling time"),
    "cycle_n": _NO_MEASURE.format("cycle time"),
    "latency_n": _NO_MEASURE.format("latency"),
    "accuracy_weight": f"{_UNFINISHED}; people's own work; verdicts that could not tell; {_REVIEWS}.",
    "accuracy_n": f"{_UNFINISHED}; people's own work; verdicts that could not tell; {_REVIEWS}.",
    "agreement_weight": f"Tests; comparisons that could not tell; {_REVIEWS}.",
    "review_due": f"{_UNFINISHED}, and tasks of which no review was due; {_REVIEWS}.",
    "review_prob_known": f"{_UNFINISHED}; people's own work; tasks without a stated review probability.",
    "period_seconds": "Time after as-of; degradations, fallbacks and rollbacks, which are no outage.",
    "input_tokens": "Calls of tests, of judges and in shadow; cached tokens.",
    "output_tokens": "Calls of tests, of judges and in shadow.",
    "cost": _UNKNOWN_COST,
    "fully_loaded_cost": _BORNE,
    "direct_cost_per_accepted_task": _BORNE,
    "direct_people_cost_per_accepted_task": _BORNE,
    "fully_loaded_cost_per_accepted_task": _BORNE,
    "net_cost_per_accepted_task": _BORNE,
    "handling_reduction": _COMPARED,
    "hours_returned": _COMPARED,
}


def _costs(metric: Metric) -> bool:
    return metric.unit == "money" and bool(metric.denominator)


_ALL = (
    Metric(
        "tasks_attempted", "Tasks attempted", "tasks", "count", "none",
        "Tasks created in the period. Tests and shadow rows are left out.", "created_at",
        numerator="attempted",
    ),
    Metric(
        "throughput", "Throughput", "tasks", "count", "up",
        "Tasks completed in the period, by AI and people together. Tests and shadow rows are left out.", "completed_at",
        (COMPLETION,), "completed",
    ),
    Metric(
        "ai_throughput", "AI-handled tasks", "tasks", "count", "up",
        "Tasks completed on an AI arm (alone or assisted). Shadow rows are left out.", "completed_at",
        (COMPLETION,), "completed_ai",
    ),
    Metric(
        "accepted_tasks", "Accepted tasks", "tasks", "count", "up",
        "Completed, resolved, and neither reopened nor corrected within the settle days after completion. The period "
        "is to date for this figure until those days have passed.", "completed_at",
        (COMPLETION, OUTCOME), "accepted",
    ),
    Metric(
        "ai_share", "AI-handled share", "share", "ratio", "up",
        "Tasks completed on an AI arm, divided by all completed tasks.", "completed_at",
        (COMPLETION,), "completed_ai", "completed", _NOTHING_DONE,
    ),
    Metric(
        "autonomy_share", "Autonomy share", "share", "ratio", "up",
        "Tasks completed by AI alone without any human minutes, divided by all completed tasks.", "completed_at",
        (COMPLETION,), "autonomous", "completed", _NOTHING_DONE,
    ),
    Metric(
        "handling_seconds_mean", "Handling time, mean", "seconds", "mean", "down",
        "Hands-on seconds of AI and people on the task; review, escalation and rework included. Waiting is not in it.",
        "completed_at", (COMPLETION, HANDLING), "handling_us", "handling_n",
        "no completed task has a handling time in this period", 1e-6,
    ),
    Metric(
        "cycle_seconds_mean", "Cycle time, mean", "seconds", "mean", "down",
        "Completion minus creation, waiting included. Never called handling time.", "completed_at",
        (COMPLETION,), "cycle_us", "cycle_n", _NOTHING_DONE, 1e-6,
    ),
    *(
        Metric(
            f"{name}_p{p}", f"{label}, p{p}", unit, "percentile", "down",
            f"{text} {p} % of {_DONE} took no longer (nearest rank, from a histogram with at most 1 % relative error).",
            "completed_at", (COMPLETION, need), numerator=f"{source}_p{p}", denominator=f"{source}_n",
            empty=empty, scale=scale,
        )
        for name, label, unit, source, need, scale, ranks, text, empty in (
            ("handling_seconds", "Handling time", "seconds", "handling", HANDLING, 1e-6, (50, 95),
             "Hands-on seconds of AI and people.", "no completed task has a handling time in this period"),
            ("cycle_seconds", "Cycle time", "seconds", "cycle", COMPLETION, 1e-6, (50, 95),
             "Completion minus creation, waiting included.", _NOTHING_DONE),
            ("latency_ms", "Latency", "ms", "latency", LATENCY, 1e-3, (50, 95, 99),
             "AI response time.", "no completed task has a latency in this period"),
        )
        for p in ranks
    ),
    Metric(
        "accuracy", "Accuracy", "share", "ratio", "up",
        "Weighted share of judged tasks found correct, weight 1 / sampling probability; random or unstated review "
        "reasons only; one judge (people where there are any, else rules, else models); AI arms.",
        "completed_at of the task",
        (COMPLETION, VERDICTS), "accuracy_correct", "accuracy_weight", "no task was reviewed in this period",
    ),
    Metric(
        "reviewed", "Tasks reviewed", "tasks", "count", "up",
        "Judged tasks behind the accuracy: the verdict is true or false.", "completed_at of the task",
        (COMPLETION, VERDICTS), "accuracy_n",
    ),
    Metric(
        "agreement", "Agreement with people", "share", "ratio", "up",
        "Weighted share of the tasks that AI and people both answered, in shadow or assisted, on which the AI equals "
        "the person.", "completed_at of the AI's row",
        (COMPLETION, VERDICTS), "agreement_correct", "agreement_weight",
        "no task was answered by AI and people both in this period",
    ),
    Metric(
        "availability", "Availability", "share", "ratio", "up",
        "1 − minutes of outage / minutes of the period up to as-of. Outages that overlap count once, open ones run on.",
        "the incident's own time", (("incidents.started_at",),), "up_seconds", "period_seconds",
        "nothing of this period has passed yet",
    ),
    Metric(
        "escalation_rate", "Escalation rate", "share", "ratio", "down",
        "AI-handled tasks that were escalated, divided by AI-handled tasks.", "completed_at",
        (COMPLETION, ESCALATION), "escalated_ai", "completed_ai", _NO_AI,
    ),
    Metric(
        "fallback_rate", "Fallback rate", "share", "ratio", "down",
        "Tasks on AI arms whose outcome is fallback, divided by tasks on AI arms.", _SETTLED_AI,
        (OUTCOME,), "fallback_ai", "settled_ai", _NO_SETTLED,
    ),
    Metric(
        "failure_rate", "Failure rate", "share", "ratio", "down",
        "Tasks on AI arms whose outcome is failed, divided by tasks on AI arms.", _SETTLED_AI,
        (OUTCOME,), "failed_ai", "settled_ai", _NO_SETTLED,
    ),
    Metric(
        "reopen_rate", "Reopen rate", "share", "ratio", "down",
        "Completed tasks that were reopened, or corrected after closing (a rework row or a false downstream verdict), "
        "divided by completed tasks.", "completed_at",
        (COMPLETION, REOPENING), "reopened", "completed", _NOTHING_DONE,
    ),
    Metric(
        "review_coverage", "Review coverage", "share", "ratio", "up",
        "Judged tasks divided by tasks due for review.", "completed_at",
        (COMPLETION, VERDICTS, ("tasks.review_due",)), "accuracy_judged", "review_due",
        "no review was due in this period",
    ),
    Metric(
        "unmeasured_share", "Unmeasured work", "share", "ratio", "down",
        "AI-completed tasks that could never be reviewed (review probability 0), divided by AI-completed tasks with a "
        "stated probability.", "completed_at",
        (COMPLETION, ("tasks.review_prob",)), "review_prob_zero", "review_prob_known", _NO_AI,
    ),
    Metric(
        "input_tokens", "Input tokens", "tokens", "count", "none",
        "Input tokens of serving calls and their retries; cached tokens are a class of their own.", "call start",
        (TOKENS_IN,), "input_tokens",
    ),
    Metric(
        "output_tokens", "Output tokens", "tokens", "count", "none",
        "Output tokens of serving calls and their retries.", "call start",
        (TOKENS_OUT,), "output_tokens",
    ),
    Metric(
        "cost_total", "Inference cost", "money", "money", "down",
        "Cost of serving calls and their retries: as recorded on the task, else the sum of its calls, else tokens at "
        "the price of that day. Calls tied to no task are included.", _TASK_COST,
        (COST,), "cost",
    ),
    Metric(
        "cost_per_task", "Inference cost per task", "money", "unit_cost", "down",
        "Inference cost divided by tasks attempted.", _TASK_COST,
        (COST,), "cost", "attempted", "no task was attempted in this period",
    ),
    Metric(
        "cost_per_accepted_task", "Inference cost per accepted task", "money", "unit_cost", "down",
        "Inference cost divided by accepted tasks.", _TASK_COST,
        (COST, COMPLETION, OUTCOME), "cost", "accepted", "no task was accepted in this period",
    ),
    Metric(
        "with_people_cost_per_accepted_task", "Cost per accepted task, inference and people",
        "money", "unit_cost", "down",
        "Inference cost plus people's handling, review, escalation and rework at the rate card, divided by accepted "
        "tasks. Infrastructure, platform share, licences and build are not in it.", _TASK_COST,
        (COST, COMPLETION, OUTCOME, *_PEOPLE), "with_people_cost", "accepted",
        "no task was accepted in this period",
    ),
    *(
        Metric(
            name, label, "money", "unit_cost", "down", f"{text} Divided by accepted tasks.", _CHARGED,
            (COST, COMPLETION, OUTCOME, *needs, ("costs.effective_cost",)), name.removesuffix("_per_accepted_task"),
            "accepted", "no task was accepted in this period", absent="charges have day grain",
        )
        for name, label, text, needs in (
            ("direct_cost_per_accepted_task", "Direct AI cost per accepted task",
             "Inference, infrastructure and reserved capacity.", ()),
            ("direct_people_cost_per_accepted_task", "Direct AI and people's cost per accepted task",
             "Inference, infrastructure, reserved capacity, and people's work at the rate card.", _PEOPLE),
            ("fully_loaded_cost_per_accepted_task", "Fully loaded cost per accepted task",
             f"{_LOADED}, before credits.", _PEOPLE),
            ("net_cost_per_accepted_task", "Cost per accepted task, net of credits",
             "Fully loaded cost less credits.", _PEOPLE),
        )
    ),
    Metric(
        "fully_loaded_cost", "Fully loaded cost", "money", "money", "none",
        f"{_LOADED}, of the systems that carry load, before credits.", _CHARGED,
        (COST, *_PEOPLE, ("costs.effective_cost",)), "fully_loaded_cost", absent="charges have day grain",
    ),
    Metric(
        "cost_coverage", "Cost coverage", "share", "ratio", "up",
        "Tasks on AI arms whose cost is known, divided by tasks on AI arms. Zero cost beside tokens is unknown.",
        _SETTLED_AI, (), "cost_known_ai", "settled_ai", _NO_SETTLED,
    ),
    Metric(
        "handling_reduction", "Handling-time reduction", "share", "ratio", "up",
        "1 − handling time / baseline, mix-adjusted: the baseline's monthly volume per task type weighs both sides. "
        "Task types with fewer than 5 tasks now leave both sides.", "completed_at",
        (COMPLETION, HANDLING, ("baselines.value",)),
    ),
    Metric(
        "hours_returned", "Hours returned", "hours", "count", "up",
        "(Baseline − handling time) × claimable tasks, per task type; claimable = the smaller of the baseline's demand "
        "and the tasks now. Hours of capacity, not money.", "completed_at",
        (COMPLETION, HANDLING, ("baselines.value",)),
    ),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}

FIXES = {
    "tasks.completed_at": "write tasks.completed_at when a task is finished",
    "tasks.outcome": "write tasks.outcome (resolved, escalated, fallback, failed)",
    "tasks.latency_ms": "write tasks.latency_ms, the AI response time in milliseconds",
    "tasks.handling_seconds": "write tasks.handling_seconds, or human_work rows beside the AI's latency",
    "tasks.reopened_at": "write tasks.reopened_at, or rework rows in human_work",
    "tasks.review_due": "write tasks.review_due where a review was planned",
    "tasks.review_prob": "write tasks.review_prob, the chance that the task is reviewed",
    "verdicts.outcome": "load verdicts: judgements of a sample of tasks",
    "model_calls.input_tokens": "load model_calls with input_tokens",
    "model_calls.output_tokens": "load model_calls with output_tokens",
    "tasks.cost_amount": "write tasks.cost_amount, or load model_calls and prices",
    "human_work.seconds": "load human_work: people's seconds per task and activity",
    "rate_card.hourly_amount": "load rate_card: the hourly amount of each role",
    "incidents.started_at": "load incidents: outages and what else happened, with start and end",
    "baselines.value": "load baselines: the signed-off before-picture per task type",
    "costs.effective_cost": "load costs: infrastructure, platform share, licences and build",
}


def fix_for(need: Need) -> str:
    """Return what would make a need recorded, in a sentence without a full stop."""
    return FIXES[need[0]]


def missing_need(metric: Metric, recorded: Collection[str]) -> Need | None:
    """Return the first need of which no column was ever recorded (`table.column` names), None where all are met."""
    for need in metric.needs:
        if not any(column in recorded for column in need):
            return need
    return None


@dataclass(frozen=True)
class Value:
    """A metric's value, or None with the reason."""

    value: Number | None
    reason: str = ""


def evaluate(metric: Metric, sums: Sums, recorded: Collection[str]) -> Value:
    """Return the metric at the grain of the sums.

    Counts of a recorded thing may be 0; a ratio of 0 / 0 is not measurable, and says why. Money stays Decimal.
    """
    need = missing_need(metric, recorded)
    if need:
        return Value(None, f"not recorded: {' or '.join(need[:2])}")
    if metric.numerator not in sums:
        return Value(None, metric.absent)
    top = sums[metric.numerator]
    if not metric.denominator:
        return Value(top)
    bottom = sums[metric.denominator]
    if not bottom:
        return Value(None, metric.empty)
    if metric.aggregation == "percentile":
        return Value(float(top) * metric.scale)
    if isinstance(top, Decimal):
        return Value(top / Decimal(bottom))
    return Value(float(top) / float(bottom) * metric.scale)


# Cost figures have one more way to be unknown: tasks or calls without any known cost.
def evaluate_cost(metric: Metric, sums: Sums, recorded: Collection[str]) -> Value:
    """As `evaluate`, and unknown where no task and no call in the period has a known cost.

    Reasons follow METRICS rule 3: zero cost beside non-zero tokens is unknown, never 0.
    """
    found = evaluate(metric, sums, recorded)
    if found.value is None or sums["costs_known"]:
        return found
    if sums["costs_wanted"]:
        return Value(None, "cost unknown: no price for the model and day, and no recorded amount")
    return Value(None, _NO_SETTLED)
