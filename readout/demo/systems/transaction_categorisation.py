"""Transaction categorisation: from shadow to full load as trust grows; a candidate still runs beside people."""

from readout.demo.scenario import BATCH, Incident, Kind, Release, Scenario, Stage

TRANSACTIONS = Scenario(
    id="transaction-categorisation",
    prefix="TX",
    share=0.14,
    kinds=(
        Kind("card_payment", ((-113, 0.62), (0, 0.60)), 34, 5200, 0.955, easier=0.006),
        Kind("direct_debit", ((-113, 0.24), (0, 0.25)), 30, 2100, 0.965, easier=0.012, faster=0.95),
        Kind("transfer", ((-113, 0.14), (0, 0.15)), 58, 1250, 0.93, easier=-0.02, faster=1.1),
    ),
    stages=(
        Stage(-100, "shadow", 0.0, 0.20, "accounting-lead@meridian.example", "answers beside the bookkeepers", "T-011"),
        Stage(-78, "assisted", 0.30, 0.15, "accounting-lead@meridian.example", "agreement above 85 %", "T-019"),
        Stage(-60, "partial", 0.40, 0.10, "accounting-lead@meridian.example", "agreement above 90 %", "T-026"),
        Stage(
            -40,
            "partial",
            0.70,
            0.08,
            "accounting-lead@meridian.example",
            "two quarters without a correction run",
            "T-033",
        ),
        Stage(-20, "full", 0.97, 0.04, "cfo@meridian.example", "gate passed and signed off", "T-040"),
    ),
    releases=(
        Release(-101, 7, "nw-small-0", "t1", "b1", "major", "first release, in shadow"),
        Release(-62, 7, "nw-small-1", "t2", "b2", "major", "merchant directory added"),
        Release(-22, 7, "nw-small-1", "t3", "b2", "minor", "rules for refunds"),
    ),
    incidents=(
        Incident(-49.3, 6, 240, "rollback", "new directory put fuel under travel; the one before came back"),
        Incident(-12.1, 3, 40, "outage", "nightly booking run restarted"),
    ),
    day=BATCH,
    weekend=0.5,
    growth=1.10,
    overrun=((-113, 0.0), (0, 0.0)),
    assisted=((-60.01, 1.0), (-60, 0.0), (0, 0.0)),
    accuracy=((-100, 0.84), (-78, 0.89), (-60, 0.925), (-40, 0.95), (-20, 0.965), (0, 0.971)),
    latency_p95_ms=((-100, 900), (-62, 620), (0, 520)),
    latency_sigma=0.35,
    handling_factor=((-113, 0.6), (0, 0.5)),
    input_tokens=((-100, 620), (-62, 430), (0, 360)),
    output_tokens=((-100, 22), (0, 18)),
    cache_read_tokens=120,
    escalation=((-100, 0.06), (-40, 0.02), (0, 0.012)),
    escalation_outcomes=(0.45, 0.20, 0.30, 0.05),
    wait_minutes=420,
    roles=("bookkeeper", "quality_reviewer", "bookkeeper"),
    review_seconds=16,
    escalation_seconds=45,
    provider="northwind-ai",
    shadow=((-100, 0.30), (-60, 0.15), (-20.01, 0.10), (-20, 0.60), (0, 0.60)),
)
