"""Invoice extraction: a model judges its sample; for two weeks that judge could not tell."""

from readout.demo.scenario import OFFICE, Incident, Kind, Release, Scenario, Stage

INVOICES = Scenario(
    id="invoice-extraction",
    prefix="IV",
    share=0.049,
    kinds=(
        Kind("purchase_order_invoice", ((-113, 0.66), (0, 0.66)), 150, 2500, 0.95, easier=0.01),
        Kind("free_text_invoice", ((-113, 0.26), (0, 0.26)), 290, 1000, 0.92, easier=-0.03, faster=1.3),
        Kind("credit_note", ((-113, 0.08), (0, 0.08)), 190, 310, 0.93, easier=0.0),
    ),
    stages=(
        Stage(-70, "shadow", 0.0, 0.20, "payables-lead@meridian.example", "fields beside the clerks' own", "I-031"),
        Stage(
            -55, "assisted", 0.40, 0.20, "payables-lead@meridian.example", "fields are filled in for the clerk", "I-038"
        ),
        Stage(-35, "partial", 0.50, 0.15, "payables-lead@meridian.example", "orders match", "I-045"),
        Stage(-14, "partial", 0.60, 0.15, "payables-lead@meridian.example", "free text added", "I-052"),
    ),
    releases=(
        Release(-71, 8, "nw-vision-1", "x1", "m1", "major", "first release, in shadow"),
        Release(-37, 8, "nw-vision-2", "x2", "m1", "major", "reads tables across pages"),
        Release(-11.5, 8, "nw-vision-2", "x3", "m1", "minor", "tax lines checked against the total"),
    ),
    incidents=(
        Incident(-46.1, 10, 130, "outage", "scanner share unmounted"),
        Incident(
            -4,
            0,
            14 * 24 * 60,
            "degradation",
            "the model judge answers nothing usable",
        ),
    ),
    day=OFFICE,
    weekend=0.05,
    growth=1.06,
    overrun=((-113, 0.0), (0, 0.0)),
    assisted=((-35.01, 1.0), (-35, 0.1), (0, 0.1)),
    accuracy=((-70, 0.86), (-37, 0.91), (0, 0.935)),
    latency_p95_ms=((-70, 9800), (-37, 7400), (0, 6900)),
    latency_sigma=0.4,
    handling_factor=((-70, 0.7), (-35, 0.45), (0, 0.40)),
    input_tokens=((-70, 3600), (-37, 3000), (0, 2800)),
    output_tokens=((-70, 420), (0, 360)),
    cache_read_tokens=0,
    escalation=((-70, 0.06), (0, 0.03)),
    escalation_outcomes=(0.35, 0.30, 0.30, 0.05),
    wait_minutes=520,
    roles=("payables_clerk", "quality_reviewer", "payables_clerk"),
    review_seconds=45,
    escalation_seconds=90,
    provider="northwind-ai",
    shadow=((-70, 0.4), (-55.01, 0.4), (-55, 0.0), (0, 0.0)),
    reviewer="model",
    judge_outage=(-4, 2),
)
