"""What the demo's four systems are like: volumes, mixes, speeds, stages, releases, prices. Numbers only, no results.

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


OFFICE = (1, 1, 1, 1, 1, 2, 6, 16, 34, 46, 48, 44, 34, 38, 44, 42, 36, 26, 16, 11, 8, 5, 3, 2)
ALWAYS = (9, 6, 5, 4, 5, 7, 13, 20, 27, 32, 36, 40, 43, 40, 37, 36, 38, 43, 47, 48, 42, 34, 25, 15)
BATCH = (14, 14, 14, 12, 6, 4, 6, 18, 34, 38, 38, 36, 28, 34, 36, 34, 28, 20, 12, 10, 12, 14, 14, 14)

ROUTING = Scenario(
    id="routing-engine",
    prefix="RT",
    share=0.32,
    kinds=(
        Kind("billing", ((-30, 0.30), (0, 0.29)), 66, 3600, 0.83, easier=0.02),
        Kind("technical", ((-30, 0.33), (0, 0.36)), 92, 4100, 0.78, easier=-0.025, faster=1.06),
        Kind("account", ((-30, 0.25), (0, 0.24)), 70, 3000, 0.84, easier=0.01, faster=0.95),
        Kind("auto_reply", ((-30, 0.12), (0, 0.11)), 35, 1400, 0.97, easier=0.05, faster=0.9, reviewable=False),
    ),
    stages=(
        Stage(-32, "partial", 0.50, 0.16, "front-desk-lead@meridian.example", "nine weeks in shadow agreed", "R-101"),
        Stage(-15, "partial", 0.70, 0.12, "front-desk-lead@meridian.example", "stable since spring", "R-108"),
    ),
    releases=(
        Release(-33, 9, "nw-small-1", "p7", "q42-a", "major", "first release in service"),
        Release(-12.3, 11, "nw-small-1", "p8", "q42-a", "minor", "shorter prompt for language detection"),
        Release(-3, 0, "nw-large-2", "p9", "q42-b", "major", "larger model, priority rules moved into the classifier"),
    ),
    incidents=(Incident(-8.4, 13, 65, "fallback", "queue lookup timed out; tickets went to the front desk"),),
    day=OFFICE,
    weekend=0.42,
    growth=1.14,
    overrun=((-30, 0.0), (-9, 0.0), (-4, 0.045), (0, 0.05)),
    assisted=((-30, 0.0), (0, 0.0)),
    accuracy=((-30, 0.785), (-22, 0.815), (-14, 0.832), (-3.001, 0.836), (-3, 0.889), (0, 0.893)),
    latency_p95_ms=((-30, 352), (-20, 331), (-12, 312), (-3.001, 306), (-3, 263), (0, 259)),
    latency_sigma=0.42,
    handling_factor=((-30, 1.0), (0, 1.0)),
    input_tokens=((-30, 640), (-12.23, 630), (-12.22, 520), (0, 520)),
    output_tokens=((-30, 46), (0, 44)),
    cache_read_tokens=260,
    escalation=((-30, 0.052), (-3.001, 0.044), (-3, 0.033), (0, 0.031)),
    escalation_outcomes=(0.38, 0.30, 0.27, 0.05),
    wait_minutes=34,
    roles=("front_desk_agent", "quality_reviewer", "front_desk_agent"),
    review_seconds=24,
    escalation_seconds=80,
    provider="northwind-ai",
    zero_cost_week=-9.7,
)

TIER_ONE = Scenario(
    id="tier-one-support",
    prefix="TS",
    share=0.10,
    kinds=(
        Kind("password_reset", ((-30, 0.31), (0, 0.24)), 190, 1250, 0.97, easier=0.03, faster=0.85, saving=0.08),
        Kind("order_status", ((-30, 0.30), (0, 0.28)), 270, 1200, 0.95, easier=0.015, faster=0.9, saving=0.04),
        Kind("returns", ((-30, 0.24), (0, 0.27)), 410, 980, 0.91, easier=-0.01, faster=1.05),
        Kind("technical_fault", ((-30, 0.15), (0, 0.21)), 720, 620, 0.86, easier=-0.04, faster=1.25, saving=-0.03),
    ),
    stages=(
        Stage(-32, "assisted", 0.50, 0.060, "first-level-manager@meridian.example", "shadow agreed", "R-104"),
        Stage(-15, "assisted", 0.85, 0.060, "first-level-manager@meridian.example", "all teams trained", "R-112"),
    ),
    releases=(
        Release(-33, 9, "nw-large-2", "a3", "kb-1", "major", "first release in service"),
        Release(-16.6, 10, "nw-large-2", "a4", "kb-2", "major", "knowledge base re-indexed"),
        Release(-6.4, 10, "nw-large-2", "a5", "kb-2", "minor", "drafts keep the customer's language"),
    ),
    incidents=(Incident(-19.6, 10, 95, "outage", "draft service unreachable after a certificate expired"),),
    day=OFFICE,
    weekend=0.28,
    growth=1.06,
    overrun=((-30, -0.06), (-15.001, -0.01), (-15, -0.09), (-9, 0.01), (0, 0.02)),
    assisted=((-30, 1.0), (0, 1.0)),
    accuracy=((-30, 0.865), (-16, 0.90), (-6, 0.925), (0, 0.93)),
    latency_p95_ms=((-30, 4900), (-16, 4300), (0, 4100)),
    latency_sigma=0.48,
    handling_factor=((-30, 0.85), (-16.6, 0.80), (-15, 0.70), (-8, 0.605), (-3, 0.58), (0, 0.575)),
    input_tokens=((-30, 3100), (-16.52, 3050), (-16.51, 2700), (0, 2650)),
    output_tokens=((-30, 310), (0, 285)),
    cache_read_tokens=900,
    escalation=((-30, 0.062), (0, 0.048)),
    escalation_outcomes=(0.30, 0.36, 0.29, 0.05),
    wait_minutes=145,
    roles=("support_agent", "quality_reviewer", "senior_agent"),
    review_seconds=95,
    escalation_seconds=150,
    provider="northwind-ai",
    gateway=0.3,
    unpriced=0.02,
    handling_sigma=0.36,
    desk_seconds=True,
)

LABELLING = Scenario(
    id="data-labelling",
    prefix="DL",
    share=0.27,
    kinds=(
        Kind("image_tag", ((-30, 0.46), (0, 0.44)), 38, 4900, 0.93, easier=0.012),
        Kind("text_class", ((-30, 0.35), (0, 0.35)), 52, 3900, 0.92, easier=0.0, faster=0.9),
        Kind("entity_span", ((-30, 0.19), (0, 0.21)), 98, 2200, 0.88, easier=-0.028, faster=1.3),
    ),
    stages=(
        Stage(-36, "partial", 0.70, 0.10, "labelling-lead@meridian.example", "agreement above people's own", "D-021"),
        Stage(-19, "partial", 0.80, 0.10, "labelling-lead@meridian.example", "confidence calibrated", "D-030"),
        Stage(-6, "partial", 0.90, 0.10, "labelling-lead@meridian.example", "cost plan of the fourth quarter", "D-037"),
    ),
    releases=(
        Release(-37, 9, "nw-vision-2", "l11", "c1", "major", "first release in service"),
        Release(-21.5, 14, "nw-vision-2", "l12", "c1", "minor", "guideline shortened to the cases that occur"),
        Release(-9.4, 14, "nw-vision-2", "l13", "c2", "major", "examples chosen per item instead of a fixed set"),
    ),
    incidents=(Incident(-25.3, 22, 140, "degradation", "provider answered slowly overnight"),),
    day=BATCH,
    weekend=0.55,
    growth=1.22,
    overrun=((-30, 0.0), (-6, 0.0), (-3, 0.014), (0, 0.018)),
    assisted=((-30, 0.24), (-19, 0.20), (-6, 0.15), (0, 0.14)),
    accuracy=((-30, 0.925), (-9.35, 0.938), (-9.34, 0.948), (0, 0.951)),
    latency_p95_ms=((-30, 2100), (-9.35, 1950), (-9.34, 1650), (0, 1600)),
    latency_sigma=0.45,
    handling_factor=((-30, 0.30), (0, 0.24)),
    input_tokens=((-30, 1420), (-21.35, 1400), (-21.34, 1180), (-9.35, 1160), (-9.34, 900), (0, 880)),
    output_tokens=((-30, 215), (-21.5, 210), (-9.4, 172), (0, 170)),
    cache_read_tokens=0,
    escalation=((-30, 0.022), (0, 0.014)),
    escalation_outcomes=(0.35, 0.33, 0.27, 0.05),
    wait_minutes=260,
    roles=("labeller", "quality_reviewer", "labeller"),
    review_seconds=22,
    escalation_seconds=60,
    provider="northwind-ai",
    model_judge=0.20,
)

PAYMENT = Scenario(
    id="payment-risk",
    prefix="PR",
    share=0.31,
    kinds=(
        Kind("card", ((-30, 0.56), (0, 0.53)), 160, 6200, 0.93, easier=0.005),
        Kind("transfer", ((-30, 0.29), (0, 0.29)), 230, 3300, 0.91, easier=-0.008, faster=1.05),
        Kind("wallet", ((-30, 0.15), (0, 0.18)), 140, 1700, 0.93, easier=-0.003, faster=0.95),
    ),
    stages=(
        Stage(-35, "partial", 0.90, 0.06, "fraud-operations@meridian.example", "parallel run signed off", "P-051"),
        Stage(-17, "partial", 0.95, 0.06, "fraud-operations@meridian.example", "analysts on held payments", "P-064"),
    ),
    releases=(
        Release(-36, 6, "km-risk-1", "s4", "h2", "major", "first release in service"),
        Release(-8, 6, "km-risk-1", "s5", "h2", "minor", "thresholds recalibrated on the summer's chargebacks"),
        Release(-2.86, 10, "km-risk-2", "s6", "h3", "major", "new model with account history in the features"),
    ),
    incidents=(
        Incident(-23.1, 2, 25, "outage", "feature store restarted"),
        Incident(-2.86, 13, None, "degradation", "answers slower since the release of the morning; hub times out"),
    ),
    day=ALWAYS,
    weekend=0.86,
    growth=1.10,
    overrun=((-30, 0.0), (0, 0.0)),
    assisted=((-30, 0.0), (0, 0.0)),
    accuracy=((-30, 0.935), (-8.001, 0.942), (-8, 0.964), (0, 0.966)),
    latency_p95_ms=((-30, 121), (-10, 117), (-2.80, 118), (-2.799, 187), (0, 193)),
    latency_sigma=0.38,
    handling_factor=((-30, 1.0), (0, 1.0)),
    input_tokens=((-30, 410), (-2.80, 410), (-2.799, 690), (0, 690)),
    output_tokens=((-30, 12), (0, 12)),
    cache_read_tokens=0,
    escalation=((-30, 0.028), (0, 0.024)),
    escalation_outcomes=(0.44, 0.21, 0.30, 0.05),
    wait_minutes=18,
    roles=("risk_analyst", "quality_reviewer", "risk_analyst"),
    review_seconds=60,
    escalation_seconds=140,
    provider="kestrel-models",
    downstream=0.08,
    task_cost=True,
)

SYSTEMS = (ROUTING, TIER_ONE, LABELLING, PAYMENT)

# EUR per 1,000,000 tokens: (provider, model, weeks from the anchor, input, output, cache_read). A later row replaces
# the earlier one from its day on; the cut falls on the first day of the month.
PRICES = (
    ("northwind-ai", "nw-small-1", -60, "0.80", "3.20", "0.08"),
    ("northwind-ai", "nw-large-2", -60, "2.50", "10.00", "0.25"),
    ("northwind-ai", "nw-vision-2", -60, "6.00", "18.00", "0.60"),
    ("northwind-ai", "nw-vision-2", -13, "4.50", "13.50", "0.45"),
    ("northwind-ai", "nw-judge-1", -60, "1.10", "4.40", "0.11"),
    ("kestrel-models", "km-risk-1", -60, "0.40", "1.60", "0.04"),
    ("kestrel-models", "km-risk-2", -10, "0.55", "2.20", "0.06"),
)
JUDGE = ("northwind-ai", "nw-judge-1")
UNPRICED_MODEL = "nw-preview-3"

# EUR per hour, loaded: (role, weeks from the anchor, amount); the agents' raise falls on the first day of a month
RATES = (
    ("front_desk_agent", -80, "31.50"),
    ("support_agent", -80, "34.00"),
    ("support_agent", -18, "34.80"),
    ("senior_agent", -80, "46.00"),
    ("labeller", -80, "27.00"),
    ("quality_reviewer", -80, "38.50"),
    ("risk_analyst", -80, "52.00"),
)
