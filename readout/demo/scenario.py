"""What a system of the demo is like: volumes, mixes, speeds, stages, releases. Shapes only.

The stories are in these curves and steps (a curve maps weeks from the last closed week to a level; between its points
it is straight). Nothing downstream knows of them: the generator draws rows, and the pages have to find out.
"""

from dataclasses import dataclass

Curve = tuple[tuple[float, float], ...]  # (weeks from the anchor, level)


@dataclass(frozen=True)
class Kind:
    """One task type. Mixes are weights; seconds are a person's hands-on mean without AI."""

    name: str
    mix: Curve
    seconds: float
    monthly_volume: int
    baseline_accuracy: float
    easier: float = 0.0  # added to the probability that the AI is right
    faster: float = 1.0  # factor on the latency
    saving: float = 0.0  # how much more of a person's time the AI spares here than on average
    reviewable: bool = True


@dataclass(frozen=True)
class Release:
    """One version in service, from local `hour` of the day `week` weeks from the anchor on."""

    week: float
    hour: int
    model: str
    prompt: str
    routing: str
    change: str
    note: str


@dataclass(frozen=True)
class Stage:
    """A change of stage as it happened."""

    week: float
    stage: str
    load_share: float
    review_rate: float
    decided_by: str
    reason: str
    milestone: str


@dataclass(frozen=True)
class Incident:
    """An incident; while an outage or fallback lasts, most AI tasks fall back to people."""

    week: float
    hour: int
    minutes: int | None  # None = still open
    kind: str
    note: str


@dataclass(frozen=True)
class Step:
    """One model under an orchestration: every answer calls it once."""

    provider: str
    model: str
    operation: str
    tokens_in: float  # factors on the system's own numbers
    tokens_out: float
    seconds: float  # share of the answer's time


@dataclass(frozen=True)
class Scenario:
    """One system."""

    id: str
    prefix: str
    share: float  # of all tasks
    kinds: tuple[Kind, ...]
    stages: tuple[Stage, ...]
    releases: tuple[Release, ...]
    incidents: tuple[Incident, ...]
    day: tuple[float, ...]  # weight of each local hour, Monday to Friday
    weekend: float  # factor on Saturday and Sunday
    growth: float  # volume at the end against the start
    overrun: Curve  # actual AI share minus the stage's load share
    assisted: Curve  # share of the AI's tasks in which a person works along
    accuracy: Curve
    latency_p95_ms: Curve
    latency_sigma: float
    handling_factor: Curve  # a person's seconds on an assisted task against the same task without AI
    input_tokens: Curve
    output_tokens: Curve
    cache_read_tokens: float
    escalation: Curve
    escalation_outcomes: tuple[float, float, float, float]  # ai_right, ai_wrong, out_of_scope, unknown
    wait_minutes: float  # median wait for a person
    roles: tuple[str, str, str]  # who handles, who reviews, who takes escalations
    review_seconds: float
    escalation_seconds: float
    provider: str
    model_judge: float = 0.0  # share of the AI's tasks that a model judges
    downstream: float = 0.0  # share of the AI's tasks that the business proves right or wrong later
    task_cost: bool = False  # the system reports cost per task itself
    gateway: float = 0.0  # share of calls that come with the gateway's cost
    unpriced: float = 0.0  # share of calls on a model without a price
    zero_cost_week: float | None = None  # three days from here on, the gateway books many calls at 0
    handling_sigma: float = 0.45  # spread of a person's time on one task
    desk_seconds: bool = False  # the desk tool records handling seconds per task
    shadow: Curve = ()  # share of people's tasks that the AI answers beside them
    reviewer: str = "human"  # who judges the random sample: human, model
    judge_outage: tuple[float, float] | None = None  # (week, weeks) in which the model judge cannot tell
    batch_days: int | None = None  # rows arrive as a snapshot every so many days, None = as they happen
    steps: tuple[Step, ...] = ()  # several models under one orchestration, instead of the release's one
    peak_latency: float = 0.05  # how much slower answers are in the busiest hour
    peak_errors: float = 0.0  # how much less likely right in the busiest hour
    baseline: bool = True  # a before-picture was measured and signed off


OFFICE = (1, 1, 1, 1, 1, 2, 6, 16, 34, 46, 48, 44, 34, 38, 44, 42, 36, 26, 16, 11, 8, 5, 3, 2)
ALWAYS = (9, 6, 5, 4, 5, 7, 13, 20, 27, 32, 36, 40, 43, 40, 37, 36, 38, 43, 47, 48, 42, 34, 25, 15)
BATCH = (14, 14, 14, 12, 6, 4, 6, 18, 34, 38, 38, 36, 28, 34, 36, 34, 28, 20, 12, 10, 12, 14, 14, 14)
