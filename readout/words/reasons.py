"""Why there is no number. A missing value never becomes 0: it becomes its reason."""

NOT_MEASURABLE = "not measurable yet"
# What a missing column is called on pages that leaders read; Data health names the column itself.
RECORDS = {
    "tasks.completed_at": "completion times",
    "tasks.outcome": "outcomes",
    "tasks.escalated_at": "escalations",
    "tasks.latency_ms": "AI response times",
    "tasks.handling_seconds": "handling times",
    "tasks.human_seconds": "people's times",
    "human_work.seconds": "people's times",
    "human_work.activity": "rework",
    "model_calls.duration_ms": "AI call times",
    "tasks.reopened_at": "reopenings",
    "tasks.review_due": "planned reviews",
    "tasks.review_prob": "review probabilities",
    "verdicts.outcome": "reviews",
    "model_calls.input_tokens": "input tokens",
    "model_calls.output_tokens": "output tokens",
    "model_calls.cost_amount": "call costs",
    "tasks.cost_amount": "costs",
    "prices.price": "prices",
    "rate_card.hourly_amount": "the rate card",
    "baselines.value": "a signed-off baseline",
    "incidents.started_at": "incidents",
    "costs.effective_cost": "infrastructure, platform and build costs",
}
_NOT_RECORDED = "not recorded: "


def reason(text: str) -> str:
    """Return a reason without column names: `not recorded: tasks.outcome` becomes outcomes are not recorded."""
    if not text:
        return NOT_MEASURABLE
    if not text.startswith(_NOT_RECORDED):
        return text
    names = dict.fromkeys(RECORDS.get(name.strip(), name.strip()) for name in text[len(_NOT_RECORDED) :].split(" or "))
    return f"not recorded: {' or '.join(names)}"


def not_measurable(text: str) -> str:
    """Return why a whole row has no number: not measurable yet: prices are not recorded."""
    said = reason(text)
    return said if said == NOT_MEASURABLE else f"{NOT_MEASURABLE}: {said}"
